//! The same ground as a lower layer of an overlay, as a container has what its image brought: no directory of it is renamed
//! or exchanged there, and each is another one once it was written to.

use std::env;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::needs::{as_ordinary_user, has, mounts, needs};
use crate::support::sandbox::{PARTS, reseal};

/// Set for a test that runs among mounts of its own.
const LAYERED: &str = "PYMAN_TEST_LAYERED";

/// Whether this process has mounts of its own.
pub(super) fn are_there() -> bool {
    env::var_os(LAYERED).is_some()
}

/// Runs one test of this room once more, among mounts of its own.
#[track_caller]
pub(super) fn run(name: &str) {
    needs!(has("strace"), "strace");
    needs!(as_ordinary_user(mounts), "to mount");
    as_ordinary_user(|| {
        let test = format!("kills::{name}");
        let mut command = Command::new("unshare");
        command.args(["--mount", "--map-root-user"]).arg(env::current_exe().unwrap());
        command.args(["--exact", &test, "--nocapture"]).env(LAYERED, "1");
        let output = command.output().unwrap();
        let (stdout, stderr) =
            (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{stdout}{stderr}");
        assert!(stdout.contains("1 passed"), "{stdout}");
    });
}

/// The parts of a sandbox, each mounted where it stood.
pub(super) struct Layers {
    sandbox: PathBuf,
}

impl Layers {
    /// Makes what is there the lower layer.
    pub(super) fn lay(sandbox: PathBuf) -> Self {
        let layers = Self { sandbox };
        for part in PARTS {
            let (place, lower) = (layers.sandbox.join(part), layers.layer("lower").join(part));
            fs::create_dir_all(&place).unwrap();
            fs::create_dir_all(lower.parent().unwrap()).unwrap();
            fs::rename(&place, &lower).unwrap();
            fs::create_dir(&place).unwrap();
        }
        layers.begin(None);
        layers
    }

    fn layer(&self, name: &str) -> PathBuf {
        self.sandbox.join("layers").join(name)
    }

    /// Begins with the lower layer alone, or with an upper one that was kept.
    pub(super) fn begin(&self, kept: Option<&str>) {
        self.unmount();
        for name in ["upper", "scratch"] {
            removed(&self.layer(name));
        }
        match kept {
            Some(kept) => copied(&self.layer(kept), &self.layer("upper")),
            None => fs::create_dir(self.layer("upper")).unwrap(),
        }
        self.mount();
    }

    /// Keeps the upper layer.
    pub(super) fn keep(&self, name: &str) {
        self.unmount();
        removed(&self.layer(name));
        copied(&self.layer("upper"), &self.layer(name));
        removed(&self.layer("scratch"));
        self.mount();
    }

    fn mount(&self) {
        for part in PARTS {
            let [lower, upper, scratch] =
                ["lower", "upper", "scratch"].map(|name| self.layer(name).join(part));
            for made in [&upper, &scratch] {
                fs::create_dir_all(made).unwrap();
            }
            let options = format!(
                "lowerdir={},upperdir={},workdir={},userxattr",
                lower.display(),
                upper.display(),
                scratch.display()
            );
            let mut mount = Command::new("mount");
            mount.args(["-t", "overlay", "-o", &options, "overlay"]).arg(self.sandbox.join(part));
            assert!(mount.status().unwrap().success(), "{options}");
        }
    }

    fn unmount(&self) {
        for part in PARTS.map(|part| self.sandbox.join(part)) {
            // Where nothing is mounted yet it says so.
            let output = Command::new("umount").arg("--lazy").arg(part).output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success() || said.contains("not mounted"), "{said}");
        }
    }
}

impl Drop for Layers {
    fn drop(&mut self) {
        self.unmount();
    }
}

fn removed(layer: &Path) {
    match fs::remove_dir_all(layer) {
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        result => result.unwrap(),
    }
}

fn copied(from: &Path, to: &Path) {
    assert!(Command::new("cp").arg("-a").args([from, to]).status().unwrap().success());
    reseal(from, to);
}
