//! The pages of infographics, and the infographic on its document's page.
//!
//! Owns what people see of infographics. It must not decide what is fresh, allowed or patched.

mod list;
mod new;
mod detail;
mod of_document;
mod actions;

pub use detail::InfographicPage;
pub use list::InfographicListPage;
pub(super) use of_document::InfographicOfDocument;

use leptos::prelude::*;

/// The picture. Browsers run nothing in an image.
#[component]
fn Picture(
    /// What it shows.
    title: Signal<String>,
    /// Where it is.
    src: Signal<String>,
    /// Whether it may wait until it comes into view.
    #[prop(optional)]
    lazy: bool,
) -> impl IntoView {
    view! {
        <img
            class="picture"
            src=move || src.get()
            alt=move || format!("Infographic of “{}”", title.get())
            loading=lazy.then_some("lazy")
        />
    }
}
