//! What a voiceover is made of, to be typed and chosen: the text, who speaks, and how fast.

use leptos::prelude::*;

use crate::{
    content::model::{NewVoiceover, Rate, VOICEOVER_MAX_CHARS, Voice},
    error::AppError,
    ui::{CollectAny, Field, as_typed, described_by, typed_early},
};

/// What is typed and chosen, and what is wrong with it.
#[derive(Clone, Copy)]
pub(super) struct Typed {
    pub(super) title: RwSignal<String>,
    pub(super) text: RwSignal<String>,
    pub(super) voice: RwSignal<Voice>,
    pub(super) rate: RwSignal<Rate>,
    pub(super) of_title: RwSignal<Option<String>>,
    pub(super) of_text: RwSignal<Option<String>>,
    /// Of no field.
    pub(super) of_rest: RwSignal<Option<String>>,
}

impl Typed {
    /// These to begin with.
    pub(super) fn new(of: NewVoiceover) -> Self {
        Self {
            title: RwSignal::new(of.title),
            text: RwSignal::new(of.text),
            voice: RwSignal::new(of.voice),
            rate: RwSignal::new(of.rate),
            of_title: RwSignal::new(None),
            of_text: RwSignal::new(None),
            of_rest: RwSignal::new(None),
        }
    }

    /// What is in the fields; whoever asks follows them.
    pub(super) fn get(self) -> NewVoiceover {
        NewVoiceover {
            title: self.title.get(),
            text: self.text.get(),
            voice: self.voice.get(),
            rate: self.rate.get(),
        }
    }

    /// Puts these into the fields. The page may be gone by then.
    pub(super) fn put(self, of: NewVoiceover) {
        self.title.try_set(of.title);
        self.text.try_set(of.text);
        self.voice.try_set(of.voice);
        self.rate.try_set(of.rate);
    }

    /// Takes the marks away.
    pub(super) fn forget_problems(self) {
        for problem in [self.of_title, self.of_text, self.of_rest] {
            problem.set(None);
        }
    }

    /// Shows a refusal at the field that it is about. The page may be gone by then.
    pub(super) fn show(self, refusal: &AppError) {
        let place = match refusal {
            AppError::Invalid { field: Some(field), .. } if field == "title" => self.of_title,
            AppError::Invalid { field: Some(field), .. } if field == "text" => self.of_text,
            _ => self.of_rest,
        };
        place.try_set(Some(refusal.to_string()));
    }
}

/// Nothing typed yet.
pub(super) fn nothing() -> NewVoiceover {
    let (title, text) = (String::new(), String::new());
    NewVoiceover { title, text, voice: Voice::default(), rate: Rate::default() }
}

/// The text, with how much of it there may be.
#[component]
pub(super) fn TextArea(
    /// What is typed.
    typed: Typed,
    /// How many lines are shown.
    rows: u8,
) -> impl IntoView {
    let Typed { text, of_text, .. } = typed;
    let take = Callback::new(move |typed| text.set(typed));
    let left = move || {
        let typed = text.with(|text| text.chars().count());
        match VOICEOVER_MAX_CHARS.checked_sub(typed) {
            Some(left) if left > VOICEOVER_MAX_CHARS / 10 => String::new(),
            Some(left) => format!("{left} characters left."),
            None => format!("{} characters too many.", typed - VOICEOVER_MAX_CHARS),
        }
    };
    view! {
        <Field id="voiceover-text" label="Text" error=of_text>
            <textarea
                class="input"
                id="voiceover-text"
                rows=rows.to_string()
                aria-describedby=described_by("voiceover-text", false)
                aria-invalid=move || of_text.with(Option::is_some).then_some("true")
                inner_html=as_typed(&text.get_untracked())
                use:typed_early=take
                prop:value=move || text.get()
                on:input=move |event| {
                    text.set(event_target_value(&event));
                    of_text.set(None);
                }
            ></textarea>
            <p class="field-help" role="status">{left}</p>
        </Field>
    }
}

/// Who speaks, and how fast.
#[component]
pub(super) fn Manner(
    /// What is chosen.
    typed: Typed,
) -> impl IntoView {
    let Typed { voice, rate, .. } = typed;
    let choose = move |event| {
        if let Ok(chosen) = event_target_value(&event).parse() {
            voice.set(chosen);
        }
    };
    let turn = move |event| {
        let words = event_target_value(&event).parse::<u16>().ok();
        if let Some(chosen) = words.and_then(|words| Rate::try_from(words).ok()) {
            rate.set(chosen);
        }
    };
    let words = move || rate.get().words_a_minute().to_string();
    // One that is not offered was chosen by another program.
    let other = move || {
        let chosen = voice.get();
        (!Voice::offered().any(|(voice, _)| voice == chosen)).then(|| {
            let (value, name) = (chosen.to_string(), chosen.to_string());
            view! { <option value=value selected>{name}</option> }
        })
    };
    let options = Voice::offered().map(move |(offered, words)| {
        let (name, same) = (offered.to_string(), offered.clone());
        view! { <option value=name selected=move || voice.get() == same>{words}</option> }
            .into_any()
    });
    view! {
        <Field id="voiceover-voice" label="Voice">
            <select
                class="input"
                id="voiceover-voice"
                prop:value=move || voice.get().to_string()
                on:change=choose
            >
                {options.collect_any()}
                {other}
            </select>
        </Field>
        <Field id="voiceover-rate" label="Speed">
            <div class="voiceover-rate">
                <input
                    type="range"
                    id="voiceover-rate"
                    min=Rate::SLOWEST.words_a_minute().to_string()
                    max=Rate::FASTEST.words_a_minute().to_string()
                    step="10"
                    value=rate.get_untracked().words_a_minute().to_string()
                    prop:value=words
                    aria-valuetext=move || format!("{} words a minute", words())
                    on:input=turn
                />
                <output for="voiceover-rate">{words} " words/min"</output>
            </div>
        </Field>
    }
}
