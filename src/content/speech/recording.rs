//! A recording: speech and pauses, joined to one MP3 as they come.
//!
//! Owns the format: one channel, 22,050 samples a second, 48 kbit/s, which every browser plays.
//! Memory holds the compressed sound alone.

use std::{num::NonZeroU32, time::Duration};

use mp3lame_encoder::{Bitrate, Builder, Encoder, FlushGap, Mode, MonoPcm, Quality, VbrMode};

use super::{SAMPLE_RATE, Speech, SpeechError};

/// The media type of every recording.
const MEDIA_TYPE: &str = "audio/mpeg";

/// Samples that are compressed at once: three seconds.
const CHUNK: usize = 65_536;

/// Speech, compressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audio {
    /// The file.
    pub bytes: Vec<u8>,
    /// Its media type.
    pub media_type: &'static str,
    /// Samples a second.
    pub sample_rate: u32,
    /// How long it is, in milliseconds.
    pub duration_ms: u64,
    /// How long each segment is, in milliseconds, with the pauses in it; together `duration_ms`.
    pub segments_ms: Vec<u64>,
}

/// A recording under way. Adding to it computes about a hundredth of the time that is added.
pub struct Recording {
    encoder: Encoder,
    bytes: Vec<u8>,
    samples: u64,
    /// Where each segment that is whole ends, in samples.
    ends: Vec<u64>,
}

impl Recording {
    /// An empty one.
    pub fn new() -> Result<Self, SpeechError> {
        let build = || {
            Builder::new()?
                .with_num_channels(1)
                .ok()?
                .with_sample_rate(SAMPLE_RATE)
                .ok()?
                .with_output_sample_rate(NonZeroU32::new(SAMPLE_RATE))
                .ok()?
                .with_mode(Mode::Mono)
                .ok()?
                .with_brate(Bitrate::Kbps48)
                .ok()?
                .with_vbr_mode(VbrMode::Off)
                .ok()?
                .with_quality(Quality::Good)
                .ok()?
                // The first frame tells players how many samples of padding to leave out.
                .with_to_write_vbr_tag(true)
                .ok()?
                .build()
                .ok()
        };
        let encoder = build()
            .ok_or_else(|| SpeechError::NotEncoded("the encoder refused its settings".into()))?;
        Ok(Self { encoder, bytes: Vec::new(), samples: 0, ends: Vec::new() })
    }

    /// Appends speech.
    pub fn add(&mut self, speech: &Speech) -> Result<(), SpeechError> {
        for chunk in speech.samples.chunks(CHUNK) {
            self.bytes.reserve(mp3lame_encoder::max_required_buffer_size(chunk.len()));
            self.encoder
                .encode_to_vec(MonoPcm(chunk), &mut self.bytes)
                .map_err(|error| SpeechError::NotEncoded(error.to_string()))?;
            self.samples += chunk.len() as u64;
        }
        Ok(())
    }

    /// Appends silence.
    pub fn pause(&mut self, length: Duration) -> Result<(), SpeechError> {
        let samples = length.as_millis() * u128::from(SAMPLE_RATE) / 1_000;
        let samples = vec![0; usize::try_from(samples).unwrap_or(0)];
        self.add(&Speech { samples })
    }

    /// Ends a segment here.
    pub fn end_segment(&mut self) {
        self.ends.push(self.samples);
    }

    /// The whole recording. What comes after the last segment's end counts to it.
    pub fn finish(mut self) -> Result<Audio, SpeechError> {
        self.bytes.reserve(mp3lame_encoder::max_required_buffer_size(0));
        self.encoder
            // With the padding that the last frame needs.
            .flush_to_vec::<FlushGap>(&mut self.bytes)
            .map_err(|error| SpeechError::NotEncoded(error.to_string()))?;
        let mut tag = Vec::with_capacity(self.encoder.lame_tag_size());
        self.encoder.lame_tag_encode_to_vec(&mut tag);
        // The encoder left room for it at the beginning.
        if let Some(room) = self.bytes.get_mut(..tag.len()) {
            room.copy_from_slice(&tag);
        }
        if let Some(end) = self.ends.last_mut() {
            *end = self.samples;
        }
        // Rounding the ends rather than the lengths keeps the sum exact.
        let ends = self.ends.iter().map(|samples| milliseconds(*samples));
        let segments_ms = ends.scan(0, |from, end| {
            let length = end - *from;
            *from = end;
            Some(length)
        });
        Ok(Audio {
            segments_ms: segments_ms.collect(),
            bytes: self.bytes,
            media_type: MEDIA_TYPE,
            sample_rate: SAMPLE_RATE,
            duration_ms: milliseconds(self.samples),
        })
    }
}

fn milliseconds(samples: u64) -> u64 {
    samples * 1_000 / u64::from(SAMPLE_RATE)
}
