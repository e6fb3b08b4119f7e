//! Sources: adding them, having them ingested again, deleting them, and what their jobs come to.

use highwater::{AsOf, Committed, MutationId, Stamped};
use sea_orm::ConnectionTrait;
use time::OffsetDateTime;

use super::{no_such, read_of, role_in};
use crate::{
    account::{
        model::{CurrentUser, UserId},
        service::author,
    },
    error::AppError,
    id::random_bits,
    jobs::{
        model::Job,
        service::{NewJob, is_same_run},
    },
    labs::{
        model::{
            NewSource, PROJECT_MAX_BYTES, PROJECT_MAX_SOURCES, ProjectId, SUMMARY_MAX_CHARS,
            Source, SourceId, SourceStatus,
        },
        store,
        work::{KIND_INGESTION, OfSource},
    },
    server::state::{AppState, Write},
};

/// The sources of a project, the oldest first. The answer includes at least `min`; a refusal is
/// stamped as well.
///
/// # Errors
/// When the database or the log fails.
pub async fn list_sources(
    state: &AppState,
    user: &CurrentUser,
    id: ProjectId,
    min: Option<&AsOf>,
) -> Result<Stamped<Result<Vec<Source>, AppError>>, AppError> {
    let read = read_of((state, user, id), min, |tx, id, _| {
        Box::pin(async move { store::sources(tx, &id).await })
    });
    read.await
}

/// A source of a project. A refusal is stamped as well.
///
/// # Errors
/// When the database or the log fails.
pub async fn get_source(
    state: &AppState,
    user: &CurrentUser,
    (project, id): (ProjectId, SourceId),
) -> Result<Stamped<Result<Source, AppError>>, AppError> {
    let read = read_of((state, user, project), None, move |tx, project, _| {
        Box::pin(async move { of_project(tx, &project, &id).await })
    });
    read.await
}

