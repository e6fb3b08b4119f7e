//! What a voiceover says, to be edited. While somebody edits it, nothing that comes replaces it.

use leptos::{html, prelude::*, web_sys::SubmitEvent};

use super::{
    actions::edit,
    fields::{Manner, TextArea, Typed, nothing},
};
use crate::{
    app::draft_name,
    content::{
        model::{MediaStatus, NewVoiceover, Voiceover, VoiceoverChange, VoiceoverId},
        view::mutations,
    },
    error::AppError,
    ui::{Icon, IconName, effect, focus_first_invalid, keep, kept, use_toasts},
};

/// The text, the voice and the rate, and the button that has them spoken.
#[component]
pub(super) fn Edit(
    /// Which voiceover.
    id: VoiceoverId,
    /// The voiceover.
    voiceover: Signal<Option<Voiceover>>,
) -> impl IntoView {
    let form = NodeRef::<html::Form>::new();
    let there = move || voiceover.with(|it| it.as_ref().map(versioned));
    // What the fields were last filled with, and its version.
    let base = RwSignal::new(untrack(there));
    let typed = Typed::new(base.get_untracked().map_or_else(nothing, |(said, _)| said));
    let edited = Memo::new(move |_| base.get().is_some_and(|(base, _)| base != typed.get()));
    // While it is, what is shown is what was typed, and the server may still refuse it.
    let sending = RwSignal::new(false);
    let draft = StoredValue::new(draft_name(&format!("voiceover:{id}")));
    effect(move |_| {
        // What was typed before a reload, once, and the version that it was decided on.
        let before = draft.with_value(|draft| kept(draft));
        let before = before.and_then(|before| serde_json::from_str(&before).ok());
        if let Some((before, decided_on)) = before {
            typed.put(before);
            base.update(|base| base.iter_mut().for_each(|base| base.1 = decided_on));
        }
        effect(move |_| {
            let now = base.get().map(|(_, version)| (typed.get(), version));
            let text = edited.get().then(|| serde_json::to_string(&now).ok()).flatten();
            draft.with_value(|draft| keep(draft, text.as_deref()));
        });
    });
    effect(move |_| {
        let Some(now) = there().filter(|_| !sending.get()) else { return };
        if !edited.get_untracked() || untrack(|| typed.get()) == now.0 {
            if untrack(|| typed.get()) != now.0 {
                typed.put(now.0.clone());
            }
            base.set(Some(now));
        }
    });
    let busy = move || {
        voiceover.with(|it| it.as_ref().map(|it| it.row.status)) == Some(MediaStatus::Generating)
    };
    let (mutations, toasts) = (mutations(), use_toasts());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !edited.get_untracked() || untrack(busy) || sending.get_untracked() {
            return;
        }
        typed.forget_problems();
        let mark = move || request_animation_frame(move || focus_first_invalid(form));
        let now = untrack(|| typed.get());
        if let Err(refusal) = now.validate() {
            typed.show(&refusal);
            return mark();
        }
        let change = VoiceoverChange {
            title: None,
            text: Some(now.text),
            voice: Some(now.voice),
            rate: Some(now.rate),
            version: base.get_untracked().map(|(_, version)| version),
        };
        sending.set(true);
        mutations.run(edit(id.clone(), change).done(move |outcome| {
            // The page may be gone by then.
            match outcome {
                Ok(now) => drop(base.try_set(Some(versioned(&now)))),
                Err(refusal) => {
                    if let AppError::VersionConflict { current, .. } = refusal {
                        // Whoever has read that, and tries again, means it.
                        base.try_update(|base| {
                            base.iter_mut().for_each(|base| base.1 = current);
                        });
                    }
                    typed.show(&refusal);
                    toasts.error(format!("The voiceover stays as it is. {refusal}"));
                    mark();
                }
            }
            sending.try_set(false);
        }));
    };
    let back = move |_| {
        if let Some(now) = untrack(there) {
            typed.put(now.0.clone());
            base.set(Some(now));
            typed.forget_problems();
        }
    };
    let waits = move || (!edited.get() || busy() || sending.get()).then_some("true");
    view! {
        <form class="voiceover-form" novalidate node_ref=form on:submit=submit>
            <TextArea typed=typed rows=14/>
            <div class="voiceover-manner"><Manner typed=typed/></div>
            <p class="form-failure" role="alert">
                {move || typed.of_rest.get().map(|words| view! {
                    <span class="notice" data-tone="danger">
                        <Icon name=IconName::Alert/>{words}
                    </span>
                })}
            </p>
            <div class="form-actions">
                <button type="submit" class="button primary" aria-disabled=waits>
                    "Save and speak"
                </button>
                <Show when=move || edited.get()>
                    <button type="button" class="button" on:click=back>"Discard changes"</button>
                </Show>
            </div>
        </form>
    }
}

/// What can be edited of a voiceover, and its version.
fn versioned(of: &Voiceover) -> (NewVoiceover, u64) {
    let said = NewVoiceover {
        title: String::new(),
        text: of.text.clone(),
        voice: of.row.voice.clone(),
        rate: of.row.rate,
    };
    (said, of.row.version)
}
