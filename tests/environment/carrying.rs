//! To another machine, and from an index: export, bundle, unbundle, `pyman index`. Nothing leaves this machine.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{Python, create, names, output, sandbox};
use crate::support::needs::needs;
use crate::support::sandbox::Sandbox;

/// A wheel of a project with one module and one script, written by the base's own zipfile.
const WHEEL: &str = "
import sys, zipfile
where, name, version = sys.argv[1:]
info = '%s-%s.dist-info/' % (name, version)
files = {
    name + '.py': 'import sys\\ndef main():\\n    print(sys.prefix)\\n',
    info + 'METADATA': 'Metadata-Version: 2.1\\nName: %s\\nVersion: %s\\n' % (name, version),
    info + 'WHEEL': 'Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py2-none-any\\nTag: py3-none-any\\n',
    info + 'entry_points.txt': '[console_scripts]\\n%s = %s:main\\n' % (name, name),
}
files[info + 'RECORD'] = ''.join('%s,,\\n' % path for path in list(files) + [info + 'RECORD'])
with zipfile.ZipFile('%s/%s-%s-py2.py3-none-any.whl' % (where, name, version), 'w') as wheel:
    for path, text in files.items():
        wheel.writestr(path, text)
";

fn wheel(sandbox: &Sandbox, python: &Python, name: &str, version: &str) -> PathBuf {
    let wheels = sandbox.path().join("wheels");
    fs::create_dir_all(&wheels).unwrap();
    let interpreter = python.prefix.join(format!("bin/python{}", python.minor()));
    let arguments = ["-I", "-c", WHEEL, wheels.to_str().unwrap(), name, version];
    output(sandbox, interpreter, &arguments);
    wheels
}

/// An environment in which `thing` 1.0 is installed, or none where no Python here brings pip.
fn with_thing(place: &str) -> Option<(Sandbox, Python, PathBuf)> {
    let python = Python::newest();
    if !python.brings_pip() {
        return None;
    }
    let sandbox = sandbox(std::slice::from_ref(&python));
    let wheels = wheel(&sandbox, &python, "thing", "1.0");
    let mut command =
        sandbox.pyman(["venv", "create", "-p", &python.version, place, "-i", "thing"]);
    command.env("PIP_NO_INDEX", "1").env("PIP_FIND_LINKS", &wheels).env("PIP_TARGET", "/nowhere");
    let ran = sandbox.ran(&mut command);
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    let path = sandbox.run(&["venv", "path", place]).stdout;
    let path = path.trim().replace("[SANDBOX]", sandbox.path().to_str().unwrap());
    Some((sandbox, python, path.into()))
}

#[test]
fn what_is_installed_is_exported_without_credentials() {
    needs!(let Some((sandbox, python, _)) = with_thing("web"), "a Python that brings pip");
    let mut command = sandbox.pyman(["venv", "export", "web"]);
    command.env("PIP_INDEX_URL", "https://me:secret@index.example/simple");
    let version = &python.version;
    sandbox.ran(&mut command).succeeds(&format!(
        "# Python {version}\n# index: https://index.example/simple\nthing==1.0\n"
    ));
    sandbox
        .run(&["venv", "export", "web", "--unpinned"])
        .succeeds(&format!("# Python {version}\nthing\n"));
    let all = sandbox.run(&["venv", "export", "web", "--all"]).stdout;
    assert!(all.contains("\npip=="), "{all}");
}

#[test]
fn a_failing_install_leaves_the_environment_and_its_status() {
    let python = Python::newest();
    needs!(python.brings_pip(), "a Python that brings pip");
    let sandbox = sandbox(std::slice::from_ref(&python));
    let mut command = sandbox.pyman(["venv", "create", "-p", &python.version, "-i", "nope"]);
    command.env("PIP_NO_INDEX", "1");
    assert_eq!(sandbox.ran(&mut command).status, Some(1));
    assert!(sandbox.work().join(".venv/pyvenv.cfg").is_file());
}

#[test]
fn a_bundle_is_an_environment_again_elsewhere() {
    needs!(let Some((sandbox, python, web)) = with_thing("web"), "a Python that brings pip");
    for file in ["web.tar.zst", "web.tar.gz", "anything"] {
        sandbox
            .run(&["venv", "bundle", "web", "-o", file])
            .succeeds(&format!("bundled [SANDBOX]/work/{file}\n"));
    }
    assert_eq!(names(&sandbox.work()), ["anything", "web.tar.gz", "web.tar.zst"]);
    fs::remove_dir_all(&web).unwrap();
    for (number, file) in ["web.tar.zst", "web.tar.gz", "anything"].iter().enumerate() {
        let goal = format!("./new {number}");
        sandbox
            .run(&["venv", "unbundle", file, &goal])
            .succeeds(&format!("unbundled [SANDBOX]/work/new {number} ({})\n", python.version));
        let made = sandbox.work().join(format!("new {number}"));
        let expected = format!("{}\n", made.display());
        assert_eq!(output(&sandbox, made.join("bin/thing"), &[]), expected);
        let listed = output(&sandbox, made.join("bin/pip"), &["list", "--format=freeze"]);
        assert!(listed.contains("thing==1.0"), "{listed}");
        assert!(!made.join(".bundle").exists());
    }
}

