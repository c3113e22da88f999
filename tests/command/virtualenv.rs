//! pyenv-virtualenv's commands: what they print was compared with its own answers (1.4.0, over copies).

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::needs::{has, needs};
use crate::support::sandbox::{Ran, Sandbox};
use crate::support::terminal::at_terminal;

/// Two versions whose interpreters are fake: making an environment without pip starts none.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.fake_version("3.12.1", &["python", "python3.12", "python3.12-config", "pip"]);
    sandbox.fake_version("3.11.7", &["python", "python3.11"]);
    sandbox
}

/// `virtualenv --without-pip`, quietly.
#[track_caller]
fn make(sandbox: &Sandbox, words: &[&str]) {
    sandbox.run(&[&["virtualenv", "-q", "--without-pip"], words].concat()).succeeds("");
}

/// Runs with a person at the keyboard.
fn answering(sandbox: &Sandbox, arguments: &[&str], answer: &str) -> Ran {
    let mut command = sandbox.pyman(arguments);
    let text = sandbox.write("answer", answer);
    command.stdin(Stdio::from(fs::File::open(text).unwrap()));
    sandbox.ran(&mut command)
}

fn selecting(sandbox: &Sandbox, version: &str, arguments: &[&str]) -> Ran {
    let mut command = sandbox.pyman(arguments);
    sandbox.ran(command.env("PYMAN_VERSION", version))
}

fn exists(sandbox: &Sandbox, name: &str) -> bool {
    fs::symlink_metadata(sandbox.root().join("versions").join(name)).is_ok()
}

#[test]
fn an_environment_stands_in_its_version_and_has_a_link() {
    let sandbox = sandbox();
    let words = ["virtualenv", "--without-pip", "3.12.1", "web"];
    sandbox.run(&words).is("", "created [SANDBOX]/pyman/versions/3.12.1/envs/web (3.12.1)\n", 0);
    make(&sandbox, &["3.12", "web2", "-q", "--no-wheel", "--symlinks", "-vv"]);
    make(&sandbox, &["3.12.1", "3.12.1/envs/long"]);
    let envs = sandbox.root().join("versions/3.12.1/envs");
    for name in ["web", "web2", "long"] {
        let link = fs::read_link(sandbox.root().join("versions").join(name)).unwrap();
        assert_eq!(link, envs.join(name));
        assert!(envs.join(name).join("bin/activate").is_file());
    }
    sandbox.run(&["virtualenvs"]).succeeds(
        "  3.12.1/envs/long (created from [SANDBOX]/pyman/versions/3.12.1)\n  \
         3.12.1/envs/web (created from [SANDBOX]/pyman/versions/3.12.1)\n  \
         3.12.1/envs/web2 (created from [SANDBOX]/pyman/versions/3.12.1)\n  \
         long --> [SANDBOX]/pyman/versions/3.12.1/envs/long\n  \
         web --> [SANDBOX]/pyman/versions/3.12.1/envs/web\n  \
         web2 --> [SANDBOX]/pyman/versions/3.12.1/envs/web2\n",
    );
    sandbox
        .run(&["virtualenvs", "--bare", "--skip-aliases"])
        .succeeds("3.12.1/envs/long\n3.12.1/envs/web\n3.12.1/envs/web2\n");
    let marked = selecting(&sandbox, "web:3.12.1/envs/web2", &["virtualenvs"]);
    let stars: Vec<&str> = marked.stdout.lines().filter(|line| line.starts_with('*')).collect();
    assert_eq!(
        stars,
        [
            "* 3.12.1/envs/web2 (created from [SANDBOX]/pyman/versions/3.12.1) \
             (set by PYMAN_VERSION environment variable)",
            "* web --> [SANDBOX]/pyman/versions/3.12.1/envs/web \
             (set by PYMAN_VERSION environment variable)",
        ]
    );
}

#[test]
fn the_selected_version_is_the_base_and_an_environments_base_is_its_own() {
    let sandbox = sandbox();
    let create = ["virtualenv", "-q", "--without-pip"];
    let made = |version: &str, name: &str| {
        selecting(&sandbox, version, &[&create[..], &[name]].concat()).succeeds("");
        assert!(exists(&sandbox, &format!("3.12.1/envs/{name}")), "{version}");
    };
    made("3.12.1", "one");
    made("3.12:3.11", "two");
    made("one", "three");
    made("3.12.1/envs/one", "four");
}

