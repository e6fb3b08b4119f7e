//! What the engine counts: each metric moves when its thing happens, and only then.

use std::time::Duration;

use highwater::{
    Cursor, Epoch,
    server::{ChangeLog, Hub, HubSettings, Live, Recorded, Retention, Subscribe, SubscribeError},
};
use prometheus_client::{encoding::text, registry::Registry};

use crate::{
    fake_log::{FakeLog, Mood},
    notes::{Noted, Refused, audiences, note, say_all},
    reader::{Reader, ask, listen, settings, settle, start},
};

/// What a metric says, such as `resets_total{reason="log"}`.
pub fn value<L: ChangeLog>(hub: &Hub<L, Noted>, metric: &str) -> f64 {
    let mut registry = Registry::default();
    hub.metrics().register(&mut registry);
    let mut page = String::new();
    text::encode(&mut page, &registry).unwrap();
    let line = page.lines().find_map(|line| line.strip_prefix(&format!("highwater_{metric} ")));
    line.unwrap_or_else(|| panic!("no {metric} in {page}")).parse().unwrap()
}

async fn open(settings: HubSettings<Noted>) -> Live<FakeLog, Noted> {
    start(&FakeLog::new(), settings).await
}

async fn resume(live: &Live<FakeLog, Noted>, after: &Cursor) -> Reader {
    let ask = Subscribe { after: Some(Ok(after.clone())), ..ask(live, &["all"]).await };
    Reader::open(live.hub(), ask).await
}

#[tokio::test(start_paused = true)]
async fn open_streams_are_counted_while_they_are_open() {
    let live = open(settings()).await;
    let one = listen(&live, &["all"]).await;
    let two = listen(&live, &["all"]).await;
    assert_eq!(value(live.hub(), "streams"), 2.0);
    drop(one);
    assert_eq!(value(live.hub(), "streams"), 1.0);
    drop(two);
    assert_eq!(value(live.hub(), "streams"), 0.0);
}

#[tokio::test(start_paused = true)]
async fn refusals_are_counted_by_reason() {
    let live = open(HubSettings { streams: 2, streams_per_owner: 1, ring: 0, ..settings() }).await;
    let early = ask(&live, &["all"]).await;
    let _mine = Reader::open(live.hub(), ask(&live, &["all"]).await).await;
    let other = |owner: &str| Subscribe { owner: owner.into(), ..early.clone() };
    assert!(live.hub().subscribe(early.clone()).await.is_err());
    let theirs = Reader::open(live.hub(), other("ann")).await;
    assert!(live.hub().subscribe(other("bob")).await.is_err());
    drop(theirs);
    note(&live, &["all"], 1).await;
    settle_without_a_stream(&live).await;
    let outdated = live.hub().subscribe(other("ann")).await.err();
    assert_eq!(outdated, Some(SubscribeError::Outdated));
    live.log().set(Mood::Failing);
    let unreadable = Subscribe { after: Some(Ok(early.evaluated.bound())), ..other("ann") };
    assert!(live.hub().subscribe(unreadable).await.is_err());
    live.log().set(Mood::Well);
    live.hub().drain(Duration::from_secs(1)).await;
    assert!(live.hub().subscribe(other("ann")).await.is_err());
    for reason in ["too_many", "full", "outdated", "unavailable", "draining"] {
        let metric = format!("subscriptions_refused_total{{reason=\"{reason}\"}}");
        assert_eq!(value(live.hub(), &metric), 1.0, "{reason}");
    }
}

/// Waits until the hub has routed everything; time is paused, so this takes none.
async fn settle_without_a_stream(live: &Live<FakeLog, Noted>) {
    tokio::time::sleep(settings().poll * 2).await;
    assert_eq!(value(live.hub(), "log_rows_behind"), 0.0);
}

#[tokio::test(start_paused = true)]
async fn deliveries_are_counted_with_their_bytes_and_their_delay() {
    let live = open(settings()).await;
    let mut one = listen(&live, &["all"]).await;
    let mut two = listen(&live, &["all", "more"]).await;
    let greeted = value(live.hub(), "stream_bytes_total");
    assert!(greeted > 0.0, "a greeting is bytes as well");
    note(&live, &["all"], 1).await;
    let head = note(&live, &["more"], 2).await;
    note(&live, &["nobody"], 3).await;
    one.until(&head).await;
    two.until(&head).await;
    assert_eq!(value(live.hub(), "deliveries_total"), 3.0);
    assert!(value(live.hub(), "stream_bytes_total") > greeted + 100.0);
    assert_eq!(value(live.hub(), "commit_to_delivered_seconds_count"), 3.0);
    assert_eq!(value(live.hub(), "commit_to_delivered_seconds_bucket{le=\"+Inf\"}"), 3.0);
    // An hour old when it is written: above every bound.
    let json = r#"{"type":"note.written","id":9}"#.to_owned();
    let at = {
        let mut book = live.log().book();
        let at = book.append(Recorded::Event { to: audiences(&["more"]), json });
        book.age();
        at
    };
    two.until(&at).await;
    assert_eq!(value(live.hub(), "commit_to_delivered_seconds_bucket{le=\"10.0\"}"), 3.0);
    assert_eq!(value(live.hub(), "commit_to_delivered_seconds_count"), 4.0);
    assert!(value(live.hub(), "commit_to_delivered_seconds_sum") >= 3600.0);
}

