//! People as admins manage them, on a database of their own.

use highwater::MutationId;

use super::*;
use crate::account::{
    model::{NewPerson, Person},
    people,
};

/// Somebody with that role who has just signed in.
async fn caller_as(studio: &Studio, name: &str, role: Role) -> Caller {
    let email = format!("{name}@example.com");
    let password = "a long password".to_owned();
    let account = NewAccount { email: email.clone(), name: name.to_owned(), role, password };
    service::add_account(&studio.state, account).await.unwrap();
    let signed_in = session::sign_in(&studio.state, &email, "a long password", FIREFOX).await;
    session::find(&studio.state, &signed_in.unwrap().0).await.unwrap().unwrap()
}

fn told() -> Logged {
    Logged::Event("account.person_changed".to_owned(), vec!["admins".to_owned()])
}

fn new(email: &str) -> NewPerson {
    NewPerson {
        email: email.to_owned(),
        name: "Ben Berg".to_owned(),
        role: Role::Member,
        password: "a long password".to_owned(),
    }
}

#[tokio::test]
async fn only_an_admin_who_signed_in_manages_people() {
    let studio = Studio::new().await;
    let admin = caller_as(&studio, "admin", Role::Admin).await;
    let token = Credential::Token(crate::account::model::TokenId(1));
    let program = Caller { credential: token, ..admin.clone() };
    let (ana, head) = (caller_as(&studio, "ana", Role::Member).await, studio.head().await);
    let staff = caller_as(&studio, "ole", Role::Staff).await;
    let coach = caller_as(&studio, "carla", Role::Coach).await;
    let start = studio.head().await;
    assert!(start.reaches(&head));
    let id = ana.user.id;
    for caller in [&program, &ana, &staff, &coach] {
        let state = &studio.state;
        let refusals = [
            people::change_role(state, caller, id, Role::Admin, None).await.err(),
            people::sign_out(state, caller, id, "x".to_owned(), None).await.err(),
            people::add(state, caller, new("ben@example.com"), None).await.err(),
        ];
        for refusal in refusals {
            assert!(matches!(refusal, Some(AppError::Forbidden { .. })), "{refusal:?}");
        }
        let allowed = caller.user.role == Role::Admin;
        let listed = people::list(&state.live, &caller.user, None).await.unwrap().value;
        assert_eq!(listed.is_ok(), allowed);
        let streams = people::open_streams(state, &caller.user, None).await.unwrap().value;
        assert_eq!(streams.is_ok(), allowed);
    }
    assert_eq!(studio.rows_after(&start).await, []);
}

#[tokio::test]
async fn people_are_listed_by_name_with_when_they_were_seen() {
    let studio = Studio::with_ana().await;
    studio.pass(60);
    let admin = caller_as(&studio, "zoe", Role::Admin).await;
    let listed = people::list(&studio.state.live, &admin.user, None).await.unwrap().value.unwrap();
    let seen = |person: &Person| person.last_seen_at.map(OffsetDateTime::unix_timestamp);
    let told: Vec<_> = listed.iter().map(|person| (&*person.user.name, seen(person))).collect();
    assert_eq!(told, [("Ana Alvarez", None), ("zoe", Some(START + 60))]);
}

#[tokio::test]
async fn the_last_admin_stays_one_and_signed_in() {
    let studio = Studio::new().await;
    let one = caller_as(&studio, "one", Role::Admin).await;
    let start = studio.head().await;
    let demoted = people::change_role(&studio.state, &one, one.user.id, Role::Staff, None).await;
    assert!(matches!(demoted, Err(AppError::Conflict { .. })), "{demoted:?}");
    let out = people::sign_out(&studio.state, &one, one.user.id, "bye".to_owned(), None).await;
    assert!(matches!(out, Err(AppError::Conflict { .. })), "{out:?}");
    assert_eq!(studio.rows_after(&start).await, []);

    // With another one, both are a matter of choice.
    let other = caller_as(&studio, "other", Role::Admin).await;
    people::sign_out(&studio.state, &one, one.user.id, "bye".to_owned(), None).await.unwrap();
    people::change_role(&studio.state, &one, one.user.id, Role::Staff, None).await.unwrap();
    let last = people::change_role(&studio.state, &other, other.user.id, Role::Coach, None).await;
    assert!(matches!(last, Err(AppError::Conflict { .. })), "{last:?}");
}

#[tokio::test]
async fn what_an_admin_does_is_told_to_whom_it_concerns_and_to_admins_once() {
    let studio = Studio::new().await;
    let admin = caller_as(&studio, "admin", Role::Admin).await;
    let ana = caller_as(&studio, "ana", Role::Member).await;
    let (state, id) = (&studio.state, ana.user.id);
    let by = Some(MutationId::new(1));
    let start = studio.head().await;
    for _ in 0..2 {
        people::change_role(state, &admin, id, Role::Coach, by).await.unwrap();
    }
    let rows = [Logged::own("account.changed", &ana.user), told()];
    assert_eq!(studio.rows_after(&start).await, rows);

    let (start, by) = (studio.head().await, Some(MutationId::new(2)));
    for _ in 0..2 {
        let reason = "Over.".to_owned();
        let ended = people::sign_out(state, &admin, id, reason, by).await.unwrap();
        assert_eq!(ended.value, 1, "a repeat is answered alike");
    }
    let rows = [
        Logged::own("force_logout", &ana.user),
        Logged::end_of(&ana.credential),
        Logged::own("account.session_ended", &ana.user),
        told(),
    ];
    assert_eq!(studio.rows_after(&start).await, rows);

    let (start, by) = (studio.head().await, Some(MutationId::new(3)));
    for _ in 0..2 {
        let added = people::add(state, &admin, new("Ben@example.com"), by).await.unwrap().value;
        assert_eq!((&*added.email, added.role), ("ben@example.com", Role::Member));
    }
    assert_eq!(studio.rows_after(&start).await, [told()]);
    let signed_in = session::sign_in(state, "ben@example.com", "a long password", "").await;
    assert!(signed_in.is_ok());
    let again = people::add(state, &admin, new("ben@example.com"), None).await;
    assert!(matches!(again, Err(AppError::Conflict { .. })), "{again:?}");
}

#[test]
fn a_new_person_is_written_down_without_the_password() {
    let written = format!("{:?}", new("ben@example.com"));
    assert!(written.contains("ben@example.com") && !written.contains("long"), "{written}");
}
