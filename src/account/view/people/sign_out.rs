//! The question before somebody is signed out: who, and why.

use highwater::MutationRequest;
use leptos::{html, prelude::*, web_sys::SubmitEvent};

use super::Desk;
use crate::{
    account::{
        api::sign_person_out,
        model::{CurrentUser, REASON_MAX_CHARS, UserId, shown_reason},
    },
    error::AppError,
    live::StudioEvent,
    ui::{Dialog, TextField, close_dialog, effect, focus_first_invalid, open_dialog},
};

/// Asks, for whoever is `leaving`.
#[component]
pub(super) fn SignOutDialog(
    /// The page.
    desk: Desk,
) -> impl IntoView {
    let (dialog, form) = (NodeRef::<html::Dialog>::new(), NodeRef::<html::Form>::new());
    let (reason, error) = (RwSignal::new(String::new()), RwSignal::new(None::<String>));
    let name = Memo::new(move |_| {
        desk.leaving.with(|user| user.as_ref().map(|user| user.name.clone()).unwrap_or_default())
    });
    effect(move |_| {
        if desk.leaving.with(Option::is_some) {
            error.set(None);
            open_dialog(dialog);
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(user) = desk.leaving.get_untracked() else { return };
        let Some(why) = shown_reason(&reason.get_untracked()) else {
            error.set(Some("Say why: they will read it.".to_owned()));
            // The mark is there with the next frame.
            request_animation_frame(move || focus_first_invalid(form));
            return;
        };
        close_dialog(dialog);
        reason.set(String::new());
        sign_out(desk, user, why);
    };
    view! {
        <Dialog
            node=dialog
            id="sign-out-title"
            title=Signal::derive(move || format!("Sign {} out?", name.get()))
            actions=Box::new(move || view! {
                <button type="button" class="button" on:click=move |_| close_dialog(dialog)>
                    "Cancel"
                </button>
                <button type="submit" form="sign-out-form" class="button danger primary">
                    {move || format!("Sign {} out", name.get())}
                </button>
            }.into_any())
        >
            <p>
                "Every page that they have open is closed at once and shows your reason. What they \
                 have typed is kept in their browser. They can sign in again, and their API tokens \
                 stay."
            </p>
            <form id="sign-out-form" novalidate node_ref=form on:submit=submit>
                <TextField
                    id="sign-out-reason"
                    label="Reason"
                    value=reason
                    error=error
                    maxlength=u32::try_from(REASON_MAX_CHARS).unwrap_or(u32::MAX)
                />
            </form>
        </Dialog>
    }
}

fn sign_out(desk: Desk, user: CurrentUser, reason: String) {
    let (toasts, name) = (desk.toasts, user.name.clone());
    // Asking for the same person again must be another value.
    desk.leaving.set(None);
    desk.mutations.run(sent(user.id, reason).done(move |outcome| match outcome {
        Ok(0) => toasts.success(format!("{name} was signed in nowhere.")),
        Ok(1) => toasts.success(format!("{name} is signed out: 1 session was ended.")),
        Ok(ended) => toasts.success(format!("{name} is signed out: {ended} sessions were ended.")),
        Err(error) => toasts.error(format!("{name} was not signed out. {error}")),
    }));
}

fn sent(id: UserId, reason: String) -> MutationRequest<StudioEvent, u32, AppError> {
    MutationRequest::new(format!("person {id}"), move |sending| {
        sign_person_out(id, reason.clone(), sending.id)
    })
}
