//! What the application has without Highwater as well: its error type and its SQL.

use highwater::{Refusal, server::LogError};
use leptos::{
    prelude::FromServerFnError, server_fn::codec::JsonEncoding, server_fn::error::ServerFnErrorErr,
};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, Statement};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Failed(pub String);

impl Refusal for Failed {
    fn is_final(&self) -> bool {
        true
    }
}

impl From<LogError> for Failed {
    fn from(error: LogError) -> Self {
        Self(error.to_string())
    }
}

impl From<DbErr> for Failed {
    fn from(error: DbErr) -> Self {
        Self(error.to_string())
    }
}

impl FromServerFnError for Failed {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        Self(error.to_string())
    }
}

pub async fn titles(tx: &DatabaseTransaction) -> Result<Vec<String>, DbErr> {
    let select = Statement::from_string(DbBackend::Sqlite, "SELECT title FROM tasks ORDER BY id");
    let rows = tx.query_all_raw(select).await?;
    rows.iter().map(|row| row.try_get("", "title")).collect()
}

pub async fn insert(tx: &DatabaseTransaction, title: &str) -> Result<(), DbErr> {
    let sql = "INSERT INTO tasks (title) VALUES (?)";
    let insert = Statement::from_sql_and_values(DbBackend::Sqlite, sql, [title.into()]);
    tx.execute_raw(insert).await.map(|_| ())
}
