//! The frame around every signed-in page: where one can go, who one is, and the page itself. It
//! decides nothing: what may be visited and who is signed in are handed to it.

use highwater::ConnectionMark;
use leptos::{
    html,
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{Element, MouseEvent},
};
use leptos_router::components::A;

use super::erased::CollectAny;
use super::icon::{BrandMark, Icon, IconName};
use super::theme::ThemeToggle;

/// One place in the sidebar.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NavItem {
    /// Where it leads. `/` is marked current only on itself, everything else also on pages below.
    pub href: &'static str,
    /// What it is called.
    pub label: &'static str,
    /// The picture beside the label.
    pub icon: IconName,
    /// Whether it may stand in the bar of a phone.
    pub pinned: bool,
}

/// Places that belong together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NavGroup {
    /// What they are, if that needs a word.
    pub label: Option<&'static str>,
    /// The places, in order.
    pub items: Vec<NavItem>,
}

/// How many places fit the bar of a phone, beside the button of the menu.
const BAR: usize = 4;

/// Sidebar and `<main id="main">` around `children`. At phone width the sidebar is a bar at the
/// bottom with the first pinned places, and a menu with everything else; the browser opens and
/// closes that, so that it works before the page is hydrated. So does signing out, a form posted to
/// `/logout`.
#[component]
pub fn Shell(
    /// The places to go, in order.
    #[prop(into)]
    nav: Signal<Vec<NavGroup>>,
    /// The signed-in person's name.
    #[prop(into)]
    name: Signal<String>,
    /// The signed-in person's role, as words.
    #[prop(into)]
    role: Signal<String>,
    /// Called when the person signs out, before the page is left.
    #[prop(into)]
    on_sign_out: Callback<()>,
    /// What tells of news, beside the brand.
    #[prop(into)]
    bell: ViewFnOnce,
    /// The page.
    children: Children,
) -> impl IntoView {
    let menu = NodeRef::<html::Div>::new();
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
                <BarNav nav=nav/>
                {bell.run()}
                <div
                    class="sidebar-menu"
                    id="menu"
                    popover="auto"
                    node_ref=menu
                    on:click=move |event| close_for_link(&event, menu)
                >
                    <SidebarNav nav=nav/>
                    <SidebarAccount name=name role=role on_sign_out=on_sign_out/>
                </div>
            </header>
            <main id="main" class="main" tabindex="-1">
                {children()}
            </main>
        </div>
    }
}

/// Closes the menu of a phone when a place in it was chosen. Elsewhere it is never open.
fn close_for_link(event: &MouseEvent, menu: NodeRef<html::Div>) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let link = target.and_then(|target| target.closest("a").ok().flatten());
    if let Some(menu) = menu.get_untracked().filter(|_| link.is_some()) {
        // It cannot be refused to what is closed already.
        let _ = menu.hide_popover();
    }
}

/// The links of the sidebar, by groups.
#[component]
fn SidebarNav(
    /// The places to go, in order.
    nav: Signal<Vec<NavGroup>>,
) -> impl IntoView {
    let group = |NavGroup { label, items }: NavGroup| {
        let links = items.into_iter().map(link).collect_any();
        let heading = label.map(|label| view! { <p class="nav-group">{label}</p> });
        view! { <div>{heading}<ul aria-label=label>{links}</ul></div> }.into_any()
    };
    view! {
        <nav class="sidebar-nav" aria-label="Main">
            <For each=move || nav.get() key=NavGroup::clone children=group/>
        </nav>
    }
}

/// The bar of a phone: the first pinned places, and the button that opens the menu.
#[component]
fn BarNav(
    /// The places to go, in order.
    nav: Signal<Vec<NavGroup>>,
) -> impl IntoView {
    let pinned = move || {
        let items = nav.get().into_iter().flat_map(|group| group.items);
        items.filter(|item| item.pinned).take(BAR).collect::<Vec<_>>()
    };
    view! {
        <div class="bar">
            <nav aria-label="Places">
                <ul>
                    <For each=pinned key=|item| item.href children=link/>
                </ul>
            </nav>
            <button type="button" class="nav-link" popovertarget="menu">
                <Icon name=IconName::Menu/>
                <span>"Menu"</span>
            </button>
        </div>
    }
}

fn link(NavItem { href, label, icon, .. }: NavItem) -> AnyView {
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
}

/// Who is signed in, which leads to their account, how live the page is, the theme, and the way out.
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
            <div class="account-line">
                <A href="/account" attr:class="account-who">
                    <span class="visually-hidden">"Your account "</span>
                    <span class="account-name" title=move || name.get()>
                        {move || name.get()}
                    </span>
                    <span class="account-role">{move || role.get()}</span>
                </A>
                <ConnectionMark/>
            </div>
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
