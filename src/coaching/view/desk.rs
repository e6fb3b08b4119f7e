//! What the parts of a page share while two people work on it: who they are, who is here, and the
//! ways to write, to ask and to tell.

use highwater::Mutations;
use leptos::prelude::*;
use time::Date;

use super::mutations;
use crate::{
    account::model::UserId,
    app::Viewer,
    coaching::model::{Person, Place, Present},
    live::StudioEvent,
    ui::{Asker, Toasts, browser_now, effect, use_toasts},
};

/// What a page works with. Cheap to copy.
#[derive(Clone, Copy)]
pub(super) struct Desk {
    pub mutations: Mutations<StudioEvent>,
    pub toasts: Toasts,
    /// Asks before something is deleted; its dialog stands once on the page.
    pub asker: Asker,
    /// Who looks at the page.
    pub me: StoredValue<Person>,
    /// The two of the relationship, as far as its places are taken.
    pub people: Signal<Vec<Person>>,
    /// Who else is here.
    pub here: RwSignal<Vec<Present>>,
    /// Where one types oneself.
    pub typing: RwSignal<Option<Place>>,
    /// Which day it is, once the page is mounted: the server and the browser need not agree.
    pub today: RwSignal<Option<Date>>,
}

impl Desk {
    /// For a page about a relationship of these people.
    pub fn new(people: Signal<Vec<Person>>) -> Self {
        let Viewer(user) = expect_context();
        // Nobody gets here who is not signed in.
        let me = user.map(|user| Person { id: user.id, name: user.name });
        let nobody = Person { id: UserId(0), name: String::new() };
        let today = RwSignal::new(None);
        effect(move |_| today.set(browser_now().map(|now| now.date())));
        Self {
            mutations: mutations(),
            toasts: use_toasts(),
            asker: Asker::new(),
            me: StoredValue::new(me.unwrap_or(nobody)),
            people,
            here: RwSignal::new(Vec::new()),
            typing: RwSignal::new(None),
            today,
        }
    }

    /// Who types there, in words; nothing if nobody does.
    pub fn words_at(self, place: &Place) -> Option<String> {
        let me = self.me.with_value(|me| me.id);
        let names: Vec<String> = self.here.with(|here| {
            let there = |present: &&Present| {
                present.typing.as_ref() == Some(place) && present.person.id != me
            };
            here.iter().filter(there).map(|present| present.person.name.clone()).collect()
        });
        (!names.is_empty()).then(|| format!("{} is writing…", names.join(", ")))
    }
}

/// Says who types at a place.
#[component]
pub(super) fn Writing(
    /// The page.
    desk: Desk,
    /// The place.
    place: Place,
) -> impl IntoView {
    let words = Memo::new(move |_| desk.words_at(&place));
    view! { <span class="writing">{move || words.get()}</span> }
}
