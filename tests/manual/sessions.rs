//! What is shown as printed is printed.
//!
//! The blocks fenced `console` of a page are one session. A comment in the page says what is installed before:
//! `<!-- installed: 3.12.7 3.9.18 -->`.

use crate::support::pages::Page;
use crate::support::session;

/// The languages of blocks. What is `sh` is for people's own machines: its commands and options are looked up, in
/// `commands`.
const LANGUAGES: &[&str] = &[
    "console",
    "sh",
    "text",
    "toml",
    "yaml",
    "json",
    "ini",
    "python",
    "powershell",
    "dockerfile",
    "cmake",
    "fish",
    "nu",
    "crontab",
];

fn installed(page: &Page) -> Vec<&str> {
    let comment =
        page.text.split_once("<!-- installed:").and_then(|(_, rest)| rest.split_once("-->"));
    comment.map(|(versions, _)| versions.split_whitespace().collect()).unwrap_or_default()
}

#[test]
fn what_is_shown_as_printed_is_printed() {
    let mut sessions = 0;
    let mut wrong = Vec::new();
    for page in Page::manual() {
        let blocks = page.blocks("console");
        if blocks.is_empty() {
            continue;
        }
        sessions += 1;
        let (shown, printed) = session::run(&blocks, &installed(&page));
        if shown != printed {
            let name = &page.name;
            let first = shown.iter().zip(&printed).find(|(one, other)| one != other);
            let ran = format!("{} of {} commands were run", printed.len(), shown.len());
            wrong.push(format!("{name} ({ran}): shown and printed differ in\n{first:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(sessions > 5, "{sessions} pages have sessions");
}

#[test]
fn every_block_says_what_it_is() {
    for page in Page::manual() {
        for language in page.languages() {
            assert!(LANGUAGES.contains(&&*language), "{}: a block in {language:?}", page.name);
        }
    }
}
