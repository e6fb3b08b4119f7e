//! The application's frame: document, routes, and what every page stands in.
//!
//! Owns the routes and who may see a page at all. It must not know what a page shows.

mod viewer;
mod address;

use highwater::{ConnectionIndicator, SseProvider, json, use_mutation, use_sse};
use leptos::prelude::*;
use leptos_meta::{MetaTags, Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{Outlet, ParentRoute, Redirect, Route, Router, Routes},
    path,
};

use self::address::here;
pub(crate) use self::address::leave_for_sign_in;
pub use self::{
    address::{local_path, sign_in_path},
    viewer::{LiveViewer, Viewer, draft_name},
};
use crate::{
    account::{
        model::{CurrentUser, Role},
        view::{AccountPage, ForcedOut, PeoplePage, SignInPage},
    },
    coaching::view::{Bell, CoachingPage, RelationshipPage, RelationshipsPage, SessionPage},
    content::view::{
        ActivityFeedPage, DocumentListPage, DocumentPage, InfographicListPage, InfographicPage,
        NewDocumentPage, NewPodcastPage, PodcastListPage, PodcastPage, VoiceoverListPage,
        VoiceoverPage,
    },
    devtools::DeveloperTools,
    home::HomePage,
    jobs::view::JobsPage,
    labs::view::{MapPage, MembersPage, ProjectListPage, ProjectPage, ProposalsPage, SourcesPage},
    live::{StudioEvent, build},
    orders::view::{ImportPage, LastList, NewOrderPage, OrderListPage, OrderPage},
    ui::{
        EmptyState, IconName, NavGroup, NavItem, NotFound, PageHeader, Shell, Shortcut, Shortcuts,
        ThemeScript, ToastProvider, UpdateNotice, live, provide_clock,
    },
};

/// Sets the HTTP status of the page being rendered; the server provides it as context.
#[derive(Clone)]
pub struct PageStatus(pub Callback<u16>);

/// Gives the page an HTTP status. In the browser there is nobody to tell.
pub fn answer_with(status: u16) {
    if let Some(PageStatus(set)) = use_context() {
        set.run(status);
    }
}

/// The document around the application.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <ThemeScript/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="stylesheet" id="leptos" href="/pkg/studio.css"/>
                <AutoReload options=options.clone()/>
                <HydrationScripts options/>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// The application.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_clock();
    provide_context(LastList::new());
    let viewer = SharedValue::new_str(|| use_context::<Viewer>().unwrap_or_default()).into_inner();
    let signed_in = viewer.0.is_some();
    let me = viewer.0.as_ref().map(|user| user.id);
    let is_mine = move |who: String| {
        let user: Option<CurrentUser> = json::read(&who).ok();
        user.map(|user| user.id) == me
    };
    provide_context(viewer);
    view! {
        <Title formatter=|title: String| match title.as_str() {
            "" => "Highwater".to_owned(),
            title => format!("{title} · Highwater"),
        }/>
        <Router>
            <SseProvider<StudioEvent>
                enabled=signed_in
                is_mine=is_mine
                sign_in=|()| leave_for_sign_in()
            >
                <Following>
                <ToastProvider>
                    <Routes fallback=NotFoundPage>
                        <Route path=path!("/login") view=SignInPage ssr=SsrMode::Async/>
                        <ParentRoute path=path!("") view=SignedIn ssr=SsrMode::Async>
                            <Route path=path!("") view=HomePage/>
                            <Route path=path!("account") view=AccountPage/>
                            <ParentRoute path=path!("admin") view=ForAdmins>
                                <Route path=path!("people") view=PeoplePage/>
                                <Route path=path!("relationships") view=RelationshipsPage/>
                            </ParentRoute>
                            <Route path=path!("jobs") view=JobsPage/>
                            <Route path=path!("activity") view=ActivityFeedPage/>
                            <Route path=path!("coaching") view=CoachingPage/>
                            <Route path=path!("coaching/:relationship") view=RelationshipPage/>
                            <Route
                                path=path!("coaching/:relationship/sessions/:session")
                                view=SessionPage
                            />
                            <Route path=path!("labs") view=ProjectListPage/>
                            <ParentRoute path=path!("labs/:id") view=ProjectPage>
                                <Route path=path!("") view=ProposalsPage/>
                                <Route path=path!("map") view=MapPage/>
                                <Route path=path!("sources") view=SourcesPage/>
                                <Route path=path!("members") view=MembersPage/>
                            </ParentRoute>
                            <Route path=path!("voiceovers") view=VoiceoverListPage/>
                            <Route path=path!("voiceovers/:id") view=VoiceoverPage/>
                            <Route path=path!("infographics") view=InfographicListPage/>
                            <Route path=path!("infographics/:id") view=InfographicPage/>
                            <Route path=path!("documents") view=DocumentListPage/>
                            <Route path=path!("documents/new") view=NewDocumentPage/>
                            <Route path=path!("documents/:id") view=DocumentPage/>
                            <Route path=path!("podcasts") view=PodcastListPage/>
                            <Route path=path!("podcasts/new") view=NewPodcastPage/>
                            <Route path=path!("podcasts/:id") view=PodcastPage/>
                            <ParentRoute path=path!("orders") view=ForStaff>
                                <Route path=path!("") view=OrderListPage/>
                                <Route path=path!("new") view=NewOrderPage/>
                                <Route path=path!("import") view=ImportPage/>
                                <Route path=path!(":id") view=OrderPage/>
                            </ParentRoute>
                        </ParentRoute>
                    </Routes>
                    <Shortcuts extra=vec![
                        Shortcut { keys: "n a", label: "New note, new action (in a session)" },
                        Shortcut { keys: "g r", label: "New goal, new agreement" },
                        Shortcut { keys: "↑ ↓", label: "From one item or concept to the next" },
                        Shortcut { keys: "Enter", label: "Edit the item" },
                        Shortcut { keys: "a r e", label: "Accept, reject, edit the concept" },
                        Shortcut { keys: "Delete", label: "Delete the item or concept" },
                    ]/>
                </ToastProvider>
                </Following>
            </SseProvider<StudioEvent>>
        </Router>
    }
}

