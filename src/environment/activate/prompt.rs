//! Names for prompts, which shells expand each time they show them: written so that nothing in a name is.

/// bash decodes its own backslashes first, then expands like a double-quoted string. What would expand is written by
/// its number, which other shells that inherit an exported prompt do not decode.
pub(super) fn bash(name: &str) -> String {
    let code = name.replace('\\', "\\\\\\\\");
    code.replace('$', "\\\\\\044").replace('`', "\\\\\\140")
}

/// tcsh has `%` for its sequences, `!` for the number of the command, and backslash and `^` for characters.
pub(super) fn csh(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for character in name.chars() {
        text.push_str(match character {
            '%' => "%",
            '!' | '\\' | '^' => "\\",
            _ => "",
        });
        text.push(character);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_shell_has_its_own_characters() {
        let name = r"a\b$c`d!e%f^'";
        assert_eq!(bash(name), r"a\\\\b\\\044c\\\140d!e%f^'");
        assert_eq!(csh(name), r"a\\b$c`d\!e%%f\^'");
    }
}
