//! `/coaching`: one's relationships and, for who coaches, what is due and what is stuck.

use highwater::use_query;
use leptos::prelude::*;
use leptos_meta::Title;

use super::{called, overview::WhatIsDue, relationship::address, status_in_words};
use crate::{
    account::model::{Role, UserId},
    app::{LiveViewer, Viewer},
    coaching::{
        live::MyRelationships,
        model::{Part, RelationshipRow},
    },
    shown::Shown,
    ui::{Badge, EmptyState, Freshness, LocalTime, PageHeader, TableSkeleton},
};

/// One's coaching.
#[component]
pub fn CoachingPage() -> impl IntoView {
    let Viewer(user) = expect_context();
    let me = user.map_or(UserId(0), |user| user.id);
    let viewer: LiveViewer = expect_context();
    let coaches = viewer.having(|role| role == Role::Coach);
    let query = use_query(|| MyRelationships);
    view! {
        <Title text="Coaching"/>
        <PageHeader title="Coaching"/>
        <Freshness what="your coaching"/>
        <Transition fallback=|| {
            view! { <TableSkeleton rows=3 heads=&["With", "Next session", "#Open"] class="as-list"/> }
        }>
            <Shown query=query what="your coaching" show=move |rows| {
                view! { <Rows me=me rows=rows/> }.into_any()
            }/>
        </Transition>
        {move || coaches.get().then(|| view! { <WhatIsDue/> })}
    }
}

#[component]
fn Rows(
    /// Who looks.
    me: UserId,
    /// The relationships.
    rows: Signal<Option<Vec<RelationshipRow>>>,
) -> impl IntoView {
    let row = move |row: RelationshipRow| relationship_row(me, row);
    move || {
        let rows = rows.get().unwrap_or_default();
        if rows.is_empty() {
            return view! {
                <EmptyState
                    title="Nobody to talk to yet"
                    body="Here are the people whom you coach, or who coach you. An admin brings you \
                          together."
                />
            }
            .into_any();
        }
        view! {
            <ul class="pairs">{rows.into_iter().map(row).collect::<Vec<_>>()}</ul>
        }
        .into_any()
    }
}

fn relationship_row(me: UserId, row: RelationshipRow) -> AnyView {
    let RelationshipRow { relationship, session, open_actions, goals } = row;
    let part = match relationship.part_of(me) {
        Some(Part::Coach) => "You coach",
        _ => "Coaches you",
    };
    let counts = format!(
        "{} · {}",
        counted(open_actions, "open action", "open actions"),
        counted(goals, "goal", "goals"),
    );
    let next = session.map(|session| {
        let (tone, words) = status_in_words(session.status);
        let at = session.scheduled_at;
        view! {
            <p class="pair-session">
                <a href=address(&session)>{session.title.clone()}</a>
                <Badge tone=tone>{words}</Badge>
                <span class="muted"><LocalTime at=at/></span>
            </p>
        }
    });
    view! {
        <li class="pair">
            <p class="pair-head">
                <a class="pair-name" href=format!("/coaching/{}", relationship.id)>
                    {called(&relationship, me)}
                </a>
                <span class="muted">{part}</span>
                <span class="muted pair-counts">{counts}</span>
            </p>
            {next}
        </li>
    }
    .into_any()
}

/// As in "1 goal".
pub(super) fn counted(count: u32, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
