//! What cannot be run: said once, with the status a shell would give.

use std::fs;

use super::Shims;

#[test]
fn more_arguments_than_the_system_takes_are_refused() {
    let shims = Shims::new(&[("probe", "/bin/true")]);
    // The shim itself starts with exactly as much as fits; the program's longer name and PATH
    // do not fit any more.
    let with = |bytes: usize| {
        let mut command = shims.sandbox.command(shims.shim("probe"));
        let chunks = (0..bytes / 64).map(|_| "x".repeat(55));
        command.args(chunks).arg("x".repeat(bytes % 64)).output()
    };
    let (mut fits, mut too_much) = (0_usize, 16 << 20);
    while too_much - fits > 1 {
        let middle = usize::midpoint(fits, too_much);
        if with(middle).is_ok() { fits = middle } else { too_much = middle }
    }
    let output = with(fits).unwrap();
    assert_eq!(output.status.code(), Some(126));
    assert_eq!(output.stdout, b"");
    let expected = format!(
        "pyman: cannot run {}: its arguments and variables are longer than the system takes \
         (error 7)\n",
        shims.direct("probe").display()
    );
    assert_eq!(String::from_utf8(output.stderr).unwrap(), expected);
}

#[test]
fn what_is_found_but_cannot_run_is_126() {
    let shims = Shims::new(&[]);
    let cases = [
        ("interpreter", "#!/nowhere/python\n", "what its first line names is not there (error 2)"),
        ("directory", "#!/usr\n", "this user may not run it (error 13)"),
        ("endless", "#!endless\n", "what its first line names is not there (error 2)"),
    ];
    for (name, contents, _) in cases {
        shims.sandbox.write(&format!("pyman/versions/3.12.7/bin/{name}"), contents);
        let mut chmod = shims.sandbox.command("chmod");
        assert!(chmod.arg("755").arg(shims.direct(name)).status().unwrap().success());
    }
    shims.rehash();
    for (name, _, reason) in cases {
        let ran = shims.sandbox.ran(&mut shims.sandbox.command(shims.shim(name)));
        let path = format!("[SANDBOX]/pyman/versions/3.12.7/bin/{name}");
        ran.fails(&format!("pyman: cannot run {path}: {reason}\n"), 126);
    }
}

#[test]
fn a_version_that_is_not_installed_is_127_naming_where_it_is_asked_for() {
    let shims = Shims::new(&[("python", "/bin/true")]);
    shims.sandbox.write("work/.python-version", "3.13.1\n");
    let ran = shims.sandbox.ran(&mut shims.sandbox.command(shims.shim("python")));
    assert_eq!(ran.status, Some(127));
    assert_eq!(ran.stdout, "");
    let first = ran.stderr.lines().next();
    let expected =
        "pyman: version `3.13.1' is not installed (set by [SANDBOX]/work/.python-version)";
    assert_eq!(first, Some(expected));
}

#[test]
fn a_shim_of_a_root_that_may_only_be_read_still_runs() {
    let shims = Shims::new(&[("probe", "/bin/echo")]);
    let root = shims.sandbox.root();
    let before: Vec<_> = fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().path()).collect();
    let mut chmod = shims.sandbox.command("chmod");
    assert!(chmod.args(["-R", "a-w"]).arg(&root).status().unwrap().success());
    let ran = shims.sandbox.ran(shims.sandbox.command(shims.shim("probe")).arg("here"));
    let after: Vec<_> = fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().path()).collect();
    let mut chmod = shims.sandbox.command("chmod");
    assert!(chmod.args(["-R", "u+w"]).arg(&root).status().unwrap().success());
    ran.succeeds("here\n");
    assert_eq!(after, before);
}

#[test]
fn odd_version_files_never_block_or_break() {
    let shims = Shims::new(&[("probe", "/bin/echo")]);
    let file = shims.sandbox.work().join(".python-version");
    let preparations = [
        "mkfifo \"$1\"",
        "mkdir \"$1\"",
        "ln -s /dev/zero \"$1\"",
        "ln -s .python-version \"$1\"",
        "ln -s /nowhere \"$1\"",
        "echo 3.12.7 > \"$1\" && truncate -s 1G \"$1\"",
        "printf '\\357\\273\\277  3.12.7 \\r\\n' > \"$1\"",
        "printf '# only\\n\\n3.12.7' > \"$1\"",
    ];
    for preparation in preparations {
        let mut prepare = shims.sandbox.command("/bin/sh");
        prepare.args(["-c", preparation, "sh"]).arg(&file);
        assert!(prepare.status().unwrap().success());
        let ran = shims.sandbox.ran(shims.sandbox.command(shims.shim("probe")).arg("ran"));
        assert_eq!((ran.stdout.as_str(), ran.status), ("ran\n", Some(0)), "{preparation}");
        let mut remove = shims.sandbox.command("rm");
        assert!(remove.arg("-rf").arg(&file).status().unwrap().success());
    }
}

#[test]
fn a_version_file_without_end_is_named_with_its_line_by_shim_and_manager() {
    let shims = Shims::new(&[("probe", "/bin/echo")]);
    let sandbox = &shims.sandbox;
    let file = sandbox.write("work/.python-version", "3.12.7\n3.12.7");
    fs::File::options().write(true).open(&file).unwrap().set_len(300 << 20).unwrap();
    let said = "pyman: `[SANDBOX]/work/.python-version' is longer than 65536 bytes: line 2 and what \
                follows is ignored\n";
    sandbox.ran(sandbox.command(shims.shim("probe")).arg("ran")).is("ran\n", said, 0);
    sandbox.run(&["version-name"]).is("3.12.7\n", said, 0);
}

#[test]
fn a_version_file_that_leads_nowhere_is_passed_over_by_the_manager_too() {
    let shims = Shims::new(&[("probe", "/bin/echo")]);
    let sandbox = &shims.sandbox;
    sandbox.write("pyman/version", "3.12.7\n");
    let long = "x".repeat(300);
    for target in [".python-version", long.as_str()] {
        let file = sandbox.work().join(".python-version");
        std::os::unix::fs::symlink(target, &file).unwrap();
        sandbox.run(&["version-name"]).succeeds("3.12.7\n");
        fs::remove_file(&file).unwrap();
    }
}

#[test]
fn entries_that_leave_the_versions_are_refused_aloud() {
    let shims = Shims::new(&[("probe", "/bin/echo")]);
    shims.sandbox.write("work/.python-version", "../../evil\n/abs\n3.12.7\n");
    let ran = shims.sandbox.ran(shims.sandbox.command(shims.shim("probe")).arg("ran"));
    let refused = |entry| {
        format!("pyman: invalid version `{entry}' ignored in `[SANDBOX]/work/.python-version'\n")
    };
    ran.is("ran\n", &(refused("../../evil") + &refused("/abs")), 0);
}
