//! Certificates and proxies. Both are set by variables, so each case is a process of its own.

use std::env;
use std::process::Command;

use pyman::fetch::{Client, Identity, Sha256, download};
use pyman::progress::Silent;

use super::{Case, Collected, noise};
use crate::support::server::{AUTHORITY, CLIENT, Certificate, Reply, Server};

/// What a process with these variables says of the file at this address: `served`, or why not.
#[track_caller]
fn fetched(url: &str, variables: &[(&str, &str)]) -> String {
    let program = env::current_exe().unwrap();
    let output = Command::new(program)
        .args(["--exact", "network::trust::child", "--ignored", "--nocapture", "--test-threads=1"])
        .env_clear()
        .env("_PYMAN_TEST_URL", url)
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let result =
        text.lines().find_map(|line| line.split_once("result: ")).map(|(_, result)| result);
    assert!(result.is_some(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    result.unwrap_or_default().to_owned()
}

#[test]
#[ignore = "run by the others in a process of its own"]
fn child() {
    let Some(url) = env::var_os("_PYMAN_TEST_URL") else { return };
    let body = noise(1000);
    let mut case = Case::new(&body, &[url.into_string().unwrap()]);
    let file = |name: &str| env::var_os(name).map(std::path::PathBuf::from);
    case.options.identity = Identity {
        authorities: file("SSL_CERT_FILE"),
        directories: file("SSL_CERT_DIR").into_iter().collect(),
        certificate: file("SSL_CLIENT_CERT"),
    };
    if let Some(cache) = env::var_os("_PYMAN_TEST_CACHE") {
        case.wanted.sha256 = Some(Sha256::of(&noise(200_000)));
        let client = Client::new(case.options.clone());
        let mut sink = Collected::default();
        let error =
            download(&client, &case.wanted, cache.as_ref(), &mut sink, &Silent).unwrap_err();
        println!("\nresult: {} {error} | {}", error.exit_code(), error.hint().unwrap_or_default());
        return;
    }
    let ran = case.run();
    for note in case.progress.notes.lock().unwrap().iter() {
        println!("\nnote: {note}");
    }
    match ran {
        Ok(_) => println!("\nresult: served"),
        Err(error) => {
            let reason =
                error.to_string().rsplit("file.bin: ").next().unwrap_or_default().to_owned();
            println!(
                "\nresult: {} {reason} | {}",
                error.exit_code(),
                error.hint().unwrap_or_default()
            );
        }
    }
}

fn secure(certificate: Certificate) -> Server {
    Server::start_tls(certificate, |request| Reply::file(request, &noise(1000)))
}

#[test]
fn a_certificate_of_the_authority_named_by_ssl_cert_file_is_trusted() {
    let server = secure(Certificate::Good);
    let trusting = [("SSL_CERT_FILE", AUTHORITY)];
    assert_eq!(fetched(&server.url("/file.bin"), &trusting), "served");
    let by_name = server.url("/file.bin").replace("127.0.0.1", "localhost");
    assert_eq!(fetched(&by_name, &trusting), "served");
    assert!(fetched(&server.url("/file.bin"), &[]).starts_with("3 cannot be trusted: "));
}

#[test]
fn certificates_that_prove_nothing_are_refused() {
    for (certificate, said) in [
        (Certificate::SelfSigned, "its certificate is of an unknown issuer"),
        (Certificate::OtherHost, "its certificate is for another host"),
        (Certificate::Expired, "its certificate has expired"),
    ] {
        let server = secure(certificate);
        let result = fetched(&server.url("/file.bin"), &[("SSL_CERT_FILE", AUTHORITY)]);
        assert!(result.starts_with(&format!("3 cannot be trusted: {said} | ")), "{result}");
        assert!(result.contains("SSL_CERT_FILE"), "{result}");
        assert_eq!(server.requests().len(), 0, "nothing was said to a stranger");
    }
}

#[test]
fn https_never_leads_to_plain_http() {
    let plain = Server::serving(&[("/file.bin", &noise(1000))]);
    let there = plain.url("/file.bin");
    let server = Server::start_tls(Certificate::Good, move |_| Reply::redirect(&there));
    let result = fetched(&server.url("/file.bin"), &[("SSL_CERT_FILE", AUTHORITY)]);
    assert!(result.starts_with("3 redirects from https to plain http | "), "{result}");
    assert_eq!(plain.requests().len(), 0);
}

#[test]
fn a_machine_without_certificates_still_reaches_a_plain_mirror() {
    let none = [("SSL_CERT_FILE", "/nonexistent"), ("SSL_CERT_DIR", "/nonexistent")];
    let plain = Server::serving(&[("/file.bin", &noise(1000))]);
    assert_eq!(fetched(&plain.url("/file.bin"), &none), "served");

    let server = secure(Certificate::Good);
    assert_eq!(
        fetched(&server.url("/file.bin"), &none),
        "3 not asked: SSL_CERT_FILE names /nonexistent, which is not there | \
         set the variable to what holds the right certificates, or unset it"
    );
}

#[test]
fn a_variable_that_names_no_certificates_is_named_and_nobody_else_is_believed() {
    let server = secure(Certificate::Good);
    let url = server.url("/file.bin");
    let directory = tempfile::tempdir().unwrap();
    let empty = directory.path().join("empty.pem");
    std::fs::write(&empty, "no certificate\n").unwrap();
    let empty = empty.to_str().unwrap();
    let folder = directory.path().to_str().unwrap();
    for (name, value, why) in [
        ("SSL_CERT_FILE", empty, "holds no certificate"),
        ("SSL_CERT_FILE", "/proc", "is no regular file"),
        ("SSL_CERT_FILE", "/nonexistent", "is not there"),
        ("SSL_CERT_DIR", "/nonexistent", "is not there"),
        ("SSL_CERT_DIR", empty, "is no directory"),
        ("SSL_CERT_DIR", folder, "holds no certificate"),
        ("SSL_CLIENT_CERT", empty, "holds no certificate"),
        ("SSL_CLIENT_CERT", "/nonexistent", "is not there"),
        ("SSL_CLIENT_CERT", AUTHORITY, "holds no key, or an encrypted one"),
    ] {
        let result = fetched(&url, &[(name, value)]);
        let expected = format!("3 not asked: {name} names {value}, which {why} | ");
        assert!(result.starts_with(&expected), "{result}");
    }
    assert_eq!(server.requests().len(), 0);
}

#[test]
fn a_server_that_asks_who_we_are_is_shown_the_certificate_that_is_named() {
    let server = Server::start_for_clients(|request| Reply::file(request, &noise(1000)));
    let url = server.url("/file.bin");
    let known = [("SSL_CERT_FILE", AUTHORITY), ("SSL_CLIENT_CERT", CLIENT)];
    assert_eq!(fetched(&url, &known), "served");
    let result = fetched(&url, &known[..1]);
    assert!(result.contains("name a certificate with its key in SSL_CLIENT_CERT"), "{result}");
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_machine_without_any_certificates_believes_the_built_in_ones_and_says_so() {
    let server = secure(Certificate::Good);
    // An empty directory over each place where certificates are.
    let script = "for place in /etc/ssl /etc/pki /usr/share/ca-certificates /usr/local/share/ca-certificates; do\n\
                  if [ -d $place ]; then mount -t tmpfs none $place || exit 1; fi\ndone\n\"$@\"";
    let output = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", script, "sh"])
        .arg(env::current_exe().unwrap())
        .args(["--exact", "network::trust::child", "--ignored", "--nocapture"])
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("_PYMAN_TEST_URL", server.url("/file.bin"))
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    // The test's own authority is none of them: who says so has read them.
    let judged = "result: 3 cannot be trusted: its certificate is of an unknown issuer | ";
    assert!(text.contains(judged), "{text}{errors}");
    let said = "note: this machine has no CA certificates: the built-in ones are used\n";
    assert_eq!(text.matches(said).count(), 1, "{text}");
}

#[test]
fn a_proxy_is_asked_unless_the_host_is_excepted() {
    let proxy = Server::start(|request| Reply::file(request, &noise(1000)));
    let through = proxy.url("");
    let url = "http://mirror.example/file.bin";
    assert_eq!(fetched(url, &[("http_proxy", &through)]), "served");
    assert_eq!(proxy.requests()[0].path, url);

    let direct = Server::serving(&[("/file.bin", &noise(1000))]);
    let variables = [("http_proxy", through.as_str()), ("NO_PROXY", "127.0.0.1")];
    assert_eq!(fetched(&direct.url("/file.bin"), &variables), "served");
    assert_eq!((proxy.requests().len(), direct.requests().len()), (1, 1));
}

#[test]
fn a_dead_proxy_is_named_as_a_possible_cause() {
    let direct = Server::serving(&[("/file.bin", &noise(1000))]);
    for variable in ["http_proxy", "all_proxy"] {
        let result = fetched(&direct.url("/file.bin"), &[(variable, "http://127.0.0.1:9")]);
        assert!(result.starts_with("3 cannot be reached: "), "{result}");
        assert!(result.contains("check the network and the proxy"), "{result}");
    }
    assert_eq!(direct.requests().len(), 0);
}

#[test]
fn a_full_disk_is_named_and_left_as_it_was() {
    let server = Server::start(|request| Reply::file(request, &noise(200_000)));
    let directory = tempfile::tempdir().unwrap();
    let place = directory.path().display().to_string();
    let script = "mount -t tmpfs -o size=64k none \"$_PYMAN_TEST_CACHE\" || exit 1\n\"$@\"\nls -A \"$_PYMAN_TEST_CACHE\" | sed 's/^/left: /'";
    let output = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", script, "sh"])
        .arg(env::current_exe().unwrap())
        .args(["--exact", "network::trust::child", "--ignored", "--nocapture"])
        .env("_PYMAN_TEST_URL", server.url("/file.bin"))
        .env("_PYMAN_TEST_CACHE", &place)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let result =
        text.lines().find_map(|line| line.split_once("result: ")).map(|(_, result)| result);
    let Some(result) = result else {
        panic!("no tmpfs of its own: {}", String::from_utf8_lossy(&output.stderr))
    };
    assert_eq!(
        result,
        format!(
            "5 cannot keep {place}/file.bin.partial: No space left on device (os error 28) | \
             free some space, or keep the cache on another disk"
        )
    );
    assert!(!text.contains("left: "), "{text}");
}
