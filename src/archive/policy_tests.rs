//! Tables of entries and verdicts.

use super::*;

fn judged(root: Root, entries: &[(&str, Kind<'_>)]) -> Result<Vec<Made>, (usize, Refusal)> {
    let policy = Policy::limited(root);
    let mut judge = Judge::new(&policy);
    let mut made = Vec::new();
    for (index, (name, kind)) in entries.iter().enumerate() {
        let entry = Entry {
            name: name.as_bytes(),
            kind: *kind,
            mode: 0o7777,
        };
        made.push(
            judge
                .judge(&entry)
                .map_err(|refusal| (index, refusal))?
                .made,
        );
    }
    Ok(made)
}

fn symlink(target: &str) -> Kind<'_> {
    Kind::Symlink {
        target: target.as_bytes(),
    }
}

fn hard_link(target: &str) -> Kind<'_> {
    Kind::HardLink {
        target: target.as_bytes(),
    }
}

#[test]
fn names_that_leave_the_tree_or_lie_are_refused() {
    let deep = format!("python/{}", "d/".repeat(3000));
    let long = format!("python/{}", "n/".repeat(600));
    let long_name = format!("python/{}", "n".repeat(256));
    let cases = [
        ("", Refusal::Name("is empty")),
        (".", Refusal::Name("is empty")),
        ("/etc/passwd", Refusal::Name("is absolute")),
        ("python/../../x", Refusal::Name("has `..'")),
        ("..", Refusal::Name("has `..'")),
        ("python/a\0b", Refusal::Name("has control characters")),
        ("python/a\x1b[31m", Refusal::Name("has control characters")),
        ("python/a\nb", Refusal::Name("has control characters")),
        ("python\\..\\x", Refusal::Name("has a backslash")),
        (&deep, Refusal::Path("long")),
        (&long, Refusal::Path("long")),
        (&long_name, Refusal::Path("long")),
        ("python", Refusal::OutsideTop("python".into())),
    ];
    for (name, expected) in cases {
        let refusal = judged(Root::Single, &[(name, Kind::File)]).unwrap_err().1;
        assert_eq!(refusal, expected, "{name:?}");
    }
    let deep = format!("python/{}x", "d/".repeat(64));
    let refusal = judged(Root::Single, &[(&deep, Kind::File)]).unwrap_err().1;
    assert_eq!(refusal, Refusal::Path("deep"));
}

#[test]
fn what_changes_nothing_in_a_name_is_dropped() {
    let made = judged(
        Root::Single,
        &[
            ("./", Kind::Directory),
            ("./python/", Kind::Directory),
            ("./python//bin/./x", Kind::File),
        ],
    );
    let file = Made::File {
        path: b"bin/x".to_vec(),
        mode: 0o755,
    };
    assert_eq!(made, Ok(vec![Made::Nothing, Made::Nothing, file]));
}

#[test]
fn a_second_top_directory_is_refused() {
    let entries = [("python/a", Kind::File), ("other/a", Kind::File)];
    let outside = Refusal::OutsideTop("python".into());
    assert_eq!(judged(Root::Single, &entries), Err((1, outside.clone())));
    let below = Root::Below(b"python".to_vec());
    assert_eq!(judged(below, &entries), Err((1, outside)));
}

#[test]
fn only_the_wanted_part_is_kept() {
    let made = judged(
        Root::Below(b"python/install".to_vec()),
        &[
            ("python/PYTHON.json", Kind::File),
            ("python/build/x.o", Kind::File),
            ("python/install/bin/python3.12", Kind::File),
        ],
    );
    let file = Made::File {
        path: b"bin/python3.12".to_vec(),
        mode: 0o755,
    };
    assert_eq!(made, Ok(vec![Made::Nothing, Made::Nothing, file]));
}

