//! File systems that cannot do it in one stroke: a directory of an overlay's lower layer, `versions/` on a volume of its
//! own or on another disk. Another way is taken, or one line says which setting.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;

use super::{bounded, lived_in, restored, run};
use crate::support::needs::{as_ordinary_user, has, mounts, needs};
use crate::support::tiny::Stall;

/// Runs a script for `/bin/sh -e` in a mount namespace of its own; what it said, and how it ended.
fn mounted(stall: &Stall, script: &str) -> super::Ran {
    let mut command = Command::new("unshare");
    command.args(["--mount", "--map-root-user", "/bin/sh", "-ec", script]).env_clear();
    let template = stall.pyman(&[]);
    command.envs(template.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command.env("PYMAN", crate::support::program()).env("SANDBOX", stall.sandbox.path());
    command.current_dir(stall.sandbox.work());
    bounded(stall, &mut command)
}

/// What is to hold after everything: nothing staged, and all that is listed runs.
const WELL: &str = "
well() {
  test -z \"$(ls -A $PYMAN_ROOT/stage 2>/dev/null)\" || { echo \"after $1: staged\"; ls -A $PYMAN_ROOT/stage; exit 3; }
  test -z \"$(find $PYMAN_ROOT $HOME -name '.pyman-*' ! -empty)\" || { echo \"after $1: left\"; exit 3; }
  for python in $PYMAN_ROOT/versions/*/bin/python $PYMAN_ROOT/versions/*/envs/*/bin/python $HOME/.virtualenvs/*/bin/python; do
    case $python in *'*'*) continue;; esac
    # What stands on a version that goes with -f goes without.
    case $1 in uninstall*) test -e $python || continue;; esac
    $python -c pass || { echo \"after $1: $python\"; exit 4; }
  done
  test -z \"$(find $PYMAN_ROOT/minor $PYMAN_ROOT/versions -maxdepth 1 -xtype l)\" || { echo \"after $1: a link\"; exit 5; }
}
";

