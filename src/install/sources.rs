//! Which CPython a directory of sources is: its own header says so.

use std::io;
use std::path::Path;

use pyman_shim::Version;

use crate::disk;

/// The version of the sources in `directory`; none when it holds none.
pub(super) fn version(directory: &Path) -> io::Result<Option<Version>> {
    let header = disk::read_text(&directory.join("Include/patchlevel.h"))?;
    Ok(header.as_deref().and_then(stated))
}

/// The value of `PY_VERSION`, without the `+` of a checkout.
fn stated(header: &str) -> Option<Version> {
    let line = header.lines().find_map(|line| line.strip_prefix("#define PY_VERSION"))?;
    let text = line.trim().trim_matches('"').trim_end_matches('+');
    let whole = if text.matches('.').count() == 1 { format!("{text}.0") } else { text.to_owned() };
    whole.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::stated;

    #[test]
    fn the_header_states_the_version() {
        let cases = [
            ("#define PY_VERSION      \t\"3.13.5\"\n", Some("3.13.5")),
            ("x\n#define PY_VERSION \"3.15.0a2+\"\n", Some("3.15.0a2")),
            ("#define PY_VERSION \"3.2\"\n", Some("3.2.0")),
            ("#define PY_MAJOR_VERSION 3\n", None),
        ];
        for (header, expected) in cases {
            let expected = expected.map(|text| text.parse().unwrap());
            assert_eq!(stated(header), expected, "{header}");
        }
    }
}
