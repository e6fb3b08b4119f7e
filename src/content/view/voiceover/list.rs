//! `/voiceovers`: the form that makes one, and one's voiceovers, the newest first, with the page in
//! the address.

use highwater::{QueryError, UseQuery, use_query};
use leptos::prelude::*;
use leptos_meta::Title;

use super::{actions::Speak, new::NewVoiceoverForm};
use crate::{
    content::{
        live::VoiceoverList,
        model::{MediaStatus, Page, Voice, VoiceoverRow},
        view::media::{Player, clock, status_in_words},
    },
    error::{AppError, words},
    ui::{
        Badge, Each, EmptyState, ErrorState, Freshness, LiveText, LiveValue, PageHeader,
        Pagination, TableSkeleton, TimeAgo, asked_page, effect, live,
    },
};

/// The form and the list of voiceovers.
#[component]
pub fn VoiceoverListPage() -> impl IntoView {
    let page = asked_page();
    let voiceovers = use_query(move || VoiceoverList(page.get()));
    view! {
        <Title text="Voiceovers"/>
        <PageHeader title="Voiceovers"/>
        <Freshness what="the list"/>
        <div class="voiceovers">
            <NewVoiceoverForm/>
            <Transition fallback=|| {
                view! { <TableSkeleton rows=4 heads=&["Title", "#Length"] class="as-list"/> }
            }>
                <Answer voiceovers=voiceovers/>
            </Transition>
        </div>
    }
}

/// Which face the list has. Rows change without changing it.
#[derive(Clone, PartialEq)]
enum Face {
    Nothing,
    Rows,
    Empty,
    PastTheEnd,
    Error(QueryError<AppError>),
}

#[component]
fn Answer(
    /// The list.
    voiceovers: UseQuery<VoiceoverList>,
) -> impl IntoView {
    let face = voiceovers.select(|answer| match answer {
        None => Face::Nothing,
        Some(Ok(page)) if !page.rows.is_empty() => Face::Rows,
        Some(Ok(page)) if page.total > 0 => Face::PastTheEnd,
        Some(Ok(_)) => Face::Empty,
        Some(Err(error)) => Face::Error(error),
    });
    let page = voiceovers.select(|answer| answer.and_then(Result::ok));
    live(move || match face.get() {
        Face::Nothing => ().into_any(),
        Face::Rows => view! { <Rows page=page/> }.into_any(),
        Face::Empty => view! {
            <EmptyState
                title="No voiceovers yet"
                body="Write a text, choose a voice, and it is spoken here. Only you hear it."
            />
        }
        .into_any(),
        Face::PastTheEnd => view! {
            <EmptyState title="Past the last page" body="There are fewer voiceovers than that.">
                <a class="button" href="/voiceovers">"Go to the first page"</a>
            </EmptyState>
        }
        .into_any(),
        Face::Error(error) => view! {
            <ErrorState
                title="The voiceovers could not be read"
                message=words(&error)
                on_retry=move |()| voiceovers.refetch()
                busy=Signal::derive(move || voiceovers.status().fetching)
            />
        }
        .into_any(),
    })
}

#[component]
fn Rows(
    /// The page of the list.
    page: Signal<Option<Page<VoiceoverRow>>>,
) -> impl IntoView {
    let rows = move || page.get().map(|page| page.rows).unwrap_or_default();
    let small = move |of: fn(&Page<VoiceoverRow>) -> u32| {
        Signal::derive(move || page.with(|page| page.as_ref().map_or(0, of)))
    };
    let total =
        Signal::derive(move || page.with(|page| page.as_ref().map_or(0, |page| page.total)));
    // Rows slide in when they join a list that was there already.
    let settled = StoredValue::new(false);
    effect(move |_| settled.set_value(true));
    view! {
        <section class="voiceover-rows" aria-label="Your voiceovers">
            <ul class="voiceover-list">
                <Each each=rows key=|row| row.id.clone() let:row>
                    <Row first=row page=page enters=settled.get_value()/>
                </Each>
            </ul>
            <Pagination
                page=small(|page| page.page)
                pages=small(|page| page.pages)
                total=total
                href=|page| format!("/voiceovers?page={page}")
                noun="voiceover"
            />
        </section>
    }
}

#[component]
fn Row(
    /// The row when it came.
    first: VoiceoverRow,
    /// The page it is on.
    page: Signal<Option<Page<VoiceoverRow>>>,
    /// Whether it joins a list that was there already.
    enters: bool,
) -> impl IntoView {
    let (id, again) = (first.id.clone(), first.id.clone());
    // The server has not heard of it yet.
    let is_new = first.version == 0;
    let row = Memo::new(move |before: Option<&VoiceoverRow>| {
        let now = page.with(|page| {
            page.as_ref().and_then(|page| page.rows.iter().find(|row| row.id == first.id).cloned())
        });
        now.unwrap_or_else(|| before.unwrap_or(&first).clone())
    });
    let status = Memo::new(move |_| row.with(|row| row.status));
    let title = Signal::derive(move || row.with(|row| row.title.clone()));
    let sound = Memo::new(move |_| row.with(VoiceoverRow::address));
    let has_sound = Memo::new(move |_| sound.with(Option::is_some));
    let error = Memo::new(move |_| row.with(|row| row.error.clone()));
    let failed = Signal::derive(move || Some(status.get()));
    let href = (!is_new).then(|| format!("/voiceovers/{id}"));
    view! {
        <li class="voiceover-row" class:row-enter=enters>
            <div class="voiceover-what">
                <a class="media-title" href=href><LiveText value=title/></a>
                <p class="voiceover-facts">
                    {move || row.with(manner)}
                    {(!is_new).then(|| view! {
                        " · " <TimeAgo at=Signal::derive(move || row.with(|row| row.created_at))/>
                    })}
                </p>
            </div>
            <div class="voiceover-state">
                <LiveValue value=move || status.get()>
                    <Badge tone=Signal::derive(move || status_in_words(status.get()).0)>
                        {move || status_in_words(status.get()).1}
                    </Badge>
                </LiveValue>
            </div>
            {move || has_sound.get().then(|| view! {
                <div class="voiceover-play">
                    <Player
                        title=title
                        src=Signal::derive(move || sound.get().unwrap_or_default())
                        preload="none"
                    />
                </div>
            })}
            {move || (status.get() == MediaStatus::Failed).then(|| view! {
                <div class="voiceover-failure">
                    <p>{move || error.get()}</p>
                    <Speak id=again.clone() status=failed title=title/>
                </div>
            })}
        </li>
    }
    .into_any()
}

/// Who speaks, how fast and how long.
fn manner(row: &VoiceoverRow) -> String {
    let voice = Voice::offered().find(|(voice, _)| *voice == row.voice);
    let voice = voice.map_or_else(|| row.voice.to_string(), |(_, words)| words);
    let rate = row.rate.words_a_minute();
    match row.duration_ms {
        Some(length) => format!("{} · {voice} · {rate} words/min", clock(length)),
        None => format!("{voice} · {rate} words/min"),
    }
}
