//! Script templates: sections headed by a line `#: name`, comments left out of what is printed, and
//! `@names@` filled in one pass, so that a value is never searched for names again.

/// Appends a section, from the first of `templates` that has it, with `values` filled in.
pub(super) fn write(
    templates: &[&str],
    name: &str,
    values: &[(&str, Vec<u8>)],
    into: &mut Vec<u8>,
) {
    for template in templates {
        let before = into.len();
        for line in section(template, name) {
            fill(line, values, into);
        }
        if into.len() > before {
            return;
        }
    }
}

/// A section of one line, without its line break; empty when no template has it.
pub(super) fn one_line<'a>(templates: &[&'a str], name: &str) -> &'a str {
    templates.iter().find_map(|template| section(template, name).next()).unwrap_or_default()
}

/// The lines of one section; none when the template has no such section.
fn section<'a>(template: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    let mut inside = false;
    template.lines().filter(move |line| {
        if let Some(heading) = line.strip_prefix("#: ") {
            inside = heading == name;
            return false;
        }
        inside && !line.trim_start().starts_with('#') && !line.trim().is_empty()
    })
}

/// Writes `line` with every `@name@` that `values` knows replaced.
fn fill(line: &str, values: &[(&str, Vec<u8>)], into: &mut Vec<u8>) {
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('@') {
        into.extend_from_slice(before.as_bytes());
        let known = after.split_once('@').and_then(|(name, tail)| {
            let (_, value) = values.iter().find(|(known, _)| *known == name)?;
            Some((value, tail))
        });
        rest = if let Some((value, tail)) = known {
            into.extend_from_slice(value);
            tail
        } else {
            into.push(b'@');
            after
        };
    }
    into.extend_from_slice(rest.as_bytes());
    into.push(b'\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_is_its_lines_without_comments() {
        let template = "#: a\none\n# told\n\n  two\n#: b\nthree\n";
        assert_eq!(section(template, "a").collect::<Vec<_>>(), ["one", "  two"]);
        assert_eq!(section(template, "b").collect::<Vec<_>>(), ["three"]);
        assert_eq!(section(template, "c").count(), 0);
    }

    #[test]
    fn a_value_that_looks_like_a_name_stays_data() {
        let mut text = Vec::new();
        let values = [("root", b"@shims@".to_vec()), ("shims", b"no".to_vec())];
        fill("x @root@ \"$@\" @other@ @shims@", &values, &mut text);
        assert_eq!(text, b"x @shims@ \"$@\" @other@ no\n");
    }
}
