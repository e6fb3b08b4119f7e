//! Opening databases, and bringing them up to date.

use sea_orm::Statement;
use tokio::sync::OnceCell;

use super::{
    testing::{Template, TestDatabase, on_postgres},
    *,
};

/// The database with all tables, made once for all tests.
static MIGRATED: OnceCell<Template> = OnceCell::const_new();

/// A database of its own that has all tables.
pub(crate) async fn migrated() -> TestDatabase {
    let template = MIGRATED.get_or_init(async || {
        let database = TestDatabase::empty().await;
        let db = connect(database.url(), WhenMissing::Create).await.unwrap();
        migrate(&db).await.unwrap();
        db.close().await.unwrap();
        database.into_template().await
    });
    TestDatabase::copy_of(template.await).await
}

async fn pragma(db: &DatabaseConnection, name: &str) -> String {
    let sql = format!("SELECT CAST({name} AS TEXT) AS value FROM pragma_{name}");
    let row = db.query_one_raw(Statement::from_string(DbBackend::Sqlite, sql));
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
    let timeout = Statement::from_string(DbBackend::Sqlite, "PRAGMA busy_timeout");
    let timeout = db.query_one_raw(timeout).await.unwrap().unwrap();
    assert_eq!(timeout.try_get::<i64>("", "timeout").unwrap(), 5000);
    assert!(directory.path().join("a/b/studio.db").exists());
}

#[tokio::test]
async fn migrations_are_applied_once() {
    let database = TestDatabase::empty().await;
    let db = connect(database.url(), WhenMissing::Create).await.unwrap();
    assert!(matches!(check(&db).await, Err(DatabaseError::Outdated)));
    assert_eq!(migrate(&db).await.unwrap(), Migrator::migrations().len());
    check(&db).await.unwrap();
    assert_eq!(migrate(&db).await.unwrap(), 0);
}

#[tokio::test]
async fn servers_that_start_together_migrate_once() {
    let database = TestDatabase::empty().await;
    let start = async || {
        let db = connect(database.url(), WhenMissing::Create).await?;
        let applied = migrate(&db).await?;
        check(&db).await?;
        Ok::<_, DatabaseError>(applied)
    };
    let started = futures::future::try_join_all((0..4).map(|_| start())).await.unwrap();
    assert_eq!(started.iter().sum::<usize>(), Migrator::migrations().len(), "{started:?}");
}

/// Whoever waits sees afterwards what the one before has done, also where transactions keep what they
/// saw first unless they are told otherwise.
#[tokio::test]
async fn servers_that_start_together_migrate_once_whatever_the_default_isolation_is() {
    if !on_postgres() {
        return;
    }
    let database = TestDatabase::empty().await;
    let db = connect(database.url(), WhenMissing::Refuse).await.unwrap();
    let default = "DO $$ BEGIN EXECUTE format(
            'ALTER DATABASE %I SET default_transaction_isolation = ''repeatable read''',
            current_database());
        END $$";
    db.execute_unprepared(default).await.unwrap();
    let start = async || {
        let db = connect(database.url(), WhenMissing::Refuse).await?;
        migrate(&db).await
    };
    let started = futures::future::try_join_all((0..4).map(|_| start())).await.unwrap();
    assert_eq!(started.iter().sum::<usize>(), Migrator::migrations().len(), "{started:?}");
}

#[tokio::test]
async fn a_migration_that_fails_leaves_nothing_behind_and_holds_nothing() {
    let database = TestDatabase::empty().await;
    let db = connect(database.url(), WhenMissing::Create).await.unwrap();
    // In the way of one of the last ones.
    db.execute_unprepared("CREATE TABLE ended_sessions (x BIGINT)").await.unwrap();
    assert!(matches!(migrate(&db).await, Err(DatabaseError::Migrate(_))));
    let users = db.execute_unprepared("SELECT * FROM users").await;
    assert!(users.is_err(), "{users:?}");
    db.execute_unprepared("DROP TABLE ended_sessions").await.unwrap();
    assert_eq!(migrate(&db).await.unwrap(), Migrator::migrations().len());
}

