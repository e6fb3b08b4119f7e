//! `/voiceovers/{id}`: one voiceover, to be heard and changed.

use highwater::{QueryError, UseQuery, use_query};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use super::{
    actions::{Delete, Rename, Speak},
    edit::Edit,
};
use crate::{
    app::answer_with,
    content::{
        live::VoiceoverDetail,
        model::{MediaStatus, Voiceover, VoiceoverId},
        view::media::{Player, status_in_words},
    },
    error::{AppError, words},
    jobs::{live::TargetJob, view::JobUnderWay},
    ui::{
        BackLink, Badge, ErrorState, Freshness, Icon, IconName, LiveTitle, LiveValue, NotFound,
        PageHeader, Tone, live,
    },
};

/// One voiceover. Another id is another page.
#[component]
pub fn VoiceoverPage() -> impl IntoView {
    let params = use_params_map();
    let id =
        Memo::new(move |_| params.with(|params| params.get("id")?.parse::<VoiceoverId>().ok()));
    live(move || match id.get() {
        Some(id) => view! { <OneVoiceover id=id/> }.into_any(),
        None => {
            answer_with(404);
            view! { <Title text="Page not found"/><NotFound/> }.into_any()
        }
    })
}

/// Which face the page has. The voiceover changes without changing it.
#[derive(Clone, PartialEq)]
enum Face {
    Nothing,
    Voiceover,
    Missing,
    Error(QueryError<AppError>),
}

#[component]
fn OneVoiceover(
    /// Which.
    id: VoiceoverId,
) -> impl IntoView {
    let query = {
        let id = id.clone();
        use_query(move || VoiceoverDetail(id.clone()))
    };
    view! {
        <BackLink href="/voiceovers" label="Voiceovers"/>
        <Transition fallback=|| {
            view! {
                <Title text="Voiceover"/>
                <PageHeader title="Voiceover"/>
                <p class="muted" role="status">"Loading"</p>
            }
        }>
            <Answer id=id.clone() query=query/>
        </Transition>
    }
}

#[component]
fn Answer(
    /// Which voiceover.
    id: VoiceoverId,
    /// Its query.
    query: UseQuery<VoiceoverDetail>,
) -> impl IntoView {
    let face = query.select(|answer| match answer {
        None => Face::Nothing,
        Some(Ok(_)) => Face::Voiceover,
        Some(Err(QueryError::Refused(AppError::NotFound { .. }))) => Face::Missing,
        Some(Err(error)) => Face::Error(error),
    });
    let voiceover = query.select(|answer| answer.and_then(Result::ok));
    live(move || match face.get() {
        Face::Nothing => ().into_any(),
        Face::Missing => {
            answer_with(404);
            view! { <Title text="Page not found"/><NotFound/> }.into_any()
        }
        Face::Voiceover => view! { <Whole id=id.clone() voiceover=voiceover/> }.into_any(),
        Face::Error(error) => view! {
            <Title text="Voiceover"/>
            <ErrorState
                title="The voiceover could not be read"
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
    /// Which voiceover.
    id: VoiceoverId,
    /// The voiceover.
    voiceover: Signal<Option<Voiceover>>,
) -> impl IntoView {
    let title = Signal::derive(move || {
        voiceover.with(|it| it.as_ref().map(|it| it.row.title.clone()).unwrap_or_default())
    });
    let status = Memo::new(move |_| voiceover.with(|it| it.as_ref().map(|it| it.row.status)));
    let badge = move || status.get().map_or((Tone::Neutral, ""), status_in_words);
    let sound = Memo::new(move |_| voiceover.with(|it| it.as_ref()?.row.address()));
    let (renamed, deleted, spoken) = (id.clone(), id.clone(), id.clone());
    let target = id.job_target();
    let job = use_query(move || TargetJob(target.clone()));
    // The job before is no matter any more; the next one is known in a moment.
    let under_way =
        job.select(|answer| matches!(answer, Some(Ok(Some(job))) if job.status.is_live()));
    view! {
        <LiveTitle title=title/>
        <PageHeader
            title=title
            beside=move || view! {
                <span data-testid="voiceover-status">
                    <LiveValue value=move || status.get()>
                        <Badge tone=Signal::derive(move || badge().0)>{move || badge().1}</Badge>
                    </LiveValue>
                </span>
            }
        >
            {move || sound.get().map(|href| view! {
                // The browser saves the answer; it is no page for the router.
                <a class="button quiet" href=href download="" rel="external">
                    <Icon name=IconName::Download/>
                    "Download"
                </a>
            })}
            <Speak id=spoken status=status.into() title=title/>
            <Rename id=renamed voiceover=voiceover/>
            <Delete id=deleted title=title/>
        </PageHeader>
        <Freshness what="the voiceover"/>
        <div class="voiceover">
            <Sound title=title src=sound/>
            {move || (status.get() == Some(MediaStatus::Generating) && under_way.get()).then(|| view! {
                <JobUnderWay query=job/>
            })}
            <Failure voiceover=voiceover/>
            <Edit id=id voiceover=voiceover/>
        </div>
    }
}

/// The player, once there is something to hear.
#[component]
fn Sound(
    /// What it is called.
    title: Signal<String>,
    /// Where the sound is.
    src: Memo<Option<String>>,
) -> impl IntoView {
    let there = Memo::new(move |_| src.with(Option::is_some));
    move || {
        there.get().then(|| {
            view! {
                <Player
                    title=title
                    src=Signal::derive(move || src.get().unwrap_or_default())
                    preload="metadata"
                />
            }
        })
    }
}

/// Why it could not be spoken.
#[component]
fn Failure(
    /// The voiceover.
    voiceover: Signal<Option<Voiceover>>,
) -> impl IntoView {
    let why = move || voiceover.with(|it| it.as_ref().and_then(|it| it.row.error.clone()));
    move || {
        why().map(|why| {
            view! {
                <p class="notice" data-tone="danger" role="alert">
                    <Icon name=IconName::Alert/>
                    <span>"It could not be spoken. " {why}</span>
                </p>
            }
        })
    }
}
