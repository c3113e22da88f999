//! `pyman doctor`: what people get wrong, each with the command that mends it.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};

use crate::support::needs::needs;
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
        (&[("PATH", &other)], "path", "the shims of pyenv", "pyman import pyenv"),
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
    fs::write(sandbox.root().join("bin/pyman-shim"), "an older one").unwrap();
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
    needs!(std::os::unix::fs::chown(&root, Some(54_321), None).is_ok(), "root");
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
