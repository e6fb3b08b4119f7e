//! Numbers that tick to their new value instead of jumping there.

use highwater::on_server;
use leptos::leptos_dom::helpers::request_animation_frame;
use leptos::prelude::*;
use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos::web_sys::js_sys::{Date, Function, Reflect};

use super::erased::effect;

/// How long a number takes to its new value, in milliseconds.
const TICKS_FOR_MS: f64 = 400.0;

/// `value`, ticking there whenever it changes. It jumps for readers who want less motion, and in
/// tabs that nobody looks at. On the server it is the value itself.
#[must_use]
pub fn ticking(value: Signal<i64>) -> Signal<i64> {
    if on_server() {
        return value;
    }
    let shown = RwSignal::new(value.get_untracked());
    // Which change is under way: one that comes meanwhile starts from what is shown.
    let turn = StoredValue::new(0_u32);
    effect(move |before: Option<()>| {
        let to = value.get();
        turn.update_value(|turn| *turn = turn.wrapping_add(1));
        let from = shown.get_untracked();
        if before.is_none() || from == to || document().hidden() || wants_less_motion() {
            shown.set(to);
            return;
        }
        let begun = Date::now();
        tick(Run { shown, turn, at: turn.get_value(), from, to, begun });
    });
    shown.into()
}

/// One way from a value to the next.
#[derive(Clone, Copy)]
struct Run {
    shown: RwSignal<i64>,
    turn: StoredValue<u32>,
    at: u32,
    from: i64,
    to: i64,
    begun: f64,
}

fn tick(run: Run) {
    request_animation_frame(move || {
        // The page may be gone by then, or on its way to another value.
        if run.turn.try_get_value() != Some(run.at) {
            return;
        }
        let progress = ((Date::now() - run.begun) / TICKS_FOR_MS).clamp(0.0, 1.0);
        run.shown.try_set(between(run.from, run.to, progress));
        if progress < 1.0 {
            tick(run);
        }
    });
}

/// What is shown on the way, fast first; at 1 it is `to` exactly.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "a number on its way, for less than half a second"
)]
fn between(from: i64, to: i64, progress: f64) -> i64 {
    if progress >= 1.0 {
        return to;
    }
    let eased = 1.0 - (1.0 - progress).powi(3);
    let way = (to as f64 - from as f64) * eased;
    from.saturating_add(way.round() as i64)
}

/// What the reader has told their system.
fn wants_less_motion() -> bool {
    let matches = || -> Result<bool, JsValue> {
        let ask: Function = Reflect::get(&window(), &"matchMedia".into())?.dyn_into()?;
        let answer = ask.call1(&window(), &"(prefers-reduced-motion: reduce)".into())?;
        Ok(Reflect::get(&answer, &"matches".into())?.is_truthy())
    };
    matches().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_goes_from_one_value_to_the_next_and_ends_there() {
        assert_eq!(between(830, 831, 0.0), 830);
        assert_eq!(between(830, 831, 1.0), 831);
        assert_eq!(between(0, 1_000, 0.5), 875);
        assert_eq!(between(1_000, 0, 0.5), 125);
        assert_eq!(between(i64::MIN, i64::MAX, 1.0), i64::MAX);
    }

    #[test]
    fn on_its_way_it_never_turns_back() {
        let way: Vec<i64> = (0..=20).map(|at| between(10, 40, f64::from(at) / 20.0)).collect();
        assert!(way.is_sorted(), "{way:?}");
    }
}
