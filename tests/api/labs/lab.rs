//! [`Lab`]: a project with an owner and a member, and somebody who does not take part.

use std::path::Path;

use reqwest::Method;
use sea_orm::{ConnectionTrait, QueryResult, Statement};
use serde_json::{Value, json};

use crate::{
    app::{ANA, BEN, CARLA, TestApp},
    client::{Answer, Client},
    stream::{Heard, Stream},
};

/// A project, and three people.
pub struct Lab {
    pub project: String,
    /// Ana, who owns it.
    pub owner: Client,
    /// Ben, who takes part.
    pub member: Client,
    /// Carla, who does not.
    pub stranger: Client,
}

impl Lab {
    pub async fn of(app: &TestApp) -> Self {
        let (owner, member) = (app.sign_in(ANA).await, app.sign_in(BEN).await);
        let stranger = app.sign_in(CARLA).await;
        let new = json!({ "name": "The Union", "description": "What was argued for it." });
        let made = owner.post("/api/projects", new).await.expect_status(201).json();
        let project = made["id"].as_str().unwrap().to_owned();
        let lab = Self { project, owner, member, stranger };
        lab.owner.post(&lab.path("members"), json!({ "email": BEN })).await.expect_status(200);
        app.settled().await;
        lab
    }

    /// An address below the project's.
    pub fn path(&self, below: &str) -> String {
        format!("/api/projects/{}/{below}", self.project)
    }

    /// The project's stream, after its `connected`.
    pub async fn stream(&self, client: &Client) -> Stream {
        let mut stream = client.open(&self.path("status")).await;
        stream.connected().await;
        stream
    }

    /// Adds a source, and answers it as it was added.
    pub async fn add(&self, name: &str, text: &str) -> Value {
        let new = json!({ "sourceName": name, "text": text });
        self.owner.post(&self.path("sources"), new).await.expect_status(201).json()
    }

    /// Adds a source, and waits until it was ingested.
    pub async fn ingest(&self, name: &str, text: &str) -> Value {
        let mut stream = self.stream(&self.owner).await;
        let source = self.add(name, text).await;
        loop {
            let heard = next(&mut stream, "status_update").await;
            if heard.data["sourceId"] == source["id"] && heard.data["status"] == "completed" {
                return source;
            }
        }
    }

    /// Has nodes proposed from one of the demo's documents, and answers those that were.
    pub async fn propose(&self, document: &str) -> Vec<Value> {
        self.ingest(document, &demo(document)).await;
        let mut stream = self.stream(&self.owner).await;
        self.owner.post(&self.path("jobs"), json!({})).await.expect_status(201);
        while next(&mut stream, "progress_update").await.data["progress"]["stage"] != "complete" {}
        self.proposals("?status=proposed").await["rows"].as_array().unwrap().clone()
    }

    /// A page of the project's proposals.
    pub async fn proposals(&self, query: &str) -> Value {
        let path = self.path(&format!("proposals{query}"));
        self.owner.get(&path).await.expect_status(200).json()
    }

    /// Changes something below the project.
    pub async fn patch(&self, client: &Client, below: &str, change: Value) -> Answer {
        client.send(Method::PATCH, &self.path(below), |request| request.json(&change)).await
    }

    /// Deletes something below the project.
    pub async fn delete(&self, client: &Client, below: &str) -> Answer {
        client.send(Method::DELETE, &self.path(below), |request| request).await
    }
}

/// One of the demo's documents.
pub fn demo(document: &str) -> String {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("demo/documents");
    std::fs::read_to_string(directory.join(document)).unwrap()
}

/// The next message of a type; others are passed over.
pub async fn next(stream: &mut Stream, kind: &str) -> Heard {
    loop {
        let heard = stream.next_said().await;
        if heard.kind() == kind {
            return heard;
        }
    }
}

/// Runs statements as a writer that knows nothing of the application.
pub async fn run(app: &TestApp, sql: &str) {
    app.state.db.execute_unprepared(sql).await.unwrap();
}

/// Asks for rows.
pub async fn rows(app: &TestApp, sql: &str) -> Vec<QueryResult> {
    let statement = Statement::from_string(app.state.db.get_database_backend(), sql);
    app.state.db.query_all_raw(statement).await.unwrap()
}
