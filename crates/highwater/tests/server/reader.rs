//! Readers: a hub's stream as a client has it, from the body's bytes to frames.
//!
//! Owns the reading and its deadline. It must not look behind the public interface.

use std::{
    collections::{BTreeSet, VecDeque},
    io::Write,
    time::Duration,
};

use axum::body::BodyDataStream;
use flate2::write::GzDecoder;
use futures::StreamExt;
use highwater::{
    AsOf, Cursor,
    frame::Frame,
    server::{Audience, ChangeLog, Encoding, Hub, HubSettings, Live, Subscribe, Subscription, sse},
};
use highwater_core::parser::{Item, Parser};
use tokio::time::Instant;

use crate::notes::Noted;

/// What a test waits for comes long before this.
const DEADLINE: Duration = Duration::from_secs(60);

/// And the end of a stream before this, however often it says `ping`.
const END: Duration = Duration::from_secs(1200);

pub struct Reader {
    body: BodyDataStream,
    /// Of a stream that is encoded.
    gzip: Option<GzDecoder<Vec<u8>>>,
    parser: Parser,
    frames: VecDeque<Frame<Noted>>,
    /// How many chunks came.
    pub chunks: usize,
    /// How many bytes they had.
    pub bytes: usize,
    /// The last `retry` field, in milliseconds.
    pub retry: Option<u64>,
}

impl Reader {
    pub async fn open<L: ChangeLog>(hub: &Hub<L, Noted>, ask: Subscribe) -> Self {
        Self::open_as(hub, ask, Encoding::Identity).await
    }

    pub async fn open_as<L: ChangeLog>(
        hub: &Hub<L, Noted>,
        ask: Subscribe,
        encoding: Encoding,
    ) -> Self {
        Self::of(hub.subscribe(ask).await.unwrap(), encoding)
    }

    /// Reads a subscription that is open.
    pub fn of<L: ChangeLog>(subscription: Subscription<L, Noted>, encoding: Encoding) -> Self {
        Self {
            body: sse(subscription, encoding).into_body().into_data_stream(),
            gzip: (encoding == Encoding::Gzip).then(|| GzDecoder::new(Vec::new())),
            parser: Parser::new(),
            frames: VecDeque::new(),
            chunks: 0,
            bytes: 0,
            retry: None,
        }
    }

    /// The next frame; `None` when the stream has ended.
    pub async fn next(&mut self) -> Option<Frame<Noted>> {
        while self.frames.is_empty() {
            let chunk = tokio::time::timeout(DEADLINE, self.body.next());
            let Some(chunk) = chunk.await.expect("something was to come") else {
                // It checks that all of it was there.
                let rest = self.gzip.take().map(|gzip| gzip.finish().unwrap());
                assert!(rest.is_none_or(|rest| rest.is_empty()), "each chunk was whole");
                return None;
            };
            let mut chunk = chunk.unwrap().to_vec();
            self.chunks += 1;
            self.bytes += chunk.len();
            if let Some(gzip) = &mut self.gzip {
                gzip.write_all(&chunk).unwrap();
                gzip.flush().unwrap();
                chunk = std::mem::take(gzip.get_mut());
            }
            for item in self.parser.push(&chunk).unwrap() {
                match item {
                    Item::Message(message) => self.frames.push_back(Frame::decode(&message)),
                    Item::Retry(ms) => self.retry = Some(ms),
                }
            }
        }
        self.frames.pop_front()
    }

    /// All frames but pings, until one says that everything up to `upto` was delivered.
    pub async fn until(&mut self, upto: &Cursor) -> Vec<Frame<Noted>> {
        let (mut frames, asked) = (Vec::new(), Instant::now());
        loop {
            assert!(asked.elapsed() < DEADLINE, "{upto} was to be reached");
            match self.next().await.expect("the stream goes on") {
                Frame::Ping { upto: complete, .. } if complete.reaches(upto) => return frames,
                Frame::Ping { .. } => {}
                frame => frames.push(frame),
            }
        }
    }

