//! `/coaching/{relationship}`: the sessions, goals and agreements of two people.

use highwater::use_query;
use leptos::prelude::*;
use leptos_meta::Title;

use super::{
    BETWEEN_OTHERS, agreements::Agreements, asked_relationship, called, composer::listen_for_keys,
    desk::Desk, goals::Goals, progress::GoalsOverTime, schedule::Schedule, status_in_words,
};
use crate::{
    app::answer_with,
    coaching::{
        live::{RelationshipDetail, SessionList},
        model::{CoachingRelationship, CoachingSession, RelationshipId},
    },
    shown::Shown,
    ui::{
        BackLink, Badge, ConfirmDialog, Each, Freshness, LiveTitle, LiveValue, LocalTime, NotFound,
        PageHeader, live,
    },
};

/// One relationship. Another id is another page.
#[component]
pub fn RelationshipPage() -> impl IntoView {
    let relationship = asked_relationship();
    live(move || match relationship.get() {
        Some(id) => view! { <OneRelationship id=id/> }.into_any(),
        None => {
            answer_with(404);
            view! { <Title text="Page not found"/><NotFound/> }.into_any()
        }
    })
}

#[component]
fn OneRelationship(
    /// Which.
    id: RelationshipId,
) -> impl IntoView {
    let query = use_query(move || RelationshipDetail(id.clone()));
    view! {
        <BackLink href="/coaching" label="Coaching"/>
        <Transition fallback=|| {
            view! {
                <Title text="Coaching"/>
                <PageHeader title="Coaching"/>
                <p class="muted" role="status">"Loading"</p>
            }
        }>
            <Shown
                query=query
                what="the relationship"
                missing=BETWEEN_OTHERS
                show=move |pair| view! { <Whole pair=pair/> }.into_any()
            />
        </Transition>
    }
}

#[component]
fn Whole(
    /// Who takes part.
    pair: Signal<Option<CoachingRelationship>>,
) -> impl IntoView {
    let Some(first) = pair.get_untracked() else { return ().into_any() };
    let id = first.id.clone();
    let pair = Memo::new(move |before: Option<&CoachingRelationship>| {
        pair.get().unwrap_or_else(|| before.unwrap_or(&first).clone())
    });
    let people =
        Signal::derive(move || pair.with(|pair| pair.people().cloned().collect::<Vec<_>>()));
    let desk = Desk::new(people);
    let me = desk.me.with_value(|me| me.id);
    let title = Memo::new(move |_| pair.with(|pair| called(pair, me)));
    listen_for_keys();
    let (scheduled, sessions, over_time, goals) = (id.clone(), id.clone(), id.clone(), id.clone());
    view! {
        <LiveTitle title=Signal::derive(move || title.get())/>
        <PageHeader title=Signal::derive(move || title.get())>
            <Schedule desk=desk relationship=scheduled/>
        </PageHeader>
        <Freshness what="this page"/>
        <div class="coaching-desk">
            <div class="coaching-column">
                <Sessions relationship=sessions/>
                <GoalsOverTime relationship=over_time/>
            </div>
            <div class="coaching-column">
                <Goals desk=desk relationship=goals/>
                <Agreements desk=desk relationship=id/>
            </div>
        </div>
        <ConfirmDialog confirm=desk.asker id="coaching-question" keep="Keep it"/>
    }
    .into_any()
}

/// The sessions, the latest first.
#[component]
fn Sessions(
    /// Whose.
    relationship: RelationshipId,
) -> impl IntoView {
    let query = use_query(move || SessionList(relationship.clone()));
    view! {
        <section class="section" aria-labelledby="sessions">
            <h2 class="section-title" id="sessions">"Sessions"</h2>
            <Transition fallback=|| view! { <p class="muted">"Loading"</p> }>
                <Shown query=query what="the sessions" show=move |sessions| {
                    view! { <SessionRows sessions=sessions/> }.into_any()
                }/>
            </Transition>
        </section>
    }
}

#[component]
fn SessionRows(
    /// The sessions.
    sessions: Signal<Option<Vec<CoachingSession>>>,
) -> impl IntoView {
    let all = move || sessions.get().unwrap_or_default();
    let empty = move || sessions.with(|all| all.as_ref().is_some_and(Vec::is_empty));
    view! {
        <Show when=empty>
            <p class="muted">"No session yet. Schedule the first one."</p>
        </Show>
        <ul class="lines-list">
            <Each each=all key=|session| session.id.clone() children=move |first| {
                view! { <SessionRow first=first sessions=sessions/> }
            }/>
        </ul>
    }
}

#[component]
fn SessionRow(
    /// The session, as it was first.
    first: CoachingSession,
    /// All of them.
    sessions: Signal<Option<Vec<CoachingSession>>>,
) -> impl IntoView {
    let href = address(&first);
    let session = Memo::new(move |before: Option<&CoachingSession>| {
        let now = sessions.with(|all| all.as_ref()?.iter().find(|it| it.id == first.id).cloned());
        now.unwrap_or_else(|| before.unwrap_or(&first).clone())
    });
    let status = Memo::new(move |_| session.with(|session| session.status));
    view! {
        <li class="line-row">
            <a class="line-link" href=href>{move || session.with(|it| it.title.clone())}</a>
            <LiveValue value=move || status.get()>
                <Badge tone=Signal::derive(move || status_in_words(status.get()).0)>
                    {move || status_in_words(status.get()).1}
                </Badge>
            </LiveValue>
            <span class="muted line-time">
                <LocalTime at=Signal::derive(move || session.with(|it| it.scheduled_at))/>
            </span>
        </li>
    }
}

/// The address of a session.
pub(super) fn address(session: &CoachingSession) -> String {
    format!("/coaching/{}/sessions/{}", session.coaching_relationship_id, session.id)
}
