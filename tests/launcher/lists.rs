//! `py -0` and `py list`.

use crate::support::sandbox::Sandbox;
use serde_json::Value;

use super::{Interpreter, Launcher, interpreters, newest};

#[test]
fn what_is_installed_is_listed_newest_first_with_one_star() {
    let launcher = Launcher::new();
    let line = |interpreter: &Interpreter| {
        let name = interpreter.name();
        let star = if interpreter == newest() { " *" } else { "" };
        format!("{:17} Python {name}\n", format!(" -V:{name}{star}"))
    };
    let expected: String = interpreters().iter().rev().map(line).collect();
    launcher.ran(&["-0"]).succeeds(&expected);
    launcher.ran(&["--list"]).succeeds(&expected);
    let name = newest().name();
    let first =
        format!("{:17} [SANDBOX]/pyman/versions/{name}/bin/python", format!(" -V:{name} *"));
    assert_eq!(launcher.ran(&["-0p"]).stdout.lines().next(), Some(first.as_str()));
}

#[test]
fn scripts_get_documents() {
    let launcher = Launcher::new();
    let ran = launcher.ran(&["list", "--format", "json"]);
    assert_eq!((ran.stderr.as_str(), ran.status), ("", Some(0)));
    let listed: Value = serde_json::from_str(&ran.stdout).unwrap();
    let versions = listed["versions"].as_array().unwrap();
    assert_eq!(versions.len(), interpreters().len());
    let name = newest().name();
    let first = serde_json::json!({
        "schema": 1,
        "id": format!("pythoncore-{name}"),
        "company": "PythonCore",
        "tag": name,
        "sort-version": name,
        "display-name": format!("Python {name}"),
        "executable": format!("[SANDBOX]/pyman/versions/{name}/bin/python"),
        "prefix": format!("[SANDBOX]/pyman/versions/{name}"),
        "default": true,
    });
    assert_eq!(versions[0], first);
    launcher.ran(&["--list", "-f=jsonl", "--one"]).succeeds(&format!("{first}\n"));
    launcher
        .ran(&["list", "-1", "-f", "exe"])
        .succeeds(&format!("[SANDBOX]/pyman/versions/{name}/bin/python\n"));
    launcher
        .ran(&["list", "-f=prefix", &name])
        .succeeds(&format!("[SANDBOX]/pyman/versions/{name}\n"));
    launcher.ran(&["list", "-f=exe", "3.99"]).succeeds("");
    let oldest = interpreters().first().unwrap().name();
    launcher
        .ran(&["list", "-1", "-f=prefix", &oldest])
        .succeeds(&format!("[SANDBOX]/pyman/versions/{oldest}\n"));
    launcher.ran(&["list", "-f=csv", "default"]).succeeds(&format!(
        "id,company,tag,sort-version,display-name,executable,prefix,default\n\
         pythoncore-{name},PythonCore,{name},{name},Python {name},\
         [SANDBOX]/pyman/versions/{name}/bin/python,[SANDBOX]/pyman/versions/{name},true\n"
    ));
    let width = name.len();
    launcher.ran(&["list", "default"]).succeeds(&format!(
        "{:width$}     Name{}  Version\n{name}  *  Python {name}  {name}\n",
        "Tag",
        " ".repeat(width + 3)
    ));
}

#[test]
fn a_list_that_cannot_be_written_is_no_success() {
    let sandbox = Sandbox::new();
    sandbox.fake_version("3.12.1", &["python"]);
    assert_eq!(sandbox.run(&["rehash"]).status, Some(0));
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut command = sandbox.command(sandbox.root().join("shims/py"));
    let output = command.arg("--list").stdout(full).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "py: cannot write the output\n");
    assert_eq!(output.status.code(), Some(5));
}
