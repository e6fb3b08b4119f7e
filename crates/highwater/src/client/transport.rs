//! The transport: one streaming `fetch`, read with backpressure and parsed as it comes.
//!
//! Owns the request and its response's body. It must not decide when to connect or what a message
//! means; it reports.

use gloo_net::http::{Request, Response};
use highwater_core::{
    Cursor,
    parser::{Item, Message, Parser},
};
use leptos::wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal, ReadableStreamDefaultReader, js_sys};

/// What a stream reports, in this order; `Ended` and `Refused` are the last.
pub(crate) enum Report {
    /// The response is an event stream.
    Opened,
    /// Bytes came.
    Received,
    /// The server asks for another base delay, in milliseconds.
    Retry(u64),
    /// A whole message.
    Message(Message),
    /// The server answered otherwise.
    Refused {
        /// HTTP status.
        status: u16,
        /// Its `Retry-After`, in milliseconds.
        retry_after_ms: Option<u64>,
    },
    /// No answer, or no more of it; why, in words.
    Ended(String),
}

/// A stream that can be dropped: its request is aborted with it.
pub(crate) struct Handle(AbortController);

impl Drop for Handle {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Handle {
    /// A handle and the signal to open the stream with; `None` in a browser without either.
    pub(crate) fn new() -> Option<(Self, AbortSignal)> {
        let controller = AbortController::new().ok()?;
        let signal = controller.signal();
        Some((Self(controller), signal))
    }
}

/// Opens the stream at `url`, resuming after a cursor, and reports until it ends.
pub(crate) async fn open(
    url: &str,
    after: Option<Cursor>,
    signal: AbortSignal,
    report: impl Fn(Report),
) {
    let last = match read(url, after, &signal, &report).await {
        Ok(last) | Err(last) => last,
    };
    report(last);
}

async fn read(
    url: &str,
    after: Option<Cursor>,
    signal: &AbortSignal,
    report: &impl Fn(Report),
) -> Result<Report, Report> {
    let mut request = Request::get(url)
        .header("accept", "text/event-stream")
        .query([("collapse", "1")])
        .abort_signal(Some(signal));
    if let Some(after) = after {
        request = request.query([("after", after.to_string().as_str())]);
    }
    let response = request.send().await.map_err(|error| Report::Ended(error.to_string()))?;
    if response.status() != 200 {
        let seconds =
            response.headers().get("retry-after").and_then(|text| text.parse::<u64>().ok());
        let retry_after_ms = seconds.map(|seconds| seconds.saturating_mul(1000));
        return Err(Report::Refused { status: response.status(), retry_after_ms });
    }
    let kind = response.headers().get("content-type").unwrap_or_default();
    if !kind.starts_with("text/event-stream") {
        return Err(Report::Ended(format!("The server answered with {kind:?} instead of events.")));
    }
    report(Report::Opened);
    let reader =
        reader(&response).ok_or_else(|| Report::Ended("The response has no body.".into()))?;
    let mut parser = Parser::new();
    loop {
        let read =
            JsFuture::from(reader.read()).await.map_err(|error| Report::Ended(words(&error)))?;
        let Some(bytes) = chunk(&read) else {
            return Ok(Report::Ended("The stream ended.".into()));
        };
        report(Report::Received);
        for item in parser.push(&bytes).map_err(|error| Report::Ended(error.to_string()))? {
            match item {
                Item::Message(message) => report(Report::Message(message)),
                Item::Retry(ms) => report(Report::Retry(ms)),
            }
        }
    }
}

fn reader(response: &Response) -> Option<ReadableStreamDefaultReader> {
    response.body()?.get_reader().dyn_into().ok()
}

/// The bytes of a read; `None` at the end.
fn chunk(read: &JsValue) -> Option<Vec<u8>> {
    let value = js_sys::Reflect::get(read, &JsValue::from_str("value")).ok()?;
    value.dyn_ref::<js_sys::Uint8Array>().map(js_sys::Uint8Array::to_vec)
}

fn words(error: &JsValue) -> String {
    let message = error.dyn_ref::<js_sys::Error>().map(|error| String::from(error.message()));
    message.unwrap_or_else(|| "The connection was lost.".into())
}
