//! Importing the Northwind orders, and files with something wrong in them.

use std::{fs, path::Path};

use serde_json::json;
use tempfile::TempDir;

use super::*;
use crate::{
    account::model::Role,
    orders::{
        model::{Cents, OrderFilter, OrderStatus},
        testing::{TestOrders, now, user},
    },
};

/// Small files in which everything is right: two customers, two products, two orders.
const GOOD: [(&str, &str); 4] = [
    (
        "customers.csv",
        "customerID,companyName,city\n\
         VINET,Vins et alcools Chevalier,Reims\n\
         TOMSP,\"Toms, Spezialitäten\",Münster\n",
    ),
    (
        "products.csv",
        "productID,productName,unitPrice\n11,Queso Cabrales,21.00\n42,Fried Mee,14.00\n",
    ),
    (
        "orders.csv",
        "orderID,customerID,orderDate,shippedDate,shipName,shipAddress,shipCity,shipRegion,\
         shipPostalCode,shipCountry\n\
         1,VINET,1996-07-04 00:00:00.000,1996-07-16 00:00:00.000,Vins,59 rue,Reims,NULL,51100,France\n\
         2,TOMSP,1996-07-05,NULL,Toms,Luisenstr. 48,Münster,NULL,44087,Germany\n",
    ),
    (
        "order_details.csv",
        "orderID,productID,unitPrice,quantity,discount\n\
         1,11,14.00,12,0\n1,42,9.80,10,0.15\n2,11,14.00,1,0\n",
    ),
];

/// The good files, with rows added to some.
fn files(added: &[(&str, &str)]) -> (TempDir, Source) {
    let directory = tempfile::tempdir().unwrap();
    for (file, content) in GOOD {
        let more: String =
            added.iter().filter(|(to, _)| *to == file).map(|(_, rows)| *rows).collect();
        fs::write(directory.path().join(file), format!("{content}{more}")).unwrap();
    }
    let source = Source::directory(directory.path());
    (directory, source)
}

async fn order(orders: &TestOrders, id: &str) -> Order {
    let staff = user(Role::Staff);
    service::get(&orders.live, &staff, id.parse().unwrap(), None).await.unwrap().value.unwrap()
}

#[tokio::test]
async fn the_northwind_orders_load_once() {
    let orders = TestOrders::new().await;
    let start = orders.head().await;
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("demo/northwind");
    let first = orders.import(&Source::directory(demo)).await;
    let expected =
        Report { orders: 830, lines: 2155, customers: 91, products: 77, ..Report::default() };
    assert_eq!(first, expected);
    let events = orders.events_after(&start).await;
    let of_type = |wanted: &str| {
        events.iter().filter(|(to, event)| to == &["orders"] && event["type"] == wanted).count()
    };
    let types = ["order.created", "metric.updated", "catalogue.updated"];
    // One metric for each batch of 100 orders, and one catalogue.
    assert_eq!(types.map(of_type), [830, 9, 1]);
    assert_eq!(events.len(), 840);

    let loaded = orders.head().await;
    let again = orders.import(&Source::Northwind).await;
    assert_eq!(again, Report { skipped: 830, ..Report::default() });
    assert_eq!(orders.head().await, loaded);
    let staff = user(Role::Staff);
    let page = service::list(&orders.live, &staff, OrderFilter::default(), None).await.unwrap();
    assert_eq!(page.value.unwrap().total, 830);
    assert_eq!(order(&orders, "ord_10248").await.total, Cents(44_000));
}

