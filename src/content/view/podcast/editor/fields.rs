//! The fields of a script: a title for each segment, and a text for each turn.

use leptos::prelude::*;

use super::{super::script::host, Draft};
use crate::{
    content::model::{Script, Segment, Turn},
    ui::CollectAny,
};

/// How many characters a line of a field has, about.
const LINE: usize = 80;

/// A field for everything in a script. They open in the browser alone, so that their texts are set
/// as properties, once: typing never meets what comes from elsewhere.
#[component]
pub(super) fn Fields(
    /// What the fields hold at first.
    first: Script,
    /// What is typed.
    draft: RwSignal<Option<Draft>>,
) -> impl IntoView {
    let segments = first.segments.into_iter().enumerate().map(|(place, segment)| {
        let change = move |change: &dyn Fn(&mut Segment)| {
            draft.update(|draft| {
                let script = draft.as_mut().map(|draft| &mut draft.script);
                let segment = script.and_then(|script| script.segments.get_mut(place));
                segment.into_iter().for_each(change);
            });
        };
        let id = format!("segment-{place}");
        let rename = move |event| {
            let title = event_target_value(&event);
            change(&|segment| segment.title.clone_from(&title));
        };
        let turns = segment.turns.into_iter().enumerate().map(|(number, turn)| {
            let say = move |text: String| {
                change(&|segment| {
                    let turn = segment.turns.get_mut(number);
                    turn.into_iter().for_each(|turn| turn.text.clone_from(&text));
                });
            };
            view! { <TurnField id=format!("turn-{place}-{number}") first=turn say=say/> }
        });
        view! {
            <fieldset class="script-segment">
                <legend class="visually-hidden">{format!("Segment {}", place + 1)}</legend>
                <div class="field">
                    <label for=id.clone()>"Title of the segment"</label>
                    <input
                        class="input"
                        type="text"
                        id=id
                        autocomplete="off"
                        prop:value=segment.title
                        on:input=rename
                    />
                </div>
                {turns.collect_any()}
            </fieldset>
        }
        .into_any()
    });
    segments.collect_any()
}

#[component]
fn TurnField(
    /// The field's id.
    id: String,
    /// What it was.
    first: Turn,
    /// Called with what is typed.
    #[prop(into)]
    say: Callback<String>,
) -> impl IntoView {
    let (_, name) = host(first.host);
    let rows = (first.text.chars().count() / LINE + 1).clamp(2, 14).to_string();
    view! {
        <div class="field">
            <label for=id.clone()>{name}</label>
            <textarea
                class="input"
                id=id
                rows=rows
                prop:value=first.text
                on:input=move |event| say.run(event_target_value(&event))
            ></textarea>
        </div>
    }
    .into_any()
}
