//! A small bar chart: one bar for each of a row of days, or whatever else is counted.
//!
//! Drawn with SVG in percent of whatever room there is, so that text keeps its size and nothing is
//! measured. The same values are in a table for those who can't see them, and the bar under the
//! pointer or the arrow keys is named above the chart.

mod lines;
mod scale;

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys;

pub use self::lines::{Line, LineChart};
use self::scale::{Scale, bar_at, named};
use super::erased::CollectAny;

/// How many bars have their name below them: what fits on a phone.
const NAMES: usize = 4;

/// How much of its share of the width a bar takes; the rest parts it from the next.
const BAR_SHARE: f64 = 0.72;

/// One bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// What it stands for, whole: "4 July 1996".
    pub name: String,
    /// The same in short, for the axis: "4 Jul".
    pub short: String,
    /// How high it is.
    pub value: u64,
    /// The value in words: "12 orders".
    pub words: String,
}

/// The bars' arithmetic, whenever they change.
#[derive(Clone, Default, PartialEq)]
struct Drawn {
    bars: Vec<Bar>,
    largest: u64,
}

impl Drawn {
    fn scale(&self) -> Scale {
        Scale::up_to(self.largest)
    }

    /// Left edge and width of a bar, in percent.
    #[expect(clippy::cast_precision_loss, reason = "few bars, and a place on a screen")]
    fn place(&self, index: usize) -> (f64, f64) {
        let share = 100.0 / self.bars.len().max(1) as f64;
        (share * (index as f64 + (1.0 - BAR_SHARE) / 2.0), share * BAR_SHARE)
    }
}

/// A chart with its heading.
#[component]
pub fn BarChart(
    /// What is counted: "Orders per day".
    title: &'static str,
    /// What a bar is: "Day". Heads the first column of the table.
    each: &'static str,
    /// The bars, from left to right.
    #[prop(into)]
    bars: Signal<Vec<Bar>>,
    /// What stands beside the heading while no bar is pointed at.
    #[prop(into)]
    summary: Signal<String>,
) -> impl IntoView {
    let drawn = Signal::derive(move || {
        let bars = bars.get();
        let largest = bars.iter().map(|bar| bar.value).max().unwrap_or_default();
        Drawn { bars, largest }
    });
    let pointed = RwSignal::new(None::<usize>);
    let value = move || {
        let bar =
            pointed.get().and_then(|index| drawn.with(|drawn| drawn.bars.get(index).cloned()));
        bar.map_or_else(|| summary.get(), |bar| format!("{}: {}", bar.name, bar.words))
    };
    view! {
        <figure class="chart">
            <figcaption class="chart-caption">
                <h2 class="section-title">{title}</h2>
                <output class="chart-value">{value}</output>
            </figcaption>
            <Plot title=title drawn=drawn pointed=pointed/>
            <BarTable title=title each=each drawn=drawn/>
        </figure>
    }
}

/// What is drawn, and what points into it.
#[component]
fn Plot(
    /// What is counted.
    title: &'static str,
    /// The bars.
    drawn: Signal<Drawn>,
    /// Which of them is named.
    pointed: RwSignal<Option<usize>>,
) -> impl IntoView {
    let count = move || drawn.with_untracked(|drawn| drawn.bars.len());
    let hover = move |event: web_sys::PointerEvent| {
        let width = event
            .current_target()
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
            .map_or(0, |target| target.client_width());
        pointed.set(bar_at(event.offset_x(), width, count()));
    };
    let key = move |event: web_sys::KeyboardEvent| {
        if let Some(next) = step(&event.key(), pointed.get_untracked(), count()) {
            event.prevent_default();
            pointed.set(next);
        }
    };
    let label = format!("{title}. The arrow keys read the bars one by one; a table follows.");
    view! {
        <div
            class="chart-plot"
            role="group"
            aria-roledescription="chart"
            aria-label=label
            tabindex="0"
            on:keydown=key
            on:blur=move |_| pointed.set(None)
        >
            <svg class="chart-heights" aria-hidden="true">{move || drawn.with(heights)}</svg>
            <div class="chart-bars" on:pointermove=hover on:pointerleave=move |_| pointed.set(None)>
                <svg aria-hidden="true">
                    {move || drawn.with(lines)}
                    {move || drawn.with(|drawn| rectangles(drawn, pointed))}
                </svg>
            </div>
            <svg class="chart-names" aria-hidden="true">{move || drawn.with(names)}</svg>
        </div>
    }
}

