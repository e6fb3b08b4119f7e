//! Patches against the truth: what is patched equals what a fetch would bring, or is stale.

use highwater::{Patch, Query};
use proptest::{collection, option, prelude::*, sample};
use time::{Duration, OffsetDateTime};

use super::{OrderDetail, OrderEvent, OrderList, OrderPatch};
use crate::{
    live::StudioEvent,
    orders::model::{
        Cents, CustomerId, Order, OrderChange, OrderFilter, OrderId, OrderPage, OrderRow,
        OrderSort, OrderStatus, ShipTo, SortField,
    },
};

const CUSTOMERS: [(&str, &str); 4] = [
    ("ALFKI", "Alfreds Futterkiste"),
    ("KOENE", "Königlich Essen"),
    ("VINET", "Vins et alcools Chevalier"),
    ("ANTON", "Antonio Moreno Taquería"),
];

/// What the list must show: every order that the filter wants, sorted, one page of it.
fn fetched(orders: &[OrderRow], filter: &OrderFilter) -> OrderPage {
    let mut rows: Vec<OrderRow> =
        orders.iter().filter(|row| is_wanted(row, filter)).cloned().collect();
    rows.sort_by(|a, b| filter.sort.compare(a, b));
    let total = rows.len() as u64;
    let first = (filter.page as usize - 1) * OrderPage::PER_PAGE as usize;
    let shown = rows.into_iter().skip(first).take(OrderPage::PER_PAGE as usize).collect();
    OrderPage::new(shown, total, filter.page)
}

fn is_wanted(row: &OrderRow, filter: &OrderFilter) -> bool {
    let q = filter.q.to_lowercase();
    let found = row.id.number().to_string().contains(&q)
        || row.customer_name.to_lowercase().contains(&q)
        || row.customer_id.as_str().to_lowercase().contains(&q);
    found && filter.status.is_none_or(|wanted| wanted == row.status)
}

fn at(second: i64) -> OffsetDateTime {
    OffsetDateTime::UNIX_EPOCH + Duration::seconds(second)
}

fn row(number: u64, customer: usize, status: OrderStatus, times: (i64, i64)) -> OrderRow {
    let (id, name) = CUSTOMERS[customer];
    OrderRow {
        id: OrderId::of_number(number).unwrap(),
        customer_id: CustomerId(id.to_owned()),
        customer_name: name.to_owned(),
        ship_to: ShipTo {
            name: name.to_owned(),
            address: "1 Quay".to_owned(),
            city: "Reims".to_owned(),
            region: None,
            postal_code: None,
            country: "France".to_owned(),
        },
        status,
        note: String::new(),
        total: Cents(i64::from(status.as_str().len() as u32) * 100),
        created_at: at(times.0),
        updated_at: at(times.0 + times.1),
        version: 1,
        line_count: 1,
    }
}

fn whole(row: &OrderRow) -> Order {
    row.clone().with_lines(Vec::new())
}

fn statuses() -> impl Strategy<Value = OrderStatus> {
    sample::select(&OrderStatus::ALL[..])
}

/// Up to three pages of orders, with times close enough to tie.
fn orders() -> impl Strategy<Value = Vec<OrderRow>> {
    let one = (0..CUSTOMERS.len(), statuses(), (0..20_i64, 0..20_i64));
    collection::vec(one, 0..70).prop_map(|all| {
        let numbered = (10_000..).zip(all);
        numbered.map(|(number, (who, status, times))| row(number, who, status, times)).collect()
    })
}

fn filters() -> impl Strategy<Value = OrderFilter> {
    let sorts = (sample::select(&SortField::ALL[..]), any::<bool>())
        .prop_map(|(by, descending)| OrderSort { by, descending });
    let searches = prop_oneof![4 => Just(""), 1 => Just("an"), 1 => Just("ESSEN"), 1 => Just("1")];
    (option::of(statuses()), searches, sorts, 1..4_u32)
        .prop_map(|(status, q, sort, page)| OrderFilter { status, q: q.to_owned(), sort, page })
}

/// What happens next: a new order, or a change of one.
#[derive(Clone, Debug)]
enum Happening {
    Create(usize, OrderStatus, (i64, i64)),
    Change { which: sample::Index, step: Option<sample::Index>, note: Option<u8>, at: i64 },
}

fn happenings() -> impl Strategy<Value = Vec<Happening>> {
    let create = (0..CUSTOMERS.len(), statuses(), (0..20_i64, 0..20_i64))
        .prop_map(|(who, status, times)| Happening::Create(who, status, times));
    let change = (
        any::<sample::Index>(),
        option::of(any::<sample::Index>()),
        option::of(0..3_u8),
        0..60_i64,
    )
        .prop_map(|(which, step, note, at)| Happening::Change { which, step, note, at });
    collection::vec(prop_oneof![1 => create, 6 => change], 1..12)
}

