//! Where a transaction stands: what its snapshot includes, and the identity of the log it reads.
//!
//! Owns the cursors and stamps of this log. It must not know what rows hold.

use highwater_core::{AsOf, Cursor, Epoch};
use sea_orm::{ConnectionTrait, QueryResult};

use super::super::{
    LogError, Row,
    sql::{self, unsigned, with},
};

/// The log's identity: the random id that was made with its tables, and where they are. Another
/// server, the timeline of another past (a failover, a restore to a point in time), another database
/// or another table is another log, even if it was filled from the same dump. Hexadecimal, 60
/// characters at most.
pub(super) const EPOCH: &str = "(SELECT concat_ws('-', meta.id, to_hex(system_identifier),
        lower(ltrim(left(pg_walfile_name(pg_current_wal_insert_lsn()), 8), '0')),
        to_hex(database.oid::bigint), to_hex('highwater_log'::regclass::oid::bigint))
    FROM highwater_meta AS meta, pg_control_system(), pg_database AS database
    WHERE datname = current_database())";

/// What a transaction sees of the log, from one snapshot.
pub(super) struct Position {
    pub(super) epoch: Epoch,
    floor: (u64, u64),
    /// Every transaction below this has ended.
    xmin: u64,
    /// No transaction from this on had begun to write.
    xmax: u64,
    /// Those in between that had not ended, of every database of the server.
    running: Vec<u64>,
    /// The transaction's own id, once it has written.
    own: Option<u64>,
    /// The number of the last row that was recorded in it.
    recorded: Option<u64>,
}

impl Position {
    pub(super) async fn read(conn: &impl ConnectionTrait) -> Result<Self, LogError> {
        let sql = format!(
            "SELECT {EPOCH} AS epoch, floor_xid, floor_n, pg_current_snapshot()::text AS snapshot,
                pg_current_xact_id_if_assigned()::text::bigint AS own,
                NULLIF(current_setting('highwater.recorded', true), '')::bigint AS recorded
            FROM highwater_meta"
        );
        let row = conn.query_one_raw(with(conn, &sql, [])).await?;
        let row = row.ok_or_else(|| LogError::Unreadable("the meta row is missing".into()))?;
        let (text, snapshot): (String, String) =
            (row.try_get("", "epoch")?, row.try_get("", "snapshot")?);
        let unknown = || LogError::Unreadable(format!("a snapshot: {snapshot}"));
        let [xmin, xmax, running] = snapshot.split(':').collect::<Vec<_>>()[..] else {
            return Err(unknown());
        };
        let number = |text: &str| text.parse().map_err(|_| unknown());
        let running = running.split(',').filter(|number| !number.is_empty()).map(number);
        let (own, recorded): (Option<i64>, Option<i64>) =
            (row.try_get("", "own")?, row.try_get("", "recorded")?);
        Ok(Self {
            epoch: epoch(&text)?,
            floor: (unsigned(row.try_get("", "floor_xid")?), unsigned(row.try_get("", "floor_n")?)),
            xmin: number(xmin)?,
            xmax: number(xmax)?,
            running: running.collect::<Result<_, _>>()?,
            own: own.map(unsigned),
            recorded: recorded.map(unsigned),
        })
    }

    fn at(&self, xid: u64, n: u64) -> Cursor {
        Cursor::new(self.epoch.clone(), xid, n)
    }

    /// Before the first row of the oldest transaction that is under way: rows are numbered from 1.
    pub(super) fn head(&self) -> Cursor {
        self.at(self.xmin, 0)
    }

    pub(super) fn floor(&self) -> Cursor {
        self.at(self.floor.0, self.floor.1)
    }

    pub(super) fn xmin(&self) -> u64 {
        self.xmin
    }

    /// Whether there may be rows that the snapshot shows and the head does not have.
    pub(super) fn hides_what_is_committed(&self) -> bool {
        self.xmin < self.xmax
    }

    pub(super) fn stamp(&self) -> AsOf {
        AsOf::snapshot(&self.head(), self.xmax, self.running.clone(), self.own)
    }

    /// The last row that was recorded in the transaction, or else the head.
    pub(super) fn last(&self) -> Cursor {
        match (self.own, self.recorded) {
            (Some(own), Some(n)) => self.at(own, n),
            _ => self.head(),
        }
    }
}

pub(super) fn epoch(text: &str) -> Result<Epoch, LogError> {
    Epoch::new(text).map_err(|error| sql::unreadable("the meta row", &error))
}

/// The place of a row.
pub(super) fn cursor(epoch: &Epoch, found: &QueryResult) -> Result<Cursor, LogError> {
    let (xid, n) = (found.try_get("", "xid")?, found.try_get("", "n")?);
    Ok(Cursor::new(epoch.clone(), unsigned(xid), unsigned(n)))
}

/// A row of the log, or the place of one that cannot be read.
pub(super) fn row(
    position: &Position,
    found: &QueryResult,
) -> Result<Result<Row, Cursor>, LogError> {
    sql::read(cursor(&position.epoch, found)?, found)
}
