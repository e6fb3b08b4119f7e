//! What the sign-in page says to somebody whom an admin signed out.
//!
//! The reason comes with the address, `?reason=forced_logout&message=…`, which anybody can write:
//! it is shown as a quotation, cut short, never as markup or as words of this site's own.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    account::model::shown_reason,
    ui::{Icon, IconName},
};

/// Why the visitor's session was ended by an admin; the server provides it as context if it was.
#[derive(Clone, Debug, PartialEq)]
pub struct ForcedOut {
    /// In the admin's words.
    pub reason: String,
}

/// The query of the sign-in page that tells it.
const REASON: &str = "forced_logout";

impl ForcedOut {
    /// As the sign-in page's query.
    pub fn query(&self) -> String {
        let message = leptos_router::location::Url::escape(&self.reason);
        format!("reason={REASON}&message={message}")
    }
}

/// What the address claims, if it does, and whether the server knows it to be so.
pub(super) fn claimed() -> Option<(String, bool)> {
    let proven = SharedValue::new(|| use_context::<ForcedOut>().map(|out| out.reason));
    let proven = proven.into_inner();
    let claimed = use_query_map().with_untracked(|query| {
        let forced = query.get("reason").is_some_and(|reason| reason == REASON);
        query.get("message").filter(|_| forced)
    });
    let shown = shown_reason(&claimed?)?;
    let is_so = proven.is_some_and(|reason| reason == shown);
    Some((shown, is_so))
}

/// Whether the address claims nothing of the kind. The server knows better at times.
pub(super) fn is_untold() -> bool {
    use_query_map().with_untracked(|query| query.get("reason").is_none())
}

/// The reason, quoted.
#[component]
pub(super) fn ForcedOutNotice() -> impl IntoView {
    let (reason, is_so) = claimed()?;
    let said = match is_so {
        true => "An admin signed you out, and gave this reason:",
        false => "The link that you followed says that you were signed out, for this reason:",
    };
    let kept = is_so.then_some("What you had typed is kept in this tab for when you are back. ");
    Some(view! {
        <div class="notice forced-out" data-tone="warning">
            <Icon name=IconName::Alert/>
            <div>
                <p>{said}</p>
                <blockquote class="given-reason">{reason}</blockquote>
                <p class="field-help">
                    {kept}
                    "Signing in here is all there is to do. Do not follow a reason that asks for \
                     more, such as calling somebody or entering your password elsewhere."
                </p>
            </div>
        </div>
    })
}
