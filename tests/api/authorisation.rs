//! Who may do what: every page, endpoint and server function against every kind of visitor.
//!
//! The table fails when something is added that it does not know.

mod coaching;
mod labs;
mod queries;
mod table;
mod visitor;

use std::{
    collections::BTreeSet,
    fs,
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
};

use leptos::server_fn::axum::server_fn_paths;
use reqwest::Method;
use serde_json::Value;
use studio::server::{http, openapi};

use self::{
    table::{Line, endpoints, functions, pages},
    visitor::{Visitor, client_of},
};
use crate::{
    app::TestApp,
    client::{Answer, Client},
};

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/// The id of a document that nobody has.
const DOCUMENT: &str = "doc_0123456789abcdef";
/// The id of a podcast that nobody has.
const PODCAST: &str = "pod_0123456789abcdef";
/// The id of a voiceover that nobody has.
const VOICEOVER: &str = "voc_0123456789abcdef";
/// The id of an infographic that nobody has.
const INFOGRAPHIC: &str = "inf_0123456789abcdef";

/// The pages of things that each belong to somebody.
const OWN: [&str; 10] = [
    "/documents/{id}",
    "/podcasts/{id}",
    "/voiceovers/{id}",
    "/infographics/{id}",
    "/coaching/{relationship}",
    "/coaching/{relationship}/sessions/{session}",
    "/labs/{id}",
    "/labs/{id}/map",
    "/labs/{id}/sources",
    "/labs/{id}/members",
];

/// A mutation id that was not used before.
fn key() -> String {
    static LAST: AtomicU64 = AtomicU64::new(0);
    format!("{:032x}", LAST.fetch_add(1, Ordering::Relaxed))
}

/// What the server says to a visitor, with `{id}` filled in. Of a stream only the head.
async fn ask(client: &Client, (method, path, _, body): &Line) -> Answer {
    let id = match path.split('/').nth(3) {
        _ if path.contains("project") => table::labs::PROJECT,
        _ if path.contains("imports") => "imp_0123456789abcdef",
        Some("tokens") => "999",
        Some("jobs") => "job_0123456789abcdef",
        _ if path.contains("documents") => DOCUMENT,
        _ if path.contains("podcasts") => PODCAST,
        _ if path.contains("voiceovers") => VOICEOVER,
        _ if path.contains("infographics") => INFOGRAPHIC,
        Some("coaching_sessions") => "ses_0123456789abcdef",
        Some("notes") => "not_0123456789abcdef",
        Some("actions") => "atn_0123456789abcdef",
        Some("agreements") => "agr_0123456789abcdef",
        Some("overarching_goals") => "gol_0123456789abcdef",
        _ => "ord_10248",
    };
    let path = path.replace("{id}", id);
    let path = table::labs::PARTS.iter().fold(path, |path, (part, of)| path.replace(part, of));
    if path.ends_with("/events") || path.ends_with("/sse") {
        return client.open_with(&path, |request| request).await;
    }
    client
        .send(method.clone(), &path, |request| match body {
            Some(body) => request.json(body),
            None => request,
        })
        .await
}

/// Whether an answer lets its visitor in. The refusal of a read is stamped, and so an answer.
fn lets_in(answer: &Answer) -> bool {
    let stamped = serde_json::from_str::<Value>(&answer.text).ok();
    let refusal =
        stamped.and_then(|answer| answer["value"]["Err"]["code"].as_str().map(str::to_owned));
    !matches!(answer.status.as_u16(), 401 | 403) && refusal.as_deref() != Some("forbidden")
}

async fn app() -> TestApp {
    let many = std::num::NonZeroU32::new(10_000).unwrap();
    TestApp::start_with(move |studio| {
        studio.limits.sign_in_attempts = many;
        studio.limits.sign_in_attempts_per_client = many;
        studio.streams_per_user = 100;
    })
    .await
}

