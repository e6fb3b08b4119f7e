//! How long to wait before the next attempt.
//!
//! Owns the exponential backoff and the small generator behind its jitter. It must not read a
//! clock or a source of randomness: attempt and seed come from outside, so every wait can be
//! foretold in a test.

/// Exponential backoff with jitter; all times in milliseconds.
///
/// The default is that of the event-stream contract: base 1 s, doubling, at most 30 s, plus 0 to
/// 1 s of jitter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backoff {
    /// The wait after the first failure.
    pub base_ms: u64,
    /// The longest wait, before jitter.
    pub max_ms: u64,
    /// Up to this much is added at random, so that clients which lost one server do not all come
    /// back in one moment.
    pub jitter_ms: u64,
}

impl Backoff {
    /// The wait before retry `attempt` (the first is 0), with a random number of the caller:
    /// `min(base · 2^attempt, max) + random mod (jitter + 1)`. Saturates, never overflows.
    pub fn delay_ms(&self, attempt: u32, random: u64) -> u64 {
        let factor = 1_u64.checked_shl(attempt).unwrap_or(u64::MAX);
        let jitter = self.jitter_ms.checked_add(1).map_or(random, |range| random % range);
        self.base_ms.saturating_mul(factor).min(self.max_ms).saturating_add(jitter)
    }
}

impl Default for Backoff {
    fn default() -> Self {
        Self { base_ms: 1_000, max_ms: 30_000, jitter_ms: 1_000 }
    }
}

/// A deterministic generator (SplitMix64) for jitter. Not for secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Jitter {
    state: u64,
}

impl Jitter {
    /// A generator whose whole sequence follows from `seed`; every client needs its own.
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The next number, evenly spread over `u64`.
    pub fn draw(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn waits_double_from_one_second_to_thirty() {
        let backoff = Backoff::default();
        let waits: Vec<u64> = (0..10).map(|attempt| backoff.delay_ms(attempt, 0)).collect();
        let seconds = [1, 2, 4, 8, 16, 30, 30, 30, 30, 30];
        assert_eq!(waits, seconds.map(|s| s * 1_000));
    }

    #[test]
    fn jitter_adds_up_to_one_second_and_no_more() {
        let backoff = Backoff::default();
        assert_eq!(backoff.delay_ms(0, 1_000), 2_000);
        assert_eq!(backoff.delay_ms(0, 1_001), 1_000);
        assert_eq!(backoff.delay_ms(9, 1_000), 31_000);
    }

    #[test]
    fn the_generator_gives_the_published_splitmix64_sequence() {
        let mut jitter = Jitter::new(1_234_567);
        let drawn: Vec<u64> = (0..3).map(|_| jitter.draw()).collect();
        let published =
            [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423];
        assert_eq!(drawn, published);
    }

    #[test]
    fn two_clients_that_fail_together_do_not_return_together() {
        let backoff = Backoff::default();
        let (mut one, mut other) = (Jitter::new(1), Jitter::new(2));
        let pairs =
            (0..10).map(|n| (backoff.delay_ms(n, one.draw()), backoff.delay_ms(n, other.draw())));
        assert!(pairs.filter(|(a, b)| a != b).count() >= 9);
    }

    proptest! {
        #[test]
        fn a_wait_is_between_the_doubled_base_and_that_plus_jitter(
            base_ms: u64, max_ms: u64, jitter_ms: u64, attempt: u32, random: u64
        ) {
            let wait = Backoff { base_ms, max_ms, jitter_ms }.delay_ms(attempt, random);
            let doubled = if attempt < 64 { u128::from(base_ms) << attempt } else { u128::from(base_ms).saturating_mul(1 << 64) };
            let least = u64::try_from(doubled).unwrap_or(u64::MAX).min(max_ms);
            prop_assert!(least <= wait && wait <= least.saturating_add(jitter_ms));
        }
    }
}
