//! The description of the endpoints: it holds for what they answer.

use std::collections::BTreeSet;

use jsonschema::Validator;
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    app::{OPS, TestApp},
    client::{Answer, Client},
    coaching::pair::{Pair, id_of},
    labs::lab::Lab,
};

/// The description, and who asks the endpoints that it describes.
struct Described {
    client: Client,
    description: Value,
}

impl Described {
    async fn of(app: &TestApp) -> Self {
        let client = app.client();
        client.sign_in(OPS).await.expect_status(200);
        let description = client.get("/api/openapi.json").await.expect_status(200).json();
        Self { client, description }
    }

    /// What an operation is described to answer with a status, as a schema of its own.
    fn schema(&self, method: &str, path: &str, status: u16) -> Value {
        let responses = &self.description["paths"][path][method]["responses"];
        let content = responses[status.to_string()]["content"].as_object();
        let content = content.unwrap_or_else(|| panic!("{method} {path} {status}: {responses}"));
        let (_, described) = content.iter().next().unwrap();
        let mut schema = described["schema"].clone();
        schema["components"] = self.description["components"].clone();
        schema
    }

    fn holds(&self, method: &str, path: &str, answer: &Answer) {
        let schema = self.schema(method, path, answer.status.as_u16());
        let validator = Validator::new(&schema).unwrap();
        let body = answer.json();
        let wrong: Vec<String> =
            validator.iter_errors(&body).map(|error| error.to_string()).collect();
        assert_eq!(wrong, [""; 0], "{method} {path} answered {body}");
    }

    async fn get(&self, path: &str, address: &str) {
        self.holds("get", path, &self.client.get(address).await);
    }
}

#[tokio::test]
async fn what_is_read_is_as_described() {
    let app = TestApp::start().await;
    let described = Described::of(&app).await;
    for (path, address) in [
        ("/api/v1/orders", "/api/v1/orders?status=pending&sort=-total&page=1"),
        ("/api/v1/orders", "/api/v1/orders?status=lost"),
        ("/api/v1/orders/{id}", "/api/v1/orders/ord_10248"),
        ("/api/v1/orders/{id}", "/api/v1/orders/ord_1"),
        ("/api/v1/orders/{id}/history", "/api/v1/orders/ord_10248/history"),
        ("/api/v1/orders/metrics", "/api/v1/orders/metrics"),
        ("/api/v1/orders/catalogue", "/api/v1/orders/catalogue"),
        ("/api/v1/session", "/api/v1/session"),
        ("/api/v1/jobs", "/api/v1/jobs?page=1"),
        ("/api/v1/jobs", "/api/v1/jobs?page=0"),
        ("/api/v1/jobs/{id}", "/api/v1/jobs/job_0123456789abcdef"),
    ] {
        described.get(path, address).await;
    }
}

#[tokio::test]
async fn what_is_read_of_a_project_is_as_described() {
    let app = TestApp::start().await;
    let lab = Lab::of(&app).await;
    lab.propose("federalist-10.txt").await;
    let description = lab.owner.get("/api/openapi.json").await.expect_status(200).json();
    let described = Described { client: lab.owner.clone(), description };
    let of = "/api/projects/{id}";
    described.get("/api/projects", "/api/projects").await;
    described.get(of, &format!("/api/projects/{}", lab.project)).await;
    for below in ["members", "sources", "jobs", "proposals", "map"] {
        described.get(&format!("{of}/{below}"), &lab.path(below)).await;
    }
    for (list, id) in [("jobs", "jobId"), ("sources", "sourceId"), ("proposals", "proposalId")] {
        let listed = lab.owner.get(&lab.path(list)).await.json();
        let first = listed.get(0).or_else(|| listed["rows"].get(0)).unwrap()["id"].clone();
        let one = lab.path(&format!("{list}/{}", first.as_str().unwrap()));
        described.get(&format!("{of}/{list}/{{{id}}}"), &one).await;
    }
    let answer = lab.owner.post(&lab.path("stream-token"), json!({})).await;
    described.holds("post", "/api/projects/{id}/stream-token", &answer);
    let node = lab.proposals("").await["rows"][0]["id"].clone();
    let accept = json!({ "ids": [node], "action": "accept" });
    let answer = lab.owner.post(&lab.path("proposals"), accept).await;
    described.holds("post", "/api/projects/{id}/proposals", &answer);
    described.get(&format!("{of}/map"), &lab.path("map")).await;
}

#[tokio::test]
async fn what_changes_and_what_is_refused_is_as_described() {
    let app = TestApp::start().await;
    let described = Described::of(&app).await;
    let (client, order) = (&described.client, "/api/v1/orders/{id}");
    for change in [json!({ "note": "by the back door" }), json!({ "note": "late", "version": 7 })] {
        let answer = client.patch_order("ord_11077", change).await;
        described.holds("patch", order, &answer);
    }
    let made = client.post("/api/v1/tokens", json!({ "name": "export" })).await.expect_status(201);
    described.holds("post", "/api/v1/tokens", &made);
    described.get("/api/v1/tokens", "/api/v1/tokens").await;
    let bulk = json!({ "ids": ["ord_11076", "ord_1"], "status": "packed" });
    let answer = client.post("/api/v1/orders/status", bulk).await;
    described.holds("post", "/api/v1/orders/status", &answer);
    described.holds("get", "/api/v1/orders", &app.client().get("/api/v1/orders").await);
}

