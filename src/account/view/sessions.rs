//! Where one is signed in, and how to end that.

use highwater::{MutationRequest, UseQuery, use_mutation, use_query};
use leptos::prelude::*;

use super::page::OwnList;
use crate::{
    account::{
        api::{end_other_sessions, end_session},
        live::SessionList,
        model::{Session, SessionId},
    },
    error::AppError,
    live::StudioEvent,
    ui::{Asker, Badge, ConfirmDialog, Question, TimeAgo, Tone, live, use_toasts},
};

/// Mutations of sessions are sent one after another.
const SCOPE: &str = "sessions";

/// What a row needs to end its session, as context.
#[derive(Clone, Copy)]
struct End(Callback<Session>);

/// One's sessions.
#[component]
pub(super) fn Sessions() -> impl IntoView {
    let sessions = use_query(|| SessionList);
    let mutations = use_mutation::<StudioEvent>();
    let (toasts, confirm) = (use_toasts(), Asker::new());
    let run = move |request: MutationRequest<StudioEvent, (), AppError>, done: &'static str| {
        mutations.run(request.done(move |outcome| match outcome {
            Ok(()) => toasts.success(done),
            Err(error) => toasts.error(format!("Nothing was ended. {error}")),
        }));
    };
    provide_context(End(Callback::new(move |Session { id, device, .. }: Session| {
        let question = Question {
            title: format!("End the session of {device}?"),
            body: "It is signed out at once, with every page it has open.".to_owned(),
            action: "End session".to_owned(),
        };
        confirm.ask(question, move || run(end(id.clone()), "Session ended."));
    })));
    let ask_for_all = move |()| {
        let question = Question {
            title: "End all other sessions?".to_owned(),
            body: "Everywhere but here you are signed out at once.".to_owned(),
            action: "End all others".to_owned(),
        };
        confirm.ask(question, move || run(end_others(), "All other sessions ended."));
    };
    view! {
        <section class="account-section" aria-labelledby="sessions">
            <div class="account-head">
                <h2 class="section-title" id="sessions">"Sessions"</h2>
                <Transition>
                    <EndOthers sessions=sessions ask=ask_for_all/>
                </Transition>
            </div>
            <p class="muted">"Where you are signed in. End a session that you do not know."</p>
            <OwnList
                query=sessions
                failed="Your sessions could not be read"
                empty="You are signed in nowhere: this page was opened with an API token."
                row=|session| view! { <SessionRow session=session/> }.into_any()
                key=|session: &Session| session.id.0.clone()
            />
            <ConfirmDialog confirm=confirm id="end-title" keep="Keep it"/>
        </section>
    }
}

/// Ends all other sessions, if there is more than one: one has a button of its own.
#[component]
fn EndOthers(
    /// One's sessions.
    sessions: UseQuery<SessionList>,
    /// Asks first.
    #[prop(into)]
    ask: Callback<()>,
) -> impl IntoView {
    let several = sessions.select(|answer| {
        let sessions = answer.and_then(Result::ok).unwrap_or_default();
        sessions.iter().filter(|session| !session.current).count() > 1
    });
    live(move || {
        several.get().then(|| {
            view! {
                <button type="button" class="button" on:click=move |_| ask.run(())>
                    "End all others"
                </button>
            }
        })
    })
}

#[component]
fn SessionRow(
    /// The session; while it is shown nothing of it changes.
    session: Session,
) -> impl IntoView {
    let End(end) = expect_context();
    let Session { device, created_at, last_used_at, current, .. } = session.clone();
    let name = format!("End the session of {device}");
    view! {
        <li class="entry">
            <div class="entry-what">
                <p class="entry-name">
                    {device} {current.then(|| view! { <Badge tone=Tone::Accent>"this session"</Badge> })}
                </p>
                <p class="entry-facts">
                    "Signed in " <TimeAgo at=created_at/> " · last used "
                    <TimeAgo at=last_used_at/>
                </p>
            </div>
            {(!current)
                .then(|| {
                    view! {
                        <button
                            type="button"
                            class="button"
                            aria-label=name
                            on:click=move |_| end.run(session.clone())
                        >
                            "End"
                        </button>
                    }
                })}
        </li>
    }
}

fn end(id: SessionId) -> MutationRequest<StudioEvent, (), AppError> {
    let sent = id.clone();
    MutationRequest::new(SCOPE, move |sending| end_session(sent.clone(), sending.id))
        .overlay(SessionList, move |sessions| sessions.retain(|session| session.id != id))
}

fn end_others() -> MutationRequest<StudioEvent, (), AppError> {
    MutationRequest::new(SCOPE, |sending| end_other_sessions(sending.id))
        .overlay(SessionList, |sessions| sessions.retain(|session| session.current))
}
