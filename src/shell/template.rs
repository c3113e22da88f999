//! Script templates: sections headed by a line `#: name`, comments left out of what is printed, and
//! `@names@` filled in one pass, so that a value is never searched for names again.

use crate::quote::fill;

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
            into.push(b'\n');
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

/// A whole script, without its comments.
pub(super) fn whole(script: &str) -> Vec<u8> {
    let mut code = Vec::with_capacity(script.len());
    for line in script.lines().filter(|line| says_something(line)) {
        code.extend_from_slice(line.as_bytes());
        code.push(b'\n');
    }
    code
}

/// The lines of one section; none when the template has no such section.
fn section<'a>(template: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    let mut inside = false;
    template.lines().filter(move |line| {
        if let Some(heading) = line.strip_prefix("#: ") {
            inside = heading == name;
            return false;
        }
        inside && says_something(line)
    })
}

/// Whether a line is neither a comment nor blank.
fn says_something(line: &str) -> bool {
    let line = line.trim_start();
    !line.is_empty() && !line.starts_with('#')
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
}
