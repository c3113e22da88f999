//! Conda's distributions: an installer script becomes a version; its commands, environments and shell function.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::support::conda::{self, FILE, NAME};
use crate::support::needs::{has, needs};
use crate::support::prebuilt::Prebuilt;
use crate::support::sandbox::Ran;
use crate::support::shop::Shop;
use crate::support::terminal::at_terminal;

/// A shop that has sold it.
fn installed() -> Shop {
    let shop = conda::shop();
    shop.run(&["install", "miniforge3"]).is("", &format!("installed {NAME} in [TIME]\n"), 0);
    shop
}

fn prefix(shop: &Shop) -> PathBuf {
    shop.sandbox.root().join("versions").join(NAME)
}

fn read(path: &Path) -> String {
    String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned()
}

/// Every regular file and link below a directory.
fn files(directory: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            all.extend(files(&entry.path()));
        } else {
            all.push(entry.path());
        }
    }
    all
}

#[test]
fn everything_it_installs_names_the_final_prefix_and_runs_there() {
    let shop = installed();
    let prefix = prefix(&shop);
    let here = prefix.display().to_string();
    assert_eq!(shop.staged(), [""; 0]);
    let told = |file: &&PathBuf| file.is_file() && !file.ends_with("conda-meta/environment");
    for file in files(&prefix).iter().filter(told) {
        assert!(!read(file).contains("/pyman/stage/"), "{}", file.display());
    }
    assert_eq!(
        read(&prefix.join("lib/libbaked.so")),
        format!("ELF\0{here}/ssl\0\0\u{1}\u{2}{here}\0")
    );
    assert_eq!(read(&prefix.join("pkgs/libbaked.so")), read(&prefix.join("lib/libbaked.so")));
    assert_eq!(
        fs::read_link(prefix.join("lib/libbaked.so.1")).unwrap(),
        prefix.join("lib/libbaked.so")
    );

    // The compiled module is still its source's, by date and size: nothing is compiled again.
    let program = "import os, sys\n\
                   source = os.path.join(sys.prefix, 'lib', 'baked.py')\n\
                   sys.path.insert(0, os.path.dirname(source))\n\
                   import baked\n\
                   head = open(baked.__cached__, 'rb').read(16)\n\
                   stat = os.stat(source)\n\
                   number = lambda text: int.from_bytes(text, 'little')\n\
                   print(baked.here, number(head[8:12]) == int(stat.st_mtime), number(head[12:]) == stat.st_size)";
    let python = prefix.join("bin/python");
    let ran = shop.sandbox.ran(shop.sandbox.command(&python).args(["-I", "-B", "-c", program]));
    ran.succeeds(&format!("[SANDBOX]/pyman/versions/{NAME} True True\n"));
    let ran = shop.sandbox.ran(shop.sandbox.command(prefix.join("bin/conda")).arg("info"));
    ran.succeeds(&format!("conda of [SANDBOX]/pyman/versions/{NAME} info\n"));
}

#[test]
fn the_script_sees_nothing_of_the_users_and_leaves_nothing_at_home() {
    let shop = conda::shop();
    let mut command = shop.pyman(&["install", NAME]);
    command.env("FAIL", "yes").env("PYTHONPATH", "/nowhere").env("CONDA_PREFIX", "/other");
    shop.ran(&mut command).is("", &format!("installed {NAME} in [TIME]\n"), 0);
    let seen = read(&prefix(&shop).join("conda-meta/environment"));
    let mut names: Vec<&str> =
        seen.lines().filter_map(|line| line.split_once('=')).map(|(name, _)| name).collect();
    names.retain(|name| !["_", "PWD", "OLDPWD", "SHLVL", "OPTIND"].contains(name));
    names.sort_unstable();
    assert_eq!(names, ["HOME", "LC_ALL", "PATH", "TMPDIR"]);
    assert_eq!(fs::read_dir(shop.sandbox.home()).unwrap().count(), 0);
}

#[test]
fn the_receipt_says_it_was_an_installer_and_the_doctor_lets_conda_change_its_tree() {
    let shop = installed();
    let receipt: serde_json::Value =
        serde_json::from_str(&read(&prefix(&shop).join(".pyman/receipt.json"))).unwrap();
    assert_eq!(receipt["name"], NAME);
    assert_eq!(receipt["version"], shop.version());
    assert_eq!(receipt["origin"]["kind"], "installer");
    assert_eq!(receipt["origin"]["source"], shop.server.url("/archive.tar.gz"));
    fs::write(prefix(&shop).join("lib/updated.so"), "x").unwrap();
    let ran = shop.run(&["doctor"]);
    assert!(!(ran.stdout + &ran.stderr).contains("not as it was installed"));
}

