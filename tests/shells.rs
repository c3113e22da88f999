//! The shells themselves: bash, zsh, fish, ksh, mksh and dash load what `init` prints.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::sandbox::{Ran, Sandbox};

/// A shell on this machine.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Real {
    program: &'static str,
    name: &'static str,
}

const POSIX: [Real; 5] = [
    Real { program: "bash", name: "bash" },
    Real { program: "zsh", name: "zsh" },
    Real { program: "ksh", name: "ksh" },
    Real { program: "mksh", name: "ksh" },
    Real { program: "dash", name: "dash" },
];
const FISH: Real = Real { program: "fish", name: "fish" };

/// Every character that means something to some shell.
const HOSTILE: &str = "ro'o\"t $HOME `id` \\ ; ! & * \n # @root@ ${x} %s~é";

impl Real {
    fn all() -> impl Iterator<Item = Self> {
        POSIX.into_iter().chain([FISH])
    }

    /// Runs a script in this shell, which knows the manager as `$PYMAN`; no start-up file is read.
    fn run(self, sandbox: &Sandbox, root: &Path, script: &str) -> Ran {
        sandbox.ran(&mut self.command(sandbox, root, &["-c", script]))
    }

    fn command(self, sandbox: &Sandbox, root: &Path, arguments: &[&str]) -> Command {
        let mut command = sandbox.command(self.program);
        command
            .env("PYMAN", env!("CARGO_BIN_EXE_pyman"))
            .env("PYMAN_ROOT", root)
            .env("TERM", "dumb")
            .args(arguments);
        command
    }

    /// The line of a start-up file.
    fn load(self, options: &str) -> String {
        let name = self.name;
        match self {
            FISH => format!("$PYMAN init - fish {options} | source"),
            _ => format!("eval \"$(\"$PYMAN\" init - {name} {options})\""),
        }
    }
}

/// fish joins PATH with colons, too.
const SAY_PATH: &str = "printf %s \"$PATH\"";

fn each(check: impl Fn(Real, &Sandbox)) {
    for shell in Real::all() {
        check(shell, &Sandbox::new());
    }
}

#[test]
fn the_shims_come_first_in_path_and_once() {
    each(|shell, sandbox| {
        let shims = sandbox.root().join("shims");
        let shims = shims.display();
        let script = format!("{}; {}", shell.load(""), SAY_PATH);
        let mut command = shell.command(sandbox, &sandbox.root(), &["-c", &script]);
        command.env("PATH", format!("/usr/bin:{shims}:{shims}:/bin:{shims}"));
        sandbox.ran(&mut command).succeeds("[SANDBOX]/root/shims:/usr/bin:/bin");

        let script = format!("{}; {}", shell.load("--no-push-path"), SAY_PATH);
        let mut command = shell.command(sandbox, &sandbox.root(), &["-c", &script]);
        command.env("PATH", format!("/usr/bin:{shims}:/bin"));
        sandbox.ran(&mut command).succeeds("/usr/bin:[SANDBOX]/root/shims:/bin");

        let script = format!("{}; {}", shell.load("--no-push-path"), SAY_PATH);
        shell.run(sandbox, &sandbox.root(), &script).succeeds("[SANDBOX]/root/shims:/usr/bin:/bin");

        let script = format!("{}; {}", shell.load("--path"), SAY_PATH);
        shell.run(sandbox, &sandbox.root(), &script).succeeds("[SANDBOX]/root/shims:/usr/bin:/bin");
    });
}

#[test]
fn a_hostile_root_is_that_path_and_nothing_else() {
    each(|shell, sandbox| {
        let root = sandbox.path().join(HOSTILE);
        let script = format!(
            "{load}; {load}; {}; printf '|%s|%s' \"$PYMAN_ROOT\" \"$PYMAN_SHELL\"; pyman root",
            SAY_PATH,
            load = shell.load("")
        );
        let shown = format!("[SANDBOX]/{HOSTILE}");
        let expected = format!("{shown}/shims:/usr/bin:/bin|{shown}|{}{shown}\n", shell.name);
        shell.run(sandbox, &root, &script).succeeds(&expected);
    });
}

#[test]
fn a_root_with_a_colon_is_refused() {
    let sandbox = Sandbox::new();
    let mut command = sandbox.pyman(["init", "-", "bash"]);
    command.env("PYMAN_ROOT", sandbox.path().join("a:b"));
    let ran = sandbox.ran(&mut command);
    assert!(!sandbox.path().join("a:b").exists());
    assert_eq!((ran.stdout.as_str(), ran.status), ("", Some(1)));
    assert!(ran.stderr.contains("`[SANDBOX]/a:b/shims' cannot stand in PATH, which `:' divides"));
}

#[test]
fn strict_shells_load_it() {
    for shell in POSIX {
        let sandbox = Sandbox::new();
        let script =
            format!("set -euC; {load}; {load}; pyman root; pyman rehash", load = shell.load(""));
        shell.run(&sandbox, &sandbox.root(), &script).succeeds("[SANDBOX]/root\n");
    }
}

