//! Podcasts: making them of documents, having their script written and spoken, editing it, deleting
//! them; and what their jobs come to.

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
            ActivityType, DocumentStatus, Generate, Generating, NewPodcast, Podcast, PodcastId,
            PodcastPage, PodcastRow, PodcastSource, PodcastStatus, Script, ScriptEdit,
        },
        store::{self, Sound},
    },
    error::AppError,
    id::random_bits,
    jobs::{model::JobId, service::NewJob},
    server::state::{AppState, Write},
};

/// What a podcast's script is written from.
pub(in crate::content) enum Material {
    /// The titles and texts of its documents, as far as they are still there.
    Texts(Vec<(String, String)>),
    /// The document of this title is still being read.
    Unread(String),
    /// The document of this title could not be read.
    Unreadable(String),
}

/// Makes a podcast of documents, and nothing of it yet. A repeat of the mutation `by` of the same
/// user makes nothing.
///
/// # Errors
/// [`AppError::Invalid`] as [`NewPodcast::validate`] has it, and for a document that there is not or
/// that could not be read; or when the database or the log fails.
pub async fn create_podcast(
    state: &AppState,
    user: &CurrentUser,
    new: NewPodcast,
    by: Option<MutationId>,
) -> Result<Committed<Podcast>, AppError> {
    let title = new.validate()?;
    let (owner, now) = (user.id, state.now());
    let row = PodcastRow {
        id: PodcastId::of_bits(random_bits()?),
        title: title.as_str().to_owned(),
        status: PodcastStatus::Draft,
        error: None,
        duration_ms: None,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    state
        .live
        .write(author(user.id, by), move |write| {
            Box::pin(async move {
                let mut sources = Vec::new();
                for id in new.document_ids {
                    let refused = |message: String| AppError::invalid("documentIds", message);
                    let found = store::find_document(write.tx(), owner, &id).await?;
                    let missing = || refused(format!("There is no document {id}."));
                    let found = found.ok_or_else(missing)?.row;
                    if found.status == DocumentStatus::Failed {
                        let message = format!("“{}” could not be read.", found.title);
                        return Err(refused(message));
                    }
                    sources.push((id, found.title));
                }
                store::insert_podcast(write.tx(), owner, &row, &sources).await?;
                let entity = Entity::Podcast(row.id.clone());
                record_change(write, owner, entity, ChangeType::Insert).await?;
                let made = ActivityType::PodcastCreated;
                log_activity(write, owner, made, row.id.as_str(), &row.title, now).await?;
                let source = |(id, title)| PodcastSource { document_id: Some(id), title };
                let sources = sources.into_iter().map(source).collect();
                Ok(Podcast { row, sources, script: None, audio: None })
            })
        })
        .await
}

/// A page of the user's podcasts, the newest first. The answer includes at least `min`.
///
/// # Errors
/// When the database or the log fails.
pub async fn list_podcasts(
    state: &AppState,
    user: &CurrentUser,
    page: u32,
    min: Option<&AsOf>,
) -> Result<Stamped<Result<PodcastPage, AppError>>, AppError> {
    let owner = user.id;
    let read = state.live.read(min, move |tx| {
        Box::pin(async move {
            if page == 0 {
                return Ok(Err(AppError::invalid("page", "Pages are numbered from 1.")));
            }
            Ok(Ok(store::podcasts(tx, owner, page).await?))
        })
    });
    read.await
}

/// One of the user's podcasts. The answer includes at least `min`; that there is none is stamped as
/// well.
///
/// # Errors
/// When the database or the log fails.
pub async fn get_podcast(
    state: &AppState,
    user: &CurrentUser,
    id: PodcastId,
    min: Option<&AsOf>,
) -> Result<Stamped<Result<Podcast, AppError>>, AppError> {
    let owner = user.id;
    let read = state.live.read(min, move |tx| {
        Box::pin(async move {
            let found = store::find_podcast(tx, owner, &id).await?;
            Ok(found.ok_or_else(|| no_such("podcast")))
        })
    });
    read.await
}

/// Begins the job that writes or speaks one of the user's podcasts, and answers both as they are
/// then. A repeat of the mutation `by` begins nothing.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Conflict`] as [`Podcast::may_generate`] has it, and while
/// another job works on it; or when the database or the log fails.
pub async fn generate_podcast(
    state: &AppState,
    user: &CurrentUser,
    id: PodcastId,
    what: Generate,
    by: Option<MutationId>,
) -> Result<Committed<Generating>, AppError> {
    let (owner, now, jobs) = (user.id, state.now(), state.jobs.clone());
    state
        .live
        .write(author(user.id, by), move |write| {
            Box::pin(async move {
                let mut podcast = own(write.tx(), owner, &id).await?;
                podcast.may_generate(what)?;
                let job = jobs.enqueue(write, job_of(owner, &podcast.row, what), now).await?;
                podcast.begin(what);
                save(write, owner, &mut podcast, now).await?;
                record_change(write, owner, Entity::Podcast(id), ChangeType::Update).await?;
                Ok(Generating { job_id: job.id, podcast })
            })
        })
        .await
}

/// Puts another script in place of that of one of the user's podcasts, whose sound no longer fits
/// and is taken away. A repeat of the mutation `by` is answered with the first outcome.
///
/// # Errors
/// [`AppError::NotFound`], and as [`Podcast::edited`]; or when the database or the log fails.
pub async fn edit_script(
    state: &AppState,
    user: &CurrentUser,
    id: PodcastId,
    edit: ScriptEdit,
    by: Option<MutationId>,
) -> Result<Committed<Podcast>, AppError> {
    let (owner, now) = (user.id, state.now());
    let done = state
        .live
        .write::<Podcast, AppError>(author(user.id, by), move |write| {
            Box::pin(async move {
                let mut podcast = own(write.tx(), owner, &id).await?;
                let script = podcast.edited(edit)?;
                if podcast.script.as_ref() == Some(&script) {
                    return Ok(podcast);
                }
                podcast.replace_script(script);
                save(write, owner, &mut podcast, now).await?;
                store::set_podcast_sound(write.tx(), owner, &id, None).await?;
                record_change(write, owner, Entity::Podcast(id), ChangeType::Update).await?;
                let (of, title) = (podcast.row.id.as_str(), podcast.row.title.as_str());
                log_activity(write, owner, ActivityType::ScriptEdited, of, title, now).await?;
                Ok(podcast)
            })
        })
        .await?;
    state.files.released();
    Ok(done)
}

/// Deletes one of the user's podcasts; its job is cancelled, its sound is collected. A repeat of the
/// mutation `by` is answered with the first outcome.
///
/// # Errors
/// [`AppError::NotFound`]; or when the database or the log fails.
pub async fn delete_podcast(
    state: &AppState,
    user: &CurrentUser,
    id: PodcastId,
    by: Option<MutationId>,
) -> Result<Committed<()>, AppError> {
    let (owner, now, jobs) = (user.id, state.now(), state.jobs.clone());
    let deleted = state
        .live
        .write::<(), AppError>(author(user.id, by), move |write| {
            Box::pin(async move {
                let podcast = own(write.tx(), owner, &id).await?;
                store::delete_podcast(write.tx(), owner, &id).await?;
                jobs.cancel_for_target(write, &id.job_target(), now).await?;
                let entity = Entity::Podcast(id.clone());
                record_change(write, owner, entity, ChangeType::Delete).await?;
                let (deleted, title) = (ActivityType::PodcastDeleted, &podcast.row.title);
                log_activity(write, owner, deleted, id.as_str(), title, now).await
            })
        })
        .await?;
    state.files.released();
    Ok(deleted)
}

/// The title and the sound of one of the user's podcasts.
///
/// # Errors
/// [`AppError::NotFound`], also for one that was not spoken; or when the database fails.
pub async fn podcast_audio(
    state: &AppState,
    user: &CurrentUser,
    id: &PodcastId,
) -> Result<(String, FileHash), AppError> {
    let found = store::podcast_file(&state.db, user.id, id).await?;
    let (title, file) = found.ok_or_else(|| no_such("podcast"))?;
    Ok((title, file.ok_or_else(|| no_such("sound"))?))
}

/// The script that a podcast's job speaks; `None` if either is gone.
pub(in crate::content) async fn script_of(
    conn: &impl ConnectionTrait,
    owner: UserId,
    id: &PodcastId,
) -> Result<Option<Script>, AppError> {
    Ok(store::find_podcast(conn, owner, id).await?.and_then(|podcast| podcast.script))
}

/// What a podcast's job writes from; `None` if the podcast is gone.
pub(in crate::content) async fn material_of(
    conn: &impl ConnectionTrait,
    files: &Files,
    owner: UserId,
    id: &PodcastId,
) -> Result<Option<Material>, AppError> {
    let Some(podcast) = store::find_podcast(conn, owner, id).await? else { return Ok(None) };
    let mut texts = Vec::new();
    for document in podcast.sources.into_iter().filter_map(|source| source.document_id) {
        let Some(found) = store::find_document(conn, owner, &document).await? else { continue };
        match found.row.status {
            DocumentStatus::Processing => return Ok(Some(Material::Unread(found.row.title))),
            DocumentStatus::Failed => return Ok(Some(Material::Unreadable(found.row.title))),
            DocumentStatus::Ready => {}
        }
        let files_of = store::document_files(conn, owner, &document).await?;
        let Some(body) = files_of.and_then(|of| of.body) else { continue };
        let body = String::from_utf8_lossy(&files.read(&body).await?).into_owned();
        texts.push((found.row.title, body));
    }
    Ok(Some(Material::Texts(texts)))
}

/// Writes what a podcast's job made. One that was deleted meanwhile needs no word.
pub(in crate::content) async fn podcast_made(
    write: &Write,
    (owner, job): (UserId, JobId),
    (id, what): (PodcastId, Generate),
    (script, sound): (Option<Script>, Option<Sound>),
    now: OffsetDateTime,
) -> Result<(), AppError> {
    let Some(mut podcast) = store::find_podcast(write.tx(), owner, &id).await? else {
        return Ok(());
    };
    podcast.row.status = match sound {
        Some(_) => PodcastStatus::Ready,
        None => PodcastStatus::ScriptReady,
    };
    podcast.row.error = None;
    podcast.script = script.or(podcast.script.take());
    save(write, owner, &mut podcast, now).await?;
    // A script that is new has no sound yet, or this one; the sound of the one before is let go.
    store::set_podcast_sound(write.tx(), owner, &id, sound.as_ref()).await?;
    let activity = match what {
        Generate::Script => ActivityType::ScriptWritten,
        Generate::Audio | Generate::Podcast => ActivityType::PodcastReady,
    };
    tell_end(write, owner, (job, what), &podcast.row, (Finished::Completed, activity), now).await
}

/// Writes why nothing was made of a podcast; `why` is none when its job was cancelled, which leaves
/// it as it was before.
pub(in crate::content) async fn podcast_not_made(
    write: &Write,
    (owner, job): (UserId, JobId),
    (id, what): (PodcastId, Generate),
    why: Option<&str>,
    now: OffsetDateTime,
) -> Result<(), AppError> {
    let Some(mut podcast) = store::find_podcast(write.tx(), owner, &id).await? else {
        return Ok(());
    };
    podcast.row.status = match why {
        Some(_) => PodcastStatus::Failed,
        None => podcast.at_rest(),
    };
    podcast.row.error = why.map(str::to_owned);
    save(write, owner, &mut podcast, now).await?;
    let ended = (Finished::Failed, ActivityType::PodcastFailed);
    tell_end(write, owner, (job, what), &podcast.row, ended, now).await
}

/// Shows that a podcast's job is to be done again.
pub(in crate::content) async fn podcast_retried(
    write: &Write,
    owner: UserId,
    id: PodcastId,
    what: Generate,
    now: OffsetDateTime,
) -> Result<(), AppError> {
    let mut podcast = own(write.tx(), owner, &id).await?;
    podcast.may_generate(what)?;
    podcast.begin(what);
    save(write, owner, &mut podcast, now).await?;
    record_change(write, owner, Entity::Podcast(id), ChangeType::Update).await
}

async fn own(
    conn: &impl ConnectionTrait,
    owner: UserId,
    id: &PodcastId,
) -> Result<Podcast, AppError> {
    store::find_podcast(conn, owner, id).await?.ok_or_else(|| no_such("podcast"))
}

/// Writes a podcast as its next version.
async fn save(
    write: &Write,
    owner: UserId,
    podcast: &mut Podcast,
    now: OffsetDateTime,
) -> Result<(), AppError> {
    podcast.row.version += 1;
    podcast.row.updated_at = now;
    Ok(store::update_podcast(write.tx(), owner, podcast).await?)
}

async fn tell_end(
    write: &Write,
    owner: UserId,
    (job_id, job_type): (JobId, Generate),
    row: &PodcastRow,
    (status, activity): (Finished, ActivityType),
    now: OffsetDateTime,
) -> Result<(), AppError> {
    log_activity(write, owner, activity, row.id.as_str(), &row.title, now).await?;
    let podcast_id = row.id.clone();
    record(write, owner, ContentEvent::JobCompletion { job_id, job_type, status, podcast_id }).await
}

fn job_of(owner: UserId, row: &PodcastRow, what: Generate) -> NewJob {
    NewJob {
        kind: what.as_str(),
        owner,
        project_id: None,
        target: row.id.job_target(),
        title: row.title.clone(),
        link: Some(format!("/podcasts/{}", row.id)),
        payload: serde_json::json!({ "podcastId": row.id, "what": what }),
        max_attempts: 3,
    }
}
