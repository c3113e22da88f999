//! What is offered: `SHA256SUMS` where `packaging/build` put it, whose it is, and the archive for this machine in it.

use std::path::Path;

use crate::compatibility::Release;
use crate::error::{Error, Refused};
use crate::fetch::{self, Address, Client, Document, Sha256, Url, Wanted};
use crate::operation::{Ground, network};
use crate::progress::Progress;

/// Where what was built is to be found, if the build was told.
const DIST: Option<&str> = option_env!("PYMAN_BUILD_DIST");
/// Whose signature is wanted, if the build was told.
const KEY: Option<&str> = option_env!("PYMAN_BUILD_KEY");
/// The machine that this program was built for, as compilers name it.
const TRIPLE: &str = env!("_PYMAN_TARGET");

/// No list of files is longer, in bytes.
const LONGEST: u64 = 1 << 20;
/// The list, and what is signed.
const SUMS: &str = "SHA256SUMS";

/// A place that offers releases, and whom to believe.
pub(super) struct Place {
    address: Address,
    base: Url,
    key: Option<String>,
}

/// An archive that is offered for this machine.
#[derive(Debug, Clone)]
pub(crate) struct Offer {
    /// Which version it holds.
    pub(crate) release: Release,
    /// What was compared, for people.
    pub(crate) checked: String,
    archive: String,
    sha256: Sha256,
    url: Url,
}

impl Offer {
    /// The archive, to be fetched.
    pub(super) fn wanted(&self) -> Wanted {
        Wanted {
            candidates: vec![self.url.clone()],
            sha256: Some(self.sha256),
            size: None,
            file_name: self.archive.clone(),
        }
    }
}

impl Place {
    /// Where the settings say, else where the build was told.
    pub(super) fn of(ground: &Ground) -> Result<Self, Error> {
        let told = |text: &str| Some(Address::from(text)).filter(|_| !text.is_empty());
        let named = ground.settings()?.dist.value.clone();
        let address = named.or_else(|| DIST.and_then(told)).ok_or(Refused::Nowhere)?;
        let base = network::url(ground, &address)?;
        let key = KEY.filter(|key| !key.is_empty()).map(str::to_owned);
        Ok(Self { address, base, key })
    }

    /// The newest that is offered, or just the version that is wanted: an older one's list stands in a directory of its own.
    pub(super) fn find(
        &self,
        wanted: Option<&Release>,
        client: &Client,
        progress: &dyn Progress,
    ) -> Result<Offer, Error> {
        let (list, checked) = match self.list("", client, progress) {
            // A place may keep folders of old versions and no newest.
            Err(error) if wanted.is_some() && is_missing(&error) => (String::new(), String::new()),
            list => list?,
        };
        if let Some(found) = self.choose("", &list, checked, wanted)? {
            return Ok(found);
        }
        let Some(version) = wanted else {
            let place = self.address.to_string();
            return Err(Refused::NothingOffered { triple: triples().join(", "), place }.into());
        };
        let none = || Refused::NoRelease {
            version: version.to_string(),
            triple: triples().join(", "),
            place: self.address.to_string(),
        };
        let folder = format!("{version}/");
        let (list, checked) = match self.list(&folder, client, progress) {
            Err(error) if is_missing(&error) => return Err(none().into()),
            list => list?,
        };
        Ok(self.choose(&folder, &list, checked, wanted)?.ok_or_else(none)?)
    }

    /// The list of a folder, and what was compared of it.
    fn list(
        &self,
        folder: &str,
        client: &Client,
        progress: &dyn Progress,
    ) -> Result<(String, String), Error> {
        let read = |name: &str| -> Result<Vec<u8>, Error> {
            let url = self.below(&format!("{folder}{name}"))?;
            match fetch::document(client, &url, None, LONGEST, progress)? {
                Document::Changed { body, .. } => Ok(body),
                // No copy was named that it could still be.
                Document::Unchanged => Ok(Vec::new()),
            }
        };
        let list = read(SUMS)?;
        let checked = match &self.key {
            Some(key) => {
                let signature = match read(&format!("{SUMS}.minisig")) {
                    Err(error) if is_missing(&error) => return Err(Refused::Unsigned.into()),
                    signature => signature?,
                };
                fetch::is_signed(key, &list, &signature)
                    .map_err(|fetch::Forged| Refused::Forged(key.clone()))?;
                format!("its SHA-256, and the signature by {key}")
            }
            None => {
                "its SHA-256; no key was built in, so that whose it is was not checked".to_owned()
            }
        };
        Ok((String::from_utf8_lossy(&list).into_owned(), checked))
    }

    fn choose(
        &self,
        folder: &str,
        list: &str,
        checked: String,
        wanted: Option<&Release>,
    ) -> Result<Option<Offer>, Error> {
        let Some((release, archive, sha256)) = choose(list, &triples(), wanted) else {
            return Ok(None);
        };
        let url = self.below(&format!("{folder}{archive}"))?;
        Ok(Some(Offer { release, checked, archive, sha256, url }))
    }

    fn below(&self, name: &str) -> Result<Url, Error> {
        if let Some(path) = self.base.local() {
            return Ok(Url::from(path.join(Path::new(name))));
        }
        let whole = format!("{}/{name}", self.base.exact().trim_end_matches('/'));
        Ok(whole.parse().map_err(fetch::Error::Malformed)?)
    }
}

