//! What can be done about one concept: its buttons, and the keys of its row.

use std::time::Duration;

use leptos::{
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{Element, HtmlElement, KeyboardEvent},
};

use super::{
    change::{decide, delete_node},
    concept::{Context, Row},
};
use crate::{
    error::AppError,
    labs::model::NodeStatus,
    ui::{CollectAny, Icon, IconName, Question},
};

/// How long after a decision the next is taken: the row below moves to where this one was, and the focus
/// into it, so that a double click or a key that is held would decide both.
const PAUSE: Duration = Duration::from_millis(350);

impl Row {
    /// Decides, unless that was done a moment ago. The focus goes on from `within` the row.
    fn decide(self, status: NodeStatus, within: &Element) {
        let Context { bench, list, resting, .. } = self.context;
        if resting.get_untracked() {
            return;
        }
        resting.set(true);
        // The page may be gone by then.
        set_timeout(move || _ = resting.try_set(false), PAUSE);
        hand_on_focus(within);
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
            // The focus is back where it was, in the row that leaves.
            document().active_element().iter().for_each(hand_on_focus);
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

/// The buttons of a row.
#[component]
pub(super) fn Tools(
    /// The row.
    row: Row,
    /// What was decided.
    status: Memo<NodeStatus>,
) -> impl IntoView {
    let Context { resting, .. } = row.context;
    let label =
        move |verb: &'static str| move || row.node.with(|node| format!("{verb} “{}”", node.title));
    let step = move |(to, words): (NodeStatus, &'static str)| {
        view! {
            <button
                type="button"
                class="button"
                aria-label=label(words)
                aria-disabled=move || resting.get().then_some("true")
                on:click=move |event| {
                    let from = event.current_target().and_then(|it| it.dyn_into::<Element>().ok());
                    from.iter().for_each(|from| row.decide(to, from));
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
pub(super) fn on_key(event: &KeyboardEvent, row: Row, status: NodeStatus) {
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
            row.decide(to, &target);
        }
    };
    match event.key().as_str() {
        // Held, a key would go on in the row that has the focus next.
        "a" | "r" | "e" | "Delete" if event.repeat() => {}
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
