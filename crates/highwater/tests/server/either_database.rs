//! The one log of an application that may run on either database.

use highwater::server::{ChangeLog, DatabaseLog, Live, LogError};
use sea_orm::{ConnectionTrait, DatabaseConnection};

use crate::{
    desk::{Desk, PostgresDesk, SqliteDesk},
    notes::{Noted, Refused, audiences, by},
    reader::{Reader, ids, listen_anywhere, settings, start},
};

/// Writes through it, and reads and hears what was written.
async fn goes_round(db: DatabaseConnection) {
    DatabaseLog::create_tables(&db).await.unwrap();
    let log = DatabaseLog::open(db).await.unwrap();
    let live: Live<DatabaseLog, Noted> = start(&log, settings()).await;
    let mut reader: Reader = listen_anywhere(&live, &["all"]).await;
    for _ in 0..2 {
        let work = live.write::<u32, Refused>(by("ann", 1), |write| {
            Box::pin(async move {
                write.attribute_triggers().await?;
                write.record(&audiences(&["all"]), &Noted::Written { id: 1 }).await?;
                Ok(5)
            })
        });
        let written = work.await.unwrap();
        assert_eq!(written.value, 5);
        assert!(written.as_of.covers(&written.cursor));
    }
    let read = live.read::<_, Refused>(None, |tx| {
        Box::pin(async { Ok(DatabaseLog::history(tx, "note:1", None, 10).await?) })
    });
    let rows = read.await.unwrap().value.rows;
    let [row] = &rows[..] else { panic!("the repeat is not another row: {rows:?}") };
    assert_eq!(ids(&reader.until(&row.at).await), [1]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_whichever_the_connection_is_to() {
    let (sqlite, postgres) = (SqliteDesk::open().await, PostgresDesk::open().await);
    goes_round(sqlite.connect().await).await;
    goes_round(postgres.connect().await).await;
    let log = DatabaseLog::open(sqlite.connect().await).await.unwrap();
    assert!(matches!(&log, DatabaseLog::Sqlite(_)) && log.writers() == 1);
    let log = DatabaseLog::open(postgres.connect().await).await.unwrap();
    assert!(matches!(&log, DatabaseLog::Postgres(_)) && log.writers() > 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_knows_when_either_is_busy() {
    let (sqlite, desk) = (SqliteDesk::open().await, PostgresDesk::open().await);
    for db in [&sqlite.db, &desk.db] {
        let broken = db.execute_unprepared("SELECT * FROM nothing").await.unwrap_err();
        assert!(!DatabaseLog::is_busy(&broken));
    }
    // What SQLite says of it is tested with its log. Here two transactions change what both have
    // read, and the second one is told to try again.
    let log = DatabaseLog::open(desk.connect().await).await.unwrap();
    let counters = "CREATE TABLE counters (value int NOT NULL); INSERT INTO counters VALUES (0)";
    desk.db.execute_unprepared(counters).await.unwrap();
    let (first, second) = (log.begin_write().await.unwrap(), log.begin_write().await.unwrap());
    for tx in [&first, &second] {
        DatabaseLog::stamp(tx).await.unwrap();
    }
    let raise = "UPDATE counters SET value = value + 1";
    first.execute_unprepared(raise).await.unwrap();
    DatabaseLog::commit(first).await.unwrap();
    let late = second.execute_unprepared(raise).await.unwrap_err();
    assert!(DatabaseLog::is_busy(&late));
    assert!(matches!(LogError::from(late), LogError::Busy(_)));
}
