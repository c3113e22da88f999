//! Arguments, status, process, signals, descriptors, limits: as without a shim.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, Stdio};

use super::{Shims, outputs, same};
use crate::support::needs::needs;

#[test]
fn arguments_pass_byte_for_byte() {
    let shims = Shims::new(&[("probe", "/usr/bin/printf")]);
    let arguments: [&[u8]; 9] = [
        b"%s\\n",
        b"",
        b"--",
        b"-c",
        b"two words",
        b"\xff\xfe\x80",
        b"line\nbreak\ttab",
        b"'\"$HOME`id`\\*?",
        b"",
    ];
    let mut commands = shims.both("probe", &[]);
    for command in &mut commands {
        command.args(arguments.map(OsStr::from_bytes));
    }
    let [direct, shim] = outputs(commands);
    assert_eq!(shim, direct);
    assert!(shim.windows(4).any(|window| window == b"\xff\xfe\x80\n"));
}

#[test]
fn two_megabytes_of_arguments_pass() {
    let shims = Shims::new(&[("probe", "/usr/bin/printf")]);
    let long = "x".repeat(100_000);
    let mut arguments = vec!["%s\\n"];
    arguments.extend([long.as_str(); 15]);
    arguments.extend(std::iter::repeat_n("y", 10_000));
    let [direct, shim] = outputs(shims.both("probe", &arguments));
    assert_eq!(shim.len(), 15 * 100_001 + 20_000);
    assert!(shim == direct);
}

#[test]
fn the_program_is_called_by_its_own_path() {
    let shims = Shims::new(&[("probe", "/bin/cat")]);
    for started in ["$1", "exec -a '' $1", "exec -a /other/place/probe $1", "exec -a probe $1"] {
        let mut command = shims.sandbox.command("bash");
        let script = format!("{started} /proc/self/cmdline");
        command.args(["-c", &script, "bash"]).arg(shims.shim("probe"));
        let ran = shims.sandbox.ran(&mut command);
        let expected = "[SANDBOX]/pyman/versions/3.12.7/bin/probe\0/proc/self/cmdline\0";
        ran.succeeds(expected);
    }
}

#[test]
fn a_python_knows_itself_never_the_shim() {
    let shims = Shims::new(&[("python3", "/usr/bin/python3")]);
    let mut command = shims.sandbox.command(shims.shim("python3"));
    command.args(["-c", "import sys; print(sys.executable, sys.argv)", "a", "--", "-b"]);
    let expected = "[SANDBOX]/pyman/versions/3.12.7/bin/python3 ['-c', 'a', '--', '-b']\n";
    shims.sandbox.ran(&mut command).succeeds(expected);
}

#[test]
fn every_status_is_the_programs_own() {
    let shims = Shims::new(&[("probe", "exit $1")]);
    for status in 0..=255 {
        let mut command = shims.sandbox.command(shims.shim("probe"));
        shims.sandbox.ran(command.arg(status.to_string())).is("", "", status);
    }
}

#[test]
fn every_death_is_the_programs_own() {
    let shims = Shims::new(&[("probe", "kill -$1 $$")]);
    // Neither those that stop nor those that do nothing.
    for signal in (1..32).filter(|signal| ![17, 18, 19, 20, 21, 22, 23, 28].contains(signal)) {
        let mut command = shims.sandbox.command(shims.shim("probe"));
        let ended = command.arg(signal.to_string()).output().unwrap();
        assert_eq!(ended.status.signal(), Some(signal));
    }
}

#[test]
fn the_process_stays_the_same() {
    let shims = Shims::new(&[("probe", "echo $$ $PPID")]);
    let mut command = shims.sandbox.command(shims.shim("probe"));
    let child = command.stdout(Stdio::piped()).spawn().unwrap();
    let expected = format!("{} {}\n", child.id(), std::process::id());
    assert_eq!(child.wait_with_output().unwrap().stdout, expected.as_bytes());
}

#[test]
fn one_execve_and_no_other_process() {
    let shims = Shims::new(&[("probe", "/bin/true")]);
    let mut command = shims.sandbox.command("strace");
    command.args(["-f", "-qq", "-e", "trace=execve,fork,vfork,clone,clone3"]);
    needs!(let Ok(traced) = command.arg(shims.shim("probe")).output(), "strace");
    let trace = String::from_utf8(traced.stderr).unwrap();
    let calls: Vec<&str> = trace.lines().collect();
    assert_eq!(calls.len(), 2, "{trace}");
    assert!(calls[1].contains("versions/3.12.7/bin/probe"), "{trace}");
}

#[test]
fn signals_stay_ignored_and_blocked() {
    let shims = Shims::new(&[("probe", "/bin/grep")]);
    let lines = ["^Sig[BIC]", "/proc/self/status"];
    let mut both = shims.both("probe", &lines);
    for command in &mut both {
        let mut through_env = Command::new("env");
        through_env
            .args(["--ignore-signal=PIPE,INT,USR1", "--block-signal=TERM,USR2"])
            .arg(command.get_program())
            .args(command.get_args())
            .env_clear()
            .envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))))
            .current_dir(shims.sandbox.work());
        *command = through_env;
    }
    let [direct, shim] = outputs(both).map(|bytes| String::from_utf8(bytes).unwrap());
    assert_eq!(shim, direct);
    let mask = |name: &str| {
        let line = shim.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        u64::from_str_radix(line.trim(), 16).unwrap()
    };
    // Bits are counted from 0: USR1 is 10, INT 2, PIPE 13; USR2 12, TERM 15.
    assert_eq!(mask("SigIgn:") & 0x1202, 0x1202);
    assert_eq!(mask("SigBlk:") & 0x4800, 0x4800);
}