#[test]
fn aliases_and_functions_of_the_user_are_left_alone_and_not_called() {
    let aliases = "for word in command eval export unset local pyman conda test echo return hash \
                   complete shopt setopt builtin alias; do alias $word='echo hijacked'; done";
    let reserved =
        "alias if='echo hijacked'; alias case='echo hijacked'; alias while='echo hijacked'";
    for shell in POSIX {
        let sandbox = Sandbox::new();
        let prepare = match shell.program {
            "bash" => format!("shopt -s expand_aliases; {aliases}; {reserved}"),
            "zsh" => format!("setopt aliases; {aliases}; {reserved}"),
            _ => aliases.to_owned(),
        };
        let script = format!("{prepare}\n{}\n\\pyman root\n\\alias if || \\:", shell.load(""));
        let script = script.replace("eval \"", "\\eval \"");
        let ran = shell.run(&sandbox, &sandbox.root(), &script);
        assert_eq!(ran.stdout.lines().next(), Some("[SANDBOX]/root"), "{shell:?}: {ran:?}");
        let kept = matches!(shell.program, "bash" | "zsh");
        assert_eq!(ran.stdout.contains("if='echo hijacked'"), kept, "{shell:?}: {ran:?}");
        assert_eq!(ran.stdout.matches("hijacked").count(), usize::from(kept), "{shell:?}: {ran:?}");
    }
}

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
            .env("PYMAN", env!("CARGO_BIN_EXE_pyman"))
            .env("TERM", "dumb");
        let ran = sandbox.ran(&mut command);
        assert_eq!(
            (ran.stdout.as_str(), ran.status),
            ("flask\npy\n", Some(0)),
            "{shell:?} {ran:?}"
        );
        let trace = fs::read_to_string(trace).unwrap();
        let (_, hits) = trace.rsplit_once("/mark\"").unwrap();
        let started = ["clone", "fork", "execve"].iter().any(|call| hits.contains(call));
        assert!(!started, "{shell:?} started a process: {hits}");
    }
}

#[test]
fn loading_starts_no_process() {
    each(|shell, sandbox| {
        let trace = sandbox.path().join("trace");
        let code = sandbox.write("code", "");
        let print = sandbox.run(&["init", "-", shell.name]);
        assert_eq!(print.status, Some(0));
        fs::write(&code, print.stdout.replace("[SANDBOX]", &sandbox.path().to_string_lossy()))
            .unwrap();
        let mut command = sandbox.command("strace");
        command.args(["-f", "-qq", "-e", "trace=process", "-o"]).arg(&trace).args([
            shell.program,
            "-c",
            &format!(". {}", code.display()),
        ]);
        sandbox.ran(&mut command).succeeds("");
        let trace = fs::read_to_string(trace).unwrap();
        let started = trace.matches("execve(").count();
        assert_eq!(started, 1, "{shell:?}: {trace}");
        assert!(!trace.contains("fork(") && !trace.contains("SIGCHLD"), "{shell:?}: {trace}");
    });
}

#[test]
fn the_parent_process_tells_which_shell_asks() {
    for shell in Real::all() {
        let sandbox = Sandbox::new();
        let asks = "$PYMAN init --detect-shell; true";
        let mut command = shell.command(&sandbox, &sandbox.root(), &["-c", asks]);
        command.env("SHELL", "/bin/nonsense");
        let ran = sandbox.ran(&mut command);
        let first = ran.stdout.lines().next().unwrap_or_default().to_owned();
        let name = first.strip_prefix("PYMAN_SHELL_DETECT=").unwrap();
        assert!(name.starts_with(shell.program), "{shell:?}: {ran:?}");
    }
    let sandbox = Sandbox::new();
    let mut command = sandbox.pyman(["init", "--detect-shell"]);
    command.env("SHELL", "/usr/bin/zsh");
    sandbox.ran(&mut command).succeeds(
        "PYMAN_SHELL_DETECT=zsh\nPYMAN_PROFILE_DETECT=~/.zprofile\nPYMAN_RC_DETECT=~/.zshrc\n",
    );
}

#[test]
fn init_alone_tells_what_to_do() {
    let sandbox = Sandbox::new();
    let mut command = sandbox.pyman(["init", "zsh"]);
    command.env("PYMAN_ROOT", sandbox.home().join(".pyman"));
    let program = env!("CARGO_BIN_EXE_pyman");
    sandbox.ran(&mut command).fails(
        &format!(
            "# `pyman setup zsh' loads pyman automatically. To do it by hand, add\n\
             # the following to ~/.zshrc and ~/.zprofile:\n\n\
             eval \"$({program} init - zsh)\"\n\n\
             # Restart your shell for the changes to take effect.\n"
        ),
        1,
    );
    sandbox.run(&["init", "-", "elvish"]).fails(
        "pyman: no such shell `elvish'\n\
         hint: the shells are bash, zsh, fish, ksh, sh, pwsh, nu\n",
        1,
    );
}

