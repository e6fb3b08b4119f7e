//! One concept: read, decided, edited in place under guard, deleted. What somebody edits stays, also
//! when somebody else decides about it meanwhile.

use leptos::{
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{Element, HtmlElement, KeyboardEvent, js_sys::Date},
};

use super::{
    bench::Bench,
    change::{decide, delete_node, reword_node, text_of_node},
    concepts::known,
    proposals::Selected,
};
use crate::{
    app::draft_name,
    error::AppError,
    labs::{
        live::NodeList,
        model::{LINE_MAX_CHARS, Node, NodePage, NodeStatus, SUMMARY_MAX_CHARS},
    },
    ui::{
        Author, Check, CollectAny, Guard, Guarded, GuardedForm, Icon, IconName, LiveText, Question,
        effect, grouped, live,
    },
};

/// How long after a decision the next is taken, in milliseconds: the row below moves to where this one
/// was, and a double click would decide both.
const PAUSE_MS: f64 = 350.0;

/// What the rows share. Cheap to copy.
#[derive(Clone, Copy)]
pub(super) struct Context {
    pub bench: Bench,
    /// What is asked for.
    pub list: Memo<NodeList>,
    /// What is shown.
    pub page: Signal<Option<NodePage>>,
    pub selected: Selected,
    /// Concepts whose text is being edited, and in which place they stand.
    pub edited: RwSignal<Vec<(usize, Node)>>,
    /// When a decision was taken last.
    pub decided_ms: StoredValue<f64>,
}

/// A row, with what can be done about it. Cheap to copy.
#[derive(Clone, Copy)]
struct Row {
    context: Context,
    node: Memo<Node>,
    editing: RwSignal<bool>,
}

impl Row {
    fn decide(self, status: NodeStatus) {
        let now = Date::now();
        let Context { bench, list, decided_ms, .. } = self.context;
        if now - decided_ms.get_value() < PAUSE_MS {
            return;
        }
        decided_ms.set_value(now);
        let node = self.node.get_untracked();
        let request = decide(list.get_untracked(), &node, status).done(move |outcome| {
            if let Err(refusal) = outcome {
                bench.toasts.error(format!("“{}” stays as it was. {refusal}", node.title));
            }
        });
        bench.mutations.run(request);
    }

    fn delete(self) {
        let Context { bench, list, .. } = self.context;
        let node = self.node.get_untracked();
        let question = Question {
            title: format!("Delete “{}”?", node.title),
            body: "It goes for everybody who takes part, and may be proposed again.".to_owned(),
            action: "Delete".to_owned(),
        };
        bench.asker.ask(question, move || {
            let title = node.title.clone();
            let request = delete_node(list.get_untracked(), &node).done(move |outcome| {
                match outcome {
                    // It is gone, whoever deleted it.
                    Ok(()) | Err(AppError::NotFound { .. }) => {}
                    Err(refusal) => {
                        bench.toasts.error(format!("“{title}” is still there. {refusal}"));
                    }
                }
            });
            bench.mutations.run(request);
        });
    }
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
    let place = Memo::new(move |before: Option<&(Option<usize>, Node)>| match found() {
        Some((at, node)) => (Some(at), node),
        None => (None, before.map_or(&first, |(_, node)| node).clone()),
    });
    let row = Row {
        context,
        node: Memo::new(move |_| place.with(|(_, node)| node.clone())),
        editing: RwSignal::new(false),
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

/// Guards the text of a row, which stays in the list while it is edited.
fn guard(row: Row, place: Memo<(Option<usize>, Node)>) -> Guarded {
    let Row { context, node, editing, .. } = row;
    let Context { bench, list, edited, .. } = context;
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
    let last = StoredValue::new(0);
    effect(move |_| {
        let (at, node) = place.get();
        at.into_iter().for_each(|at| last.set_value(at));
        let keeps = guarded.is_edited();
        if keeps && !editing.get_untracked() {
            // What the browser kept of an earlier visit, or the server refused, is gone on with.
            editing.set(true);
        }
        let held =
            edited.with_untracked(|edited| edited.iter().any(|(_, held)| held.id == node.id));
        if keeps || held {
            edited.update(|edited| {
                edited.retain(|(_, other)| other.id != node.id);
                if keeps {
                    edited.push((last.get_value(), node));
                }
            });
        }
    });
    guarded
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
    let gone = Memo::new(move |_| place.with(|(at, _)| at.is_none()));
    let id = node.with_untracked(|node| format!("text-{}", node.id));
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
            <p class="concept-summary">
                <LiveText value=Signal::derive(move || node.with(|node| node.summary.clone()))/>
            </p>
            {move || node.with(|node| node.source_name.clone()).map(|name| view! {
                <p class="concept-source">"From " {name}</p>
            })}
        }
        .into_any()
    };
    live(move || {
        if !editing.get() {
            return read();
        }
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
                {move || gone.get().then(|| view! {
                    <p class="notice" data-tone="warning" role="status">
                        "Somebody has decided about this concept meanwhile, or deleted it. What you \
                         have typed is still here; if the concept is there, saving changes it."
                    </p>
                })}
            </div>
        }
        .into_any()
    })
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

