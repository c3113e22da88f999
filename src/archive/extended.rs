//! What a tar says of an entry ahead of it: GNU's long names and pax records.

use std::io::Read;

use crate::archive::refusal::Refusal;

/// Longest run of such records for one entry, in bytes; attributes that are not unpacked count too.
pub(super) const LONGEST: u64 = 256 * 1024;

/// What was said ahead of one entry.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Extended {
    pub(super) name: Option<Vec<u8>>,
    pub(super) target: Option<Vec<u8>>,
    pub(super) size: Option<u64>,
    pub(super) modified: Option<u64>,
}

impl Extended {
    /// GNU `L`: a name with a NUL at its end.
    pub(super) fn long_name(&mut self, content: &[u8]) -> Result<(), Refusal> {
        set(&mut self.name, terminated(content).to_vec(), "name")
    }

    /// GNU `K`: the same for the target of a link.
    pub(super) fn long_target(&mut self, content: &[u8]) -> Result<(), Refusal> {
        set(&mut self.target, terminated(content).to_vec(), "target")
    }

    /// pax `x`: records that hold for the next entry.
    pub(super) fn records(&mut self, content: &[u8]) -> Result<(), Refusal> {
        each_record(content, |key, value| match key {
            b"path" => set(&mut self.name, value.to_vec(), "name"),
            b"linkpath" => set(&mut self.target, value.to_vec(), "target"),
            b"size" => set(&mut self.size, number(value)?, "size"),
            b"mtime" => {
                // A fraction of a second is dropped; a time before 1970 is none.
                let whole = value.split(|byte| *byte == b'.').next().unwrap_or_default();
                self.modified = number(whole).ok();
                Ok(())
            }
            _ if key.starts_with(b"GNU.sparse.") => Err(Refusal::Kind("a sparse file")),
            _ => Ok(()), // owners, attributes, comments: not unpacked
        })
    }
}

/// pax `g`: records that hold for all that follows. `git archive` leaves a comment there; what would
/// change a name or a size is refused, because readers differ in whether they obey it.
pub(super) fn global_records(content: &[u8]) -> Result<(), Refusal> {
    each_record(content, |key, _| match key {
        b"path" => Err(Refusal::Headers("name")),
        b"linkpath" => Err(Refusal::Headers("target")),
        b"size" => Err(Refusal::Headers("size")),
        _ if key.starts_with(b"GNU.sparse.") => Err(Refusal::Kind("a sparse file")),
        _ => Ok(()),
    })
}

/// The whole of a record's content, which must not be larger than any honest one.
pub(super) fn content(reader: &mut impl Read, size: u64) -> std::io::Result<Option<Vec<u8>>> {
    if size > LONGEST {
        return Ok(None);
    }
    let mut content = Vec::new();
    let count = reader.take(size).read_to_end(&mut content)?;
    if count as u64 == size {
        Ok(Some(content))
    } else {
        Err(std::io::Error::new(std::io::ErrorKind::UnexpectedEof, "it ends inside a header"))
    }
}

/// A field without the NULs that fill it up; one in the middle stays, to be refused.
pub(super) fn terminated(field: &[u8]) -> &[u8] {
    let end = field.iter().rposition(|byte| *byte != 0);
    end.and_then(|last| field.get(..=last)).unwrap_or_default()
}

fn set<T: PartialEq>(slot: &mut Option<T>, value: T, what: &'static str) -> Result<(), Refusal> {
    match slot.replace(value) {
        None => Ok(()),
        Some(before) if slot.as_ref() == Some(&before) => Ok(()),
        Some(_) => Err(Refusal::Headers(what)),
    }
}

/// `LENGTH KEY=VALUE\n` again and again, LENGTH counting all of it (POSIX.1-2017, pax, "Extended Header").
fn each_record(
    mut content: &[u8],
    mut record: impl FnMut(&[u8], &[u8]) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    const MALFORMED: Refusal = Refusal::Headers("pax records");
    while !content.is_empty() {
        let blank = content.iter().position(|byte| *byte == b' ').ok_or(MALFORMED)?;
        let digits = content.get(..blank).unwrap_or_default();
        let length = usize::try_from(number(digits)?).map_err(|_| MALFORMED)?;
        let text = content.get(blank + 1..length).ok_or(MALFORMED)?;
        let text = text.strip_suffix(b"\n").ok_or(MALFORMED)?;
        let equals = text.iter().position(|byte| *byte == b'=').ok_or(MALFORMED)?;
        let (key, value) = text.split_at(equals);
        record(key, value.get(1..).unwrap_or_default())?;
        content = content.get(length..).unwrap_or_default();
    }
    Ok(())
}

fn number(digits: &[u8]) -> Result<u64, Refusal> {
    let plain = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    let text = str::from_utf8(digits).unwrap_or_default();
    match text.parse() {
        Ok(number) if plain => Ok(number),
        Ok(_) | Err(_) => Err(Refusal::Headers("pax records")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_read_by_their_length() {
        let mut extended = Extended::default();
        extended
            .records(b"19 path=python/a=b\n20 mtime=1700000.25\n15 comment=a\nb\n11 size=12\n")
            .unwrap();
        let expected = Extended {
            name: Some(b"python/a=b".to_vec()),
            target: None,
            size: Some(12),
            modified: Some(1_700_000),
        };
        assert_eq!(extended, expected);
    }

    #[test]
    fn malformed_records_are_refused() {
        let cases: [&[u8]; 8] = [
            b"path=x\n",
            b"9 path=x",
            b"99 path=x\n",
            b"1 path=x\n",
            b"9 pathxxx\n",
            b"-9 path=x\n",
            b"+9 path=x\n",
            b"18446744073709551616 path=x\n",
        ];
        for content in cases {
            let refusal = Extended::default().records(content).unwrap_err();
            assert_eq!(refusal, Refusal::Headers("pax records"), "{content:?}");
        }
    }

    #[test]
    fn two_names_for_one_entry_are_refused() {
        let mut extended = Extended::default();
        extended.long_name(b"python/a\0").unwrap();
        extended.records(b"17 path=python/a\n").unwrap();
        let refusal = extended.records(b"17 path=python/b\n").unwrap_err();
        assert_eq!(refusal, Refusal::Headers("name"));
    }

    #[test]
    fn global_records_may_comment_and_no_more() {
        assert_eq!(global_records(b"13 comment=a\n"), Ok(()));
        assert_eq!(global_records(b"9 path=x\n"), Err(Refusal::Headers("name")));
    }
}
