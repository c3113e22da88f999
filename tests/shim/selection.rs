//! Which version a shim runs, and what it says where none does: SELECTION's worked cases, by the real programs.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;

use crate::support::sandbox::{Ran, Sandbox};

/// The versions of the worked cases, each with the commands of its number.
const INSTALLED: [&str; 5] = ["2.7.18", "3.8.18", "3.9.18", "3.10.13", "3.12.1"];

/// A root with those versions, whose commands print their own path.
struct Root {
    sandbox: Sandbox,
}

impl Root {
    fn new() -> Self {
        let sandbox = Sandbox::new();
        for name in INSTALLED {
            let mut numbers = name.split('.');
            let (major, minor) = (numbers.next().unwrap(), numbers.next().unwrap());
            let commands = ["python", "pip", "pydoc", "idle"].into_iter().flat_map(|word| {
                [word.into(), format!("{word}{major}"), format!("{word}{major}.{minor}")]
            });
            let of_number =
                [format!("2to3-{major}.{minor}"), format!("python{major}.{minor}-config")];
            let commands: Vec<String> = commands.chain(of_number).collect();
            let commands: Vec<&str> = commands.iter().map(String::as_str).collect();
            sandbox.fake_version(name, &commands);
        }
        sandbox.run(&["rehash"]).succeeds("");
        Self { sandbox }
    }

    fn pin(&self, text: &str) {
        self.sandbox.write("work/.python-version", text);
    }

    fn shim(&self, name: &str) -> PathBuf {
        self.sandbox.root().join("shims").join(name)
    }

    /// A command through its shim, with a PATH that has it and nothing else of ours.
    fn ran(&self, name: &str, variables: &[(&str, &str)]) -> Ran {
        let mut command = self.sandbox.command(self.shim(name));
        self.sandbox.ran(command.env("PATH", self.path()).envs(variables.iter().copied()))
    }

    /// The shims, a directory for the system's commands, and what scripts need.
    fn path(&self) -> String {
        let (shims, system) = (self.shim(""), self.sandbox.path().join("system"));
        format!("{}:{}:/nowhere", shims.display(), system.display())
    }

    fn system(&self, name: &str) {
        Sandbox::script(&self.sandbox.path().join("system").join(name), "echo system \"$0\"");
    }

    /// Asserts that a shim runs this version's own command.
    #[track_caller]
    fn runs(&self, name: &str, version: &str) {
        self.ran(name, &[]).succeeds(&of(version, name));
    }
}

/// What a version's command prints.
fn of(version: &str, name: &str) -> String {
    format!("[SANDBOX]/pyman/versions/{version}/bin/{name}\n")
}

#[test]
fn lines_are_understood_by_shim_and_manager_alike() {
    let root = Root::new();
    let cases = [
        (">=3.9, <3.12", "3.10.13"),
        (">= 3.9 , < 3.12 # as in CI", "3.10.13"),
        ("python 3.9.18", "3.9.18"),
        ("Python 3.9.18", "3.9.18"),
        ("cpython 3.8", "3.8.18"),
        ("python >=3.9, <3.10", "3.9.18"),
    ];
    for (line, version) in cases {
        root.pin(&format!("{line}\r\n"));
        root.runs("python", version);
        root.sandbox.run(&["version-name"]).succeeds(&format!("{version}\n"));
        let prefix = format!("[SANDBOX]/pyman/versions/{version}\n");
        root.sandbox.run(&["prefix"]).succeeds(&prefix);
        root.sandbox.run(&["which", "python"]).succeeds(&of(version, "python"));
    }
}

#[test]
fn bounds_without_commas_are_an_error_naming_file_and_line() {
    let root = Root::new();
    root.system("python");
    root.pin("# bounds\n>=3.9 <3.11\n");
    let place = "[SANDBOX]/work/.python-version:2";
    let said = format!("pyman: `>=3.9 <3.11' is no version (set by {place})\n");
    let hint = "hint: write `>=3.9,<3.11'\n";
    root.ran("python", &[]).fails(&format!("{said}pyman: python: command not found\n{hint}"), 127);
    root.sandbox.run(&["version"]).fails(&format!("{said}{hint}"), 1);
    root.sandbox.run(&["prefix"]).fails(&format!("{said}{hint}"), 1);
    let of_py = said.replace("pyman: ", "py: ");
    root.ran("py", &[]).fails(&format!("{of_py}{hint}"), 103);
}