#[tokio::test]
async fn an_order_is_loaded_whole() {
    let orders = TestOrders::new().await;
    let start = orders.head().await;
    let (_directory, source) = files(&[]);
    let report = orders.import(&source).await;
    let expected = Report { orders: 2, lines: 3, customers: 2, products: 2, ..Report::default() };
    assert_eq!(report, expected);
    let one = order(&orders, "ord_1").await;
    let json = json!({
        "id": "ord_1",
        "customerId": "VINET",
        "customerName": "Vins et alcools Chevalier",
        "shipTo": {
            "name": "Vins", "address": "59 rue", "city": "Reims",
            "region": null, "postalCode": "51100", "country": "France",
        },
        "status": "shipped",
        "note": "",
        "totalCents": 25_130,
        "createdAt": "1996-07-04T00:00:00Z",
        "updatedAt": "1996-07-16T00:00:00Z",
        "version": 1,
        "lines": [
            {
                "productId": 11, "productName": "Queso Cabrales", "unitPriceCents": 1400,
                "quantity": 12, "discountBp": 0, "totalCents": 16_800,
            },
            {
                "productId": 42, "productName": "Fried Mee", "unitPriceCents": 980,
                "quantity": 10, "discountBp": 1500, "totalCents": 8_330,
            },
        ],
    });
    assert_eq!(serde_json::to_value(&one).unwrap(), json);
    let two = order(&orders, "ord_2").await;
    assert_eq!(two.customer_name, "Toms, Spezialitäten");
    // Eleven days before the newest date, and not shipped.
    assert_eq!(two.status, OrderStatus::Packed);
    let events = orders.events_after(&start).await;
    let created = &events.iter().find(|(_, event)| event["id"] == "ord_1").unwrap().1;
    assert_eq!(created["patch"]["lineCount"], 2);
    assert_eq!(created["patch"]["totalCents"], 25_130);
}

#[tokio::test]
async fn bad_rows_are_reported_and_the_good_ones_load() {
    let rest = ",Toms,Luisenstr. 48,Münster,NULL,44087,Germany\n";
    let bad_orders = [
        "x,TOMSP,1996-07-05,NULL",
        "3,NOBODY,1996-07-05,NULL",
        "4,TOMSP,1996-13-05,NULL",
        "5,TOMSP,NULL,NULL",
        "1,TOMSP,1996-07-05,NULL",
        "6,TOMSP,1996-07-05,1996-07-04",
    ]
    .map(|start| format!("{start}{rest}"))
    .concat();
    let (_directory, source) = files(&[
        ("customers.csv", ",Nameless\nVINET,Again,Reims\nNOBODY,NULL,Reims\n"),
        ("products.csv", "eleven,Tofu,1\n12,Tofu,cheap\n"),
        ("orders.csv", &bad_orders),
        ("orders.csv", "7,TOMSP,1996-07-06,NULL,Toms,,Münster,NULL,44087,Germany\n"),
        (
            "order_details.csv",
            "2,42,9.80,-1,0\n2,42,9.80,0,0\n2,42,9.805,1,0\n2,42,cheap,1,0\n2,42,-9.80,1,0\n\
             2,42,9.80,1,1.5\n2,99,9.80,1,0\n9,42,9.80,1,0\n3,42,9.80,1,0\n2,11,1.00,1,0\n\
             2,42,9.80,,0\n2,42,9.80,1,0\n",
        ),
    ]);
    let orders = TestOrders::new().await;
    let report = orders.import(&source).await;
    assert_eq!((report.orders, report.lines, report.customers), (2, 4, 2));
    let shown: Vec<String> = report.bad_rows.iter().map(ToString::to_string).collect();
    let amount = "is not a number of 0 or more with at most 2 decimal places";
    let expected = [
        "customers.csv:4: it has 2 values, but the file has 3 columns".to_owned(),
        "customers.csv:5: VINET is in line 2 already".to_owned(),
        "customers.csv:6: companyName is missing".to_owned(),
        "order_details.csv:5: quantity \"-1\" is not a whole number".to_owned(),
        "order_details.csv:6: quantity is 0".to_owned(),
        format!("order_details.csv:7: unitPrice \"9.805\" {amount}"),
        format!("order_details.csv:8: unitPrice \"cheap\" {amount}"),
        format!("order_details.csv:9: unitPrice \"-9.80\" {amount}"),
        "order_details.csv:10: discount is over 1".to_owned(),
        "order_details.csv:11: products.csv has no good row for 99".to_owned(),
        "order_details.csv:12: orders.csv has no good row for 9".to_owned(),
        "order_details.csv:13: orders.csv has no good row for 3".to_owned(),
        "order_details.csv:14: order 2 has product 11 already".to_owned(),
        "order_details.csv:15: quantity is missing".to_owned(),
        "orders.csv:4: orderID \"x\" is not a whole number".to_owned(),
        "orders.csv:5: customers.csv has no good row for NOBODY".to_owned(),
        "orders.csv:6: orderDate \"1996-13-05\" is not a date such as 1996-07-04".to_owned(),
        "orders.csv:7: orderDate is missing".to_owned(),
        "orders.csv:8: 1 is in line 2 already".to_owned(),
        "orders.csv:9: shippedDate is before orderDate".to_owned(),
        "orders.csv:10: shipAddress is missing".to_owned(),
        "products.csv:4: productID \"eleven\" is not a whole number".to_owned(),
        format!("products.csv:5: unitPrice \"cheap\" {amount}"),
    ];
    assert_eq!(shown, expected);
    let columns: Vec<&str> =
        report.bad_rows.iter().map(|bad| bad.column.as_deref().unwrap_or("none")).collect();
    let expected = [
        "none",
        "none",
        "companyName",
        "quantity",
        "quantity",
        "unitPrice",
        "unitPrice",
        "unitPrice",
        "discount",
        "productID",
        "orderID",
        "orderID",
        "productID",
        "quantity",
        "orderID",
        "customerID",
        "orderDate",
        "orderDate",
        "none",
        "shippedDate",
        "shipAddress",
        "productID",
        "unitPrice",
    ];
    assert_eq!(columns, expected);
    assert_eq!(order(&orders, "ord_2").await.total, Cents(1400 + 980));
}

