//! `pyman doctor`: what people get wrong, each with the command that mends it.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, chown, symlink};

use crate::support::needs::{NOBODY, as_root, began_as_root, mounts, needs};
use crate::support::sandbox::{Ran, Sandbox};

/// The findings whose level is `problem`: part and what.
fn problems(ran: &Ran) -> Vec<(String, String, Option<String>)> {
    let rows: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let text = |row: &serde_json::Value, key: &str| row[key].as_str().map(str::to_owned);
    rows["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["level"] == "problem")
        .map(|row| (text(row, "part").unwrap(), text(row, "what").unwrap(), text(row, "mend")))
        .collect()
}

/// A sandbox that was set up, with its shims on PATH.
fn set_up() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.fake_version("3.12.1", &["python", "python3.12"]);
    assert_eq!(sandbox.run(&["setup", "bash"]).status, Some(0));
    sandbox
}

fn examine(sandbox: &Sandbox, variables: &[(&str, &str)]) -> Ran {
    let mut command = sandbox.pyman(["doctor", "--json"]);
    let path = format!("{}/shims:/usr/bin:/bin", sandbox.root().display());
    command.env("PATH", path).env("SHELL", "/bin/bash").envs(variables.iter().copied());
    sandbox.ran(&mut command)
}

#[test]
fn a_set_up_that_is_well_has_no_problems() {
    let sandbox = set_up();
    let ran = examine(&sandbox, &[]);
    assert_eq!(problems(&ran), []);
    assert_eq!(ran.status, Some(0));
}

#[test]
fn a_root_that_is_not_there_is_the_first_thing_said() {
    let sandbox = Sandbox::new();
    let ran = examine(&sandbox, &[]);
    let (part, what, mend) = problems(&ran).remove(0);
    assert_eq!((part.as_str(), mend.as_deref()), ("root", Some("pyman setup")));
    assert_eq!(what, "[SANDBOX]/pyman does not exist yet");
    assert_eq!(ran.status, Some(1));
}

#[test]
fn a_version_without_an_interpreter_is_named_and_no_minor_leads_to_it() {
    let sandbox = set_up();
    for place in ["3.11.7/bin", "3.10.2", "mine/bin"] {
        fs::create_dir_all(sandbox.root().join("versions").join(place)).unwrap();
    }
    let minor = sandbox.root().join("minor");
    fs::create_dir_all(&minor).unwrap();
    symlink("../versions/3.11.7", minor.join("3.11")).unwrap();
    sandbox.run(&["rehash"]).succeeds("");
    let names: Vec<_> =
        fs::read_dir(minor).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["3.12"]);
    let said = sandbox.run(&["doctor"]).stdout;
    let problem =
        "problem: versions: 3.11.7 has no bin/python that runs\n    run: pyman install 3.11.7\n";
    let advice = "advice: versions: [SANDBOX]/pyman/versions/3.10.2 has no bin directory: it is no Python\n    \
                  run: pyman install 3.10.2\n";
    assert!(said.contains(problem) && said.contains(advice), "{said}");
    assert!(!said.contains("mine"), "{said}");
}

/// Variables, and what is to be found: the part, some of what is said, some of the mend.
type Mistake<'a> = (&'a [(&'a str, &'a str)], &'a str, &'a str, &'a str);

#[test]
fn every_usual_mistake_is_named_with_its_mend() {
    let sandbox = set_up();
    let system = format!("/usr/bin:{}/shims:/bin", sandbox.root().display());
    let pyenv = sandbox.home().join(".pyenv/shims");
    Sandbox::script(&pyenv.join("python"), "exit 1");
    let other = format!("{}:{}/shims", pyenv.display(), sandbox.root().display());
    let table: [Mistake<'_>; 5] = [
        (&[("PATH", "/usr/bin:/bin")], "path", "is not on PATH", "exec \"$SHELL\""),
        (&[("PATH", &system)], "path", "comes before our shims", "export PATH="),
        (&[("PATH", &other)], "path", "the shims of pyenv", "export PATH="),
        (&[("PYTHONHOME", "/opt")], "variables", "PYTHONHOME=/opt", "unset PYTHONHOME"),
        (&[("VIRTUAL_ENV", "/gone")], "variables", "is no environment", "deactivate"),
    ];
    for (variables, part, what, mend) in table {
        let found = problems(&examine(&sandbox, variables));
        let named = found.iter().any(|(in_part, said, remedy)| {
            in_part == part
                && said.contains(what)
                && remedy.as_deref().is_some_and(|remedy| remedy.contains(mend))
        });
        assert!(named, "{variables:?}: {found:#?}");
    }
}

