//! Users and sessions in the database.
//!
//! Owns the entities and every query on them. It takes a connection and never opens one, sees
//! tokens and passwords only as hashes, and decides nothing.

use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect, SqlErr,
};
use time::OffsetDateTime;

use super::model::{CurrentUser, Role, UserId};
use crate::error::AppError;

mod user {
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
        /// Milliseconds since the Unix epoch.
        pub created_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(has_many = "super::session::Entity")]
        Session,
    }

    impl Related<super::session::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::Session.def()
        }
    }

    impl ActiveModelBehavior for ActiveModel {}
}

mod session {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "sessions")]
    pub struct Model {
        /// SHA-256 of the token, in lower-case hexadecimal digits.
        #[sea_orm(primary_key, auto_increment = false)]
        pub token_hash: String,
        pub user_id: i64,
        /// Milliseconds since the Unix epoch, as `expires_at`.
        pub created_at: i64,
        pub expires_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(
            belongs_to = "super::user::Entity",
            from = "Column::UserId",
            to = "super::user::Column::Id"
        )]
        User,
    }

    impl Related<super::user::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::User.def()
        }
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// A user to be added. The email address is in lower case.
pub(super) struct NewUser {
    pub(super) email: String,
    pub(super) name: String,
    pub(super) role: Role,
    pub(super) password_hash: String,
    pub(super) created_at: OffsetDateTime,
}

/// A session to be added.
pub(super) struct NewSession {
    pub(super) token_hash: String,
    pub(super) user: UserId,
    pub(super) created_at: OffsetDateTime,
    pub(super) expires_at: OffsetDateTime,
}

/// Adds a user. An address that is taken is a [`AppError::Conflict`].
pub(super) async fn insert_user(
    conn: &impl ConnectionTrait,
    new: NewUser,
) -> Result<UserId, AppError> {
    let email = new.email.clone();
    let row = user::ActiveModel {
        id: NotSet,
        email: Set(new.email),
        name: Set(new.name),
        role: Set(new.role.as_str().to_owned()),
        password_hash: Set(new.password_hash),
        created_at: Set(milliseconds(new.created_at)),
    };
    match user::Entity::insert(row).exec(conn).await {
        Ok(inserted) => Ok(UserId(inserted.last_insert_id)),
        Err(error) if violates_unique_email(&error) => {
            Err(AppError::Conflict { message: format!("{email} has an account already.") })
        }
        Err(error) => Err(error.into()),
    }
}

/// The user with that lower-case address, and their password's hash.
pub(super) async fn user_by_email(
    conn: &impl ConnectionTrait,
    email: &str,
) -> Result<Option<(CurrentUser, String)>, AppError> {
    let found = user::Entity::find().filter(user::Column::Email.eq(email)).one(conn).await?;
    found.map(|row| Ok((current(&row)?, row.password_hash))).transpose()
}

/// Whether an account has that lower-case address.
pub(super) async fn email_is_taken(
    conn: &impl ConnectionTrait,
    email: &str,
) -> Result<bool, AppError> {
    let query = user::Entity::find().select_only().column(user::Column::Id);
    let found: Option<i64> =
        query.filter(user::Column::Email.eq(email)).into_tuple().one(conn).await?;
    Ok(found.is_some())
}

/// Adds a session.
pub(super) async fn insert_session(
    conn: &impl ConnectionTrait,
    new: NewSession,
) -> Result<(), AppError> {
    let row = session::ActiveModel {
        token_hash: Set(new.token_hash),
        user_id: Set(new.user.0),
        created_at: Set(milliseconds(new.created_at)),
        expires_at: Set(milliseconds(new.expires_at)),
    };
    session::Entity::insert(row).exec_without_returning(conn).await?;
    Ok(())
}

/// The user of a session that has not expired, and when it does.
pub(super) async fn session_user(
    conn: &impl ConnectionTrait,
    token_hash: &str,
    now: OffsetDateTime,
) -> Result<Option<(CurrentUser, OffsetDateTime)>, AppError> {
    let found = session::Entity::find_by_id(token_hash)
        .filter(session::Column::ExpiresAt.gt(milliseconds(now)))
        .find_also_related(user::Entity)
        .one(conn)
        .await?;
    let Some((session, Some(user))) = found else {
        return Ok(None);
    };
    Ok(Some((current(&user)?, from_milliseconds(session.expires_at)?)))
}

/// Removes a session; says whether there was one.
pub(super) async fn delete_session(
    conn: &impl ConnectionTrait,
    token_hash: &str,
) -> Result<bool, AppError> {
    let deleted = session::Entity::delete_by_id(token_hash).exec(conn).await?;
    Ok(deleted.rows_affected > 0)
}

/// Removes the sessions that have expired.
pub(super) async fn delete_expired_sessions(
    conn: &impl ConnectionTrait,
    now: OffsetDateTime,
) -> Result<(), AppError> {
    let expired = session::Column::ExpiresAt.lte(milliseconds(now));
    session::Entity::delete_many().filter(expired).exec(conn).await?;
    Ok(())
}

/// Whether an error is `users_email_unique`. SQLite names the column instead of the constraint.
fn violates_unique_email(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(message))
        if message.contains("users.email") || message.contains("users_email_unique"))
}

fn current(row: &user::Model) -> Result<CurrentUser, AppError> {
    let role = row.role.parse().map_err(|error| unreadable("a user's role", &error))?;
    Ok(CurrentUser { id: UserId(row.id), email: row.email.clone(), name: row.name.clone(), role })
}

fn milliseconds(at: OffsetDateTime) -> i64 {
    let milliseconds = at.unix_timestamp_nanos() / 1_000_000;
    i64::try_from(milliseconds).unwrap_or(i64::MAX)
}

fn from_milliseconds(milliseconds: i64) -> Result<OffsetDateTime, AppError> {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(milliseconds) * 1_000_000)
        .map_err(|error| unreadable("a session's end", &error))
}

fn unreadable(what: &str, error: &dyn std::error::Error) -> AppError {
    DbErr::Type(format!("{what}: {error}")).into()
}
