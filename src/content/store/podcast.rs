//! Podcasts. Each is its owner's: no query here finds one for anybody else.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, Order as Way,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select, sea_query::Expr,
};
use serde::{Deserialize, Serialize};

use super::{
    count,
    entity::{podcast, podcast_source},
    from_count, from_millis, tag_of, to_millis, unreadable,
};
use crate::{
    account::model::UserId,
    content::{
        files::FileHash,
        model::{
            DocumentId, Podcast, PodcastAudio, PodcastId, PodcastPage, PodcastRow, PodcastSource,
        },
    },
};

/// Sound that was made: a job's result.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::content) struct Sound {
    /// The hash of its file.
    pub(in crate::content) file: FileHash,
    pub(in crate::content) bytes: u64,
    pub(in crate::content) duration_ms: u64,
    /// When each segment begins.
    pub(in crate::content) starts_ms: Vec<u64>,
}

/// A page of somebody's podcasts, the newest first.
pub(in crate::content) async fn podcasts(
    conn: &impl ConnectionTrait,
    owner: UserId,
    page: u32,
) -> Result<PodcastPage, DbErr> {
    let total = of(owner).count(conn).await?;
    let per_page = u64::from(PodcastPage::PER_PAGE);
    let found = of(owner)
        .order_by(podcast::Column::CreatedAt, Way::Desc)
        .order_by(podcast::Column::Id, Way::Desc)
        .limit(per_page)
        .offset(u64::from(page.saturating_sub(1)) * per_page)
        .all(conn)
        .await?;
    let rows = found.iter().map(row).collect::<Result<_, DbErr>>()?;
    Ok(PodcastPage::new(rows, total, page))
}

/// One of somebody's podcasts.
pub(in crate::content) async fn find_podcast(
    conn: &impl ConnectionTrait,
    owner: UserId,
    id: &PodcastId,
) -> Result<Option<Podcast>, DbErr> {
    let Some(found) = one(owner, id).one(conn).await? else { return Ok(None) };
    let sources = podcast_source::Entity::find()
        .filter(podcast_source::Column::PodcastId.eq(id.as_str()))
        .order_by(podcast_source::Column::Place, Way::Asc)
        .all(conn)
        .await?;
    let source = |source: podcast_source::Model| {
        let id = source.document_id.map(|id| id.parse()).transpose();
        Ok(PodcastSource { document_id: id.map_err(unreadable)?, title: source.title })
    };
    let audio = match (&found.audio, found.audio_bytes, found.duration_ms) {
        (Some(hash), Some(bytes), Some(duration_ms)) => Some(PodcastAudio {
            tag: tag_of(hash),
            bytes: from_count(bytes)?,
            duration_ms: from_count(duration_ms)?,
            starts_ms: serde_json::from_str(&found.starts_ms).map_err(unreadable)?,
        }),
        _ => None,
    };
    let script = found.script.as_deref().map(serde_json::from_str).transpose();
    Ok(Some(Podcast {
        row: row(&found)?,
        sources: sources.into_iter().map(source).collect::<Result<_, DbErr>>()?,
        script: script.map_err(unreadable)?,
        audio,
    }))
}

/// The title of one of somebody's podcasts, and the file of its sound, if it has any.
pub(in crate::content) async fn podcast_file(
    conn: &impl ConnectionTrait,
    owner: UserId,
    id: &PodcastId,
) -> Result<Option<(String, Option<FileHash>)>, DbErr> {
    let found = one(owner, id).one(conn).await?;
    Ok(found.map(|found| (found.title, found.audio.map(FileHash::new))))
}

/// Adds a podcast of which nothing was made yet.
pub(in crate::content) async fn insert_podcast(
    conn: &impl ConnectionTrait,
    owner: UserId,
    row: &PodcastRow,
    sources: &[(DocumentId, String)],
) -> Result<(), DbErr> {
    let new = podcast::ActiveModel {
        id: Set(row.id.as_str().to_owned()),
        owner_id: Set(owner.0),
        title: Set(row.title.clone()),
        status: Set(row.status.as_str().to_owned()),
        error: Set(None),
        script: Set(None),
        audio: Set(None),
        audio_bytes: Set(None),
        duration_ms: Set(None),
        starts_ms: Set("[]".to_owned()),
        created_at: Set(to_millis(row.created_at)),
        updated_at: Set(to_millis(row.updated_at)),
        version: Set(count(row.version)?),
    };
    podcast::Entity::insert(new).exec_without_returning(conn).await?;
    let sources = sources.iter().zip(0_i64..);
    let sources = sources.map(|((document, title), place)| podcast_source::ActiveModel {
        podcast_id: Set(row.id.as_str().to_owned()),
        place: Set(place),
        document_id: Set(Some(document.as_str().to_owned())),
        title: Set(title.clone()),
    });
    podcast_source::Entity::insert_many(sources).exec_without_returning(conn).await?;
    Ok(())
}

