//! Listed, removed, moved, cloned, mended: by the real binary.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, symlink};
use std::path::Path;

use super::{Python, create, names, output, sandbox};
use crate::support::needs::{needs, say};
use crate::support::sandbox::Sandbox;

/// An environment with a script, an editable package and a prompt, at `place`.
fn furnished(sandbox: &Sandbox, python: &Python, place: &str) {
    let ran = create(sandbox, &["--no-pip", "-p", &python.version, place]);
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    let directory = sandbox.run(&["venv", "path", place]).stdout;
    let directory = directory.trim().replace("[SANDBOX]", sandbox.path().to_str().unwrap());
    let packages = format!("{directory}/lib/python{}/site-packages", python.minor());
    let write = |path: &str, text: String| {
        fs::create_dir_all(Path::new(path).parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write(&format!("{directory}/src/mine.py"), "value = 7\n".into());
    write(&format!("{packages}/mine.pth"), format!("{directory}/src\n"));
    write(
        &format!("{packages}/mine-1.dist-info/direct_url.json"),
        format!("{{\"url\": \"file://{directory}/src\"}}"),
    );
    let script = format!("{directory}/bin/tool");
    Sandbox::script(Path::new(&script), "");
    write(
        &script,
        format!("#!{directory}/bin/python\nimport mine, sys\nprint(mine.value, sys.prefix)\n"),
    );
}

#[test]
fn what_is_there_is_listed_and_what_lost_its_base_is_called_broken() {
    let python = Python::newest();
    let sandbox = sandbox(std::slice::from_ref(&python));
    let version = &python.version;
    for place in ["web", "./project/.venv"] {
        assert_eq!(create(&sandbox, &["--no-pip", "-p", version, place]).status, Some(0));
    }
    let root = "[SANDBOX]/pyman/versions";
    let listed = sandbox.run(&["venv", "list"]);
    let lines: Vec<Vec<&str>> =
        listed.stdout.lines().map(|line| line.split_whitespace().collect()).collect();
    let base = format!("{root}/{version}");
    assert_eq!(
        lines,
        [
            ["web", version, "[SANDBOX]/home/.virtualenvs/web", &base],
            [".venv", version, "[SANDBOX]/work/project/.venv", &base],
        ]
    );
    fs::remove_file(sandbox.root().join("versions").join(version)).unwrap();
    fs::remove_dir_all(sandbox.work().join("project")).unwrap();
    let json = sandbox.run(&["venv", "list", "--json"]).stdout;
    let rows: serde_json::Value = serde_json::from_str(&json).unwrap();
    let rows = &rows["environments"];
    assert_eq!(
        *rows,
        serde_json::json!([{
            "name": "web", "version": version, "path": "[SANDBOX]/home/.virtualenvs/web",
            "base": base, "broken": true,
        }])
    );
}

#[test]
fn what_links_lead_to_is_listed_once() {
    let python = Python::newest();
    let sandbox = sandbox(std::slice::from_ref(&python));
    fs::create_dir(sandbox.work().join("real")).unwrap();
    symlink("real", sandbox.work().join("link")).unwrap();
    for place in ["./link/e", "./real/e"] {
        assert_eq!(create(&sandbox, &["--no-pip", "-p", &python.version, place]).status, Some(0));
    }
    let listed = sandbox.run(&["venv", "list"]).stdout;
    assert_eq!(listed.lines().count(), 1, "{listed}");
}

#[test]
fn only_environments_that_are_not_active_are_removed_and_no_link_is_followed() {
    let python = Python::newest();
    let sandbox = sandbox(std::slice::from_ref(&python));
    let precious = sandbox.write("work/precious/file", "x");
    for place in ["web", "./.venv"] {
        assert_eq!(create(&sandbox, &["--no-pip", "-p", &python.version, place]).status, Some(0));
    }
    symlink(sandbox.work().join("precious"), sandbox.work().join(".venv/link")).unwrap();
    symlink(".venv", sandbox.work().join("alias")).unwrap();
    for (place, said) in [("./precious", "precious"), ("./gone", "gone")] {
        let expected = format!("pyman: `[SANDBOX]/work/{said}' is no environment\n");
        sandbox.run(&["venv", "remove", place]).fails(&expected, 1);
    }
    sandbox.run(&["venv", "remove", "./alias"]).fails(
        "pyman: `[SANDBOX]/work/alias' is a link, through which pyman makes and removes nothing\n\
         hint: name the place that it leads to, or remove the link\n",
        1,
    );
    let mut active = sandbox.pyman(["venv", "remove", "web"]);
    active.env("VIRTUAL_ENV", sandbox.home().join(".virtualenvs/web"));
    sandbox.ran(&mut active).fails(
        "pyman: `[SANDBOX]/home/.virtualenvs/web' is the active environment\nhint: run `deactivate` first\n",
        1,
    );
    sandbox
        .run(&["venv", "remove", "web", "./.venv"])
        .succeeds("removed [SANDBOX]/home/.virtualenvs/web\nremoved [SANDBOX]/work/.venv\n");
    assert!(precious.is_file());
    assert_eq!(names(&sandbox.work()), ["alias", "precious"]);
    assert_eq!(names(&sandbox.home().join(".virtualenvs")), [""; 0]);
    assert_eq!(names(&sandbox.root().join("versions")), [python.version]);
    assert_eq!(sandbox.run(&["venv", "list"]).stdout, "");
}

#[test]
fn a_moved_environment_knows_where_it_is() {
    let python = Python::newest();
    let sandbox = sandbox(std::slice::from_ref(&python));
    furnished(&sandbox, &python, "web");
    sandbox
        .run(&["venv", "move", "web", "./else where/it's"])
        .succeeds("moved [SANDBOX]/home/.virtualenvs/web to [SANDBOX]/work/else where/it's\n");
    let moved = sandbox.work().join("else where/it's");
    assert_eq!(output(&sandbox, moved.join("bin/tool"), &[]), format!("7 {}\n", moved.display()));
    assert_eq!(names(&sandbox.home().join(".virtualenvs")), [""; 0]);
    assert_eq!(names(&sandbox.root().join("versions")), [python.version.as_str()]);
    let url =
        format!("lib/python{}/site-packages/mine-1.dist-info/direct_url.json", python.minor());
    let url = fs::read_to_string(moved.join(url)).unwrap();
    assert!(url.ends_with("/work/else%20where/it's/src\"}"), "{url}");
    let activate = fs::read_to_string(moved.join("bin/activate")).unwrap();
    assert!(!activate.contains(".virtualenvs/web"));
    let config = fs::read_to_string(moved.join("pyvenv.cfg")).unwrap();
    assert!(config.contains("/else where/it's\n") && !config.contains(".virtualenvs"), "{config}");
}

#[test]
fn a_clone_has_files_of_its_own() {
    let python = Python::newest();
    let sandbox = sandbox(std::slice::from_ref(&python));
    furnished(&sandbox, &python, "./one");
    sandbox
        .run(&["venv", "clone", "./one", "two"])
        .succeeds("cloned [SANDBOX]/work/one to [SANDBOX]/home/.virtualenvs/two\n");
    let one = sandbox.work().join("one");
    let two = sandbox.home().join(".virtualenvs/two");
    for directory in [&one, &two] {
        let expected = format!("7 {}\n", directory.display());
        assert_eq!(output(&sandbox, directory.join("bin/tool"), &[]), expected);
    }
    let inode = |directory: &Path| fs::metadata(directory.join("src/mine.py")).unwrap().ino();
    assert_ne!(inode(&one), inode(&two));
    assert_eq!(fs::read_link(sandbox.root().join("versions/two")).unwrap(), two);
    sandbox.run(&["venv", "clone", "./one", "two"]).fails(
        "pyman: `[SANDBOX]/home/.virtualenvs/two' exists already\n\
         hint: choose another place, or remove what stands there\n",
        1,
    );
}

#[test]
fn kernels_follow_a_clone_and_a_move_though_their_paths_are_escaped() {
    let python = Python::newest();
    let sandbox = sandbox(std::slice::from_ref(&python));
    let one = sandbox.work().join("André's one");
    create(&sandbox, &["--no-pip", "-p", &python.version, one.to_str().unwrap()]);
    // As Jupyter's own installer writes it.
    let write = "import json, os, sys\n\
        place = os.path.join(sys.prefix, 'share/jupyter/kernels/python3')\n\
        os.makedirs(place)\n\
        with open(os.path.join(place, 'kernel.json'), 'w') as file:\n    \
        json.dump({'argv': [sys.executable, '-m', 'x'], 'display_name': 'Python 3'}, file, indent=1)\n";
    output(&sandbox, one.join("bin/python"), &["-c", write]);
    let words = ["clone", "move"].map(|word| vec!["venv", word, one.to_str().unwrap()]);
    for (mut words, goal) in words.into_iter().zip(["Zoë", "plain"]) {
        let goal = sandbox.work().join(goal);
        words.push(goal.to_str().unwrap());
        assert_eq!(sandbox.run(&words).status, Some(0));
        let file = goal.join("share/jupyter/kernels/python3/kernel.json");
        let text = fs::read_to_string(file).unwrap();
        let kernel: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(kernel["argv"][0], goal.join("bin/python").to_str().unwrap(), "{text}");
        assert_eq!(kernel["display_name"], "Python 3");
    }
}

#[test]
fn doctor_sees_what_was_moved_by_hand() {
    let python = Python::newest();
    let sandbox = sandbox(std::slice::from_ref(&python));
    for (furnish, place) in [(true, "one"), (false, "bare")] {
        let here = format!("./{place}");
        if furnish {
            furnished(&sandbox, &python, &here);
        } else {
            create(&sandbox, &["--no-pip", "-p", &python.version, &here]);
        }
        sandbox.run(&["doctor", &here]).succeeds("everything is well\n");
        let moved = sandbox.work().join(format!("{place} moved"));
        fs::rename(sandbox.work().join(place), &moved).unwrap();
        let moved = moved.to_str().unwrap();
        let told = sandbox.run(&["doctor", moved]);
        let shown = format!("[SANDBOX]/work/{place} moved");
        let said = format!("{shown} was made elsewhere and moved since");
        assert!(told.stdout.contains(&said), "{told:?}");
        assert!(told.stdout.contains(&format!("pyman venv repair '{shown}'")), "{told:?}");
        assert_eq!(sandbox.run(&["venv", "repair", moved]).status, Some(0));
        sandbox.run(&["doctor", moved]).succeeds("everything is well\n");
    }
}

#[test]
fn what_was_moved_by_hand_is_mended() {
    let python = Python::newest();
    let sandbox = sandbox(std::slice::from_ref(&python));
    furnished(&sandbox, &python, "./one");
    fs::rename(sandbox.work().join("one"), sandbox.work().join("two")).unwrap();
    sandbox.run(&["venv", "repair", "./two"]).succeeds("[SANDBOX]/work/two names its new place\n");
    let two = sandbox.work().join("two");
    assert_eq!(output(&sandbox, two.join("bin/tool"), &[]), format!("7 {}\n", two.display()));
    sandbox.run(&["venv", "repair", "./two"]).succeeds("[SANDBOX]/work/two is well\n");
}

#[test]
fn environments_in_the_versions_of_a_moved_root_are_mended_by_what_doctor_says() {
    let sandbox = Sandbox::new();
    let (old, new) = (sandbox.root(), sandbox.path().join("moved"));
    for version in ["3.12.1", "3.12.7"] {
        sandbox.fake_version(version, &["python", "python3", "python3.12", "python3.12-config"]);
        fs::create_dir_all(old.join("versions").join(version).join("lib/python3.12")).unwrap();
    }
    for name in ["web", "api", "third"] {
        let ran = sandbox.run(&["virtualenv", "--no-pip", "3.12.1", name]);
        assert_eq!(ran.status, Some(0), "{ran:?}");
        let place = old.join("versions/3.12.1/envs").join(name);
        Sandbox::script(&place.join("bin/tool"), "");
        fs::write(place.join("bin/tool"), format!("#!{}/bin/python\nx\n", place.display()))
            .unwrap();
    }
    symlink(old.join("versions/3.12.1/envs/web"), old.join("versions/alias")).unwrap();
    fs::rename(&old, &new).unwrap();
    let run = |words: &[&str]| sandbox.ran(sandbox.pyman(words).env("PYMAN_ROOT", &new));
    let shown = |path: &Path| path.display().to_string();
    // As doctor says, by the name that `virtualenvs` lists, and by path.
    let doctor = run(&["doctor"]).stdout;
    for (name, said) in [("web", "web"), ("api", "3.12.1/envs/api"), ("third", "")] {
        let place = new.join("versions/3.12.1/envs").join(name);
        assert!(doctor.contains(&format!("    run: pyman venv repair {name}\n")), "{doctor}");
        assert!(!doctor.contains("virtualenv-delete"), "{doctor}");
        let said = if said.is_empty() { shown(&place) } else { said.to_owned() };
        let ran = run(&["venv", "repair", &said]);
        let expected = format!(
            "[SANDBOX]/moved/versions/3.12.1/envs/{name} names its new place\n\
             [SANDBOX]/moved/versions/3.12.1/envs/{name} stands on 3.12.1 ([SANDBOX]/moved/versions/3.12.1/bin)\n"
        );
        ran.succeeds(&expected);
        assert_eq!(fs::read_link(new.join("versions").join(name)).unwrap(), place);
        let tool = sandbox.ran(&mut sandbox.command(place.join("bin/tool")));
        tool.succeeds(&format!("[SANDBOX]/moved/versions/3.12.1/envs/{name}/bin/python [SANDBOX]/moved/versions/3.12.1/envs/{name}/bin/tool\n"));
        let left =
            sandbox.ran(sandbox.command("grep").arg("-rl").arg(old.join("versions")).arg(&place));
        left.fails("", 1);
        for entry in fs::read_dir(place.join("bin")).unwrap() {
            assert!(entry.unwrap().path().exists(), "a link that leads nowhere: {place:?}");
        }
    }
    assert!(new.join("versions/alias/bin/tool").exists());
    let doctor = run(&["doctor"]).stdout;
    assert!(!doctor.contains("lost the Python") && !doctor.contains("not there"), "{doctor}");
}

#[test]
fn what_lost_its_base_is_put_on_the_same_minor() {
    for python in Python::modern().into_iter().filter(Python::brings_pip).take(2) {
        let sandbox = sandbox(std::slice::from_ref(&python));
        furnished(&sandbox, &python, "./one");
        let versions = sandbox.root().join("versions");
        let other = format!("{}.99", python.minor());
        fs::remove_file(versions.join(&python.version)).unwrap();
        let minor = python.minor();
        sandbox.run(&["venv", "repair", "./one"]).fails(
            &format!(
                "pyman: version `{minor}' is not installed; nothing is installed\nhint: run `pyman install {minor}' first; `pyman venv create --install' does it by itself\n"
            ),
            1,
        );
        symlink(&python.prefix, versions.join(&other)).unwrap();
        let ran = sandbox.run(&["venv", "repair", "./one"]);
        let expected =
            format!("[SANDBOX]/work/one stands on {other} ([SANDBOX]/pyman/minor/{minor}/bin)\n");
        ran.succeeds(&expected);
        let one = sandbox.work().join("one");
        assert_eq!(output(&sandbox, one.join("bin/tool"), &[]), format!("7 {}\n", one.display()));
    }
}

#[test]
fn paths_are_printed_to_be_pasted() {
    let python = Python::newest();
    let sandbox = sandbox(std::slice::from_ref(&python));
    assert_eq!(create(&sandbox, &["--no-pip", "-p", &python.version, "web"]).status, Some(0));
    let web = "[SANDBOX]/home/.virtualenvs/web";
    sandbox.run(&["venv", "path", "web"]).succeeds(&format!("{web}\n"));
    sandbox.run(&["venv", "path", "web", "--python"]).succeeds(&format!("{web}/bin/python\n"));
    let packages = format!("{web}/lib/python{}/site-packages\n", python.minor());
    sandbox.run(&["venv", "path", "web", "--site-packages"]).succeeds(&packages);
    sandbox
        .run(&["venv", "path", "nope"])
        .fails("pyman: `[SANDBOX]/home/.virtualenvs/nope' is no environment\n", 1);
}

#[test]
fn a_library_that_is_nowhere_is_named_with_the_module_that_needs_it() {
    let python = Python::newest();
    let sandbox = sandbox(std::slice::from_ref(&python));
    assert_eq!(create(&sandbox, &["--no-pip", "-p", &python.version, "web"]).status, Some(0));
    sandbox.run(&["doctor", "web"]).succeeds("everything is well\n");
    let source = sandbox.write("work/x.c", "void *PyInit_x(void) { return 0; }\n");
    let lost = sandbox.write("work/y.c", "int lost(void) { return 0; }\n");
    let packages =
        sandbox.home().join(format!(".virtualenvs/web/lib/python{}/site-packages", python.minor()));
    let compile = |arguments: &[&std::ffi::OsStr]| {
        let mut compiler = std::process::Command::new("cc");
        compiler.args(["-shared", "-fPIC", "-Wl,--no-as-needed"]).args(arguments);
        compiler.current_dir(sandbox.work()).status().is_ok_and(|status| status.success())
    };
    let module = packages.join("x.so");
    let compiled = compile(&[lost.as_ref(), "-o".as_ref(), "libpq.so.5".as_ref()])
        && compile(&[source.as_ref(), "libpq.so.5".as_ref(), "-o".as_ref(), module.as_ref()]);
    needs!(compiled, "a C compiler");
    let ran = sandbox.run(&["doctor", "web"]);
    // Linked by the path it was given as, so it is looked for by that name.
    let said = "problem: environments: libpq.so.5 is nowhere on this machine, and x.so needs it\n";
    // A machine that has more than others lacks nothing.
    if Path::new("/usr/lib/x86_64-linux-gnu/libpq.so.5").is_file() {
        say("SKIPPED: libpq, which is to be missing, is here");
        return;
    }
    assert!(ran.stdout.starts_with(said), "{}", ran.stdout);
    assert_eq!(ran.status, Some(1));
    let cloned = sandbox.run(&["venv", "clone", "web", "two"]);
    assert!(cloned.stderr.starts_with("warning: libpq.so.5 is nowhere"), "{}", cloned.stderr);
    assert_eq!(cloned.status, Some(0));
}
