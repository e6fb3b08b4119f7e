//! `/orders`: the list, with its filter, sort and page in the address.

use highwater::{QueryError, UseQuery, use_query};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::{LastList, freshness::Freshness, tone, toolbar::Toolbar, words};
use crate::{
    error::AppError,
    orders::{
        live::OrderList,
        model::{OrderFilter, OrderId, OrderPage, OrderRow, OrderSort, SortField},
    },
    ui::{
        Badge, Direction, EmptyState, ErrorState, LiveText, LiveValue, PageHeader, Pagination,
        SortHeader, TableSkeleton, TimeAgo,
    },
};

/// The list of orders.
#[component]
pub fn OrderListPage() -> impl IntoView {
    let query = use_query_map();
    let filter = Memo::new(move |_| {
        query.with(|query| OrderFilter::from_query_or_default(|name| query.get(name)))
    });
    let orders = use_query(move || OrderList(filter.get()));
    let LastList(last) = expect_context();
    Effect::new(move |_| last.set(filter.with(address)));
    view! {
        <Title text="Orders"/>
        <PageHeader title="Orders"/>
        <Toolbar filter=filter/>
        <Freshness/>
        <Transition fallback=|| view! { <TableSkeleton rows=OrderPage::PER_PAGE columns=5 as_list=true/> }>
            <Answer orders=orders filter=filter/>
        </Transition>
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
                Face::Rows => view! { <Rows page=page filter=filter/> }.into_any(),
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
            body="Orders appear here as they are imported: studio orders import DIR."
        />
    }
    .into_any()
}

#[component]
fn Rows(
    /// The page of the list.
    page: Signal<Option<OrderPage>>,
    /// What was asked for.
    filter: Memo<OrderFilter>,
) -> impl IntoView {
    let rows = move || page.get().map(|page| page.rows).unwrap_or_default();
    let number = move |of: fn(&OrderPage) -> u64| page.with(|page| page.as_ref().map_or(0, of));
    // Rows slide in when they join a list that was there already, not when another list opens.
    let settled = StoredValue::new(None);
    Effect::new(move |_| {
        page.track();
        settled.set_value(Some(filter.get()));
    });
    let small = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    view! {
        <table class="table as-list order-table">
            <thead>
                <tr>
                    <SortColumn filter=filter by=SortField::Number label="Order"/>
                    <SortColumn filter=filter by=SortField::Customer label="Customer"/>
                    <SortColumn filter=filter by=SortField::Status label="Status"/>
                    <SortColumn filter=filter by=SortField::Created label="Placed"/>
                    <SortColumn filter=filter by=SortField::Total label="Total" class="number"/>
                </tr>
            </thead>
            <tbody>
                <For each=rows key=|row| row.id.clone() let:row>
                    <Row
                        first=row
                        page=page
                        enters=settled.get_value() == Some(filter.get_untracked())
                    />
                </For>
            </tbody>
        </table>
        <Pagination
            page=Signal::derive(move || small(number(|page| page.page.into())))
            pages=Signal::derive(move || small(number(|page| page.pages.into())))
            total=Signal::derive(move || number(|page| page.total))
            href=move |page| filter.with(|filter| address(&OrderFilter { page, ..filter.clone() }))
            noun="order"
        />
    }
}

#[component]
fn SortColumn(
    /// How the list is sorted now.
    filter: Memo<OrderFilter>,
    /// The column's field.
    by: SortField,
    /// The column's name.
    label: &'static str,
    /// Further classes.
    #[prop(default = "")]
    class: &'static str,
) -> impl IntoView {
    let direction = Signal::derive(move || {
        let sort = filter.with(|filter| filter.sort);
        let direction = if sort.descending { Direction::Descending } else { Direction::Ascending };
        (sort.by == by).then_some(direction)
    });
    let href = Signal::derive(move || {
        let filter = filter.get();
        let descending = filter.sort.by == by && !filter.sort.descending;
        address(&OrderFilter { sort: OrderSort { by, descending }, page: 1, ..filter })
    });
    view! { <SortHeader label=label direction=direction href=href class=class/> }
}

#[component]
fn Row(
    /// The row when it came.
    first: OrderRow,
    /// The page it is on.
    page: Signal<Option<OrderPage>>,
    /// Whether it joins a list that was there already.
    enters: bool,
) -> impl IntoView {
    let id = first.id.clone();
    let row = Memo::new(move |before: Option<&OrderRow>| {
        let now = page.with(|page| page.as_ref().and_then(|page| find(page, &first.id).cloned()));
        now.unwrap_or_else(|| before.unwrap_or(&first).clone())
    });
    let status = Memo::new(move |_| row.with(|row| row.status));
    view! {
        <tr class:row-enter=enters>
            <th scope="row" class="cell-id">
                <a class="row-link" href=format!("/orders/{id}")>{id.to_string()}</a>
            </th>
            <td class="cell-customer">{move || row.with(|row| row.customer_name.clone())}</td>
            <td class="cell-status">
                <LiveValue value=move || status.get()>
                    <Badge tone=Signal::derive(move || tone(status.get()))>
                        {move || status.get().as_str()}
                    </Badge>
                </LiveValue>
            </td>
            <td class="cell-placed">
                <TimeAgo at=Signal::derive(move || row.with(|row| row.created_at))/>
            </td>
            <td class="cell-total number">
                <LiveText value=Signal::derive(move || row.with(|row| row.total.to_string()))/>
            </td>
        </tr>
    }
    .into_any()
}

fn find<'p>(page: &'p OrderPage, id: &OrderId) -> Option<&'p OrderRow> {
    page.rows.iter().find(|row| row.id == *id)
}