#[tokio::test]
async fn every_endpoint_and_function_lets_in_whom_the_table_says() {
    let app = app().await;
    for visitor in Visitor::ALL {
        let mut client = client_of(&app, visitor).await;
        for line in functions().into_iter().chain(endpoints()) {
            let answer = ask(&client, &line).await;
            if line.1 == "/logout" || line.1 == "/api/v1/session" && line.0 == Method::DELETE {
                client = client_of(&app, visitor).await;
            }
            let (method, path, whom, _) = &line;
            assert!(answer.status.as_u16() < 500, "{method} {path} by {visitor:?}: {answer:?}");
            let expected = if visitor == Visitor::RevokedToken {
                // A program must learn that its token opens nothing, wherever it sends it.
                path.ends_with('z')
            } else if path.starts_with("/api/v1/session") && *method == Method::POST
                || *path == "/login"
            {
                // Refused as an attempt without a name, not as a visitor.
                assert!(matches!(answer.status.as_u16(), 400 | 415 | 422), "{path}: {answer:?}");
                continue;
            } else {
                visitor.may(*whom)
            };
            assert_eq!(lets_in(&answer), expected, "{method} {path} by {visitor:?}: {answer:?}");
            if !expected {
                let status = answer.status.as_u16();
                let known = visitor.is_known();
                assert!(known || status == 401, "{method} {path} by {visitor:?}: {answer:?}");
                assert!(!answer.text.contains("Vins et alcools"), "{method} {path}");
            }
        }
    }
}

#[tokio::test]
async fn every_page_lets_in_whom_the_table_says() {
    let app = app().await;
    for visitor in Visitor::ALL.into_iter().filter(|visitor| *visitor != Visitor::RevokedToken) {
        let client = client_of(&app, visitor).await;
        for (_, path, whom, _) in pages() {
            let address = path
                .replace("{id}", "ord_10248")
                .replace("{relationship}", "rel_0123456789abcdef")
                .replace("{session}", "ses_0123456789abcdef");
            let answer = client.get_page(&address).await;
            let expected = match (visitor.may(whom), visitor.is_known()) {
                // Who is signed in has no use for the sign-in page.
                (true, true) if path == "/login" => 302,
                // It is let in, and there is no such thing.
                (true, _) if OWN.contains(&path) => 404,
                (true, _) => 200,
                (false, true) => 403,
                (false, false) => 302,
            };
            assert_eq!(answer.status.as_u16(), expected, "{path} by {visitor:?}");
            assert!(expected == 200 || !answer.text.contains("Vins et alcools"), "{path}");
        }
    }
}

#[tokio::test]
async fn the_table_knows_every_function_endpoint_and_page() {
    let told = |lines: Vec<Line>| -> BTreeSet<String> {
        lines.into_iter().map(|(method, path, ..)| format!("{method} {path}")).collect()
    };
    let functions_there =
        server_fn_paths().map(|(path, method)| format!("{method} {path}")).collect();
    assert_eq!(told(functions()), functions_there);

    let mut routes = BTreeSet::new();
    routes_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut routes);
    let description = TestApp::start().await.client().get(openapi::DESCRIPTION).await.json();
    routes.extend(described(&description));
    assert_eq!(told(endpoints()), routes);

    let there = http::pages();
    let there = there.iter().map(|route| format!("GET {}", route.path())).collect();
    assert_eq!(told(pages()), there);
}

/// The routes that are described to other programs.
fn described(description: &Value) -> impl Iterator<Item = String> {
    let paths = description["paths"].as_object().unwrap().iter();
    paths.flat_map(|(path, operations)| {
        let methods = operations.as_object().unwrap().keys().map(|method| method.to_uppercase());
        let methods = methods.filter(|method| METHODS.contains(&&**method));
        methods.map(move |method| format!("{method} {path}"))
    })
}

/// The other routes that the sources name, since a router cannot be asked for its own.
fn routes_in(directory: &Path, routes: &mut BTreeSet<String>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.file_stem().is_some_and(|name| name == "tests") {
            continue;
        }
        if path.is_dir() {
            routes_in(&path, routes);
            continue;
        }
        let source = fs::read_to_string(&path).unwrap();
        for route in source.split(".route(\"").skip(1) {
            let (path, handlers) = route.split_once('"').unwrap();
            let handlers = handlers.lines().next().unwrap().split(".route(").next().unwrap();
            for method in METHODS.map(str::to_lowercase) {
                let named = |start: &str| handlers.contains(&format!("{start}{method}("));
                if named(" ") || named(".") {
                    routes.insert(format!("{} {path}", method.to_uppercase()));
                }
            }
        }
    }
}