#[test]
fn its_commands_have_shims_and_stand_beside_the_bases_config() {
    let sandbox = sandbox();
    make(&sandbox, &["3.12.1", "web"]);
    let bin = sandbox.root().join("versions/web/bin");
    let config = fs::read_link(bin.join("python3.12-config")).unwrap();
    assert!(config.ends_with("3.12.1/bin/python3.12-config"), "{config:?}");
    let pydoc = fs::read_to_string(bin.join("pydoc")).unwrap();
    let python = sandbox.root().join("versions/3.12.1/envs/web/bin/python");
    assert!(pydoc.starts_with(&format!("#!{}\n", python.display())), "{pydoc}");
    assert!(sandbox.root().join("shims/pydoc").is_file());
    assert!(!sandbox.root().join("shims/activate").exists());
}

#[test]
fn names_and_versions_that_cannot_be_are_refused() {
    let sandbox = sandbox();
    make(&sandbox, &["3.12.1", "web"]);
    let there = "pyman: `[SANDBOX]/pyman/versions/web' already exists.\n";
    let ran = sandbox.run(&["virtualenv", "--prompt", "a\nb", "3.12.1", "lines"]);
    assert!(ran.stderr.contains("a prompt has no newline"), "{}", ran.stderr);
    let cases: [(&[&str], &str); 8] = [
        (&[], "pyman: no virtualenv name given.\n"),
        (&["3.12.1", "a b"], "pyman: no whitespace allowed in virtualenv name.\n"),
        (&["3.12.1", "system"], "pyman: `system' is not allowed as virtualenv name.\n"),
        (&["3.12.1", "x/y"], "pyman: no slash allowed in virtualenv name.\n"),
        (&["3.11.7", "3.12.1/envs/new"], "pyman: no slash allowed in virtualenv name.\n"),
        (&["3.12.1", "web"], there),
        (&["3.12.1", "3.12.1/envs/web"], there),
        (
            &["3.99", "new"],
            "pyman: `3.99' is not installed in pyman.\n\
             hint: see `pyman install --list'\n",
        ),
    ];
    for (words, stderr) in cases {
        sandbox.run(&[&["virtualenv"], words].concat()).fails(stderr, 1);
    }
    for words in [["3.12.1", ".."], ["3.12.1", "-x"], ["3.12.1", "3.11"], ["3.12.1", "a\nb"]] {
        let ran = sandbox.run(&[&["virtualenv"], &words[..]].concat());
        assert_eq!((ran.status, ran.stdout.as_str()), (Some(1), ""), "{words:?}");
    }
    assert_eq!(fs::read_dir(sandbox.root().join("versions")).unwrap().count(), 3);
}

#[test]
fn what_is_there_is_asked_about_and_kept() {
    let sandbox = sandbox();
    make(&sandbox, &["3.12.1", "web"]);
    let kept = sandbox.root().join("versions/3.12.1/envs/web/kept");
    fs::write(&kept, "").unwrap();
    fs::remove_file(sandbox.root().join("versions/web")).unwrap();
    let words = ["virtualenv", "-q", "--without-pip", "3.12.1", "web"];
    let said = "pyman: [SANDBOX]/pyman/versions/3.12.1/envs/web already exists\n";
    answering(&sandbox, &words, "y\n").fails(said, 1);
    assert!(!exists(&sandbox, "web"));
    needs!(has("script"), "script");
    for (keys, status) in [("n\n", 1), ("\u{4}", 1), ("y\n", 0)] {
        let typed = sandbox.pyman(words);
        let ran = sandbox.ran(&mut at_terminal(&sandbox, &typed, keys));
        assert_eq!(ran.status, Some(status), "{ran:?}");
        assert!(ran.stdout.contains("continue with installation? (y/N) "), "{ran:?}");
        assert_eq!(exists(&sandbox, "web"), status == 0);
    }
    assert!(kept.is_file());
    make(&sandbox, &["--force", "3.12.1", "web"]);
    make(&sandbox, &["-u", "3.12.1", "web"]);
    assert!(kept.is_file());
    make(&sandbox, &["--clear", "3.12.1", "web"]);
    assert!(!kept.exists());
}

