//! `/labs/{id}/map`: what was accepted, drawn, and told in words.

use highwater::use_query;
use leptos::prelude::*;

use super::{
    bench::Bench,
    map_node::{Circle, Link, Looked},
};
use crate::{
    labs::{
        layout::{Line, Picture, Spot},
        live::MapQuery,
        model::{ConceptMap, MapNode},
    },
    shown::Shown,
    ui::{CollectAny, Each, EmptyState, live},
};

/// The map of a project.
#[component]
pub fn MapPage() -> impl IntoView {
    let bench = Bench::here();
    let query = MapQuery(bench.id());
    let map = use_query(move || query.clone());
    view! {
        <Transition fallback=|| view! { <p class="muted" role="status">"Loading"</p> }>
            <Shown query=map what="the map" show=move |map| {
                view! { <Whole bench=bench map=map/> }.into_any()
            }/>
        </Transition>
    }
}

#[component]
fn Whole(
    /// The page.
    bench: Bench,
    /// The map.
    map: Signal<Option<ConceptMap>>,
) -> impl IntoView {
    let empty =
        Memo::new(move |_| map.with(|map| map.as_ref().is_some_and(|map| map.nodes.is_empty())));
    live(move || {
        if empty.get() {
            return view! {
                <EmptyState
                    title="The map is empty"
                    body="It shows the concepts that were accepted, and what stands together in the \
                          sources."
                >
                    <a class="button primary" href=bench.address("")>"Decide about proposals"</a>
                </EmptyState>
            }
            .into_any();
        }
        view! { <Drawn map=map/> }.into_any()
    })
}

#[component]
fn Drawn(
    /// The map.
    map: Signal<Option<ConceptMap>>,
) -> impl IntoView {
    let picture = Memo::new(move |before: Option<&Picture>| {
        match (map.with(|map| map.as_ref().map(Picture::of)), before) {
            (Some(picture), Some(before)) => picture.drawn_after(before),
            (Some(picture), None) => picture,
            (None, before) => before.cloned().unwrap_or_default(),
        }
    });
    let looked = Looked::new(picture);
    let spots = move || picture.with(|picture| picture.spots.clone());
    let lines = move || picture.with(|picture| picture.lines.clone());
    let hidden = move || {
        let (shown, accepted) =
            map.with(|map| map.as_ref().map_or((0, 0), |map| (map.nodes.len(), map.accepted)));
        (accepted > shown as u64).then(|| {
            view! {
                <p class="muted map-note">
                    {format!("The {shown} most confident of {accepted} accepted concepts are shown.")}
                </p>
            }
        })
    };
    let key = |line: &Line| format!("{} {}", line.one, line.other);
    view! {
        {hidden}
        <div class="map-desk">
            <div class="map-box">
                <svg class="map-lines" viewBox="0 0 1000 1000" preserveAspectRatio="none" aria-hidden="true">
                    <Each each=lines key=key let:line>
                        <Link first=line picture=picture looked=looked/>
                    </Each>
                </svg>
                <svg
                    class="map-nodes"
                    role="group"
                    aria-label="Concept map. The arrow keys lead from concept to concept."
                    data-looked=move || looked.at.get().is_some().then_some("true")
                >
                    <Each each=spots key=|spot| spot.node.id.clone() let:spot>
                        <Circle first=spot picture=picture looked=looked/>
                    </Each>
                </svg>
            </div>
            <LookedAt picture=picture looked=looked/>
        </div>
        <InWords picture=picture/>
    }
}

/// What there is to know of the concept that is looked at.
#[component]
fn LookedAt(
    /// What is drawn.
    picture: Memo<Picture>,
    /// What is looked at.
    looked: Looked,
) -> impl IntoView {
    let found = Memo::new(move |_| {
        let id = looked.at.get()?;
        picture.with(|picture| {
            let node = picture.spot(&id)?.node.clone();
            let near = picture.neighbours(&id).into_iter().map(|node| node.title.clone());
            Some((node, near.collect::<Vec<_>>()))
        })
    });
    view! {
        <aside class="map-side" aria-label="About the concept">
            {move || match found.get() {
                None => view! {
                    <p class="muted">
                        "Circles are larger the more speaks for a concept, lines wider the more often \
                         two stand together. Point at one to read what it is."
                    </p>
                }
                .into_any(),
                Some((node, near)) => view! {
                    <h2 class="section-title">{node.title.clone()}</h2>
                    <p class="muted">{format!("{:.0} % confidence", node.confidence * 100.0)}</p>
                    <p class="map-summary">{node.summary}</p>
                    {together(near)}
                }
                .into_any(),
            }}
        </aside>
    }
}

fn together(near: Vec<String>) -> Option<AnyView> {
    (!near.is_empty()).then(|| {
        view! { <p class="muted">{format!("Together with {}.", near.join(", "))}</p> }.into_any()
    })
}

/// The map without a picture.
#[component]
fn InWords(
    /// What is drawn.
    picture: Memo<Picture>,
) -> impl IntoView {
    let entry = |picture: &Picture, spot: &Spot| {
        let MapNode { title, summary, .. } = spot.node.clone();
        let near = picture.neighbours(&spot.node.id);
        let near = near.into_iter().map(|node| node.title.clone()).collect();
        view! {
            <li class="map-entry">
                <p class="concept-title">{title}</p>
                <p>{summary}</p>
                {together(near)}
            </li>
        }
    };
    let entries = move || {
        picture.with(|picture| picture.spots.iter().map(|spot| entry(picture, spot)).collect_any())
    };
    view! {
        <details class="map-words">
            <summary>"The map in words"</summary>
            <ul>{entries}</ul>
        </details>
    }
}
