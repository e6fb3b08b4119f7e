//! The lines of coaching. Things that nobody has are not there for anybody, who is let in or not.

use reqwest::Method;
use serde_json::{Value, json};

use super::{For, Line, key};

/// The id of a coaching relationship that nobody has.
pub const RELATIONSHIP: &str = "rel_0123456789abcdef";
/// The id of a coaching session that nobody has.
pub const SESSION: &str = "ses_0123456789abcdef";

/// Every endpoint of coaching, with a body that its handler understands.
pub fn endpoints() -> Vec<Line> {
    let mut lines = vec![
        (Method::GET, "/api/sse", For::Users, None),
        (Method::GET, "/api/v1/coaching_relationships", For::Users, None),
    ];
    let mut add = |all, one, new, change| {
        lines.extend([
            (Method::GET, all, For::Users, None),
            (Method::POST, all, For::Users, Some(new)),
            (Method::GET, one, For::Users, None),
            (Method::PATCH, one, For::Users, Some(change)),
            (Method::DELETE, one, For::Users, None),
        ]);
    };
    let sessions = "/api/v1/coaching_sessions";
    add(sessions, "/api/v1/coaching_sessions/{id}", new_session(), json!({ "title": "T" }));
    add("/api/v1/notes", "/api/v1/notes/{id}", in_session(), json!({ "body": "B" }));
    add("/api/v1/actions", "/api/v1/actions/{id}", in_session(), json!({ "body": "B" }));
    let agreement = in_relationship("body");
    add("/api/v1/agreements", "/api/v1/agreements/{id}", agreement, json!({ "body": "B" }));
    let (goal, progress) = (in_relationship("title"), json!({ "progress": 1 }));
    add("/api/v1/overarching_goals", "/api/v1/overarching_goals/{id}", goal, progress);
    lines
}

/// Every server function of coaching, with arguments that it understands.
pub fn functions() -> Vec<Line> {
    let post = |path, whom, body| (Method::POST, path, whom, Some(body));
    let users = |path, body: Value| post(path, For::Users, body);
    let read = || json!({ "min": null });
    let of_relationship = || json!({ "relationship": RELATIONSHIP, "min": null });
    let of_session = || json!({ "relationship": RELATIONSHIP, "session": SESSION, "min": null });
    let change = |id: &str, change: Value| json!({ "id": id, "change": change, "mutation": key() });
    let delete = |id: &str| json!({ "id": id, "version": null, "mutation": key() });
    let body = || json!({ "body": "B" });
    let leave = json!({ "part": "coach", "person": null, "version": 1 });
    vec![
        users("/api/fn/my_relationships", read()),
        users("/api/fn/coaching_overview", read()),
        post("/api/fn/all_relationships", For::Admins, read()),
        users("/api/fn/get_relationship", json!({ "id": RELATIONSHIP, "min": null })),
        users("/api/fn/goal_history", of_relationship()),
        post(
            "/api/fn/create_relationship",
            For::Admins,
            json!({ "coach": 999, "member": 999, "mutation": key() }),
        ),
        post("/api/fn/change_relationship", For::Admins, change(RELATIONSHIP, leave)),
        users("/api/fn/list_coaching_sessions", of_relationship()),
        users(
            "/api/fn/get_coaching_session",
            json!({ "relationship": RELATIONSHIP, "id": SESSION, "min": null }),
        ),
        users(
            "/api/fn/create_coaching_session",
            json!({ "session": new_session(), "mutation": key() }),
        ),
        users(
            "/api/fn/be_present",
            json!({ "session": SESSION, "tab": "tab_0123456789abcdef", "typing": null }),
        ),
        users(
            "/api/fn/leave_session",
            json!({ "session": SESSION, "tab": "tab_0123456789abcdef" }),
        ),
        users("/api/fn/change_coaching_session", change(SESSION, json!({ "title": "T" }))),
        users("/api/fn/delete_coaching_session", delete(SESSION)),
        users("/api/fn/list_notes", of_session()),
        users("/api/fn/create_note", json!({ "note": in_session(), "mutation": key() })),
        users("/api/fn/change_note", change("not_0123456789abcdef", body())),
        users("/api/fn/delete_note", delete("not_0123456789abcdef")),
        users("/api/fn/list_actions", of_session()),
        users("/api/fn/create_action", json!({ "action": in_session(), "mutation": key() })),
        users("/api/fn/change_action", change("atn_0123456789abcdef", body())),
        users("/api/fn/delete_action", delete("atn_0123456789abcdef")),
        users("/api/fn/list_agreements", of_relationship()),
        users(
            "/api/fn/create_agreement",
            json!({ "agreement": in_relationship("body"), "mutation": key() }),
        ),
        users("/api/fn/change_agreement", change("agr_0123456789abcdef", body())),
        users("/api/fn/delete_agreement", delete("agr_0123456789abcdef")),
        users("/api/fn/list_goals", of_relationship()),
        users(
            "/api/fn/create_goal",
            json!({ "goal": in_relationship("title"), "mutation": key() }),
        ),
        users("/api/fn/change_goal", change("gol_0123456789abcdef", json!({ "progress": 1 }))),
        users("/api/fn/delete_goal", delete("gol_0123456789abcdef")),
        users("/api/fn/list_notifications", read()),
        users(
            "/api/fn/dismiss_notification",
            json!({ "id": "ntf_0123456789abcdef", "mutation": key() }),
        ),
        users("/api/fn/dismiss_notifications", json!({ "mutation": key() })),
    ]
}

fn new_session() -> Value {
    json!({
        "coaching_relationship_id": RELATIONSHIP,
        "title": "T",
        "scheduled_at": "2026-01-01T00:00:00Z",
    })
}

fn in_session() -> Value {
    json!({ "coaching_session_id": SESSION, "body": "B" })
}

fn in_relationship(text: &str) -> Value {
    json!({ "coaching_relationship_id": RELATIONSHIP, text: "T" })
}