#[test]
fn its_commands_are_reached_through_shims_and_exec_with_their_status() {
    let shop = installed();
    let shims = shop.sandbox.root().join("shims");
    shop.run(&["global", NAME]).succeeds("");
    let base = format!("conda of [SANDBOX]/pyman/versions/{NAME}");
    for name in ["conda", "mamba"] {
        let mut command = shop.sandbox.command(shims.join(name));
        shop.sandbox
            .ran(command.args(["list", "--export"]))
            .succeeds(&format!("{base} list --export\n"));
    }
    shop.run(&["exec", "conda", "update", "--all"]).succeeds(&format!("{base} update --all\n"));
    shop.run(&["exec", "conda", "fail"]).is(&format!("{base} fail\n"), "", 3);
    let mut python = shop.sandbox.command(shims.join("python"));
    shop.sandbox
        .ran(python.args(["-I", "-c", "import sys; print(sys.prefix)"]))
        .succeeds(&format!("[SANDBOX]/pyman/versions/{NAME}\n"));
}

#[test]
fn its_environments_are_listed_and_chosen_by_name() {
    let shop = installed();
    shop.run(&["global", NAME]).succeeds("");
    shop.run(&["exec", "conda", "create", "-n", "web"]).succeeds("");
    shop.run(&["versions", "--bare"]).succeeds(&format!("{NAME}\n{NAME}/envs/web\n"));
    shop.run(&["rehash"]).succeeds("");
    shop.run(&["whence", "tool-of-web"]).succeeds(&format!("{NAME}/envs/web\n"));
    let mut tool = shop.sandbox.command(shop.sandbox.root().join("shims/tool-of-web"));
    tool.env("PYMAN_VERSION", format!("{NAME}/envs/web"));
    shop.sandbox.ran(&mut tool).succeeds("web\n");
    let place = format!("[SANDBOX]/pyman/versions/{NAME}/envs/web/bin/python\n");
    let mut which = shop.pyman(&["which", "python"]);
    which.env("PYMAN_VERSION", format!("{NAME}/envs/web"));
    shop.ran(&mut which).succeeds(&place);
}

#[test]
fn its_environments_are_listed_by_venv_and_stood_on_but_never_removed() {
    let shop = installed();
    let web = format!("{NAME}/envs/web");
    shop.run(&["global", NAME]).succeeds("");
    shop.run(&["exec", "conda", "create", "-n", "web"]).succeeds("");
    let base = format!("[SANDBOX]/pyman/versions/{NAME}");
    let version = shop.version();
    shop.run(&["venv", "list"])
        .succeeds(&format!("{web}  {version}  {base}/envs/web  {base} (conda)\n"));

    let place = shop.run(&["venv", "create", "--no-pip", "-p", &web, "on-web"]);
    assert_eq!((place.stderr.as_str(), place.status), ("", Some(0)));
    let python = shop.sandbox.home().join(".virtualenvs/on-web/bin/python");
    let program = "import sys; print(sys.prefix, sys.base_prefix)";
    shop.sandbox
        .ran(shop.sandbox.command(python).args(["-c", program]))
        .succeeds(&format!("[SANDBOX]/home/.virtualenvs/on-web {base}/envs/web\n"));

    let place = prefix(&shop).join("envs/web");
    let mut remove = shop.pyman(&["venv", "remove"]);
    let ran = shop.ran(remove.arg(&place));
    assert_eq!(ran.status, Some(1));
    assert_eq!(ran.stderr, format!("pyman: `{base}/envs/web' is no environment\n"));
    assert!(place.join("bin/python").exists());

    let ran = shop.run(&["uninstall", NAME]);
    assert!(ran.stderr.contains(&format!("  {base}/envs/web\n")), "{}", ran.stderr);
    assert!(ran.stderr.contains("/.virtualenvs/on-web\n"), "{}", ran.stderr);
}

#[test]
fn killed_at_any_moment_it_is_not_there_and_the_next_run_succeeds() {
    for moment in ["staged", "unpacked", "relocated", "receipted"] {
        let shop = conda::shop();
        let mut command = shop.pyman(&["install", NAME]);
        assert_eq!(shop.ran(command.env("_PYMAN_KILL_AT", moment)).status, None, "{moment}");
        assert!(!prefix(&shop).exists(), "{moment}");
        let ran = shop.run(&["versions", "--bare"]);
        assert!(!ran.stdout.contains(NAME), "{moment}: {}", ran.stdout);
        shop.run(&["install", NAME]).is("", &format!("installed {NAME} in [TIME]\n"), 0);
        assert_eq!(shop.staged(), [""; 0], "{moment}");
    }
}

