//! Templates: text with `@names@`, filled in one pass, so that a value is never searched for names again.

/// Appends `text` with every `@name@` that `values` knows replaced.
pub(crate) fn fill(text: &str, values: &[(&str, Vec<u8>)], into: &mut Vec<u8>) {
    let mut rest = text;
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_looks_like_a_name_stays_data() {
        let mut text = Vec::new();
        let values = [("root", b"@shims@".to_vec()), ("shims", b"no".to_vec())];
        fill("x @root@ \"$@\" @other@ @shims@", &values, &mut text);
        assert_eq!(text, b"x @shims@ \"$@\" @other@ no");
    }
}
