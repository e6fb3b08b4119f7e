//! What is said when proposing has ended while its reader is there.
//!
//! Owns those words. It must not know how far it had come, nor how it is begun.

use std::time::Duration;

use leptos::prelude::*;

use super::generation::GenerationNow;
use crate::{jobs::model::JobStatus, ui::effect};

/// How long after the job's own event those of what it proposed have come; they are of one transaction.
const ARRIVAL: Duration = Duration::from_millis(300);

/// Says what came of it.
pub(super) fn tell_end(generation: GenerationNow) {
    let bench = generation.bench;
    let (status, proposed) = (generation.status(), bench.part(|project| project.proposed));
    // Decisions make them fewer meanwhile; what makes them more is new.
    let fewest = StoredValue::new(0);
    let done = RwSignal::new(false);
    effect(move |before: Option<Option<JobStatus>>| {
        let (status, proposed) = (status.get(), proposed.get());
        let was_live = before.flatten().is_some_and(JobStatus::is_live);
        match status {
            Some(status) if status.is_live() => {
                let known = if was_live { fewest.get_value() } else { proposed };
                fewest.set_value(known.min(proposed));
            }
            // The page may be gone by then.
            Some(JobStatus::Completed) if was_live => {
                set_timeout(move || _ = done.try_set(true), ARRIVAL);
            }
            Some(JobStatus::Cancelled) if was_live => {
                bench.toasts.success("Proposing was stopped before anything was found.");
            }
            _ => {}
        }
        status
    });
    effect(move |_| {
        let state = bench.project.status();
        // How many wait is read anew once something was proposed.
        if done.get() && !state.fetching && !state.stale {
            done.set(false);
            bench.toasts.success(match proposed.get_untracked() > fewest.get_value() {
                true => "The sources are read. What is new waits among the proposals.",
                false => "The sources are read. Nothing new was found.",
            });
        }
    });
}