/// Lets it happen, by the rules that the service keeps; the event, if anything came of it.
fn happen(orders: &mut Vec<OrderRow>, happening: &Happening) -> Option<StudioEvent> {
    let event = match happening {
        Happening::Create(who, status, times) => {
            let new = row(10_000 + orders.len() as u64, *who, *status, *times);
            let event = OrderEvent::created(&new, at(100));
            orders.push(new);
            event
        }
        Happening::Change { which, step, note, at: when } => {
            let index = (!orders.is_empty()).then(|| which.index(orders.len()))?;
            let mut order = whole(&orders[index]);
            let next = order.status.next();
            let status = step.filter(|_| !next.is_empty()).map(|step| next[step.index(next.len())]);
            let note = note.map(|note| format!("note {note}"));
            let change = OrderChange { status, note, version: None };
            let edit = order.plan_change(&change).ok()??;
            order.apply(&edit, at(*when));
            let row = &mut orders[index];
            row.status = order.status;
            row.note.clone_from(&order.note);
            row.updated_at = order.updated_at;
            row.version = order.version;
            OrderEvent::updated(&OrderRow::from(&order), &edit, at(*when))
        }
    };
    Some(StudioEvent::Order(event))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn a_patched_list_equals_a_fetched_one(
        mut orders in orders(), filter in filters(), happenings in happenings(),
    ) {
        let query = OrderList(filter);
        let mut shown = fetched(&orders, &query.0);
        for happening in happenings {
            let Some(event) = happen(&mut orders, &happening) else { continue };
            let truth = fetched(&orders, &query.0);
            let before = shown.clone();
            match query.patch(&mut shown, &event) {
                Patch::Patched => prop_assert_eq!(&shown, &truth, "patched by {:?}", event),
                Patch::Unaffected => prop_assert_eq!(&before, &truth, "untouched by {:?}", event),
                Patch::Stale => shown = truth,
            }
        }
    }

    #[test]
    fn a_patched_order_equals_a_fetched_one(
        mut orders in orders(), happenings in happenings(), which: sample::Index,
    ) {
        prop_assume!(!orders.is_empty());
        let index = which.index(orders.len());
        let query = OrderDetail(orders[index].id.clone());
        let mut shown = whole(&orders[index]);
        for happening in happenings {
            let Some(event) = happen(&mut orders, &happening) else { continue };
            // One order's events come one by one: never a reason to fetch.
            prop_assert_ne!(query.patch(&mut shown, &event), Patch::Stale);
            prop_assert_eq!(&shown, &whole(&orders[index]));
        }
    }

    #[test]
    fn an_event_of_an_older_version_changes_nothing_and_a_gap_is_stale(
        shown_version in 1..9_u64, resulting in 1..12_u64, filter in filters(),
    ) {
        let mut one = row(10_000, 0, OrderStatus::Pending, (0, 0));
        one.version = shown_version;
        let patch = OrderPatch {
            note: Some("late".to_owned()),
            updated_at: Some(at(50)),
            version: Some(resulting),
            ..OrderPatch::default()
        };
        let event = StudioEvent::Order(OrderEvent::Updated { id: one.id.clone(), patch, ts: 0 });
        let filter = OrderFilter { status: None, page: 1, ..filter };
        let wanted = match resulting {
            _ if resulting <= shown_version => Patch::Unaffected,
            _ if resulting == shown_version + 1 => Patch::Patched,
            _ => Patch::Stale,
        };
        let mut page = OrderPage::new(vec![one.clone()], 1, 1);
        prop_assert_eq!(OrderList(filter).patch(&mut page, &event), wanted);
        let mut order = whole(&one);
        prop_assert_eq!(OrderDetail(one.id.clone()).patch(&mut order, &event), wanted);
        if wanted == Patch::Unaffected {
            prop_assert_eq!(&page.rows[0], &one);
            prop_assert_eq!(order, whole(&one));
        }
    }

    #[test]
    fn with_the_default_sort_and_no_filter_a_change_is_never_a_reason_to_fetch(
        mut orders in orders(), happenings in happenings(), page in 1..4_u32,
    ) {
        let query = OrderList(OrderFilter { page, ..OrderFilter::default() });
        for happening in happenings {
            let mut shown = fetched(&orders, &query.0);
            let Some(event) = happen(&mut orders, &happening) else { continue };
            let StudioEvent::Order(order_event) = &event else { unreachable!() };
            if matches!(order_event, OrderEvent::Updated { .. }) {
                let shows = shown.rows.iter().any(|row| Some(&row.id) == order_event.order().map(|(id, _)| id));
                let wanted = if shows { Patch::Patched } else { Patch::Unaffected };
                prop_assert_eq!(query.patch(&mut shown, &event), wanted);
            }
        }
    }
}

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
