//! Why something that is there could not be read.

use core::fmt;

use crate::platform::REASONS;

/// The system's error number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault(pub i32);

/// In the system's words where they are known, else by its number.
impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(number) = self;
        match REASONS.into_iter().find(|(known, _)| known == number) {
            Some((_, reason)) => formatter.write_str(reason),
            None => write!(formatter, "error {number}"),
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn a_reason_is_told_in_words_where_it_has_some() {
        assert_eq!(Fault(13).to_string(), "Permission denied");
        assert_eq!(Fault(121).to_string(), "error 121");
    }
}
