//! Accounts and sessions, on a database of their own.

mod http;

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use highwater::server::{ChangeLog, Recorded};
use tempfile::TempDir;
use time::OffsetDateTime;

use super::{
    model::Role,
    service::{self, NewAccount},
    session,
};
use crate::{
    error::AppError,
    server::{configuration::Configuration, state::AppState},
};

const START: i64 = 1_700_000_000;
const DAY: i64 = 86_400;

/// A state on a fresh database, and the hands of its clock.
struct Studio {
    state: AppState,
    /// Seconds since the Unix epoch.
    clock: Arc<AtomicI64>,
    _directory: TempDir,
}

impl Studio {
    async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let data = directory.path().join("not/there/yet").display().to_string();
        let settings = [("STUDIO_DATA_DIR", data.as_str()), ("STUDIO_SESSION_DAYS", "14")];
        let settings = settings.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let configuration = Configuration::load(None, settings).unwrap();
        let clock = Arc::new(AtomicI64::new(START));
        let hands = clock.clone();
        let now =
            move || OffsetDateTime::from_unix_timestamp(hands.load(Ordering::SeqCst)).unwrap();
        let state = AppState::open_with_clock(configuration, Arc::new(now)).await.unwrap();
        Self { state, clock, _directory: directory }
    }

    async fn with_ana() -> Self {
        let studio = Self::new().await;
        service::add_account(&studio.state, ana()).await.unwrap();
        studio
    }

    fn pass(&self, seconds: i64) {
        self.clock.fetch_add(seconds, Ordering::SeqCst);
    }
}

fn ana() -> NewAccount {
    NewAccount {
        email: "Ana@Example.com".to_owned(),
        name: "Ana Alvarez".to_owned(),
        role: Role::Member,
        password: "a long password".to_owned(),
    }
}

#[tokio::test]
async fn the_right_password_signs_in_whatever_the_case_of_the_address() {
    let studio = Studio::with_ana().await;
    let (token, user) =
        session::sign_in(&studio.state, " ANA@example.com", "a long password").await.unwrap();
    assert_eq!((user.email.as_str(), user.role), ("ana@example.com", Role::Member));

    let found = session::find(&studio.state, &token).await.unwrap().unwrap();
    assert_eq!(found.user, user);
    assert_eq!(found.id, token.id());
    assert_eq!(found.expires_at.unix_timestamp(), START + 14 * DAY);
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_are_refused_alike() {
    let studio = Studio::with_ana().await;
    for (email, password) in
        [("ana@example.com", "A long password"), ("nobody@example.com", "a long password")]
    {
        let refused = session::sign_in(&studio.state, email, password).await.unwrap_err();
        assert_eq!(refused, AppError::WrongCredentials, "{email}");
    }
}

#[tokio::test]
async fn a_session_ends_at_its_time_and_is_swept_by_the_next_sign_in() {
    let studio = Studio::with_ana().await;
    let sign_in = || session::sign_in(&studio.state, "ana@example.com", "a long password");
    let (old, _) = sign_in().await.unwrap();
    studio.pass(14 * DAY - 1);
    assert!(session::find(&studio.state, &old).await.unwrap().is_some());
    studio.pass(1);
    assert!(session::find(&studio.state, &old).await.unwrap().is_none());

    let (new, _) = sign_in().await.unwrap();
    studio.pass(-DAY);
    // Had its row been left, turning the clock back would have revived it.
    assert!(session::find(&studio.state, &old).await.unwrap().is_none());
    assert!(session::find(&studio.state, &new).await.unwrap().is_some());
}

#[tokio::test]
async fn signing_out_ends_one_session_and_logs_its_end_once() {
    let studio = Studio::with_ana().await;
    let sign_in = || session::sign_in(&studio.state, "ana@example.com", "a long password");
    let ((one, _), (other, _)) = (sign_in().await.unwrap(), sign_in().await.unwrap());
    let before = studio.state.live.head().await.unwrap();
    for _ in 0..2 {
        session::sign_out(&studio.state, &one.id()).await.unwrap();
    }
    assert!(session::find(&studio.state, &one).await.unwrap().is_none());
    assert!(session::find(&studio.state, &other).await.unwrap().is_some());

    let rows = studio.state.live.log().after(&before, 10).await.unwrap().rows;
    let [row] = rows.as_slice() else { panic!("{rows:?}") };
    let Recorded::Access(change) = &row.what else { panic!("{row:?}") };
    assert_eq!((change.subject.as_str(), change.end), (one.id().subject().as_str(), true));
}

#[tokio::test]
async fn the_database_holds_neither_token_nor_password() {
    use sea_orm::ConnectionTrait;

    let studio = Studio::with_ana().await;
    let (token, _) =
        session::sign_in(&studio.state, "ana@example.com", "a long password").await.unwrap();
    let cookie = token.cookie(&studio.state.configuration.studio);
    let sql = "SELECT token_hash || password_hash AS stored FROM sessions, users";
    let row = studio
        .state
        .db
        .query_one_raw(sea_orm::Statement::from_string(sea_orm::DbBackend::Sqlite, sql));
    let stored: String = row.await.unwrap().unwrap().try_get("", "stored").unwrap();
    assert!(stored.contains("$argon2id$"), "{stored}");
    assert!(!stored.contains(cookie.value()) && !stored.contains("a long password"), "{stored}");
}

#[tokio::test]
async fn an_address_has_one_account_in_any_case() {
    let studio = Studio::with_ana().await;
    let again = NewAccount { email: "aNa@example.com".to_owned(), ..ana() };
    let refused = service::add_account(&studio.state, again).await.unwrap_err();
    let message = "ana@example.com has an account already.".to_owned();
    assert_eq!(refused, AppError::Conflict { message });
    assert!(service::has_account(&studio.state, "ANA@example.com").await.unwrap());
    assert!(!service::has_account(&studio.state, "ben@example.com").await.unwrap());
}

#[tokio::test]
async fn an_account_needs_an_address_a_name_and_a_long_password() {
    let studio = Studio::new().await;
    for (field, account) in [
        ("email", NewAccount { email: "ana".to_owned(), ..ana() }),
        ("name", NewAccount { name: " ".to_owned(), ..ana() }),
        ("password", NewAccount { password: "ten chars".to_owned(), ..ana() }),
    ] {
        match service::add_account(&studio.state, account).await {
            Err(AppError::Invalid { field: found, .. }) => {
                assert_eq!(found.as_deref(), Some(field))
            }
            other => panic!("{field}: {other:?}"),
        }
    }
    assert!(!service::has_account(&studio.state, "ana@example.com").await.unwrap());
}

#[tokio::test]
async fn a_cookie_is_secure_where_the_configuration_says_so() {
    let studio = Studio::with_ana().await;
    let (token, _) =
        session::sign_in(&studio.state, "ana@example.com", "a long password").await.unwrap();
    let mut settings = studio.state.configuration.studio.clone();
    settings.secure_cookies = true;
    assert_eq!(token.cookie(&settings).secure(), Some(true));
}