#[test]
fn a_tree_of_a_lower_layer_is_replaced_upgraded_and_removed() {
    needs!(as_ordinary_user(mounts), "to mount");
    as_ordinary_user(|| {
        let stall = lived_in();
        let overlay = "
mkdir -p $SANDBOX/lower $SANDBOX/upper $SANDBOX/scratch
mv $PYMAN_ROOT/* $PYMAN_ROOT/.[a-z]* $SANDBOX/lower/
mount -t overlay -o lowerdir=$SANDBOX/lower,upperdir=$SANDBOX/upper,workdir=$SANDBOX/scratch,userxattr overlay $PYMAN_ROOT
mkdir $PYMAN_ROOT/stage 2>/dev/null || :
if mv -T --no-copy $PYMAN_ROOT/versions/3.12.1 $PYMAN_ROOT/versions/3.12.1 2>/dev/null; then :; fi
";
        for commands in [
            "install -f 3.12.1",
            "upgrade",
            "uninstall -f 3.12.1",
            "virtualenv --no-pip 3.12.1 shop",
            "virtualenv-delete -f api",
            "install -f 3.12.1; upgrade; uninstall -f 3.12.3; uninstall -f 3.11.5",
            "rehash; install 3.12.2; uninstall -f 3.12.2",
        ] {
            restored(&stall);
            for made in ["lower", "upper", "scratch"] {
                let path = stall.sandbox.path().join(made);
                if path.exists() {
                    assert!(
                        Command::new("chmod")
                            .arg("-R")
                            .arg("u+rwx")
                            .arg(&path)
                            .status()
                            .unwrap()
                            .success()
                    );
                    fs::remove_dir_all(path).unwrap();
                }
            }
            let mut script = format!("{WELL}{overlay}");
            for command in commands.split("; ") {
                script.extend(["\"$PYMAN\" ", command, "\nwell '", command, "'\n"]);
            }
            let ran = mounted(&stall, &script);
            assert_eq!(ran.status, Some(0), "{commands}: {ran:?}");
        }
    });
}

/// Where nothing of a lower layer can be renamed, trees are removed where they stand: who dies over that leaves half of one,
/// which the same command takes away.
#[test]
fn a_death_over_a_tree_of_a_lower_layer_is_mended_by_the_same_command() {
    needs!(as_ordinary_user(mounts), "to mount");
    needs!(has("strace"), "strace");
    as_ordinary_user(|| {
        let stall = lived_in();
        stall.prepare(&["venv", "create", "--no-pip", "-p", "3.12", "site"]);
        let script = format!(
            "{WELL}
mkdir -p $SANDBOX/lower
mv $PYMAN_ROOT $SANDBOX/lower/pyman
mv $HOME/.virtualenvs $SANDBOX/lower/home
mkdir $PYMAN_ROOT $HOME/.virtualenvs
over() {{
  mount -t overlay -o lowerdir=$SANDBOX/lower/$1,upperdir=scratch/$1/upper,workdir=scratch/$1/work,userxattr overlay \"$2\"
}}
for command in 'venv remove site' 'virtualenv-delete -f api' 'uninstall -f api' 'venv move site moved' \\
    'venv create --no-pip --clear -p 3.11 site' 'install -f 3.12.1' 'uninstall -f 3.11.5'; do
  for kill in 1 2 3 5 8 13 21 34; do
    mkdir scratch
    mount -t tmpfs tmpfs scratch
    mkdir -p scratch/pyman/upper scratch/pyman/work scratch/home/upper scratch/home/work
    over pyman $PYMAN_ROOT
    over home $HOME/.virtualenvs
    # What had no so many calls came to its end.
    strace -f -qq -o /dev/null -e trace=unlinkat -e inject=unlinkat:signal=KILL:when=$kill \"$PYMAN\" $command >/dev/null 2>&1 ||
      \"$PYMAN\" $command >/dev/null || {{ echo \"$command: again after kill $kill\"; exit 3; }}
    well \"$command $kill\"
    case $command in
      'venv remove site'|'venv move site moved') test ! -e $HOME/.virtualenvs/site ;;
      *api) test ! -e $PYMAN_ROOT/versions/3.12.1/envs/api ;;
    esac
    umount $HOME/.virtualenvs $PYMAN_ROOT scratch
    rmdir scratch
  done
done
"
        );
        let ran = mounted(&stall, &script);
        assert_eq!(ran.status, Some(0), "{ran:?}");
    });
}

#[test]
fn an_environment_moves_to_another_file_system_and_back() {
    needs!(as_ordinary_user(mounts), "to mount");
    as_ordinary_user(|| {
        let stall = lived_in();
        let script = format!(
            "{WELL}
mkdir volume
mount -t tmpfs tmpfs volume
here() {{
  \"$1/bin/python\" -c pass
  grep -qF \"$1\" \"$1/bin/activate\"
  test -z \"$(grep -rlF \"$2\" \"$1\")\"
  test ! -e \"$2\"
  test -z \"$(find $PYMAN_ROOT $HOME volume -name '.pyman-*')\"
  test -z \"$(find $PYMAN_ROOT/versions $PYMAN_ROOT/environments -maxdepth 1 -xtype l)\"
}}
\"$PYMAN\" venv move web ./volume/site
here $SANDBOX/work/volume/site $HOME/.virtualenvs/web
\"$PYMAN\" venv clone ./volume/site second
well clone
\"$PYMAN\" venv move ./volume/site third
here $HOME/.virtualenvs/third $SANDBOX/work/volume/site
\"$PYMAN\" venv move ./env ./volume/env
here $SANDBOX/work/volume/env $SANDBOX/work/env
\"$PYMAN\" doctor | grep 'problem: ' | grep -v 'not on PATH' && exit 8 || :
"
        );
        let ran = mounted(&stall, &script);
        assert_eq!(ran.status, Some(0), "{ran:?}");
    });
}

#[test]
fn an_environment_of_a_lower_layer_is_cloned_moved_mended_and_removed() {
    needs!(as_ordinary_user(mounts), "to mount");
    as_ordinary_user(|| {
        let stall = lived_in();
        let script = format!(
            "{WELL}
mkdir $SANDBOX/lower $SANDBOX/upper $SANDBOX/scratch
cp -a env $HOME/.virtualenvs/byhand
mv $HOME/.virtualenvs/* $SANDBOX/lower/
mount -t overlay -o lowerdir=$SANDBOX/lower,upperdir=$SANDBOX/upper,workdir=$SANDBOX/scratch,userxattr overlay $HOME/.virtualenvs
\"$PYMAN\" venv repair byhand
well repair
\"$PYMAN\" venv clone web second
well clone
\"$PYMAN\" venv move web third
test ! -e $HOME/.virtualenvs/web
well move
\"$PYMAN\" venv move byhand ./away
test ! -e $HOME/.virtualenvs/byhand
well 'move away'
\"$PYMAN\" venv create --no-pip --clear -p 3.11 second
well create
\"$PYMAN\" venv remove third second
well remove
test -z \"$(ls -A $HOME/.virtualenvs)\"
./away/bin/python -c pass
"
        );
        let ran = mounted(&stall, &script);
        assert_eq!(ran.status, Some(0), "{ran:?}");
    });
}

#[test]
fn a_file_system_that_is_mounted_within_a_version_stays_whole() {
    needs!(as_ordinary_user(mounts), "to mount");
    as_ordinary_user(|| {
        let stall = lived_in();
        // A volume of its own, and a part of the same file system, however deep.
        let script = "
mkdir photos photos/mine
touch photos/mine/precious
refused() {
  if said=$(\"$PYMAN\" $1 2>&1); then echo \"$1: it went\"; exit 3; fi
  case $said in *'another file system is mounted there'*) ;; *) echo \"$1: $said\"; exit 4;; esac
  test -e $place/mine/precious
  test \"$(ls -A $PYMAN_ROOT/versions $PYMAN_ROOT/minor $HOME/.virtualenvs)\" = \"$before\"
  $PYMAN_ROOT/versions/3.12.1/bin/python -c pass
  $HOME/.virtualenvs/web/bin/python -c pass
}
for place in $PYMAN_ROOT/versions/3.12.1/envs $PYMAN_ROOT/versions/3.12.1/share/deep/er $HOME/.virtualenvs/web/lib/data; do
  mkdir -p $place
  before=$(ls -A $PYMAN_ROOT/versions $PYMAN_ROOT/minor $HOME/.virtualenvs)
  for kind in volume part; do
    case $kind in
      volume) mount -t tmpfs tmpfs $place; mkdir $place/mine; touch $place/mine/precious ;;
      part) mount --bind photos $place ;;
    esac
    case $place in
      *web*) refused 'venv remove web'; refused 'venv move web site'; refused 'venv create --clear --no-pip -p 3.11 web' ;;
      *) refused 'install -f 3.12.1'; refused 'uninstall -f 3.12.1' ;;
    esac
    \"$PYMAN\" install 3.12.2
    \"$PYMAN\" uninstall -f 3.12.2
    umount $place
  done
done
# In a dead stage it stays, and hinders nothing.
mkdir -p $PYMAN_ROOT/stage/dead.1.0/tree/x
mount --bind photos $PYMAN_ROOT/stage/dead.1.0/tree/x
\"$PYMAN\" rehash
\"$PYMAN\" install 3.12.2
said=$(\"$PYMAN\" uninstall -f 3.12.2 2>&1)
case $said in *'rm -rf'*) echo \"$said\"; exit 5;; *'unmount what is mounted there first'*) ;; *) echo \"$said\"; exit 6;; esac
\"$PYMAN\" doctor | grep -q \"run: sudo umount $PYMAN_ROOT/stage/dead.1.0/tree/x\"
test -e photos/mine/precious
";
        let ran = mounted(&stall, script);
        assert_eq!(ran.status, Some(0), "{ran:?}");
    });
}

#[test]
fn what_a_file_system_is_mounted_at_stays_whole() {
    needs!(as_ordinary_user(mounts), "to mount");
    as_ordinary_user(|| {
        let stall = lived_in();
        let script = "
look() { find $PYMAN_ROOT/versions $HOME/.virtualenvs env | sort; }
api=$PYMAN_ROOT/versions/3.12.1/envs/api
for place in env $HOME/.virtualenvs/web $api $PYMAN_ROOT/versions/3.12.1; do
  touch $place/precious
  before=$(look)
  mount --bind $place $place
  case $place in
    env) set -- 'venv repair -p 3.11 ./env' 'venv create --clear --no-pip -p 3.11 ./env' 'venv move ./env ./elsewhere' \
      'venv remove ./env' ;;
    *web) set -- 'venv create --clear --no-pip -p 3.11 web' 'venv move web site' 'venv remove web' \
      'uninstall -f web' ;;
    *api) set -- 'virtualenv --clear --no-pip 3.12.1 api' 'virtualenv-delete -f api' 'uninstall -f 3.12.1' ;;
    *) set -- 'install -f 3.12.1' 'uninstall -f 3.12.1' ;;
  esac
  for command; do
    if said=$(\"$PYMAN\" $command 2>&1); then echo \"$command: it went\"; exit 3; fi
    case $said in *'another file system is mounted there'*) ;; *) echo \"$command: $said\"; exit 4;; esac
    test \"$(look)\" = \"$before\" || { echo \"$command: $(look)\"; exit 5; }
  done
  umount $place
done
mkdir volume
mount --bind volume volume
\"$PYMAN\" venv create --no-pip -p 3.12 ./volume
volume/bin/python -c pass
";
        let ran = mounted(&stall, script);
        assert_eq!(ran.status, Some(0), "{ran:?}");
    });
}

#[test]
fn versions_on_a_volume_of_their_own_simply_work() {
    needs!(as_ordinary_user(mounts), "to mount");
    as_ordinary_user(|| {
        let stall = Stall::open();
        let script = format!(
            "{WELL}
mkdir -p $PYMAN_ROOT/versions
mount -t tmpfs tmpfs $PYMAN_ROOT/versions
for command in 'install 3.12.1' 'virtualenv --no-pip 3.12.1 api' 'venv create --no-pip -p 3.12 web' 'install -f 3.12.1' \\
    'install 3.12.2' 'uninstall -f 3.12.2' 'upgrade' 'uninstall -f api' 'rehash'; do
  \"$PYMAN\" $command
  well \"$command\"
  for entry in $PYMAN_ROOT/versions/.[!.]*; do test -e \"$entry\" && {{ echo \"after $command: $entry\"; exit 6; }}; done
done
\"$PYMAN\" versions --bare
"
        );
        let ran = mounted(&stall, &script);
        assert_eq!(ran.status, Some(0), "{ran:?}");
        assert!(ran.stdout.ends_with("3.12.3\nweb\n"), "{ran:?}");
    });
}

#[test]
fn versions_that_are_a_link_are_refused_unless_the_settings_say_where() {
    as_ordinary_user(|| {
        let stall = Stall::open();
        let there = stall.sandbox.home().join("data");
        fs::create_dir_all(&there).unwrap();
        fs::create_dir_all(stall.sandbox.root()).unwrap();
        symlink(&there, stall.sandbox.root().join("versions")).unwrap();
        let ran = run(&stall, &["install", "3.12.1"]);
        assert_ne!(ran.status, Some(0), "{ran:?}");
        let setting = "versions = \"[SANDBOX]/home/data\"";
        assert!(ran.stderr.contains(setting), "the setting is named: {ran:?}");
        assert_eq!(fs::read_dir(&there).unwrap().count(), 0);
        let doctor = run(&stall, &["doctor"]);
        assert!(doctor.stdout.contains(setting), "{doctor:?}");

        let settings = format!("versions = \"{}\"\n", there.display());
        stall.sandbox.write("home/.config/pyman/settings.toml", settings);
        for command in [
            &["install", "3.12.1"][..],
            &["venv", "create", "--no-pip", "-p", "3.12", "web"],
            &["virtualenv", "--no-pip", "3.12.1", "api"],
            &["install", "-f", "3.12.1"],
            &["upgrade"],
            &["global", "3.12.3"],
            &["exec", "python", "-c", "pass"],
        ] {
            let ran = run(&stall, command);
            assert_eq!(ran.status, Some(0), "{command:?}: {ran:?}");
        }
        assert!(there.join("3.12.3/bin/python").exists());
        for place in ["shims/python", "minor/3.12/bin/python", "versions/3.12.3/bin/python"] {
            let mut python = stall.sandbox.command(stall.sandbox.root().join(place));
            assert_eq!(bounded(&stall, python.args(["-c", "pass"])).status, Some(0), "{place}");
        }
        assert_eq!(run(&stall, &["uninstall", "-f", "3.12.3"]).status, Some(0));
        assert!(!there.join("3.12.3").exists());
        let left: Vec<_> =
            fs::read_dir(&there).unwrap().map(|one| one.unwrap().file_name()).collect();
        assert!(left.iter().all(|name| name == "web"), "{left:?}");
    });
}

#[test]
fn versions_stand_where_the_settings_say_without_a_link_made_by_hand() {
    as_ordinary_user(|| {
        let stall = Stall::open();
        let data = stall.sandbox.path().join("data/versions");
        let line = format!("versions = {:?}\n", data.to_str().unwrap());
        let settings = stall.sandbox.home().join(".config/pyman/settings.toml");
        fs::create_dir_all(settings.parent().unwrap()).unwrap();
        fs::write(&settings, &line).unwrap();
        let ran = run(&stall, &["install", "3.12.1"]);
        assert_eq!(ran.status, Some(0), "{ran:?}");
        assert!(data.join("3.12.1/bin/python").exists(), "{ran:?}");
        assert_eq!(fs::read_link(stall.sandbox.root().join("versions")).unwrap(), data);
        stall.prepare(&["virtualenv", "--no-pip", "3.12.1", "api"]);
        stall.prepare(&["install", "-f", "3.12.1"]);
        stall.prepare(&["global", "3.12.1"]);
        stall.prepare(&["exec", "python", "-c", "pass"]);
        let said = run(&stall, &["doctor"]);
        assert!(!said.stdout.contains("versions"), "{said:?}");
        stall.prepare(&["uninstall", "-f", "3.12.1"]);
        assert!(!data.join("3.12.1").exists());

        // Where some stand in the root already it is said, and they stay.
        fs::remove_file(&settings).unwrap();
        fs::remove_file(stall.sandbox.root().join("versions")).unwrap();
        stall.prepare(&["install", "3.12.2"]);
        fs::write(&settings, &line).unwrap();
        for command in [&["install", "3.12.3"][..], &["doctor"]] {
            let ran = run(&stall, command);
            let said = [ran.stdout.as_str(), &ran.stderr].concat();
            assert_ne!(ran.status, Some(0), "{command:?}: {ran:?}");
            assert!(said.contains("there are some in `[SANDBOX]/pyman/versions'"), "{said}");
        }
        assert!(stall.sandbox.root().join("versions/3.12.2/bin/python").exists());
    });
}

#[test]
fn a_file_that_something_is_mounted_at_is_written_where_it_stands() {
    needs!(as_ordinary_user(mounts), "to mount");
    as_ordinary_user(|| {
        let stall = lived_in();
        let ran = mounted(
            &stall,
            "
mkdir -p host $HOME/.config/pyman $HOME/.config/pip
echo 3.12.1 >.python-version
touch $HOME/.bashrc $HOME/.config/pyman/settings.toml
printf '[global]\\ntimeout = 9\\n' >$HOME/.config/pip/pip.conf
for file in $SANDBOX/work/.python-version $HOME/.bashrc $HOME/.config/pyman/settings.toml \\
    $HOME/.config/pip/pip.conf $PYMAN_ROOT/version; do
  cp $file host/${file##*/}
  mount --bind host/${file##*/} $file
done
\"$PYMAN\" local 3.11.5
grep -qx 3.11.5 host/.python-version
\"$PYMAN\" global 3.12.1
grep -qx 3.12.1 host/version
\"$PYMAN\" setup bash --undo
if grep pyman host/.bashrc; then exit 3; fi
\"$PYMAN\" setup bash
grep -q pyman host/.bashrc
\"$PYMAN\" mirror set tuna
grep -q tuna host/settings.toml
cp host/pip.conf pip.conf
\"$PYMAN\" mirror set tuna --pip
grep -q tuna host/pip.conf
\"$PYMAN\" mirror unset --pip
cmp host/pip.conf pip.conf
# An empty one would choose the system's.
if \"$PYMAN\" local --unset 2>said; then exit 3; fi
grep -qF \"cannot remove \\`$SANDBOX/work/.python-version'\" said || { cat said; exit 3; }
grep -qx 3.11.5 host/.python-version
# Nobody can write it: it is named.
umount $PYMAN_ROOT/version
mount --bind host/version $PYMAN_ROOT/version
mount -o remount,bind,ro $PYMAN_ROOT/version
if \"$PYMAN\" global 3.11.5 2>said; then exit 3; fi
grep -qF \"cannot write \\`$PYMAN_ROOT/version'\" said || { cat said; exit 3; }
test -z \"$(find $SANDBOX -name '.pyman-new-*')\"
",
        );
        assert_eq!(ran.status, Some(0), "{ran:?}");
    });
}

