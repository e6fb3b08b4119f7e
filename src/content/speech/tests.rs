//! Speech by the real program, and by programs that misbehave; what is heard is decoded.

use std::{fs, io::Write, path::PathBuf, process, time::Duration};

use symphonia::core::{
    codecs::audio::AudioDecoderOptions,
    formats::{TrackType, probe::Hint},
    io::MediaSourceStream,
};
use tempfile::TempDir;

use super::*;
use crate::content::model::{Host, Rate, Script, Segment, Turn, Voice};

mod limits;

/// A program in place of the one that speaks: a shell script in a directory of its own.
struct Fake {
    directory: TempDir,
}

impl Fake {
    /// With `$here` for its directory.
    fn new(script: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        // Written by another process: this one might start a program at the same time, which
        // would hold the file open for a moment, and a file open for writing cannot be run.
        let mut install = process::Command::new("install")
            .args(["-m", "755", "/dev/stdin"])
            .arg(directory.path().join("speak"))
            .stdin(process::Stdio::piped())
            .spawn()
            .unwrap();
        let script = format!("#!/bin/sh\nhere={}\n{script}\n", directory.path().display());
        install.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
        assert!(install.wait().unwrap().success());
        Self { directory }
    }

    /// One that says a second of a tone, whatever the text is.
    fn tone() -> Self {
        let fake = Self::new("cat > $here/heard; cat $here/tone.wav");
        let mut wave = b"RIFF\xff\xff\xff\x7fWAVEfmt \x10\0\0\0\x01\0\x01\0".to_vec();
        wave.extend(SAMPLE_RATE.to_le_bytes());
        wave.extend((2 * SAMPLE_RATE).to_le_bytes());
        wave.extend(b"\x02\0\x10\0data\xff\xff\xff\x7f");
        for sample in 0..SAMPLE_RATE {
            let value = if sample % 100 < 50 { 5_000_i16 } else { -5_000 };
            wave.extend(value.to_le_bytes());
        }
        fs::write(fake.path("tone.wav"), wave).unwrap();
        fake
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn speaker(&self, limits: Limits) -> Speaker {
        Speaker::new(self.path("speak"), limits)
    }

    async fn speak(&self, text: &str) -> Result<Speech, SpeechError> {
        self.speaker(Limits::default()).speak(text, &Voice::default(), Rate::default()).await
    }
}

fn espeak() -> Speaker {
    Speaker::new("espeak-ng", Limits::default())
}

fn turn(host: Host, text: &str) -> Turn {
    Turn { host, text: text.into() }
}

/// Whether a decoded MP3 has what was spoken and the encoder's padding around it: its delay of 576
/// samples, the decoder's of 529, and the rest of the last frames.
fn is_padded(decoded: usize, spoken: usize) -> bool {
    (spoken..spoken + 4 * 576).contains(&decoded)
}

/// The sample rate and the samples of an MP3.
fn decode(bytes: Vec<u8>) -> (u32, Vec<i16>) {
    let source = MediaSourceStream::new(Box::new(std::io::Cursor::new(bytes)), Default::default());
    let mut hint = Hint::new();
    hint.with_extension("mp3");
    let mut format = symphonia::default::get_probe()
        .probe(&hint, source, Default::default(), Default::default())
        .unwrap();
    let track = format.default_track(TrackType::Audio).unwrap();
    let parameters = track.codec_params.as_ref().unwrap().audio().unwrap().clone();
    let mut decoder = symphonia::default::get_codecs()
        .make_audio_decoder(&parameters, &AudioDecoderOptions::default())
        .unwrap();
    let mut samples = Vec::new();
    while let Some(packet) = format.next_packet().unwrap() {
        let decoded = decoder.decode(&packet).unwrap();
        assert_eq!(decoded.spec().channels().count(), 1);
        let mut part: Vec<i16> = Vec::new();
        decoded.copy_to_vec_interleaved(&mut part);
        samples.extend(part);
    }
    (parameters.sample_rate.unwrap(), samples)
}

#[tokio::test]
async fn an_mp3_decodes_to_what_was_spoken() {
    let mut recording = Recording::new().unwrap();
    let speech = espeak()
        .speak(
            "The friend of popular governments never finds himself so much alarmed.",
            &Voice::default(),
            Rate::default(),
        )
        .await
        .unwrap();
    assert!((2 * 22_050..10 * 22_050).contains(&speech.samples.len()));
    recording.add(&speech).unwrap();
    recording.end_segment();
    recording.pause(Duration::from_secs(1)).unwrap();
    recording.add(&speech).unwrap();
    recording.end_segment();
    let audio = recording.finish().unwrap();

    let spoken = 2 * speech.samples.len() + 22_050;
    assert_eq!(audio.duration_ms, spoken as u64 * 1_000 / 22_050);
    assert_eq!(audio.segments_ms.iter().sum::<u64>(), audio.duration_ms);
    assert_eq!(audio.segments_ms[0], speech.samples.len() as u64 * 1_000 / 22_050);
    assert_eq!((audio.media_type, audio.sample_rate), ("audio/mpeg", 22_050));
    let bits_a_second = audio.bytes.len() as u64 * 8_000 / audio.duration_ms;
    assert!((46_000..52_000).contains(&bits_a_second), "{bits_a_second}");

    let (rate, samples) = decode(audio.bytes);
    assert_eq!(rate, 22_050);
    assert!(is_padded(samples.len(), spoken), "{} for {spoken}", samples.len());
    // The middle of the pause is silent, and what surrounds it is not.
    let loudest = |part: &[i16]| part.iter().map(|sample| sample.unsigned_abs()).max().unwrap();
    let pause = speech.samples.len() + 5_000;
    assert!(loudest(&samples[pause..pause + 10_000]) < 200);
    assert!(loudest(&samples[..speech.samples.len()]) > 5_000);
}

#[tokio::test]
async fn the_two_hosts_have_different_voices_and_the_rate_is_heard() {
    let speak = async |voice: &str, rate: u16| {
        let (voice, rate) = (voice.parse().unwrap(), rate.try_into().unwrap());
        espeak()
            .speak("A republic is another matter altogether.", &voice, rate)
            .await
            .unwrap()
            .samples
    };
    let (woman, man) = (speak("en-us+f3", 160).await, speak("en-us+m3", 160).await);
    assert_ne!(woman, man);
    assert!(speak("en-us+f3", 240).await.len() * 4 < woman.len() * 3);
    // A voice with twice the pitch crosses zero more often.
    let crossings = |samples: &[i16]| {
        let crossed = samples.windows(2).filter(|pair| (pair[0] < 0) != (pair[1] < 0)).count();
        crossed as f64 / samples.len() as f64
    };
    assert!((crossings(&woman) / crossings(&man) - 1.0).abs() > 0.05);
}

#[tokio::test]
async fn an_episode_has_pauses_and_tells_its_progress() {
    let script = Script {
        title: "Two".into(),
        segments: vec![
            Segment { title: "One".into(), turns: vec![turn(Host::A, "a"), turn(Host::B, "b")] },
            Segment { title: "Two".into(), turns: vec![turn(Host::A, "…"), turn(Host::B, "c")] },
        ],
    };
    let cast = Cast::of(&script);
    let mut told = Vec::new();
    let speaker = Fake::tone();
    let audio = record(&speaker.speaker(Limits::default()), &script, &cast, |done, total| {
        told.push((done, total));
    })
    .await
    .unwrap();
    assert_eq!(told, [(0, 4), (1, 4), (2, 4), (3, 4), (4, 4)]);
    assert_eq!(audio.segments_ms, [2_400, 2_300]);
    assert!(is_padded(decode(audio.bytes).1.len(), 22_050 * 47 / 10));

    let silent = Script { segments: vec![], ..script };
    let error = record(&speaker.speaker(Limits::default()), &silent, &cast, |_, _| {}).await;
    assert!(matches!(error, Err(SpeechError::NothingToSay)));
}

#[test]
fn a_script_is_spoken_in_its_own_language() {
    let cast = |text: &str| {
        let turns = vec![turn(Host::A, text), turn(Host::B, "What follows?")];
        let cast = Cast::of(&Script {
            title: String::new(),
            segments: vec![Segment { title: String::new(), turns }],
        });
        (cast.a.to_string(), cast.b.to_string())
    };
    let both = |language: &str| (format!("{language}+f3"), format!("{language}+m3"));
    assert_eq!(
        cast(
            "Die Würde des Menschen ist unantastbar. Sie zu achten und zu schützen ist Verpflichtung aller staatlichen Gewalt."
        ),
        both("de")
    );
    assert_eq!(cast("يولد جميع الناس أحرارا متساوين في الكرامة والحقوق."), both("ar"));
    assert_eq!(cast("Hello."), both("en-us"));
}
