//! What is read from a tab's stream, told step by step.

use std::collections::VecDeque;

use futures::{
    StreamExt,
    stream::{self, BoxStream},
};
use highwater_core::parser::{Item, Message, Parser};
use reqwest::{RequestBuilder, Response};

/// What a stream reports; `Refused` and `Ended` are the last.
pub enum Report {
    Opened,
    Received,
    Retry(u64),
    Message(Message),
    Refused { status: u16, retry_after_ms: Option<u64> },
    Ended(String),
}

enum Reading {
    Asking(RequestBuilder),
    Open(Response, Parser, VecDeque<Report>),
    Over,
}

/// Asks for the stream, and reads it to its end.
pub fn reports(request: RequestBuilder) -> BoxStream<'static, Report> {
    let request = request.header("accept", "text/event-stream");
    stream::unfold(Reading::Asking(request), |reading| async move {
        match reading {
            Reading::Asking(request) => Some(match request.send().await {
                Ok(response) if response.status() == 200 => {
                    (Report::Opened, Reading::Open(response, Parser::new(), VecDeque::new()))
                }
                Ok(response) => {
                    let after = response.headers().get("retry-after");
                    let after = after.map(|after| after.to_str().unwrap().parse::<u64>().unwrap());
                    let retry_after_ms = after.map(|seconds| seconds * 1000);
                    let status = response.status().as_u16();
                    (Report::Refused { status, retry_after_ms }, Reading::Over)
                }
                Err(error) => (Report::Ended(error.to_string()), Reading::Over),
            }),
            Reading::Open(mut response, mut parser, mut waiting) => {
                if waiting.is_empty() {
                    match response.chunk().await {
                        Ok(Some(bytes)) => {
                            let items = parser.push(&bytes).unwrap().into_iter();
                            waiting.push_back(Report::Received);
                            waiting.extend(items.map(|item| match item {
                                Item::Message(message) => Report::Message(message),
                                Item::Retry(ms) => Report::Retry(ms),
                            }));
                        }
                        Ok(None) => waiting.push_back(Report::Ended("the end".into())),
                        Err(error) => waiting.push_back(Report::Ended(error.to_string())),
                    }
                }
                let report = waiting.pop_front()?;
                Some((report, Reading::Open(response, parser, waiting)))
            }
            Reading::Over => None,
        }
    })
    .boxed()
}
