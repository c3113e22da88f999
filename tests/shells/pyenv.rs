//! `setup --as-pyenv`: what editors and tools find that look for pyenv.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use crate::support::sandbox::Sandbox;

/// What a program finds that looks where the locator of VS Code does, in the variables of a new login shell: pyenv's
/// program, and every interpreter with the file behind it.
#[derive(Debug)]
struct Located {
    pyenv: Option<PathBuf>,
    interpreters: BTreeMap<PathBuf, PathBuf>,
}

impl Located {
    fn by(variables: &BTreeMap<String, String>, workspace: &Path) -> Self {
        let home = PathBuf::from(&variables["HOME"]);
        let root = variables.get("PYENV_ROOT").map_or_else(|| home.join(".pyenv"), PathBuf::from);
        let program = root.join("bin/pyenv");
        let mut places = below(&root.join("versions"));
        for version in places.clone() {
            places.extend(below(&version.join("envs")));
        }
        let named = variables.get("WORKON_HOME").map(PathBuf::from);
        places.extend(below(&named.unwrap_or_else(|| home.join(".virtualenvs"))));
        places.push(workspace.join(".venv"));
        let pythons = places.into_iter().map(|place| place.join("bin/python"));
        let interpreters = pythons
            .filter_map(|python| Some((python.clone(), python.canonicalize().ok()?)))
            .collect();
        Self { pyenv: program.exists().then_some(program), interpreters }
    }
}

fn below(directory: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(directory) else { return Vec::new() };
    entries.map(|entry| entry.unwrap().path()).collect()
}

