//! The form that makes a voiceover. What is typed stays until it is taken, over a reload too.

use highwater::MutationRequest;
use leptos::{
    html,
    prelude::*,
    web_sys::{SubmitEvent, js_sys::Date},
};
use time::OffsetDateTime;

use super::fields::{Manner, TextArea, Typed, nothing};
use crate::{
    app::draft_name,
    content::{
        api::create_voiceover,
        live::VoiceoverList,
        model::{
            Begun, MediaStatus, NewVoiceover, TITLE_MAX_CHARS, Voiceover, VoiceoverId, VoiceoverRow,
        },
        view::mutations,
    },
    error::AppError,
    live::StudioEvent,
    ui::{
        Icon, IconName, NeedsJavaScript, TextField, effect, focus_first_invalid, keep, kept,
        use_toasts,
    },
};

/// The form.
#[component]
pub(super) fn NewVoiceoverForm() -> impl IntoView {
    let form = NodeRef::<html::Form>::new();
    let (typed, busy) = (Typed::new(nothing()), RwSignal::new(false));
    let (mutations, toasts) = (mutations(), use_toasts());
    let draft = StoredValue::new(draft_name("voiceover"));
    effect(move |_| {
        // What was typed before a reload, once.
        let before = draft.with_value(|draft| kept(draft));
        if let Some(before) = before.and_then(|before| serde_json::from_str(&before).ok()) {
            typed.put(before);
        }
        effect(move |_| {
            let now = typed.get();
            let text = (now != nothing()).then(|| serde_json::to_string(&now).ok()).flatten();
            draft.with_value(|draft| keep(draft, text.as_deref()));
        });
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        typed.forget_problems();
        let new = untrack(|| typed.get());
        let mark = move || request_animation_frame(move || focus_first_invalid(form));
        let (title, text) = match new.validate() {
            Ok(valid) => valid,
            Err(refusal) => {
                typed.show(&refusal);
                return mark();
            }
        };
        busy.set(true);
        let shown = title.as_str().to_owned();
        let row = provisional(&new, shown, text.chars().count() as u64);
        let (sent, name) = (new.clone(), draft.get_value());
        mutations.run(create(new, row).done(move |outcome| {
            // The page may be gone by then.
            busy.try_set(false);
            match outcome {
                Ok(_) => match typed.text.try_get_untracked() {
                    Some(text) if text == sent.text => {
                        typed.put(NewVoiceover { voice: sent.voice, rate: sent.rate, ..nothing() });
                    }
                    // What was typed meanwhile is another text.
                    Some(_) => {}
                    None => keep(&name, None),
                },
                Err(refusal) => {
                    typed.show(&refusal);
                    toasts.error(format!("The voiceover was not made. {refusal}"));
                    mark();
                }
            }
        }));
    };
    let waits = move || busy.get().then_some("true");
    view! {
        <section class="voiceover-new" aria-labelledby="voiceover-new">
            <h2 class="section-title" id="voiceover-new">"New voiceover"</h2>
            <NeedsJavaScript what="Making a voiceover"/>
            <form class="voiceover-form" novalidate node_ref=form on:submit=submit>
                <TextArea typed=typed rows=8/>
                <TextField
                    id="voiceover-title"
                    label="Title"
                    help="Without one, it is called by its first words."
                    value=typed.title
                    error=typed.of_title
                    maxlength=u32::try_from(TITLE_MAX_CHARS).unwrap_or(u32::MAX)
                />
                <Manner typed=typed/>
                <p class="form-failure" role="alert">
                    {move || typed.of_rest.get().map(|words| view! {
                        <span class="notice" data-tone="danger">
                            <Icon name=IconName::Alert/>{words}
                        </span>
                    })}
                </p>
                <div class="form-actions">
                    <button type="submit" class="button primary" aria-busy=waits aria-disabled=waits>
                        "Make voiceover"
                    </button>
                </div>
            </form>
        </section>
    }
}

/// How a voiceover looks that the server has not heard of yet: it has no version, and the time tells
/// it from others.
fn provisional(new: &NewVoiceover, title: String, characters: u64) -> VoiceoverRow {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "milliseconds of this century"
    )]
    let now = Date::now() as u64;
    VoiceoverRow {
        id: VoiceoverId::of_bits(now),
        title,
        status: MediaStatus::Generating,
        error: None,
        voice: new.voice.clone(),
        rate: new.rate,
        characters,
        audio: None,
        duration_ms: None,
        created_at: OffsetDateTime::UNIX_EPOCH,
        updated_at: OffsetDateTime::UNIX_EPOCH,
        version: 0,
    }
}

fn create(
    new: NewVoiceover,
    row: VoiceoverRow,
) -> MutationRequest<StudioEvent, Begun<Voiceover>, AppError> {
    MutationRequest::new("new voiceover", move |sending| create_voiceover(new.clone(), sending.id))
        .overlay_all::<VoiceoverList>(move |page| {
        if page.page == 1 {
            page.rows.insert(0, row.clone());
        }
        page.total += 1;
    })
}
