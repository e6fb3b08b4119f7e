//! Infographics. Each is its owner's: no query here finds one for anybody else.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, Order as Way,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
};
use serde::{Deserialize, Serialize};

use super::{
    count,
    entity::{document, infographic},
    from_millis, tag_of, to_millis, unreadable,
};
use crate::{
    account::model::UserId,
    content::{
        files::FileHash,
        model::{
            DocumentId, DocumentStatus, Infographic, InfographicId, InfographicSource, MediaFile,
            Page,
        },
    },
};

/// A picture that was drawn: a job's result.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::content) struct Picture {
    /// The hash of the file.
    pub(in crate::content) file: FileHash,
    /// How large that is.
    pub(in crate::content) bytes: u64,
}

/// A page of somebody's infographics, the newest first.
pub(in crate::content) async fn infographics(
    conn: &impl ConnectionTrait,
    owner: UserId,
    page: u32,
) -> Result<Page<Infographic>, DbErr> {
    let total = of(owner).count(conn).await?;
    let per_page = u64::from(Page::<Infographic>::PER_PAGE);
    let found = of(owner)
        .order_by(infographic::Column::CreatedAt, Way::Desc)
        .order_by(infographic::Column::Id, Way::Desc)
        .limit(per_page)
        .offset(u64::from(page.saturating_sub(1)) * per_page)
        .find_also_related(document::Entity)
        .all(conn)
        .await?;
    let rows = found.into_iter().map(read).collect::<Result<_, _>>()?;
    Ok(Page::new(rows, total, page))
}

/// One of somebody's infographics.
pub(in crate::content) async fn find_infographic(
    conn: &impl ConnectionTrait,
    owner: UserId,
    id: &InfographicId,
) -> Result<Option<Infographic>, DbErr> {
    let found = of(owner)
        .filter(infographic::Column::Id.eq(id.as_str()))
        .find_also_related(document::Entity)
        .one(conn)
        .await?;
    found.map(read).transpose()
}

/// The infographic of one of somebody's documents.
pub(in crate::content) async fn infographic_of(
    conn: &impl ConnectionTrait,
    owner: UserId,
    document: &DocumentId,
) -> Result<Option<Infographic>, DbErr> {
    let found = of(owner)
        .filter(infographic::Column::DocumentId.eq(document.as_str()))
        .find_also_related(document::Entity)
        .one(conn)
        .await?;
    found.map(read).transpose()
}

/// Somebody's documents that were read and have no infographic, by their titles.
pub(in crate::content) async fn infographic_sources(
    conn: &impl ConnectionTrait,
    owner: UserId,
) -> Result<Vec<InfographicSource>, DbErr> {
    let drawn = of(owner).select_only().column(infographic::Column::DocumentId);
    let found: Vec<(String, String)> = document::Entity::find()
        .filter(document::Column::OwnerId.eq(owner.0))
        .filter(document::Column::Status.eq(DocumentStatus::Ready.as_str()))
        .filter(document::Column::Id.not_in_subquery(drawn.into_query()))
        .order_by(document::Column::Title, Way::Asc)
        .order_by(document::Column::Id, Way::Asc)
        .select_only()
        .columns([document::Column::Id, document::Column::Title])
        .into_tuple()
        .all(conn)
        .await?;
    let sources = found.into_iter().map(|(id, title)| {
        Ok(InfographicSource { document_id: id.parse().map_err(unreadable)?, title })
    });
    sources.collect()
}

/// The title and the picture of one of somebody's infographics, once there is one.
pub(in crate::content) async fn picture_of(
    conn: &impl ConnectionTrait,
    owner: UserId,
    id: &InfographicId,
) -> Result<Option<(String, FileHash)>, DbErr> {
    let found = of(owner).filter(infographic::Column::Id.eq(id.as_str())).one(conn).await?;
    Ok(found.and_then(|row| Some((row.title, FileHash::new(row.picture?)))))
}

/// Adds an infographic of which nothing was drawn yet.
pub(in crate::content) async fn insert_infographic(
    conn: &impl ConnectionTrait,
    owner: UserId,
    new: &Infographic,
    document: &DocumentId,
) -> Result<(), DbErr> {
    let row = infographic::ActiveModel {
        id: Set(new.id.as_str().to_owned()),
        owner_id: Set(owner.0),
        document_id: Set(document.as_str().to_owned()),
        title: Set(new.title.clone()),
        status: Set(new.status.as_str().to_owned()),
        error: Set(None),
        picture: Set(None),
        picture_bytes: Set(None),
        created_at: Set(to_millis(new.created_at)),
        updated_at: Set(to_millis(new.updated_at)),
        version: Set(count(new.version)?),
    };
    infographic::Entity::insert(row).exec_without_returning(conn).await?;
    Ok(())
}

/// Writes an infographic as it is, and with another picture if there is one.
pub(in crate::content) async fn update_infographic(
    conn: &impl ConnectionTrait,
    owner: UserId,
    now: &Infographic,
    picture: Option<&Picture>,
) -> Result<(), DbErr> {
    let mut row = infographic::ActiveModel {
        title: Set(now.title.clone()),
        status: Set(now.status.as_str().to_owned()),
        error: Set(now.error.clone()),
        updated_at: Set(to_millis(now.updated_at)),
        version: Set(count(now.version)?),
        ..Default::default()
    };
    if let Some(picture) = picture {
        row.picture = Set(Some(picture.file.as_str().to_owned()));
        row.picture_bytes = Set(Some(count(picture.bytes)?));
    }
    infographic::Entity::update_many()
        .set(row)
        .filter(infographic::Column::Id.eq(now.id.as_str()))
        .filter(infographic::Column::OwnerId.eq(owner.0))
        .exec(conn)
        .await?;
    Ok(())
}

/// Deletes one of somebody's infographics.
pub(in crate::content) async fn delete_infographic(
    conn: &impl ConnectionTrait,
    owner: UserId,
    id: &InfographicId,
) -> Result<(), DbErr> {
    infographic::Entity::delete_many()
        .filter(infographic::Column::Id.eq(id.as_str()))
        .filter(infographic::Column::OwnerId.eq(owner.0))
        .exec(conn)
        .await?;
    Ok(())
}

fn of(owner: UserId) -> Select<infographic::Entity> {
    infographic::Entity::find().filter(infographic::Column::OwnerId.eq(owner.0))
}

/// A row with the document that it is of, if that is still there.
fn read(
    (row, document): (infographic::Model, Option<document::Model>),
) -> Result<Infographic, DbErr> {
    let number = |number: i64| u64::try_from(number).map_err(unreadable);
    let picture = match (&row.picture, row.picture_bytes) {
        (Some(hash), Some(bytes)) => Some(MediaFile { tag: tag_of(hash), bytes: number(bytes)? }),
        _ => None,
    };
    Ok(Infographic {
        id: row.id.parse().map_err(unreadable)?,
        title: row.title,
        status: row.status.parse().map_err(unreadable)?,
        error: row.error,
        document_id: document
            .map(|document| document.id.parse().map_err(unreadable))
            .transpose()?,
        picture,
        created_at: from_millis(row.created_at)?,
        updated_at: from_millis(row.updated_at)?,
        version: number(row.version)?,
    })
}
