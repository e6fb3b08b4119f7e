//! Voiceovers: making, changing and deleting them, having them spoken again; and what their jobs
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
        files::FileHash,
        live::{ChangeType, ContentEvent, Entity, Finished},
        model::{
            ActivityType, Begun, Changed, MediaStatus, NewVoiceover, Page, Voiceover,
            VoiceoverChange, VoiceoverId, VoiceoverRow,
        },
        store::{self, Sound},
        work::KIND_VOICEOVER,
    },
    error::AppError,
    id::random_bits,
    jobs::{model::JobId, service::NewJob},
    server::state::{AppState, Write},
};

/// Adds a voiceover and begins to speak it. A repeat of the mutation `by` of the same user adds
/// nothing.
///
/// # Errors
/// [`AppError::Invalid`] as [`NewVoiceover::validate`] has it; or when the database or the log fails.
pub async fn create_voiceover(
    state: &AppState,
    user: &CurrentUser,
    new: NewVoiceover,
    by: Option<MutationId>,
) -> Result<Committed<Begun<Voiceover>>, AppError> {
    let (title, text) = new.validate()?;
    let (owner, now, jobs) = (user.id, state.now(), state.jobs.clone());
    let row = VoiceoverRow {
        id: VoiceoverId::of_bits(random_bits()?),
        title: title.as_str().to_owned(),
        status: MediaStatus::Generating,
        error: None,
        voice: new.voice,
        rate: new.rate,
        characters: text.chars().count() as u64,
        audio: None,
        duration_ms: None,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    state
        .live
        .write(author(user.id, by), move |write| {
            Box::pin(async move {
                let made = Voiceover { row, text };
                store::insert_voiceover(write.tx(), owner, &made).await?;
                let job = jobs.enqueue(write, job_of(owner, &made.row), now).await?;
                let entity = Entity::Voiceover(made.row.id.clone());
                record_change(write, owner, entity, ChangeType::Insert).await?;
                let added = ActivityType::VoiceoverAdded;
                let (id, title) = (made.row.id.as_str(), made.row.title.as_str());
                log_activity(write, owner, added, id, title, now).await?;
                Ok(Begun { job_id: job.id, made })
            })
        })
        .await
}

/// A page of the user's voiceovers, the newest first. The answer includes at least `min`; a refusal
/// (there is no page 0) is stamped as well.
///
/// # Errors
/// When the database or the log fails.
pub async fn list_voiceovers(
    state: &AppState,
    user: &CurrentUser,
    page: u32,
    min: Option<&AsOf>,
) -> Result<Stamped<Result<Page<VoiceoverRow>, AppError>>, AppError> {
    let owner = user.id;
    let read = state.live.read(min, move |tx| {
        Box::pin(async move {
            if page == 0 {
                return Ok(Err(AppError::invalid("page", "Pages are numbered from 1.")));
            }
            Ok(Ok(store::voiceovers(tx, owner, page).await?))
        })
    });
    read.await
}

/// One of the user's voiceovers. The answer includes at least `min`; that there is none is stamped
/// as well.
///
/// # Errors
/// When the database or the log fails.
pub async fn get_voiceover(
    state: &AppState,
    user: &CurrentUser,
    id: VoiceoverId,
    min: Option<&AsOf>,
) -> Result<Stamped<Result<Voiceover, AppError>>, AppError> {
    let owner = user.id;
    let read = state.live.read(min, move |tx| {
        Box::pin(async move {
            let found = store::find_voiceover(tx, owner, &id).await?;
            Ok(found.ok_or_else(|| no_such("voiceover")))
        })
    });
    read.await
}

/// Changes one of the user's voiceovers and answers it as it is then. Another text, voice or rate
/// begins to speak it again. A repeat of the mutation `by` is answered with the first outcome.
///
/// # Errors
/// [`AppError::NotFound`], and as [`Voiceover::changed`]; or when the database or the log fails.
pub async fn change_voiceover(
    state: &AppState,
    user: &CurrentUser,
    id: VoiceoverId,
    change: VoiceoverChange,
    by: Option<MutationId>,
) -> Result<Committed<Voiceover>, AppError> {
    let (owner, now, jobs) = (user.id, state.now(), state.jobs.clone());
    let changed = state
        .live
        .write(author(user.id, by), move |write| {
            Box::pin(async move {
                let before = own(write.tx(), owner, &id).await?;
                let (mut made, activity) = match before.changed(&change)? {
                    Changed::Nothing => return Ok(before),
                    Changed::Renamed(made) => (made, ActivityType::VoiceoverRenamed),
                    Changed::Respoken(made) => {
                        jobs.enqueue(write, job_of(owner, &made.row), now).await?;
                        (made, ActivityType::VoiceoverEdited)
                    }
                };
                save(write, owner, &mut made, None, now).await?;
                record_change(write, owner, Entity::Voiceover(id), ChangeType::Update).await?;
                let (id, title) = (made.row.id.as_str(), made.row.title.as_str());
                log_activity(write, owner, activity, id, title, now).await?;
                Ok::<_, AppError>(made)
            })
        })
        .await?;
    state.files.released();
    Ok(changed)
}

/// Begins to speak one of the user's voiceovers again. A repeat of the mutation `by` begins nothing.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Conflict`] while it is being spoken; or when the database or
/// the log fails.
pub async fn generate_voiceover(
    state: &AppState,
    user: &CurrentUser,
    id: VoiceoverId,
    by: Option<MutationId>,
) -> Result<Committed<Begun<Voiceover>>, AppError> {
    let (owner, now, jobs) = (user.id, state.now(), state.jobs.clone());
    state
        .live
        .write(author(user.id, by), move |write| {
            Box::pin(async move {
                let mut made = begin(write, owner, &id).await?;
                let job = jobs.enqueue(write, job_of(owner, &made.row), now).await?;
                save(write, owner, &mut made, None, now).await?;
                record_change(write, owner, Entity::Voiceover(id), ChangeType::Update).await?;
                Ok(Begun { job_id: job.id, made })
            })
        })
        .await
}

/// Deletes one of the user's voiceovers; its job is cancelled, its sound is collected. A repeat of
/// the mutation `by` is answered with the first outcome.
///
/// # Errors
/// [`AppError::NotFound`]; or when the database or the log fails.
pub async fn delete_voiceover(
    state: &AppState,
    user: &CurrentUser,
    id: VoiceoverId,
    by: Option<MutationId>,
) -> Result<Committed<()>, AppError> {
    let (owner, now, jobs) = (user.id, state.now(), state.jobs.clone());
    let deleted = state
        .live
        .write::<(), AppError>(author(user.id, by), move |write| {
            Box::pin(async move {
                let gone = own(write.tx(), owner, &id).await?;
                store::delete_voiceover(write.tx(), owner, &id).await?;
                jobs.cancel_for_target(write, &id.job_target(), now).await?;
                let entity = Entity::Voiceover(id.clone());
                record_change(write, owner, entity, ChangeType::Delete).await?;
                let deleted = ActivityType::VoiceoverDeleted;
                log_activity(write, owner, deleted, id.as_str(), &gone.row.title, now).await
            })
        })
        .await?;
    state.files.released();
    Ok(deleted)
}

/// The title and the sound of one of the user's voiceovers.
///
/// # Errors
/// [`AppError::NotFound`], also for one that was not spoken; or when the database fails.
pub async fn voiceover_audio(
    state: &AppState,
    user: &CurrentUser,
    id: &VoiceoverId,
) -> Result<(String, FileHash), AppError> {
    let found = store::sound_of_voiceover(&state.db, user.id, id).await?;
    found.ok_or_else(|| no_such("sound"))
}

/// A voiceover as its job works on it; `None` if it is gone.
pub(in crate::content) async fn voiceover_to_speak(
    conn: &impl ConnectionTrait,
    owner: UserId,
    id: &VoiceoverId,
) -> Result<Option<Voiceover>, AppError> {
    Ok(store::find_voiceover(conn, owner, id).await?)
}

/// Writes the sound that a job made. A voiceover that was deleted meanwhile needs no word.
pub(in crate::content) async fn voiceover_made(
    write: &Write,
    (owner, job_id): (UserId, JobId),
    id: &VoiceoverId,
    sound: &Sound,
    now: OffsetDateTime,
) -> Result<(), AppError> {
    let Some(mut made) = store::find_voiceover(write.tx(), owner, id).await? else {
        return Ok(());
    };
    (made.row.status, made.row.error) = (MediaStatus::Ready, None);
    save(write, owner, &mut made, Some(sound), now).await?;
    let ready = ActivityType::VoiceoverReady;
    log_activity(write, owner, ready, id.as_str(), &made.row.title, now).await?;
    tell_end(write, owner, job_id, made.row.id, Finished::Completed).await
}

/// Writes why a voiceover was not spoken; `why` is none when its job was cancelled, which leaves it
/// as it was before.
pub(in crate::content) async fn voiceover_not_made(
    write: &Write,
    (owner, job_id): (UserId, JobId),
    id: &VoiceoverId,
    why: Option<&str>,
    now: OffsetDateTime,
) -> Result<(), AppError> {
    let Some(mut made) = store::find_voiceover(write.tx(), owner, id).await? else {
        return Ok(());
    };
    made.row.error = why.map(str::to_owned);
    made.row.status = match why {
        Some(_) => MediaStatus::Failed,
        None => MediaStatus::at_rest(made.row.audio.is_some()),
    };
    save(write, owner, &mut made, None, now).await?;
    if why.is_some() {
        let failed = ActivityType::VoiceoverFailed;
        log_activity(write, owner, failed, id.as_str(), &made.row.title, now).await?;
    }
    tell_end(write, owner, job_id, made.row.id, Finished::Failed).await
}

/// Shows that a voiceover's job is to be done again.
pub(in crate::content) async fn voiceover_retried(
    write: &Write,
    owner: UserId,
    id: VoiceoverId,
    now: OffsetDateTime,
) -> Result<(), AppError> {
    let mut made = begin(write, owner, &id).await?;
    save(write, owner, &mut made, None, now).await?;
    record_change(write, owner, Entity::Voiceover(id), ChangeType::Update).await
}

/// A voiceover that begins to be spoken.
async fn begin(write: &Write, owner: UserId, id: &VoiceoverId) -> Result<Voiceover, AppError> {
    let mut made = own(write.tx(), owner, id).await?;
    made.row.status.may_generate()?;
    made.row.begin();
    Ok(made)
}

async fn own(
    conn: &impl ConnectionTrait,
    owner: UserId,
    id: &VoiceoverId,
) -> Result<Voiceover, AppError> {
    store::find_voiceover(conn, owner, id).await?.ok_or_else(|| no_such("voiceover"))
}

/// Writes a voiceover as its next version.
async fn save(
    write: &Write,
    owner: UserId,
    made: &mut Voiceover,
    sound: Option<&Sound>,
    now: OffsetDateTime,
) -> Result<(), AppError> {
    made.row.version += 1;
    made.row.updated_at = now;
    Ok(store::update_voiceover(write.tx(), owner, made, sound).await?)
}

async fn tell_end(
    write: &Write,
    owner: UserId,
    job_id: JobId,
    voiceover_id: VoiceoverId,
    status: Finished,
) -> Result<(), AppError> {
    let ended = ContentEvent::VoiceoverJobCompletion { job_id, status, voiceover_id };
    record(write, owner, ended).await
}

fn job_of(owner: UserId, row: &VoiceoverRow) -> NewJob {
    NewJob {
        kind: KIND_VOICEOVER,
        owner,
        project_id: None,
        target: row.id.job_target(),
        title: row.title.clone(),
        link: Some(format!("/voiceovers/{}", row.id)),
        payload: serde_json::json!({ "voiceoverId": row.id }),
        max_attempts: 3,
    }
}
