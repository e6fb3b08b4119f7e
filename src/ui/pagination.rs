//! Where one is in a long list, and the way to its neighbours. The links are real addresses, so
//! that they open in a new tab and work without JavaScript.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{
    amount::grouped,
    icon::{Icon, IconName},
};

/// The page that the address asks for with `page`, from 1; the first where it means nothing.
pub fn asked_page() -> Memo<u32> {
    let query = use_query_map();
    Memo::new(move |_| {
        let asked = query.with(|query| query.get("page")?.parse::<u32>().ok());
        asked.filter(|page| *page > 0).unwrap_or(1)
    })
}

/// "830 orders · page 2 of 17" and links to the pages on either side.
#[component]
pub fn Pagination(
    /// The page shown, from 1.
    #[prop(into)]
    page: Signal<u32>,
    /// How many pages there are; 0 and 1 show no links.
    #[prop(into)]
    pages: Signal<u32>,
    /// How many items there are on all pages.
    #[prop(into)]
    total: Signal<u64>,
    /// The address of a page, with whatever else the current address holds.
    #[prop(into)]
    href: Callback<u32, String>,
    /// What one item is called; several are called that with an `s`.
    noun: &'static str,
) -> impl IntoView {
    let previous = Signal::derive(move || neighbour(page.get(), pages.get(), Step::Back));
    let next = Signal::derive(move || neighbour(page.get(), pages.get(), Step::On));
    view! {
        <nav class="pagination" aria-label="Pages">
            <p class="pagination-range">
                {move || range(page.get(), pages.get(), total.get(), noun)}
            </p>
            <div class="pagination-links" hidden=move || { pages.get() < 2 }>
                <a
                    class="button"
                    rel="prev"
                    href=move || previous.get().map(|page| href.run(page))
                    role=move || previous.get().is_none().then_some("link")
                    aria-disabled=move || previous.get().is_none().then_some("true")
                >
                    <Icon name=IconName::ChevronLeft/>
                    "Previous"
                </a>
                <a
                    class="button"
                    rel="next"
                    href=move || next.get().map(|page| href.run(page))
                    role=move || next.get().is_none().then_some("link")
                    aria-disabled=move || next.get().is_none().then_some("true")
                >
                    "Next"
                    <Icon name=IconName::ChevronRight/>
                </a>
            </div>
        </nav>
    }
}

/// A direction to turn the page in.
#[derive(Clone, Copy)]
enum Step {
    Back,
    On,
}

/// The page beside `page`, if there is one. A page past the end has the last one before it.
fn neighbour(page: u32, pages: u32, step: Step) -> Option<u32> {
    match step {
        Step::Back => (page > 1 && pages > 0).then(|| (page - 1).min(pages)),
        Step::On => (page < pages).then(|| page + 1),
    }
}

fn range(page: u32, pages: u32, total: u64, noun: &str) -> String {
    let plural = if total == 1 { "" } else { "s" };
    let total = grouped(total);
    if pages < 2 {
        format!("{total} {noun}{plural}")
    } else {
        format!("{total} {noun}{plural} · page {page} of {pages}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_and_last_page_have_one_neighbour() {
        assert_eq!(neighbour(1, 3, Step::Back), None);
        assert_eq!(neighbour(1, 3, Step::On), Some(2));
        assert_eq!(neighbour(3, 3, Step::Back), Some(2));
        assert_eq!(neighbour(3, 3, Step::On), None);
    }

    #[test]
    fn a_page_past_the_end_leads_back_to_the_last() {
        assert_eq!(neighbour(9, 3, Step::Back), Some(3));
        assert_eq!(neighbour(9, 3, Step::On), None);
        assert_eq!(neighbour(9, 0, Step::Back), None);
    }

    #[test]
    fn the_range_counts_in_words() {
        assert_eq!(range(1, 1, 1, "order"), "1 order");
        assert_eq!(range(1, 0, 0, "order"), "0 orders");
        assert_eq!(range(2, 17, 830, "order"), "830 orders · page 2 of 17");
        assert_eq!(range(1, 1, 1_234_567, "order"), "1,234,567 orders");
    }
}
