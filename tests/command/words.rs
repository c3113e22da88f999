//! What is said to who types another tool's words, a version that cannot be, or an option that means something.

use crate::support::sandbox::Sandbox;

#[test]
fn words_of_other_tools_are_told_in_ours() {
    let sandbox = Sandbox::new();
    let cases: [(&[&str], &str, i32); 11] = [
        (&["reshim"], "pyman says this as `pyman rehash'", 1),
        (&["ls"], "pyman says this as `pyman versions'", 1),
        (&["rm", "3.12"], "pyman says this as `pyman uninstall 3.12'", 1),
        (&["pin", "3.12"], "pyman says this as `pyman local 3.12'", 1),
        (&["run", "a b"], "pyman says this as `pyman exec 'a b''", 1),
        (&["python", "install", "3.12"], "pyman says this as `pyman install 3.12'", 1),
        (&["env", "create", "web"], "pyman says this as `pyman venv create web'", 1),
        (&["venv", "ls"], "pyman says this as `pyman venv list'", 1),
        (&["venv", "rm", "web"], "pyman says this as `pyman venv remove web'", 1),
        (&["cache", "prune"], "it has list, clean", 1),
        (
            &["tool", "install", "x"],
            "tools of their own are not pyman's: pipx and uv install them",
            1,
        ),
    ];
    for (typed, hint, status) in cases {
        let ran = sandbox.run(typed);
        let name =
            if ["venv", "cache"].contains(&typed[0]) { typed.join(" ") } else { typed[0].into() };
        let name = name.strip_suffix(" web").unwrap_or(&name);
        ran.fails(&format!("pyman: no such command `{name}'\nhint: {hint}\n"), status);
    }
    let words = sandbox.run(&["help", "words"]);
    assert_eq!(words.status, Some(0));
    assert!(words.stdout.contains("\n  reshim"), "{words:?}");
}

#[test]
fn options_of_the_python_install_manager_are_told_in_ours() {
    let sandbox = Sandbox::new();
    let cases: [(&[&str], &str, i32); 4] = [
        (&["list", "--online", "--format=jsonl"], "pyman available`, with `--json` for scripts", 2),
        (&["install", "--update", "3.12"], "pyman upgrade`", 1),
        (&["install", "--refresh"], "pyman rehash`", 1),
        (&["uninstall", "--purge"], "", 1),
    ];
    for (typed, hint, status) in cases {
        let ran = sandbox.run(typed);
        assert_eq!((ran.stdout.as_str(), ran.status), ("", Some(status)), "{ran:?}");
        let told: Vec<&str> =
            ran.stderr.lines().filter_map(|line| line.strip_prefix("hint: run `")).collect();
        assert_eq!(told.concat(), hint, "{ran:?}");
    }
}

#[test]
fn what_cannot_be_installed_is_not_advised() {
    let sandbox = Sandbox::new();
    for version in ["3.9.18", "3.12.1"] {
        sandbox.fake_version(version, &["python", "python3"]);
    }
    let pick = "pick one of the installed: 3.9.18, 3.12.1";
    let install = |version: &str| format!("run `pyman install {version}`, or {pick}");
    let cases = [
        ("3.12.29", pick.to_owned()),
        ("3.17", pick.to_owned()),
        ("pypy3.7-7.9.9", pick.to_owned()),
        ("nonsense", pick.to_owned()),
        ("3.12.2", install("3.12.2")),
        ("3.10", install("3.10")),
        ("pypy3.10", install("pypy3.10")),
    ];
    for (version, hint) in cases {
        let missing = format!("pyman: version `{version}' not installed\nhint: {hint}\n");
        for command in ["global", "local", "prefix", "pack"] {
            sandbox.run(&[command, version]).fails(&missing, 1);
        }
        sandbox
            .run(&["uninstall", version])
            .fails(&format!("pyman: version `{version}' not installed\nhint: {pick}\n"), 1);
        let mut pinned = sandbox.pyman(["version"]);
        sandbox.ran(pinned.env("PYMAN_VERSION", version)).fails(
            &format!(
                "pyman: version `{version}' is not installed (set by PYMAN_VERSION environment variable)\n\
                 hint: {hint}\n"
            ),
            1,
        );
    }
    let ran = sandbox.run(&["venv", "create", "-p", "3.12.29", "x"]);
    ran.fails("pyman: version `3.12.29' is not installed; installed: 3.9.18, 3.12.1\n", 1);
    let ran = sandbox.run(&["install", "pypy3.99"]);
    assert!(ran.stderr.contains("\nhint: near it: pypy3.1"), "{ran:?}");
}

#[test]
fn versions_that_have_a_command_are_told_as_json() {
    let sandbox = Sandbox::new();
    sandbox.fake_version("3.12.1", &["python"]);
    sandbox.run(&["whence", "python", "--json"]).succeeds(
        "{\"schema\":1,\"versions\":[{\"path\":\"[SANDBOX]/pyman/versions/3.12.1/bin/python\",\
         \"version\":\"3.12.1\"}]}\n",
    );
    sandbox.run(&["whence", "--json", "nothing"]).is("{\"schema\":1,\"versions\":[]}\n", "", 1);
}

