//! A root that 0.1.0 wrote, byte for byte what its files held, with the stages that it left when it was killed: read,
//! mended and kept by what came after; and what those stages say is not obeyed.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;
use std::process::Command;

use super::{Canary, bounded, run, starts};
use crate::support::needs::as_ordinary_user;
use crate::support::tiny::{self, Stall};

/// What 0.1.0 wrote into a version: the receipt as serde wrote it, and the resolver's line.
fn receipt(prefix: &Path, version: &str) {
    let text = format!(
        r#"{{
  "version": "{version}",
  "format": 1,
  "name": "{version}",
  "implementation": "cpython",
  "variant": "",
  "origin": {{
    "kind": "prebuilt",
    "source": "cache:cpython-{version}.tar.gz",
    "sha256": "9a0f4cb3a2005bfc2359c4db11d1822931b5f685b6f5ecabf3a6335d540407ff"
  }},
  "build": "20240107",
  "platform": "x86_64-unknown-linux-gnu",
  "prefix": "{}",
  "installed": 1795901275,
  "tree": {{
    "files": 4,
    "bytes": 12
  }}
}}
"#,
        prefix.display()
    );
    fs::create_dir_all(prefix.join(".pyman")).unwrap();
    fs::write(prefix.join(".pyman/receipt.json"), text).unwrap();
    fs::write(prefix.join(".pyman/identity"), format!("cpython {version} default\n")).unwrap();
}

/// A version's tree, as its archive has it.
fn tree(stall: &Stall, version: &str) {
    let archive = stall.sandbox.write("archive.tar.gz", tiny::archive(version));
    let prefix = stall.sandbox.root().join("versions").join(version);
    fs::create_dir_all(&prefix).unwrap();
    let mut tar = Command::new("tar");
    tar.args(["--strip-components=1", "-xzf"]).arg(archive).arg("-C").arg(&prefix);
    assert!(tar.status().unwrap().success());
    let minor = version.rsplit_once('.').unwrap().0;
    for name in ["python", "python3"] {
        symlink(format!("python{minor}"), prefix.join("bin").join(name)).unwrap();
    }
    receipt(&prefix, version);
}

/// An environment as 0.1.0 made them: `home` is a minor's link, or a patch.
fn environment(place: &Path, home: &Path, version: &str) {
    let minor = version.rsplit_once('.').unwrap().0;
    fs::create_dir_all(place.join("bin")).unwrap();
    fs::create_dir_all(place.join(format!("lib/python{minor}/site-packages"))).unwrap();
    fs::create_dir_all(place.join("include")).unwrap();
    symlink("lib", place.join("lib64")).unwrap();
    fs::write(place.join(".gitignore"), "*\n").unwrap();
    let executable = home.join("bin").join(format!("python{minor}"));
    let config = format!(
        "home = {}\ninclude-system-site-packages = false\nversion = {version}\nexecutable = {}\ncommand = pyman venv create {}\n",
        home.join("bin").display(),
        executable.display(),
        place.display()
    );
    fs::write(place.join("pyvenv.cfg"), config).unwrap();
    symlink(executable, place.join("bin/python")).unwrap();
    symlink("python", place.join("bin/python3")).unwrap();
    symlink("python", place.join(format!("bin/python{minor}"))).unwrap();
    let activate = format!("VIRTUAL_ENV='{}'\nexport VIRTUAL_ENV\n", place.display());
    fs::write(place.join("bin/activate"), activate).unwrap();
}

/// The registry's name for an environment: the head of its path's digest.
fn register(root: &Path, place: &Path) {
    let digest = pyman::fetch::Sha256::of(place.as_os_str().as_encoded_bytes()).to_string();
    fs::create_dir_all(root.join("environments")).unwrap();
    symlink(place, root.join("environments").join(&digest[..16])).unwrap();
}

/// The whole root, with dead stages of an installation that was replacing, of a removal, and of a creation.
pub(crate) fn written_by_0_1_0() -> Stall {
    let stall = Stall::open();
    let (root, home, work) = (stall.sandbox.root(), stall.sandbox.home(), stall.sandbox.work());
    for version in ["3.11.5", "3.12.1"] {
        tree(&stall, version);
    }
    fs::create_dir_all(root.join("minor")).unwrap();
    symlink("../versions/3.12.1", root.join("minor/3.12")).unwrap();
    symlink("../versions/3.11.5", root.join("minor/3.11")).unwrap();
    let (web, env) = (home.join(".virtualenvs/web"), work.join("env"));
    let api = root.join("versions/3.12.1/envs/api");
    environment(&web, &root.join("minor/3.12"), "3.12.1");
    environment(&env, &root.join("versions/3.11.5"), "3.11.5");
    environment(&api, &root.join("versions/3.12.1"), "3.12.1");
    for place in [&web, &env, &api] {
        register(&root, place);
    }
    register(&root, &work.join("deleted since"));
    symlink(&web, root.join("versions/web")).unwrap();
    symlink(&api, root.join("versions/api")).unwrap();
    fs::write(root.join("version"), "3.12.1\n").unwrap();
    for (name, text) in [
        ("locks/3.12.1.lock", "20432 installing 3.12.1"),
        ("locks/minor.lock", "20401 settling which patch is the newest"),
        (".rehashed", ""),
        ("shims/python", "an older program"),
        ("bin/pyman-shim", "an older program"),
    ] {
        fs::create_dir_all(root.join(name).parent().unwrap()).unwrap();
        fs::write(root.join(name), text).unwrap();
        fs::set_permissions(root.join(name), fs::Permissions::from_mode(0o755)).unwrap();
    }
    symlink("/nowhere/pyman", root.join("bin/pyman")).unwrap();
    symlink(Path::new("../versions/3.12.0"), root.join("minor/.3.12.new")).unwrap();
    symlink(&web, root.join(".link.20431")).unwrap();
    for stage in ["3.12.1.20432.0", "3.11.5.20443.0"] {
        fs::create_dir_all(root.join("stage").join(stage)).unwrap();
        fs::write(root.join("stage").join(format!("{stage}.lock")), "").unwrap();
    }
    stall
}