#[test]
fn what_is_written_is_what_was_understood() {
    let root = Root::new();
    let file = root.sandbox.work().join(".python-version");
    let cases: [(&[&str], &str); 7] = [
        (&[">=3.9, <3.12"], ">=3.9,<3.12\n"),
        (&["python 3.9.18"], "3.9.18\n"),
        (&["python", "3.9.18"], "3.9.18\n"),
        (&["cpython", ">=3.9", "2.7"], ">=3.9\n2.7\n"),
        (&["3.12", "2.7.18"], "3.12\n2.7.18\n"),
        (&["python-3.9.18"], "python-3.9.18\n"),
        (&["3.12:2.7"], "3.12:2.7\n"),
    ];
    for (words, expected) in cases {
        root.sandbox.run(&[&["local"], words].concat()).succeeds("");
        assert_eq!(fs::read_to_string(&file).unwrap(), expected, "{words:?}");
        root.sandbox.run(&[&["global"], words].concat()).succeeds("");
        let global = fs::read_to_string(root.sandbox.root().join("version")).unwrap();
        assert_eq!(global, expected);
        let mut shell = root.sandbox.pyman([&["sh-shell"], words].concat());
        let ran = root.sandbox.ran(shell.env("PYMAN_SHELL", "bash"));
        assert_eq!((ran.stderr.as_str(), ran.status), ("", Some(0)), "{words:?}");
        let variable = expected.trim_end().replace('\n', ":");
        assert!(ran.stdout.contains(&variable), "{words:?}: {}", ran.stdout);
    }
    let before = fs::read_to_string(&file).unwrap();
    for refused in [">=3.9 <3.11", "3.11 3.12", "# 3.12", "3.12 # mine", ">="] {
        for command in [&["local"][..], &["local", "-f"], &["global"]] {
            let ran = root.sandbox.run(&[command, &[refused]].concat());
            assert_eq!((ran.stdout.as_str(), ran.status), ("", Some(1)), "{command:?} {refused:?}");
            assert!(ran.stderr.starts_with("pyman: "), "{}", ran.stderr);
        }
    }
    assert_eq!(fs::read_to_string(&file).unwrap(), before);
}

#[test]
fn a_missing_pin_stops_what_is_pythons_own() {
    let root = Root::new();
    for name in ["flask", "python", "pip", "pipx"] {
        root.system(name);
    }
    root.sandbox.fake_version("3.12.1", &["flask", "black"]);
    root.sandbox.run(&["rehash"]).succeeds("");
    root.pin("3.99.1\n");
    let system = "system [SANDBOX]/system/flask\n";
    root.ran("flask", &[]).succeeds(system);
    let missing = "version `3.99.1' is not installed (set by [SANDBOX]/work/.python-version)";
    let debug = format!("pyman: runs [SANDBOX]/system/flask: {missing}\n");
    root.ran("flask", &[("PYMAN_DEBUG", "1")]).is(system, &debug, 0);
    let hint = "hint: pick one of the installed: 2.7.18, 3.8.18, 3.9.18, 3.10.13, 3.12.1\n";
    for name in ["python", "python3", "pip", "pydoc3", "idle", "black"] {
        let said = format!("pyman: {missing}\npyman: {name}: command not found\n{hint}");
        root.ran(name, &[]).fails(&said, 127);
    }
    let mut exec = root.sandbox.pyman(["exec", "python"]);
    let said = format!("pyman: {missing}\npyman: python: command not found\n{hint}");
    root.sandbox.ran(exec.env("PATH", root.path())).fails(&said, 127);
}