#[test]
fn what_is_broken_under_versions_is_mended_by_the_command_named() {
    let sandbox = set_up();
    symlink(sandbox.path().join("moved"), sandbox.root().join("versions/gone")).unwrap();
    fs::write(sandbox.root().join("version"), "3.99\n").unwrap();
    let found = problems(&examine(&sandbox, &[]));
    assert_eq!(
        found,
        [
            (
                "versions".to_owned(),
                "gone is a link to [SANDBOX]/moved, which is not there".to_owned(),
                Some("pyman uninstall -f gone".to_owned()),
            ),
            (
                "versions".to_owned(),
                "version `3.99' is not installed (set by [SANDBOX]/pyman/version)".to_owned(),
                Some("pyman install 3.99".to_owned()),
            ),
        ]
    );
}

#[test]
fn a_mend_works_wherever_the_root_is() {
    let sandbox = Sandbox::new();
    let root = sandbox.path().join("it's $(touch planted) a root");
    fs::create_dir(&root).unwrap();
    fs::set_permissions(&root, fs::Permissions::from_mode(0o777)).unwrap();
    let mut command = sandbox.pyman(["doctor", "--json"]);
    let (_, what, mend) = problems(&sandbox.ran(command.env("PYMAN_ROOT", &root))).remove(0);
    assert!(what.contains("can be written by others"), "{what}");
    let mend = mend.unwrap().replace("[SANDBOX]", &sandbox.path().display().to_string());
    sandbox.ran(sandbox.command("/bin/sh").args(["-c", &mend])).succeeds("");
    assert_eq!(fs::metadata(&root).unwrap().permissions().mode() & 0o777, 0o755);
    assert_eq!(fs::read_dir(sandbox.work()).unwrap().count(), 0);
}

#[test]
fn stale_shims_are_noticed_and_rehash_mends_them() {
    let sandbox = set_up();
    let program = sandbox.root().join("bin/pyman-shim");
    fs::remove_file(&program).unwrap();
    fs::write(&program, "an older one").unwrap();
    let found = problems(&examine(&sandbox, &[]));
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].2.as_deref(), Some("pyman rehash"));
    sandbox.run(&["rehash"]).succeeds("");
    assert_eq!(problems(&examine(&sandbox, &[])), []);
}

#[test]
fn a_damaged_catalogue_is_named_and_mended_by_the_command() {
    let sandbox = set_up();
    let file = sandbox
        .write("pyman/catalogue/live-prebuilt.jsonl", "{\"kind\":\"list\"}\n{\"version\":\n");
    let found = problems(&examine(&sandbox, &[]));
    let [(part, what, Some(mend))] = found.as_slice() else { panic!("{found:#?}") };
    assert_eq!(part, "root");
    let named = "[SANDBOX]/pyman/catalogue/live-prebuilt.jsonl, line 2 is passed over: ";
    assert!(what.starts_with(named), "{what}");
    let mend = mend.replace("[SANDBOX]", &sandbox.path().display().to_string());
    let mut shell = sandbox.command("/bin/sh");
    shell.args(["-c", &format!("pyman() {{ \"$PYMAN\" \"$@\"; }}; {mend}")]);
    shell.env("PYMAN", crate::support::program());
    // The sandbox has no network to fetch a new one from.
    assert_eq!(shell.status().unwrap().code(), Some(3));
    assert!(!file.exists());
    assert_eq!(problems(&examine(&sandbox, &[])), []);
}

#[test]
fn what_cannot_be_examined_is_a_finding_and_the_rest_is_told() {
    let sandbox = set_up();
    let versions = sandbox.root().join("versions");
    fs::remove_dir_all(&versions).unwrap();
    fs::write(&versions, "").unwrap();
    let found = problems(&examine(&sandbox, &[("PYTHONHOME", "/opt")]));
    let parts: Vec<&str> = found.iter().map(|(part, ..)| part.as_str()).collect();
    assert!(parts.contains(&"root") && parts.contains(&"variables"), "{found:#?}");
    let named = "[SANDBOX]/pyman/versions is no directory";
    assert!(found.iter().any(|(_, what, _)| what.starts_with(named)), "{found:#?}");
}

