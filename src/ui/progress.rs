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
    /// How many milliseconds the rest may take, as [`Pace`] has it; `None` while nobody knows.
    #[prop(into)]
    left_ms: Signal<Option<u64>>,
) -> impl IntoView {
    let words = move || {
        [count(done.get(), total.get()), left_ms.get().and_then(in_words)]
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

/// How fast a count grows, from where this page has seen it first: what was done before that took
/// nobody knows how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    total: u64,
    first: (u64, i64),
    last: (u64, i64),
}

impl Pace {
    /// The pace after so many were done, at a moment in milliseconds by whatever clock. It begins anew
    /// where the count does: with another total, or with less than before.
    pub fn after(before: Option<Self>, done: u64, total: u64, at_ms: i64) -> Self {
        let now = (done, at_ms);
        let same = before.filter(|before| before.total == total && before.last.0 <= done);
        Self { total, first: same.map_or(now, |same| same.first), last: now }
    }

    /// How long the rest takes if it goes on as it went, in milliseconds; `None` before a twentieth was
    /// seen to be done, when that would be guessing.
    pub fn left_ms(self) -> Option<u64> {
        let ((first, from_ms), (last, to_ms)) = (self.first, self.last);
        let (seen, left) = (last - first, self.total.checked_sub(last)?);
        let elapsed = u128::try_from(to_ms - from_ms).ok()?;
        let rest = || elapsed * u128::from(left) / u128::from(seen);
        (seen > 0 && seen.saturating_mul(20) >= self.total)
            .then(|| u64::try_from(rest()).unwrap_or(u64::MAX))
    }
}

fn count(done: u64, total: Option<u64>) -> Option<String> {
    match total {
        // That many of a hundred are so many per cent.
        Some(100) => Some(format!("{done} %")),
        Some(total) => Some(format!("{done} of {total}")),
        None if done > 0 => Some(done.to_string()),
        None => None,
    }
}

/// A remaining time as precise as it can be meant.
fn in_words(ms: u64) -> Option<String> {
    Some(match ms.div_ceil(1_000) {
        // Whether it is done is not for the bar to say.
        0 => return None,
        seconds @ 1..5 => format!("{seconds} s left"),
        seconds @ 5..90 => format!("about {} s left", seconds.next_multiple_of(5)),
        seconds => format!("about {} min left", seconds.div_ceil(60)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pace after these counts, each at its second.
    fn pace(total: u64, counts: &[(u64, i64)]) -> Pace {
        let follow = |pace, (done, second): &(u64, i64)| {
            Some(Pace::after(pace, *done, total, second * 1_000))
        };
        counts.iter().fold(None, follow).unwrap()
    }

    #[test]
    fn the_rest_takes_as_long_as_what_was_seen_to_be_done() {
        assert_eq!(pace(100, &[(0, 0), (50, 4)]).left_ms(), Some(4_000));
        assert_eq!(pace(100, &[(0, 0), (50, 4), (100, 9)]).left_ms(), Some(0));
        assert_eq!(pace(100, &[(40, 100), (70, 106)]).left_ms(), Some(6_000));
    }

    #[test]
    fn nothing_is_promised_before_anything_is_known() {
        assert_eq!(pace(100, &[(0, 0)]).left_ms(), None);
        assert_eq!(pace(100, &[(90, 40)]).left_ms(), None, "it was not seen how long that took");
        assert_eq!(pace(100, &[(0, 0), (4, 4)]).left_ms(), None);
        assert_eq!(pace(100, &[(0, 0), (101, 4)]).left_ms(), None);
    }

    #[test]
    fn a_count_that_begins_anew_is_measured_anew() {
        assert_eq!(pace(10, &[(0, 0), (10, 60), (0, 60), (5, 61)]).left_ms(), Some(1_000));
        let before = pace(10, &[(0, 0), (10, 60)]);
        assert_eq!(Pace::after(Some(before), 20, 40, 61_000).left_ms(), None);
    }

    #[test]
    fn a_remaining_time_is_no_finer_than_it_is_known() {
        assert_eq!(in_words(2_400).unwrap(), "3 s left");
        assert_eq!(in_words(11_000).unwrap(), "about 15 s left");
        assert_eq!(in_words(200_000).unwrap(), "about 4 min left");
        assert_eq!(in_words(0), None);
    }

    #[test]
    fn so_many_of_a_hundred_are_per_cent() {
        assert_eq!(count(34, Some(100)).unwrap(), "34 %");
        assert_eq!(count(34, Some(120)).unwrap(), "34 of 120");
        assert_eq!(count(0, None), None);
    }
}
