//! The notes of a session.

use std::sync::Arc;

use highwater::use_query;
use leptos::prelude::*;

use super::{
    composer::{Added, Compose, Composer},
    desk::Desk,
    edit,
    item::{ItemsOf, rows},
};
use crate::{
    app::draft_name,
    coaching::{
        live::NoteList,
        model::{CoachingSessionId, NewNote, Note, Place, RelationshipId},
    },
    shown::Shown,
    ui::TimeAgo,
};

/// The notes, and the field for another.
#[component]
pub(super) fn Notes(
    /// The page.
    desk: Desk,
    /// Whose session.
    relationship: RelationshipId,
    /// Which session.
    session: CoachingSessionId,
) -> impl IntoView {
    let list = NoteList(relationship, session.clone());
    let query = {
        let list = list.clone();
        use_query(move || list.clone())
    };
    let of = Compose {
        id: "new-note",
        label: "New note",
        hint: "Write a note…",
        key: "n",
        place: Place::NewNote,
        draft: draft_name(&format!("new note:{session}")),
    };
    let added_to = list.clone();
    let add = Arc::new(move |body: String, added: Added| {
        let new = NewNote { coaching_session_id: session.clone(), body };
        let me = desk.me.get_value();
        let request = edit::create::<Note>(added_to.clone(), new, &me, &[]);
        desk.mutations.run(request.done(move |outcome| added(outcome.map(|_| ()))));
    });
    view! {
        <section class="section" aria-labelledby="notes">
            <h2 class="section-title" id="notes">"Notes"</h2>
            <Transition fallback=|| view! { <p class="muted">"Loading"</p> }>
                <Shown query=query what="the notes" show={
                    let list = list.clone();
                    move |items| rows(ItemsOf {
                        desk,
                        list: list.clone(),
                        items,
                        more: |_, _, note| view! { <Written note=note/> }.into_any(),
                        again: |note, body| NewNote {
                            coaching_session_id: note.coaching_session_id.clone(),
                            body,
                        },
                    })
                }/>
            </Transition>
            <Composer desk=desk of=of add=add/>
        </section>
    }
}

/// Who wrote a note, and when.
#[component]
fn Written(
    /// The note.
    note: Memo<Note>,
) -> impl IntoView {
    view! {
        <span class="muted">
            {move || note.with(|note| note.author.name.clone())} " · "
            <TimeAgo at=Signal::derive(move || note.with(|note| note.created_at))/>
            {move || note.with(|note| (note.version > 1).then_some(" · edited"))}
        </span>
    }
}
