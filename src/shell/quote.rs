//! Words that stand for exactly the bytes they were made of. A value goes through once, so nothing in it is
//! ever read as code.

/// Within single quotes nothing is special to a POSIX shell but the quote itself.
pub(super) fn posix(value: &[u8]) -> Vec<u8> {
    enclosed(value, |byte, word| match byte {
        b'\'' => word.extend_from_slice(br"'\''"),
        byte => word.push(byte),
    })
}

/// fish keeps the backslash within single quotes.
pub(super) fn fish(value: &[u8]) -> Vec<u8> {
    enclosed(value, |byte, word| match byte {
        b'\'' | b'\\' => word.extend_from_slice(&[b'\\', byte]),
        byte => word.push(byte),
    })
}

/// PowerShell takes typographic quotes (U+2018 to U+201B) for straight ones; each is doubled.
pub(super) fn powershell(value: &[u8]) -> Vec<u8> {
    let mut word = vec![b'\''];
    for character in String::from_utf8_lossy(value).chars() {
        let times = if matches!(character, '\'' | '\u{2018}'..='\u{201B}') { 2 } else { 1 };
        for _ in 0..times {
            word.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
        }
    }
    word.push(b'\'');
    word
}

/// Nushell's raw string, with more `#` than the value has anywhere after a quote.
pub(super) fn nushell(value: &[u8]) -> Vec<u8> {
    let value = String::from_utf8_lossy(value);
    let longest = value
        .split('\'')
        .skip(1)
        .map(|rest| rest.bytes().take_while(|&byte| byte == b'#').count())
        .max()
        .unwrap_or_default();
    let fence = "#".repeat(longest + 1);
    format!("r{fence}'{value}'{fence}").into_bytes()
}

fn enclosed(value: &[u8], push: impl Fn(u8, &mut Vec<u8>)) -> Vec<u8> {
    let mut word = Vec::with_capacity(value.len() + 2);
    word.push(b'\'');
    for &byte in value {
        push(byte, &mut word);
    }
    word.push(b'\'');
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_shell_gets_its_own_quotes() {
        let hostile = "a'b\"c$d\\e\u{2019}'#f".as_bytes();
        let said = |word: Vec<u8>| String::from_utf8(word).unwrap();
        assert_eq!(said(posix(hostile)), "'a'\\''b\"c$d\\e\u{2019}'\\''#f'");
        assert_eq!(said(fish(hostile)), "'a\\'b\"c$d\\\\e\u{2019}\\'#f'");
        assert_eq!(said(powershell(hostile)), "'a''b\"c$d\\e\u{2019}\u{2019}''#f'");
        assert_eq!(said(nushell(hostile)), "r##'a'b\"c$d\\e\u{2019}'#f'##");
    }

    #[test]
    fn bytes_that_are_no_text_pass_unchanged() {
        assert_eq!(posix(b"\xff\n"), b"'\xff\n'");
        assert_eq!(fish(b"\xff\n"), b"'\xff\n'");
    }
}
