//! The same questions put to the launcher for Unix (the crate `python-launcher`), where its rules and ours agree:
//! no environment together with a version, no version files, no `.venv`, nothing behind the shebang's command, and no `PY_PYTHON=3`
//! together with `PY_PYTHON3`, which it does not chain.
//!
//! `cargo install python-launcher --root /tmp/peer && PEER=/tmp/peer/bin/py cargo test --test main differential -- --ignored`

use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::process::Command;

use super::{Interpreter, Launcher, VERSION, interpreters};

/// One question: variables, the script's first line, the tag.
#[derive(Debug, Clone, Default)]
struct Question {
    any: Option<String>,
    three: Option<String>,
    shebang: Option<String>,
    tag: Option<String>,
}

impl Question {
    fn put(&self, mut command: Command) -> (String, bool) {
        let variables = [("PY_PYTHON", &self.any), ("PY_PYTHON3", &self.three)];
        for (name, value) in variables {
            if let Some(value) = value {
                command.env(name, value);
            }
        }
        command.args(&self.tag).args(self.shebang.as_ref().map(|_| "s.py"));
        if self.shebang.is_none() {
            command.args(["-c", VERSION]);
        }
        let output = command.output().unwrap();
        (String::from_utf8_lossy(&output.stdout).into_owned(), output.status.success())
    }
}

/// Every combination of these.
fn questions() -> Vec<Question> {
    let versions: Vec<String> =
        interpreters().iter().map(Interpreter::minor).chain(["3.99".to_owned()]).collect();
    let some = |values: Vec<String>| [None].into_iter().chain(values.into_iter().map(Some));
    let last = versions.last().cloned();
    let few: Vec<String> = versions.first().cloned().into_iter().chain(last).collect();
    let shebangs = ["/usr/bin/env python", "/usr/bin/python", "/usr/local/bin/python", "python"];
    let shebangs: Vec<String> = shebangs
        .iter()
        .flat_map(|stem| {
            [String::new(), "3".to_owned()]
                .into_iter()
                .chain(versions.clone())
                .map(move |tag| format!("#!{stem}{tag}"))
        })
        .chain(["# none".to_owned()])
        .collect();
    let tags: Vec<String> =
        ["3".to_owned()].into_iter().chain(versions.clone()).map(|tag| format!("-{tag}")).collect();
    let mut questions = Vec::new();
    for any in some([few.clone(), vec!["3".to_owned()]].concat()) {
        for three in some(few.iter().filter(|value| value.starts_with('3')).cloned().collect()) {
            if any.as_deref() == Some("3") && three.is_some() {
                continue;
            }
            let plain = Question { any: any.clone(), three, shebang: None, tag: None };
            questions.extend(
                some(shebangs.clone()).map(|shebang| Question { shebang, ..plain.clone() }),
            );
            questions.extend(
                tags.iter().cloned().map(|tag| Question { tag: Some(tag), ..plain.clone() }),
            );
        }
    }
    questions
}

#[test]
#[ignore = "needs the other launcher, named by PEER"]
fn the_launcher_for_unix_answers_the_same() {
    let peer = PathBuf::from(std::env::var_os("PEER").expect("PEER names the other launcher"));
    let launcher = Launcher::new();
    let path = launcher.sandbox.path().join("path");
    fs::create_dir_all(&path).unwrap();
    for interpreter in interpreters() {
        symlink(&interpreter.executable, path.join(format!("python{}", interpreter.minor())))
            .unwrap();
    }
    let mut differing = Vec::new();
    let questions = questions();
    for question in &questions {
        if let Some(shebang) = &question.shebang {
            launcher.script("s.py", format!("{shebang}\n{VERSION}\n"));
        }
        let mut theirs = launcher.sandbox.command(&peer);
        theirs.env("PATH", &path);
        let (ours, theirs) = (question.put(launcher.py(&[])), question.put(theirs));
        if ours != theirs {
            differing.push(format!("{question:?}: {ours:?}, not {theirs:?}"));
        }
    }
    assert!(
        differing.is_empty(),
        "{} of {}:\n{}",
        differing.len(),
        questions.len(),
        differing.join("\n")
    );
}
