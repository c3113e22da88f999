//! Passwords and signed addresses: they serve, and are seen nowhere.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use pyman::fetch::Sha256;

use super::{Case, noise};
use crate::support::sandbox::Ran;
use crate::support::server::{Reply, Server};
use crate::support::shop::Shop;

const SECRET: &str = "s3cret";

/// Every file below a directory that has the secret in it, its link's target or its name.
fn leaks(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let metadata = fs::symlink_metadata(&path).unwrap();
        let named = path.to_string_lossy().contains(SECRET);
        let inside = if metadata.is_dir() {
            found.extend(leaks(&path));
            false
        } else if metadata.is_symlink() {
            fs::read_link(&path).unwrap().to_string_lossy().contains(SECRET)
        } else {
            let text = fs::read(&path).unwrap();
            text.windows(SECRET.len()).any(|window| window == SECRET.as_bytes())
        };
        if named || inside {
            found.push(path);
        }
    }
    found
}

#[track_caller]
fn is_silent(ran: &Ran) {
    assert!(!ran.stdout.contains(SECRET) && !ran.stderr.contains(SECRET), "{ran:?}");
}

fn netrc(case: &mut Case, text: &str) {
    let file = case.directory.path().join("netrc");
    fs::write(&file, text).unwrap();
    case.options.netrc = Some(file);
}

#[test]
fn a_host_is_given_the_password_that_netrc_has_for_it_and_no_other_is() {
    let body = noise(1000);
    let other = Server::serving(&[("/file.bin", &body)]);
    let there = other.url("/file.bin").replace("127.0.0.1", "localhost");
    let server = Server::start(move |request| match &*request.path {
        "/moved.bin" => Reply::redirect(&there),
        _ => Reply::file(request, &noise(1000)),
    });
    let mut case = Case::new(&body, &[server.url("/file.bin")]);
    netrc(
        &mut case,
        "default login any password any\nmachine 127.0.0.1 login ada password secret\n",
    );
    case.served(&body);
    assert_eq!(server.sent("authorization"), ["Basic YWRhOnNlY3JldA=="]);

    let mut case = Case::new(&body, &[server.url("/moved.bin")]);
    netrc(&mut case, "machine 127.0.0.1 login ada password secret\n");
    case.served(&body);
    assert_eq!(other.sent("authorization"), [""]);

    // What the address says itself comes first; a user without a password is looked for.
    for (address, sent) in [("bob:x", "Basic Ym9iOng="), ("ada", "Basic YWRhOnNlY3JldA==")] {
        let url = server.url("/file.bin").replace("://", &format!("://{address}@"));
        let mut case = Case::new(&body, &[url]);
        netrc(&mut case, "machine 127.0.0.1 login ada password secret\n");
        case.served(&body);
        assert_eq!(server.sent("authorization").last().unwrap(), sent);
    }
}

#[test]
fn passwords_that_cannot_be_read_are_said_once_and_stop_nobody() {
    let body = noise(1000);
    let server = Server::serving(&[("/file.bin", &body)]);
    let mut case = Case::new(&body, &[server.url("/file.bin")]);
    case.options.netrc = Some(case.directory.path().to_owned());
    case.served(&body);
    let notes = case.progress.notes.lock().unwrap();
    assert_eq!(notes.len(), 1, "{notes:?}");
    assert!(notes[0].starts_with("passwords cannot be read: "), "{notes:?}");
}

/// A shop whose mirror wants a signature behind the path.
fn signed() -> (Shop, String) {
    let shop = Shop::open();
    let prebuilt = shop.prebuilt;
    let row: serde_json::Value = serde_json::from_str(&prebuilt.row("x")).unwrap();
    let mut row = row.as_object().unwrap().clone();
    row.remove("url");
    shop.sandbox.write("catalogue.jsonl", serde_json::Value::from(row).to_string());
    (shop, format!("?sig={SECRET}/x"))
}

#[test]
fn a_query_in_a_mirrors_base_signs_every_address_and_is_seen_nowhere() {
    let (shop, query) = signed();
    let (file, body) = (shop.prebuilt.file.clone(), fs::read(&shop.prebuilt.path).unwrap());
    let path = format!("/base/{}{query}", file.replace('+', "%2B"));
    let server = Server::serving(&[(&path, &body)]);
    let base = server.url(&format!("/base/{query}")).replace("://", &format!("://ada:{SECRET}@"));
    let install = |arguments: &[&str]| {
        let mut command = shop.pyman(arguments);
        command.env("PYMAN_MIRROR_ONLY", "1").env("PYMAN_DEBUG", "1");
        shop.ran(&mut command)
    };

    let ran = install(&["mirror", "set", &base]);
    is_silent(&ran);
    assert_eq!(ran.status, Some(0), "{ran:?}");
    let settings = shop.sandbox.home().join(".config/pyman/settings.toml");
    let mode = |file: &Path| fs::metadata(file).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&settings), 0o600);
    for arguments in [&["mirror", "list"][..], &["mirror", "list", "--json"]] {
        let ran = install(arguments);
        is_silent(&ran);
        assert!(ran.stdout.contains(&server.url("/base/")), "{ran:?}");
    }
    is_silent(&install(&["mirror", "test"]));

    let ran = install(&["install", shop.version()]);
    is_silent(&ran);
    assert_eq!(ran.status, Some(0), "{ran:?}");
    for arguments in [&["versions"][..], &["doctor"], &["list", "--json"]] {
        is_silent(&install(arguments));
    }
    assert_eq!(leaks(&shop.sandbox.path()), std::slice::from_ref(&settings));

    // Nobody else serves: the failure names the place without what is secret.
    drop(server);
    fs::remove_dir_all(shop.sandbox.root()).unwrap();
    let ran = install(&["install", shop.version()]);
    is_silent(&ran);
    assert_eq!(ran.status, Some(3), "{ran:?}");

    let shown = base.replace(&format!("ada:{SECRET}@"), "").replace(&query, "");
    let ran = install(&["mirror", "unset", &shown]);
    assert_eq!((ran.status, fs::read_to_string(&settings).unwrap()), (Some(0), String::new()));
}

