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
            if !CertificateDer::pem_slice_iter(&text).any(|one| one.is_ok()) {
                return Err(empty("SSL_CERT_FILE", file, "a certificate"));
            }
        } else if let [first, rest @ ..] = self.directories.as_slice()
            && !first.is_dir()
            && !rest.iter().any(|one| one.is_dir())
        {
            return Err(empty("SSL_CERT_DIR", first, "a directory"));
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
            return Err(empty(NAME, file, "a certificate"));
        }
        let key = PrivateKeyDer::from_pem_slice(&pem)
            .map_err(|_| empty(NAME, file, "the certificate's key, not encrypted"))?;
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

fn read(variable: &str, file: &Path) -> Result<Vec<u8>, Reason> {
    let why = match disk::read_at_most(file, LONGEST) {
        Ok(Some(text)) => return Ok(text),
        Ok(None) if disk::follow(file).is_ok_and(|found| found.is_some()) => {
            "is no regular file".to_owned()
        }
        Ok(None) => "No such file or directory".to_owned(),
        Err(error) => {
            let plain = disk::number(&error).map(io::Error::from_raw_os_error);
            let said = plain.unwrap_or(error).to_string();
            said.split(" (os error").next().unwrap_or_default().to_owned()
        }
    };
    Err(Reason::Variable(format!("{variable} names {}: {why}", file.display())))
}

fn empty(variable: &str, file: &Path, wanted: &str) -> Reason {
    Reason::Variable(format!(
        "{variable} names {}, which is not or holds not {wanted}",
        file.display()
    ))
}
