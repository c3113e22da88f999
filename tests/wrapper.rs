//! virtualenvwrapper's functions in bash, zsh and fish. The expected lines are those virtualenvwrapper 6.1.1
//! printed for the same session (with hooks that have a `#!`), but where ENVIRONMENTS decides otherwise.

use std::fs;

use crate::support::sandbox::{Ran, Sandbox};

/// Makes an environment without a Python: these tests are about the functions around it.
const MAKE: &str = r#"
for directory; do :; done
case $directory in */*) ;; *) directory="$WORKON_HOME/$directory" ;; esac
mkdir -p "$directory/bin" "$directory/lib/python3.12/site-packages" || exit
echo "version = 3.12.7" > "$directory/pyvenv.cfg"
cat > "$directory/bin/activate" <<END
deactivate() {
  unset VIRTUAL_ENV
  if [ "\${1-}" != nondestructive ]; then unset -f deactivate; fi
}
export VIRTUAL_ENV='$directory'
END
cat > "$directory/bin/activate.fish" <<END
function deactivate
  set -e VIRTUAL_ENV
end
set -gx VIRTUAL_ENV '$directory'
END
"#;

const COPY: &str =
    r#"to="$WORKON_HOME/$2"; cp -R "$1" "$to"; sed -i "s|$1|$to|g" "$to"/bin/activate*"#;

const HOOKS: [&str; 14] = [
    "initialize",
    "premkvirtualenv",
    "postmkvirtualenv",
    "precpvirtualenv",
    "postcpvirtualenv",
    "prermvirtualenv",
    "postrmvirtualenv",
    "preactivate",
    "postactivate",
    "predeactivate",
    "postdeactivate",
    "premkproject",
    "postmkproject",
    "get_env_details",
];

/// A sandbox with the makers of environments, and hooks that tell of themselves.
fn prepared() -> Sandbox {
    let sandbox = Sandbox::new();
    Sandbox::script(&sandbox.path().join("bin/make"), MAKE);
    Sandbox::script(&sandbox.path().join("bin/copy"), COPY);
    fs::create_dir_all(sandbox.home().join("projects")).unwrap();
    sandbox
}

/// The same with a `WORKON_HOME` that is there already.
fn at_home() -> Sandbox {
    let sandbox = prepared();
    fs::create_dir(sandbox.home().join(".virtualenvs")).unwrap();
    sandbox
}

fn with_hooks(sandbox: &Sandbox) {
    for hook in HOOKS {
        let executed = ["premk", "precp", "prerm", "postrm", "preact", "get"];
        let file = sandbox.home().join(".virtualenvs").join(hook);
        if executed.iter().any(|start| hook.starts_with(start)) {
            Sandbox::script(&file, &format!("echo {hook} $* in ${{PWD##*/}}"));
        } else {
            let last = "$VIRTUALENVWRAPPER_LAST_VIRTUAL_ENV";
            let tells = match hook {
                "postdeactivate" => format!("echo {hook} of {last}\n"),
                _ => format!("echo {hook}\n"),
            };
            sandbox.write(&format!("home/.virtualenvs/{hook}"), tells);
        }
    }
}

/// Runs a session that all three shells understand, as far as `@status@` is written for `$?`.
fn session(sandbox: &Sandbox, shell: &str, before: &str, session: &str) -> Ran {
    let (pyman, load, status) = match shell {
        "fish" => (
            "function pyman; switch \"$argv[1..2]\"; case 'venv create'; make $argv[3..]; \
             case 'venv clone'; copy $argv[3..]; end; end",
            "$PYMAN init - fish --virtualenvwrapper | source".to_owned(),
            "$status",
        ),
        _ => (
            "pyman() { case \"$1 $2\" in 'venv create') shift 2; make \"$@\" ;; \
             'venv clone') shift 2; copy \"$@\" ;; esac; }",
            format!("eval \"$($PYMAN init - {shell} --virtualenvwrapper)\""),
            "$?",
        ),
    };
    let script = format!("{before}\n{load}\n{pyman}\n{session}").replace("@status@", status);
    let mut command = sandbox.command(shell);
    command
        .env("PYMAN", crate::support::program())
        .env("PATH", format!("{}:/usr/bin:/bin", sandbox.path().join("bin").display()))
        .env("PROJECT_HOME", sandbox.home().join("projects"))
        .env("TERM", "dumb")
        .args(["-c", &script]);
    sandbox.ran(&mut command)
}

