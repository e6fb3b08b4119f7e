//! One item of a list: read, edited in place under guard, deleted. What somebody edits stays, also
//! when somebody else deletes it meanwhile.

use std::sync::Arc;

use leptos::{
    html,
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{Element, HtmlElement, KeyboardEvent},
};

use super::{
    desk::{Desk, Writing},
    edit::{self, Editable},
};
use crate::{
    app::draft_name,
    coaching::model::Place,
    error::AppError,
    ui::{
        Author, Draft, Each, Guard, Guarded, GuardedForm, Icon, IconName, LiveText, Question,
        effect,
    },
};

/// A list of items, and how they are written.
pub(super) struct ItemsOf<T: Editable> {
    /// The page.
    pub desk: Desk,
    /// The query behind the list.
    pub list: T::List,
    /// The items.
    pub items: Signal<Option<Vec<T>>>,
    /// What stands below an item's text.
    pub more: fn(Desk, T::List, Memo<T>) -> AnyView,
    /// The same item anew, with another text: what somebody wrote of one that was deleted.
    pub again: fn(&T, String) -> T::New,
}

impl<T: Editable> Clone for ItemsOf<T> {
    fn clone(&self) -> Self {
        Self {
            desk: self.desk,
            list: self.list.clone(),
            items: self.items,
            more: self.more,
            again: self.again,
        }
    }
}

/// The rows. Those that are being edited stay when they are deleted.
pub(super) fn rows<T: Editable>(of: ItemsOf<T>) -> AnyView {
    let edited = RwSignal::new(Vec::<T>::new());
    let items = of.items;
    let all = move || {
        let mut all = items.get().unwrap_or_default();
        edited.with(|edited| {
            for item in edited {
                if !all.iter().any(|other| other.id() == item.id()) {
                    all.push(item.clone());
                }
            }
        });
        all
    };
    view! {
        <ul class="items">
            <Each each=all key=|item| item.id().to_string() children=move |first| {
                row(of.clone(), first, edited)
            }/>
        </ul>
    }
    .into_any()
}

fn row<T: Editable>(of: ItemsOf<T>, first: T, edited: RwSignal<Vec<T>>) -> AnyView {
    let ItemsOf { desk, list, items, more, again } = of;
    let id = first.id().clone();
    let found = {
        let id = id.clone();
        move || items.with(|all| all.as_ref()?.iter().find(|item| *item.id() == id).cloned())
    };
    let gone = {
        let found = found.clone();
        Memo::new(move |_| found().is_none())
    };
    let item = Memo::new(move |before: Option<&T>| {
        found().unwrap_or_else(|| before.unwrap_or(&first).clone())
    });
    let words = Memo::new(move |_| item.with(|item| item.words().to_owned()));
    let name = draft_name(&format!("{}:{id}", T::WHAT));
    let guard = Guard { what: T::WHAT, text: words, name, most: T::MOST };
    let (saved_in, saved_id) = (list.clone(), id.clone());
    let guarded = Guarded::new(guard, move |sending| {
        let Draft { text, from } = sending.draft.clone();
        let people = desk.people.get_untracked();
        let still = move |item: &T| item.words() == from;
        let change = T::reworded(text);
        let request = edit::change::<T>(saved_in.clone(), saved_id.clone(), change, people, still);
        desk.mutations.run(request.done(move |outcome| match outcome {
            Ok(_) => sending.saved(),
            Err(refusal) => {
                desk.toasts.error(format!("The {} was not saved. {refusal}", T::WHAT));
                sending.failed();
            }
        }));
    });
    // A row whose text is being edited stays in the list.
    effect(move |_| {
        let item = item.get();
        let keeps = guarded.is_edited();
        edited.update(|edited| {
            edited.retain(|other| other.id() != item.id());
            if keeps {
                edited.push(item);
            }
        });
    });
    let deleted = (list.clone(), id.clone());
    let delete = Callback::new(move |()| {
        let (list, id) = deleted.clone();
        let title = words.with_untracked(|words| format!("Delete “{}”?", beginning(words)));
        let body = format!("The {} is deleted for both of you.", T::WHAT);
        desk.asker.ask(Question { title, body, action: "Delete".to_owned() }, move || {
            let request = edit::delete::<T>(list.clone(), id.clone());
            desk.mutations.run(request.done(move |outcome: Result<(), AppError>| {
                if let Err(refusal) = outcome {
                    desk.toasts.error(format!("The {} is still there. {refusal}", T::WHAT));
                }
            }));
        });
    });
    let added_to = list.clone();
    let add_again = Callback::new(move |text: String| {
        let new = item.with_untracked(|item| again(item, text));
        let me = desk.me.get_value();
        let people = desk.people.get_untracked();
        let request = edit::create::<T>(added_to.clone(), new, &me, &people);
        desk.mutations.run(request.done(move |outcome| {
            if let Err(refusal) = outcome {
                desk.toasts.error(format!("The {} was not added. {refusal}", T::WHAT));
            }
        }));
    });
    let row = Row {
        desk,
        what: T::WHAT,
        field: format!("{}-{id}", T::WHAT),
        place: T::place(id),
        words,
        is_new: Memo::new(move |_| item.with(|item| item.version() == 0)),
        gone,
        guarded,
        delete,
        add_again,
        more: Arc::new(move || more(desk, list.clone(), item)),
    };
    view! { <ItemRow row=row/> }.into_any()
}

