//! Writing in the labs: shown at once where that can be said, taken back if refused.
//!
//! Owns the mutations. It must not know how they look.

use std::collections::{BTreeMap, BTreeSet};

use highwater::MutationRequest;

use crate::{
    account::model::UserId,
    error::AppError,
    jobs::model::{Job, JobId},
    labs::{
        api,
        live::{
            Generation, MemberList, NodeList, ProjectDetail, ProjectList, SomeNodes, SourceList,
        },
        model::{
            BulkAction, BulkChange, BulkDone, Member, NewMember, NewProject, Node, NodeChange,
            NodeId, NodeStatus, Project, ProjectChange, ProjectId, Source, SourceId, SourceStatus,
        },
    },
    live::StudioEvent,
    ui::Draft,
};

type Request<T> = MutationRequest<StudioEvent, T, AppError>;

/// Makes a project. Its event brings it; should the stream be down, the list is asked for.
pub(super) fn create_project(new: NewProject) -> Request<Project> {
    MutationRequest::new("projects", move |sending| api::create_project(new.clone(), sending.id))
        .overlay(ProjectList, |_| {})
}

/// What a project is called, and below that what it is about.
pub(super) fn text_of_project(project: &Project) -> String {
    format!("{}\n{}", project.name, project.description)
}

/// What a concept is called, and below that what it is.
pub(super) fn text_of_node(node: &Node) -> String {
    format!("{}\n{}", node.title, node.summary)
}

/// Rewords a project, if it still reads as its author saw it.
pub(super) fn reword_project(id: ProjectId, draft: Draft) -> Request<Project> {
    let (name, description) = parts(&draft.text);
    let (detail, shown) = (ProjectDetail(id.clone()), (name.clone(), description.clone()));
    let (read, listed, in_list) = (detail.clone(), id.clone(), name.clone());
    MutationRequest::new(format!("project {id}"), move |sending| {
        let standing = sending.committed(&read).and_then(Result::ok);
        let same = standing.filter(|project| text_of_project(project) == draft.from);
        let change = ProjectChange {
            name: Some(name.clone()),
            description: Some(description.clone()),
            // Version 0 never is: the server refuses in its own words.
            version: Some(same.map_or(0, |project| project.version)),
        };
        api::change_project(id.clone(), change, sending.id)
    })
    .overlay(detail.clone(), move |project| {
        (project.name, project.description) = shown.clone();
    })
    .overlay_all::<ProjectList>(move |projects| {
        let project = projects.iter_mut().find(|project| project.id == listed);
        project.into_iter().for_each(|project| project.name.clone_from(&in_list));
    })
    .returns(detail, Project::clone)
}

/// Deletes a project.
pub(super) fn delete_project(id: ProjectId) -> Request<()> {
    let gone = id.clone();
    MutationRequest::new(format!("project {id}"), move |sending| {
        api::delete_project(id.clone(), sending.id)
    })
    .overlay(ProjectList, move |projects| projects.retain(|project| project.id != gone))
}

/// Has somebody take part.
pub(super) fn add_member(id: ProjectId, email: String) -> Request<Vec<Member>> {
    let list = MemberList(id.clone());
    MutationRequest::new(format!("members of {id}"), move |sending| {
        api::add_member(id.clone(), NewMember { email: email.clone() }, sending.id)
    })
    .returns(list, Vec::clone)
}

/// Has somebody take part no longer.
pub(super) fn remove_member(id: ProjectId, member: UserId) -> Request<Vec<Member>> {
    let list = MemberList(id.clone());
    MutationRequest::new(format!("members of {id}"), move |sending| {
        api::remove_member(id.clone(), member, sending.id)
    })
    .overlay(list.clone(), move |members| members.retain(|other| other.user_id != member))
    .returns(list, Vec::clone)
}

/// Takes part no longer oneself: what is shown goes with that.
pub(super) fn leave(id: ProjectId, me: UserId) -> Request<Vec<Member>> {
    MutationRequest::new(format!("members of {id}"), move |sending| {
        api::remove_member(id.clone(), me, sending.id)
    })
}

/// Has a source ingested again.
pub(super) fn reingest(project: ProjectId, id: SourceId) -> Request<Source> {
    let again = id.clone();
    MutationRequest::new(format!("source {id}"), {
        let project = project.clone();
        move |sending| api::reingest_source(project.clone(), id.clone(), sending.id)
    })
    .overlay(SourceList(project), move |sources| {
        let source = sources.iter_mut().find(|source| source.id == again);
        source.into_iter().for_each(|source| {
            (source.status, source.error) = (SourceStatus::Pending, None);
        });
    })
}

/// Deletes a source.
pub(super) fn delete_source(project: ProjectId, id: SourceId) -> Request<()> {
    let gone = id.clone();
    MutationRequest::new(format!("source {id}"), {
        let project = project.clone();
        move |sending| api::delete_source(project.clone(), id.clone(), sending.id)
    })
    .overlay(SourceList(project), move |sources| sources.retain(|source| source.id != gone))
}

/// Has concepts proposed.
pub(super) fn generate(id: ProjectId) -> Request<Job> {
    let query = Generation(id.clone());
    MutationRequest::new(format!("generation {id}"), move |sending| {
        api::generate_nodes(id.clone(), sending.id)
    })
    .returns(query, |job| Some(job.clone()))
}

