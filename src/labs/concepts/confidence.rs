//! Confidence: how much speaks for a concept, as one number.
//!
//! Owns the formula that [`Concepts`](super::Concepts) documents.

/// What is known of a candidate.
#[derive(Clone, Copy, Debug)]
pub struct Evidence {
    /// Its rank as a part of the highest.
    pub rank: f64,
    /// How often it occurs.
    pub mentions: u32,
    /// In how many sentences.
    pub sentences: usize,
    /// In how many readings.
    pub read: usize,
    /// How many readings there are.
    pub sources: usize,
}

/// How many mentions, or sentences, are worth half of what endlessly many are.
const HALF: f64 = 2.0;

impl Evidence {
    /// From 0 to 1, and never less for more of anything but readings that do not speak of it.
    pub fn confidence(self) -> f64 {
        let enough = |number: f64| number / (number + HALF);
        let spread = (self.read as f64 + 1.0) / (self.sources as f64 + 1.0);
        let parts = [
            (self.rank, 0.4),
            (enough(f64::from(self.mentions)), 0.2),
            (enough(self.sentences as f64), 0.2),
            (spread, 0.2),
        ];
        parts.iter().map(|(part, weight)| part.clamp(0.0, 1.0).powf(*weight)).product()
    }
}
