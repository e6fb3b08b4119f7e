//! Items: what is the same for notes, actions, agreements and goals. What differs stands in `row`.

use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, Order as Way, QueryFilter, QueryOrder,
};

use super::Names;
use crate::{coaching::model::Item, error::AppError};

/// An item that has a table.
pub(in crate::coaching) trait Stored: Item {
    /// Its table.
    type Table: EntityTrait<ActiveModel: Send>;

    /// The columns that every item has.
    const COLUMNS: Columns<<Self::Table as EntityTrait>::Column>;

    /// Its row.
    fn row(&self) -> Result<<Self::Table as EntityTrait>::ActiveModel, DbErr>;

    /// The account whose name a row wants.
    fn person(row: &<Self::Table as EntityTrait>::Model) -> Option<i64>;

    /// Reads a row.
    fn read(row: <Self::Table as EntityTrait>::Model, names: &Names) -> Result<Self, DbErr>;
}

/// The columns that every item has.
pub(in crate::coaching) struct Columns<C> {
    pub(super) id: C,
    /// What it belongs to.
    pub(super) of: C,
    pub(super) created_at: C,
}

/// The items of a session or a relationship, the oldest first.
pub(in crate::coaching) async fn items<I: Stored>(
    conn: &impl ConnectionTrait,
    of: &I::Of,
) -> Result<Vec<I>, AppError> {
    let rows = I::Table::find()
        .filter(I::COLUMNS.of.eq(of.to_string()))
        .order_by(I::COLUMNS.created_at, Way::Asc)
        .order_by(I::COLUMNS.id, Way::Asc)
        .all(conn)
        .await?;
    named::<I>(conn, rows).await
}

/// One item, whosever it is.
pub(in crate::coaching) async fn find_item<I: Stored>(
    conn: &impl ConnectionTrait,
    id: &I::Id,
) -> Result<Option<I>, AppError> {
    let row = I::Table::find().filter(I::COLUMNS.id.eq(id.to_string())).one(conn).await?;
    Ok(named::<I>(conn, row.into_iter().collect()).await?.pop())
}

/// Adds an item.
pub(in crate::coaching) async fn insert_item<I: Stored>(
    conn: &impl ConnectionTrait,
    new: &I,
) -> Result<(), DbErr> {
    I::Table::insert(new.row()?).exec_without_returning(conn).await?;
    Ok(())
}

/// Writes an item as it is now.
pub(in crate::coaching) async fn update_item<I: Stored>(
    conn: &impl ConnectionTrait,
    now: &I,
) -> Result<(), DbErr> {
    I::Table::update_many()
        .set(now.row()?)
        .filter(I::COLUMNS.id.eq(now.id().to_string()))
        .exec(conn)
        .await?;
    Ok(())
}

/// Deletes an item.
pub(in crate::coaching) async fn delete_item<I: Stored>(
    conn: &impl ConnectionTrait,
    id: &I::Id,
) -> Result<(), DbErr> {
    I::Table::delete_many().filter(I::COLUMNS.id.eq(id.to_string())).exec(conn).await?;
    Ok(())
}

/// Reads rows, with the names of whom they are about.
pub(super) async fn named<I: Stored>(
    conn: &impl ConnectionTrait,
    rows: Vec<<I::Table as EntityTrait>::Model>,
) -> Result<Vec<I>, AppError> {
    let people: Vec<i64> = rows.iter().filter_map(I::person).collect();
    let names = Names::of(conn, people).await?;
    rows.into_iter().map(|row| Ok(I::read(row, &names)?)).collect()
}