/// What the dead stages of 0.1.0 said, each thing with somebody's files at the end of it.
fn orders(stall: &Stall, canary: &Canary) {
    let stage = stall.sandbox.root().join("stage");
    let replacing = stage.join("3.12.1.20432.0");
    environment(&replacing.join("carried/stray"), Path::new("/nowhere"), "3.12.1");
    symlink(canary.place.join("deep"), replacing.join("carried.to")).unwrap();
    symlink(&canary.place, replacing.join("elsewhere.0")).unwrap();
    symlink(canary.place.join("precious"), replacing.join("elsewhere.1")).unwrap();
    fs::create_dir_all(replacing.join("displaced/3.10.9/bin")).unwrap();
    fs::write(replacing.join("displaced/3.10.9/bin/python"), "#!/bin/sh\n").unwrap();
    fs::create_dir_all(stage.join("3.11.5.20443.0/removed/bin")).unwrap();
    symlink(&canary.place, stage.join("3.11.5.20443.0/removed/lib")).unwrap();
    let half = stall.sandbox.home().join(".virtualenvs/.pyman-stage-d9298a10d1b07358");
    fs::create_dir_all(half.join("bin")).unwrap();
    symlink(&canary.place, half.join("lib64")).unwrap();
}

#[test]
fn a_root_of_0_1_0_is_read() {
    as_ordinary_user(|| {
        let stall = written_by_0_1_0();
        let versions = run(&stall, &["versions", "--bare"]);
        assert_eq!(versions.stdout, "3.11.5\n3.12.1\n3.12.1/envs/api\napi\nweb\n", "{versions:?}");
        let listed = run(&stall, &["venv", "list"]);
        for place in ["home/.virtualenvs/web", "work/env", "versions/3.12.1/envs/api"] {
            assert!(listed.stdout.contains(place), "{listed:?}");
        }
        assert!(!listed.stdout.contains("deleted since"), "{listed:?}");
        let ran = run(&stall, &["exec", "python", "-c", "pass"]);
        assert_eq!((ran.status, ran.stderr.as_str()), (Some(0), ""));
        assert_eq!(run(&stall, &["rehash"]).status, Some(0));
        let mut shim = stall.sandbox.command(stall.sandbox.root().join("shims/python"));
        assert_eq!(bounded(&stall, shim.args(["-c", "pass"])).status, Some(0));
    });
}

#[test]
fn a_root_of_0_1_0_is_mended_and_kept_and_its_dead_stages_are_not_obeyed() {
    as_ordinary_user(|| {
        for command in [
            &["install", "3.12.2"][..],
            &["install", "-f", "3.12.1"],
            &["uninstall", "-f", "3.11.5"],
            &["upgrade"],
            &["venv", "create", "--no-pip", "-p", "3.12", "other"],
            &["virtualenv", "--no-pip", "3.12.1", "shop"],
            &["rehash"],
            &["cache", "clean"],
        ] {
            let stall = written_by_0_1_0();
            let canary = Canary::beside(&stall);
            orders(&stall, &canary);
            let ran = run(&stall, command);
            assert_eq!(ran.status, Some(0), "{command:?}: {ran:?}");
            canary.lives(&format!("{command:?}"));
            let root = stall.sandbox.root();
            for place in
                ["versions/3.12.1/envs/stray", "versions/3.12.3/envs/stray", "versions/3.10.9"]
            {
                assert!(!root.join(place).exists(), "{command:?}: {place}");
            }
            // What worked before works.
            for place in ["versions/api", "versions/web"] {
                let runs = starts(&stall, &root.join(place).join("bin/python"));
                assert!(runs, "{command:?}: {place}");
            }
            let listed = run(&stall, &["versions", "--bare"]).stdout;
            assert!(
                !listed.contains(".pyman") && !listed.contains("stray"),
                "{command:?}: {listed}"
            );
            // Then the stage is swept by whatever installs.
            let ran = run(&stall, &["install", "-s", "3.12.1", "3.12.3"]);
            assert_eq!(ran.status, Some(0), "{command:?}: {ran:?}");
            assert_eq!(fs::read_dir(root.join("stage")).unwrap().count(), 0, "{command:?}");
            canary.lives("an installation afterwards");
            for left in [".link.20431", "minor/.3.12.new"] {
                let is_left = fs::symlink_metadata(root.join(left)).is_ok();
                assert!(!is_left, "{left} is left after {command:?}");
            }
        }
    });
}
