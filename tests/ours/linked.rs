//! A link for the environments of a version, before a command and during it; and what doctor says of links.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use super::{Canary, bounded, everything, lived_in, restored, run};
use crate::support::needs::as_ordinary_user;
use crate::support::sandbox::Ran;
use crate::support::tiny::Stall;

/// Somebody's directory of environments, with one in it that is whole but for its base.
fn foreign(stall: &Stall) -> PathBuf {
    let place = stall.sandbox.path().join("foreign");
    fs::remove_dir_all(&place).unwrap_or_default();
    for (file, text) in [
        ("pyvenv.cfg", "home = /usr/bin\nversion = 3.12.1\n"),
        ("precious", "mine\n"),
        ("bin/python", "#!/bin/sh\n"),
        ("lib/python3.12/site-packages/theirs.py", "\n"),
    ] {
        let file = place.join("q").join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    place
}

#[test]
fn no_command_about_environments_goes_through_a_linked_envs() {
    as_ordinary_user(|| {
        let stall = lived_in();
        let bundle = stall.sandbox.work().join("made.tar.gz");
        stall.prepare(&["venv", "bundle", "web", "-o", "made.tar.gz"]);
        assert!(bundle.is_file());
        stall.sandbox.keep("lived in");
        let root = stall.sandbox.root();
        let (typed, fresh) = ("../pyman/versions/3.12.1/envs/q", "../pyman/versions/3.12.1/envs/x");
        let commands: [&[&str]; 19] = [
            &["venv", "remove", "q"],
            &["venv", "remove", typed],
            &["venv", "move", "q", "./moved"],
            &["venv", "move", typed, "moved"],
            &["venv", "move", "web", fresh],
            &["venv", "clone", "q", "./second"],
            &["venv", "clone", typed, "second"],
            &["venv", "clone", "web", fresh],
            &["venv", "repair", "q"],
            &["venv", "repair", typed, "-p", "3.11"],
            &["venv", "create", "--no-pip", "-p", "3.12", fresh],
            &["venv", "create", "--no-pip", "--clear", "-p", "3.12", typed],
            &["venv", "bundle", "q", "-o", "other.tar.gz"],
            &["venv", "unbundle", "made.tar.gz", fresh],
            &["venv", "export", "q"],
            &["virtualenv", "--no-pip", "3.12.1", "x"],
            &["virtualenv", "--no-pip", "-f", "3.12.1", "q"],
            &["mirror", "set", "tuna", "--pip", "--env", "q"],
            &["virtualenv-delete", "-f", "3.12.1/envs/q"],
        ];
        for command in commands {
            restored(&stall);
            let place = foreign(&stall);
            let before = everything(&place);
            let envs = root.join("versions/3.12.1/envs");
            fs::rename(&envs, root.join("versions/3.12.1/aside")).unwrap();
            symlink(&place, &envs).unwrap();
            symlink(envs.join("q"), root.join("versions/q")).unwrap();
            let ran = run(&stall, command);
            assert_eq!(everything(&place), before, "{command:?}: {ran:?}");
            assert!(ran.status.is_some_and(|status| status != 0), "{command:?}: {ran:?}");
            let link = root.join("versions/q");
            assert_eq!(fs::read_link(link).unwrap(), envs.join("q"), "{command:?}: {ran:?}");
            let elsewhere = [stall.sandbox.home().join(".virtualenvs"), stall.sandbox.work()];
            for made in ["moved", "second", "other.tar.gz"] {
                assert!(elsewhere.iter().all(|place| !place.join(made).exists()), "{command:?}");
            }
        }
    });
}

/// Runs a command while `envs` is exchanged again and again for a link and back.
fn raced(stall: &Stall, envs: &Path, place: &Path, command: &[&str]) -> Ran {
    let aside = envs.with_file_name("aside");
    let mut pyman = stall.pyman(command);
    let mut child =
        pyman.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let status = loop {
        // Whatever the command made or took meanwhile: what cannot be exchanged is exchanged the next time.
        if fs::rename(envs, &aside).is_ok() {
            symlink(place, envs).unwrap_or_default();
            thread::yield_now();
            fs::remove_file(envs).unwrap_or_default();
            fs::rename(&aside, envs).unwrap_or_default();
        }
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        thread::sleep(Duration::from_micros(200));
    };
    Ran { stdout: String::new(), stderr: String::new(), status: status.code() }
}

#[test]
fn an_envs_that_is_exchanged_for_a_link_meanwhile_leads_no_command_out() {
    as_ordinary_user(|| {
        let stall = lived_in();
        stall.prepare(&["virtualenv", "--no-pip", "3.12.1", "q"]);
        stall.sandbox.keep("lived in");
        let envs = stall.sandbox.root().join("versions/3.12.1/envs");
        let typed = "../pyman/versions/3.12.1/envs/q";
        let commands: [&[&str]; 6] = [
            &["uninstall", "-f", "q"],
            &["virtualenv-delete", "-f", "q"],
            &["venv", "remove", typed],
            &["venv", "move", typed, "moved"],
            &["venv", "create", "--no-pip", "--clear", "-p", "3.12.1", typed],
            &["virtualenv", "--no-pip", "3.12.1", "x"],
        ];
        for command in commands {
            for _ in 0..6 {
                restored(&stall);
                let place = foreign(&stall);
                let before = everything(&place);
                raced(&stall, &envs, &place, command);
                assert_eq!(everything(&place), before, "{command:?}");
            }
        }
    });
}

/// What doctor finds: each finding, and the command below it.
fn findings(stall: &Stall) -> Vec<(String, Option<String>)> {
    let said = run(stall, &["doctor"]);
    let mut found: Vec<(String, Option<String>)> = Vec::new();
    for line in said.stdout.lines() {
        match (line.trim_start().strip_prefix("run: "), found.last_mut()) {
            (Some(mend), Some((_, command))) => *command = Some(mend.to_owned()),
            _ => found.push((line.to_owned(), None)),
        }
    }
    found
}

/// Runs a line as a person pastes it.
fn pasted(stall: &Stall, line: &str) -> Ran {
    let line = line.replace("[SANDBOX]", &stall.sandbox.path().to_string_lossy());
    let mut shell = stall.sandbox.command("/bin/sh");
    let pyman = Path::new(crate::support::program()).parent().unwrap();
    shell.args(["-c", &line]).env("PATH", format!("{}:/usr/bin:/bin", pyman.display()));
    bounded(stall, &mut shell)
}

#[test]
fn doctor_says_once_of_each_place_that_is_a_link_what_mends_it() {
    as_ordinary_user(|| {
        let stall = lived_in();
        let root = stall.sandbox.root();
        for place in super::planted::PLACES {
            for leads_somewhere in [true, false] {
                restored(&stall);
                let (path, elsewhere) = (root.join(place), stall.sandbox.path().join("elsewhere"));
                fs::remove_dir_all(&elsewhere).unwrap_or_default();
                if path.exists() {
                    fs::rename(&path, &elsewhere).unwrap();
                } else {
                    fs::create_dir(&elsewhere).unwrap();
                }
                // Where versions are lost, they are.
                if !leads_somewhere {
                    fs::remove_dir_all(&elsewhere).unwrap();
                }
                symlink(&elsewhere, &path).unwrap();
                let before = leads_somewhere.then(|| everything(&elsewhere));
                let found = findings(&stall);
                let named = format!("[SANDBOX]/pyman/{place} is a link");
                let about: Vec<_> =
                    found.iter().filter(|(said, _)| said.contains(&named)).collect();
                assert_eq!(about.len(), 1, "{place}: {found:#?}");
                let mend = about[0].1.as_ref().unwrap_or_else(|| panic!("{place}: {found:#?}"));
                let ran = pasted(&stall, mend);
                assert_eq!(ran.status, Some(0), "{place}: {mend}: {ran:?}");
                let found = findings(&stall);
                let again: Vec<_> =
                    found.iter().filter(|(said, _)| said.contains("link")).collect();
                assert_eq!(again.len(), 0, "{place}: {mend}: {found:#?}");
                if place != "versions" && place != "environments" && leads_somewhere {
                    assert_eq!(found.len(), 1, "{place}: {mend}: {found:#?}");
                }
                if let Some(before) = before.filter(|_| place != "versions") {
                    assert_eq!(everything(&elsewhere), before, "{place}: {mend}");
                }
            }
        }
    });
}

#[test]
fn what_doctor_advises_writes_through_nothing_that_was_planted() {
    as_ordinary_user(|| {
        let stall = lived_in();
        let canary = Canary::beside(&stall);
        let usual = findings(&stall);
        let env = stall.sandbox.work().join("env");
        let elsewhere = stall.sandbox.path().join("elsewhere");
        fs::rename(env.join("bin"), &elsewhere).unwrap();
        symlink(&elsewhere, env.join("bin")).unwrap();
        symlink(&canary.place, env.join("bin.own")).unwrap();
        let locks = stall.sandbox.root().join("logs");
        fs::write(&locks, "").unwrap();
        symlink(&canary.place, locks.with_extension("damaged")).unwrap();
        let mut found = findings(&stall);
        found.retain(|finding| !usual.contains(finding));
        let mends: Vec<String> = found.into_iter().filter_map(|(_, mend)| mend).collect();
        assert_eq!(mends.len(), 2, "{mends:?}");
        for mend in &mends {
            let ran = pasted(&stall, mend);
            assert_eq!(ran.status, Some(0), "{mend}: {ran:?}");
            canary.lives(mend);
        }
        assert!(fs::symlink_metadata(env.join("bin")).unwrap().is_dir());
        assert!(fs::symlink_metadata(&locks).is_err());
        // Planted between the advice and its being taken.
        for mend in &mends {
            let made = mend.split(' ').nth(1).unwrap();
            let made = made.replace("[SANDBOX]", &stall.sandbox.path().to_string_lossy());
            fs::remove_dir_all(&made).unwrap_or_default();
            symlink(&canary.place, &made).unwrap();
            assert_ne!(pasted(&stall, mend).status, Some(0), "{mend}");
            canary.lives(mend);
        }
    });
}

#[test]
fn what_doctor_advises_of_linked_versions_is_read_whatever_the_settings_hold() {
    as_ordinary_user(|| {
        let stall = lived_in();
        let file = stall.sandbox.home().join(".config/pyman/settings.toml");
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        stall.sandbox.keep("lived in");
        let versions = stall.sandbox.root().join("versions");
        let elsewhere = stall.sandbox.path().join("else where");
        let other = stall.sandbox.path().join("other").to_string_lossy().into_owned();
        for settings in [
            String::new(),
            "offline = false".to_owned(),
            "# mine\nmirrors = [\n  \"https://a.invalid\",\n]\n".to_owned(),
            format!("versions = \"{other}\"\n"),
        ] {
            restored(&stall);
            fs::write(&file, &settings).unwrap();
            fs::create_dir_all(&other).unwrap();
            fs::remove_dir_all(&elsewhere).unwrap_or_default();
            fs::rename(&versions, &elsewhere).unwrap();
            symlink(&elsewhere, &versions).unwrap();
            let mut found = findings(&stall);
            found.retain(|(said, _)| said.contains("pyman/versions is a link"));
            let mend = found
                .first()
                .and_then(|one| one.1.clone())
                .unwrap_or_else(|| panic!("{settings}: {:#?}", findings(&stall)));
            for shell in ["sh", "bash", "zsh", "fish", "tcsh"] {
                fs::write(&file, &settings).unwrap();
                fs::remove_file(&versions).unwrap();
                symlink(&elsewhere, &versions).unwrap();
                fs::remove_dir_all(file.with_extension("toml.before")).unwrap_or_default();
                let line = mend.replace("[SANDBOX]", &stall.sandbox.path().to_string_lossy());
                let mut command = stall.sandbox.command(shell);
                let ran = bounded(&stall, command.args(["-c", &line]).env("PATH", "/usr/bin:/bin"));
                assert_eq!(ran.status, Some(0), "{shell}: {mend}: {ran:?}");
                let now = fs::read_to_string(&file).unwrap();
                assert!(now.ends_with(&settings), "{shell}: {mend}: {now}");
                let found = findings(&stall);
                assert!(!found.iter().any(|(said, _)| said.contains("link")), "{mend}: {found:?}");
            }
        }
    });
}

#[test]
fn what_a_name_leads_to_leaves_its_place_when_pyman_put_it_there() {
    as_ordinary_user(|| {
        let stall = lived_in();
        let place = foreign(&stall);
        let before = everything(&place);
        let link = stall.sandbox.root().join("versions/theirs");
        symlink(place.join("q"), &link).unwrap();
        for command in [&["venv", "remove", "theirs"][..], &["venv", "move", "theirs", "mine"]] {
            let ran = run(&stall, command);
            assert_eq!(ran.status, Some(1), "{command:?}: {ran:?}");
            assert!(ran.stderr.contains("which pyman did not make"), "{command:?}: {ran:?}");
            assert!(ran.stderr.contains("hint: name it by its path: "), "{command:?}: {ran:?}");
            assert_eq!(everything(&place), before, "{command:?}");
            assert!(link.is_symlink(), "{command:?}");
        }
        let path = place.join("q").to_string_lossy().into_owned();
        let ran = run(&stall, &["venv", "remove", &path]);
        assert_eq!(ran.status, Some(0), "{ran:?}");
        assert!(!place.join("q").exists() && !link.is_symlink());
    });
}

#[test]
fn an_environment_that_is_a_link_is_refused_with_a_hint_that_helps() {
    as_ordinary_user(|| {
        let stall = lived_in();
        symlink("env", stall.sandbox.work().join("lnk")).unwrap();
        let before = everything(&stall.sandbox.work());
        for command in [
            &["venv", "repair", "./lnk"][..],
            &["venv", "repair", "./lnk", "-p", "3.11"],
            &["venv", "remove", "./lnk"],
            &["venv", "move", "./lnk", "./other"],
        ] {
            let ran = run(&stall, command);
            assert_eq!(ran.status, Some(1), "{command:?}: {ran:?}");
            assert!(ran.stderr.contains("name the place that it leads to"), "{command:?}: {ran:?}");
            assert_eq!(everything(&stall.sandbox.work()), before, "{command:?}");
        }
    });
}

#[test]
fn a_linked_version_is_not_replaced_while_a_name_leads_through_it() {
    as_ordinary_user(|| {
        let stall = Stall::open();
        stall.prepare(&["install", "3.12.1"]);
        let (version, far) =
            (stall.sandbox.root().join("versions/3.12.1"), stall.sandbox.path().join("far"));
        fs::rename(&version, &far).unwrap();
        symlink(&far, &version).unwrap();
        stall.prepare(&["virtualenv", "--no-pip", "3.12.1", "api"]);
        let before = everything(&far);
        let refused = "pyman: `api' stands in [SANDBOX]/far, which is only linked here\n";
        run(&stall, &["install", "-f", "3.12.1"]).fails(refused, 1);
        assert_eq!(everything(&far), before);
        assert_eq!(fs::read_link(&version).unwrap(), far);
        assert!(stall.sandbox.root().join("versions/api/bin/python").exists());
        // Without the name nothing is left in the air.
        stall.prepare(&["virtualenv-delete", "-f", "api"]);
        let ran = run(&stall, &["install", "-f", "3.12.1"]);
        assert_eq!(ran.status, Some(0), "{ran:?}");
        assert!(far.join("bin/python").exists() && !version.is_symlink());
    });
}
