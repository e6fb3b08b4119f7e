//! Every query of the labs: its tags and audiences against the members of a project and strangers of
//! each role.

use std::collections::BTreeSet;

use highwater::{LiveEvent, Query};
use reqwest::Method;
use serde_json::{Value, json};
use studio::{
    account::service::find,
    labs::{
        live::{
            Generation, MapQuery, MemberList, NodeList, ProjectDetail, ProjectList, SomeNodes,
            SourceList,
        },
        model::{NodeStatus, ProjectId},
    },
    live::StudioTag,
    server::access,
};

use super::queries::events_after;
use crate::{
    app::{ADMIN, ANA, BEN, CARLA, OPS, TestApp},
    coaching::pair::ask,
    labs::lab::Lab,
};

/// A query by its server function, with what that is asked for, and its tags.
type Line = (&'static str, Value, Vec<StudioTag>);

fn lines(id: &str) -> Vec<Line> {
    let project = || id.parse::<ProjectId>().unwrap();
    let of = || json!({ "id": id });
    let page = json!({ "project": id, "status": "proposed", "page": 1 });
    let nodes = NodeList { project: project(), status: NodeStatus::Proposed, page: 1 };
    let some = SomeNodes { project: project(), ids: BTreeSet::new() };
    vec![
        ("get_project", of(), ProjectDetail(project()).tags()),
        ("list_members", of(), MemberList(project()).tags()),
        ("list_sources", of(), SourceList(project()).tags()),
        ("get_generation", of(), Generation(project()).tags()),
        ("list_nodes", page, nodes.tags()),
        ("find_nodes", json!({ "id": id, "ids": [] }), some.tags()),
        ("get_map", of(), MapQuery(project()).tags()),
    ]
}

#[tokio::test]
async fn whoever_may_run_a_query_of_the_labs_hears_all_its_tags_and_nobody_else_does() {
    let app = TestApp::start().await;
    let lab = Lab::of(&app).await;
    let start = app.head().await;
    lab.propose("federalist-51.txt").await;
    let path = format!("/api/projects/{}", lab.project);
    let rename = json!({ "name": "Renamed" });
    lab.owner.send(Method::PATCH, &path, |request| request.json(&rename)).await.expect_status(200);
    app.head().await;
    let events = events_after(&app, &start).await;
    let mut touched = BTreeSet::new();
    for (email, takes_part) in
        [(ANA, true), (BEN, true), (CARLA, false), (OPS, false), (ADMIN, false)]
    {
        let client = app.sign_in(email).await;
        let user = find(&app.state, email).await.unwrap();
        let audiences = access::audiences_of(&app.state.db, &user).await.unwrap();
        let audiences: BTreeSet<String> =
            audiences.iter().map(|audience| audience.as_str().to_owned()).collect();
        for (function, args, tags) in lines(&lab.project) {
            let allowed = match ask(&client, function, args).await {
                Ok(_) => true,
                Err(refusal) => {
                    assert_eq!(refusal["code"], "forbidden");
                    false
                }
            };
            assert_eq!(allowed, takes_part, "{function} by {email}");
            for (event, to) in &events {
                if event.tags().iter().any(|tag| tags.contains(tag)) {
                    touched.insert(function);
                    assert_eq!(!to.is_disjoint(&audiences), allowed, "{function}: {event:?}");
                }
            }
        }
        // Everybody has a list of their own, and hears of what is in it.
        let mine = ask(&client, "list_projects", json!({})).await.unwrap();
        assert_eq!(!mine.as_array().unwrap().is_empty(), takes_part, "{email}");
        let of_mine = events
            .iter()
            .filter(|(event, _)| event.tags().iter().any(|tag| ProjectList.tags().contains(tag)));
        for (event, to) in of_mine {
            assert_eq!(!to.is_disjoint(&audiences), takes_part, "{email}: {event:?}");
        }
    }
    assert_eq!(touched.len(), lines(&lab.project).len(), "{touched:?}");
}
