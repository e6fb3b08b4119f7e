//! What is due and what is stuck where somebody coaches.

use highwater::use_query;
use leptos::prelude::*;
use time::Date;

use super::{actions::day_in_words, name_of, relationship::address, status_in_words};
use crate::{
    coaching::{
        live::OverviewQuery,
        model::{DueAction, NextSession, Overview, StuckGoal},
    },
    shown::Shown,
    ui::{Badge, CollectAny, LocalTime, TimeAgo, Tone, browser_now, effect},
};

/// The overview.
#[component]
pub(super) fn WhatIsDue() -> impl IntoView {
    let query = use_query(|| OverviewQuery);
    view! {
        <Transition fallback=|| view! { <p class="muted">"Loading"</p> }>
            <Shown query=query what="the overview" show=move |overview| {
                view! { <Groups overview=overview/> }.into_any()
            }/>
        </Transition>
    }
}

#[component]
fn Groups(
    /// What there is.
    overview: Signal<Option<Overview>>,
) -> impl IntoView {
    // Which day it is, the server and the browser need not agree on.
    let today = RwSignal::new(None::<Date>);
    effect(move |_| today.set(browser_now().map(|now| now.date())));
    let group = move |id: &'static str,
                      title: &'static str,
                      none: &'static str,
                      rows: fn(&Overview, Option<Date>) -> Vec<AnyView>| {
        view! {
            <section class="section" aria-labelledby=id>
                <h2 class="section-title" id=id>{title}</h2>
                {move || {
                    let today = today.get();
                    let rows = overview.with(|all| all.as_ref().map(|all| rows(all, today)).unwrap_or_default());
                    match rows.is_empty() {
                        true => view! { <p class="muted">{none}</p> }.into_any(),
                        false => view! { <ul class="lines-list">{rows}</ul> }.into_any(),
                    }
                }}
            </section>
        }
        .into_any()
    };
    view! {
        <div class="overview">
            {group("due", "Due", "Nothing is due.", |all, today| {
                all.due.iter().map(|row| due(row, today)).collect_any()
            })}
            {group("blocked", "Blocked", "Nothing is blocked.", |all, today| {
                all.blocked.iter().map(|row| due(row, today)).collect_any()
            })}
            {group("ahead", "Sessions ahead", "No session is scheduled.", |all, _| {
                all.sessions.iter().map(ahead).collect_any()
            })}
            {group("stuck", "Goals that stand still", "Every goal has moved lately.", |all, _| {
                all.stuck.iter().map(stuck).collect_any()
            })}
        </div>
    }
}

fn due(row: &DueAction, today: Option<Date>) -> AnyView {
    let DueAction { action, coaching_relationship_id: of, member } = row;
    let href = format!("/coaching/{of}/sessions/{}", action.coaching_session_id);
    let overdue = today.is_some_and(|today| action.is_overdue(today));
    view! {
        <li class="line-row">
            <a class="line-link" href=href>{action.body.clone()}</a>
            {overdue.then(|| view! { <Badge tone=Tone::Danger>"overdue"</Badge> })}
            <span class="muted line-time">
                {name_of(member.as_ref())}
                {action.due_on.map(|day| format!(" · {}", day_in_words(day)))}
            </span>
        </li>
    }
    .into_any()
}

fn ahead(row: &NextSession) -> AnyView {
    let NextSession { session, member } = row;
    let (tone, words) = status_in_words(session.status);
    view! {
        <li class="line-row">
            <a class="line-link" href=address(session)>{session.title.clone()}</a>
            <Badge tone=tone>{words}</Badge>
            <span class="muted line-time">
                {name_of(member.as_ref())} " · " <LocalTime at=session.scheduled_at/>
            </span>
        </li>
    }
    .into_any()
}

fn stuck(row: &StuckGoal) -> AnyView {
    let StuckGoal { goal, member, since } = row;
    view! {
        <li class="line-row">
            <a class="line-link" href=format!("/coaching/{}", goal.coaching_relationship_id)>
                {goal.title.clone()}
            </a>
            <span class="muted line-time">
                {name_of(member.as_ref())} {format!(" · {} % since ", goal.progress)}
                <TimeAgo at=*since/>
            </span>
        </li>
    }
    .into_any()
}
