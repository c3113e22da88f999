//! What happens at the prompt: new commands appear, environments follow version files.

use std::fs;

use super::{FISH, Real, each};
use crate::support::sandbox::Sandbox;

#[test]
fn new_commands_appear_at_the_next_prompt_and_a_hit_starts_no_process() {
    let newcomer = "mkdir -p $PYMAN_ROOT/versions/3.12.7/bin; printf '#!/bin/sh\\necho flask\\n' \
                    > $PYMAN_ROOT/versions/3.12.7/bin/flask; \
                    chmod +x $PYMAN_ROOT/versions/3.12.7/bin/flask";
    let settled = "touch -d '1 hour ago' $PYMAN_ROOT/versions $PYMAN_ROOT/versions/*/bin";
    for shell in Real::all().filter(|shell| shell.program != "dash") {
        let sandbox = Sandbox::new();
        let prompt = match shell.program {
            "bash" => "eval \"$PROMPT_COMMAND\"",
            "zsh" => "for hook in $precmd_functions; do $hook; done",
            _ => "_pyman_prompt",
        };
        // ksh has its hook in the prompt itself, when interactive.
        let load = match shell.name {
            "ksh" => "code=$(\"$PYMAN\" init - ksh); eval \"$code\"".to_owned(),
            _ => shell.load(""),
        };
        let script = format!(
            "{load}; {newcomer}; {prompt}; ls $PYMAN_ROOT/shims; {settled}; \"$PYMAN\" rehash; \
             : > $PYMAN_ROOT/mark; {prompt}; {prompt}; : done"
        );
        let script = match shell.name {
            "fish" => script.replace("\"$PYMAN\"", "$PYMAN").replace(": > ", "true > "),
            _ => script,
        };
        let trace = sandbox.path().join("trace");
        let mut command = sandbox.command("strace");
        command
            .args(["-f", "-qq", "-e", "trace=process,openat", "-o"])
            .arg(&trace)
            .args([shell.program, "-c", &script])
            .env("PYMAN", crate::support::program())
            .env("TERM", "dumb");
        let ran = sandbox.ran(&mut command);
        assert_eq!(
            (ran.stdout.as_str(), ran.status),
            ("flask\npy\n", Some(0)),
            "{shell:?} {ran:?}"
        );
        let trace = fs::read_to_string(trace).unwrap();
        let (_, hits) = trace.rsplit_once("/mark\"").unwrap();
        assert!(!starts_a_process(hits), "{shell:?} started a process: {hits}");
    }
}

/// Whether a trace has a call that makes a process; fish makes threads as it pleases.
fn starts_a_process(trace: &str) -> bool {
    trace.lines().any(|line| {
        ["clone", "fork", "execve"].iter().any(|call| line.contains(call))
            && !line.contains("CLONE_THREAD")
    })
}

/// Two environments and a version, all fake.
fn environments(sandbox: &Sandbox) {
    sandbox.fake_version("3.12.7", &["python"]);
    for name in ["3.12.7/envs/web", "3.12.7/envs/data"] {
        let tree = sandbox.fake_version(name, &["python", "flask"]);
        fs::write(tree.join("pyvenv.cfg"), "home = /nowhere\n").unwrap();
    }
    let versions = sandbox.root().join("versions");
    std::os::unix::fs::symlink(versions.join("3.12.7/envs/web"), versions.join("web")).unwrap();
}

#[test]
fn an_environment_is_activated_and_all_is_undone() {
    each(|shell, sandbox| {
        environments(sandbox);
        let show = "printf '%s|%s|%s|%s|%s\\n' \"$VIRTUAL_ENV\" \"$PYMAN_VIRTUAL_ENV\" \"$PYMAN_VERSION\" \
                    \"$PYTHONHOME\" \"$PS1\"";
        let script = format!(
            "{}; {set}; {show}; pyman activate web; {show}; pyman activate web; pyman activate 3.12.7/envs/data; \
             {show}; pyman deactivate; {show}; pyman deactivate || echo none; pyman activate 3.12.7 || echo no",
            shell.load(""),
            set = if shell == FISH { "set PS1 '> '" } else { "PS1='> '" },
        );
        let mut command = shell.command(sandbox, &sandbox.root(), &["-c", &script]);
        command.env("PYTHONHOME", "/home/of/python");
        // What pyenv-virtualenv does not do either: fish's prompt is a function.
        let prompt = |name: &str| match shell.name {
            "fish" => "> ".to_owned(),
            _ => format!("({name}) > "),
        };
        let envs = "[SANDBOX]/pyman/versions/3.12.7/envs";
        let expected = format!(
            "||||/home/of/python|> \n\
             {envs}/web|{envs}/web|web||{web}\n\
             {envs}/data|{envs}/data|3.12.7/envs/data||{data}\n\
             ||||/home/of/python|> \nnone\nno\n",
            web = prompt("web"),
            data = prompt("3.12.7/envs/data"),
        );
        sandbox.ran(&mut command).is(
            &expected.replace("||||/home", "|||/home"),
            "pyman: version `web' is already activated\n\
             pyman: no virtualenv has been activated.\n\
             pyman: version `3.12.7' is not a virtualenv\n",
            0,
        );
    });
}

