//! Pythons as the published archives have them, and the tools that people use them with.
//!
//! What needs a package registry is ignored; this runs it: `bash tests/run --test main tools:: -- --ignored`.

mod environments;
mod published;
mod real;

use std::path::PathBuf;
use std::process::Command;

use crate::support::prebuilt::Prebuilt;
use crate::support::sandbox::{Ran, Sandbox};

/// A root with real Pythons in it, installed from archives.
struct Bench {
    sandbox: Sandbox,
    /// In the order of the minors asked for.
    versions: Vec<String>,
}

impl Bench {
    /// The Pythons of these minors, all of them global; `PYMAN_ROOT` is the sandbox's own.
    fn with(minors: &[&str]) -> Self {
        Self::of(&minors.iter().map(|minor| Prebuilt::of(minor)).collect::<Vec<_>>())
    }

    fn of(archives: &[Prebuilt]) -> Self {
        let sandbox = Sandbox::new();
        for archive in archives {
            let file = archive.path.display().to_string();
            let ran = sandbox.run(&["install", "--sha256", &archive.sha256, &file]);
            assert_eq!((ran.stdout.as_str(), ran.status), ("", Some(0)), "{}", ran.stderr);
        }
        let versions: Vec<_> = archives.iter().map(|archive| archive.version.clone()).collect();
        let global = [&["global".to_owned()], versions.as_slice()].concat();
        sandbox.ran(&mut sandbox.pyman(&global)).succeeds("");
        Self { sandbox, versions }
    }

    /// Where the first of them stands.
    fn prefix(&self) -> PathBuf {
        self.sandbox.root().join("versions").join(&self.versions[0])
    }

    /// `3.12` of the first.
    fn minor(&self) -> &str {
        self.versions[0].rsplit_once('.').unwrap().0
    }

    /// A program with the shims first on PATH, as a shell that was set up starts it.
    fn command(&self, program: &str) -> Command {
        let mut command = self.sandbox.command("env");
        let shims = self.sandbox.root().join("shims").display().to_string();
        let pyman = PathBuf::from(crate::support::program());
        let own = pyman.parent().unwrap().display().to_string();
        let tools = self.tool_paths();
        command.arg(program).env("PATH", format!("{shims}:{own}:{tools}/usr/bin:/bin"));
        // How this machine reaches its package registry.
        let passed = |name: &str| {
            ["PIP_", "UV_", "SSL_CERT_", "REQUESTS_", "CURL_"]
                .iter()
                .any(|stem| name.starts_with(stem))
                || name.to_lowercase().ends_with("_proxy")
        };
        command.envs(std::env::vars().filter(|(name, _)| passed(name)));
        command.env_remove("PYMAN_OFFLINE");
        command
    }

    /// Installs tools from the package registry, each into an environment of its own, the way pipx does; their
    /// commands are found behind the shims.
    fn tools(&self, names: &[&str]) {
        for name in names {
            let package = name.split(['=', '<']).next().unwrap();
            let place = format!("{}/{package}", self.sandbox.path().join("tools").display());
            let mut command = self.command("pyman");
            command.args(["venv", "create", "-p", self.minor(), "-i", name, &place]);
            let ran = self.sandbox.ran(&mut command);
            assert_eq!(ran.status, Some(0), "{}{}", ran.stdout, ran.stderr);
        }
    }

    /// Where the commands of tools are.
    fn tool_paths(&self) -> String {
        let Ok(tools) = std::fs::read_dir(self.sandbox.path().join("tools")) else {
            return String::new();
        };
        let bins = tools.map(|tool| format!("{}:", tool.unwrap().path().join("bin").display()));
        bins.collect()
    }

    /// Runs it through `/bin/sh`, and asserts that it succeeds; what it wrote to stdout.
    #[track_caller]
    fn sh(&self, script: &str) -> String {
        let ran = self.ran(script);
        assert_eq!(ran.status, Some(0), "{script}\n{}{}", ran.stdout, ran.stderr);
        ran.stdout
    }

    /// Runs it through `/bin/sh`, whatever comes of it.
    fn ran(&self, script: &str) -> Ran {
        self.sandbox.ran(self.command("sh").args(["-ec", script]))
    }
}
