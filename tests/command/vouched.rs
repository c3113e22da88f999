//! A file whose publisher says no digest: refused, taken when the user says so, judged from then on.

use std::fs;

use crate::support::sandbox::Ran;
use crate::support::shop::Shop;
use crate::support::terminal::at_terminal;

/// A shop whose catalogue does not say the digest.
fn shop() -> Shop {
    let shop = Shop::open();
    let row = shop.prebuilt.row(&shop.server.url("/archive.tar.gz"));
    let row = row.replace(&format!("\"{}\"", shop.prebuilt.sha256), "null");
    assert!(row.contains("null"), "{row}");
    shop.sandbox.write("catalogue.jsonl", row);
    shop
}

fn answering(shop: &Shop, arguments: &[&str], answer: &str) -> Ran {
    let typed = shop.pyman(arguments);
    shop.ran(&mut at_terminal(&shop.sandbox, &typed, answer))
}

#[test]
fn without_a_digest_nothing_is_installed_unless_the_user_says_so() {
    let shop = shop();
    let refused = shop.run(&["install", shop.version()]);
    assert_eq!(refused.status, Some(4), "{refused:?}");
    assert!(refused.stderr.contains("has no published sha256"), "{refused:?}");
    assert!(
        refused.stderr.contains("hint: pass the digest you expect with `--sha256'"),
        "{refused:?}"
    );
    assert!(!shop.prefix().exists());
    assert_eq!(shop.downloads(), 0);
}

#[test]
fn a_yes_installs_and_the_digest_it_had_is_kept() {
    let shop = shop();
    let installed = answering(&shop, &["install", shop.version()], "y\n");
    assert_eq!(installed.status, Some(0), "{installed:?}");
    let kept = fs::read_to_string(shop.sandbox.root().join("catalogue/vouched.jsonl")).unwrap();
    assert!(kept.contains(&shop.prebuilt.sha256), "{kept}");
    let again = shop.run(&["install", "-f", shop.version()]);
    again.is("", &format!("installed {} in [TIME]\n", shop.version()), 0);
}

#[test]
fn a_digest_given_by_hand_is_kept_too_and_a_wrong_one_installs_nothing() {
    let shop = shop();
    let wrong = shop.prebuilt.sha256.replace(&shop.prebuilt.sha256[..8], "00000000");
    let refused = shop.run(&["install", shop.version(), "--sha256", &wrong]);
    assert_eq!(refused.status, Some(4), "{refused:?}");
    assert!(!shop.sandbox.root().join("catalogue/vouched.jsonl").exists());
    shop.run(&["install", shop.version(), "--sha256", &shop.prebuilt.sha256]).is(
        "",
        &format!("installed {} in [TIME]\n", shop.version()),
        0,
    );
    let kept = fs::read_to_string(shop.sandbox.root().join("catalogue/vouched.jsonl")).unwrap();
    assert_eq!(kept.matches(&shop.prebuilt.sha256).count(), 1, "{kept}");
}
