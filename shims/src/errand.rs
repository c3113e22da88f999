//! Commands after which there may be new commands: they are run by the manager, which rehashes.
//!
//! Asked by the shim program and by `pyman exec`; neither opens anything to find out.

/// Options of pip that stand before its command and take the next word as their value.
const PIP_VALUES: [&[u8]; 14] = [
    b"--cache-dir",
    b"--cert",
    b"--client-cert",
    b"--exists-action",
    b"--keyring-provider",
    b"--log",
    b"--proxy",
    b"--python",
    b"--resume-retries",
    b"--retries",
    b"--timeout",
    b"--trusted-host",
    b"--use-deprecated",
    b"--use-feature",
];

/// Whether a command installs or removes commands: `pip[X[.Y]] install|uninstall`, the same through
/// `python -m pip`, `conda install|remove|uninstall`, and `easy_install`, as for pyenv's hooks.
pub fn changes_commands(command: &[u8], arguments: &[&[u8]]) -> bool {
    let command = command.strip_suffix(b".exe").unwrap_or(command);
    if is_versioned(command, b"pip") {
        return pip_changes(arguments);
    }
    if command == b"conda" || command == b"mamba" {
        let verbs: [&[u8]; 3] = [b"install", b"remove", b"uninstall"];
        return arguments.first().is_some_and(|verb| verbs.contains(verb));
    }
    if is_versioned(command, b"easy_install") {
        return true;
    }
    let pythons: [&[u8]; 4] = [b"python", b"pypy", b"graalpy", b"pythonw"];
    pythons.iter().any(|python| is_versioned(command, python))
        && module(arguments).is_some_and(|(module, rest)| module == b"pip" && pip_changes(rest))
}

/// Whether `command` is `stem` and at most a version: `pip`, `pip3`, `pip3.12`, `python3.13t`.
fn is_versioned(command: &[u8], stem: &[u8]) -> bool {
    let Some(version) = command.strip_prefix(stem) else {
        return false;
    };
    let version = version.strip_suffix(b"t").or(version.strip_suffix(b"d")).unwrap_or(version);
    version.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.')
}

fn pip_changes(arguments: &[&[u8]]) -> bool {
    let mut words = arguments.iter().copied();
    while let Some(word) = words.next() {
        if !word.starts_with(b"-") {
            return word == b"install" || word == b"uninstall";
        }
        if PIP_VALUES.contains(&word) {
            words.next();
        }
    }
    false
}

/// The module that Python is to run, and what follows it: `-m pip …`, also `-Im pip …`, `-mpip …`.
fn module<'a, 'b>(arguments: &'b [&'a [u8]]) -> Option<(&'a [u8], &'b [&'a [u8]])> {
    let (first, mut rest) = arguments.split_first()?;
    let mut letters = first.strip_prefix(b"-").filter(|letters| !letters.is_empty())?;
    if letters == b"-check-hash-based-pycs" {
        return module(rest.get(1..)?);
    }
    while let [letter, value @ ..] = letters {
        match letter {
            b'm' | b'X' | b'W' => {
                let mut value = value;
                if value.is_empty() {
                    (value, rest) = rest.split_first().map(|(value, rest)| (*value, rest))?;
                }
                if *letter == b'm' {
                    return Some((value, rest));
                }
                letters = b"";
            }
            b'c' | b'-' => return None,
            _ => letters = value,
        }
    }
    module(rest)
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;

    #[test]
    fn what_installs_commands_is_told_from_what_does_not() {
        let cases = [
            (true, "pip install flask"),
            (true, "pip3 uninstall -y flask"),
            (true, "pip3.12 -q install flask"),
            (true, "pip --proxy http://p install flask"),
            (true, "pip --proxy=http://p install flask"),
            (true, "pip.exe install flask"),
            (true, "python -m pip install flask"),
            (true, "python3.13t -mpip install flask"),
            (true, "pypy3.10 -Im pip uninstall flask"),
            (true, "python -X dev -W error -u -m pip --log x install flask"),
            (true, "python -Xdev -Werror --check-hash-based-pycs never -m pip install flask"),
            (true, "conda install -y flask"),
            (true, "mamba remove flask"),
            (true, "easy_install flask"),
            (true, "easy_install3.8 flask"),
            (false, "conda list install"),
            (false, "conda"),
            (false, "pip"),
            (false, "pip --log install"),
            (false, "pip list install"),
            (false, "pip download install"),
            (false, "pipx install flask"),
            (false, "pipenv install flask"),
            (false, "python"),
            (false, "python install"),
            (false, "python -m"),
            (false, "python -m pip"),
            (false, "python -m pip list"),
            (false, "python -m pipx install flask"),
            (false, "python -c pip install"),
            (false, "python script.py -m pip install"),
            (false, "python - -m pip install"),
            (false, "python -- -m pip install"),
            (false, "python-config -m pip install"),
        ];
        for (changes, line) in cases {
            let words: Vec<&[u8]> = line.as_bytes().split(|byte| *byte == b' ').collect();
            let (command, arguments) = words.split_first().unwrap();
            assert_eq!(changes_commands(command, arguments), changes, "{line}");
        }
    }
}
