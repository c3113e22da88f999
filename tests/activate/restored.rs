//! What activation changes, and that deactivation leaves nothing of it.

use std::fs;

use super::{FISH, Language, POSIX, Real, TCSH, each, environment};
use crate::support::sandbox::Sandbox;

/// How `show` prints an environment called `web`; shells that print a prompt have one already or none.
fn active(prompt: &str) -> String {
    let web = "[SANDBOX]/work/web";
    let text = format!(
        "VIRTUAL_ENV={web}\nVIRTUAL_ENV_PROMPT=web\nPATH={web}/bin:/usr/bin:/bin\nPYTHONHOME=unset\n"
    );
    text + prompt
}

#[test]
fn it_is_first_in_path_and_in_the_prompt_and_all_is_undone() {
    each(|shell, sandbox| {
        let web = environment(&sandbox.work().join("web"), None);
        let (begin, before, after) = match shell.language {
            Language::Posix => ("PS1='> '", "PS1=> \n", "PS1=(web) > \n"),
            Language::Fish => ("", "", ""),
            Language::Csh => ("set prompt = '> '", "prompt=> \n", "prompt=(web) > \n"),
        };
        let (source, show) = (shell.source(), shell.show());
        let script = format!("{begin}\n{source}\n{show}\n{source}\n{show}\ndeactivate\n{show}");
        let mut command = shell.command(sandbox, &web, &script);
        command.env("PYTHONHOME", "/home of/python");
        let active = active(after);
        let unset = format!(
            "VIRTUAL_ENV=unset\nVIRTUAL_ENV_PROMPT=unset\nPATH=/usr/bin:/bin\nPYTHONHOME=/home of/python\n{before}"
        );
        sandbox.ran(&mut command).succeeds(&format!("{active}{active}{unset}"));
    });
}

/// The names of all variables and functions, sorted, and the values of the contract's.
fn everything(shell: Real) -> String {
    let all = match shell.program {
        "bash" => "compgen -v; declare -F",
        "zsh" => "print -l ${(k)parameters} ${(k)functions}",
        "ksh" | "mksh" => "typeset +; typeset +f",
        "dash" => "set",
        "fish" => "set -n; functions -a",
        _ => "set; setenv; alias",
    };
    format!("{all}\n{}", shell.show())
}

#[test]
fn no_variable_or_function_stays_and_what_was_unset_is_unset() {
    each(|shell, sandbox| {
        let web = environment(&sandbox.work().join("web"), Some("a % ! b"));
        let unset = match shell.language {
            Language::Posix => "unset PS1 PYTHONHOME",
            Language::Fish => "set -e PYTHONHOME",
            Language::Csh => "unset prompt",
        };
        let (source, everything) = (shell.source(), everything(shell));
        let noise = |text: &str| {
            let own = [
                "_=",
                "LINENO",
                "BASH_",
                "PIPESTATUS",
                "pipestatus",
                "history",
                "psvar",
                "KSH_MATCH",
                "argv",
                "COLUMNS",
                "_status",
            ];
            let kept = text.lines().filter(|line| !own.iter().any(|word| line.starts_with(word)));
            let mut kept: Vec<String> = kept.map(str::to_owned).collect();
            kept.sort();
            kept
        };
        // The first use of a command may leave something of the shell's own.
        let script = format!(
            "{unset}\n{everything}\necho \"=\"\"==\"\n{everything}\necho \"=\"\"==\"\n{source}\ndeactivate\n{everything}"
        );
        let mut command = shell.command(sandbox, &web, &script);
        if shell.program != "tcsh" {
            command.env_remove("PATH");
        }
        let ran = sandbox.ran(&mut command);
        assert_eq!((ran.stderr.as_str(), ran.status), ("", Some(0)), "{shell:?}");
        let parts: Vec<&str> = ran.stdout.split("===\n").collect();
        assert_eq!(noise(parts[1]), noise(parts[2]), "{shell:?}");
        assert!(parts[1].contains("PYTHONHOME=unset\n"), "{shell:?}");
        assert!(shell.language != Language::Posix || parts[1].contains("PS1=unset\n"), "{shell:?}");
    });
}

