//! Sources, and their texts.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, Order as Way, QueryFilter,
    QueryOrder, QuerySelect, sea_query::Expr,
};

use super::{
    count,
    entity::{source, text as stored},
    from_count, from_millis, named, to_millis, unreadable,
};
use crate::{
    error::AppError,
    labs::model::{ProjectId, Source, SourceId, SourceStatus},
};

/// What can be read in a source.
pub(in crate::labs) struct Text {
    /// The source.
    pub(in crate::labs) id: SourceId,
    /// What it is called.
    pub(in crate::labs) name: String,
    /// Its text, as it was ingested.
    pub(in crate::labs) readable: String,
}

/// The sources of a project, the oldest first.
pub(in crate::labs) async fn sources(
    conn: &impl ConnectionTrait,
    project: &ProjectId,
) -> Result<Vec<Source>, AppError> {
    let rows = source::Entity::find()
        .filter(source::Column::ProjectId.eq(project.as_str()))
        .order_by(source::Column::CreatedAt, Way::Asc)
        .order_by(source::Column::Id, Way::Asc)
        .all(conn)
        .await?;
    rows.into_iter().map(of_row).collect()
}

/// A source of a project.
pub(in crate::labs) async fn find_source(
    conn: &impl ConnectionTrait,
    id: &SourceId,
) -> Result<Option<Source>, AppError> {
    let found = source::Entity::find_by_id(id.as_str()).one(conn).await?;
    found.map(of_row).transpose()
}

/// Adds a source with what came.
pub(in crate::labs) async fn insert_source(
    conn: &impl ConnectionTrait,
    new: &Source,
    body: &str,
) -> Result<(), AppError> {
    let row = source::ActiveModel {
        id: Set(new.id.as_str().to_owned()),
        project_id: Set(new.project_id.as_str().to_owned()),
        source_name: Set(new.source_name.clone()),
        status: Set(new.status.as_str().to_owned()),
        error: Set(new.error.clone()),
        bytes: Set(count(new.bytes)?),
        words: Set(new.words.map(count).transpose()?),
        created_at: Set(to_millis(new.created_at)),
        updated_at: Set(to_millis(new.updated_at)),
        version: Set(count(new.version)?),
    };
    source::Entity::insert(row).exec_without_returning(conn).await?;
    let text = stored::ActiveModel {
        source_id: Set(new.id.as_str().to_owned()),
        body: Set(body.to_owned()),
        readable: Set(None),
    };
    stored::Entity::insert(text).exec_without_returning(conn).await?;
    Ok(())
}

/// Writes how far a source has come.
pub(in crate::labs) async fn update_source(
    conn: &impl ConnectionTrait,
    now: &Source,
) -> Result<(), AppError> {
    source::Entity::update_many()
        .col_expr(source::Column::Status, Expr::value(now.status.as_str()))
        .col_expr(source::Column::Error, Expr::value(now.error.clone()))
        .col_expr(source::Column::Words, Expr::value(now.words.map(count).transpose()?))
        .col_expr(source::Column::UpdatedAt, Expr::value(to_millis(now.updated_at)))
        .col_expr(source::Column::Version, Expr::value(count(now.version)?))
        .filter(source::Column::Id.eq(now.id.as_str()))
        .exec(conn)
        .await?;
    Ok(())
}

/// Removes a source and its text.
pub(in crate::labs) async fn delete_source(
    conn: &impl ConnectionTrait,
    id: &SourceId,
) -> Result<(), AppError> {
    source::Entity::delete_by_id(id.as_str()).exec(conn).await?;
    Ok(())
}

/// What came as a source.
pub(in crate::labs) async fn text(
    conn: &impl ConnectionTrait,
    id: &SourceId,
) -> Result<Option<String>, AppError> {
    let found = stored::Entity::find_by_id(id.as_str())
        .select_only()
        .column(stored::Column::Body)
        .into_tuple()
        .one(conn)
        .await?;
    Ok(found)
}

/// Writes what can be read in a source.
pub(in crate::labs) async fn set_readable(
    conn: &impl ConnectionTrait,
    id: &SourceId,
    readable: &str,
) -> Result<(), AppError> {
    stored::Entity::update_many()
        .col_expr(stored::Column::Readable, Expr::value(readable))
        .filter(stored::Column::SourceId.eq(id.as_str()))
        .exec(conn)
        .await?;
    Ok(())
}

/// What can be read in a project's sources, the oldest first.
pub(in crate::labs) async fn texts(
    conn: &impl ConnectionTrait,
    project: &ProjectId,
) -> Result<Vec<Text>, AppError> {
    let ready: Vec<Source> = sources(conn, project).await?;
    let ready = ready.into_iter().filter(|source| source.status == SourceStatus::Completed);
    let mut texts = Vec::new();
    for source in ready {
        let readable: Option<Option<String>> = stored::Entity::find_by_id(source.id.as_str())
            .select_only()
            .column(stored::Column::Readable)
            .into_tuple()
            .one(conn)
            .await?;
        let text = readable.flatten();
        texts.extend(text.map(|readable| Text {
            id: source.id,
            name: source.source_name,
            readable,
        }));
    }
    Ok(texts)
}

fn of_row(row: source::Model) -> Result<Source, AppError> {
    Ok(Source {
        id: row.id.parse().map_err(unreadable)?,
        project_id: row.project_id.parse().map_err(unreadable)?,
        source_name: row.source_name,
        status: named(SourceStatus::ALL, SourceStatus::as_str, &row.status)?,
        error: row.error,
        bytes: from_count(row.bytes)?,
        words: row.words.map(from_count).transpose()?,
        created_at: from_millis(row.created_at)?,
        updated_at: from_millis(row.updated_at)?,
        version: from_count(row.version)?,
    })
}
