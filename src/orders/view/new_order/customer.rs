//! Who orders, and where it goes.

use leptos::prelude::*;

use super::{
    form::Form,
    typed::{customer_labels, parts},
};
use crate::ui::{CollectAny, TextField, effect};

/// What the parts of an address are called, in JSON and on the form, and what a browser may fill
/// in; in the order of `TypedAddress`.
const PARTS: [(&str, &str, &str); 6] = [
    ("name", "Name", "off"),
    ("address", "Street and number", "off"),
    ("postalCode", "Postal code", "off"),
    ("city", "Town", "off"),
    ("region", "Region", "off"),
    ("country", "Country", "off"),
];

/// The customer.
#[component]
pub(super) fn CustomerField(
    /// The form.
    form: Form,
) -> impl IntoView {
    let options = move || {
        let labels = form
            .catalogue
            .with(|catalogue| catalogue.as_ref().map(customer_labels).unwrap_or_default());
        labels.into_iter().map(|label| view! { <option value=label></option> }).collect_any()
    };
    let problem = form.problem(|| "customerId".to_owned());
    effect(move |before: Option<Option<_>>| {
        let now = form.chosen().map(|customer| customer.id);
        if before.is_some_and(|before| before != now) {
            form.prefill();
        }
        now
    });
    view! {
        <datalist id="customers">{options}</datalist>
        <TextField
            id="customer"
            label="Customer"
            help="Begin to type a name or an id."
            value=form.customer
            list="customers"
            error=problem
        />
    }
}

/// The address.
#[component]
pub(super) fn ShipToFields(
    /// The form.
    form: Form,
) -> impl IntoView {
    let fields =
        PARTS.into_iter().zip(form.ship_to).map(|((field, label, autocomplete), value)| {
            let problem = form.problem(move || format!("shipTo.{field}"));
            view! {
                <div class=format!("part-{field}")>
                    <TextField
                        id=format!("ship-{field}")
                        label=label
                        value=value
                        autocomplete=autocomplete
                        error=problem
                    />
                </div>
            }
        });
    let last = Memo::new(move |_| form.chosen().and_then(|customer| customer.ship_to));
    let differs = move || {
        last.get().map(|last| parts(&last)).filter(|last| {
            form.ship_to.iter().zip(last).any(|(part, last)| part.with(|part| part != last))
        })
    };
    view! {
        <fieldset class="section ship-to">
            <legend class="section-title">"Ship to"</legend>
            <div class="ship-to-parts">{fields.collect_any()}</div>
            {move || {
                differs()
                    .map(|last| {
                        view! {
                            <button
                                type="button"
                                class="button"
                                on:click=move |_| form.use_address(last.clone())
                            >
                                "Use the address of their last order"
                            </button>
                        }
                    })
            }}
        </fieldset>
    }
}
