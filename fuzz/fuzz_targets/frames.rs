//! Whatever a stream brings is decoded without a panic, and what can be decoded survives being
//! written and decoded again. Any event may meet a list and an order that are shown.

#![no_main]

use highwater_core::{
    Frame, LiveEvent, Query,
    parser::{Item, Parser},
};
use libfuzzer_sys::fuzz_target;
use studio::{
    live::StudioEvent,
    orders::{
        live::{OrderDetail, OrderList},
        model::{Order, OrderFilter, OrderPage, OrderRow},
    },
};

fuzz_target!(|stream: &[u8]| {
    for frame in frames(stream) {
        let text = frame.encode().expect("what was decoded can be written");
        let again = frames(text.as_bytes());
        assert_eq!(again, [frame.clone()], "{text:?}");
        if let Frame::Event { event, .. } = &frame {
            meets_what_is_shown(event);
        }
    }
});

fn frames(stream: &[u8]) -> Vec<Frame<StudioEvent>> {
    let items = Parser::new().push(stream).expect("nothing that fits in here is too large");
    let messages = items.iter().filter_map(|item| match item {
        Item::Message(message) => Some(message),
        Item::Retry(_) => None,
    });
    messages.map(Frame::decode).collect()
}

fn meets_what_is_shown(event: &StudioEvent) {
    let _ = (event.tags(), event.conflate());
    let order: Order = serde_json::from_str(ORDER).expect("the sample is an order");
    let rows = vec![OrderRow::from(&order)];
    OrderDetail(order.id.clone()).patch(&mut order.clone(), event);
    OrderList(OrderFilter::default()).patch(&mut OrderPage::new(rows, 1, 1), event);
}

const ORDER: &str = r#"{
    "id": "ord_10248", "customerId": "VINET", "customerName": "Vins et alcools Chevalier",
    "shipTo": {"name": "Vins", "address": "59 rue", "city": "Reims", "country": "France"},
    "status": "pending", "note": "", "totalCents": 44000,
    "createdAt": "1996-07-04T00:00:00Z", "updatedAt": "1996-07-04T00:00:00Z",
    "version": 18446744073709551615, "lines": []
}"#;
