//! What a query's answer looks like: what it is for, or why there is nothing to see.
//!
//! Owns the faces that pages of several slices share. It must not know what is shown.

use std::sync::Arc;

use highwater::{Query, QueryError, UseQuery};
use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    app::answer_with,
    error::{AppError, words},
    line::capitalised,
    live::StudioEvent,
    ui::{ErrorState, live},
};

/// Which face there is. What is shown changes without changing it.
#[derive(Clone, PartialEq)]
enum Face {
    Nothing,
    Shown,
    Missing,
    Error(QueryError<AppError>),
}

/// What a page says whose thing its reader may not see, or which is not there: it does not tell
/// which.
#[derive(Clone, Copy, Debug)]
pub struct Missing {
    /// That it is not for them, in a few words.
    pub title: &'static str,
    /// Whom it is for.
    pub body: &'static str,
    /// Where they can go instead.
    pub href: &'static str,
    /// What that is called.
    pub label: &'static str,
}

/// Shows the value of a query, once there is one. Stands within a `Transition`.
#[component]
pub fn Shown<Q, F>(
    /// The query.
    query: UseQuery<Q>,
    /// What it is of, as a sentence has it: "the session".
    what: &'static str,
    /// Said by the page that is about it; elsewhere nothing is shown of what is missing.
    #[prop(optional)]
    missing: Option<Missing>,
    /// Shows it. The value may go, when it may no longer be seen, a moment before this does.
    show: F,
) -> impl IntoView
where
    Q: Query<Event = StudioEvent, Refusal = AppError, Value: PartialEq>,
    F: Fn(Signal<Option<Q::Value>>) -> AnyView + Send + Sync + 'static,
{
    let face = query.select(|answer| match answer {
        None => Face::Nothing,
        Some(Ok(_)) => Face::Shown,
        Some(Err(QueryError::Refused(AppError::NotFound { .. } | AppError::Forbidden { .. }))) => {
            Face::Missing
        }
        Some(Err(error)) => Face::Error(error),
    });
    let value = query.select(|answer| answer.and_then(Result::ok));
    let show: Arc<dyn Fn() -> AnyView + Send + Sync> = Arc::new(move || show(value));
    let retry = Callback::new(move |()| query.refetch());
    let busy = Signal::derive(move || query.status().fetching);
    faces(face, show, Faces { what, missing, retry, busy })
}

/// What all faces need.
struct Faces {
    what: &'static str,
    missing: Option<Missing>,
    retry: Callback<()>,
    busy: Signal<bool>,
}

fn faces(face: Signal<Face>, show: Arc<dyn Fn() -> AnyView + Send + Sync>, of: Faces) -> AnyView {
    let Faces { what, missing, retry, busy } = of;
    live(move || match (face.get(), missing) {
        (Face::Nothing, _) | (Face::Missing, None) => ().into_any(),
        (Face::Shown, _) => show(),
        (Face::Missing, Some(Missing { title, body, href, label })) => {
            answer_with(404);
            view! {
                <Title text="Not yours to see"/>
                <div class="state">
                    <h1 class="state-title">{title}</h1>
                    <p class="state-body">{body}</p>
                    <div class="state-actions"><a class="button" href=href>{label}</a></div>
                </div>
            }
            .into_any()
        }
        (Face::Error(error), _) => view! {
            <ErrorState
                title=format!("{} could not be read", capitalised(what))
                message=words(&error)
                on_retry=retry
                busy=busy
            />
        }
        .into_any(),
    })
}