const SHELLS: [(&str, &str); 5] =
    [("bash", ""), ("zsh", ""), ("fish", ""), ("bash", "set -euC"), ("zsh", "set -euC")];

#[test]
fn hooks_run_in_the_order_of_the_original() {
    let script = "mkvirtualenv a
echo '# deactivate'
deactivate
mkdir -p $PROJECT_HOME/p/.virtualenvwrapper
echo 'echo project postactivate' > $PROJECT_HOME/p/.virtualenvwrapper/postactivate
echo 'echo project predeactivate' > $PROJECT_HOME/p/.virtualenvwrapper/predeactivate
setvirtualenvproject a $PROJECT_HOME/p
echo '# workon'
workon a
pwd
echo 'echo local predeactivate' > $VIRTUAL_ENV/bin/predeactivate
echo 'echo local postdeactivate' > $VIRTUAL_ENV/bin/postdeactivate
echo '# copy'
cpvirtualenv a b
echo '# deactivate'
deactivate
echo '# remove'
rmvirtualenv b
echo '# project'
mkproject q
pwd
deactivate";
    let expected = "initialize
premkvirtualenv a in .virtualenvs
preactivate a in .virtualenvs
postactivate
postmkvirtualenv
# deactivate
predeactivate
postdeactivate of [SANDBOX]/home/.virtualenvs/a
Setting project for a to [SANDBOX]/home/projects/p
# workon
preactivate a in .virtualenvs
project postactivate
postactivate
[SANDBOX]/home/projects/p
# copy
Copying a as b...
precpvirtualenv [SANDBOX]/home/.virtualenvs/a b in .virtualenvs
premkvirtualenv b in .virtualenvs
project predeactivate
local predeactivate
predeactivate
local postdeactivate
postdeactivate of [SANDBOX]/home/.virtualenvs/a
preactivate b in .virtualenvs
project postactivate
postactivate
postmkvirtualenv
postcpvirtualenv
# deactivate
project predeactivate
local predeactivate
predeactivate
local postdeactivate
postdeactivate of [SANDBOX]/home/.virtualenvs/b
# remove
Removing b...
prermvirtualenv b in .virtualenvs
postrmvirtualenv b in .virtualenvs
# project
premkvirtualenv q in .virtualenvs
preactivate q in .virtualenvs
postactivate
postmkvirtualenv
premkproject q in .virtualenvs
Creating [SANDBOX]/home/projects/q
Setting project for q to [SANDBOX]/home/projects/q
postmkproject
[SANDBOX]/home/projects/q
predeactivate
postdeactivate of [SANDBOX]/home/.virtualenvs/q
";
    for (shell, before) in SHELLS {
        let sandbox = prepared();
        with_hooks(&sandbox);
        let ran = session(&sandbox, shell, before, script);
        assert_eq!(ran.stdout, expected, "{shell} {before}: {}", ran.stderr);
        assert_eq!((ran.stderr.as_str(), ran.status), ("", Some(0)), "{shell} {before}");
    }
}

#[test]
fn an_environment_goes_with_the_link_that_versions_has_of_it() {
    let script = "mkvirtualenv a >/dev/null; deactivate; mkvirtualenv b >/dev/null; deactivate
command ln -s $WORKON_HOME/a $WORKON_HOME/b $PYMAN_ROOT/versions
command mkdir $WORKON_HOME/none
";
    for (shell, before) in SHELLS {
        let sandbox = at_home();
        fs::create_dir_all(sandbox.root().join("versions")).unwrap();
        // The real one, from here on.
        let real = match shell {
            "fish" => "function pyman; $PYMAN $argv; end",
            _ => "pyman() { \"$PYMAN\" \"$@\"; }",
        };
        let script = format!("{script}{real}\nrmvirtualenv a none");
        let ran = session(&sandbox, shell, before, &script);
        assert!(sandbox.root().join("versions/b").exists(), "{shell} {before}: {ran:?}");
        assert!(fs::symlink_metadata(sandbox.root().join("versions/a")).is_err(), "{ran:?}");
        assert!(!sandbox.home().join(".virtualenvs/none").exists(), "{shell} {before}: {ran:?}");
        assert!(ran.stdout.starts_with("Removing a...\nRemoving none...\n"), "{ran:?}");
    }
}

