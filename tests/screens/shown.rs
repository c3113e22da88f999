//! The main screens on terminals of 40 and of 80 columns, compared with what somebody looked at and found good.
//!
//! `PYMAN_SCREENS=DIR` has what is shown written into a directory that anybody may write to: look at it, and copy what is
//! good into `tests/screens/shown/`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Size, screen, sent};
use crate::support::needs::{has, mounts, needs};
use crate::support::sandbox::Sandbox;

/// The day on all of them: until when a version is looked after depends on it.
const DAY: &str = "2026-11-29 12:00:00";

fn row(implementation: &str, version: &str, kind: &str) -> String {
    let file = format!("{implementation}-{version}.tar.gz");
    format!(
        "{{\"implementation\":\"{implementation}\",\"version\":\"{version}\",\"kind\":\"{kind}\",\
         \"file\":\"{file}\",\"url\":\"https://python.example/{file}\",\"sha256\":\"{}\"}}\n",
        "0123456789abcdef".repeat(4)
    )
}

/// Ada's: some versions, a pin that is missing, an alias.
fn ada() -> Sandbox {
    let sandbox = Sandbox::new();
    for version in ["3.9.18", "3.11.7", "3.12.1"] {
        sandbox.fake_version(version, &["python", "python3", "pip"]);
    }
    sandbox.fake_version("3.11.7", &["black"]);
    sandbox.write("pyman/version", "3.12.1\n");
    sandbox.write("work/engine/.python-version", "3.13\n");
    let rows = ["3.14.0rc1", "3.13.5", "3.12.7", "3.11.9", "3.9.18", "3.7.17", "2.7.18"];
    let rows: String = rows.iter().map(|version| row("cpython", version, "source")).collect();
    sandbox.write("catalogue.jsonl", rows + &row("pypy", "3.10-7.3.17", "source"));
    sandbox
}

/// A name, the directory, and what is typed there.
const SCREENS: &[(&str, &str, &str)] = &[
    ("alone", ".", "pyman"),
    ("help", ".", "pyman help install"),
    ("help-venv", ".", "pyman venv --help"),
    ("words", ".", "pyman help words"),
    ("neighbour", ".", "pyman use 3.12"),
    ("mistyped", ".", "pyman install --lst"),
    ("misspelt", ".", "pyman instal 3.12"),
    ("available", ".", "pyman available"),
    ("versions", ".", "pyman versions"),
    ("missing", "engine", "pyman version"),
    ("missing-run", "engine", "pyman exec python"),
    ("command-elsewhere", ".", "pyman which black"),
    ("unknown-version", ".", "pyman install 3.99"),
    ("unreachable", ".", "pyman install 3.13.5"),
    ("already", ".", "pyman install 3.12.1"),
    ("uninstall", ".", "pyman uninstall 3.9.18"),
    (
        "matrix",
        ".",
        "pyman exec -j 1 --each 3.9,3.11 -- sh -c 'echo tested; case $PATH in */3.9.18/*) ;; *) exit 2 ;; esac'",
    ),
    ("doctor", ".", "pyman doctor"),
    ("first-hint", ".", "PATH=/usr/bin:/bin pyman global 3.11"),
    ("mirrors", ".", "pyman mirror list"),
];

/// Seconds differ each time, and what the machine lacks for a build is the machine's.
fn lasting(screen: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut left_out = false;
    let own = concat!("pyman ", env!("CARGO_PKG_VERSION"));
    for line in screen.replace(own, "pyman VERSION").lines() {
        left_out =
            line.starts_with("advice: build") || left_out && line.starts_with("    run: sudo");
        if !left_out {
            let seconds = line.rsplit_once("  ").filter(|(_, rest)| {
                rest.strip_suffix(" s").is_some_and(|one| one.parse::<f64>().is_ok())
            });
            lines.push(
                seconds.map_or_else(|| line.to_owned(), |(head, _)| format!("{head}  0.1 s")),
            );
        }
    }
    lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect()
}

/// What Ada types, at a place that is called the same on every machine: lines are broken where its name says.
fn typed(sandbox: &Sandbox, directory: &str, line: &str) -> Command {
    let script = format!(
        "mount --bind \"$SANDBOX\" /mnt && cd /mnt/work/{directory} && pyman() {{ \"$PYMAN\" \"$@\"; }} && \
         pyman setup bash 2>/dev/null && echo 'alias python=/usr/bin/python3' >>~/.bashrc && {line}"
    );
    let mut command = sandbox.command("unshare");
    command.args(["--mount", "--map-root-user", "faketime", DAY, "/bin/sh", "-c", &script]);
    command.env("PYMAN", crate::support::program()).env("SHELL", "/bin/bash");
    command.env("SANDBOX", sandbox.path()).env("HOME", "/mnt/home").env("PYMAN_ROOT", "/mnt/pyman");
    command.env("PATH", "/mnt/pyman/shims:/usr/bin:/bin");
    command.env("PYMAN_CATALOGUE", "/mnt/catalogue.jsonl");
    command
}

#[test]
fn the_main_screens_are_as_somebody_found_them_good() {
    needs!(has("faketime"), "faketime");
    needs!(mounts(), "to mount");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/screens/shown");
    let kept = std::env::var_os("PYMAN_SCREENS").map(PathBuf::from);
    let mut wrong = Vec::new();
    for (name, directory, line) in SCREENS {
        for columns in [40, 80] {
            let sandbox = ada();
            let size = Size { rows: 200, columns };
            let bytes = sent(&sandbox, size, &typed(&sandbox, directory, line));
            let shown = lasting(&screen(&bytes, size));
            let file = folder.join(format!("{name}.{columns}"));
            if let Some(kept) = &kept {
                fs::write(kept.join(file.file_name().unwrap()), &shown).unwrap();
            }
            let good = fs::read_to_string(&file).unwrap_or_default();
            if shown != good {
                wrong.push(format!("{}\nis\n{shown}\nand was\n{good}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
