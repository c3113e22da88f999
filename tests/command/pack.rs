//! `pyman pack`: what one machine packs another installs, under another root.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use crate::support::needs::needs;
use crate::support::shop::Shop;

#[test]
fn a_packed_version_installs_under_another_root_and_runs() {
    let shop = Shop::open();
    let version = shop.version();
    shop.run(&["install", version]);
    for file in ["packed.tar.gz", "packed.tar.zst"] {
        let packed = shop.run(&["pack", version, "-o", file]);
        assert_eq!((packed.stderr.as_str(), packed.status), ("", Some(0)));
        let (digest, path) = packed.stdout.trim_end().split_once("  ").unwrap();
        assert_eq!(path, format!("[SANDBOX]/work/{file}"));

        let other = shop.sandbox.path().join(format!("other-{file}"));
        let mut command = shop.pyman(&["install", &format!("./{file}"), "--sha256", digest]);
        let ran = shop.ran(command.env("PYMAN_ROOT", &other));
        ran.is("", &format!("installed {version} in [TIME]\n"), 0);
        let prefix = other.join("versions").join(version);
        let program =
            "import sys, sysconfig, ssl; print(sys.prefix, sysconfig.get_config_var('prefix'))";
        let python = prefix.join("bin/python");
        let output = shop.sandbox.command(python).args(["-I", "-c", program]).output().unwrap();
        let expected = format!("{0} {0}\n", prefix.display());
        assert_eq!(String::from_utf8_lossy(&output.stdout), expected);
    }
}

#[test]
fn equal_trees_make_equal_archives() {
    let shop = Shop::open();
    shop.run(&["install", shop.version()]);
    let digest = |file: &str| {
        let ran = shop.run(&["pack", shop.version(), "-o", file]);
        ran.stdout.split_once(' ').unwrap().0.to_owned()
    };
    assert_eq!(digest("one.tar.gz"), digest("two.tar.gz"));
}

/// The first thing in a pack says which pyman made it; what is installed from it says that in its receipt alone.
#[test]
fn a_pack_of_a_later_form_is_refused_by_the_name_of_its_pyman() {
    let shop = Shop::open();
    let version = shop.version();
    let own = env!("CARGO_PKG_VERSION");
    shop.run(&["install", version]);
    assert_eq!(shop.run(&["pack", version, "-o", "packed.tar.gz"]).status, Some(0));
    let work = shop.sandbox.path().join("work");
    let tar = |arguments: &[&str]| {
        let ran = Command::new("tar").args(arguments).current_dir(&work).output().unwrap();
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        String::from_utf8(ran.stdout).unwrap()
    };
    let listed = tar(&["-tzf", "packed.tar.gz"]);
    assert_eq!(listed.lines().next(), Some("python/.pyman/pack.json"));
    tar(&["-xzf", "packed.tar.gz"]);
    let label = work.join("python/.pyman/pack.json");
    let said = fs::read_to_string(&label).unwrap();
    assert_eq!(said, format!("{{\"format\":1,\"pyman\":\"{own}\"}}"));

    let other = shop.sandbox.path().join("other");
    let install = |file: &str| {
        let mut command = shop.pyman(&["install", file]);
        shop.ran(command.env("PYMAN_ROOT", &other))
    };
    let later = "written by pyman 99.4.1";
    fs::write(&label, r#"{"format":2,"pyman":"99.4.1","tree":"elsewhere"}"#).unwrap();
    tar(&["-czf", "later.tar.gz", "python"]);
    let refused = install("./later.tar.gz");
    let expected = format!("later.tar.gz was {later}, this is {own}\n");
    assert_eq!((refused.stdout.as_str(), refused.status), ("", Some(1)));
    assert!(refused.stderr.contains(&expected), "{}", refused.stderr);
    assert!(!other.join("versions").join(version).exists());

    // A tree is a tree: who packed it does not matter while the form is known, nor a file that is no label.
    for known in [r#"{"format":1,"pyman":"99.4.1"}"#, "not ours"] {
        fs::write(&label, known).unwrap();
        tar(&["-czf", "known.tar.gz", "python"]);
        let ran = install("./known.tar.gz");
        assert_eq!(ran.status, Some(0), "{}", ran.stderr);
        let ours = other.join("versions").join(version).join(".pyman");
        assert!(ours.join("receipt.json").exists());
        assert!(!ours.join("pack.json").exists());
        fs::remove_dir_all(&other).unwrap();
    }
}

/// A tree built by another tool has an absolute run path; packed and installed it loads its own library.
#[test]
fn a_tree_of_pyenvs_can_be_packed_too() {
    needs!(let Some(foreign) = pyenvs(), "a Python of pyenv's");
    let shop = Shop::open();
    let name = foreign.file_name().unwrap().to_string_lossy().into_owned();
    let versions = shop.sandbox.root().join("versions");
    fs::create_dir_all(&versions).unwrap();
    symlink(&foreign, versions.join(&name)).unwrap();
    let packed = shop.run(&["pack", &name, "-o", "foreign.tar.gz"]);
    assert_eq!(packed.status, Some(0), "{}", packed.stderr);

    let other = shop.sandbox.path().join("other");
    let mut command = shop.pyman(&["install", "--trust", "./foreign.tar.gz"]);
    let ran = shop.ran(command.env("PYMAN_ROOT", &other));
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    let prefix = other.join("versions").join(&name);
    let program = "import sys\nprint(sys.prefix)\nfor line in open('/proc/self/maps'):\n    \
                   if 'libpython' in line: print(line.split()[-1])\n";
    let python = prefix.join("bin/python");
    let output = shop.sandbox.command(python).args(["-E", "-c", program]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.lines().count() >= 1, "{}", String::from_utf8_lossy(&output.stderr));
    for line in said.lines() {
        assert!(line.starts_with(&*prefix.to_string_lossy()), "{said}");
    }
}

/// The smallest version that pyenv built on this machine.
fn pyenvs() -> Option<std::path::PathBuf> {
    let home = std::env::var_os("HOME")?;
    let versions = Path::new(&home).join(".pyenv/versions");
    let found = ["3.6.15", "2.7.18", "3.12.1"].map(|name| versions.join(name));
    found.into_iter().find(|version| version.join("bin/python").exists())
}

#[test]
fn a_c_extension_builds_with_what_was_installed() {
    let prebuilt = crate::support::prebuilt::Prebuilt::whole();
    let shop = Shop::open();
    let archive = prebuilt.path.display().to_string();
    let ran = shop.run(&["install", &archive]);
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    let source = "#include <Python.h>\n\
        static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, \"small\", 0, -1, 0};\n\
        PyMODINIT_FUNC PyInit_small(void) { return PyModule_Create(&module); }\n";
    shop.sandbox.write("work/small.c", source);
    let program = "import sysconfig, shlex\n\
        v = sysconfig.get_config_vars()\n\
        print(shlex.join(shlex.split(v['LDSHARED']) + ['-fPIC', '-I' + v['INCLUDEPY'], 'small.c', '-o', 'small.so']))\n";
    let line = shop.python(program);
    let built = shop.sandbox.command("/bin/sh").args(["-c", &line]).status().unwrap();
    assert!(built.success(), "{line}");
    let python = shop.prefix().join("bin/python");
    let mut command: Command = shop.sandbox.command(python);
    let output = command.args(["-c", "import small; print(small)"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
