//! Options written in one variable, split as a shell would split them. Pure.

/// The words of `text`: blanks separate, quotes and backslashes join.
pub(super) fn split(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match (quote, letter) {
            (None, '\'' | '"') => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (Some(open), _) if letter == open => quote = None,
            (None | Some('"'), '\\') => {
                word.get_or_insert_default().push(letters.next().unwrap_or('\\'));
            }
            (None, _) if letter.is_whitespace() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn words_are_split_as_a_shell_splits_them() {
        let cases: [(&str, &[&str]); 6] = [
            ("", &[]),
            ("  --a  --b=c\n", &["--a", "--b=c"]),
            ("--with-cflags='-O2 -g' x", &["--with-cflags=-O2 -g", "x"]),
            ("\"a 'b'\" c\\ d", &["a 'b'", "c d"]),
            ("'' x", &["", "x"]),
            ("'open", &["open"]),
        ];
        for (text, words) in cases {
            assert_eq!(split(text), words, "{text}");
        }
    }
}
