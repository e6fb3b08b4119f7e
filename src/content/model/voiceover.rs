//! Voiceovers: a text that is spoken in one voice.
//!
//! Owns the limits of the text and what a change of one means. It must not know how one is spoken.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{MediaFile, MediaStatus, Rate, TITLE_MAX_CHARS, Title, Voice, VoiceoverId};
use crate::error::AppError;

/// The longest text, in characters: about twenty minutes at the usual rate.
pub const VOICEOVER_MAX_CHARS: usize = 20_000;

/// About how many characters of a text are its title where nobody gave one.
const TITLE_CHARS: usize = 60;

/// A voiceover as the list shows it: an MP3 file at `/api/v1/voiceovers/{id}/audio`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct VoiceoverRow {
    /// Identity.
    pub id: VoiceoverId,
    /// What it is called.
    pub title: String,
    /// How far it has come.
    pub status: MediaStatus,
    /// Why it could not be spoken, as sentences.
    pub error: Option<String>,
    /// Who speaks.
    pub voice: Voice,
    /// How fast.
    pub rate: Rate,
    /// How many characters the text has.
    pub characters: u64,
    /// The sound, once it was spoken.
    pub audio: Option<MediaFile>,
    /// How long that is, in milliseconds.
    pub duration_ms: Option<u64>,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it last changed.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
    /// 1, and one more for each change.
    pub version: u64,
}

/// A voiceover, whole but for its sound.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Voiceover {
    /// What the list shows.
    #[serde(flatten)]
    pub row: VoiceoverRow,
    /// What is spoken.
    pub text: String,
}

/// A voiceover to be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct NewVoiceover {
    /// What it is called; without it, by the first words of the text.
    #[serde(default)]
    pub title: String,
    /// What is to be spoken.
    pub text: String,
    /// Who speaks.
    #[serde(default)]
    pub voice: Voice,
    /// How fast.
    #[serde(default)]
    pub rate: Rate,
}

/// A change of a voiceover. What is left out stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct VoiceoverChange {
    /// What it is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What is to be spoken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Who speaks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voice: Option<Voice>,
    /// How fast.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<Rate>,
    /// The version that the change was decided on; another one refuses it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
}

/// What a change makes of a voiceover.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changed {
    /// The same as it was.
    Nothing,
    /// Called otherwise.
    Renamed(Voiceover),
    /// To be spoken again: its sound is of another text, voice or rate.
    Respoken(Voiceover),
}

impl NewVoiceover {
    /// What is to be spoken and what that is called, as they are stored.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for the first field that cannot be so.
    pub fn validate(&self) -> Result<(Title, String), AppError> {
        let text = spoken(&self.text)?;
        let title = match self.title.trim() {
            "" => first_words(&text),
            title => title.to_owned(),
        };
        Ok((Title::new(&title)?, text))
    }
}

impl VoiceoverRow {
    /// Lays over it that it is being spoken.
    pub fn begin(&mut self) {
        (self.status, self.error) = (MediaStatus::Generating, None);
    }

    /// The address of its sound.
    pub fn address(&self) -> Option<String> {
        let audio = self.audio.as_ref()?;
        Some(format!("/api/v1/voiceovers/{}/audio?v={}", self.id, audio.tag))
    }
}

impl Voiceover {
    /// What a change makes of it.
    ///
    /// # Errors
    /// [`AppError::VersionConflict`] if it was decided on another version, [`AppError::Invalid`] for
    /// a title or a text that cannot be, [`AppError::Conflict`] for another text, voice or rate
    /// while it is being spoken.
    pub fn changed(&self, change: &VoiceoverChange) -> Result<Changed, AppError> {
        if change.version.is_some_and(|version| version != self.row.version) {
            let message = "The voiceover has changed in the meantime. Look at it, and try again.";
            let (message, current) = (message.to_owned(), self.row.version);
            return Err(AppError::VersionConflict { message, current });
        }
        let mut next = self.clone();
        if let Some(title) = &change.title {
            Title::new(title)?.as_str().clone_into(&mut next.row.title);
        }
        if let Some(text) = &change.text {
            next.text = spoken(text)?;
            next.row.characters = next.text.chars().count() as u64;
        }
        if let Some(voice) = &change.voice {
            next.row.voice = voice.clone();
        }
        next.row.rate = change.rate.unwrap_or(self.row.rate);
        let heard = |of: &Self| (of.text.clone(), of.row.voice.clone(), of.row.rate);
        if heard(&next) != heard(self) {
            self.row.status.may_generate()?;
            (next.row.audio, next.row.duration_ms) = (None, None);
            next.row.begin();
            return Ok(Changed::Respoken(next));
        }
        Ok(match next == *self {
            true => Changed::Nothing,
            false => Changed::Renamed(next),
        })
    }
}

