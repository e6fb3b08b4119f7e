//! Types: a stream that asks for some types of events hears of no other.

use highwater::{
    Cursor,
    frame::Frame,
    server::{AccessChange, By, HubSettings, Live, Recorded, Subscribe},
};

use crate::{
    fake_log::FakeLog,
    notes::{Noted, Refused, audiences, note, notes_and_progress, say},
    reader::{Reader, ask, notes, settings, settle, start},
};

async fn open(settings: HubSettings<Noted>) -> Live<FakeLog, Noted> {
    start(&FakeLog::new(), settings).await
}

/// A subscription to some types of the events for all.
async fn only(live: &Live<FakeLog, Noted>, types: &[&str]) -> Subscribe {
    let types = Some(types.iter().map(|name| (*name).to_owned()).collect());
    Subscribe { types, ..ask(live, &["all"]).await }
}

async fn listen(live: &Live<FakeLog, Noted>, types: &[&str]) -> Reader {
    let head = live.head().await.unwrap();
    Reader::open(live.hub(), only(live, types).await).await.greeted(&head).await
}

#[tokio::test(start_paused = true)]
async fn a_stream_hears_the_types_it_asked_for_and_is_complete_past_the_others() {
    let live = open(settings()).await;
    let mut written = listen(&live, &["note.written"]).await;
    let mut progress = listen(&live, &["note.progress"]).await;
    let mut both = listen(&live, &["note.written", "note.progress"]).await;
    let mut none = listen(&live, &[]).await;
    let head = notes_and_progress(&live, &["all", "all", "staff"], 2).await;
    assert_eq!(notes(&written.until(&head).await), [(1, 0), (3, 1)]);
    assert_eq!(notes(&progress.until(&head).await), [(2, 0), (4, 1)]);
    assert_eq!(notes(&both.until(&head).await), [(1, 0), (2, 0), (3, 1), (4, 1)]);
    assert_eq!(none.until(&head).await, []);
}

#[tokio::test(start_paused = true)]
async fn a_replay_has_the_types_that_were_asked_for() {
    for ring in [0, 3, 5000] {
        let live = open(HubSettings { ring, ..settings() }).await;
        let start = note(&live, &["others"], 0).await;
        let head = notes_and_progress(&live, &["all"], 300).await;
        settle(&live).await;
        let after = Some(Ok(start.clone()));
        let ask = Subscribe { after, ..only(&live, &["note.progress"]).await };
        let mut reader = Reader::open(live.hub(), ask).await.greeted(&start).await;
        let heard = notes(&reader.until(&head).await);
        let expected: Vec<_> = (0..300).map(|id| (u64::from(id) * 2 + 3, id)).collect();
        assert_eq!(heard, expected, "ring {ring}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_filtered_fills_no_queue_and_is_not_in_a_collapsed_one() {
    let live = open(HubSettings { queue: 3, tags: 5, ..settings() }).await;
    let head = live.head().await.unwrap();
    let collapse = Subscribe { collapse: true, ..only(&live, &["note.written"]).await };
    let mut reader = Reader::open(live.hub(), collapse).await.greeted(&head).await;
    // More tags than a collapsed queue holds, were they counted.
    for id in 10..40 {
        say(&live, &["all"], Noted::Progress { id, done: 1 }).await;
    }
    let at = note(&live, &["all"], 1).await;
    settle(&live).await;
    assert_eq!(notes(&reader.until(&at).await), [(31, 1)]);

    let head = notes_and_progress(&live, &["all"], 4).await;
    settle(&live).await;
    let told = reader.until(&head).await;
    let [Frame::Stale { tags, upto }] = told.as_slice() else { panic!("{told:?}") };
    let rows: Vec<_> = tags.iter().map(|(tag, at)| (*tag, at.at.major)).collect();
    assert_eq!(rows, [(0, 32), (1, 34), (2, 36), (3, 38)]);
    assert_eq!(upto.at.major, 38);
}

#[tokio::test(start_paused = true)]
async fn what_this_build_cannot_decode_is_filtered_by_its_type_all_the_same() {
    let live = open(settings()).await;
    let mut burnt = listen(&live, &["note.burnt"]).await;
    let mut written = listen(&live, &["note.written"]).await;
    let append = |json: &str| {
        let what = Recorded::Event { to: audiences(&["all"]), json: json.to_owned() };
        live.log().book().append(what)
    };
    let at = append(r#"{"id":1,"type":"note.burnt"}"#);
    let head = append(r#"{"id":1}"#);
    assert_eq!(burnt.until(&head).await, [Frame::Unknown { at: Some(at) }]);
    assert_eq!(written.until(&head).await, []);
}

#[tokio::test(start_paused = true)]
async fn a_change_of_access_passes_and_holds_for_the_types_that_were_asked_for() {
    let live = open(settings()).await;
    let mut reader = listen(&live, &["note.written"]).await;
    let at = moves(&live).await;
    note(&live, &["all"], 1).await;
    say(&live, &["new"], Noted::Progress { id: 2, done: 1 }).await;
    let head = note(&live, &["new"], 3).await;
    let frames = reader.until(&head).await;
    assert_eq!(frames[0], Frame::Access { gained: vec![], lost: vec![], at });
    assert_eq!(notes(&frames[1..]), [(4, 3)]);
}

/// User 7 leaves everybody's audience for a new one.
async fn moves(live: &Live<FakeLog, Noted>) -> Cursor {
    let change = AccessChange {
        subject: "user:7".into(),
        leave: audiences(&["all"]),
        join: audiences(&["new"]),
        ..AccessChange::default()
    };
    let written = live.write::<_, Refused>(By::nobody(), |write| {
        Box::pin(async move { Ok(write.record_access(&change).await?) })
    });
    written.await.unwrap().cursor
}