#[test]
fn signals_that_are_not_ignored_stay_so() {
    let shims = Shims::new(&[("probe", "/bin/grep")]);
    same(shims.both("probe", &["^Sig[BIC]", "/proc/self/status"]));
}

#[test]
fn umask_and_limits_stay() {
    let shims = Shims::new(&[("probe", "/bin/cat")]);
    let arguments = ["/proc/self/limits", "/proc/self/oom_score_adj"];
    same(shims.prepared("ulimit -n 77; ulimit -c 0; ulimit -s 4096", "probe", &arguments));
    let shims = Shims::new(&[("probe", "/bin/grep")]);
    same(shims.prepared("umask 0127", "probe", &["^Umask", "/proc/self/status"]));
}

#[test]
fn descriptors_stay_open_and_closed() {
    let shims = Shims::new(&[("probe", "/bin/ls")]);
    for preparation in [
        ":",
        "exec 3</dev/null 7>/dev/zero 9</etc/passwd",
        "exec 0<&-",
        "exec 0<&- 2>&-",
        "exec 2>&- 5</dev/null",
    ] {
        same(shims.prepared(preparation, "probe", &["/proc/self/fd"]));
    }
}

#[test]
fn nothing_leaks_into_the_variables() {
    let shims = Shims::new(&[("probe", "/usr/bin/env")]);
    let mut command = shims.sandbox.command(shims.shim("probe"));
    command.env_clear().env("PATH", "/usr/bin:/bin").env("_PYMAN_CHAIN", "1:2");
    command.env("BYTES", OsStr::from_bytes(b"\xff\xfe")).env("EMPTY", "");
    let output = command.output().unwrap();
    let lines: Vec<&[u8]> = output.stdout.split(|byte| *byte == b'\n').collect();
    let bin = shims.direct("");
    let bin = bin.to_str().unwrap().trim_end_matches('/');
    let path = format!("PATH={bin}:/usr/bin:/bin");
    // In the order they had: `Command` sorts what it passes on.
    assert_eq!(lines, [b"BYTES=\xff\xfe".as_slice(), b"EMPTY=", path.as_bytes(), b""]);
}

#[test]
fn a_deleted_directory_is_no_hindrance() {
    let shims = Shims::new(&[("probe", "/bin/readlink")]);
    let deleted = "mkdir gone && cd gone && rmdir ../gone";
    let [direct, shim] = outputs(shims.prepared(deleted, "probe", &["/proc/self/cwd"]));
    assert_eq!(shim, direct);
    assert!(shim.ends_with(b"/work/gone (deleted)\n"));
}

#[test]
fn a_script_without_a_header_is_the_shells() {
    // Of text without a header no shim is made; one that was made before runs it as a shell would.
    let shims = Shims::new(&[("probe", "exit 0")]);
    std::fs::write(shims.direct("probe"), "echo \"$0\" \"$@\"\n").unwrap();
    let mut command = shims.sandbox.command(shims.shim("probe"));
    let ran = shims.sandbox.ran(command.args(["a b", "-c"]));
    ran.succeeds("[SANDBOX]/pyman/versions/3.12.7/bin/probe a b -c\n");
}

#[test]
fn a_shim_knows_its_root_by_whatever_road_it_is_started() {
    let shims = Shims::new(&[("probe", "/bin/echo")]);
    let elsewhere = shims.sandbox.path().join("elsewhere");
    std::fs::create_dir_all(elsewhere.join("tools")).unwrap();
    let link = std::os::unix::fs::symlink::<std::path::PathBuf, std::path::PathBuf>;
    link(shims.shim(""), elsewhere.join("shims")).unwrap();
    link(shims.shim("probe"), elsewhere.join("tools/probe")).unwrap();
    link(shims.sandbox.root(), elsewhere.join("pyman")).unwrap();
    let roads = [
        "$1/pyman/shims/probe",
        "$1/pyman/../pyman//shims/./probe",
        "$1/elsewhere/shims/probe",
        "$1/elsewhere/tools/probe",
        "$1/elsewhere/pyman/shims/probe",
        "cd $1/pyman; shims/probe",
        "cd $1/pyman/shims; ./probe",
        "PATH=$1/elsewhere/shims; probe",
    ];
    for road in roads {
        let mut command = shims.sandbox.command("/bin/sh");
        command.args(["-c", &format!("{road} here"), "sh"]).arg(shims.sandbox.path());
        shims.sandbox.ran(command.env_remove("PYMAN_ROOT")).succeeds("here\n");
    }
    // A script whose interpreter is a shim, in a directory that only looks like one of shims.
    let script = elsewhere.join("look/shims/script");
    let text = format!("#!{} by\n", shims.shim("probe").display());
    std::fs::create_dir_all(script.parent().unwrap()).unwrap();
    std::fs::write(&script, text).unwrap();
    let mut chmod = Command::new("chmod");
    assert!(chmod.arg("755").arg(&script).status().unwrap().success());
    let mut command = shims.sandbox.command(&script);
    let ran = shims.sandbox.ran(command.env_remove("PYMAN_ROOT"));
    ran.succeeds("by [SANDBOX]/elsewhere/look/shims/script\n");
}
