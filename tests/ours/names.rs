//! Names from inside wheels, bundles and folders are one path component or refused; what is shown is escaped.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Canary, bounded, everything, lived_in, restored, run};
use crate::support::archives::zip;
use crate::support::needs::as_ordinary_user;
use crate::support::sandbox::Sandbox;
use crate::support::tiny::Stall;

/// A wheel of pip with these files beside what every wheel has.
fn wheel(points: &str, record: &str, more: &[(&str, &str)]) -> Vec<u8> {
    let info = |name: &str| format!("pip-24.0.dist-info/{name}");
    let (metadata, wheel, entry_points, recorded) =
        (info("METADATA"), info("WHEEL"), info("entry_points.txt"), info("RECORD"));
    let mut entries: Vec<(&str, u32, &[u8])> = vec![
        ("pip/__init__.py", 0o100_644, b"def main(): pass\n"),
        (&metadata, 0o100_644, b"Metadata-Version: 2.1\nName: pip\nVersion: 24.0\n"),
        (&wheel, 0o100_644, b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"),
        (&entry_points, 0o100_644, points.as_bytes()),
        (&recorded, 0o100_644, record.as_bytes()),
    ];
    entries.extend(more.iter().map(|(name, text)| (*name, 0o100_644, text.as_bytes())));
    zip(&entries)
}

/// What stands in the sandbox but for one environment and what is kept.
fn beside(stall: &Stall, environment: &Path) -> BTreeSet<PathBuf> {
    let all = everything(&stall.sandbox.path()).into_keys();
    let cache = stall.sandbox.root().join("cache");
    let kept = stall.sandbox.path().join("kept");
    all.filter(|path| ![environment, &cache, &kept].iter().any(|part| path.starts_with(part)))
        .collect()
}

#[test]
fn names_in_a_wheel_make_nothing_outside_the_environment() {
    as_ordinary_user(|| {
        let stall = lived_in();
        let canary = Canary::beside(&stall);
        let bundled = stall
            .sandbox
            .root()
            .join("versions/3.12.1/lib/python3.12/ensurepip/_bundled/pip-24.0-py3-none-any.whl");
        let absolute = stall.sandbox.path().join("escaped");
        let absolute = absolute.to_str().unwrap();
        let usual = "[console_scripts]\npip = pip:main\n";
        let point = |name: &str| format!("{usual}{name} = pip:main\n");
        let mut wheels: Vec<(String, Vec<u8>)> = [
            "../../../escaped",
            absolute,
            "sub/escaped",
            "..",
            ".",
            "",
            "python",
            "python3.12",
            "activate",
            "a\u{1b}[2Jb",
            "a\u{202e}b",
        ]
        .iter()
        .map(|name| (format!("entry point {name:?}"), wheel(&point(name), "", &[])))
        .collect();
        for name in [
            "../escaped",
            "../../../../escaped",
            absolute,
            "pip-24.0.data/scripts/../../../../escaped",
            "pip-24.0.data/scripts/sub/../../../../../escaped",
            "pip-24.0.data/data/../../escaped",
            "pip-24.0.data/data/pyvenv.cfg",
            "pip-24.0.data/scripts/python",
            "pip-24.0.data/scripts/activate",
            "pip-24.0.dist-info/../../../../escaped",
        ] {
            wheels.push((
                format!("file {name:?}"),
                wheel(usual, "", &[(name, "#!python\nescaped\n")]),
            ));
        }
        for name in ["../../../../escaped", absolute, "../../../bin/python", "\n\n,"] {
            wheels.push((format!("record {name:?}"), wheel(usual, &format!("{name},,\n"), &[])));
        }
        for (what, bytes) in wheels {
            restored(&stall);
            fs::remove_dir_all(stall.sandbox.root().join("cache")).unwrap();
            fs::write(&bundled, bytes).unwrap();
            let goal = stall.sandbox.work().join("fresh");
            let before = beside(&stall, &goal);
            let ran = run(&stall, &["venv", "create", "-p", "3.12.1", "./fresh"]);
            canary.lives(&what);
            let new: Vec<PathBuf> = beside(&stall, &goal)
                .difference(&before)
                .filter(|path| !path.starts_with(stall.sandbox.root().join("environments")))
                .cloned()
                .collect();
            assert!(new.is_empty(), "{what}: {new:?}");
            if ran.status == Some(0) {
                let python = fs::read_link(goal.join("bin/python")).unwrap();
                assert!(python.ends_with("bin/python3.12"), "{what}: {}", python.display());
                let config = fs::read_to_string(goal.join("pyvenv.cfg")).unwrap();
                assert!(config.starts_with("home = "), "{what}: {config}");
                let activate = fs::read_to_string(goal.join("bin/activate")).unwrap();
                assert!(activate.contains("VIRTUAL_ENV"), "{what}: {activate}");
            } else {
                assert!(!goal.exists(), "{what}: {ran:?}");
                let hostile = |character: char| character.is_control() && character != '\n';
                assert!(!ran.stderr.contains(hostile), "{what}: {ran:?}");
                assert!(!ran.stderr.contains('\u{202e}'), "{what}: {ran:?}");
            }
        }
    });
}

/// A bundle of `web`, changed in between.
fn changed(stall: &Stall, change: impl Fn(&Path, &mut serde_json::Value)) {
    let work = stall.sandbox.work();
    let ran = run(stall, &["venv", "bundle", "web", "-o", "web.tar.gz"]);
    assert_eq!(ran.status, Some(0), "{ran:?}");
    let tar = |arguments: &[&str]| {
        let status = Command::new("tar").args(arguments).current_dir(&work).status().unwrap();
        assert!(status.success());
    };
    tar(&["-xzf", "web.tar.gz"]);
    let file = work.join("bundle/manifest.json");
    let mut manifest = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    change(&work.join("bundle"), &mut manifest);
    fs::write(file, manifest.to_string()).unwrap();
    tar(&["-czf", "web.tar.gz", "bundle"]);
    fs::remove_dir_all(work.join("bundle")).unwrap();
}

#[test]
fn what_a_bundle_says_of_itself_is_judged() {
    as_ordinary_user(|| {
        let stall = lived_in();
        let canary = Canary::beside(&stall);
        for minor in ["../../../canary", "3.12/../..", "/etc", "3.12\n", "", "3.12.1"] {
            restored(&stall);
            changed(&stall, |_, manifest| manifest["minor"] = minor.into());
            let ran = run(&stall, &["venv", "unbundle", "web.tar.gz", "./fresh"]);
            assert!(ran.status.is_some_and(|status| status != 0), "{minor:?}: {ran:?}");
            assert!(!stall.sandbox.work().join("fresh").exists(), "{minor:?}");
            canary.lives(minor);
        }
        for prompt in ["evil\nhome = /evil", "evil\r\nx = y"] {
            restored(&stall);
            changed(&stall, |_, manifest| manifest["prompt"] = prompt.into());
            run(&stall, &["venv", "unbundle", "web.tar.gz", "./fresh"]);
            let config = fs::read_to_string(stall.sandbox.work().join("fresh/pyvenv.cfg"));
            let config = config.unwrap_or_default();
            assert!(!config.lines().any(|line| line.starts_with("home = /evil")), "{config}");
            assert!(!config.contains("\nx = y"), "{config}");
        }
    });
}

#[test]
fn what_a_bundle_does_not_list_is_not_installed_and_what_is_ours_is_ours() {
    as_ordinary_user(|| {
        let stall = lived_in();
        changed(&stall, |bundle, manifest| {
            let tree = bundle.join("tree");
            let packages = tree.join("lib/python3.12/site-packages");
            fs::create_dir_all(&packages).unwrap();
            fs::create_dir_all(tree.join("bin")).unwrap();
            fs::write(packages.join("evil.pth"), "import evil\n").unwrap();
            let digest = |text: &str| pyman::fetch::Sha256::of(text.as_bytes()).to_string();
            for name in
                ["pyvenv.cfg", "bin/python", "bin/activate", "bin/activate.fish", "bin/python3.12"]
            {
                let text = format!("the bundle's {name}\n");
                fs::write(tree.join(name), &text).unwrap();
                let listed = manifest["files"].as_array_mut().unwrap();
                listed.push(serde_json::json!([name, digest(&text)]));
            }
            symlink("/etc", packages.join("unlisted")).unwrap_or_default();
            symlink("pip", tree.join("bin/unlisted")).unwrap();
            symlink("pip", tree.join("bin/turned")).unwrap();
            symlink("pip", tree.join("bin/listed")).unwrap();
            fs::create_dir_all(tree.join("share/unlisted")).unwrap();
            let links = manifest["links"].as_array_mut().unwrap();
            links.push(serde_json::json!(["bin/listed", "pip"]));
            links.push(serde_json::json!(["bin/turned", "pip3"]));
        });
        let ran = run(&stall, &["venv", "unbundle", "web.tar.gz", "./fresh"]);
        let fresh = stall.sandbox.work().join("fresh");
        if ran.status == Some(0) {
            assert!(!fresh.join("lib/python3.12/site-packages/evil.pth").exists());
            for name in ["bin/unlisted", "bin/turned", "share"] {
                assert!(fs::symlink_metadata(fresh.join(name)).is_err(), "{name}");
            }
            assert_eq!(fs::read_link(fresh.join("bin/listed")).unwrap(), Path::new("pip"));
            for name in
                ["pyvenv.cfg", "bin/python", "bin/activate", "bin/activate.fish", "bin/python3.12"]
            {
                let text = fs::read(fresh.join(name)).unwrap();
                assert!(!text.starts_with(b"the bundle's"), "{name}");
            }
        } else {
            assert!(!fresh.exists(), "{ran:?}");
        }
    });
}

#[test]
fn names_with_control_and_bidirectional_characters_are_escaped_where_they_are_shown() {
    as_ordinary_user(|| {
        let stall = lived_in();
        let name = OsStr::from_bytes(b"3.12.1-\x1b[2J\xe2\x80\xae\r\xff\xe2\x81\xa6x");
        let version = stall.sandbox.root().join("versions").join(name);
        fs::create_dir_all(version.join("bin")).unwrap();
        fs::copy(
            stall.sandbox.root().join("versions/3.12.1/bin/python3.12"),
            version.join("bin/python"),
        )
        .unwrap();
        fs::copy(version.join("bin/python"), version.join("bin").join(name)).unwrap();
        symlink(name, stall.sandbox.root().join("versions/dangling")).unwrap();
        let environment = stall.sandbox.home().join(".virtualenvs").join(name);
        fs::create_dir_all(environment.join("bin")).unwrap();
        fs::write(environment.join("pyvenv.cfg"), "home = /nowhere\n").unwrap();
        let plugin = stall.sandbox.root().join("plugins").join(name).join("bin");
        fs::create_dir_all(&plugin).unwrap();
        let text = name.to_str().unwrap_or("\u{1b}[2J\u{202e}x").to_owned();
        stall.sandbox.write("work/.python-version", [text.as_bytes(), b"\n"].concat());
        for arguments in [
            &["versions"][..],
            &["version"],
            &["doctor"],
            &["venv", "list"],
            &["virtualenvs"],
            &["which", "python"],
            &["install", &text],
            &["uninstall", &text],
            &["prefix", &text],
            &["venv", "create", "-p", &text],
            &["venv", "remove", &text],
            &["virtualenv", "3.12.1", &text],
            &["virtualenv-delete", &text],
            &["activate", &text],
            &["latest", &text],
            &["link", &text],
            &["cache", "list"],
            &["commands"],
            &[&text],
        ] {
            let ran = run(&stall, arguments);
            for shown in [&ran.stdout, &ran.stderr] {
                let hostile = shown.chars().find(|character| {
                    (character.is_control() && !matches!(character, '\n' | '\t'))
                        || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
                });
                assert_eq!(hostile, None, "{arguments:?}: {shown:?}");
            }
        }
    });
}

#[test]
fn what_a_plugins_folder_is_called_is_only_a_name() {
    as_ordinary_user(|| {
        let stall = lived_in();
        let canary = Canary::beside(&stall);
        let plugins = stall.sandbox.root().join("plugins");
        let witness = stall.sandbox.path().join("ran");
        let ran_by = |who: &str| format!("echo {who} >> '{}'", witness.display());
        // Where a name could lead that is taken for a path, an option, a list of directories or two lines.
        for place in ["b/bin", "bin", "plugins/bin"] {
            Sandbox::script(
                &stall.sandbox.work().join(place).join("pyman-hello"),
                &ran_by("wrong"),
            );
        }
        for name in [
            " ",
            "a b",
            " c ",
            "d\n3.12.9",
            "e\nf\n",
            "..g",
            "...",
            "-h",
            "--help",
            "a:b",
            "$(i)",
            "`j`",
            "k;l",
            "%s",
            "\u{202e}m",
            "\u{1b}[2Jn",
            "*",
            "'",
            "\"",
            "\\",
            "~",
        ] {
            let folder = plugins.join(name);
            Sandbox::script(&folder.join("bin/pyman-hello"), "echo hello");
            Sandbox::script(&folder.join("hooks/rehash/told"), &ran_by("told"));
        }
        let fifo = plugins.join("fifo");
        assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
        fs::write(plugins.join("file"), "").unwrap();
        symlink("loop", plugins.join("loop")).unwrap();
        symlink("nowhere", plugins.join("dangling")).unwrap();
        symlink(&canary.place, plugins.join("canary")).unwrap();
        symlink("..", plugins.join("up")).unwrap();
        let others = plugins.join("others");
        fs::create_dir_all(others.join("bin")).unwrap();
        fs::create_dir_all(others.join("hooks")).unwrap();
        symlink(&fifo, others.join("plugin.toml")).unwrap();
        for arguments in [
            &["commands"][..],
            &["commands", "--sh"],
            &["hello"],
            &["hooks", "rehash"],
            &["rehash"],
            &["install", "3.12.2"],
            &["uninstall", "-f", "3.12.2"],
            &["doctor"],
            &["help", "hello"],
            &["completions", "hello"],
            &["exec", "python", "-c", "pass"],
        ] {
            let ran = run(&stall, arguments);
            let is_bare = matches!(arguments[0], "hooks" | "commands");
            for (shown, bare) in [(&ran.stderr, false), (&ran.stdout, is_bare)] {
                let hostile = |character: char| {
                    (character.is_control() && character != '\n') || character == '\u{202e}'
                };
                assert!(bare || !shown.contains(hostile), "{arguments:?}: {shown:?}");
            }
            assert!(
                ran.status == Some(0) || matches!(arguments[0], "doctor" | "help"),
                "{arguments:?}: {ran:?}"
            );
            let at_all = fs::read_to_string(&witness).unwrap_or_default();
            assert!(!at_all.contains("wrong"), "{arguments:?}");
            canary.lives(arguments[0]);
        }
        assert!(fs::read_to_string(&witness).unwrap().contains("told"));
        assert_eq!(run(&stall, &["hello"]).stdout, "hello\n");
    });
}

#[test]
fn a_row_of_a_table_is_one_line_whatever_is_in_it() {
    as_ordinary_user(|| {
        let stall = lived_in();
        let root = stall.sandbox.root();
        let name = "3.12.1-\u{1b}[2J\n9.9.9 forged\u{9b}2K\u{202e}x";
        let version = root.join("versions").join(name);
        fs::create_dir_all(version.join("bin")).unwrap();
        for python in ["bin/python", "bin/python3.12"] {
            fs::copy(root.join("versions/3.12.1/bin/python3.12"), version.join(python)).unwrap();
        }
        symlink(name, root.join("versions/aside")).unwrap();
        let environment = stall.sandbox.home().join(".virtualenvs").join(name);
        fs::create_dir_all(environment.join("bin")).unwrap();
        fs::write(environment.join("pyvenv.cfg"), "home = /nowhere\nversion = 3.12.1\n").unwrap();
        // A publisher's tag comes from a receipt.
        let receipt = root.join("versions/3.11.5/.pyman/receipt.json");
        let text = fs::read_to_string(&receipt).unwrap();
        let mut parsed: serde_json::Value = serde_json::from_str(&text).unwrap();
        parsed["build"] = "1\u{1b}[2J\n9.9.9 forged".into();
        fs::write(&receipt, parsed.to_string()).unwrap();
        for arguments in [
            &["versions"][..],
            &["list"],
            &["list", "-f", "legacy"],
            &["list", "-f", "legacy-paths"],
            &["list", "-f", "json"],
            &["list", "-f", "jsonl"],
            &["discover"],
            &["discover", "--json"],
            &["outdated"],
            &["outdated", "--json"],
            &["venv", "list"],
            &["virtualenvs"],
            &["doctor"],
            &["uninstall", name],
        ] {
            let mut pyman = stall.pyman(arguments);
            let path = format!("{}/bin:/usr/bin:/bin", version.display());
            let ran = bounded(&stall, pyman.env("PATH", path));
            for shown in [&ran.stdout, &ran.stderr] {
                let steers = |character: char| {
                    (character.is_control() && character != '\n') || character == '\u{202e}'
                };
                assert!(!shown.contains(steers), "{arguments:?}: {shown:?}");
                let forged = |line: &str| line.trim_start().starts_with("9.9.9");
                assert!(!shown.lines().any(forged), "{arguments:?}: {shown:?}");
            }
            assert!(!ran.stderr.contains("panicked"), "{arguments:?}: {ran:?}");
        }
        let listed = run(&stall, &["versions"]).stdout;
        assert!(listed.contains("\\u{1b}[2J\\n9.9.9 forged\\u{9b}2K\\u{202e}x"), "{listed}");
        // A script gets the name itself.
        let bare = run(&stall, &["versions", "--bare"]).stdout;
        assert!(bare.contains(name), "{bare:?}");
    });
}

#[test]
fn an_index_shows_nothing_outside_its_directory() {
    use std::io::{BufRead as _, BufReader, Read as _, Write as _};
    as_ordinary_user(|| {
        let stall = lived_in();
        let wheels = stall.sandbox.work().join("wheels");
        fs::create_dir_all(&wheels).unwrap();
        stall.sandbox.write("work/secret-1.0-py3-none-any.whl", "secret");
        symlink("../secret-1.0-py3-none-any.whl", wheels.join("linked-1.0-py3-none-any.whl"))
            .unwrap();
        fs::write(wheels.join("<script>-1.0-py3-none-any.whl"), "x").unwrap();
        fs::write(wheels.join("good-1.0-py3-none-any.whl"), "good").unwrap();
        let mut serving = stall.pyman(&["index", "wheels"]);
        let mut child = serving.stdout(std::process::Stdio::piped()).spawn().unwrap();
        let mut url = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut url).unwrap();
        let address =
            url.trim().strip_prefix("http://").unwrap().split('/').next().unwrap().to_owned();
        let ask = |head: &str| {
            let mut stream = std::net::TcpStream::connect(&address).unwrap();
            stream.write_all(format!("{head}\r\n\r\n").as_bytes()).unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).unwrap_or_default();
            answer
        };
        // Somebody who says nothing holds up nobody.
        let slow: Vec<_> =
            (0..20).map(|_| std::net::TcpStream::connect(&address).unwrap()).collect();
        for path in [
            "/../secret-1.0-py3-none-any.whl",
            "/%2e%2e/secret-1.0-py3-none-any.whl",
            "/linked-1.0-py3-none-any.whl",
            "/simple/linked/linked-1.0-py3-none-any.whl",
            "//etc/passwd",
            "/good-1.0-py3-none-any.whl%00",
        ] {
            let answer = ask(&format!("GET {path} HTTP/1.0"));
            assert!(!answer.contains("secret") || answer.contains("404"), "{path}: {answer}");
            assert!(!answer.contains("root:"), "{path}: {answer}");
        }
        for path in ["/simple/", "/<script>alert(1)</script>/", "/x%0d%0aSet-Cookie:%20a=b/"] {
            let answer = ask(&format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close"));
            assert!(!answer.contains("<script>"), "{path}: {answer}");
            assert!(!answer.contains("\nSet-Cookie"), "{path}: {answer}");
        }
        drop(slow);
        let id = child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
        child.wait().unwrap();
    });
}

