//! `POST /api/v1/orders/imports`: files in, progress and result out.

use std::fs;

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    app::{ADMIN, ANA, CARLA, OLE, OPS, TestApp, northwind_directory, write_orders},
    client::{Answer, Client},
    stream::Stream,
};

const PATH: &str = "/api/v1/orders/imports";
const KEY: &str = "00112233445566778899aabbccddeeff";
const FILES: [&str; 4] = ["customers.csv", "products.csv", "orders.csv", "order_details.csv"];

pub type Files = Vec<(String, Vec<u8>)>;

/// The files of new orders with these numbers.
pub fn files(numbers: std::ops::Range<u32>) -> Files {
    let directory = tempfile::tempdir().unwrap();
    write_orders(directory.path(), numbers);
    FILES.map(|file| (file.to_owned(), fs::read(directory.path().join(file)).unwrap())).to_vec()
}

/// As a form sends them.
fn form(files: &Files) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, content) in files {
        let head = format!(
            "--limit\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\
             Content-Type: text/csv\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--limit--\r\n");
    body
}

/// Begins an import of these files.
pub async fn upload(client: &Client, files: &Files) -> Answer {
    upload_as(client, None, form(files)).await
}

async fn upload_as(client: &Client, key: Option<&str>, body: Vec<u8>) -> Answer {
    client
        .send(Method::POST, PATH, |request| {
            let request =
                request.header("content-type", "multipart/form-data; boundary=limit").body(body);
            match key {
                Some(key) => request.header("Idempotency-Key", key),
                None => request,
            }
        })
        .await
}

/// What a stream tells of the job of an import, until that has ended: how many orders it had gone
/// through each time, and the job at its end.
async fn ended(stream: &mut Stream, id: &Value) -> (Vec<u64>, Value) {
    let target = format!("order_import:{}", id.as_str().unwrap());
    let mut told = Vec::new();
    loop {
        let heard = stream.next_said().await;
        match heard.kind() {
            "job.progress" if heard.data["target"] == target => {
                told.push(heard.data["progress"]["current"].as_u64().unwrap());
            }
            "job.changed" if heard.data["job"]["target"] == target => {
                let job = &heard.data["job"];
                if job["finishedAt"].is_string() {
                    return (told, job.clone());
                }
            }
            _ => {}
        }
    }
}

/// Waits until an import has gone through some orders.
async fn under_way(stream: &mut Stream, id: &Value) {
    let target = format!("order_import:{}", id.as_str().unwrap());
    loop {
        let heard = stream.next_said().await;
        if heard.data["target"] == target && heard.data["progress"]["current"] != 0 {
            return;
        }
    }
}

async fn do_to_job(client: &Client, job: &Value, what: &str) -> Answer {
    client.post(&format!("/api/v1/jobs/{}/{what}", job["id"].as_str().unwrap()), json!({})).await
}

#[tokio::test]
async fn an_import_runs_in_the_background_and_tells_its_user() {
    let app = TestApp::start().await;
    let (staff, other) = (app.sign_in(OPS).await, app.sign_in(OLE).await);
    let (mut own, mut others) = (staff.open("/api/events").await, other.open("/api/events").await);
    own.connected().await;
    others.connected().await;
    let begun = upload(&staff, &files(20_000..20_250)).await.expect_status(202);
    let id = begun.json()["id"].clone();
    let address = format!("{PATH}/{}", id.as_str().unwrap());
    assert_eq!(begun.header("location"), address);
    assert_eq!((&begun.json()["status"], &begun.json()["done"]), (&json!("running"), &json!(0)));

    let (done, job) = ended(&mut own, &id).await;
    assert!(done.is_sorted(), "{done:?}");
    assert_eq!((&job["status"], &job["kind"]), (&json!("completed"), &json!("import-orders")));
    let page = format!("/orders/import?id={}", id.as_str().unwrap());
    assert_eq!(job["link"], page);
    let read = staff.get(&address).await.expect_status(200).json();
    assert_eq!(read["status"], "completed");
    for (field, count) in [
        ("done", 250),
        ("total", 250),
        ("orders", 250),
        ("lines", 250),
        ("customers", 1),
        ("products", 0),
        ("skipped", 0),
        ("bad", 0),
    ] {
        assert_eq!(read[field], count, "{field}");
    }
    assert!(read["finishedAt"].is_string() && read["message"].is_null());
    assert_eq!(staff.order("ord_20249").await["totalCents"], 500);

    // Whose import it is not, hears of its orders and not of its progress.
    let heard = others.all_until(&app.head().await).await;
    assert!(heard.iter().any(|heard| heard.data["id"] == "ord_20249"));
    assert!(heard.iter().all(|heard| !heard.kind().starts_with("job.")));
    other.get(&address).await.expect_refusal(404, "not_found", None);
    let asked = json!({ "id": id, "min": null });
    let found = staff.post("/api/fn/get_import", asked.clone()).await.expect_status(200).json();
    assert_eq!(found["value"]["Ok"], read);
    let found = other.post("/api/fn/get_import", asked).await.expect_status(200).json();
    assert_eq!(found["value"]["Err"]["code"], "not_found");

    let history = staff.get("/api/v1/orders/ord_20000/history").await.expect_status(200).json();
    assert_eq!(history["entries"][0]["what"], json!([{ "type": "imported" }]));
    assert_eq!(history["entries"][0]["actor"], "Some staff");
}

