//! Infographics: having one made of a document, again and again; deleting them; and what their jobs
//! come to.

use highwater::{AsOf, Committed, MutationId, Stamped};
use sea_orm::ConnectionTrait;
use time::OffsetDateTime;

use super::{log_activity, no_such, record, record_change};
use crate::{
    account::{
        model::{CurrentUser, UserId},
        service::author,
    },
    content::{
        files::{FileHash, Files},
        live::{ChangeType, ContentEvent, Entity, Finished},
        model::{
            ActivityType, Begun, Document, DocumentId, DocumentStatus, Infographic, InfographicId,
            InfographicSource, MediaStatus, NewInfographic, Page,
        },
        store::{self, Picture},
        work::KIND_INFOGRAPHIC,
    },
    error::AppError,
    id::random_bits,
    jobs::{model::JobId, service::NewJob},
    server::state::{AppState, Write},
};

/// Adds the infographic of a document and begins to make it. A repeat of the mutation `by` of the
/// same user adds nothing.
///
/// # Errors
/// [`AppError::Invalid`] for a document that there is not or that was not read;
/// [`AppError::Conflict`] for one that has an infographic; or when the database or the log fails.
pub async fn create_infographic(
    state: &AppState,
    user: &CurrentUser,
    new: NewInfographic,
    by: Option<MutationId>,
) -> Result<Committed<Begun<Infographic>>, AppError> {
    let (owner, now, jobs) = (user.id, state.now(), state.jobs.clone());
    let id = InfographicId::of_bits(random_bits()?);
    state
        .live
        .write(author(user.id, by), move |write| {
            Box::pin(async move {
                let document = store::find_document(write.tx(), owner, &new.document_id).await?;
                let document = document.ok_or_else(|| refused("There is no such document."))?;
                if document.row.status != DocumentStatus::Ready {
                    return Err(refused("Choose a document that has been read."));
                }
                if store::infographic_of(write.tx(), owner, &new.document_id).await?.is_some() {
                    let message = "There is an infographic of this document already.".to_owned();
                    return Err(AppError::Conflict { message });
                }
                let made = Infographic {
                    id,
                    title: document.row.title,
                    status: MediaStatus::Generating,
                    error: None,
                    document_id: Some(new.document_id.clone()),
                    picture: None,
                    created_at: now,
                    updated_at: now,
                    version: 1,
                };
                store::insert_infographic(write.tx(), owner, &made, &new.document_id).await?;
                let job = jobs.enqueue(write, job_of(owner, &made), now).await?;
                let entity = Entity::Infographic(made.id.clone());
                record_change(write, owner, entity, ChangeType::Insert).await?;
                let added = ActivityType::InfographicAdded;
                log_activity(write, owner, added, made.id.as_str(), &made.title, now).await?;
                Ok(Begun { job_id: job.id, made })
            })
        })
        .await
}

/// A page of the user's infographics, the newest first. The answer includes at least `min`; a
/// refusal (there is no page 0) is stamped as well.
///
/// # Errors
/// When the database or the log fails.
pub async fn list_infographics(
    state: &AppState,
    user: &CurrentUser,
    page: u32,
    min: Option<&AsOf>,
) -> Result<Stamped<Result<Page<Infographic>, AppError>>, AppError> {
    let owner = user.id;
    let read = state.live.read(min, move |tx| {
        Box::pin(async move {
            if page == 0 {
                return Ok(Err(AppError::invalid("page", "Pages are numbered from 1.")));
            }
            Ok(Ok(store::infographics(tx, owner, page).await?))
        })
    });
    read.await
}

/// One of the user's infographics. The answer includes at least `min`; that there is none is stamped
/// as well.
///
/// # Errors
/// When the database or the log fails.
pub async fn get_infographic(
    state: &AppState,
    user: &CurrentUser,
    id: InfographicId,
    min: Option<&AsOf>,
) -> Result<Stamped<Result<Infographic, AppError>>, AppError> {
    let owner = user.id;
    let read = state.live.read(min, move |tx| {
        Box::pin(async move {
            let found = store::find_infographic(tx, owner, &id).await?;
            Ok(found.ok_or_else(|| no_such("infographic")))
        })
    });
    read.await
}