/// Writes a podcast's status, error, script, time of change and version.
pub(in crate::content) async fn update_podcast(
    conn: &impl ConnectionTrait,
    owner: UserId,
    podcast: &Podcast,
) -> Result<(), DbErr> {
    let Podcast { row, script, .. } = podcast;
    let script = script.as_ref().map(serde_json::to_string).transpose().map_err(unreadable)?;
    podcast::Entity::update_many()
        .col_expr(podcast::Column::Status, Expr::value(row.status.as_str()))
        .col_expr(podcast::Column::Error, Expr::value(row.error.clone()))
        .col_expr(podcast::Column::Script, Expr::value(script))
        .col_expr(podcast::Column::UpdatedAt, Expr::value(to_millis(row.updated_at)))
        .col_expr(podcast::Column::Version, Expr::value(count(row.version)?))
        .filter(podcast::Column::Id.eq(row.id.as_str()))
        .filter(podcast::Column::OwnerId.eq(owner.0))
        .exec(conn)
        .await?;
    Ok(())
}

/// Puts a sound in place of the one that a podcast has, or takes that away.
pub(in crate::content) async fn set_podcast_sound(
    conn: &impl ConnectionTrait,
    owner: UserId,
    id: &PodcastId,
    sound: Option<&Sound>,
) -> Result<(), DbErr> {
    let starts = sound.map_or(&[][..], |sound| &sound.starts_ms);
    let starts = serde_json::to_string(starts).map_err(unreadable)?;
    let bytes = sound.map(|sound| count(sound.bytes)).transpose()?;
    let duration = sound.map(|sound| count(sound.duration_ms)).transpose()?;
    podcast::Entity::update_many()
        .col_expr(podcast::Column::Audio, Expr::value(sound.map(|sound| sound.file.as_str())))
        .col_expr(podcast::Column::AudioBytes, Expr::value(bytes))
        .col_expr(podcast::Column::DurationMs, Expr::value(duration))
        .col_expr(podcast::Column::StartsMs, Expr::value(starts))
        .filter(podcast::Column::Id.eq(id.as_str()))
        .filter(podcast::Column::OwnerId.eq(owner.0))
        .exec(conn)
        .await?;
    Ok(())
}

/// Deletes one of somebody's podcasts.
pub(in crate::content) async fn delete_podcast(
    conn: &impl ConnectionTrait,
    owner: UserId,
    id: &PodcastId,
) -> Result<(), DbErr> {
    podcast::Entity::delete_many()
        .filter(podcast::Column::Id.eq(id.as_str()))
        .filter(podcast::Column::OwnerId.eq(owner.0))
        .exec(conn)
        .await?;
    Ok(())
}

/// The podcasts that are made of a document.
pub(in crate::content) async fn podcasts_of_document(
    conn: &impl ConnectionTrait,
    id: &DocumentId,
) -> Result<Vec<PodcastId>, DbErr> {
    let ids: Vec<String> = podcast_source::Entity::find()
        .select_only()
        .column(podcast_source::Column::PodcastId)
        .filter(podcast_source::Column::DocumentId.eq(id.as_str()))
        .into_tuple()
        .all(conn)
        .await?;
    ids.iter().map(|id| id.parse().map_err(unreadable)).collect()
}

fn of(owner: UserId) -> Select<podcast::Entity> {
    podcast::Entity::find().filter(podcast::Column::OwnerId.eq(owner.0))
}

fn one(owner: UserId, id: &PodcastId) -> Select<podcast::Entity> {
    of(owner).filter(podcast::Column::Id.eq(id.as_str()))
}

fn row(row: &podcast::Model) -> Result<PodcastRow, DbErr> {
    Ok(PodcastRow {
        id: row.id.parse().map_err(unreadable)?,
        title: row.title.clone(),
        status: row.status.parse().map_err(unreadable)?,
        error: row.error.clone(),
        duration_ms: row.duration_ms.map(from_count).transpose()?,
        created_at: from_millis(row.created_at)?,
        updated_at: from_millis(row.updated_at)?,
        version: from_count(row.version)?,
    })
}
