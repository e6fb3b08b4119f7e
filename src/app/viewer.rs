//! Who looks at the page: as the page came, and as they are now.

use std::{fmt, str::FromStr};

use highwater::{json, on_server, use_known};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::account::{
    live::Me,
    model::{CurrentUser, Role},
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
    pub(super) fn follow(Viewer(user): Viewer) -> Self {
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

    pub(super) fn name(self) -> String {
        self.0.with(|user| user.as_ref().map(|user| user.name.clone()).unwrap_or_default())
    }

    pub(super) fn role(self) -> String {
        self.0.with(|user| user.as_ref().map(|user| user.role.to_string()).unwrap_or_default())
    }
}
