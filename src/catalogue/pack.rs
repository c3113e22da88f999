//! Turns the tables of `plugins/` into what the program embeds. Part of `build.rs`, not of the program.
//!
//! A table is text, one group a release (see any `*.table`). Packed: how many words; each word and the
//! platform it stands for; then each group's first line, how many rows, and a row as the word's number
//! and the 32 bytes of the digest (all zero: none). A byte of length stands before every text, so a
//! reader steps from group to group without looking at their rows.

use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

/// The kinds of table a family can have, in the order their builds are preferred.
const KINDS: [(&str, &str); 3] =
    [("prebuilt", "Prebuilt"), ("installer", "Installer"), ("source", "Source")];

/// Packs every family under `plugins` into `out`, with `tables.rs` naming them all.
pub(crate) fn tables(plugins: &Path, out: &Path) -> io::Result<()> {
    let mut families: Vec<PathBuf> = std::fs::read_dir(plugins)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<_>>()?;
    families.retain(|family| KINDS.iter().any(|(kind, _)| is_table(family, kind)));
    // The disk's order is any: what is embedded is the same wherever it is built.
    families.sort();
    let (mut rows, mut texts) = (String::new(), String::new());
    for family in families {
        let name = family.file_name().unwrap_or_default().display().to_string();
        let description = family.join("plugin.toml").display().to_string();
        writeln!(texts, "    ({name:?}, include_str!({description:?})),")
            .map_err(io::Error::other)?;
        for (kind, variant) in KINDS {
            let table = family.join(format!("{kind}.table"));
            if !table.is_file() {
                continue;
            }
            let packed = out.join(format!("{name}-{kind}.bin"));
            let place = packed.display().to_string();
            let text = std::fs::read_to_string(&table)?;
            std::fs::write(
                &packed,
                pack(&text).map_err(|(line, reason)| {
                    io::Error::other(format!("{}:{line}: {reason}", table.display()))
                })?,
            )?;
            writeln!(rows, "    Table {{ family: {name:?}, kind: Kind::{variant}, bytes: include_bytes!({place:?}) }},").map_err(io::Error::other)?;
        }
    }
    let code = format!(
        "pub(super) const TABLES: &[Table] = &[\n{rows}];\n\
         pub(super) const FAMILIES: &[(&str, &str)] = &[\n{texts}];\n"
    );
    std::fs::write(out.join("tables.rs"), code)
}

fn is_table(family: &Path, kind: &str) -> bool {
    family.join(format!("{kind}.table")).is_file()
}

/// A group being read: its first line and its rows so far.
struct Group<'text> {
    head: &'text str,
    rows: Vec<u8>,
    count: u8,
}

/// The packed form of a table's text, or the line that is wrong and why.
fn pack(text: &str) -> Result<Vec<u8>, (usize, &'static str)> {
    let mut words: Vec<&str> = Vec::new();
    let mut head = vec![0_u8];
    let mut body = Vec::new();
    let mut group: Option<Group<'_>> = None;
    for (number, line) in text.lines().enumerate() {
        let wrong = |reason| (number + 1, reason);
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(row) = line.strip_prefix(' ') {
            let group = group.as_mut().ok_or_else(|| wrong("a row before any release"))?;
            let (word, digest) = row.split_once(' ').ok_or_else(|| wrong("no digest"))?;
            let index = words.iter().position(|known| *known == word);
            let index = index.and_then(|index| u8::try_from(index).ok());
            group.rows.push(index.ok_or_else(|| wrong("an unknown word"))?);
            group.rows.extend(hex(digest).ok_or_else(|| wrong("not a sha256"))?);
            group.count = group.count.checked_add(1).ok_or_else(|| wrong("too many rows"))?;
        } else if let Some(pair) = line.strip_prefix("word ") {
            let (word, platform) = pair.split_once(' ').ok_or_else(|| wrong("no platform"))?;
            words.push(word);
            let platform = if platform == "-" { "" } else { platform };
            for text in [word, platform] {
                push(&mut head, text).ok_or_else(|| wrong("too long"))?;
            }
        } else {
            if line.split(' ').count() != 3 || !line.contains("{}") {
                return Err(wrong("not a name, a build or OpenSSL, and a file with `{}'"));
            }
            flush(&mut body, group.take()).ok_or_else(|| wrong("too long"))?;
            group = Some(Group { head: line, rows: Vec::new(), count: 0 });
        }
    }
    flush(&mut body, group).ok_or((0, "too long"))?;
    let count = u8::try_from(words.len()).map_err(|_| (0, "too many words"))?;
    if let Some(first) = head.first_mut() {
        *first = count;
    }
    head.extend(body);
    Ok(head)
}

fn flush(body: &mut Vec<u8>, group: Option<Group<'_>>) -> Option<()> {
    let Some(group) = group else {
        return Some(());
    };
    push(body, group.head)?;
    body.push(group.count);
    body.extend(group.rows);
    Some(())
}

fn push(bytes: &mut Vec<u8>, text: &str) -> Option<()> {
    bytes.push(u8::try_from(text.len()).ok()?);
    bytes.extend(text.as_bytes());
    Some(())
}

/// The 32 bytes of a digest; all zero for `-`.
fn hex(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0_u8; 32];
    if text == "-" {
        return Some(bytes);
    }
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(at * 2..at * 2 + 2)?, 16).ok()?;
    }
    Some(bytes)
}
