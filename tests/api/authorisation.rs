//! Who may do what: every page, endpoint and server function against every kind of visitor, and
//! every query's tags against what its readers hear.
//!
//! The table fails when something is added that it does not know.

use std::{
    collections::BTreeSet,
    fs,
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
};

use highwater::{
    Cursor, LiveEvent, Query,
    server::{ChangeLog, Recorded},
};
use leptos::server_fn::axum::server_fn_paths;
use reqwest::Method;
use serde_json::{Value, json};
use studio::{
    account::{
        live::{Me, SessionList, TokenList},
        model::{CurrentUser, Role},
        service,
    },
    app::App,
    content::{
        live::{DocumentDetail, DocumentList, DocumentTextQuery},
        model::DocumentId,
    },
    jobs::live::{JobList, TargetJob},
    live::{StudioEvent, StudioTag},
    orders::{
        live::{CatalogueQuery, OrderDetail, OrderHistoryQuery, OrderList, OrderMetricsQuery},
        model::{OrderFilter, OrderId},
    },
    server::access,
};

use crate::{
    app::{ADMIN, ANA, CARLA, OLE, OPS, TestApp},
    client::{Answer, Client},
    jobs,
};

/// A mutation id that was not used before.
fn key() -> String {
    static LAST: AtomicU64 = AtomicU64::new(0);
    format!("{:032x}", LAST.fetch_add(1, Ordering::Relaxed))
}

/// The id of a document that nobody has.
const DOCUMENT: &str = "doc_0123456789abcdef";

/// Who knocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Visitor {
    Nobody,
    EndedSession,
    RevokedToken,
    Coach,
    Member,
    Staff,
    Admin,
    StaffToken,
    MemberToken,
}

/// Whom a row of the table lets in.
#[derive(Clone, Copy, Debug)]
enum For {
    /// Everybody.
    All,
    /// Everybody but programs, which have no session to end.
    AllButPrograms,
    /// Whoever is signed in, and their programs.
    Users,
    /// Whoever is signed in; not their programs.
    Sessions,
    /// Staff and admins, and their programs.
    Staff,
    /// Admins.
    Admins,
}

