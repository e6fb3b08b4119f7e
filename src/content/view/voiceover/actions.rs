//! What can be done with a voiceover, shown at once and taken back if refused.

use highwater::MutationRequest;
use leptos::{html, prelude::*, web_sys::SubmitEvent};
use leptos_router::{NavigateOptions, hooks::use_navigate};

use crate::{
    content::{
        api::{change_voiceover, delete_voiceover, generate_voiceover},
        live::{VoiceoverDetail, VoiceoverList},
        model::{
            Begun, Changed, MediaStatus, TITLE_MAX_CHARS, Title, Voiceover, VoiceoverChange,
            VoiceoverId, VoiceoverRow,
        },
        view::mutations,
    },
    error::AppError,
    live::StudioEvent,
    ui::{Confirm, Dialog, TextField, close_dialog, focus_first_invalid, open_dialog, use_toasts},
};

/// The button that speaks it again, unless that is under way.
#[component]
pub(super) fn Speak(
    /// Which voiceover.
    id: VoiceoverId,
    /// How far it has come.
    status: Signal<Option<MediaStatus>>,
    /// What it is called, for readers that hear the button alone.
    title: Signal<String>,
) -> impl IntoView {
    let (mutations, toasts) = (mutations(), use_toasts());
    let speak = move |_| {
        mutations.run(generate(id.clone()).done(move |outcome| {
            if let Err(refusal) = outcome {
                toasts.error(format!("It is not spoken again. {refusal}"));
            }
        }));
    };
    let words = move || match status.get() {
        Some(MediaStatus::Failed) => Some("Try again"),
        Some(MediaStatus::Draft) => Some("Speak it"),
        Some(MediaStatus::Ready) => Some("Speak again"),
        Some(MediaStatus::Generating) | None => None,
    };
    view! {
        <Show when=move || words().is_some()>
            <button
                type="button"
                class="button"
                aria-label=move || format!("{} “{}”", words().unwrap_or_default(), title.get())
                on:click=speak.clone()
            >
                {words}
            </button>
        </Show>
    }
}

/// The button that renames, and the dialog in which it is done.
#[component]
pub(super) fn Rename(
    /// Which voiceover.
    id: VoiceoverId,
    /// The voiceover.
    voiceover: Signal<Option<Voiceover>>,
) -> impl IntoView {
    let (dialog, form) = (NodeRef::<html::Dialog>::new(), NodeRef::<html::Form>::new());
    let (title, error) = (RwSignal::new(String::new()), RwSignal::new(None::<String>));
    // The version that is on the screen while the title is typed.
    let decided_on = StoredValue::new(None::<u64>);
    let (mutations, toasts) = (mutations(), use_toasts());
    let open = move |_| {
        voiceover.with_untracked(|voiceover| {
            let row = voiceover.as_ref().map(|voiceover| &voiceover.row);
            title.set(row.map(|row| row.title.clone()).unwrap_or_default());
            decided_on.set_value(row.map(|row| row.version));
        });
        error.set(None);
        open_dialog(dialog);
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if let Err(wrong) = Title::new(&title.get_untracked()) {
            error.set(Some(wrong.to_string()));
            request_animation_frame(move || focus_first_invalid(form));
            return;
        }
        close_dialog(dialog);
        let (title, version) = (Some(title.get_untracked()), decided_on.get_value());
        let change = VoiceoverChange { title, version, ..VoiceoverChange::default() };
        mutations.run(edit(id.clone(), change).done(move |outcome| {
            if let Err(refusal) = outcome {
                toasts.error(format!("The voiceover keeps its title. {refusal}"));
            }
        }));
    };
    view! {
        <button type="button" class="button" on:click=open>"Rename"</button>
        <Dialog
            node=dialog
            id="rename-voiceover"
            title="Rename the voiceover"
            actions=Box::new(move || view! {
                <button type="button" class="button" on:click=move |_| close_dialog(dialog)>
                    "Cancel"
                </button>
                <button type="submit" form="rename-form" class="button primary">"Rename"</button>
            }.into_any())
        >
            <form id="rename-form" novalidate node_ref=form on:submit=submit>
                <TextField
                    id="rename-title"
                    label="Title"
                    value=title
                    error=error
                    maxlength=u32::try_from(TITLE_MAX_CHARS).unwrap_or(u32::MAX)
                />
            </form>
        </Dialog>
    }
}