#[test]
fn a_link_that_leads_nowhere_is_no_obstacle_and_force_moves_one() {
    let sandbox = sandbox();
    let versions = sandbox.root().join("versions");
    symlink("/nowhere", versions.join("web")).unwrap();
    make(&sandbox, &["3.12.1", "web"]);
    assert_eq!(fs::read_link(versions.join("web")).unwrap(), versions.join("3.12.1/envs/web"));
    make(&sandbox, &["-f", "3.11.7", "web"]);
    assert_eq!(fs::read_link(versions.join("web")).unwrap(), versions.join("3.11.7/envs/web"));
    assert!(exists(&sandbox, "3.12.1/envs/web"));
}

#[test]
fn the_prefix_is_what_an_environment_was_made_from() {
    let sandbox = sandbox();
    make(&sandbox, &["3.12", "web"]);
    make(&sandbox, &["3.11.7", "old"]);
    let versions = "[SANDBOX]/pyman/versions";
    let prefix = |words: &[&str]| sandbox.run(&[&["virtualenv-prefix"], words].concat());
    prefix(&["web"]).succeeds(&format!("{versions}/3.12.1\n"));
    prefix(&["3.12.1/envs/web"]).succeeds(&format!("{versions}/3.12.1\n"));
    prefix(&["web", "old"]).succeeds(&format!("{versions}/3.12.1:{versions}/3.11.7\n"));
    selecting(&sandbox, "old:web", &["virtualenv-prefix"])
        .succeeds(&format!("{versions}/3.11.7:{versions}/3.12.1\n"));
    prefix(&["3.12.1"]).fails("pyman: version `3.12.1' is not a virtualenv\n", 1);
    prefix(&["web", "3.12"]).fails("pyman: version `3.12' is not a virtualenv\n", 1);
    prefix(&["system"]).fails("pyman: version `system' is not a virtualenv\n", 1);
    prefix(&[]).fails("pyman: version `system' is not a virtualenv\n", 1);
    let missing = prefix(&["none"]);
    assert!(missing.stderr.starts_with("pyman: version `none' not installed\n"), "{missing:?}");
    fs::create_dir_all(sandbox.root().join("versions/empty/bin")).unwrap();
    prefix(&["empty"]).fails("pyman: `python' not found in version `empty'\n", 1);
}

#[test]
fn environments_of_other_tools_and_of_conda_are_known() {
    let sandbox = sandbox();
    let old = sandbox.fake_version("old", &["python"]);
    fs::create_dir_all(old.join("lib/python2.7")).unwrap();
    let base = sandbox.root().join("versions/3.11.7");
    fs::write(old.join("lib/python2.7/orig-prefix.txt"), base.to_str().unwrap()).unwrap();
    let conda = sandbox.fake_version("conda3", &["python", "conda", "activate"]);
    let inside = sandbox.fake_version("conda3/envs/data", &["python"]);
    for tree in [&conda, &inside] {
        fs::create_dir(tree.join("conda-meta")).unwrap();
    }
    sandbox.run(&["virtualenvs"]).succeeds(
        "  conda3/envs/data (created from [SANDBOX]/pyman/versions/conda3)\n  \
         conda3 (created from [SANDBOX]/pyman/versions/conda3)\n  \
         old (created from [SANDBOX]/pyman/versions/3.11.7)\n",
    );
}

