//! pyenv as the oracle: a few hundred situations whose answers `tests/oracle/record.py` recorded.
//!
//! stdout, status, the first line of stderr and the files written must be pyenv's; where pyenv's
//! answer is a defect we mend on purpose, the recorded line says which in `wart`.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::support::sandbox::Sandbox;

/// The first line: what stands under `versions/`.
#[derive(Deserialize)]
struct Tree {
    versions: BTreeMap<String, Vec<String>>,
    links: BTreeMap<String, String>,
}

/// Any other line.
#[derive(Deserialize)]
struct Situation {
    #[serde(default)]
    variables: BTreeMap<String, String>,
    #[serde(default)]
    files: BTreeMap<String, String>,
    directory: Option<String>,
    tree: Option<bool>,
    arguments: Vec<String>,
    stdout: String,
    stderr: String,
    status: i32,
    after: Option<serde_json::Value>,
    wart: Option<String>,
}

/// Whatever a situation writes.
const WRITTEN: [&str; 5] = [
    "work/f",
    "work/.python-version",
    "work/sub/.python-version",
    "pyman/version",
    "elsewhere/.python-version",
];

/// A sandbox with the tree of fake versions; every command is one and the same script.
struct Stage {
    sandbox: Sandbox,
}

impl Stage {
    fn new(tree: Option<&Tree>) -> Self {
        let stage = Self { sandbox: Sandbox::new() };
        let script = stage.sandbox.path().join("script");
        Sandbox::script(&script, "echo \"$0\" \"$@\"");
        let program = |name: &str| {
            let file = stage.sandbox.path().join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::hard_link(&script, file).unwrap();
        };
        for name in ["sys/bin/python", "sys/bin/python3", "sys/bin/sysonly"] {
            program(name);
        }
        for name in ["elsewhere/bin/python", "elsewhere/bin/far"] {
            program(name);
        }
        fs::create_dir_all(stage.sandbox.work().join("sub")).unwrap();
        fs::create_dir_all(stage.sandbox.root().join("versions")).unwrap();
        let Some(tree) = tree else { return stage };
        for (version, commands) in &tree.versions {
            for command in ["python", "pip"].into_iter().chain(commands.iter().map(String::as_str))
            {
                program(&format!("pyman/versions/{version}/bin/{command}"));
            }
        }
        for (name, target) in &tree.links {
            symlink(stage.full(target), stage.sandbox.root().join("versions").join(name)).unwrap();
        }
        stage.sandbox.write("pyman/versions/3.12.1/bin/notes", "not executable\n");
        stage
    }

    fn places(&self) -> [(&'static str, PathBuf); 3] {
        let sandbox = &self.sandbox;
        [("{root}", sandbox.root()), ("{work}", sandbox.work()), ("{sandbox}", sandbox.path())]
    }

    fn full(&self, text: &str) -> String {
        self.places().iter().fold(text.to_owned(), |text, (name, place)| {
            text.replace(name, &place.to_string_lossy())
        })
    }

    fn neutral(&self, bytes: &[u8]) -> String {
        let text = String::from_utf8_lossy(bytes).into_owned();
        self.places()
            .iter()
            .fold(text, |text, (name, place)| text.replace(&*place.to_string_lossy(), name))
    }

    /// What differs from the recorded answer; nothing when nothing does.
    fn difference(&self, situation: &Situation) -> Option<String> {
        for name in WRITTEN {
            let file = self.sandbox.path().join(name);
            assert!(fs::remove_file(&file).is_ok() || !file.exists());
        }
        for (name, text) in &situation.files {
            self.sandbox.write(name, text);
        }
        let directory = situation.directory.as_deref().unwrap_or("work");
        let mut command =
            self.sandbox.pyman(situation.arguments.iter().map(|text| self.full(text)));
        command.current_dir(self.sandbox.path().join(directory));
        command.env("PATH", format!("{}/sys/bin:/usr/bin:/bin", self.sandbox.path().display()));
        command.envs(situation.variables.iter().map(|(name, value)| (name, self.full(value))));
        let output = command.output().unwrap();
        let answer = (
            self.neutral(&output.stdout),
            first(&self.neutral(&output.stderr)),
            output.status.code(),
            situation.after.as_ref().map(|_| self.after()),
        );
        // A usage line is worded by the program that prints it.
        let usage = situation.stderr.starts_with("Usage:");
        let stderr = if usage { answer.1.clone() } else { first(&situation.stderr) };
        let expected =
            (situation.stdout.clone(), stderr, Some(situation.status), situation.after.clone());
        (answer != expected).then(|| format!("expected {expected:?}\n     got {answer:?}"))
    }

    fn after(&self) -> serde_json::Value {
        let files = WRITTEN.into_iter().filter(|name| !name.starts_with("elsewhere"));
        let read = |name: &str| {
            Some((name.to_owned(), fs::read_to_string(self.sandbox.path().join(name)).ok()?.into()))
        };
        serde_json::Value::Object(files.filter_map(read).collect())
    }
}

fn first(text: &str) -> String {
    // Hints are ours alone.
    text.lines().find(|line| !line.starts_with("hint: ")).unwrap_or_default().to_owned()
}

#[test]
fn pyenvs_answers_are_ours() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/pyenv.jsonl");
    let text = fs::read_to_string(file).unwrap();
    let mut lines = text.lines();
    let tree: Tree = serde_json::from_str(lines.next().unwrap()).unwrap();
    let (full, empty) = (Stage::new(Some(&tree)), Stage::new(None));
    let (mut asked, mut differences) = (0, Vec::new());
    for line in lines {
        let situation: Situation = serde_json::from_str(line).unwrap();
        if situation.wart.is_some() {
            continue;
        }
        asked += 1;
        let stage = if situation.tree.unwrap_or(true) { &full } else { &empty };
        if let Some(difference) = stage.difference(&situation) {
            let Situation { arguments, variables, files, .. } = &situation;
            differences.push(format!("{arguments:?} {variables:?} {files:?}\n{difference}"));
        }
    }
    assert!(asked > 300, "only {asked} situations");
    assert!(
        differences.is_empty(),
        "{} of {asked}:\n{}",
        differences.len(),
        differences.join("\n")
    );
}
