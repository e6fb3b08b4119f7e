//! `/`: the first page, with what there is to know today for whoever looks.
//!
//! Puts pieces of the slices together. It must not know what they show.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{app::Viewer, orders::view::OrdersToday, ui::PageHeader};

/// The first page.
#[component]
pub fn HomePage() -> impl IntoView {
    let Viewer(user) = expect_context();
    let name = user.as_ref().map(|user| user.name.clone()).unwrap_or_default();
    let orders = user.as_ref().is_some_and(|user| user.role.may_use_orders());
    view! {
        <Title text="Home"/>
        <PageHeader title=format!("Welcome, {name}")/>
        {if orders {
            view! { <OrdersToday/> }.into_any()
        } else {
            view! {
                <p class="muted">"Nothing here is for your role yet. Orders are for staff."</p>
            }
                .into_any()
        }}
    }
}
