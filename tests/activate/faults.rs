//! Hostile names, environments that moved, scripts that are executed.

use std::fs;
use std::process::Command;

use super::{FISH, HOSTILE_NAME, HOSTILE_PROMPT, Language, POSIX, TCSH, each, environment};
use crate::support::sandbox::Sandbox;

#[test]
fn a_hostile_name_is_that_path_and_nothing_else() {
    each(|shell, sandbox| {
        let hostile = environment(&sandbox.work().join(HOSTILE_NAME), Some(HOSTILE_PROMPT));
        let script = format!("{}\n{}\ndeactivate", shell.source(), shell.show());
        let ran = shell.run(sandbox, &hostile, &script);
        assert_eq!((ran.stderr.as_str(), ran.status), ("", Some(0)), "{shell:?}");
        let path = format!("[SANDBOX]/work/{HOSTILE_NAME}");
        let expected = format!(
            "VIRTUAL_ENV={path}\nVIRTUAL_ENV_PROMPT={HOSTILE_PROMPT}\nPATH={path}/bin:/usr/bin:/bin\n"
        );
        assert!(ran.stdout.starts_with(&expected), "{shell:?}: {ran:?}");
        assert_eq!(fs::read_dir(sandbox.work()).unwrap().count(), 1, "{shell:?}");
    });
}

#[test]
fn moved_by_mv_it_is_where_its_script_is() {
    for shell in POSIX.into_iter().chain([FISH]).filter(|shell| shell.program != "dash") {
        let sandbox = Sandbox::new();
        environment(&sandbox.work().join("old/it's web"), None);
        fs::rename(sandbox.work().join("old"), sandbox.work().join("new place")).unwrap();
        let moved = sandbox.work().join("new place/it's web");
        let say = "echo \"$VIRTUAL_ENV\"";
        let script = format!("{}; {say}; deactivate", shell.source());
        for (directory, named) in [
            (sandbox.work(), moved.join("bin").join(shell.script)),
            (sandbox.work().join("new place"), format!("it's web/bin/{}", shell.script).into()),
            (moved.join("bin"), format!("./{}", shell.script).into()),
        ] {
            let mut command = shell.command(&sandbox, &moved, &script);
            command.current_dir(directory).env("A", named).env("CDPATH", "/:/usr");
            sandbox.ran(&mut command).succeeds("[SANDBOX]/work/new place/it's web\n");
        }
    }
}

#[test]
fn moved_by_mv_dash_and_csh_say_so() {
    for shell in [POSIX[4], TCSH] {
        let sandbox = Sandbox::new();
        environment(&sandbox.work().join("old"), None);
        let moved = sandbox.work().join("new");
        fs::rename(sandbox.work().join("old"), &moved).unwrap();
        let script = match shell.language {
            Language::Csh => "source \"$A:q\"; echo $status $?VIRTUAL_ENV",
            Language::Posix | Language::Fish => ". \"$A\"; echo $? ${VIRTUAL_ENV-0}",
        };
        shell.run(&sandbox, &moved, script).is(
            "1 0\n",
            &format!(
                "{}: this environment was made in [SANDBOX]/work/old and moved since: \
                 run `pyman venv repair' with the directory it is in now\n",
                shell.script
            ),
            0,
        );
    }
}

#[test]
fn a_copy_activates_itself() {
    for shell in POSIX.into_iter().take(3).chain([FISH]) {
        let sandbox = Sandbox::new();
        let made = environment(&sandbox.work().join("made"), None);
        let copy = sandbox.work().join("copy");
        let copied = Command::new("cp").arg("-r").arg(&made).arg(&copy).status().unwrap();
        assert!(copied.success());
        let script = format!("{}; echo \"$VIRTUAL_ENV\"", shell.source());
        shell.run(&sandbox, &copy, &script).succeeds("[SANDBOX]/work/copy\n");
    }
}

