//! Frames: what one message of the application's own stream says.
//!
//! Owns the JSON of every frame, both ways, and the writing of event-stream text. It must not know
//! who receives a frame or what a cache does with it.

use serde::{Deserialize, Serialize};

use crate::{
    cursor::Cursor,
    event::{LiveEvent, MutationId},
    json,
    parser::Message,
};

/// One message of the stream, decoded.
#[derive(Clone, Debug, PartialEq)]
pub enum Frame<E: LiveEvent> {
    /// The stream is open; everything after `at` that this subscriber may hear will follow.
    Connected {
        /// The resume position; the head when there was none.
        at: Cursor,
        /// Fingerprint of the server's wire types.
        build: String,
    },
    /// Something happened.
    Event {
        /// Its row in the log.
        at: Cursor,
        /// The mutation that caused it.
        by: Option<MutationId>,
        /// What happened.
        event: E,
    },
    /// Something happens that leaves no trace, such as somebody typing. It is heard now or never:
    /// it has no place in the log, moves no position and concerns nothing that is cached.
    Ephemeral {
        /// What; `None` if this build does not know it.
        event: Option<E>,
    },
    /// A backlog, collapsed: these tags went stale.
    Stale {
        /// Each tag with the newest row that touched it.
        tags: Vec<(E::Tag, Cursor)>,
        /// The last row the collapsed backlog held.
        upto: Cursor,
    },
    /// Everything up to `upto` that this subscriber may hear has been delivered.
    Ping {
        /// Complete through here.
        upto: Cursor,
        /// When the server last read the log's head, in milliseconds since the Unix epoch.
        checked_ms: u64,
    },
    /// What this subscriber may see has changed.
    Access {
        /// Tags it may see from now on; stale.
        gained: Vec<E::Tag>,
        /// Tags it may no longer see; to be purged.
        lost: Vec<E::Tag>,
        /// The row that changed it.
        at: Cursor,
    },
    /// What this subscriber proved itself with has been ended: its session, its token. The stream
    /// ends here, and another would be refused.
    End {
        /// The row that ended it.
        at: Cursor,
    },
    /// The resume position is unknown or too old: start over from `at`.
    Reset {
        /// The log's head.
        at: Cursor,
    },
    /// A message that this build cannot decode: anything may have changed.
    Unknown {
        /// Its row, if it named one.
        at: Option<Cursor>,
    },
}

/// The JSON of the control frames. `connected` may carry more fields (who is signed in).
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Control<T> {
    Connected { build: String },
    Stale { tags: Vec<(T, Cursor)>, upto: Cursor },
    Ping { upto: Cursor, checked_at: u64 },
    Access { gained: Vec<T>, lost: Vec<T> },
    End {},
    Reset {},
}

#[derive(Deserialize)]
struct Head {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    by: Option<MutationId>,
}

/// Any control frame, as it is read. Serde's own reading of a tagged enum keeps the JSON in between,
/// and compiles the reading of each type once more for that: too much for a browser's bundle.
#[derive(Deserialize)]
struct Told<T> {
    build: Option<String>,
    tags: Option<Vec<(T, Cursor)>>,
    upto: Option<Cursor>,
    checked_at: Option<u64>,
    gained: Option<Vec<T>>,
    lost: Option<Vec<T>>,
}

#[derive(Serialize)]
struct Caused<'a, E> {
    #[serde(flatten)]
    event: &'a E,
    #[serde(skip_serializing_if = "Option::is_none")]
    recorded_at: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<&'a MutationId>,
}

impl<E: LiveEvent> Frame<E> {
    /// Reads a message. Never fails: what cannot be read is [`Frame::Unknown`].
    pub fn decode(message: &Message) -> Self {
        let at = message.id.as_deref().and_then(|id| id.parse::<Cursor>().ok());
        let fleeting = message.id.is_none();
        Self::read(&message.data, at.as_ref(), fleeting).unwrap_or(Self::Unknown { at })
    }