/// What a fresh ext4 volume has in its top directory: root's, and shut to all others.
#[test]
fn what_a_file_system_keeps_for_itself_is_nobodys_version_or_environment() {
    needs!(as_ordinary_user(mounts), "to mount");
    as_ordinary_user(|| {
        let stall = Stall::open();
        let script = r#"
mkdir -p "$PYMAN_ROOT/versions" "$HOME/.virtualenvs"
for volume in "$PYMAN_ROOT/versions" "$HOME/.virtualenvs"; do
  mount -t tmpfs -o mode=755 tmpfs "$volume"
  mkdir -m 700 "$volume/lost+found" "$volume/lost+found/bin"
done
"$PYMAN" install 3.12.1
"$PYMAN" install -f 3.12.1
"$PYMAN" virtualenv --no-pip 3.12.1 api
"$PYMAN" venv create --no-pip -p 3.12 web
"$PYMAN" rehash
for asked in versions 'versions --bare' 'versions --json' virtualenvs 'venv list' list 'prune --yes' doctor \
    'completions uninstall' 'completions activate' 'whence python' 'exec --each all -- true'; do
  "$PYMAN" $asked >said 2>&1 || test "$asked" = doctor || { echo "$asked"; cat said; exit 3; }
  if grep -F lost+found said; then echo "$asked"; cat said; exit 4; fi
done
if "$PYMAN" venv create --no-pip -p 3.12 lost+found 2>said; then exit 5; fi
"$PYMAN" venv remove web
"$PYMAN" virtualenv-delete -f api
"$PYMAN" self uninstall --versions --yes
test -d "$PYMAN_ROOT/versions/lost+found/bin"
test -d "$HOME/.virtualenvs/lost+found/bin"
test "$(ls -A "$PYMAN_ROOT/versions")" = lost+found
"#;
        let ran = mounted(&stall, script);
        assert_eq!(ran.status, Some(0), "{ran:?}");
    });
}

