//! Scheduling a session, and changing what it is about or when it is: a dialog for both.

use highwater::MutationRequest;
use leptos::{html, prelude::*, web_sys::SubmitEvent};

use super::desk::Desk;
use crate::{
    coaching::{
        api,
        live::{SessionDetail, SessionList},
        model::{
            CoachingSession, CoachingSessionId, LINE_MAX_CHARS, NewSession, RelationshipId,
            SessionChange, SessionStatus,
        },
    },
    error::AppError,
    live::StudioEvent,
    ui::{
        Dialog, Field, TextField, browser_now, close_dialog, described_by, focus_first_invalid,
        local_value, moment_of, open_dialog,
    },
};

/// The button and the dialog. With a session it changes that one; without it schedules another.
#[component]
pub(super) fn Schedule(
    /// The page.
    desk: Desk,
    /// Whose session.
    relationship: RelationshipId,
    /// The session that is changed.
    #[prop(optional, into)]
    session: Option<Signal<Option<CoachingSession>>>,
) -> impl IntoView {
    let (dialog, form) = (NodeRef::<html::Dialog>::new(), NodeRef::<html::Form>::new());
    let (title, when) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (title_error, when_error) = (RwSignal::new(None::<String>), RwSignal::new(None::<String>));
    // What was on the screen when the dialog was opened.
    let decided_on = StoredValue::new(None::<CoachingSession>);
    let open = move |_| {
        let before = session.and_then(|session| session.get_untracked());
        title.set(before.as_ref().map(|session| session.title.clone()).unwrap_or_default());
        let at = before.as_ref().map(|session| session.scheduled_at).or_else(browser_now);
        when.set(at.map(local_value).unwrap_or_default());
        decided_on.set_value(before);
        title_error.set(None);
        when_error.set(None);
        open_dialog(dialog);
    };
    let can_move = move || {
        let status = session.and_then(|session| session.with(|it| it.as_ref().map(|it| it.status)));
        status.is_none_or(|status| status == SessionStatus::Scheduled)
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let scheduled_at = moment_of(&when.get_untracked());
        when_error.set(scheduled_at.is_none().then(|| "Say when: a day and a time.".to_owned()));
        let empty = title.with_untracked(|title| title.trim().is_empty());
        title_error.set(empty.then(|| "Say what it is about.".to_owned()));
        let Some(scheduled_at) = scheduled_at.filter(|_| !empty) else {
            request_animation_frame(move || focus_first_invalid(form));
            return;
        };
        let refused = move |refusal: AppError, what: &str| {
            desk.toasts.error(format!("{what} {refusal}"));
            // What was typed is still in the dialog.
            open_dialog(dialog);
        };
        close_dialog(dialog);
        let title = title.get_untracked();
        match decided_on.get_value() {
            Some(before) => {
                let change = SessionChange {
                    title: Some(title),
                    scheduled_at: Some(scheduled_at),
                    ..SessionChange::default()
                };
                desk.mutations.run(change_session(before, change).done(move |outcome| {
                    if let Err(refusal) = outcome {
                        refused(refusal, "The session stays as it is.");
                    }
                }));
            }
            None => {
                let coaching_relationship_id = relationship.clone();
                let new = NewSession { coaching_relationship_id, title, scheduled_at };
                desk.mutations.run(create_session(new).done(move |outcome| match outcome {
                    Ok(session) => {
                        desk.toasts.success(format!("“{}” is scheduled.", session.title))
                    }
                    Err(refusal) => refused(refusal, "Nothing is scheduled."),
                }));
            }
        }
    };
    let (id, words) = match session {
        Some(_) => ("change-session", ("Change", "Change the session", "Save")),
        None => ("new-session", ("Schedule a session", "Schedule a session", "Schedule")),
    };
    let form_id = format!("{id}-form");
    let submits = form_id.clone();
    view! {
        <button type="button" class="button" class:primary=session.is_none() on:click=open>{words.0}</button>
        <Dialog
            node=dialog
            id=id
            title=words.1
            actions=Box::new(move || view! {
                <button type="button" class="button" on:click=move |_| close_dialog(dialog)>
                    "Cancel"
                </button>
                <button type="submit" form=submits class="button primary">{words.2}</button>
            }.into_any())
        >
            <form id=form_id class="stack" novalidate node_ref=form on:submit=submit>
                <TextField
                    id=format!("{id}-title")
                    label="What it is about"
                    value=title
                    error=title_error
                    maxlength=u32::try_from(LINE_MAX_CHARS).unwrap_or(u32::MAX)
                />
                <Field id=format!("{id}-when") label="When, in your own time" error=when_error>
                    <input
                        class="input"
                        id=format!("{id}-when")
                        type="datetime-local"
                        aria-describedby=described_by(&format!("{id}-when"), false)
                        aria-invalid=move || when_error.with(Option::is_some).then_some("true")
                        disabled=move || !can_move()
                        prop:value=move || when.get()
                        on:input=move |event| when.set(event_target_value(&event))
                    />
                </Field>
            </form>
        </Dialog>
    }
}

fn create_session(new: NewSession) -> MutationRequest<StudioEvent, CoachingSession, AppError> {
    let list = SessionList(new.coaching_relationship_id.clone());
    MutationRequest::new(format!("sessions {}", new.coaching_relationship_id), move |sending| {
        api::create_coaching_session(new.clone(), sending.id)
    })
    // Nothing is shown before the server has it, and its event brings it. Should the stream be down,
    // the list is asked for.
    .overlay(list, |_| {})
}

/// Changes a session as it was when the change was decided on.
pub(super) fn change_session(
    before: CoachingSession,
    change: SessionChange,
) -> MutationRequest<StudioEvent, CoachingSession, AppError> {
    let CoachingSession { id, coaching_relationship_id: of, .. } = before.clone();
    let detail = SessionDetail(of.clone(), id.clone());
    let (sent, read) = (change.clone(), detail.clone());
    let (laid, listed) = (change.clone(), change);
    let in_list = id.clone();
    MutationRequest::new(format!("session {id}"), move |sending| {
        let now = sending.committed(&read).and_then(Result::ok);
        // Version 0 never is: somebody else's change is not overwritten unseen.
        let same = |now: &CoachingSession| {
            (sent.status.is_some()
                || (now.title == before.title && now.scheduled_at == before.scheduled_at))
                && (sent.status.is_none() || now.status == before.status)
        };
        let version = now.map_or(before.version, |now| if same(&now) { now.version } else { 0 });
        let change = SessionChange { version: Some(version), ..sent.clone() };
        api::change_coaching_session(id.clone(), change, sending.id)
    })
    .overlay(detail.clone(), move |session| lay_over(session, &laid))
    .overlay(SessionList(of), move |sessions| {
        let session = sessions.iter_mut().find(|session| session.id == in_list);
        session.into_iter().for_each(|session| lay_over(session, &listed));
    })
    .returns(detail, CoachingSession::clone)
}

fn lay_over(session: &mut CoachingSession, change: &SessionChange) {
    let now = browser_now().unwrap_or(session.updated_at);
    if let Ok(next) = session.changed(change, now) {
        *session = next;
    }
}

/// Deletes a session that was only scheduled.
pub(super) fn delete_session(
    of: RelationshipId,
    id: CoachingSessionId,
) -> MutationRequest<StudioEvent, (), AppError> {
    let gone = id.clone();
    MutationRequest::new(format!("session {id}"), move |sending| {
        api::delete_coaching_session(id.clone(), None, sending.id)
    })
    .overlay(SessionList(of), move |sessions| sessions.retain(|session| session.id != gone))
}
