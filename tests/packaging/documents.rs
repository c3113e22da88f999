//! What packages bring beside the program: completions that shells read by themselves, and the manual.

use std::fs;
use std::process::Command;

use super::found;
use crate::support::needs::needs;
use crate::support::sandbox::Sandbox;

/// A sandbox whose PATH begins with the program, and where the completions of a shell are a file of this name.
fn brought(shell: &str, name: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    let program = crate::support::program();
    fs::create_dir(sandbox.path().join("bin")).unwrap();
    std::os::unix::fs::symlink(program, sandbox.path().join("bin/pyman")).unwrap();
    let ran = sandbox.run(&["completions", "--print", shell]);
    assert_eq!((&*ran.stderr, ran.status), ("", Some(0)), "{shell}");
    sandbox.write(&format!("completions/{name}"), ran.stdout);
    sandbox
}

fn said(sandbox: &Sandbox, shell: &str, script: &str) -> String {
    let file = found(shell).unwrap();
    let mut command = sandbox.command(file);
    command.args(["-c", script]).current_dir(sandbox.path().join("completions"));
    let path = format!("{}:/usr/bin:/bin", sandbox.path().join("bin").display());
    let ran = sandbox.ran(command.env("PATH", path));
    assert_eq!((&*ran.stderr, ran.status), ("", Some(0)), "{shell}");
    ran.stdout
}

#[test]
fn bash_completes_by_the_file_that_packages_bring() {
    let sandbox = brought("bash", "pyman");
    let script = ". ./pyman; complete -p pyman; \
                  COMP_WORDS=(pyman versi) COMP_CWORD=1; _pyman; echo \"${COMPREPLY[@]}\"; \
                  COMP_WORDS=(pyman venv cr) COMP_CWORD=2; _pyman; echo \"${COMPREPLY[@]}\"";
    assert_eq!(
        said(&sandbox, "bash", script),
        "complete -o default -F _pyman pyman\n\
         version version-file version-file-read version-file-write version-name version-origin versions\n\
         create\n\
         "
    );
}

#[test]
fn zsh_completes_by_the_file_that_packages_bring() {
    needs!(found("zsh").is_some(), "zsh");
    let sandbox = brought("zsh", "_pyman");
    let script = "fpath=($PWD $fpath); autoload -Uz compinit; compinit -u -d ./dump; echo $_comps[pyman]; \
                  _describe() { print -l -- $described }; words=(pyman venv cr); CURRENT=3; _pyman";
    let said = said(&sandbox, "zsh", script);
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines.first(), Some(&"_pyman"), "{said}");
    assert!(lines.iter().any(|line| line.starts_with("create:")), "{said}");
}

#[test]
fn fish_completes_by_the_file_that_packages_bring() {
    needs!(found("fish").is_some(), "fish");
    let sandbox = brought("fish", "pyman.fish");
    let script = "set -p fish_complete_path $PWD; complete -C 'pyman venv crea'";
    assert!(said(&sandbox, "fish", script).starts_with("create\t"));
}

#[test]
fn every_command_has_a_page_and_man_shows_it() {
    let sandbox = Sandbox::new();
    sandbox.run(&["help", "--man", "pages"]).succeeds("");
    let pages = sandbox.path().join("work/pages");
    let commands = sandbox.run(&["commands"]).stdout;
    for command in commands.lines() {
        let page = fs::read_to_string(pages.join(format!("pyman-{command}.1"))).unwrap();
        assert!(page.contains(".SH SYNOPSIS") && page.contains(".SH OPTIONS"), "{command}");
        let overview = fs::read_to_string(pages.join("pyman.1")).unwrap();
        assert!(
            overview.contains(&format!("pyman\\-{}(1)", command.replace('-', "\\-"))),
            "{command}"
        );
    }
    assert!(pages.join("pyman-venv-create.1").is_file());
    needs!(found("groff").is_some(), "groff");
    let mut groff = Command::new("groff");
    groff.args(["-K", "utf8", "-man", "-Tutf8", "-ww"]);
    for page in fs::read_dir(&pages).unwrap() {
        groff.arg(page.unwrap().path());
    }
    let output = groff.output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert!(
        String::from_utf8_lossy(&output.stdout)
            .contains("Make and look after virtual environments")
    );
}
