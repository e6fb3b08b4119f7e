//! Who holds the log back: the oldest transaction under way on the server, in any database.
//!
//! Owns the words for it. It changes nothing about it; an operator decides that.

use sea_orm::{ConnectionTrait, DatabaseConnection};

use super::super::{LogError, sql::with};

/// A session with a transaction of its own, or a transaction that was prepared and waits for its end.
const OLDEST: &str = "WITH oldest AS (SELECT pg_snapshot_xmin(pg_current_snapshot())::xid AS xid)
    SELECT concat_ws(', ', 'pid ' || pid, 'application ' || NULLIF(application_name, ''),
        'database ' || datname, state, 'transaction begun ' || xact_start) AS words
    FROM pg_stat_activity, oldest WHERE backend_xid = oldest.xid
    UNION ALL
    SELECT concat_ws(', ', 'prepared transaction ' || gid, 'database ' || database,
        'prepared ' || prepared)
    FROM pg_prepared_xacts, oldest WHERE transaction = oldest.xid";

pub(super) async fn of_oldest(db: &DatabaseConnection) -> Result<Option<String>, LogError> {
    let found = db.query_one_raw(with(db, OLDEST, [])).await?;
    Ok(found.map(|found| found.try_get("", "words")).transpose()?)
}