/// What is asked for, as whom it is meant.
type Line = (Method, &'static str, For, Option<Value>);

impl Visitor {
    const ALL: [Self; 9] = [
        Self::Nobody,
        Self::EndedSession,
        Self::RevokedToken,
        Self::Coach,
        Self::Member,
        Self::Staff,
        Self::Admin,
        Self::StaffToken,
        Self::MemberToken,
    ];

    fn is_known(self) -> bool {
        !matches!(self, Self::Nobody | Self::EndedSession | Self::RevokedToken)
    }

    fn may(self, line: For) -> bool {
        match line {
            For::All => true,
            For::AllButPrograms => !matches!(self, Self::StaffToken | Self::MemberToken),
            For::Users => self.is_known(),
            For::Sessions => {
                matches!(self, Self::Coach | Self::Member | Self::Staff | Self::Admin)
            }
            For::Staff => matches!(self, Self::Staff | Self::Admin | Self::StaffToken),
            For::Admins => self == Self::Admin,
        }
    }
}

/// Every endpoint for programs, with a body that its handler understands.
fn endpoints() -> Vec<Line> {
    let order = json!({
        "customerId": "VINET",
        "shipTo": { "name": "V", "address": "1 Quay", "city": "Reims", "country": "France" },
        "lines": [{ "productId": 1, "quantity": 1 }],
    });
    let bulk = json!({ "ids": ["ord_10248"], "status": "pending" });
    vec![
        (Method::GET, "/healthz", For::All, None),
        (Method::GET, "/readyz", For::All, None),
        (Method::GET, "/metrics", For::Admins, None),
        (Method::GET, "/api/events", For::Users, None),
        (Method::GET, "/api/v1/stream/events", For::Staff, None),
        (Method::GET, "/api/v1/session", For::Users, None),
        (Method::GET, "/api/v1/tokens", For::Users, None),
        (Method::POST, "/api/v1/tokens", For::Sessions, Some(json!({ "name": "made" }))),
        (Method::DELETE, "/api/v1/tokens/{id}", For::Sessions, None),
        (Method::GET, "/api/v1/orders", For::Staff, None),
        (Method::POST, "/api/v1/orders", For::Staff, Some(order)),
        (Method::GET, "/api/v1/orders/{id}", For::Staff, None),
        (Method::PATCH, "/api/v1/orders/{id}", For::Staff, Some(json!({ "note": "x" }))),
        (Method::GET, "/api/v1/orders/{id}/history", For::Staff, None),
        (Method::POST, "/api/v1/orders/status", For::Staff, Some(bulk)),
        (Method::GET, "/api/v1/orders/metrics", For::Staff, None),
        (Method::GET, "/api/v1/orders/catalogue", For::Staff, None),
        (Method::GET, "/api/v1/orders.csv", For::Staff, None),
        (Method::POST, "/api/v1/orders/imports", For::Staff, None),
        (Method::GET, "/api/v1/orders/imports/{id}", For::Staff, None),
        (Method::GET, "/api/v1/jobs", For::Users, None),
        (Method::GET, "/api/v1/jobs/{id}", For::Users, None),
        (Method::POST, "/api/v1/jobs/{id}/cancel", For::Users, None),
        (Method::POST, "/api/v1/jobs/{id}/retry", For::Users, None),
        (Method::GET, "/api/v1/documents", For::Users, None),
        (Method::POST, "/api/v1/documents", For::Users, Some(json!({ "title": "T", "body": "B" }))),
        (Method::GET, "/api/v1/documents/{id}", For::Users, None),
        (Method::PATCH, "/api/v1/documents/{id}", For::Users, Some(json!({ "title": "T" }))),
        (Method::DELETE, "/api/v1/documents/{id}", For::Users, None),
        (Method::GET, "/api/v1/documents/{id}/source", For::Users, None),
        (Method::GET, "/api/v1/documents/{id}/text", For::Users, None),
        // Anybody may try to sign in, and signing out is no error for who is not signed in.
        (Method::POST, "/api/v1/session", For::All, Some(json!({ "email": "", "password": "" }))),
        (Method::POST, "/login", For::All, None),
        (Method::DELETE, "/api/v1/session", For::AllButPrograms, None),
        (Method::POST, "/logout", For::AllButPrograms, None),
    ]
}

/// Every server function, with arguments that it understands.
fn functions() -> Vec<Line> {
    let post = |path, whom, body| (Method::POST, path, whom, Some(body));
    let order = json!({
        "customerId": "VINET",
        "shipTo": { "name": "V", "address": "1 Quay", "city": "Reims", "country": "France" },
        "lines": [{ "productId": 1, "quantity": 1 }],
    });
    let bulk = json!({ "ids": ["ord_10248"], "status": "pending" });
    let edit = json!({ "id": "ord_10248", "change": { "note": "y" }, "mutation": key() });
    let import = json!({ "id": "imp_0123456789abcdef", "min": null });
    let token = json!({ "id": 999, "mutation": key() });
    let job = || json!({ "id": "job_0123456789abcdef", "mutation": key() });
    let session = json!({ "id": "0123456789abcdef", "mutation": key() });
    let part = json!({ "id": DOCUMENT, "part": 1, "min": null });
    let rename = json!({ "id": DOCUMENT, "change": { "title": "T" }, "mutation": key() });
    vec![
        post("/api/fn/get_me", For::Users, json!({ "min": null })),
        post("/api/fn/list_tokens", For::Users, json!({ "min": null })),
        post("/api/fn/create_token", For::Sessions, json!({ "name": "made" })),
        post("/api/fn/revoke_token", For::Sessions, token),
        post("/api/fn/list_sessions", For::Users, json!({ "min": null })),
        post("/api/fn/end_session", For::Sessions, session),
        post("/api/fn/list_orders", For::Staff, json!({ "filter": {}, "min": null })),
        post("/api/fn/get_order", For::Staff, json!({ "id": "ord_10248", "min": null })),
        post("/api/fn/update_order", For::Staff, edit),
        post("/api/fn/create_order", For::Staff, json!({ "order": order, "mutation": key() })),
        post("/api/fn/change_orders", For::Staff, json!({ "change": bulk, "mutation": key() })),
        post("/api/fn/order_metrics", For::Staff, json!({ "min": null })),
        post("/api/fn/order_catalogue", For::Staff, json!({ "min": null })),
        post("/api/fn/order_history", For::Staff, json!({ "id": "ord_10248", "min": null })),
        post("/api/fn/get_import", For::Staff, import),
        post("/api/fn/list_jobs", For::Users, json!({ "page": 1, "min": null })),
        post("/api/fn/get_target_job", For::Users, json!({ "target": "x:1", "min": null })),
        post("/api/fn/cancel_job", For::Users, job()),
        post("/api/fn/retry_job", For::Users, job()),
        post("/api/fn/list_documents", For::Users, json!({ "page": 1, "min": null })),
        post("/api/fn/get_document", For::Users, json!({ "id": DOCUMENT, "min": null })),
        post("/api/fn/get_document_text", For::Users, part),
        post("/api/fn/rename_document", For::Users, rename),
        post("/api/fn/delete_document", For::Users, json!({ "id": DOCUMENT, "mutation": key() })),
        post("/api/fn/end_other_sessions", For::Sessions, json!({ "mutation": key() })),
    ]
}

/// Every page.
fn pages() -> Vec<Line> {
    let get = |path, whom| (Method::GET, path, whom, None);
    vec![
        get("/login", For::All),
        get("/", For::Users),
        get("/account", For::Users),
        get("/jobs", For::Users),
        get("/orders", For::Staff),
        get("/orders/new", For::Staff),
        get("/orders/import", For::Staff),
        get("/orders/{id}", For::Staff),
        get("/documents", For::Users),
        get("/documents/new", For::Users),
        get("/documents/{id}", For::Users),
    ]
}

async fn client_of(app: &TestApp, visitor: Visitor) -> Client {
    let token_of = async |email: &str| {
        let session = app.sign_in(email).await;
        let made = session.post("/api/v1/tokens", json!({ "name": "program" })).await.json();
        let client = app.with_token(made["secret"].as_str().unwrap());
        (session, made["token"]["id"].clone(), client)
    };
    match visitor {
        Visitor::Nobody => app.client(),
        Visitor::EndedSession => {
            // Ended by another one, so that the client keeps its cookie.
            let (ended, other) = (app.sign_in(OLE).await, app.sign_in(OLE).await);
            let path = "/api/fn/end_other_sessions";
            other.post(path, json!({ "mutation": key() })).await.expect_status(200);
            ended
        }
        Visitor::RevokedToken => {
            let (session, id, client) = token_of(OLE).await;
            let path = format!("/api/v1/tokens/{id}");
            session.send(Method::DELETE, &path, |request| request).await.expect_status(204);
            client
        }
        Visitor::Coach => app.sign_in(CARLA).await,
        Visitor::Member => app.sign_in(ANA).await,
        Visitor::Staff => app.sign_in(OPS).await,
        Visitor::Admin => app.sign_in(ADMIN).await,
        Visitor::StaffToken => token_of(OPS).await.2,
        Visitor::MemberToken => token_of(ANA).await.2,
    }
}

/// What the server says to a visitor, with `{id}` filled in. Of a stream only the head.
async fn ask(client: &Client, (method, path, _, body): &Line) -> Answer {
    let id = match path.split('/').nth(3) {
        _ if path.contains("imports") => "imp_0123456789abcdef",
        Some("tokens") => "999",
        Some("jobs") => "job_0123456789abcdef",
        _ if path.contains("documents") => DOCUMENT,
        _ => "ord_10248",
    };
    let path = path.replace("{id}", id);
    if path.ends_with("/events") {
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
            let answer = client.get_page(&path.replace("{id}", "ord_10248")).await;
            let expected = match (visitor.may(whom), visitor.is_known()) {
                // Who is signed in has no use for the sign-in page.
                (true, true) if path == "/login" => 302,
                // It is let in, and there is no such document.
                (true, _) if path == "/documents/{id}" => 404,
                (true, _) => 200,
                (false, true) => 403,
                (false, false) => 302,
            };
            assert_eq!(answer.status.as_u16(), expected, "{path} by {visitor:?}");
            assert!(expected == 200 || !answer.text.contains("Vins et alcools"), "{path}");
        }
    }
}

