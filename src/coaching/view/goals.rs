//! The overarching goals of a relationship, and how far each has come.

use std::sync::Arc;

use highwater::use_query;
use leptos::prelude::*;

use super::{
    composer::{Added, Compose, Composer},
    desk::Desk,
    edit,
    held::{Held, HeldSelect, HeldShare},
    item::{ItemsOf, rows},
};
use crate::app::draft_name;
use crate::{
    coaching::{
        live::GoalList,
        model::{GoalChange, GoalStatus, NewGoal, OverarchingGoal, Place, RelationshipId},
    },
    shown::Shown,
};

/// The goals, and the field for another.
#[component]
pub(super) fn Goals(
    /// The page.
    desk: Desk,
    /// Whose.
    relationship: RelationshipId,
) -> impl IntoView {
    let list = GoalList(relationship.clone());
    let query = {
        let list = list.clone();
        use_query(move || list.clone())
    };
    let of = Compose {
        id: "new-goal",
        label: "New goal",
        hint: "What is to be reached?",
        key: "g",
        place: Place::NewGoal,
        draft: draft_name(&format!("new goal:{relationship}")),
    };
    let added_to = list.clone();
    let add = Arc::new(move |title: String, added: Added| {
        let new = NewGoal {
            coaching_relationship_id: relationship.clone(),
            title,
            progress: 0,
            status: GoalStatus::default(),
        };
        let me = desk.me.get_value();
        let request = edit::create::<OverarchingGoal>(added_to.clone(), new, &me, &[]);
        desk.mutations.run(request.done(move |outcome| added(outcome.map(|_| ()))));
    });
    view! {
        <section class="section" aria-labelledby="goals">
            <h2 class="section-title" id="goals">"Goals"</h2>
            <Transition fallback=|| view! { <p class="muted">"Loading"</p> }>
                <Shown query=query what="the goals" show={
                    let list = list.clone();
                    move |items| rows(ItemsOf {
                        desk,
                        list: list.clone(),
                        items,
                        more: |desk, list, goal| view! {
                            <Controls desk=desk list=list goal=goal/>
                        }.into_any(),
                        again: |goal, title| NewGoal {
                            coaching_relationship_id: goal.coaching_relationship_id.clone(),
                            title,
                            progress: goal.progress,
                            status: goal.status,
                        },
                    })
                }/>
            </Transition>
            <Composer desk=desk of=of add=add/>
        </section>
    }
}

/// What a status is called.
fn status_in_words(status: GoalStatus) -> &'static str {
    match status {
        GoalStatus::InProgress => "In progress",
        GoalStatus::OnHold => "On hold",
        GoalStatus::Completed => "Completed",
    }
}

/// How far, and whether it is being worked on. Each is decided on what stood there.
#[component]
fn Controls(
    /// The page.
    desk: Desk,
    /// The list in which it stands.
    list: GoalList,
    /// The goal.
    goal: Memo<OverarchingGoal>,
) -> impl IntoView {
    let write = Callback::new(move |change: GoalChange| {
        let before = goal.get_untracked();
        let changed = change.clone();
        let still = move |now: &OverarchingGoal| {
            (changed.status.is_none() || now.status == before.status)
                && (changed.progress.is_none() || now.progress == before.progress)
        };
        let id = goal.with_untracked(|goal| goal.id.clone());
        let request = edit::change::<OverarchingGoal>(list.clone(), id, change, Vec::new(), still);
        desk.mutations.run(request.done(move |outcome| {
            if let Err(refusal) = outcome {
                desk.toasts.error(format!("The goal stays as it is. {refusal}"));
            }
        }));
    });
    let label = move |what: &'static str| {
        Signal::derive(move || goal.with(|goal| format!("{what} “{}”", goal.title)))
    };
    let progress = Held {
        label: label("Progress of"),
        value: Signal::derive(move || goal.with(|goal| goal.progress.to_string())),
        on_change: Callback::new(move |value: String| {
            write.run(GoalChange { progress: value.parse().ok(), ..GoalChange::default() });
        }),
    };
    let status = Held {
        label: label("Status of"),
        value: Signal::derive(move || goal.with(|goal| goal.status.as_str().to_owned())),
        on_change: Callback::new(move |value: String| {
            let status = GoalStatus::ALL.into_iter().find(|status| status.as_str() == value);
            write.run(GoalChange { status, ..GoalChange::default() });
        }),
    };
    let statuses = GoalStatus::ALL
        .map(|status| (status.as_str().to_owned(), status_in_words(status).to_owned()));
    view! {
        <div class="goal-controls" data-status=move || goal.with(|goal| goal.status.as_str())>
            <HeldShare of=progress/>
            <HeldSelect of=status options=Signal::stored(statuses.to_vec())/>
        </div>
    }
}
