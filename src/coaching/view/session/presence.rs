//! Who is in the session right now.
//!
//! Owns saying so for this page, every few seconds and when something changes, and forgetting those
//! of whom nothing was heard for too long. It must not decide who is there: the server does.

use std::time::Duration;

use highwater::use_event;
use leptos::{prelude::*, task::spawn_local, web_sys::js_sys};

use super::super::desk::Desk;
use crate::{
    coaching::{
        api::{be_present, leave_session},
        live::CoachingEvent,
        model::{CoachingSessionId, PRESENCE_LEASE_S, PRESENCE_RENEWAL_S, Place, TabId},
    },
    live::StudioEvent,
    ui::{Badge, Tone, effect},
};

/// Says that this page is in the session for as long as it is shown, and follows who else is.
pub(super) fn follow(desk: Desk, session: CoachingSessionId) {
    let heard = StoredValue::new(0.0);
    let about = session.clone();
    use_event::<StudioEvent>(move |event| {
        if let StudioEvent::Coaching(CoachingEvent::Presence { coaching_session_id, people }) =
            event
            && *coaching_session_id == about
        {
            heard.set_value(js_sys::Date::now());
            desk.here.set(people.clone());
        }
    });
    effect(move |_| {
        let tab = TabId::of_bits(tab_bits());
        let leaving = (session.clone(), tab.clone());
        let session = session.clone();
        let renew = move |typing: Option<Place>| {
            let (session, tab) = (session.clone(), tab.clone());
            spawn_local(async move {
                match be_present(session, tab, typing).await {
                    Ok(people) => {
                        heard.try_update_value(|heard| *heard = js_sys::Date::now());
                        desk.here.try_set(people);
                    }
                    Err(_) => forget_if_silent(desk, heard),
                }
            });
        };
        let renewed = renew.clone();
        // Now, whenever the field is another one, and every few seconds.
        let typing = Memo::new(move |_| desk.typing.get());
        effect(move |_| renewed(typing.get()));
        let every = Duration::from_secs(PRESENCE_RENEWAL_S.into());
        let beat = move || renew(desk.typing.get_untracked());
        let timer = set_interval_with_handle(beat, every).ok();
        on_cleanup(move || {
            if let Some(timer) = timer {
                timer.clear();
            }
            let (session, tab) = leaving;
            spawn_local(async move {
                // Who does not hear of it finds out when the lease is over.
                let _ = leave_session(session, tab).await;
            });
        });
    });
}

/// Nobody can be said to be here when nothing was heard for as long as a lease lasts.
fn forget_if_silent(desk: Desk, heard: StoredValue<f64>) {
    let silent = heard.try_get_value().map(|heard| js_sys::Date::now() - heard);
    if silent.is_some_and(|silent| silent > f64::from(PRESENCE_LEASE_S) * 1000.0) {
        desk.here.try_set(Vec::new());
    }
}

/// Bits that tell this page from the others of its user.
fn tab_bits() -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "positive, and any bits will do"
    )]
    let bits = (js_sys::Math::random() * 9_007_199_254_740_992.0) as u64;
    bits
}

/// The names of the others who are here.
#[component]
pub(super) fn People(
    /// The page.
    desk: Desk,
) -> impl IntoView {
    let me = desk.me.with_value(|me| me.id);
    let names = Memo::new(move |_| {
        desk.here.with(|here| {
            let others = here.iter().filter(|present| present.person.id != me);
            others.map(|present| present.person.name.clone()).collect::<Vec<_>>()
        })
    });
    view! {
        <span class="present" role="status" aria-label="Who is here">
            {move || names.get().into_iter().map(|name| view! {
                <Badge tone=Tone::Success>{format!("{name} is here")}</Badge>
            }.into_any()).collect::<Vec<_>>()}
        </span>
    }
}
