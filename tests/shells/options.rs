//! What people set in their shells: the code of `init` and the environments' scripts mean the same all the same.

use crate::support::needs::needs;
use crate::support::sandbox::{Ran, Sandbox};

/// Options of zsh that change what code means, or complain of it.
const ZSH: &[&str] = &[
    "setopt nounset",
    "setopt ksharrays",
    "setopt ignorebraces",
    "setopt ignoreclosebraces",
    "setopt warncreateglobal warnnestedvar",
    "setopt nounset ksharrays ignorebraces warncreateglobal",
    "setopt rcexpandparam",
    "setopt shwordsplit globsubst",
    "setopt noglob noclobber",
    "setopt nullglob extendedglob",
    "setopt errexit",
    "setopt errreturn pipefail",
    "setopt posixbuiltins posixidentifiers",
    "setopt promptsubst promptbang",
    "setopt cshjunkiequotes",
    "setopt cshjunkieloops cshjunkiehistory cshnullglob",
    "setopt rcquotes magicequalsubst globassign",
    "setopt kshglob kshtypeset kshautoload typesetsilent",
    "setopt posixaliases nomultifuncdef nofunctionargzero",
    "setopt shnullcmd shfileexpansion nobareglobqual noequals",
    "setopt octalzeroes cbases forcefloat noshortloops",
    "setopt nohashcmds nohashdirs pathscript autocd chaselinks",
    "unsetopt localoptions localtraps banghist multibyte",
    "emulate ksh",
    "emulate sh",
];

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    let tree = sandbox.fake_version("3.12.1", &["python", "python3", "python3.12"]);
    std::fs::create_dir_all(tree.join("lib/python3.12")).unwrap();
    let made = sandbox.run(&["virtualenv", "--without-pip", "3.12.1", "web"]);
    assert_eq!(made.status, Some(0), "{made:?}");
    sandbox
}

fn zsh(sandbox: &Sandbox, script: &str) -> Ran {
    let mut command = sandbox.command("zsh");
    command.env("PYMAN", crate::support::program()).env("TERM", "dumb");
    sandbox.ran(command.args(["-f", "-c", script]))
}

#[test]
fn zsh_loads_and_runs_the_function_whatever_is_set() {
    let sandbox = sandbox();
    let script = "eval \"$($PYMAN init - zsh)\"; eval \"$($PYMAN init - zsh)\"\n\
        eval \"$($PYMAN virtualenv-init - zsh)\"\n\
        _pyman_prompt; _pyman_virtualenv\n\
        pyman shell 3.12.1; pyman shell; pyman shell --unset; pyman rehash\n\
        pyman activate web; echo \"${VIRTUAL_ENV##*/}\"; _pyman_virtualenv\n\
        deactivate; echo \"${VIRTUAL_ENV-none}\"\n\
        pyman virtualenv-prefix web\n";
    for options in ZSH {
        let ran = zsh(&sandbox, &format!("{options}\n{script}"));
        let expected = "3.12.1\nweb\nnone\n[SANDBOX]/pyman/versions/3.12.1\n";
        assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), (expected, ""), "{options}");
        assert_eq!(ran.status, Some(0), "{options}");
    }
}

#[test]
fn zsh_keeps_what_was_set() {
    let sandbox = sandbox();
    let loading = "eval \"$($PYMAN init - zsh)\"; pyman shell 3.12.1; _pyman_prompt";
    for options in ZSH {
        let script = format!(
            "{options}\nbefore=\"$(set -o)\"\n{loading}\nafter=\"$(set -o)\"\n\
             [ \"$before\" = \"$after\" ] || echo changed"
        );
        zsh(&sandbox, &script).succeeds("");
    }
}

#[test]
fn zsh_activates_an_environment_whatever_is_set() {
    let sandbox = sandbox();
    let script = "PS1='% '\n. $PYMAN_ROOT/versions/web/bin/activate\n\
        command -v python3.12; echo \"$PS1\"; deactivate; echo \"$PS1 ${VIRTUAL_ENV-none}\"\n";
    for options in ZSH {
        let ran = zsh(&sandbox, &format!("{options}\n{script}"));
        let expected = "[SANDBOX]/pyman/versions/web/bin/python3.12\n(web) % \n%  none\n";
        let expected = expected.replace("versions/web", "versions/3.12.1/envs/web");
        assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), (&*expected, ""), "{options}");
        assert_eq!(ran.status, Some(0), "{options}");
    }
}

