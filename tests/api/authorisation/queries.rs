//! Every query's tags against what its readers hear.

use std::collections::BTreeSet;

use highwater::{
    Cursor, LiveEvent, Query,
    server::{ChangeLog, Recorded},
};
use reqwest::Method;
use serde_json::json;
use studio::{
    account::{
        live::{Me, SessionList, TokenList},
        model::{CurrentUser, Role},
        service,
    },
    content::{
        live::{
            ActivityFeed, DocumentDetail, DocumentList, DocumentTextQuery, PodcastDetail,
            PodcastList,
        },
        model::{DocumentId, PodcastId},
    },
    jobs::live::{JobList, TargetJob},
    live::{StudioEvent, StudioTag},
    orders::{
        live::{CatalogueQuery, OrderDetail, OrderHistoryQuery, OrderList, OrderMetricsQuery},
        model::{OrderFilter, OrderId},
    },
    server::access,
};

use super::{DOCUMENT, PODCAST, app, ask, lets_in, table::functions};
use crate::{
    app::{ADMIN, ANA, CARLA, OPS, TestApp},
    jobs,
};

/// What a job works on.
const TARGET: &str = "document:1";

/// The queries, by the server function that each calls; those of a document or a podcast for these.
fn queries(document: &DocumentId, podcast: &PodcastId) -> Vec<(&'static str, Vec<StudioTag>)> {
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
        ("/api/fn/list_activity", ActivityFeed(1).tags()),
        ("/api/fn/get_document_text", DocumentTextQuery(document.clone(), 1).tags()),
        ("/api/fn/list_podcasts", PodcastList(1).tags()),
        ("/api/fn/get_podcast", PodcastDetail(podcast.clone()).tags()),
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
        let podcast = json!({ "title": "Own", "documentIds": [document["id"]] });
        let podcast = visitor.post("/api/v1/podcasts", podcast).await.expect_status(201).json();
        let podcast: PodcastId = podcast["id"].as_str().unwrap().parse().unwrap();
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
        for (path, tags) in queries(&document, &podcast) {
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
    let all = queries(&DOCUMENT.parse().unwrap(), &PODCAST.parse().unwrap()).len();
    assert_eq!(heard.len(), all, "a query that no event of these touches: {heard:?}");
}
