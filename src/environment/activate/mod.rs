//! The scripts that activate an environment, each in its shell's language: written as bytes, and put into `bin/` for whoever
//! makes, moves or repairs an environment. Names for prompts, which shells expand each time they show them, are written so
//! that nothing in a name is.

use std::io;
use std::path::Path;

use pyman_shim::Layout as Trees;

use crate::disk::{Directory, Privacy};
use crate::environment::{Error, Layout};
use crate::quote;

/// What becomes of a value before it stands in a template.
type Notation = fn(&[u8]) -> Vec<u8>;

/// One script: a template and how values are written in it.
struct Script {
    name: &'static str,
    template: &'static str,
    word: Notation,
}

/// Every script an environment gets. Two names, so that PowerShell finds it however it is spelt.
const SCRIPTS: [Script; 8] = [
    Script { name: "activate", template: include_str!("scripts/activate.sh"), word: quote::posix },
    Script {
        name: "activate.fish",
        template: include_str!("scripts/activate.fish"),
        word: quote::fish,
    },
    Script {
        name: "activate.csh",
        template: include_str!("scripts/activate.csh"),
        word: quote::csh,
    },
    Script {
        name: "Activate.ps1",
        template: include_str!("scripts/Activate.ps1"),
        word: quote::powershell,
    },
    Script {
        name: "activate.ps1",
        template: include_str!("scripts/Activate.ps1"),
        word: quote::powershell,
    },
    Script {
        name: "activate.nu",
        template: include_str!("scripts/activate.nu"),
        word: quote::nushell,
    },
    Script {
        name: "activate.xsh",
        template: include_str!("scripts/activate.xsh"),
        word: quote::python,
    },
    Script {
        name: "activate_this.py",
        template: include_str!("scripts/activate_this.py"),
        word: quote::python,
    },
];

/// Those that cmd.exe reads, which is where Windows is.
const BATCH: [Script; 2] = [
    Script {
        name: "activate.bat",
        template: include_str!("scripts/activate.bat"),
        word: quote::batch,
    },
    Script {
        name: "deactivate.bat",
        template: include_str!("scripts/deactivate.bat"),
        word: quote::batch,
    },
];

/// cmd.exe reads a batch file in its own code page, line by line: UTF-8 meanwhile, where there is need of it.
const UTF8: [&str; 2] = [
    "@for /f \"tokens=2 delims=:.\" %%a in ('\"%SystemRoot%\\System32\\chcp.com\"') do @set \"_OLD_CODEPAGE=%%a\"\n\
     @if defined _OLD_CODEPAGE \"%SystemRoot%\\System32\\chcp.com\" 65001 >nul\n",
    "@if defined _OLD_CODEPAGE \"%SystemRoot%\\System32\\chcp.com\" %_OLD_CODEPAGE% >nul\n\
     @set \"_OLD_CODEPAGE=\"\n",
];

/// The scripts of the environment at `environment` (absolute), with their names in `bin/`. The prompt shows
/// `prompt`, else `name`.
pub fn scripts(
    environment: &Path,
    prompt: Option<&str>,
    name: &str,
) -> Vec<(&'static str, Vec<u8>)> {
    let path = environment.as_os_str().as_encoded_bytes();
    let shown = prompt.unwrap_or(name);
    let batch: &[Script] = if Trees::HERE.has_redirectors() { &BATCH } else { &[] };
    SCRIPTS.iter().chain(batch).map(|script| (script.name, script.text(path, shown))).collect()
}

impl Script {
    fn text(&self, path: &[u8], shown: &str) -> Vec<u8> {
        let word = |value: &str| (self.word)(value.as_bytes());
        let values = [
            ("path", (self.word)(path)),
            ("name", word(shown)),
            ("bash", word(&bash_prompt(shown))),
            ("prompt", word(&format!("({}) ", csh_prompt(shown)))),
            ("cmd", word(&format!("({}) ", shown.replace('$', "$$")))),
            ("begin", if shown.is_ascii() { Vec::new() } else { UTF8[0].into() }),
            ("end", if shown.is_ascii() { Vec::new() } else { UTF8[1].into() }),
        ];
        let mut text = Vec::new();
        quote::fill(self.template, &values, &mut text);
        // Windows PowerShell takes a file without a mark for one in the system's code page.
        if self.name.ends_with("ps1") && !text.is_ascii() {
            text.splice(..0, *b"\xef\xbb\xbf");
        }
        if self.name.ends_with("bat") {
            let lines: Vec<&[u8]> = text.split(|byte| *byte == b'\n').collect();
            return lines.join(b"\r\n".as_slice());
        }
        text
    }
}