/// Gives everything below it the [`LiveViewer`].
#[component]
fn Following(
    /// The pages.
    children: Children,
) -> impl IntoView {
    provide_context(LiveViewer::follow(expect_context()));
    children()
}

/// The frame of the pages behind the sign-in. Whoever is not signed in is led there and back.
#[component]
fn SignedIn() -> impl IntoView {
    let Viewer(user) = expect_context();
    // What a toast takes back may outlive the page that showed it.
    provide_context(use_mutation::<StudioEvent>());
    let forced = use_context::<ForcedOut>();
    match user {
        Some(_) => view! { <Framed>{|| view! { <Outlet/> }.into_any()}</Framed> }.into_any(),
        None => view! { <Redirect path=sign_in_path(&here(), forced.as_ref())/> }.into_any(),
    }
}

/// The pages about orders, for those who may use them. The queries behind them decide for
/// themselves; this spares everybody else a page that can only fail.
#[component]
fn ForStaff() -> impl IntoView {
    let viewer: LiveViewer = expect_context();
    let allowed = viewer.for_staff();
    live(move || {
        if allowed.get() {
            return view! { <Outlet/> }.into_any();
        }
        answer_with(403);
        view! {
            <Title text="Orders"/>
            <PageHeader title="Orders"/>
            <EmptyState title="Orders are for staff" body="Only staff may see orders.">
                <a class="button" href="/">
                    "Go to the first page"
                </a>
            </EmptyState>
        }
        .into_any()
    })
}

/// The pages of admins, as [`ForStaff`].
#[component]
fn ForAdmins() -> impl IntoView {
    let viewer: LiveViewer = expect_context();
    let allowed = viewer.for_admins();
    live(move || {
        if allowed.get() {
            return view! { <Outlet/> }.into_any();
        }
        answer_with(403);
        view! {
            <Title text="Administration"/>
            <PageHeader title="Administration"/>
            <EmptyState title="This page is for admins" body="Only admins manage people.">
                <a class="button" href="/">
                    "Go to the first page"
                </a>
            </EmptyState>
        }
        .into_any()
    })
}

/// Sidebar, page and the line about the connection.
#[component]
fn Framed(
    /// The page.
    children: ChildrenFn,
) -> impl IntoView {
    let viewer: LiveViewer = expect_context();
    let sse = use_sse();
    let (staff, coaching) = (viewer.for_staff(), viewer.having(Role::coaches_or_is_coached));
    let admins = viewer.for_admins();
    let nav = Signal::derive(move || places(staff.get(), coaching.get(), admins.get()));
    view! {
        <Shell
            nav=nav
            name=Signal::derive(move || viewer.name())
            role=Signal::derive(move || viewer.role())
            on_sign_out=move |()| sse.close()
            bell=|| view! { <Bell/> }
        >
            {children()}
        </Shell>
        <ConnectionIndicator/>
        <UpdateNotice own=build()/>
        <DeveloperTools/>
    }
}

/// Where one can go.
fn places(may_use_orders: bool, coaches_or_is_coached: bool, is_admin: bool) -> Vec<NavGroup> {
    let item = |href, label, icon, pinned| NavItem { href, label, icon, pinned };
    let mut first = vec![item("/", "Home", IconName::Home, true)];
    if may_use_orders {
        first.push(item("/orders", "Orders", IconName::Orders, true));
    }
    if coaches_or_is_coached {
        first.push(item("/coaching", "Coaching", IconName::Coaching, true));
    }
    first.push(item("/labs", "Labs", IconName::Labs, false));
    let content = vec![
        item("/documents", "Documents", IconName::Documents, true),
        item("/podcasts", "Podcasts", IconName::Podcasts, true),
        item("/voiceovers", "Voiceovers", IconName::Voiceovers, false),
        item("/infographics", "Infographics", IconName::Infographics, false),
    ];
    let follow = vec![
        item("/jobs", "Jobs", IconName::Clock, false),
        item("/activity", "Activity", IconName::Activity, false),
    ];
    let mut groups = vec![
        NavGroup { label: None, items: first },
        NavGroup { label: Some("Content"), items: content },
        NavGroup { label: Some("Work"), items: follow },
    ];
    if is_admin {
        let items = vec![
            item("/admin/people", "People", IconName::People, false),
            item("/admin/relationships", "Relationships", IconName::Coaching, false),
        ];
        groups.push(NavGroup { label: Some("Administration"), items });
    }
    groups
}

/// The page for addresses that lead nowhere.
#[component]
fn NotFoundPage() -> impl IntoView {
    let Viewer(user) = expect_context();
    let page = || view! { <Title text="Page not found"/><NotFound/> }.into_any();
    match user {
        Some(_) => view! { <Framed>{page}</Framed> }.into_any(),
        None => view! { <main id="main" class="main">{page()}</main> }.into_any(),
    }
}
