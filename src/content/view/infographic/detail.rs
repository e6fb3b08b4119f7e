//! `/infographics/{id}`: one infographic, whole.

use highwater::{QueryError, UseQuery, use_query};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use super::{
    Picture,
    actions::{Delete, MakeAgain},
};
use crate::{
    app::answer_with,
    content::{
        live::InfographicDetail,
        model::{Infographic, InfographicId, MediaStatus},
        view::media::status_in_words,
    },
    error::{AppError, words},
    jobs::{live::TargetJob, view::JobUnderWay},
    ui::{
        BackLink, Badge, ErrorState, Freshness, Icon, IconName, LiveTitle, LiveValue, NotFound,
        PageHeader, Tone, live,
    },
};

/// One infographic. Another id is another page.
#[component]
pub fn InfographicPage() -> impl IntoView {
    let params = use_params_map();
    let id =
        Memo::new(move |_| params.with(|params| params.get("id")?.parse::<InfographicId>().ok()));
    live(move || match id.get() {
        Some(id) => view! { <OneInfographic id=id/> }.into_any(),
        None => {
            answer_with(404);
            view! { <Title text="Page not found"/><NotFound/> }.into_any()
        }
    })
}

/// Which face the page has. The infographic changes without changing it.
#[derive(Clone, PartialEq)]
enum Face {
    Nothing,
    Infographic,
    Missing,
    Error(QueryError<AppError>),
}

#[component]
fn OneInfographic(
    /// Which.
    id: InfographicId,
) -> impl IntoView {
    let query = {
        let id = id.clone();
        use_query(move || InfographicDetail(id.clone()))
    };
    view! {
        <BackLink href="/infographics" label="Infographics"/>
        <Transition fallback=|| {
            view! {
                <Title text="Infographic"/>
                <PageHeader title="Infographic"/>
                <p class="muted" role="status">"Loading"</p>
            }
        }>
            <Answer id=id.clone() query=query/>
        </Transition>
    }
}

#[component]
fn Answer(
    /// Which infographic.
    id: InfographicId,
    /// Its query.
    query: UseQuery<InfographicDetail>,
) -> impl IntoView {
    let face = query.select(|answer| match answer {
        None => Face::Nothing,
        Some(Ok(_)) => Face::Infographic,
        Some(Err(QueryError::Refused(AppError::NotFound { .. }))) => Face::Missing,
        Some(Err(error)) => Face::Error(error),
    });
    let infographic = query.select(|answer| answer.and_then(Result::ok));
    live(move || match face.get() {
        Face::Nothing => ().into_any(),
        Face::Missing => {
            answer_with(404);
            view! { <Title text="Page not found"/><NotFound/> }.into_any()
        }
        Face::Infographic => view! { <Whole id=id.clone() infographic=infographic/> }.into_any(),
        Face::Error(error) => view! {
            <Title text="Infographic"/>
            <ErrorState
                title="The infographic could not be read"
                message=words(&error)
                on_retry=move |()| query.refetch()
                busy=Signal::derive(move || query.status().fetching)
            />
        }
        .into_any(),
    })
}

#[component]
fn Whole(
    /// Which infographic.
    id: InfographicId,
    /// The infographic.
    infographic: Signal<Option<Infographic>>,
) -> impl IntoView {
    let title = Signal::derive(move || {
        infographic.with(|it| it.as_ref().map(|it| it.title.clone()).unwrap_or_default())
    });
    let status = Memo::new(move |_| infographic.with(|it| it.as_ref().map(|it| it.status)));
    let badge = move || status.get().map_or((Tone::Neutral, ""), status_in_words);
    let src = Memo::new(move |_| infographic.with(|it| it.as_ref()?.address()));
    let document = Memo::new(move |_| infographic.with(|it| it.as_ref()?.document_id.clone()));
    let error = Memo::new(move |_| infographic.with(|it| it.as_ref()?.error.clone()));
    let target = id.job_target();
    let job = use_query(move || TargetJob(target.clone()));
    // The job before is no matter any more; the next one is known in a moment.
    let under_way =
        job.select(|answer| matches!(answer, Some(Ok(Some(job))) if job.status.is_live()));
    view! {
        <LiveTitle title=Signal::derive(move || format!("Infographic of {}", title.get()))/>
        <PageHeader
            title=title
            beside=move || view! {
                <span data-testid="infographic-status">
                    <LiveValue value=move || status.get()>
                        <Badge tone=Signal::derive(move || badge().0)>{move || badge().1}</Badge>
                    </LiveValue>
                </span>
            }
        >
            {move || src.get().map(|href| view! {
                // The browser saves the answer; it is no page for the router.
                <a class="button quiet" href=href download="" rel="external">
                    <Icon name=IconName::Download/>
                    "Download SVG"
                </a>
            })}
            <MakeAgain id=id.clone() infographic=infographic/>
            <Delete id=id title=title/>
        </PageHeader>
        <Freshness what="the infographic"/>
        <div class="infographic">
            <p class="muted">
                {move || match document.get() {
                    Some(document) => view! {
                        "Drawn from "
                        <a href=format!("/documents/{document}")>"its document"</a> "."
                    }
                    .into_any(),
                    None => "Its document has been deleted, so it cannot be made again.".into_any(),
                }}
            </p>
            {move || (status.get() == Some(MediaStatus::Generating) && under_way.get()).then(|| view! {
                <JobUnderWay query=job/>
            })}
            {move || error.get().map(|why| view! {
                <p class="notice" data-tone="danger" role="alert">
                    <Icon name=IconName::Alert/>
                    <span>"It could not be made. " {why}</span>
                </p>
            })}
            {move || src.get().map(|src| view! {
                <Picture title=title src=Signal::stored(src)/>
            })}
        </div>
    }
}
