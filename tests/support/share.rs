//! A day's share of what takes long to test whole: chosen by the day, said, and repeatable.
//!
//! `PYMAN_SHARE=all` takes everything, `PYMAN_SHARE=3` the share that the day of that number has.

use std::time::{SystemTime, UNIX_EPOCH};

use super::needs::say;

/// Of these the share of today, of so many as it takes days to come round.
pub(crate) fn todays<T>(name: &str, all: Vec<T>, days: usize) -> Vec<T> {
    let number = match std::env::var("PYMAN_SHARE").ok().as_deref() {
        Some("all") => None,
        Some(number) => Some(number.parse::<usize>().unwrap()),
        None => {
            let today = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() / 86_400;
            Some(usize::try_from(today).unwrap())
        }
    };
    let count = all.len();
    // The names spread what is tested, so that no day has only beginnings.
    let offset: usize = name.bytes().map(usize::from).sum();
    let is_todays = |at: usize| number.is_none_or(|number| (at + offset) % days == number % days);
    let chosen: Vec<T> =
        all.into_iter().enumerate().filter(|(at, _)| is_todays(*at)).map(|(_, one)| one).collect();
    let how = number.map_or_else(|| "all".to_owned(), |day| format!("PYMAN_SHARE={}", day % days));
    say(&format!("{name}: {} of {count} ({how})", chosen.len()));
    chosen
}
