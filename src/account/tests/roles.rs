//! Changes of role, on a database of their own.

use highwater::server::Audience;
use serde_json::json;

use super::*;
use crate::account::model::UserId;

#[tokio::test]
async fn a_change_of_role_is_judged_by_at_once_and_tells_streams_and_pages() {
    let studio = Studio::with_ana().await;
    let (secret, user) = studio.sign_in().await;
    let start = studio.head().await;
    let before = service::change_role(&studio.state.live, user.id, Role::Staff).await.unwrap();
    assert_eq!(before.role, Role::Member);
    let now = session::find(&studio.state, &secret).await.unwrap().unwrap();
    assert_eq!(now.user.role, Role::Staff);
    let joined = AccessChange {
        subject: format!("user:{}", user.id),
        join: vec![Audience::new("orders")],
        gained: vec![json!({ "orders": "every" })],
        ..AccessChange::default()
    };
    let changed = || Logged::own("account.changed", &user);
    let told = || Logged::Event("account.person_changed".to_owned(), vec!["admins".to_owned()]);
    assert_eq!(studio.rows_after(&start).await, [Logged::Access(joined), changed(), told()]);

    let start = studio.head().await;
    service::change_role(&studio.state.live, user.id, Role::Coach).await.unwrap();
    let left = AccessChange {
        subject: format!("user:{}", user.id),
        leave: vec![Audience::new("orders")],
        lost: vec![json!({ "orders": "every" })],
        ..AccessChange::default()
    };
    assert_eq!(studio.rows_after(&start).await, [Logged::Access(left), changed(), told()]);
}

#[tokio::test]
async fn a_change_to_the_same_role_records_nothing() {
    let studio = Studio::with_ana().await;
    let (_, user) = studio.sign_in().await;
    let start = studio.head().await;
    service::change_role(&studio.state.live, user.id, Role::Member).await.unwrap();
    assert_eq!(studio.rows_after(&start).await, []);
}

#[tokio::test]
async fn nobody_has_no_role() {
    let studio = Studio::new().await;
    let refused =
        service::change_role(&studio.state.live, UserId(1), Role::Staff).await.unwrap_err();
    assert_eq!(refused, AppError::NotFound { what: "account".to_owned() });
}
