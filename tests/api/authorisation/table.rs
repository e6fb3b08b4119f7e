//! The table: every endpoint, server function and page, and whom each lets in.

mod coaching;
pub mod labs;

use reqwest::Method;
use serde_json::{Value, json};

use super::{DOCUMENT, INFOGRAPHIC, PODCAST, VOICEOVER, key};

/// Whom a row of the table lets in.
#[derive(Clone, Copy, Debug)]
pub enum For {
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
pub type Line = (Method, &'static str, For, Option<Value>);

/// Every endpoint for programs, with a body that its handler understands.
pub fn endpoints() -> Vec<Line> {
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
        (Method::GET, "/api/v1/voiceovers", For::Users, None),
        (Method::POST, "/api/v1/voiceovers", For::Users, Some(json!({ "text": "Hello." }))),
        (Method::GET, "/api/v1/voiceovers/{id}", For::Users, None),
        (Method::PATCH, "/api/v1/voiceovers/{id}", For::Users, Some(json!({ "title": "T" }))),
        (Method::DELETE, "/api/v1/voiceovers/{id}", For::Users, None),
        (Method::POST, "/api/v1/voiceovers/{id}/generate", For::Users, None),
        (Method::GET, "/api/v1/voiceovers/{id}/audio", For::Users, None),
        (Method::GET, "/api/v1/infographics", For::Users, None),
        (Method::POST, "/api/v1/infographics", For::Users, Some(json!({ "documentId": DOCUMENT }))),
        (Method::GET, "/api/v1/infographics/{id}", For::Users, None),
        (Method::DELETE, "/api/v1/infographics/{id}", For::Users, None),
        (Method::POST, "/api/v1/infographics/{id}/generate", For::Users, None),
        (Method::GET, "/api/v1/infographics/{id}/file", For::Users, None),
        (Method::GET, "/api/v1/activity", For::Users, None),
        (Method::GET, "/api/v1/podcasts", For::Users, None),
        (Method::POST, "/api/v1/podcasts", For::Users, Some(new_podcast())),
        (Method::GET, "/api/v1/podcasts/{id}", For::Users, None),
        (Method::PATCH, "/api/v1/podcasts/{id}", For::Users, Some(json!({ "script": script() }))),
        (Method::DELETE, "/api/v1/podcasts/{id}", For::Users, None),
        (Method::POST, "/api/v1/podcasts/{id}/generate", For::Users, None),
        (Method::GET, "/api/v1/podcasts/{id}/audio", For::Users, None),
        // Anybody may try to sign in, and signing out is no error for who is not signed in.
        (Method::POST, "/api/v1/session", For::All, Some(json!({ "email": "", "password": "" }))),
        (Method::POST, "/login", For::All, None),
        (Method::DELETE, "/api/v1/session", For::AllButPrograms, None),
        (Method::POST, "/logout", For::AllButPrograms, None),
    ]
    .into_iter()
    .chain(coaching::endpoints())
    .chain(labs::endpoints())
    .collect()
}

/// Every server function, with arguments that it understands.
pub fn functions() -> Vec<Line> {
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
    let voiceover = json!({ "voiceover": { "text": "Hello." }, "mutation": key() });
    let change = json!({ "id": VOICEOVER, "change": { "title": "T" }, "mutation": key() });
    let of_document = json!({ "id": DOCUMENT, "min": null });
    let infographic = json!({ "infographic": { "documentId": DOCUMENT }, "mutation": key() });
    let one_infographic = || json!({ "id": INFOGRAPHIC, "mutation": key() });
    let rename = json!({ "id": DOCUMENT, "change": { "title": "T" }, "mutation": key() });
    let podcast = json!({ "podcast": new_podcast(), "mutation": key() });
    let person = json!({ "email": "", "name": "N", "role": "member", "password": "" });
    let generate = json!({ "id": PODCAST, "what": "generate-script", "mutation": key() });
    let script = json!({ "id": PODCAST, "edit": { "script": script() }, "mutation": key() });
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
        post("/api/fn/list_voiceovers", For::Users, json!({ "page": 1, "min": null })),
        post("/api/fn/get_voiceover", For::Users, json!({ "id": VOICEOVER, "min": null })),
        post("/api/fn/create_voiceover", For::Users, voiceover),
        post("/api/fn/change_voiceover", For::Users, change),
        post(
            "/api/fn/generate_voiceover",
            For::Users,
            json!({ "id": VOICEOVER, "mutation": key() }),
        ),
        post("/api/fn/delete_voiceover", For::Users, json!({ "id": VOICEOVER, "mutation": key() })),
        post("/api/fn/list_infographics", For::Users, json!({ "page": 1, "min": null })),
        post("/api/fn/get_infographic", For::Users, json!({ "id": INFOGRAPHIC, "min": null })),
        post("/api/fn/get_document_infographic", For::Users, of_document),
        post("/api/fn/list_infographic_sources", For::Users, json!({ "min": null })),
        post("/api/fn/create_infographic", For::Users, infographic),
        post("/api/fn/generate_infographic", For::Users, one_infographic()),
        post("/api/fn/delete_infographic", For::Users, one_infographic()),
        post("/api/fn/list_activity", For::Users, json!({ "page": 1, "min": null })),
        post("/api/fn/list_podcasts", For::Users, json!({ "page": 1, "min": null })),
        post("/api/fn/get_podcast", For::Users, json!({ "id": PODCAST, "min": null })),
        post("/api/fn/create_podcast", For::Users, podcast),
        post("/api/fn/generate_podcast", For::Users, generate),
        post("/api/fn/edit_script", For::Users, script),
        post("/api/fn/delete_podcast", For::Users, json!({ "id": PODCAST, "mutation": key() })),
        post("/api/fn/list_people", For::Admins, json!({ "min": null })),
        post("/api/fn/list_open_streams", For::Admins, json!({ "min": null })),
        post(
            "/api/fn/change_role",
            For::Admins,
            json!({ "user": 999, "role": "staff", "mutation": key() }),
        ),
        post(
            "/api/fn/sign_person_out",
            For::Admins,
            json!({ "user": 999, "reason": "x", "mutation": key() }),
        ),
        post("/api/fn/add_person", For::Admins, json!({ "person": person, "mutation": key() })),
        post("/api/fn/end_other_sessions", For::Sessions, json!({ "mutation": key() })),
    ]
    .into_iter()
    .chain(coaching::functions())
    .chain(labs::functions())
    .collect()
}