#[test]
fn the_table_knows_every_function_endpoint_and_page() {
    let told = |lines: Vec<Line>| -> BTreeSet<String> {
        lines.into_iter().map(|(method, path, ..)| format!("{method} {path}")).collect()
    };
    let functions_there =
        server_fn_paths().map(|(path, method)| format!("{method} {path}")).collect();
    assert_eq!(told(functions()), functions_there);

    let mut routes = BTreeSet::new();
    routes_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut routes);
    assert_eq!(told(endpoints()), routes);

    let there = leptos_axum::generate_route_list(App);
    let there = there.iter().map(|route| format!("GET {}", route.path())).collect();
    assert_eq!(told(pages()), there);
}

/// The routes that the sources name, since a router cannot be asked for its own.
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
        for described in source.split("#[utoipa::path(").skip(1) {
            let (method, rest) = described.trim_start().split_once(',').unwrap();
            let path = rest.split_once("path = \"").unwrap().1.split_once('"').unwrap().0;
            routes.insert(format!("{} {path}", method.to_uppercase()));
        }
        for route in source.split(".route(\"").skip(1) {
            let (path, handlers) = route.split_once('"').unwrap();
            let handlers = handlers.lines().next().unwrap().split(".route(").next().unwrap();
            for method in ["get", "post", "put", "patch", "delete"] {
                let named = |start: &str| handlers.contains(&format!("{start}{method}("));
                if named(" ") || named(".") {
                    routes.insert(format!("{} {path}", method.to_uppercase()));
                }
            }
        }
    }
}

