//! `studio log tail`: the change log as lines of JSON, for people and their tools.
//!
//! Owns that form: `{cursor, at, audiences, event}`, or `{cursor, at, access}` for a change of
//! access. It only reads, and ends when nobody reads what it writes.

use std::{
    io::{self, Write},
    time::Duration,
};

use highwater::{
    Cursor,
    server::{AccessChange, Audience, ChangeLog, LogError, Page, Recorded, Row, SqliteLog},
};
use serde::Serialize;
use serde_json::Value;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// How many rows are read at a time.
const PAGE: u32 = 256;

/// The log cannot be followed.
#[derive(Debug, thiserror::Error)]
pub(super) enum TailError {
    /// Of another log: another database, or one that was restored.
    #[error("{0} is not a cursor of this log; the log is at {1}")]
    Foreign(Cursor, Cursor),
    /// Newer than the newest row.
    #[error("{0} is beyond the end of the log, which is at {1}")]
    Beyond(Cursor, Cursor),
    /// What followed it is gone.
    #[error("the log no longer has all that followed {0}; it starts after {1}")]
    Trimmed(Cursor, Cursor),
    /// The log cannot be read.
    #[error("cannot read the change log")]
    Log(#[from] LogError),
    /// A row cannot be written in JSON.
    #[error("cannot write row {0}: {1}")]
    Row(Cursor, serde_json::Error),
    /// The output cannot be written to.
    #[error("cannot write")]
    Output(#[source] io::Error),
}

/// Writes the rows after a cursor, or else those recorded from now on, and goes on with each new
/// one; looks for them every `poll`. Returns when `out` is closed.
pub(super) async fn follow(
    log: &SqliteLog,
    after: Option<Cursor>,
    poll: Duration,
    mut out: impl Write,
) -> Result<(), TailError> {
    let mut after = match after {
        Some(cursor) => cursor,
        None => log.head().await?,
    };
    loop {
        let page = log.after(&after, PAGE).await?;
        if !page.continues(&after) {
            return Err(gap(after, page));
        }
        match write_rows(&mut out, &page.rows) {
            Err(TailError::Output(cause)) if cause.kind() == io::ErrorKind::BrokenPipe => {
                return Ok(());
            }
            outcome => outcome?,
        }
        let at_head = page.upto == page.head;
        after = page.upto;
        if at_head {
            tokio::time::sleep(poll).await;
        }
    }
}

#[derive(Serialize)]
struct Line<'r> {
    cursor: &'r Cursor,
    at: String,
    #[serde(flatten)]
    what: What<'r>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum What<'r> {
    Event { audiences: &'r [Audience], event: Value },
    Access { access: &'r AccessChange },
}

fn write_rows(out: &mut impl Write, rows: &[Row]) -> Result<(), TailError> {
    for row in rows {
        let line = line(row).map_err(|cause| TailError::Row(row.at.clone(), cause))?;
        writeln!(out, "{line}").map_err(TailError::Output)?;
    }
    out.flush().map_err(TailError::Output)
}

fn line(row: &Row) -> Result<String, serde_json::Error> {
    let what = match &row.what {
        Recorded::Event { to, json } => {
            What::Event { audiences: to, event: serde_json::from_str(json)? }
        }
        Recorded::Access(access) => What::Access { access },
    };
    let at = i128::from(row.recorded_ms) * 1_000_000;
    let at = OffsetDateTime::from_unix_timestamp_nanos(at).map_err(serde::ser::Error::custom)?;
    let at = at.format(&Rfc3339).map_err(serde::ser::Error::custom)?;
    serde_json::to_string(&Line { cursor: &row.at, at, what })
}

/// Why a page does not continue a cursor.
fn gap(after: Cursor, page: Page) -> TailError {
    if after.epoch != page.head.epoch {
        TailError::Foreign(after, page.head)
    } else if after.at > page.head.at {
        TailError::Beyond(after, page.head)
    } else {
        TailError::Trimmed(after, page.floor)
    }
}

#[cfg(test)]
mod tests {
    use highwater::{Epoch, server::By};

    use super::*;
    use crate::server::database::{self, WhenMissing};

    /// Output that is closed once so many lines have been read from it.
    struct Pipe {
        read: String,
        lines: usize,
    }

    impl Write for &mut Pipe {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if self.read.lines().count() == self.lines && self.read.ends_with('\n') {
                return Err(io::ErrorKind::BrokenPipe.into());
            }
            self.read.push_str(std::str::from_utf8(bytes).unwrap());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    async fn log() -> SqliteLog {
        let db = database::connect("sqlite::memory:", WhenMissing::Create).await.unwrap();
        database::migrate(&db).await.unwrap();
        SqliteLog::open(db).await.unwrap()
    }

    async fn end_sessions(log: &SqliteLog, numbers: std::ops::Range<u32>) {
        for number in numbers {
            let tx = log.begin_write().await.unwrap();
            let subject = format!("session:{number}");
            let change = AccessChange { subject, end: true, ..Default::default() };
            SqliteLog::record_access(&tx, &By::nobody(), &change).await.unwrap();
            SqliteLog::commit(tx).await.unwrap();
        }
    }

    fn subjects(pipe: &Pipe) -> Vec<String> {
        let subject = |line| {
            let line: Value = serde_json::from_str(line).unwrap();
            line["access"]["subject"].as_str().unwrap().to_owned()
        };
        pipe.read.lines().map(subject).collect()
    }

    fn cursor(number: u64) -> Cursor {
        Cursor::new(Epoch::new("e").unwrap(), number, 0)
    }

    fn row(what: Recorded) -> Row {
        Row {
            at: cursor(7),
            recorded_ms: 1_700_000_000_250,
            by: None,
            actor: None,
            about: None,
            what,
        }
    }

    #[tokio::test]
    async fn following_starts_after_its_cursor_and_ends_with_its_reader() {
        let log = log().await;
        end_sessions(&log, 0..2).await;
        let after = log.head().await.unwrap();
        end_sessions(&log, 2..6).await;
        let mut pipe = Pipe { read: String::new(), lines: 3 };
        follow(&log, Some(after), Duration::from_millis(1), &mut pipe).await.unwrap();
        assert_eq!(subjects(&pipe), ["session:2", "session:3", "session:4"]);
    }

    #[tokio::test]
    async fn following_without_a_cursor_hears_what_comes() {
        let log = log().await;
        end_sessions(&log, 0..2).await;
        let mut pipe = Pipe { read: String::new(), lines: 1 };
        let write = async {
            // `join!` polls `follow` first, which then has read the head and waits for a page.
            end_sessions(&log, 2..4).await;
        };
        let follow = follow(&log, None, Duration::from_millis(1), &mut pipe);
        let (followed, ()) = tokio::join!(follow, write);
        followed.unwrap();
        assert_eq!(subjects(&pipe), ["session:2"]);
    }

    #[test]
    fn an_event_is_one_line_with_its_audiences() {
        let json = r#"{"type":"order.updated","note":"two\nlines"}"#.to_owned();
        let found =
            line(&row(Recorded::Event { to: vec![Audience::new("orders")], json })).unwrap();
        assert!(!found.contains('\n'));
        let expected = serde_json::json!({
            "cursor": "e.7.0", "at": "2023-11-14T22:13:20.25Z", "audiences": ["orders"],
            "event": {"type": "order.updated", "note": "two\nlines"},
        });
        assert_eq!(serde_json::from_str::<Value>(&found).unwrap(), expected);
    }

    #[test]
    fn a_change_of_access_says_whose_and_what() {
        let access =
            AccessChange { subject: "session:1".to_owned(), end: true, ..Default::default() };
        let found: Value =
            serde_json::from_str(&line(&row(Recorded::Access(access))).unwrap()).unwrap();
        assert_eq!(found["access"]["subject"], "session:1");
        assert_eq!(found["access"]["end"], true);
        assert_eq!(found.get("event"), None);
    }

    #[test]
    fn a_cursor_that_cannot_be_continued_is_told_why() {
        let page = Page::empty(cursor(9), cursor(5));
        let other = Cursor::new(Epoch::new("f").unwrap(), 7, 0);
        assert!(matches!(gap(other, page.clone()), TailError::Foreign(..)));
        assert!(matches!(gap(cursor(10), page.clone()), TailError::Beyond(..)));
        assert!(matches!(gap(cursor(4), page), TailError::Trimmed(..)));
    }
}