/// The infographic of one of the user's documents, if it has one. The answer includes at least `min`.
///
/// # Errors
/// When the database or the log fails.
pub async fn infographic_of_document(
    state: &AppState,
    user: &CurrentUser,
    document: DocumentId,
    min: Option<&AsOf>,
) -> Result<Stamped<Result<Option<Infographic>, AppError>>, AppError> {
    let owner = user.id;
    let read = state.live.read(min, move |tx| {
        Box::pin(async move { Ok(Ok(store::infographic_of(tx, owner, &document).await?)) })
    });
    read.await
}

/// The user's documents that were read and have no infographic. The answer includes at least `min`.
///
/// # Errors
/// When the database or the log fails.
pub async fn infographic_sources(
    state: &AppState,
    user: &CurrentUser,
    min: Option<&AsOf>,
) -> Result<Stamped<Result<Vec<InfographicSource>, AppError>>, AppError> {
    let owner = user.id;
    let read = state.live.read(min, move |tx| {
        Box::pin(async move { Ok(Ok(store::infographic_sources(tx, owner).await?)) })
    });
    read.await
}

/// Begins to make one of the user's infographics again, of its document as it is called now. A
/// repeat of the mutation `by` begins nothing.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Conflict`] while it is being made, and when its document was
/// deleted; or when the database or the log fails.
pub async fn generate_infographic(
    state: &AppState,
    user: &CurrentUser,
    id: InfographicId,
    by: Option<MutationId>,
) -> Result<Committed<Begun<Infographic>>, AppError> {
    let (owner, now, jobs) = (user.id, state.now(), state.jobs.clone());
    state
        .live
        .write(author(user.id, by), move |write| {
            Box::pin(async move {
                let mut made = begin(write, owner, &id).await?;
                let job = jobs.enqueue(write, job_of(owner, &made), now).await?;
                save(write, owner, &mut made, None, now).await?;
                record_change(write, owner, Entity::Infographic(id), ChangeType::Update).await?;
                Ok(Begun { job_id: job.id, made })
            })
        })
        .await
}

/// Deletes one of the user's infographics; its job is cancelled, its picture is collected. A repeat
/// of the mutation `by` is answered with the first outcome.
///
/// # Errors
/// [`AppError::NotFound`]; or when the database or the log fails.
pub async fn delete_infographic(
    state: &AppState,
    user: &CurrentUser,
    id: InfographicId,
    by: Option<MutationId>,
) -> Result<Committed<()>, AppError> {
    let (owner, now, jobs) = (user.id, state.now(), state.jobs.clone());
    let deleted = state
        .live
        .write::<(), AppError>(author(user.id, by), move |write| {
            Box::pin(async move {
                let gone = own(write.tx(), owner, &id).await?;
                store::delete_infographic(write.tx(), owner, &id).await?;
                jobs.cancel_for_target(write, &id.job_target(), now).await?;
                let entity = Entity::Infographic(id.clone());
                record_change(write, owner, entity, ChangeType::Delete).await?;
                let deleted = ActivityType::InfographicDeleted;
                log_activity(write, owner, deleted, id.as_str(), &gone.title, now).await
            })
        })
        .await?;
    state.files.released();
    Ok(deleted)
}

/// The title and the picture of one of the user's infographics.
///
/// # Errors
/// [`AppError::NotFound`], also before it was made; or when the database fails.
pub async fn infographic_file(
    state: &AppState,
    user: &CurrentUser,
    id: &InfographicId,
) -> Result<(String, FileHash), AppError> {
    let found = store::picture_of(&state.db, user.id, id).await?;
    found.ok_or_else(|| no_such("picture"))
}

/// What an infographic's job works with: the title and the text of its document; `None` if there is
/// nothing to draw any more.
pub(in crate::content) async fn text_of_infographic(
    conn: &impl ConnectionTrait,
    files: &Files,
    owner: UserId,
    id: &InfographicId,
) -> Result<Option<(String, String)>, AppError> {
    let found = store::find_infographic(conn, owner, id).await?;
    let Some(document) = found.and_then(|found| found.document_id) else { return Ok(None) };
    let found = store::document_files(conn, owner, &document).await?;
    let Some((title, body)) = found.and_then(|found| Some((found.title, found.body?))) else {
        return Ok(None);
    };
    let body = files.read(&body).await?;
    Ok(Some((title, String::from_utf8_lossy(&body).into_owned())))
}

