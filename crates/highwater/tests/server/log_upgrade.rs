//! Databases of older versions: their log goes on, with everything that is in it.

use highwater::server::{By, ChangeLog, Recorded, SqliteLog};
use highwater_core::{Cursor, Epoch};
use sea_orm::{ConnectionTrait, Database};

use crate::{
    desk::{Desk, SqliteDesk},
    notes::{Noted, audiences},
};

/// The tables as version 0.1 made them, with two rows.
const FIRST_VERSION: &str = r#"
    CREATE TABLE highwater_log (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        recorded_ms INTEGER NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000 AS INTEGER)),
        kind TEXT NOT NULL CONSTRAINT highwater_log_kind CHECK (kind IN ('event', 'access')),
        audiences TEXT NOT NULL DEFAULT '[]',
        mutation TEXT,
        body TEXT NOT NULL
    ) STRICT;
    CREATE TABLE highwater_meta (
        id INTEGER PRIMARY KEY CONSTRAINT highwater_meta_single CHECK (id = 1),
        epoch TEXT NOT NULL,
        head INTEGER NOT NULL,
        floor INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE highwater_outcomes (
        actor TEXT NOT NULL,
        mutation TEXT NOT NULL,
        recorded_ms INTEGER NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (actor, mutation)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO highwater_meta (id, epoch, head, floor) VALUES (1, 'first', 0, 0);
    CREATE TRIGGER highwater_head AFTER INSERT ON highwater_log
        BEGIN UPDATE highwater_meta SET head = new.id WHERE id = 1; END;
    INSERT INTO highwater_log (kind, audiences, mutation, body) VALUES
        ('event', '["all"]', '0000000000000000000000000000004d', '{"type":"note.written","id":1}'),
        ('access', '[]', NULL, '{"subject":"user:7","end":true}');
"#;

fn row(number: u64) -> Cursor {
    Cursor::new(Epoch::new("first").unwrap(), number, 0)
}

#[tokio::test]
async fn a_log_of_the_first_version_goes_on() {
    let db = Database::connect("sqlite::memory:").await.unwrap();
    db.execute_unprepared(FIRST_VERSION).await.unwrap();
    for _ in 0..2 {
        // The second time there is nothing to do.
        SqliteLog::create_tables(&db).await.unwrap();
    }
    let log = SqliteLog::open(db).await.unwrap();
    let rows = log.after(&row(0), 10).await.unwrap().rows;
    let [event, access] = &rows[..] else { panic!("two rows, not {rows:?}") };
    assert_eq!((&event.at, &access.at), (&row(1), &row(2)));
    assert!(event.by.is_some() && matches!(&event.what, Recorded::Event { .. }));
    assert!(matches!(&access.what, Recorded::Access(change) if change.end));
    assert!(rows.iter().all(|row| row.actor.is_none() && row.about.is_none()));

    let tx = log.begin_write().await.unwrap();
    let event = Noted::Written { id: 1 };
    let at = SqliteLog::record(&tx, &By::actor("7"), &audiences(&["all"]), &event).await.unwrap();
    assert_eq!(at, row(3));
    // What was recorded before is about nothing that is known.
    let history = SqliteLog::history(&tx, "note:1", None, 10).await.unwrap();
    assert_eq!(history.rows.iter().map(|row| &row.at).collect::<Vec<_>>(), [&at]);
    assert_eq!(history.rows[0].actor.as_deref(), Some("7"));
    // What is new of the meta row is there as well.
    SqliteLog::attribute(&tx, Some(&By::actor("8"))).await.unwrap();
    let plain = "INSERT INTO highwater_log (kind, audiences, about, body)
        VALUES ('event', '[]', 'note:1', '{}')";
    tx.execute_unprepared(plain).await.unwrap();
    SqliteLog::attribute(&tx, None).await.unwrap();
    let history = SqliteLog::history(&tx, "note:1", None, 10).await.unwrap();
    assert_eq!(history.rows[0].actor.as_deref(), Some("8"));
}

/// Debian's shell, for example, is of SQLite 3.40, which knows less than what this is built with.
#[tokio::test]
async fn an_older_sqlite_records_with_its_own_time() {
    let desk = SqliteDesk::open().await;
    let start = desk.log().head().await.unwrap();
    let insert = r#"INSERT INTO highwater_log (kind, audiences, body)
        VALUES ('event', '["all"]', '{"type":"note.written","id":1}')"#;
    let shell = std::process::Command::new("sqlite3").arg(desk.file()).arg(insert).output();
    let shell = shell.unwrap();
    assert!(shell.status.success(), "{shell:?}");
    let rows = desk.log().after(&start, 10).await.unwrap().rows;
    let now = crate::fake_log::now_ms();
    assert!(now.abs_diff(rows[0].recorded_ms) < 60_000, "{} at {now}", rows[0].recorded_ms);
}
