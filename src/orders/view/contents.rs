//! What is in an order, and what there is to know about it besides.

use leptos::prelude::*;

use crate::{
    orders::model::{Cents, Order, OrderLine, ShipTo},
    ui::{CollectAny, Each, LiveText, LiveValue, TimeAgo},
};

/// The heads of the table of lines.
pub(super) const LINE_HEADS: [&str; 5] = ["Product", "#Quantity", "#Price", "#Discount", "#Amount"];

/// The lines and their sum.
#[component]
pub(super) fn Lines(
    /// The order.
    order: Memo<Option<Order>>,
) -> impl IntoView {
    let lines = move || {
        order.with(|order| order.as_ref().map(|order| order.lines.clone()).unwrap_or_default())
    };
    let total = move || {
        order.with(|order| order.as_ref().map_or(Cents(0), |order| order.total).to_string())
    };
    view! {
        <section class="section" aria-labelledby="lines">
            <h2 class="section-title" id="lines">"Lines"</h2>
            <table class="table line-table">
                <thead>
                    <tr>
                        <th scope="col">"Product"</th>
                        <th scope="col" class="number">"Quantity"</th>
                        <th scope="col" class="number">"Price"</th>
                        <th scope="col" class="number">"Discount"</th>
                        <th scope="col" class="number">"Amount"</th>
                    </tr>
                </thead>
                <tbody>
                    <Each each=lines key=|line| line.product_id let:line>
                        <Line line=line/>
                    </Each>
                </tbody>
                <tfoot>
                    <tr>
                        <th scope="row">"Total"</th>
                        <td></td>
                        <td></td>
                        <td></td>
                        <td class="number"><LiveText value=Signal::derive(total)/></td>
                    </tr>
                </tfoot>
            </table>
        </section>
    }
}

#[component]
fn Line(
    /// The line; it never changes.
    line: OrderLine,
) -> impl IntoView {
    let discount = match line.discount_bp {
        0 => view! { <span class="none">"–"</span> }.into_any(),
        bp => percent(bp).into_any(),
    };
    view! {
        <tr>
            <th scope="row">{line.product_name}</th>
            <td class="number cell-quantity">{line.quantity.to_string()}</td>
            <td class="number cell-price">{line.unit_price.to_string()}</td>
            <td class="number cell-discount">{discount}</td>
            <td class="number cell-amount">{line.total.to_string()}</td>
        </tr>
    }
    .into_any()
}

/// Who ordered, where it goes, and when.
#[component]
pub(super) fn Facts(
    /// The order.
    order: Memo<Option<Order>>,
) -> impl IntoView {
    // What never changes is read once; what does is read by itself.
    let first = order.get_untracked();
    let updated =
        Memo::new(move |_| order.with(|order| order.as_ref().map(|order| order.updated_at)));
    first.map(|first| {
        let Order { customer_name, customer_id, ship_to, created_at, updated_at, .. } = first;
        view! {
            <aside aria-label="About this order">
                <section class="section">
                    <h2 class="section-title">"Details"</h2>
                    <dl class="facts">
                        <div class="fact">
                            <dt>"Customer"</dt>
                            <dd>{customer_name} <span class="muted">{format!(" {customer_id}")}</span></dd>
                        </div>
                        <div class="fact">
                            <dt>"Ship to"</dt>
                            <dd>{address_lines(&ship_to)}</dd>
                        </div>
                        <div class="fact">
                            <dt>"Placed"</dt>
                            <dd><TimeAgo at=created_at/></dd>
                        </div>
                        <div class="fact">
                            <dt>"Changed"</dt>
                            <dd>
                                <LiveValue value=move || updated.get()>
                                    <TimeAgo at=Signal::derive(move || updated.get().unwrap_or(updated_at))/>
                                </LiveValue>
                            </dd>
                        </div>
                    </dl>
                </section>
            </aside>
        }
    })
}

fn address_lines(to: &ShipTo) -> impl IntoView + use<> {
    let town = [to.postal_code.as_deref(), Some(&*to.city), to.region.as_deref()];
    let town = town.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let lines = [to.name.clone(), to.address.clone(), town, to.country.clone()];
    let lines = lines.into_iter().filter(|line| !line.is_empty());
    lines.map(|line| view! { <span class="fact-line">{line}</span> }).collect_any()
}

/// A discount in words: "15 %", "2.50 %".
pub(super) fn percent(basis_points: u32) -> String {
    match (basis_points / 100, basis_points % 100) {
        (whole, 0) => format!("{whole} %"),
        (whole, rest) => format!("{whole}.{rest:02} %"),
    }
}
