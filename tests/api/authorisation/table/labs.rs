//! The lines of the labs. A project that nobody has is not there for anybody, who is let in or not.

use reqwest::Method;
use serde_json::{Value, json};

use super::{For, Line, key};

/// The id of a project that nobody has.
pub const PROJECT: &str = "prj_0123456789abcdef";
const SOURCE: &str = "src_0123456789abcdef";
const NODE: &str = "nod_0123456789abcdef";
const JOB: &str = "job_0123456789abcdef";

/// What stands for the other parts of an address.
pub const PARTS: [(&str, &str); 4] =
    [("{sourceId}", SOURCE), ("{proposalId}", NODE), ("{jobId}", JOB), ("{userId}", "999")];

/// Every endpoint of the labs, with a body that its handler understands.
pub fn endpoints() -> Vec<Line> {
    let get = |path| (Method::GET, path, For::Users, None);
    let post = |path, body| (Method::POST, path, For::Users, body);
    let patch = |path, body| (Method::PATCH, path, For::Users, Some(body));
    let delete = |path| (Method::DELETE, path, For::Users, None);
    vec![
        get("/api/projects"),
        post("/api/projects", Some(json!({ "name": "P" }))),
        get("/api/projects/{id}"),
        patch("/api/projects/{id}", json!({ "name": "P" })),
        delete("/api/projects/{id}"),
        get("/api/projects/{id}/members"),
        post("/api/projects/{id}/members", Some(json!({ "email": "a@example.com" }))),
        delete("/api/projects/{id}/members/{userId}"),
        get("/api/projects/{id}/sources"),
        post("/api/projects/{id}/sources", Some(source())),
        get("/api/projects/{id}/sources/{sourceId}"),
        delete("/api/projects/{id}/sources/{sourceId}"),
        post("/api/projects/{id}/sources/{sourceId}/ingest", None),
        get("/api/projects/{id}/jobs"),
        post("/api/projects/{id}/jobs", None),
        get("/api/projects/{id}/jobs/{jobId}"),
        post("/api/projects/{id}/jobs/{jobId}/cancel", None),
        get("/api/projects/{id}/proposals"),
        post("/api/projects/{id}/proposals", Some(bulk())),
        get("/api/projects/{id}/proposals/{proposalId}"),
        patch("/api/projects/{id}/proposals/{proposalId}", json!({ "title": "T" })),
        delete("/api/projects/{id}/proposals/{proposalId}"),
        get("/api/projects/{id}/map"),
        post("/api/projects/{id}/stream-token", None),
        get("/api/projects/{id}/status"),
    ]
}

/// Every server function of the labs, with arguments that it understands.
pub fn functions() -> Vec<Line> {
    let users = |path, body: Value| (Method::POST, path, For::Users, Some(body));
    let of = || json!({ "id": PROJECT, "min": null });
    let change =
        |what: &str, value: Value| json!({ "id": PROJECT, what: value, "mutation": key() });
    let one = |id: &str| json!({ "project": PROJECT, "id": id, "mutation": key() });
    let with = |mut args: Value, what: &str, value: Value| {
        args[what] = value;
        args
    };
    let page = json!({ "project": PROJECT, "status": "proposed", "page": 1, "min": null });
    vec![
        users("/api/fn/list_projects", json!({ "min": null })),
        users("/api/fn/get_project", of()),
        users("/api/fn/list_members", of()),
        users("/api/fn/list_sources", of()),
        users("/api/fn/get_generation", of()),
        users("/api/fn/list_nodes", page),
        users("/api/fn/find_nodes", json!({ "id": PROJECT, "ids": [NODE], "min": null })),
        users("/api/fn/get_map", of()),
        users(
            "/api/fn/create_project",
            json!({ "new": { "name": "P", "description": "" }, "mutation": key() }),
        ),
        users("/api/fn/change_project", change("change", json!({ "name": "P" }))),
        users("/api/fn/delete_project", json!({ "id": PROJECT, "mutation": key() })),
        users("/api/fn/add_member", change("new", json!({ "email": "a@example.com" }))),
        users("/api/fn/remove_member", change("member", json!(999))),
        users("/api/fn/add_source", change("new", source())),
        users("/api/fn/reingest_source", one(SOURCE)),
        users("/api/fn/delete_source", one(SOURCE)),
        users("/api/fn/generate_nodes", json!({ "id": PROJECT, "mutation": key() })),
        users("/api/fn/cancel_generation", change("job", json!(JOB))),
        users("/api/fn/change_node", with(one(NODE), "change", json!({ "title": "T" }))),
        users("/api/fn/change_nodes", change("change", bulk())),
        users("/api/fn/delete_node", with(one(NODE), "version", Value::Null)),
    ]
}

fn source() -> Value {
    json!({ "sourceName": "S", "text": "Words." })
}

fn bulk() -> Value {
    json!({ "ids": [NODE], "action": "accept" })
}
