//! Access: what each role and each person may hear and see of all slices together.
//!
//! Owns the union, and what a change of role adds to it and takes from it. It must not decide what
//! anybody may see; each slice's service does.

use std::collections::BTreeSet;

use highwater::server::{AccessChange, Audience};
use sea_orm::ConnectionTrait;

use crate::{
    account::{
        model::{CurrentUser, Role},
        service,
    },
    coaching,
    error::AppError,
    labs,
    live::StudioTag,
    orders,
};

/// Everything that a user may hear: what their role may, what is their own, and where they take part.
/// What it reads is not older than what was committed before.
///
/// # Errors
/// When the database fails.
pub async fn audiences_of(
    conn: &impl ConnectionTrait,
    user: &CurrentUser,
) -> Result<BTreeSet<Audience>, AppError> {
    let mut audiences = of_role(user.role);
    audiences.insert(service::audience_of(user.id));
    audiences.extend(coaching::service::audiences_of(conn, user.id).await?);
    audiences.extend(labs::service::audiences_of(conn, user.id).await?);
    Ok(audiences)
}

/// What changes for the streams and pages of a subject when its role does; `None` if nothing.
///
/// # Errors
/// When a tag cannot be written as JSON.
pub fn change(subject: String, from: Role, to: Role) -> Result<Option<AccessChange>, AppError> {
    let (before, after) = (of_role(from), of_role(to));
    let (saw, sees) = (tags_of_role(from), tags_of_role(to));
    let change = AccessChange {
        subject,
        join: after.difference(&before).cloned().collect(),
        leave: before.difference(&after).cloned().collect(),
        gained: sees.difference(&saw).map(json).collect::<Result<_, _>>()?,
        lost: saw.difference(&sees).map(json).collect::<Result<_, _>>()?,
        end: false,
    };
    let nothing = AccessChange { subject: change.subject.clone(), ..AccessChange::default() };
    Ok(Some(change).filter(|change| *change != nothing))
}

fn of_role(role: Role) -> BTreeSet<Audience> {
    let account = service::audiences_of_role(role);
    let coaching = coaching::service::audiences_of_role(role);
    orders::service::audiences_of(role).into_iter().chain(account).chain(coaching).collect()
}

fn tags_of_role(role: Role) -> BTreeSet<StudioTag> {
    let account = service::tags_of_role(role);
    let coaching = coaching::service::tags_of_role(role);
    orders::service::tags_of(role).into_iter().chain(account).chain(coaching).collect()
}

fn json(tag: &StudioTag) -> Result<serde_json::Value, AppError> {
    serde_json::to_value(tag).map_err(|error| {
        tracing::error!(%error, ?tag, "a tag could not be written");
        AppError::Internal
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_between_roles_that_see_the_same_is_none() {
        assert_eq!(change("user:1".to_owned(), Role::Coach, Role::Member), Ok(None));
    }

    #[test]
    fn what_one_role_gains_the_way_back_loses() {
        let there = change("user:1".to_owned(), Role::Member, Role::Staff).unwrap().unwrap();
        let back = change("user:1".to_owned(), Role::Staff, Role::Member).unwrap().unwrap();
        assert_eq!((&there.join, &there.gained), (&back.leave, &back.lost));
        assert_eq!(there.join, [orders::service::audience()]);
        assert_eq!(there.gained.len(), 1);
        assert!(there.leave.is_empty() && there.lost.is_empty() && !there.end);
    }
}
