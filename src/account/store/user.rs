//! The table `users`.

use std::collections::HashMap;

use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, SqlErr,
    sea_query::Expr,
};
use time::OffsetDateTime;

use super::{from_millis, to_millis, unreadable};
use crate::{
    account::model::{CurrentUser, Person, Role, UserId},
    error::AppError,
};

pub(super) mod entity {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "users")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub email: String,
        pub name: String,
        pub role: String,
        pub password_hash: String,
        /// Milliseconds since the Unix epoch, as `last_seen_at`.
        pub created_at: i64,
        pub last_seen_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(has_many = "super::super::session::entity::Entity")]
        Session,
        #[sea_orm(has_many = "super::super::token::entity::Entity")]
        Token,
    }

    impl Related<super::super::session::entity::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::Session.def()
        }
    }

    impl Related<super::super::token::entity::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::Token.def()
        }
    }

    impl ActiveModelBehavior for ActiveModel {}
}

use entity::{ActiveModel, Column, Entity, Model};

/// A user to be added. The email address is in lower case.
pub(in crate::account) struct NewUser {
    pub(in crate::account) email: String,
    pub(in crate::account) name: String,
    pub(in crate::account) role: Role,
    pub(in crate::account) password_hash: String,
    pub(in crate::account) created_at: OffsetDateTime,
}

/// The names of these users; of those that there are.
pub(in crate::account) async fn names_of(
    conn: &impl ConnectionTrait,
    users: &[UserId],
) -> Result<HashMap<UserId, String>, DbErr> {
    let found: Vec<(i64, String)> = Entity::find()
        .select_only()
        .columns([Column::Id, Column::Name])
        .filter(Column::Id.is_in(users.iter().map(|user| user.0)))
        .into_tuple()
        .all(conn)
        .await?;
    Ok(found.into_iter().map(|(id, name)| (UserId(id), name)).collect())
}

/// Adds a user. An address that is taken is a [`AppError::Conflict`].
pub(in crate::account) async fn insert(
    conn: &impl ConnectionTrait,
    new: NewUser,
) -> Result<UserId, AppError> {
    let email = new.email.clone();
    let row = ActiveModel {
        id: NotSet,
        email: Set(new.email),
        name: Set(new.name),
        role: Set(new.role.as_str().to_owned()),
        password_hash: Set(new.password_hash),
        created_at: Set(to_millis(new.created_at)),
        last_seen_at: Set(None),
    };
    match Entity::insert(row).exec(conn).await {
        Ok(inserted) => Ok(UserId(inserted.last_insert_id)),
        Err(error) if violates_unique_email(&error) => {
            Err(AppError::Conflict { message: format!("{email} has an account already.") })
        }
        Err(error) => Err(error.into()),
    }
}

/// One user.
pub(in crate::account) async fn find(
    conn: &impl ConnectionTrait,
    id: UserId,
) -> Result<Option<CurrentUser>, AppError> {
    Entity::find_by_id(id.0).one(conn).await?.as_ref().map(current).transpose()
}

/// The user with that lower-case address, and their password's hash.
pub(in crate::account) async fn find_by_email(
    conn: &impl ConnectionTrait,
    email: &str,
) -> Result<Option<(CurrentUser, String)>, AppError> {
    let found = Entity::find().filter(Column::Email.eq(email)).one(conn).await?;
    found.map(|row| Ok((current(&row)?, row.password_hash))).transpose()
}

/// Whether an account has that lower-case address.
pub(in crate::account) async fn email_is_taken(
    conn: &impl ConnectionTrait,
    email: &str,
) -> Result<bool, AppError> {
    let query = Entity::find().select_only().column(Column::Id);
    let found: Option<i64> = query.filter(Column::Email.eq(email)).into_tuple().one(conn).await?;
    Ok(found.is_some())
}

/// Everybody, by name.
pub(in crate::account) async fn people(
    conn: &impl ConnectionTrait,
) -> Result<Vec<Person>, AppError> {
    let rows = Entity::find().order_by_asc(Column::Name).order_by_asc(Column::Id).all(conn).await?;
    let person = |row: Model| {
        let last_seen_at = row.last_seen_at.map(from_millis).transpose()?;
        Ok(Person { user: current(&row)?, last_seen_at })
    };
    rows.into_iter().map(person).collect()
}

/// How many admins there are.
pub(in crate::account) async fn count_admins(conn: &impl ConnectionTrait) -> Result<u64, AppError> {
    Ok(Entity::find().filter(Column::Role.eq(Role::Admin.as_str())).count(conn).await?)
}

/// Notes that a user was seen.
pub(in crate::account) async fn note_seen(
    conn: &impl ConnectionTrait,
    id: UserId,
    now: OffsetDateTime,
) -> Result<(), AppError> {
    let seen = Entity::update_many().col_expr(Column::LastSeenAt, Expr::value(to_millis(now)));
    seen.filter(Column::Id.eq(id.0)).exec(conn).await?;
    Ok(())
}

/// Gives a user another role.
pub(in crate::account) async fn set_role(
    conn: &impl ConnectionTrait,
    id: UserId,
    role: Role,
) -> Result<(), AppError> {
    let update = Entity::update_many().col_expr(Column::Role, Expr::value(role.as_str()));
    update.filter(Column::Id.eq(id.0)).exec(conn).await?;
    Ok(())
}

pub(super) fn current(row: &Model) -> Result<CurrentUser, AppError> {
    let role = row.role.parse().map_err(unreadable)?;
    Ok(CurrentUser { id: UserId(row.id), email: row.email.clone(), name: row.name.clone(), role })
}

/// Whether an error is `users_email_unique`. SQLite names the column instead of the constraint.
fn violates_unique_email(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(message))
        if message.contains("users.email") || message.contains("users_email_unique"))
}
