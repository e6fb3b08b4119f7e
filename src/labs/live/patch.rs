//! What an event does to what is shown of a project.
//!
//! A row is patched by the version after its own: a version that was skipped says that another event
//! is on its way or will not come, and the rows are read again.

use highwater::Patch;

use super::event::LabsEvent;
use crate::{
    jobs::model::{Job, JobProgress, JobStatus},
    labs::model::{ConceptMap, Node, NodePage, NodeStatus, NodesById, Source},
};

/// What the version that an event speaks of is to the one that is shown.
enum Step {
    /// The next one.
    Next,
    /// Shown already.
    Old,
    /// One was skipped.
    Gap,
}

/// What `event` does to projects with their counts: what was decided already changes none.
pub(super) fn counted(event: &LabsEvent) -> Patch {
    match event {
        LabsEvent::ProposalUpdate { status, was, .. } if status == was => Patch::Unaffected,
        _ => Patch::Stale,
    }
}

/// What `event` does to the sources of a project.
pub(super) fn sources(shown: &mut [Source], event: &LabsEvent) -> Patch {
    let LabsEvent::StatusUpdate {
        source_id,
        status,
        source_name,
        error,
        words,
        updated_at,
        version,
        ..
    } = event
    else {
        return Patch::Stale;
    };
    let Some(source) = shown.iter_mut().find(|source| source.id == *source_id) else {
        return Patch::Stale;
    };
    match step(source.version, *version) {
        Step::Old => Patch::Unaffected,
        Step::Gap => Patch::Stale,
        Step::Next => {
            source.status = *status;
            source.source_name.clone_from(source_name);
            source.error.clone_from(error);
            source.words = *words;
            source.updated_at = *updated_at;
            source.version = *version;
            Patch::Patched
        }
    }
}

/// What `event` does to the newest generation of a project.
pub(super) fn generation(shown: &mut Option<Job>, event: &LabsEvent) -> Patch {
    // Any other event than of its progress may speak of a version that progress has passed.
    let (Some(job), LabsEvent::ProgressUpdate { job_id, progress, version, .. }) = (shown, event)
    else {
        return Patch::Stale;
    };
    if job.id != *job_id {
        // Of an older one that is still told of, or of a newer one that is not shown yet.
        return Patch::Stale;
    }
    match step(job.version, *version) {
        Step::Old => Patch::Unaffected,
        // Progress that was passed over is superseded, as long as nothing else changed.
        Step::Gap if job.status != JobStatus::Running => Patch::Stale,
        Step::Next | Step::Gap => {
            let Some(progress) = progress.as_shown() else { return Patch::Stale };
            job.progress = Some(progress);
            job.version = *version;
            Patch::Patched
        }
    }
}

/// What `event` does to a page of nodes.
pub(super) fn page(page: &mut NodePage, event: &LabsEvent) -> Patch {
    let LabsEvent::ProposalUpdate { proposal_id, status, was, .. } = event else {
        return Patch::Stale;
    };
    if status != was {
        return Patch::Stale;
    }
    if *status != page.status {
        return Patch::Unaffected;
    }
    let Some(node) = page.rows.iter_mut().find(|node| node.id == *proposal_id) else {
        // On another page, where it may have moved to this one only by its confidence.
        return Patch::Stale;
    };
    patch(node, event)
}

/// What `event` does to nodes that were asked for by their ids.
pub(super) fn some(shown: &mut NodesById, event: &LabsEvent) -> Patch {
    let (LabsEvent::NewProposal { proposal_id, .. }
    | LabsEvent::ProposalUpdate { proposal_id, .. }
    | LabsEvent::ProposalDeleted { proposal_id, .. }) = event
    else {
        return Patch::Stale;
    };
    match shown.get_mut(proposal_id) {
        None => Patch::Unaffected,
        Some(node) if matches!(event, LabsEvent::ProposalDeleted { .. }) => match node.take() {
            Some(_) => Patch::Patched,
            None => Patch::Unaffected,
        },
        Some(Some(node)) => patch(node, event),
        Some(None) => Patch::Stale,
    }
}

/// What `event` does to the map of a project.
pub(super) fn map(map: &mut ConceptMap, event: &LabsEvent) -> Patch {
    match event {
        LabsEvent::NewProposal { .. } => Patch::Unaffected,
        LabsEvent::ProposalUpdate { status, was, .. }
            if ![status, was].contains(&&NodeStatus::Accepted) =>
        {
            Patch::Unaffected
        }
        LabsEvent::ProposalDeleted { proposal_id, .. } => {
            let shown = map.nodes.iter().any(|node| node.id == *proposal_id);
            match shown || map.accepted > map.nodes.len() as u64 {
                true => Patch::Stale,
                false => Patch::Unaffected,
            }
        }
        _ => Patch::Stale,
    }
}

/// What an edit or a decision does to a node. The event does not tell what else there is of it, and
/// a list is in the order of its confidence.
fn patch(node: &mut Node, event: &LabsEvent) -> Patch {
    let LabsEvent::ProposalUpdate {
        title, summary, status, confidence, updated_at, version, ..
    } = event
    else {
        return Patch::Stale;
    };
    match step(node.version, *version) {
        Step::Old => Patch::Unaffected,
        Step::Next if node.confidence.to_bits() == confidence.to_bits() => {
            node.title.clone_from(title);
            node.summary.clone_from(summary);
            node.status = *status;
            node.updated_at = *updated_at;
            node.version = *version;
            Patch::Patched
        }
        Step::Next | Step::Gap => Patch::Stale,
    }
}

fn step(shown: u64, told: u64) -> Step {
    match told {
        _ if told <= shown => Step::Old,
        _ if told == shown + 1 => Step::Next,
        _ => Step::Gap,
    }
}

impl super::event::Progress {
    /// As a job shows it; `None` for a time that there is not.
    fn as_shown(&self) -> Option<JobProgress> {
        let nanos = i128::from(self.timestamp) * 1_000_000;
        Some(JobProgress {
            stage: self.stage.clone(),
            current: self.current,
            total: Some(self.total).filter(|total| *total > 0),
            message: self.message.clone(),
            updated_at: time::OffsetDateTime::from_unix_timestamp_nanos(nanos).ok()?,
        })
    }
}
