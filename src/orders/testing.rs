//! A database of its own with a live log, for the slice's tests.

use highwater::{
    AsOf, Cursor,
    server::{ChangeLog, DatabaseLog, HubSettings, Recorded},
};
use sea_orm::DatabaseConnection;
use serde_json::Value;
use time::{Duration, OffsetDateTime};

use super::import::{self, Report, Source};
use crate::{
    account::model::{CurrentUser, Role, UserId},
    server::{
        database::{
            self, WhenMissing,
            testing::{TestDatabase, newest_row},
            tests::migrated,
        },
        state::Live,
    },
};

/// An empty database with all tables, and its log. It is removed when dropped.
pub(super) struct TestOrders {
    pub(super) db: DatabaseConnection,
    pub(super) live: Live,
    _database: TestDatabase,
}

impl TestOrders {
    pub(super) async fn new() -> Self {
        let database = migrated().await;
        let db = database::connect(database.url(), WhenMissing::Refuse).await.unwrap();
        let log = DatabaseLog::open(db.clone()).await.unwrap();
        let live = Live::start(log, HubSettings::default()).await.unwrap();
        Self { db, live, _database: database }
    }

    /// With the Northwind orders.
    pub(super) async fn with_northwind() -> Self {
        let orders = Self::new().await;
        orders.import(&Source::Northwind).await;
        orders
    }

    pub(super) async fn import(&self, source: &Source) -> Report {
        import::import(&self.live, source, now(), &mut |_, _| {}).await.unwrap()
    }

    /// The newest row, when all up to it is settled.
    pub(super) async fn head(&self) -> Cursor {
        newest_row(&self.db, self.live.log()).await
    }

    /// The events recorded after a place: their audiences and their JSON.
    pub(super) async fn events_after(&self, after: &Cursor) -> Vec<(Vec<String>, Value)> {
        let mut events = Vec::new();
        let (mut after, newest) = (after.clone(), self.head().await);
        loop {
            let page = self.live.log().after(&after, 1000).await.unwrap();
            for row in page.rows {
                if let Recorded::Event { to, json } = row.what {
                    let to = to.iter().map(|audience| audience.as_str().to_owned()).collect();
                    events.push((to, serde_json::from_str(&json).unwrap()));
                }
            }
            if page.upto.reaches(&newest) {
                return events;
            }
            after = page.upto;
        }
    }

    /// What includes everything up to now.
    pub(super) async fn all(&self) -> AsOf {
        AsOf::upto(&self.head().await)
    }
}

pub(super) fn now() -> OffsetDateTime {
    OffsetDateTime::UNIX_EPOCH + Duration::days(10_000) + Duration::microseconds(1_234_567)
}

pub(super) fn user(role: Role) -> CurrentUser {
    CurrentUser {
        id: UserId(7),
        email: "ops@example.com".to_owned(),
        name: "Olivia Ops".to_owned(),
        role,
    }
}