#[test]
fn a_signed_address_of_an_archive_installs_and_is_seen_nowhere() {
    let shop = Shop::open();
    let body = fs::read(&shop.prebuilt.path).unwrap();
    let path = format!("/{}?sig={SECRET}/x", shop.prebuilt.file.replace('+', "%2B"));
    let server = Server::serving(&[(&path, &body)]);
    let digest = Sha256::of(&body).to_string();
    let install = |url: &str| {
        let mut command = shop.pyman(&["install", "--sha256", &digest, url]);
        shop.ran(command.env("PYMAN_DEBUG", "1"))
    };
    let ran = install(&server.url(&path));
    ran.is("", &format!("installed {} in [TIME]\n", shop.version()), 0);
    assert!(leaks(&shop.sandbox.path()).is_empty());

    let ran = install(&server.url(&path.replace("?sig", "?other")));
    is_silent(&ran);
    assert_eq!(ran.status, Some(0), "{ran:?}");
    let malformed =
        install(&format!("https://ada:{SECRET}/x@127.0.0.1:port/x.tar.gz?sig={SECRET}"));
    is_silent(&malformed);
    assert_eq!(malformed.status, Some(2), "{malformed:?}");
}

/// Addresses with a secret, well-formed and not.
fn secret_addresses() -> Vec<String> {
    [
        "https://a:S@h.invalid/x?sig=S#S",
        "https://a:S/a@h.invalid/x",
        "https://a:1/S@h.invalid/x",
        "https://a:S?@h.invalid/x",
        "http://a:S@h.invalid:port/{file}?S",
        "file://a:S@h.invalid/x?S",
        "ftp://a:S@h.invalid/x?S",
        "h.invalid/x?sig=S",
        "h.invalid/x#S",
        "a:S@h.invalid",
        "a:S@h.invalid/x?sig=S",
        "a:S@h.invalid:99/x#S",
        "a:S/a@h.invalid/x",
        "//a:S@h.invalid/?sig=S",
        "//h.invalid/?sig=S",
        "https:/a:S@h.invalid/x?S",
        "https:a:S@h.invalid/x.tar.gz?S",
    ]
    .map(|address| address.replace('S', SECRET))
    .to_vec()
}

#[test]
fn no_command_shows_the_secret_of_an_address_however_it_is_written() {
    let shop = Shop::open();
    let version = shop.version();
    for address in secret_addresses() {
        let run = |arguments: &[&str], variables: &[&str]| {
            let mut command = shop.pyman(arguments);
            command.env("PYMAN_DEBUG", "1").env("PYMAN_MIRROR_ONLY", "1");
            for name in variables {
                command.env(name, &address);
            }
            let ran = shop.ran(&mut command);
            assert!(ran.status.is_some_and(|status| status <= 7), "{address}: {ran:?}");
            is_silent(&ran);
        };
        let folder = shop.sandbox.path().join("filled").to_string_lossy().into_owned();
        let mirror = ["PYMAN_MIRROR"];
        let python_build = ["PYTHON_BUILD_MIRROR_URL"];
        let proxies = ["https_proxy", "http_proxy", "HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"];
        let others = ["PYMAN_CATALOGUE", "PYMAN_LISTS", "PIP_INDEX_URL", "UV_INDEX_URL"];
        run(&["mirror", "list"], &mirror);
        run(&["mirror", "list", "--json"], &mirror);
        run(&["mirror", "test"], &mirror);
        run(&["mirror", "test", &address], &[]);
        run(&["mirror", "sync", &folder, version], &mirror);
        run(&["mirror", "unset", &address], &mirror);
        run(&["mirror", "set", "--pip", &address], &[]);
        run(&["install", version], &mirror);
        run(&["install", "--dry-run", version], &mirror);
        run(&["install", "--dry-run", "--mirror", &address, version], &[]);
        run(&["install", version], &python_build);
        run(&["install", &address], &[]);
        run(&["install", "--list", &address], &[]);
        run(&["install", version, "--mirror", "http://127.0.0.1:1"], &proxies);
        run(&["install", version], &["PYMAN_CATALOGUE"]);
        run(&["update"], &["PYMAN_LISTS"]);
        for arguments in [&["doctor"][..], &["outdated"], &["available"], &["versions"]] {
            run(arguments, &[&mirror[..], &python_build, &proxies, &others].concat());
        }
        run(&[&address], &[]);
        run(&["mirror", "set", &address], &[]);
        run(&["mirror", "list"], &[]);
    }
}

#[test]
fn a_settings_file_that_is_not_understood_shows_no_line_with_a_secret() {
    let shop = Shop::open();
    for text in [
        format!("mirrors = [\"https://a:{SECRET}@h.invalid/x\"\nx = 1\n"),
        format!("\nmirrors = \"https://h.invalid/x?sig={SECRET}\"\n"),
        format!("\nmirror = [\"a:{SECRET}@h.invalid/x\"]\n"),
    ] {
        shop.sandbox.write("home/.config/pyman/settings.toml", &text);
        for arguments in [&["mirror", "list"][..], &["mirror", "set", "nju"]] {
            let ran = shop.ran(&mut shop.pyman(arguments));
            is_silent(&ran);
            assert!(ran.stderr.contains("settings.toml: ") || ran.status == Some(0), "{ran:?}");
        }
    }
}
