//! The field of a guarded text, with its buttons and what is said about it.

use leptos::prelude::*;

use super::{Author, Guarded, conflict::Conflict};
use crate::ui::{early::typed_early, erased::live, field::as_typed};

/// The field, its buttons and, while there are two versions, both of them.
#[component]
pub fn GuardedForm(
    /// The text.
    guarded: Guarded,
    /// The field's id, unique on the page.
    #[prop(into)]
    id: String,
    /// What it is for.
    #[prop(into)]
    label: String,
    /// Whether the label is only heard.
    #[prop(optional)]
    bare: bool,
    /// What its first line is for, if that has a field of its own, and the most characters that it
    /// may have.
    #[prop(optional)]
    head: Option<(&'static str, usize)>,
    /// How many lines are shown.
    rows: u8,
    /// What the button says that saves.
    save: &'static str,
    /// What there is to say while nothing is typed.
    idle: &'static str,
    /// Who wrote the text as it stands, as far as that is known.
    #[prop(into)]
    author: Signal<Option<Author>>,
    /// Called when there is nothing more to do here: it was sent, or put aside.
    #[prop(optional, into)]
    on_leave: Option<Callback<()>>,
) -> impl IntoView {
    let leave = move || on_leave.into_iter().for_each(|leave| leave.run(()));
    let submit = move || {
        if guarded.save() {
            leave();
        }
    };
    let conflict_id = id.clone();
    view! {
        <form
            class="guarded"
            on:submit=move |event| {
                event.prevent_default();
                submit();
            }
            on:keydown=move |event| match event.key().as_str() {
                "Enter" if event.ctrl_key() || event.meta_key() => submit(),
                "Escape" if on_leave.is_some() => {
                    event.prevent_default();
                    guarded.discard();
                    leave();
                }
                _ => {}
            }
        >
            {head.map(|(label, most)| view! {
                <Head guarded=guarded id=format!("{id}-head") label=label most=most/>
            })}
            <label for=id.clone() class:visually-hidden=bare>{label}</label>
            <Text guarded=guarded id=id.clone() rows=rows below=head.is_some()/>
            <Actions guarded=guarded id=id save=save idle=idle on_leave=on_leave/>
            {move || {
                let id = conflict_id.clone();
                guarded.in_conflict().then(|| view! {
                    <Conflict
                        what=guarded.what
                        id=id
                        node=guarded.conflict
                        theirs=guarded.text.into()
                        author=author
                        mine=Signal::derive(move || guarded.typed().unwrap_or_default())
                        choose=move |choice| {
                            if guarded.choose(choice) {
                                leave();
                            }
                        }
                    />
                })
            }}
            <Replaced guarded=guarded/>
        </form>
    }
}

#[component]
fn Text(
    /// The text.
    guarded: Guarded,
    /// The field's id.
    id: String,
    /// How many lines are shown.
    rows: u8,
    /// Whether the first line has a field of its own above.
    below: bool,
) -> impl IntoView {
    let Guarded { text, field, .. } = guarded;
    let part = move |text: &str| if below { after_head(text).to_owned() } else { text.to_owned() };
    let take = move |typed: String| {
        let whole = untrack(move || guarded.whole());
        guarded.take(if below { format!("{}\n{typed}", head_of(&whole)) } else { typed });
    };
    view! {
        <textarea
            class="input"
            aria-describedby=format!("{id}-hint")
            id=id
            rows=rows
            aria-invalid=move || guarded.too_long().is_some().then_some("true")
            node_ref=field
            inner_html=as_typed(&part(&text.get_untracked()))
            use:typed_early=Callback::new(take)
            prop:value=move || part(&guarded.typed().unwrap_or_else(|| text.get()))
            on:input=move |event| take(event_target_value(&event))
        ></textarea>
    }
}

/// The field of the first line.
#[component]
fn Head(
    /// The text.
    guarded: Guarded,
    /// The field's id.
    id: String,
    /// What it is for.
    label: &'static str,
    /// The most characters it may have.
    most: usize,
) -> impl IntoView {
    let Guarded { text, head, .. } = guarded;
    let take = move |typed: String| {
        let rest = untrack(move || guarded.whole());
        guarded.take(format!("{typed}\n{}", after_head(&rest)));
    };
    let shown = move || guarded.typed().unwrap_or_else(|| text.get());
    view! {
        <label for=id.clone()>{label}</label>
        <input
            class="input"
            type="text"
            id=id
            autocomplete="off"
            maxlength=most.to_string()
            node_ref=head
            value=head_of(&text.get_untracked()).to_owned()
            use:typed_early=Callback::new(take)
            prop:value=move || head_of(&shown()).to_owned()
            on:input=move |event| take(event_target_value(&event))
        />
    }
}

/// The first line of a text.
fn head_of(text: &str) -> &str {
    text.split_once('\n').map_or(text, |(head, _)| head)
}

/// What follows it.
fn after_head(text: &str) -> &str {
    text.split_once('\n').map_or("", |(_, rest)| rest)
}

#[component]
fn Actions(
    /// The text.
    guarded: Guarded,
    /// The field's id.
    id: String,
    /// What the button says that saves.
    save: &'static str,
    /// What there is to say while nothing is typed.
    idle: &'static str,
    /// Called when there is nothing more to do here.
    on_leave: Option<Callback<()>>,
) -> impl IntoView {
    let (discard, can_leave) = (on_leave.map_or("Discard", |_| "Cancel"), on_leave.is_some());
    view! {
        <div class="guarded-actions">
            <p class="guarded-hint" id=format!("{id}-hint") aria-live="polite">
                {move || guarded.hint(idle)}
            </p>
            <button
                type="button"
                class="button quiet"
                hidden=move || !can_leave && !guarded.is_edited()
                on:click=move |_| {
                    guarded.discard();
                    on_leave.into_iter().for_each(|leave| leave.run(()));
                }
            >
                {discard}
            </button>
            <button
                type="submit"
                class="button"
                aria-busy=move || guarded.is_on_its_way().then_some("true")
                aria-disabled=move || (!guarded.is_edited()).then_some("true")
            >
                {save}
            </button>
        </div>
    }
}

/// Somebody else's text, at hand while its reader writes another.
#[component]
fn Replaced(
    /// The text.
    guarded: Guarded,
) -> impl IntoView {
    live(move || {
        let replaced = guarded.replaced.get().filter(|_| guarded.is_edited());
        replaced.map(|text| {
            view! {
                <details class="replaced" open>
                    <summary>"The version that yours will replace"</summary>
                    <blockquote class="version-text">{text}</blockquote>
                </details>
            }
        })
    })
}
