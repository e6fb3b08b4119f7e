//! Generation: having nodes proposed from a project's sources, and what that comes to.

use std::collections::HashMap;

use highwater::{AsOf, Committed, MutationId, Stamped};
use sea_orm::ConnectionTrait;
use time::OffsetDateTime;

use super::{read_of, role_in};
use crate::{
    account::{model::CurrentUser, service::author},
    error::AppError,
    id::random_bits,
    jobs::{
        model::{Job, JobId},
        service::{self as jobs, NewJob},
    },
    labs::{
        model::{
            LINE_MAX_CHARS, MapLink, MemberRole, NodeId, ProjectId, SUMMARY_MAX_CHARS, SourceId,
            SourceStatus,
        },
        store::{self, NewNode, Text},
        work::{KIND_GENERATION, OfProject, Proposed},
    },
    server::state::{AppState, Write},
};

/// Confidences are kept to four places: more means nothing, and databases write it differently.
const PRECISION: f64 = 10_000.0;

/// How many jobs of a project are listed.
const LISTED: u64 = 50;

/// What the job that proposes nodes for a project works on.
pub fn target_of_generation(id: &ProjectId) -> String {
    format!("project:{id}")
}

/// The newest job that proposes, or proposed, nodes for a project. The answer includes at least `min`;
/// a refusal is stamped as well.
///
/// # Errors
/// When the database or the log fails.
pub async fn generation(
    state: &AppState,
    user: &CurrentUser,
    id: ProjectId,
    min: Option<&AsOf>,
) -> Result<Stamped<Result<Option<Job>, AppError>>, AppError> {
    let read = read_of((state, user, id), min, |tx, id, _| {
        Box::pin(async move { jobs::newest_of_target(tx, &target_of_generation(&id)).await })
    });
    read.await
}

/// The newest jobs of a project.
///
/// # Errors
/// When the database or the log fails; a refusal is stamped.
pub async fn list_jobs(
    state: &AppState,
    user: &CurrentUser,
    id: ProjectId,
) -> Result<Stamped<Result<Vec<Job>, AppError>>, AppError> {
    let read = read_of((state, user, id), None, |tx, id, _| {
        Box::pin(async move { jobs::of_project(tx, id.as_str(), LISTED).await })
    });
    read.await
}

/// A job of a project.
///
/// # Errors
/// When the database or the log fails; a refusal is stamped.
pub async fn find_job(
    state: &AppState,
    user: &CurrentUser,
    id: ProjectId,
    job: JobId,
) -> Result<Stamped<Result<Job, AppError>>, AppError> {
    let read = read_of((state, user, id), None, move |tx, id, _| {
        Box::pin(async move { jobs::find_of_project(tx, id.as_str(), &job).await })
    });
    read.await
}

/// Has nodes proposed from the sources of a project that were ingested. A repeat of the mutation `by`
/// of the same user begins nothing.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`]; [`AppError::Conflict`] while there is nothing to
/// read, and while it is being done; or when the database or the log fails.
pub async fn generate(
    state: &AppState,
    user: &CurrentUser,
    id: ProjectId,
    by: Option<MutationId>,
) -> Result<Committed<Job>, AppError> {
    let (user, now, jobs) = (user.id, state.now(), state.jobs.clone());
    state
        .live
        .write(author(user, by), move |write| {
            Box::pin(async move {
                write.attribute_triggers().await?;
                let role = role_in(write.tx(), user, &id).await?;
                let ready = store::sources(write.tx(), &id).await?;
                if !ready.iter().any(|source| source.status == SourceStatus::Completed) {
                    let message = "Add a source first: there is nothing to read yet.".to_owned();
                    return Err(AppError::Conflict { message });
                }
                let payload = OfProject { project_id: id.clone() };
                let new = NewJob {
                    kind: KIND_GENERATION,
                    owner: user,
                    target: target_of_generation(&id),
                    title: name_of(write.tx(), &id, role).await?,
                    link: Some(format!("/labs/{id}")),
                    project_id: Some(id.into()),
                    payload: serde_json::to_value(payload).map_err(|_| AppError::Internal)?,
                    max_attempts: 3,
                };
                jobs.enqueue(write, new, now).await
            })
        })
        .await
}

/// Stops a job of a project; whoever takes part may. A repeat of the mutation `by` of the same user is
/// answered with the first outcome.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`]; [`AppError::Conflict`] when it has ended; or when
/// the database or the log fails.
pub async fn cancel_generation(
    state: &AppState,
    user: &CurrentUser,
    id: ProjectId,
    job: JobId,
    by: Option<MutationId>,
) -> Result<Committed<Job>, AppError> {
    let (user, now, jobs) = (user.id, state.now(), state.jobs.clone());
    state
        .live
        .write(author(user, by), move |write| {
            Box::pin(async move {
                write.attribute_triggers().await?;
                role_in(write.tx(), user, &id).await?;
                jobs::cancel_of_project(write, &jobs, id.as_str(), &job, now).await
            })
        })
        .await
}

/// What can be read in a project's sources.
///
/// # Errors
/// When the database fails.
pub(in crate::labs) async fn texts_of(
    conn: &impl ConnectionTrait,
    id: &ProjectId,
) -> Result<Vec<Text>, AppError> {
    store::texts(conn, id).await
}

/// Proposes what a job found. What the project has a node of already, whatever was decided about it,
/// is not proposed again; what stands together is kept for both.
///
/// # Errors
/// When the database fails, or the project is gone.
pub async fn propose(
    write: &Write,
    id: &ProjectId,
    proposed: Proposed,
    now: OffsetDateTime,
) -> Result<(), AppError> {
    if !store::exists(write.tx(), id).await? {
        return Err(super::no_such("project"));
    }
    let sources = store::sources(write.tx(), id).await?;
    let there_is = |id: &SourceId| sources.iter().any(|source| source.id == *id);
    let there_are = store::titles(write.tx(), id).await?;
    let mut known: HashMap<String, NodeId> =
        there_are.into_iter().map(|(id, title)| (title.to_lowercase(), id)).collect();
    let (mut ids, mut new) = (Vec::new(), Vec::new());
    for concept in proposed.concepts {
        let key = concept.title.to_lowercase();
        if let Some(node) = known.get(&key) {
            ids.push(node.clone());
            continue;
        }
        let node = NodeId::of_bits(random_bits()?);
        known.insert(key, node.clone());
        ids.push(node.clone());
        new.push(NewNode {
            id: node,
            title: concept.title.chars().take(LINE_MAX_CHARS).collect(),
            summary: concept.summary.chars().take(SUMMARY_MAX_CHARS).collect(),
            confidence: (concept.confidence * PRECISION).round() / PRECISION,
            mentions: concept.mentions,
            // It may have been deleted since it was read.
            source: concept.source.filter(&there_is),
        });
    }
    store::insert_nodes(write.tx(), id, &new, now).await?;
    let link = |(one, other, weight): (usize, usize, f64)| {
        let (one, other) = (ids.get(one)?.clone(), ids.get(other)?.clone());
        (one != other).then_some(MapLink { one, other, weight })
    };
    let links: Vec<MapLink> = proposed.links.into_iter().filter_map(link).collect();
    store::insert_links(write.tx(), &links).await
}

async fn name_of(
    conn: &impl ConnectionTrait,
    id: &ProjectId,
    role: MemberRole,
) -> Result<String, AppError> {
    let project = store::find_project(conn, id, role).await?;
    Ok(project.map(|project| project.name).unwrap_or_default())
}
