//! What can be done in the labs: make projects and say who takes part; add sources and have them
//! ingested; have nodes proposed from them, and decide about those.
//!
//! Owns authorisation and the transactions. It must not know HTTP, and it records no events: what it
//! writes, the database's triggers record, as they record what anybody else writes.

mod project;
mod source;
mod generation;
mod node;
mod stream;

use std::collections::BTreeSet;

use futures::future::BoxFuture;
use highwater::{AsOf, Stamped, server::Audience};
use sea_orm::ConnectionTrait;

use super::{
    model::{MemberRole, ProjectId},
    store,
};
use crate::{
    account::model::{CurrentUser, UserId},
    error::AppError,
    server::state::{AppState, Tx},
};

pub(super) use self::generation::texts_of;
pub use self::{
    generation::{
        cancel_generation, find_job, generate, generation, list_jobs, propose, target_of_generation,
    },
    node::{change_node, change_nodes, concept_map, delete_node, find_nodes, get_node, list_nodes},
    project::{
        add_member, change_project, create_project, delete_project, get_project, list_members,
        list_projects, remove_member,
    },
    source::{
        add_source, begin_ingestion, body_of, delete_source, end_ingestion, fail_ingestion,
        get_source, list_sources, reingest, retry_ingestion,
    },
    stream::{open_with, stream_token, subject_of_member},
};

/// The audience of what belongs to a project: its members.
pub fn audience_of_project(id: &ProjectId) -> Audience {
    Audience::new(format!("project:{id}"))
}

/// The audiences of this slice that somebody belongs to by taking part.
///
/// # Errors
/// When the database fails.
pub async fn audiences_of(
    conn: &impl ConnectionTrait,
    user: UserId,
) -> Result<BTreeSet<Audience>, AppError> {
    Ok(store::projects_of(conn, user).await?.iter().map(audience_of_project).collect())
}

/// What somebody may do in a project.
///
/// # Errors
/// [`AppError::NotFound`] if there is none, [`AppError::Forbidden`] for whoever does not take part;
/// or when the database fails.
pub async fn role_in(
    conn: &impl ConnectionTrait,
    user: UserId,
    id: &ProjectId,
) -> Result<MemberRole, AppError> {
    if let Some(role) = store::role_of(conn, id, user).await? {
        return Ok(role);
    }
    if !store::exists(conn, id).await? {
        return Err(no_such("project"));
    }
    Err(AppError::Forbidden { message: "You do not take part in this project.".to_owned() })
}

/// Refuses whoever does not own a project; `what` is what they may not do.
async fn owner_of(
    conn: &impl ConnectionTrait,
    user: UserId,
    id: &ProjectId,
    what: &str,
) -> Result<(), AppError> {
    match role_in(conn, user, id).await? {
        MemberRole::Owner => Ok(()),
        MemberRole::Member => {
            Err(AppError::Forbidden { message: format!("Only its owner may {what}.") })
        }
    }
}

/// Refuses a change that was decided on another version.
fn is_of(what: &str, decided_on: Option<u64>, current: u64) -> Result<(), AppError> {
    if decided_on.is_none_or(|version| version == current) {
        return Ok(());
    }
    let message = format!("Somebody has changed the {what} meanwhile.");
    Err(AppError::VersionConflict { message, current })
}

/// Reads something of a project in one snapshot that includes at least `min`, for somebody who takes
/// part in it; `read` is told as what. A refusal is stamped as well.
async fn read_of<T: Send + 'static>(
    (state, user, id): (&AppState, &CurrentUser, ProjectId),
    min: Option<&AsOf>,
    read: impl for<'t> FnOnce(&'t Tx, ProjectId, MemberRole) -> BoxFuture<'t, Result<T, AppError>>
    + Send
    + 'static,
) -> Result<Stamped<Result<T, AppError>>, AppError> {
    let user = user.id;
    let snapshot = state.live.read(min, move |tx| {
        Box::pin(async move {
            let answer = async {
                let role = role_in(tx, user, &id).await?;
                read(tx, id, role).await
            };
            found(answer.await)
        })
    });
    snapshot.await
}

/// That one may not know of something is an answer, that it could not be read is none.
fn found<T>(result: Result<T, AppError>) -> Result<Result<T, AppError>, AppError> {
    match result {
        Ok(value) => Ok(Ok(value)),
        Err(
            refusal @ (AppError::NotFound { .. }
            | AppError::Forbidden { .. }
            | AppError::Invalid { .. }),
        ) => Ok(Err(refusal)),
        Err(failure) => Err(failure),
    }
}

fn no_such(what: &str) -> AppError {
    AppError::NotFound { what: what.to_owned() }
}