/// What of a list is for one of these machines: the version that is wanted, else the newest that is final.
fn choose(
    list: &str,
    triples: &[String],
    wanted: Option<&Release>,
) -> Option<(Release, String, Sha256)> {
    let line = |line: &str| {
        let (sha256, name) = line.split_once(' ')?;
        let name = name.strip_prefix([' ', '*'])?;
        let rest = name.strip_prefix("pyman-")?;
        let rest = rest.strip_suffix(".tar.gz").or_else(|| rest.strip_suffix(".zip"))?;
        let rank = triples.iter().position(|triple| rest.ends_with(&format!("-{triple}")))?;
        let version = rest.strip_suffix(triples.get(rank)?.as_str())?.strip_suffix('-')?;
        let release = Release::parse(version)?;
        let fits = wanted.map_or_else(|| release.is_final(), |wanted| *wanted == release);
        Some((release, name.to_owned(), sha256.parse().ok()?, rank)).filter(|_| fits)
    };
    let mut found: Vec<(Release, String, Sha256, usize)> = list.lines().filter_map(line).collect();
    found.sort_by(|one, other| one.0.cmp(&other.0).then(other.3.cmp(&one.3)));
    found.pop().map(|(release, name, sha256, _)| (release, name, sha256))
}

/// What runs here, the likest first: what is built for a Linux with a C library of its own runs on every one.
fn triples() -> Vec<String> {
    let own = TRIPLE.to_owned();
    match TRIPLE.split_once("-unknown-linux-") {
        Some((machine, library)) if library != "musl" => {
            vec![own, format!("{machine}-unknown-linux-musl")]
        }
        Some(_) | None => vec![own],
    }
}

/// Whether the document is not there, as far as can be told.
fn is_missing(error: &Error) -> bool {
    matches!(error, Error::Fetch(error) if error.is_missing())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Silent;

    #[test]
    fn with_a_key_built_in_only_what_its_holder_signed_is_read() {
        // As minisign 0.11 wrote them.
        const KEY: &str = "RWTg8OblDeuOke5Hd5qekO77iCfucrDbqu8ESnA2fjarhJWSfSIcdOWY";
        const LIST: &str = "two lines\nof a file\n";
        const SIGNATURE: &str = "untrusted comment: signature from minisign secret key\n\
            RUTg8OblDeuOkVjhe5kHbcPPFExgfLQNcpaK8lZwKZ5r9nciws5Pq8szdDFB0VnqX5OEOZ8cD+/b1heCvFpIIMzDaC5qlSf4+g4=\n\
            trusted comment: a comment\n\
            7fPTz+/Np+mYqrM7M8abvu1vlzn2Ht0mf65uQUy1Y4pADPCsU/H5ABcAD/aPX+4zbr9c53CxOhTr+X2Evf9VDg==\n";
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let place = |key: Option<&str>| Place {
            address: Address::from("/somewhere"),
            base: Url::from(folder.path().to_owned()),
            key: key.map(str::to_owned),
        };
        let list = |key| place(key).list("", &Client::default(), &Silent);
        let refused = |key| match list(key).unwrap_err() {
            Error::Manager(error) => error.to_string(),
            error => panic!("{error}"),
        };
        fs_err::write(at(SUMS), LIST).unwrap();
        let unchecked = "its SHA-256; no key was built in, so that whose it is was not checked";
        assert_eq!(list(None).unwrap(), (LIST.to_owned(), unchecked.to_owned()));
        let unsigned = "SHA256SUMS is not signed, and must be: nothing was changed";
        assert_eq!(refused(Some(KEY)), unsigned);
        fs_err::write(at("SHA256SUMS.minisig"), SIGNATURE).unwrap();
        let checked = format!("its SHA-256, and the signature by {KEY}");
        assert_eq!(list(Some(KEY)).unwrap(), (LIST.to_owned(), checked));
        fs_err::write(at(SUMS), "two other lines\nof a file\n").unwrap();
        let forged = format!("the signature of SHA256SUMS is not by {KEY}: nothing was changed");
        assert_eq!(refused(Some(KEY)), forged);
        fs_err::remove_file(at(SUMS)).unwrap();
        assert!(is_missing(&list(Some(KEY)).unwrap_err()));
    }

    fn chosen(list: &str, wanted: Option<&str>) -> Option<String> {
        let triples = ["x86_64-unknown-linux-gnu", "x86_64-unknown-linux-musl"].map(str::to_owned);
        let wanted = wanted.map(|text| Release::parse(text).unwrap());
        choose(list, &triples, wanted.as_ref()).map(|(_, name, _)| name)
    }

    #[test]
    fn the_newest_final_one_for_this_machine_is_taken_by_its_numbers() {
        let line = |name: &str| format!("{}  {name}\n", "a".repeat(64));
        let list = [
            "pyman-0.9.3-x86_64-unknown-linux-musl.tar.gz",
            "pyman-0.10.0-x86_64-unknown-linux-musl.tar.gz",
            "pyman-0.11.0-aarch64-unknown-linux-musl.tar.gz",
            "pyman-0.11.0-rc.1-x86_64-unknown-linux-musl.tar.gz",
            "pyman-0.12.0-x86_64-unknown-linux-musl.tar.gz.minisig",
            "pyman-../../x-x86_64-unknown-linux-musl.tar.gz",
            "install.sh",
        ]
        .map(line)
        .concat();
        let musl =
            |version: &str| Some(format!("pyman-{version}-x86_64-unknown-linux-musl.tar.gz"));
        assert_eq!(chosen(&list, None), musl("0.10.0"));
        assert_eq!(chosen(&list, Some("0.9.3")), musl("0.9.3"));
        assert_eq!(chosen(&list, Some("0.11.0-rc.1")), musl("0.11.0-rc.1"));
        assert_eq!(chosen(&list, Some("0.11.0")), None);
        let own = "pyman-0.10.0-x86_64-unknown-linux-gnu.tar.gz";
        assert_eq!(chosen(&(list.clone() + &line(own)), None), Some(own.to_owned()));
        assert_eq!(chosen(&list.replace("aaa", "xyz"), None), None);
    }
}