#[test]
fn a_zip_is_judged_by_one_truth() {
    as_ordinary_user(|| {
        let stall = lived_in();
        let script: &[u8] = b"#!/bin/sh\n";
        let honest =
            zip(&[("python/bin/python3.12", 0o100_755, script), ("python/a", 0o100_644, b"x")]);
        let replaced = |from: &[u8], to: &[u8], which: usize| {
            let mut bytes = honest.clone();
            let places: Vec<usize> =
                (0..bytes.len() - from.len()).filter(|at| bytes[*at..].starts_with(from)).collect();
            let at = places[which];
            bytes[at..at + to.len()].copy_from_slice(to);
            bytes
        };
        // Its local name, and its central one; its local size.
        let mut sized = honest.clone();
        let at = sized.windows(8).rposition(|window| window == b"python/a").unwrap();
        let local = sized.windows(8).position(|window| window == b"python/a").unwrap();
        assert!(at > local);
        sized[local - 8] = 0;
        for (what, bytes) in [
            ("local", replaced(b"python/a", b"python/b", 0)),
            ("central", replaced(b"python/a", b"python/b", 1)),
            ("size", sized),
        ] {
            fs::write(stall.sandbox.work().join("odd.zip"), bytes).unwrap();
            let ran = bounded(&stall, &mut stall.pyman(&["install", "./odd.zip"]));
            assert_eq!(ran.status, Some(4), "{what}: {ran:?}");
            assert!(!ran.stderr.is_empty());
        }
    });
}