#[tokio::test]
async fn text_that_is_not_utf_8_is_a_bad_row() {
    let (directory, source) = files(&[]);
    let file = directory.path().join("customers.csv");
    let mut bytes = fs::read(&file).unwrap();
    bytes.extend_from_slice(b"QUEEN,Caf\xe9,Paris\n");
    fs::write(&file, bytes).unwrap();
    let report = TestOrders::new().await.import(&source).await;
    let bad = BadRow {
        file: "customers.csv".to_owned(),
        line: 4,
        column: Some("companyName".to_owned()),
        reason: "companyName is not UTF-8".to_owned(),
    };
    assert_eq!(report.bad_rows, [bad]);
    assert_eq!(report.orders, 2);
}

#[tokio::test]
async fn a_missing_file_or_column_is_one_error_and_nothing_is_imported() {
    let orders = TestOrders::new().await;
    let start = orders.head().await;
    let failed = async |source: &Source| {
        let nothing = &mut |_: u64, _: u64| {};
        import(&orders.live, source, now(), nothing).await.unwrap_err().to_string()
    };
    let (directory, source) = files(&[]);
    let details = directory.path().join("order_details.csv");
    fs::write(&details, "orderID,productID,unitPrice,quantity\n1,11,14.00,12\n").unwrap();
    assert_eq!(failed(&source).await, "order_details.csv has no column \"discount\"");
    fs::remove_file(&details).unwrap();
    assert_eq!(failed(&source).await, format!("cannot read {}", details.display()));
    assert!(!has_orders(&orders.db).await.unwrap());
    assert_eq!(orders.head().await, start);
}

#[tokio::test]
async fn progress_is_told_in_batches() {
    let orders = TestOrders::new().await;
    let mut told = Vec::new();
    let mut progress = |done, total| told.push((done, total));
    import(&orders.live, &Source::Northwind, now(), &mut progress).await.unwrap();
    assert_eq!(told.first(), Some(&(0, 830)));
    assert_eq!(told.last(), Some(&(830, 830)));
    assert!(told.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[1].0 - pair[0].0 <= 100));
    assert!(has_orders(&orders.db).await.unwrap());
}
