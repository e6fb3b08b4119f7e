//! One concept: read, selected, and edited in place under guard. What somebody edits stays, also when
//! somebody else decides about it meanwhile.

use highwater::use_query;
use leptos::prelude::*;

use super::{
    bench::Bench,
    change::{by_itself, reword_node, text_of_node},
    concept_tools::{Tools, on_key},
    concepts::{Held, known},
    proposals::Selected,
};
use crate::{
    app::draft_name,
    labs::{
        live::NodeList,
        model::{LINE_MAX_CHARS, Node, NodeId, NodePage, NodeStatus, SUMMARY_MAX_CHARS},
    },
    ui::{Author, Check, Guard, Guarded, GuardedForm, LiveText, effect, grouped, live},
};

/// What the rows share. Cheap to copy.
#[derive(Clone, Copy)]
pub(super) struct Context {
    pub bench: Bench,
    /// What is asked for.
    pub list: Memo<NodeList>,
    /// What is shown.
    pub page: Signal<Option<NodePage>>,
    pub selected: Selected,
    /// Which concepts are written about.
    pub held: Held,
    /// Whether a decision was just taken.
    pub resting: RwSignal<bool>,
}

/// A row, with what can be done about it. Cheap to copy.
#[derive(Clone, Copy)]
pub(super) struct Row {
    pub context: Context,
    pub node: Memo<Node>,
    pub editing: RwSignal<bool>,
    /// What is known of the concept since it has left the list.
    pub away: RwSignal<Option<Node>>,
}

/// The row of a concept.
#[component]
pub(super) fn Concept(
    /// The concept when it came.
    first: Node,
    /// What the rows share.
    context: Context,
    /// Whether it joins a list that was there already.
    enters: bool,
) -> impl IntoView {
    let Context { page, selected, .. } = context;
    let id = first.id.clone();
    let found = {
        let id = id.clone();
        move || {
            page.with(|page| {
                let rows = &page.as_ref()?.rows;
                let at = rows.iter().position(|node| node.id == id)?;
                Some((at, rows[at].clone()))
            })
        }
    };
    let away = RwSignal::new(None::<Node>);
    let place = Memo::new(move |before: Option<&(Option<usize>, Node)>| match found() {
        Some((at, node)) => (Some(at), node),
        None => {
            let before = before.map_or(&first, |(_, node)| node);
            // What is on its way shows, and what was refused is taken back, without another version.
            let newer = away.get().filter(|node| node.version >= before.version);
            (None, newer.unwrap_or_else(|| before.clone()))
        }
    });
    let row = Row {
        context,
        node: Memo::new(move |_| place.with(|(_, node)| node.clone())),
        editing: RwSignal::new(false),
        away,
    };
    let node = row.node;
    let guarded = guard(row, place);
    let status = Memo::new(move |_| node.with(|node| node.status));
    let turned = id.clone();
    let turn = move |(on, all_between)| {
        let page = page.with_untracked(|page| known(page.as_ref()));
        selected.turn(&page, &turned, on, all_between);
    };
    let label = Signal::derive(move || node.with(|node| format!("Select “{}”", node.title)));
    view! {
        <tr class:row-enter=enters on:keydown=move |event| on_key(&event, row, status.get_untracked())>
            <td class="cell-select">
                <Check label=label checked=Signal::derive(move || selected.has(&id)) on_turn=turn/>
            </td>
            <th scope="row" class="cell-concept">
                <Words row=row guarded=guarded place=place/>
            </th>
            <td class="cell-confidence">
                <Confidence share=Signal::derive(move || node.with(|node| node.confidence))/>
            </td>
            <td class="cell-mentions number">
                {move || grouped(node.with(|node| node.mentions))}
                <span class="cell-word">" mentions"</span>
            </td>
            <td class="cell-tools">
                <Tools row=row status=status/>
            </td>
        </tr>
    }
    .into_any()
}

/// Guards the text of a row, which stays in the list while its field is open, and until what was typed
/// has arrived.
fn guard(row: Row, place: Memo<(Option<usize>, Node)>) -> Guarded {
    let Row { context, node, editing, .. } = row;
    let Context { bench, list, .. } = context;
    let id = node.with_untracked(|node| node.id.clone());
    let guard = Guard {
        what: "concept",
        text: Memo::new(move |_| node.with(text_of_node)),
        name: draft_name(&format!("concept:{id}")),
        most: LINE_MAX_CHARS + 1 + SUMMARY_MAX_CHARS,
    };
    let sent = id.clone();
    let guarded = Guarded::new(guard, move |sending| {
        let request = reword_node(list.get_untracked(), sent.clone(), sending.draft.clone());
        bench.mutations.run(request.done(move |outcome| match outcome {
            Ok(_) => sending.saved(),
            Err(refusal) => {
                bench.toasts.error(format!("The concept was not saved. {refusal}"));
                sending.failed();
            }
        }));
    });
    effect(move |_| {
        if guarded.is_edited() && !editing.get_untracked() {
            // What the browser kept of an earlier visit, or the server refused, is gone on with.
            editing.set(true);
        }
    });
    hold(row, place, guarded);
    guarded
}

