//! Nodes, what was decided about them, and what stands together.

use std::collections::BTreeSet;

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, Order as Way, QueryFilter, QueryOrder, QuerySelect,
    Select,
    sea_query::{Expr, ExprTrait, OnConflict, SimpleExpr},
};
use time::OffsetDateTime;

use super::{
    count,
    entity::{link, node, source},
    from_count, from_millis, named, to_millis, unreadable,
};
use crate::{
    error::AppError,
    labs::model::{
        ConceptMap, MapLink, MapNode, Node, NodeId, NodePage, NodeStatus, NodesById, ProjectId,
        SourceId, StatusCounts,
    },
};

/// How many rows one statement writes: each takes some of the parameters that a statement may have.
const AT_A_TIME: usize = 100;

/// A node to be proposed.
pub(in crate::labs) struct NewNode {
    pub(in crate::labs) id: NodeId,
    pub(in crate::labs) title: String,
    pub(in crate::labs) summary: String,
    pub(in crate::labs) confidence: f64,
    pub(in crate::labs) mentions: u64,
    pub(in crate::labs) source: Option<SourceId>,
}

/// What there is of a node that is to be decided with others.
pub(in crate::labs) struct Found {
    pub(in crate::labs) id: NodeId,
    pub(in crate::labs) status: NodeStatus,
}

/// A page of a project's nodes of one status, the most confident first.
pub(in crate::labs) async fn nodes(
    conn: &impl ConnectionTrait,
    project: &ProjectId,
    status: NodeStatus,
    page: u32,
) -> Result<NodePage, AppError> {
    let counts = counts(conn, project).await?;
    let per_page = u64::from(NodePage::PER_PAGE);
    let rows = of_status(project, status)
        .offset(u64::from(page.saturating_sub(1)) * per_page)
        .limit(per_page)
        .find_also_related(source::Entity)
        .all(conn)
        .await?;
    Ok(NodePage {
        rows: rows.into_iter().map(of_row).collect::<Result<_, _>>()?,
        status,
        counts,
        page,
        pages: NodePage::pages(counts.of(status)),
    })
}

/// One node.
pub(in crate::labs) async fn find_node(
    conn: &impl ConnectionTrait,
    id: &NodeId,
) -> Result<Option<Node>, AppError> {
    let one = node::Entity::find_by_id(id.as_str()).find_also_related(source::Entity);
    one.one(conn).await?.map(of_row).transpose()
}

/// Each of these nodes that a project has, and `None` for the others.
pub(in crate::labs) async fn find_nodes(
    conn: &impl ConnectionTrait,
    project: &ProjectId,
    ids: BTreeSet<NodeId>,
) -> Result<NodesById, AppError> {
    let rows = node::Entity::find()
        .filter(these(project, &ids))
        .find_also_related(source::Entity)
        .all(conn)
        .await?;
    let mut nodes: NodesById = ids.into_iter().map(|id| (id, None)).collect();
    for row in rows {
        let node = of_row(row)?;
        nodes.insert(node.id.clone(), Some(node));
    }
    Ok(nodes)
}

/// What was decided about those of these nodes that a project has.
pub(in crate::labs) async fn statuses_of(
    conn: &impl ConnectionTrait,
    project: &ProjectId,
    ids: &BTreeSet<NodeId>,
) -> Result<Vec<Found>, AppError> {
    let found: Vec<(String, String)> = node::Entity::find()
        .select_only()
        .columns([node::Column::Id, node::Column::Status])
        .filter(these(project, ids))
        .into_tuple()
        .all(conn)
        .await?;
    let found = found.into_iter().map(|(id, status)| {
        let status = named(NodeStatus::ALL, NodeStatus::as_str, &status)?;
        Ok(Found { id: id.parse().map_err(unreadable)?, status })
    });
    found.collect()
}

