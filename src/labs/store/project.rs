//! Projects, and who takes part.

use std::collections::HashMap;

use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, Order as Way, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, sea_query::Expr,
};
use time::OffsetDateTime;

use super::{
    count,
    entity::{member, node, project, source},
    from_count, from_millis, named, to_millis, unreadable,
};
use crate::{
    account::{model::UserId, service::names_of},
    error::AppError,
    labs::model::{Member, MemberRole, NodeStatus, Project, ProjectId},
};

/// The projects in which somebody takes part, by name.
pub(in crate::labs) async fn projects(
    conn: &impl ConnectionTrait,
    user: UserId,
) -> Result<Vec<Project>, AppError> {
    let roles: HashMap<String, String> = memberships(conn, user).await?.into_iter().collect();
    if roles.is_empty() {
        return Ok(Vec::new());
    }
    let rows = project::Entity::find()
        .filter(project::Column::Id.is_in(roles.keys()))
        .order_by(project::Column::Name, Way::Asc)
        .order_by(project::Column::Id, Way::Asc)
        .all(conn)
        .await?;
    let ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
    let mut counted = Counts::of(conn, &ids).await?;
    let of = |row: project::Model| {
        let role = roles.get(&row.id).map(String::as_str).unwrap_or_default();
        let role = named(MemberRole::ALL, MemberRole::as_str, role)?;
        counted.project(row, role)
    };
    rows.into_iter().map(of).collect()
}

/// One project, as somebody with this role sees it.
pub(in crate::labs) async fn find_project(
    conn: &impl ConnectionTrait,
    id: &ProjectId,
    role: MemberRole,
) -> Result<Option<Project>, AppError> {
    let Some(row) = project::Entity::find_by_id(id.as_str()).one(conn).await? else {
        return Ok(None);
    };
    let mut counted = Counts::of(conn, std::slice::from_ref(&row.id)).await?;
    counted.project(row, role).map(Some)
}

/// Whether there is such a project.
pub(in crate::labs) async fn exists(
    conn: &impl ConnectionTrait,
    id: &ProjectId,
) -> Result<bool, AppError> {
    Ok(project::Entity::find_by_id(id.as_str()).count(conn).await? > 0)
}

/// What somebody may do in a project; `None` if they do not take part.
pub(in crate::labs) async fn role_of(
    conn: &impl ConnectionTrait,
    id: &ProjectId,
    user: UserId,
) -> Result<Option<MemberRole>, AppError> {
    let found = member::Entity::find_by_id((id.as_str().to_owned(), user.0)).one(conn).await?;
    let role = found.map(|row| named(MemberRole::ALL, MemberRole::as_str, &row.role));
    Ok(role.transpose()?)
}

/// The ids of the projects in which somebody takes part.
pub(in crate::labs) async fn projects_of(
    conn: &impl ConnectionTrait,
    user: UserId,
) -> Result<Vec<ProjectId>, AppError> {
    let found = memberships(conn, user).await?;
    let ids = found.into_iter().map(|(id, _)| id.parse().map_err(unreadable));
    Ok(ids.collect::<Result<_, _>>()?)
}

/// Who takes part in a project, by name.
pub(in crate::labs) async fn members(
    conn: &impl ConnectionTrait,
    id: &ProjectId,
) -> Result<Vec<Member>, AppError> {
    let rows =
        member::Entity::find().filter(member::Column::ProjectId.eq(id.as_str())).all(conn).await?;
    let ids: Vec<UserId> = rows.iter().map(|row| UserId(row.user_id)).collect();
    let names = names_of(conn, &ids).await?;
    let member = |row: member::Model| {
        let user_id = UserId(row.user_id);
        Ok::<_, AppError>(Member {
            user_id,
            name: names.get(&user_id).cloned().unwrap_or_default(),
            role: named(MemberRole::ALL, MemberRole::as_str, &row.role)?,
            added_at: from_millis(row.added_at)?,
        })
    };
    let mut members = rows.into_iter().map(member).collect::<Result<Vec<_>, _>>()?;
    members.sort_by(|a, b| a.name.cmp(&b.name).then(a.user_id.cmp(&b.user_id)));
    Ok(members)
}

/// How many people own a project.
pub(in crate::labs) async fn owners(
    conn: &impl ConnectionTrait,
    id: &ProjectId,
) -> Result<u64, AppError> {
    let owners = member::Entity::find()
        .filter(member::Column::ProjectId.eq(id.as_str()))
        .filter(member::Column::Role.eq(MemberRole::Owner.as_str()));
    Ok(owners.count(conn).await?)
}

/// Adds a project.
pub(in crate::labs) async fn insert_project(
    conn: &impl ConnectionTrait,
    new: &Project,
) -> Result<(), AppError> {
    let row = project::ActiveModel {
        id: Set(new.id.as_str().to_owned()),
        name: Set(new.name.clone()),
        description: Set(new.description.clone()),
        created_at: Set(to_millis(new.created_at)),
        updated_at: Set(to_millis(new.updated_at)),
        version: Set(count(new.version)?),
    };
    project::Entity::insert(row).exec_without_returning(conn).await?;
    Ok(())
}

