//! pywin's words, which are older than ours.

use super::{Launcher, newest};

#[test]
fn setdefault_acts_on_the_session_and_names_the_modern_command() {
    let launcher = Launcher::new();
    let name = newest().name();
    let session = format!(
        "eval \"$(\"$1\" init - bash)\"; pyman setdefault {name}; echo \"$PYMAN_VERSION\"; \
         pyman setdefault 3.99 || echo \"$? $PYMAN_VERSION\""
    );
    let mut bash = launcher.sandbox.command("/bin/bash");
    bash.args(["--norc", "-c", &session, "bash"]).arg(crate::support::program());
    launcher.sandbox.ran(&mut bash).is(
        &format!("{name}\n1 {name}\n"),
        &format!(
            "hint: `pyman shell {name}` is what this does\n\
             hint: `pyman shell 3.99` is what this does\n\
             pyman: version `3.99' not installed\n"
        ),
        0,
    );
    launcher
        .sandbox
        .run(&["setdefault", "3.4"])
        .fails("pyman: shell integration not enabled. Run `pyman init' for instructions.\n", 1);
    let unsaid = launcher.sandbox.run(&["sh-setdefault"]);
    assert!(unsaid.stderr.contains("Usage: pyman setdefault <VERSION>\n"), "{unsaid:?}");
}

#[test]
fn genlaunchers_is_a_rehash() {
    let launcher = Launcher::new();
    let shim = launcher.sandbox.root().join("shims").join(format!("python{}", newest().minor()));
    assert!(!shim.exists());
    let hint = "hint: `pyman rehash` is what this does\n";
    launcher.sandbox.run(&["genlaunchers"]).is("", hint, 0);
    assert!(shim.exists());
}