/// Stops that. Of what runs the server says when it has stopped.
pub(super) fn stop(id: ProjectId, job: JobId) -> Request<Job> {
    let query = Generation(id.clone());
    MutationRequest::new(format!("generation {id}"), move |sending| {
        api::cancel_generation(id.clone(), job.clone(), sending.id)
    })
    .overlay(query.clone(), |job| {
        let live = job.iter_mut().filter(|job| job.status.is_live());
        live.for_each(|job| job.cancel_requested = true);
    })
    .returns(query, |job| Some(job.clone()))
}

/// Decides about a concept of a list, on the version that is there when it is sent: of quick
/// decisions the second does not collide with the first.
pub(super) fn decide(list: NodeList, node: &Node, status: NodeStatus) -> Request<Node> {
    let (id, seen) = (node.id.clone(), node.version);
    let moved = vec![(id.clone(), node.status)];
    let (read, project) = (list.clone(), list.project.clone());
    let request = MutationRequest::new(format!("concept {id}"), move |sending| {
        let page = sending.committed(&read).and_then(Result::ok);
        let now = page.and_then(|page| page.rows.into_iter().find(|node| node.id == id));
        let version = now.map_or(seen, |node| node.version);
        api::change_node(
            project.clone(),
            id.clone(),
            NodeChange::decide(status, version),
            sending.id,
        )
    });
    moved_to(request, list, moved, Some(status))
}

/// Rewords a concept of a list, if it still reads as its author saw it: there, or by itself when it
/// has left the list.
pub(super) fn reword_node(list: NodeList, id: NodeId, draft: Draft) -> Request<Node> {
    let (title, summary) = parts(&draft.text);
    let alone = by_itself(&list.project, &id);
    let (read, read_alone, laid) = (list.clone(), alone.clone(), id.clone());
    let (project, shown) = (list.project.clone(), (title.clone(), summary.clone()));
    let lay = move |node: &mut Node| {
        if node.id == laid {
            (node.title, node.summary) = shown.clone();
        }
    };
    let lay_alone = lay.clone();
    MutationRequest::new(format!("concept {id}"), move |sending| {
        let page = sending.committed(&read).and_then(Result::ok);
        let alone = sending.committed(&read_alone).and_then(Result::ok);
        let alone = alone.into_iter().flat_map(BTreeMap::into_values).flatten();
        let rows = page.into_iter().flat_map(|page| page.rows).chain(alone);
        let newest = rows.filter(|node| node.id == id).max_by_key(|node| node.version);
        let same = newest.filter(|node| text_of_node(node) == draft.from);
        let change = NodeChange {
            title: Some(title.clone()),
            summary: Some(summary.clone()),
            status: None,
            // Version 0 never is: the server refuses in its own words.
            version: Some(same.map_or(0, |node| node.version)),
        };
        api::change_node(project.clone(), id.clone(), change, sending.id)
    })
    .overlay(list, move |page| page.rows.iter_mut().for_each(&lay))
    .overlay(alone, move |nodes| nodes.values_mut().flatten().for_each(&lay_alone))
}

/// The query about one concept, in whatever list it is.
pub(super) fn by_itself(project: &ProjectId, id: &NodeId) -> SomeNodes {
    SomeNodes { project: project.clone(), ids: BTreeSet::from([id.clone()]) }
}

/// Deletes a concept, whatever it has become.
pub(super) fn delete_node(list: NodeList, node: &Node) -> Request<()> {
    let (id, project) = (node.id.clone(), list.project.clone());
    let moved = vec![(id.clone(), node.status)];
    let request = MutationRequest::new(format!("concept {id}"), move |sending| {
        api::delete_node(project.clone(), id.clone(), None, sending.id)
    });
    moved_to(request, list, moved, None)
}

/// Does one thing with many concepts, of which `list` shows some; each with what was decided about it
/// as far as is known.
pub(super) fn change_many(
    list: NodeList,
    moved: Vec<(NodeId, NodeStatus)>,
    action: BulkAction,
) -> Request<BulkDone> {
    let ids = moved.iter().map(|(id, _)| id.clone()).collect();
    let (change, project) = (BulkChange { ids, action }, list.project.clone());
    let request = MutationRequest::new("several concepts", move |sending| {
        api::change_nodes(project.clone(), change.clone(), sending.id)
    });
    moved_to(request, list, moved, action.status())
}

/// Shows that concepts have another status, or are gone: in the list, and in what counts them.
fn moved_to<T: Send + Sync + 'static>(
    request: Request<T>,
    list: NodeList,
    moved: Vec<(NodeId, NodeStatus)>,
    to: Option<NodeStatus>,
) -> Request<T> {
    let (detail, counted) = (ProjectDetail(list.project.clone()), moved.clone());
    request
        .overlay(list, move |page| page.move_to(&moved, to))
        .overlay(detail, move |project| project.count_moved(&counted, to))
}

/// The first line of a text, and the rest.
fn parts(text: &str) -> (String, String) {
    let (head, rest) = text.split_once('\n').unwrap_or((text, ""));
    (head.trim().to_owned(), rest.trim().to_owned())
}
