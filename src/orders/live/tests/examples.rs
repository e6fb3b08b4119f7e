//! Single cases, and the JSON of the events.

use super::*;
use crate::jobs::{
    live::JobEvent,
    model::{Job, JobId, JobStatus},
};

/// A list of three orders in sight and the event that the second one took a status.
fn second_takes(status: OrderStatus) -> (Vec<OrderRow>, StudioEvent) {
    let mut orders: Vec<OrderRow> =
        (10_000..10_003).map(|number| row(number, 0, OrderStatus::Pending, (5, 0))).collect();
    let before = orders.clone();
    let next = OrderStatus::Pending.next();
    let step = next.iter().position(|next| *next == status).unwrap();
    let mut order = whole(&orders[1]);
    let change = OrderChange { status: Some(next[step]), ..OrderChange::default() };
    let edit = order.plan_change(&change).unwrap().unwrap();
    order.apply(&edit, at(50));
    orders[1].status = status;
    (before, StudioEvent::Order(OrderEvent::updated(&OrderRow::from(&order), &edit, at(50))))
}

#[test]
fn a_list_is_patched_while_a_row_keeps_its_place() {
    let (orders, event) = second_takes(OrderStatus::Confirmed);
    let answer = |query: &str| {
        let filter = OrderFilter::from_query(|name| {
            let pair = query.split('&').find_map(|pair| pair.strip_prefix(name));
            pair.and_then(|rest| rest.strip_prefix('=')).map(ToOwned::to_owned)
        });
        let query = OrderList(filter.unwrap());
        query.patch(&mut fetched(&orders, &query.0), &event)
    };
    assert_eq!(answer(""), Patch::Patched);
    assert_eq!(answer("q=alf&sort=total"), Patch::Patched);
    // It leaves, it may come, and it can't have been there.
    assert_eq!(answer("status=pending"), Patch::Stale);
    assert_eq!(answer("status=confirmed"), Patch::Stale);
    assert_eq!(answer("status=shipped"), Patch::Unaffected);
    assert_eq!(answer("status=shipped&sort=-updated"), Patch::Unaffected);
    // It moves to the end, and on another page it may pass by.
    assert_eq!(answer("sort=updated"), Patch::Stale);
    assert_eq!(answer("sort=status&page=2"), Patch::Stale);
    assert_eq!(answer("sort=created&page=2"), Patch::Unaffected);
}

#[test]
fn a_row_keeps_its_place_only_where_the_page_shows_it() {
    let all: Vec<OrderRow> =
        (0..30).map(|n| row(10_000 + n, 0, OrderStatus::Pending, (5, n.cast_signed()))).collect();
    let answer = |descending, page, number: usize| {
        let sort = OrderSort { by: SortField::Updated, descending };
        let query = OrderList(OrderFilter { sort, page, ..OrderFilter::default() });
        let mut orders = all.clone();
        let mut shown = fetched(&orders, &query.0);
        let mut order = whole(&orders[number]);
        let change = OrderChange { note: Some("new".to_owned()), ..OrderChange::default() };
        let edit = order.plan_change(&change).unwrap().unwrap();
        order.apply(&edit, at(50));
        orders[number] = OrderRow { line_count: 1, ..OrderRow::from(&order) };
        let event = StudioEvent::Order(OrderEvent::updated(&OrderRow::from(&order), &edit, at(50)));
        let answer = query.patch(&mut shown, &event);
        if answer == Patch::Patched {
            assert_eq!(shown, fetched(&orders, &query.0));
        }
        answer
    };
    // The newest stays the first of all, and the last of all.
    assert_eq!(answer(true, 1, 29), Patch::Patched);
    assert_eq!(answer(false, 2, 29), Patch::Patched);
    // The first of the second page goes to the first page, the last of the first to the second.
    assert_eq!(answer(true, 2, 4), Patch::Stale);
    assert_eq!(answer(false, 1, 24), Patch::Stale);
    // It passes by on its way.
    assert_eq!(answer(true, 1, 4), Patch::Stale);
}

