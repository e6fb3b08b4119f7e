//! What events do to what is shown, held against what a read would answer.

use std::collections::BTreeMap;

use highwater::{LiveEvent, Patch, Query};
use proptest::prelude::*;
use time::OffsetDateTime;

use super::*;
use crate::{
    jobs::model::{JobId, JobProgress, JobStatus},
    labs::model::{Node, NodeId, SourceId, SourceStatus},
};

fn project() -> ProjectId {
    ProjectId::of_bits(1)
}

fn at(seconds: i64) -> OffsetDateTime {
    OffsetDateTime::UNIX_EPOCH + time::Duration::seconds(seconds)
}

fn source(version: u64) -> Source {
    Source {
        id: SourceId::of_bits(1),
        project_id: project(),
        source_name: "No. 10".to_owned(),
        status: SourceStatus::Pending,
        error: None,
        bytes: 7,
        words: None,
        created_at: at(0),
        updated_at: at(0),
        version,
    }
}

fn status_update(version: u64) -> StudioEvent {
    StudioEvent::Labs(LabsEvent::StatusUpdate {
        project_id: project(),
        source_id: SourceId::of_bits(1),
        status: SourceStatus::Completed,
        source_name: "No. 10".to_owned(),
        error: None,
        words: Some(1),
        updated_at: at(9),
        version,
    })
}

fn node(bits: u64) -> Node {
    Node {
        id: NodeId::of_bits(bits),
        project_id: project(),
        title: "Faction".to_owned(),
        summary: String::new(),
        confidence: 0.5,
        mentions: 3,
        status: NodeStatus::Proposed,
        source_id: None,
        source_name: None,
        created_at: at(0),
        updated_at: at(0),
        version: 1,
    }
}

fn proposal_update(id: u64, was: NodeStatus, status: NodeStatus, version: u64) -> StudioEvent {
    StudioEvent::Labs(LabsEvent::ProposalUpdate {
        project_id: project(),
        proposal_id: NodeId::of_bits(id),
        title: "A faction".to_owned(),
        summary: "Some citizens.".to_owned(),
        confidence: 0.5,
        status,
        was,
        updated_at: at(9),
        version,
    })
}

fn job(status: JobStatus, version: u64) -> Job {
    Job {
        id: JobId::of_bits(1),
        kind: "propose-concepts".to_owned(),
        project_id: Some(project().into()),
        target: "project:prj_1".to_owned(),
        title: "P".to_owned(),
        link: None,
        status,
        attempts: 1,
        max_attempts: 3,
        run_after: at(0),
        cancel_requested: false,
        error: None,
        progress: None,
        created_at: at(0),
        started_at: Some(at(0)),
        finished_at: None,
        version,
    }
}

fn progress(of: u64, version: u64) -> StudioEvent {
    StudioEvent::Labs(LabsEvent::ProgressUpdate {
        project_id: project(),
        job_id: JobId::of_bits(of),
        progress: Progress {
            stage: "Reading".to_owned(),
            current: 3,
            total: 0,
            message: String::new(),
            timestamp: 9_000,
        },
        version,
    })
}

#[test]
fn a_source_is_patched_by_the_next_version_alone() {
    let query = SourceList(project());
    let mut sources = vec![source(4)];
    assert_eq!(query.patch(&mut sources, &status_update(4)), Patch::Unaffected);
    assert_eq!(query.patch(&mut sources, &status_update(6)), Patch::Stale);
    assert_eq!(sources, [source(4)]);
    assert_eq!(query.patch(&mut sources, &status_update(5)), Patch::Patched);
    let expected =
        Source { status: SourceStatus::Completed, words: Some(1), updated_at: at(9), ..source(5) };
    assert_eq!(sources, [expected]);
    assert_eq!(query.patch(&mut Vec::new(), &status_update(1)), Patch::Stale);
    let elsewhere = SourceList(ProjectId::of_bits(2));
    assert_eq!(elsewhere.patch(&mut sources, &status_update(6)), Patch::Unaffected);
}

#[test]
fn progress_moves_the_bar_of_the_job_that_runs_and_of_no_other() {
    let query = Generation(project());
    let mut shown = Some(job(JobStatus::Running, 2));
    // What came between was progress too, and is superseded.
    assert_eq!(query.patch(&mut shown, &progress(1, 5)), Patch::Patched);
    let told = JobProgress {
        stage: "Reading".to_owned(),
        current: 3,
        total: None,
        message: String::new(),
        updated_at: at(9),
    };
    assert_eq!(shown, Some(Job { progress: Some(told), ..job(JobStatus::Running, 5) }));
    assert_eq!(query.patch(&mut shown, &progress(1, 4)), Patch::Unaffected);
    assert_eq!(query.patch(&mut shown, &progress(2, 6)), Patch::Stale);
    for mut shown in [None, Some(job(JobStatus::Queued, 2))] {
        assert_eq!(query.patch(&mut shown, &progress(1, 4)), Patch::Stale);
    }
}

#[test]
fn what_else_happens_to_a_job_is_read_although_progress_has_passed_its_version() {
    let query = Generation(project());
    let mut shown = Some(job(JobStatus::Running, 5));
    let begun = StudioEvent::Labs(LabsEvent::GenerationChanged {
        project_id: project(),
        job_id: JobId::of_bits(1),
        status: JobStatus::Running,
        version: 4,
    });
    assert_eq!(query.patch(&mut shown, &begun), Patch::Stale);
}