#[test]
fn a_directory_without_an_interpreter_counts_only_when_it_is_named() {
    let root = Root::new();
    root.system("python");
    fs::create_dir(root.sandbox.root().join("versions/3.8.99")).unwrap();
    let staged = root.sandbox.root().join("versions/.pyman-3.8.100");
    symlink(root.sandbox.root().join("versions/3.8.18"), &staged).unwrap();
    root.sandbox.fake_version(".pyman-stage-1", &["half-made"]);
    root.sandbox.run(&["rehash"]).succeeds("");
    assert!(!root.shim("half-made").exists());
    root.runs("python3.8", "3.8.18");
    root.sandbox.run(&["latest", "3.8"]).succeeds("3.8.18\n");
    root.sandbox.run(&["prefix", "3.8"]).succeeds("[SANDBOX]/pyman/versions/3.8.18\n");
    let listed = root.sandbox.run(&["versions", "--bare"]).stdout;
    assert!(!listed.contains(".pyman"), "{listed}");
    assert!(listed.contains("3.8.99\n"), "{listed}");
    root.pin("3.8");
    root.runs("python", "3.8.18");
    root.pin("3.8.99");
    let missing = "version `3.8.99' has no interpreter (set by [SANDBOX]/work/.python-version";
    let ran = root.ran("python", &[]);
    assert_eq!((ran.stdout.as_str(), ran.status), ("", Some(127)));
    assert!(ran.stderr.starts_with(&format!("pyman: {missing})\n")), "{}", ran.stderr);
    let ran = root.ran("py", &[]);
    assert_eq!((ran.stdout.as_str(), ran.status), ("", Some(103)));
    assert!(ran.stderr.starts_with(&format!("py: {missing}:1)\n")), "{}", ran.stderr);
}

#[test]
fn a_shims_name_is_that_of_the_file_that_was_started() {
    let root = Root::new();
    root.pin("3.12\n");
    let shim = root.shim("python3.9");
    let bash = |script: &str| {
        let mut command = root.sandbox.command("bash");
        command.args(["-c", script, "bash"]).arg(&shim).env("SHIMS", root.shim(""));
        root.sandbox.ran(&mut command)
    };
    bash("exec -a worker \"$1\"").succeeds(&of("3.9.18", "python3.9"));
    bash("exec -a python3.8 \"$1\"").succeeds(&of("3.9.18", "python3.9"));
    bash("exec -a '' \"$1\"").succeeds(&of("3.9.18", "python3.9"));
    bash("cd \"$SHIMS\" && exec -a worker ./python3.9").succeeds(&of("3.9.18", "python3.9"));
    // A descriptor has no name of its own.
    bash("exec -a python3.9 /dev/fd/7 7<\"$1\"").succeeds(&of("3.9.18", "python3.9"));

    let link = root.sandbox.path().join("link");
    fs::create_dir(&link).unwrap();
    symlink(root.shim("python3.9"), link.join("python")).unwrap();
    let started = |name: &str| {
        let mut command = root.sandbox.command("bash");
        command.args(["-c", &format!("exec -a worker \"$1/{name}\""), "bash"]).arg(&link);
        root.sandbox.ran(&mut command)
    };
    started("python").succeeds(&of("3.12.1", "python"));

    // The file is then the script, which is no shim: what its first line names says which.
    let script = link.join("pip");
    Sandbox::script(&script, "");
    fs::write(&script, format!("#!{}\n", shim.display())).unwrap();
    started("pip").succeeds(&of("3.9.18", "python3.9").replace('\n', " [SANDBOX]/link/pip\n"));
}

#[test]
fn every_command_of_an_unselected_version_runs() {
    let root = Root::new();
    root.pin("3.8\n");
    root.sandbox.write("pyman/version", "system\n");
    let commands = ["python3.9", "pip3.9", "pydoc3.9", "idle3.9", "2to3-3.9", "python3.9-config"];
    for name in commands {
        root.runs(name, "3.9.18");
    }
    for name in commands {
        root.system(name);
        root.ran(name, &[]).succeeds(&format!("system [SANDBOX]/system/{name}\n"));
    }
}

