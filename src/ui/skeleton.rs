//! What a table looks like before its rows are there: rows of the true height below its true head,
//! so that nothing moves when they arrive.

use leptos::prelude::*;

use super::erased::CollectAny;

/// A table of grey bars in place of `rows` rows. It is hidden from assistive technology, which
/// hears "Loading" instead.
#[component]
pub fn TableSkeleton(
    /// How many rows to stand in for.
    rows: u32,
    /// The names of the columns; a name in front of which stands `#` is of a column of numbers.
    heads: &'static [&'static str],
    /// The classes of the table that comes, from which the columns have their widths.
    class: &'static str,
) -> impl IntoView {
    let is_number = |head: &str| head.starts_with('#').then_some("number");
    let cell = |head: &&'static str| {
        view! { <td class=is_number(head)><span class="skeleton-bar"></span></td> }
    };
    let row = |_| view! { <tr>{heads.iter().map(cell).collect_any()}</tr> }.into_any();
    let head = |head: &&'static str| {
        view! { <td class=is_number(head)>{head.trim_start_matches('#')}</td> }
    };
    view! {
        <div class="skeleton">
            <p class="visually-hidden" role="status">
                "Loading"
            </p>
            <table class=format!("table {class}") aria-hidden="true">
                <thead>
                    <tr>{heads.iter().map(head).collect_any()}</tr>
                </thead>
                <tbody>{(0..rows).map(row).collect_any()}</tbody>
            </table>
        </div>
    }
}
