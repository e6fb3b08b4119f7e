//! A server that is told to stop: what is in flight is answered, what is open ends.

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{
    app::{OPS, PASSWORD},
    process::Process,
};

/// A request with a body that is sent but for its last byte.
async fn begin_sign_in(process: &Process) -> (TcpStream, char) {
    let mut body = serde_json::json!({ "email": OPS, "password": PASSWORD }).to_string();
    let last = body.pop().unwrap();
    let mut connection = TcpStream::connect(process.address()).await.unwrap();
    let head = format!(
        "POST /api/v1/session HTTP/1.1\r\nHost: studio\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len() + 1
    );
    connection.write_all(head.as_bytes()).await.unwrap();
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