/// The variables of a new shell, as editors ask for them.
fn variables(sandbox: &Sandbox) -> BTreeMap<String, String> {
    let mut command = sandbox.command("bash");
    command.env_remove("PYMAN_ROOT").env("TERM", "dumb").args(["-l", "-i", "-c", "env"]);
    let real = sandbox.path().display().to_string();
    let ran = sandbox.ran(&mut command);
    let text = ran.stdout.replace("[SANDBOX]", &real);
    let pairs = text.lines().filter_map(|line| line.split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn with_versions() -> Sandbox {
    let sandbox = Sandbox::new();
    for version in ["3.12.1", "3.9.18"] {
        let tree = sandbox.fake_version(version, &["python", "python3"]);
        let (minor, _) = version.rsplit_once('.').unwrap();
        Sandbox::script(&tree.join(format!("bin/python{minor}")), "echo \"$0\"");
        fs::create_dir_all(tree.join(format!("lib/python{minor}"))).unwrap();
    }
    for words in [
        &["virtualenv", "--without-pip", "3.12.1", "web"][..],
        &["venv", "create", "--without-pip", "-p", "3.9.18", "named"],
        &["venv", "create", "--without-pip", "-p", "3.9.18"],
    ] {
        let ran = sandbox.run(words);
        assert_eq!(ran.status, Some(0), "{ran:?}");
    }
    sandbox
}

#[test]
fn a_locator_of_pyenv_finds_versions_and_environments_by_their_real_paths() {
    let sandbox = with_versions();
    let ran = sandbox.run(&["setup", "bash", "--as-pyenv"]);
    assert_eq!((ran.stdout.as_str(), ran.status), ("", Some(0)), "{ran:?}");
    let said =
        "what looks for pyenv finds [SANDBOX]/pyman/bin/pyenv, and PYENV_ROOT in new shells\n";
    assert!(ran.stderr.starts_with(said), "{ran:?}");
    let variables = variables(&sandbox);
    let found = Located::by(&variables, &sandbox.work());
    let root = sandbox.root();
    assert_eq!(found.pyenv, Some(root.join("bin/pyenv")));
    let versions = root.join("versions");
    let expected = [
        (versions.join("3.12.1"), "3.12.1/bin/python"),
        (versions.join("3.9.18"), "3.9.18/bin/python"),
        (versions.join("3.12.1/envs/web"), "3.12.1/bin/python3.12"),
        (versions.join("web"), "3.12.1/bin/python3.12"),
        (versions.join("named"), "3.9.18/bin/python3.9"),
        (sandbox.home().join(".virtualenvs/named"), "3.9.18/bin/python3.9"),
        (sandbox.work().join(".venv"), "3.9.18/bin/python3.9"),
    ];
    for (place, behind) in &expected {
        let real = found.interpreters.get(&place.join("bin/python"));
        assert_eq!(real, Some(&versions.join(behind)), "{place:?} in {found:?}");
    }
    assert_eq!(found.interpreters.len(), expected.len(), "{found:?}");
}

#[test]
fn pyenv_answers_as_pyman_in_new_shells() {
    let sandbox = with_versions();
    assert_eq!(sandbox.run(&["setup", "bash", "--as-pyenv"]).status, Some(0));
    let asks = "pyenv root; pyenv versions --bare --skip-aliases; PYMAN_VERSION=3.9 pyenv which python\n\
        pyenv prefix 3.12; type -P pyenv";
    let mut command = sandbox.command("bash");
    command.env_remove("PYMAN_ROOT").env("TERM", "dumb").args(["-l", "-i", "-c", asks]);
    let ran = sandbox.ran(&mut command);
    let expected = "[SANDBOX]/pyman\n3.9.18\n3.12.1\n3.12.1/envs/web\nnamed\n\
        [SANDBOX]/pyman/versions/3.9.18/bin/python\n[SANDBOX]/pyman/versions/3.12.1\n\
        [SANDBOX]/pyman/bin/pyenv\n";
    assert_eq!(ran.stdout, expected, "{ran:?}");
    // What is ours is not taken over from pyenv, nor another tool's.
    let mut import = sandbox.pyman(["import", "pyenv"]);
    import.env("PYENV_ROOT", sandbox.root());
    sandbox
        .ran(&mut import)
        .fails("pyman: pyenv has nothing at [SANDBOX]/home/.pyenv/versions\n", 1);
}

#[test]
fn what_selects_for_pyenv_selects_here() {
    let sandbox = with_versions();
    sandbox.write("work/.python-version", "3.12.1\n");
    sandbox.run(&["rehash"]).succeeds("");
    let python = || {
        let mut command = sandbox.command(sandbox.root().join("shims/python"));
        command.env("PYENV_VERSION", "3.9");
        command
    };
    let says = |version: &str| format!("[SANDBOX]/pyman/versions/{version}/bin/python\n");
    // Before, the variable is another program's.
    sandbox.ran(&mut python()).succeeds(&says("3.12.1"));
    assert_eq!(sandbox.run(&["setup", "bash", "--as-pyenv"]).status, Some(0));
    sandbox.ran(&mut python()).succeeds(&says("3.9.18"));
    sandbox.ran(python().env("PYENV_ROOT", sandbox.root())).succeeds(&says("3.9.18"));
    sandbox.ran(python().env("PYENV_ROOT", sandbox.home())).succeeds(&says("3.12.1"));
    sandbox.ran(python().env("PYMAN_VERSION", "3.12")).succeeds(&says("3.12.1"));
    let asked = |words: &[&str]| sandbox.ran(sandbox.pyman(words).env("PYENV_VERSION", "3.9"));
    asked(&["version"]).succeeds("3.9.18 (set by PYENV_VERSION environment variable)\n");
    asked(&["version-origin"]).succeeds("PYENV_VERSION environment variable\n");
    asked(&["exec", "python", "x"]).succeeds(&says("3.9.18").replace('\n', " x\n"));
    sandbox.ran(sandbox.pyman(["version"]).env("PYENV_VERSION", "3.99")).fails(
        "pyman: version `3.99' is not installed (set by PYENV_VERSION environment variable)\n\
         hint: pick one of the installed: 3.9.18, 3.12.1\n",
        1,
    );
    let advice = asked(&["doctor"]).stdout;
    assert!(advice.contains("PYENV_VERSION=3.9 overrides every .python-version"), "{advice}");
    assert_eq!(sandbox.run(&["setup", "--undo"]).status, Some(0));
    sandbox.ran(&mut python()).succeeds(&says("3.12.1"));
}

#[test]
fn pyenv_typed_in_a_shell_acts_on_it() {
    for (shell, start) in
        [("bash", "-ic"), ("zsh", "-ic"), ("fish", "-c"), ("dash", "-lc"), ("ksh", "-lc")]
    {
        let sandbox = with_versions();
        assert_eq!(sandbox.run(&["setup", shell, "--as-pyenv"]).status, Some(0));
        let mut command = sandbox.command(shell);
        command.env_remove("PYMAN_ROOT").env("TERM", "dumb").env("PYENV_VERSION", "3.9.18");
        let typed = "pyenv shell; pyenv shell 3.12.1; pyenv version-name; pyenv shell --unset\n\
            pyenv version-name; pyenv activate web; basename $VIRTUAL_ENV; deactivate\n\
            echo \"+$VIRTUAL_ENV\"";
        let ran = sandbox.ran(command.args([start, typed]));
        assert_eq!(ran.stdout, "3.9.18\n3.12.1\nsystem\nweb\n+\n", "{shell}: {ran:?}");
    }
}

#[test]
fn every_shell_says_where_pyenvs_root_is_until_the_undo() {
    for (shell, start) in
        [("bash", "-ic"), ("zsh", "-ic"), ("fish", "-c"), ("dash", "-lc"), ("ksh", "-lc")]
    {
        let sandbox = Sandbox::new();
        assert_eq!(sandbox.run(&["setup", shell]).status, Some(0));
        let says = |expected: &str| {
            let mut command = sandbox.command(shell);
            command.env_remove("PYMAN_ROOT").env("TERM", "dumb");
            let ran = sandbox.ran(command.args([start, "echo \"$PYENV_ROOT\""]));
            assert_eq!(ran.stdout, expected, "{shell}: {ran:?}");
        };
        says("\n");
        assert_eq!(sandbox.run(&["setup", "--as-pyenv", shell]).status, Some(0));
        says("[SANDBOX]/pyman\n");
        // A later set-up and a rehash leave it as it is.
        assert_eq!(sandbox.run(&["setup", shell]).status, Some(0));
        sandbox.run(&["rehash"]).succeeds("");
        says("[SANDBOX]/pyman\n");
        let ran = sandbox.run(&["setup", "--undo"]);
        assert!(ran.stderr.ends_with("taken out of [SANDBOX]/pyman/bin/pyenv\n"), "{ran:?}");
        assert!(fs::symlink_metadata(sandbox.root().join("bin/pyenv")).is_err());
        says("\n");
    }
}

#[test]
fn a_real_pyenv_is_not_hidden() {
    let refused = |place: &str| {
        format!(
            "pyman: pyenv is here: [SANDBOX]/{place}\n\
             hint: `pyman import pyenv' takes over what it has; then its program can go\n"
        )
    };
    let sandbox = Sandbox::new();
    let as_pyenv = || sandbox.pyman(["setup", "bash", "--as-pyenv"]);
    for place in ["home/.pyenv/bin/pyenv", "home/.pyenv/libexec/pyenv"] {
        Sandbox::script(&sandbox.path().join(place), "");
        sandbox.ran(&mut as_pyenv()).fails(&refused(place), 1);
        fs::remove_dir_all(sandbox.home().join(".pyenv")).unwrap();
    }
    Sandbox::script(&sandbox.path().join("elsewhere/bin/pyenv"), "");
    let elsewhere = sandbox.path().join("elsewhere");
    let place = refused("elsewhere/bin/pyenv");
    sandbox.ran(as_pyenv().env("PYENV_ROOT", &elsewhere)).fails(&place, 1);
    let path = format!("{}:/usr/bin:/bin", elsewhere.join("bin").display());
    sandbox.ran(as_pyenv().env("PATH", path)).fails(&place, 1);
    assert!(!sandbox.home().join(".bashrc").exists());
    // A link that leads nowhere any more is none.
    fs::create_dir_all(sandbox.root().join("bin")).unwrap();
    let own = sandbox.root().join("bin/pyenv");
    Sandbox::script(&own, "");
    sandbox.ran(&mut as_pyenv()).fails(&refused("pyman/bin/pyenv"), 1);
    fs::remove_file(&own).unwrap();
    symlink("/gone/bin/pyenv", &own).unwrap();
    assert_eq!(sandbox.ran(&mut as_pyenv()).status, Some(0));
    assert_eq!(fs::read_link(&own).unwrap(), Path::new("pyman"));
    // Its versions alone, which links of ours may lead to, are no pyenv.
    fs::create_dir_all(sandbox.home().join(".pyenv/versions")).unwrap();
    symlink("bin", elsewhere.join("link")).unwrap();
    for _ in 0..2 {
        let path = format!("{}:/usr/bin:/bin", sandbox.root().join("bin").display());
        let ran = sandbox.ran(as_pyenv().env("PATH", path).env("PYENV_ROOT", sandbox.root()));
        assert_eq!(ran.status, Some(0), "{ran:?}");
    }
}