#[test]
fn its_environments_outlive_a_reinstallation_even_a_killed_one() {
    let shop = installed();
    shop.run(&["global", NAME]).succeeds("");
    shop.run(&["exec", "conda", "create", "-n", "web"]).succeeds("");
    let tool = prefix(&shop).join("envs/web/bin/tool-of-web");
    for moment in ["published", "receipted", "settled"] {
        let mut command = shop.pyman(&["install", "-f", NAME]);
        assert_eq!(shop.ran(command.env("_PYMAN_KILL_AT", moment)).status, None, "{moment}");
        shop.run(&["install", "-f", NAME]).is("", &format!("installed {NAME} in [TIME]\n"), 0);
        shop.sandbox.ran(&mut shop.sandbox.command(&tool)).succeeds("web\n");
        assert_eq!(shop.staged(), [""; 0], "{moment}");
    }
}

#[test]
fn of_two_at_once_one_installs_and_both_succeed() {
    let shop = conda::shop();
    let start = || {
        shop.pyman(&["install", NAME]).stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap()
    };
    let both = [start(), start()].map(|child| child.wait_with_output().unwrap());
    assert!(both.iter().all(|output| output.status.success()), "{both:?}");
    assert!(prefix(&shop).join("bin/conda").exists());
    assert_eq!(shop.staged(), [""; 0]);
}

#[test]
fn an_installer_that_fails_is_quoted_and_leaves_nothing() {
    let script =
        b"#!/bin/sh\necho unpacking\necho 'no space for you' >&2\nmkdir -p \"$3\"\nexit 9\n";
    let shop = Shop::selling(script);
    let row = |sha256: &str| {
        serde_json::json!({
            "implementation": "miniforge", "version": NAME, "kind": "installer",
            "platform": Prebuilt::platform(), "file": FILE,
            "url": shop.server.url("/archive.tar.gz"), "sha256": sha256,
        })
        .to_string()
    };
    shop.sandbox.write("catalogue.jsonl", row(&conda::hexadecimal(script)));
    let expected =
        format!("pyman: {NAME}: the installer ended with status 9\nunpacking\nno space for you\n");
    shop.run(&["install", NAME]).is("", &expected, 1);
    assert_eq!(shop.staged(), [""; 0]);
    assert!(!prefix(&shop).exists());

    shop.sandbox.write("catalogue.jsonl", row(&conda::hexadecimal(b"other")));
    assert_eq!(shop.run(&["install", NAME]).status, Some(4));
    assert_eq!(shop.staged(), [""; 0]);
}

#[test]
fn one_without_a_digest_needs_a_digest_or_a_yes() {
    let shop = conda::shop_with(|_| None);
    let ran = shop.run(&["install", NAME]);
    assert!(ran.stderr.starts_with("pyman: ") && ran.stderr.contains(FILE), "{}", ran.stderr);
    assert_eq!((ran.status, shop.downloads()), (Some(4), 0));

    let wrong = conda::hexadecimal(b"other");
    assert_eq!(shop.run(&["install", "--sha256", &wrong, NAME]).status, Some(4));
    assert!(!prefix(&shop).exists());

    needs!(has("script"), "script");
    let typed = shop.pyman(&["install", NAME]);
    let ran = shop.ran(&mut at_terminal(&shop.sandbox, &typed, "y\n"));
    assert_eq!(ran.status, Some(0), "{ran:?}");
    assert!(ran.stdout.contains("was ever published. Install it? (y/N) "), "{ran:?}");

    let right = serde_json::from_str::<serde_json::Value>(&read(
        &prefix(&shop).join(".pyman/receipt.json"),
    ));
    let right = right.unwrap()["origin"]["sha256"].as_str().unwrap().to_owned();
    let installed = format!("installed {NAME} in [TIME]\n");
    shop.run(&["install", "-f", "--sha256", &right, NAME]).is("", &installed, 0);
}

