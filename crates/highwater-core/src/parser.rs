//! An incremental parser of `text/event-stream`, to the letter of the WHATWG rules
//! (<https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream>).
//!
//! Owns the way from bytes to messages: lines, UTF-8, fields, and the bound on what one event may
//! make us hold. It must not know what the messages mean, where the bytes come from, or when to
//! reconnect.

/// One event of the stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The `event` field; `"message"` when the block has none or an empty one.
    pub event: String,
    /// The `data` fields, joined by line feeds.
    pub data: String,
    /// The `id` field of this very block, if it had one. The id in force, which may come from an
    /// earlier block, is [`Parser::last_event_id`].
    pub id: Option<String>,
}

/// What the stream said, in its order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// A whole event.
    Message(Message),
    /// A `retry` field: the reconnection time the server asks for, in milliseconds.
    Retry(u64),
}

/// One event is larger than the parser may hold. The stream is to be dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an event of the stream is larger than {limit} bytes")]
pub struct TooLarge {
    /// The limit that was passed, in bytes.
    pub limit: usize,
}

/// The parser of one stream; a new stream needs a new one. See the module.
#[derive(Clone, Debug)]
pub struct Parser {
    limit: usize,
    /// The beginning of a line whose end has not come yet, as it came: UTF-8 sequences and the
    /// byte order mark may be split over chunks, so nothing is decoded before its line is whole.
    line: Vec<u8>,
    /// The last line ended with CR: an LF that comes next belongs to it.
    after_cr: bool,
    /// No line has ended yet: a byte order mark may stand before the first one.
    at_start: bool,
    /// An event was too large; all that follows is refused.
    failed: bool,
    block: Block,
    last_event_id: String,
}

/// The fields since the last blank line.
#[derive(Clone, Debug, Default)]
struct Block {
    event: String,
    /// Each `data` field with a line feed after it; empty when there was none.
    data: String,
    id: Option<String>,
}

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

impl Parser {
    /// The default limit of one event: 1 MiB. Our own events are far smaller, since nothing large
    /// travels on the stream.
    pub const DEFAULT_LIMIT: usize = 1 << 20;

    /// A parser that accepts events of up to [`Self::DEFAULT_LIMIT`] bytes.
    pub fn new() -> Self {
        Self::with_limit(Self::DEFAULT_LIMIT)
    }

    /// A parser that accepts events of up to `max_event_bytes`: the fields held so far, with the
    /// line being read (a comment's too).
    pub fn with_limit(max_event_bytes: usize) -> Self {
        Self {
            limit: max_event_bytes,
            line: Vec::new(),
            after_cr: false,
            at_start: true,
            failed: false,
            block: Block::default(),
            last_event_id: String::new(),
        }
    }

    /// Takes the next bytes of the stream, however they were cut, and returns what they complete.
    /// What is still incomplete when the stream ends is discarded, as the rules want it.
    ///
    /// # Errors
    /// [`TooLarge`] for this and every later push, once one event passes the limit. What the same
    /// chunk had completed before that is not returned; the stream's successor repeats it.
    pub fn push(&mut self, chunk: &[u8]) -> Result<Vec<Item>, TooLarge> {
        let mut items = Vec::new();
        let result = if self.failed { Err(self.too_large()) } else { self.read(chunk, &mut items) };
        match result {
            Ok(()) => Ok(items),
            Err(error) => {
                self.failed = true;
                self.line = Vec::new();
                self.block = Block::default();
                Err(error)
            }
        }
    }

    /// The id in force: that of the newest block that ended and had one, even if the block was no
    /// message for want of data. Empty when there was none.
    pub fn last_event_id(&self) -> &str {
        &self.last_event_id
    }

    fn read(&mut self, chunk: &[u8], items: &mut Vec<Item>) -> Result<(), TooLarge> {
        let mut rest = chunk;
        loop {
            if self.after_cr && !rest.is_empty() {
                self.after_cr = false;
                rest = rest.strip_prefix(b"\n").unwrap_or(rest);
            }
            let Some(end) = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')) else {
                break;
            };
            if self.line.is_empty() {
                self.end_line(&rest[..end], items)?;
            } else {
                let mut line = std::mem::take(&mut self.line);
                line.extend_from_slice(&rest[..end]);
                self.end_line(&line, items)?;
                // The next split line finds the room already made.
                line.clear();
                self.line = line;
            }
            self.after_cr = rest[end] == b'\r';
            rest = &rest[end + 1..];
        }
        self.check(self.line.len().saturating_add(rest.len()))?;
        self.line.extend_from_slice(rest);
        Ok(())
    }

    /// Whether the block with one more line of `line` bytes is within the limit.
    fn check(&self, line: usize) -> Result<(), TooLarge> {
        if self.block.len().saturating_add(line) > self.limit {
            return Err(self.too_large());
        }
        Ok(())
    }

    fn too_large(&self) -> TooLarge {
        TooLarge { limit: self.limit }
    }

    /// Reads one whole line. CR and LF are never part of a longer UTF-8 sequence, so decoding
    /// line by line, and then value by value, gives what decoding the whole stream would.
    fn end_line(&mut self, line: &[u8], items: &mut Vec<Item>) -> Result<(), TooLarge> {
        self.check(line.len())?;
        let at_start = std::mem::replace(&mut self.at_start, false);
        let mark: &[u8] = if at_start { BYTE_ORDER_MARK } else { b"" };
        let line = line.strip_prefix(mark).unwrap_or(line);
        if line.is_empty() {
            items.extend(self.end_block().map(Item::Message));
            return Ok(());
        }
        let (name, value) = match line.iter().position(|&byte| byte == b':') {
            Some(colon) => (&line[..colon], &line[colon + 1..]),
            None => (line, &b""[..]),
        };
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match name {
            b"data" => {
                self.block.data.push_str(&String::from_utf8_lossy(value));
                self.block.data.push('\n');
            }
            b"event" => self.block.event = String::from_utf8_lossy(value).into_owned(),
            b"id" if !value.contains(&0) => {
                self.block.id = Some(String::from_utf8_lossy(value).into_owned());
            }
            b"retry" => items.extend(milliseconds(value).map(Item::Retry)),
            // A comment, whose name is empty, or a field that the rules do not know.
            _ => {}
        }
        Ok(())
    }

    /// Ends the block; a block without a `data` field is no message, but its id counts.
    fn end_block(&mut self) -> Option<Message> {
        let Block { event, mut data, id } = std::mem::take(&mut self.block);
        if let Some(id) = &id {
            self.last_event_id.clone_from(id);
        }
        data.pop()?;
        let event = if event.is_empty() { "message".to_owned() } else { event };
        Some(Message { event, data, id })
    }
}

impl Default for Parser {
    fn default() -> Self {
        Self::new()
    }
}

impl Block {
    /// The bytes it holds.
    fn len(&self) -> usize {
        self.event.len() + self.data.len() + self.id.as_ref().map_or(0, String::len)
    }
}

/// The value of `retry`: ASCII digits alone, at least one; a number beyond `u64` is its maximum.
fn milliseconds(value: &[u8]) -> Option<u64> {
    value.iter().try_fold(None, |sum: Option<u64>, byte| {
        let digit = byte.is_ascii_digit().then(|| u64::from(byte - b'0'))?;
        Some(Some(sum.unwrap_or(0).saturating_mul(10).saturating_add(digit)))
    })?
}

#[cfg(test)]
mod tests;
