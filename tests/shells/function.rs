//! The `pyman` function: commands that act on the calling shell, and completion.

use std::fs;
use std::path::Path;

use super::{Real, each};
use crate::support::sandbox::Sandbox;

#[test]
fn a_program_of_a_plugin_acts_on_the_calling_shell() {
    each(|shell, sandbox| {
        Sandbox::script(
            &sandbox.root().join("plugins/moods/bin/pyman-sh-mood"),
            "case $PYMAN_SHELL in fish) echo set -g MOOD \"'$1'\";; *) echo \"MOOD='$1'\";; esac",
        );
        Sandbox::script(&sandbox.path().join("bin/pyman-sh-fail"), "exit 3");
        let script = format!(
            "{}; pyman mood 'two words'; printf '%s.' \"$MOOD\"; pyman fail || printf failed",
            shell.load("")
        );
        let mut command = shell.command(sandbox, &sandbox.root(), &["-c", &script]);
        command.env("PATH", format!("{}:/usr/bin:/bin", sandbox.path().join("bin").display()));
        sandbox.ran(&mut command).succeeds("two words.failed");
    });
}

#[test]
fn a_manager_on_path_is_called_by_its_name() {
    let sandbox = Sandbox::new();
    let bin = Path::new(crate::support::program()).parent().unwrap();
    for (shell, code) in [
        ("bash", "command pyman rehash\nhash -r 2>/dev/null || true\n"),
        ("fish", "command pyman rehash\n"),
    ] {
        let mut command = sandbox.pyman(["sh-rehash"]);
        command.env("PATH", bin).env("PYMAN_SHELL", shell);
        sandbox.ran(&mut command).succeeds(code);
    }
}

#[test]
fn words_are_completed() {
    let asks = [
        (
            "bash",
            "COMP_WORDS=(pyman shell 3.12); COMP_CWORD=2; _pyman; printf '%s\\n' \"${COMPREPLY[@]}\"",
        ),
        ("bash", "COMP_WORDS=(pyman re); COMP_CWORD=1; _pyman; printf '%s\\n' \"${COMPREPLY[@]}\""),
        (
            "zsh",
            "_describe() { print -l ${(M)described:#3.12*} }; words=(pyman shell 3.12); CURRENT=3; _pyman",
        ),
        (
            "zsh",
            "_describe() { print -l ${(M)described:#re*} }; words=(pyman re); CURRENT=2; _pyman",
        ),
        ("fish", "complete -C 'pyman shell 3.12'"),
        ("fish", "complete -C 'pyman re'"),
    ];
    for (program, ask) in asks {
        let sandbox = Sandbox::new();
        sandbox.fake_version("3.12.7", &["python"]);
        sandbox.fake_version("3.12.7 $(touch hijacked) *", &["python"]);
        sandbox.fake_version("3.11.9", &["python"]);
        let shell = Real { program, name: program };
        let script = format!("{}; {ask}", shell.load(""));
        let ran = shell.run(&sandbox, &sandbox.root(), &script);
        if ask.contains("3.12") {
            let lines: Vec<&str> = ran.stdout.lines().collect();
            assert_eq!((lines.len(), ran.stderr.as_str()), (2, ""), "{shell:?}: {ran:?}");
            assert!(lines.contains(&"3.12.7"), "{shell:?}: {ran:?}");
        } else {
            let (after, said) = match program {
                "bash" => ("\n", ""),
                "zsh" => (":", "Rewrite the shims, after commands were installed by hand\n"),
                _ => ("\t", "Rewrite the shims, after commands were installed by hand\n"),
            };
            assert!(ran.stdout.starts_with(&format!("rehash{after}{said}")), "{shell:?}: {ran:?}");
        }
        assert_eq!(fs::read_dir(sandbox.work()).unwrap().count(), 0);
    }
}

