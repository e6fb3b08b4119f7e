//! The rules of orders: steps, money, changes and the list's address.

mod new_order;
mod overview;

use proptest::prelude::*;
use time::OffsetDateTime;

use super::*;
use crate::error::AppError;

fn order(status: OrderStatus) -> Order {
    Order {
        id: OrderId::new("ord_10248").unwrap(),
        customer_id: CustomerId("VINET".to_owned()),
        customer_name: "Vins et alcools Chevalier".to_owned(),
        ship_to: ShipTo {
            name: "Vins et alcools Chevalier".to_owned(),
            address: "59 rue de l'Abbaye".to_owned(),
            city: "Reims".to_owned(),
            region: None,
            postal_code: Some("51100".to_owned()),
            country: "France".to_owned(),
        },
        status,
        note: "ring twice".to_owned(),
        total: Cents(44_000),
        created_at: OffsetDateTime::UNIX_EPOCH,
        updated_at: OffsetDateTime::UNIX_EPOCH,
        version: 4,
        lines: Vec::new(),
    }
}

fn status(status: OrderStatus) -> OrderChange {
    OrderChange { status: Some(status), ..OrderChange::default() }
}

fn read(query: &str) -> impl Fn(&str) -> Option<String> {
    let query = query.to_owned();
    move |name| {
        query.split('&').find_map(|pair| {
            let (key, value) = pair.split_once('=')?;
            (key == name).then(|| decoded(value))
        })
    }
}

