//! Where a transaction stands: what its snapshot includes, and the identity of the log it reads.
//!
//! Owns the cursors and stamps of this log. It must not know what rows hold.
//!
//! A cursor or a stamp never speaks of a transaction that left no row. After a crash, PostgreSQL gives
//! numbers again that nothing on the disk names: those of transactions that were rolled back, or that
//! had nothing to write. A reader who was told of such a number would take whoever gets it next for
//! known. The disk names the transaction of a row that others see, and no number up to it is given
//! again.

use highwater_core::{AsOf, Cursor, Epoch};
use sea_orm::{ConnectionTrait, QueryResult};

use super::super::{
    LogError, Row,
    sql::{self, unsigned, with},
};

/// The log's identity: the random id that was made with its tables, and where they are. Another
/// server, the timeline of another past (a failover, a restore to a point in time), another database
/// or another file of the table is another log, even if it was filled from the same dump. The table has
/// another file once it was emptied, to be restored for example; also once it was written anew
/// (`VACUUM FULL`), where nothing was lost, and starting over is no harm. Hexadecimal, 60 characters at
/// most.
pub(super) const EPOCH: &str = "(SELECT concat_ws('-', meta.id, to_hex(system_identifier),
        lower(ltrim(left(pg_walfile_name(pg_current_wal_insert_lsn()), 8), '0')),
        to_hex(database.oid::bigint), to_hex(pg_relation_filenode('highwater_log')::bigint))
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
    /// No row that the snapshot shows is of this transaction or a later one, and the transaction before
    /// it is that of a row, or of one that was trimmed.
    known: u64,
    /// The transaction itself and the last row that was recorded in it, once there is one.
    recorded: Option<(u64, u64)>,
}

/// The transaction of the newest row, with those that were trimmed. A transaction that has recorded
/// needs not look, since no row it sees is newer than its own: its snapshot is older than its number.
/// And it must not, since a serializable one that read the log's end would lose against whoever writes
/// there.
const NEWEST: &str = "CASE WHEN recorded.n IS NULL THEN GREATEST(floor_xid,
    (SELECT xid FROM highwater_log ORDER BY xid DESC, n DESC LIMIT 1)) END";

impl Position {
    pub(super) async fn read(conn: &impl ConnectionTrait) -> Result<Self, LogError> {
        let sql = format!(
            "SELECT {EPOCH} AS epoch, floor_xid, floor_n, pg_current_snapshot()::text AS snapshot,
                pg_current_xact_id_if_assigned()::text::bigint AS own, recorded.n AS recorded,
                {NEWEST} AS newest
            FROM highwater_meta,
                (SELECT NULLIF(current_setting('highwater.recorded', true), '')::bigint AS n)
                    AS recorded"
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
        let recorded = own.zip(recorded).map(|(own, n)| (unsigned(own), unsigned(n)));
        let newest: Option<i64> = row.try_get("", "newest")?;
        let newest = recorded.map_or(newest.map_or(0, unsigned), |(own, _)| own);
        Ok(Self {
            epoch: epoch(&text)?,
            floor: (unsigned(row.try_get("", "floor_xid")?), unsigned(row.try_get("", "floor_n")?)),
            xmin: number(xmin)?,
            xmax: number(xmax)?,
            running: running.collect::<Result<_, _>>()?,
            known: newest.saturating_add(1),
            recorded,
        })
    }

    fn at(&self, xid: u64, n: u64) -> Cursor {
        Cursor::new(self.epoch.clone(), xid, n)
    }

    /// After the newest row, or before the first one of the oldest transaction that is under way,
    /// whichever comes first: rows are numbered from 1.
    pub(super) fn head(&self) -> Cursor {
        self.at(self.xmin.min(self.known), 0)
    }

    pub(super) fn floor(&self) -> Cursor {
        self.at(self.floor.0, self.floor.1)
    }

    pub(super) fn xmin(&self) -> u64 {
        self.xmin
    }

    /// Whether there are rows that the snapshot shows and the head does not have.
    pub(super) fn hides_what_is_committed(&self) -> bool {
        self.xmin < self.known
    }

    /// All rows that the snapshot shows, and the transaction's own. A transaction that recorded nothing
    /// is not named, nor any from `known` on: nobody who reads later could say that they include it.
    pub(super) fn stamp(&self) -> AsOf {
        let own = self.recorded.map(|(own, _)| own);
        AsOf::snapshot(&self.head(), self.xmax.min(self.known), self.running.clone(), own)
    }

    /// The last row that was recorded in the transaction, or else the head.
    pub(super) fn last(&self) -> Cursor {
        self.recorded.map_or_else(|| self.head(), |(own, n)| self.at(own, n))
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
