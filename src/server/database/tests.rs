//! Opening databases, and bringing them up to date.

use sea_orm::Statement;

use super::*;

async fn pragma(db: &DatabaseConnection, name: &str) -> String {
    let sql = format!("SELECT CAST({name} AS TEXT) AS value FROM pragma_{name}");
    let row = db.query_one_raw(Statement::from_string(sea_orm::DbBackend::Sqlite, sql));
    row.await.unwrap().unwrap().try_get("", "value").unwrap()
}

#[tokio::test]
async fn a_database_is_made_with_its_directory_and_set_up() {
    let directory = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/a/b/studio.db", directory.path().display());
    let db = connect(&url, WhenMissing::Create).await.unwrap();
    let found = [pragma(&db, "journal_mode").await, pragma(&db, "synchronous").await];
    assert_eq!(found, ["wal", "1"]);
    assert_eq!(pragma(&db, "foreign_keys").await, "1");
    let timeout = Statement::from_string(sea_orm::DbBackend::Sqlite, "PRAGMA busy_timeout");
    let timeout = db.query_one_raw(timeout).await.unwrap().unwrap();
    assert_eq!(timeout.try_get::<i64>("", "timeout").unwrap(), 5000);
    assert!(directory.path().join("a/b/studio.db").exists());
}

#[tokio::test]
async fn migrations_are_applied_once() {
    let directory = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/studio.db", directory.path().display());
    let db = connect(&url, WhenMissing::Create).await.unwrap();
    assert!(matches!(check(&db).await, Err(DatabaseError::Outdated)));
    assert_eq!(migrate(&db).await.unwrap(), Migrator::migrations().len());
    check(&db).await.unwrap();
    assert_eq!(migrate(&db).await.unwrap(), 0);
}

#[tokio::test]
async fn a_database_of_the_first_version_is_brought_up_to_date() {
    let db = connect("sqlite::memory:", WhenMissing::Create).await.unwrap();
    migrate(&db).await.unwrap();
    let first_version = "DROP INDEX highwater_log_by_about;
        DROP TRIGGER highwater_attribution;
        ALTER TABLE highwater_meta DROP COLUMN actor;
        ALTER TABLE highwater_meta DROP COLUMN mutation;
        ALTER TABLE highwater_log DROP COLUMN actor;
        ALTER TABLE highwater_log DROP COLUMN about;
        DELETE FROM seaql_migrations WHERE version = 'highwater_0002_history';
        INSERT INTO highwater_log (kind, body) VALUES ('event', '{}');";
    db.execute_unprepared(first_version).await.unwrap();
    assert!(matches!(check(&db).await, Err(DatabaseError::Outdated)));
    assert_eq!(migrate(&db).await.unwrap(), 1);
    let sql = "SELECT COUNT(*) AS rows FROM highwater_log WHERE actor IS NULL AND about IS NULL";
    let rows = db.query_one_raw(Statement::from_string(sea_orm::DbBackend::Sqlite, sql));
    assert_eq!(rows.await.unwrap().unwrap().try_get::<i64>("", "rows").unwrap(), 1);
}

#[tokio::test]
async fn a_database_that_is_missing_is_not_made_unasked() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("studio.db");
    let url = format!("sqlite://{}", file.display());
    let refused = connect(&url, WhenMissing::Refuse).await.unwrap_err();
    assert!(matches!(refused, DatabaseError::Missing(_)), "{refused:?}");
    assert!(!file.exists());
}

#[tokio::test]
async fn a_database_in_memory_keeps_its_tables() {
    let db = connect("sqlite::memory:", WhenMissing::Create).await.unwrap();
    migrate(&db).await.unwrap();
    check(&db).await.unwrap();
}

#[tokio::test]
async fn another_kind_of_database_is_refused_without_telling_its_password() {
    let url = "postgres://studio:secret@localhost/studio";
    let refused = connect(url, WhenMissing::Create).await.unwrap_err().to_string();
    assert!(refused.starts_with("postgres: databases are not supported"), "{refused}");
    assert!(!refused.contains("secret"), "{refused}");
}
