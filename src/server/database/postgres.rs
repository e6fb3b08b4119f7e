//! Opening a database of a PostgreSQL server.
//!
//! Owns how its sessions are set up. It must not make the database: that takes rights which a server
//! of the studio does not need.

use std::time::Duration;

use sea_orm::{
    DatabaseConnection, SqlxPostgresConnector,
    sqlx::{
        self,
        postgres::{PgConnectOptions, PgPoolOptions},
    },
};

use super::{ACQUIRE_TIMEOUT, DatabaseError, LOCK_TIMEOUT};

/// How many connections there are. Each is a process of the database's server, which has 100 as it
/// comes, for everybody.
const CONNECTIONS: u32 = 16;

/// How long a transaction may stay open without doing anything. One that wrote holds back what
/// every browser hears.
const IDLE_IN_TRANSACTION: Duration = Duration::from_secs(60);

/// What PostgreSQL says of a database that it does not have
/// (<https://www.postgresql.org/docs/current/errcodes-appendix.html>).
const INVALID_CATALOG_NAME: &str = "3D000";

pub(super) async fn connect(url: &str) -> Result<DatabaseConnection, DatabaseError> {
    let options: PgConnectOptions = url.parse().map_err(DatabaseError::Url)?;
    let application = options.get_application_name().unwrap_or("studio").to_owned();
    let name = options.get_database().unwrap_or(options.get_username()).to_owned();
    let options = options.application_name(&application).options([
        ("lock_timeout", format!("{}ms", LOCK_TIMEOUT.as_millis())),
        ("idle_in_transaction_session_timeout", format!("{}ms", IDLE_IN_TRANSACTION.as_millis())),
    ]);
    let pool = PgPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(ACQUIRE_TIMEOUT);
    let pool = pool.connect_with(options).await.map_err(|source| match &source {
        sqlx::Error::Database(error) if error.code().as_deref() == Some(INVALID_CATALOG_NAME) => {
            DatabaseError::NoDatabase(name)
        }
        // It was tried again until then.
        sqlx::Error::PoolTimedOut => DatabaseError::NoServer,
        _ => DatabaseError::Connect(source),
    })?;
    Ok(SqlxPostgresConnector::from_sqlx_postgres_pool(pool))
}
