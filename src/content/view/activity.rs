//! `/activity`: what happened to one's content, by day, the newest first, with the page in the
//! address.

use highwater::{QueryError, UseQuery, use_query};
use leptos::prelude::*;
use leptos_meta::Title;
use time::Date;

use crate::{
    content::{
        live::ActivityFeed,
        model::{Activity, ActivityPage, Thing},
    },
    error::{AppError, words},
    ui::{
        Day, Each, EmptyState, ErrorState, Freshness, Icon, IconName, PageHeader, Pagination,
        TableSkeleton, TimeOfDay, asked_page, effect, live,
    },
};

/// The feed of what happened.
#[component]
pub fn ActivityFeedPage() -> impl IntoView {
    let page = asked_page();
    let feed = use_query(move || ActivityFeed(page.get()));
    view! {
        <Title text="Activity"/>
        <PageHeader title="Activity"/>
        <Freshness what="the feed"/>
        <Transition fallback=|| {
            view! { <TableSkeleton rows=8 heads=&["What happened", "#Time"] class="as-list"/> }
        }>
            <Answer feed=feed/>
        </Transition>
    }
}

/// Which face the feed has. Entries come without changing it.
#[derive(Clone, PartialEq)]
enum Face {
    Nothing,
    Entries,
    Empty,
    PastTheEnd,
    Error(QueryError<AppError>),
}

#[component]
fn Answer(
    /// The feed.
    feed: UseQuery<ActivityFeed>,
) -> impl IntoView {
    let face = feed.select(|answer| match answer {
        None => Face::Nothing,
        Some(Ok(page)) if !page.rows.is_empty() => Face::Entries,
        Some(Ok(page)) if page.total > 0 => Face::PastTheEnd,
        Some(Ok(_)) => Face::Empty,
        Some(Err(error)) => Face::Error(error),
    });
    let page = feed.select(|answer| answer.and_then(Result::ok));
    live(move || match face.get() {
        Face::Nothing => ().into_any(),
        Face::Entries => view! { <Days page=page/> }.into_any(),
        Face::Empty => view! {
            <EmptyState
                title="Nothing has happened yet"
                body="What you and your jobs do with your content is told here. Only you see it."
            >
                <a class="button primary" href="/documents/new">"Add document"</a>
            </EmptyState>
        }
        .into_any(),
        Face::PastTheEnd => view! {
            <EmptyState title="Past the last page" body="Not that much has happened.">
                <a class="button" href="/activity">"Go to the first page"</a>
            </EmptyState>
        }
        .into_any(),
        Face::Error(error) => view! {
            <ErrorState
                title="The feed could not be read"
                message=words(&error)
                on_retry=move |()| feed.refetch()
                busy=Signal::derive(move || feed.status().fetching)
            />
        }
        .into_any(),
    })
}

#[component]
fn Days(
    /// The page of the feed.
    page: Signal<Option<ActivityPage>>,
) -> impl IntoView {
    let days = move || page.with(|page| page.as_ref().map(ActivityPage::days).unwrap_or_default());
    let small = move |of: fn(&ActivityPage) -> u32| {
        Signal::derive(move || page.with(|page| page.as_ref().map_or(0, of)))
    };
    let total =
        Signal::derive(move || page.with(|page| page.as_ref().map_or(0, |page| page.total)));
    // Entries slide in when they join a feed that was there already.
    let settled = StoredValue::new(false);
    effect(move |_| settled.set_value(true));
    view! {
        <div class="feed">
            <Each each=days key=|day| *day let:day>
                <OneDay day=day page=page settled=settled/>
            </Each>
        </div>
        <Pagination
            page=small(|page| page.page)
            pages=small(|page| page.pages)
            total=total
            href=|page| format!("/activity?page={page}")
            noun="event"
        />
    }
}

#[component]
fn OneDay(
    /// The day.
    day: Date,
    /// The page of the feed.
    page: Signal<Option<ActivityPage>>,
    /// Whether the feed has been there for a while.
    settled: StoredValue<bool>,
) -> impl IntoView {
    let (heading, named) = (format!("day-{day}"), format!("day-{day}"));
    let entries = move || {
        page.with(|page| {
            let rows = page.iter().flat_map(|page| &page.rows);
            rows.filter(|entry| entry.day() == day).cloned().collect::<Vec<_>>()
        })
    };
    view! {
        <section class="feed-day" aria-labelledby=named>
            <h2 class="section-title" id=heading><Day day=day/></h2>
            <ul class="feed-list">
                // An entry whose thing is no more has no link any more.
                <Each each=entries key=|entry| format!("{} {}", entry.id, entry.link.is_some()) let:entry>
                    <Entry entry=entry enters=settled.get_value()/>
                </Each>
            </ul>
        </section>
    }
    .into_any()
}

#[component]
fn Entry(
    /// What happened.
    entry: Activity,
    /// Whether it joins a feed that was there already.
    enters: bool,
) -> impl IntoView {
    let what = entry.activity_type;
    let title = match entry.link {
        Some(link) => view! { <a class="feed-title" href=link>{entry.title}</a> }.into_any(),
        None => view! { <span class="feed-title">{entry.title}</span> }.into_any(),
    };
    view! {
        <li class="feed-entry" class:row-enter=enters>
            <Icon name=icon(what.thing())/>
            <p class="feed-words">
                <span class="visually-hidden">{what.thing().name()} " "</span>
                {title}
                " "
                <span class="feed-verb" class:failure=what.is_failure()>{what.words()}</span>
            </p>
            <span class="feed-time"><TimeOfDay at=entry.created_at/></span>
        </li>
    }
    .into_any()
}

/// The picture of a kind of thing.
fn icon(thing: Thing) -> IconName {
    match thing {
        Thing::Document => IconName::Documents,
        Thing::Podcast => IconName::Podcasts,
        Thing::Voiceover => IconName::Voiceovers,
        Thing::Infographic => IconName::Infographics,
    }
}
