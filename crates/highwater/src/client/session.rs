//! Whether the session that a page was made for still stands.
//!
//! Owns that one request. It must not decide what follows.

use gloo_net::http::Request;
use highwater_core::connection::Session;
use leptos::prelude::*;

use super::store::in_time;

/// Asks at `url`, which answers 401 without a session, and otherwise who is signed in; `is_mine` says
/// whether that is whom the page is for: somebody else may have signed in in another tab.
pub(crate) async fn check(url: &str, is_mine: Callback<String, bool>) -> Session {
    let answered = async {
        let answer = Request::get(url).send().await.ok()?;
        match answer.status() {
            401 => Some(Session::Over),
            200 => {
                let who = answer.text().await.ok()?;
                Some(if is_mine.run(who) { Session::Stands } else { Session::Over })
            }
            _ => None,
        }
    };
    // Without an answer nobody knows; sending the user away would be worse.
    in_time(Box::pin(answered)).await.flatten().unwrap_or(Session::Unknown)
}
