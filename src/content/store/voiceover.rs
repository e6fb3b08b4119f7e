//! Voiceovers. Each is its owner's: no query here finds one for anybody else.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, Order as Way,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};

use super::{Sound, count, entity::voiceover, from_millis, tag_of, to_millis, unreadable};
use crate::{
    account::model::UserId,
    content::{
        files::FileHash,
        model::{MediaFile, Page, Rate, Voiceover, VoiceoverId, VoiceoverRow},
    },
};

/// A page of somebody's voiceovers, the newest first.
pub(in crate::content) async fn voiceovers(
    conn: &impl ConnectionTrait,
    owner: UserId,
    page: u32,
) -> Result<Page<VoiceoverRow>, DbErr> {
    let total = of(owner).count(conn).await?;
    let per_page = u64::from(Page::<VoiceoverRow>::PER_PAGE);
    let found = of(owner)
        .order_by(voiceover::Column::CreatedAt, Way::Desc)
        .order_by(voiceover::Column::Id, Way::Desc)
        .limit(per_page)
        .offset(u64::from(page.saturating_sub(1)) * per_page)
        .all(conn)
        .await?;
    let rows = found.into_iter().map(|row| Ok(Voiceover::try_from(row)?.row));
    Ok(Page::new(rows.collect::<Result<_, DbErr>>()?, total, page))
}

/// One of somebody's voiceovers.
pub(in crate::content) async fn find_voiceover(
    conn: &impl ConnectionTrait,
    owner: UserId,
    id: &VoiceoverId,
) -> Result<Option<Voiceover>, DbErr> {
    one(owner, id).one(conn).await?.map(Voiceover::try_from).transpose()
}

/// The title and the sound of one of somebody's voiceovers, once it was spoken.
pub(in crate::content) async fn sound_of_voiceover(
    conn: &impl ConnectionTrait,
    owner: UserId,
    id: &VoiceoverId,
) -> Result<Option<(String, FileHash)>, DbErr> {
    let found = one(owner, id).one(conn).await?;
    Ok(found.and_then(|row| Some((row.title, FileHash::new(row.audio?)))))
}

/// Adds a voiceover that was not spoken yet.
pub(in crate::content) async fn insert_voiceover(
    conn: &impl ConnectionTrait,
    owner: UserId,
    new: &Voiceover,
) -> Result<(), DbErr> {
    let row = voiceover::ActiveModel {
        id: Set(new.row.id.as_str().to_owned()),
        owner_id: Set(owner.0),
        created_at: Set(to_millis(new.row.created_at)),
        audio: Set(None),
        audio_bytes: Set(None),
        duration_ms: Set(None),
        ..written(new)?
    };
    voiceover::Entity::insert(row).exec_without_returning(conn).await?;
    Ok(())
}

/// Writes a voiceover as it is: with another sound if there is one, and without any if it has none.
pub(in crate::content) async fn update_voiceover(
    conn: &impl ConnectionTrait,
    owner: UserId,
    now: &Voiceover,
    sound: Option<&Sound>,
) -> Result<(), DbErr> {
    let mut row = written(now)?;
    if let Some(sound) = sound {
        row.audio = Set(Some(sound.file.as_str().to_owned()));
        row.audio_bytes = Set(Some(count(sound.bytes)?));
        row.duration_ms = Set(Some(count(sound.duration_ms)?));
    } else if now.row.audio.is_none() {
        (row.audio, row.audio_bytes, row.duration_ms) = (Set(None), Set(None), Set(None));
    }
    voiceover::Entity::update_many()
        .set(row)
        .filter(voiceover::Column::Id.eq(now.row.id.as_str()))
        .filter(voiceover::Column::OwnerId.eq(owner.0))
        .exec(conn)
        .await?;
    Ok(())
}

/// Deletes one of somebody's voiceovers.
pub(in crate::content) async fn delete_voiceover(
    conn: &impl ConnectionTrait,
    owner: UserId,
    id: &VoiceoverId,
) -> Result<(), DbErr> {
    voiceover::Entity::delete_many()
        .filter(voiceover::Column::Id.eq(id.as_str()))
        .filter(voiceover::Column::OwnerId.eq(owner.0))
        .exec(conn)
        .await?;
    Ok(())
}

/// What may change of a row, but for its sound.
fn written(of: &Voiceover) -> Result<voiceover::ActiveModel, DbErr> {
    let Voiceover { row, text } = of;
    Ok(voiceover::ActiveModel {
        title: Set(row.title.clone()),
        status: Set(row.status.as_str().to_owned()),
        error: Set(row.error.clone()),
        text: Set(text.clone()),
        voice: Set(row.voice.as_str().to_owned()),
        rate: Set(row.rate.words_a_minute().into()),
        updated_at: Set(to_millis(row.updated_at)),
        version: Set(count(row.version)?),
        ..Default::default()
    })
}

fn of(owner: UserId) -> Select<voiceover::Entity> {
    voiceover::Entity::find().filter(voiceover::Column::OwnerId.eq(owner.0))
}

fn one(owner: UserId, id: &VoiceoverId) -> Select<voiceover::Entity> {
    of(owner).filter(voiceover::Column::Id.eq(id.as_str()))
}

impl TryFrom<voiceover::Model> for Voiceover {
    type Error = DbErr;

    fn try_from(row: voiceover::Model) -> Result<Self, DbErr> {
        let number = |number: i64| u64::try_from(number).map_err(unreadable);
        let audio = match (&row.audio, row.audio_bytes) {
            (Some(hash), Some(bytes)) => {
                Some(MediaFile { tag: tag_of(hash), bytes: number(bytes)? })
            }
            _ => None,
        };
        let rate = u16::try_from(row.rate).map_err(unreadable)?;
        Ok(Self {
            row: VoiceoverRow {
                id: row.id.parse().map_err(unreadable)?,
                title: row.title,
                status: row.status.parse().map_err(unreadable)?,
                error: row.error,
                voice: row.voice.parse().map_err(unreadable)?,
                rate: Rate::try_from(rate).map_err(unreadable)?,
                characters: row.text.chars().count() as u64,
                audio,
                duration_ms: row.duration_ms.map(number).transpose()?,
                created_at: from_millis(row.created_at)?,
                updated_at: from_millis(row.updated_at)?,
                version: number(row.version)?,
            },
            text: row.text,
        })
    }
}
