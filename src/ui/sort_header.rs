//! A column's head that sorts. The sorting is a link, because the order of a list is part of its
//! address.

use leptos::prelude::*;

use super::icon::{Icon, IconName};

/// Which way a column is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From small to large.
    Ascending,
    /// From large to small.
    Descending,
}

/// A `<th>` holding a link that sorts by this column, or turns its direction.
#[component]
pub fn SortHeader(
    /// The column's name.
    label: &'static str,
    /// How the list is sorted by this column now; `None` when it is sorted by another.
    #[prop(into)]
    direction: Signal<Option<Direction>>,
    /// The address that sorts by this column, the other way round if it is sorted by it already.
    #[prop(into)]
    href: Signal<String>,
    /// Further classes of the `<th>`, such as `number` and `secondary`.
    #[prop(default = "")]
    class: &'static str,
) -> impl IntoView {
    view! {
        <th
            scope="col"
            class=class
            aria-sort=move || match direction.get() {
                None => "none",
                Some(Direction::Ascending) => "ascending",
                Some(Direction::Descending) => "descending",
            }
        >
            <a class="sort-link" href=move || href.get() data-noscroll="">
                {label}
                {move || {
                    let name = if direction.get() == Some(Direction::Descending) {
                        IconName::SortDown
                    } else {
                        IconName::SortUp
                    };
                    view! { <Icon name=name/> }
                }}
            </a>
        </th>
    }
}
