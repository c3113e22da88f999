//! The records of a wheel: `entry_points.txt`, its console scripts and the names they get for one Python; rows of `RECORD`, a
//! file's path, digest and size, by which pip can remove it again. Pure.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use pyman_shim::Version;

use crate::fetch::Sha256;

/// Name and object of each script in `[console_scripts]`.
pub(super) fn console_scripts(text: &str) -> Vec<(String, String)> {
    let mut section = "";
    let mut scripts = Vec::new();
    for line in text.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            section = name.trim();
        } else if section == "console_scripts"
            && let Some((name, object)) = line.split_once('=')
        {
            // `module:object [extra]`
            let object = object.split('[').next().unwrap_or_default();
            scripts.push((name.trim().to_owned(), object.trim().to_owned()));
        }
    }
    scripts
}

/// The names that a script gets: those with a version in them get the Python's own (pip, pip3, pip3.12).
pub(super) fn names(scripts: &[(String, String)], python: Version) -> Vec<(String, String)> {
    let Version { major, minor, .. } = python;
    let mut named: Vec<(String, String)> = Vec::new();
    for (name, object) in scripts {
        let stem = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
        let all = match stem {
            "pip" => vec![stem.into(), format!("pip{major}"), format!("pip{major}.{minor}")],
            "easy_install" | "easy_install-" => {
                vec!["easy_install".into(), format!("easy_install-{major}.{minor}")]
            }
            _ => vec![name.clone()],
        };
        for name in all {
            if !named.iter().any(|(known, _)| *known == name) {
                named.push((name, object.clone()));
            }
        }
    }
    named
}

/// Whether a script may have this name: one part of a path, nothing that hides, none of the environment's own.
pub(super) fn is_command(name: &str) -> bool {
    let own = |stem: &str| {
        let rest = name.strip_prefix(stem);
        rest.is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | 't')))
    };
    !name.is_empty()
        && !name.starts_with(['.', '-'])
        && !name.contains(['/', '\\', ':', ' '])
        && !name.chars().any(char::is_control)
        && !["python", "pypy"].into_iter().any(own)
        && !name.to_lowercase().starts_with("activate")
}

/// The script that calls an object of a module, without its head.
pub(super) fn body(object: &str) -> Option<String> {
    let (module, call) = object.split_once(':')?;
    let (module, call) = (module.trim(), call.trim());
    let first = call.split('.').next()?;
    let is_name = |text: &str| {
        !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.'))
    };
    (is_name(module) && is_name(call)).then(|| {
        format!(
            "import sys\nfrom {module} import {first}\n\nif __name__ == \"__main__\":\n    sys.exit({call}())\n"
        )
    })
}

/// The row of a file, its end included.
pub(super) fn record_row(path: &str, bytes: &[u8]) -> String {
    format!("{path},sha256={},{}\n", digest(bytes), bytes.len())
}

/// As PEP 376 wants it: base64 for URLs, without padding.
fn digest(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::of(bytes).bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_with_a_version_get_the_pythons_own() {
        let text = "[gui_scripts]\nx = y:z\n\n[console_scripts]\npip = pip.main:main\npip3=pip.main:main\n\
                    pip3.7 = pip.main:main\nwheel = wheel.cli:main [extra]\n";
        let named = names(&console_scripts(text), Version::new(3, 12, 1));
        let expected = [
            ("pip", "pip.main:main"),
            ("pip3", "pip.main:main"),
            ("pip3.12", "pip.main:main"),
            ("wheel", "wheel.cli:main"),
        ];
        let expected = expected.map(|(name, object)| (name.to_owned(), object.to_owned()));
        assert_eq!(named, expected);
        let old = [("easy_install-3.6".to_owned(), "s:main".to_owned())];
        let renamed: Vec<String> =
            names(&old, Version::new(2, 7, 18)).into_iter().map(|(name, _)| name).collect();
        assert_eq!(renamed, ["easy_install", "easy_install-2.7"]);
    }

    #[test]
    fn a_script_has_a_name_of_its_own_and_no_path() {
        for name in ["pip", "pip3.12", "easy_install-3.6", "python-config", "é", "a+b"] {
            assert!(is_command(name), "{name}");
        }
        for name in [
            "",
            ".x",
            "-x",
            "a/b",
            "../x",
            "a\\b",
            "c:x",
            "a b",
            "a\u{1b}",
            "python",
            "python3.12",
            "activate",
        ] {
            assert!(!is_command(name), "{name:?}");
        }
    }

    #[test]
    fn only_names_are_called() {
        assert!(body("pip._internal:main").is_some());
        for hostile in ["os:system('x')", "pip", "a b:c", ":main", "m:"] {
            assert_eq!(body(hostile), None, "{hostile}");
        }
    }

    #[test]
    fn a_row_is_as_wheel_writes_it() {
        assert_eq!(
            record_row("a", b""),
            "a,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0\n"
        );
    }
}
