//! Documents. Each is its owner's: no query here finds one for anybody else.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, Order as Way,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select, sea_query::Expr,
};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{count, entity::document, from_millis, to_millis, unreadable};
use crate::{
    account::model::UserId,
    content::{
        files::FileHash,
        model::{
            Direction, Document, DocumentId, DocumentPage, DocumentRow, DocumentStatus,
            DocumentText, Format, Heading,
        },
    },
};

/// What a document's job found in it: its result.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::content) struct Extract {
    /// The hash of its text.
    pub(in crate::content) body: FileHash,
    /// How large that is.
    pub(in crate::content) body_bytes: u64,
    pub(in crate::content) words: u64,
    pub(in crate::content) characters: u64,
    pub(in crate::content) outline: Vec<Heading>,
    pub(in crate::content) direction: Direction,
}

/// The files of a document.
pub(in crate::content) struct DocumentFiles {
    pub(in crate::content) title: String,
    pub(in crate::content) format: Format,
    /// What came.
    pub(in crate::content) source: FileHash,
    /// The text in it, once it was read.
    pub(in crate::content) body: Option<FileHash>,
}

/// A page of somebody's documents, the newest first.
pub(in crate::content) async fn documents(
    conn: &impl ConnectionTrait,
    owner: UserId,
    page: u32,
) -> Result<DocumentPage, DbErr> {
    let total = of(owner).count(conn).await?;
    let per_page = u64::from(DocumentPage::PER_PAGE);
    let found = of(owner)
        .order_by(document::Column::CreatedAt, Way::Desc)
        .order_by(document::Column::Id, Way::Desc)
        .limit(per_page)
        .offset(u64::from(page.saturating_sub(1)) * per_page)
        .all(conn)
        .await?;
    let rows = found.into_iter().map(|found| Ok(Document::try_from(found)?.row));
    Ok(DocumentPage::new(rows.collect::<Result<_, DbErr>>()?, total, page))
}

/// One of somebody's documents.
pub(in crate::content) async fn find_document(
    conn: &impl ConnectionTrait,
    owner: UserId,
    id: &DocumentId,
) -> Result<Option<Document>, DbErr> {
    one(owner, id).one(conn).await?.map(Document::try_from).transpose()
}

/// The files of one of somebody's documents.
pub(in crate::content) async fn document_files(
    conn: &impl ConnectionTrait,
    owner: UserId,
    id: &DocumentId,
) -> Result<Option<DocumentFiles>, DbErr> {
    let Some(row) = one(owner, id).one(conn).await? else { return Ok(None) };
    Ok(Some(DocumentFiles {
        title: row.title,
        format: row.format.parse().map_err(unreadable)?,
        source: FileHash::new(row.source),
        body: row.body.map(FileHash::new),
    }))
}

/// Adds a document that was not read yet.
pub(in crate::content) async fn insert_document(
    conn: &impl ConnectionTrait,
    owner: UserId,
    row: &DocumentRow,
    source: &FileHash,
) -> Result<(), DbErr> {
    let new = document::ActiveModel {
        id: Set(row.id.as_str().to_owned()),
        owner_id: Set(owner.0),
        title: Set(row.title.clone()),
        format: Set(row.format.as_str().to_owned()),
        status: Set(row.status.as_str().to_owned()),
        error: Set(None),
        source: Set(source.as_str().to_owned()),
        bytes: Set(count(row.bytes)?),
        body: Set(None),
        body_bytes: Set(None),
        words: Set(None),
        characters: Set(None),
        outline: Set("[]".to_owned()),
        right_to_left: Set(false),
        created_at: Set(to_millis(row.created_at)),
        updated_at: Set(to_millis(row.updated_at)),
        version: Set(count(row.version)?),
    };
    document::Entity::insert(new).exec_without_returning(conn).await?;
    Ok(())
}

/// Gives a document the title, time of change and version of this row.
pub(in crate::content) async fn rename_document(
    conn: &impl ConnectionTrait,
    owner: UserId,
    row: &DocumentRow,
) -> Result<(), DbErr> {
    document::Entity::update_many()
        .col_expr(document::Column::Title, Expr::value(row.title.as_str()))
        .col_expr(document::Column::UpdatedAt, Expr::value(to_millis(row.updated_at)))
        .col_expr(document::Column::Version, Expr::value(count(row.version)?))
        .filter(document::Column::Id.eq(row.id.as_str()))
        .filter(document::Column::OwnerId.eq(owner.0))
        .exec(conn)
        .await?;
    Ok(())
}

