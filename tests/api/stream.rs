//! [`Stream`]: an open event stream, read with the engine's own parser.

use std::{collections::VecDeque, io::Write, time::Duration};

use flate2::write::GzDecoder;
use highwater::Cursor;
use highwater_core::parser::{Item, Message, Parser};
use reqwest::{Response, header::HeaderMap};
use serde_json::Value;

/// How long the next message may take.
const DEADLINE: Duration = Duration::from_secs(20);

/// An open stream.
pub struct Stream {
    pub headers: HeaderMap,
    response: Response,
    /// Of a stream that is encoded.
    gzip: Option<GzDecoder<Vec<u8>>>,
    parser: Parser,
    waiting: VecDeque<Message>,
    /// Everything read so far, as it came.
    pub text: String,
}

/// One message with its JSON.
#[derive(Clone, Debug, PartialEq)]
pub struct Heard {
    /// `message` when it is unnamed.
    pub event: String,
    pub id: Option<Cursor>,
    pub data: Value,
}

impl Stream {
    #[track_caller]
    pub fn new(response: Response) -> Self {
        assert_eq!(response.status().as_u16(), 200);
        let headers = response.headers().clone();
        let (parser, waiting) = (Parser::new(), VecDeque::new());
        let encoded = headers.contains_key("content-encoding");
        let gzip = encoded.then(|| GzDecoder::new(Vec::new()));
        Self { headers, response, gzip, parser, waiting, text: String::new() }
    }

    /// The next message of any kind, or `None` if the server ended the stream.
    pub async fn next_or_end(&mut self) -> Option<Heard> {
        loop {
            if let Some(message) = self.waiting.pop_front() {
                return Some(Heard::from(message));
            }
            let chunk = tokio::time::timeout(DEADLINE, self.response.chunk()).await;
            let chunk = chunk.expect("the stream is silent").expect("the stream broke")?;
            let chunk = match &mut self.gzip {
                Some(gzip) => {
                    gzip.write_all(&chunk).and_then(|()| gzip.flush()).unwrap();
                    std::mem::take(gzip.get_mut())
                }
                None => chunk.to_vec(),
            };
            self.text += std::str::from_utf8(&chunk).unwrap();
            let items = self.parser.push(&chunk).unwrap();
            self.waiting.extend(items.into_iter().filter_map(|item| match item {
                Item::Message(message) => Some(message),
                Item::Retry(_) => None,
            }));
        }
    }

    /// The next message of any kind.
    pub async fn next(&mut self) -> Heard {
        self.next_or_end().await.expect("the stream ended")
    }

    /// The next message that is no ping.
    pub async fn next_said(&mut self) -> Heard {
        loop {
            let heard = self.next().await;
            if heard.kind() != "ping" {
                return heard;
            }
        }
    }

    /// The next message, which must be `connected`; its position.
    pub async fn connected(&mut self) -> Cursor {
        let heard = self.next().await;
        assert_eq!(heard.kind(), "connected", "{heard:?}");
        heard.id.unwrap()
    }

    /// The next messages, which must be `reset` and `connected` at one position.
    pub async fn reset(&mut self) -> Cursor {
        let heard = self.next().await;
        assert_eq!(heard.kind(), "reset", "{heard:?}");
        let connected = self.connected().await;
        assert_eq!(heard.id.as_ref(), Some(&connected));
        connected
    }

    /// The next message about one order, which must be an unnamed event with a position. Pings
    /// and what is about all orders are passed over.
    pub async fn event(&mut self) -> Heard {
        let mut heard = self.next_said().await;
        while matches!(heard.kind(), "metric.updated" | "catalogue.updated") {
            heard = self.next_said().await;
        }
        assert_eq!(heard.event, "message", "{heard:?}");
        assert!(heard.id.is_some() && heard.kind().starts_with("order."), "{heard:?}");
        heard
    }

    /// Everything but pings up to the ping that says that all until `cursor` has been delivered.
    pub async fn all_until(&mut self, cursor: &Cursor) -> Vec<Heard> {
        let mut all = Vec::new();
        loop {
            let heard = self.next().await;
            if heard.kind() != "ping" {
                all.push(heard);
            } else if heard.id.is_some_and(|upto| upto.reaches(cursor)) {
                return all;
            }
        }
    }

    /// Everything but pings until the server ends the stream.
    pub async fn all_until_end(&mut self) -> Vec<Heard> {
        let mut all = Vec::new();
        while let Some(heard) = self.next_or_end().await {
            all.extend(Some(heard).filter(|heard| heard.kind() != "ping"));
        }
        all
    }
}

impl Heard {
    /// Its name or, if it has none, the `type` in its JSON.
    pub fn kind(&self) -> &str {
        match self.event.as_str() {
            "message" => self.data["type"].as_str().unwrap_or(""),
            name => name,
        }
    }

    /// Its position.
    pub fn position(&self) -> String {
        self.id.as_ref().unwrap().to_string()
    }
}

impl From<Message> for Heard {
    fn from(message: Message) -> Self {
        let data = serde_json::from_str(&message.data);
        let mut data: Value = data.unwrap_or_else(|_| panic!("no JSON: {}", message.data));
        // When an event was recorded is beside what it says, which tests compare.
        if let Some(fields) = data.as_object_mut() {
            fields.remove("recorded_at");
        }
        Self { event: message.event, id: message.id.map(|id| id.parse().unwrap()), data }
    }
}
