//! The steps an order may take next.

use std::time::Duration;

use leptos::{html::Dialog, prelude::*};

use super::{change, mutations};
use crate::{
    orders::model::{OrderChange, OrderId, OrderStatus},
    ui::{Confirm, Each, open_dialog, use_toasts},
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
    let mutations = mutations();
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
            <Each each=move || { let mut next = next(); next.reverse(); next } key=|next| *next let:next>
                <Step next=next take=take dialog=dialog busy=busy/>
            </Each>
        </div>
        <Confirm
            node=dialog
            id="cancel-title"
            title=format!("Cancel order {number}?")
            body="A cancelled order stays cancelled. Its lines and its note are kept."
            keep="Keep the order"
            confirm=format!("Cancel order {number}")
            on_confirm=move |()| take.run(OrderStatus::Cancelled)
        />
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
            open_dialog(dialog);
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