#[tokio::test]
async fn orders_that_are_there_are_left_alone_and_bad_rows_are_told() {
    let app = TestApp::start().await;
    let admin = app.sign_in(ADMIN).await;
    let mut stream = admin.open("/api/events").await;
    stream.connected().await;
    let northwind =
        FILES.map(|file| (file.to_owned(), fs::read(northwind_directory().join(file)).unwrap()));
    let mut sent = northwind.to_vec();
    sent[2].1.extend_from_slice(b"20000,NOBODY,1999-01-01,,,,,,x,y,z,,,w\n");
    for _ in 0..300 {
        sent[3].1.extend_from_slice(b"10248,11,cheap,1,0\n");
    }
    let begun = upload(&admin, &sent).await.expect_status(202).json();
    ended(&mut stream, &begun["id"]).await;
    let path = format!("{PATH}/{}", begun["id"].as_str().unwrap());
    let import = admin.get(&path).await.json();
    assert_eq!(import["status"], "completed", "{import}");
    assert_eq!((&import["skipped"], &import["orders"]), (&json!(830), &json!(0)));
    assert_eq!(import["bad"], 301);
    let listed = import["badRows"].as_array().unwrap();
    assert_eq!(listed.len(), 200, "the first of them");
    let reason = "unitPrice \"cheap\" is not a number of 0 or more with at most 2 decimal places";
    let bad = json!({
        "file": "order_details.csv", "line": 2157, "column": "unitPrice", "reason": reason,
    });
    assert_eq!(listed[0], bad);
}

#[tokio::test]
async fn files_that_cannot_be_used_fail_and_say_why() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    let mut stream = staff.open("/api/events").await;
    stream.connected().await;
    let mut sent = files(20_000..20_001);
    sent[1].1 = b"productID,productName\n1,Chai\n".to_vec();
    let begun = upload(&staff, &sent).await.expect_status(202).json();
    let (_, job) = ended(&mut stream, &begun["id"]).await;
    assert_eq!((&job["status"], &job["attempts"]), (&json!("failed"), &json!(1)));
    let path = format!("{PATH}/{}", begun["id"].as_str().unwrap());
    let import = staff.get(&path).await.json();
    let message = "Nothing was imported: products.csv has no column \"unitPrice\".";
    assert_eq!((&import["status"], &import["message"]), (&json!("failed"), &json!(message)));
    staff.get("/api/v1/orders/ord_20000").await.expect_refusal(404, "not_found", None);
    // It stands in nobody's way.
    let begun = upload(&staff, &files(20_000..20_001)).await.expect_status(202).json();
    assert_eq!(ended(&mut stream, &begun["id"]).await.1["status"], "completed");
}