#[test]
fn what_cannot_be_is_said_as_the_original_says_it() {
    let script = "workon; echo @status@
lsvirtualenv -b; echo @status@
workon nowhere; echo @status@
mkvirtualenv; echo @status@
mkvirtualenv ../x; echo @status@
mkvirtualenv -a nowhere x; echo @status@
mkvirtualenv a; echo @status@
lssitepackages /nowhere >/dev/null 2>&1; echo @status@
rmvirtualenv a; echo @status@
cdproject; echo @status@
mkproject q; deactivate; mkproject q; echo @status@
rmvirtualenv; echo @status@
rmvirtualenv gone; echo @status@
rmvirtualenv ../projects; echo @status@
cpvirtualenv; echo @status@
cpvirtualenv q a; echo @status@
cdvirtualenv; echo @status@
lsvirtualenv -x; echo @status@
showvirtualenv; echo @status@
setvirtualenvproject nowhere /; echo @status@
setvirtualenvproject a /proc/nowhere; echo @status@
lsvirtualenv; lsvirtualenv -b";
    let stdout = "1\n1\n1\n2\n2\n1\n0\n0
Removing a...
1
1
Creating [SANDBOX]/home/projects/q
Setting project for q to [SANDBOX]/home/projects/q
1
1
Removing gone...
0
1
Please provide a valid virtualenv to copy.
1
a virtualenv already exists.
1
1
lsvirtualenv [-blh]
  -b -- brief mode
  -l -- long mode
  -h -- this help message
1
showvirtualenv [env]
1
1
1
a
=
3.12.7


q
=
3.12.7


a
q
";
    let stderr = "NOTE: Virtual environments directory [SANDBOX]/home/.virtualenvs does not exist. Creating...
ERROR: Environment 'nowhere' does not exist. Create it with 'mkvirtualenv nowhere'.
mkvirtualenv: the name of the environment is missing; see mkvirtualenv --help
ERROR: '../x' is not a name for an environment.
Cannot associate project with nowhere, it is not a directory
ERROR: You cannot remove the active environment ('a').
Either switch to another environment, or run 'deactivate'.
No project set in [SANDBOX]/home/.virtualenvs/a/.project
Project q already exists.
Please specify an environment.
Did not find environment [SANDBOX]/home/.virtualenvs/gone to remove.
ERROR: '../projects' is not a name for an environment.
ERROR: no virtualenv active, or active virtualenv is missing
Invalid option: -x
No virtualenv nowhere
Cannot associate virtualenv with \"/proc/nowhere\", it is not a directory
";
    for shell in ["bash", "zsh", "fish"] {
        let sandbox = prepared();
        let ran = session(&sandbox, shell, "", script);
        assert_eq!(ran.stdout, stdout, "{shell}: {}", ran.stderr);
        assert_eq!((ran.stderr.as_str(), ran.status), (stderr, Some(0)), "{shell}");
    }
}

#[test]
fn a_temporary_environment_goes_when_it_is_deactivated() {
    for (shell, before) in SHELLS {
        let sandbox = at_home();
        let ran = session(
            &sandbox,
            shell,
            before,
            "mktmpenv\nmktempenv -n\ndeactivate\nls $WORKON_HOME\npwd",
        );
        let told = "This is a temporary environment. It will be deleted when you run 'deactivate'.";
        assert_eq!(ran.stdout.matches(told).count(), 2, "{shell} {before}: {ran:?}");
        assert_eq!(
            ran.stdout.matches("Removing temporary environment: tmp-").count(),
            2,
            "{ran:?}"
        );
        assert!(ran.stdout.ends_with("[SANDBOX]/home/.virtualenvs\n"), "{shell}: {ran:?}");
        assert_eq!(ran.stderr, "", "{shell} {before}");
    }
}

