//! The doorbell between processes: PostgreSQL's `LISTEN`.
//!
//! Owns the connection that listens, which is none of the application's, and its coming back. It
//! carries no truth: what is not heard is found by reading.

use std::{
    hash::{BuildHasher, RandomState},
    time::Duration,
};

use highwater_core::backoff::{Backoff, Jitter};
use sea_orm::{
    DatabaseConnection, SqlxError,
    sqlx::postgres::{PgListener, PgPoolOptions},
};

/// What the trigger of the log notifies.
const CHANNEL: &str = "highwater";

/// How long to wait before listening again.
const AGAIN: Backoff = Backoff { base_ms: 250, max_ms: 15_000, jitter_ms: 250 };

/// Rings at every notification, and whenever some may have been lost.
pub(super) async fn listen(db: &DatabaseConnection, ring: impl Fn() + Send + Sync) {
    let mut jitter = Jitter::new(RandomState::new().hash_one(()));
    let mut failures = 0;
    loop {
        if let Err(error) = hear(db, &ring, &mut failures).await {
            tracing::warn!(%error, "the change log is read by the clock until it can be listened to");
        }
        let pause = Duration::from_millis(AGAIN.delay_ms(failures, jitter.draw()));
        failures = failures.saturating_add(1);
        tokio::time::sleep(pause).await;
    }
}

/// Listens until the connection is lost.
async fn hear(
    db: &DatabaseConnection,
    ring: &(impl Fn() + Send + Sync),
    failures: &mut u32,
) -> Result<(), SqlxError> {
    let options = db.get_postgres_connection_pool().connect_options();
    let pool = PgPoolOptions::new().max_connections(1).connect_lazy_with((*options).clone());
    let mut listener = PgListener::connect_with(&pool).await?;
    listener.eager_reconnect(false);
    listener.listen(CHANNEL).await?;
    *failures = 0;
    ring();
    while listener.try_recv().await?.is_some() {
        ring();
    }
    Ok(())
}
