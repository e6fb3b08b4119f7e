//! Connections: taking them, and letting go of them when the server is to stop.
//!
//! Owns what HTTP is told of sizes and times below the router. It must not know routes; streams
//! leave it by the [`handover`].

use std::{
    future::poll_fn,
    io,
    net::SocketAddr,
    pin::{Pin, pin},
    task::Poll,
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request},
};
use futures::FutureExt;
use hyper::{body::Incoming, server::conn::http1::Builder, service::service_fn};
use hyper_util::rt::TokioTimer;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinSet,
    time::timeout,
};
use tower::ServiceExt;

use super::{
    handover::{self, Handover, OpenStream, Socket},
    router,
};
use crate::{
    coaching, content,
    jobs::runner::{Runner, RunnerSettings},
    server::{configuration::Limits, state::AppState},
};

/// How long to wait when the system has no more connections to give.
const PAUSE: Duration = Duration::from_millis(100);

/// How often the queue is looked at when nobody queued anything here: another server may have, or
/// the time for another run has come.
const JOBS_POLL: Duration = Duration::from_secs(1);

/// How often progress is told: three times a second are enough to see it move.
const TELL_PROGRESS: Duration = Duration::from_millis(350);

/// The smallest buffer that HTTP/1 can have, in bytes.
const MIN_BUFFER: usize = 8192;

/// Serves until `stop`, then drains: no connection is taken any more, requests in flight are
/// answered, and streams end with a time to come back. What is still open after `drain-seconds`,
/// such as a stream whose client does not read, is dropped.
pub async fn serve(state: AppState, listener: TcpListener, stop: impl Future<Output = ()>) {
    let (closing, closed) = watch::channel(());
    let runner = runner(&state);
    let collecting = tokio::spawn(content::files::collect_forever(state.clone()));
    let reminding = tokio::spawn(coaching::service::remind_forever(state.clone()));
    let watching = tokio::spawn(coaching::presence::watch(state.clone()));
    let router = router(state.clone());
    let http = builder(&state.configuration.studio.limits);
    let mut connections = JoinSet::new();
    let mut stop = pin!(stop);
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((socket, peer)) => {
                    let (router, http) = (router.clone(), http.clone());
                    connections.spawn(connection(http, socket, peer, router, closed.clone()));
                }
                // Of the connection that was not made; the next may be.
                Err(error) if is_of_one(&error) => {}
                Err(error) => {
                    tracing::warn!(%error, "no connection can be taken");
                    tokio::time::sleep(PAUSE).await;
                }
            },
            Some(_) = connections.join_next() => {}
            () = &mut stop => break,
        }
    }
    drop((listener, closed));
    collecting.abort();
    reminding.abort();
    watching.abort();
    let grace = state.configuration.studio.drain;
    tracing::info!(connections = connections.len(), "stopping");
    let drained = timeout(grace, async {
        // Nobody listens if no connection is open.
        let _ = closing.send(());
        tokio::join!(state.live.hub().drain(grace), runner.stop());
        while connections.join_next().await.is_some() {}
    });
    if drained.await.is_err() {
        tracing::warn!(connections = connections.len(), "dropped what did not end in time");
    }
}

/// Begins to do what is queued.
fn runner(state: &AppState) -> Runner {
    let studio = &state.configuration.studio;
    let settings = RunnerSettings {
        concurrency: studio.jobs as usize,
        lease: studio.job_lease,
        poll: JOBS_POLL,
        tell: TELL_PROGRESS,
    };
    Runner::start(state.live.clone(), state.jobs.clone(), state.clock.clone(), settings)
}

async fn connection(
    http: Builder,
    socket: TcpStream,
    peer: SocketAddr,
    router: Router,
    closed: watch::Receiver<()>,
) {
    // An event leaves when it is written, not when the last one was acknowledged.
    let _ = socket.set_nodelay(true);
    // Boxed, so that its memory can go when it is over: streams stay open.
    let requests = Box::pin(requests(http, socket, peer, router, closed));
    if let Some((socket, stream)) = requests.await {
        // A connection that fails concerns its client alone.
        let _ = handover::write(socket, stream).await;
    }
}

/// Serves requests until the connection ends, or one is answered with a stream.
async fn requests(
    http: Builder,
    socket: TcpStream,
    peer: SocketAddr,
    router: Router,
    mut closed: watch::Receiver<()>,
) -> Option<(TcpStream, OpenStream)> {
    let handover = Handover::default();
    let service = service_fn(|request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        let (method, version) = (request.method().clone(), request.version());
        let (answer, handover) = (router.clone().oneshot(request), handover.clone());
        async move { answer.await.map(|answer| handover.take_from(&method, version, answer)) }
    });
    let mut served = http.serve_connection(Socket::new(socket, handover.clone()), service);
    let stream = {
        let mut closed = pin!(closed.changed().fuse());
        let driven = poll_fn(|cx| {
            if closed.as_mut().poll(cx).is_ready() {
                Pin::new(&mut served).graceful_shutdown();
            }
            // A connection that fails concerns its client alone.
            let ended = Pin::new(&mut served).poll(cx).map(|_| None);
            handover.written().map_or(ended, |stream| Poll::Ready(Some(stream)))
        });
        driven.await?
    };
    Some((served.into_parts().io.into_inner(), stream))
}

/// HTTP/1 alone: what else a client could speak is a proxy's to offer, and a connection that may
/// become another protocol takes half as much memory again for as long as a stream is open.
fn builder(limits: &Limits) -> Builder {
    let mut http = Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(limits.request)
        // Room for a head that the router refuses with a problem.
        .max_buf_size((2 * (limits.address_bytes + limits.head_bytes)).max(MIN_BUFFER));
    http
}

fn is_of_one(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
    )
}
