//! Being signed out by an admin, on a database of one's own.

use highwater::server::By;

use super::*;

const REASON: &str = "Your shift is over.";

async fn force_out(studio: &Studio, user: &CurrentUser, reason: &str) -> Result<usize, AppError> {
    let done = session::force_out(&studio.state, By::nobody(), user.id, reason).await;
    done.map(|done| done.value)
}

#[tokio::test]
async fn the_event_comes_before_the_end_of_every_session() {
    let studio = Studio::with_ana().await;
    let (one, other) = (studio.caller().await, studio.caller().await);
    let start = studio.head().await;
    assert_eq!(force_out(&studio, &one.user, REASON).await, Ok(2));
    let rows = studio.rows_after(&start).await;
    assert_eq!(rows.len(), 4, "{rows:?}");
    assert_eq!(rows[0], Logged::own("force_logout", &one.user));
    for ended in [&one, &other] {
        assert!(rows[1..3].contains(&Logged::end_of(&ended.credential)), "{rows:?}");
    }
    assert_eq!(rows[3], Logged::own("account.session_ended", &one.user));
}

#[tokio::test]
async fn an_ended_session_keeps_its_reason_until_it_would_have_expired() {
    let studio = Studio::with_ana().await;
    let (secret, user) = studio.sign_in().await;
    assert_eq!(session::why_ended(&studio.state, &secret).await, Ok(None));
    force_out(&studio, &user, &format!("  {REASON}\n")).await.unwrap();
    assert_eq!(session::find(&studio.state, &secret).await, Ok(None));
    assert_eq!(session::why_ended(&studio.state, &secret).await, Ok(Some(REASON.to_owned())));
    // Who signs in again is told nothing of the session before.
    let (new, _) = studio.sign_in().await;
    assert_eq!(session::why_ended(&studio.state, &new).await, Ok(None));
    studio.pass(14 * DAY);
    assert_eq!(session::why_ended(&studio.state, &secret).await, Ok(None));
    studio.sign_in().await;
    studio.pass(-DAY);
    assert_eq!(session::why_ended(&studio.state, &secret).await, Ok(None), "swept");
}

#[tokio::test]
async fn a_session_that_its_owner_ended_has_no_reason() {
    let studio = Studio::with_ana().await;
    let (secret, _) = studio.sign_in().await;
    let caller = session::find(&studio.state, &secret).await.unwrap().unwrap();
    session::sign_out(&studio.state.live, &caller).await.unwrap();
    assert_eq!(session::why_ended(&studio.state, &secret).await, Ok(None));
}

#[tokio::test]
async fn nobody_is_signed_out_without_a_reason_or_for_a_long_one() {
    let studio = Studio::with_ana().await;
    let (secret, user) = studio.sign_in().await;
    for reason in ["", " \u{200b}\n", &"a".repeat(201)] {
        match force_out(&studio, &user, reason).await {
            Err(AppError::Invalid { field, .. }) => assert_eq!(field.as_deref(), Some("reason")),
            other => panic!("{reason:?}: {other:?}"),
        }
    }
    assert!(session::find(&studio.state, &secret).await.unwrap().is_some());
}