#[test]
fn a_path_that_is_unset_is_unset_again() {
    for shell in POSIX.into_iter().chain([FISH]) {
        let sandbox = Sandbox::new();
        let web = environment(&sandbox.work().join("web"), None);
        let unset = if shell == FISH { "set -e PATH" } else { "unset PATH" };
        let script =
            format!("{unset}\n{}\necho \"$PATH\"\ndeactivate\n{}", shell.source(), shell.show());
        let ran = shell.run(&sandbox, &web, &script);
        assert!(ran.stdout.starts_with("[SANDBOX]/work/web/bin\n"), "{shell:?}: {ran:?}");
        assert!(ran.stdout.contains("\nPATH=unset\n"), "{shell:?}: {ran:?}");
    }
}

#[test]
fn strict_shells_activate_and_deactivate() {
    for shell in POSIX {
        let sandbox = Sandbox::new();
        let web = environment(&sandbox.work().join("web"), Some("100% $x"));
        let script = "set -euC; unset PYTHONHOME PS1 || :; . \"$A\"; . \"$A\"; deactivate nondestructive; \
                      deactivate; . \"$A\"; deactivate; echo \"${VIRTUAL_ENV-unset}\"";
        shell.run(&sandbox, &web, script).succeeds("unset\n");
    }
}

#[test]
fn foreign_scripts_may_call_deactivate_nondestructive() {
    each(|shell, sandbox| {
        let web = environment(&sandbox.work().join("web"), None);
        let show = shell.show();
        let script = format!(
            "{}\ndeactivate nondestructive\n{show}\ndeactivate nondestructive\n{show}\ndeactivate\n{show}",
            shell.source()
        );
        let ran = shell.run(sandbox, &web, &script);
        assert_eq!((ran.stderr.as_str(), ran.status), ("", Some(0)), "{shell:?}");
        let third = ran.stdout.len() / 3;
        let (first, rest) = ran.stdout.split_at(third);
        assert_eq!(rest, first.repeat(2), "{shell:?}");
        assert!(
            first.starts_with("VIRTUAL_ENV=unset\nVIRTUAL_ENV_PROMPT=unset\nPATH=/usr/bin"),
            "{shell:?}"
        );
    });
}

#[test]
fn another_environment_takes_its_place() {
    each(|shell, sandbox| {
        let web = environment(&sandbox.work().join("web"), None);
        let other = environment(&sandbox.work().join("other"), None);
        let again = shell.source().replace("$A", "$B");
        let show = shell.show();
        let script = format!("{again}\n{}\n{show}\ndeactivate\n{show}", shell.source());
        let mut command = shell.command(sandbox, &web, &script);
        command.env("B", other.join("bin").join(shell.script));
        let ran = sandbox.ran(&mut command);
        assert_eq!((ran.stderr.as_str(), ran.status), ("", Some(0)), "{shell:?}");
        assert!(!ran.stdout.contains("other"), "{shell:?}: {ran:?}");
        assert_eq!(ran.stdout.matches("work/web/bin").count(), 1, "{shell:?}: {ran:?}");
    });
}

#[test]
fn the_standard_librarys_scripts_and_ours_take_turns() {
    for shell in POSIX {
        let sandbox = Sandbox::new();
        let web = environment(&sandbox.work().join("web"), None);
        // As venv writes it: the variables and the function are a convention of all tools.
        let foreign = "deactivate() { PATH=$_OLD_VIRTUAL_PATH; export PATH; unset _OLD_VIRTUAL_PATH; \
                       PS1=$_OLD_VIRTUAL_PS1; unset _OLD_VIRTUAL_PS1 VIRTUAL_ENV; \
                       if [ ! \"${1-}\" = nondestructive ]; then unset -f deactivate; fi; }; \
                       VIRTUAL_ENV=/foreign; export VIRTUAL_ENV; _OLD_VIRTUAL_PATH=$PATH; PATH=/foreign/bin:$PATH; \
                       _OLD_VIRTUAL_PS1=${PS1-}; PS1=\"(foreign) ${PS1-}\"";
        let script = format!(
            "PS1='> '; {foreign}; . \"$A\"; echo \"$PATH $PS1\"; deactivate nondestructive; {foreign}; \
             echo \"$PATH $PS1\"; deactivate; echo \"$PATH $PS1\""
        );
        shell.run(&sandbox, &web, &script).succeeds(
            "[SANDBOX]/work/web/bin:/usr/bin:/bin (web) > \n/foreign/bin:/usr/bin:/bin (foreign) > \n\
             /usr/bin:/bin > \n",
        );
    }
}

