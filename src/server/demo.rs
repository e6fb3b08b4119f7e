//! The demo: accounts with a known password, the Northwind orders, content for everybody, two
//! coaching relationships, and a project of the labs.
//!
//! Owns what `--demo` adds. Nothing of it is there without that flag; it changes nothing that is
//! there already.

use std::io::{self, Write};

use super::{progress::Progress, state::AppState};
use crate::{
    account::{
        model::Role,
        service::{self, NewAccount},
    },
    coaching, content, labs,
    orders::import::{self, ImportError, Source},
};

/// The password of every demo account.
const PASSWORD: &str = "demo-password";

const ACCOUNTS: [(&str, &str, Role); 5] = [
    ("ops@example.com", "Olivia Ops", Role::Staff),
    ("ana@example.com", "Ana Alvarez", Role::Member),
    ("ben@example.com", "Ben Bauer", Role::Member),
    ("carla@example.com", "Carla Costa", Role::Coach),
    ("admin@example.com", "Adam Admin", Role::Admin),
];

/// Adds the accounts that are missing, documents for each that has none, coaching if there is none
/// and, if there is no order yet, the orders.
///
/// # Errors
/// When the database fails.
pub(super) async fn prepare(state: &AppState) -> Result<(), ImportError> {
    for (email, name, role) in ACCOUNTS {
        if service::has_account(state, email).await? {
            continue;
        }
        let (email, name, password) = (email.to_owned(), name.to_owned(), PASSWORD.to_owned());
        service::add_account(state, NewAccount { email, name, role, password }).await?;
    }
    let account = |email| service::find(state, email);
    for (email, ..) in ACCOUNTS {
        let user = account(email).await?;
        content::demo::add_papers(state, &user).await?;
    }
    let (admin, coach) = (account("admin@example.com").await?, account("carla@example.com").await?);
    let (ana, ben) = (account("ana@example.com").await?, account("ben@example.com").await?);
    let people = coaching::demo::People { admin: &admin, coach: &coach, ana: &ana, ben: &ben };
    coaching::demo::add(state, &people).await?;
    labs::demo::add(state, &ana, &ben).await?;
    if import::has_orders(&state.db).await? {
        return Ok(());
    }
    let mut progress = Progress::new("importing the demo's orders");
    let mut update = |done, total| progress.update(done, total);
    let report = import::import(&state.live, &Source::Northwind, state.now(), &mut update).await?;
    for bad in report.bad_rows {
        tracing::warn!("{bad}");
    }
    Ok(())
}

/// Says who can sign in.
pub(super) fn announce(mut out: impl Write) -> io::Result<()> {
    writeln!(out, "Sign in with the password {PASSWORD} as one of")?;
    for (email, _, role) in ACCOUNTS {
        writeln!(out, "  {email:<18} {role}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        account::session,
        server::{
            configuration::Configuration,
            database::{
                testing::{newest_row, rows_after},
                tests::migrated,
            },
        },
    };

    #[tokio::test]
    async fn a_second_start_adds_nothing() {
        let database = migrated().await;
        let configuration = Configuration::load(None, database.settings()).unwrap();
        let state = AppState::open(configuration).await.unwrap();

        let newest = async || newest_row(&state.db, state.live.log()).await;
        let start = newest().await;
        prepare(&state).await.unwrap();
        let (orders, documents, podcasts, voiceovers) = (830 + 9 + 1, 5 * 5, 5, 5);
        // Of two relationships and six sessions, each of which lets two people hear of it; three that
        // began, which one is told, and were ended, and one that goes on; five notes, three agreements,
        // seven actions, of which six are given to somebody else, and five goals with eleven steps;
        // eight notifications are put aside.
        let coaching = (2 + 6) * 3 + 3 * 3 + 2 + 5 + 3 + 7 + 6 + 5 + 11 + 8;
        // Of an account admins are told. Batches and their catalogue are told of with the orders, of a document that it is there,
        // that it is to be read, and what happened, of a podcast that it is there, and that, and of a
        // voiceover what is told of a document.
        let content = documents * 3 + podcasts * 2 + voiceovers * 3;
        // Of the project, that two people take part, each with what they may see; and of each source
        // that it is there and that it is to be ingested.
        let labs = 2 * 2 + 2 * 2;
        let rows = rows_after(&state.db, &start).await;
        assert_eq!(rows.len() as u64, ACCOUNTS.len() as u64 + content + coaching + labs + orders);
        for (email, name, role) in ACCOUNTS {
            let (_, user) = session::sign_in(&state, email, PASSWORD, "").await.unwrap();
            assert_eq!((user.name.as_str(), user.role), (name, role));
        }
        let head = newest().await;
        prepare(&state).await.unwrap();
        assert_eq!(newest().await, head);
    }

    #[test]
    fn every_account_is_announced() {
        let mut out = Vec::new();
        announce(&mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains(PASSWORD));
        assert!(ACCOUNTS.iter().all(|(email, ..)| text.contains(email)), "{text}");
    }
}
