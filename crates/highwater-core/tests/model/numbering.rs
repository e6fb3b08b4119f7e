//! How the model's log numbers its rows: in one order, as on SQLite, or by transactions, as on
//! PostgreSQL.
//!
//! Owns positions, the head and stamps. It must not know what rows say.

use highwater_core::{AsOf, Cursor, Epoch, Pos};

/// The two kinds of log. Whatever holds of the core holds above both.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    Rows,
    Transactions,
}

impl Kind {
    pub const BOTH: [Self; 2] = [Self::Rows, Self::Transactions];

    pub fn numbering(self) -> Box<dyn Numbering> {
        match self {
            Self::Rows => Box::new(ByRow::default()),
            Self::Transactions => Box::new(ByTransaction::default()),
        }
    }
}

pub trait Numbering {
    /// A transaction writes for the first time; its number.
    fn begin(&mut self) -> u64;

    /// Where the next row of a transaction stands that has written `rows` so far.
    fn place(&mut self, transaction: u64, rows: u64) -> Pos;

    /// A transaction is committed or rolled back.
    fn end(&mut self, transaction: u64);

    /// Every row up to here is known, and none will be added.
    fn head(&self) -> Pos;

    /// What a snapshot taken now includes, by a transaction of its `own` or by a mere reader.
    fn stamp(&self, epoch: &Epoch, own: Option<u64>) -> AsOf;
}

/// One writer, whose rows are counted.
#[derive(Default)]
struct ByRow {
    rows: u64,
}

impl Numbering for ByRow {
    fn begin(&mut self) -> u64 {
        0
    }

    fn place(&mut self, _transaction: u64, _rows: u64) -> Pos {
        self.rows += 1;
        self.head()
    }

    fn end(&mut self, _transaction: u64) {}

    fn head(&self) -> Pos {
        Pos { major: self.rows, minor: 0 }
    }

    fn stamp(&self, epoch: &Epoch, _own: Option<u64>) -> AsOf {
        AsOf::upto(&Cursor { epoch: epoch.clone(), at: self.head() })
    }
}

/// Many writers. A transaction has its number from its first write on, ends whenever it likes, and
/// only then is it known whether there are rows under that number.
#[derive(Default)]
struct ByTransaction {
    begun: u64,
    /// The highest number that has ended. A snapshot sees nothing above it.
    ended: u64,
    /// Numbers that have not ended, in order.
    running: Vec<u64>,
}

impl Numbering for ByTransaction {
    fn begin(&mut self) -> u64 {
        self.begun += 1;
        self.running.push(self.begun);
        self.begun
    }

    fn place(&mut self, transaction: u64, rows: u64) -> Pos {
        Pos { major: transaction, minor: rows + 1 }
    }

    fn end(&mut self, transaction: u64) {
        self.running.retain(|running| *running != transaction);
        self.ended = self.ended.max(transaction);
    }

    fn head(&self) -> Pos {
        let after = self.ended + 1;
        let oldest = self.running.first().copied().unwrap_or(after);
        Pos { major: oldest.min(after), minor: 0 }
    }

    fn stamp(&self, epoch: &Epoch, own: Option<u64>) -> AsOf {
        let head = Cursor { epoch: epoch.clone(), at: self.head() };
        AsOf::snapshot(&head, self.ended + 1, self.running.clone(), own)
    }
}