#[test]
fn what_was_activated_is_left_as_fingers_expect() {
    each(|shell, sandbox| {
        environments(sandbox);
        let show = "printf '%s|%s|%s\\n' \"$VIRTUAL_ENV\" \"$PYMAN_VERSION\" \"$PS1\"";
        let (set, alias) = match shell {
            FISH => ("set PS1 '> '", "alias deactivate 'echo alias'"),
            _ => ("PS1='> '", "alias deactivate='echo alias'"),
        };
        // The second time it is an alias first.
        let script = format!(
            "{}; {set}; {alias}\npyman activate web; {show}\ndeactivate\n{show}\n\
             pyman activate data\ndeactivate nondestructive\n{show}\ndeactivate",
            shell.load(""),
        );
        let mut command = shell.command(sandbox, &sandbox.root(), &["-c", &script]);
        let ran = sandbox.ran(command.env("PATH", "/usr/bin:/bin"));
        let mark = if shell == FISH { "" } else { "(web) " };
        let expected =
            format!("[SANDBOX]/pyman/versions/3.12.7/envs/web|web|{mark}> \n||> \n||> \n");
        assert_eq!(ran.stdout, expected, "{shell:?}: {ran:?}");
        // It is gone with the environment.
        assert_eq!(
            (ran.stderr.matches("deactivate").count() > 0, ran.status),
            (true, Some(127)),
            "{ran:?}"
        );
    });
}

#[test]
fn the_prompt_is_what_was_asked_for() {
    each(|shell, sandbox| {
        environments(sandbox);
        let config = sandbox.root().join("versions/3.12.7/envs/web/pyvenv.cfg");
        fs::write(config, "home = /nowhere\nprompt = 'my shop'\n").unwrap();
        let script = format!(
            "{}; pyman activate web; printf '%s|%s\\n' \"$VIRTUAL_ENV_PROMPT\" \"$PS1\"",
            shell.load("")
        );
        let mut command = shell.command(sandbox, &sandbox.root(), &["-c", &script]);
        let ps1 = if shell == FISH { "" } else { "(my shop) " };
        let ran = sandbox.ran(command.env_remove("PS1"));
        assert!(ran.stdout.starts_with(&format!("my shop|{ps1}")), "{shell:?}: {ran:?}");
        assert_eq!((ran.stderr.as_str(), ran.status), ("", Some(0)), "{shell:?}");
    });
}

#[test]
fn version_files_activate_at_the_prompt_and_a_hit_starts_no_process() {
    for shell in Real::all().filter(|shell| shell.program != "dash") {
        let sandbox = Sandbox::new();
        environments(&sandbox);
        sandbox.write("work/site/.python-version", "web\n");
        sandbox.write("work/site/deep/er/file", "");
        let show = "echo \"$VIRTUAL_ENV\"; _pyman_virtualenv";
        let next = "_pyman_virtualenv; printf '%s\\n' \"$VIRTUAL_ENV\"";
        let init = shell
            .load("")
            .replace("init - fish", "virtualenv-init - fish")
            .replace("init -", "virtualenv-init -")
            .replace("virtualenv-virtualenv-", "virtualenv-");
        let script = format!(
            "{}; {init}; {next}; cd site/deep/er; {next}; echo data > ../.python-version; {next}; \
             echo 3.12.7/envs/data > ../.python-version; {next}; cd /; {next}; cd \"$OLDPWD\"; {next}; \
             echo > $PYMAN_ROOT/mark; {show}; {show}",
            shell.load("")
        );
        let script = match shell.name {
            "fish" => script.replace("cd \"$OLDPWD\"", "cd -"),
            _ => script,
        };
        let trace = sandbox.path().join("trace");
        let mut command = sandbox.command("strace");
        command
            .args(["-f", "-qq", "-e", "trace=process,openat", "-o"])
            .arg(&trace)
            .args([shell.program, "-c", &script])
            .env("PYMAN", crate::support::program())
            .env("TERM", "dumb");
        let ran = sandbox.ran(&mut command);
        let envs = "[SANDBOX]/pyman/versions/3.12.7/envs";
        let data = format!("{envs}/data\n");
        let expected = format!("\n{envs}/web\n\n{data}\n{data}{data}{data}");
        assert_eq!(
            (ran.stdout, ran.stderr, ran.status),
            (expected, String::new(), Some(0)),
            "{shell:?}"
        );
        let trace = fs::read_to_string(trace).unwrap();
        let (_, hits) = trace.rsplit_once("/mark\"").unwrap();
        assert!(!starts_a_process(hits), "{shell:?} started a process: {hits}");
    }
}
