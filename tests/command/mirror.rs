//! `pyman mirror`: named, set, unset, timed; the settings file keeps what it does not concern.

use std::fs;

use crate::support::sandbox::Sandbox;
use crate::support::server::{Reply, Server};
use crate::support::shop::Shop;

const FILE: &str = "[SANDBOX]/home/.config/pyman/settings.toml";

#[test]
fn mirrors_are_set_in_order_and_taken_away_one_by_one() {
    let sandbox = Sandbox::new();
    let file = sandbox.write("home/.config/pyman/settings.toml", "# mine\n");
    let said = |mirrors: &str| format!("{mirrors} (written to {FILE})\n");
    sandbox.run(&["mirror", "set", "nju", "https://corp.example/py", "./here"]).is(
        "",
        &said("nju, https://corp.example/py, [SANDBOX]/work/here"),
        0,
    );
    sandbox.run(&["mirror", "unset", "nju"]).is(
        "",
        &said("https://corp.example/py, [SANDBOX]/work/here"),
        0,
    );
    sandbox
        .run(&["mirror", "unset", "nju"])
        .fails(&format!("pyman: `nju' is not among the mirrors of {FILE}\n"), 1);
    sandbox.run(&["mirror", "unset"]).is("", &said("no mirror"), 0);
    assert_eq!(fs::read_to_string(file).unwrap(), "# mine\n");
}

#[test]
fn what_is_no_mirror_is_not_written() {
    let sandbox = Sandbox::new();
    sandbox.run(&["mirror", "set", "nowhere"]).fails(
        "pyman: `nowhere' is neither a URL, nor a directory with `/', nor one of npmmirror, nju, ustc, huaweicloud, tuna, bfsu, aliyun\n",
        2,
    );
    assert!(!sandbox.home().join(".config").exists());
}

