//! Addresses of this site: the one to come back to after signing in, and the way there.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::account::view::ForcedOut;

/// A path of this site to go to after signing in; anything else is the first page.
pub fn local_path(next: Option<&str>) -> &str {
    // Browsers drop tabs and line ends, and take a backslash for a slash.
    let safe = |letter: char| letter != '\\' && !letter.is_control();
    let is_local =
        |path: &&str| path.starts_with('/') && !path.starts_with("//") && path.chars().all(safe);
    next.filter(is_local).unwrap_or("/")
}

/// The current page's path and search.
pub(super) fn here() -> String {
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
