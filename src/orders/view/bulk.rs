//! What can be done with several orders at once: the bar below the list.

use highwater::MutationRequest;
use leptos::{html::Dialog, prelude::*};

use super::{
    mutations,
    selection::{Selected, known, steps},
};
use crate::{
    error::AppError,
    live::StudioEvent,
    orders::{
        api::change_orders,
        live::{OrderDetail, OrderList},
        model::{BULK_MAX, BulkChange, BulkOutcome, OrderChange, OrderPage, OrderStatus},
    },
    ui::{BulkBar, Confirm, Each, Toasts, effect, open_dialog, use_toasts},
};

/// The bar: how many are selected, and the steps that they may take. Nothing while none is.
#[component]
pub(super) fn BulkOrders(
    /// Which orders are selected.
    selected: Selected,
    /// The page of the list, for what it shows of them.
    page: Signal<Option<OrderPage>>,
) -> impl IntoView {
    let rows = move || page.get().map(|page| page.rows).unwrap_or_default();
    effect(move |_| selected.saw(&known(&rows())));
    let here = Memo::new(move |_| selected.share_of(rows().iter().map(|row| &row.id)));
    let dialog = NodeRef::<Dialog>::new();
    let busy = RwSignal::new(false);
    let (mutations, toasts) = (mutations(), use_toasts());
    let take = Callback::new(move |status: OrderStatus| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let ids = selected.rows().into_iter().map(|(id, _)| id).collect();
        let asked = BulkChange { ids, status };
        mutations.run(change_many(asked).done(move |outcome| {
            // The page may be gone by then.
            busy.try_set(false);
            tell(toasts, selected, status, outcome);
        }));
    });
    let count = Memo::new(move |_| selected.count());
    view! {
        <BulkBar
            label="Selected orders"
            count=count
            here=here
            most=BULK_MAX
            busy=busy
            on_clear=move |()| selected.keep_only(&[])
        >
            <Steps selected=selected busy=busy take=take dialog=dialog/>
        </BulkBar>
        <Confirm
            node=dialog
            id="bulk-cancel-title"
            title=Signal::derive(move || format!("Cancel {}?", orders_in_words(count.get())))
            body="Cancelled orders stay cancelled. Their lines and their notes are kept. Orders that have been shipped are left as they are."
            keep="Keep the orders"
            confirm=Signal::derive(move || format!("Cancel {}", orders_in_words(count.get())))
            on_confirm=move |()| take.run(OrderStatus::Cancelled)
        />
    }
}

#[component]
fn Steps(
    /// Which orders are selected.
    selected: Selected,
    /// A change is on its way.
    busy: RwSignal<bool>,
    /// Takes a step.
    take: Callback<OrderStatus>,
    /// Asks first, for the one that is final.
    dialog: NodeRef<Dialog>,
) -> impl IntoView {
    let too_many = move || selected.count() > BULK_MAX;
    let waits = move || (busy.get() || too_many()).then_some("true");
    let step = move |status: OrderStatus| {
        let is_final = status == OrderStatus::Cancelled;
        let words = if is_final { "Cancel orders".to_owned() } else { format!("Mark as {status}") };
        view! {
            <button
                type="button"
                class="button"
                class:danger=is_final
                aria-disabled=waits
                on:click=move |_| {
                    if waits().is_none() {
                        if is_final { open_dialog(dialog) } else { take.run(status) }
                    }
                }
            >
                {words}
            </button>
        }
    };
    view! { <Each each=move || steps(selected) key=|status| *status children=step/> }
}

/// One status for many orders: shown at once on each that may take it.
fn change_many(change: BulkChange) -> MutationRequest<StudioEvent, BulkOutcome, AppError> {
    let (of_lists, of_details) = (change.clone(), change.clone());
    let lay = OrderChange { status: Some(change.status), ..OrderChange::default() };
    let same = lay.clone();
    MutationRequest::new("several orders", move |sending| change_orders(change.clone(), sending.id))
        .overlay_all::<OrderList>(move |page| {
            let asked = page.rows.iter_mut().filter(|row| of_lists.ids.contains(&row.id));
            asked
                .filter(|row| row.status.may_become(of_lists.status))
                .for_each(|row| row.lay_over(&lay));
        })
        .overlay_all::<OrderDetail>(move |order| {
            if of_details.ids.contains(&order.id) && order.status.may_become(of_details.status) {
                order.lay_over(&same);
            }
        })
}

/// Says what has become of it. What was refused stays selected, so that it can be found.
fn tell(
    toasts: Toasts,
    selected: Selected,
    status: OrderStatus,
    outcome: Result<BulkOutcome, AppError>,
) {
    match outcome {
        Ok(outcome) => {
            let refused: Vec<_> =
                outcome.refused.iter().map(|refusal| refusal.id.clone()).collect();
            selected.keep_only(&refused);
            let words = told(&outcome, status);
            if refused.is_empty() { toasts.success(words) } else { toasts.error(words) }
        }
        Err(error) => toasts.error(format!("None of the orders was changed. {error}")),
    }
}

fn told(outcome: &BulkOutcome, status: OrderStatus) -> String {
    let BulkOutcome { changed, unchanged, refused } = outcome;
    let verb = |count: usize| if count == 1 { "is" } else { "are" };
    let mut words = Vec::new();
    if !changed.is_empty() {
        let count = changed.len();
        words.push(format!("{} {} now {status}.", orders_in_words(count), verb(count)));
    }
    if !unchanged.is_empty() {
        let count = unchanged.len();
        words.push(format!("{} {} {status} already.", orders_in_words(count), verb(count)));
    }
    if let [first, rest @ ..] = refused.as_slice() {
        let count = orders_in_words(refused.len());
        let was = if rest.is_empty() { "was" } else { "were" };
        words.push(format!("{count} {was} not changed."));
        let same = rest.iter().all(|refusal| refusal.reason == first.reason);
        if same {
            words.push(first.reason.clone());
        } else {
            let each = refused.iter();
            let each = each.map(|refusal| format!("{}: {}", refusal.id.number(), refusal.reason));
            words.extend(each);
        }
    }
    words.join(" ")
}

fn orders_in_words(count: usize) -> String {
    if count == 1 { "1 order".to_owned() } else { format!("{count} orders") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::orders::model::{BulkRefusal, OrderId};

    fn refusal(number: u64, reason: &str) -> BulkRefusal {
        let id = OrderId::of_number(number).expect("a short number");
        BulkRefusal { id, reason: reason.to_owned() }
    }

    #[test]
    fn one_reason_for_all_is_said_once() {
        let refused = vec![refusal(1, "Too late."), refusal(2, "Too late.")];
        let outcome = BulkOutcome { refused, ..BulkOutcome::default() };
        assert_eq!(told(&outcome, OrderStatus::Packed), "2 orders were not changed. Too late.");
    }

    #[test]
    fn different_reasons_name_their_orders() {
        let refused = vec![refusal(1, "Too late."), refusal(2, "Too soon.")];
        let outcome = BulkOutcome { refused, ..BulkOutcome::default() };
        assert_eq!(
            told(&outcome, OrderStatus::Packed),
            "2 orders were not changed. 1: Too late. 2: Too soon."
        );
    }
}