/// The bar that a key leads to; `None` for keys that are not the chart's.
fn step(key: &str, from: Option<usize>, count: usize) -> Option<Option<usize>> {
    let last = count.checked_sub(1)?;
    let to = match key {
        "ArrowLeft" => Some(from.map_or(last, |from| from.saturating_sub(1))),
        "ArrowRight" => Some(from.map_or(0, |from| (from + 1).min(last))),
        "Home" => Some(0),
        "End" => Some(last),
        "Escape" if from.is_some() => None,
        _ => return None,
    };
    Some(to)
}

/// In whole thousandths, because what prints fractions is 14 kB of WebAssembly.
fn percent(share: f64) -> String {
    let thousandths = (share * 1000.0).round() as u32;
    format!("{}.{:03}%", thousandths / 1000, thousandths % 1000)
}

/// The axis at the left: its numbers.
fn heights(drawn: &Drawn) -> impl IntoView + use<> {
    let scale = drawn.scale();
    let text = move |tick: u64| {
        let y = percent(100.0 - scale.percent(tick));
        view! { <text x="100%" y=y text-anchor="end" dominant-baseline="central">{tick.to_string()}</text> }
    };
    scale.ticks().map(text).collect_any()
}

/// A hairline for each number of the axis.
fn lines(drawn: &Drawn) -> impl IntoView + use<> {
    let scale = drawn.scale();
    let line = move |tick: u64| {
        let y = percent(100.0 - scale.percent(tick));
        view! { <line class="chart-line" x1="0" x2="100%" y1=y.clone() y2=y></line> }
    };
    scale.ticks().map(line).collect_any()
}

fn rectangles(drawn: &Drawn, pointed: RwSignal<Option<usize>>) -> impl IntoView + use<> {
    let scale = drawn.scale();
    let bars = drawn.bars.iter().enumerate().map(|(index, bar)| {
        let (x, width) = drawn.place(index);
        let height = scale.percent(bar.value);
        view! {
            <rect
                class="chart-bar"
                class:pointed=move || pointed.get() == Some(index)
                x=percent(x)
                width=percent(width)
                y=percent(100.0 - height)
                height=percent(height)
            ></rect>
        }
    });
    bars.collect_any()
}

/// The axis below: the names of a few bars.
fn names(drawn: &Drawn) -> impl IntoView + use<> {
    let count = drawn.bars.len();
    let name = |index: usize| {
        let (x, width) = drawn.place(index);
        // A name in the middle of its bar would leave the chart at the ends.
        let (x, anchor) = match index {
            0 if count > NAMES => (0.0, "start"),
            last if last + 1 == count && count > NAMES => (100.0, "end"),
            _ => (x + width / 2.0, "middle"),
        };
        let short = drawn.bars.get(index).map(|bar| bar.short.clone());
        view! { <text x=percent(x) y="50%" text-anchor=anchor dominant-baseline="central">{short}</text> }
    };
    named(count, NAMES).into_iter().map(name).collect_any()
}

/// The same for those who read with their ears.
#[component]
fn BarTable(
    /// What is counted.
    title: &'static str,
    /// What a bar is.
    each: &'static str,
    /// The bars.
    drawn: Signal<Drawn>,
) -> impl IntoView {
    let rows = move || {
        let row = |bar: Bar| view! { <tr><th scope="row">{bar.name}</th><td>{bar.words}</td></tr> };
        drawn.get().bars.into_iter().map(row).collect_any()
    };
    view! {
        <table class="visually-hidden">
            <caption>{title}</caption>
            <thead>
                <tr>
                    <th scope="col">{each}</th>
                    <th scope="col">"Value"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_stand_side_by_side_within_the_plot() {
        let bar = Bar { name: String::new(), short: String::new(), value: 1, words: String::new() };
        let drawn = Drawn { bars: vec![bar; 7], largest: 1 };
        let mut end = 0.0;
        for index in 0..7 {
            let (x, width) = drawn.place(index);
            assert!(x > end && width > 0.0, "bar {index}");
            end = x + width;
        }
        assert!(end < 100.0);
    }

    #[test]
    fn keys_go_from_bar_to_bar_and_no_further_than_the_ends() {
        assert_eq!(step("ArrowLeft", None, 3), Some(Some(2)));
        assert_eq!(step("ArrowLeft", Some(0), 3), Some(Some(0)));
        assert_eq!(step("ArrowRight", Some(1), 3), Some(Some(2)));
        assert_eq!(step("ArrowRight", Some(2), 3), Some(Some(2)));
        assert_eq!(step("End", Some(0), 3), Some(Some(2)));
        assert_eq!(step("Escape", Some(0), 3), Some(None));
        assert_eq!(step("Escape", None, 3), None);
        assert_eq!(step("Tab", Some(0), 3), None);
        assert_eq!(step("Home", None, 0), None);
    }
}
