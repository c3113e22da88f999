//! Whom we believe over TLS, and who we are: the system's authorities, those of a variable, the built-in ones as
//! the last resort; a certificate of our own when one is named.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};

use crate::disk;
use crate::fetch::reason::Reason;

/// No file of certificates is longer, in bytes: all of Mozilla's have 250 KB.
const LONGEST: u64 = 16 << 20;

/// Files that variables name.
#[derive(Debug, Clone, Default)]
pub struct Identity {
    /// `SSL_CERT_FILE`: the authorities to believe, read by the TLS library itself.
    pub authorities: Option<PathBuf>,
    /// `SSL_CERT_DIR`: the same, in directories.
    pub directories: Vec<PathBuf>,
    /// `SSL_CLIENT_CERT`: our certificate and its key, in PEM.
    pub certificate: Option<PathBuf>,
}

/// Our certificate, those that vouch for it, and its key.
pub(super) struct Certificate {
    pem: Vec<u8>,
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

impl Identity {
    /// Whether somebody said whom to believe.
    pub(super) fn is_chosen(&self) -> bool {
        self.authorities.is_some() || !self.directories.is_empty()
    }

    /// What is wrong with the choice: to believe others instead is not what was asked for.
    pub(super) fn check(&self) -> Result<(), Reason> {
        if let Some(file) = &self.authorities {
            let text = read("SSL_CERT_FILE", file)?;
            if !has_certificate(&text) {
                return Err(unfit("SSL_CERT_FILE", file, NO_CERTIFICATE));
            }
        } else if !self.directories.is_empty() {
            let mut wrong = None;
            for directory in &self.directories {
                match fault(directory) {
                    Some(fault) => wrong = wrong.or(Some(unfit("SSL_CERT_DIR", directory, &fault))),
                    None => return Ok(()),
                }
            }
            return wrong.map_or(Ok(()), Err);
        }
        Ok(())
    }

    /// Our own certificate, when one is named.
    pub(super) fn certificate(&self) -> Result<Option<Certificate>, Reason> {
        const NAME: &str = "SSL_CLIENT_CERT";
        let Some(file) = &self.certificate else {
            return Ok(None);
        };
        let pem = read(NAME, file)?;
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
        let chain = chain.unwrap_or_default();
        if chain.is_empty() {
            return Err(unfit(NAME, file, NO_CERTIFICATE));
        }
        let key = PrivateKeyDer::from_pem_slice(&pem)
            .map_err(|_| unfit(NAME, file, "holds no key, or an encrypted one"))?;
        Ok(Some(Certificate { pem, chain, key }))
    }
}

impl Certificate {
    /// As the network library takes it.
    pub(super) fn identity(&self) -> reqwest::Result<reqwest::Identity> {
        reqwest::Identity::from_pem(&self.pem)
    }
}

/// Believes the authorities that Mozilla does, as of this program's making.
pub(super) fn built_in(certificate: Option<Certificate>) -> Result<ClientConfig, rustls::Error> {
    let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots);
    match certificate {
        Some(Certificate { chain, key, .. }) => config.with_client_auth_cert(chain, key),
        None => Ok(config.with_no_client_auth()),
    }
}

/// What is wrong with a file that should hold one.
const NO_CERTIFICATE: &str = "holds no certificate";

fn has_certificate(text: &[u8]) -> bool {
    CertificateDer::pem_slice_iter(text).any(|one| one.is_ok())
}

/// What is wrong with a directory of authorities; nothing when one of its files has some.
fn fault(directory: &Path) -> Option<String> {
    match disk::follow(directory) {
        Ok(None) => return Some(ABSENT.to_owned()),
        Ok(Some(found)) if !found.is_directory() => return Some("is no directory".to_owned()),
        Ok(Some(_)) => {}
        Err(error) => return Some(unreadable(error)),
    }
    let entries = match disk::entries(directory) {
        Ok(entries) => entries,
        Err(error) => return Some(unreadable(error)),
    };
    let mut texts = entries.iter().filter_map(|entry| {
        disk::read_at_most(&directory.join(&entry.name), LONGEST).ok().flatten()
    });
    (!texts.any(|text| has_certificate(&text))).then(|| NO_CERTIFICATE.to_owned())
}

const ABSENT: &str = "is not there";

fn read(variable: &str, file: &Path) -> Result<Vec<u8>, Reason> {
    let why = match disk::read_at_most(file, LONGEST) {
        Ok(Some(text)) => return Ok(text),
        Ok(None) if disk::follow(file).is_ok_and(|found| found.is_some()) => {
            "is no regular file".to_owned()
        }
        Ok(None) => ABSENT.to_owned(),
        Err(error) => unreadable(error),
    };
    Err(unfit(variable, file, &why))
}

fn unreadable(error: io::Error) -> String {
    let plain = disk::number(&error).map(io::Error::from_raw_os_error);
    let said = plain.unwrap_or(error).to_string();
    format!("cannot be read: {}", said.split(" (os error").next().unwrap_or_default())
}

fn unfit(variable: &str, place: &Path, why: &str) -> Reason {
    Reason::Variable(format!("{variable} names {}, which {why}", place.display()))
}
