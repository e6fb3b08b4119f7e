//! What a table looks like before its rows are there: rows of the true height, so that nothing
//! moves when they arrive.

use leptos::prelude::*;

/// Widths, in percent, that the bars take in turn. Even ones look like a fence.
const WIDTHS: [u32; 5] = [55, 80, 45, 65, 50];

/// A table of grey bars in place of `rows` rows. It is hidden from assistive technology, which
/// hears "Loading" instead.
#[component]
pub fn TableSkeleton(
    /// How many rows to stand in for.
    rows: u32,
    /// How many columns the table has.
    columns: u32,
    /// Whether the table turns into a list at phone width.
    #[prop(optional)]
    as_list: bool,
) -> impl IntoView {
    let body = (0..rows)
        .map(|row| {
            let cells = (0..columns)
                .map(|column| {
                    let width = WIDTHS[(row * 2 + column) as usize % WIDTHS.len()];
                    view! {
                        <td>
                            <span class="skeleton-bar" style=format!("--bar-width: {width}%")></span>
                        </td>
                    }
                })
                .collect_view();
            view! { <tr>{cells}</tr> }.into_any()
        })
        .collect_view();
    let head = (0..columns).map(|_| view! { <td></td> }).collect_view();
    view! {
        <div class="skeleton">
            <p class="visually-hidden" role="status">
                "Loading"
            </p>
            <table class="table" class:as-list=as_list aria-hidden="true">
                <thead>
                    <tr>{head}</tr>
                </thead>
                <tbody>{body}</tbody>
            </table>
        </div>
    }
}