/// What a job works on.
const TARGET: &str = "document:1";

/// The queries, by the server function that each calls; those of a document for this one.
fn queries(document: &DocumentId) -> Vec<(&'static str, Vec<StudioTag>)> {
    let order = || OrderId::new("ord_10248").unwrap();
    vec![
        ("/api/fn/list_orders", OrderList(OrderFilter::default()).tags()),
        ("/api/fn/get_order", OrderDetail(order()).tags()),
        ("/api/fn/order_history", OrderHistoryQuery(order()).tags()),
        ("/api/fn/order_metrics", OrderMetricsQuery.tags()),
        ("/api/fn/order_catalogue", CatalogueQuery.tags()),
        ("/api/fn/get_me", Me.tags()),
        ("/api/fn/list_tokens", TokenList.tags()),
        ("/api/fn/list_sessions", SessionList.tags()),
        ("/api/fn/list_jobs", JobList { page: 1 }.tags()),
        ("/api/fn/get_target_job", TargetJob(TARGET.to_owned()).tags()),
        ("/api/fn/list_documents", DocumentList(1).tags()),
        ("/api/fn/get_document", DocumentDetail(document.clone()).tags()),
        ("/api/fn/get_document_text", DocumentTextQuery(document.clone(), 1).tags()),
    ]
}

/// The events of the log after a place, and the names of the audiences each went to.
async fn events_after(app: &TestApp, start: &Cursor) -> Vec<(StudioEvent, BTreeSet<String>)> {
    let page = app.state.live.log().after(start, 1000).await.unwrap();
    let events = page.rows.into_iter().filter_map(|row| match row.what {
        Recorded::Event { to, json } => {
            let to = to.iter().map(|audience| audience.as_str().to_owned()).collect();
            Some((serde_json::from_str(&json).unwrap(), to))
        }
        Recorded::Access(_) => None,
    });
    events.collect()
}

#[tokio::test]
async fn whoever_may_run_a_query_hears_all_its_tags_and_nobody_else_does() {
    let app = app().await;
    let staff = app.sign_in(OPS).await;
    let functions = functions();
    let mut heard = BTreeSet::new();
    let people = [
        (OPS, Role::Staff, 20_000..20_001),
        (ADMIN, Role::Admin, 20_001..20_002),
        (CARLA, Role::Coach, 20_002..20_003),
        (ANA, Role::Member, 20_003..20_004),
    ];
    for (email, role, new_orders) in people {
        let start = app.head().await;
        let visitor = app.sign_in(email).await;
        // What is one's own is changed by oneself, orders by whoever may.
        visitor.post("/api/v1/tokens", json!({ "name": "own" })).await.expect_status(201);
        let document = json!({ "title": "Own", "body": "Words." });
        let document = visitor.post("/api/v1/documents", document).await.expect_status(201).json();
        let document: DocumentId = document["id"].as_str().unwrap().parse().unwrap();
        let path = format!("/api/v1/documents/{document}");
        visitor.send(Method::DELETE, &path, |request| request).await.expect_status(204);
        let user = visitor.get("/api/v1/session").await.json();
        let user: CurrentUser = serde_json::from_value(user).unwrap();
        let other = if role == Role::Coach { Role::Member } else { Role::Coach };
        for role in [other, role] {
            service::change_role(&app.state.live, user.id, role).await.unwrap();
        }
        let note = json!({ "note": format!("for {role}") });
        staff.patch_order("ord_10248", note).await.expect_status(200);
        app.import_orders(new_orders).await;
        jobs::queue(&app.state, user.id, "nothing", TARGET, json!({})).await;
        jobs::forget(&app.state, TARGET).await;

        let events = events_after(&app, &start).await;
        let audiences = access::audiences_of(&user);
        let audiences: BTreeSet<String> =
            audiences.iter().map(|audience| audience.as_str().to_owned()).collect();
        for (path, tags) in queries(&document) {
            let line = functions.iter().find(|line| line.1 == path).unwrap();
            let allowed = lets_in(&ask(&visitor, line).await);
            for (event, to) in &events {
                let touched = event.tags().iter().any(|tag| tags.contains(tag));
                if touched {
                    assert_eq!(!to.is_disjoint(&audiences), allowed, "{path}, {role}: {event:?}");
                    heard.insert(path);
                }
            }
        }
    }
    let all = queries(&DOCUMENT.parse().unwrap()).len();
    assert_eq!(heard.len(), all, "a query that no event of these touches: {heard:?}");
}
