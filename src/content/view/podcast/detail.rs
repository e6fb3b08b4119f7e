//! `/podcasts/{id}`: one podcast, its audio and its script.

use highwater::{QueryError, UseQuery, use_query};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use super::{
    actions::Actions,
    clock,
    editor::{Editor, ScriptEditor},
    player::Player,
    script::ScriptView,
    status_in_words,
};
use crate::{
    app::answer_with,
    content::{
        live::PodcastDetail,
        model::{Podcast, PodcastId, PodcastSource, Script},
    },
    error::{AppError, words},
    jobs::{live::TargetJob, view::JobUnderWay},
    ui::{
        BackLink, Badge, CollectAny, ErrorState, Freshness, Icon, IconName, LiveTitle, LiveValue,
        NotFound, PageHeader, TimeAgo, Tone, effect, grouped, live,
    },
};

/// One podcast. Another id is another page.
#[component]
pub fn PodcastPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id")?.parse::<PodcastId>().ok()));
    live(move || match id.get() {
        Some(id) => view! { <OnePodcast id=id/> }.into_any(),
        None => {
            answer_with(404);
            view! { <Title text="Page not found"/><NotFound/> }.into_any()
        }
    })
}

/// Which face the page has. The podcast changes without changing it.
#[derive(Clone, PartialEq)]
enum Face {
    Nothing,
    Podcast,
    Missing,
    Error(QueryError<AppError>),
}

#[component]
fn OnePodcast(
    /// Which.
    id: PodcastId,
) -> impl IntoView {
    let query = {
        let id = id.clone();
        use_query(move || PodcastDetail(id.clone()))
    };
    let job = {
        let target = id.job_target();
        use_query(move || TargetJob(target.clone()))
    };
    view! {
        <BackLink href="/podcasts" label="Podcasts"/>
        <Transition fallback=|| {
            view! {
                <Title text="Podcast"/>
                <PageHeader title="Podcast"/>
                <p class="muted" role="status">"Loading"</p>
            }
        }>
            <Answer id=id.clone() query=query job=job/>
        </Transition>
    }
}

