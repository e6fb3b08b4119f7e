//! `/`: the first page, with what there is to know today for whoever looks.
//!
//! Puts pieces of the slices together. It must not know what they show.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    app::{LiveViewer, Viewer},
    content::view::RecentDocuments,
    orders::view::OrdersToday,
    ui::PageHeader,
};

/// The first page.
#[component]
pub fn HomePage() -> impl IntoView {
    let Viewer(user) = expect_context();
    let name = user.map(|user| user.name).unwrap_or_default();
    let viewer: LiveViewer = expect_context();
    let orders = viewer.for_staff();
    view! {
        <Title text="Home"/>
        <PageHeader title=format!("Welcome, {name}")/>
        <div class="home">
            {move || orders.get().then(|| view! { <OrdersToday/> })}
            <RecentDocuments/>
        </div>
    }
}
