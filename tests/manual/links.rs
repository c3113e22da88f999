//! Links lead somewhere, and SUMMARY.md to every page.

use std::collections::BTreeSet;

use crate::support::pages::{Page, files, repository};

/// Every page that is checked: the manual, and what stands beside it.
fn pages() -> Vec<Page> {
    let beside = ["README.md", "CHANGELOG.md", ".ci/README.md"].map(Page::named);
    let github = files(".github", "md").iter().map(|path| Page::read(path)).collect::<Vec<_>>();
    Page::manual().into_iter().chain(beside).chain(github).collect()
}

#[test]
fn every_link_leads_to_a_file_and_a_heading() {
    let mut lost = Vec::new();
    let mut followed = 0;
    for page in pages() {
        for link in page.links() {
            if link.starts_with("https://") {
                continue;
            }
            followed += 1;
            let (file, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let folder = page.path.parent().unwrap();
            let target = if file.is_empty() { page.path.clone() } else { folder.join(file) };
            let found = target.exists()
                && target.canonicalize().unwrap().starts_with(repository().canonicalize().unwrap())
                && (anchor.is_empty()
                    || Page::read(&target.canonicalize().unwrap())
                        .anchors()
                        .iter()
                        .any(|one| one == anchor));
            if !found {
                lost.push(format!("{}: {link}", page.name));
            }
        }
    }
    assert_eq!(lost, [""; 0]);
    assert!(followed > 40, "{followed} links were followed");
}

#[test]
fn the_summary_names_every_page_once() {
    let summary = Page::named("docs/SUMMARY.md");
    let links = summary.links();
    let named: BTreeSet<String> = links.iter().map(|link| format!("docs/{link}")).collect();
    assert_eq!(named.len(), links.len(), "a page is named twice");
    let pages: BTreeSet<String> = Page::manual().into_iter().map(|page| page.name).collect();
    let unnamed: Vec<_> =
        pages.difference(&named).filter(|page| !page.ends_with("SUMMARY.md")).collect();
    assert_eq!(unnamed, [""; 0], "not in SUMMARY.md");
}
