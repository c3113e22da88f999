//! Which versions the distribution's mirrors have: asked one by one, for their pools list no directories.

use pyman_shim::{Request, Version};

use crate::catalogue::Catalogue;
use crate::catalogue::error::Error;
use crate::fetch::mirror::candidates;
use crate::fetch::{self, Address, Client};
use crate::platform::apt;
use crate::progress::Progress;

/// How many versions are asked for: more than any minor ever had.
const VERSIONS: usize = 32;

/// The endings of a pool's tarballs, as upstream calls them; newer releases have the first.
const ENDINGS: [&str; 2] = ["tar.xz", "tgz"];

impl Catalogue {
    /// The versions a request could mean whose tarballs these package mirrors serve, newest first.
    pub fn in_pools(
        &self,
        request: &Request,
        mirrors: &[Address],
        client: &Client,
        progress: &dyn Progress,
    ) -> Result<Vec<Version>, Error> {
        let mut found = Vec::new();
        for version in self.source_versions(request).into_iter().take(VERSIONS) {
            if is_there(version, mirrors, client, progress)? {
                found.push(version);
            }
        }
        Ok(found)
    }
}

fn is_there(
    version: Version,
    mirrors: &[Address],
    client: &Client,
    progress: &dyn Progress,
) -> Result<bool, Error> {
    for mirror in mirrors {
        for ending in ENDINGS {
            let Some(path) = apt::pool_path(version, &format!("Python-{version}.{ending}")) else {
                continue;
            };
            for url in candidates(mirror.exact(), &[("path", path.as_str())], &["{path}"])
                .map_err(fetch::Error::from)?
            {
                match fetch::present(client, &url, progress) {
                    Ok(true) => return Ok(true),
                    Ok(false) | Err(fetch::Error::Unserved { .. }) => {}
                    Err(error) => return Err(error.into()),
                }
            }
        }
    }
    Ok(false)
}
