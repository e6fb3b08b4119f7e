//! The application's frame: document, routes, and what every page stands in.
//!
//! Owns the routes and who may see a page at all. It must not know what a page shows.

use std::{fmt, str::FromStr};

use highwater::{
    ConnectionIndicator, SseProvider, json, on_server, use_known, use_mutation, use_sse,
};
use leptos::prelude::*;
use leptos_meta::{MetaTags, Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{Outlet, ParentRoute, Redirect, Route, Router, Routes},
    hooks::use_location,
    path,
};
use serde::{Deserialize, Serialize};

use crate::{
    account::{
        live::Me,
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

/// Who looked at the page when the server rendered it; the server provides it as context, the page
/// carries it. What depends on it while the page is open follows [`LiveViewer`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Viewer(pub Option<CurrentUser>);

/// As the page carries it.
impl fmt::Display for Viewer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}

impl FromStr for Viewer {
    type Err = json::Unreadable;

    fn from_str(text: &str) -> Result<Self, json::Unreadable> {
        json::read(text)
    }
}

/// The name under which the browser keeps what is typed into something, for the viewer alone:
/// whoever signs in next in that tab finds what they had typed themselves.
pub fn draft_name(of: &str) -> String {
    let Viewer(user) = expect_context();
    let user = user.map(|user| user.id.to_string()).unwrap_or_default();
    format!("{user}:{of}")
}

/// Who looks at the page, as they are now: a change of role changes what an open page offers.
#[derive(Clone, Copy)]
pub struct LiveViewer(pub Signal<Option<CurrentUser>>);

impl LiveViewer {
    /// Follows the user that the page came for.
    fn follow(Viewer(user): Viewer) -> Self {
        let user = user.map(|user| use_known(Me, user));
        Self(Signal::derive(move || user.map(|user| user.get())))
    }

    /// Whether their role is such a one, as a signal that changes only when that does.
    pub fn having(self, is_such: fn(Role) -> bool) -> Signal<bool> {
        let has = move || self.0.with(|user| user.as_ref().is_some_and(|user| is_such(user.role)));
        if on_server() {
            // While a page is rendered nothing changes.
            return Signal::derive(has);
        }
        Memo::new(move |_| has()).into()
    }

    /// Whether they may use orders.
    pub fn for_staff(self) -> Signal<bool> {
        self.having(Role::may_use_orders)
    }

    /// Whether they are an admin.
    pub fn for_admins(self) -> Signal<bool> {
        self.having(|role| role == Role::Admin)
    }

    fn name(self) -> String {
        self.0.with(|user| user.as_ref().map(|user| user.name.clone()).unwrap_or_default())
    }

    fn role(self) -> String {
        self.0.with(|user| user.as_ref().map(|user| user.role.to_string()).unwrap_or_default())
    }
}

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

/// A path of this site to go to after signing in; anything else is the first page.
pub fn local_path(next: Option<&str>) -> &str {
    // Browsers drop tabs and line ends, and take a backslash for a slash.
    let safe = |letter: char| letter != '\\' && !letter.is_control();
    let is_local =
        |path: &&str| path.starts_with('/') && !path.starts_with("//") && path.chars().all(safe);
    next.filter(is_local).unwrap_or("/")
}

/// The current page's path and search.
fn here() -> String {
    let location = use_location();
    let (path, search) = (location.pathname.get_untracked(), location.search.get_untracked());
    if search.is_empty() { path } else { format!("{path}?{search}") }
}

/// The sign-in page for somebody who was at a path of this site, leading back there.
pub fn sign_in_path(here: &str, forced: Option<&ForcedOut>) -> String {
    let next = || format!("next={}", leptos_router::location::Url::escape(here));
    let parts = [forced.map(ForcedOut::query), (here != "/").then(next)];
    let query = parts.into_iter().flatten().collect::<Vec<_>>().join("&");
    if query.is_empty() { "/login".to_owned() } else { format!("/login?{query}") }
}

/// The session is over: a new page, so that nothing of it stays.
pub(crate) fn leave_for_sign_in() {
    let location = window().location();
    let here = location.pathname().unwrap_or_default() + &location.search().unwrap_or_default();
    // Where the browser refuses to go, there is no page left to tell.
    let _ = location.set_href(&sign_in_path(&here, None));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signing_in_never_leads_to_another_site() {
        for path in [
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "",
            "orders",
        ] {
            assert_eq!(local_path(Some(path)), "/", "{path:?}");
        }
        assert_eq!(local_path(Some("/orders?status=pending")), "/orders?status=pending");
        assert_eq!(local_path(None), "/");
    }
}
