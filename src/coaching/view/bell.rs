//! The bell: what one should know of, with a count, in the frame of every page.

use highwater::{MutationRequest, use_query};
use leptos::{
    html,
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{Element, MouseEvent},
};

use super::{actions::day_in_words, mutations};
use crate::{
    coaching::{
        api,
        live::NotificationList,
        model::{Notification, NotificationId, NotificationKind, Notifications},
    },
    error::AppError,
    live::StudioEvent,
    shown::Shown,
    ui::{Each, Icon, IconName, TimeAgo, use_toasts},
};

/// The button with the count, and the list that it opens. The browser opens and closes it.
#[component]
pub fn Bell() -> impl IntoView {
    let query = use_query(|| NotificationList);
    let list = NodeRef::<html::Div>::new();
    view! {
        <Transition fallback=|| ()>
            <Shown query=query what="your notifications" show=move |all| {
                view! { <BellButton all=all/> }.into_any()
            }/>
        </Transition>
        <div
            class="bell-list"
            id="notifications"
            popover="auto"
            role="dialog"
            aria-label="Notifications"
            node_ref=list
            on:click=move |event| close_for_link(&event, list)
        >
            <Transition fallback=|| ()>
                <Shown query=query what="your notifications" show=move |all| {
                    view! { <List all=all/> }.into_any()
                }/>
            </Transition>
        </div>
    }
}

#[component]
fn BellButton(
    /// What there is.
    all: Signal<Option<Notifications>>,
) -> impl IntoView {
    let unread = Memo::new(move |_| all.with(|all| all.as_ref().map_or(0, |all| all.unread)));
    view! {
        <button type="button" class="sidebar-button bell" popovertarget="notifications">
            <Icon name=IconName::Bell/>
            <span>"Notifications"</span>
            <span class="bell-count" aria-live="polite">
                {move || Some(unread.get()).filter(|unread| *unread > 0)}
            </span>
        </button>
    }
}

#[component]
fn List(
    /// What there is.
    all: Signal<Option<Notifications>>,
) -> impl IntoView {
    let (mutations, toasts) = (mutations(), use_toasts());
    let newest =
        move || all.with(|all| all.as_ref().map(|all| all.newest.clone()).unwrap_or_default());
    let empty = move || all.with(|all| all.as_ref().is_none_or(|all| all.newest.is_empty()));
    let hidden = move || {
        all.with(|all| {
            all.as_ref().map_or(0, |all| (all.unread as usize).saturating_sub(all.newest.len()))
        })
    };
    let told = move |outcome: Result<(), AppError>| {
        if let Err(refusal) = outcome {
            toasts.error(format!("The notification is still there. {refusal}"));
        }
    };
    let put_aside = Callback::new(move |id: NotificationId| mutations.run(dismiss(id).done(told)));
    view! {
        <div class="bell-head">
            <h2 class="section-title">"Notifications"</h2>
            <button
                type="button"
                class="button quiet"
                hidden=empty
                on:click=move |_| mutations.run(dismiss_all().done(told))
            >
                "Dismiss all"
            </button>
        </div>
        <Show when=empty>
            <p class="muted bell-none">
                "Nothing new. You are told when somebody gives you an action, when one is due \
                 tomorrow, and when a session starts."
            </p>
        </Show>
        <ul class="bell-items">
            <Each each=newest key=|it| it.id.clone() children=move |it| item(it, put_aside)/>
        </ul>
        <Show when=move || hidden() != 0>
            <p class="muted bell-none">{move || format!("And {} more.", hidden())}</p>
        </Show>
    }
}

fn item(it: Notification, put_aside: Callback<NotificationId>) -> AnyView {
    let (address, words, at) = (it.address(), in_words(&it), it.created_at);
    let label = format!("Dismiss: {words}");
    let (id, opened) = (it.id.clone(), it.id);
    view! {
        <li class="bell-item">
            <a class="bell-link" href=address on:click=move |_| put_aside.run(opened.clone())>
                <span>{words}</span>
                <span class="muted"><TimeAgo at=at/></span>
            </a>
            <button
                type="button"
                class="button quiet icon-only"
                aria-label=label
                on:click=move |_| put_aside.run(id.clone())
            >
                <Icon name=IconName::Close/>
            </button>
        </li>
    }
    .into_any()
}

/// What a notification says.
fn in_words(it: &Notification) -> String {
    let (by, subject) = (it.by.as_deref().unwrap_or("Somebody"), &it.subject);
    match it.kind {
        NotificationKind::Assigned => {
            let due = it.due_on.map(|day| format!(", due {}", day_in_words(day)));
            format!("{by} gave you “{subject}”{}", due.unwrap_or_default())
        }
        NotificationKind::DueTomorrow => format!("“{subject}” is due tomorrow"),
        NotificationKind::SessionStarted => format!("{by} started “{subject}”"),
    }
}

fn dismiss(id: NotificationId) -> MutationRequest<StudioEvent, (), AppError> {
    let gone = id.clone();
    MutationRequest::new(format!("notification {id}"), move |sending| {
        api::dismiss_notification(id.clone(), sending.id)
    })
    .overlay(NotificationList, move |all| {
        let before = all.newest.len();
        all.newest.retain(|it| it.id != gone);
        all.unread -= u32::from(all.newest.len() < before);
    })
}

fn dismiss_all() -> MutationRequest<StudioEvent, (), AppError> {
    MutationRequest::new("notifications", move |sending| api::dismiss_notifications(sending.id))
        .overlay(NotificationList, |all| *all = Notifications { unread: 0, newest: Vec::new() })
}

/// Closes the list when something in it was opened.
fn close_for_link(event: &MouseEvent, list: NodeRef<html::Div>) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let link = target.and_then(|target| target.closest("a").ok().flatten());
    if let Some(list) = list.get_untracked().filter(|_| link.is_some()) {
        // It cannot be refused to what is closed already.
        let _ = list.hide_popover();
    }
}