#[test]
fn what_changes_no_version_works_where_versions_are_read_only() {
    needs!(as_ordinary_user(mounts), "to mount");
    as_ordinary_user(|| {
        let stall = lived_in();
        let script = r#"
mount --bind "$PYMAN_ROOT/versions" "$PYMAN_ROOT/versions"
mount -o remount,bind,ro "$PYMAN_ROOT/versions"
"$PYMAN" rehash
"$PYMAN" cache clean
"$PYMAN" global 3.12.1
if "$PYMAN" link ../elsewhere linked 2>said; then exit 3; fi
if grep -F .pyman-stage said; then exit 4; fi
"#;
        let ran = mounted(&stall, script);
        assert_eq!(ran.status, Some(0), "{ran:?}");
    });
}

/// What the source of a move refuses is found before anything stands at its goal.
#[test]
fn an_environment_that_cannot_be_written_is_not_moved_by_half() {
    needs!(as_ordinary_user(mounts), "to mount");
    as_ordinary_user(|| {
        let stall = lived_in();
        let script = r#"
web="$HOME/.virtualenvs/web"
whole() {
  "$web/bin/python" -c pass
  test ! -e "$HOME/.virtualenvs/site"
  test ! -e work/w
  test -z "$(find "$PYMAN_ROOT" "$HOME" . -name '.pyman-*' ! -empty)"
}
mount --bind "$HOME/.virtualenvs" "$HOME/.virtualenvs"
mount -o remount,bind,ro "$HOME/.virtualenvs"
for again in 1 2; do
  if "$PYMAN" venv move web ./work/w 2>said; then exit 3; fi
  grep -qF 'cannot write in' said || { cat said; exit 4; }
  whole
done
umount "$HOME/.virtualenvs"
"$PYMAN" venv move web ./work/w
test ! -e "$web"
work/w/bin/python -c pass
"#;
        let ran = mounted(&stall, script);
        assert_eq!(ran.status, Some(0), "{ran:?}");
        // No mode hinders root, whom a namespace makes of an ordinary user.
        let env = stall.sandbox.work().join("env");
        let set = |mode| {
            use std::os::unix::fs::PermissionsExt as _;
            fs::set_permissions(&env, fs::Permissions::from_mode(mode)).unwrap();
        };
        set(0o500);
        for _ in 0..2 {
            let ran = run(&stall, &["venv", "move", "./env", "site"]);
            assert_eq!(ran.status, Some(5), "{ran:?}");
            let said = "pyman: cannot write in `[SANDBOX]/work/env'";
            assert!(ran.stderr.starts_with(said), "{ran:?}");
            assert!(!stall.sandbox.home().join(".virtualenvs/site").exists());
        }
        set(0o755);
        stall.prepare(&["venv", "move", "./env", "site"]);
        assert!(!env.exists());
    });
}

/// Nobody may ask again for the goal of a command that died: whoever works beside it sweeps its stage.
#[test]
fn what_died_over_another_goal_is_swept_by_the_next_in_the_same_directory() {
    needs!(has("strace"), "strace");
    as_ordinary_user(|| {
        let stall = lived_in();
        let template = stall.pyman(&["venv", "move", "web", "site"]);
        let mut command = Command::new("strace");
        command.args(["-f", "-qq", "-o", "/dev/null", "-e", "trace=symlinkat"]);
        command.args(["-e", "inject=symlinkat:signal=KILL:when=1"]);
        command.arg(template.get_program()).args(template.get_args()).env_clear();
        command.envs(template.get_envs().filter_map(|(name, value)| Some((name, value?))));
        command.current_dir(stall.sandbox.work());
        bounded(&stall, &mut command);
        let staged = || {
            let names = fs::read_dir(stall.sandbox.home().join(".virtualenvs")).unwrap();
            let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
            names.filter(|name| name.starts_with(".pyman-")).count()
        };
        assert_eq!(staged(), 1);
        stall.prepare(&["venv", "remove", "web"]);
        assert_eq!(staged(), 0);
    });
}
