//! Whatever the body or the query string of a request says is read and checked without a panic,
//! and what is accepted survives being written and read again.

#![no_main]

use std::collections::HashMap;

use highwater_core::{Committed, Stamped};
use libfuzzer_sys::fuzz_target;
use serde::{Serialize, de::DeserializeOwned};
use studio::{
    account::{
        api::{CreateToken, EndOtherSessions, EndSession, GetMe, RevokeToken},
        model::{CurrentUser, IssuedToken},
    },
    arguments,
    error::AppError,
    orders::{
        api::{ChangeOrders, CreateOrder, GetOrder, ListOrders, UpdateOrder},
        model::{
            BulkChange, BulkOutcome, Catalogue, Cents, NewLine, NewOrder, Order, OrderChange,
            OrderFilter, OrderId, OrderMetrics, OrderPage, Product,
        },
    },
};
use time::OffsetDateTime;

fuzz_target!(|request: &[u8]| {
    bodies(request);
    query_string(request);
});

fn bodies(json: &[u8]) {
    if let Some(change) = accepted::<OrderChange>(json) {
        plans(&change);
    }
    if let Some(body) = accepted::<UpdateOrder>(json) {
        plans(&body.change);
        sorts(&body.id);
    }
    if let Some(order) = accepted::<NewOrder>(json) {
        places(order);
    }
    if let Some(body) = accepted::<CreateOrder>(json) {
        places(body.order);
    }
    if let Some(change) = accepted::<BulkChange>(json) {
        let _ = change.validate();
    }
    accepted::<ChangeOrders>(json);
    if let Some(filter) = accepted::<OrderFilter>(json) {
        filters(filter);
    }
    if let Some(body) = accepted::<ListOrders>(json) {
        filters(body.filter);
    }
    if let Some(body) = accepted::<GetOrder>(json) {
        sorts(&body.id);
    }
    accepted::<GetMe>(json);
    accepted::<CreateToken>(json);
    accepted::<RevokeToken>(json);
    accepted::<EndSession>(json);
    accepted::<EndOtherSessions>(json);
    // What the server answers is read from outside as well, by the browser.
    accepted::<CurrentUser>(json);
    accepted::<IssuedToken>(json);
    accepted::<Committed<Order>>(json);
    accepted::<Committed<BulkOutcome>>(json);
    accepted::<Stamped<Result<OrderMetrics, AppError>>>(json);
    accepted::<Stamped<Result<Catalogue, AppError>>>(json);
    accepted::<Stamped<Result<OrderPage, AppError>>>(json);
    if let Some(error) = accepted::<AppError>(json) {
        assert!((400..600).contains(&error.status()));
    }
}

/// What a body says, if it is understood: its JSON is then read as the same again.
fn accepted<T: Serialize + DeserializeOwned>(json: &[u8]) -> Option<T> {
    let value: T = match arguments::read(json) {
        Ok(value) => value,
        Err(error) => {
            assert!([400, 422].contains(&error.status()), "{error}");
            return None;
        }
    };
    let written = serde_json::to_string(&value).expect("what was read can be written");
    let again: T = arguments::read(written.as_bytes()).expect("what was written can be read");
    assert_eq!(serde_json::to_string(&again).expect("it was written before"), written);
    Some(value)
}

/// An accepted change does to an order what it says, and nothing the second time.
fn plans(change: &OrderChange) {
    let mut order: Order = serde_json::from_str(ORDER).expect("the sample is an order");
    order.lay_over(change);
    let mut order: Order = serde_json::from_str(ORDER).expect("the sample is an order");
    let planned = order.plan_change(change);
    assert!(change.validate().is_ok() || planned.is_err());
    if let Ok(Some(edit)) = planned {
        let version = order.version;
        order.apply(&edit, OffsetDateTime::UNIX_EPOCH);
        assert_eq!(order.version, version + 1);
        let repeated = OrderChange { version: None, ..change.clone() };
        assert_eq!(order.plan_change(&repeated), Ok(None));
    }
}

/// A new order is placed at any price, or refused; and it costs what the form said.
fn places(order: NewOrder) {
    assert_eq!(order.validate().is_ok(), order.problems().is_empty());
    let order = order.trimmed();
    assert_eq!(order.clone().trimmed(), order);
    for price in [0, 1999, i64::MAX].map(Cents) {
        let product = |line: &NewLine| Product {
            id: line.product_id,
            name: "Queso".to_owned(),
            unit_price: price,
        };
        let products: Vec<_> = order.lines.iter().map(product).collect();
        let shown = order.total(|_| Some(price));
        let id = OrderId::of_number(1).expect("a short number");
        let name = "Vins et alcools Chevalier".to_owned();
        if let Ok(placed) = order.clone().place(id, name, &products, OffsetDateTime::UNIX_EPOCH) {
            assert!(order.validate().is_ok());
            assert_eq!(placed.total, shown);
            assert_eq!(placed.lines.len(), order.lines.len());
        }
    }
}

/// An accepted filter is the address of its list. A search is trimmed where an address is read.
fn filters(filter: OrderFilter) {
    if filter.validate().is_err() {
        return;
    }
    let parameters = parameters(filter.to_query().as_bytes()).expect("an address is readable");
    let read = OrderFilter::from_query(|name| parameters.get(name).cloned());
    assert_eq!(read, Ok(OrderFilter { q: filter.q.trim().to_owned(), ..filter }));
}

fn sorts(id: &OrderId) {
    assert!(id.number() >= 0);
    assert_eq!(OrderId::new(id.as_str()).as_ref(), Ok(id));
}

fn query_string(query: &[u8]) {
    let Some(parameters) = parameters(query) else {
        return;
    };
    let get = |name: &str| parameters.get(name).cloned();
    let lenient = OrderFilter::from_query_or_default(get);
    assert_eq!(lenient.validate(), Ok(()));
    filters(lenient.clone());
    if let Ok(strict) = OrderFilter::from_query(get) {
        assert_eq!(strict, lenient, "people and programs read the same from what is right");
        filters(strict);
    }
}

fn parameters(query: &[u8]) -> Option<HashMap<String, String>> {
    serde_urlencoded::from_bytes(query).ok()
}

const ORDER: &str = r#"{
    "id": "ord_10248", "customerId": "VINET", "customerName": "Vins et alcools Chevalier",
    "shipTo": {"name": "Vins", "address": "59 rue", "city": "Reims", "country": "France"},
    "status": "pending", "note": "", "totalCents": 44000,
    "createdAt": "1996-07-04T00:00:00Z", "updatedAt": "1996-07-04T00:00:00Z",
    "version": 1, "lines": []
}"#;
