//! Importing orders for somebody who waits for it in a browser.
//!
//! Owns the import's row: one runs for each user at a time, its files are kept while they may be
//! needed, and it ends as its job does. What is imported, `orders::import` says; doing it is the
//! job's (`orders::work`).

use highwater::{AsOf, Committed, MutationId, Stamped};
use sea_orm::ConnectionTrait;
use time::OffsetDateTime;

use super::{authorise, whole_millis};
use crate::{
    account::{
        model::{CurrentUser, UserId},
        service::author,
    },
    error::AppError,
    id::random_bits,
    jobs::service::NewJob,
    orders::{
        import::ImportFiles,
        model::{ImportCounts, ImportId, ImportStatus, OrderImport},
        store,
        work::{self, Imported},
    },
    server::state::{AppState, Live, Write},
};

/// Starts an import of these files in the name of the user, and answers it before any was read. A
/// repeat of the mutation `by` of the same user starts nothing.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::Conflict`] while an import of the same user is under way;
/// or when the database or the log fails.
pub async fn start_import(
    state: &AppState,
    user: &CurrentUser,
    files: ImportFiles,
    by: Option<MutationId>,
) -> Result<Committed<OrderImport>, AppError> {
    authorise(user)?;
    let now = whole_millis(state.now());
    let new = OrderImport {
        id: ImportId::of_bits(random_bits()?),
        status: ImportStatus::Running,
        started_at: now,
        finished_at: None,
        counts: ImportCounts::default(),
        bad_rows: Vec::new(),
        message: None,
    };
    let (owner, jobs) = (user.id, state.jobs.clone());
    let started = state.live.write::<_, AppError>(author(owner, by), move |write| {
        Box::pin(async move {
            // Of what has ended, nobody begins the job again any more.
            store::delete_ended_import_files(write.tx(), owner).await?;
            store::insert_import(write.tx(), owner, &new).await?;
            store::insert_import_files(write.tx(), &new.id, &files).await?;
            jobs.enqueue(write, job_of(owner, &new.id), now).await?;
            Ok(new)
        })
    });
    started.await
}

/// An import of the user's own. The answer includes at least `min`; a refusal (forbidden, or no such
/// import of theirs) is stamped as well.
///
/// # Errors
/// When the database or the log fails.
pub async fn import(
    live: &Live,
    user: &CurrentUser,
    id: ImportId,
    min: Option<&AsOf>,
) -> Result<Stamped<Result<OrderImport, AppError>>, AppError> {
    let allowed = authorise(user);
    let user = user.id;
    live.read(min, move |tx| {
        Box::pin(async move {
            if let Err(refusal) = allowed {
                return Ok(Err(refusal));
            }
            Ok(store::find_import(tx, user, &id).await?.ok_or_else(no_such_import))
        })
    })
    .await
}

/// How far an import has come, and its files, for its job; `None` if they are not kept any more.
pub(in crate::orders) async fn import_to_do(
    conn: &impl ConnectionTrait,
    owner: UserId,
    id: &ImportId,
) -> Result<Option<(ImportCounts, ImportFiles)>, AppError> {
    let files = store::import_files(conn, id).await?;
    let found = store::find_import(conn, owner, id).await?.filter(|_| !files.is_empty());
    Ok(found.map(|import| (import.counts, files)))
}

/// Writes what an import's job did, and lets its files go.
pub(in crate::orders) async fn import_done(
    write: &Write,
    owner: UserId,
    id: &ImportId,
    done: Imported,
    now: OffsetDateTime,
) -> Result<(), AppError> {
    let mut import = own(write, owner, id).await?;
    (import.counts, import.bad_rows) = (done.counts, done.bad_rows);
    end(write, owner, import, (ImportStatus::Completed, None), now).await?;
    Ok(store::delete_import_files(write.tx(), id).await?)
}

/// Writes that an import failed, or without a `message` that it was cancelled. Its files are kept
/// for another try.
pub(in crate::orders) async fn import_not_done(
    write: &Write,
    owner: UserId,
    id: &ImportId,
    message: Option<&str>,
    now: OffsetDateTime,
) -> Result<(), AppError> {
    let status = match message {
        Some(_) => ImportStatus::Failed,
        None => ImportStatus::Cancelled,
    };
    let import = own(write, owner, id).await?;
    end(write, owner, import, (status, message.map(str::to_owned)), now).await
}

/// Shows that an import is to go on.
pub(in crate::orders) async fn import_retried(
    write: &Write,
    owner: UserId,
    id: &ImportId,
) -> Result<(), AppError> {
    if store::import_files(write.tx(), id).await?.is_empty() {
        let message = "Its files are no longer kept. Import them again: orders that are there \
                       already are left alone.";
        return Err(AppError::Conflict { message: message.to_owned() });
    }
    let import = own(write, owner, id).await?;
    let import =
        OrderImport { status: ImportStatus::Running, finished_at: None, message: None, ..import };
    store::update_import(write.tx(), owner, &import).await
}

async fn own(write: &Write, owner: UserId, id: &ImportId) -> Result<OrderImport, AppError> {
    store::find_import(write.tx(), owner, id).await?.ok_or_else(no_such_import)
}

async fn end(
    write: &Write,
    owner: UserId,
    import: OrderImport,
    (status, message): (ImportStatus, Option<String>),
    now: OffsetDateTime,
) -> Result<(), AppError> {
    let finished_at = Some(whole_millis(now));
    let import = OrderImport { status, message, finished_at, ..import };
    store::update_import(write.tx(), owner, &import).await
}

fn job_of(owner: UserId, id: &ImportId) -> NewJob {
    NewJob {
        kind: work::KIND_IMPORT,
        owner,
        project_id: None,
        target: id.target(),
        title: "Orders from files".to_owned(),
        link: Some(format!("/orders/import?id={id}")),
        payload: serde_json::json!({ "importId": id }),
        max_attempts: 3,
    }
}

fn no_such_import() -> AppError {
    AppError::NotFound { what: "import".to_owned() }
}
