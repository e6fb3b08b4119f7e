//! `/coaching/{relationship}/sessions/{session}`: the page that two people work on at once. Notes,
//! actions, goals and agreements on one screen.

mod presence;

use highwater::{UseQuery, use_query};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_params_map},
};

use self::presence::{People, follow};
use super::{
    BETWEEN_OTHERS,
    actions::Actions,
    agreements::Agreements,
    asked_relationship, called,
    composer::listen_for_keys,
    desk::Desk,
    goals::Goals,
    notes::Notes,
    schedule::{Schedule, change_session, delete_session},
    status_in_words,
};
use crate::{
    app::answer_with,
    coaching::{
        live::{RelationshipDetail, SessionDetail},
        model::{CoachingSession, CoachingSessionId, RelationshipId, SessionChange, SessionStatus},
    },
    shown::Shown,
    ui::{
        BackLink, Badge, ConfirmDialog, Freshness, LiveTitle, LiveValue, LocalTime, NotFound,
        PageHeader, Question, live,
    },
};

/// One session. Another address is another page.
#[component]
pub fn SessionPage() -> impl IntoView {
    let (relationship, params) = (asked_relationship(), use_params_map());
    let session = Memo::new(move |_| {
        params.with(|params| params.get("session")?.parse::<CoachingSessionId>().ok())
    });
    live(move || match (relationship.get(), session.get()) {
        (Some(relationship), Some(session)) => {
            view! { <OneSession relationship=relationship session=session/> }.into_any()
        }
        _ => {
            answer_with(404);
            view! { <Title text="Page not found"/><NotFound/> }.into_any()
        }
    })
}

#[component]
fn OneSession(
    /// Whose session.
    relationship: RelationshipId,
    /// Which.
    session: CoachingSessionId,
) -> impl IntoView {
    let detail = SessionDetail(relationship.clone(), session);
    let query = use_query(move || detail.clone());
    let pair = {
        let relationship = relationship.clone();
        use_query(move || RelationshipDetail(relationship.clone()))
    };
    view! {
        <BackLink href=format!("/coaching/{relationship}") label="All sessions"/>
        <Transition fallback=|| {
            view! {
                <Title text="Session"/>
                <PageHeader title="Session"/>
                <p class="muted" role="status">"Loading"</p>
            }
        }>
            <Shown
                query=query
                what="the session"
                missing=BETWEEN_OTHERS
                show=move |session| view! { <Whole session=session pair=pair/> }.into_any()
            />
        </Transition>
    }
}

#[component]
fn Whole(
    /// The session.
    session: Signal<Option<CoachingSession>>,
    /// Who takes part.
    pair: UseQuery<RelationshipDetail>,
) -> impl IntoView {
    let pair = pair.select(|answer| answer.and_then(Result::ok));
    let people = Signal::derive(move || {
        pair.with(|pair| pair.iter().flat_map(|pair| pair.people().cloned()).collect::<Vec<_>>())
    });
    let desk = Desk::new(people);
    let Some(first) = session.get_untracked() else { return ().into_any() };
    let (of, id) = (first.coaching_relationship_id.clone(), first.id.clone());
    let session = Memo::new(move |before: Option<&CoachingSession>| {
        session.get().unwrap_or_else(|| before.unwrap_or(&first).clone())
    });
    let me = desk.me.with_value(|me| me.id);
    let other =
        Signal::derive(move || pair.with(|pair| pair.as_ref().map(|pair| called(pair, me))));
    let title = Memo::new(move |_| session.with(|session| session.title.clone()));
    let status = Memo::new(move |_| session.with(|session| session.status));
    follow(desk, id.clone());
    listen_for_keys();
    let (moved, written) = (of.clone(), (of.clone(), id.clone()));
    let (taken_on, reached, agreed) = ((of.clone(), id), of.clone(), of);
    view! {
        <LiveTitle title=Signal::derive(move || title.get())/>
        <PageHeader
            title=Signal::derive(move || title.get())
            beside=move || view! {
                <span data-testid="session-status">
                    <LiveValue value=move || status.get()>
                        <Badge tone=Signal::derive(move || status_in_words(status.get()).0)>
                            {move || status_in_words(status.get()).1}
                        </Badge>
                    </LiveValue>
                </span>
            }
        >
            <People desk=desk/>
            <Steps desk=desk session=session/>
            <Schedule
                desk=desk
                relationship=moved
                session=Signal::derive(move || Some(session.get()))
            />
            <Cancel desk=desk session=session/>
        </PageHeader>
        <p class="page-line muted">
            {move || other.get().map(|name| format!("With {name} · "))}
            <LocalTime at=Signal::derive(move || session.with(|session| session.scheduled_at))/>
        </p>
        <Freshness what="the session"/>
        <div class="coaching-desk">
            <div class="coaching-column">
                <Notes desk=desk relationship=written.0 session=written.1/>
                <Actions desk=desk relationship=taken_on.0 session=taken_on.1/>
            </div>
            <div class="coaching-column">
                <Goals desk=desk relationship=reached/>
                <Agreements desk=desk relationship=agreed/>
            </div>
        </div>
        <ConfirmDialog confirm=desk.asker id="coaching-question" keep="Keep it"/>
    }
    .into_any()
}

/// The button that takes the session on: starts it, then ends it.
#[component]
fn Steps(
    /// The page.
    desk: Desk,
    /// The session.
    session: Memo<CoachingSession>,
) -> impl IntoView {
    let next = move || match session.with(|session| session.status) {
        SessionStatus::Scheduled => Some(("Start the session", SessionStatus::Running)),
        SessionStatus::Running => Some(("End the session", SessionStatus::Done)),
        SessionStatus::Done => None,
    };
    live(move || {
        next().map(|(words, status)| {
            let step = move |_| {
                let change = SessionChange { status: Some(status), ..SessionChange::default() };
                let request = change_session(session.get_untracked(), change);
                desk.mutations.run(request.done(move |outcome| {
                    if let Err(refusal) = outcome {
                        desk.toasts.error(format!("The session stays as it is. {refusal}"));
                    }
                }));
            };
            view! { <button type="button" class="button primary" on:click=step>{words}</button> }
        })
    })
}

/// The button that deletes what was only scheduled.
#[component]
fn Cancel(
    /// The page.
    desk: Desk,
    /// The session.
    session: Memo<CoachingSession>,
) -> impl IntoView {
    let navigate = use_navigate();
    let scheduled = Memo::new(move |_| session.with(|it| it.status == SessionStatus::Scheduled));
    let ask = Callback::new(move |()| {
        let CoachingSession { id, coaching_relationship_id: of, title, .. } =
            session.get_untracked();
        let question = Question {
            title: format!("Delete “{title}”?"),
            body: "The session and what was written for it are removed for both of you.".to_owned(),
            action: "Delete".to_owned(),
        };
        let navigate = navigate.clone();
        desk.asker.ask(question, move || {
            let back = format!("/coaching/{of}");
            let request = delete_session(of.clone(), id.clone());
            desk.mutations.run(request.done(move |outcome| {
                if let Err(refusal) = outcome {
                    desk.toasts.error(format!("The session is still there. {refusal}"));
                }
            }));
            navigate(&back, NavigateOptions::default());
        });
    });
    live(move || {
        scheduled.get().then(|| view! {
            <button type="button" class="button danger" on:click=move |_| ask.run(())>"Delete"</button>
        })
    })
}
