//! Output: the bytes of one response's body, from the text of its messages.
//!
//! Owns what the next write carries, and its encoding. Text that many streams write is neither
//! encoded nor, if it goes out alone, copied for each. It must not know what a message means.

#[cfg(test)]
mod tests;

use std::sync::OnceLock;

use bytes::{Bytes, BytesMut};

use super::gzip::{self, Encoding, Sum};

/// A text of one stream that is shorter than this is not worth a compressor's time.
const WORTH_DEFLATING: usize = 512;

/// A text that any number of streams write.
#[derive(Debug)]
pub(crate) struct Text {
    plain: Bytes,
    /// The same as blocks of gzip, made when the first stream wants them.
    blocks: OnceLock<Bytes>,
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self { plain: text.into(), blocks: OnceLock::new() }
    }
}

impl Text {
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.plain
    }

    fn blocks(&self) -> &Bytes {
        self.blocks.get_or_init(|| gzip::blocks(&self.plain))
    }
}

/// The body of one stream.
pub(crate) struct Output {
    /// What a gzip stream says at its end.
    gzip: Option<Sum>,
    /// What the next write carries, if that is nothing but what other streams write as well.
    shared: Bytes,
    /// What it carries otherwise.
    own: BytesMut,
}

impl Output {
    pub(crate) fn new(encoding: Encoding) -> Self {
        let (gzip, header) = match encoding {
            Encoding::Identity => (None, Bytes::new()),
            Encoding::Gzip => (Some(Sum::default()), Bytes::from_static(&gzip::HEADER)),
        };
        Self { gzip, shared: header, own: BytesMut::new() }
    }

    /// Writes what other streams write as well.
    pub(crate) fn shared(&mut self, text: &Text) {
        let bytes = match &mut self.gzip {
            None => &text.plain,
            Some(sum) => {
                sum.add(&text.plain);
                text.blocks()
            }
        };
        match self.shared.is_empty() && self.own.is_empty() {
            true => self.shared = bytes.clone(),
            false => {
                let bytes = bytes.clone();
                self.own_bytes().extend_from_slice(&bytes);
            }
        }
    }

    /// Writes what only this stream says.
    pub(crate) fn own(&mut self, text: &[u8]) {
        if let Some(sum) = &mut self.gzip {
            sum.add(text);
            match text.len() < WORTH_DEFLATING {
                true => gzip::store(text, self.own_bytes()),
                false => self.own_bytes().extend_from_slice(&gzip::blocks(text)),
            }
        } else {
            self.own_bytes().extend_from_slice(text);
        }
    }

    /// Nothing comes after this.
    pub(crate) fn end(&mut self) {
        if let Some(sum) = self.gzip.take() {
            sum.trailer(self.own_bytes());
        }
    }

    /// How many bytes the next write carries.
    pub(crate) fn len(&self) -> usize {
        self.shared.len() + self.own.len()
    }

    /// The next write; empty if there is nothing to write.
    pub(crate) fn take(&mut self) -> Bytes {
        match self.own.is_empty() {
            true => std::mem::take(&mut self.shared),
            false => std::mem::take(&mut self.own).freeze(),
        }
    }

    fn own_bytes(&mut self) -> &mut BytesMut {
        let shared = std::mem::take(&mut self.shared);
        self.own.extend_from_slice(&shared);
        &mut self.own
    }
}