#[tokio::test]
async fn a_database_of_the_first_version_is_brought_up_to_date() {
    let db = connect("sqlite::memory:", WhenMissing::Create).await.unwrap();
    Migrator::up(&db, Some(1)).await.unwrap();
    let first_version = "DROP TRIGGER highwater_attribution;
        ALTER TABLE highwater_meta DROP COLUMN actor;
        ALTER TABLE highwater_meta DROP COLUMN mutation;
        DROP INDEX highwater_log_by_about;
        ALTER TABLE highwater_log DROP COLUMN actor;
        ALTER TABLE highwater_log DROP COLUMN about;
        INSERT INTO highwater_log (kind, body) VALUES ('event', '{}');";
    db.execute_unprepared(first_version).await.unwrap();
    assert!(matches!(check(&db).await, Err(DatabaseError::Outdated)));
    assert_eq!(migrate(&db).await.unwrap(), Migrator::migrations().len() - 1);
    let sql = "SELECT COUNT(*) AS rows FROM highwater_log WHERE actor IS NULL AND about IS NULL";
    let rows = db.query_one_raw(Statement::from_string(DbBackend::Sqlite, sql));
    assert_eq!(rows.await.unwrap().unwrap().try_get::<i64>("", "rows").unwrap(), 1);
}

#[tokio::test]
async fn a_file_that_is_missing_is_not_made_unasked() {
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
    let url = "mysql://studio:secret@localhost/studio";
    let refused = connect(url, WhenMissing::Create).await.unwrap_err().to_string();
    assert!(refused.starts_with("mysql: databases are not supported"), "{refused}");
    assert!(!refused.contains("secret"), "{refused}");
}

#[tokio::test]
async fn a_session_of_postgresql_is_set_up() {
    if !on_postgres() {
        return;
    }
    let database = TestDatabase::empty().await;
    let db = connect(database.url(), WhenMissing::Refuse).await.unwrap();
    for (name, value) in [
        ("application_name", "studio"),
        ("lock_timeout", "5s"),
        ("idle_in_transaction_session_timeout", "1min"),
    ] {
        let sql = format!("SELECT current_setting('{name}') AS value");
        let row = db.query_one_raw(Statement::from_string(DbBackend::Postgres, sql));
        let found: String = row.await.unwrap().unwrap().try_get("", "value").unwrap();
        assert_eq!(found, value, "{name}");
    }
}

#[tokio::test]
async fn a_database_that_a_server_does_not_have_is_not_made() {
    if !on_postgres() {
        return;
    }
    let database = TestDatabase::empty().await;
    let url = format!("{}_other", database.url().replace("postgres@", "postgres:secret@"));
    let refused = connect(&url, WhenMissing::Create).await.unwrap_err();
    let told = crate::server::failure::with_causes(&refused);
    assert!(told.contains("make it with `createdb test_"), "{told}");
    assert!(!told.contains("secret"), "{told}");
}

#[tokio::test]
async fn texts_are_sorted_by_their_bytes() {
    let database = migrated().await;
    let db = connect(database.url(), WhenMissing::Refuse).await.unwrap();
    for (id, name) in ["b", "É", "a", "Z", "e", "ä"].iter().enumerate() {
        let sql = format!(
            "INSERT INTO customers (id, name, name_folded) VALUES ('{id}', '{name}', '{name}')"
        );
        db.execute_unprepared(&sql).await.unwrap();
    }
    let sql = "SELECT name FROM customers ORDER BY name";
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql));
    let rows = rows.await.unwrap();
    let names: Vec<String> = rows.iter().map(|row| row.try_get("", "name").unwrap()).collect();
    assert_eq!(names, ["Z", "a", "b", "e", "É", "ä"]);
}
