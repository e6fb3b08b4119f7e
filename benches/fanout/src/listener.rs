//! One stream as a client reads it: as little work as will tell which message came when.
//!
//! Owns the reading of HTTP and of messages. It must not know which server wrote them: each says
//! `"version":`, counted up by one from message to message, and `"ts":`, the Unix milliseconds at
//! which it came about.

use std::{
    io,
    net::SocketAddr,
    time::{SystemTime, UNIX_EPOCH},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// An open stream.
pub struct Listener {
    socket: TcpStream,
    chunks: Chunks,
    /// The part of a message that has come.
    text: Vec<u8>,
    /// Bytes that came with the head.
    early: Vec<u8>,
}

/// What came on one stream.
#[derive(Debug, Default)]
pub struct Tally {
    /// Messages whose version was one more than the last one's.
    pub in_order: u32,
    /// Messages that came again, or after a later one, or after a gap.
    pub out_of_order: u32,
    /// From `ts` to here, for each message, in microseconds.
    pub delays_us: Vec<u32>,
}

impl Listener {
    /// Opens the stream and reads its head.
    pub async fn open(server: SocketAddr, path: &str, headers: &str) -> io::Result<Self> {
        let mut socket = TcpStream::connect(server).await?;
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {server}\r\nAccept: text/event-stream\r\n{headers}\r\n"
        );
        socket.write_all(request.as_bytes()).await?;
        let mut head = Vec::new();
        let end = loop {
            if let Some(end) = find(&head, b"\r\n\r\n") {
                break end + 4;
            }
            if socket.read_buf(&mut head).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        };
        let early = head.split_off(end);
        let head = String::from_utf8_lossy(&head).to_ascii_lowercase();
        if !head.starts_with("http/1.1 200") {
            let status = head.lines().next().unwrap_or_default().to_owned();
            return Err(io::Error::other(format!("{path} answered {status}")));
        }
        let chunks = match head.contains("transfer-encoding: chunked") {
            true => Chunks::Size(0),
            false => Chunks::Unframed,
        };
        Ok(Self { socket, chunks, text: Vec::new(), early })
    }

    /// Reads until `count` messages have come whose versions follow `first`, or for good; the
    /// caller sets the limit of time. What came so far is in `tally` at any moment.
    pub async fn read(&mut self, first: u64, count: u32, tally: &mut Tally) -> io::Result<()> {
        let mut buffer = std::mem::take(&mut self.early);
        let mut version = first;
        loop {
            self.chunks.decode(&buffer, &mut self.text);
            buffer.clear();
            let now_us = unix_us();
            let mut read = 0;
            while let Some(length) = find(&self.text[read..], b"\n\n") {
                let message = &self.text[read..read + length];
                read += length + 2;
                let found = number_after(message, b"\"version\":").unwrap_or_default();
                if found <= first {
                    // A greeting, or a message from before: a stream may begin with those that
                    // the server had not handed out when it opened.
                    continue;
                }
                let expected = found == version + 1;
                tally.in_order += u32::from(expected);
                tally.out_of_order += u32::from(!expected);
                version = version.max(found);
                let ts_us = number_after(message, b"\"ts\":").unwrap_or_default() * 1000;
                tally
                    .delays_us
                    .push(u32::try_from(now_us.saturating_sub(ts_us)).unwrap_or(u32::MAX));
            }
            self.text.drain(..read);
            if tally.in_order + tally.out_of_order >= count {
                return Ok(());
            }
            buffer.reserve(16 * 1024);
            if self.socket.read_buf(&mut buffer).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }
}

/// Where in a chunked body the reader stands.
enum Chunks {
    /// The body is not chunked.
    Unframed,
    /// In the line with the size of the next chunk, or in the empty line before it.
    Size(usize),
    /// So many bytes of the chunk are still to come.
    Data(usize),
}

impl Chunks {
    fn decode(&mut self, mut bytes: &[u8], body: &mut Vec<u8>) {
        while let Some((first, rest)) = bytes.split_first() {
            match self {
                Self::Unframed => {
                    body.extend_from_slice(bytes);
                    return;
                }
                Self::Size(size) => {
                    bytes = rest;
                    match first {
                        b'\n' if *size > 0 => *self = Self::Data(*size),
                        _ => {
                            let digit = char::from(*first).to_digit(16).map(|digit| digit as usize);
                            *size = digit.map_or(*size, |digit| *size * 16 + digit);
                        }
                    }
                }
                Self::Data(left) => {
                    let (data, rest) = bytes.split_at((*left).min(bytes.len()));
                    body.extend_from_slice(data);
                    bytes = rest;
                    *left -= data.len();
                    if *left == 0 {
                        *self = Self::Size(0);
                    }
                }
            }
        }
    }
}

/// Microseconds since the Unix epoch.
pub fn unix_us() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(now.as_micros()).unwrap_or(u64::MAX)
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

fn number_after(bytes: &[u8], name: &[u8]) -> Option<u64> {
    let digits = &bytes[find(bytes, name)? + name.len()..];
    let digits = digits.iter().take_while(|byte| byte.is_ascii_digit());
    Some(digits.fold(0, |number, digit| number * 10 + u64::from(digit - b'0')))
}