#[test]
fn deleting_takes_the_link_along_and_nothing_else() {
    let sandbox = sandbox();
    for name in ["web", "long", "third"] {
        make(&sandbox, &["3.12.1", name]);
    }
    let versions = sandbox.root().join("versions");
    symlink(versions.join("3.11.7"), versions.join("alias")).unwrap();
    let delete = |words: &[&str]| sandbox.run(&[&["virtualenv-delete"], words].concat());
    let asked = "pyman: remove [SANDBOX]/pyman/versions/3.12.1/envs/web? (y/N) ";
    answering(&sandbox, &["virtualenv-delete", "web"], "n\n").fails(asked, 1);
    assert!(exists(&sandbox, "web"));
    answering(&sandbox, &["virtualenv-delete", "web"], "yes\n").is("", asked, 0);
    delete(&["-f", "3.12.1/envs/long"]).succeeds("");
    sandbox.run(&["virtualenvs", "--bare"]).succeeds("3.12.1/envs/third\nalias\nthird\n");
    for (words, stderr) in [
        (&["web"][..], "pyman: `web' is not a virtualenv.\n"),
        (&["3.12.1"], "pyman: `3.12.1' is not a virtualenv.\n"),
        (
            &["-f", "alias"],
            "pyman: `[SANDBOX]/pyman/versions/alias' is a symlink for unknown location.\n",
        ),
        (&["3.12.1/envs/web"], "pyman: virtualenv `web' not installed\n"),
        (&["-f", ""], "pyman: `' is not a virtualenv.\n"),
        (&["../versions/third"], "pyman: `../versions/third' is not a virtualenv.\n"),
    ] {
        delete(words).fails(stderr, 1);
    }
    for words in [["-f", "web"], ["--force", "3.12.1/envs/web"], ["-f", "3.12.1"]] {
        delete(&words).succeeds("");
    }
    for words in [&[][..], &["-x"], &["third", "web"]] {
        assert_eq!(delete(words).status, Some(1), "{words:?}");
    }
    assert!(exists(&sandbox, "third") && exists(&sandbox, "3.12.1/bin/python"));
}

#[test]
fn plugins_are_told_of_an_environment() {
    let sandbox = sandbox();
    let told = sandbox.path().join("told");
    Sandbox::script(
        &sandbox.root().join("plugins/p/hooks/virtualenv/tell"),
        &format!("cat > '{}'", told.display()),
    );
    make(&sandbox, &["3.12.1", "web"]);
    let told: serde_json::Value = serde_json::from_slice(&fs::read(told).unwrap()).unwrap();
    assert_eq!((&told["name"], &told["version"]), (&"web".into(), &"3.12.1".into()));
    assert!(Path::new(told["prefix"].as_str().unwrap()).ends_with("versions/3.12.1/envs/web"));
}

#[test]
fn conda_makes_condas_and_nobody_else_removes_them() {
    let sandbox = sandbox();
    let conda = sandbox.fake_version("miniforge3-24.11.0-0", &["python", "python3.12", "activate"]);
    fs::create_dir(conda.join("conda-meta")).unwrap();
    let create = "echo conda \"$@\"; mkdir -p \"$4/bin\" \"$4/conda-meta\"";
    Sandbox::script(&conda.join("bin/conda"), create);
    let envs = "[SANDBOX]/pyman/versions/miniforge3-24.11.0-0/envs";
    let make = |words: &[&str]| sandbox.run(&[&["virtualenv", "-q"], words].concat());
    make(&["miniforge3", "data"])
        .succeeds(&format!("conda create --yes --prefix {envs}/data python=3.12\n"));
    make(&["-p", "python3.9", "miniforge3", "old"])
        .succeeds(&format!("conda create --yes --prefix {envs}/old python=3.9\n"));
    let refused = |words: &[&str], name: &str| {
        let hint = format!("hint: run `conda env remove --prefix {envs}/data'\n");
        let line = format!("pyman: `{name}' is conda's, which alone changes it\n");
        sandbox.run(words).fails(&(line + &hint), 1);
    };
    let long = "miniforge3-24.11.0-0/envs/data";
    refused(&["virtualenv-delete", "-f", "data"], "data");
    refused(&["virtualenv-delete", "-f", long], long);
    refused(&["uninstall", "-f", long], long);
    sandbox
        .run(&["virtualenv-delete", "miniforge3-24.11.0-0"])
        .fails("pyman: `miniforge3-24.11.0-0' is not a virtualenv.\n", 1);
    assert!(exists(&sandbox, &format!("{long}/bin")) && exists(&sandbox, "data"));
}

