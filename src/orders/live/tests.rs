//! Patches against the truth: what is patched equals what a fetch would bring, or is stale.

mod examples;

use std::collections::BTreeSet;

use highwater::{Patch, Query};
use proptest::{collection, option, prelude::*, sample};
use time::{Duration, OffsetDateTime};

use super::{
    CatalogueQuery, OrderDetail, OrderEvent, OrderHistoryQuery, OrderImportQuery, OrderList,
    OrderMetricsQuery, OrderPatch,
};
use crate::{
    live::StudioEvent,
    orders::model::{
        Catalogue, CatalogueCustomer, Cents, CustomerId, ImportCounts, ImportId, ImportStatus,
        Order, OrderChange, OrderFilter, OrderHistory, OrderId, OrderImport, OrderMetrics,
        OrderPage, OrderRow, OrderSort, OrderStatus, ShipTo, SortField,
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

/// What happens next: a new order, a change of one, or a status for many.
#[derive(Clone, Debug)]
enum Happening {
    Create(usize, OrderStatus, (i64, i64)),
    Bulk { which: Vec<sample::Index>, status: OrderStatus, at: i64 },
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
    let bulk = (collection::vec(any::<sample::Index>(), 1..8), statuses(), 0..60_i64)
        .prop_map(|(which, status, at)| Happening::Bulk { which, status, at });
    collection::vec(prop_oneof![1 => create, 6 => change, 2 => bulk], 1..12)
}

/// Lets it happen, by the rules that the service keeps; the events in their order.
fn happen(orders: &mut Vec<OrderRow>, happening: &Happening) -> Vec<StudioEvent> {
    let events = match happening {
        Happening::Create(who, status, times) => {
            let new = row(10_000 + orders.len() as u64, *who, *status, *times);
            let created = OrderEvent::created(&new, at(100));
            orders.push(new);
            vec![created, OrderEvent::metrics(at(100))]
        }
        Happening::Change { which, step, note, at: when } if !orders.is_empty() => {
            let index = which.index(orders.len());
            let next = orders[index].status.next();
            let status = step.filter(|_| !next.is_empty()).map(|step| next[step.index(next.len())]);
            let note = note.map(|note| format!("note {note}"));
            let change = OrderChange { status, note, version: None };
            let updated = changed(&mut orders[index], &change, at(*when));
            let metrics =
                status.filter(|_| updated.is_some()).map(|_| OrderEvent::metrics(at(*when)));
            updated.into_iter().chain(metrics).collect()
        }
        Happening::Bulk { which, status, at: when } if !orders.is_empty() => {
            let change = OrderChange { status: Some(*status), ..OrderChange::default() };
            let indices: BTreeSet<usize> =
                which.iter().map(|which| which.index(orders.len())).collect();
            let updates = indices
                .into_iter()
                .filter_map(|index| changed(&mut orders[index], &change, at(*when)));
            let mut events: Vec<OrderEvent> = updates.collect();
            if !events.is_empty() {
                events.push(OrderEvent::metrics(at(*when)));
            }
            events
        }
        Happening::Change { .. } | Happening::Bulk { .. } => Vec::new(),
    };
    events.into_iter().map(StudioEvent::Order).collect()
}

/// Changes an order, if it may change so; the event.
fn changed(row: &mut OrderRow, change: &OrderChange, now: OffsetDateTime) -> Option<OrderEvent> {
    let edit = row.plan_change(change).ok()??;
    row.apply(&edit, now);
    Some(OrderEvent::updated(row, &edit, now))
}

/// What the catalogue must be: everybody, with the order that has the highest number.
fn catalogue(orders: &[OrderRow]) -> Catalogue {
    let customers = CUSTOMERS.map(|(id, name)| {
        let id = CustomerId(id.to_owned());
        let latest =
            orders.iter().filter(|row| row.customer_id == id).max_by_key(|row| row.id.number());
        CatalogueCustomer {
            id: id.clone(),
            name: name.to_owned(),
            latest_order: latest.map(|row| row.id.clone()),
            ship_to: latest.map(|row| row.ship_to.clone()),
        }
    });
    Catalogue { customers: customers.to_vec(), products: Vec::new() }
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
            let events = happen(&mut orders, &happening);
            let truth = fetched(&orders, &query.0);
            let mut stale = false;
            for event in &events {
                let before = shown.clone();
                match query.patch(&mut shown, event) {
                    Patch::Patched => {}
                    Patch::Unaffected => prop_assert_eq!(&before, &shown, "by {:?}", event),
                    // A fetch brings the whole transaction; the rest of it is past.
                    Patch::Stale => {
                        stale = true;
                        shown = truth.clone();
                    }
                }
            }
            prop_assert_eq!(&shown, &truth, "stale: {}, by {:?}", stale, events);
        }
    }

    #[test]
    fn a_patched_catalogue_equals_a_fetched_one(
        mut orders in orders(), happenings in happenings(), forgotten in 0..CUSTOMERS.len(),
    ) {
        let mut shown = catalogue(&orders);
        for happening in happenings {
            for event in happen(&mut orders, &happening) {
                // Nobody here is new.
                prop_assert_ne!(CatalogueQuery.patch(&mut shown, &event), Patch::Stale);
            }
            prop_assert_eq!(&shown, &catalogue(&orders));
        }
        let somebody = row(90_000, forgotten, OrderStatus::Pending, (0, 0));
        let event = StudioEvent::Order(OrderEvent::created(&somebody, at(0)));
        shown.customers.remove(forgotten);
        prop_assert_eq!(CatalogueQuery.patch(&mut shown, &event), Patch::Stale);
        let event = StudioEvent::Order(OrderEvent::catalogue(at(0)));
        prop_assert_eq!(CatalogueQuery.patch(&mut shown, &event), Patch::Stale);
    }

    #[test]
    fn metrics_are_stale_exactly_when_they_are_said_to_be(
        mut orders in orders(), happenings in happenings(),
    ) {
        let counted = |orders: &[OrderRow]| {
            let of = |status| orders.iter().filter(move |row| row.status == status);
            OrderStatus::ALL.map(|status| (of(status).count(), of(status).map(|row| row.total).sum::<Cents>()))
        };
        for happening in happenings {
            let before = counted(&orders);
            let events = happen(&mut orders, &happening);
            let mut metrics = OrderMetrics::new(Vec::new(), Vec::new());
            let stale = events.iter().filter(|event| OrderMetricsQuery.patch(&mut metrics, event) == Patch::Stale);
            let stale = stale.count();
            prop_assert!(stale <= 1);
            prop_assert!(stale == 1 || counted(&orders) == before, "{:?}", events);
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
            for event in happen(&mut orders, &happening) {
                // One order's events come one by one: never a reason to fetch.
                prop_assert_ne!(query.patch(&mut shown, &event), Patch::Stale);
            }
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
            for event in happen(&mut orders, &happening) {
                if let StudioEvent::Order(OrderEvent::Updated { id, .. }) = &event {
                    let shows = shown.rows.iter().any(|row| row.id == *id);
                    let wanted = if shows { Patch::Patched } else { Patch::Unaffected };
                    prop_assert_eq!(query.patch(&mut shown, &event), wanted);
                }
            }
        }
    }
}
