//! Jobs in the database.
//!
//! Owns the entity and every query on it, in SQL that SQLite and PostgreSQL share. It takes a
//! connection and never opens one, and decides nothing.

mod entity;
mod record;

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait, Order as Way,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select, SqlErr,
    sea_query::Expr,
};
use time::OffsetDateTime;

use self::{
    entity::{Column, Entity, Model},
    record::row,
};
use super::{
    model::{Job, JobId, JobPage, JobStatus},
    work::Task,
};
use crate::{
    account::model::UserId,
    error::AppError,
    server::database::column::{count, to_millis},
};

/// A job with what only the server knows of it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry {
    pub(super) task: Task,
    /// While it runs.
    pub(super) lease: Option<Lease>,
}

/// The claim of whoever runs a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lease {
    /// Random, and new for each claim: a runner that comes back late is told apart, also from
    /// itself.
    pub(super) name: String,
    /// From then on the job may be taken from it.
    pub(super) until: OffsetDateTime,
}

/// Jobs as they were found. Other programs write the table too, and one row of theirs that cannot be
/// read keeps nobody from the others.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) entries: Vec<Entry>,
    /// The ids of those that cannot be read.
    pub(super) unreadable: Vec<String>,
}

impl Rows {
    fn read(rows: impl IntoIterator<Item = Model>) -> Self {
        let mut all = Self::default();
        for row in rows {
            let id = row.id.clone();
            match Entry::try_from(row) {
                Ok(entry) => all.entries.push(entry),
                Err(error) => {
                    tracing::error!(%error, job = id, "a job cannot be read");
                    all.unreadable.push(id);
                }
            }
        }
        all
    }

    /// Whether nothing was found.
    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.unreadable.is_empty()
    }
}

/// Adds a job. A second live one for its target is [`Job::one_at_a_time`].
pub(super) async fn insert(conn: &impl ConnectionTrait, entry: &Entry) -> Result<(), AppError> {
    let inserted = Entity::insert(row(entry)?).exec_without_returning(conn).await;
    inserted.map(|_| ()).map_err(|error| refused(error, &entry.task.job))
}

/// Writes a job, if its version is still the one before; says whether it was. A second live one for
/// its target is [`Job::one_at_a_time`].
pub(super) async fn save(conn: &impl ConnectionTrait, entry: &Entry) -> Result<bool, AppError> {
    let job = &entry.task.job;
    let updated = Entity::update_many()
        .set(row(entry)?)
        .filter(Column::Id.eq(job.id.as_str()))
        .filter(Column::Version.eq(count(job.version.saturating_sub(1))?))
        .exec(conn)
        .await;
    Ok(updated.map_err(|error| refused(error, job))?.rows_affected == 1)
}

/// A job.
pub(super) async fn find(conn: &impl ConnectionTrait, id: &JobId) -> Result<Option<Entry>, DbErr> {
    entry(conn, Entity::find_by_id(id.as_str().to_owned())).await
}

/// A job of this owner.
pub(super) async fn find_own(
    conn: &impl ConnectionTrait,
    owner: UserId,
    id: &JobId,
) -> Result<Option<Entry>, DbErr> {
    let found = Entity::find_by_id(id.as_str().to_owned()).filter(Column::Owner.eq(owner.0));
    entry(conn, found).await
}

/// The job that was asked for last for a target, by this owner if one is given.
pub(super) async fn newest_of_target(
    conn: &impl ConnectionTrait,
    owner: Option<UserId>,
    target: &str,
) -> Result<Option<Entry>, DbErr> {
    let found = Entity::find()
        .filter(Column::Target.eq(target))
        .apply_if(owner, |found, owner| found.filter(Column::Owner.eq(owner.0)))
        .order_by(Column::CreatedAt, Way::Desc)
        .order_by(Column::Id, Way::Desc);
    entry(conn, found.limit(1)).await
}

/// The newest jobs of a project, at most `limit`.
pub(super) async fn of_project(
    conn: &impl ConnectionTrait,
    project: &str,
    limit: u64,
) -> Result<Vec<Entry>, DbErr> {
    let found = Entity::find()
        .filter(Column::ProjectId.eq(project))
        .order_by(Column::CreatedAt, Way::Desc)
        .order_by(Column::Id, Way::Desc);
    entries(conn, found.limit(limit)).await
}

/// The job of a target that is still to end.
pub(super) async fn live_of_target(
    conn: &impl ConnectionTrait,
    target: &str,
) -> Result<Option<Entry>, DbErr> {
    let live = [JobStatus::Queued.as_str(), JobStatus::Running.as_str()];
    let found = Entity::find().filter(Column::Target.eq(target)).filter(Column::Status.is_in(live));
    entry(conn, found).await
}

/// The jobs that are held under these leases.
pub(super) async fn held(
    conn: &impl ConnectionTrait,
    leases: &[String],
) -> Result<Vec<Entry>, DbErr> {
    let held = Entity::find().filter(Column::Lease.is_in(leases.iter().map(String::as_str)));
    entries(conn, held).await
}

/// Puts off the end of leases.
pub(super) async fn renew(
    conn: &impl ConnectionTrait,
    leases: &[String],
    until: OffsetDateTime,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::LeaseUntil, Expr::value(to_millis(until)))
        .filter(Column::Lease.is_in(leases.iter().map(String::as_str)))
        .exec(conn)
        .await?;
    Ok(())
}

/// Ends a job that cannot be read: whoever wrote it did not keep to the form, and it would stand in
/// the way of others.
pub(super) async fn end_unreadable(conn: &impl ConnectionTrait, id: &str) -> Result<(), DbErr> {
    let error = "It cannot be read.";
    Entity::update_many()
        .col_expr(Column::Status, Expr::value(JobStatus::Failed.as_str()))
        .col_expr(Column::Error, Expr::value(error))
        .col_expr(Column::Lease, Expr::value(None::<String>))
        .col_expr(Column::LeaseUntil, Expr::value(None::<i64>))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.eq(id))
        .exec(conn)
        .await?;
    Ok(())
}

