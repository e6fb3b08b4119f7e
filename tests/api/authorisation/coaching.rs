//! Every coaching query's tags and audiences against the two people and against strangers of each
//! role.

use std::collections::BTreeSet;

use highwater::{LiveEvent, Query};
use serde_json::{Value, json};
use studio::{
    account::service::find,
    coaching::live::{
        ActionList, AgreementList, AllRelationships, CoachingEvent, GoalHistory, GoalList,
        MyRelationships, NoteList, NotificationList, OverviewQuery, RelationshipDetail,
        SessionDetail, SessionList,
    },
    live::{StudioEvent, StudioTag},
    server::access,
};

use super::queries::events_after;
use crate::{
    app::{ADMIN, ANA, BEN, CARLA, COREY, OPS, TestApp},
    coaching::pair::{Pair, ask, delete, id_of, made, patch},
};

/// A query by its server function, with what that is asked for.
struct Line {
    function: &'static str,
    args: Value,
    tags: Vec<StudioTag>,
    /// Whether everybody may run it, each for their own.
    own: bool,
}

fn lines(relationship: &str, session: &str) -> Vec<Line> {
    let rel = || relationship.parse().unwrap();
    let ses = || session.parse().unwrap();
    let of = json!({ "relationship": relationship });
    let in_session = json!({ "relationship": relationship, "session": session });
    let one_session = json!({ "relationship": relationship, "id": session });
    let line = |function, args: &Value, tags, own| Line { function, args: args.clone(), tags, own };
    let none = json!({});
    vec![
        line("my_relationships", &none, MyRelationships.tags(), true),
        line("coaching_overview", &none, OverviewQuery.tags(), true),
        line("list_notifications", &none, NotificationList.tags(), true),
        line("all_relationships", &none, AllRelationships.tags(), false),
        line(
            "get_relationship",
            &json!({ "id": relationship }),
            RelationshipDetail(rel()).tags(),
            false,
        ),
        line("goal_history", &of, GoalHistory(rel()).tags(), false),
        line("list_coaching_sessions", &of, SessionList(rel()).tags(), false),
        line("get_coaching_session", &one_session, SessionDetail(rel(), ses()).tags(), false),
        line("list_notes", &in_session, NoteList(rel(), ses()).tags(), false),
        line("list_actions", &in_session, ActionList(rel(), ses()).tags(), false),
        line("list_agreements", &of, AgreementList(rel()).tags(), false),
        line("list_goals", &of, GoalList(rel()).tags(), false),
    ]
}

/// Has everything happen that is told.
async fn happen(pair: &Pair, session: &str) {
    let of = &pair.relationship;
    let member = id_of(&pair.member).await;
    let action = json!({ "coaching_session_id": session, "body": "B", "assignee_id": member });
    for (path, new, change) in [
        ("notes", json!({ "coaching_session_id": session, "body": "B" }), json!({ "body": "C" })),
        ("actions", action, json!({ "body": "C" })),
        (
            "agreements",
            json!({ "coaching_relationship_id": of, "body": "B" }),
            json!({ "body": "C" }),
        ),
        (
            "overarching_goals",
            json!({ "coaching_relationship_id": of, "title": "B" }),
            json!({ "progress": 5 }),
        ),
    ] {
        let item = made(&pair.coach, path, new).await;
        let one = format!("{path}/{}", item["id"].as_str().unwrap());
        patch(&pair.coach, &one, change).await.expect_status(200);
        delete(&pair.coach, &one).await.expect_status(204);
    }
    // Of a session that is no more nobody is told but that it is not.
    let second = pair.session().await;
    delete(&pair.coach, &format!("coaching_sessions/{second}")).await.expect_status(204);
    for change in
        [json!({ "title": "C" }), json!({ "status": "running" }), json!({ "status": "done" })]
    {
        patch(&pair.coach, &format!("coaching_sessions/{session}"), change)
            .await
            .expect_status(200);
    }
}

#[tokio::test]
async fn whoever_may_run_a_query_of_coaching_hears_all_its_tags_and_nobody_else_does() {
    let app = TestApp::start().await;
    let pair = Pair::of(&app).await;
    let session = pair.session().await;
    let start = app.head().await;
    happen(&pair, &session).await;
    // Both leave and come back, so that relationships are told of as well.
    for (version, person) in [(1, Value::Null), (2, id_of(&pair.member).await)] {
        pair.put("member", person, version).await.expect_status(200);
    }
    let events = events_after(&app, &start).await;
    let mut touched = BTreeSet::new();
    for (email, takes_part) in
        [(CARLA, true), (ANA, true), (COREY, false), (BEN, false), (OPS, false), (ADMIN, false)]
    {
        let client = app.sign_in(email).await;
        let user = find(&app.state, email).await.unwrap();
        let audiences = access::audiences_of(&app.state.db, &user).await.unwrap();
        let audiences: BTreeSet<String> =
            audiences.iter().map(|audience| audience.as_str().to_owned()).collect();
        for Line { function, args, tags, own } in lines(&pair.relationship, &session) {
            let allowed = match ask(&client, function, args).await {
                Ok(_) => true,
                Err(refusal) => {
                    assert!(
                        ["not_found", "forbidden"].contains(&refusal["code"].as_str().unwrap())
                    );
                    false
                }
            };
            let for_admins = function == "all_relationships";
            let expected = own || if for_admins { email == ADMIN } else { takes_part };
            assert_eq!(allowed, expected, "{function} by {email}");
            for (event, to) in &events {
                if !event.tags().iter().any(|tag| tags.contains(tag)) {
                    continue;
                }
                touched.insert(function);
                let hears = !to.is_disjoint(&audiences);
                // Who coaches whom is for admins, and one's own is for oneself: one event tells both.
                let of_whom = matches!(
                    event,
                    StudioEvent::Coaching(CoachingEvent::CoachingRelationshipChanged { .. })
                );
                let known = of_whom && (takes_part || email == ADMIN);
                let right = own || hears == allowed || hears && known;
                assert!(right, "{function} by {email}: {event:?} to {to:?}");
                if own && !takes_part && email != ADMIN {
                    assert!(!hears, "{function} by {email}: {event:?}");
                }
            }
        }
    }
    assert_eq!(touched.len(), lines(&pair.relationship, &session).len(), "{touched:?}");
}