/// As packages put it where each shell looks: it needs nothing else of ours.
#[test]
fn the_code_that_completes_is_printed_by_itself() {
    let manager = Path::new(crate::support::program()).parent().unwrap();
    for (program, ask, after) in [
        (
            "bash",
            "COMP_WORDS=(pyman re); COMP_CWORD=1; _pyman; printf '%s\\n' \"${COMPREPLY[@]}\"",
            "\n",
        ),
        ("fish", "complete -C 'pyman re'", "\t"),
    ] {
        let sandbox = Sandbox::new();
        let code = sandbox.run(&["completions", "--print", program]);
        assert_eq!((code.status, code.stderr.as_str()), (Some(0), ""), "{program}");
        let file = sandbox.write("work/code", &code.stdout);
        let mut shell = sandbox.command(program);
        let path = format!("{}:/usr/bin:/bin", manager.display());
        shell.args(["-c", &format!(". {}; {ask}", file.display())]).env("PATH", path);
        let ran = sandbox.ran(&mut shell);
        assert!(ran.stdout.starts_with(&format!("rehash{after}")), "{program}: {ran:?}");
        assert_eq!(ran.stderr, "", "{program}");
    }
    // zsh finds it by its name, and runs it within a completion.
    let sandbox = Sandbox::new();
    let code = sandbox.run(&["completions", "--print", "zsh"]).stdout;
    assert!(code.starts_with("#compdef pyman\n"), "{code}");
    sandbox.write("work/functions/_pyman", &code);
    let script = "zmodload zsh/zpty; zpty z zsh -f -i; \
                  zpty -w z 'fpath=(functions $fpath); autoload -U compinit; compinit -u -D; PROMPT=; echo BEG\\IN'; \
                  zpty -r z out '*BEGIN*'; zpty -w -n z $'pyman reh\\t'; zpty -r z out '*rehash*' && echo completed; zpty -d z";
    let mut shell = sandbox.command("zsh");
    let path = format!("{}:/usr/bin:/bin", manager.display());
    let ran = sandbox.ran(shell.args(["-f", "-c", script]).env("PATH", path).env("TERM", "dumb"));
    assert!(ran.stdout.ends_with("completed\n"), "{ran:?}");
    let refused = "pyman: there is completion for bash, zsh, fish, pwsh and nu\n";
    sandbox.run(&["completions", "--print", "dash"]).fails(refused, 1);
}

#[test]
fn files_are_completed_where_files_are_meant_and_nowhere_else() {
    let bash = "ask() { COMP_WORDS=(\"$@\"); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _pyman; \
                printf '%s\\n' \"${COMPREPLY[@]-}\"; }";
    let zsh = "_describe() { (( $#described )) && print -l -- ${${(M)described:#$PREFIX*}%%:*} }; \
               _default() { echo; }; \
               ask() { words=(\"$@\"); CURRENT=$#; PREFIX=$words[-1]; _pyman; }";
    let fish = "function ask; complete -C \"$(builtin string join -- ' ' $argv)\" \
                | string replace -r '\\t.*' ''; end";
    for (program, define) in [("bash", bash), ("zsh", zsh), ("fish", fish)] {
        let sandbox = Sandbox::new();
        let tree = sandbox.fake_version("3.12.7", &["python"]);
        fs::create_dir_all(tree.join("lib/python3.12")).unwrap();
        let made = sandbox.run(&["virtualenv", "--no-pip", "3.12.7", "web"]);
        assert_eq!(made.status, Some(0), "{made:?}");
        sandbox.write("work/file", "");
        // bash and zsh complete a file themselves, where there is no word; fish is asked all.
        let files = if program == "fish" { "file\n" } else { "\n" };
        let cases = [
            ("pyman venv remove ''", "3.12.7/envs/web\nweb\n"),
            ("pyman virtualenv-delete w", "web\n"),
            ("pyman link ''", files),
            ("pyman venv create -r ''", files),
            ("pyman link --h", "--help\n"),
        ];
        for (ask, expected) in cases {
            let ask = if program == "fish" { ask.replace("''", "\"\"") } else { ask.to_owned() };
            let shell = Real { program, name: program };
            let script = format!("{}; {define}; ask {ask}", shell.load(""));
            let ran = shell.run(&sandbox, &sandbox.root(), &script);
            assert_eq!(
                (ran.stdout.as_str(), ran.stderr.as_str()),
                (expected, ""),
                "{program} {ask}"
            );
        }
    }
}

#[test]
fn a_version_is_chosen_for_this_shell_and_taken_back() {
    each(|shell, sandbox| {
        sandbox.fake_version("3.12.7", &["python"]);
        sandbox.fake_version("3.11.9", &["python"]);
        let script = format!(
            "{}; pyman shell; pyman shell 3.12; pyman shell; pyman shell 3.11.9 system; pyman shell; \
             pyman shell -; pyman shell; pyman shell -; pyman shell; pyman shell 3.9 || echo refused; \
             pyman shell; pyman shell --unset; pyman shell && echo none; pyman shell -; pyman shell",
            shell.load("")
        );
        let none = "pyman: no shell-specific version configured\n";
        shell.run(sandbox, &sandbox.root(), &script).is(
            "3.12\n3.11.9:system\n3.12\n3.11.9:system\nrefused\n3.11.9:system\nnone\n3.11.9:system\n",
            &format!("{none}pyman: version `3.9' not installed\n{none}"),
            0,
        );
    });
}

#[test]
fn a_version_whose_name_is_code_stays_a_name() {
    each(|shell, sandbox| {
        let name = "x'\"$(touch hijacked)`touch hijacked` $HOME";
        sandbox.fake_version(name, &["python"]);
        let script =
            format!("{}; pyman shell \"$NAME\"; printf %s \"$PYMAN_VERSION\"", shell.load(""));
        let mut command = shell.command(sandbox, &sandbox.root(), &["-c", &script]);
        sandbox.ran(command.env("NAME", name)).succeeds(name);
        assert_eq!(fs::read_dir(sandbox.work()).unwrap().count(), 0);
    });
}