/// Adds a source to a project and has it ingested. A repeat of the mutation `by` of the same user adds
/// nothing.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`]; [`AppError::Invalid`], [`AppError::TooLarge`];
/// [`AppError::Conflict`] for more than a project can have; or when the database or the log fails.
pub async fn add_source(
    state: &AppState,
    user: &CurrentUser,
    id: ProjectId,
    new: NewSource,
    by: Option<MutationId>,
) -> Result<Committed<Source>, AppError> {
    let (new, user, now, jobs) = (new.checked()?, user.id, state.now(), state.jobs.clone());
    let source = Source {
        id: SourceId::of_bits(random_bits()?),
        project_id: id,
        source_name: new.source_name,
        status: SourceStatus::Pending,
        error: None,
        bytes: new.text.len() as u64,
        words: None,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    state
        .live
        .write(author(user, by), move |write| {
            Box::pin(async move {
                write.attribute_triggers().await?;
                role_in(write.tx(), user, &source.project_id).await?;
                has_room(write.tx(), &source).await?;
                store::insert_source(write.tx(), &source, &new.text).await?;
                jobs.enqueue(write, job_of(user, &source)?, now).await?;
                Ok(source)
            })
        })
        .await
}

/// Has a source ingested again. A repeat of the mutation `by` begins nothing.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`]; [`AppError::Conflict`] while it is being
/// ingested; or when the database or the log fails.
pub async fn reingest(
    state: &AppState,
    user: &CurrentUser,
    (project, id): (ProjectId, SourceId),
    by: Option<MutationId>,
) -> Result<Committed<Source>, AppError> {
    let (user, now, jobs) = (user.id, state.now(), state.jobs.clone());
    state
        .live
        .write(author(user, by), move |write| {
            Box::pin(async move {
                write.attribute_triggers().await?;
                let mut source = own(write.tx(), user, &project, &id).await?;
                jobs.enqueue(write, job_of(user, &source)?, now).await?;
                (source.status, source.error) = (SourceStatus::Pending, None);
                save(write, &mut source, now).await?;
                Ok(source)
            })
        })
        .await
}

/// Deletes a source; nodes that were proposed from it stay. A repeat of the mutation `by` is answered
/// with the first outcome.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`]; or when the database or the log fails.
pub async fn delete_source(
    state: &AppState,
    user: &CurrentUser,
    (project, id): (ProjectId, SourceId),
    by: Option<MutationId>,
) -> Result<Committed<()>, AppError> {
    let (user, now, jobs) = (user.id, state.now(), state.jobs.clone());
    state
        .live
        .write(author(user, by), move |write| {
            Box::pin(async move {
                write.attribute_triggers().await?;
                own(write.tx(), user, &project, &id).await?;
                jobs.cancel_for_target(write, &target_of(&id), now).await?;
                store::delete_source(write.tx(), &id).await
            })
        })
        .await
}

/// What came as a source; `None` if it is gone.
///
/// # Errors
/// When the database fails.
pub async fn body_of(
    conn: &impl ConnectionTrait,
    id: &SourceId,
) -> Result<Option<(Source, String)>, AppError> {
    let (source, body) = (store::find_source(conn, id).await?, store::text(conn, id).await?);
    Ok(source.zip(body))
}

/// Writes that a source is being ingested, by a run of this job that still holds it.
///
/// # Errors
/// When the database fails.
pub async fn begin_ingestion(
    write: &Write,
    job: &Job,
    id: &SourceId,
    now: OffsetDateTime,
) -> Result<(), AppError> {
    if !is_same_run(write.tx(), job).await? {
        return Ok(());
    }
    change(write, id, now, |source| source.status = SourceStatus::Processing).await
}

/// Writes what can be read in a source.
///
/// # Errors
/// When the database fails.
pub async fn end_ingestion(
    write: &Write,
    id: &SourceId,
    readable: &str,
    words: u64,
    now: OffsetDateTime,
) -> Result<(), AppError> {
    store::set_readable(write.tx(), id, readable).await?;
    change(write, id, now, |source| {
        (source.status, source.error, source.words) = (SourceStatus::Completed, None, Some(words));
    })
    .await
}

/// Writes that a source could not be ingested, and why: because it was cancelled, if it does not say.
///
/// # Errors
/// When the database fails.
pub async fn fail_ingestion(
    write: &Write,
    id: &SourceId,
    why: Option<&str>,
    now: OffsetDateTime,
) -> Result<(), AppError> {
    let why: String = why.unwrap_or("It was cancelled.").chars().take(SUMMARY_MAX_CHARS).collect();
    change(write, id, now, |source| {
        (source.status, source.error) = (SourceStatus::Failed, Some(why));
    })
    .await
}

/// Writes that a source waits to be ingested once more, because whoever had it ingested asks for that.
///
/// # Errors
/// [`AppError::NotFound`] if it is gone; [`AppError::Forbidden`] if they take part no longer; or when
/// the database fails.
pub async fn retry_ingestion(
    write: &Write,
    owner: UserId,
    id: &SourceId,
    now: OffsetDateTime,
) -> Result<(), AppError> {
    let source = store::find_source(write.tx(), id).await?.ok_or_else(|| no_such("source"))?;
    role_in(write.tx(), owner, &source.project_id).await?;
    change(write, id, now, |source| {
        (source.status, source.error) = (SourceStatus::Pending, None);
    })
    .await
}

/// Changes a source, if it is still there.
async fn change(
    write: &Write,
    id: &SourceId,
    now: OffsetDateTime,
    change: impl FnOnce(&mut Source),
) -> Result<(), AppError> {
    let Some(mut source) = store::find_source(write.tx(), id).await? else {
        return Ok(());
    };
    change(&mut source);
    save(write, &mut source, now).await
}

async fn save(write: &Write, source: &mut Source, now: OffsetDateTime) -> Result<(), AppError> {
    (source.updated_at, source.version) = (now, source.version + 1);
    store::update_source(write.tx(), source).await
}

/// Refuses a source for which its project has no room: a job reads all of them at once.
async fn has_room(conn: &impl ConnectionTrait, new: &Source) -> Result<(), AppError> {
    let there_are = store::sources(conn, &new.project_id).await?;
    let bytes: u64 = there_are.iter().map(|source| source.bytes).sum();
    let message = if there_are.len() >= PROJECT_MAX_SOURCES {
        format!("A project has at most {PROJECT_MAX_SOURCES} sources. Delete one first.")
    } else if bytes + new.bytes > PROJECT_MAX_BYTES {
        let megabytes = PROJECT_MAX_BYTES / 1_000_000;
        format!("The sources of a project have at most {megabytes} MB together. Delete one first.")
    } else {
        return Ok(());
    };
    Err(AppError::Conflict { message })
}

/// A source of a project in which somebody takes part.
async fn own(
    conn: &impl ConnectionTrait,
    user: UserId,
    project: &ProjectId,
    id: &SourceId,
) -> Result<Source, AppError> {
    role_in(conn, user, project).await?;
    of_project(conn, project, id).await
}

async fn of_project(
    conn: &impl ConnectionTrait,
    project: &ProjectId,
    id: &SourceId,
) -> Result<Source, AppError> {
    let source = store::find_source(conn, id).await?;
    source.filter(|source| source.project_id == *project).ok_or_else(|| no_such("source"))
}

pub(super) fn target_of(id: &SourceId) -> String {
    format!("source:{id}")
}

/// The job that ingests a source. It is no job of the project's own: what there is to see of it is
/// the source's status.
fn job_of(owner: UserId, source: &Source) -> Result<NewJob, AppError> {
    let payload = OfSource { source_id: source.id.clone() };
    Ok(NewJob {
        kind: KIND_INGESTION,
        owner,
        project_id: None,
        target: target_of(&source.id),
        title: source.source_name.clone(),
        link: Some(format!("/labs/{}", source.project_id)),
        payload: serde_json::to_value(payload).map_err(|_| AppError::Internal)?,
        max_attempts: 3,
    })
}