#[tokio::test(start_paused = true)]
async fn collapses_and_resets_are_counted_by_reason() {
    let live = open(HubSettings { queue: 1, tags: 2, ring: 1, ..settings() }).await;
    let collapse = Subscribe { collapse: true, ..ask(&live, &["all"]).await };
    let at = live.head().await.unwrap();
    let mut reader = Reader::open(live.hub(), collapse).await.greeted(&at).await;
    for (tags, metric) in [(2, "collapses_total"), (3, "resets_total{reason=\"overflow\"}")] {
        assert_eq!(value(live.hub(), metric), 0.0);
        let events = (0..tags).map(|id| (audiences(&["all"]), Noted::Written { id }));
        let head = say_all(&live, events.collect()).await;
        settle(&live).await;
        reader.until(&head).await;
        assert_eq!(value(live.hub(), metric), 1.0);
    }

    let unknown = Cursor::new(Epoch::new("another-log").unwrap(), 1, 0);
    drop(resume(&live, &unknown).await);
    assert_eq!(value(live.hub(), "resets_total{reason=\"position\"}"), 1.0);

    let mut behind = resume(&live, &at).await.greeted(&at).await;
    live.log().trim(Retention { max_age_ms: 3_600_000, max_rows: 0 }).await.unwrap();
    let head = live.head().await.unwrap();
    behind.until(&head).await;
    assert_eq!(value(live.hub(), "resets_total{reason=\"trimmed\"}"), 1.0);

    live.log().book().epoch = Epoch::new("restored").unwrap();
    reader.rest().await;
    behind.rest().await;
    assert_eq!(value(live.hub(), "resets_total{reason=\"log\"}"), 2.0);
}

#[tokio::test(start_paused = true)]
async fn replays_are_counted_by_where_they_come_from() {
    let live = open(HubSettings { ring: 2, ..settings() }).await;
    let start = live.head().await.unwrap();
    let recent = note(&live, &["all"], 1).await;
    let head = note(&live, &["all"], 2).await;
    settle(&live).await;
    resume(&live, &recent).await.greeted(&recent).await.until(&head).await;
    assert_eq!(value(live.hub(), "replays_total{source=\"ring\"}"), 1.0);
    assert_eq!(value(live.hub(), "replays_total{source=\"log\"}"), 0.0);
    let head = note(&live, &["all"], 3).await;
    settle(&live).await;
    resume(&live, &start).await.greeted(&start).await.until(&head).await;
    assert!(value(live.hub(), "replays_total{source=\"log\"}") >= 1.0);
    assert_eq!(value(live.hub(), "deliveries_total"), 4.0);
    assert_eq!(value(live.hub(), "commit_to_delivered_seconds_count"), 0.0, "replays are not live");
}

#[tokio::test(start_paused = true)]
async fn what_this_build_cannot_decode_is_counted_once() {
    let live = open(settings()).await;
    let mut one = listen(&live, &["all"]).await;
    let mut two = listen(&live, &["all"]).await;
    let json = r#"{"type":"note.burnt"}"#.to_owned();
    let at = live.log().book().append(Recorded::Event { to: audiences(&["all"]), json });
    one.until(&at).await;
    two.until(&at).await;
    assert_eq!(value(live.hub(), "undecodable_events_total"), 1.0);
}

#[tokio::test(start_paused = true)]
async fn trims_and_reads_are_counted() {
    let live = open(settings()).await;
    let events = (0..7).map(|id| (audiences(&["all"]), Noted::Written { id }));
    let head = say_all(&live, events.collect()).await;
    for _ in 0..2 {
        live.trim(Retention { max_age_ms: 3_600_000, max_rows: 2 }).await.unwrap();
    }
    // The second one found nothing to remove.
    assert_eq!(value(live.hub(), "log_trims_total"), 1.0);
    assert_eq!(value(live.hub(), "log_trimmed_rows_total"), 5.0);

    let min = highwater::AsOf::upto(&head);
    for min in [None, Some(&min), Some(&min)] {
        live.read(min, |_| Box::pin(async { Ok::<_, Refused>(()) })).await.unwrap();
    }
    assert_eq!(value(live.hub(), "reads_total{kind=\"first\"}"), 1.0);
    assert_eq!(value(live.hub(), "reads_total{kind=\"refetch\"}"), 2.0);
}
