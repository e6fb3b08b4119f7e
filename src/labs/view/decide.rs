//! What can be done with several concepts at once: the bar below the list.

use std::collections::BTreeSet;

use highwater::use_query;
use leptos::prelude::*;

use super::{bench::Bench, change::change_many, concepts::known, counted, proposals::Selected};
use crate::{
    error::AppError,
    labs::{
        live::{NodeList, SomeNodes},
        model::{BULK_MAX, BulkAction, BulkDone, NodeId, NodePage},
    },
    ui::{BulkBar, Each, Question, Share, effect},
};

/// The bar: how many are selected, and what fits at least one of them.
#[component]
pub(super) fn BulkConcepts(
    /// The page.
    bench: Bench,
    /// What is asked for.
    list: Memo<NodeList>,
    /// What is shown.
    page: Signal<Option<NodePage>>,
    /// Which concepts are selected.
    selected: Selected,
) -> impl IntoView {
    effect(move |_| selected.saw(&page.with(|page| known(page.as_ref()))));
    let count = Memo::new(move |_| selected.count());
    let busy = RwSignal::new(false);
    let here = Memo::new(move |before: Option<&Share>| {
        // What is being decided right now has left the page only as it is shown.
        if let Some(before) = before.filter(|_| busy.get()) {
            return *before;
        }
        page.with(|page| {
            selected.share_of(page.iter().flat_map(|page| &page.rows).map(|node| &node.id))
        })
    });
    let elsewhere = Memo::new(move |_| {
        let rows = page.with(|page| known(page.as_ref()));
        let mut ids = selected.ids();
        rows.iter().for_each(|(id, _)| _ = ids.remove(id));
        ids.into_iter().take(BULK_MAX).collect::<BTreeSet<_>>()
    });
    let is_elsewhere = Memo::new(move |_| !busy.get() && elsewhere.with(|ids| !ids.is_empty()));
    let take = move |action: BulkAction| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let request = change_many(list.get_untracked(), selected.rows(), action);
        bench.mutations.run(request.done(move |outcome| {
            // The page may be gone by then.
            busy.try_set(false);
            tell(bench, selected, action, outcome);
        }));
    };
    let press = move |action: BulkAction| {
        if count.get_untracked() > BULK_MAX {
            return;
        }
        if action != BulkAction::Delete {
            return take(action);
        }
        let concepts = counted(count.get_untracked() as u64, "concept");
        let question = Question {
            title: format!("Delete {concepts}?"),
            body: "They go for everybody who takes part, and may be proposed again.".to_owned(),
            action: format!("Delete {concepts}"),
        };
        bench.asker.ask(question, move || take(action));
    };
    let waits = move || (busy.get() || count.get() > BULK_MAX).then_some("true");
    let fits = move || {
        let all = [BulkAction::Accept, BulkAction::Reject, BulkAction::Reopen, BulkAction::Delete];
        let fits = |action: &BulkAction| {
            let to = action.status();
            selected.any(|status| Some(status) != to)
        };
        all.into_iter().filter(fits).collect::<Vec<_>>()
    };
    let button = move |action: BulkAction| {
        view! {
            <button
                type="button"
                class="button"
                class:danger=action == BulkAction::Delete
                aria-disabled=waits
                on:click=move |_| {
                    if waits().is_none() {
                        press(action);
                    }
                }
            >
                {verb(action)}
            </button>
        }
    };
    view! {
        {move || is_elsewhere.get().then(|| view! {
            <Elsewhere bench=bench ids=elsewhere selected=selected/>
        })}
        <BulkBar
            label="Selected concepts"
            count=count
            here=here
            most=BULK_MAX
            busy=busy
            on_clear=move |()| selected.keep_only(&[])
        >
            <Each each=fits key=|action| verb(*action) children=button/>
        </BulkBar>
    }
}

/// Follows selected concepts that this page does not show.
#[component]
fn Elsewhere(
    /// The page.
    bench: Bench,
    /// Which they are.
    ids: Memo<BTreeSet<NodeId>>,
    /// Which concepts are selected.
    selected: Selected,
) -> impl IntoView {
    let project = bench.id();
    let query = Memo::new(move |before: Option<&SomeNodes>| {
        let ids = ids.get();
        // There is nothing to ask for when the last one is let go of; what was asked for still holds.
        let before = before.filter(|_| ids.is_empty()).cloned();
        before.unwrap_or_else(|| SomeNodes { project: project.clone(), ids })
    });
    let nodes = use_query(move || query.get());
    effect(move |_| {
        let Some(Ok(nodes)) = nodes.get() else { return };
        for (id, node) in nodes {
            match node {
                Some(node) => selected.saw(&[(id, node.status)]),
                None => selected.drop_row(&id),
            }
        }
    });
}

/// What the button says.
fn verb(action: BulkAction) -> &'static str {
    match action {
        BulkAction::Accept => "Accept",
        BulkAction::Reject => "Reject",
        BulkAction::Reopen => "Reopen",
        BulkAction::Delete => "Delete",
    }
}

/// Says what has become of it. What failed stays selected.
fn tell(bench: Bench, selected: Selected, action: BulkAction, outcome: Result<BulkDone, AppError>) {
    match outcome {
        Ok(done) => {
            selected.keep_only(&[]);
            let words = told(&done, action);
            match done.changed {
                0 => bench.toasts.error(words),
                _ => bench.toasts.success(words),
            }
        }
        Err(error) => bench.toasts.error(format!("Nothing was changed. {error}")),
    }
}

fn told(done: &BulkDone, action: BulkAction) -> String {
    let BulkDone { changed, unchanged, missing } = done;
    let what = match action {
        BulkAction::Accept => "accepted",
        BulkAction::Reject => "rejected",
        BulkAction::Reopen => "open again",
        BulkAction::Delete => "deleted",
    };
    let is = |count: u64| if count == 1 { "is" } else { "are" };
    let missing = missing.len() as u64;
    let mut words = vec![match changed {
        0 => "Nothing was changed.".to_owned(),
        _ => format!("{} {} {what}.", counted(*changed, "concept"), is(*changed)),
    }];
    if *unchanged > 0 {
        words.push(format!(
            "{unchanged} {} so already.",
            if *unchanged == 1 { "was" } else { "were" }
        ));
    }
    if missing > 0 {
        words.push(format!("{missing} {} not there any more.", is(missing)));
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labs::model::NodeId;

    #[test]
    fn what_was_missing_is_told_and_what_was_so_already() {
        let done = |changed, unchanged, missing: u64| BulkDone {
            changed,
            unchanged,
            missing: (0..missing).map(NodeId::of_bits).collect(),
        };
        let words = |done: BulkDone, action| told(&done, action);
        assert_eq!(words(done(3, 0, 0), BulkAction::Accept), "3 concepts are accepted.");
        assert_eq!(
            words(done(1, 1, 2), BulkAction::Reject),
            "1 concept is rejected. 1 was so already. 2 are not there any more."
        );
        assert_eq!(
            words(done(0, 0, 5), BulkAction::Accept),
            "Nothing was changed. 5 are not there any more."
        );
    }
}
