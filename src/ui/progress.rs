//! How far something that takes a while has come: a bar, what is being done, how many of how many,
//! and how long it may still take.

use leptos::prelude::*;

/// A bar with a line of words above it.
#[component]
pub fn Progress(
    /// What is being done: "Reading orders".
    #[prop(into)]
    stage: Signal<String>,
    /// How many are done.
    #[prop(into)]
    done: Signal<u64>,
    /// Of how many; `None` while nobody knows.
    #[prop(into)]
    total: Signal<Option<u64>>,
    /// How many milliseconds have passed since the start; `None` while nobody knows.
    #[prop(into)]
    elapsed_ms: Signal<Option<u64>>,
) -> impl IntoView {
    let words = move || {
        let left = total.get().zip(elapsed_ms.get());
        let left = left.and_then(|(total, elapsed)| remaining_ms(done.get(), total, elapsed));
        [count(done.get(), total.get()), left.map(in_words)]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" · ")
    };
    view! {
        <div class="progress">
            <div class="progress-line">
                <span>{move || stage.get()}</span>
                <span>{words}</span>
            </div>
            <progress
                aria-label=move || stage.get()
                value=move || total.get().map(|_| done.get().to_string())
                max=move || total.get().map(|total| total.max(1).to_string())
            ></progress>
        </div>
    }
}

fn count(done: u64, total: Option<u64>) -> Option<String> {
    match total {
        Some(total) => Some(format!("{done} of {total}")),
        None if done > 0 => Some(done.to_string()),
        None => None,
    }
}

/// How long the rest takes if it goes on as it went; `None` before a twentieth is done, when that
/// would be guessing.
fn remaining_ms(done: u64, total: u64, elapsed_ms: u64) -> Option<u64> {
    let left = total.checked_sub(done)?;
    (done > 0 && done.saturating_mul(20) >= total)
        .then(|| {
            (u128::from(elapsed_ms) * u128::from(left) / u128::from(done)).min(u64::MAX.into())
        })
        .and_then(|left| u64::try_from(left).ok())
}

/// A remaining time as precise as it can be meant.
fn in_words(ms: u64) -> String {
    match ms.div_ceil(1_000) {
        0 => "done".to_owned(),
        seconds @ 1..5 => format!("{seconds} s left"),
        seconds @ 5..90 => format!("about {} s left", seconds.next_multiple_of(5)),
        seconds => format!("about {} min left", seconds.div_ceil(60)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_takes_as_long_as_what_was_done() {
        assert_eq!(remaining_ms(50, 100, 4_000), Some(4_000));
        assert_eq!(remaining_ms(100, 100, 4_000), Some(0));
        assert_eq!(remaining_ms(25, 100, 4_000), Some(12_000));
    }

    #[test]
    fn nothing_is_promised_before_anything_is_known() {
        assert_eq!(remaining_ms(0, 100, 4_000), None);
        assert_eq!(remaining_ms(4, 100, 4_000), None);
        assert_eq!(remaining_ms(101, 100, 4_000), None);
    }

    #[test]
    fn a_remaining_time_is_no_finer_than_it_is_known() {
        assert_eq!(in_words(2_400), "3 s left");
        assert_eq!(in_words(11_000), "about 15 s left");
        assert_eq!(in_words(200_000), "about 4 min left");
    }
}
