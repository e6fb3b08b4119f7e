//! The steps an order may take next.

use std::time::Duration;

use highwater::use_mutation;
use leptos::{html::Dialog, prelude::*};

use super::change;
use crate::{
    live::StudioEvent,
    orders::model::{OrderChange, OrderId, OrderStatus},
    ui::use_toasts,
};

/// How long after a step the next one can be taken: its button stands where the last one stood, so
/// a double click would take both.
const PAUSE: Duration = Duration::from_millis(500);

/// A button for each allowed step. Cancelling is final, so it is confirmed in words.
#[component]
pub(super) fn Actions(
    /// Which order.
    id: OrderId,
    /// Where it stands.
    status: Memo<Option<OrderStatus>>,
) -> impl IntoView {
    let mutations = use_mutation::<StudioEvent>();
    let toasts = use_toasts();
    let dialog = NodeRef::<Dialog>::new();
    let number = id.number();
    let busy = RwSignal::new(false);
    let take = move |next: OrderStatus| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let asked = OrderChange { status: Some(next), ..OrderChange::default() };
        let request = change(id.clone(), asked, None).done(move |outcome| {
            // The page may be gone by then.
            set_timeout(move || _ = busy.try_set(false), PAUSE);
            if let Err(error) = outcome {
                toasts.error(format!("Order {number} was not changed. {error}"));
            }
        });
        mutations.run(request);
    };
    let take = Callback::new(take);
    let next = move || status.get().map(OrderStatus::next).unwrap_or_default().to_vec();
    view! {
        <div class="button-group">
            <For each=move || { let mut next = next(); next.reverse(); next } key=|next| *next let:next>
                <Step next=next take=take dialog=dialog busy=busy/>
            </For>
        </div>
        <CancelDialog number=number dialog=dialog cancel=move |()| take.run(OrderStatus::Cancelled)/>
    }
}

#[component]
fn Step(
    /// The step.
    next: OrderStatus,
    /// Takes it.
    take: Callback<OrderStatus>,
    /// Asks first, for the one that is final.
    dialog: NodeRef<Dialog>,
    /// A step was just taken.
    busy: RwSignal<bool>,
) -> impl IntoView {
    let waits = move || busy.get().then_some("true");
    if next == OrderStatus::Cancelled {
        let ask = move |_| {
            if busy.get_untracked() {
                return;
            }
            // It fails only if it is open already.
            let _ = dialog.get_untracked().map(|dialog| dialog.show_modal());
        };
        return view! {
            <button type="button" class="button danger" aria-disabled=waits on:click=ask>
                "Cancel order"
            </button>
        }
        .into_any();
    }
    view! {
        <button
            type="button"
            class="button primary"
            aria-busy=waits
            aria-disabled=waits
            on:click=move |_| take.run(next)
        >
            {format!("Mark as {next}")}
        </button>
    }
    .into_any()
}

#[component]
fn CancelDialog(
    /// The order's number.
    number: i64,
    /// The element.
    dialog: NodeRef<Dialog>,
    /// Cancels the order.
    #[prop(into)]
    cancel: Callback<()>,
) -> impl IntoView {
    let close = move || {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    view! {
        <dialog class="dialog" node_ref=dialog aria-labelledby="cancel-title">
            <div class="dialog-header">
                <h2 class="dialog-title" id="cancel-title">{format!("Cancel order {number}?")}</h2>
            </div>
            <div class="dialog-body">
                <p>"A cancelled order stays cancelled. Its lines and its note are kept."</p>
            </div>
            <div class="dialog-actions">
                <button type="button" class="button" on:click=move |_| close()>"Keep the order"</button>
                <button
                    type="button"
                    class="button danger primary"
                    on:click=move |_| {
                        close();
                        cancel.run(());
                    }
                >
                    {format!("Cancel order {number}")}
                </button>
            </div>
        </dialog>
    }
}
