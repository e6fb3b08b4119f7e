//! The application of these tests: notes that are written, counted, and progress.
//!
//! Owns its event and refusal, and short ways to write them. It must not know any log.

use highwater::{
    Cursor, LiveEvent, MutationId,
    server::{Audience, By, ChangeLog, Live, LogError},
};
use sea_orm::DbErr;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum Noted {
    #[serde(rename = "note.written")]
    Written { id: u32 },
    #[serde(rename = "note.progress")]
    Progress { id: u32, done: u32 },
}

impl LiveEvent for Noted {
    type Tag = u32;

    fn tags(&self) -> Vec<u32> {
        match self {
            Self::Written { id } | Self::Progress { id, .. } => vec![*id],
        }
    }

    fn about(&self) -> Option<String> {
        match self {
            Self::Written { id } => Some(format!("note:{id}")),
            Self::Progress { .. } => None,
        }
    }

    fn conflate(&self) -> Option<String> {
        match self {
            Self::Written { .. } => None,
            Self::Progress { id, .. } => Some(format!("progress of {id}")),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refused {
    /// Final.
    Forbidden,
    /// Not an outcome.
    Broken(String),
    /// Not an outcome, and worth another attempt.
    Busy(String),
}

impl highwater::Refusal for Refused {
    fn is_final(&self) -> bool {
        *self == Self::Forbidden
    }

    fn is_busy(&self) -> bool {
        matches!(self, Self::Busy(_))
    }
}

impl From<LogError> for Refused {
    fn from(error: LogError) -> Self {
        match error {
            LogError::Busy(_) => Self::Busy(error.to_string()),
            error => Self::Broken(error.to_string()),
        }
    }
}

impl From<DbErr> for Refused {
    fn from(error: DbErr) -> Self {
        LogError::from(error).into()
    }
}

pub fn audiences(names: &[&str]) -> Vec<Audience> {
    names.iter().map(Audience::new).collect()
}

pub fn by(actor: &str, id: u128) -> By {
    By::actor(actor).under(MutationId::new(id))
}

/// Records one event, as its own write.
pub async fn say<L: ChangeLog>(live: &Live<L, Noted>, to: &[&str], event: Noted) -> Cursor {
    say_all(live, vec![(audiences(to), event)]).await
}

/// Records that note `id` was written, as its own write.
pub async fn note<L: ChangeLog>(live: &Live<L, Noted>, to: &[&str], id: u32) -> Cursor {
    say(live, to, Noted::Written { id }).await
}

/// Records this many pairs of a note and its progress, in one write each.
pub async fn notes_and_progress<L: ChangeLog>(
    live: &Live<L, Noted>,
    to: &[&str],
    pairs: u32,
) -> Cursor {
    let pair = |id| [Noted::Written { id }, Noted::Progress { id, done: 1 }];
    let events = (0..pairs).flat_map(pair).map(|event| (audiences(to), event));
    say_all(live, events.collect()).await
}

/// Records events in one write; answers the last one's cursor.
pub async fn say_all<L: ChangeLog>(
    live: &Live<L, Noted>,
    events: Vec<(Vec<Audience>, Noted)>,
) -> Cursor {
    let written = live.write::<_, Refused>(By::nobody(), |write| {
        Box::pin(async move {
            for (to, event) in events {
                write.record(&to, &event).await?;
            }
            Ok(())
        })
    });
    written.await.unwrap().cursor
}