#[test]
fn state_that_is_no_more_what_it_was_is_named_and_mended() {
    let sandbox = set_up();
    let root = sandbox.root();
    fs::create_dir_all(root.join("versions/3.12.1/.pyman/receipt.json")).unwrap();
    symlink("loop", root.join("versions/loop")).unwrap();
    fs::write(root.join("version"), "\u{1b}[31m'x\n3.9\n").unwrap();
    for place in ["locks", "minor", "shims", "init"] {
        fs::remove_dir_all(root.join(place)).unwrap_or_default();
        fs::write(root.join(place), "").unwrap();
    }
    let found = problems(&examine(&sandbox, &[]));
    let mend = |part: &str, start: &str| {
        let mut found = found.iter().filter(|(of, what, _)| of == part && what.starts_with(start));
        let (_, _, mend) = found.next().unwrap_or_else(|| panic!("{part} {start}: {found:#?}"));
        mend.clone()
    };
    for place in ["locks", "minor", "shims", "init"] {
        let place = format!("[SANDBOX]/pyman/{place}");
        let expected =
            format!("mkdir {place}.damaged && mv {place} {place}.damaged/ && pyman rehash");
        assert_eq!(mend("root", &format!("{place} is no directory")), Some(expected));
    }
    let expected = "pyman install --reinstall 3.12.1".to_owned();
    assert_eq!(mend("versions", "the receipt of 3.12.1 cannot be read"), Some(expected));
    let expected = "pyman uninstall -f loop".to_owned();
    assert_eq!(mend("versions", "loop is a link"), Some(expected));
    assert_eq!(mend("versions", "version `\\u{1b}[31m'x'"), None);
    assert_eq!(mend("versions", "version `3.9'"), Some("pyman install 3.9".to_owned()));
    assert!(found.iter().all(|(part, ..)| part != "environments"), "{found:#?}");
}

#[test]
fn a_root_of_somebody_elses_is_warned_of_by_what_writes_there() {
    let sandbox = set_up();
    let root = sandbox.root();
    needs!(began_as_root(), "root, to be two accounts");
    let give = |to| as_root(|| chown(&root, Some(to), None).unwrap());
    fs::set_permissions(&root, fs::Permissions::from_mode(0o777)).unwrap();
    give(54_321);
    let shown = "[SANDBOX]/pyman";
    let warning = format!(
        "warning: {shown} belongs to user 54321, what is made there now will not: `chown -R 54321 {shown}' \
         gives it to them\n"
    );
    sandbox.run(&["uninstall", "-f", "3.12.1"]).is("pyman: 3.12.1 uninstalled\n", &warning, 0);
    let rows: serde_json::Value = serde_json::from_str(&examine(&sandbox, &[]).stdout).unwrap();
    let said = rows["findings"].as_array().unwrap().iter().find(|row| {
        row["part"] == "root" && row["what"].as_str().unwrap().contains("belongs to user 54321")
    });
    // A root that is shared on purpose is nobody's to take over.
    let said = said.unwrap_or_else(|| panic!("{rows:#}"));
    assert_eq!(said["mend"], "export PYMAN_ROOT=\"$HOME/.pyman\"");
    assert!(!rows.to_string().contains("chown"), "{rows:#}");
    give(NOBODY);
}

#[test]
fn a_link_in_a_place_of_ours_is_named_and_the_command_mends_it() {
    for place in ["versions", "shims", "minor", "locks", "cache", "init"] {
        let sandbox = set_up();
        let (ours, elsewhere) = (sandbox.root().join(place), sandbox.path().join("elsewhere"));
        fs::create_dir_all(&ours).unwrap();
        fs::rename(&ours, &elsewhere).unwrap();
        fs::write(elsewhere.join("canary"), "precious").unwrap();
        symlink(&elsewhere, &ours).unwrap();
        let found = problems(&examine(&sandbox, &[]));
        let said = format!("[SANDBOX]/pyman/{place} is a link, through which pyman writes nothing");
        let (.., mend) = found.iter().find(|(_, what, _)| *what == said).unwrap();
        let mend = mend.clone().unwrap().replace("[SANDBOX]", &sandbox.path().to_string_lossy());
        let mut shell = sandbox.command("/bin/sh");
        let pyman = std::path::Path::new(crate::support::program()).parent().unwrap();
        shell.args(["-c", &mend]).env("PATH", format!("{}:/usr/bin:/bin", pyman.display()));
        let ran = sandbox.ran(&mut shell);
        assert_eq!(ran.status, Some(0), "{place}: {mend}: {}", ran.stderr);
        let left = problems(&examine(&sandbox, &[]));
        assert!(left.iter().all(|(part, ..)| part != "root"), "{place}: {left:#?}");
        assert_eq!(fs::read_to_string(elsewhere.join("canary")).unwrap(), "precious");
    }
}

