//! Pages in Markdown as a reader has them: blocks, spans, headings, links, tables; and the sources they speak of.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The repository.
pub(crate) fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below a folder of the repository whose name ends so, in order.
pub(crate) fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let mut folders = vec![repository().join(folder)];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|one| one == extension) {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

/// Every Rust file of the house, its tests left out.
pub(crate) fn sources() -> Vec<(PathBuf, String)> {
    let code = ["src", "shims/src"].into_iter().flat_map(|folder| files(folder, "rs"));
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap_or_default().to_owned();
        (path, code)
    };
    code.map(read).collect()
}

/// A page.
pub(crate) struct Page {
    /// From the repository's top: `docs/start.md`.
    pub(crate) name: String,
    pub(crate) path: PathBuf,
    pub(crate) text: String,
}

/// A fenced block: its language, the comment in the line above it, its text.
pub(crate) struct Block {
    pub(crate) language: String,
    pub(crate) text: String,
}

impl Page {
    pub(crate) fn read(path: &Path) -> Self {
        let name = path.strip_prefix(repository()).unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{name}: {error}"));
        Self { name, path: path.to_owned(), text }
    }

    /// The page of this name.
    pub(crate) fn named(name: &str) -> Self {
        Self::read(&repository().join(name))
    }

    /// The whole manual.
    pub(crate) fn manual() -> Vec<Self> {
        files("docs", "md").iter().map(|path| Self::read(path)).collect()
    }

    /// The fenced blocks, and the lines between them.
    fn parts(&self) -> (Vec<Block>, String) {
        let (mut blocks, mut prose) = (Vec::new(), String::new());
        let mut open: Option<Block> = None;
        for line in self.text.lines() {
            match (&mut open, line.trim_start().strip_prefix("```")) {
                (None, Some(language)) => {
                    open = Some(Block { language: language.to_owned(), text: String::new() });
                }
                (Some(_), Some("")) => blocks.extend(open.take()),
                (Some(block), _) => block.text.extend([line, "\n"]),
                (None, None) => prose.extend([line, "\n"]),
            }
        }
        assert!(open.is_none(), "{} has a block without an end", self.name);
        (blocks, prose)
    }

    /// The text of every block in this language.
    pub(crate) fn blocks(&self, language: &str) -> Vec<String> {
        let blocks = self.parts().0.into_iter();
        blocks.filter(|block| block.language == language).map(|block| block.text).collect()
    }

    /// The languages of all blocks.
    pub(crate) fn languages(&self) -> Vec<String> {
        self.parts().0.into_iter().map(|block| block.language).collect()
    }

    /// The page without its blocks.
    pub(crate) fn prose(&self) -> String {
        self.parts().1
    }

    /// What stands between backticks, outside of blocks.
    pub(crate) fn spans(&self) -> Vec<String> {
        // A span may go over the end of a line, and not over that of a paragraph.
        self.prose().split("\n\n").flat_map(spans).collect()
    }

    /// What the page's headings are called in links.
    pub(crate) fn anchors(&self) -> Vec<String> {
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        let prose = self.prose();
        let headings = prose.lines().filter(|line| line.starts_with('#'));
        let names = headings.map(|line| {
            let slug = slug(line.trim_start_matches('#').trim());
            let times = seen.entry(slug.clone()).or_default();
            *times += 1;
            if *times == 1 { slug } else { format!("{slug}-{}", *times - 1) }
        });
        names.collect()
    }

    /// Where its links lead.
    pub(crate) fn links(&self) -> Vec<String> {
        let prose = self.prose();
        let ends = prose.split("](").skip(1);
        ends.filter_map(|rest| rest.split_once(')')).map(|(target, _)| target.to_owned()).collect()
    }

    /// The cells of each row of the table under the heading that begins so; its head left out.
    pub(crate) fn table(&self, heading: &str) -> Vec<Vec<String>> {
        let begins = |section: &&str| section.starts_with(heading);
        let section = self.text.split("\n## ").find(begins);
        let section = section.unwrap_or_else(|| panic!("{} has no {heading:?}", self.name));
        rows(section).skip(2).collect()
    }

    /// The cells of each row of all its tables.
    pub(crate) fn rows(&self) -> Vec<Vec<String>> {
        rows(&self.text).collect()
    }
}

fn rows(text: &str) -> impl Iterator<Item = Vec<String>> {
    let lines = text.lines().filter_map(|line| line.strip_prefix('|'));
    lines.map(|line| {
        let line = line.trim_end().trim_end_matches('|').replace("\\|", "\u{1}");
        line.split('|').map(|cell| cell.trim().replace('\u{1}', "|")).collect()
    })
}

/// The spans of code in a text: what stands between two runs of as many backticks.
pub(crate) fn spans(text: &str) -> Vec<String> {
    let mut spans = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find('`') {
        let after = rest[start..].trim_start_matches('`');
        let ticks = rest.len() - start - after.len();
        let fence = "`".repeat(ticks);
        let mut ends = after.match_indices(&fence).map(|(at, _)| at);
        let alone =
            |at: &usize| !after[..*at].ends_with('`') && !after[at + ticks..].starts_with('`');
        let Some(end) = ends.find(alone) else {
            rest = after;
            continue;
        };
        let span = &after[..end];
        let padded = span.strip_prefix(' ').and_then(|span| span.strip_suffix(' '));
        spans.push(padded.filter(|_| ticks > 1).unwrap_or(span).replace('\n', " "));
        rest = &after[end + ticks..];
    }
    spans
}

/// A heading's name in links, as GitHub and mdBook make it.
fn slug(heading: &str) -> String {
    let kept = heading.chars().filter(|one| one.is_alphanumeric() || " -_".contains(*one));
    kept.flat_map(char::to_lowercase).map(|one| if one == ' ' { '-' } else { one }).collect()
}

/// Whether this is the name of a variable of ours, or of a neighbour's that we read.
pub(crate) fn is_variable(text: &str) -> bool {
    let ours = ["PYMAN_", "PYTHON_BUILD_", "PYLAUNCHER_", "PY_PYTHON"];
    let letters = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    ours.iter().any(|prefix| text.starts_with(prefix)) && text.bytes().all(letters)
}