#[test]
fn a_root_that_cannot_be_written_lets_the_shell_start() {
    let sandbox = Sandbox::new();
    sandbox.write("root/shims", "a file");
    let ran = sandbox.run(&["init", "-", "dash"]);
    assert_eq!(ran.status, Some(0));
    assert!(ran.stdout.contains("[SANDBOX]/root/shims"));
    assert!(ran.stderr.starts_with("pyman: "), "{ran:?}");
}

/// How a new shell is started, and whether it is one that reads no file but its own.
fn new_shells(program: &str) -> Vec<Vec<&str>> {
    match program {
        "bash" => vec![vec!["-i", "-c"], vec!["-l", "-c"], vec!["-l", "-i", "-c"]],
        "zsh" => vec![vec!["-i", "-c"], vec!["-l", "-i", "-c"]],
        "fish" => vec![vec!["-c"], vec!["-i", "-c"], vec!["-l", "-c"]],
        "ksh" | "mksh" => vec![vec!["-l", "-c"], vec!["-l", "-i", "-c"]],
        _ => vec![vec!["-l", "-c"]],
    }
}

#[test]
fn new_shells_have_pyman_after_setup_and_not_after_undo() {
    for shell in Real::all() {
        let sandbox = Sandbox::new();
        let root = sandbox.home().join(".pyman");
        sandbox.write("home/.bashrc", "# mine");
        sandbox.write("home/.profile", "export MINE=1\n");
        let before = files(&sandbox.home());
        for _ in 0..2 {
            let mut setup = sandbox.pyman(["setup", shell.program]);
            let ran = sandbox.ran(setup.env("PYMAN_ROOT", &root));
            assert_eq!((ran.stdout.as_str(), ran.status), ("", Some(0)), "{ran:?}");
        }
        let mut again = sandbox.pyman(["setup", shell.program]);
        let ran = sandbox.ran(again.env("PYMAN_ROOT", &root));
        assert!(!ran.stderr.contains("added"), "{ran:?}");
        for mut start in new_shells(shell.program) {
            start.push("pyman root; command -v py; printf %s \"$PYMAN_SHELL\"");
            let mut command = sandbox.command(shell.program);
            command.env_remove("PYMAN_ROOT").env("TERM", "dumb").args(&start);
            let ran = sandbox.ran(&mut command);
            let expected = "[SANDBOX]/home/.pyman\n[SANDBOX]/home/.pyman/shims/py\n";
            assert!(ran.stdout.starts_with(expected), "{shell:?} {start:?}: {ran:?}");
        }
        let mut undo = sandbox.pyman(["setup", "--undo"]);
        sandbox.ran(undo.env("PYMAN_ROOT", &root));
        fs::remove_dir_all(&root).unwrap();
        assert_eq!(files(&sandbox.home()), before, "{shell:?}");
    }
}

/// Every file of a home directory that is a start-up file or lies where one may.
fn files(home: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    let mut directories = vec![home.to_owned()];
    while let Some(directory) = directories.pop() {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            let own = ["fish_variables", "fish_history", ".zcompdump", ".sh_history"];
            if path.is_dir() && path.file_name().unwrap() != ".pyman" {
                directories.push(path);
            } else if path.is_file() && !own.iter().any(|name| path.ends_with(name)) {
                found.push((path.clone(), fs::read(path).unwrap()));
            }
        }
    }
    found.sort();
    found
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
            "compadd() { print -l ${(M)candidates:#3.12*} }; words=(pyman shell 3.12); CURRENT=3; _pyman",
        ),
        (
            "zsh",
            "compadd() { print -l ${(M)candidates:#re*} }; words=(pyman re); CURRENT=2; _pyman",
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
            assert!(ran.stdout.starts_with("rehash\n"), "{shell:?}: {ran:?}");
        }
        assert_eq!(fs::read_dir(sandbox.work()).unwrap().count(), 0);
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
             pyman shell; pyman shell --unset; pyman shell || echo none; pyman shell -; pyman shell",
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
        let envs = "[SANDBOX]/root/versions/3.12.7/envs";
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
            .env("PYMAN", env!("CARGO_BIN_EXE_pyman"))
            .env("TERM", "dumb");
        let ran = sandbox.ran(&mut command);
        let envs = "[SANDBOX]/root/versions/3.12.7/envs";
        let data = format!("{envs}/data\n");
        let expected = format!("\n{envs}/web\n\n{data}\n{data}{data}{data}");
        assert_eq!(
            (ran.stdout, ran.stderr, ran.status),
            (expected, String::new(), Some(0)),
            "{shell:?}"
        );
        let trace = fs::read_to_string(trace).unwrap();
        let (_, hits) = trace.rsplit_once("/mark\"").unwrap();
        let started = ["clone", "fork", "execve"].iter().any(|call| hits.contains(call));
        assert!(!started, "{shell:?} started a process: {hits}");
    }
}
