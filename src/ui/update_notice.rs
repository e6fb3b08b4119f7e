//! The offer of a newer version, once the server runs one.
//!
//! Owns which versions this tab was offered. It never reloads by itself: somebody may be in the middle
//! of a sentence, which a reload of their own choosing keeps as a draft.

use highwater::use_sse;
use leptos::prelude::*;

use super::{
    erased::live,
    tab_memory::{remember, remembered},
};

/// Where the tab remembers what it was offered: builds, the newest last.
const OFFERED: &str = "offered-builds";

/// How many of them: servers of different builds may take turns for a while.
const KEPT: usize = 8;

/// Offers a reload when the server's build is another one, once for each build: neither who declines
/// nor who reloaded and got the same page again is asked twice.
#[component]
pub fn UpdateNotice(
    /// The build of this page.
    own: String,
) -> impl IntoView {
    let sse = use_sse();
    let answered = RwSignal::new(None::<String>);
    let offered = Memo::new(move |_| {
        let newest = sse.server_build().filter(|newest| *newest != own)?;
        let is_known = answered.get().as_ref() == Some(&newest) || was_offered(&newest);
        (!is_known).then_some(newest)
    });
    let answer = move || {
        if let Some(build) = offered.get_untracked() {
            note(&build);
            answered.set(Some(build));
        }
    };
    view! {
        <p class="update-notice" role="status">
            {live(move || {
                offered
                    .get()
                    .map(|_| {
                        view! {
                            "A new version is ready. "
                            <button
                                type="button"
                                class="button"
                                on:click=move |_| {
                                    answer();
                                    reload();
                                }
                            >
                                "Reload"
                            </button>
                            <button type="button" class="button" on:click=move |_| answer()>
                                "Not now"
                            </button>
                        }
                    })
            })}
        </p>
    }
}

fn was_offered(build: &str) -> bool {
    remembered(OFFERED).is_some_and(|offered| offered.split(' ').any(|known| known == build))
}

fn note(build: &str) {
    let offered = remembered(OFFERED).unwrap_or_default();
    let mut builds: Vec<&str> = offered.split(' ').filter(|known| !known.is_empty()).collect();
    builds.push(build);
    let newest = builds.len().saturating_sub(KEPT);
    remember(OFFERED, Some(&builds[newest..].join(" ")));
}

fn reload() {
    let _ = window().location().reload();
}