#[component]
fn Answer(
    /// Which podcast.
    id: PodcastId,
    /// Its query.
    query: UseQuery<PodcastDetail>,
    /// Its job.
    job: UseQuery<TargetJob>,
) -> impl IntoView {
    let face = query.select(|answer| match answer {
        None => Face::Nothing,
        Some(Ok(_)) => Face::Podcast,
        Some(Err(QueryError::Refused(AppError::NotFound { .. }))) => Face::Missing,
        Some(Err(error)) => Face::Error(error),
    });
    let podcast = query.select(|answer| answer.and_then(Result::ok));
    live(move || match face.get() {
        Face::Nothing => ().into_any(),
        Face::Missing => view! { <Title text="Page not found"/><NotFound/> }.into_any(),
        Face::Podcast => view! { <Whole id=id.clone() podcast=podcast job=job/> }.into_any(),
        Face::Error(error) => view! {
            <Title text="Podcast"/>
            <ErrorState
                title="The podcast could not be read"
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
    /// Which podcast.
    id: PodcastId,
    /// The podcast.
    podcast: Signal<Option<Podcast>>,
    /// Its job.
    job: UseQuery<TargetJob>,
) -> impl IntoView {
    let title = Signal::derive(move || {
        podcast.with(|podcast| {
            podcast.as_ref().map(|podcast| podcast.row.title.clone()).unwrap_or_default()
        })
    });
    let status = Memo::new(move |_| {
        podcast.with(|podcast| podcast.as_ref().map(|podcast| podcast.row.status))
    });
    let badge = move || status.get().map_or((Tone::Neutral, ""), status_in_words);
    let busy = Memo::new(move |_| status.get().is_some_and(|status| status.is_busy()));
    let acted_on = id.clone();
    view! {
        <LiveTitle title=title/>
        <PageHeader
            title=title
            beside=move || view! {
                <span data-testid="podcast-status">
                    <LiveValue value=move || status.get()>
                        <Badge tone=Signal::derive(move || badge().0)>{move || badge().1}</Badge>
                    </LiveValue>
                </span>
            }
        >
            <Actions id=acted_on podcast=podcast/>
        </PageHeader>
        <Freshness what="the podcast"/>
        <div class="podcast">
            <div class="podcast-main">
                <Failed podcast=podcast/>
                {move || busy.get().then(|| view! { <JobUnderWay query=job/> })}
                <Listen id=id.clone() podcast=podcast busy=busy/>
            </div>
            <div class="document-side">
                <Sources podcast=podcast/>
                <Facts podcast=podcast/>
            </div>
        </div>
    }
}

/// Why the last job failed.
#[component]
fn Failed(
    /// The podcast.
    podcast: Signal<Option<Podcast>>,
) -> impl IntoView {
    let why = Memo::new(move |_| {
        podcast.with(|podcast| podcast.as_ref().and_then(|podcast| podcast.row.error.clone()))
    });
    move || {
        why.get().map(|why| {
            view! {
                <p class="notice" data-tone="danger" role="status">
                    <Icon name=IconName::Alert/>
                    <span>{why}</span>
                </p>
            }
        })
    }
}

/// What stands in the place of the script.
#[derive(Clone, PartialEq)]
enum Shown {
    Nothing,
    Writing,
    Script(Script),
    Editor,
}

/// The player and the script that it follows, or what there will be.
#[component]
fn Listen(
    /// Which podcast.
    id: PodcastId,
    /// The podcast.
    podcast: Signal<Option<Podcast>>,
    /// Whether a job is under way.
    busy: Memo<bool>,
) -> impl IntoView {
    let script = Memo::new(move |_| {
        podcast.with(|podcast| podcast.as_ref().and_then(|podcast| podcast.script.clone()))
    });
    let audio = Memo::new(move |_| {
        podcast.with(|podcast| podcast.as_ref().and_then(|podcast| podcast.audio.clone()))
    });
    let at = RwSignal::new(None::<usize>);
    effect(move |_| {
        // Another sound begins at its own beginning.
        audio.track();
        at.set(None);
    });
    let editor = Editor::new(id.clone(), script, busy);
    // While somebody types, no other script takes the place of theirs.
    let shown = Memo::new(move |_| match (editor.is_open(), script.get()) {
        (true, _) => Shown::Editor,
        (false, Some(script)) => Shown::Script(script),
        (false, None) if busy.get() => Shown::Writing,
        (false, None) => Shown::Nothing,
    });
    view! {
        {move || {
            let audio = audio.get()?;
            let titles = script.with_untracked(|script| {
                let segments = script.as_ref().map(|script| script.segments.as_slice());
                segments.unwrap_or_default().iter().map(|part| part.title.clone()).collect()
            });
            Some(view! { <Player id=id.clone() audio=audio titles=titles at=at/> })
        }}
        <section class="section" aria-labelledby="script">
            <div class="section-head">
                <h2 class="section-title" id="script">"Script"</h2>
                {move || matches!(shown.get(), Shown::Script(_)).then(|| view! {
                    <button
                        type="button"
                        class="button"
                        node_ref=editor.opener()
                        aria-disabled=move || busy.get().then_some("true")
                        on:click=move |_| if !busy.get_untracked() { editor.begin() }
                    >
                        "Edit script"
                    </button>
                })}
            </div>
            {move || match shown.get() {
                Shown::Editor => view! { <ScriptEditor editor=editor/> }.into_any(),
                Shown::Script(script) => view! { <ScriptView script=script at=at/> }.into_any(),
                Shown::Writing => view! {
                    <p class="muted">"It shows here by itself when the job has ended."</p>
                }
                .into_any(),
                Shown::Nothing => view! {
                    <p class="muted">
                        "Nothing has been written yet. “Generate podcast” writes a conversation of \
                         two hosts from the documents, and speaks it."
                    </p>
                }
                .into_any(),
            }}
        </section>
    }
}

/// What the podcast is made of.
#[component]
fn Sources(
    /// The podcast.
    podcast: Signal<Option<Podcast>>,
) -> impl IntoView {
    let sources = Memo::new(move |_| {
        podcast.with(|podcast| {
            podcast.as_ref().map(|podcast| podcast.sources.clone()).unwrap_or_default()
        })
    });
    let entry = |source: PodcastSource| match source.document_id {
        Some(id) => {
            view! { <li><a href=format!("/documents/{id}")>{source.title}</a></li> }.into_any()
        }
        None => view! { <li>{source.title}<span class="muted">" (deleted)"</span></li> }.into_any(),
    };
    view! {
        <section class="section" aria-labelledby="sources">
            <h2 class="section-title" id="sources">"Made of"</h2>
            <ul class="source-list">{move || sources.get().into_iter().map(entry).collect_any()}</ul>
        </section>
    }
}

/// What is known of the podcast.
#[component]
fn Facts(
    /// The podcast.
    podcast: Signal<Option<Podcast>>,
) -> impl IntoView {
    let fact = |name: &'static str, value: AnyView| {
        view! { <div class="fact"><dt>{name}</dt><dd>{value}</dd></div> }
    };
    let facts = Memo::new(move |_| {
        podcast.with(|podcast| {
            let podcast = podcast.as_ref()?;
            let words = podcast.script.as_ref().map(|script| grouped(script.words() as u64));
            Some((
                podcast.audio.as_ref().map(|audio| audio.duration_ms),
                words,
                podcast.row.created_at,
            ))
        })
    });
    view! {
        <section class="section">
            <h2 class="section-title">"Details"</h2>
            <dl class="facts">
                {move || facts.get().map(|(length, words, made)| view! {
                    {length.map(|ms| fact("Length", clock(ms).into_any()))}
                    {words.map(|words| fact("Words", words.into_any()))}
                    {fact("Made", view! { <TimeAgo at=made/> }.into_any())}
                })}
            </dl>
        </section>
    }
}
