//! The first minute: who has no shims on PATH is told, the first version is chosen, a dot may be missing.

use std::fs;

use crate::support::sandbox::Sandbox;
use crate::support::shop::Shop;

fn stderr(command: &mut std::process::Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn who_has_no_shims_on_path_is_told_once_what_to_run() {
    let sandbox = Sandbox::new();
    sandbox.fake_version("3.12.1", &["python"]);
    let shims = sandbox.root().join("shims").display().to_string();
    let said = stderr(&mut sandbox.pyman(["global", "3.12.1"]));
    assert_eq!(
        said,
        format!("hint: run `pyman setup': {shims} is not on PATH: shims are never run\n")
    );
    let path = |path: String| {
        let mut command = sandbox.pyman(["global", "3.12.1"]);
        command.env("PATH", path);
        stderr(&mut command)
    };
    assert_eq!(path(format!("{shims}:/usr/bin:/bin")), "");
    sandbox.fake_version("../other", &["python"]);
    let other = sandbox.root().join("other/bin").display().to_string();
    let behind = path(format!("{other}:{shims}:/usr/bin:/bin"));
    assert_eq!(
        behind,
        format!(
            "hint: run `export PATH={shims}:\"$PATH\"': {other}/python comes before our shims on PATH\n"
        )
    );
    fs::create_dir(sandbox.path().join("empty")).unwrap();
    let empty = sandbox.path().join("empty").display().to_string();
    assert_eq!(path(format!("{empty}:{shims}:/usr/bin:/bin")), "");
    assert_eq!(stderr(&mut sandbox.pyman(["global"])), "");
}

#[test]
fn the_first_version_is_chosen_where_nothing_else_is() {
    let shop = Shop::open();
    let version = shop.version();
    let bare = shop.sandbox.path().join("bare");
    fs::create_dir(&bare).unwrap();
    let said = |arguments: &[&str]| {
        let mut command = shop.pyman(arguments);
        command.env("PATH", &bare);
        shop.ran(&mut command)
    };
    said(&["install", version]).is(
        "",
        &format!(
            "installed {version} in [TIME]\n\
             {version} is the global version now: none was chosen, and PATH has no Python\n"
        ),
        0,
    );
    let file = shop.sandbox.root().join("version");
    assert_eq!(fs::read_to_string(&file).unwrap(), format!("{version}\n"));
    // What is chosen stays.
    fs::write(&file, "system\n").unwrap();
    said(&["install", "-f", version]).is("", &format!("installed {version} in [TIME]\n"), 0);
    assert_eq!(fs::read_to_string(&file).unwrap(), "system\n");
}

#[test]
fn nothing_is_chosen_where_path_has_a_python() {
    let shop = Shop::open();
    let bin = shop.sandbox.path().join("bin");
    Sandbox::script(&bin.join("python3"), "true");
    let mut command = shop.pyman(&["install", shop.version()]);
    command.env("PATH", format!("{}:/usr/bin:/bin", bin.display()));
    let said = format!("installed {} in [TIME]\n", shop.version());
    shop.ran(&mut command).is("", &said, 0);
    assert!(!shop.sandbox.root().join("version").exists());
}

#[test]
fn a_minor_may_lack_its_dot_where_it_is_typed() {
    let sandbox = Sandbox::new();
    sandbox.fake_version("3.12.1", &["python"]);
    sandbox.fake_version("2.7.18", &["python"]);
    for command in [&["local", "312", "27"][..], &["global", "312", "27"]] {
        sandbox.run(command).succeeds("");
    }
    for file in ["work/.python-version", "pyman/version"] {
        let text = fs::read_to_string(sandbox.path().join(file)).unwrap();
        assert_eq!(text, "3.12\n2.7\n", "{file}");
    }
    sandbox.run(&["latest", "312"]).succeeds("3.12.1\n");
    let shell = sandbox.pyman(["sh-shell", "312"]).env("PYMAN_SHELL", "bash").output().unwrap();
    assert!(String::from_utf8_lossy(&shell.stdout).contains("3.12"), "{shell:?}");
    let unknown = sandbox.run(&["install", "399"]);
    assert_eq!(unknown.status, Some(2));
    assert!(
        unknown.stderr.starts_with("python-build: definition not found: 3.99\n"),
        "{unknown:?}"
    );
    sandbox.run(&["local", "3120"]).fails(
        "pyman: version `3120' not installed\nhint: pick one of the installed: 2.7.18, 3.12.1\n",
        1,
    );

    // A file says what it says, and a name is a name.
    sandbox.write("work/.python-version", "312\n");
    let ran = sandbox.run(&["version-name"]);
    assert_eq!((ran.stdout.as_str(), ran.status), ("\n", Some(1)), "{ran:?}");
    sandbox.fake_version("312", &["python"]);
    sandbox.run(&["local", "312"]).succeeds("");
    let text = fs::read_to_string(sandbox.path().join("work/.python-version")).unwrap();
    assert_eq!(text, "312\n");
}
