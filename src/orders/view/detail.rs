//! `/orders/{id}`: one order, whole.

use highwater::{QueryError, UseQuery, use_query};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use super::{LastList, actions::Actions, note::NoteEditor, tone, words};
use crate::{
    app::answer_with,
    error::AppError,
    orders::{
        live::OrderDetail,
        model::{Cents, Order, OrderId, OrderLine, ShipTo},
    },
    ui::{
        BackLink, Badge, ErrorState, LiveText, LiveValue, NotFound, PageHeader, TableSkeleton,
        TimeAgo,
    },
};

/// One order. Another id is another page.
#[component]
pub fn OrderPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id")?.parse::<OrderId>().ok()));
    move || match id.get() {
        Some(id) => view! { <OneOrder id=id/> }.into_any(),
        None => {
            answer_with(404);
            view! { <Title text="Page not found"/><NotFound/> }.into_any()
        }
    }
}

/// Which face the page has. The order changes without changing it.
#[derive(Clone, PartialEq)]
enum Face {
    Nothing,
    Order,
    Missing,
    Error(QueryError<AppError>),
}

#[component]
fn OneOrder(
    /// Which.
    id: OrderId,
) -> impl IntoView {
    let title = format!("Order {}", id.number());
    let query = {
        let id = id.clone();
        use_query(move || OrderDetail(id.clone()))
    };
    let LastList(last) = expect_context();
    view! {
        <Title text=title.clone()/>
        <BackLink href=last label="Orders"/>
        <Transition fallback=|| view! { <TableSkeleton rows=4 columns=5/> }>
            <Answer id=id.clone() query=query/>
        </Transition>
    }
}

#[component]
fn Answer(
    /// Which order.
    id: OrderId,
    /// Its query.
    query: UseQuery<OrderDetail>,
) -> impl IntoView {
    let face = query.select(|answer| match answer {
        None => Face::Nothing,
        Some(Ok(_)) => Face::Order,
        Some(Err(QueryError::Refused(AppError::NotFound { .. }))) => Face::Missing,
        Some(Err(error)) => Face::Error(error),
    });
    move || match face.get() {
        Face::Nothing => ().into_any(),
        Face::Missing => view! { <NotFound/> }.into_any(),
        Face::Order => view! { <Whole id=id.clone() query=query/> }.into_any(),
        Face::Error(error) => view! {
            <ErrorState
                title="The order could not be read"
                message=words(&error)
                on_retry=move |()| query.refetch()
                busy=Signal::derive(move || query.status().fetching)
            />
        }
        .into_any(),
    }
}

#[component]
fn Whole(
    /// Which order.
    id: OrderId,
    /// Its query, with a value.
    query: UseQuery<OrderDetail>,
) -> impl IntoView {
    let order = Memo::new(move |before: Option<&Option<Order>>| {
        let now = query.get().and_then(Result::ok);
        // The value may go (access lost) a moment before this face does.
        now.or_else(|| before.cloned().flatten())
    });
    let status = Memo::new(move |_| order.with(|order| order.as_ref().map(|order| order.status)));
    let note = Memo::new(move |_| {
        order.with(|order| order.as_ref().map(|order| order.note.clone()).unwrap_or_default())
    });
    let title = format!("Order {}", id.number());
    let edited = id.clone();
    view! {
        <PageHeader
            title=title
            beside=move || view! {
                <span data-testid="order-status">
                    <LiveValue value=move || status.get()>
                        <Badge tone=Signal::derive(move || status.get().map(tone).unwrap_or(crate::ui::Tone::Neutral))>
                            {move || status.get().map(|status| status.as_str())}
                        </Badge>
                    </LiveValue>
                </span>
            }
        >
            <Actions id=id status=status/>
        </PageHeader>
        <div class="order">
            <div class="order-main">
                <Lines order=order/>
                <NoteEditor id=edited note=note/>
            </div>
            <Facts order=order/>
        </div>
    }
}

#[component]
fn Lines(
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
                        <th scope="col" class="number secondary">"Price"</th>
                        <th scope="col" class="number secondary">"Discount"</th>
                        <th scope="col" class="number">"Amount"</th>
                    </tr>
                </thead>
                <tbody>
                    <For each=lines key=|line| line.product_id let:line>
                        <Line line=line/>
                    </For>
                </tbody>
                <tfoot>
                    <tr>
                        <th scope="row">"Total"</th>
                        <td></td>
                        <td class="secondary"></td>
                        <td class="secondary"></td>
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
        0 => "–".to_owned(),
        bp if bp % 100 == 0 => format!("{} %", bp / 100),
        bp => format!("{}.{:02} %", bp / 100, bp % 100),
    };
    view! {
        <tr>
            <th scope="row">{line.product_name}</th>
            <td class="number">{line.quantity.to_string()}</td>
            <td class="number secondary">{line.unit_price.to_string()}</td>
            <td class="number secondary">{discount}</td>
            <td class="number">{line.total.to_string()}</td>
        </tr>
    }
    .into_any()
}

#[component]
fn Facts(
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
            <aside class="order-side" aria-label="About this order">
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
    lines.map(|line| view! { <span class="fact-line">{line}</span> }).collect_view()
}