#[test]
fn through_a_link_it_is_where_it_was_made() {
    each(|shell, sandbox| {
        let web = environment(&sandbox.work().join("web"), None);
        let link = sandbox.work().join("link");
        std::os::unix::fs::symlink(&web, &link).unwrap();
        let script = format!("{}\necho $VIRTUAL_ENV", shell.source());
        shell.run(sandbox, &link, &script).succeeds("[SANDBOX]/work/web\n");
    });
}

#[test]
fn executed_it_says_so() {
    each(|shell, sandbox| {
        let web = environment(&sandbox.work().join("web"), None);
        let script = web.join("bin").join(shell.script);
        let word = if shell.language == Language::Posix { "." } else { "source" };
        let mut command = sandbox.command(shell.program);
        command.args(shell.options).arg(&script);
        sandbox.ran(&mut command).fails(
            &format!(
                "{name}: it changes the shell that reads it, so source it: {word} [SANDBOX]/work/web/bin/{name}\n",
                name = shell.script
            ),
            1,
        );
    });
}

#[test]
fn sourced_by_a_script_or_a_function_it_works() {
    each(|shell, sandbox| {
        let web = environment(&sandbox.work().join("web"), None);
        let text = match shell.language {
            Language::Posix => "wrap() { . \"$A\"; }; wrap; echo \"$VIRTUAL_ENV\"",
            Language::Fish => "function wrap; source $A; end; wrap; echo $VIRTUAL_ENV",
            Language::Csh => "source $A; echo $VIRTUAL_ENV",
        };
        let script = sandbox.write("work/script", text);
        let mut command = sandbox.command(shell.program);
        command.args(shell.options).arg(&script).env("A", web.join("bin").join(shell.script));
        sandbox.ran(&mut command).succeeds("[SANDBOX]/work/web\n");
    });
}

#[test]
fn a_sourced_script_may_be_called_like_an_executed_one() {
    for shell in POSIX.into_iter().take(2) {
        let sandbox = Sandbox::new();
        let web = environment(&sandbox.work().join("web"), None);
        let mut command = shell.command(&sandbox, &web, "set -eu; . \"$0\"; echo \"$VIRTUAL_ENV\"");
        command.arg(web.join("bin/activate"));
        sandbox.ran(&mut command).succeeds("[SANDBOX]/work/web\n");
    }
}

#[test]
fn unusual_options_and_separators_change_nothing() {
    let cases = [
        ("bash", "set -o posix; IFS=/"),
        ("bash", "trap 'echo ERR' ERR; set -E"),
        ("zsh", "emulate sh; setopt errexit nounset"),
        ("zsh", "emulate ksh"),
        ("zsh", "setopt ksharrays shwordsplit globsubst nofunctionargzero"),
        ("ksh", "IFS=/; set -f"),
        ("mksh", "IFS=/; set -o posix"),
        ("dash", "IFS=/; set -f"),
    ];
    for (program, options) in cases {
        let shell = POSIX.into_iter().find(|shell| shell.program == program).unwrap();
        let sandbox = Sandbox::new();
        let web = environment(&sandbox.work().join("we b"), Some("5% *"));
        let script = format!(
            "{options}; . \"$A\"; . \"$A\"; echo \"$VIRTUAL_ENV\"; deactivate; echo \"${{VIRTUAL_ENV-unset}}\""
        );
        shell.run(&sandbox, &web, &script).succeeds("[SANDBOX]/work/we b\nunset\n");
    }
}

#[test]
fn fish_speaks_another_language() {
    let sandbox = Sandbox::new();
    let web = environment(&sandbox.work().join("web"), None);
    let mut command = FISH.command(&sandbox, &web, "if true; source $A; end; echo $VIRTUAL_ENV");
    command.env("LANGUAGE", "fr").env("LC_ALL", "fr_FR.UTF-8");
    sandbox.ran(&mut command).succeeds("[SANDBOX]/work/web\n");
}
