//! [`Client`]: a program that keeps its cookies, and [`Answer`]: what it got.

use std::time::Duration;

use reqwest::{Method, RequestBuilder, Response, StatusCode, header::HeaderMap, redirect};
use serde_json::{Value, json};

use crate::{
    app::{PASSWORD, TestApp},
    stream::Stream,
};

/// How long any answer may take.
const DEADLINE: Duration = Duration::from_secs(30);

/// A program with a cookie jar. It follows no redirect.
#[derive(Clone)]
pub struct Client {
    url: String,
    http: reqwest::Client,
}

/// A field of a form: its name, perhaps its file's name, and its content.
pub type Field<'a> = (&'a str, Option<&'a str>, &'a [u8]);

/// A whole response.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Client {
    pub fn new(url: &str) -> Self {
        let http = reqwest::Client::builder()
            .cookie_store(true)
            .redirect(redirect::Policy::none())
            .build()
            .unwrap();
        Self { url: url.to_owned(), http }
    }

    /// A program that sends this API token with every request.
    pub fn with_token(url: &str, secret: &str) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert("authorization", format!("Bearer {secret}").parse().unwrap());
        let http = reqwest::Client::builder()
            .default_headers(headers)
            .redirect(redirect::Policy::none())
            .build()
            .unwrap();
        Self { url: url.to_owned(), http }
    }

    /// The same program, with the same cookies, at another server.
    pub fn at(&self, app: &TestApp) -> Self {
        Self { url: app.url().to_owned(), http: self.http.clone() }
    }

    pub async fn sign_in(&self, email: &str) -> Answer {
        self.post("/api/v1/session", json!({ "email": email, "password": PASSWORD })).await
    }

    pub async fn sign_out(&self) -> Answer {
        self.send(Method::DELETE, "/api/v1/session", |request| request).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, |request| request).await
    }

    /// As a browser asks for a page.
    pub async fn get_page(&self, path: &str) -> Answer {
        self.send(Method::GET, path, |request| request.header("accept", "text/html")).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, |request| request.json(&body)).await
    }

    /// A form's fields, encoded as a browser encodes them.
    pub async fn post_form(&self, path: &str, fields: &str) -> Answer {
        self.send(Method::POST, path, |request| {
            request
                .header("accept", "text/html")
                .header("content-type", "application/x-www-form-urlencoded")
                .body(fields.to_owned())
        })
        .await
    }

    /// A form with files.
    pub async fn post_files(&self, path: &str, fields: &[Field<'_>]) -> Answer {
        let mut body = Vec::new();
        for (name, file, content) in fields {
            let file = file.map(|file| format!("; filename=\"{file}\"")).unwrap_or_default();
            let head =
                format!("--limit\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n");
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(content);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--limit--\r\n");
        self.send(Method::POST, path, |request| {
            request.header("content-type", "multipart/form-data; boundary=limit").body(body)
        })
        .await
    }

    pub async fn order(&self, id: &str) -> Value {
        self.get(&format!("/api/v1/orders/{id}")).await.expect_status(200).json()
    }

    pub async fn patch_order(&self, id: &str, body: Value) -> Answer {
        let path = format!("/api/v1/orders/{id}");
        self.send(Method::PATCH, &path, |request| request.json(&body)).await
    }

    /// A change that may be sent again.
    pub async fn patch_order_as(&self, key: &str, id: &str, body: Value) -> Answer {
        let path = format!("/api/v1/orders/{id}");
        self.send(Method::PATCH, &path, |request| {
            request.header("Idempotency-Key", key).json(&body)
        })
        .await
    }

    pub async fn send(
        &self,
        method: Method,
        path: &str,
        with: impl FnOnce(RequestBuilder) -> RequestBuilder,
    ) -> Answer {
        self.attempt(method, path, with).await.unwrap()
    }

    /// As [`send`](Self::send), to a server that may not be there, or vanish before it has answered.
    pub async fn attempt(
        &self,
        method: Method,
        path: &str,
        with: impl FnOnce(RequestBuilder) -> RequestBuilder,
    ) -> Result<Answer, reqwest::Error> {
        let request = self.request(method, path);
        Answer::read(with(request.timeout(DEADLINE)).send().await?).await
    }

    /// A request that is not sent yet.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.url))
    }

    /// Opens a stream; see [`Stream`].
    pub async fn open(&self, path: &str) -> Stream {
        Stream::new(self.request_stream(path, None, "identity").await)
    }

    /// As [`open`](Self::open), and what comes is encoded.
    pub async fn open_gzip(&self, path: &str) -> Stream {
        Stream::new(self.request_stream(path, None, "gzip, deflate, br").await)
    }

    /// Sends a `GET` and takes no more than the head of the answer.
    pub async fn open_with(
        &self,
        path: &str,
        with: impl FnOnce(RequestBuilder) -> RequestBuilder,
    ) -> Answer {
        let request = with(self.http.get(format!("{}{path}", self.url)));
        let response = tokio::time::timeout(DEADLINE, request.send()).await.unwrap().unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        Answer { status, headers, text: String::new() }
    }

    /// Opens a stream where an earlier one was left.
    pub async fn resume(&self, path: &str, last_event_id: &str) -> Stream {
        Stream::new(self.request_stream(path, Some(last_event_id), "identity").await)
    }

    async fn request_stream(
        &self,
        path: &str,
        last_event_id: Option<&str>,
        encoding: &str,
    ) -> Response {
        let mut request = self.http.get(format!("{}{path}", self.url));
        request = request.header("accept", "text/event-stream");
        request = request.header("accept-encoding", encoding);
        if let Some(id) = last_event_id {
            request = request.header("Last-Event-ID", id);
        }
        tokio::time::timeout(DEADLINE, request.send()).await.unwrap().unwrap()
    }
}

impl Answer {
    async fn read(response: Response) -> Result<Self, reqwest::Error> {
        let (status, headers) = (response.status(), response.headers().clone());
        Ok(Self { status, headers, text: response.text().await? })
    }

    #[track_caller]
    pub fn expect_status(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    /// A header's text; empty if it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Checks that it is a problem of this status and code, and that it blames this field, if any.
    #[track_caller]
    pub fn expect_refusal(&self, status: u16, code: &str, field: Option<&str>) {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        assert_eq!(self.header("content-type"), "application/problem+json");
        let problem = self.json();
        assert_eq!(problem["status"], status, "{problem}");
        assert_eq!(problem["code"], code, "{problem}");
        assert_eq!(problem["field"].as_str(), field, "{problem}");
        for text in ["type", "title", "detail"] {
            assert!(problem[text].as_str().is_some_and(|text| !text.is_empty()), "{problem}");
        }
    }
}
