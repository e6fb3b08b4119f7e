//! The player: the browser's own, and the segments that it follows.

use leptos::{html, prelude::*};

use super::clock;
use crate::{
    content::model::{PodcastAudio, PodcastId},
    ui::CollectAny,
};

/// Plays a podcast and says which segment it is at. Another sound is another player.
#[component]
pub(super) fn Player(
    /// Which podcast.
    id: PodcastId,
    /// Its sound.
    audio: PodcastAudio,
    /// The titles of its segments.
    titles: Vec<String>,
    /// The segment that is spoken now.
    at: RwSignal<Option<usize>>,
) -> impl IntoView {
    let element = NodeRef::<html::Audio>::new();
    let source = format!("/api/v1/podcasts/{id}/audio?tag={}", audio.tag);
    let starts = audio.starts_ms.clone();
    let follow = move || {
        let Some(element) = element.get_untracked() else { return };
        let ms = millis(element.current_time());
        // Before anybody pressed play, no segment is spoken.
        let now = (ms > 0 || !element.paused()).then(|| audio.segment_at(ms));
        if at.get_untracked() != now {
            at.set(now);
        }
    };
    let (moved, sought) = (follow.clone(), follow);
    let jump = move |start: u64| {
        let Some(element) = element.get_untracked() else { return };
        #[expect(clippy::cast_precision_loss, reason = "milliseconds of one podcast")]
        element.set_current_time(start as f64 / 1_000.0);
        // A browser that refuses to play leaves that to its own button.
        let _ = element.play();
    };
    let segment = move |(number, (title, start)): (usize, (String, u64))| {
        view! {
            <li>
                <button
                    type="button"
                    class="segment"
                    aria-current=move || (at.get() == Some(number)).then_some("true")
                    on:click=move |_| jump(start)
                >
                    <span class="segment-time">{clock(start)}</span>
                    <span>{title}</span>
                </button>
            </li>
        }
        .into_any()
    };
    view! {
        <section class="section player" aria-labelledby="player">
            <h2 class="section-title" id="player">"Listen"</h2>
            <audio
                controls
                preload="metadata"
                aria-labelledby="player"
                src=source
                node_ref=element
                on:timeupdate=move |_| moved()
                on:seeked=move |_| sought()
            ></audio>
            <ol class="segments" aria-label="Segments">
                {titles.into_iter().zip(starts).enumerate().map(segment).collect_any()}
            </ol>
        </section>
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a player's time is never negative, and no podcast takes an age"
)]
fn millis(seconds: f64) -> u64 {
    (seconds * 1_000.0).round() as u64
}