/// The button that deletes, after asking.
#[component]
pub(super) fn Delete(
    /// Which voiceover.
    id: VoiceoverId,
    /// What it is called.
    title: Signal<String>,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let (mutations, toasts, navigate) = (mutations(), use_toasts(), use_navigate());
    let confirmed = move |()| {
        let title = title.get_untracked();
        mutations.run(delete(id.clone()).done(move |outcome| match outcome {
            Ok(()) => toasts.success(format!("“{title}” is deleted.")),
            Err(refusal) => toasts.error(format!("“{title}” is still there. {refusal}")),
        }));
        navigate("/voiceovers", NavigateOptions::default());
    };
    view! {
        <button type="button" class="button danger" on:click=move |_| open_dialog(dialog)>
            "Delete"
        </button>
        <Confirm
            node=dialog
            id="delete-voiceover"
            title=Signal::derive(move || format!("Delete “{}”?", title.get()))
            body="Its text and its sound are removed for good."
            keep="Keep it"
            confirm="Delete"
            on_confirm=confirmed
        />
    }
}

/// Has a voiceover spoken again: it shows at once that it is.
pub(super) fn generate(
    id: VoiceoverId,
) -> MutationRequest<StudioEvent, Begun<Voiceover>, AppError> {
    let (sent, listed) = (id.clone(), id.clone());
    let detail = VoiceoverDetail(id.clone());
    MutationRequest::new(format!("voiceover {id}"), move |sending| {
        generate_voiceover(sent.clone(), sending.id)
    })
    .overlay(detail.clone(), |voiceover| voiceover.row.begin())
    .overlay_all::<VoiceoverList>(move |page| {
        of(&mut page.rows, &listed).for_each(VoiceoverRow::begin);
    })
    .returns(detail, |begun| begun.made.clone())
}

/// Changes a voiceover: it shows at once what that makes of it.
pub(super) fn edit(
    id: VoiceoverId,
    change: VoiceoverChange,
) -> MutationRequest<StudioEvent, Voiceover, AppError> {
    let (sent, listed) = (id.clone(), id.clone());
    let (laid, in_list) = (change.clone(), change.title.clone());
    let detail = VoiceoverDetail(id.clone());
    MutationRequest::new(format!("voiceover {id}"), move |sending| {
        change_voiceover(sent.clone(), change.clone(), sending.id)
    })
    .overlay(detail.clone(), move |voiceover| {
        // The server says what is wrong with it.
        if let Ok(Changed::Renamed(changed) | Changed::Respoken(changed)) = voiceover.changed(&laid)
        {
            *voiceover = changed;
        }
    })
    .overlay_all::<VoiceoverList>(move |page| {
        let Some(title) = &in_list else { return };
        of(&mut page.rows, &listed).for_each(|row| title.trim().clone_into(&mut row.title));
    })
    .returns(detail, Voiceover::clone)
}

fn delete(id: VoiceoverId) -> MutationRequest<StudioEvent, (), AppError> {
    let (sent, listed) = (id.clone(), id.clone());
    MutationRequest::new(format!("voiceover {id}"), move |sending| {
        delete_voiceover(sent.clone(), sending.id)
    })
    .overlay_all::<VoiceoverList>(move |page| {
        let before = page.rows.len();
        page.rows.retain(|row| row.id != listed);
        page.total -= u64::from(page.rows.len() < before);
    })
}

fn of<'a>(
    rows: &'a mut [VoiceoverRow],
    id: &'a VoiceoverId,
) -> impl Iterator<Item = &'a mut VoiceoverRow> {
    rows.iter_mut().filter(move |row| row.id == *id)
}
