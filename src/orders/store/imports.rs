//! Imports in the database.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, SqlErr,
    sea_query::{Expr, Query},
};

use super::entity::{
    import::{ActiveModel, Column, Entity, Model},
    import_file,
};
use crate::{
    account::model::UserId,
    error::AppError,
    orders::{
        import::{FILES, ImportFiles},
        model::{ImportCounts, ImportId, ImportStatus, OrderImport},
    },
    server::database::column::{count, from_count, from_millis, to_millis, unreadable},
};

/// Adds an import of a user. A second one that runs is [`OrderImport::one_at_a_time`].
pub(in crate::orders) async fn insert_import(
    conn: &impl ConnectionTrait,
    user: UserId,
    import: &OrderImport,
) -> Result<(), AppError> {
    // The id is random: it is the user who has one already.
    let inserted = Entity::insert(row(user, import)?).exec_without_returning(conn).await;
    inserted.map(|_| ()).map_err(second)
}

/// Writes an import of a user. That it runs beside another one is [`OrderImport::one_at_a_time`].
pub(in crate::orders) async fn update_import(
    conn: &impl ConnectionTrait,
    user: UserId,
    import: &OrderImport,
) -> Result<(), AppError> {
    Entity::update(row(user, import)?).exec(conn).await.map(|_| ()).map_err(second)
}

/// Writes how far an import has come, if it was as far as `before` says; says whether it was.
pub(in crate::orders) async fn advance_import(
    conn: &impl ConnectionTrait,
    id: &ImportId,
    before: &ImportCounts,
    now: &ImportCounts,
) -> Result<bool, DbErr> {
    let of = |number| count(number).map(Expr::value);
    let updated = Entity::update_many()
        .col_expr(Column::Done, of(now.done)?)
        .col_expr(Column::Total, of(now.total)?)
        .col_expr(Column::Orders, of(now.orders)?)
        .col_expr(Column::Lines, of(now.lines)?)
        .col_expr(Column::Customers, of(now.customers)?)
        .col_expr(Column::Products, of(now.products)?)
        .col_expr(Column::Skipped, of(now.skipped)?)
        .filter(Column::Id.eq(id.as_str()))
        .filter(Column::Done.eq(count(before.done)?))
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

/// Keeps the files of an import.
pub(in crate::orders) async fn insert_import_files(
    conn: &impl ConnectionTrait,
    id: &ImportId,
    files: &ImportFiles,
) -> Result<(), DbErr> {
    let rows = files.iter().map(|(name, content)| import_file::ActiveModel {
        import_id: Set(id.as_str().to_owned()),
        name: Set((*name).to_owned()),
        content: Set(content.to_vec()),
    });
    import_file::Entity::insert_many(rows).exec_without_returning(conn).await?;
    Ok(())
}

/// The files of an import; none if they are no longer kept.
pub(in crate::orders) async fn import_files(
    conn: &impl ConnectionTrait,
    id: &ImportId,
) -> Result<ImportFiles, DbErr> {
    let found = import_file::Entity::find().filter(import_file::Column::ImportId.eq(id.as_str()));
    let found = found.all(conn).await?.into_iter();
    let known = |name: String| FILES.into_iter().find(|file| *file == name);
    Ok(found.filter_map(|file| Some((known(file.name)?, file.content.into()))).collect())
}

/// Forgets the files of an import.
pub(in crate::orders) async fn delete_import_files(
    conn: &impl ConnectionTrait,
    id: &ImportId,
) -> Result<(), DbErr> {
    let all = import_file::Entity::delete_many();
    all.filter(import_file::Column::ImportId.eq(id.as_str())).exec(conn).await?;
    Ok(())
}

/// Forgets the files of a user's imports that have ended.
pub(in crate::orders) async fn delete_ended_import_files(
    conn: &impl ConnectionTrait,
    user: UserId,
) -> Result<(), DbErr> {
    let ended = Query::select()
        .column(Column::Id)
        .from(Entity)
        .and_where(Column::UserId.eq(user.0))
        .and_where(Column::Status.ne(ImportStatus::Running.as_str()))
        .to_owned();
    let all = import_file::Entity::delete_many();
    all.filter(import_file::Column::ImportId.in_subquery(ended)).exec(conn).await?;
    Ok(())
}

/// The error of writing an import that runs beside another one of its user.
fn second(error: DbErr) -> AppError {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => OrderImport::one_at_a_time(),
        _ => error.into(),
    }
}

fn row(user: UserId, import: &OrderImport) -> Result<ActiveModel, DbErr> {
    let ImportCounts { done, total, orders, lines, customers, products, skipped, bad } =
        import.counts;
    let of = count;
    Ok(ActiveModel {
        id: Set(import.id.as_str().to_owned()),
        user_id: Set(user.0),
        status: Set(import.status.as_str().to_owned()),
        started_at: Set(to_millis(import.started_at)),
        finished_at: Set(import.finished_at.map(to_millis)),
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
    })
}

impl TryFrom<Model> for OrderImport {
    type Error = DbErr;

    fn try_from(row: Model) -> Result<Self, DbErr> {
        let of = from_count::<u64>;
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
        })
    }
}
