//! The actions of a session: what is to be done, by whom, until when, and how far it is.

use std::sync::Arc;

use highwater::use_query;
use leptos::prelude::*;
use time::{Date, macros::format_description};

use super::{
    composer::{Added, Compose, Composer},
    desk::Desk,
    edit,
    held::{Held, HeldDay, HeldSelect},
    item::{ItemsOf, rows},
};
use crate::{
    account::model::UserId,
    app::draft_name,
    coaching::{
        live::ActionList,
        model::{
            Action, ActionChange, ActionStatus, CoachingSessionId, NewAction, Place, RelationshipId,
        },
    },
    shown::Shown,
    ui::{Badge, Tone},
};

/// The actions, and the field for another.
#[component]
pub(super) fn Actions(
    /// The page.
    desk: Desk,
    /// Whose session.
    relationship: RelationshipId,
    /// Which session.
    session: CoachingSessionId,
) -> impl IntoView {
    let list = ActionList(relationship, session.clone());
    let query = {
        let list = list.clone();
        use_query(move || list.clone())
    };
    let of = Compose {
        id: "new-action",
        label: "New action",
        hint: "What is to be done?",
        key: "a",
        place: Place::NewAction,
        draft: draft_name(&format!("new action:{session}")),
    };
    let added_to = list.clone();
    let add = Arc::new(move |body: String, added: Added| {
        let new = NewAction {
            coaching_session_id: session.clone(),
            body,
            assignee_id: None,
            due_on: None,
            status: ActionStatus::default(),
        };
        let me = desk.me.get_value();
        let request = edit::create::<Action>(added_to.clone(), new, &me, &[]);
        desk.mutations.run(request.done(move |outcome| added(outcome.map(|_| ()))));
    });
    view! {
        <section class="section" aria-labelledby="actions">
            <h2 class="section-title" id="actions">"Actions"</h2>
            <Transition fallback=|| view! { <p class="muted">"Loading"</p> }>
                <Shown query=query what="the actions" show={
                    let list = list.clone();
                    move |items| rows(ItemsOf {
                        desk,
                        list: list.clone(),
                        items,
                        more: |desk, list, action| view! {
                            <Controls desk=desk list=list action=action/>
                        }.into_any(),
                        again: |action, body| NewAction {
                            coaching_session_id: action.coaching_session_id.clone(),
                            body,
                            assignee_id: action.assignee.as_ref().map(|person| person.id),
                            due_on: action.due_on,
                            status: action.status,
                        },
                    })
                }/>
            </Transition>
            <Composer desk=desk of=of add=add/>
        </section>
    }
}

/// What a status is called.
pub(super) fn status_in_words(status: ActionStatus) -> &'static str {
    match status {
        ActionStatus::NotStarted => "Not started",
        ActionStatus::InProgress => "In progress",
        ActionStatus::Blocked => "Blocked",
        ActionStatus::Completed => "Completed",
    }
}

/// As in "3 Dec".
pub(super) fn day_in_words(day: Date) -> String {
    day.format(format_description!("[day padding:none] [month repr:short]")).unwrap_or_default()
}

/// A day as a date field has it.
fn day_as_value(day: Option<Date>) -> String {
    day.and_then(|day| day.format(format_description!("[year]-[month]-[day]")).ok())
        .unwrap_or_default()
}

/// Who, until when, how far. Each is decided on what stood there.
#[component]
fn Controls(
    /// The page.
    desk: Desk,
    /// The list in which it stands.
    list: ActionList,
    /// The action.
    action: Memo<Action>,
) -> impl IntoView {
    let write = move |change: ActionChange| {
        let before = action.get_untracked();
        let changed = change.clone();
        let still = move |now: &Action| {
            // Another field may have changed meanwhile; this one not.
            (changed.status.is_none() || now.status == before.status)
                && (changed.assignee_id.is_none() || now.assignee == before.assignee)
                && (changed.due_on.is_none() || now.due_on == before.due_on)
        };
        let id = action.with_untracked(|action| action.id.clone());
        let people = desk.people.get_untracked();
        let request = edit::change::<Action>(list.clone(), id, change, people, still);
        desk.mutations.run(request.done(move |outcome| {
            if let Err(refusal) = outcome {
                desk.toasts.error(format!("The action stays as it is. {refusal}"));
            }
        }));
    };
    let write = Callback::new(write);
    let label = move |what: &'static str| {
        Signal::derive(move || action.with(|action| format!("{what} “{}”", action.body)))
    };
    let status = Held {
        label: label("Status of"),
        value: Signal::derive(move || action.with(|action| action.status.as_str().to_owned())),
        on_change: Callback::new(move |value: String| {
            let status = ActionStatus::ALL.into_iter().find(|status| status.as_str() == value);
            write.run(ActionChange { status, ..ActionChange::default() });
        }),
    };
    let statuses = ActionStatus::ALL
        .map(|status| (status.as_str().to_owned(), status_in_words(status).to_owned()));
    let assignee = Held {
        label: label("Who does"),
        value: Signal::derive(move || {
            let id = action.with(|action| action.assignee.as_ref().map(|person| person.id));
            id.map(|id| id.to_string()).unwrap_or_default()
        }),
        on_change: Callback::new(move |value: String| {
            let assignee_id = Some(value.parse().ok().map(UserId));
            write.run(ActionChange { assignee_id, ..ActionChange::default() });
        }),
    };
    let people = Signal::derive(move || {
        let mut options = vec![(String::new(), "Nobody".to_owned())];
        let mut people = desk.people.get();
        // Somebody who has left may still have something to do.
        people.extend(action.with(|action| action.assignee.clone()));
        for person in people {
            let id = person.id.to_string();
            if !options.iter().any(|(other, _)| *other == id) {
                options.push((id, person.name));
            }
        }
        options
    });
    let due = Held {
        label: label("Due date of"),
        value: Signal::derive(move || day_as_value(action.with(|action| action.due_on))),
        on_change: Callback::new(move |value: String| {
            let format = format_description!("[year]-[month]-[day]");
            let due_on = Some(Date::parse(&value, format).ok());
            write.run(ActionChange { due_on, ..ActionChange::default() });
        }),
    };
    let overdue = move || {
        let today = desk.today.get();
        action.with(|action| today.is_some_and(|today| action.is_overdue(today)))
    };
    view! {
        <div class="action-controls" data-status=move || action.with(|action| action.status.as_str())>
            <HeldSelect of=status options=Signal::stored(statuses.to_vec())/>
            <HeldSelect of=assignee options=people/>
            <HeldDay of=due/>
            {move || overdue().then(|| view! { <Badge tone=Tone::Danger>"overdue"</Badge> })}
        </div>
    }
}