#[test]
fn what_was_decided_is_read_again_and_what_was_edited_is_patched() {
    use NodeStatus::{Accepted, Proposed, Rejected};
    let query = NodeList { project: project(), status: Proposed, page: 1 };
    let shown = NodePage {
        rows: vec![node(1)],
        status: Proposed,
        counts: crate::labs::model::StatusCounts { proposed: 1, ..Default::default() },
        page: 1,
        pages: 1,
    };
    let after = |event: &StudioEvent| {
        let mut page = shown.clone();
        (query.patch(&mut page, event), page.rows[0].title.clone())
    };
    assert_eq!(after(&proposal_update(1, Proposed, Accepted, 2)).0, Patch::Stale);
    assert_eq!(after(&proposal_update(2, Rejected, Rejected, 2)).0, Patch::Unaffected);
    assert_eq!(after(&proposal_update(2, Proposed, Proposed, 2)).0, Patch::Stale);
    let patched = (Patch::Patched, "A faction".to_owned());
    assert_eq!(after(&proposal_update(1, Proposed, Proposed, 2)), patched);
    assert_eq!(after(&proposal_update(1, Proposed, Proposed, 1)).0, Patch::Unaffected);

    let counted = |event: &StudioEvent| ProjectList.patch(&mut Vec::new(), event);
    assert_eq!(counted(&proposal_update(1, Proposed, Proposed, 2)), Patch::Unaffected);
    assert_eq!(counted(&proposal_update(1, Proposed, Rejected, 2)), Patch::Stale);

    let map = MapQuery(project());
    let drawn = |event: &StudioEvent| map.patch(&mut ConceptMap::default(), event);
    assert_eq!(drawn(&proposal_update(1, Proposed, Rejected, 2)), Patch::Unaffected);
    assert_eq!(drawn(&proposal_update(1, Accepted, Rejected, 2)), Patch::Stale);
}

#[test]
fn nodes_that_are_asked_for_by_their_ids_follow_what_becomes_of_each() {
    use NodeStatus::{Accepted, Proposed};
    let ids = BTreeSet::from([NodeId::of_bits(1), NodeId::of_bits(2)]);
    let query = SomeNodes { project: project(), ids };
    let shown = BTreeMap::from([(NodeId::of_bits(1), Some(node(1))), (NodeId::of_bits(2), None)]);
    let after = |event: &StudioEvent| {
        let mut nodes = shown.clone();
        let patch = query.patch(&mut nodes, event);
        let status = nodes[&NodeId::of_bits(1)].as_ref().map(|node| node.status);
        (patch, status)
    };
    let deleted = |bits| {
        let proposal_id = NodeId::of_bits(bits);
        StudioEvent::Labs(LabsEvent::ProposalDeleted { project_id: project(), proposal_id })
    };
    let update = |bits, version| proposal_update(bits, Proposed, Accepted, version);
    assert_eq!(after(&update(1, 2)), (Patch::Patched, Some(Accepted)));
    assert_eq!(after(&update(1, 1)), (Patch::Unaffected, Some(Proposed)));
    assert_eq!(after(&update(1, 3)).0, Patch::Stale, "one was skipped");
    assert_eq!(after(&update(2, 2)).0, Patch::Stale, "there is one after all");
    assert_eq!(after(&update(3, 2)), (Patch::Unaffected, Some(Proposed)));
    assert_eq!(after(&deleted(1)), (Patch::Patched, None));
    assert_eq!(after(&deleted(2)).0, Patch::Unaffected);
    let changed = Changed::Proposals;
    let bulk = StudioEvent::Labs(LabsEvent::BulkChange { project_id: project(), changed });
    assert_eq!(after(&bulk).0, Patch::Stale);
}

#[test]
fn each_query_is_touched_by_what_happens_in_its_project_alone() {
    let tags: Vec<StudioTag> = [
        ProjectDetail(project()).tags(),
        MemberList(project()).tags(),
        SourceList(project()).tags(),
        Generation(project()).tags(),
        MapQuery(project()).tags(),
    ]
    .concat();
    for changed in [Changed::Details, Changed::Sources, Changed::Jobs, Changed::Proposals] {
        let bulk = |project_id| StudioEvent::Labs(LabsEvent::BulkChange { project_id, changed });
        assert!(bulk(project()).tags().iter().any(|tag| tags.contains(tag)), "{changed:?}");
        let elsewhere = bulk(ProjectId::of_bits(2)).tags();
        assert!(!elsewhere.iter().any(|tag| tags.contains(tag)), "{changed:?}");
    }
}

proptest! {
    /// Whatever of a source's changes is heard, in whatever order, what is shown is one of its
    /// versions and never an older one.
    #[test]
    fn a_source_never_goes_back(versions in proptest::collection::vec(1..8_u64, 0..20)) {
        let query = SourceList(project());
        let mut sources = vec![source(1)];
        for version in versions {
            let before = sources[0].version;
            let patch = query.patch(&mut sources, &status_update(version));
            prop_assert!(sources[0].version >= before);
            prop_assert_eq!(patch == Patch::Patched, version == before + 1);
            prop_assert_eq!(patch == Patch::Unaffected, version <= before);
        }
    }
}
