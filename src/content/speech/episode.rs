//! An episode: a script, spoken turn by turn by its cast into one recording.
//!
//! Owns the voices of the hosts and the pauses between them.

use std::time::Duration;

use super::{Audio, Recording, Speaker, SpeechError};
use crate::content::{
    model::{Host, Rate, Script, Voice},
    text::Language,
};

/// Between two turns.
const BREATH: Duration = Duration::from_millis(400);
/// Between two segments.
const REST: Duration = Duration::from_millis(900);

/// Who speaks, and how fast.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cast {
    /// The voice of host A.
    pub a: Voice,
    /// The voice of host B.
    pub b: Voice,
    /// How fast both speak.
    pub rate: Rate,
}

impl Cast {
    /// A woman and a man in the language of a script.
    pub fn of(script: &Script) -> Self {
        let mut sample = String::new();
        for turn in script.turns().filter(|turn| turn.host == Host::A).take(20) {
            sample.push_str(&turn.text);
            sample.push(' ');
        }
        let language = Language::of(&sample).speech();
        Self {
            a: Voice::woman(language).unwrap_or_default(),
            b: Voice::man(language).unwrap_or_default(),
            rate: Rate::default(),
        }
    }

    fn voice(&self, host: Host) -> &Voice {
        match host {
            Host::A => &self.a,
            Host::B => &self.b,
        }
    }
}

/// Speaks a whole script. `progress` hears how many turns are spoken, of how many, before each
/// turn and at the end. Dropping the future stops.
///
/// Turns without a word are passed over; a script of nothing else is an error.
pub async fn record(
    speaker: &Speaker,
    script: &Script,
    cast: &Cast,
    mut progress: impl FnMut(u32, u32),
) -> Result<Audio, SpeechError> {
    let total = u32::try_from(script.turns().count()).unwrap_or(u32::MAX);
    let mut recording = Recording::new()?;
    let (mut done, mut heard) = (0, false);
    for (index, segment) in script.segments.iter().enumerate() {
        if index > 0 {
            recording.pause(REST)?;
        }
        for (index, turn) in segment.turns.iter().enumerate() {
            progress(done, total);
            done += 1;
            let speech = match speaker.speak(&turn.text, cast.voice(turn.host), cast.rate).await {
                Err(SpeechError::NothingToSay) => continue,
                spoken => spoken?,
            };
            heard = true;
            // Compressing takes the processor for a while, which others need between.
            let work = tokio::task::spawn_blocking(move || {
                if index > 0 {
                    recording.pause(BREATH)?;
                }
                recording.add(&speech)?;
                Ok::<_, SpeechError>(recording)
            });
            recording =
                work.await.map_err(|error| SpeechError::NotEncoded(error.to_string()))??;
        }
        recording.end_segment();
    }
    progress(total, total);
    if heard { recording.finish() } else { Err(SpeechError::NothingToSay) }
}