/// Writes the picture that a job drew. An infographic that was deleted meanwhile needs no word.
pub(in crate::content) async fn infographic_made(
    write: &Write,
    (owner, job_id): (UserId, JobId),
    id: &InfographicId,
    picture: &Picture,
    now: OffsetDateTime,
) -> Result<(), AppError> {
    let Some(mut made) = store::find_infographic(write.tx(), owner, id).await? else {
        return Ok(());
    };
    (made.status, made.error) = (MediaStatus::Ready, None);
    save(write, owner, &mut made, Some(picture), now).await?;
    let ready = ActivityType::InfographicReady;
    log_activity(write, owner, ready, id.as_str(), &made.title, now).await?;
    tell_end(write, owner, job_id, made.id, Finished::Completed).await
}

/// Writes why an infographic was not made; `why` is none when its job was cancelled, which leaves it
/// as it was before.
pub(in crate::content) async fn infographic_not_made(
    write: &Write,
    (owner, job_id): (UserId, JobId),
    id: &InfographicId,
    why: Option<&str>,
    now: OffsetDateTime,
) -> Result<(), AppError> {
    let Some(mut made) = store::find_infographic(write.tx(), owner, id).await? else {
        return Ok(());
    };
    made.error = why.map(str::to_owned);
    made.status = match why {
        Some(_) => MediaStatus::Failed,
        None => MediaStatus::at_rest(made.picture.is_some()),
    };
    save(write, owner, &mut made, None, now).await?;
    if why.is_some() {
        let failed = ActivityType::InfographicFailed;
        log_activity(write, owner, failed, id.as_str(), &made.title, now).await?;
    }
    tell_end(write, owner, job_id, made.id, Finished::Failed).await
}

/// Shows that an infographic's job is to be done again.
pub(in crate::content) async fn infographic_retried(
    write: &Write,
    owner: UserId,
    id: InfographicId,
    now: OffsetDateTime,
) -> Result<(), AppError> {
    let mut made = begin(write, owner, &id).await?;
    save(write, owner, &mut made, None, now).await?;
    record_change(write, owner, Entity::Infographic(id), ChangeType::Update).await
}

/// An infographic that begins to be made of its document as that is called now.
async fn begin(write: &Write, owner: UserId, id: &InfographicId) -> Result<Infographic, AppError> {
    let mut made = own(write.tx(), owner, id).await?;
    made.status.may_generate()?;
    let document = match &made.document_id {
        Some(document) => store::find_document(write.tx(), owner, document).await?,
        None => None,
    };
    let Some(Document { row, .. }) = document else {
        let message = "Its document has been deleted, so it cannot be made again.".to_owned();
        return Err(AppError::Conflict { message });
    };
    made.title = row.title;
    made.begin();
    Ok(made)
}

async fn own(
    conn: &impl ConnectionTrait,
    owner: UserId,
    id: &InfographicId,
) -> Result<Infographic, AppError> {
    store::find_infographic(conn, owner, id).await?.ok_or_else(|| no_such("infographic"))
}

/// Writes an infographic as its next version.
async fn save(
    write: &Write,
    owner: UserId,
    made: &mut Infographic,
    picture: Option<&Picture>,
    now: OffsetDateTime,
) -> Result<(), AppError> {
    made.version += 1;
    made.updated_at = now;
    Ok(store::update_infographic(write.tx(), owner, made, picture).await?)
}

async fn tell_end(
    write: &Write,
    owner: UserId,
    job_id: JobId,
    infographic_id: InfographicId,
    status: Finished,
) -> Result<(), AppError> {
    let ended = ContentEvent::InfographicJobCompletion { job_id, status, infographic_id };
    record(write, owner, ended).await
}

fn refused(message: &str) -> AppError {
    AppError::invalid("documentId", message)
}

fn job_of(owner: UserId, made: &Infographic) -> NewJob {
    NewJob {
        kind: KIND_INFOGRAPHIC,
        owner,
        project_id: None,
        target: made.id.job_target(),
        title: made.title.clone(),
        link: Some(format!("/infographics/{}", made.id)),
        payload: serde_json::json!({ "infographicId": made.id }),
        max_attempts: 3,
    }
}