/// The beginning of a text, to name it by.
fn beginning(words: &str) -> String {
    const SHOWN: usize = 40;
    let line = words.lines().next().unwrap_or_default();
    let shown: String = line.chars().take(SHOWN).collect();
    if shown.len() < words.len() { format!("{}…", shown.trim_end()) } else { shown }
}

/// A row, its item's type erased.
struct Row {
    desk: Desk,
    what: &'static str,
    /// The id of its field.
    field: String,
    place: Place,
    words: Memo<String>,
    /// Whether the server does not have it yet.
    is_new: Memo<bool>,
    /// Whether it is no more.
    gone: Memo<bool>,
    guarded: Guarded,
    delete: Callback<()>,
    add_again: Callback<String>,
    more: Arc<dyn Fn() -> AnyView + Send + Sync>,
}

#[component]
fn ItemRow(
    /// The row.
    row: Row,
) -> impl IntoView {
    let Row { desk, what, field, place, words, is_new, gone, guarded, delete, add_again, more } =
        row;
    let element = NodeRef::<html::Li>::new();
    let editing = RwSignal::new(false);
    // What the browser kept of an earlier visit is gone on with.
    effect(move |_| {
        if guarded.is_edited() && !editing.get_untracked() {
            editing.set(true);
        }
    });
    let begin = Callback::new(move |()| {
        editing.set(true);
        // The field is there once the view has followed.
        request_animation_frame(move || guarded.focus());
    });
    let leave = Callback::new(move |()| {
        editing.set(false);
        desk.typing.set(None);
        let _ = element.get_untracked().map(|element| element.focus());
    });
    let typed_at = place.clone();
    view! {
        <li
            class="item"
            tabindex="0"
            node_ref=element
            aria-label=move || words.with(|words| beginning(words))
            data-new=move || is_new.get().then_some("true")
            on:keydown=move |event| on_key(&event, begin, delete)
        >
            {move || {
                let (id, at) = (field.clone(), typed_at.clone());
                if editing.get() {
                    view! {
                        <div
                            class="item-editor"
                            on:input=move |_| desk.typing.set(Some(at.clone()))
                            on:focusout=move |_| desk.typing.set(None)
                        >
                            <GuardedForm
                                guarded=guarded
                                id=id
                                label=format!("Edit the {what}")
                                bare=true
                                rows=2
                                save="Save"
                                idle="Ctrl+Enter saves, Esc leaves."
                                author=Signal::derive(|| None::<Author>)
                                on_leave=leave
                            />
                        </div>
                    }
                    .into_any()
                } else {
                    view! { <p class="item-words"><LiveText value=words/></p> }.into_any()
                }
            }}
            {move || (gone.get() && editing.get()).then(|| view! {
                <Gone what=what guarded=guarded add=add_again/>
            })}
            <div class="item-more">{more()} <Writing desk=desk place=place/></div>
            <Tools what=what words=words begin=begin delete=delete/>
        </li>
    }
}

/// The buttons of a row.
#[component]
fn Tools(
    /// What it is.
    what: &'static str,
    /// Its text.
    words: Memo<String>,
    /// Begins to edit it.
    begin: Callback<()>,
    /// Asks whether to delete it.
    delete: Callback<()>,
) -> impl IntoView {
    let label =
        move |verb: &str| words.with(|words| format!("{verb} the {what} “{}”", beginning(words)));
    view! {
        <div class="item-tools">
            <button
                type="button"
                class="button quiet icon-only"
                aria-label=move || label("Edit")
                title="Edit (Enter)"
                on:click=move |_| begin.run(())
            >
                <Icon name=IconName::Pencil/>
            </button>
            <button
                type="button"
                class="button quiet icon-only"
                aria-label=move || label("Delete")
                title="Delete (Del)"
                on:click=move |_| delete.run(())
            >
                <Icon name=IconName::Close/>
            </button>
        </div>
    }
}

/// What there is to do about the text of something that was deleted meanwhile.
#[component]
fn Gone(
    /// What it was.
    what: &'static str,
    /// Its text.
    guarded: Guarded,
    /// Adds a text anew.
    add: Callback<String>,
) -> impl IntoView {
    let again = move |_| {
        if let Some(text) = untrack(move || guarded.typed()) {
            add.run(text);
            guarded.forget();
        }
    };
    view! {
        <div class="notice" data-tone="warning" role="status">
            <span>{format!("This {what} was deleted meanwhile. What you have typed is still here.")}</span>
            <button type="button" class="button" on:click=again>{format!("Add it as a new {what}")}</button>
            <button type="button" class="button quiet" on:click=move |_| guarded.discard()>
                "Put it aside"
            </button>
        </div>
    }
}

/// The keys of a row that has the focus: Enter edits, Delete deletes, the arrows lead on.
fn on_key(event: &KeyboardEvent, begin: Callback<()>, delete: Callback<()>) {
    let row = event.current_target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
    let on_itself = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok()) == row;
    let Some(row) = row.filter(|_| on_itself) else { return };
    let next = match event.key().as_str() {
        "Enter" | "e" => {
            begin.run(());
            None
        }
        "Delete" => {
            delete.run(());
            None
        }
        "ArrowDown" => row.next_element_sibling(),
        "ArrowUp" => row.previous_element_sibling(),
        _ => return,
    };
    event.prevent_default();
    let next = next.and_then(|next: Element| next.dyn_into::<HtmlElement>().ok());
    let _ = next.map(|next| next.focus());
}