/// What is found about the root and what is in it, advice included: what, and the mend.
fn found(sandbox: &Sandbox) -> Vec<(String, Option<String>)> {
    let rows: serde_json::Value = serde_json::from_str(&examine(sandbox, &[]).stdout).unwrap();
    let text = |row: &serde_json::Value, key: &str| row[key].as_str().map(str::to_owned);
    let rows = rows["findings"].as_array().unwrap().iter().filter(|row| row["part"] != "build");
    rows.map(|row| (text(row, "what").unwrap(), text(row, "mend"))).collect()
}

/// Does in the root what a shell does, pyman on PATH.
fn shell(sandbox: &Sandbox, script: &str) -> Ran {
    let pyman = std::path::Path::new(crate::support::program()).parent().unwrap();
    let script = script.replace("[SANDBOX]", &sandbox.path().to_string_lossy());
    let mut shell = sandbox.command("/bin/sh");
    shell.args(["-c", &script]).current_dir(sandbox.root());
    sandbox.ran(shell.env("PATH", format!("{}:/usr/bin:/bin", pyman.display())))
}

#[test]
fn whatever_stops_a_writer_is_named_with_the_command_after_which_doctor_is_silent() {
    let mut table: Vec<(String, String)> = [
        ("rm -f minor/3.12; mkdir -p minor/3.12/mine", "minor/3.12 is a directory that holds"),
        ("rm -f .rehashed; mkdir -p .rehashed/mine", ".rehashed is a directory that holds"),
        ("mkdir -p .hooked/mine", ".hooked is a directory that holds"),
        ("rm -f bin/pyman; mkdir -p bin/pyman/mine", "bin/pyman is a directory that holds"),
        ("rm -f bin/pyman-shim; mkdir -p bin/pyman-shim/mine", "bin/pyman-shim is a directory that"),
        ("rm -f shims/python; mkdir -p shims/python/mine", "shims/python is a directory that holds"),
        ("mkdir -p locks/3.12.1.lock/mine", "locks/3.12.1.lock is a directory that holds"),
        ("mkdir -p stage/photos/lib/mine", "stage/photos is no stage of ours, and stays"),
        ("mkdir -p stage/shut/lib/mine; chmod 0 stage/shut", "stage/shut is shut to you, whose it is"),
        ("mkdir -p minor/mine; chmod 0 minor/mine; rm -f minor/3.12; mv minor/mine minor/3.12; mkdir mine", "minor/3.12 is"),
        ("mkdir -p plugins/mine; chmod 0 plugins", "plugins is shut to you, whose it is"),
        ("chmod 0 versions/3.12.1; mkdir mine", "3.12.1 is there, and you may not read it"),
        ("chmod 500 .; mkdir ../home/mine", "[SANDBOX]/pyman is not writable"),
    ]
    .map(|(broken, named)| (broken.to_owned(), named.to_owned()))
    .into();
    let folders = [
        "versions",
        "minor",
        "stage",
        "locks",
        "cache",
        "logs",
        "sources",
        "shims",
        "bin",
        "catalogue",
        "environments",
        "init",
    ];
    for folder in folders {
        for mode in ["0", "500"] {
            table.push((
                format!("mkdir -p {folder} mine; chmod {mode} {folder}"),
                format!("{folder} is shut to you, whose it is"),
            ));
        }
    }
    for (broken, named) in table {
        let sandbox = set_up();
        sandbox.run(&["rehash"]).succeeds("");
        assert_eq!(found(&sandbox), [], "{broken}");
        shell(&sandbox, &broken).succeeds("");
        let mut said = found(&sandbox);
        assert!(said.iter().any(|(what, _)| what.contains(&named)), "{broken}: {said:#?}");
        // What lies behind what is shut is found when that is mended.
        for _ in 0..2 {
            for (_, mend) in said {
                let mend = mend.unwrap_or_else(|| panic!("{broken}: no mend"));
                let ran = shell(&sandbox, &mend);
                assert_eq!(ran.status, Some(0), "{broken}: {mend}: {ran:?}");
            }
            said = found(&sandbox);
        }
        assert_eq!(said, [], "{broken}");
        let kept = shell(&sandbox, "find .. -name mine -path '*mine' | wc -l").stdout;
        assert_eq!(kept.trim(), "1", "{broken}: nothing of somebody's goes");
        sandbox.run(&["rehash"]).succeeds("");
        let ran = sandbox.run(&["uninstall", "-f", "3.12.1"]);
        assert_eq!(ran.status, Some(0), "{broken}: {ran:?}");
    }
}

