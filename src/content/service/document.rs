//! Documents: adding, listing, reading, renaming and deleting them, and what their job found.

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
        files::{FileHash, Files, Written},
        live::{ChangeType, ContentEvent, Entity, Finished},
        model::{
            ActivityType, Direction, Document, DocumentChange, DocumentId, DocumentPage,
            DocumentRow, DocumentStatus, DocumentText, Format, Title,
        },
        store::{self, DocumentFiles, Extract},
        work::{self, KIND_DOCUMENT},
    },
    error::AppError,
    id::random_bits,
    jobs::{model::JobId, service::NewJob},
    server::state::{AppState, Write},
};

/// A document to be added.
pub struct NewDocument {
    /// What it is called.
    pub title: Title,
    /// How it is written.
    pub format: Format,
    /// What came.
    pub source: Written,
}

/// A file of a document, to be sent.
pub struct DocumentFile {
    /// Which.
    pub hash: FileHash,
    /// What it is called on the reader's machine.
    pub name: String,
    /// Its media type.
    pub media_type: &'static str,
}

/// Adds a document and queues the job that reads it. A repeat of the mutation `by` of the same user
/// adds nothing.
///
/// # Errors
/// When the disk, the database or the log fails.
pub async fn create_document(
    state: &AppState,
    user: &CurrentUser,
    new: NewDocument,
    by: Option<MutationId>,
) -> Result<Committed<Document>, AppError> {
    let now = state.now();
    let NewDocument { title, format, source } = new;
    let row = DocumentRow {
        id: DocumentId::of_bits(random_bits()?),
        title: title.as_str().to_owned(),
        format,
        status: DocumentStatus::Processing,
        error: None,
        bytes: source.bytes(),
        words: None,
        characters: None,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    let (owner, files, jobs) = (user.id, state.files.clone(), state.jobs.clone());
    state
        .live
        .write(author(user.id, by), move |write| {
            Box::pin(async move {
                let hash = files.keep(write.tx(), source, now).await?;
                store::insert_document(write.tx(), owner, &row, &hash).await?;
                jobs.enqueue(write, job_of(owner, &row), now).await?;
                let entity = Entity::Document(row.id.clone());
                record_change(write, owner, entity, ChangeType::Insert).await?;
                let added = ActivityType::DocumentAdded;
                log_activity(write, owner, added, row.id.as_str(), &row.title, now).await?;
                let direction = Direction::default();
                Ok(Document { row, outline: Vec::new(), direction, parts: 0 })
            })
        })
        .await
}

/// A page of the user's documents, the newest first. The answer includes at least `min`.
///
/// # Errors
/// When the database or the log fails.
pub async fn list_documents(
    state: &AppState,
    user: &CurrentUser,
    page: u32,
    min: Option<&AsOf>,
) -> Result<Stamped<Result<DocumentPage, AppError>>, AppError> {
    let owner = user.id;
    state
        .live
        .read(min, move |tx| {
            Box::pin(async move {
                if page == 0 {
                    return Ok(Err(AppError::invalid("page", "Pages are numbered from 1.")));
                }
                Ok(Ok(store::documents(tx, owner, page).await?))
            })
        })
        .await
}

/// One of the user's documents. The answer includes at least `min`; that there is none is stamped
/// as well.
///
/// # Errors
/// When the database or the log fails.
pub async fn get_document(
    state: &AppState,
    user: &CurrentUser,
    id: DocumentId,
    min: Option<&AsOf>,
) -> Result<Stamped<Result<Document, AppError>>, AppError> {
    let owner = user.id;
    state
        .live
        .read(min, move |tx| {
            Box::pin(async move {
                let found = store::find_document(tx, owner, &id).await?;
                Ok(found.ok_or_else(|| no_such("document")))
            })
        })
        .await
}

/// A part of the text of one of the user's documents, from 1. The answer includes at least `min`;
/// that there is no such part is stamped as well.
///
/// # Errors
/// When the disk, the database or the log fails.
pub async fn document_text(
    state: &AppState,
    user: &CurrentUser,
    id: DocumentId,
    part: u32,
    min: Option<&AsOf>,
) -> Result<Stamped<Result<DocumentText, AppError>>, AppError> {
    let (owner, files) = (user.id, state.files.clone());
    state
        .live
        .read(min, move |tx| {
            Box::pin(async move {
                let found = store::document_files(tx, owner, &id).await?;
                let Some(body) = found.and_then(|found| found.body) else {
                    return Ok(Err(no_such("text")));
                };
                let body = files.read(&body).await?;
                let text = String::from_utf8_lossy(&body);
                Ok(DocumentText::cut(&text, part).ok_or_else(|| no_such("part of the text")))
            })
        })
        .await
}

/// Gives one of the user's documents another title and answers it as it is then. The title that it
/// has already changes nothing. A repeat of the mutation `by` is answered with the first outcome.
///
/// # Errors
/// [`AppError::NotFound`], and as [`DocumentRow::renamed`]; or when the database or the log fails.
pub async fn rename_document(
    state: &AppState,
    user: &CurrentUser,
    id: DocumentId,
    change: DocumentChange,
    by: Option<MutationId>,
) -> Result<Committed<Document>, AppError> {
    let (owner, now) = (user.id, state.now());
    state
        .live
        .write(author(user.id, by), move |write| {
            Box::pin(async move {
                let found = store::find_document(write.tx(), owner, &id).await?;
                let document = found.ok_or_else(|| no_such("document"))?;
                let Some(row) = document.row.renamed(&change, now)? else {
                    return Ok(document);
                };
                store::rename_document(write.tx(), owner, &row).await?;
                record_change(write, owner, Entity::Document(id), ChangeType::Update).await?;
                let renamed = ActivityType::DocumentRenamed;
                log_activity(write, owner, renamed, row.id.as_str(), &row.title, now).await?;
                Ok(Document { row, ..document })
            })
        })
        .await
}

/// Deletes one of the user's documents. A job that reads it is cancelled; its files are collected
/// unless something else refers to them. A repeat of the mutation `by` is answered with the first
/// outcome.
///
/// # Errors
/// [`AppError::NotFound`]; or when the database or the log fails.
pub async fn delete_document(
    state: &AppState,
    user: &CurrentUser,
    id: DocumentId,
    by: Option<MutationId>,
) -> Result<Committed<()>, AppError> {
    let (owner, now, jobs) = (user.id, state.now(), state.jobs.clone());
    let deleted = state
        .live
        .write::<(), AppError>(author(user.id, by), move |write| {
            Box::pin(async move {
                let found = store::find_document(write.tx(), owner, &id).await?;
                let document = found.ok_or_else(|| no_such("document"))?;
                let of = store::podcasts_of_document(write.tx(), &id).await?;
                let drawn = store::infographic_of(write.tx(), owner, &id).await?;
                store::delete_document(write.tx(), owner, &id).await?;
                for podcast in of {
                    let entity = Entity::Podcast(podcast);
                    record_change(write, owner, entity, ChangeType::Update).await?;
                }
                if let Some(infographic) = drawn {
                    let entity = Entity::Infographic(infographic.id);
                    record_change(write, owner, entity, ChangeType::Update).await?;
                }
                jobs.cancel_for_target(write, &work::target_of_document(&id), now).await?;
                let (entity, title) = (Entity::Document(id.clone()), &document.row.title);
                record_change(write, owner, entity, ChangeType::Delete).await?;
                let deleted = ActivityType::DocumentDeleted;
                log_activity(write, owner, deleted, id.as_str(), title, now).await
            })
        })
        .await?;
    state.files.released();
    Ok(deleted)
}

/// A file of one of the user's documents: what came, or the text in it.
///
/// # Errors
/// [`AppError::NotFound`], also for the text of a document that was not read; or when the database
/// fails.
pub async fn document_file(
    state: &AppState,
    user: &CurrentUser,
    id: &DocumentId,
    text: bool,
) -> Result<DocumentFile, AppError> {
    let found = store::document_files(&state.db, user.id, id).await?;
    let DocumentFiles { title, format, source, body } = found.ok_or_else(|| no_such("document"))?;
    if text {
        let hash = body.ok_or_else(|| no_such("text"))?;
        let media_type = Format::Text.media_type();
        return Ok(DocumentFile { hash, name: format!("{title}.txt"), media_type });
    }
    let name = format!("{title}.{}", format.ending());
    Ok(DocumentFile { hash: source, name, media_type: format.media_type() })
}

/// Whether a user has any document.
///
/// # Errors
/// When the database fails.
pub async fn has_documents(conn: &impl ConnectionTrait, owner: UserId) -> Result<bool, AppError> {
    Ok(store::documents(conn, owner, 1).await?.total > 0)
}

/// What came as a document, for its job; `None` if the document is gone.
pub(in crate::content) async fn source_of(
    conn: &impl ConnectionTrait,
    files: &Files,
    owner: UserId,
    id: &DocumentId,
) -> Result<Option<(Format, Vec<u8>)>, AppError> {
    let Some(found) = store::document_files(conn, owner, id).await? else {
        return Ok(None);
    };
    Ok(Some((found.format, files.read(&found.source).await?)))
}

/// Writes what a document's job found. A document that was deleted meanwhile needs no word.
pub(in crate::content) async fn document_ready(
    write: &Write,
    (owner, job): (UserId, JobId),
    id: DocumentId,
    found: &Extract,
    now: OffsetDateTime,
) -> Result<(), AppError> {
    if store::set_document_ready(write.tx(), &id, found, now).await? {
        tell_end(write, (owner, job), id, Finished::Completed, now).await?;
    }
    Ok(())
}

/// Writes why a document could not be read. A document that was deleted meanwhile needs no word.
pub(in crate::content) async fn document_failed(
    write: &Write,
    (owner, job): (UserId, JobId),
    id: DocumentId,
    why: &str,
    now: OffsetDateTime,
) -> Result<(), AppError> {
    if store::set_document_failed(write.tx(), &id, why, now).await? {
        tell_end(write, (owner, job), id, Finished::Failed, now).await?;
    }
    Ok(())
}

/// Shows that a document is to be read again.
pub(in crate::content) async fn document_retried(
    write: &Write,
    owner: UserId,
    id: DocumentId,
    now: OffsetDateTime,
) -> Result<(), AppError> {
    if !store::set_document_processing(write.tx(), &id, now).await? {
        return Err(no_such("document"));
    }
    record_change(write, owner, Entity::Document(id), ChangeType::Update).await
}

async fn tell_end(
    write: &Write,
    (owner, job_id): (UserId, JobId),
    id: DocumentId,
    status: Finished,
    now: OffsetDateTime,
) -> Result<(), AppError> {
    let found = store::find_document(write.tx(), owner, &id).await?;
    let title = found.map(|found| found.row.title).unwrap_or_default();
    let activity = match status {
        Finished::Completed => ActivityType::DocumentReady,
        Finished::Failed => ActivityType::DocumentFailed,
    };
    log_activity(write, owner, activity, id.as_str(), &title, now).await?;
    let ended = ContentEvent::DocumentJobCompletion { job_id, status, document_id: id };
    record(write, owner, ended).await
}

fn job_of(owner: UserId, row: &DocumentRow) -> NewJob {
    NewJob {
        kind: KIND_DOCUMENT,
        owner,
        project_id: None,
        target: work::target_of_document(&row.id),
        title: row.title.clone(),
        link: Some(format!("/documents/{}", row.id)),
        payload: serde_json::json!({ "documentId": row.id }),
        max_attempts: 3,
    }
}
