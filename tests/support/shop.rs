//! A sandbox with a catalogue of its own, whose one host is a loopback server with a real CPython.

use std::path::PathBuf;
use std::process::Command;

use super::prebuilt::Prebuilt;
use super::sandbox::{Ran, Sandbox};
use super::server::{Reply, Request, Server};

/// A place to install from and into.
pub(crate) struct Shop {
    pub(crate) sandbox: Sandbox,
    pub(crate) server: Server,
    pub(crate) prebuilt: &'static Prebuilt,
}

impl Shop {
    /// The newest Python of this machine, on offer.
    pub(crate) fn open() -> Self {
        Self::with(Reply::file)
    }

    /// The same, its archive served by a script.
    pub(crate) fn with(answer: impl Fn(&Request, &[u8]) -> Reply + Send + Sync + 'static) -> Self {
        let prebuilt = Prebuilt::small();
        let shop = Self::serving(std::fs::read(&prebuilt.path).unwrap(), answer);
        shop.sandbox.write("catalogue.jsonl", prebuilt.row(&shop.server.url("/archive.tar.gz")));
        shop
    }

    /// The same place, where the archive is anything else; its catalogue is still to be written.
    pub(crate) fn selling(body: &[u8]) -> Self {
        Self::serving(body.to_vec(), Reply::file)
    }

    fn serving(
        body: Vec<u8>,
        answer: impl Fn(&Request, &[u8]) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let server = Server::start(move |request| match request.path.as_str() {
            "/archive.tar.gz" => answer(request, &body),
            _ => Reply::status(404),
        });
        Self { sandbox: Sandbox::new(), server, prebuilt: Prebuilt::small() }
    }

    /// The version on offer.
    pub(crate) fn version(&self) -> &str {
        &self.prebuilt.version
    }

    /// Where it goes.
    pub(crate) fn prefix(&self) -> PathBuf {
        self.sandbox.root().join("versions").join(self.version())
    }

    /// The binary with this catalogue, and the network.
    pub(crate) fn pyman(&self, arguments: &[&str]) -> Command {
        let mut command = self.sandbox.pyman(arguments);
        command.env_remove("PYMAN_OFFLINE");
        command.env("PYMAN_CATALOGUE", self.sandbox.path().join("catalogue.jsonl"));
        command.env("PYMAN_MIRROR_ONLY", "0");
        command
    }

    /// Runs it; seconds, which differ each time, are shown as `[TIME]`.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.ran(&mut self.pyman(arguments))
    }

    /// Runs a prepared command, its seconds shown as `[TIME]`.
    pub(crate) fn ran(&self, command: &mut Command) -> Ran {
        let mut ran = self.sandbox.ran(command);
        ran.stderr = timeless(&ran.stderr);
        ran
    }

    /// How often the archive was asked for.
    pub(crate) fn downloads(&self) -> usize {
        self.server.requests().iter().filter(|one| one.path == "/archive.tar.gz").count()
    }

    /// What is left in the stage.
    pub(crate) fn staged(&self) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(self.sandbox.root().join("stage")) else {
            return Vec::new();
        };
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
    }

    /// What the installed Python answers to a program.
    pub(crate) fn python(&self, program: &str) -> String {
        let python = self.prefix().join("bin/python");
        let output =
            self.sandbox.command(python).args(["-I", "-B", "-c", program]).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
        String::from_utf8(output.stdout).unwrap()
    }
}

/// `in 4.1 s` becomes `in [TIME]`.
fn timeless(text: &str) -> String {
    let line = |line: &str| match line.rsplit_once(" in ") {
        Some((before, time)) if line.starts_with("installed ") && time.ends_with(" s") => {
            format!("{before} in [TIME]")
        }
        _ => line.to_owned(),
    };
    let ended = text.split_inclusive('\n').map(|one| match one.strip_suffix('\n') {
        Some(one) => line(one) + "\n",
        None => line(one),
    });
    ended.collect()
}