#[test]
fn each_temporary_environment_is_another_one() {
    for (shell, before) in SHELLS.into_iter().filter(|(shell, _)| *shell != "fish") {
        let sandbox = at_home();
        let script =
            "(mktmpenv >/dev/null)\n(mktmpenv >/dev/null)\nls $WORKON_HOME | grep -c '^tmp-'";
        let ran = session(&sandbox, shell, before, script);
        assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("2\n", ""), "{shell} {before}");
    }
}

#[test]
fn directories_are_added_at_the_head_of_the_path_and_taken_away() {
    let script = "mkdir $HOME/lib $HOME/two\nmkvirtualenv a\ncd $HOME\nadd2virtualenv lib $HOME/two
cdsitepackages; pwd; cat _virtualenv_path_extensions.pth\ncd $HOME; add2virtualenv -d lib\nlssitepackages";
    let site = "[SANDBOX]/home/.virtualenvs/a/lib/python3.12/site-packages";
    let first = "import sys; sys.__plen = len(sys.path)\n";
    let last = "import sys; added = sys.path[sys.__plen:]; del sys.path[sys.__plen:]; \
                at = getattr(sys, \"__egginsert\", 0); sys.path[at:at] = added; \
                sys.__egginsert = at + len(added)\n";
    let two = "[SANDBOX]/home/two\n";
    let expected = format!(
        "{site}\n{first}{two}[SANDBOX]/home/lib\n{last}_virtualenv_path_extensions.pth\n\n\
         _virtualenv_path_extensions.pth:\n{first}{two}{last}"
    );
    let warned = "Warning: Converting \"lib\" to \"[SANDBOX]/home/lib\"\n";
    for (shell, before) in SHELLS {
        let sandbox = at_home();
        let ran = session(&sandbox, shell, before, script);
        assert_eq!(ran.stdout, expected, "{shell} {before}: {}", ran.stderr);
        assert_eq!(ran.stderr, format!("{warned}{warned}"), "{shell} {before}");
    }
}

const CODE: &str = "$(touch hijacked)`id`";

#[test]
fn the_place_of_environments_is_expanded_as_data() {
    let cases = [
        ("", "[SANDBOX]/home/.virtualenvs"),
        ("envs", "[SANDBOX]/home/envs"),
        ("~/e//nvs", "[SANDBOX]/home/e/nvs"),
        ("$HOME/x y/../${PLACE}z", "[SANDBOX]/home/$(touch hijacked)`id`z"),
        ("/a/$NOTHING/~", "/a/$NOTHING/~"),
    ];
    for shell in ["bash", "zsh", "fish"] {
        for (written, meant) in cases {
            let sandbox = prepared();
            let before = match shell {
                "fish" => format!("set -gx PLACE '{CODE}'; set -gx WORKON_HOME '{written}'"),
                _ => format!("export PLACE='{CODE}' WORKON_HOME='{written}'"),
            };
            let ran = session(&sandbox, shell, &before, "echo $WORKON_HOME");
            assert_eq!(
                (ran.stdout.trim_end(), ran.stderr.as_str()),
                (meant, ""),
                "{shell} {written}"
            );
            assert_eq!(fs::read_dir(sandbox.work()).unwrap().count(), 0);
        }
    }
}

#[test]
fn loading_writes_nothing() {
    for shell in ["bash", "zsh", "fish"] {
        let sandbox = prepared();
        session(&sandbox, shell, "", "").succeeds("");
        assert!(!sandbox.home().join(".virtualenvs").exists());
    }
    Sandbox::new()
        .run(&["init", "-", "dash", "--virtualenvwrapper"])
        .fails("pyman: virtualenvwrapper's functions are for bash, zsh and fish\n", 1);
}
