//! The arithmetic of a chart: round numbers for its axis, and which of many bars are named.
//!
//! Pure. It must not know what is drawn, or how large.

/// How many steps an axis has at most: few enough to be read at a glance.
const STEPS: u64 = 4;

/// An axis from 0 to a round number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Scale {
    /// From one tick to the next: 1, 2 or 5 with zeros.
    pub step: u64,
    /// The last tick, not below the largest value.
    pub top: u64,
}

impl Scale {
    /// The axis for values up to `largest`. That of nothing but zeros goes to 1.
    pub fn up_to(largest: u64) -> Self {
        let largest = largest.max(1);
        let mut magnitude = 1_u64;
        loop {
            for digit in [1, 2, 5] {
                let step = magnitude.saturating_mul(digit);
                let steps = largest.div_ceil(step);
                if steps <= STEPS {
                    return Self { step, top: step.saturating_mul(steps) };
                }
            }
            magnitude = magnitude.saturating_mul(10);
        }
    }

    /// The ticks, from 0 to the top.
    pub fn ticks(self) -> impl Iterator<Item = u64> {
        (0..=self.top / self.step).map(move |index| index * self.step)
    }

    /// How far up a value stands, from 0 at the bottom to 100 at the top.
    #[expect(clippy::cast_precision_loss, reason = "a place on a screen, not an amount")]
    pub fn percent(self, value: u64) -> f64 {
        value.min(self.top) as f64 / self.top as f64 * 100.0
    }
}

/// Which of `count` bars are named below the axis: at most `names` of them, evenly apart, the last
/// one always.
pub(super) fn named(count: usize, names: usize) -> Vec<usize> {
    let Some(last) = count.checked_sub(1) else { return Vec::new() };
    let apart = count.div_ceil(names.max(1)).max(1);
    let mut named: Vec<usize> = (0..=last / apart).map(|back| last - back * apart).collect();
    named.reverse();
    named
}

/// The bar under a pointer that is `at` from the left edge of a plot of this width.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "few bars, and the pointer is clamped to them"
)]
pub(super) fn bar_at(at: i32, width: i32, count: usize) -> Option<usize> {
    if width <= 0 || count == 0 {
        return None;
    }
    let share = f64::from(at.clamp(0, width)) / f64::from(width);
    Some(((share * count as f64) as usize).min(count - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_has_few_round_steps_and_room_for_the_largest() {
        assert_eq!(Scale::up_to(3), Scale { step: 1, top: 3 });
        assert_eq!(Scale::up_to(7), Scale { step: 2, top: 8 });
        assert_eq!(Scale::up_to(11), Scale { step: 5, top: 15 });
        assert_eq!(Scale::up_to(400), Scale { step: 100, top: 400 });
        assert_eq!(Scale::up_to(401), Scale { step: 200, top: 600 });
        for largest in (1..5_000).chain([u64::MAX / 7]) {
            let Scale { step, top } = Scale::up_to(largest);
            assert!(top >= largest && top - largest < step, "{largest}");
            assert!(top / step <= STEPS, "{largest}");
        }
    }

    #[test]
    fn an_axis_of_nothing_still_has_a_top() {
        let scale = Scale::up_to(0);
        assert_eq!(scale.ticks().collect::<Vec<_>>(), [0, 1]);
        assert!(scale.percent(0).abs() < f64::EPSILON);
    }

    #[test]
    fn the_last_bar_is_named_and_the_names_are_evenly_apart() {
        assert!(named(0, 5).is_empty());
        assert_eq!(named(1, 5), [0]);
        assert_eq!(named(5, 5), [0, 1, 2, 3, 4]);
        assert_eq!(named(30, 5), [5, 11, 17, 23, 29]);
        for count in 1..400 {
            let named = named(count, 5);
            assert!(named.len() <= 5 && named.last() == Some(&(count - 1)), "{count}");
        }
    }

    #[test]
    fn a_pointer_finds_its_bar_also_at_the_edges() {
        assert_eq!(bar_at(0, 300, 30), Some(0));
        assert_eq!(bar_at(155, 300, 30), Some(15));
        assert_eq!(bar_at(300, 300, 30), Some(29));
        assert_eq!(bar_at(-4, 300, 30), Some(0));
        assert_eq!(bar_at(4, 0, 30), None);
        assert_eq!(bar_at(4, 300, 0), None);
    }
}
