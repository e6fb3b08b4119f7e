//! `/orders`: the list, with its filter, sort and page in the address.

use highwater::{QueryError, UseQuery, use_query};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::{
    LastList,
    bulk::BulkOrders,
    rows::{HEADS, Rows},
    selection::Selected,
    toolbar::Toolbar,
};
use crate::{
    error::{AppError, words},
    orders::{
        live::OrderList,
        model::{OrderFilter, OrderPage},
    },
    ui::{EmptyState, ErrorState, Freshness, Icon, IconName, PageHeader, TableSkeleton, effect},
};

/// The list of orders.
#[component]
pub fn OrderListPage() -> impl IntoView {
    let query = use_query_map();
    let filter = Memo::new(move |_| {
        query.with(|query| OrderFilter::from_query_or_default(|name| query.get(name)))
    });
    let orders = use_query(move || OrderList(filter.get()));
    let selected = Selected::new();
    let LastList(last) = expect_context();
    effect(move |_| last.set(filter.with(address)));
    view! {
        <Title text="Orders"/>
        <PageHeader title="Orders">
            <ListActions filter=filter/>
        </PageHeader>
        <Freshness what="the list"/>
        <Toolbar filter=filter/>
        <Transition fallback=|| {
            view! {
                <TableSkeleton
                    rows=OrderPage::PER_PAGE
                    heads=&HEADS
                    class="as-list order-table"
                />
            }
        }>
            <Answer orders=orders filter=filter selected=selected/>
        </Transition>
    }
}

/// What one can do with the list: take it along, add to it.
#[component]
fn ListActions(
    /// What the list shows.
    filter: Memo<OrderFilter>,
) -> impl IntoView {
    let export = move || {
        let whole = OrderFilter { page: 1, ..filter.get() }.to_query();
        let question = if whole.is_empty() { "" } else { "?" };
        format!("/api/v1/orders.csv{question}{whole}")
    };
    view! {
        // The browser saves the answer; it is no page for the router.
        <a class="button quiet" href=export download="" rel="external">
            <Icon name=IconName::Download/>
            "Export"
            <span class="visually-hidden">" these orders as CSV"</span>
        </a>
        <a class="button quiet" href="/orders/import">
            <Icon name=IconName::Upload/>
            "Import"
        </a>
        <a class="button primary" href="/orders/new">
            "New order"
        </a>
    }
}

/// The address of a list.
pub(super) fn address(filter: &OrderFilter) -> String {
    match filter.to_query() {
        query if query.is_empty() => "/orders".to_owned(),
        query => format!("/orders?{query}"),
    }
}

/// Which face the list has. Rows change without changing it.
#[derive(Clone, PartialEq)]
enum Face {
    Nothing,
    Rows,
    Empty,
    Error(QueryError<AppError>),
}

#[component]
fn Answer(
    /// The list.
    orders: UseQuery<OrderList>,
    /// What it is asked for.
    filter: Memo<OrderFilter>,
    /// Which orders are selected.
    selected: Selected,
) -> impl IntoView {
    let face = orders.select(|answer| match answer {
        None => Face::Nothing,
        Some(Ok(page)) if page.rows.is_empty() => Face::Empty,
        Some(Ok(_)) => Face::Rows,
        Some(Err(error)) => Face::Error(error),
    });
    let page = orders.select(|answer| answer.and_then(Result::ok));
    let busy = move || orders.is_previous().then_some("true");
    view! {
        <div class="order-list" aria-busy=busy>
            {move || match face.get() {
                Face::Nothing => ().into_any(),
                Face::Rows => view! { <Rows page=page filter=filter selected=selected/> }.into_any(),
                Face::Empty => view! { <Empty filter=filter/> }.into_any(),
                Face::Error(error) => {
                    view! {
                        <ErrorState
                            title="The orders could not be read"
                            message=words(&error)
                            on_retry=move |()| orders.refetch()
                            busy=Signal::derive(move || orders.status().fetching)
                        />
                    }
                        .into_any()
                }
            }}
        </div>
        <BulkOrders selected=selected page=page/>
    }
}

#[component]
fn Empty(
    /// What was asked for.
    filter: Memo<OrderFilter>,
) -> impl IntoView {
    let asked = filter.get_untracked();
    if asked.page > 1 {
        let first = OrderFilter { page: 1, ..asked };
        return view! {
            <EmptyState title="Past the last page" body="There are fewer orders than that.">
                <a class="button" href=address(&first)>"Go to the first page"</a>
            </EmptyState>
        }
        .into_any();
    }
    if asked.status.is_some() || !asked.q.is_empty() {
        let title = match asked.q.as_str() {
            "" => "No order matches".to_owned(),
            words => format!("No order matches “{words}”"),
        };
        let body = match asked.status {
            Some(status) => format!("This shows {status} orders only."),
            None => "Orders are searched by number and by customer.".to_owned(),
        };
        return view! {
            <EmptyState title=title body=body>
                <a class="button" href="/orders">"Clear the filter"</a>
            </EmptyState>
        }
        .into_any();
    }
    view! {
        <EmptyState
            title="No orders yet"
            body="This is where everything that customers order is followed until it is delivered."
        >
            <a class="button primary" href="/orders/new">"New order"</a>
            <a class="button" href="/orders/import">"Import orders"</a>
        </EmptyState>
    }
    .into_any()
}