#[test]
fn what_nothing_selects_is_refused_where_somebody_wants_that() {
    let root = Root::new();
    root.pin("3.12\n");
    let refused = |by: &str| {
        let hint = format!("hint: 3.9.18 has it and is not selected: {by} keeps it from running\n");
        move |ran: Ran| {
            assert_eq!((ran.stdout.as_str(), ran.status), ("", Some(127)));
            assert!(ran.stderr.contains(&hint), "{}", ran.stderr);
        }
    };
    let by_variable = refused("PYMAN_UNSELECTED=refuse");
    by_variable(root.ran("python3.9", &[("PYMAN_UNSELECTED", "refuse")]));
    root.runs("python3.12", "3.12.1");

    root.sandbox.write("home/.config/pyman/settings.toml", "unselected = \"refuse\"\n");
    root.sandbox.run(&["rehash"]).succeeds("");
    refused("`unselected = \"refuse\"' in the settings")(root.ran("pip3.9", &[]));
    root.ran("python3.9", &[("PYMAN_UNSELECTED", "run")]).succeeds(&of("3.9.18", "python3.9"));
    root.ran("python3.12", &[("PYMAN_UNSELECTED", "refuse")]).succeeds(&of("3.12.1", "python3.12"));

    root.sandbox.write("home/.config/pyman/settings.toml", "");
    root.sandbox.run(&["rehash"]).succeeds("");
    root.runs("python3.9", "3.9.18");
}

#[test]
fn the_selected_version_is_first_on_path_for_whatever_runs() {
    let root = Root::new();
    let path = root.path();
    let bin = |version: &str| format!("[SANDBOX]/pyman/versions/{version}/bin:");
    let shown = path.replace(&*root.sandbox.path().to_string_lossy(), "[SANDBOX]");
    let tool = root.sandbox.path().join("system/show");
    Sandbox::script(&tool, "echo \"$PATH\"");
    symlink(&tool, root.sandbox.work().join("mine")).unwrap();
    // So that there is a shim of it.
    root.sandbox.fake_version("2.7.18", &["show"]);
    root.sandbox.run(&["rehash"]).succeeds("");
    let exec = |words: &[&str]| {
        let mut command = root.sandbox.pyman([&["exec"], words].concat());
        root.sandbox.ran(command.env("PATH", &path))
    };
    for (pin, first) in [
        ("3.12", bin("3.12.1")),
        ("3.9\n3.12", bin("3.9.18")),
        ("3.99\n3.9", bin("3.9.18")),
        ("system\n3.9", String::new()),
        ("", String::new()),
    ] {
        root.pin(pin);
        let expected = format!("{first}{shown}\n");
        exec(&["show"]).succeeds(&expected);
        exec(&["./mine"]).succeeds(&expected);
        root.ran("show", &[]).succeeds(&expected);
    }
    root.pin("3.12");
    let active = root.sandbox.path().join("venv");
    Sandbox::script(&active.join("bin/python"), "echo venv");
    root.ran("show", &[("VIRTUAL_ENV", active.to_str().unwrap())]).succeeds(&format!("{shown}\n"));
}

#[test]
fn whose_pip_runs_instead_of_the_environments_is_said() {
    let root = Root::new();
    root.pin("3.12");
    let active = root.sandbox.path().join("venv");
    for name in ["python", "python3", "python3.12"] {
        Sandbox::script(&active.join("bin").join(name), "echo venv");
    }
    let variables = [("VIRTUAL_ENV", active.to_str().unwrap())];
    for name in ["pip", "pip3", "pip3.12"] {
        let said = format!(
            "pyman: the active environment [SANDBOX]/venv has no {name}: that of 3.12.1 runs \
             ([SANDBOX]/pyman/versions/3.12.1/bin/{name})\n"
        );
        root.ran(name, &variables).is(&of("3.12.1", name), &said, 0);
    }
    root.ran("pip3.9", &variables).succeeds(&of("3.9.18", "pip3.9"));
    root.ran("python", &variables).succeeds("venv\n");
}

#[test]
fn a_pin_of_nine_thousand_lines_makes_ten_lines() {
    let root = Root::new();
    let lines: String =
        (0..9000).flat_map(|line| ["3.99.", if line % 2 == 0 { "1\n" } else { "2\n" }]).collect();
    root.pin(&(lines + &"x".repeat(4096) + "\n../a\n../b\n../c\n../d\n"));
    for ran in [
        root.ran("python", &[]),
        root.ran("py", &[]),
        root.sandbox.run(&["version"]),
        root.sandbox.run(&["which", "nothing"]),
        root.sandbox.run(&["version-name"]),
    ] {
        assert_ne!(ran.status, Some(0));
        assert!(ran.stderr.lines().count() <= 10, "{}", ran.stderr);
        assert!(ran.stderr.lines().all(|line| line.chars().count() < 300), "{}", ran.stderr);
    }
}
