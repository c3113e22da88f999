//! Names for prompts, which shells expand each time they show them: written so that nothing in a name is.

/// bash decodes its own backslashes first, then expands like a double-quoted string. What would expand is written by
/// its number, which other shells that inherit an exported prompt do not decode.
pub(super) fn bash(name: &str) -> String {
    let code = name.replace('\\', "\\\\\\\\");
    code.replace('$', "\\\\\\044").replace('`', "\\\\\\140")
}

/// ksh93 expands like words of a command, quotes and all; a `!` is the number of the command, two are one.
pub(super) fn ksh(name: &str) -> String {
    escaped(name, |character| match character {
        '\\' | '$' | '`' | '\'' | '"' => "\\",
        '!' => "!",
        _ => "",
    })
}

/// mksh expands like a double-quoted string, with the same `!`.
pub(super) fn mksh(name: &str) -> String {
    escaped(name, |character| match character {
        '\\' | '$' | '`' => "\\",
        '!' => "!",
        _ => "",
    })
}

/// tcsh has `%` for its sequences, `!` for the number of the command, and backslash and `^` for characters.
pub(super) fn csh(name: &str) -> String {
    escaped(name, |character| match character {
        '%' => "%",
        '!' | '\\' | '^' => "\\",
        _ => "",
    })
}

fn escaped(name: &str, before: impl Fn(char) -> &'static str) -> String {
    let mut text = String::with_capacity(name.len());
    for character in name.chars() {
        text.push_str(before(character));
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
        assert_eq!(ksh(name), r"a\\b\$c\`d!!e%f^\'");
        assert_eq!(mksh(name), r"a\\b\$c\`d!!e%f^'");
        assert_eq!(csh(name), r"a\\b$c`d\!e%%f\^'");
    }
}
