//! Which files there are, and which of them something refers to.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbBackend, DbErr, EntityTrait, ExprTrait, QueryFilter,
    QuerySelect, QueryTrait,
    sea_query::{Expr, OnConflict},
};
use time::OffsetDateTime;

use super::{
    count,
    entity::{document, file, infographic, podcast, voiceover},
    to_millis,
};
use crate::content::files::FileHash;

/// Notes that a file is there, now; whether it was before makes no difference.
pub(in crate::content) async fn keep_file(
    conn: &impl ConnectionTrait,
    hash: &FileHash,
    bytes: u64,
    now: OffsetDateTime,
) -> Result<(), DbErr> {
    let row = file::ActiveModel {
        hash: Set(hash.as_str().to_owned()),
        bytes: Set(count(bytes)?),
        kept_at: Set(to_millis(now)),
    };
    let again =
        OnConflict::column(file::Column::Hash).update_column(file::Column::KeptAt).to_owned();
    file::Entity::insert(row).on_conflict(again).exec_without_returning(conn).await?;
    Ok(())
}

/// Forgets the files that nothing refers to and that were kept before `before`.
pub(in crate::content) async fn forget_files(
    conn: &impl ConnectionTrait,
    before: OffsetDateTime,
) -> Result<(), DbErr> {
    let hash = || Expr::col((file::Entity, file::Column::Hash));
    let sources = document::Entity::find().select_only().column(document::Column::Source);
    let bodies = document::Entity::find()
        .select_only()
        .column(document::Column::Body)
        .filter(document::Column::Body.is_not_null());
    let sounds = podcast::Entity::find()
        .select_only()
        .column(podcast::Column::Audio)
        .filter(podcast::Column::Audio.is_not_null());
    let voices = voiceover::Entity::find()
        .select_only()
        .column(voiceover::Column::Audio)
        .filter(voiceover::Column::Audio.is_not_null());
    let pictures = infographic::Entity::find()
        .select_only()
        .column(infographic::Column::Picture)
        .filter(infographic::Column::Picture.is_not_null());
    file::Entity::delete_many()
        .filter(file::Column::KeptAt.lt(to_millis(before)))
        .filter(hash().not_in_subquery(sources.into_query()))
        .filter(hash().not_in_subquery(bodies.into_query()))
        .filter(hash().not_in_subquery(sounds.into_query()))
        .filter(hash().not_in_subquery(voices.into_query()))
        .filter(hash().not_in_subquery(pictures.into_query()))
        .exec(conn)
        .await?;
    Ok(())
}

/// Waits for those who keep files, and has others wait until this transaction ends; call it before
/// anything else in it. Where there is one writer, that is so anyway.
pub(in crate::content) async fn hold_files(conn: &impl ConnectionTrait) -> Result<(), DbErr> {
    if conn.get_database_backend() == DbBackend::Postgres {
        // It is no query, so the transaction's snapshot is yet to be taken, and has what was kept.
        conn.execute_unprepared("LOCK TABLE files IN SHARE ROW EXCLUSIVE MODE").await?;
    }
    Ok(())
}

/// Every file that is to be there.
pub(in crate::content) async fn files(conn: &impl ConnectionTrait) -> Result<Vec<FileHash>, DbErr> {
    let all = file::Entity::find().select_only().column(file::Column::Hash);
    let hashes: Vec<String> = all.into_tuple().all(conn).await?;
    Ok(hashes.into_iter().map(FileHash::new).collect())
}
