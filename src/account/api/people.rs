//! The server functions of people and their accounts, for admins.

use highwater::{AsOf, Committed, MutationId, Stamped};
use leptos::prelude::*;

use crate::{
    account::model::{CurrentUser, NewPerson, OpenStream, Person, Role, UserId},
    calls::Calls,
    error::AppError,
};

/// Everybody with an account.
#[server(prefix = "/api/fn", endpoint = "list_people", protocol = Calls)]
pub async fn list_people(
    min: Option<AsOf>,
) -> Result<Stamped<Result<Vec<Person>, AppError>>, AppError> {
    use crate::{account::people, server::request};
    let (state, user) = request::signed_in()?;
    request::stamped(people::list(&state.live, &user, min.as_ref()).await)
}

/// The streams that are open on this server.
#[server(prefix = "/api/fn", endpoint = "list_open_streams", protocol = Calls)]
pub async fn list_open_streams(
    min: Option<AsOf>,
) -> Result<Stamped<Result<Vec<OpenStream>, AppError>>, AppError> {
    use crate::{account::people, server::request};
    let (state, user) = request::signed_in()?;
    request::stamped(people::open_streams(&state, &user, min.as_ref()).await)
}

/// Gives somebody another role; a repeat of the mutation is answered with the first outcome.
#[server(prefix = "/api/fn", endpoint = "change_role", protocol = Calls)]
pub async fn change_role(
    user: UserId,
    role: Role,
    mutation: MutationId,
) -> Result<Committed<CurrentUser>, AppError> {
    use crate::{account::people, server::request};
    let (state, caller) = request::identified()?;
    request::answered(people::change_role(&state, &caller, user, role, Some(mutation)).await)
}

/// Signs somebody out everywhere, and tells them why; a repeat of the mutation is answered with the
/// first outcome.
#[server(prefix = "/api/fn", endpoint = "sign_person_out", protocol = Calls)]
pub async fn sign_person_out(
    user: UserId,
    reason: String,
    mutation: MutationId,
) -> Result<Committed<u32>, AppError> {
    use crate::{account::people, server::request};
    let (state, caller) = request::identified()?;
    request::answered(people::sign_out(&state, &caller, user, reason, Some(mutation)).await)
}

/// Adds an account; a repeat of the mutation is answered with the first outcome.
#[server(prefix = "/api/fn", endpoint = "add_person", protocol = Calls)]
pub async fn add_person(
    person: NewPerson,
    mutation: MutationId,
) -> Result<Committed<CurrentUser>, AppError> {
    use crate::{account::people, server::request};
    let (state, caller) = request::identified()?;
    request::answered(people::add(&state, &caller, person, Some(mutation)).await)
}