/// What may be begun: those whose runner was lost first, then those whose turn it is.
pub(super) async fn due(
    conn: &impl ConnectionTrait,
    kinds: &[&'static str],
    now: OffsetDateTime,
    limit: u64,
) -> Result<Rows, DbErr> {
    let may_run_again = Expr::col(Column::Attempts).lt(Expr::col(Column::MaxAttempts));
    let lost = lost(kinds, now)
        .filter(Column::CancelRequested.eq(false))
        .filter(may_run_again)
        .limit(limit);
    let mut due = rows(conn, lost).await?;
    let left = limit.saturating_sub(due.entries.len() as u64);
    let queued = queued(Entity::find())
        .filter(Column::Kind.is_in(kinds.iter().copied()))
        .filter(Column::RunAfter.lte(to_millis(now)));
    let queued = rows(conn, queued.limit(left)).await?;
    due.entries.extend(queued.entries);
    due.unreadable.extend(queued.unreadable);
    Ok(due)
}

/// Whose runner was lost and must not be run again: cancelled meanwhile, or begun too often.
pub(super) async fn given_up(
    conn: &impl ConnectionTrait,
    kinds: &[&'static str],
    now: OffsetDateTime,
) -> Result<Rows, DbErr> {
    let exhausted = Expr::col(Column::Attempts).gte(Expr::col(Column::MaxAttempts));
    let why = Condition::any().add(Column::CancelRequested.eq(true)).add(exhausted);
    rows(conn, lost(kinds, now).filter(why)).await
}

/// An owner's jobs, with a page of those that have ended.
pub(super) async fn page(
    conn: &impl ConnectionTrait,
    owner: UserId,
    page: u32,
) -> Result<JobPage, DbErr> {
    let own = || Entity::find().filter(Column::Owner.eq(owner.0));
    let most = u64::from(JobPage::LIVE);
    let per_page = u64::from(JobPage::PER_PAGE);
    let running = own()
        .filter(Column::Status.eq(JobStatus::Running.as_str()))
        .order_by(Column::StartedAt, Way::Asc)
        .order_by(Column::Id, Way::Asc);
    let queued = queued(own());
    let live = [JobStatus::Queued.as_str(), JobStatus::Running.as_str()];
    let finished = own()
        .filter(Column::Status.is_not_in(live))
        .order_by(Column::FinishedAt, Way::Desc)
        .order_by(Column::Id, Way::Desc);
    let finished_total = finished.clone().count(conn).await?;
    let before = u64::from(page.saturating_sub(1)) * per_page;
    Ok(JobPage {
        running_total: running.clone().count(conn).await?,
        running: jobs(conn, running.limit(most)).await?,
        queued_total: queued.clone().count(conn).await?,
        queued: jobs(conn, queued.limit(most)).await?,
        finished: jobs(conn, finished.limit(per_page).offset(before)).await?,
        finished_total,
        page,
        pages: JobPage::pages_of(finished_total),
    })
}

/// How many jobs of each kind wait and run: kind, status, count.
pub(super) async fn live_by_kind(
    conn: &impl ConnectionTrait,
) -> Result<Vec<(String, String, i64)>, DbErr> {
    let live = [JobStatus::Queued.as_str(), JobStatus::Running.as_str()];
    Entity::find()
        .select_only()
        .column(Column::Kind)
        .column(Column::Status)
        .expr(Column::Id.count())
        .filter(Column::Status.is_in(live))
        .group_by(Column::Kind)
        .group_by(Column::Status)
        .into_tuple()
        .all(conn)
        .await
}

/// Whose lease has run out, the longest ago first.
fn lost(kinds: &[&'static str], now: OffsetDateTime) -> Select<Entity> {
    Entity::find()
        .filter(Column::Status.eq(JobStatus::Running.as_str()))
        .filter(Column::Kind.is_in(kinds.iter().copied()))
        .filter(Column::LeaseUntil.lt(to_millis(now)))
        .order_by(Column::LeaseUntil, Way::Asc)
        .order_by(Column::Id, Way::Asc)
}

/// Those of `of` that wait, in the order of their turns.
fn queued(of: Select<Entity>) -> Select<Entity> {
    of.filter(Column::Status.eq(JobStatus::Queued.as_str()))
        .order_by(Column::RunAfter, Way::Asc)
        .order_by(Column::CreatedAt, Way::Asc)
        .order_by(Column::Id, Way::Asc)
}

async fn entry(
    conn: &impl ConnectionTrait,
    select: Select<Entity>,
) -> Result<Option<Entry>, DbErr> {
    Ok(Rows::read(select.one(conn).await?).entries.pop())
}

async fn entries(conn: &impl ConnectionTrait, select: Select<Entity>) -> Result<Vec<Entry>, DbErr> {
    Ok(rows(conn, select).await?.entries)
}

async fn rows(conn: &impl ConnectionTrait, select: Select<Entity>) -> Result<Rows, DbErr> {
    Ok(Rows::read(select.all(conn).await?))
}

async fn jobs(conn: &impl ConnectionTrait, select: Select<Entity>) -> Result<Vec<Job>, DbErr> {
    Ok(entries(conn, select).await?.into_iter().map(|entry| entry.task.job).collect())
}

fn refused(error: DbErr, job: &Job) -> AppError {
    match error.sql_err() {
        // The id is random: it is the target that has one already.
        Some(SqlErr::UniqueConstraintViolation(_)) => Job::one_at_a_time(&job.title),
        _ => error.into(),
    }
}
