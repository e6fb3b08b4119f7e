//! The list's filter: status tabs and search. Both are addresses, so they work without JavaScript.

use std::time::Duration;

use leptos::{html::Input, leptos_dom::helpers::TimeoutHandle, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::list::address;
use crate::{
    line::capitalised,
    orders::model::{OrderFilter, OrderStatus, SEARCH_MAX_CHARS},
    ui::{CollectAny, Icon, IconName, effect, live, typed_early},
};

/// How long after the last key a search starts by itself.
const PAUSE: Duration = Duration::from_millis(250);

/// Tabs and search.
#[component]
pub(super) fn Toolbar(
    /// What the list shows.
    filter: Memo<OrderFilter>,
) -> impl IntoView {
    let statuses = std::iter::once(None).chain(OrderStatus::ALL.into_iter().map(Some));
    view! {
        <div class="order-toolbar">
            <nav class="tabs" aria-label="Status">
                {statuses.map(|status| view! { <Tab filter=filter status=status/> }).collect_any()}
            </nav>
            <Search filter=filter/>
        </div>
    }
}

#[component]
fn Tab(
    /// What the list shows.
    filter: Memo<OrderFilter>,
    /// The tab's status; `None` for all.
    status: Option<OrderStatus>,
) -> impl IntoView {
    let current = move || filter.with(|filter| filter.status == status).then_some("true");
    let href = move || address(&OrderFilter { status, page: 1, ..filter.get() });
    let label = status.map_or("All", OrderStatus::as_str);
    view! {
        <a class="tab" href=href aria-current=current data-noscroll="">
            {capitalised(label)}
        </a>
    }
    .into_any()
}

#[component]
fn Search(
    /// What the list shows.
    filter: Memo<OrderFilter>,
) -> impl IntoView {
    let navigate = use_navigate();
    let input = NodeRef::<Input>::new();
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let search = move || {
        let Some(input) = input.get_untracked() else { return };
        let next =
            OrderFilter { q: input.value().trim().to_owned(), page: 1, ..filter.get_untracked() };
        if next.q != filter.with_untracked(|filter| filter.q.clone()) {
            // One entry in the history for a search, however many keys it took.
            let replace = filter.with_untracked(|filter| !filter.q.is_empty());
            navigate(
                &address(&next),
                NavigateOptions { replace, scroll: false, ..Default::default() },
            );
        }
    };
    let stop_waiting = move || {
        let earlier = waiting.try_update_value(Option::take).flatten();
        earlier.into_iter().for_each(|timer| timer.clear());
    };
    let soon = {
        let search = search.clone();
        move |_| {
            stop_waiting();
            waiting.set_value(set_timeout_with_handle(search.clone(), PAUSE).ok());
        }
    };
    on_cleanup(stop_waiting);
    let take = {
        let search = search.clone();
        Callback::new(move |text: String| {
            input.get_untracked().iter().for_each(|input| input.set_value(&text));
            search();
        })
    };
    follow(input, filter);
    let hidden = move |name: &'static str, value: fn(&OrderFilter) -> Option<String>| {
        live(move || {
            filter.with(value).map(|value| view! { <input type="hidden" name=name value=value/> })
        })
    };
    view! {
        <form class="search" role="search" action="/orders" on:submit=move |event| {
            event.prevent_default();
            stop_waiting();
            search();
        }>
            <Icon name=IconName::Search/>
            <input
                class="input"
                type="search"
                name="q"
                aria-label="Search orders"
                placeholder="Search orders"
                autocomplete="off"
                maxlength=SEARCH_MAX_CHARS.to_string()
                data-shortcut-search=""
                node_ref=input
                value=filter.with_untracked(|filter| filter.q.clone())
                use:typed_early=take
                on:input=soon
            />
            <kbd aria-hidden="true">"/"</kbd>
            <ClearSearch filter=filter input=input/>
            {hidden("status", |filter| filter.status.map(|status| status.to_string()))}
            {hidden("sort", |filter| Some(filter.sort.to_string()))}
        </form>
    }
}

/// The way to the same list without the search; a link, so that it works without JavaScript.
#[component]
fn ClearSearch(
    /// What the list shows.
    filter: Memo<OrderFilter>,
    /// Where the search is typed.
    input: NodeRef<Input>,
) -> impl IntoView {
    let is_searched = Memo::new(move |_| filter.with(|filter| !filter.q.is_empty()));
    let href = move || address(&OrderFilter { q: String::new(), page: 1, ..filter.get() });
    let cleared = move |_| {
        if let Some(input) = input.get_untracked() {
            input.set_value("");
            // A field in the page takes the focus.
            let _ = input.focus();
        }
    };
    live(move || {
        is_searched.get().then(|| {
            view! {
                <a
                    class="search-clear"
                    href=href
                    aria-label="Clear the search"
                    data-noscroll=""
                    on:click=cleared
                >
                    <Icon name=IconName::Close/>
                </a>
            }
        })
    })
}

/// Shows a search that came from elsewhere (back, a tab), unless somebody is typing one.
fn follow(input: NodeRef<Input>, filter: Memo<OrderFilter>) {
    effect(move |_| {
        let q = filter.with(|filter| filter.q.clone());
        let Some(input) = input.get() else { return };
        let typing =
            document().active_element().is_some_and(|active| active.is_same_node(Some(&input)));
        if !typing && input.value().trim() != q {
            input.set_value(&q);
        }
    });
}
