//! API tokens, on a database of their own.

use axum::http::{HeaderMap, header::AUTHORIZATION};
use sea_orm::{ConnectionTrait, Statement};

use super::*;
use crate::account::{
    credentials::Presented,
    model::{IssuedToken, MAX_TOKENS, TokenId},
    token,
};

async fn issued(studio: &Studio, caller: &Caller, name: &str) -> IssuedToken {
    token::create(&studio.state, caller, name).await.unwrap().value
}

/// Whose token this text is, presented as a program does.
async fn found(studio: &Studio, text: &str) -> Option<Caller> {
    let header = format!("Bearer {text}").parse().unwrap();
    match Presented::by(&HeaderMap::from_iter([(AUTHORIZATION, header)])) {
        Presented::Token(Some(secret)) => token::find(&studio.state, &secret).await.unwrap(),
        Presented::Token(None) => None,
        other => panic!("{other:?} for {text:?}"),
    }
}

#[tokio::test]
async fn a_token_opens_what_its_owner_may_until_it_is_revoked() {
    let studio = Studio::with_ana().await;
    let owner = studio.caller().await;
    let start = studio.head().await;
    let IssuedToken { token, secret } = issued(&studio, &owner, " backup job ").await;
    assert_eq!(token.name, "backup job");
    assert_eq!((secret.len(), &secret[..9]), (67, &*token.prefix));

    let caller = found(&studio, &secret).await.unwrap();
    assert_eq!((&caller.user, caller.expires_at), (&owner.user, None));
    assert_eq!(caller.credential, Credential::Token(token.id));
    let live = &studio.state.live;
    token::revoke(live, &owner, token.id, None).await.unwrap();
    assert_eq!(found(&studio, &secret).await, None);
    let again = token::revoke(live, &owner, token.id, None).await.unwrap_err();
    assert_eq!(again, AppError::NotFound { what: "API token".to_owned() });

    let rows = [
        Logged::own("account.token_created", &owner.user),
        Logged::end_of(&Credential::Token(token.id)),
        Logged::own("account.token_revoked", &owner.user),
    ];
    assert_eq!(studio.rows_after(&start).await, rows);
}

#[tokio::test]
async fn what_is_no_token_opens_nothing() {
    let studio = Studio::with_ana().await;
    let IssuedToken { secret, .. } = issued(&studio, &studio.caller().await, "x").await;
    let (upper, digits) = (secret.replace("hw_", "HW_"), secret.replace("hw_", ""));
    let other = format!("hw_{}", "0".repeat(64));
    for text in ["", "hw_", &secret[..66], &format!("{secret}0"), &upper, &digits, &other] {
        assert_eq!(found(&studio, text).await, None, "{text:?}");
    }
}

#[tokio::test]
async fn a_token_manages_neither_tokens_nor_sessions() {
    let studio = Studio::with_ana().await;
    let owner = studio.caller().await;
    let IssuedToken { token, secret } = issued(&studio, &owner, "x").await;
    let caller = found(&studio, &secret).await.unwrap();
    let live = &studio.state.live;
    let refusals = [
        token::create(&studio.state, &caller, "y").await.map(|_| ()),
        token::revoke(live, &caller, token.id, None).await.map(|_| ()),
        session::end_others(live, &caller, None).await.map(|_| ()),
        session::sign_out(live, &caller).await,
    ];
    for refused in refusals {
        assert!(matches!(refused, Err(AppError::Forbidden { .. })), "{refused:?}");
    }
    assert!(found(&studio, &secret).await.is_some());
}

#[tokio::test]
async fn nobody_revokes_the_token_of_somebody_else() {
    let studio = Studio::with_ana().await;
    let IssuedToken { token, secret } = issued(&studio, &studio.caller().await, "x").await;
    let ben = NewAccount { email: "ben@example.com".to_owned(), ..ana() };
    service::add_account(&studio.state, ben).await.unwrap();
    let (ben, _) =
        session::sign_in(&studio.state, "ben@example.com", "a long password", "").await.unwrap();
    let ben = session::find(&studio.state, &ben).await.unwrap().unwrap();
    for id in [token.id, TokenId(1_000)] {
        let refused = token::revoke(&studio.state.live, &ben, id, None).await.unwrap_err();
        assert_eq!(refused, AppError::NotFound { what: "API token".to_owned() });
    }
    assert!(found(&studio, &secret).await.is_some());
}

#[tokio::test]
async fn a_token_has_a_name_of_one_line_and_there_are_only_so_many() {
    let studio = Studio::with_ana().await;
    let owner = studio.caller().await;
    for name in ["", " \n", &"x".repeat(61), "two\nlines"] {
        let refused = token::create(&studio.state, &owner, name).await.unwrap_err();
        assert!(
            matches!(&refused, AppError::Invalid { field: Some(field), .. } if field == "name"),
            "{name:?}: {refused:?}"
        );
    }
    for number in 0..MAX_TOKENS {
        issued(&studio, &owner, &format!("number {number}")).await;
    }
    let refused = token::create(&studio.state, &owner, "one more").await.unwrap_err();
    assert!(matches!(refused, AppError::Conflict { .. }), "{refused:?}");
}

#[tokio::test]
async fn a_use_is_noted_once_a_minute() {
    let studio = Studio::with_ana().await;
    let owner = studio.caller().await;
    let IssuedToken { secret, .. } = issued(&studio, &owner, "x").await;
    let used = || async {
        let listed = token::list(&studio.state.live, owner.user.id, None).await.unwrap();
        listed.value.unwrap()[0].last_used_at.map(|at| at.unix_timestamp())
    };
    assert_eq!(used().await, None);
    for (seconds, expected) in [(0, 0), (59, 0), (1, 60), (90, 150)] {
        studio.pass(seconds);
        found(&studio, &secret).await.unwrap();
        // It is written in the background. One note too many would keep the next from being made.
        let noted = async { while used().await != Some(START + expected) {} };
        let noted = tokio::time::timeout(std::time::Duration::from_secs(20), noted).await;
        assert!(noted.is_ok(), "{seconds}: {:?}", used().await);
    }
}

#[tokio::test]
async fn neither_the_database_nor_a_debug_text_holds_the_secret() {
    let studio = Studio::with_ana().await;
    let new = issued(&studio, &studio.caller().await, "x").await;
    let digits = &new.secret[3..];
    assert!(!format!("{new:?}").contains(digits));
    for (sql, least) in [
        ("SELECT name || token_hash || prefix AS stored FROM api_tokens", 1),
        ("SELECT body AS stored FROM highwater_log", 1),
        ("SELECT body AS stored FROM highwater_outcomes", 0),
    ] {
        let db = &studio.state.db;
        let statement = Statement::from_string(db.get_database_backend(), sql);
        let rows = db.query_all_raw(statement).await.unwrap();
        assert!(rows.len() >= least, "{sql}");
        for row in rows {
            let stored: String = row.try_get("", "stored").unwrap();
            assert!(!stored.contains(digits), "{sql}: {stored}");
        }
    }
}