    fn read(data: &str, at: Option<&Cursor>, fleeting: bool) -> Option<Self> {
        let head: Head = json::read(data).ok()?;
        let at = at.cloned();
        if !matches!(&*head.kind, "connected" | "stale" | "ping" | "access" | "end" | "reset") {
            let event = E::read(&head.kind, data);
            if fleeting {
                return Some(Self::Ephemeral { event });
            }
            return Some(Self::Event { at: at?, by: head.by, event: event? });
        }
        let told: Told<E::Tag> = json::read(data).ok()?;
        Some(match &*head.kind {
            "connected" => Self::Connected { at: at?, build: told.build? },
            "stale" => Self::Stale { tags: told.tags?, upto: told.upto? },
            "ping" => Self::Ping { upto: told.upto?, checked_ms: told.checked_at? },
            "access" => Self::Access { gained: told.gained?, lost: told.lost?, at: at? },
            "end" => Self::End { at: at? },
            _ => Self::Reset { at: at? },
        })
    }

    /// Writes the message as event-stream text, unnamed and, if it has a position, with its `id:`.
    ///
    /// # Errors
    /// When the event's own serialisation fails.
    pub fn encode(&self) -> Result<String, serde_json::Error> {
        let (id, data) = match self {
            Self::Connected { at, build } => {
                (Some(at), Self::json(Control::Connected { build: build.clone() })?)
            }
            Self::Event { at, by, event } => (Some(at), event_json(event, by.as_ref(), None)?),
            Self::Ephemeral { event: Some(event) } => (None, event_json(event, None, None)?),
            Self::Ephemeral { event: None } => (None, r#"{"type":""}"#.to_owned()),
            Self::Stale { tags, upto } => {
                let frame = Control::Stale { tags: tags.clone(), upto: upto.clone() };
                (Some(upto), Self::json(frame)?)
            }
            Self::Ping { upto, checked_ms } => {
                let frame = Control::Ping { upto: upto.clone(), checked_at: *checked_ms };
                (Some(upto), Self::json(frame)?)
            }
            Self::Access { gained, lost, at } => {
                let frame = Control::Access { gained: gained.clone(), lost: lost.clone() };
                (Some(at), Self::json(frame)?)
            }
            Self::End { at } => (Some(at), Self::json(Control::End {})?),
            Self::Reset { at } => (Some(at), Self::json(Control::Reset {})?),
            Self::Unknown { at } => (at.as_ref(), "{}".to_owned()),
        };
        Ok(message(None, id, &data))
    }

    fn json(control: Control<E::Tag>) -> Result<String, serde_json::Error> {
        serde_json::to_string(&control)
    }
}

/// An event's JSON as it travels: its own fields and, if a mutation caused it, `by`. A server adds
/// when it was recorded, `recorded_at` in Unix milliseconds, for whoever asks how long it took; no
/// client needs it.
///
/// # Errors
/// When the event's own serialisation fails.
pub fn event_json<E: LiveEvent>(
    event: &E,
    by: Option<&MutationId>,
    recorded_at: Option<u64>,
) -> Result<String, serde_json::Error> {
    if by.is_none() && recorded_at.is_none() {
        return serde_json::to_string(event);
    }
    serde_json::to_string(&Caused { event, recorded_at, by })
}

/// One event-stream message: `event:` when named, `id:` when it has a position, `data:` line by
/// line, and the empty line that dispatches it.
pub fn message(name: Option<&str>, id: Option<&Cursor>, data: &str) -> String {
    let mut text = String::with_capacity(data.len() + 64);
    let mut line = |field: &str, value: &str| {
        text.push_str(field);
        text.push_str(value);
        text.push('\n');
    };
    if let Some(name) = name {
        line("event: ", name);
    }
    if let Some(id) = id {
        line("id: ", &id.to_string());
    }
    for part in data.split('\n') {
        line("data: ", part);
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        cursor::Epoch,
        parser::{Item, Parser},
    };
    use proptest::{collection::vec, option, prelude::*};

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[serde(tag = "type")]
    enum Noted {
        #[serde(rename = "note.written")]
        Written { id: u32, text: String },
        #[serde(rename = "note.counted")]
        Counted,
    }

    impl LiveEvent for Noted {
        type Tag = u32;
        fn tags(&self) -> Vec<u32> {
            match self {
                Self::Written { id, .. } => vec![*id],
                Self::Counted => vec![0],
            }
        }
    }

    fn cursors() -> impl Strategy<Value = Cursor> {
        (any::<u64>(), any::<u64>())
            .prop_map(|(major, minor)| Cursor::new(Epoch::new("log-1").unwrap(), major, minor))
    }

    fn frames() -> impl Strategy<Value = Frame<Noted>> {
        let event = prop_oneof![
            (any::<u32>(), ".*").prop_map(|(id, text)| Noted::Written { id, text }),
            Just(Noted::Counted),
        ];
        let by = option::of(any::<u128>().prop_map(MutationId::new));
        prop_oneof![
            (cursors(), ".*").prop_map(|(at, build)| Frame::Connected { at, build }),
            (cursors(), by, event.clone()).prop_map(|(at, by, event)| Frame::Event {
                at,
                by,
                event
            }),
            option::of(event).prop_map(|event| Frame::Ephemeral { event }),
            (vec((any::<u32>(), cursors()), 0..5), cursors())
                .prop_map(|(tags, upto)| Frame::Stale { tags, upto }),
            (cursors(), any::<u64>())
                .prop_map(|(upto, checked_ms)| Frame::Ping { upto, checked_ms }),
            (vec(any::<u32>(), 0..4), vec(any::<u32>(), 0..4), cursors())
                .prop_map(|(gained, lost, at)| Frame::Access { gained, lost, at }),
            cursors().prop_map(|at| Frame::End { at }),
            cursors().prop_map(|at| Frame::Reset { at }),
        ]
    }

    proptest! {
        #[test]
        fn a_frame_survives_the_wire(frame in frames()) {
            let text = frame.encode().unwrap();
            let items = Parser::new().push(text.as_bytes()).unwrap();
            let [Item::Message(message)] = &items[..] else { panic!("one message, not {items:?}") };
            prop_assert_eq!(Frame::<Noted>::decode(message), frame);
        }
    }

    #[test]
    fn what_this_build_cannot_decode_is_unknown_and_keeps_its_place() {
        let at = Cursor::new(Epoch::new("log-1").unwrap(), 7, 0);
        for data in
            ["", "{", "[]", r#"{"type":"note.burnt"}"#, r#"{"type":"note.written","id":"x"}"#]
        {
            let message =
                Message { event: "message".into(), data: data.into(), id: Some(at.to_string()) };
            assert_eq!(Frame::<Noted>::decode(&message), Frame::Unknown { at: Some(at.clone()) });
        }
    }

    #[test]
    fn an_event_without_an_id_is_ephemeral_and_one_with_a_strange_id_is_not() {
        let decode = |id: Option<&str>, data: &str| {
            let (event, id) = ("message".to_owned(), id.map(str::to_owned));
            Frame::<Noted>::decode(&Message { event, data: data.to_owned(), id })
        };
        let (counted, burnt) = (r#"{"type":"note.counted"}"#, r#"{"type":"note.burnt"}"#);
        assert_eq!(decode(None, counted), Frame::Ephemeral { event: Some(Noted::Counted) });
        // A newer server's: nothing that is cached depends on it.
        assert_eq!(decode(None, burnt), Frame::Ephemeral { event: None });
        assert_eq!(decode(Some("here"), counted), Frame::Unknown { at: None });
        assert_eq!(decode(None, r#"{"type":"reset"}"#), Frame::Unknown { at: None });
        assert_eq!(decode(None, "<html>"), Frame::Unknown { at: None });
    }

    #[test]
    fn the_json_is_the_documented_one() {
        let at = Cursor::new(Epoch::new("e").unwrap(), 7, 0);
        let by = MutationId::new(10);
        let event = Frame::Event {
            at: at.clone(),
            by: Some(by),
            event: Noted::Written { id: 3, text: "a\nb".into() },
        };
        assert_eq!(
            event.encode().unwrap(),
            "id: e.7.0\ndata: {\"type\":\"note.written\",\"id\":3,\"text\":\"a\\nb\",\"by\":\"0000000000000000000000000000000a\"}\n\n"
        );
        let ping = Frame::<Noted>::Ping { upto: at, checked_ms: 5 };
        assert_eq!(
            ping.encode().unwrap(),
            "id: e.7.0\ndata: {\"type\":\"ping\",\"upto\":\"e.7.0\",\"checked_at\":5}\n\n"
        );
    }
}
