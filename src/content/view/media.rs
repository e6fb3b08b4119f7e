//! What the pages of podcasts, voiceovers and infographics share: how far something has come, how
//! long it is, and the player.

use leptos::{
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{Event, HtmlMediaElement},
};

use crate::{content::model::MediaStatus, ui::Tone};

/// What the colour of a status means, and its word.
pub(super) fn status_in_words(status: MediaStatus) -> (Tone, &'static str) {
    match status {
        MediaStatus::Draft => (Tone::Neutral, "not made"),
        MediaStatus::Generating => (Tone::Accent, "in the making"),
        MediaStatus::Ready => (Tone::Success, "ready"),
        MediaStatus::Failed => (Tone::Danger, "failed"),
    }
}

/// A length as players show it: 3:05, or 1:03:05.
pub(super) fn clock(ms: u64) -> String {
    let seconds = ms / 1_000;
    let (hours, minutes, seconds) = (seconds / 3_600, seconds % 3_600 / 60, seconds % 60);
    match hours {
        0 => format!("{minutes}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

/// Plays a sound. Whatever else plays on the page falls silent then.
#[component]
pub(super) fn Player(
    /// What is played.
    #[prop(into)]
    title: Signal<String>,
    /// Where the sound is.
    #[prop(into)]
    src: Signal<String>,
    /// What the browser reads before it is asked to play: `none` or `metadata`.
    preload: &'static str,
) -> impl IntoView {
    view! {
        <audio
            class="sound"
            controls
            preload=preload
            src=move || src.get()
            aria-label=move || format!("Listen to “{}”", title.get())
            on:play=|event| silence_others(&event)
        ></audio>
    }
}

fn silence_others(event: &Event) {
    let playing = event.target();
    let players = document().get_elements_by_tag_name("audio");
    for at in 0..players.length() {
        let player = players.item(at).and_then(|player| player.dyn_into::<HtmlMediaElement>().ok());
        if let Some(player) = player.filter(|player| Some(player.as_ref()) != playing.as_ref()) {
            // One that does not play is not harmed; nor is anything if it refuses.
            let _ = player.pause();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_told_as_players_do() {
        assert_eq!(clock(0), "0:00");
        assert_eq!(clock(59_999), "0:59");
        assert_eq!(clock(185_000), "3:05");
        assert_eq!(clock(3_785_000), "1:03:05");
    }
}
