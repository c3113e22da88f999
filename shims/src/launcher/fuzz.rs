//! The parsers of what strangers write (scripts and settings), fed with pieces of their grammars in any order.

use alloc::vec::Vec;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::arguments::{Invocation, script};
use crate::ini::Ini;
use crate::metadata::requires_python;
use crate::shebang::{Command, HEAD, Shebang};

const PIECES: &[&[u8]] = &[
    b"#!",
    b"#",
    b"# ",
    b"# /// ",
    b"# ///",
    b"script",
    b"\n",
    b"\r\n",
    b"\r",
    b"\n# ",
    b" ",
    b"\t",
    b"\0",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\"",
    b"'",
    b"\"\"\"",
    b"'''",
    b"\\",
    b"=",
    b"[",
    b"]",
    b"{",
    b"}",
    b",",
    b";",
    b"requires-python",
    b"requires-python = \">=3.9\"",
    b"a.b",
    b"1",
    b"/usr/bin/env ",
    b"/usr/bin/",
    b"-S",
    b"python",
    b"3.12",
    b"3.9-64",
    b"py",
    b".exe",
    b"/opt/x",
    b"xp",
    b"[defaults]",
    b"[commands]",
    b"python3=3.9",
    b"-",
    b"--",
    b"-c",
    b"-X",
    b"-V:",
    b"-0p",
    b"exec",
    b"s.py",
];

fn text() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        12 => prop::sample::select(PIECES).prop_map(<[u8]>::to_vec),
        1 => prop::collection::vec(any::<u8>(), 0..4),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

fn within(part: &[u8], whole: &[u8]) -> bool {
    whole.as_ptr_range().start <= part.as_ptr()
        && part.as_ptr_range().end <= whole.as_ptr_range().end
}

/// What must hold of any bytes at all.
fn check(head: &[u8], arguments: &[Vec<u8>]) -> Result<(), TestCaseError> {
    if let Some(shebang) = Shebang::parse(head) {
        let written: usize = shebang.arguments.iter().map(Vec::len).sum();
        prop_assert!(shebang.written.len() + written <= head.len());
        let python = matches!(shebang.command, Command::Python { .. });
        prop_assert!(shebang.line == 1 || python);
        if let Command::Python { name, tag } = &shebang.command {
            prop_assert!(name.starts_with(b"py"));
            prop_assert!(!tag.contains(&b'\n'));
        }
        prop_assert!(shebang.names().all(|name| !name.contains(&b'\n')));
    }
    if let Some(specifier) = requires_python(head) {
        prop_assert!(within(specifier, head));
        prop_assert!(!specifier.is_empty() && !specifier.contains(&b'\n'));
        // Everything the block needs must stand in what was read.
        prop_assert!(
            requires_python(&head[..head.len() - 1]).is_none_or(|again| again == specifier)
        );
    }
    let ini = Ini::parse(head);
    let lines = head.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count() + 1;
    prop_assert!(ini.strange.iter().all(|line| (1..=lines).contains(line)));
    if let Some((value, line)) = ini.setting(b"python3") {
        prop_assert!(!value.is_empty() && line <= lines);
    }
    let words: Vec<&[u8]> = arguments.iter().map(Vec::as_slice).collect();
    if let Some(script) = script(&words) {
        prop_assert!(words.contains(&script));
    }
    match Invocation::parse(&words) {
        Invocation::Run { arguments: rest, .. }
        | Invocation::Help(rest)
        | Invocation::Manager { arguments: rest, .. } => {
            prop_assert!(words.ends_with(rest));
        }
        Invocation::List(_) => {}
    }
    Ok(())
}

proptest! {
    #[test]
    fn no_bytes_break_the_parsers(head in text(), arguments in prop::collection::vec(text(), 0..5)) {
        check(&head, &arguments)?;
    }

    #[test]
    fn no_block_of_what_is_read_breaks_the_parsers(head in prop::collection::vec(any::<u8>(), 0..HEAD)) {
        check(&head, &[])?;
    }
}

/// Run by hand, some minutes: `cargo test -p pyman-shim --release -- --ignored`.
#[test]
#[ignore = "runs for three minutes"]
fn three_minutes_of_bytes_break_nothing() {
    let until = Instant::now() + Duration::from_mins(3);
    let strategy = (text(), prop::collection::vec(text(), 0..5));
    while Instant::now() < until {
        let mut runner = TestRunner::new(Config::with_cases(10_000));
        runner.run(&strategy, |(head, arguments)| check(&head, &arguments)).unwrap();
    }
}