#[test]
fn in_a_linked_version_only_what_was_made_here_is_removed() {
    let sandbox = sandbox();
    let versions = sandbox.root().join("versions");
    let tree = sandbox.path().join("elsewhere");
    fs::rename(versions.join("3.11.7"), &tree).unwrap();
    symlink(&tree, versions.join("3.11.7")).unwrap();
    for name in ["web", "api"] {
        make(&sandbox, &["3.11.7", name]);
    }
    sandbox.write("elsewhere/envs/theirs/pyvenv.cfg", "");
    symlink(versions.join("3.11.7/envs/theirs"), versions.join("theirs")).unwrap();
    sandbox.run(&["virtualenv-delete", "-f", "web"]).succeeds("");
    sandbox.run(&["virtualenv-delete", "-f", "3.11.7/envs/api"]).succeeds("");
    sandbox
        .run(&["virtualenv-delete", "-f", "theirs"])
        .fails("pyman: `[SANDBOX]/pyman/versions/theirs' is a symlink for unknown location.\n", 1);
    assert!(!exists(&sandbox, "web") && !exists(&sandbox, "api") && exists(&sandbox, "theirs"));
    let left: Vec<_> = fs::read_dir(tree.join("envs")).unwrap().collect();
    assert_eq!(left.len(), 1);
    // What was made there for one environment goes with it, whichever command removes it.
    fs::remove_dir_all(tree.join("envs")).unwrap();
    for remove in [["virtualenv-delete", "-f"], ["uninstall", "-f"], ["venv", "remove"]] {
        make(&sandbox, &["3.11.7", "last"]);
        assert!(tree.join("envs/last").exists());
        let ran = sandbox.run(&[remove[0], remove[1], "last"]);
        assert_eq!(ran.status, Some(0), "{ran:?}");
        assert!(!tree.join("envs").exists() && !exists(&sandbox, "last"), "{remove:?}");
    }
}

#[test]
fn what_stands_where_a_version_leads_to_by_now_is_not_what_was_made_there() {
    for command in [
        &["virtualenv-delete", "-f", "web"][..],
        &["virtualenv-delete", "-f", "3.11.7/envs/web"],
        &["uninstall", "-f", "web"],
        &["uninstall", "-f", "3.11.7/envs/web"],
        &["venv", "remove", "web"],
        &["venv", "move", "web", "moved"],
    ] {
        let sandbox = sandbox();
        let link = sandbox.root().join("versions/3.11.7");
        let (tree, theirs) = (sandbox.path().join("elsewhere"), sandbox.path().join("theirs"));
        fs::rename(&link, &tree).unwrap();
        symlink(&tree, &link).unwrap();
        make(&sandbox, &["3.11.7", "web"]);
        let copied = Command::new("cp").arg("-a").arg(&tree).arg(&theirs).status().unwrap();
        assert!(copied.success());
        fs::remove_file(&link).unwrap();
        symlink(&theirs, &link).unwrap();
        sandbox.run(command);
        assert!(theirs.join("envs/web/pyvenv.cfg").exists(), "{command:?}");
    }
}

#[test]
fn a_version_without_an_interpreter_is_not_installed() {
    let sandbox = sandbox();
    for bin in ["versions/3.7.5/bin", "versions/3.6.2/bin"] {
        fs::create_dir_all(sandbox.root().join(bin)).unwrap();
    }
    Sandbox::script(&sandbox.root().join("versions/3.6.2/bin/pip"), "");
    for request in ["3.7", "3.6.2"] {
        let ran = sandbox.run(&["venv", "create", "-p", request, "./x"]);
        let said =
            format!("pyman: version `{request}' is not installed; installed: 3.11.7, 3.12.1");
        assert!(ran.stderr.starts_with(&said), "{ran:?}");
        assert!(!sandbox.work().join("x").exists());
    }
}