/// Percent-decoding, as a server does it.
fn decoded(value: &str) -> String {
    let (mut bytes, mut rest) = (Vec::new(), value.as_bytes());
    while let Some((first, after)) = rest.split_first() {
        if *first == b'%' {
            bytes.push(u8::from_str_radix(std::str::from_utf8(&after[..2]).unwrap(), 16).unwrap());
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).unwrap()
}

#[test]
fn an_order_goes_one_step_at_a_time_and_is_cancelled_before_it_is_shipped() {
    use OrderStatus::{Cancelled, Confirmed, Delivered, Packed, Pending, Shipped};
    let allowed = [
        (Pending, Confirmed),
        (Confirmed, Packed),
        (Packed, Shipped),
        (Shipped, Delivered),
        (Pending, Cancelled),
        (Confirmed, Cancelled),
        (Packed, Cancelled),
    ];
    for from in OrderStatus::ALL {
        for to in OrderStatus::ALL {
            assert_eq!(from.may_become(to), allowed.contains(&(from, to)), "{from} to {to}");
        }
    }
}

#[test]
fn order_ids_are_checked() {
    assert_eq!(OrderId::new("ord_10248").unwrap().number(), 10_248);
    assert_eq!(OrderId::of_number(7).unwrap().as_str(), "ord_7");
    assert_eq!(
        OrderId::new(format!("ord_{}", "9".repeat(18))).unwrap().number(),
        10_i64.pow(18) - 1
    );
    for text in [
        "",
        "ord_",
        "10248",
        "ord_1a",
        "ord_-1",
        "ORD_1",
        "ord_1 ",
        &format!("ord_{}", "1".repeat(19)),
    ] {
        assert!(text.parse::<OrderId>().is_err(), "{text:?}");
        assert!(serde_json::from_value::<OrderId>(text.into()).is_err(), "{text:?}");
    }
}

#[test]
fn money_is_shown_in_dollars() {
    let shown = |cents| Cents(cents).to_string();
    assert_eq!(shown(0), "$0.00");
    assert_eq!(shown(5), "$0.05");
    assert_eq!(shown(99_999), "$999.99");
    assert_eq!(shown(123_450), "$1,234.50");
    assert_eq!(shown(-12_345_678_900), "-$123,456,789.00");
    assert_eq!(shown(i64::MIN), "-$92,233,720,368,547,758.08");
}

#[test]
fn a_line_is_rounded_half_up_once() {
    let line = |price, quantity, discount| Cents::of_line(Cents(price), quantity, discount);
    assert_eq!(line(1400, 12, 0), Some(Cents(16_800)));
    assert_eq!(line(10, 1, 500), Some(Cents(10)), "9.5 cents");
    assert_eq!(line(10, 1, 501), Some(Cents(9)), "9.499 cents");
    assert_eq!(line(1, 3, 1500), Some(Cents(3)), "2.55 cents: not three times 0.85");
    assert_eq!(line(1400, 12, 10_000), Some(Cents(0)));
    assert_eq!(line(1400, 12, 10_001), None);
    assert_eq!(line(i64::MAX, 2, 0), None);
    assert_eq!(line(i64::MAX, 2, 5_000), Some(Cents(i64::MAX)));
}

#[test]
fn a_change_is_planned_by_the_rules() {
    let pending = order(OrderStatus::Pending);
    let edit = pending.plan_change(&status(OrderStatus::Confirmed)).unwrap().unwrap();
    assert_eq!(edit, OrderEdit { status: Some(OrderStatus::Confirmed), note: None });
    let note =
        OrderChange { note: Some("leave at the door".to_owned()), ..status(OrderStatus::Pending) };
    let edit = pending.plan_change(&note).unwrap().unwrap();
    assert_eq!(edit, OrderEdit { status: None, note: note.note });

    let mut changed = pending.clone();
    changed.apply(&edit, OffsetDateTime::UNIX_EPOCH + time::Duration::DAY);
    let later = OffsetDateTime::UNIX_EPOCH + time::Duration::DAY;
    let wanted =
        Order { note: "leave at the door".to_owned(), updated_at: later, version: 5, ..pending };
    assert_eq!(changed, wanted);
}

#[test]
fn a_change_to_what_is_already_so_is_no_change() {
    let delivered = order(OrderStatus::Delivered);
    let same =
        OrderChange { note: Some("ring twice".to_owned()), ..status(OrderStatus::Delivered) };
    assert_eq!(delivered.plan_change(&same), Ok(None));
    assert_eq!(delivered.plan_change(&status(OrderStatus::Delivered)), Ok(None));
}

#[test]
fn a_change_is_refused_in_clear_words() {
    let refused = |order: &Order, change| order.plan_change(&change).unwrap_err();
    let delivered = order(OrderStatus::Delivered);
    assert_eq!(
        refused(&delivered, status(OrderStatus::Pending)),
        AppError::Conflict {
            message: "An order that is delivered cannot become pending.".to_owned()
        }
    );
    let outdated = OrderChange { version: Some(3), ..status(OrderStatus::Delivered) };
    let AppError::VersionConflict { message, current } = refused(&delivered, outdated) else {
        panic!()
    };
    assert_eq!(current, delivered.version);
    assert!(message.starts_with("This order has changed since you looked at it."), "{message}");
    assert_eq!(refused(&delivered, OrderChange::default()).status(), 422);
    let long = |length| OrderChange { note: Some("é".repeat(length)), ..OrderChange::default() };
    assert!(delivered.plan_change(&long(NOTE_MAX_CHARS)).is_ok());
    let AppError::Invalid { field, .. } = refused(&delivered, long(NOTE_MAX_CHARS + 1)) else {
        panic!()
    };
    assert_eq!(field.as_deref(), Some("note"));
}

#[test]
fn a_change_takes_no_other_fields() {
    let read = |json| serde_json::from_str::<OrderChange>(json);
    let change = OrderChange { version: Some(2), ..status(OrderStatus::Packed) };
    assert_eq!(read(r#"{"status":"packed","version":2}"#).unwrap(), change);
    assert!(read(r#"{"status":"packed","total":1}"#).is_err());
    assert!(read(r#"{"status":"lost"}"#).is_err());
}

#[test]
fn an_order_has_the_documented_json() {
    let mut order = order(OrderStatus::Packed);
    order.lines.push(OrderLine {
        product_id: ProductId(11),
        product_name: "Queso Cabrales".to_owned(),
        unit_price: Cents(1400),
        quantity: 12,
        discount_bp: 500,
        total: Cents(15_960),
    });
    let json = serde_json::json!({
        "id": "ord_10248",
        "customerId": "VINET",
        "customerName": "Vins et alcools Chevalier",
        "shipTo": {
            "name": "Vins et alcools Chevalier", "address": "59 rue de l'Abbaye", "city": "Reims",
            "region": null, "postalCode": "51100", "country": "France",
        },
        "status": "packed",
        "note": "ring twice",
        "totalCents": 44_000,
        "createdAt": "1970-01-01T00:00:00Z",
        "updatedAt": "1970-01-01T00:00:00Z",
        "version": 4,
        "lines": [{
            "productId": 11, "productName": "Queso Cabrales", "unitPriceCents": 1400,
            "quantity": 12, "discountBp": 500, "totalCents": 15_960,
        }],
    });
    assert_eq!(serde_json::to_value(&order).unwrap(), json);
    assert_eq!(serde_json::from_value::<Order>(json).unwrap(), order);
}

#[test]
fn the_default_list_has_no_query_string() {
    assert_eq!(OrderFilter::default().to_query(), "");
    assert_eq!(OrderFilter::from_query(read("")).unwrap(), OrderFilter::default());
    assert_eq!(
        OrderFilter::from_query(read("status=&q=&sort=&page=")).unwrap(),
        OrderFilter::default()
    );
}

#[test]
fn what_a_query_string_cannot_mean_is_refused_or_left_out() {
    let cases = [
        ("status=lost", "status"),
        ("sort=-weight", "sort"),
        ("sort=--total", "sort"),
        ("page=0", "page"),
        ("page=two", "page"),
        ("page=4294967296", "page"),
        (&format!("q={}", "a".repeat(SEARCH_MAX_CHARS + 1)), "q"),
    ];
    for (query, blamed) in cases {
        let Err(AppError::Invalid { field, .. }) = OrderFilter::from_query(read(query)) else {
            panic!("{query} was taken")
        };
        assert_eq!(field.as_deref(), Some(blamed), "{query}");
        let mut lenient = OrderFilter::from_query_or_default(read(query));
        assert!(lenient.validate().is_ok(), "{query}");
        lenient.q.clear();
        assert_eq!(lenient, OrderFilter::default(), "{query}");
    }
}

#[test]
fn pages_are_counted() {
    let pages = |total| OrderPage::new(Vec::new(), total, 1).pages;
    assert_eq!([pages(0), pages(1), pages(25), pages(26), pages(830)], [1, 1, 1, 2, 34]);
}

proptest! {
    #[test]
    fn a_filter_survives_its_query_string(
        status in proptest::option::of(proptest::sample::select(&OrderStatus::ALL[..])),
        q in "\\PC{0,40}",
        by in proptest::sample::select(&SortField::ALL[..]),
        descending: bool,
        page in 1..=u32::MAX,
    ) {
        let q = q.trim().to_owned();
        let filter = OrderFilter { status, q, sort: OrderSort { by, descending }, page };
        let query = filter.to_query();
        prop_assert_eq!(&OrderFilter::from_query(read(&query)).unwrap(), &filter, "{}", query);
        prop_assert_eq!(OrderFilter::from_query_or_default(read(&query)), filter, "{}", query);
    }

    #[test]
    fn a_line_is_never_half_a_cent_off(price in 0..100_000_i64, quantity in 1..1000_u32, discount in 0..=10_000_u32) {
        let total = Cents::of_line(Cents(price), quantity, discount).unwrap().0;
        let off = i128::from(total) * 10_000
            - i128::from(price) * i128::from(quantity) * i128::from(10_000 - discount);
        prop_assert!((-4_999..=5_000).contains(&off), "off by {off} ten-thousandths of a cent");
    }
}
