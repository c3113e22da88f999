//! How long to wait for what, and how often to try.

use std::time::Duration;

/// The limits of waiting. There is none on the whole of a transfer: a slow one that moves is well.
#[derive(Debug, Clone)]
pub struct Patience {
    /// Until a connection stands.
    pub connect: Duration,
    /// Without one byte, before what is under way counts as dead.
    pub idle: Duration,
    /// Of silence, before the next source is started beside the silent one.
    pub silence: Duration,
    /// How often one source is tried when it fails in a way that may pass.
    pub tries: u32,
    /// Before the second try; doubled for each one after it, and shortened by chance.
    pub pause: Duration,
    /// The longest `Retry-After` that is waited for.
    pub retry_after: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            idle: Duration::from_secs(30),
            silence: Duration::from_secs(3),
            tries: 3,
            pause: Duration::from_millis(500),
            retry_after: Duration::from_mins(1),
        }
    }
}

impl Patience {
    /// How long to wait before the try after the `tried`-th, by a number of chance: between half
    /// and the whole of the doubled pause, so that many clients do not come back together.
    pub(super) fn backoff(&self, tried: u32, chance: u64) -> Duration {
        let longest = self.pause.saturating_mul(1 << tried.saturating_sub(1).min(6));
        let share = u32::try_from(chance % 512).unwrap_or_default() + 512;
        longest.saturating_mul(share) / 1024
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backoff_doubles_and_varies_within_its_half() {
        let patience = Patience { pause: Duration::from_millis(1024), ..Patience::default() };
        for (tried, chance, expected) in
            [(1, 0, 512), (1, 511, 1023), (2, 0, 1024), (3, 0, 2048), (40, 0, 32_768)]
        {
            assert_eq!(patience.backoff(tried, chance), Duration::from_millis(expected));
        }
    }
}
