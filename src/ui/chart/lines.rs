//! Shares over time: one line for each of a few things, from 0 to 100 percent, that stays at its
//! height until it moves. The same points are in a table for those who can't see them.

use leptos::prelude::*;
use time::{OffsetDateTime, UtcOffset, macros::format_description};

use crate::ui::erased::CollectAny;

/// How many colours lines have; the next begins with the first again.
const COLOURS: usize = 6;

/// How wide and high the drawing is, in its own units; the page scales it.
const SIDE: f64 = 1000.0;

/// One line.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// What it is of.
    pub name: String,
    /// When it came to which share, in percent; the oldest first.
    pub points: Vec<(OffsetDateTime, u8)>,
}

/// The lines, with their heading, a legend and a table.
#[component]
pub fn LineChart(
    /// What is shown: "Goals over time".
    title: &'static str,
    /// What a line is of. Heads the first column of the table.
    each: &'static str,
    /// The lines.
    #[prop(into)]
    lines: Signal<Vec<Line>>,
    /// Until when: the lines go on to here.
    #[prop(into)]
    until: Signal<OffsetDateTime>,
) -> impl IntoView {
    let span = Signal::derive(move || {
        let first = lines.with(|lines| {
            lines.iter().filter_map(|line| line.points.first()).map(|(at, _)| *at).min()
        });
        let until = until.get();
        (first.unwrap_or(until).min(until), until)
    });
    let legend = move |(index, line): (usize, Line)| {
        let now = line.points.last().map_or(0, |(_, share)| *share);
        view! {
            <li class="line-name" data-line=(index % COLOURS).to_string()>
                <span class="line-sample" aria-hidden="true"></span>
                <span class="line-words">{line.name}</span>
                <span class="line-now">{format!("{now} %")}</span>
            </li>
        }
        .into_any()
    };
    let drawn = move || {
        let (from, until) = span.get();
        lines.with(|lines| {
            lines
                .iter()
                .enumerate()
                .map(|(index, line)| stroke(index, line, from, until))
                .collect_any()
        })
    };
    view! {
        <figure class="chart lines">
            <figcaption class="chart-caption">
                <h2 class="section-title">{title}</h2>
            </figcaption>
            <div class="lines-plot" aria-hidden="true">
                <span class="lines-top">"100 %"</span>
                <span class="lines-bottom">"0 %"</span>
                <svg viewBox="0 0 1000 1000" preserveAspectRatio="none">
                    <path class="grid" d="M0 0H1000M0 500H1000M0 1000H1000"></path>
                    {drawn}
                </svg>
            </div>
            <div class="lines-days" aria-hidden="true">
                <span>{move || day(span.get().0)}</span>
                <span>{move || day(span.get().1)}</span>
            </div>
            <ul class="line-names">
                {move || lines.get().into_iter().enumerate().map(legend).collect_any()}
            </ul>
            <LineTable title=title each=each lines=lines/>
        </figure>
    }
}

/// The points as a table, which is heard and not seen.
#[component]
fn LineTable(
    /// What is shown.
    title: &'static str,
    /// Heads the first column.
    each: &'static str,
    /// The lines.
    lines: Signal<Vec<Line>>,
) -> impl IntoView {
    let rows = move || {
        let rows = lines.get().into_iter().flat_map(|line| {
            let name = line.name;
            line.points.into_iter().map(move |(at, share)| {
                view! {
                    <tr>
                        <th scope="row">{name.clone()}</th>
                        <td>{day(at)}</td>
                        <td>{format!("{share} %")}</td>
                    </tr>
                }
            })
        });
        rows.collect_any()
    };
    view! {
        <table class="visually-hidden">
            <caption>{title}</caption>
            <thead>
                <tr>
                    <th scope="col">{each}</th>
                    <th scope="col">"Since"</th>
                    <th scope="col">"Reached"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

fn stroke(index: usize, line: &Line, from: OffsetDateTime, until: OffsetDateTime) -> AnyView {
    view! {
        <path
            class="line"
            data-line=(index % COLOURS).to_string()
            d=path(&line.points, from, until)
        ></path>
    }
    .into_any()
}

/// The steps of a line: level until a point, then up or down to it.
fn path(points: &[(OffsetDateTime, u8)], from: OffsetDateTime, until: OffsetDateTime) -> String {
    let whole = (until - from).as_seconds_f64().max(1.0);
    let x = |at: OffsetDateTime| SIDE * ((at - from).as_seconds_f64() / whole).clamp(0.0, 1.0);
    let y = |share: u8| SIDE - SIDE * f64::from(share.min(100)) / 100.0;
    let mut path = String::new();
    for (index, (at, share)) in points.iter().enumerate() {
        let step = match index {
            0 => format!("M{:.0} {:.0}", x(*at), y(*share)),
            _ => format!("H{:.0}V{:.0}", x(*at), y(*share)),
        };
        path.push_str(&step);
    }
    if !points.is_empty() {
        path.push_str("H1000");
    }
    path
}

/// As in "4 Jul 2026".
fn day(at: OffsetDateTime) -> String {
    at.to_offset(UtcOffset::UTC)
        .format(format_description!("[day padding:none] [month repr:short] [year]"))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use time::{Duration, macros::datetime};

    use super::*;

    #[test]
    fn a_line_is_level_until_it_moves() {
        let from = datetime!(2026-01-01 00:00 UTC);
        let day = Duration::days(1);
        let points = [(from, 0), (from + day, 50), (from + day * 3, 100)];
        assert_eq!(path(&points, from, from + day * 4), "M0 1000H250V500H750V0H1000");
        assert_eq!(path(&points[1..2], from, from + day), "M1000 500H1000");
        assert_eq!(path(&[], from, from), "");
    }
}
