//! Accounts and sessions, on a database of their own.

mod forced_out;
mod http;
mod people;
mod roles;
mod tokens;

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use highwater::{
    Cursor,
    server::{AccessChange, ChangeLog, Recorded},
};
use time::OffsetDateTime;

use super::{
    caller::{Caller, Credential},
    model::{CurrentUser, Role, SessionId},
    secret::Secret,
    service::{self, NewAccount},
    session,
};
use crate::{
    error::AppError,
    server::{
        configuration::Configuration,
        database::{
            testing::{TestDatabase, newest_row},
            tests::migrated,
        },
        state::AppState,
    },
};

const START: i64 = 1_700_000_000;
const DAY: i64 = 86_400;
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";

/// A state on a fresh database, and the hands of its clock.
struct Studio {
    state: AppState,
    /// Seconds since the Unix epoch.
    clock: Arc<AtomicI64>,
    _database: TestDatabase,
}

impl Studio {
    async fn new() -> Self {
        let database = migrated().await;
        let mut settings = database.settings();
        settings.push(("STUDIO_SESSION_LIFETIME".to_owned(), "14d".to_owned()));
        let configuration = Configuration::load(None, settings).unwrap();
        let clock = Arc::new(AtomicI64::new(START));
        let hands = clock.clone();
        let now =
            move || OffsetDateTime::from_unix_timestamp(hands.load(Ordering::SeqCst)).unwrap();
        let state = AppState::open_with(configuration, Arc::new(now), Vec::new()).await.unwrap();
        Self { state, clock, _database: database }
    }

    async fn with_ana() -> Self {
        let studio = Self::new().await;
        service::add_account(&studio.state, ana()).await.unwrap();
        studio
    }

    fn pass(&self, seconds: i64) {
        self.clock.fetch_add(seconds, Ordering::SeqCst);
    }

    async fn sign_in(&self) -> (Secret, CurrentUser) {
        let (email, password) = ("ana@example.com", "a long password");
        session::sign_in(&self.state, email, password, FIREFOX).await.unwrap()
    }

    /// Somebody who has just signed in.
    async fn caller(&self) -> Caller {
        let (secret, _) = self.sign_in().await;
        session::find(&self.state, &secret).await.unwrap().unwrap()
    }

    async fn head(&self) -> Cursor {
        newest_row(&self.state.db, self.state.live.log()).await
    }

    /// The rows after a place: changes of access, and the types of events with their audiences.
    async fn rows_after(&self, after: &Cursor) -> Vec<Logged> {
        // What it answers is settled, and all of it.
        self.head().await;
        let rows = self.state.live.log().after(after, 100).await.unwrap().rows;
        let logged = rows.into_iter().map(|row| match row.what {
            Recorded::Access(change) => Logged::Access(change),
            Recorded::Event { to, json } => {
                let json: serde_json::Value = serde_json::from_str(&json).unwrap();
                let to = to.iter().map(|audience| audience.as_str().to_owned()).collect();
                Logged::Event(json["type"].as_str().unwrap().to_owned(), to)
            }
        });
        logged.collect()
    }
}

/// A row of the log, as far as these tests care.
#[derive(Debug, PartialEq)]
enum Logged {
    Access(AccessChange),
    Event(String, Vec<String>),
}

impl Logged {
    /// An event that one user alone hears.
    fn own(kind: &str, user: &CurrentUser) -> Self {
        Self::Event(kind.to_owned(), vec![format!("user:{}", user.id)])
    }

