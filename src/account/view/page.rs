//! `/account`: who one is, where one is signed in, and which programs one has let in.

use highwater::{QueryError, UseQuery};
use leptos::prelude::*;
use leptos_meta::Title;

use super::{sessions::Sessions, tokens::Tokens};
use crate::{
    account::model::CurrentUser,
    app::LiveViewer,
    error::AppError,
    ui::{Badge, Each, ErrorState, LiveValue, PageHeader, TableSkeleton, Tone, live},
};

/// One's account.
#[component]
pub fn AccountPage() -> impl IntoView {
    view! {
        <Title text="Account"/>
        <PageHeader title="Account"/>
        <div class="account">
            <Profile/>
            <Sessions/>
            <Tokens/>
        </div>
    }
}

#[component]
fn Profile() -> impl IntoView {
    let LiveViewer(user) = expect_context();
    let part = move |part: fn(CurrentUser) -> String| user.get().map(part).unwrap_or_default();
    view! {
        <section class="account-section" aria-labelledby="profile">
            <h2 class="section-title" id="profile">"Profile"</h2>
            <dl class="facts account-facts">
                <div class="fact">
                    <dt>"Name"</dt>
                    <dd>{move || part(|user| user.name)}</dd>
                </div>
                <div class="fact">
                    <dt>"Email"</dt>
                    <dd>{move || part(|user| user.email)}</dd>
                </div>
                <div class="fact">
                    <dt>"Role"</dt>
                    <dd>
                        <LiveValue value=move || part(|user| user.role.to_string())>
                            <Badge tone=Tone::Neutral>
                                {move || part(|user| user.role.to_string())}
                            </Badge>
                        </LiveValue>
                    </dd>
                </div>
            </dl>
        </section>
    }
}

/// A list of one's own: its rows in place of a skeleton, of what to say when there are none, or of
/// why it could not be read.
#[component]
pub(super) fn OwnList<Q, T>(
    /// The list.
    query: UseQuery<Q>,
    /// What could not be read, in a few words.
    failed: &'static str,
    /// What to say of no rows.
    empty: &'static str,
    /// A row.
    row: fn(T) -> AnyView,
    /// What tells rows apart.
    key: fn(&T) -> String,
) -> impl IntoView
where
    Q: highwater::Query<Value = Vec<T>, Refusal = AppError>,
    T: Clone + PartialEq + Send + Sync + 'static,
{
    view! {
        <Transition fallback=|| view! { <TableSkeleton rows=2 heads=&["", ""] class=""/> }>
            <OwnRows query=query failed=failed empty=empty row=row key=key/>
        </Transition>
    }
}

#[component]
fn OwnRows<Q, T>(
    /// The list.
    query: UseQuery<Q>,
    /// What could not be read.
    failed: &'static str,
    /// What to say of no rows.
    empty: &'static str,
    /// A row.
    row: fn(T) -> AnyView,
    /// What tells rows apart.
    key: fn(&T) -> String,
) -> impl IntoView
where
    Q: highwater::Query<Value = Vec<T>, Refusal = AppError>,
    T: Clone + PartialEq + Send + Sync + 'static,
{
    let face = query.select(|answer| match answer {
        None => Face::Nothing,
        Some(Ok(rows)) if rows.is_empty() => Face::Empty,
        Some(Ok(_)) => Face::Rows,
        Some(Err(QueryError::Refused(refusal))) => Face::Error(refusal.to_string()),
        Some(Err(QueryError::Failed(failure))) => Face::Error(failure.message),
    });
    let rows = query.select(|answer| answer.and_then(Result::ok).unwrap_or_default());
    live(move || match face.get() {
        Face::Nothing => ().into_any(),
        Face::Empty => view! { <p class="muted entries-none">{empty}</p> }.into_any(),
        Face::Rows => view! {
            <ul class="entries">
                <Each each=move || rows.get() key=move |one| key(one) let:one>
                    {row(one)}
                </Each>
            </ul>
        }
        .into_any(),
        Face::Error(message) => view! {
            <ErrorState
                title=failed
                message=message
                on_retry=move |()| query.refetch()
                busy=Signal::derive(move || query.status().fetching)
            />
        }
        .into_any(),
    })
}

/// Which face a list has. Rows change without changing it.
#[derive(Clone, PartialEq)]
enum Face {
    Nothing,
    Empty,
    Rows,
    Error(String),
}