/// Keeps the row in the list while it is written about.
fn hold(row: Row, place: Memo<(Option<usize>, Node)>, guarded: Guarded) {
    let Row { context, editing, .. } = row;
    let Context { list, held, .. } = context;
    let (last, here) = (StoredValue::new(0), list.get_untracked());
    effect(move |_| {
        let (at, node) = place.get();
        at.into_iter().for_each(|at| last.set_value(at));
        // Nobody takes a field along to another list in which nothing is typed.
        let keeps = guarded.is_edited()
            || guarded.is_on_its_way()
            || editing.get() && list.with(|list| *list == here);
        if keeps || holds(held, &node.id) {
            held.update(|held| {
                held.retain(|(_, other)| other.id != node.id);
                if keeps {
                    held.push((last.get_value(), node));
                }
            });
        }
    });
}

fn holds(held: Held, id: &NodeId) -> bool {
    held.with_untracked(|held| held.iter().any(|(_, held)| held.id == *id))
}

/// What it is called and what it is, to be read or to be edited.
#[component]
fn Words(
    /// The row.
    row: Row,
    /// Its text.
    guarded: Guarded,
    /// Where it stands, if it is still in the list.
    place: Memo<(Option<usize>, Node)>,
) -> impl IntoView {
    let Row { node, editing, .. } = row;
    let own = node.with_untracked(|node| node.id.clone());
    let id = format!("text-{own}");
    let away = Memo::new(move |_| {
        let held = row.context.held.with(|held| held.iter().any(|(_, held)| held.id == own));
        held && place.with(|(at, _)| at.is_none())
    });
    effect(move |_| {
        if editing.get() {
            // The field is there once the view has followed.
            request_animation_frame(move || guarded.focus());
        }
    });
    let read = move || {
        view! {
            <p class="concept-title">
                <LiveText value=Signal::derive(move || node.with(|node| node.title.clone()))/>
            </p>
            <p class="concept-summary" title=move || node.with(|node| node.summary.clone())>
                <LiveText value=Signal::derive(move || node.with(|node| node.summary.clone()))/>
            </p>
            {move || node.with(|node| node.source_name.clone()).map(|name| view! {
                <p class="concept-source">"From " {name}</p>
            })}
        }
        .into_any()
    };
    let edit = move || {
        view! {
            <div class="concept-editor">
                <GuardedForm
                    guarded=guarded
                    id=id.clone()
                    label="Summary"
                    head=("Title", LINE_MAX_CHARS)
                    rows=3
                    save="Save"
                    idle="Ctrl+Enter saves, Esc leaves."
                    author=Signal::derive(|| None::<Author>)
                    on_leave=move |()| editing.set(false)
                />
            </div>
        }
        .into_any()
    };
    view! {
        {live(move || if editing.get() { edit() } else { read() })}
        {live(move || away.get().then(|| view! { <Away row=row/> }))}
    }
}

/// Follows a concept that has left the list while it is written about, and says what has become of it.
#[component]
fn Away(
    /// Its row.
    row: Row,
) -> impl IntoView {
    let Row { context, node, away, .. } = row;
    let query = by_itself(&context.bench.id(), &node.with_untracked(|node| node.id.clone()));
    let nodes = use_query(move || query.clone());
    let now = nodes.select(|answer| answer?.ok()?.into_values().next());
    effect(move |_| {
        if let Some(Some(node)) = now.get() {
            away.set(Some(node));
        }
    });
    let words = move || {
        Some(match now.get()?.map(|node| node.status) {
            Some(status) if context.list.with(|list| list.status == status) => {
                "This concept stands in another place of the list by now."
            }
            Some(NodeStatus::Accepted) => "Somebody has accepted this concept meanwhile.",
            Some(NodeStatus::Rejected) => "Somebody has rejected this concept meanwhile.",
            Some(NodeStatus::Proposed) => "This concept waits for a decision, in another list.",
            None => {
                "Somebody has deleted this concept meanwhile. What you have typed is still here."
            }
        })
    };
    view! { <p class="notice" data-tone="warning" role="status">{words}</p> }
}

/// How much speaks for it: a bar, and per cent.
#[component]
fn Confidence(
    /// 0 to 1.
    share: Signal<f64>,
) -> impl IntoView {
    let percent = move || (share.get().clamp(0.0, 1.0) * 100.0).round();
    view! {
        <span class="confidence">
            <svg class="confidence-bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
                <rect width="100" height="4"></rect>
                <rect class="confidence-share" width=move || percent().to_string() height="4"></rect>
            </svg>
            <span>{move || format!("{} %", percent())}</span>
            <span class="cell-word">" confidence"</span>
        </span>
    }
}