#[test]
fn a_list_that_pyman_did_not_write_is_not_overwritten_by_the_wheels() {
    needs!(let Some((sandbox, _, _)) = with_thing("web"), "a Python that brings pip");
    let wheels = sandbox.path().join("wheels");
    let bundle = |arguments: &[&str]| {
        let mut command =
            sandbox.pyman(&[&["venv", "bundle", "web", "--wheels"], arguments].concat()[..]);
        command.env("PIP_NO_INDEX", "1").env("PIP_FIND_LINKS", &wheels);
        sandbox.ran(&mut command)
    };
    let list = sandbox.work().join("requirements.txt");
    let refused = |place: &str| {
        format!(
            "pyman: `{place}requirements.txt' exists, and pyman did not write it\n\
             hint: choose another directory, or let `-f` overwrite it\n"
        )
    };
    for text in ["django==5 # by hand\n", ""] {
        fs::write(&list, text).unwrap();
        bundle(&["."]).fails(&refused("./"), 1);
        bundle(&[".", "-o", "both"]).fails(&refused("./"), 1);
        assert_eq!(fs::read_to_string(&list).unwrap(), text);
    }
    assert_eq!(names(&sandbox.work()), ["requirements.txt"]);
    fs::create_dir(sandbox.work().join("d")).unwrap();
    let link = sandbox.work().join("d/requirements.txt");
    std::os::unix::fs::symlink("../requirements.txt", &link).unwrap();
    bundle(&["d"]).fails(&refused("d/"), 1);
    // What was written before is written anew.
    for again in ["first", "second"] {
        let ran = bundle(&["fresh"]);
        assert_eq!(ran.status, Some(0), "{again}: {}", ran.stderr);
    }
    let expected = "# written by `pyman venv bundle --wheels`\nthing==1.0\n";
    assert_eq!(
        fs::read_to_string(sandbox.work().join("fresh/requirements.txt")).unwrap(),
        expected
    );
    let ran = bundle(&["d", "-f"]);
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    assert!(link.is_symlink());
    assert_eq!(fs::read_to_string(&list).unwrap(), expected);
    fs::remove_file(&link).unwrap();
    let made = Command::new("mkfifo").arg(&link).status().unwrap();
    assert!(made.success());
    bundle(&["d"]).fails(&refused("d/"), 1);
}

#[test]
fn a_bundle_for_another_version_or_damaged_is_refused_and_leaves_nothing() {
    needs!(let Some([one, other]) = Python::two(), "two minors of Python");
    let sandbox = sandbox(&[one.clone(), other.clone()]);
    assert_eq!(create(&sandbox, &["--no-pip", "-p", &one.version, "web"]).status, Some(0));
    assert_eq!(sandbox.run(&["venv", "bundle", "web", "-o", "b"]).status, Some(0));
    sandbox.run(&["venv", "unbundle", "b", "./x", "-p", &other.version]).fails(
        &format!(
            "pyman: the bundle cannot be used: it is for Python {}, not {}\n",
            one.minor(),
            other.minor()
        ),
        4,
    );
    let bytes = fs::read(sandbox.work().join("b")).unwrap();
    fs::write(sandbox.work().join("torn"), &bytes[..bytes.len() / 2]).unwrap();
    sandbox.write("work/none", "not an archive");
    for file in ["torn", "none"] {
        let ran = sandbox.run(&["venv", "unbundle", file, "./x"]);
        assert!(matches!(ran.status, Some(2 | 4)), "{file}: {}", ran.stderr);
    }
    assert_eq!(names(&sandbox.work()), ["b", "none", "torn"]);
}

#[test]
fn a_directory_of_wheels_is_an_index_for_pip() {
    let python = Python::newest();
    needs!(python.brings_pip(), "a Python that brings pip");
    let sandbox = sandbox(std::slice::from_ref(&python));
    wheel(&sandbox, &python, "thing", "1.0");
    let wheels = wheel(&sandbox, &python, "thing", "2.0");
    assert_eq!(create(&sandbox, &["-p", &python.version, "./e"]).status, Some(0));
    let mut server =
        sandbox.pyman([Path::new("index"), &wheels]).stdout(Stdio::piped()).spawn().unwrap();
    let mut url = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut url).unwrap();
    let pip = sandbox.work().join("e/bin/pip");
    output(&sandbox, &pip, &["install", "--no-cache-dir", "-q", "-i", url.trim(), "thing==1.0"]);
    output(&sandbox, &pip, &["install", "--no-cache-dir", "-q", "-U", "-i", url.trim(), "thing"]);
    let listed = output(&sandbox, &pip, &["list", "--format=freeze"]);
    assert!(listed.contains("thing==2.0"), "{listed}");
    let interrupt = Command::new("kill").args(["-INT", &server.id().to_string()]).status().unwrap();
    assert!(interrupt.success());
    assert_eq!(server.wait().unwrap().code(), Some(0));
}
