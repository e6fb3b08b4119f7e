//! Nodes: listing them, deciding about them one by one and many at once, editing and deleting them.

use std::collections::BTreeSet;

use highwater::{AsOf, Committed, MutationId, Stamped};
use sea_orm::ConnectionTrait;

use super::{is_of, no_such, read_of, role_in};
use crate::{
    account::{
        model::{CurrentUser, UserId},
        service::author,
    },
    error::AppError,
    labs::{
        model::{
            BulkChange, BulkDone, ConceptMap, Node, NodeChange, NodeId, NodePage, NodeStatus,
            NodesById, ProjectId, not_too_many,
        },
        store,
    },
    server::state::AppState,
};

/// A page of a project's nodes of one status, the most confident first. The answer includes at least
/// `min`; a refusal (there is no page 0) is stamped as well.
///
/// # Errors
/// When the database or the log fails.
pub async fn list_nodes(
    state: &AppState,
    user: &CurrentUser,
    id: ProjectId,
    status: NodeStatus,
    page: u32,
    min: Option<&AsOf>,
) -> Result<Stamped<Result<NodePage, AppError>>, AppError> {
    let read = read_of((state, user, id), min, move |tx, id, _| {
        Box::pin(async move {
            if page == 0 {
                return Err(AppError::invalid("page", "Pages are numbered from 1."));
            }
            store::nodes(tx, &id, status, page).await
        })
    });
    read.await
}

/// Some nodes of a project, as far as there are any. The answer includes at least `min`; a refusal
/// (these are too many) is stamped as well.
///
/// # Errors
/// When the database or the log fails.
pub async fn find_nodes(
    state: &AppState,
    user: &CurrentUser,
    id: ProjectId,
    ids: BTreeSet<NodeId>,
    min: Option<&AsOf>,
) -> Result<Stamped<Result<NodesById, AppError>>, AppError> {
    let read = read_of((state, user, id), min, move |tx, id, _| {
        Box::pin(async move {
            not_too_many(&ids)?;
            store::find_nodes(tx, &id, ids).await
        })
    });
    read.await
}

/// A node of a project. A refusal is stamped as well.
///
/// # Errors
/// When the database or the log fails.
pub async fn get_node(
    state: &AppState,
    user: &CurrentUser,
    (project, id): (ProjectId, NodeId),
) -> Result<Stamped<Result<Node, AppError>>, AppError> {
    let read = read_of((state, user, project), None, move |tx, project, _| {
        Box::pin(async move { of_project(tx, &project, &id).await })
    });
    read.await
}

/// The concept map of a project. The answer includes at least `min`; a refusal is stamped as well.
///
/// # Errors
/// When the database or the log fails.
pub async fn concept_map(
    state: &AppState,
    user: &CurrentUser,
    id: ProjectId,
    min: Option<&AsOf>,
) -> Result<Stamped<Result<ConceptMap, AppError>>, AppError> {
    let read = read_of((state, user, id), min, |tx, id, _| {
        Box::pin(async move { store::map(tx, &id).await })
    });
    read.await
}

/// Decides about a node or edits it, and answers it as it is then. A repeat of the mutation `by` of
/// the same user is answered with the first outcome.
///
/// # Errors
/// [`AppError::Invalid`], [`AppError::NotFound`], [`AppError::Forbidden`];
/// [`AppError::VersionConflict`] if it has changed; or when the database or the log fails.
pub async fn change_node(
    state: &AppState,
    user: &CurrentUser,
    (project, id): (ProjectId, NodeId),
    change: NodeChange,
    by: Option<MutationId>,
) -> Result<Committed<Node>, AppError> {
    let (change, user, now) = (change.checked()?, user.id, state.now());
    state
        .live
        .write(author(user, by), move |write| {
            Box::pin(async move {
                write.attribute_triggers().await?;
                let node = own(write.tx(), user, &project, &id).await?;
                is_of("concept", change.version, node.version)?;
                let mut next = node.clone();
                next.title = change.title.unwrap_or(next.title);
                next.summary = change.summary.unwrap_or(next.summary);
                next.status = change.status.unwrap_or(next.status);
                if next == node {
                    return Ok(node);
                }
                (next.updated_at, next.version) = (now, next.version + 1);
                store::update_node(write.tx(), &next).await?;
                Ok(next)
            })
        })
        .await
}

/// Deletes a node: it may be proposed again. With a version, only if that is still its version. A
/// repeat of the mutation `by` is answered with the first outcome.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`]; [`AppError::VersionConflict`] if it has changed;
/// or when the database or the log fails.
pub async fn delete_node(
    state: &AppState,
    user: &CurrentUser,
    (project, id): (ProjectId, NodeId),
    version: Option<u64>,
    by: Option<MutationId>,
) -> Result<Committed<()>, AppError> {
    let user = user.id;
    state
        .live
        .write(author(user, by), move |write| {
            Box::pin(async move {
                write.attribute_triggers().await?;
                let node = own(write.tx(), user, &project, &id).await?;
                is_of("concept", version, node.version)?;
                store::delete_nodes(write.tx(), [&id]).await
            })
        })
        .await
}

/// Does one thing with many nodes of a project, all in one transaction. Those that are gone are
/// answered, and keep no other from being changed. A repeat of the mutation `by` of the same user is
/// answered with the first outcome.
///
/// # Errors
/// [`AppError::Invalid`], [`AppError::NotFound`], [`AppError::Forbidden`]; or when the database or the
/// log fails.
pub async fn change_nodes(
    state: &AppState,
    user: &CurrentUser,
    id: ProjectId,
    change: BulkChange,
    by: Option<MutationId>,
) -> Result<Committed<BulkDone>, AppError> {
    let ((ids, action), user, now) = (change.checked()?, user.id, state.now());
    state
        .live
        .write(author(user, by), move |write| {
            Box::pin(async move {
                write.attribute_triggers().await?;
                role_in(write.tx(), user, &id).await?;
                let status = action.status();
                let there_are = store::statuses_of(write.tx(), &id, &ids).await?;
                match status {
                    Some(status) => store::set_status(write.tx(), &id, &ids, status, now).await?,
                    None => {
                        let ids = there_are.iter().map(|node| &node.id).collect::<Vec<_>>();
                        store::delete_nodes(write.tx(), ids).await?;
                    }
                }
                let unchanged = there_are.iter().filter(|node| Some(node.status) == status).count();
                let is_there = |id: &NodeId| there_are.iter().any(|node| node.id == *id);
                Ok(BulkDone {
                    changed: (there_are.len() - unchanged) as u64,
                    unchanged: unchanged as u64,
                    missing: ids.into_iter().filter(|id| !is_there(id)).collect(),
                })
            })
        })
        .await
}

/// A node of a project in which somebody takes part.
async fn own(
    conn: &impl ConnectionTrait,
    user: UserId,
    project: &ProjectId,
    id: &NodeId,
) -> Result<Node, AppError> {
    role_in(conn, user, project).await?;
    of_project(conn, project, id).await
}

async fn of_project(
    conn: &impl ConnectionTrait,
    project: &ProjectId,
    id: &NodeId,
) -> Result<Node, AppError> {
    let node = store::find_node(conn, id).await?;
    node.filter(|node| node.project_id == *project).ok_or_else(|| no_such("concept"))
}
