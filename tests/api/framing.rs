//! A stream as its bytes are on the connection: what frames them, and what ends them.

use std::time::Duration;

use reqwest::Method;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use crate::app::{OPS, PASSWORD, TestApp};

const DEADLINE: Duration = Duration::from_secs(30);
const PATH: &str = "/api/v1/stream/events";

/// The cookie of a session, as a header line.
async fn cookie(app: &TestApp) -> String {
    let body = serde_json::json!({ "email": OPS, "password": PASSWORD });
    let request = |request: reqwest::RequestBuilder| request.json(&body);
    let signed_in = app.client().send(Method::POST, "/api/v1/session", request).await;
    app.settled().await;
    format!("Cookie: {}\r\n", signed_in.header("set-cookie").split(';').next().unwrap())
}

/// Asks for a stream and returns the connection.
async fn ask(app: &TestApp, version: &str, cookie: &str) -> TcpStream {
    let address = app.url().strip_prefix("http://").unwrap();
    let mut connection = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {PATH} HTTP/{version}\r\nHost: studio\r\n{cookie}\r\n");
    connection.write_all(request.as_bytes()).await.unwrap();
    connection
}

/// Reads until the text has a part.
async fn read_until(connection: &mut TcpStream, text: &mut String, part: &str) {
    let mut bytes = [0; 4096];
    while !text.contains(part) {
        let read = timeout(DEADLINE, connection.read(&mut bytes)).await.expect(part).unwrap();
        assert_ne!(read, 0, "{part} in {text}");
        text.push_str(std::str::from_utf8(&bytes[..read]).unwrap());
    }
}

/// The data of whole chunks, up to and including the last.
fn unframed(mut text: &str) -> String {
    let mut data = String::new();
    loop {
        let (size, rest) = text.split_once("\r\n").unwrap();
        let size = usize::from_str_radix(size, 16).unwrap();
        let (chunk, rest) = rest.split_at(size);
        data += chunk;
        text = rest.strip_prefix("\r\n").expect("the end of a chunk");
        if size == 0 {
            assert_eq!(text, "", "nothing after the last chunk");
            return data;
        }
    }
}

#[tokio::test]
async fn a_stream_is_sent_in_chunks_and_ends_with_the_last_chunk_and_its_connection() {
    let app = TestApp::start().await;
    let mut connection = ask(&app, "1.1", &cookie(&app).await).await;
    let mut text = String::new();
    read_until(&mut connection, &mut text, "event: connected").await;
    // Nobody answers it, and it must not disturb the stream.
    connection.write_all(b"GET /healthz HTTP/1.1\r\nHost: studio\r\n\r\n").await.unwrap();
    app.import_orders(20_000..20_100).await;
    read_until(&mut connection, &mut text, "ord_20099").await;
    app.state.live.hub().drain(Duration::from_secs(4)).await;
    let mut rest = Vec::new();
    timeout(DEADLINE, connection.read_to_end(&mut rest)).await.expect("the end").unwrap();
    text += std::str::from_utf8(&rest).unwrap();

    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let head = head.to_ascii_lowercase();
    for line in ["transfer-encoding: chunked", "connection: close", "x-request-id: "] {
        assert!(head.contains(line), "{line} in {head}");
    }
    let data = unframed(body);
    let orders: Vec<_> = (20_000..20_100).map(|number| format!("\"ord_{number}\"")).collect();
    let places: Vec<_> = orders.iter().map(|order| data.find(order).expect(order)).collect();
    assert!(places.is_sorted());
    assert!(data.contains("\nretry: "), "{data}");
}

#[tokio::test]
async fn a_client_that_knows_no_chunks_gets_the_stream_without() {
    let app = TestApp::start().await;
    let mut connection = ask(&app, "1.0", &cookie(&app).await).await;
    let mut text = String::new();
    read_until(&mut connection, &mut text, "event: connected").await;
    app.import_orders(20_000..20_001).await;
    read_until(&mut connection, &mut text, "ord_20000").await;
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    assert!(!head.to_ascii_lowercase().contains("transfer-encoding"), "{head}");
    assert!(body.starts_with("event: connected\n"), "{body}");
}

#[tokio::test]
async fn a_stream_whose_client_leaves_is_over() {
    let app = TestApp::start().await;
    let mut connection = ask(&app, "1.1", &cookie(&app).await).await;
    let mut text = String::new();
    read_until(&mut connection, &mut text, "event: connected").await;
    assert_eq!(app.state.live.hub().subscribers(), 1);
    drop(connection);
    let over = async {
        while app.state.live.hub().subscribers() > 0 {
            tokio::task::yield_now().await;
        }
    };
    timeout(DEADLINE, over).await.expect("nobody listens any more");
}