/// bash decodes its own backslashes first, then expands like a double-quoted string. What would expand is written by
/// its number, which other shells that inherit an exported prompt do not decode.
pub(super) fn bash_prompt(name: &str) -> String {
    let code = name.replace('\\', "\\\\\\\\");
    code.replace('$', "\\\\\\044").replace('`', "\\\\\\140")
}

/// tcsh has `%` for its sequences, `!` for the number of the command, and backslash and `^` for characters.
pub(super) fn csh_prompt(name: &str) -> String {
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

/// Writes every script for the environment that will stand at `goal`, into a tree that nobody else sees and that has none.
pub(super) fn write_new(layout: &Layout, goal: &Path, prompt: Option<&str>) -> Result<(), Error> {
    let name = goal.file_name().unwrap_or(goal.as_os_str()).to_string_lossy();
    let commands = Directory::open(&layout.commands())?;
    for (file, text) in scripts(goal, prompt, &name) {
        match commands.write_new(file, &text, Privacy::Shared) {
            // `activate.ps1` is `Activate.ps1` where small letters are capital ones.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            written => written?,
        }
    }
    Ok(())
}

/// Writes every script for the environment that stands at `goal`; what is there is replaced.
pub(super) fn write(layout: &Layout, goal: &Path, prompt: Option<&str>) -> Result<(), Error> {
    let name = goal.file_name().unwrap_or(goal.as_os_str()).to_string_lossy();
    let commands = Directory::open(&layout.commands())?;
    commands.sweep_temporaries()?;
    for (file, text) in scripts(goal, prompt, &name) {
        if commands.has_directory(file)? {
            commands.remove(file)?;
        }
        commands.replace(file, &text, Privacy::Shared)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script(name: &str, path: &str, prompt: Option<&str>) -> String {
        let scripts = scripts(Path::new(path), prompt, "web");
        let found = scripts.into_iter().find(|(file, _)| *file == name).unwrap();
        String::from_utf8(found.1).unwrap()
    }

    #[test]
    fn a_directory_named_like_a_value_of_the_template_stays_data() {
        for (name, text) in scripts(Path::new("/e/@name@"), Some("@path@"), "web") {
            let text = String::from_utf8(text).unwrap();
            assert!(text.contains("/e/@name@"), "{name}");
            assert!(text.contains("@path@"), "{name}");
        }
    }

    #[test]
    fn cmd_is_told_nothing_but_values() {
        let text = |prompt: &str| {
            let text = BATCH[0].text(b"C:\\e", prompt);
            String::from_utf8(text).unwrap()
        };
        let plain = text("web");
        assert!(plain.contains("@set \"VIRTUAL_ENV_PROMPT=web\"\r\n"), "{plain}");
        assert!(plain.ends_with("set \"PROMPT=(web) %PROMPT%\"\r\n"), "{plain}");
        assert!(!plain.contains("chcp") && !plain.replace("\r\n", "").contains('\n'), "{plain}");
        let odd = text("50% \"&calc&\" $P");
        assert!(odd.contains("PROMPT=50%% \"^&calc^&\" $P\"\r\n"), "{odd}");
        assert!(odd.contains("(50%% \"^&calc^&\" $$P) %PROMPT%\"\r\n"), "{odd}");
        let accented = text("é");
        assert!(accented.find("65001") < accented.find("=é\""), "{accented}");
        for word in ["@begin@", "@end@", "@cmd@", "@name@"] {
            assert!(!accented.contains(word) && !plain.contains(word), "{word}");
        }
    }

    #[test]
    fn nothing_is_left_to_fill() {
        for (name, text) in scripts(Path::new("/e"), None, "web") {
            let text = String::from_utf8(text).unwrap();
            for value in ["@path@", "@name@", "@bash@", "@prompt@"] {
                assert!(!text.contains(value), "{name}: {value}");
            }
        }
    }

    #[test]
    fn the_prompt_wins_over_the_name() {
        assert!(script("activate", "/e", None).contains("VIRTUAL_ENV_PROMPT='web'"));
        assert!(script("activate", "/e", Some("shop")).contains("VIRTUAL_ENV_PROMPT='shop'"));
    }

    #[test]
    fn only_other_than_ascii_needs_a_mark() {
        assert!(script("Activate.ps1", "/e", None).starts_with('#'));
        assert!(script("Activate.ps1", "/é", None).starts_with('\u{feff}'));
        assert!(script("activate", "/é", None).starts_with('#'));
    }

    #[test]
    fn each_shell_has_its_own_characters() {
        let name = r"a\b$c`d!e%f^'";
        assert_eq!(bash_prompt(name), r"a\\\\b\\\044c\\\140d!e%f^'");
        assert_eq!(csh_prompt(name), r"a\\b$c`d\!e%%f\^'");
    }
}