/// Gives those of these nodes that a project has a status, if they have another one.
pub(in crate::labs) async fn set_status(
    conn: &impl ConnectionTrait,
    project: &ProjectId,
    ids: &BTreeSet<NodeId>,
    status: NodeStatus,
    now: OffsetDateTime,
) -> Result<(), AppError> {
    node::Entity::update_many()
        .col_expr(node::Column::Status, Expr::value(status.as_str()))
        .col_expr(node::Column::UpdatedAt, Expr::value(to_millis(now)))
        .col_expr(node::Column::Version, Expr::col(node::Column::Version).add(1))
        .filter(these(project, ids))
        .filter(node::Column::Status.ne(status.as_str()))
        .exec(conn)
        .await?;
    Ok(())
}

/// Writes a node as it is now.
pub(in crate::labs) async fn update_node(
    conn: &impl ConnectionTrait,
    now: &Node,
) -> Result<(), AppError> {
    node::Entity::update_many()
        .col_expr(node::Column::Title, Expr::value(now.title.as_str()))
        .col_expr(node::Column::Summary, Expr::value(now.summary.as_str()))
        .col_expr(node::Column::Status, Expr::value(now.status.as_str()))
        .col_expr(node::Column::UpdatedAt, Expr::value(to_millis(now.updated_at)))
        .col_expr(node::Column::Version, Expr::value(count(now.version)?))
        .filter(node::Column::Id.eq(now.id.as_str()))
        .exec(conn)
        .await?;
    Ok(())
}

/// Removes these nodes.
pub(in crate::labs) async fn delete_nodes(
    conn: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = &NodeId> + Send,
) -> Result<(), AppError> {
    let ids: Vec<&str> = ids.into_iter().map(NodeId::as_str).collect();
    node::Entity::delete_many().filter(node::Column::Id.is_in(ids)).exec(conn).await?;
    Ok(())
}

/// What a project's nodes are called, whatever was decided about them.
pub(in crate::labs) async fn titles(
    conn: &impl ConnectionTrait,
    project: &ProjectId,
) -> Result<Vec<(NodeId, String)>, AppError> {
    let found: Vec<(String, String)> = node::Entity::find()
        .select_only()
        .columns([node::Column::Id, node::Column::Title])
        .filter(node::Column::ProjectId.eq(project.as_str()))
        .order_by(node::Column::Id, Way::Asc)
        .into_tuple()
        .all(conn)
        .await?;
    let titles = found.into_iter().map(|(id, title)| Ok((id.parse().map_err(unreadable)?, title)));
    Ok(titles.collect::<Result<_, sea_orm::DbErr>>()?)
}

/// Proposes nodes.
pub(in crate::labs) async fn insert_nodes(
    conn: &impl ConnectionTrait,
    project: &ProjectId,
    new: &[NewNode],
    now: OffsetDateTime,
) -> Result<(), AppError> {
    let row = |new: &NewNode| -> Result<node::ActiveModel, sea_orm::DbErr> {
        Ok(node::ActiveModel {
            id: Set(new.id.as_str().to_owned()),
            project_id: Set(project.as_str().to_owned()),
            title: Set(new.title.clone()),
            summary: Set(new.summary.clone()),
            confidence: Set(new.confidence),
            mentions: Set(count(new.mentions)?),
            status: Set(NodeStatus::Proposed.as_str().to_owned()),
            source_id: Set(new.source.as_ref().map(|id| id.as_str().to_owned())),
            created_at: Set(to_millis(now)),
            updated_at: Set(to_millis(now)),
            version: Set(1),
        })
    };
    for some in new.chunks(AT_A_TIME) {
        let rows = some.iter().map(row).collect::<Result<Vec<_>, _>>()?;
        node::Entity::insert_many(rows).exec_without_returning(conn).await?;
    }
    Ok(())
}

/// Says which nodes stand together, in place of what was said of those pairs before.
pub(in crate::labs) async fn insert_links(
    conn: &impl ConnectionTrait,
    links: &[MapLink],
) -> Result<(), AppError> {
    let newest = || {
        let pair = [link::Column::One, link::Column::Other];
        OnConflict::columns(pair).update_column(link::Column::Weight).to_owned()
    };
    let row = |link: &MapLink| {
        let (one, other) = (link.one.as_str().to_owned(), link.other.as_str().to_owned());
        let (one, other) = if one < other { (one, other) } else { (other, one) };
        link::ActiveModel { one: Set(one), other: Set(other), weight: Set(link.weight) }
    };
    for some in links.chunks(AT_A_TIME) {
        link::Entity::insert_many(some.iter().map(row))
            .on_conflict(newest())
            .exec_without_returning(conn)
            .await?;
    }
    Ok(())
}

