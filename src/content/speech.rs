//! Speech: from text to sound, with eSpeak NG as a program of its own.
//!
//! Owns how the program is run and how what it says is joined and compressed. It must not know
//! the database, files or jobs.

mod program;
mod wave;
mod error;
mod recording;
mod episode;

pub use episode::{Cast, record};
pub use error::SpeechError;
pub use program::{Limits, Speaker};
pub use recording::{Audio, Recording};

/// Samples a second of everything that is spoken: what eSpeak NG makes, and an MP3 may have.
pub const SAMPLE_RATE: u32 = 22_050;

/// What has been said, not yet compressed: one channel at [`SAMPLE_RATE`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Speech {
    /// Signed samples of 16 bits, in order of time.
    pub samples: Vec<i16>,
}

#[cfg(test)]
mod tests;