/// A text as it is stored.
fn spoken(text: &str) -> Result<String, AppError> {
    let text = text.trim();
    let message = if !text.chars().any(char::is_alphanumeric) {
        "Write what is to be spoken.".to_owned()
    } else if text.chars().count() > VOICEOVER_MAX_CHARS {
        "A text has at most 20,000 characters. Make two voiceovers of it.".to_owned()
    } else {
        return Ok(text.to_owned());
    };
    Err(AppError::invalid("text", message))
}

/// The beginning of a text, on one line, ending with a word.
fn first_words(text: &str) -> String {
    let mut title = String::new();
    for word in text.split(|letter: char| letter.is_whitespace() || letter.is_control()) {
        let longer = title.chars().count() + word.chars().count() + 1;
        if !title.is_empty() && longer > TITLE_CHARS {
            return title + "…";
        }
        if !title.is_empty() && !word.is_empty() {
            title.push(' ');
        }
        title.push_str(word);
    }
    title.chars().take(TITLE_MAX_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn voiceover() -> Voiceover {
        let now = OffsetDateTime::UNIX_EPOCH;
        let row = VoiceoverRow {
            id: VoiceoverId::of_bits(1),
            title: "Old".to_owned(),
            status: MediaStatus::Ready,
            error: None,
            voice: Voice::default(),
            rate: Rate::default(),
            characters: 6,
            audio: Some(MediaFile { tag: "a".to_owned(), bytes: 9 }),
            duration_ms: Some(900),
            created_at: now,
            updated_at: now,
            version: 2,
        };
        Voiceover { row, text: "Hello.".to_owned() }
    }

    #[test]
    fn another_title_leaves_the_sound_and_another_text_takes_it_away() {
        let before = voiceover();
        let title =
            VoiceoverChange { title: Some(" New ".to_owned()), ..VoiceoverChange::default() };
        let Changed::Renamed(renamed) = before.changed(&title).unwrap() else { panic!() };
        assert_eq!((renamed.row.title.as_str(), renamed.row.audio.is_some()), ("New", true));
        let text =
            VoiceoverChange { text: Some("Hello you.".to_owned()), ..VoiceoverChange::default() };
        let Changed::Respoken(spoken) = before.changed(&text).unwrap() else { panic!() };
        assert_eq!((spoken.row.characters, spoken.row.status), (10, MediaStatus::Generating));
        assert_eq!((&spoken.row.audio, spoken.row.duration_ms), (&None, None));
        let same = VoiceoverChange {
            text: Some(" Hello.\n".to_owned()),
            rate: Some(Rate::default()),
            version: Some(2),
            ..VoiceoverChange::default()
        };
        assert_eq!(before.changed(&same), Ok(Changed::Nothing));
    }

    #[test]
    fn what_is_being_spoken_can_be_renamed_and_nothing_else() {
        let mut before = voiceover();
        before.row.begin();
        let rate = VoiceoverChange { rate: Rate::try_from(200).ok(), ..VoiceoverChange::default() };
        assert!(matches!(before.changed(&rate), Err(AppError::Conflict { .. })));
        let title = VoiceoverChange { title: Some("New".to_owned()), ..VoiceoverChange::default() };
        assert!(matches!(before.changed(&title), Ok(Changed::Renamed(_))));
        let old = VoiceoverChange { version: Some(1), ..title };
        let refused = before.changed(&old);
        assert!(matches!(refused, Err(AppError::VersionConflict { current: 2, .. })));
    }

    #[test]
    fn a_voiceover_without_a_title_is_called_by_its_first_words() {
        let named = |title: &str, text: &str| {
            let (title, text) = (title.to_owned(), text.to_owned());
            let new = NewVoiceover { title, text, voice: Voice::default(), rate: Rate::default() };
            new.validate().map(|(title, _)| title.as_str().to_owned())
        };
        assert_eq!(named("", "Hello\n\tyou there.").as_deref(), Ok("Hello you there."));
        assert_eq!(named(" Mine ", "Hello.").as_deref(), Ok("Mine"));
        let long = named("", &"many words ".repeat(20)).unwrap();
        assert!(long.ends_with("words…") || long.ends_with("many…"), "{long}");
        assert!(long.chars().count() <= TITLE_CHARS + 1, "{long}");
        assert!(named("", &"a".repeat(VOICEOVER_MAX_CHARS)).is_ok());
        for text in ["", " \n", "…!", &"a".repeat(VOICEOVER_MAX_CHARS + 1)] {
            assert!(matches!(named("T", text), Err(AppError::Invalid { .. })));
        }
    }
}
