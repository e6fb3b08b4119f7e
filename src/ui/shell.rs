//! The frame around every signed-in page: where one can go, who one is, and the page itself. It
//! decides nothing: what may be visited and who is signed in are handed to it.

use leptos::prelude::*;
use leptos_router::components::A;

use super::icon::{BrandMark, Icon, IconName};
use super::theme::ThemeToggle;

/// One place in the sidebar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NavItem {
    /// Where it leads. `/` is marked current only on itself, everything else also on pages below.
    pub href: &'static str,
    /// What it is called.
    pub label: &'static str,
    /// The picture beside the label.
    pub icon: IconName,
}

/// Sidebar (a bottom bar at phone width) and `<main id="main">` around `children`. Signing out is
/// a form posted to `/logout`, which works before the page is hydrated.
#[component]
pub fn Shell(
    /// The places to go, in order. What does not fit the bar of a phone, beside theme, account and
    /// sign-out, is a swipe away.
    #[prop(into)]
    nav: Signal<Vec<NavItem>>,
    /// The signed-in person's name.
    #[prop(into)]
    name: Signal<String>,
    /// The signed-in person's role, as words.
    #[prop(into)]
    role: Signal<String>,
    /// Called when the person signs out, before the page is left.
    #[prop(into)]
    on_sign_out: Callback<()>,
    /// The page.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="shell">
            // The router would take the click and leave the focus where it is; `external` lets the
            // browser follow the fragment itself.
            <a class="skip-link" href="#main" rel="external">
                "Skip to content"
            </a>
            <header class="sidebar">
                <a class="brand" href="/">
                    <BrandMark/>
                    "Highwater"
                </a>
                <SidebarNav items=nav/>
                <SidebarAccount name=name role=role on_sign_out=on_sign_out/>
            </header>
            <main id="main" class="main" tabindex="-1">
                {children()}
            </main>
        </div>
    }
}

/// The links of the sidebar.
#[component]
fn SidebarNav(
    /// The places to go, in order.
    items: Signal<Vec<NavItem>>,
) -> impl IntoView {
    let link = |NavItem { href, label, icon }: NavItem| {
        let exact = href == "/";
        view! {
            <li>
                <A href=href exact=exact attr:class="nav-link">
                    <Icon name=icon/>
                    <span>{label}</span>
                </A>
            </li>
        }
        .into_any()
    };
    view! {
        <nav class="sidebar-nav" aria-label="Main">
            <ul>
                <For each=move || items.get() key=|item| item.href children=link/>
            </ul>
        </nav>
    }
}

/// Who is signed in, which leads to their account, the theme, and the way out.
#[component]
fn SidebarAccount(
    /// The person's name.
    name: Signal<String>,
    /// The person's role, as words.
    role: Signal<String>,
    /// Called before the page is left.
    on_sign_out: Callback<()>,
) -> impl IntoView {
    view! {
        <div class="sidebar-account">
            <div class="sidebar-actions">
                <ThemeToggle/>
                <form method="post" action="/logout" on:submit=move |_| on_sign_out.run(())>
                    <button type="submit" class="sidebar-button">
                        <Icon name=IconName::SignOut/>
                        <span>"Sign out"</span>
                    </button>
                </form>
            </div>
            <A href="/account" attr:class="account-who">
                <Icon name=IconName::Person/>
                <span class="account-label" aria-hidden="true">
                    "Account"
                </span>
                <span class="visually-hidden">"Your account "</span>
                <span class="account-name" title=move || name.get()>
                    {move || name.get()}
                </span>
                <span class="account-role">{move || role.get()}</span>
            </A>
        </div>
    }
}

/// A page's title, what stands beside it, and its actions at the right.
#[component]
pub fn PageHeader(
    /// The page's only `h1`.
    #[prop(into)]
    title: Signal<String>,
    /// What belongs to the title, such as a status badge.
    #[prop(optional, into)]
    beside: ViewFnOnce,
    /// The page's actions.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="page-header">
            <div class="page-heading">
                <h1 class="page-title">{move || title.get()}</h1>
                <div class="page-beside">{beside.run()}</div>
            </div>
            {children.map(|actions| view! { <div class="page-actions">{actions()}</div> })}
        </div>
    }
}

/// The way back up, above a page's header.
#[component]
pub fn BackLink(
    /// Where it leads, with the filters and page one came from if they are known.
    #[prop(into)]
    href: Signal<String>,
    /// The name of that place.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    view! {
        <a class="back-link" href=move || href.get()>
            <Icon name=IconName::ArrowLeft/>
            {label}
        </a>
    }
}
