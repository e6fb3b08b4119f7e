//! `GET /api/v1/orders` and `GET /api/v1/orders/{id}`.

use serde_json::{Value, json};

use crate::{
    app::{ANA, OPS, TestApp},
    client::Client,
};

async fn list(client: &Client, query: &str) -> Value {
    client.get(&format!("/api/v1/orders{query}")).await.expect_status(200).json()
}

fn ids(page: &Value) -> Vec<&str> {
    page["rows"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn the_list_has_pages() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    let first = list(&staff, "").await;
    assert_eq!(
        (&first["total"], &first["page"], &first["pages"], &first["perPage"]),
        (&json!(830), &json!(1), &json!(34), &json!(25)),
    );
    // The newest day has four orders; those of a day stand by number.
    assert_eq!(ids(&first)[..5], ["ord_11077", "ord_11076", "ord_11075", "ord_11074", "ord_11073"]);
    assert_eq!(ids(&first).len(), 25);

    let last = list(&staff, "?page=34").await;
    assert_eq!(ids(&last), ["ord_10252", "ord_10251", "ord_10250", "ord_10249", "ord_10248"]);
    let beyond = list(&staff, "?page=35").await;
    assert_eq!((ids(&beyond).len(), &beyond["total"]), (0, &json!(830)));
}

#[tokio::test]
async fn the_list_is_filtered_by_status_and_what_changes_moves_on() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    let pending = list(&staff, "?status=pending").await;
    let total = pending["total"].as_u64().unwrap();
    assert!(total > 0);
    assert!(pending["rows"].as_array().unwrap().iter().all(|row| row["status"] == "pending"));

    let id = ids(&pending)[0];
    staff.patch_order(id, json!({ "status": "cancelled" })).await.expect_status(200);
    let after = list(&staff, "?status=pending").await;
    assert_eq!(after["total"], total - 1);
    assert!(!ids(&after).contains(&id));
    assert_eq!(ids(&list(&staff, "?status=cancelled").await), [id]);
}

#[tokio::test]
async fn the_list_is_sorted_both_ways_by_each_field() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    for (sort, first) in [("number", "ord_10248"), ("-number", "ord_11077")] {
        assert_eq!(ids(&list(&staff, &format!("?sort={sort}")).await)[0], first, "{sort}");
    }
    for (by, field) in [
        ("created", "createdAt"),
        ("updated", "updatedAt"),
        ("customer", "customerName"),
        ("total", "totalCents"),
    ] {
        let values = async |sort: String| -> Vec<Value> {
            let page = list(&staff, &format!("?sort={sort}")).await;
            page["rows"].as_array().unwrap().iter().map(|row| row[field].clone()).collect()
        };
        let (up, down) = (values(by.to_owned()).await, values(format!("-{by}")).await);
        let order = |a: &Value, b: &Value| match (a.as_i64(), b.as_i64()) {
            (Some(a), Some(b)) => a <= b,
            _ => a.as_str().unwrap().to_lowercase() <= b.as_str().unwrap().to_lowercase(),
        };
        assert!(up.is_sorted_by(order), "{by}: {up:?}");
        assert!(down.is_sorted_by(|a, b| order(b, a)), "-{by}: {down:?}");
        assert_ne!(up[0], down[0]);
    }
    let by_status = list(&staff, "?sort=status").await;
    assert_eq!(by_status["rows"][0]["status"], "pending");
}

#[tokio::test]
async fn a_search_takes_its_text_to_the_letter() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    let total = async |q: &str| list(&staff, &format!("?q={q}")).await["total"].as_u64().unwrap();
    assert_eq!(ids(&list(&staff, "?q=ord_10248").await), ["ord_10248"]);
    assert_eq!(ids(&list(&staff, "?q=10248").await), ["ord_10248"]);
    assert_eq!(total("vins%20ET%20alcools").await, 5, "whatever the case");
    assert_eq!(total("VINET").await, 5, "by the customer's id");
    assert_eq!(total("K%C3%96NIGLICH").await, total("k%C3%B6niglich").await);
    assert!(total("k%C3%B6niglich").await > 0);

    for wildcard in ["%25", "_", "100%25", "%25%3Cnew", "v_net", "v%25t"] {
        assert_eq!(total(wildcard).await, 0, "{wildcard} is a letter like any other");
    }
    app.import_orders(20_000..20_002).await;
    for found in ["100%25", "%25", "%3Cnew%3E_", "_"] {
        assert_eq!(total(found).await, 2, "{found}");
    }
    assert_eq!(total("no%20such%20thing").await, 0);
    assert_eq!(total("%27%20OR%201%3D1%20--").await, 0);
    assert_eq!(ids(&list(&staff, "?q=vinet&sort=number&page=1&status=delivered").await).len(), 5);
}

#[tokio::test]
async fn a_parameter_that_cannot_be_is_named() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    let long = format!("q={}", "x".repeat(101));
    for (query, field) in [
        ("status=lost", "status"),
        ("sort=colour", "sort"),
        ("page=0", "page"),
        ("page=-1", "page"),
        ("page=two", "page"),
        (long.as_str(), "q"),
    ] {
        let refused = staff.get(&format!("/api/v1/orders?{query}")).await;
        refused.expect_refusal(422, "invalid", Some(field));
    }
}

#[tokio::test]
async fn an_order_is_read_whole_and_says_what_it_includes() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    let answer = staff.get("/api/v1/orders/ord_10248").await.expect_status(200);
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(!answer.header("x-highwater-as-of").is_empty());
    let order = answer.json();
    assert_eq!(
        order,
        json!({
            "id": "ord_10248", "customerId": "VINET", "customerName": "Vins et alcools Chevalier",
            "shipTo": {
                "name": "Vins et alcools Chevalier", "address": "59 rue de l'Abbaye",
                "city": "Reims", "region": null, "postalCode": "51100", "country": "France",
            },
            "status": "delivered", "note": "", "totalCents": 44_000,
            "createdAt": "1996-07-04T00:00:00Z", "updatedAt": "1996-07-16T00:00:00Z", "version": 1,
            "lines": [
                { "productId": 11, "productName": "Queso Cabrales", "unitPriceCents": 1400,
                  "quantity": 12, "discountBp": 0, "totalCents": 16_800 },
                { "productId": 42, "productName": order["lines"][1]["productName"],
                  "unitPriceCents": 980, "quantity": 10, "discountBp": 0, "totalCents": 9_800 },
                { "productId": 72, "productName": order["lines"][2]["productName"],
                  "unitPriceCents": 3480, "quantity": 5, "discountBp": 0, "totalCents": 17_400 },
            ],
        })
    );
    for id in ["ord_1", "10248", "ord_x", "%00"] {
        let refused = staff.get(&format!("/api/v1/orders/{id}")).await;
        refused.expect_refusal(404, "not_found", None);
    }
}

#[tokio::test]
async fn orders_are_for_staff() {
    let app = TestApp::start().await;
    let (nobody, member) = (app.client(), app.sign_in(ANA).await);
    for path in ["/api/v1/orders", "/api/v1/orders/ord_10248", "/api/v1/orders/ord_1"] {
        nobody.get(path).await.expect_refusal(401, "unauthenticated", None);
        member.get(path).await.expect_refusal(403, "forbidden", None);
    }
    let note = json!({ "note": "mine" });
    nobody.patch_order("ord_10248", note.clone()).await.expect_status(401);
    member.patch_order("ord_10248", note).await.expect_refusal(403, "forbidden", None);
    assert_eq!(app.sign_in(OPS).await.order("ord_10248").await["version"], 1);
}
