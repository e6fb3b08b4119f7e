//! The speaking program: started for one text, given it, listened to and ended.
//!
//! Owns its arguments and limits. No shell is involved, no argument comes from a text, and the
//! program is killed when nobody waits for it any more.

use std::{
    io::ErrorKind,
    path::PathBuf,
    process::{ExitStatus, Stdio},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt},
    process::{Child, Command},
};

use super::{SAMPLE_RATE, Speech, SpeechError, wave};
use crate::content::model::{Rate, Voice};

/// How much of what the program says about an error is kept, in bytes.
const MESSAGE: u64 = 2_000;

/// What one text may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// From the start of the program to its end.
    pub time: Duration,
    /// What it may write, in bytes; 44,100 are a second of speech.
    pub bytes: usize,
}

impl Default for Limits {
    /// Two minutes, for an hour of speech: the program speaks about a hundred times as fast as
    /// a person.
    fn default() -> Self {
        Self { time: Duration::from_secs(120), bytes: 3_600 * 2 * SAMPLE_RATE as usize }
    }
}

/// Runs the speaking program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Speaker {
    program: PathBuf,
    limits: Limits,
}

impl Speaker {
    /// With a program by its path, or by its name if it is in one of the directories in `PATH`.
    pub fn new(program: impl Into<PathBuf>, limits: Limits) -> Self {
        Self { program: program.into(), limits }
    }

    /// Speaks a text. Dropping the future ends the program.
    pub async fn speak(
        &self,
        text: &str,
        voice: &Voice,
        rate: Rate,
    ) -> Result<Speech, SpeechError> {
        if !text.chars().any(char::is_alphanumeric) {
            return Err(SpeechError::NothingToSay);
        }
        let mut child = self.start(voice, rate)?;
        let run = tokio::time::timeout(self.limits.time, self.listen(&mut child, text)).await;
        let heard = run.unwrap_or(Err(SpeechError::TooSlow(self.limits.time)));
        // Nothing to do for one that has ended already; otherwise it is ended and its entry in
        // the table of processes freed before anything else starts.
        if let Err(error) = child.kill().await {
            tracing::debug!(%error, "the speech program had ended already");
        }
        let (wave, message, status) = heard?;
        if !status.success() {
            return Err(self.failure(status, message, voice));
        }
        wave::read(&wave).inspect_err(|error| {
            tracing::warn!(program = %self.program.display(), ?error, %message, "the speech program wrote no sound");
        })
    }

    fn start(&self, voice: &Voice, rate: Rate) -> Result<Child, SpeechError> {
        let mut command = Command::new(&self.program);
        // It needs nothing of the server's environment but where programs and its voices are.
        let kept = ["PATH", "LANG", "LC_ALL", "ESPEAK_DATA_PATH"];
        command
            .env_clear()
            .envs(kept.iter().filter_map(|key| Some((*key, std::env::var_os(key)?))));
        command
            .args(["-v", voice.as_str(), "-s", &rate.words_a_minute().to_string()])
            // UTF-8 from standard input, read whole; a WAV file to standard output.
            .args(["-b", "1", "--stdin", "--stdout"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        command.spawn().map_err(|error| match error.kind() {
            ErrorKind::NotFound => {
                tracing::warn!(program = %self.program.display(), "the speech program is missing");
                SpeechError::Missing
            }
            _ => {
                tracing::error!(program = %self.program.display(), %error, "the speech program does not start");
                SpeechError::NotStarted(error)
            }
        })
    }

    /// Writes the text and reads what comes, all at once, so that no pipe fills up; then waits
    /// for the end. The output, what was said about errors, and how it ended.
    async fn listen(
        &self,
        child: &mut Child,
        text: &str,
    ) -> Result<(Vec<u8>, String, ExitStatus), SpeechError> {
        let broken = |what: &str| SpeechError::Broken(std::io::Error::other(what.to_owned()));
        let mut stdin = child.stdin.take().ok_or_else(|| broken("no standard input"))?;
        let stdout = child.stdout.take().ok_or_else(|| broken("no standard output"))?;
        let stderr = child.stderr.take().ok_or_else(|| broken("no standard error"))?;
        let text = spoken(text);
        let write = async move {
            match stdin.write_all(text.as_bytes()).await {
                // It ended without reading everything; its status says more than this.
                Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
                written => written.map_err(SpeechError::Broken),
            }
        };
        let (_, wave, message) = tokio::try_join!(write, self.output(stdout), message(stderr))?;
        let status = child.wait().await.map_err(SpeechError::Broken)?;
        Ok((wave, message, status))
    }

    /// What the program writes, as long as it is not too much.
    async fn output(&self, stdout: impl AsyncRead + Unpin) -> Result<Vec<u8>, SpeechError> {
        let most = self.limits.bytes;
        let mut wave = Vec::new();
        // One byte more than is allowed tells the two cases apart.
        let mut stdout = stdout.take(u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1));
        stdout.read_to_end(&mut wave).await.map_err(SpeechError::Broken)?;
        if wave.len() > most {
            return Err(SpeechError::TooLong { minutes: most / (120 * SAMPLE_RATE as usize) });
        }
        Ok(wave)
    }

    fn failure(&self, status: ExitStatus, message: String, voice: &Voice) -> SpeechError {
        tracing::warn!(program = %self.program.display(), %status, %message, "the speech program failed");
        if message.contains("voice does not exist") {
            return SpeechError::NoSuchVoice(voice.clone());
        }
        SpeechError::Failed { status: status.code(), message }
    }
}

/// The beginning of what the program says about errors. The rest is read and dropped, so that
/// the program does not wait for a reader.
async fn message(mut stderr: impl AsyncRead + Unpin) -> Result<String, SpeechError> {
    let mut beginning = Vec::new();
    (&mut stderr).take(MESSAGE).read_to_end(&mut beginning).await.map_err(SpeechError::Broken)?;
    tokio::io::copy(&mut stderr, &mut tokio::io::sink()).await.map_err(SpeechError::Broken)?;
    Ok(String::from_utf8_lossy(&beginning).trim().to_owned())
}

/// A text as the program may have it: without what it takes for commands to itself. Double square
/// brackets enclose phonemes, and control characters change the voice.
fn spoken(text: &str) -> String {
    let plain: String = text.chars().filter(|c| !c.is_control() || *c == '\n').collect();
    let mut spoken = String::with_capacity(plain.len() + 1);
    for character in plain.chars() {
        if character == '[' && spoken.ends_with('[') {
            spoken.push(' ');
        }
        spoken.push(character);
    }
    spoken.push('\n');
    spoken
}
