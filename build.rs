//! Builds what the manager carries in itself: the catalogue's tables and the shim program.
#![expect(
    clippy::disallowed_methods,
    reason = "cargo tells a build script everything by variables"
)]

use std::env;
use std::error::Error;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

#[path = "src/catalogue/pack.rs"]
mod pack;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rustc-env=_PYMAN_TARGET={}", variable("TARGET")?);
    println!("cargo:rustc-env=_PYMAN_COMMIT={}", commit()?);
    pack_catalogue()?;
    build_shim_program()
}

/// The commit that the sources are of, its first nine digits: what the build is told, or what cargo packed with them, or git
/// says. Empty where nobody knows, and in builds for development, which would begin anew with every commit.
fn commit() -> Result<String, Box<dyn Error>> {
    println!("cargo:rerun-if-env-changed=PYMAN_BUILD_COMMIT");
    if let Ok(told) = env::var("PYMAN_BUILD_COMMIT")
        && !told.is_empty()
    {
        return Ok(told);
    }
    let sources = PathBuf::from(variable("CARGO_MANIFEST_DIR")?);
    let packed = sources.join(".cargo_vcs_info.json");
    if packed.exists() {
        let text = fs::read_to_string(packed)?;
        let sha1 = text.split_once("\"sha1\": \"").map(|(_, rest)| rest);
        return Ok(sha1
            .unwrap_or_default()
            .chars()
            .take_while(char::is_ascii_hexdigit)
            .take(9)
            .collect());
    }
    // Sources within another project's are none of its commits.
    if variable("PROFILE")? != "release" || !sources.join(".git").exists() {
        return Ok(String::new());
    }
    let git = |words: &[&str]| -> Option<String> {
        let said = Command::new("git").arg("-C").arg(&sources).args(words).output().ok()?;
        let text = said.status.success().then(|| String::from_utf8(said.stdout).ok())??;
        Some(text.trim_end().to_owned())
    };
    for moves in ["HEAD", "logs/HEAD"] {
        let file = git(&["rev-parse", "--git-path", moves]).map(|file| sources.join(file));
        if let Some(file) = file.filter(|file| file.exists()) {
            println!("cargo:rerun-if-changed={}", file.display());
        }
    }
    Ok(git(&["rev-parse", "--short=9", "HEAD"]).unwrap_or_default())
}

/// `plugins/*/*.table` as `$OUT_DIR/tables.rs` and what it includes.
fn pack_catalogue() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=src/catalogue/pack.rs");
    println!("cargo:rerun-if-changed=plugins");
    let plugins = PathBuf::from(variable("CARGO_MANIFEST_DIR")?).join("plugins");
    pack::tables(&plugins, &PathBuf::from(variable("OUT_DIR")?))?;
    Ok(())
}

/// Pyman-shim's `src/main.rs` as `$OUT_DIR/shim-program`.
///
/// A cargo of its own, in a target folder of its own: this build may be a check, a document, for
/// coverage or with anyone's flags; the program is always the optimised one, with only our flags.
/// So is the manifest: the sources may lie in a registry's folder, whose own would ask for crates that only its tests want.
/// `PYMAN_SHIM_PROGRAM` names one that is there already; where nothing is linked, an empty file will do.
fn build_shim_program() -> Result<(), Box<dyn Error>> {
    let sources = PathBuf::from(variable("DEP_PYMAN_SHIM_SOURCES")?).join("src");
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed={}", sources.display());
    println!("cargo:rerun-if-env-changed=PYMAN_SHIM_PROGRAM");
    let out = PathBuf::from(variable("OUT_DIR")?);
    if let Some(given) = env::var_os("PYMAN_SHIM_PROGRAM") {
        fs::copy(given, out.join("shim-program"))?;
        return Ok(());
    }
    let target = variable("TARGET")?;
    let folder = out.join("shim");
    fs::create_dir_all(&folder)?;
    let manifest = folder.join("Cargo.toml");
    fs::write(&manifest, shim_manifest(&sources)?)?;
    let mut cargo = Command::new(variable("CARGO")?);
    cargo
        .args(["rustc", "--bin", "pyman-shim", "--release", "--offline"])
        .arg("--manifest-path")
        .arg(&manifest)
        .arg("--target")
        .arg(&target)
        .arg("--target-dir")
        .arg(&folder);
    // Clippy, coverage and the user's flags come down to us through these.
    for inherited in ["RUSTC_WORKSPACE_WRAPPER", "CLIPPY_ARGS", "RUSTFLAGS", "CARGO_BUILD_TARGET"] {
        cargo.env_remove(inherited);
    }
    let mut flags: Vec<String> = flags()?.into_iter().map(str::to_owned).collect();
    // No path of the machine that builds it is in the program.
    flags.push(format!("--remap-path-prefix={}=/pyman-shim", sources.display()));
    cargo.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\x1f"));
    let status = cargo.status()?;
    if !status.success() {
        return Err(format!("the shim program could not be built: {status}").into());
    }
    let suffix = if variable("CARGO_CFG_TARGET_OS")? == "windows" { ".exe" } else { "" };
    let built = folder.join(&target).join("release").join(format!("pyman-shim{suffix}"));
    fs::copy(built, out.join("shim-program"))?;
    Ok(())
}

/// The program's own manifest: no crate but itself, and the profile of a program that must be small.
fn shim_manifest(sources: &Path) -> Result<String, Box<dyn Error>> {
    let sources = sources.to_str().ok_or("cargo's folder is no text")?;
    let source = |name: &str| format!("{:?}", format!("{sources}/{name}"));
    let (library, program) = (source("lib.rs"), source("main.rs"));
    let (version, rust) = (variable("CARGO_PKG_VERSION")?, variable("CARGO_PKG_RUST_VERSION")?);
    Ok(format!(
        r#"[workspace]

[package]
name = "pyman-shim"
version = "{version}"
edition = "2024"
rust-version = "{rust}"

[lib]
path = {library}

[[bin]]
name = "pyman-shim"
path = {program}

[profile.release]
codegen-units = 1
lto = "fat"
opt-level = "s"
panic = "abort"
strip = true
"#
    ))
}

/// Where the program needs no C library, nothing of one is linked.
fn flags() -> Result<Vec<&'static str>, Box<dyn Error>> {
    let os = variable("CARGO_CFG_TARGET_OS")?;
    let arch = variable("CARGO_CFG_TARGET_ARCH")?;
    if os != "linux" || (arch != "x86_64" && arch != "aarch64") {
        return Ok(Vec::new());
    }
    let mut flags = vec![
        // A program that starts itself has nobody to relocate it, and nothing unwinds where panics abort.
        "-Crelocation-model=static",
        "-Cforce-unwind-tables=no",
        "-Clink-arg=-nostartfiles",
        "-Clink-arg=-nostdlib",
        "-Clink-arg=-static",
        "-Clink-arg=-no-pie",
        "-Clink-arg=-Wl,--build-id=none",
        "-Clink-arg=-Wl,--no-eh-frame-hdr",
        "-Clink-arg=-Wl,-z,norelro",
    ];
    if variable("CARGO_CFG_TARGET_ENV")? == "musl" {
        // That target brings start files of its own.
        flags.push("-Clink-self-contained=no");
    }
    Ok(flags)
}

fn variable(name: &str) -> Result<String, Box<dyn Error>> {
    let value: OsString = env::var_os(name).ok_or_else(|| format!("cargo sets no {name}"))?;
    Ok(value.into_string().map_err(|value| format!("{name} is no text: {}", value.display()))?)
}