#[test]
fn those_in_use_are_marked_with_who_set_them() {
    let sandbox = Sandbox::new();
    let mut command = sandbox.pyman(["mirror", "list"]);
    let ran = sandbox.ran(command.env("PYMAN_MIRROR", "https://corp.example/py,tuna"));
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert_eq!(lines[0], "* https://corp.example/py (set by PYMAN_MIRROR)");
    assert_eq!(lines[1], "  npmmirror");
    let tuna = lines.iter().position(|line| *line == "* tuna (set by PYMAN_MIRROR)").unwrap();
    assert_eq!(lines[tuna + 1], "    https://mirrors.tuna.tsinghua.edu.cn/python");
    assert_eq!((ran.stderr.as_str(), ran.status), ("", Some(0)));
    let json = sandbox.run(&["mirror", "list", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(json["mirrors"][0]["name"], "npmmirror");
    assert_eq!(json["used"], serde_json::json!([]));
}

#[test]
fn a_mirror_is_timed_for_what_it_serves() {
    let sandbox = Sandbox::new();
    let server = Server::start(|request| {
        if request.path.ends_with(".tar.xz") {
            Reply::file(request, &vec![7; 200_000])
        } else {
            Reply::status(404)
        }
    });
    let mut command = sandbox.pyman(["mirror", "test", &server.url("")]);
    let ran = sandbox.ran(command.env("PYMAN_OFFLINE", "0"));
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert_eq!(lines.len(), 2, "{ran:?}");
    assert!(lines[0].contains(" prebuilt  ") && lines[0].contains("404"), "{ran:?}");
    assert!(lines[1].contains(" source ") && lines[1].contains(" ms"), "{ran:?}");
    assert_eq!(ran.status, Some(0));
}

#[test]
fn a_synced_directory_installs_on_a_machine_without_a_network() {
    let shop = Shop::open();
    let directory = shop.sandbox.path().join("mirror");
    let typed = directory.to_str().unwrap();
    let said = "1 file in [SANDBOX]/mirror; use it with PYMAN_CATALOGUE=[SANDBOX]/mirror/catalogue.jsonl\n";
    for _ in 0..2 {
        shop.run(&["mirror", "sync", typed]).is("", said, 0);
    }
    assert_eq!(shop.downloads(), 1, "what is there is not fetched again");
    assert!(directory.join("20240107").join(&shop.prebuilt.file).is_file());
    let other = Sandbox::new();
    let mut command = other.pyman(["install", shop.version()]);
    let ran = other.ran(command.env("PYMAN_CATALOGUE", directory.join("catalogue.jsonl")));
    assert_eq!(ran.status, Some(0), "{ran:?}");
    assert!(other.root().join("versions").join(shop.version()).join("bin/python").exists());
}

#[test]
fn what_cannot_be_mirrored_is_named_and_the_rest_is() {
    let shop = Shop::open();
    let directory = shop.sandbox.path().join("mirror");
    let ran = shop.run(&["mirror", "sync", directory.to_str().unwrap(), "9.9", shop.version()]);
    assert!(ran.stderr.starts_with("python-build: definition not found: 9.9\n"), "{ran:?}");
    assert!(ran.stderr.contains("1 file in [SANDBOX]/mirror"), "{ran:?}");
    assert_eq!(ran.status, Some(2));
}

/// A sandbox whose user has this configuration for pip.
fn with_pip(text: &str) -> (Sandbox, std::path::PathBuf) {
    let sandbox = Sandbox::new();
    let file = sandbox.write("home/.config/pip/pip.conf", text);
    (sandbox, file)
}

#[test]
fn pip_is_told_its_index_and_the_earlier_file_comes_back() {
    let before = "[global]\ntimeout = 60\n";
    let (sandbox, file) = with_pip(before);
    sandbox.run(&["mirror", "set", "tuna", "--pip"]).is(
        "",
        "pip asks https://pypi.tuna.tsinghua.edu.cn/simple (written to [SANDBOX]/home/.config/pip/pip.conf)\n",
        0,
    );
    let text = "[global]\nindex-url = https://pypi.tuna.tsinghua.edu.cn/simple\ntimeout = 60\n";
    assert_eq!(fs::read_to_string(&file).unwrap(), text);
    let said = "[SANDBOX]/home/.config/pip/pip.conf is as it was before\n";
    sandbox.run(&["mirror", "unset", "--pip"]).is("", said, 0);
    assert_eq!(fs::read_to_string(&file).unwrap(), before);
}

#[test]
fn an_index_without_tls_is_warned_of_and_an_edited_file_keeps_its_edits() {
    let (sandbox, file) = with_pip("");
    sandbox.run(&["mirror", "set", "http://index.example/simple", "--pip"]).is(
        "",
        "warning: index.example is asked over plain http: whoever is on the way can change packages\n\
         pip asks http://index.example/simple (written to [SANDBOX]/home/.config/pip/pip.conf)\n",
        0,
    );
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.contains("trusted-host = index.example\n"), "{text}");
    fs::write(&file, text + "retries = 3\n").unwrap();
    let said = "[SANDBOX]/home/.config/pip/pip.conf was edited since: only our lines are gone\n";
    sandbox.run(&["mirror", "unset", "--pip"]).is("", said, 0);
    assert_eq!(fs::read_to_string(&file).unwrap(), "[global]\nretries = 3\n");
}

#[test]
fn an_environment_has_an_index_of_its_own() {
    let sandbox = Sandbox::new();
    sandbox.write("work/env/pyvenv.cfg", "home = /usr/bin\nversion = 3.12.1\n");
    sandbox.run(&["mirror", "set", "tencent", "--pip", "--env", "./env"]).is(
        "",
        "pip asks https://mirrors.cloud.tencent.com/pypi/simple (written to [SANDBOX]/work/env/pip.conf)\n",
        0,
    );
    assert!(sandbox.work().join("env/pip.conf").exists());
    assert!(!sandbox.home().join(".config").exists());
}

#[test]
fn what_pip_cannot_ask_is_refused() {
    let sandbox = Sandbox::new();
    sandbox.run(&["mirror", "set", "nju", "--pip"]).fails(
        "pyman: `nju' is neither an index's address nor one of ustc, huaweicloud, tuna, aliyun, tencent\n",
        2,
    );
    sandbox
        .run(&["mirror", "set", "--pip", "tuna", "aliyun"])
        .fails("pyman: pip asks one index: name one\n", 2);
    assert!(!sandbox.home().join(".config").exists());
}
