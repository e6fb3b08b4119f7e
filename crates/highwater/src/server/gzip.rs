//! Gzip (RFC 1952) of streams that never end, without a compressor for each.
//!
//! Owns the format. Text is cut into pieces that share nothing with what was sent before, so that
//! one compressed piece serves any number of streams; each piece ends at a byte boundary, so that
//! its reader has it at once. It must not know what the text says.

use std::cell::RefCell;

use axum::http::{HeaderMap, header};
use bytes::{Bytes, BytesMut};
use flate2::{Compress, Compression, FlushCompress};

/// How a stream's bytes are encoded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// As they are.
    #[default]
    Identity,
    /// As gzip.
    Gzip,
}

impl Encoding {
    /// The best that a request's `Accept-Encoding` accepts: gzip, if the client wants it no less
    /// than plain text. What is malformed is not accepted.
    pub fn accepted(headers: &HeaderMap) -> Self {
        let (mut gzip, mut any, mut identity) = (None, None, None);
        let values = headers.get_all(header::ACCEPT_ENCODING).iter();
        for choice in values.filter_map(|value| value.to_str().ok()).flat_map(|it| it.split(',')) {
            let (name, weight) = choice.split_once(';').unwrap_or((choice, ""));
            let weight = Some(weight_of(weight));
            match name.trim().to_ascii_lowercase().as_str() {
                "gzip" | "x-gzip" => gzip = weight,
                "identity" => identity = weight,
                "*" => any = weight,
                _ => {}
            }
        }
        let gzip = gzip.or(any).unwrap_or(0.0);
        if gzip > 0.0 && gzip >= identity.unwrap_or(0.0) { Self::Gzip } else { Self::Identity }
    }
}

/// The weight that the parameters of a choice give it.
fn weight_of(parameters: &str) -> f32 {
    let parameter = parameters.trim();
    if parameter.is_empty() {
        return 1.0;
    }
    let value = parameter.strip_prefix("q=").or_else(|| parameter.strip_prefix("Q="));
    value.and_then(|value| value.parse().ok()).unwrap_or(0.0)
}

/// Begins every gzip stream: deflate, no flags, no time, unknown system.
pub(crate) const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];

/// The last block: stored, empty, and marked as the last.
const LAST_BLOCK: [u8; 5] = [1, 0, 0, 0xff, 0xff];

/// The most that one stored block holds.
const STORED_MAX: usize = 0xffff;

thread_local! {
    /// Kept because its tables are large. Nothing of one text is left in it for the next.
    static COMPRESSOR: RefCell<Compress> =
        RefCell::new(Compress::new(Compression::default(), false));
}

/// A text as blocks: deflated, or stored if that makes it no shorter.
pub(crate) fn blocks(text: &[u8]) -> Bytes {
    deflated(text).map_or_else(
        || {
            let mut blocks = BytesMut::new();
            store(text, &mut blocks);
            blocks.freeze()
        },
        Bytes::from,
    )
}

/// Appends a text as stored blocks.
pub(crate) fn store(text: &[u8], to: &mut BytesMut) {
    for part in text.chunks(STORED_MAX) {
        let [low, high] = u16::try_from(part.len()).unwrap_or(u16::MAX).to_le_bytes();
        to.extend_from_slice(&[0, low, high, !low, !high]);
        to.extend_from_slice(part);
    }
}

fn deflated(text: &[u8]) -> Option<Vec<u8>> {
    let mut blocks = Vec::with_capacity(text.len());
    COMPRESSOR.with_borrow_mut(|compressor| {
        compressor.reset();
        compressor.compress_vec(text, &mut blocks, FlushCompress::Sync).ok()?;
        // Where there is room left, all of it was written, the flush as well.
        (blocks.len() < text.len()).then_some(())
    })?;
    blocks.shrink_to_fit();
    Some(blocks)
}

/// What the end of a gzip stream says of all its text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sum {
    crc: crc32fast::Hasher,
    /// Its length, modulo 2³².
    len: u32,
}

impl Sum {
    pub(crate) fn add(&mut self, text: &[u8]) {
        self.crc.update(text);
        #[expect(clippy::cast_possible_truncation, reason = "the format wants it modulo 2³²")]
        let len = text.len() as u32;
        self.len = self.len.wrapping_add(len);
    }

    /// Ends the stream.
    pub(crate) fn trailer(&self, to: &mut BytesMut) {
        to.extend_from_slice(&LAST_BLOCK);
        to.extend_from_slice(&self.crc.clone().finalize().to_le_bytes());
        to.extend_from_slice(&self.len.to_le_bytes());
    }
}