/// The concept map of a project.
pub(in crate::labs) async fn map(
    conn: &impl ConnectionTrait,
    project: &ProjectId,
) -> Result<ConceptMap, AppError> {
    let accepted = counts(conn, project).await?.accepted;
    let rows = of_status(project, NodeStatus::Accepted).limit(ConceptMap::MOST).all(conn).await?;
    let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    let links = link::Entity::find()
        .filter(link::Column::One.is_in(ids.iter().copied()))
        .filter(link::Column::Other.is_in(ids))
        .order_by(link::Column::One, Way::Asc)
        .order_by(link::Column::Other, Way::Asc)
        .all(conn)
        .await?;
    let link = |row: link::Model| {
        let (one, other) = (row.one.parse(), row.other.parse());
        Ok(MapLink {
            one: one.map_err(unreadable)?,
            other: other.map_err(unreadable)?,
            weight: row.weight,
        })
    };
    let node = |row: node::Model| {
        Ok(MapNode {
            id: row.id.parse().map_err(unreadable)?,
            title: row.title,
            summary: row.summary,
            confidence: row.confidence,
        })
    };
    let mut rows = rows;
    rows.sort_by(|a, b| (a.created_at, &a.id).cmp(&(b.created_at, &b.id)));
    Ok(ConceptMap {
        nodes: rows.into_iter().map(node).collect::<Result<_, sea_orm::DbErr>>()?,
        links: links.into_iter().map(link).collect::<Result<_, sea_orm::DbErr>>()?,
        accepted,
    })
}

fn these(project: &ProjectId, ids: &BTreeSet<NodeId>) -> SimpleExpr {
    let of_project = node::Column::ProjectId.eq(project.as_str());
    of_project.and(node::Column::Id.is_in(ids.iter().map(NodeId::as_str)))
}

fn of_status(project: &ProjectId, status: NodeStatus) -> Select<node::Entity> {
    node::Entity::find()
        .filter(node::Column::ProjectId.eq(project.as_str()))
        .filter(node::Column::Status.eq(status.as_str()))
        .order_by(node::Column::Confidence, Way::Desc)
        .order_by(node::Column::Id, Way::Asc)
}

async fn counts(
    conn: &impl ConnectionTrait,
    project: &ProjectId,
) -> Result<StatusCounts, AppError> {
    let found: Vec<(String, i64)> = node::Entity::find()
        .select_only()
        .column(node::Column::Status)
        .column_as(node::Column::Id.count(), "number")
        .filter(node::Column::ProjectId.eq(project.as_str()))
        .group_by(node::Column::Status)
        .into_tuple()
        .all(conn)
        .await?;
    let of = |status: NodeStatus| {
        let number = found.iter().find(|(name, _)| name == status.as_str());
        from_count(number.map_or(0, |(_, number)| *number))
    };
    Ok(StatusCounts {
        proposed: of(NodeStatus::Proposed)?,
        accepted: of(NodeStatus::Accepted)?,
        rejected: of(NodeStatus::Rejected)?,
    })
}

fn of_row((row, source): (node::Model, Option<source::Model>)) -> Result<Node, AppError> {
    let source_id = source.as_ref().map(|source| source.id.parse().map_err(unreadable));
    Ok(Node {
        id: row.id.parse().map_err(unreadable)?,
        project_id: row.project_id.parse().map_err(unreadable)?,
        title: row.title,
        summary: row.summary,
        confidence: row.confidence,
        mentions: from_count(row.mentions)?,
        status: named(NodeStatus::ALL, NodeStatus::as_str, &row.status)?,
        source_id: source_id.transpose()?,
        source_name: source.map(|source| source.source_name),
        created_at: from_millis(row.created_at)?,
        updated_at: from_millis(row.updated_at)?,
        version: from_count(row.version)?,
    })
}