#[test]
fn it_goes_to_a_directory_of_any_length_and_to_none_with_a_blank() {
    let shop = conda::shop();
    let installed = format!("installed {NAME} in [TIME]\n");
    for target in
        ["opt", "a/directory/whose/path/is/longer/than/that/of/the/stage/of/this/installation"]
    {
        let directory = shop.sandbox.path().join(target);
        let mut command = shop.pyman(&["install", "--target"]);
        shop.ran(command.arg(&directory).arg(NAME)).is("", &installed, 0);
        let ran = shop.sandbox.ran(shop.sandbox.command(directory.join("bin/conda")).arg("info"));
        ran.succeeds(&format!("conda of [SANDBOX]/{target} info\n"));
    }
    assert!(!prefix(&shop).exists());
    assert_eq!(shop.staged(), [""; 0]);
    let mut left: Vec<_> = fs::read_dir(shop.sandbox.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    left.sort();
    assert_eq!(left, ["a", "catalogue.jsonl", "home", "opt", "pyman", "work"]);

    let mut command = shop.pyman(&["install", NAME]);
    command.env("PYMAN_ROOT", shop.sandbox.path().join("with blank"));
    let expected = format!(
        "pyman: cannot be installed under [SANDBOX]/with blank/versions/{NAME}: the path has a blank in it\n\
         hint: choose another root, or a `--target'\n"
    );
    shop.ran(&mut command).is("", &expected, 1);
}

/// Runs a script in a shell that has loaded the integration.
fn in_shell(shop: &Shop, (program, name): (&str, &str), script: &str) -> Ran {
    let load = match name {
        "fish" => "$PYMAN init - fish | source".to_owned(),
        _ => format!("eval \"$(\"$PYMAN\" init - {name})\""),
    };
    let mut command: Command = shop.sandbox.command(program);
    command.env("PYMAN", crate::support::program()).env("TERM", "dumb");
    shop.sandbox.ran(command.args(["-c", &format!("{load}\n{script}")]))
}

const SHELLS: [(&str, &str); 6] = [
    ("bash", "bash"),
    ("zsh", "zsh"),
    ("fish", "fish"),
    ("ksh", "ksh"),
    ("mksh", "ksh"),
    ("dash", "dash"),
];

#[test]
fn conda_activate_works_in_every_shell() {
    let shop = installed();
    shop.run(&["global", NAME]).succeeds("");
    shop.run(&["exec", "conda", "create", "-n", "web"]).succeeds("");
    let base = format!("[SANDBOX]/pyman/versions/{NAME}");
    let script = "conda activate web; printf '%s\\n' \"$CONDA_PREFIX\"; tool-of-web; conda deactivate\n\
                  printf '<%s>\\n' \"$CONDA_PREFIX\"; conda info; conda fail || printf 'failed\\n'";
    let expected =
        format!("{base}/envs/web\nweb\n<>\nconda of {base} info\nconda of {base} fail\nfailed\n");
    for shell in SHELLS {
        let ran = in_shell(&shop, shell, script);
        assert_eq!(
            (ran.stdout.as_str(), ran.stderr.as_str()),
            (expected.as_str(), ""),
            "{shell:?}"
        );
    }
}

#[test]
fn a_conda_function_or_alias_of_the_users_stays_and_a_missing_conda_is_said() {
    let shop = conda::shop();
    for shell in SHELLS {
        let ran = in_shell(&shop, shell, "conda activate web");
        assert_eq!((ran.stdout.as_str(), ran.status), ("", Some(127)), "{shell:?}: {ran:?}");
    }
    for (program, name) in
        SHELLS.into_iter().filter(|(program, _)| !["dash", "fish"].contains(program))
    {
        let mut command: Command = shop.sandbox.command(program);
        command.env("PYMAN", crate::support::program());
        let script = format!(
            "conda() {{ echo mine; }}\neval \"$(\"$PYMAN\" init - {name})\"\nconda activate"
        );
        shop.sandbox.ran(command.args(["-c", &script])).succeeds("mine\n");
    }
}

#[test]
fn an_installer_given_by_its_path_is_the_release_that_has_it() {
    let shop = conda::shop();
    let script = shop.sandbox.work().join(FILE);
    fs::write(&script, "echo not the one").unwrap();
    let ran = shop.run(&["install", &format!("./{FILE}")]);
    assert_eq!(ran.status, Some(4), "{}", ran.stderr);
    shop.run(&["install", NAME]).is("", &format!("installed {NAME} in [TIME]\n"), 0);
    fs::copy(shop.sandbox.root().join("cache").join(FILE), &script).unwrap();
    for place in ["versions", "cache"] {
        fs::remove_dir_all(shop.sandbox.root().join(place)).unwrap();
    }
    let ran = shop.run(&["install", "--offline", &format!("./{FILE}")]);
    ran.is("", &format!("installed {NAME} in [TIME]\n"), 0);
    let python = prefix(&shop).join("bin/python");
    assert!(shop.sandbox.command(python).args(["-c", ""]).status().unwrap().success());
    fs::rename(&script, shop.sandbox.work().join("mine.sh")).unwrap();
    shop.run(&["install", "./mine.sh"]).fails(
        "pyman: no release is known to have the installer mine.sh\n\
         hint: run `pyman update', or name a file of catalogue rows that has it\n",
        2,
    );
}
