//! The machine: its clock, the proxy that variables name, and what a build from source needs: a place to work in, a compiler,
//! make, and the headers that decide which modules there will be.

use std::net::{TcpStream, ToSocketAddrs as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use pyman_shim::Version;

use crate::catalogue::Catalogue;
use crate::disk::{self, Directory, Stage};
use crate::error::Error;
use crate::fetch;
use crate::install::compile::{self, Variables};
use crate::operation::Ground;
use crate::operation::doctor::findings::{Findings, unset};
use crate::platform::distribution::Distribution;
use crate::quote;
use crate::world::Machine;

/// For a release of these days: the oldest and the newest want other libraries.
const NEWEST: Version = Version::new(3, 14, 0);

pub(super) fn check(ground: &Ground) -> Result<Findings, Error> {
    let mut findings = Findings::of("build");
    let temporary = ground.machine.temporary_directory();
    if let Err(error) = compile::check_temporary(&temporary) {
        findings.problem(error.to_string(), elsewhere(ground.machine, &temporary));
        return Ok(findings);
    }
    let packager = Distribution::read("/".as_ref())?.and_then(|found| found.packager());
    let variables = Variables::read(ground.machine, &ground.root().join("shims"));
    let scratch = Stage::begin_among_others(Directory::open(&temporary)?, "pyman-doctor.")?;
    match compile::preflight(
        "a build from source",
        NEWEST,
        &variables,
        scratch.directory().path(),
        packager,
    ) {
        Ok(tools) => {
            if let Some((modules, command)) = tools.lacking() {
                findings.advice(format!("a build from source would lack {modules}"), command);
            }
        }
        Err(error) => findings.advice(error.to_string(), error.remedy().map(str::to_owned)),
    }
    Ok(findings)
}

/// The command that names a directory for temporary files in which programs can be made and run.
fn elsewhere(machine: Machine, refused: &Path) -> String {
    let usual = ["/tmp", "/var/tmp"].map(PathBuf::from);
    let good = |place: &&PathBuf| *place != refused && compile::check_temporary(place).is_ok();
    match usual.iter().find(good) {
        Some(place) if place == Path::new("/tmp") => unset(machine, &["TMPDIR"]),
        Some(place) => format!("export TMPDIR={}", quote::shown(place)),
        None => "mkdir -p \"$HOME/tmp\" && export TMPDIR=\"$HOME/tmp\"".to_owned(),
    }
}

/// A clock that is behind what this pyman was made of believes no certificate.
pub(super) fn check_clock() -> Findings {
    let mut findings = Findings::of("clock");
    if let Some((clock, known)) = Catalogue::embedded_only().clock_behind() {
        findings.problem(
            format!(
                "the clock says {clock}, and this pyman knows of {known}: no certificate is \
                 valid yet"
            ),
            set_clock(),
        );
    }
    findings
}

/// The command that asks the network for the time.
fn set_clock() -> String {
    const WAYS: [(&str, &str); 4] = [
        ("/usr/bin/timedatectl", "sudo timedatectl set-ntp true"),
        ("/usr/sbin/chronyd", "sudo chronyd -q"),
        ("/usr/sbin/ntpd", "sudo ntpd -gq"),
        ("/usr/bin/sntp", "sudo sntp -sS time.apple.com"),
    ];
    let way = WAYS.iter().find(|(program, _)| disk::executable(Path::new(program)));
    way.map_or("sudo date -u MMDDhhmmYYYY", |(_, command)| command).to_owned()
}

/// How long a proxy has to be heard of.
const PATIENCE: Duration = Duration::from_secs(2);

/// The variables that name a proxy, in both spellings that are heeded.
const PROXIES: [&str; 6] =
    ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "http_proxy", "HTTP_PROXY"];

/// Whether somebody answers where the variables name a proxy; not asked where nothing is.
pub(super) fn check_network(ground: &Ground) -> Findings {
    let mut findings = Findings::of("network");
    if ground.settings().is_ok_and(|settings| settings.offline.value) {
        return findings;
    }
    let set = |name: &&&str| ground.machine.variable(name).is_some();
    let Some(first) = PROXIES.iter().find(set) else { return findings };
    let proxy = ground.machine.text(first).unwrap_or_default();
    if answers(&proxy) {
        return findings;
    }
    let alike = |name: &&&str| ground.machine.text(name).as_ref() == Some(&proxy);
    let names: Vec<&str> = PROXIES.iter().filter(alike).copied().collect();
    findings.problem(
        format!("{first} names {}, and no proxy answers there", fetch::shown(&proxy)),
        unset(ground.machine, &names),
    );
    findings
}

/// Whether anybody listens at this address: `http://user:word@host:8080/`, `host:8080`, `socks5://host`.
fn answers(proxy: &str) -> bool {
    let (scheme, rest) = proxy.split_once("://").unwrap_or(("http", proxy));
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let is_port = |(_, port): &(&str, &str)| port.parse::<u16>().is_ok();
    let whole = match host.rsplit_once(':').filter(is_port) {
        Some(_) => host.to_owned(),
        None => match scheme {
            "https" => format!("{host}:443"),
            "socks5" | "socks5h" | "socks4" | "socks4a" => format!("{host}:1080"),
            _ => format!("{host}:80"),
        },
    };
    let Ok(mut addresses) = whole.to_socket_addrs() else { return false };
    addresses.any(|address| TcpStream::connect_timeout(&address, PATIENCE).is_ok())
}
