//! The table of concepts: a row for each, selected, decided, edited and deleted where it stands.

use leptos::prelude::*;

use super::{
    bench::Bench,
    concept::{Concept, Context},
    proposals::{HEADS, Selected, address},
};
use crate::{
    labs::{
        live::NodeList,
        model::{Node, NodeId, NodePage, NodeStatus},
    },
    ui::{Each, Pagination, effect},
};

/// Concepts that somebody writes about, and in which place each stands: they stay where they are.
pub(super) type Held = RwSignal<Vec<(usize, Node)>>;

/// The table and the way to its other pages.
#[component]
pub(super) fn Concepts(
    /// The page.
    bench: Bench,
    /// What is asked for.
    list: Memo<NodeList>,
    /// What is shown.
    page: Signal<Option<NodePage>>,
    /// Which concepts are selected.
    selected: Selected,
    /// Which are written about.
    held: Held,
) -> impl IntoView {
    // Rows slide in when they join a list that was there already, not when another list opens.
    let settled = StoredValue::new(None);
    effect(move |_| {
        page.track();
        settled.set_value(Some(list.get()));
    });
    let context = Context { bench, list, page, selected, held, resting: RwSignal::new(false) };
    let rows = move || {
        let mut rows = page.get().map(|page| page.rows).unwrap_or_default();
        held.with(|held| stay(&mut rows, held));
        rows
    };
    let [_, concept, confidence, mentions, _] = HEADS;
    let number = move |of: fn(&NodePage) -> u32| {
        Signal::derive(move || page.with(|page| page.as_ref().map_or(0, of)))
    };
    let total =
        move || page.with(|page| page.as_ref().map_or(0, |page| page.counts.of(page.status)));
    view! {
        <table class="table as-list concept-table">
            <thead>
                <tr>
                    <SelectPage page=page selected=selected/>
                    <th scope="col">{concept}</th>
                    <th scope="col">{confidence}</th>
                    <th scope="col" class="number">{mentions.trim_start_matches('#')}</th>
                    <th scope="col"><span class="visually-hidden">"What to do"</span></th>
                </tr>
            </thead>
            <tbody>
                <Each each=rows key=|node| node.id.clone() let:node>
                    <Concept
                        first=node
                        context=context
                        enters=settled.get_value() == Some(list.get_untracked())
                    />
                </Each>
            </tbody>
        </table>
        <Pagination
            page=number(|page| page.page)
            pages=number(|page| page.pages)
            total=Signal::derive(total)
            href=move |page| address(bench, list.with(|list| list.status), page)
            noun="concept"
        />
    }
}

/// Keeps rows that are written about where they are, also when they have left the list.
fn stay(rows: &mut Vec<Node>, held: &[(usize, Node)]) {
    for (at, node) in held {
        if !rows.iter().any(|row| row.id == node.id) {
            rows.insert((*at).min(rows.len()), node.clone());
        }
    }
}

/// What a selection knows of a page.
pub(super) fn known(page: Option<&NodePage>) -> Vec<(NodeId, NodeStatus)> {
    page.iter().flat_map(|page| &page.rows).map(|node| (node.id.clone(), node.status)).collect()
}

/// Selects every concept of the page, or none of them.
#[component]
fn SelectPage(
    /// What is shown.
    page: Signal<Option<NodePage>>,
    /// Which concepts are selected.
    selected: Selected,
) -> impl IntoView {
    let share = Memo::new(move |_| {
        page.with(|page| {
            selected.share_of(page.iter().flat_map(|page| &page.rows).map(|node| &node.id))
        })
    });
    let turn = move |event| {
        let page = page.with_untracked(|page| known(page.as_ref()));
        selected.turn_all(page, event_target_checked(&event));
    };
    view! {
        <th scope="col" class="cell-select">
            <input
                type="checkbox"
                class="check"
                aria-label="Select all concepts on this page"
                prop:checked=move || share.get().is_all()
                prop:indeterminate=move || share.get().is_some()
                on:change=turn
            />
        </th>
    }
}

#[cfg(test)]
mod tests {
    use time::OffsetDateTime;

    use super::*;
    use crate::labs::model::ProjectId;

    fn node(bits: u64) -> Node {
        Node {
            id: NodeId::of_bits(bits),
            project_id: ProjectId::of_bits(1),
            title: String::new(),
            summary: String::new(),
            confidence: 0.5,
            mentions: 1,
            status: NodeStatus::Proposed,
            source_id: None,
            source_name: None,
            created_at: OffsetDateTime::UNIX_EPOCH,
            updated_at: OffsetDateTime::UNIX_EPOCH,
            version: 1,
        }
    }

    #[test]
    fn a_row_that_is_written_about_stays_where_it_was() {
        let mut rows = vec![node(1), node(3)];
        stay(&mut rows, &[(1, node(2)), (7, node(8)), (0, node(3))]);
        assert_eq!(rows, [node(1), node(2), node(3), node(8)]);
    }
}