#[test]
fn what_has_no_mark_is_no_environment_and_is_never_deleted_as_one() {
    let sandbox = sandbox();
    make(&sandbox, &["3.12.1", "web"]);
    fs::remove_file(sandbox.root().join("versions/web/pyvenv.cfg")).unwrap();
    for (name, why) in [
        ("web", "`[SANDBOX]/pyman/versions/web' is a symlink for unknown location."),
        ("3.12.1/envs/web", "`3.12.1/envs/web' is not a virtualenv."),
    ] {
        let ran = sandbox.run(&["virtualenv-delete", name]);
        ran.fails(&format!("pyman: {why}\n"), 1);
    }
    sandbox.run(&["virtualenvs"]).succeeds("");
    sandbox.run(&["virtualenvs", "--bare"]).succeeds("");
    for name in ["web", "3.12.1/envs/web"] {
        let none = format!("pyman: version `{name}' is not a virtualenv\n");
        sandbox.run(&["virtualenv-prefix", name]).fails(&none, 1);
        sandbox.run(&["sh-activate", name]).is("false\n", &none, 1);
    }
    let stays = "pyman: `3.12.1/envs/web' is no environment: [SANDBOX]/pyman/versions/3.12.1/envs/web stays\n";
    sandbox.run(&["uninstall", "-f", "3.12.1/envs/web"]).fails(stays, 1);
    let question = "pyman: remove [SANDBOX]/pyman/versions/3.12.1? (y/N) \n";
    sandbox.run(&["uninstall", "3.12.1"]).is("", question, 1);
    assert!(exists(&sandbox, "web") && exists(&sandbox, "3.12.1/envs/web"));
}

#[test]
fn nothing_is_made_while_something_asked_for_is_missing() {
    let sandbox = sandbox();
    let missing = "pyman: `python9.9' is not installed in pyman.\n\
                   hint: see `pyman install --list'\n";
    sandbox.run(&["virtualenv", "-p", "python9.9", "3.12.1", "web"]).fails(missing, 1);
    for selection in ["3.99:3.12.1", "3.12.1:3.99"] {
        let ran = selecting(&sandbox, selection, &["virtualenv", "--without-pip", "web"]);
        let line = "pyman: version `3.99' is not installed (set by PYMAN_VERSION environment";
        assert!(ran.stderr.starts_with(line), "{}", ran.stderr);
        assert_eq!(ran.status, Some(1));
    }
    assert!(!exists(&sandbox, "web"));
}

#[test]
fn environments_are_what_completes_their_commands() {
    let sandbox = sandbox();
    make(&sandbox, &["3.12.1", "web"]);
    let environments = "3.12.1/envs/web\nweb\n";
    for command in ["virtualenv-delete", "virtualenv-prefix", "activate"] {
        let ran = sandbox.run(&["completions", command]);
        assert!(ran.stdout.ends_with(environments), "{command}: {}", ran.stdout);
        assert!(!ran.stdout.contains("\n3.12.1\n"), "{command}: {}", ran.stdout);
    }
    let bases = sandbox.run(&["completions", "virtualenv"]).stdout;
    assert!(bases.ends_with("\n3.11.7\n3.12.1\nweb\n"), "{bases}");
    sandbox.run(&["virtualenvs", "--complete"]).succeeds("--bare\n--skip-aliases\n");
}

#[test]
fn what_the_shell_is_told_names_what_was_asked_for() {
    let sandbox = sandbox();
    let no = |version: &str, name: &str| {
        let line = format!("pyman: version `{name}' is not a virtualenv\n");
        selecting(&sandbox, version, &["sh-activate"]).is("false\n", &line, 1);
    };
    no("nope", "nope");
    no("3.12", "3.12.1");
    no("", "system");
    for (name, called) in [("conda3", "root"), ("conda3/envs/data", "data")] {
        let tree = sandbox.fake_version(name, &["python"]);
        fs::create_dir(tree.join("conda-meta")).unwrap();
        let mut command = sandbox.pyman(["sh-activate", name]);
        let ran = sandbox.ran(command.env("PYMAN_SHELL", "bash"));
        let line = format!("export CONDA_DEFAULT_ENV=\"{called}\"\n");
        assert!(ran.stdout.contains(&line), "{}", ran.stdout);
    }
    for (prefix, name) in
        [("/some/where/web", "web"), ("versions/3.12.1/envs/web", "3.12.1/envs/web")]
    {
        let mut command = sandbox.pyman(["sh-deactivate", "--verbose"]);
        let ran = sandbox.ran(command.env("VIRTUAL_ENV", sandbox.root().join(prefix)));
        assert_eq!(ran.stderr, format!("pyman: deactivate {name}\n"));
    }
}
