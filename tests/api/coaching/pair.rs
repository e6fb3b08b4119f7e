//! [`Pair`]: a coach and a member who have a relationship, and the admin who put them together.

use std::sync::atomic::{AtomicU64, Ordering};

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    app::{ADMIN, ANA, CARLA, TestApp},
    client::{Answer, Client},
};

/// A coach and a member who have a relationship.
pub struct Pair {
    pub relationship: String,
    pub coach: Client,
    pub member: Client,
    pub admin: Client,
}

impl Pair {
    /// Carla coaches Ana.
    pub async fn of(app: &TestApp) -> Self {
        let (coach, member) = (app.sign_in(CARLA).await, app.sign_in(ANA).await);
        let admin = app.sign_in(ADMIN).await;
        let new = json!({ "coach": id_of(&coach).await, "member": id_of(&member).await });
        let made = call(&admin, "create_relationship", new).await.expect_status(200).json();
        let relationship = made["value"]["id"].as_str().unwrap().to_owned();
        app.settled().await;
        Self { relationship, coach, member, admin }
    }

    /// A session that the coach has scheduled.
    pub async fn session(&self) -> String {
        let new = json!({
            "coaching_relationship_id": self.relationship,
            "title": "First steps",
            "scheduled_at": "2026-03-01T09:00:00Z",
        });
        made(&self.coach, "coaching_sessions", new).await["id"].as_str().unwrap().to_owned()
    }

    /// An action of a session.
    pub async fn action(&self, session: &str, body: &str) -> Value {
        made(&self.coach, "actions", json!({ "coaching_session_id": session, "body": body })).await
    }

    /// Who takes part now.
    pub async fn put(&self, part: &str, person: Value, version: u64) -> Answer {
        let change = json!({ "part": part, "person": person, "version": version });
        let args = json!({ "id": self.relationship, "change": change });
        call(&self.admin, "change_relationship", args).await
    }
}

/// Calls a server function that changes something.
pub async fn call(client: &Client, function: &str, mut args: Value) -> Answer {
    static LAST: AtomicU64 = AtomicU64::new(1);
    args["mutation"] = json!(format!("{:032x}", LAST.fetch_add(1, Ordering::Relaxed)));
    client.post(&format!("/api/fn/{function}"), args).await
}

/// Asks a server function; what it answers or why it refuses.
pub async fn ask(client: &Client, function: &str, mut args: Value) -> Result<Value, Value> {
    args["min"] = Value::Null;
    let answer = client.post(&format!("/api/fn/{function}"), args).await.expect_status(200).json();
    match answer["value"].get("Ok") {
        Some(value) => Ok(value.clone()),
        None => Err(answer["value"]["Err"].clone()),
    }
}

/// What a server function that lists items is asked for.
pub fn list_args(list: &str, relationship: &str, session: &str) -> Value {
    match list {
        "list_notes" | "list_actions" => {
            json!({ "relationship": relationship, "session": session })
        }
        _ => json!({ "relationship": relationship }),
    }
}

/// Makes something over REST.
pub async fn made(client: &Client, path: &str, new: Value) -> Value {
    client.post(&format!("/api/v1/{path}"), new).await.expect_status(201).json()
}

/// Changes something over REST.
pub async fn patch(client: &Client, path: &str, change: Value) -> Answer {
    client.send(Method::PATCH, &format!("/api/v1/{path}"), |request| request.json(&change)).await
}

/// Deletes something over REST.
pub async fn delete(client: &Client, path: &str) -> Answer {
    client.send(Method::DELETE, &format!("/api/v1/{path}"), |request| request).await
}

/// Who a client is signed in as.
pub async fn id_of(client: &Client) -> Value {
    client.get("/api/v1/session").await.json()["id"].clone()
}