#[tokio::test]
async fn documents_and_podcasts_are_as_described() {
    let app = TestApp::start().await;
    let described = Described::of(&app).await;
    let client = &described.client;
    let mut ended = client.open("/api/events?types=document_job_completion,job_completion").await;
    ended.connected().await;
    let body = "# One\n\nA river runs to the sea.\n\n# Two\n\nIt may rise.\n";
    let document = json!({ "title": "Rivers", "body": body, "format": "markdown" });
    let added = client.post("/api/v1/documents", document).await.expect_status(201);
    described.holds("post", "/api/v1/documents", &added);
    ended.next_said().await;
    described.get("/api/v1/documents/{id}", added.header("location")).await;
    described.get("/api/v1/documents", "/api/v1/documents").await;

    let new = json!({ "title": "On rivers", "documentIds": [added.json()["id"]] });
    let made = client.post("/api/v1/podcasts", new).await.expect_status(201);
    described.holds("post", "/api/v1/podcasts", &made);
    let (address, one) = (made.header("location"), "/api/v1/podcasts/{id}");
    let asked = json!({ "jobType": "generate-script" });
    let begun = client.post(&format!("{address}/generate"), asked).await.expect_status(202);
    described.holds("post", "/api/v1/podcasts/{id}/generate", &begun);
    ended.next_said().await;
    described.get(one, address).await;
    described.get("/api/v1/podcasts", "/api/v1/podcasts").await;
    let edit = json!({ "script": client.get(address).await.json()["script"], "version": 1 });
    let old = client.send(Method::PATCH, address, |request| request.json(&edit)).await;
    described.holds("patch", one, &old.expect_status(409));
}

#[tokio::test]
async fn coaching_is_as_described() {
    let app = TestApp::start().await;
    let mut described = Described::of(&app).await;
    let pair = Pair::of(&app).await;
    described.client = pair.coach.clone();
    let session = pair.session().await;
    let of = &pair.relationship;
    let new = json!({
        "coaching_relationship_id": of, "title": "T", "scheduled_at": "2026-03-01T09:00:00Z",
    });
    described.get("/api/v1/coaching_relationships", "/api/v1/coaching_relationships").await;
    let action = json!({
        "coaching_session_id": session, "body": "B", "due_on": "2026-03-08",
        "assignee_id": id_of(&pair.member).await,
    });
    for (path, list, new, change) in [
        ("coaching_sessions", String::new(), new, json!({ "status": "running" })),
        ("notes", format!("?coaching_session_id={session}"), in_session(&session), body()),
        ("actions", format!("?coaching_session_id={session}"), action, body()),
        ("agreements", format!("?coaching_relationship_id={of}"), in_relationship(of), body()),
        (
            "overarching_goals",
            format!("?coaching_relationship_id={of}"),
            json!({ "coaching_relationship_id": of, "title": "T", "progress": 5 }),
            json!({ "progress": 10 }),
        ),
    ] {
        let (all, one) = (format!("/api/v1/{path}"), format!("/api/v1/{path}/{{id}}"));
        let made = pair.coach.post(&all, new).await.expect_status(201);
        described.holds("post", &all, &made);
        let address = made.header("location");
        let patch = async |change: &Value| {
            described.client.send(Method::PATCH, address, |request| request.json(change)).await
        };
        described.holds("patch", &one, &patch(&change).await.expect_status(200));
        described.get(&all, &format!("{all}{list}")).await;
        described.get(&one, address).await;
        described.holds("patch", &one, &patch(&json!({ "version": 1 })).await.expect_status(409));
        described.get(&one, &format!("{all}/nothing")).await;
        described.get(&all, &format!("{all}?of=nothing")).await;
    }
}

fn body() -> Value {
    json!({ "body": "Another" })
}

fn in_session(session: &str) -> Value {
    json!({ "coaching_session_id": session, "body": "B" })
}

fn in_relationship(relationship: &str) -> Value {
    json!({ "coaching_relationship_id": relationship, "body": "B" })
}

/// A validator that takes everything would pass the tests above.
#[tokio::test]
async fn what_is_not_as_described_is_noticed() {
    let app = TestApp::start().await;
    let described = Described::of(&app).await;
    let schema = described.schema("get", "/api/v1/session", 200);
    let validator = Validator::new(&schema).unwrap();
    assert!(!validator.is_valid(&json!({ "id": "3", "email": "a", "name": "b", "role": "staff" })));
    assert!(!validator.is_valid(&json!({ "id": 3, "email": "a", "name": "b", "role": "king" })));
}

#[tokio::test]
async fn each_operation_says_who_may_and_has_a_name_of_its_own() {
    let app = TestApp::start().await;
    let description = app.client().get("/api/openapi.json").await.expect_status(200).json();
    assert_eq!(description["security"], json!([{ "token": [] }, { "session": [] }]));
    let text = description.to_string();
    let link = text.find("[`").map(|at| &text[at..text.len().min(at + 60)]);
    assert_eq!(link, None, "a link of the code's own documentation");
    let mut names = BTreeSet::new();
    for (path, methods) in description["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let name = operation["operationId"].as_str().unwrap();
            assert!(names.insert(name.to_owned()), "{name} twice");
            assert!(operation["summary"].is_string(), "{method} {path} has no summary");
            assert!(operation["responses"]["401"].is_object(), "{method} {path}");
        }
    }
}

#[tokio::test]
async fn nothing_of_the_reference_page_comes_from_elsewhere() {
    let app = TestApp::start().await;
    let page = app.client().get("/reference/").await.expect_status(200);
    assert!(!page.text.contains("http"), "{}", page.text);
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'self';"), "{policy}");
    for file in ["swagger-ui-bundle.js", "swagger-ui.css", "swagger-initializer.js"] {
        assert!(page.text.contains(file), "{file}");
        app.client().get(&format!("/reference/{file}")).await.expect_status(200);
    }
}