#[test]
fn a_history_is_stale_when_its_order_changes_and_never_for_another() {
    let (orders, event) = second_takes(OrderStatus::Confirmed);
    let mut history = OrderHistory { entries: Vec::new(), kept_since: None };
    let answer = |id: &OrderId, history: &mut OrderHistory| {
        OrderHistoryQuery(id.clone()).patch(history, &event)
    };
    assert_eq!(answer(&orders[1].id, &mut history), Patch::Stale);
    assert_eq!(answer(&orders[0].id, &mut history), Patch::Unaffected);
}

#[test]
fn an_import_is_read_again_when_its_job_begins_anew_or_ends() {
    let import = |status| OrderImport {
        id: ImportId::of_bits(7),
        status,
        started_at: at(0),
        finished_at: None,
        counts: ImportCounts::default(),
        bad_rows: Vec::new(),
        message: None,
    };
    let answer = |shown: ImportStatus, number: u64, status: JobStatus| {
        let job = job(ImportId::of_bits(number).target(), status);
        let event = StudioEvent::Job(JobEvent::changed(&job));
        OrderImportQuery(ImportId::of_bits(7)).patch(&mut import(shown), &event)
    };
    let (running, failed) = (ImportStatus::Running, ImportStatus::Failed);
    for live in [JobStatus::Queued, JobStatus::Running] {
        assert_eq!(answer(running, 7, live), Patch::Unaffected);
        assert_eq!(answer(failed, 7, live), Patch::Stale);
    }
    for ended in [JobStatus::Completed, JobStatus::Failed, JobStatus::Cancelled] {
        assert_eq!(answer(running, 7, ended), Patch::Stale);
        assert_eq!(answer(running, 8, ended), Patch::Unaffected, "another import's");
    }
    assert_eq!(answer(failed, 7, JobStatus::Failed), Patch::Unaffected);
}

/// A job of this target.
fn job(target: String, status: JobStatus) -> Job {
    Job {
        id: JobId::of_bits(1),
        kind: "import-orders".to_owned(),
        project_id: None,
        target,
        title: "T".to_owned(),
        link: None,
        status,
        attempts: 1,
        max_attempts: 3,
        run_after: at(0),
        cancel_requested: false,
        error: None,
        progress: None,
        created_at: at(0),
        started_at: None,
        finished_at: None,
        version: 1,
    }
}

#[test]
fn events_have_the_documented_json() {
    let (orders, event) = second_takes(OrderStatus::Cancelled);
    let json = serde_json::json!({
        "type": "order.updated",
        "id": "ord_10001",
        "patch": { "status": "cancelled", "updatedAt": "1970-01-01T00:00:50Z", "version": 2 },
        "ts": 50_000,
    });
    assert_eq!(serde_json::to_value(&event).unwrap(), json);
    assert_eq!(serde_json::from_value::<StudioEvent>(json).unwrap(), event);

    let created = StudioEvent::Order(OrderEvent::created(&orders[0], at(7)));
    let json = serde_json::json!({
        "type": "order.created",
        "id": "ord_10000",
        "patch": {
            "status": "pending",
            "note": "",
            "updatedAt": "1970-01-01T00:00:05Z",
            "version": 1,
            "customerId": "ALFKI",
            "customerName": "Alfreds Futterkiste",
            "shipTo": {
                "name": "Alfreds Futterkiste", "address": "1 Quay", "city": "Reims",
                "region": null, "postalCode": null, "country": "France",
            },
            "totalCents": 700,
            "createdAt": "1970-01-01T00:00:05Z",
            "lineCount": 1,
        },
        "ts": 7_000,
    });
    assert_eq!(serde_json::to_value(&created).unwrap(), json);
    assert_eq!(serde_json::from_value::<StudioEvent>(json).unwrap(), created);
}
