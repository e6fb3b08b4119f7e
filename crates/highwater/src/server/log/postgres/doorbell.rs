//! The doorbell between processes: PostgreSQL's `LISTEN`.
//!
//! Owns the connection that listens, which is none of the application's, and its coming back. It
//! carries no truth: what is not heard is found by reading.

use std::{
    convert::Infallible,
    hash::{BuildHasher, RandomState},
    time::Duration,
};

use highwater_core::backoff::{Backoff, Jitter};
use sea_orm::{
    DatabaseConnection, SqlxError,
    sqlx::{
        Executor,
        postgres::{PgListener, PgPoolOptions},
    },
};
use tokio::time::timeout;

/// What the trigger of the log notifies.
const CHANNEL: &str = "highwater";

/// For how long the connection may say nothing before it is asked whether it is there, and how soon it
/// is to answer.
const QUIET: Duration = Duration::from_secs(30);
const ANSWER: Duration = Duration::from_secs(5);

/// Why the bell is not heard any more.
#[derive(Debug, thiserror::Error)]
enum Unheard {
    #[error(transparent)]
    Failed(#[from] SqlxError),
    #[error("the connection was ended")]
    Ended,
    #[error("the connection gives no answer")]
    Silent,
}

/// How long to wait before listening again.
const AGAIN: Backoff = Backoff { base_ms: 250, max_ms: 15_000, jitter_ms: 250 };

/// Rings at every notification, and whenever some may have been lost.
pub(super) async fn listen(db: &DatabaseConnection, ring: impl Fn() + Send + Sync) {
    let mut jitter = Jitter::new(RandomState::new().hash_one(()));
    let mut failures = 0;
    loop {
        let Err(error) = hear(db, &ring, &mut failures).await;
        tracing::warn!(%error, "the change log is read by the clock until it can be listened to");
        let pause = Duration::from_millis(AGAIN.delay_ms(failures, jitter.draw()));
        failures = failures.saturating_add(1);
        tokio::time::sleep(pause).await;
    }
}

/// Listens until the connection is lost. One that is dead and says nothing, as behind a firewall that
/// forgot it, is found by asking.
async fn hear(
    db: &DatabaseConnection,
    ring: &(impl Fn() + Send + Sync),
    failures: &mut u32,
) -> Result<Infallible, Unheard> {
    let options = db.get_postgres_connection_pool().connect_options();
    let pool = PgPoolOptions::new().max_connections(1).connect_lazy_with((*options).clone());
    let mut listener = PgListener::connect_with(&pool).await?;
    listener.eager_reconnect(false);
    timeout(ANSWER, listener.listen(CHANNEL)).await.map_err(|_| Unheard::Silent)??;
    *failures = 0;
    ring();
    loop {
        match timeout(QUIET, listener.try_recv()).await {
            Ok(heard) => heard?.ok_or(Unheard::Ended).map(|_| ring())?,
            Err(_) => {
                let answer = timeout(ANSWER, listener.execute("SELECT 1")).await;
                answer.map_err(|_| Unheard::Silent)??;
            }
        }
    }
}
