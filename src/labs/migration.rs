//! The tables of the labs slice, and the triggers that record what happens in them.
//!
//! Owns their definition; each constraint has a name. A migration that was released is never edited:
//! another one follows it. Tables are made for other writers too: `psql`, `sqlite3`, a worker in
//! another language. So ids, times and versions have defaults, and what such a writer changes is
//! recorded in the change log by triggers, in its own transaction.

mod tables;
mod sqlite;
mod postgres;

use sea_orm::DbBackend;
use sea_orm_migration::prelude::*;

use crate::server::database::step;

/// So many changes of one kind in one project are told one by one; of more, only that there were
/// many: in one transaction on PostgreSQL, and in a second on SQLite, whose triggers cannot know
/// where a transaction began.
const TOLD_ONE_BY_ONE: u32 = 64;

/// So many characters are told of a text that a worker may write of any length; a client refuses a
/// message that is very long.
const TOLD_CHARS: u32 = 2_000;

/// The slice's migrations, in order.
pub fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    vec![Box::new(Labs)]
}

/// Tables and triggers.
struct Labs;

impl MigrationName for Labs {
    fn name(&self) -> &str {
        "labs_0001_projects"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Labs {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let (tables, triggers) = match manager.get_database_backend() {
            DbBackend::Postgres => (tables::for_postgres(), postgres::triggers()),
            _ => (tables::for_sqlite(), sqlite::triggers()),
        };
        step::run(manager, &tables.iter().map(String::as_str).collect::<Vec<_>>()).await?;
        for statement in triggers {
            manager.get_connection().execute_unprepared(&statement).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