/// Writes what a project is called and is about.
pub(in crate::labs) async fn update_project(
    conn: &impl ConnectionTrait,
    now: &Project,
) -> Result<(), AppError> {
    project::Entity::update_many()
        .col_expr(project::Column::Name, Expr::value(now.name.as_str()))
        .col_expr(project::Column::Description, Expr::value(now.description.as_str()))
        .col_expr(project::Column::UpdatedAt, Expr::value(to_millis(now.updated_at)))
        .col_expr(project::Column::Version, Expr::value(count(now.version)?))
        .filter(project::Column::Id.eq(now.id.as_str()))
        .exec(conn)
        .await?;
    Ok(())
}

/// Removes a project, with all that belongs to it.
pub(in crate::labs) async fn delete_project(
    conn: &impl ConnectionTrait,
    id: &ProjectId,
) -> Result<(), AppError> {
    project::Entity::delete_by_id(id.as_str()).exec(conn).await?;
    Ok(())
}

/// Has somebody take part.
pub(in crate::labs) async fn add_member(
    conn: &impl ConnectionTrait,
    id: &ProjectId,
    user: UserId,
    role: MemberRole,
    now: OffsetDateTime,
) -> Result<(), AppError> {
    let row = member::ActiveModel {
        project_id: Set(id.as_str().to_owned()),
        user_id: Set(user.0),
        role: Set(role.as_str().to_owned()),
        added_at: Set(to_millis(now)),
    };
    member::Entity::insert(row).exec_without_returning(conn).await?;
    Ok(())
}

/// Has somebody take part no longer.
pub(in crate::labs) async fn remove_member(
    conn: &impl ConnectionTrait,
    id: &ProjectId,
    user: UserId,
) -> Result<(), AppError> {
    member::Entity::delete_by_id((id.as_str().to_owned(), user.0)).exec(conn).await?;
    Ok(())
}

/// Projects and roles of somebody.
async fn memberships(
    conn: &impl ConnectionTrait,
    user: UserId,
) -> Result<Vec<(String, String)>, AppError> {
    let found = member::Entity::find()
        .select_only()
        .columns([member::Column::ProjectId, member::Column::Role])
        .filter(member::Column::UserId.eq(user.0));
    Ok(found.into_tuple().all(conn).await?)
}

/// What is counted of some projects.
struct Counts {
    members: HashMap<String, i64>,
    sources: HashMap<String, i64>,
    nodes: HashMap<(String, String), i64>,
}

impl Counts {
    async fn of(conn: &impl ConnectionTrait, ids: &[String]) -> Result<Self, AppError> {
        let members = member::Entity::find()
            .select_only()
            .column(member::Column::ProjectId)
            .column_as(member::Column::UserId.count(), "number")
            .filter(member::Column::ProjectId.is_in(ids))
            .group_by(member::Column::ProjectId);
        let members: Vec<(String, i64)> = members.into_tuple().all(conn).await?;
        let sources = source::Entity::find()
            .select_only()
            .column(source::Column::ProjectId)
            .column_as(source::Column::Id.count(), "number")
            .filter(source::Column::ProjectId.is_in(ids))
            .group_by(source::Column::ProjectId);
        let sources: Vec<(String, i64)> = sources.into_tuple().all(conn).await?;
        let nodes = node::Entity::find()
            .select_only()
            .columns([node::Column::ProjectId, node::Column::Status])
            .column_as(node::Column::Id.count(), "number")
            .filter(node::Column::ProjectId.is_in(ids))
            .group_by(node::Column::ProjectId)
            .group_by(node::Column::Status);
        let nodes: Vec<(String, String, i64)> = nodes.into_tuple().all(conn).await?;
        Ok(Self {
            members: members.into_iter().collect(),
            sources: sources.into_iter().collect(),
            nodes: nodes.into_iter().map(|(id, status, number)| ((id, status), number)).collect(),
        })
    }

    fn project(&mut self, row: project::Model, role: MemberRole) -> Result<Project, AppError> {
        let number = |number: Option<i64>| from_count(number.unwrap_or(0));
        let of_status = |status: NodeStatus| (row.id.clone(), status.as_str().to_owned());
        Ok(Project {
            role,
            members: number(self.members.remove(&row.id))?,
            sources: number(self.sources.remove(&row.id))?,
            proposed: number(self.nodes.remove(&of_status(NodeStatus::Proposed)))?,
            accepted: number(self.nodes.remove(&of_status(NodeStatus::Accepted)))?,
            id: row.id.parse().map_err(unreadable)?,
            name: row.name,
            description: row.description,
            created_at: from_millis(row.created_at)?,
            updated_at: from_millis(row.updated_at)?,
            version: from_count(row.version)?,
        })
    }
}