/// Every page.
pub fn pages() -> Vec<Line> {
    let get = |path, whom| (Method::GET, path, whom, None);
    vec![
        get("/login", For::All),
        get("/", For::Users),
        get("/account", For::Users),
        get("/admin/people", For::Admins),
        get("/admin/relationships", For::Admins),
        get("/coaching", For::Users),
        get("/coaching/{relationship}", For::Users),
        get("/coaching/{relationship}/sessions/{session}", For::Users),
        get("/labs", For::Users),
        get("/labs/{id}", For::Users),
        get("/labs/{id}/map", For::Users),
        get("/labs/{id}/sources", For::Users),
        get("/labs/{id}/members", For::Users),
        get("/jobs", For::Users),
        get("/activity", For::Users),
        get("/voiceovers", For::Users),
        get("/voiceovers/{id}", For::Users),
        get("/infographics", For::Users),
        get("/infographics/{id}", For::Users),
        get("/orders", For::Staff),
        get("/orders/new", For::Staff),
        get("/orders/import", For::Staff),
        get("/orders/{id}", For::Staff),
        get("/documents", For::Users),
        get("/documents/new", For::Users),
        get("/documents/{id}", For::Users),
        get("/podcasts", For::Users),
        get("/podcasts/new", For::Users),
        get("/podcasts/{id}", For::Users),
    ]
}

fn new_podcast() -> Value {
    json!({ "title": "T", "documentIds": [DOCUMENT] })
}

fn script() -> Value {
    let turns = json!([{ "host": "a", "text": "Words." }]);
    json!({ "title": "T", "segments": [{ "title": "One", "turns": turns }] })
}