/// Deletes one of somebody's documents; says whether there was one.
pub(in crate::content) async fn delete_document(
    conn: &impl ConnectionTrait,
    owner: UserId,
    id: &DocumentId,
) -> Result<bool, DbErr> {
    let deleted = document::Entity::delete_many()
        .filter(document::Column::Id.eq(id.as_str()))
        .filter(document::Column::OwnerId.eq(owner.0))
        .exec(conn)
        .await?;
    Ok(deleted.rows_affected == 1)
}

/// Gives a document what was found in it; says whether it is still there.
pub(in crate::content) async fn set_document_ready(
    conn: &impl ConnectionTrait,
    id: &DocumentId,
    found: &Extract,
    now: OffsetDateTime,
) -> Result<bool, DbErr> {
    let outline = serde_json::to_string(&found.outline).map_err(unreadable)?;
    let updated = document::Entity::update_many()
        .col_expr(document::Column::Status, Expr::value(DocumentStatus::Ready.as_str()))
        .col_expr(document::Column::Error, Expr::value(None::<String>))
        .col_expr(document::Column::Body, Expr::value(found.body.as_str()))
        .col_expr(document::Column::BodyBytes, Expr::value(count(found.body_bytes)?))
        .col_expr(document::Column::Words, Expr::value(count(found.words)?))
        .col_expr(document::Column::Characters, Expr::value(count(found.characters)?))
        .col_expr(document::Column::Outline, Expr::value(outline))
        .col_expr(
            document::Column::RightToLeft,
            Expr::value(found.direction == Direction::RightToLeft),
        )
        .col_expr(document::Column::UpdatedAt, Expr::value(to_millis(now)))
        .col_expr(document::Column::Version, Expr::col(document::Column::Version).add(1))
        .filter(document::Column::Id.eq(id.as_str()))
        .exec(conn)
        .await?;
    Ok(updated.rows_affected == 1)
}

/// Has a document wait to be read again; says whether it is still there.
pub(in crate::content) async fn set_document_processing(
    conn: &impl ConnectionTrait,
    id: &DocumentId,
    now: OffsetDateTime,
) -> Result<bool, DbErr> {
    let updated = document::Entity::update_many()
        .col_expr(document::Column::Status, Expr::value(DocumentStatus::Processing.as_str()))
        .col_expr(document::Column::Error, Expr::value(None::<String>))
        .col_expr(document::Column::UpdatedAt, Expr::value(to_millis(now)))
        .col_expr(document::Column::Version, Expr::col(document::Column::Version).add(1))
        .filter(document::Column::Id.eq(id.as_str()))
        .exec(conn)
        .await?;
    Ok(updated.rows_affected == 1)
}

/// Says why a document could not be read; says whether it is still there.
pub(in crate::content) async fn set_document_failed(
    conn: &impl ConnectionTrait,
    id: &DocumentId,
    why: &str,
    now: OffsetDateTime,
) -> Result<bool, DbErr> {
    let updated = document::Entity::update_many()
        .col_expr(document::Column::Status, Expr::value(DocumentStatus::Failed.as_str()))
        .col_expr(document::Column::Error, Expr::value(why))
        .col_expr(document::Column::UpdatedAt, Expr::value(to_millis(now)))
        .col_expr(document::Column::Version, Expr::col(document::Column::Version).add(1))
        .filter(document::Column::Id.eq(id.as_str()))
        .exec(conn)
        .await?;
    Ok(updated.rows_affected == 1)
}

fn of(owner: UserId) -> Select<document::Entity> {
    document::Entity::find().filter(document::Column::OwnerId.eq(owner.0))
}

fn one(owner: UserId, id: &DocumentId) -> Select<document::Entity> {
    of(owner).filter(document::Column::Id.eq(id.as_str()))
}

impl TryFrom<document::Model> for Document {
    type Error = DbErr;

    fn try_from(row: document::Model) -> Result<Self, DbErr> {
        let number = |number: i64| u64::try_from(number).map_err(unreadable);
        let body_bytes = row.body_bytes.map(number).transpose()?;
        Ok(Self {
            row: DocumentRow {
                id: row.id.parse().map_err(unreadable)?,
                title: row.title,
                format: row.format.parse().map_err(unreadable)?,
                status: row.status.parse().map_err(unreadable)?,
                error: row.error,
                bytes: number(row.bytes)?,
                words: row.words.map(number).transpose()?,
                characters: row.characters.map(number).transpose()?,
                created_at: from_millis(row.created_at)?,
                updated_at: from_millis(row.updated_at)?,
                version: number(row.version)?,
            },
            outline: serde_json::from_str(&row.outline).map_err(unreadable)?,
            direction: match row.right_to_left {
                true => Direction::RightToLeft,
                false => Direction::LeftToRight,
            },
            parts: body_bytes.map_or(0, DocumentText::parts_of),
        })
    }
}
