//! Changes one value of the user's settings file and leaves everything else in it as it was written.

use std::io;
use std::path::Path;

use toml_edit::{Array, DocumentMut, Item, Value};

use crate::disk::{self, Privacy};
use crate::fetch::{Address, holds_secrets};
use crate::settings::{Error, reason, text};

/// The list of addresses a key holds; none when it is not set.
pub(crate) fn list(file: &Path, key: &str) -> Result<Vec<Address>, Error> {
    let document = parse(file, &text(file)?)?;
    let list = document.get(key).and_then(Item::as_array);
    let texts = list.into_iter().flatten().filter_map(Value::as_str);
    Ok(texts.map(Address::from).collect())
}

/// Sets a list of addresses; an empty one takes the key away. Answers whether the file changed.
pub(crate) fn set_list(file: &Path, key: &str, values: &[Address]) -> Result<bool, Error> {
    let before = text(file)?;
    let mut document = parse(file, &before)?;
    if values.is_empty() {
        document.remove(key);
    } else {
        let list: Array = values.iter().map(Address::exact).collect();
        document.insert(key, Item::Value(Value::Array(list)));
    }
    let after = document.to_string();
    if after == before {
        return Ok(false);
    }
    replace(file, &after).map_err(Error::Unreadable)?;
    Ok(true)
}

fn parse(file: &Path, text: &str) -> Result<DocumentMut, Error> {
    text.parse().map_err(|error: toml_edit::TomlError| Error::Malformed {
        file: file.to_path_buf(),
        reason: reason(&error.to_string(), text, error.span()),
    })
}

/// A reader sees the old settings or the new. A link stays a link, a file that holds a secret is its owner's alone.
fn replace(file: &Path, text: &str) -> io::Result<()> {
    let privacy = if holds_secrets(text) { Privacy::Secret } else { Privacy::Shared };
    disk::replace_personal(file, text.as_bytes(), privacy)
}

#[cfg(test)]
mod tests {
    use super::set_list;
    use crate::fetch::Address;

    #[test]
    fn only_the_one_value_changes() {
        let root = tempfile::tempdir().unwrap();
        let file = root.path().join("pyman/settings.toml");
        let list =
            |names: &[&str]| names.iter().map(|name| Address::from(*name)).collect::<Vec<_>>();
        assert!(set_list(&file, "mirrors", &list(&["nju"])).unwrap());
        assert_eq!(fs_err::read_to_string(&file).unwrap(), "mirrors = [\"nju\"]\n");
        let text = "# mine\noffline = true # for now\nmirrors = [\"old\"]\n";
        fs_err::write(&file, text).unwrap();
        assert!(set_list(&file, "mirrors", &list(&["a", "b"])).unwrap());
        assert_eq!(
            fs_err::read_to_string(&file).unwrap(),
            text.replace("[\"old\"]", "[\"a\", \"b\"]")
        );
        assert!(!set_list(&file, "mirrors", &list(&["a", "b"])).unwrap());
        assert_eq!(super::list(&file, "mirrors").unwrap(), list(&["a", "b"]));
        assert!(set_list(&file, "mirrors", &[]).unwrap());
        assert_eq!(fs_err::read_to_string(&file).unwrap(), "# mine\noffline = true # for now\n");
    }

    #[test]
    fn a_file_that_is_no_toml_is_left_alone() {
        let root = tempfile::tempdir().unwrap();
        let file = root.path().join("settings.toml");
        fs_err::write(&file, "mirrors = [").unwrap();
        assert!(set_list(&file, "mirrors", &[]).unwrap_err().to_string().contains("settings.toml"));
        assert_eq!(fs_err::read_to_string(&file).unwrap(), "mirrors = [");
    }
}
