//! `GET /api/v1/orders.csv`: the current list as a file.

use reqwest::Method;
use serde_json::{Value, json};

use crate::app::{ANA, CARLA, OPS, TestApp};

const PATH: &str = "/api/v1/orders.csv";

/// The lines after the first, by column.
fn read(text: &str) -> Vec<Value> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let names = reader.headers().unwrap().clone();
    let rows = reader.records().map(|record| {
        let record = record.unwrap();
        names.iter().map(str::to_owned).zip(record.iter().map(Value::from)).collect()
    });
    rows.collect()
}

#[tokio::test]
async fn an_export_has_every_order_of_the_list_in_its_order() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    let answer = staff.get(PATH).await.expect_status(200);
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8; header=present");
    let file = answer.header("content-disposition");
    assert!(
        file.starts_with("attachment; filename=\"orders-") && file.ends_with(".csv\""),
        "{file}"
    );
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(read(&answer.text).len(), 830);

    for query in ["status=shipped&sort=total", "q=vins&sort=-customer", "status=cancelled"] {
        let exported = read(&staff.get(&format!("{PATH}?{query}")).await.expect_status(200).text);
        let mut listed = Vec::new();
        for page in 1.. {
            let found = staff.get(&format!("/api/v1/orders?{query}&page={page}")).await.json();
            listed.extend(found["rows"].as_array().unwrap().clone());
            if page >= found["pages"].as_u64().unwrap() {
                break;
            }
        }
        assert_eq!(exported.len(), listed.len(), "{query}");
        for (cells, row) in exported.iter().zip(&listed) {
            for (column, field) in [
                ("id", "id"),
                ("status", "status"),
                ("customerName", "customerName"),
                ("createdAt", "createdAt"),
            ] {
                assert_eq!(cells[column], row[field], "{query}");
            }
            assert_eq!(cells["lines"], row["lineCount"].to_string());
            let cents = cells["total"].as_str().unwrap().replace('.', "");
            assert_eq!(cents.parse::<i64>().unwrap(), row["totalCents"].as_i64().unwrap());
        }
    }
}

#[tokio::test]
async fn a_note_is_never_a_formula() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    let note = json!({ "note": "=HYPERLINK(\"https://evil.example\")" });
    staff.patch_order("ord_11077", note).await.expect_status(200);
    let exported = read(&staff.get(&format!("{PATH}?q=11077")).await.expect_status(200).text);
    assert_eq!(exported[0]["note"], "'=HYPERLINK(\"https://evil.example\")");
}

#[tokio::test]
async fn what_cannot_be_exported_is_refused() {
    let app = TestApp::start().await;
    app.client().get(PATH).await.expect_refusal(401, "unauthenticated", None);
    for email in [ANA, CARLA] {
        app.sign_in(email).await.get(PATH).await.expect_refusal(403, "forbidden", None);
    }
    let staff = app.sign_in(OPS).await;
    for (query, field) in [("status=lost", "status"), ("page=2", "page"), ("sort=x", "sort")] {
        let refused = staff.get(&format!("{PATH}?{query}")).await;
        refused.expect_refusal(422, "invalid", Some(field));
    }
    let posted = staff.send(Method::POST, PATH, |request| request).await;
    posted.expect_refusal(405, "method_not_allowed", None);
    let _all = app.state.exports.clone().acquire_many_owned(2).await.unwrap();
    let refused = staff.get(PATH).await;
    assert_eq!(refused.header("retry-after"), "5");
    refused.expect_refusal(429, "too_many_requests", None);
}