/// The buttons of a row.
#[component]
fn Tools(
    /// The row.
    row: Row,
    /// What was decided.
    status: Memo<NodeStatus>,
) -> impl IntoView {
    let label =
        move |verb: &'static str| move || row.node.with(|node| format!("{verb} “{}”", node.title));
    let step = move |(to, words): (NodeStatus, &'static str)| {
        view! {
            <button
                type="button"
                class="button"
                aria-label=label(words)
                on:click=move |event| {
                    let from = event.current_target().and_then(|it| it.dyn_into::<Element>().ok());
                    from.iter().for_each(hand_on_focus);
                    row.decide(to);
                }
            >
                {words}
            </button>
        }
    };
    let icon = move |words: &'static str, icon: IconName, act: fn(Row)| {
        view! {
            <button
                type="button"
                class="button quiet icon-only"
                aria-label=label(words)
                title=words
                on:click=move |_| act(row)
            >
                <Icon name=icon/>
            </button>
        }
    };
    view! {
        <div class="concept-tools" class:editing=move || row.editing.get()>
            {move || steps(status.get()).map(step).collect_any()}
            {icon("Edit", IconName::Pencil, |row| row.editing.set(true))}
            {icon("Delete", IconName::Close, Row::delete)}
        </div>
    }
}

/// What can be decided about a concept of a status, and what the button says.
fn steps(status: NodeStatus) -> [(NodeStatus, &'static str); 2] {
    use NodeStatus::{Accepted, Proposed, Rejected};
    match status {
        Proposed => [(Accepted, "Accept"), (Rejected, "Reject")],
        Accepted => [(Proposed, "Reopen"), (Rejected, "Reject")],
        Rejected => [(Accepted, "Accept"), (Proposed, "Reopen")],
    }
}

/// Gives the focus to the next row, or else to the one before: this one is about to leave.
fn hand_on_focus(within: &Element) {
    let Ok(Some(row)) = within.closest("tr") else { return };
    let next = row.next_element_sibling().or_else(|| row.previous_element_sibling());
    next.iter().for_each(focus_row);
}

/// A row has the focus in its box.
fn focus_row(row: &Element) {
    let check = row.query_selector(".check").ok().flatten();
    let check = check.and_then(|check| check.dyn_into::<HtmlElement>().ok());
    // A box in the page takes the focus.
    let _ = check.map(|check| check.focus());
}

/// The keys of a row that has the focus: the arrows lead on, `a` accepts, `r` rejects, `e` edits and
/// Delete deletes.
fn on_key(event: &KeyboardEvent, row: Row, status: NodeStatus) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let Some(target) = target.filter(|target| target.class_list().contains("check")) else {
        return;
    };
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    let line = target.closest("tr").ok().flatten();
    let to = |to: NodeStatus| {
        if status != to {
            hand_on_focus(&target);
            row.decide(to);
        }
    };
    match event.key().as_str() {
        "ArrowDown" => line.and_then(|line| line.next_element_sibling()).iter().for_each(focus_row),
        "ArrowUp" => {
            line.and_then(|line| line.previous_element_sibling()).iter().for_each(focus_row);
        }
        "a" => to(NodeStatus::Accepted),
        "r" => to(NodeStatus::Rejected),
        "e" => row.editing.set(true),
        "Delete" => row.delete(),
        _ => return,
    }
    event.prevent_default();
    event.stop_propagation();
}