#[test]
fn symbolic_links_lead_inward() {
    let cases = [
        ("python/l", "bin/x", true),
        ("python/bin/l", "../lib/x", true),
        ("python/bin/l", "./x", true),
        ("python/bin/l", "..", true),
        ("python/l", "..", false),
        ("python/bin/l", "../../python/lib", false),
        ("python/l", "/etc/passwd", false),
        ("python/bin/l", "a/../../../x", false),
        ("python/bin/l", "a/..", false),
        ("python/l", "", false),
        ("python/l", "a\nb", false),
        ("python/l", "a\\b", false),
    ];
    for (name, target, inside) in cases {
        let verdict = judged(Root::Single, &[(name, symlink(target))]);
        assert_eq!(verdict.is_ok(), inside, "{name} -> {target:?}: {verdict:?}");
    }
}

#[test]
fn nothing_goes_through_a_link() {
    let through = |path: &str| Refusal::ThroughLink(path.into());
    let cases = [
        ("python/l/x", Kind::File, through("l")),
        ("python/l/x/", Kind::Directory, through("l")),
        ("python/l/x", symlink("y"), through("l")),
        ("python/L/x", Kind::File, through("L")),
        ("python/l", Kind::File, Refusal::Duplicate),
        ("python/l/", Kind::Directory, Refusal::Duplicate),
        (
            "python/h",
            hard_link("python/l"),
            Refusal::Original("python/l".into()),
        ),
    ];
    for (name, kind, expected) in cases {
        let entries = [("python/l", symlink("lib")), (name, kind)];
        assert_eq!(judged(Root::Single, &entries), Err((1, expected)), "{name}");
    }
}

#[test]
fn a_name_is_given_once() {
    let cases = [
        ("python/a", Kind::File, Refusal::Duplicate),
        ("python/a", symlink("b"), Refusal::Duplicate),
        ("python/a", Kind::Directory, Refusal::Duplicate),
        ("python/./a", Kind::File, Refusal::Duplicate),
        ("python/a/b", Kind::File, Refusal::ThroughFile("a".into())),
    ];
    for (name, kind, expected) in cases {
        let entries = [("python/a", Kind::File), (name, kind)];
        assert_eq!(judged(Root::Single, &entries), Err((1, expected)), "{name}");
    }
}

#[test]
fn names_that_differ_by_case_are_two() {
    let entries = [("python/e/x", Kind::File), ("python/E/X", Kind::File)];
    assert_eq!(judged(Root::Single, &entries).unwrap().len(), 2);
}

#[test]
fn hard_links_repeat_a_file_that_is_there() {
    let cases = [
        ("python/a", Ok(b"a".to_vec())),
        ("./python/a", Ok(b"a".to_vec())),
        ("python/b", Err(Refusal::Original("python/b".into()))),
        ("a", Err(Refusal::Target("a".into()))),
        ("/etc/passwd", Err(Refusal::Target("/etc/passwd".into()))),
        (
            "python/../../x",
            Err(Refusal::Target("python/../../x".into())),
        ),
    ];
    for (target, expected) in cases {
        let entries = [("python/a", Kind::File), ("python/h", hard_link(target))];
        let made = judged(Root::Single, &entries).map(|mut made| made.remove(1));
        let expected = expected
            .map(|original| Made::HardLink {
                path: b"h".to_vec(),
                original,
            })
            .map_err(|refusal| (1, refusal));
        assert_eq!(made, expected, "{target}");
    }
}

#[test]
fn directories_are_counted_with_the_entries() {
    let limits = Limits {
        entries: 5,
        ..Limits::default()
    };
    let policy = Policy {
        limits: Some(limits),
        root: Root::Single,
    };
    let mut judge = Judge::new(&policy);
    let mut judge = |name: &str| {
        judge
            .judge(&Entry {
                name: name.as_bytes(),
                kind: Kind::File,
                mode: 0,
            })
            .map(|action| action.parents)
    };
    assert_eq!(
        judge("python/a/b/x"),
        Ok(vec![b"a".to_vec(), b"a/b".to_vec()])
    );
    assert_eq!(judge("python/a/b/y"), Ok(vec![]));
    assert_eq!(judge("python/c/x"), Err(Refusal::TooMany(5)));
}