#[tokio::test]
async fn what_is_no_upload_of_the_four_files_is_refused_and_starts_nothing() {
    let app = TestApp::start_with(|studio| studio.import_bytes = 4096).await;
    let staff = app.sign_in(OPS).await;
    let (ana, carla) = (app.sign_in(ANA).await, app.sign_in(CARLA).await);
    let head = app.head().await;
    let good = files(20_000..20_001);
    let without_one: Files = good[..3].to_vec();
    let mut twice = good.clone();
    twice.push(good[0].clone());
    let mut renamed = good.clone();
    renamed[0].0 = "../customers.csv".to_owned();
    for sent in [Files::new(), without_one, twice, renamed] {
        upload(&staff, &sent).await.expect_refusal(422, "invalid", Some("files"));
    }
    let field = b"--limit\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n1\r\n--limit--\r\n";
    upload_as(&staff, None, field.to_vec()).await.expect_refusal(422, "invalid", Some("files"));
    let cut = form(&good)[..100].to_vec();
    upload_as(&staff, None, cut).await.expect_refusal(400, "malformed", None);
    upload_as(&staff, Some("1"), form(&good)).await.expect_refusal(
        422,
        "invalid",
        Some("Idempotency-Key"),
    );
    let mut large = good.clone();
    large[2].1.resize(5000, b'\n');
    upload(&staff, &large).await.expect_refusal(413, "too_large", None);
    staff.post(PATH, json!({})).await.expect_refusal(415, "unsupported_media_type", None);
    upload(&app.client(), &good).await.expect_refusal(401, "unauthenticated", None);
    for member in [ana, carla] {
        upload(&member, &good).await.expect_refusal(403, "forbidden", None);
        let path = format!("{PATH}/imp_0123456789abcdef");
        member.get(&path).await.expect_refusal(403, "forbidden", None);
    }
    for id in ["imp_0123456789abcdef", "x"] {
        staff.get(&format!("{PATH}/{id}")).await.expect_refusal(404, "not_found", None);
    }
    assert_eq!(app.rows_since(&head).await, 0);
}

#[tokio::test]
async fn a_repeat_starts_nothing_and_a_second_import_waits_for_the_first() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    let mut stream = staff.open("/api/events").await;
    stream.connected().await;
    let body = form(&files(20_000..20_001));
    let first = upload_as(&staff, Some(KEY), body.clone()).await.expect_status(202);
    let id = first.json()["id"].clone();
    ended(&mut stream, &id).await;
    let head = app.head().await;
    let again = upload_as(&staff, Some(KEY), body.clone()).await.expect_status(202);
    assert_eq!(again.text, first.text);
    assert_eq!(app.rows_since(&head).await, 0);

    // As if it still ran.
    let sql = "UPDATE order_imports SET status = 'running'";
    sea_orm::ConnectionTrait::execute_unprepared(&app.state.db, sql).await.unwrap();
    upload_as(&staff, None, body.clone()).await.expect_refusal(409, "conflict", None);
    upload_as(&app.sign_in(OLE).await, None, body).await.expect_status(202);
}

#[tokio::test]
async fn a_cancelled_import_goes_on_where_it_was_until_another_one_is_begun() {
    let app = TestApp::start().await;
    let staff = app.sign_in(OPS).await;
    let mut stream = staff.open("/api/events").await;
    stream.connected().await;
    let begun = upload(&staff, &files(20_000..22_000)).await.expect_status(202).json();
    let path = format!("{PATH}/{}", begun["id"].as_str().unwrap());
    let jobs = staff.get("/api/v1/jobs").await.json();
    let live = ["running", "queued"].into_iter().find_map(|of| jobs[of].get(0)).unwrap();
    under_way(&mut stream, &begun["id"]).await;
    do_to_job(&staff, live, "cancel").await.expect_status(200);
    let (_, job) = ended(&mut stream, &begun["id"]).await;
    assert_eq!(job["status"], "cancelled");
    let stopped = staff.get(&path).await.json();
    assert_eq!(stopped["status"], "cancelled");
    let added = stopped["orders"].as_u64().unwrap();
    assert!((1..2_000).contains(&added), "{stopped}");

    do_to_job(&staff, &job, "retry").await.expect_status(200);
    assert_eq!(staff.get(&path).await.json()["status"], "running");
    assert_eq!(ended(&mut stream, &begun["id"]).await.1["status"], "completed");
    let whole = staff.get(&path).await.json();
    for (field, count) in [("done", 2_000), ("orders", 2_000), ("skipped", 0), ("customers", 1)] {
        assert_eq!(whole[field], count, "each is counted as it was added: {whole}");
    }

    // The files of what failed are kept until the next import is begun.
    let mut useless = files(20_000..20_001);
    useless[1].1 = b"productID\n".to_vec();
    let failed = upload(&staff, &useless).await.expect_status(202).json();
    let (_, job) = ended(&mut stream, &failed["id"]).await;
    do_to_job(&staff, &job, "retry").await.expect_status(200);
    ended(&mut stream, &failed["id"]).await;
    let next = upload(&staff, &files(23_000..23_001)).await.expect_status(202).json();
    ended(&mut stream, &next["id"]).await;
    do_to_job(&staff, &job, "retry").await.expect_refusal(409, "conflict", None);
}