#[test]
fn commands_found_before_are_forgotten() {
    each(|shell, sandbox| {
        let web = environment(&sandbox.work().join("web"), None);
        Sandbox::script(&sandbox.path().join("before/tool"), "echo before");
        Sandbox::script(&web.join("bin/tool"), "echo inside");
        let script = format!("tool\n{}\ntool\ndeactivate\ntool", shell.source());
        let mut command = shell.command(sandbox, &web, &script);
        command.env("PATH", format!("{}:/usr/bin:/bin", sandbox.path().join("before").display()));
        sandbox.ran(&mut command).succeeds("before\ninside\nbefore\n");
    });
}

#[test]
fn aliases_of_the_user_are_not_called() {
    let names = "test unset export echo hash eval return exit unalias builtin command deactivate";
    for shell in POSIX {
        let sandbox = Sandbox::new();
        let web = environment(&sandbox.work().join("web"), None);
        let expand = match shell.program {
            "bash" => "shopt -s expand_aliases",
            "zsh" => "setopt aliases",
            _ => ":",
        };
        let script = format!(
            "{expand}; for name in {names}; do alias \"$name=\\echo hijacked\"; done\n. \"$A\"\n\
             \\echo \"$VIRTUAL_ENV\"\n\\deactivate\n\\echo \"${{VIRTUAL_ENV-unset}}\""
        );
        shell.run(&sandbox, &web, &script).succeeds("[SANDBOX]/work/web\nunset\n");
    }
}

#[test]
fn the_prompt_is_left_alone_when_asked() {
    each(|shell, sandbox| {
        let web = environment(&sandbox.work().join("web"), None);
        let (begin, show) = match shell.language {
            Language::Posix => ("PS1='> '", "echo \"$PS1\""),
            Language::Fish => ("function fish_prompt; echo '> '; end", "fish_prompt"),
            Language::Csh => ("set prompt = '> '", "echo \"$prompt:q\""),
        };
        let script = format!("{begin}\n{}\n{show}\ndeactivate\n{show}", shell.source());
        for (value, expected) in [("1", "> \n> \n"), ("", "(web) > \n> \n")] {
            let mut command = shell.command(sandbox, &web, &script);
            command.env("VIRTUAL_ENV_DISABLE_PROMPT", value);
            sandbox.ran(&mut command).succeeds(expected);
        }
    });
}

#[test]
fn a_prompt_of_fish_sees_the_status_of_the_users_command() {
    let sandbox = Sandbox::new();
    let web = environment(&sandbox.work().join("web"), None);
    let fails = "function fails; return $argv[1]; end";
    let script = format!(
        "function fish_prompt; echo $status $pipestatus; end; {fails}; source $A; fails 7; fish_prompt; \
         fails 3 | fails 4 | fails 5; fish_prompt; true; fish_prompt; deactivate; fails 9; fish_prompt"
    );
    FISH.run(&sandbox, &web, &script).succeeds("(web) 7 7\n(web) 5 3 4 5\n(web) 0 0\n9 9\n");
}

#[test]
fn a_prompt_of_fish_that_took_ours_place_stays() {
    let sandbox = Sandbox::new();
    let web = environment(&sandbox.work().join("web"), None);
    let script = "function fish_prompt; echo old; end; source $A; function fish_prompt; echo new; end; \
                  deactivate; fish_prompt; functions -n | string match '*pyman*'; true";
    FISH.run(&sandbox, &web, script).succeeds("new\n");
}

#[test]
fn the_scripts_are_no_programs() {
    let sandbox = Sandbox::new();
    let web = environment(&sandbox.work().join("web"), None);
    for shell in [POSIX[0], FISH, TCSH] {
        let text = fs::read_to_string(web.join("bin").join(shell.script)).unwrap();
        assert!(!text.starts_with("#!"));
    }
}
