//! The connection's state in words people understand.

use highwater_core::connection::{State, Status};
use leptos::prelude::*;

use super::use_sse;

/// One quiet line about the connection: nothing while all is well, else what is happening and what
/// can be done. Style it by `.connection` and its `data-state`. Screen readers are told of it by a
/// region of its own (`.visually-hidden`), and not of every attempt.
#[component]
pub fn ConnectionIndicator() -> impl IntoView {
    let sse = use_sse();
    let shown = Memo::new(move |_| sse.status().state.name());
    let is_lost = Memo::new(move |_| is_lost(&sse.status()));
    let said = Memo::new(move |said| announcement(&sse.status(), said.copied()));
    view! {
        // A status as well, but silent: its count of attempts is for the eye.
        <p class="connection" role="status" aria-live="off" data-state=move || shown.get()>
            {move || {
                is_lost
                    .get()
                    .then(|| {
                        view! {
                            <button type="button" on:click=move |_| sse.reconnect()>
                                "Connection lost. Click to retry"
                            </button>
                        }
                    })
            }}
            {move || words(&sse.status())}
            {move || waiting(&sse.status(), sse.unsent())}
        </p>
        <p class="visually-hidden" role="status">
            {move || said.get()}
        </p>
    }
}

/// A quiet place for what there is to know while all is well: a mark that says, when it is pointed at
/// or has the focus, since when the page is current. Style it by `.connection-mark` and its `data-state`,
/// and the words by `.connection-tip`.
#[component]
pub fn ConnectionMark() -> impl IntoView {
    let sse = use_sse();
    let words = Memo::new(move |_| mark(&sse.status(), sse.fresh_as_of().as_deref()));
    view! {
        <span
            class="connection-mark"
            role="img"
            tabindex="0"
            data-state=move || sse.status().state.name()
            aria-label=move || words.get()
        >
            <span class="connection-tip" aria-hidden="true">
                {move || words.get()}
            </span>
        </span>
    }
}

/// Whether it is the user's turn, if they do not want to wait: all attempts failed. An attempt that
/// follows a poll changes nothing of that before it succeeds.
fn is_lost(status: &Status) -> bool {
    let is_trying = matches!(status.state, State::Connecting);
    status.state == State::Error || (is_trying && status.is_polling())
}

/// What the line says. The first connection of a page is not worth a word.
fn words(status: &Status) -> Option<String> {
    if is_lost(status) {
        let polls = "Live updates are off; checking every 30 s.";
        return status.is_polling().then(|| polls.to_owned());
    }
    match status.state {
        State::Reconnecting { attempt } => Some(format!("Reconnecting (attempt {attempt})…")),
        State::Connecting if status.reconnect_attempts > 0 => {
            Some(format!("Reconnecting (attempt {})…", status.reconnect_attempts))
        }
        State::Connecting | State::Connected | State::Disconnected | State::Error => None,
    }
}

/// What the line says of changes that wait for the connection.
fn waiting(status: &Status, unsent: usize) -> Option<String> {
    if !is_lost(status) && words(status).is_none() {
        return None;
    }
    match unsent {
        0 => None,
        1 => Some(" 1 change not sent yet.".to_owned()),
        _ => Some(format!(" {unsent} changes not sent yet.")),
    }
}

/// What screen readers are told, given what they were told last. An outage that ends with the first
/// attempt is not worth an interruption, and one that does not is told of once.
fn announcement(status: &Status, said: Option<&'static str>) -> &'static str {
    const LOST: &str = "The connection was lost. Reconnecting.";
    const OFF: &str =
        "Connection lost. Live updates are off. The page checks for changes every 30 seconds.";
    const BACK: &str = "Live updates are back.";
    let said = said.unwrap_or_default();
    match status.state {
        _ if is_lost(status) => OFF,
        State::Connected if said == LOST || said == OFF => BACK,
        State::Reconnecting { attempt } if attempt > 1 => LOST,
        State::Reconnecting { .. } if said == BACK => "",
        _ => said,
    }
}

/// What the mark says of a page that is current as of this time.
fn mark(status: &Status, as_of: Option<&str>) -> String {
    match (status.state, as_of) {
        (State::Connected, Some(as_of)) => format!("Live as of {as_of}"),
        (_, Some(as_of)) => format!("Not live. As of {as_of}"),
        (_, None) => "Not live".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use highwater_core::connection::{Connection, Settings};

    use super::*;

    fn status(state: State, reconnect_attempts: u32, poll_at_ms: Option<u64>) -> Status {
        let fresh = Connection::new(Settings::default(), 0).status().clone();
        Status { state, reconnect_attempts, poll_at_ms, ..fresh }
    }

    /// An outage of three attempts, then the polls with an attempt between them, then all is well.
    fn outage() -> Vec<Status> {
        let attempts = (1..=3).flat_map(|attempt| {
            [
                status(State::Reconnecting { attempt }, attempt, None),
                status(State::Connecting, attempt, None),
            ]
        });
        let polls = [State::Error, State::Connecting, State::Error, State::Connecting]
            .map(|state| status(state, 3, Some(1)));
        attempts.chain(polls).chain([status(State::Connected, 0, None)]).collect()
    }

    #[test]
    fn the_line_says_what_happens() {
        let mut lines: Vec<_> = outage().iter().map(words).collect();
        lines.dedup();
        let lines: Vec<&str> = lines.iter().map(|line| line.as_deref().unwrap_or("")).collect();
        assert_eq!(
            lines,
            [
                "Reconnecting (attempt 1)…",
                "Reconnecting (attempt 2)…",
                "Reconnecting (attempt 3)…",
                "Live updates are off; checking every 30 s.",
                "",
            ]
        );
        assert_eq!(words(&status(State::Connecting, 0, None)), None, "a page that was just opened");
    }

    #[test]
    fn what_waits_is_said_only_while_it_has_to() {
        let reconnecting = status(State::Reconnecting { attempt: 2 }, 2, None);
        assert_eq!(waiting(&reconnecting, 0), None);
        assert_eq!(waiting(&reconnecting, 1).unwrap(), " 1 change not sent yet.");
        assert_eq!(waiting(&reconnecting, 2).unwrap(), " 2 changes not sent yet.");
        assert_eq!(waiting(&status(State::Connected, 0, None), 2), None, "they are on their way");
    }

    #[test]
    fn screen_readers_hear_of_an_outage_once_at_each_turn() {
        let mut said = vec![""];
        for status in outage() {
            let next = announcement(&status, said.last().copied());
            if said.last() != Some(&next) {
                said.push(next);
            }
        }
        let first_words: Vec<&str> =
            said.iter().map(|said| said.split('.').next().unwrap_or("")).collect();
        assert_eq!(
            first_words,
            ["", "The connection was lost", "Connection lost", "Live updates are back"]
        );
    }

    #[test]
    fn screen_readers_hear_nothing_of_an_outage_that_the_first_attempt_ends() {
        let blink = [
            status(State::Reconnecting { attempt: 1 }, 1, None),
            status(State::Connecting, 1, None),
            status(State::Connected, 0, None),
        ];
        assert!(blink.iter().all(|status| announcement(status, None).is_empty()));
    }
}
