//! Imports in the database.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, SqlErr,
};

use super::{
    entity::import::{ActiveModel, Column, Entity, Model},
    record::{count, from_millis, unreadable},
};
use crate::{
    account::model::UserId,
    error::AppError,
    orders::{
        live::unix_millis,
        model::{ImportCounts, ImportId, ImportStatus, OrderImport},
    },
};

/// Adds an import of a user. A second one that runs is [`OrderImport::one_at_a_time`].
pub(in crate::orders) async fn insert_import(
    conn: &impl ConnectionTrait,
    user: UserId,
    import: &OrderImport,
) -> Result<(), AppError> {
    match Entity::insert(row(user, import)?).exec_without_returning(conn).await {
        Ok(_) => Ok(()),
        Err(error) => match error.sql_err() {
            // The id is random: it is the user who has one already.
            Some(SqlErr::UniqueConstraintViolation(_)) => Err(OrderImport::one_at_a_time()),
            _ => Err(error.into()),
        },
    }
}

/// Writes how far an import has come, if it still runs; says whether it did.
pub(in crate::orders) async fn update_import(
    conn: &impl ConnectionTrait,
    user: UserId,
    import: &OrderImport,
) -> Result<bool, DbErr> {
    let updated = Entity::update_many()
        .set(row(user, import)?)
        .filter(Column::Id.eq(import.id.as_str()))
        .filter(Column::Status.eq(ImportStatus::Running.as_str()))
        .exec(conn)
        .await?;
    Ok(updated.rows_affected == 1)
}

/// An import of this user.
pub(in crate::orders) async fn find_import(
    conn: &impl ConnectionTrait,
    user: UserId,
    id: &ImportId,
) -> Result<Option<OrderImport>, DbErr> {
    let found = Entity::find_by_id(id.as_str().to_owned()).filter(Column::UserId.eq(user.0));
    found.one(conn).await?.map(OrderImport::try_from).transpose()
}

/// Every import that runs, with its user.
pub(in crate::orders) async fn running_imports(
    conn: &impl ConnectionTrait,
) -> Result<Vec<(UserId, OrderImport)>, DbErr> {
    let running = Entity::find().filter(Column::Status.eq(ImportStatus::Running.as_str()));
    let found = running.all(conn).await?;
    found.into_iter().map(|row| Ok((UserId(row.user_id), row.try_into()?))).collect()
}

fn row(user: UserId, import: &OrderImport) -> Result<ActiveModel, DbErr> {
    let ImportCounts { done, total, orders, lines, customers, products, skipped, bad } =
        import.counts;
    let of = |number| count("a count of an import", number);
    Ok(ActiveModel {
        id: Set(import.id.as_str().to_owned()),
        user_id: Set(user.0),
        status: Set(import.status.as_str().to_owned()),
        started_at: Set(unix_millis(import.started_at)),
        finished_at: Set(import.finished_at.map(unix_millis)),
        done: Set(of(done)?),
        total: Set(of(total)?),
        orders: Set(of(orders)?),
        lines: Set(of(lines)?),
        customers: Set(of(customers)?),
        products: Set(of(products)?),
        skipped: Set(of(skipped)?),
        bad: Set(of(bad)?),
        bad_rows: Set(serde_json::to_string(&import.bad_rows).map_err(unreadable)?),
        message: Set(import.message.clone()),
        version: Set(of(import.version)?),
    })
}

impl TryFrom<Model> for OrderImport {
    type Error = DbErr;

    fn try_from(row: Model) -> Result<Self, DbErr> {
        let of = |number: i64| u64::try_from(number).map_err(unreadable);
        let mut statuses = ImportStatus::ALL.into_iter();
        let status = statuses.find(|status| status.as_str() == row.status);
        Ok(Self {
            id: row.id.parse().map_err(unreadable)?,
            status: status.ok_or_else(|| DbErr::Type(format!("the status {:?}", row.status)))?,
            started_at: from_millis(row.started_at)?,
            finished_at: row.finished_at.map(from_millis).transpose()?,
            counts: ImportCounts {
                done: of(row.done)?,
                total: of(row.total)?,
                orders: of(row.orders)?,
                lines: of(row.lines)?,
                customers: of(row.customers)?,
                products: of(row.products)?,
                skipped: of(row.skipped)?,
                bad: of(row.bad)?,
            },
            bad_rows: serde_json::from_str(&row.bad_rows).map_err(unreadable)?,
            message: row.message,
            version: of(row.version)?,
        })
    }
}
