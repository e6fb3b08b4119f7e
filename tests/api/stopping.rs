//! A server that is told to stop: what is in flight is answered, what is open ends.

use futures::{StreamExt, stream};
use sea_orm::ConnectionTrait;
use studio::server::{
    database::{self, WhenMissing},
    open_files,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{
    app::{OPS, PASSWORD},
    client::Client,
    process::Process,
    slow_reader::notes,
    stream::Stream,
};

/// How many streams are open when a busy server is told to stop.
const STREAMS: u32 = 1000;

/// How long such a server takes at most, in milliseconds: `drain-seconds` as it is by default.
const DRAIN_MS: u64 = 8000;

/// A request that the server has begun to handle, with a body that is sent but for its last byte.
async fn begin_sign_in(process: &Process) -> (TcpStream, char) {
    let mut body = serde_json::json!({ "email": OPS, "password": PASSWORD }).to_string();
    let last = body.pop().unwrap();
    let mut connection = TcpStream::connect(process.address()).await.unwrap();
    let head = format!(
        "POST /api/v1/session HTTP/1.1\r\nHost: studio\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nExpect: 100-continue\r\n\r\n",
        body.len() + 1
    );
    connection.write_all(head.as_bytes()).await.unwrap();
    // It says so when its handler asks for the body.
    let mut go_on = [0; "HTTP/1.1 100 Continue\r\n\r\n".len()];
    connection.read_exact(&mut go_on).await.unwrap();
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    connection.write_all(body.as_bytes()).await.unwrap();
    (connection, last)
}

#[tokio::test]
async fn a_signal_lets_requests_finish_and_ends_every_stream() {
    for signal in ["TERM", "INT"] {
        let mut process = Process::start(&[("STUDIO_STREAMS_PER_USER", "100")]).await;
        let client = process.client();
        client.sign_in(OPS).await.expect_status(200);
        let mut streams = Vec::new();
        for number in 0..60 {
            let path = ["/api/events", "/api/v1/stream/events"][number % 2];
            let mut stream = client.open(path).await;
            stream.connected().await;
            streams.push(stream);
        }
        let (mut slow, last) = begin_sign_in(&process).await;
        process.logged(&["stream opened"]).await;

        process.signal(signal);
        process.logged(&["stopping"]).await;
        for stream in &mut streams {
            stream.all_until_end().await;
            assert!(stream.text.contains("retry: "), "{}", stream.text);
        }
        let refused = TcpStream::connect(process.address()).await;
        assert!(refused.is_err(), "no connection is taken any more");
        slow.write_all(&[last as u8]).await.unwrap();
        let mut answer = String::new();
        slow.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert_eq!(process.ended().await.code(), Some(0), "after {signal}");
        assert!(!process.log().contains("dropped"), "{}", process.log());
    }
}

/// Opens so many streams at both endpoints, some of them encoded, and waits until each is open.
async fn open(client: &Client, streams: u32) -> Vec<Stream> {
    let opening = stream::iter(0..streams).map(async |number| {
        let mut stream = match number % 3 {
            0 => client.open("/api/events?collapse=1").await,
            1 => client.open_gzip("/api/events?collapse=1").await,
            _ => client.open("/api/v1/stream/events").await,
        };
        stream.connected().await;
        stream
    });
    opening.buffer_unordered(50).collect().await
}

#[tokio::test]
async fn a_thousand_streams_are_told_when_to_come_back_and_do_not_hold_the_server() {
    open_files::make_room(STREAMS).unwrap();
    let settings = [("STUDIO_STREAMS_PER_USER", "1000"), ("STUDIO_STREAMS", "1000")];
    let mut process = Process::start(&settings).await;
    let client = process.client();
    client.sign_in(OPS).await.expect_status(200);
    let mut streams = open(&client, STREAMS).await;
    let (mut slow, last) = begin_sign_in(&process).await;
    let note = serde_json::json!({ "note": "the last before the end" });
    client.patch_order("ord_10248", note).await.expect_status(200);

    process.signal("TERM");
    process.logged(&["stopping"]).await;
    let mut tenths = [0; 10];
    for stream in &mut streams {
        let heard = stream.all_until_end().await;
        let notes = heard.iter().filter(|heard| heard.data["patch"]["note"].is_string());
        assert_eq!(notes.count(), 1, "what was recorded before: {heard:?}");
        let told = stream.text.rsplit_once("\n\nretry: ").expect("when to come back").1;
        let told: u64 = told.trim().parse().unwrap();
        tenths[usize::try_from(told * 10 / DRAIN_MS).unwrap()] += 1;
    }
    // Evenly: no tenth of the time has notably more of them than another.
    assert!(tenths.iter().all(|streams| (80..=120).contains(streams)), "{tenths:?}");
    slow.write_all(&[last as u8]).await.unwrap();
    let mut answer = String::new();
    slow.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert_eq!(process.ended().await.code(), Some(0));
    // It did not take until its own deadline.
    assert!(!process.log().contains("dropped"), "{}", process.log());
}

#[tokio::test]
async fn a_stream_that_is_full_and_not_read_does_not_hold_the_server() {
    let mut process = Process::start(&[("STUDIO_DRAIN_SECONDS", "1")]).await;
    let client = process.client();
    let signed_in = client.sign_in(OPS).await.expect_status(200);
    let cookie = signed_in.header("set-cookie").split(';').next().unwrap();
    // Whoever asks for more than there is room for on the way, and then reads nothing.
    let mut stuck = TcpStream::connect(process.address()).await.unwrap();
    let head = "GET /api/v1/stream/events HTTP/1.1\r\nHost: studio\r\n";
    stuck.write_all(format!("{head}Cookie: {cookie}\r\n\r\n").as_bytes()).await.unwrap();
    stuck.readable().await.unwrap();
    // It tells when all has been routed.
    let mut quiet = client.open("/api/events?types=order.created").await;
    quiet.connected().await;

    let url = process.database().url();
    let db = database::connect(url, WhenMissing::Refuse).await.unwrap();
    let note = "x".repeat(4000);
    db.execute_unprepared(&notes(10_000, &note)).await.unwrap();
    let staff = process.client();
    staff.sign_in(OPS).await.expect_status(200);
    let mut last = staff.open("/api/events?types=order.created").await;
    let head = last.connected().await;
    quiet.all_until(&head).await;

    process.signal("TERM");
    for stream in [&mut quiet, &mut last] {
        stream.all_until_end().await;
        assert!(stream.text.contains("retry: "), "{}", stream.text);
    }
    assert_eq!(process.ended().await.code(), Some(0));
    process.logged(&["dropped what did not end in time", "connections=1"]).await;
    drop(stuck);
}

#[tokio::test]
async fn a_server_asks_for_as_many_files_as_its_streams_need_and_says_what_it_did_not_get() {
    let settings = [("STUDIO_STREAMS_PER_USER", "200")];
    let process = Process::start_with_files(64, 2000, &settings).await;
    let said = process.logged(&["the limit of open files is too low"]).await;
    assert!(said.contains("allowed=2000") && said.contains("wanted=11024"), "{said}");
    let client = process.client();
    client.sign_in(OPS).await.expect_status(200);
    let streams = open(&client, 150).await;
    client.get("/readyz").await.expect_status(200);
    drop(streams);
}

#[tokio::test]
async fn what_never_ends_is_dropped_in_the_end() {
    let mut process = Process::start(&[("STUDIO_DRAIN_SECONDS", "1")]).await;
    let client = process.client();
    client.sign_in(OPS).await.expect_status(200);
    let mut stream = client.open("/api/events").await;
    stream.connected().await;
    // Neither sends on nor goes away.
    let (never, _) = begin_sign_in(&process).await;
    process.signal("TERM");
    assert_eq!(process.ended().await.code(), Some(0));
    assert!(process.log().contains("dropped what did not end in time"), "{}", process.log());
    drop(never);
}