#[test]
fn a_list_of_what_can_be_installed_is_of_what_was_asked_for() {
    let sandbox = Sandbox::new();
    let lines = |words: &[&str]| -> Vec<String> {
        let ran = sandbox.run(&[&["install", "--list"], words].concat());
        assert_eq!((ran.stderr.as_str(), ran.status), ("", Some(0)));
        ran.stdout.lines().map(str::to_owned).collect()
    };
    let all = lines(&[]);
    for (words, prefixes) in [
        (&["3.12"][..], &["  3.12."][..]),
        (&["3.1"], &["  3.1."]),
        (&["pypy3.10"], &["  pypy3.10-"]),
        (&["3.9.1", "miniforge3"], &["  3.9.1", "  miniforge3-"]),
    ] {
        let listed = lines(words);
        let begins = |line: &String| prefixes.iter().any(|prefix| line.starts_with(prefix));
        assert!(listed.len() > 1 && listed[1..].iter().all(begins), "{words:?}: {listed:?}");
        assert!(listed.len() < all.len());
    }
    assert_eq!(lines(&["3.9.1"]), ["Available versions:", "  3.9.1"]);
    let ran = sandbox.run(&["install", "--list", "3.99"]);
    assert_eq!((ran.stdout.as_str(), ran.status), ("", Some(2)));
    assert!(ran.stderr.starts_with("python-build: definition not found: 3.99\n"), "{ran:?}");
}

#[test]
fn no_option_is_overlooked_and_no_word_but_where_pyenv_pays_no_heed() {
    let sandbox = Sandbox::new();
    sandbox.fake_version("3.12.1", &["python"]);
    let commands = sandbox.run(&["commands"]).stdout;
    assert!(commands.lines().count() > 40, "{commands}");
    // What is run by `exec` and asked of `completions` has words of its own.
    let own = |command: &&str| !matches!(*command, "exec" | "completions");
    for command in commands.lines().filter(own).chain(["sh-rehash", "sh-shell", "sh-deactivate"]) {
        let mut asked = sandbox.pyman([command, "--wrong-option"]);
        let ran = sandbox.ran(asked.env("PYMAN_SHELL", "bash"));
        let said = ran.stderr.contains("--wrong-option") || ran.stderr.contains("integration");
        assert!(said && ran.status != Some(0), "{command}: {ran:?}");
        assert!(matches!(ran.stdout.as_str(), "" | "false\n"), "{command}: {ran:?}");
    }
    for words in [
        &["version"][..],
        &["versions"],
        &["--version"],
        &["init", "-", "bash"],
        &["virtualenv-init", "-", "bash"],
        &["virtualenvs"],
        &["virtualenv", "3.12.1", "web"],
        &["virtualenv-delete", "web"],
        &["local", "--unset"],
        &["setup", "bash"],
        &["doctor", "web"],
        &["venv", "list"],
        &["venv", "create", "web"],
        &["cache", "list"],
        &["pack", "3.12.1"],
        &["self", "update", "1.2.3"],
    ] {
        let mut asked = sandbox.pyman(words.iter().chain(&["one-too-many"]));
        let ran = sandbox.ran(asked.env("PYMAN_SHELL", "bash"));
        let refused =
            ran.stderr.contains("one-too-many") || ran.stderr.contains("cannot be used with");
        assert!(refused && ran.status != Some(0), "{words:?}: {ran:?}");
    }
    assert!(!sandbox.home().join(".bashrc").exists());
    assert_eq!(sandbox.run(&["root", "x"]), sandbox.run(&["root"]));
    // A word is what it says behind `--`, too.
    sandbox.run(&["latest", "--", "3.12"]).succeeds("3.12.1\n");
    sandbox.run(&["--help", "root"]).succeeds(&sandbox.run(&["help", "root"]).stdout);
}

#[test]
fn offline_one_line_names_what_there_is_no_copy_of() {
    let sandbox = Sandbox::new();
    for (asked, named) in [(&["3.12"][..], "cpython-3.12."), (&["--build", "3.12"], "Python-3.12.")]
    {
        let ran = sandbox.run(&[&["install"], asked].concat());
        assert_eq!((ran.stdout.as_str(), ran.status), ("", Some(3)), "{ran:?}");
        let lines: Vec<&str> = ran.stderr.lines().collect();
        assert!(lines[0].starts_with(&format!("pyman: cannot fetch {named}")), "{ran:?}");
        assert!(
            lines[0].ends_with(": no copy is kept here, and the network is off limits"),
            "{ran:?}"
        );
        assert_eq!(lines[1..], ["hint: run it without `--offline' (PYMAN_OFFLINE)"], "{ran:?}");
    }
}
