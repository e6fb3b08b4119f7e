//! The table of the list: a row for each order, each value of it live.

use leptos::prelude::*;

use super::{
    list::address,
    selection::{Selected, known},
    tone,
};
use crate::{
    orders::model::{OrderFilter, OrderId, OrderPage, OrderRow, OrderSort, SortField},
    ui::{
        Badge, Check, Direction, Each, LiveText, LiveValue, Pagination, SortHeader, TimeAgo, effect,
    },
};

/// The heads of the columns, for the skeleton.
pub(super) const HEADS: [&str; 6] = ["", "Order", "Customer", "Status", "Placed", "#Total"];

/// The table and the way to its other pages.
#[component]
pub(super) fn Rows(
    /// The page of the list.
    page: Signal<Option<OrderPage>>,
    /// What was asked for.
    filter: Memo<OrderFilter>,
    /// Which orders are selected.
    selected: Selected,
) -> impl IntoView {
    let rows = move || page.get().map(|page| page.rows).unwrap_or_default();
    let number = move |of: fn(&OrderPage) -> u64| page.with(|page| page.as_ref().map_or(0, of));
    // Rows slide in when they join a list that was there already, not when another list opens.
    let settled = StoredValue::new(None);
    effect(move |_| {
        page.track();
        settled.set_value(Some(filter.get()));
    });
    let small = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    view! {
        <table class="table as-list order-table">
            <thead>
                <tr>
                    <SelectPage page=page selected=selected/>
                    <SortColumn filter=filter by=SortField::Number label="Order"/>
                    <SortColumn filter=filter by=SortField::Customer label="Customer"/>
                    <SortColumn filter=filter by=SortField::Status label="Status"/>
                    <SortColumn filter=filter by=SortField::Created label="Placed"/>
                    <SortColumn filter=filter by=SortField::Total label="Total" class="number"/>
                </tr>
            </thead>
            <tbody>
                <Each each=rows key=|row| row.id.clone() let:row>
                    <Row
                        first=row
                        page=page
                        selected=selected
                        enters=settled.get_value() == Some(filter.get_untracked())
                    />
                </Each>
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
    /// Which orders are selected.
    selected: Selected,
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
            <td class="cell-select">
                <SelectOne id=id.clone() page=page selected=selected/>
            </td>
            <th scope="row" class="cell-id">
                <a class="row-link" href=format!("/orders/{id}")>
                    <span class="cell-word">"Order "</span>
                    {id.number()}
                </a>
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

/// Selects every order of the page, or none of them.
#[component]
fn SelectPage(
    /// The page of the list.
    page: Signal<Option<OrderPage>>,
    /// Which orders are selected.
    selected: Selected,
) -> impl IntoView {
    let share = Memo::new(move |_| {
        page.with(|page| {
            let rows = page.iter().flat_map(|page| &page.rows);
            selected.share_of(rows.map(|row| &row.id))
        })
    });
    let turn = move |event| {
        let rows = page.get_untracked().map(|page| page.rows).unwrap_or_default();
        selected.turn_all(known(&rows), event_target_checked(&event));
    };
    view! {
        <th scope="col" class="cell-select">
            <input
                type="checkbox"
                class="check"
                id="select-page"
                aria-label="Select all orders on this page"
                prop:checked=move || share.get().is_all()
                prop:indeterminate=move || share.get().is_some()
                on:change=turn
            />
        </th>
    }
}

#[component]
fn SelectOne(
    /// Which order.
    id: OrderId,
    /// The page it is on.
    page: Signal<Option<OrderPage>>,
    /// Which orders are selected.
    selected: Selected,
) -> impl IntoView {
    let label = format!("Select order {}", id.number());
    let turned = id.clone();
    let turn = Callback::new(move |(on, all_between)| {
        let rows = page.get_untracked().map(|page| page.rows).unwrap_or_default();
        selected.turn(&known(&rows), &turned, on, all_between);
    });
    view! { <Check label=label checked=Signal::derive(move || selected.has(&id)) on_turn=turn/> }
}

fn find<'p>(page: &'p OrderPage, id: &OrderId) -> Option<&'p OrderRow> {
    page.rows.iter().find(|row| row.id == *id)
}