    fn end_of(credential: &Credential) -> Self {
        let subject = credential.subject();
        Self::Access(AccessChange { subject, end: true, ..AccessChange::default() })
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
    let (email, password) = (" ANA@example.com", "a long password");
    let (secret, user) = session::sign_in(&studio.state, email, password, FIREFOX).await.unwrap();
    assert_eq!((user.email.as_str(), user.role), ("ana@example.com", Role::Member));

    let found = session::find(&studio.state, &secret).await.unwrap().unwrap();
    assert_eq!(found.user, user);
    assert_eq!(found.credential, Credential::Session(SessionId::of(&secret)));
    assert_eq!(found.expires_at.unwrap().unix_timestamp(), START + 14 * DAY);
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_are_refused_alike() {
    let studio = Studio::with_ana().await;
    for (email, password) in
        [("ana@example.com", "A long password"), ("nobody@example.com", "a long password")]
    {
        let refused = session::sign_in(&studio.state, email, password, FIREFOX).await.unwrap_err();
        assert_eq!(refused, AppError::WrongCredentials, "{email}");
    }
}

#[tokio::test]
async fn a_session_ends_at_its_time_and_is_swept_by_the_next_sign_in() {
    let studio = Studio::with_ana().await;
    let (old, _) = studio.sign_in().await;
    studio.pass(14 * DAY - 1);
    assert!(session::find(&studio.state, &old).await.unwrap().is_some());
    studio.pass(1);
    assert!(session::find(&studio.state, &old).await.unwrap().is_none());

    let (new, _) = studio.sign_in().await;
    studio.pass(-DAY);
    // Had its row been left, turning the clock back would have revived it.
    assert!(session::find(&studio.state, &old).await.unwrap().is_none());
    assert!(session::find(&studio.state, &new).await.unwrap().is_some());
}

#[tokio::test]
async fn signing_out_ends_one_session_and_logs_its_end_once() {
    let studio = Studio::with_ana().await;
    let ((one, user), (other, _)) = (studio.sign_in().await, studio.sign_in().await);
    let caller = session::find(&studio.state, &one).await.unwrap().unwrap();
    let before = studio.head().await;
    for _ in 0..2 {
        session::sign_out(&studio.state.live, &caller).await.unwrap();
    }
    assert_eq!(session::find(&studio.state, &one).await.unwrap(), None);
    assert!(session::find(&studio.state, &other).await.unwrap().is_some());
    let ended = [Logged::end_of(&caller.credential), Logged::own("account.session_ended", &user)];
    assert_eq!(studio.rows_after(&before).await, ended);
}

#[tokio::test]
async fn a_list_of_sessions_says_what_signed_in_when_and_which_one_asks() {
    let studio = Studio::with_ana().await;
    let first = studio.caller().await;
    studio.pass(60);
    let (email, password) = ("ana@example.com", "a long password");
    let start = studio.head().await;
    session::sign_in(&studio.state, email, password, "curl/8.5.0").await.unwrap();
    assert_eq!(
        studio.rows_after(&start).await,
        [Logged::own("account.session_started", &first.user)]
    );

    let now = studio.state.now();
    let listed = session::list(&studio.state.live, &first, now, None).await.unwrap().value;
    let listed: Vec<_> = listed
        .unwrap()
        .into_iter()
        .map(|one| (one.device, one.created_at.unix_timestamp(), one.current))
        .collect();
    let expected = [("curl", START + 60, false), ("Firefox on Linux", START, true)];
    assert_eq!(listed, expected.map(|(device, at, current)| (device.to_owned(), at, current)));
}

#[tokio::test]
async fn all_other_sessions_end_and_this_one_stays() {
    let studio = Studio::with_ana().await;
    let (this, other, third) =
        (studio.caller().await, studio.caller().await, studio.caller().await);
    let before = studio.head().await;
    session::end_others(&studio.state.live, &this, None).await.unwrap();
    let rows = studio.rows_after(&before).await;
    for ended in [&other, &third] {
        assert!(rows.contains(&Logged::end_of(&ended.credential)), "{rows:?}");
    }
    assert_eq!(rows.len(), 3, "and one event: {rows:?}");
    let now = studio.state.now();
    let left = session::list(&studio.state.live, &this, now, None).await.unwrap().value.unwrap();
    assert_eq!(left.iter().map(|one| one.current).collect::<Vec<_>>(), [true]);
}

#[tokio::test]
async fn nobody_ends_the_session_of_somebody_else() {
    let studio = Studio::with_ana().await;
    let ben = NewAccount { email: "ben@example.com".to_owned(), ..ana() };
    service::add_account(&studio.state, ben).await.unwrap();
    let (secret, _) = studio.sign_in().await;
    let (ben, _) =
        session::sign_in(&studio.state, "ben@example.com", "a long password", "").await.unwrap();
    let ben = session::find(&studio.state, &ben).await.unwrap().unwrap();
    let live = &studio.state.live;
    session::end(live, &ben, SessionId::of(&secret), None).await.unwrap();
    session::end_others(live, &ben, None).await.unwrap();
    assert!(session::find(&studio.state, &secret).await.unwrap().is_some());
}

#[tokio::test]
async fn the_database_holds_neither_token_nor_password() {
    use sea_orm::ConnectionTrait;

    let studio = Studio::with_ana().await;
    let (secret, _) = studio.sign_in().await;
    let cookie = session::cookie(&secret, &studio.state.configuration.studio);
    let sql = "SELECT token_hash || password_hash AS stored FROM sessions, users";
    let row = studio.state.db.query_one_raw(sea_orm::Statement::from_string(
        studio.state.db.get_database_backend(),
        sql,
    ));
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
    let (secret, _) = studio.sign_in().await;
    let mut settings = studio.state.configuration.studio.clone();
    settings.secure_cookies = true;
    assert_eq!(session::cookie(&secret, &settings).secure(), Some(true));
}