    /// All frames but pings until the stream ends.
    pub async fn rest(&mut self) -> Vec<Frame<Noted>> {
        let (mut frames, asked) = (Vec::new(), Instant::now());
        while let Some(frame) = self.next().await {
            assert!(asked.elapsed() < END, "the stream was to end");
            if !matches!(frame, Frame::Ping { .. }) {
                frames.push(frame);
            }
        }
        frames
    }

    /// Reads the greeting of a stream that starts at `at`.
    pub async fn greeted(mut self, at: &Cursor) -> Self {
        let connected = Frame::Connected { at: at.clone(), build: "build-1".into() };
        assert_eq!(self.next().await, Some(connected));
        self
    }
}

/// Where each frame stands and which note it is about; panics at other frames.
pub fn notes(frames: &[Frame<Noted>]) -> Vec<(u64, u32)> {
    let note = |frame: &Frame<Noted>| match frame {
        Frame::Event { at, event: Noted::Written { id } | Noted::Progress { id, .. }, .. } => {
            (at.at.major, *id)
        }
        other => panic!("an event, not {other:?}"),
    };
    frames.iter().map(note).collect()
}

/// Quick settings for real time; where time is paused they are quick anyhow.
pub fn settings() -> HubSettings<Noted> {
    HubSettings {
        build: "build-1".into(),
        poll: Duration::from_millis(40),
        heartbeat: Duration::from_millis(20),
        ..HubSettings::default()
    }
}

pub async fn start<L: ChangeLog>(log: &L, settings: HubSettings<Noted>) -> Live<L, Noted> {
    Live::start(log.clone(), settings).await.unwrap()
}

/// What user 7 asks for, with audiences decided at the log's head.
pub async fn ask<L: ChangeLog>(live: &Live<L, Noted>, audiences: &[&str]) -> Subscribe {
    let evaluated = AsOf::upto(&live.head().await.unwrap());
    Subscribe {
        wire: 0,
        audiences: audiences.iter().map(Audience::new).collect(),
        evaluated,
        subjects: BTreeSet::from(["user:7".to_owned()]),
        after: None,
        collapse: false,
        expires: None,
        hello: serde_json::Map::new(),
        types: None,
        owner: "user:7".to_owned(),
    }
}

/// A reader of these audiences from the head on, greeted. Nobody writes meanwhile.
pub async fn listen<L: ChangeLog>(live: &Live<L, Noted>, audiences: &[&str]) -> Reader {
    let ask = ask(live, audiences).await;
    settle(live).await;
    let at = live.head().await.unwrap();
    Reader::open(live.hub(), ask).await.greeted(&at).await
}

/// A reader of these audiences from where the hub is, also while others write.
pub async fn listen_anywhere<L: ChangeLog>(live: &Live<L, Noted>, audiences: &[&str]) -> Reader {
    let mut reader = Reader::open(live.hub(), ask(live, audiences).await).await;
    let hello = reader.next().await;
    assert!(matches!(hello, Some(Frame::Connected { .. })), "{hello:?}");
    reader
}

/// Which notes frames are about; panics at other frames, and where they are not in log order.
pub fn ids(frames: &[Frame<Noted>]) -> Vec<u32> {
    let places: Vec<_> = frames
        .iter()
        .map(|frame| match frame {
            Frame::Event { at, .. } => at.at,
            other => panic!("an event, not {other:?}"),
        })
        .collect();
    assert!(places.is_sorted_by(|one, next| one < next), "{places:?}");
    notes(frames).into_iter().map(|(_, id)| id).collect()
}

/// Waits until the hub has routed everything there is: a resume at the head needs that.
pub async fn settle<L: ChangeLog>(live: &Live<L, Noted>) {
    let mut ask = ask(live, &[]).await;
    let head = live.head().await.unwrap();
    ask.after = Some(Ok(head.clone()));
    Reader::open(live.hub(), ask).await.until(&head).await;
}
