//! What happened to an order, who did it and when: newest first, and live.

use highwater::{QueryError, UseQuery};
use leptos::prelude::*;

use crate::{
    error::{AppError, words},
    orders::{
        live::OrderHistoryQuery,
        model::{HistoryEntry, HistoryStep, OrderHistory, OrderStatus},
    },
    ui::{Author, Each, ErrorState, TimeAgo, effect},
};

/// The history, with a heading.
#[component]
pub(super) fn History(
    /// What happened.
    history: UseQuery<OrderHistoryQuery>,
) -> impl IntoView {
    let face = history.select(|answer| match answer {
        None => Face::Nothing,
        Some(Ok(_)) => Face::Entries,
        Some(Err(error)) => Face::Error(error),
    });
    let known = history.select(|answer| answer.and_then(Result::ok));
    view! {
        <section class="section" aria-labelledby="history">
            <h2 class="section-title" id="history">"History"</h2>
            {move || match face.get() {
                Face::Nothing => ().into_any(),
                Face::Entries => view! { <Entries known=known/> }.into_any(),
                Face::Error(error) => view! {
                    <ErrorState
                        title="The history could not be read"
                        message=words(&error)
                        on_retry=move |()| history.refetch()
                        busy=Signal::derive(move || history.status().fetching)
                    />
                }
                .into_any(),
            }}
        </section>
    }
}

/// Which face it has. Entries come without changing it.
#[derive(Clone, PartialEq)]
enum Face {
    Nothing,
    Entries,
    Error(QueryError<AppError>),
}

#[component]
fn Entries(
    /// What happened.
    known: Signal<Option<OrderHistory>>,
) -> impl IntoView {
    let entries = move || known.get().map(|known| known.entries).unwrap_or_default();
    let since = move || known.with(|known| known.as_ref().and_then(|known| known.kept_since));
    // An entry slides in when it joins a history that was there already.
    let settled = StoredValue::new(false);
    effect(move |_| settled.set_value(true));
    view! {
        <ol class="history">
            <Each each=entries key=|entry| entry.version let:entry>
                <Entry entry=entry enters=settled.get_value()/>
            </Each>
        </ol>
        {move || since().map(|since| view! {
            <p class="history-since">
                "Changes are kept since "
                <TimeAgo at=since/>
                "."
            </p>
        })}
    }
}

#[component]
fn Entry(
    /// What happened; it never changes.
    entry: HistoryEntry,
    /// Whether it joins a history that was there already.
    enters: bool,
) -> impl IntoView {
    let HistoryEntry { at, actor, what, .. } = entry;
    let note = what.iter().find_map(|step| match step {
        HistoryStep::Note { note } if !note.trim().is_empty() => Some(note.clone()),
        _ => None,
    });
    view! {
        <li class="history-entry" class:row-enter=enters>
            <p>
                {told(actor.as_deref(), &what)}
                <span class="muted">" · "<TimeAgo at=at/></span>
            </p>
            {note.map(|note| view! { <blockquote class="version-text">{note}</blockquote> })}
        </li>
    }
    .into_any()
}

/// An entry as a sentence without its end.
fn told(actor: Option<&str>, what: &[HistoryStep]) -> String {
    if let (None, [HistoryStep::Imported]) = (actor, what) {
        return "The order was imported".to_owned();
    }
    let steps = what.iter().map(|step| match step {
        HistoryStep::Created => "placed the order".to_owned(),
        HistoryStep::Imported => "imported the order".to_owned(),
        HistoryStep::Status { to: OrderStatus::Cancelled, .. } => "cancelled the order".to_owned(),
        HistoryStep::Status { to, .. } => format!("marked it as {to}"),
        HistoryStep::Note { note } if note.trim().is_empty() => "removed the note".to_owned(),
        HistoryStep::Note { .. } => "wrote a note".to_owned(),
    });
    let steps = steps.collect::<Vec<_>>().join(" and ");
    format!("{} {steps}", actor.unwrap_or("Somebody"))
}

/// Who wrote this note, if the history tells.
pub(super) fn author_of(history: &OrderHistory, note: &str) -> Option<Author> {
    let wrote = |entry: &&HistoryEntry| {
        entry.what.iter().any(|step| matches!(step, HistoryStep::Note { note: new } if new == note))
    };
    let entry = history.entries.iter().find(wrote)?;
    let name = entry.actor.clone().unwrap_or_else(|| "Somebody".to_owned());
    Some(Author { name, at: entry.at })
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn a_change_is_told_in_words() {
        let to = OrderStatus::Packed;
        let steps = [
            HistoryStep::Status { from: None, to },
            HistoryStep::Note { note: "Fragile".to_owned() },
        ];
        assert_eq!(told(Some("Olivia"), &steps), "Olivia marked it as packed and wrote a note");
        assert_eq!(told(None, &[HistoryStep::Imported]), "The order was imported");
    }

    #[test]
    fn the_author_of_a_note_is_whoever_wrote_it_last() {
        let entry = |version, actor: &str, note: &str| HistoryEntry {
            at: datetime!(1998-05-06 12:00 UTC),
            actor: Some(actor.to_owned()),
            what: vec![HistoryStep::Note { note: note.to_owned() }],
            version,
        };
        let entries = vec![entry(3, "Ann", "Now"), entry(2, "Ben", "Then"), entry(1, "Cy", "Now")];
        let history = OrderHistory { entries, kept_since: None };
        assert_eq!(author_of(&history, "Now").map(|author| author.name).as_deref(), Some("Ann"));
        assert_eq!(author_of(&history, "Never"), None);
    }
}
