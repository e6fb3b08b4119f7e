//! WAV: the samples in what the speaking program writes.
//!
//! Owns how the header is read. The sizes in it are ignored: a program that writes to a pipe
//! cannot know them.

use super::{SAMPLE_RATE, Speech, SpeechError};

/// What the header of the format chunk must say: PCM, one channel, the rate, 16 bits a sample.
const PCM: u16 = 1;

/// Reads the samples of a WAV file that ends with its data.
pub fn read(bytes: &[u8]) -> Result<Speech, SpeechError> {
    let rest = bytes
        .strip_prefix(b"RIFF")
        .and_then(|rest| rest.get(4..))
        .and_then(|rest| rest.strip_prefix(b"WAVE"))
        .ok_or(SpeechError::NotSound("It does not begin like a WAV file."))?;
    let data = data(rest).ok_or(SpeechError::NotSound(
        "The WAV file is not 16 bits, one channel and 22,050 samples a second, or has no data.",
    ))?;
    let samples =
        data.as_chunks::<2>().0.iter().map(|sample| i16::from_le_bytes(*sample)).collect();
    Ok(Speech { samples })
}

/// The bytes of the samples, if the format is the one that is expected.
fn data(mut rest: &[u8]) -> Option<&[u8]> {
    let mut right = false;
    loop {
        let (name, after) = rest.split_first_chunk::<4>()?;
        let (size, content) = after.split_first_chunk::<4>()?;
        if name == b"data" {
            return right.then_some(content);
        }
        let size = usize::try_from(u32::from_le_bytes(*size)).ok()?;
        if name == b"fmt " {
            let number = |at: usize| {
                content.get(at..at + 2).and_then(|n| Some(u16::from_le_bytes(n.try_into().ok()?)))
            };
            let rate = content.get(4..8).and_then(|n| Some(u32::from_le_bytes(n.try_into().ok()?)));
            right =
                number(0)? == PCM && number(2)? == 1 && rate? == SAMPLE_RATE && number(14)? == 16;
        }
        // Chunks start at even offsets.
        rest = content.get(size.checked_add(size % 2)?..)?;
    }
}
