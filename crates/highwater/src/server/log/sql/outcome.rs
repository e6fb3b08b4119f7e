//! Outcomes of mutations, in the table `highwater_outcomes`.

use highwater_core::MutationId;
use sea_orm::ConnectionTrait;

use super::{json_of, unreadable, with};
use crate::server::{LogError, Outcome};

/// Removes the oldest outcomes, as many as `$2`, of those that were kept before `$1`.
pub(in crate::server::log) const FORGET: &str =
    "DELETE FROM highwater_outcomes WHERE (actor, mutation) IN
    (SELECT actor, mutation FROM highwater_outcomes WHERE recorded_ms < $1 LIMIT $2)";

/// The first outcome of an actor's mutation.
pub(in crate::server::log) async fn first(
    conn: &impl ConnectionTrait,
    actor: &str,
    id: MutationId,
) -> Result<Option<Outcome>, LogError> {
    let sql = "SELECT body FROM highwater_outcomes WHERE actor = $1 AND mutation = $2";
    let asked = with(conn, sql, [actor.into(), id.to_string().into()]);
    let Some(row) = conn.query_one_raw(asked).await? else {
        return Ok(None);
    };
    let body: String = row.try_get("", "body")?;
    serde_json::from_str(&body).map(Some).map_err(|error| unreadable("an outcome", &error))
}

/// Keeps an outcome unless there is one; says whether it is the first. `now` is what the database's
/// clock says, in its words.
pub(in crate::server::log) async fn keep_first(
    conn: &impl ConnectionTrait,
    now: &str,
    actor: &str,
    id: MutationId,
    outcome: &Outcome,
) -> Result<bool, LogError> {
    let sql = format!(
        "INSERT INTO highwater_outcomes (actor, mutation, recorded_ms, body)
            VALUES ($1, $2, {now}, $3) ON CONFLICT DO NOTHING"
    );
    let values = [actor.into(), id.to_string().into(), json_of(outcome)?.into()];
    Ok(conn.execute_raw(with(conn, &sql, values)).await?.rows_affected() > 0)
}
