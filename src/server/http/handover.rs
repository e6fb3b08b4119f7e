//! Handing over: a connection whose answer is a stream is HTTP's until the head is written, and
//! from then on a socket to which chunks are written.
//!
//! Owns the way of a stream past the router's layers, the moment at which the socket can be taken,
//! and the chunks (RFC 9112, 7.1). Layers and HTTP would keep what they know of the request, and
//! buffers, for as long as the stream is open, and be gone through at each write. It must not know
//! what a stream says.

use std::{
    io::{self, Write as _},
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
};

use axum::{
    body::{Body, Bytes},
    http::{HeaderValue, Method, Version, header::CONNECTION},
    response::Response,
};
use futures::{StreamExt, stream};
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::rt::TokioIo;
use tokio::{io::AsyncWriteExt, net::TcpStream, task::coop::consume_budget};

/// The last chunk, and no trailers.
const LAST_CHUNK: &[u8] = b"0\r\n\r\n";

/// What a chunk has around its data: a size of up to eight digits, and two ends of lines.
const AROUND_DATA: usize = 12;

/// A stream that is not over before it is dropped.
pub struct OpenStream {
    body: Body,
    /// Told of the end by being dropped.
    closing: Option<Box<dyn Send>>,
}

/// A stream on its way past the layers, beside its answer.
#[derive(Clone)]
pub struct Beside(Arc<Mutex<Option<OpenStream>>>);

impl Beside {
    /// Takes the body of an answer that is a stream out of it, and puts it beside.
    pub fn put(mut answer: Response) -> Response {
        // Of no known length, as the body is.
        let nothing = Body::from_stream(stream::empty::<io::Result<Bytes>>());
        let body = std::mem::replace(answer.body_mut(), nothing);
        let stream = OpenStream { body, closing: None };
        answer.extensions_mut().insert(Self(Arc::new(Mutex::new(Some(stream)))));
        answer
    }

    /// Has something dropped when the stream is over.
    pub fn drop_at_end(&self, closing: impl Send + 'static) {
        if let Some(stream) = &mut *lock(&self.0) {
            stream.closing = Some(Box::new(closing));
        }
    }
}

/// One connection's way out of HTTP: what its service, its socket and its driver know of it.
#[derive(Clone, Default)]
pub struct Handover(Arc<Mutex<Stage>>);

#[derive(Default)]
enum Stage {
    /// Requests are answered.
    #[default]
    Http,
    /// The answer is a stream, and HTTP has its head.
    Answered(OpenStream),
    /// HTTP has put the head into its buffer, and asked for the body.
    Asked(OpenStream),
    /// HTTP has written its buffer.
    Written(OpenStream),
}

impl Handover {
    /// Keeps the stream that is beside an answer; HTTP gets a body that says nothing. Only a client
    /// that knows chunks can be written to without HTTP.
    pub fn take_from(&self, method: &Method, version: Version, mut answer: Response) -> Response {
        let beside = answer.extensions_mut().remove::<Beside>();
        let Some(stream) = beside.and_then(|beside| lock(&beside.0).take()) else {
            return answer;
        };
        if *method != Method::GET {
            return answer;
        }
        if version != Version::HTTP_11 {
            let OpenStream { body, closing } = stream;
            let body = body.into_data_stream().inspect(move |_| {
                let _ = &closing;
            });
            return answer.map(|_| Body::from_stream(body));
        }
        // What the client sends after this request is not read.
        answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        *lock(&self.0) = Stage::Answered(stream);
        let asked = self.clone();
        let nothing = stream::poll_fn(move |_| {
            asked.step(|stage| match stage {
                Stage::Answered(stream) => Stage::Asked(stream),
                other => other,
            });
            Poll::<Option<io::Result<Bytes>>>::Pending
        });
        answer.map(|_| Body::from_stream(nothing))
    }

    /// The stream, once everything that HTTP had to write is written.
    pub fn written(&self) -> Option<OpenStream> {
        let mut stage = lock(&self.0);
        match std::mem::take(&mut *stage) {
            Stage::Written(stream) => Some(stream),
            other => {
                *stage = other;
                None
            }
        }
    }

    fn step(&self, next: impl FnOnce(Stage) -> Stage) {
        let mut stage = lock(&self.0);
        *stage = next(std::mem::take(&mut *stage));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A socket as HTTP uses it.
pub struct Socket {
    io: TokioIo<TcpStream>,
    handover: Handover,
}

impl Socket {
    pub fn new(socket: TcpStream, handover: Handover) -> Self {
        Self { io: TokioIo::new(socket), handover }
    }

    pub fn into_inner(self) -> TcpStream {
        self.io.into_inner()
    }
}

impl Read for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_read(cx, buffer)
    }
}

impl Write for Socket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write(cx, bytes)
    }

    /// Comes after HTTP has written all that it had in its own buffer.
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.handover.step(|stage| match stage {
            Stage::Asked(stream) => Stage::Written(stream),
            other => other,
        });
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write_vectored(cx, bytes)
    }
}

/// Writes a stream in chunks until it ends or its client goes.
///
/// # Errors
/// Those of the socket. A stream that fails has no last chunk, so that its client knows.
pub async fn write(mut socket: TcpStream, stream: OpenStream) -> io::Result<()> {
    let OpenStream { body, closing } = stream;
    let ended = tokio::select! {
        biased;
        ended = write_body(&socket, body) => ended?,
        () = gone(&socket) => Ended::ByClient,
    };
    drop(closing);
    match ended {
        Ended::ByServer => socket.shutdown().await,
        Ended::ByClient => Ok(()),
    }
}

/// Who ended a stream.
enum Ended {
    ByServer,
    ByClient,
}

async fn write_body(socket: &TcpStream, body: Body) -> io::Result<Ended> {
    let mut body = body.into_data_stream();
    while let Some(data) = body.next().await {
        let data = data.map_err(io::Error::other)?;
        // An empty chunk would be the last one.
        if !data.is_empty() {
            write_all(socket, &chunk(&data)?).await?;
        }
        // A body that always has more must not keep the thread.
        consume_budget().await;
    }
    write_all(socket, LAST_CHUNK).await?;
    Ok(Ended::ByServer)
}

/// Data as a chunk. It goes out in one piece: a system call is what most of a write costs.
fn chunk(data: &[u8]) -> io::Result<Vec<u8>> {
    let mut chunk = Vec::with_capacity(data.len() + AROUND_DATA);
    write!(chunk, "{:x}\r\n", data.len())?;
    chunk.extend_from_slice(data);
    chunk.extend_from_slice(b"\r\n");
    Ok(chunk)
}

/// Writes without a wait what the socket takes, and waits for the rest.
async fn write_all(socket: &TcpStream, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match socket.try_write(bytes) {
            Ok(written) => bytes = &bytes[written..],
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => socket.writable().await?,
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Waits until the client has closed its side. What it sends meanwhile is nobody's.
async fn gone(socket: &TcpStream) {
    let mut nobodys = [0; 64];
    loop {
        match socket.readable().await.and_then(|()| socket.try_read(&mut nobodys)) {
            Ok(0) => return,
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(_) => return,
        }
    }
}