/// Every word of virtualenvwrapper's once.
const WORDS: &str = "mkdir -p ~/.virtualenvs ~/projects; export PROJECT_HOME=$HOME/projects\n\
    mkvirtualenv --no-pip -p 3.12.1 one; echo \"${VIRTUAL_ENV##*/}\"\n\
    cpvirtualenv one two; lsvirtualenv -b; lsvirtualenv; cdvirtualenv; cdsitepackages; deactivate\n\
    mkproject --no-pip -p 3.12.1 three; echo \"${PWD##*/}\"; cd /; cdproject; echo \"${PWD##*/}\"\n\
    add2virtualenv /usr/lib; add2virtualenv -d /usr/lib; lssitepackages; toggleglobalsitepackages -q\n\
    setvirtualenvproject; showvirtualenv; deactivate; workon one; workon -n three; workon | cat\n\
    allvirtualenv true; virtualenvwrapper; deactivate; mktmpenv -n --no-pip -p 3.12.1; deactivate\n\
    rmvirtualenv one two three; echo \"end ${VIRTUAL_ENV-none}\"\n";

fn wrapped(shell: &str, options: &str) {
    let sandbox = sandbox();
    // A shell that ends at an error has a right to: `workon` alone has status 1.
    let words = WORDS.replace("workon | cat", "{ workon || :; }");
    let script =
        format!("{options}\neval \"$(\"$PYMAN\" init - {shell} --virtualenvwrapper)\"\n{words}");
    let mut command = sandbox.command(shell);
    command.env("PYMAN", crate::support::program()).env("TERM", "dumb");
    let ran = sandbox.ran(command.args([if shell == "zsh" { "-fc" } else { "-c" }, &script]));
    for line in ["one", "three", "end none", "Removing three..."] {
        assert!(ran.stdout.lines().any(|said| said == line), "{options}: {ran:?}");
    }
    assert_eq!((ran.stderr.as_str(), ran.status), ("", Some(0)), "{options}: {ran:?}");
}

#[test]
fn zsh_has_the_functions_of_virtualenvwrapper_whatever_is_set() {
    for options in ZSH {
        wrapped("zsh", options);
    }
}

#[test]
fn bash_has_the_functions_of_virtualenvwrapper_whatever_is_set() {
    for options in ["set -u", "set -e", "set -eu -o pipefail", "set -C", "set -f", "set -euC"] {
        wrapped("bash", options);
    }
    for options in ["shopt -s nullglob extglob", "shopt -s failglob", "IFS=/", "set -o posix"] {
        wrapped("bash", options);
    }
}

#[test]
fn the_c_shells_activate_whatever_is_set() {
    for shell in ["tcsh", "csh"] {
        let found = std::process::Command::new(shell).arg("-fc").arg("exit 0").output().is_ok();
        needs!(found, "tcsh");
        let sandbox = sandbox();
        for set in
            ["", "set noclobber", "set noglob", "set nonomatch", "set autolist", "unset prompt"]
        {
            let script = format!(
                "{set}\nif (! $?prompt) set prompt = '% '\n\
                 source $PYMAN_ROOT/versions/web/bin/activate.csh\n\
                 which python3.12\necho \"$prompt:q\"\ndeactivate\n\
                 if ($?VIRTUAL_ENV) echo still\necho \"$prompt:q\"\n"
            );
            let file = sandbox.write("work/script", script);
            let mut command = sandbox.command(shell);
            let ran = sandbox.ran(command.arg("-f").arg(file));
            let expected =
                "[SANDBOX]/pyman/versions/3.12.1/envs/web/bin/python3.12\n(web) % \n% \n";
            assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), (expected, ""), "{set}");
        }
    }
}

#[test]
fn fish_starts_and_activates_clean() {
    needs!(std::process::Command::new("fish").arg("--version").output().is_ok(), "fish");
    let sandbox = sandbox();
    let script = "$PYMAN init - fish | source; $PYMAN virtualenv-init - fish | source\n\
        set -g fish_private_mode 1\nemit fish_prompt\n\
        pyman shell 3.12.1; pyman shell; pyman shell --unset\n\
        pyman activate web; basename $VIRTUAL_ENV; pyman deactivate\n\
        source $PYMAN_ROOT/versions/web/bin/activate.fish; command -v python3.12; deactivate\n\
        set -q VIRTUAL_ENV; or echo none\n";
    let mut command = sandbox.command("fish");
    command.env("PYMAN", crate::support::program()).env("TERM", "dumb");
    let ran = sandbox.ran(command.args(["--no-config", "-c", script]));
    ran.succeeds("3.12.1\nweb\n[SANDBOX]/pyman/versions/3.12.1/envs/web/bin/python3.12\nnone\n");
}
