//! `activate_this.py`, in the Pythons of this machine.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use super::{HOSTILE_NAME, HOSTILE_PROMPT, environment};
use crate::support::sandbox::Sandbox;

/// Every Python that pyenv or the distribution has here, with its `X.Y`.
fn pythons() -> Vec<(PathBuf, String)> {
    let pyenv = PathBuf::from(std::env::var_os("HOME").unwrap()).join(".pyenv/versions");
    let installed = fs::read_dir(pyenv).into_iter().flatten();
    let mut candidates: Vec<PathBuf> =
        installed.map(|entry| entry.unwrap().path().join("bin/python")).collect();
    candidates.push("/usr/bin/python3".into());
    let version = "import sys; print('%d.%d' % sys.version_info[:2])";
    let answers = candidates.into_iter().filter_map(|python| {
        let output = Command::new(&python).args(["-I", "-c", version]).output();
        let output = match output {
            Ok(output) if output.status.success() => output,
            // 2.7 knows no `-I`.
            Ok(_) => Command::new(&python).args(["-E", "-c", version]).output().unwrap(),
            Err(_) => return None,
        };
        let version = String::from_utf8(output.stdout).unwrap().trim().to_owned();
        (!version.is_empty()).then_some((python, version))
    });
    answers.collect()
}

#[test]
fn its_packages_become_importable_in_every_version() {
    let pythons = pythons();
    assert!(!pythons.is_empty(), "no Python to test with");
    for (python, version) in pythons {
        let sandbox = Sandbox::new();
        let hostile = environment(&sandbox.work().join(HOSTILE_NAME), Some(HOSTILE_PROMPT));
        let packages = hostile.join(format!("lib/python{version}/site-packages"));
        fs::create_dir_all(&packages).unwrap();
        fs::write(packages.join("zed.py"), "here = True\n").unwrap();
        let code = "import os, sys; f = sys.argv[1]\n\
                    for _ in range(2): exec(open(f).read(), {'__file__': f})\n\
                    import zed\n\
                    assert zed.here\n\
                    e = os.environ\n\
                    assert sys.prefix == e['VIRTUAL_ENV'] == sys.argv[2], sys.prefix\n\
                    assert e['VIRTUAL_ENV_PROMPT'] == sys.argv[3], e['VIRTUAL_ENV_PROMPT']\n\
                    assert e['PATH'] == e['VIRTUAL_ENV'] + '/bin:/usr/bin:/bin', e['PATH']\n\
                    assert sys.real_prefix != sys.prefix == sys.exec_prefix\n\
                    import sysconfig\n\
                    assert sys.version_info < (3,) or sysconfig.get_path('platlib').startswith(sys.prefix)\n\
                    exec(open(f).read())";
        let mut command = sandbox.command(&python);
        command
            .args(["-S", "-c", code])
            .arg(hostile.join("bin/activate_this.py"))
            .arg(&hostile)
            .arg(HOSTILE_PROMPT);
        sandbox.ran(&mut command).succeeds("");
    }
}

#[test]
fn another_version_is_refused_and_a_moved_one_is_where_its_script_is() {
    let (python, version) = pythons().pop().unwrap();
    let sandbox = Sandbox::new();
    environment(&sandbox.work().join("web"), None);
    let moved = sandbox.work().join("moved");
    fs::rename(sandbox.work().join("web"), &moved).unwrap();
    let code = "import os, sys; f = sys.argv[1]; exec(open(f).read(), {'__file__': f}); \
                print(os.environ['VIRTUAL_ENV'])";
    let mut command = sandbox.command(&python);
    command.args(["-c", code]).arg(moved.join("bin/activate_this.py"));
    let ran = sandbox.ran(&mut command);
    let refusal =
        format!("RuntimeError: [SANDBOX]/work/moved is no environment of Python {version}\n");
    assert!(ran.stderr.ends_with(&refusal), "{ran:?}");
    fs::create_dir_all(moved.join(format!("lib/python{version}/site-packages"))).unwrap();
    sandbox.ran(&mut command).succeeds("[SANDBOX]/work/moved\n");
}
