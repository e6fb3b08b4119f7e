//! Why something could not be spoken, in sentences that a person can act on.
//!
//! Owns the words. Paths and what the program wrote go to the log alone.

use std::time::Duration;

use crate::content::model::Voice;

/// Why there is no speech. Each text is safe to show.
#[derive(Debug, thiserror::Error)]
pub enum SpeechError {
    /// The program is not there.
    #[error(
        "Speech needs the program eSpeak NG, which is not installed on the server. Install espeak-ng (Debian and Ubuntu: apt install espeak-ng) and try again."
    )]
    Missing,
    /// The program is there and cannot be started.
    #[error("The speech program cannot be started on the server. Its log says why.")]
    NotStarted(#[source] std::io::Error),
    /// It stopped listening or its output could not be read.
    #[error("The connection to the speech program broke. Try again.")]
    Broken(#[source] std::io::Error),
    /// It has no voice of that name.
    #[error("The speech program has no voice “{0}”. Choose another one.")]
    NoSuchVoice(Voice),
    /// It ended with an error.
    #[error("The speech program failed. The server's log says why.")]
    Failed {
        /// The exit status; none if a signal ended it.
        status: Option<i32>,
        /// The beginning of what it wrote about it, for the log.
        message: String,
    },
    /// It took too long and was ended.
    #[error("The speech program took longer than {} seconds and was ended. Try a shorter text.", .0.as_secs())]
    TooSlow(Duration),
    /// It made more sound than is allowed and was ended.
    #[error("The speech is longer than {minutes} minutes. Try a shorter text.")]
    TooLong {
        /// The limit.
        minutes: usize,
    },
    /// What it wrote is not sound.
    #[error("The speech program wrote something that is not sound. The server's log says what.")]
    NotSound(&'static str),
    /// There is not one word to speak.
    #[error("There is nothing to speak: the text contains no words.")]
    NothingToSay,
    /// The sound could not be compressed.
    #[error("The speech could not be compressed to MP3.")]
    NotEncoded(String),
}

impl SpeechError {
    /// Whether trying again could help.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::NotStarted(_) | Self::Broken(_) | Self::Failed { .. } | Self::TooSlow(_) => true,
            Self::Missing
            | Self::NoSuchVoice(_)
            | Self::TooLong { .. }
            | Self::NotSound(_)
            | Self::NothingToSay
            | Self::NotEncoded(_) => false,
        }
    }
}
