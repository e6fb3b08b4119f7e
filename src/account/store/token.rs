//! The table `api_tokens`.

use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    sea_query::Expr,
};
use time::OffsetDateTime;

use super::{USE_NOTED_EVERY_MS, from_millis, to_millis, user};
use crate::{
    account::model::{ApiToken, CurrentUser, TokenId, UserId},
    error::AppError,
};

pub(super) mod entity {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "api_tokens")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub user_id: i64,
        pub name: String,
        /// SHA-256 of the secret, in lower-case hexadecimal digits.
        pub token_hash: String,
        pub prefix: String,
        /// Milliseconds since the Unix epoch, as `last_used_at`.
        pub created_at: i64,
        pub last_used_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(
            belongs_to = "super::super::user::entity::Entity",
            from = "Column::UserId",
            to = "super::super::user::entity::Column::Id"
        )]
        User,
    }

    impl Related<super::super::user::entity::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::User.def()
        }
    }

    impl ActiveModelBehavior for ActiveModel {}
}

use entity::{ActiveModel, Column, Entity, Model};

/// A token to be added.
#[derive(Clone)]
pub(in crate::account) struct NewToken {
    pub(in crate::account) name: String,
    pub(in crate::account) token_hash: String,
    pub(in crate::account) prefix: String,
    pub(in crate::account) created_at: OffsetDateTime,
}

/// Adds a token to a user's.
pub(in crate::account) async fn insert(
    conn: &impl ConnectionTrait,
    user: UserId,
    new: NewToken,
) -> Result<ApiToken, AppError> {
    let row = ActiveModel {
        id: NotSet,
        user_id: Set(user.0),
        name: Set(new.name.clone()),
        token_hash: Set(new.token_hash),
        prefix: Set(new.prefix.clone()),
        created_at: Set(to_millis(new.created_at)),
        last_used_at: Set(None),
    };
    let inserted = Entity::insert(row).exec(conn).await?;
    let NewToken { name, prefix, created_at, .. } = new;
    let id = TokenId(inserted.last_insert_id);
    Ok(ApiToken { id, name, prefix, created_at, last_used_at: None })
}

/// How many tokens a user has.
pub(in crate::account) async fn count(
    conn: &impl ConnectionTrait,
    user: UserId,
) -> Result<u64, AppError> {
    Ok(Entity::find().filter(Column::UserId.eq(user.0)).count(conn).await?)
}

/// The token with that hash, and whose it is.
pub(in crate::account) async fn find(
    conn: &impl ConnectionTrait,
    token_hash: &str,
) -> Result<Option<(ApiToken, CurrentUser)>, AppError> {
    let found = Entity::find()
        .filter(Column::TokenHash.eq(token_hash))
        .find_also_related(user::entity::Entity)
        .one(conn)
        .await?;
    let Some((row, Some(user))) = found else {
        return Ok(None);
    };
    Ok(Some((token(row)?, user::current(&user)?)))
}

/// A user's tokens, the newest first.
pub(in crate::account) async fn of_user(
    conn: &impl ConnectionTrait,
    user: UserId,
) -> Result<Vec<ApiToken>, AppError> {
    let found = Entity::find().filter(Column::UserId.eq(user.0));
    let rows = found.order_by_desc(Column::Id).all(conn).await?;
    rows.into_iter().map(token).collect()
}

/// All tokens with their users, or those of one user, the oldest first.
pub(in crate::account) async fn all(
    conn: &impl ConnectionTrait,
    user: Option<UserId>,
) -> Result<Vec<(ApiToken, CurrentUser)>, AppError> {
    let of_user = user.map(|user| Column::UserId.eq(user.0));
    let which = of_user.into_iter().fold(Condition::all(), Condition::add);
    let found = Entity::find().filter(which).find_also_related(user::entity::Entity);
    let rows = found.order_by_asc(Column::Id).all(conn).await?;
    let owned = rows.into_iter().filter_map(|(row, owner)| Some((row, owner?)));
    owned.map(|(row, owner)| Ok((token(row)?, user::current(&owner)?))).collect()
}

/// Notes a use, unless one was noted lately.
pub(in crate::account) async fn note_use(
    conn: &impl ConnectionTrait,
    id: TokenId,
    now: OffsetDateTime,
) -> Result<(), AppError> {
    let now = to_millis(now);
    let lately = Column::LastUsedAt.lte(now - USE_NOTED_EVERY_MS);
    Entity::update_many()
        .col_expr(Column::LastUsedAt, Expr::value(now))
        .filter(Column::Id.eq(id.0))
        .filter(Condition::any().add(Column::LastUsedAt.is_null()).add(lately))
        .exec(conn)
        .await?;
    Ok(())
}

/// Removes a token, of that user if one is named; answers whose and which it was.
pub(in crate::account) async fn delete(
    conn: &impl ConnectionTrait,
    owner: Option<UserId>,
    id: TokenId,
) -> Result<Option<(ApiToken, CurrentUser)>, AppError> {
    let found = Entity::find_by_id(id.0).find_also_related(user::entity::Entity).one(conn).await?;
    let Some((row, Some(user))) = found else {
        return Ok(None);
    };
    if owner.is_some_and(|owner| owner.0 != row.user_id) {
        return Ok(None);
    }
    Entity::delete_by_id(id.0).exec(conn).await?;
    Ok(Some((token(row)?, user::current(&user)?)))
}

fn token(row: Model) -> Result<ApiToken, AppError> {
    Ok(ApiToken {
        id: TokenId(row.id),
        name: row.name,
        prefix: row.prefix,
        created_at: from_millis(row.created_at)?,
        last_used_at: row.last_used_at.map(from_millis).transpose()?,
    })
}
