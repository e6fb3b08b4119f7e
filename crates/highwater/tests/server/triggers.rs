//! Rows that the database's own triggers record within a write: they are its rows, and carry who
//! writes if it says so.

use highwater::server::{By, ChangeLog, Live, Row};
use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction};

use crate::{
    desk::{Desk, PostgresDesk, SqliteDesk},
    notes::{Noted, Refused, by},
    reader::{settings, start},
};

/// Whoever adds a word has note 1 recorded by a trigger, which knows nothing of the engine.
const ON_SQLITE: &str = r#"CREATE TRIGGER note_words AFTER INSERT ON words BEGIN
    INSERT INTO highwater_log (kind, audiences, about, body)
    VALUES ('event', '["all"]', 'note:1', '{"type":"note.written","id":1}');
END"#;

const ON_POSTGRES: &str = r#"CREATE FUNCTION note_words() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO highwater_log (kind, audiences, about, body)
        VALUES ('event', '["all"]', 'note:1', '{"type":"note.written","id":1}');
        RETURN NULL;
    END $$;
CREATE TRIGGER note_words AFTER INSERT ON words FOR EACH ROW EXECUTE FUNCTION note_words()"#;

async fn rows_of_triggers_belong_to_the_write<D: Desk>(
    desk: D,
    db: &DatabaseConnection,
    trigger: &str,
) where
    D::Log: ChangeLog<Tx = DatabaseTransaction>,
{
    db.execute_unprepared(trigger).await.unwrap();
    let live: Live<D::Log, Noted> = start(desk.log(), settings()).await;
    let start = live.head().await.unwrap();
    let by = by("ann", 7);
    for attributed in [false, true, false] {
        let work = live.write::<(), Refused>(
            if attributed { by.clone() } else { By::actor("bob") },
            move |write| {
                Box::pin(async move {
                    if attributed {
                        write.attribute_triggers().await?;
                    }
                    let put = "INSERT INTO words (word) VALUES ('word')";
                    Ok(write.tx().execute_unprepared(put).await.map(drop)?)
                })
            },
        );
        let written = work.await.unwrap();
        assert!(written.as_of.covers(&written.cursor));
        desk.settled(&written.cursor).await;
        let rows = desk.log().after(&start, 10).await.unwrap().rows;
        // The write recorded nothing itself, and answers the trigger's row as its own.
        let last = rows.last().unwrap();
        assert_eq!((&last.at, last.about.as_deref()), (&written.cursor, Some("note:1")));
    }
    let rows = desk.log().after(&start, 10).await.unwrap().rows;
    let signed = |row: &Row| By { actor: row.actor.clone(), mutation: row.by };
    assert_eq!(rows.iter().map(signed).collect::<Vec<_>>(), [By::nobody(), by, By::nobody()]);
}

#[tokio::test]
async fn rows_of_triggers_on_sqlite_belong_to_the_write() {
    let desk = SqliteDesk::open().await;
    let db = desk.db.clone();
    rows_of_triggers_belong_to_the_write(desk, &db, ON_SQLITE).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_of_triggers_on_postgresql_belong_to_the_write() {
    let desk = PostgresDesk::open().await;
    let db = desk.db.clone();
    rows_of_triggers_belong_to_the_write(desk, &db, ON_POSTGRES).await;
}

/// One that waits for the end of the transaction, as a constraint may.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_of_deferred_triggers_belong_to_the_write() {
    let desk = PostgresDesk::open().await;
    let db = desk.db.clone();
    let deferred = ON_POSTGRES.replace("CREATE TRIGGER", "CREATE CONSTRAINT TRIGGER").replace(
        "AFTER INSERT ON words FOR",
        "AFTER INSERT ON words DEFERRABLE INITIALLY DEFERRED FOR",
    );
    assert!(deferred.contains("DEFERRED"));
    rows_of_triggers_belong_to_the_write(desk, &db, &deferred).await;
}