#[test]
fn what_no_writer_minds_is_not_spoken_of() {
    let sandbox = set_up();
    shell(&sandbox, "touch shims/.pyman-new-notes; mkdir -p shims/notes/mine locks/notes/mine")
        .succeeds("");
    assert_eq!(found(&sandbox), []);
}

#[test]
fn what_another_account_put_in_the_place_of_ours_is_named_and_goes_out_of_the_way() {
    needs!(began_as_root(), "root, to be two accounts");
    for name in ["bin/pyman", "bin/pyman-shim", ".rehashed", "locks/3.12.1.lock", "minor/3.12"] {
        let sandbox = set_up();
        let place = sandbox.root().join(name);
        shell(&sandbox, &format!("rm -f {name}; mkdir -p locks minor; echo theirs > {name}"));
        as_root(|| chown(&place, Some(54_321), None).unwrap());
        let said = found(&sandbox);
        let what =
            format!("[SANDBOX]/pyman/{name} is another account's, in the place of what is ours");
        let (_, mend) =
            said.iter().find(|(said, _)| *said == what).unwrap_or_else(|| panic!("{said:#?}"));
        let ran = shell(&sandbox, mend.as_ref().unwrap());
        assert_eq!(ran.status, Some(0), "{name}: {ran:?}");
        assert_eq!(found(&sandbox), [], "{name}");
    }
}

#[test]
fn what_is_mounted_among_the_shims_is_named_and_not_removed() {
    needs!(mounts(), "to mount");
    let sandbox = set_up();
    let script = "mkdir -p shims/volume && mount -t tmpfs tmpfs shims/volume && touch shims/volume/mine || exit 99\n\
                  \"$PYMAN\" doctor\n\"$PYMAN\" rehash || exit 1\nls shims/volume";
    let mut command = sandbox.command("unshare");
    command.args(["--mount", "--map-root-user", "/bin/sh", "-c", script]);
    command.env("PYMAN", crate::support::program()).current_dir(sandbox.root());
    let ran = sandbox.ran(&mut command);
    let named = "problem: shims: a file system is mounted at [SANDBOX]/pyman/shims/volume, and in the way\n";
    assert!(ran.stdout.contains(named), "{ran:?}");
    let mend = "run: sudo umount [SANDBOX]/pyman/shims/volume && pyman rehash\n";
    assert!(ran.stdout.contains(mend) && ran.stdout.ends_with("mine\n"), "{ran:?}");
}

#[test]
fn a_report_has_what_helps_and_no_secrets() {
    let sandbox = set_up();
    sandbox.write(
        "home/.config/pyman/settings.toml",
        "mirrors = [\"https://ada:s3cret@mirror.example/python\"]\n",
    );
    let mut command = sandbox.pyman(["doctor", "--report"]);
    let variables = [
        ("PIP_INDEX_URL", "https://ada:s3cret@pip.example/simple?key=s3cret"),
        ("https_proxy", "http://ada:s3cret@proxy.example:3128"),
        ("UV_PUBLISH_TOKEN", "s3cret"),
        ("PIP_PASSWORD", "s3cret"),
        ("AWS_SECRET_ACCESS_KEY", "s3cret"),
        ("PYTHONPATH", "/opt/lib"),
    ];
    command.envs(variables);
    let ran = sandbox.ran(&mut command);
    assert!(!ran.stdout.contains("s3cret") && !ran.stdout.contains("AWS"), "{}", ran.stdout);
    // Where the home is says who somebody is.
    assert!(!ran.stdout.contains("[SANDBOX]/home"), "{}", ran.stdout);
    for line in [
        concat!("    pyman ", env!("CARGO_PKG_VERSION"), " ("),
        "    its root is [SANDBOX]/pyman\n",
        "    ~/.config/pyman/settings.toml\n        mirrors = [\"https://mirror.example/python\"]\n",
        "    PIP_INDEX_URL=https://pip.example/simple\n",
        "    https_proxy=http://proxy.example:3128\n",
        "    UV_PUBLISH_TOKEN is set\n",
        "    PYTHONPATH=/opt/lib\n",
        "versions\n    3.12.1\n",
        "    system (set by [SANDBOX]/pyman/version)\n",
        "    /usr/bin\n    /bin\n",
        "    advice: variables: PYTHONPATH=/opt/lib: every Python, of any version, imports from there\n        run: unset PYTHONPATH\n",
    ] {
        assert!(ran.stdout.contains(line), "{line}: {}", ran.stdout);
    }
    assert_eq!((&*ran.stderr, ran.status), ("", Some(0)));
}
