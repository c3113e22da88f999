//! Version sort, as GNU `sort --version-sort` has it (and so pyenv's lists): runs of digits compare by value,
//! `~` sorts before the end, letters before other bytes, and what looks like a file's suffix counts last.

use core::cmp::Ordering;

/// A text, perhaps with a `~` put in before one of its bytes.
#[derive(Clone, Copy)]
pub(crate) struct Text<'a> {
    bytes: &'a [u8],
    tilde: Option<usize>,
}

impl<'a> Text<'a> {
    /// `bytes`, where the byte at `tilde` and what follows sort before the end.
    pub(crate) const fn new(bytes: &'a [u8], tilde: Option<usize>) -> Self {
        Self { bytes, tilde }
    }

    fn at(&self, index: usize) -> Option<u8> {
        match self.tilde {
            Some(tilde) if index == tilde => Some(b'~'),
            Some(tilde) if index > tilde => self.bytes.get(index - 1).copied(),
            Some(_) | None => self.bytes.get(index).copied(),
        }
    }

    fn len(&self) -> usize {
        self.bytes.len() + usize::from(self.tilde.is_some())
    }

    /// How much stands before a suffix like `.tar.gz`.
    fn stem(&self) -> usize {
        let mut index = 0;
        loop {
            let stem = index;
            while self.at(index) == Some(b'.')
                && self.at(index + 1).is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'~')
            {
                index += 2;
                while self
                    .at(index)
                    .is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'~')
                {
                    index += 1;
                }
            }
            if index >= self.len() {
                return stem;
            }
            index += 1;
        }
    }
}

/// The order of two texts; equal also where only leading zeros differ.
pub(crate) fn compare(left: Text<'_>, right: Text<'_>) -> Ordering {
    let (stem, other) = (left.stem(), right.stem());
    up_to(left, stem, right, other).then_with(|| up_to(left, left.len(), right, right.len()))
}

fn up_to(left: Text<'_>, left_end: usize, right: Text<'_>, right_end: usize) -> Ordering {
    let mut left = Cursor::new(left, left_end);
    let mut right = Cursor::new(right, right_end);
    while !(left.is_done() && right.is_done()) {
        while left.is_text() || right.is_text() {
            let order = left.weight().cmp(&right.weight());
            if order.is_ne() {
                return order;
            }
            left.index += 1;
            right.index += 1;
        }
        let order = left.number().cmp(&right.number());
        if order.is_ne() {
            return order;
        }
    }
    Ordering::Equal
}

struct Cursor<'a> {
    text: Text<'a>,
    end: usize,
    index: usize,
}

impl<'a> Cursor<'a> {
    const fn new(text: Text<'a>, end: usize) -> Self {
        Self { text, end, index: 0 }
    }

    fn peek(&self) -> Option<u8> {
        if self.is_done() {
            return None;
        }
        self.text.at(self.index)
    }

    const fn is_done(&self) -> bool {
        self.index >= self.end
    }

    /// Whether a byte stands here that is no digit.
    fn is_text(&self) -> bool {
        self.peek().is_some_and(|byte| !byte.is_ascii_digit())
    }

    fn weight(&self) -> i32 {
        match self.peek() {
            Some(b'~') => -2,
            None => -1,
            Some(byte) if byte.is_ascii_digit() => 0,
            Some(byte) if byte.is_ascii_alphabetic() => i32::from(byte),
            Some(byte) => i32::from(byte) + 256,
        }
    }

    /// The run of digits here, stepped over: how many without leading zeros, then their value.
    fn number(&mut self) -> (usize, u64) {
        while self.peek() == Some(b'0') {
            self.index += 1;
        }
        let start = self.index;
        let mut value = 0_u64;
        while let Some(digit) = self.peek().filter(u8::is_ascii_digit) {
            value = value.saturating_mul(10).saturating_add(u64::from(digit - b'0'));
            self.index += 1;
        }
        (self.index - start, value)
    }
}
