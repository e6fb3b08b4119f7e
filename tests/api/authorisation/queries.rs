//! Every query's tags against what its readers hear.

use std::collections::BTreeSet;

use highwater::{
    Cursor, LiveEvent, Query,
    server::{ChangeLog, Recorded},
};
use reqwest::Method;
use serde_json::{Value, json};
use studio::{
    account::{
        live::{Me, OpenStreams, People, SessionList, TokenList},
        model::{CurrentUser, Role},
        service,
    },
    content::{
        live::{
            ActivityFeed, DocumentDetail, DocumentList, DocumentTextQuery, InfographicDetail,
            InfographicList, InfographicOf, InfographicSources, PodcastDetail, PodcastList,
            VoiceoverDetail, VoiceoverList,
        },
        model::{DocumentId, InfographicId, PodcastId, VoiceoverId},
    },
    jobs::live::{JobList, TargetJob},
    live::{StudioEvent, StudioTag},
    orders::{
        live::{CatalogueQuery, OrderDetail, OrderHistoryQuery, OrderList, OrderMetricsQuery},
        model::{OrderFilter, OrderId},
    },
    server::access,
};

use super::{DOCUMENT, INFOGRAPHIC, PODCAST, VOICEOVER, app, ask, lets_in, table::functions};
use crate::{
    app::{ADMIN, ANA, CARLA, OPS, TestApp},
    client::Client,
    jobs,
};

/// What a job works on.
const TARGET: &str = "document:1";

/// What somebody has.
struct Own {
    document: DocumentId,
    podcast: PodcastId,
    voiceover: VoiceoverId,
    infographic: InfographicId,
}

/// The queries, by the server function that each calls; those of one's own things for these.
fn queries(own: &Own) -> Vec<(&'static str, Vec<StudioTag>)> {
    let Own { document, podcast, voiceover, infographic } = own;
    let order = || OrderId::new("ord_10248").unwrap();
    vec![
        ("/api/fn/list_orders", OrderList(OrderFilter::default()).tags()),
        ("/api/fn/get_order", OrderDetail(order()).tags()),
        ("/api/fn/order_history", OrderHistoryQuery(order()).tags()),
        ("/api/fn/order_metrics", OrderMetricsQuery.tags()),
        ("/api/fn/order_catalogue", CatalogueQuery.tags()),
        ("/api/fn/get_me", Me.tags()),
        ("/api/fn/list_people", People.tags()),
        ("/api/fn/list_open_streams", OpenStreams.tags()),
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
        ("/api/fn/list_voiceovers", VoiceoverList(1).tags()),
        ("/api/fn/get_voiceover", VoiceoverDetail(voiceover.clone()).tags()),
        ("/api/fn/list_infographics", InfographicList(1).tags()),
        ("/api/fn/get_infographic", InfographicDetail(infographic.clone()).tags()),
        ("/api/fn/get_document_infographic", InfographicOf(document.clone()).tags()),
        ("/api/fn/list_infographic_sources", InfographicSources.tags()),
    ]
}

/// The events of the log after a place, and the names of the audiences each went to.
pub async fn events_after(app: &TestApp, start: &Cursor) -> Vec<(StudioEvent, BTreeSet<String>)> {
    // What the log answers is settled, and all of it.
    app.head().await;
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

/// Makes one of each thing that one may have.
async fn things_of(visitor: &Client) -> Own {
    let mut stream = visitor.open("/api/events").await;
    stream.connected().await;
    let make = async |what: &str, new: Value| {
        let made = visitor.post(&format!("/api/v1/{what}"), new).await.expect_status(201).json();
        made["id"].as_str().unwrap().to_owned()
    };
    let document = make("documents", json!({ "title": "Own", "body": "Words." })).await;
    while stream.next_said().await.kind() != "document_job_completion" {}
    let of = json!({ "title": "Own", "documentIds": [document] });
    let own = Own {
        podcast: make("podcasts", of).await.parse().unwrap(),
        voiceover: make("voiceovers", json!({ "text": "Hello." })).await.parse().unwrap(),
        infographic: make("infographics", json!({ "documentId": document })).await.parse().unwrap(),
        document: document.parse().unwrap(),
    };
    // Both jobs are over before anybody else is asked for.
    let mut awaited = BTreeSet::from(["voiceover_job_completion", "infographic_job_completion"]);
    while !awaited.is_empty() {
        awaited.remove(stream.next_said().await.kind());
    }
    own
}

/// Things that nobody has.
fn nobodys() -> Own {
    Own {
        document: DOCUMENT.parse().unwrap(),
        podcast: PODCAST.parse().unwrap(),
        voiceover: VOICEOVER.parse().unwrap(),
        infographic: INFOGRAPHIC.parse().unwrap(),
    }
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
        let own = things_of(&visitor).await;
        let path = format!("/api/v1/documents/{}", own.document);
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
        let audiences = access::audiences_of(&app.state.db, &user).await.unwrap();
        let audiences: BTreeSet<String> =
            audiences.iter().map(|audience| audience.as_str().to_owned()).collect();
        for (path, tags) in queries(&own) {
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
    assert_eq!(
        heard.len(),
        queries(&nobodys()).len(),
        "a query that no event of these touches: {heard:?}"
    );
}
