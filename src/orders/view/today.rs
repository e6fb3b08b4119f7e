//! What all orders amount to, live: on the first page.

use highwater::{QueryError, UseQuery, use_query};
use leptos::prelude::*;

use super::{list::address, tone};
use crate::{
    error::{AppError, words},
    orders::{
        live::OrderMetricsQuery,
        model::{Cents, DayCount, OrderFilter, OrderMetrics, OrderStatus},
    },
    ui::{
        Badge, Bar, BarChart, CollectAny, EmptyState, ErrorState, Freshness, live, short_date,
        ticking,
    },
};

/// How many orders there are, of which status, what they come to, and how many a day.
#[component]
pub fn OrdersToday() -> impl IntoView {
    let metrics = use_query(|| OrderMetricsQuery);
    view! {
        <Freshness what="these numbers"/>
        <Transition fallback=Loading>
            <Answer metrics=metrics/>
        </Transition>
    }
}

/// Which face it has. Numbers change without changing it.
#[derive(Clone, PartialEq)]
enum Face {
    Nothing,
    Numbers,
    Empty,
    Error(QueryError<AppError>),
}

#[component]
fn Answer(
    /// The numbers.
    metrics: UseQuery<OrderMetricsQuery>,
) -> impl IntoView {
    let face = metrics.select(|answer| match answer {
        None => Face::Nothing,
        Some(Ok(metrics)) if metrics.orders == 0 => Face::Empty,
        Some(Ok(_)) => Face::Numbers,
        Some(Err(error)) => Face::Error(error),
    });
    let numbers = metrics.select(|answer| answer.and_then(Result::ok));
    live(move || {
        match face.get() {
        Face::Nothing => ().into_any(),
        Face::Numbers => view! { <Numbers numbers=numbers/> }.into_any(),
        Face::Empty => view! {
            <EmptyState
                title="No orders yet"
                body="Once there are orders, this page says how many, how far they have come and what they bring in."
            >
                <a class="button primary" href="/orders/new">"New order"</a>
                <a class="button" href="/orders/import">"Import orders"</a>
            </EmptyState>
        }
        .into_any(),
        Face::Error(error) => view! {
            <ErrorState
                title="The numbers could not be read"
                message=words(&error)
                on_retry=move |()| metrics.refetch()
                busy=Signal::derive(move || metrics.status().fetching)
            />
        }
        .into_any(),
    }
    })
}

#[component]
fn Numbers(
    /// The numbers.
    numbers: Signal<Option<OrderMetrics>>,
) -> impl IntoView {
    let part = move |of: fn(&OrderMetrics) -> i64| {
        Signal::derive(move || numbers.with(|numbers| numbers.as_ref().map_or(0, of)))
    };
    let orders = ticking(part(|numbers| number(numbers.orders)));
    let revenue = ticking(part(|numbers| numbers.revenue.0));
    let bars = Signal::derive(move || {
        numbers.with(|numbers| {
            numbers.as_ref().map(|numbers| bars(&numbers.per_day)).unwrap_or_default()
        })
    });
    let summary = Signal::derive(move || {
        numbers.with(|numbers| summary(numbers.as_ref().map_or(&[], |numbers| &numbers.per_day)))
    });
    view! {
        <div class="today">
            <dl class="figures">
                <div class="figure">
                    <dt class="figure-name">"Revenue"</dt>
                    <dd class="figure-value" data-testid="revenue">
                        {move || Cents(revenue.get()).to_string()}
                    </dd>
                    <dd class="figure-note">"Without cancelled orders"</dd>
                </div>
                <div class="figure">
                    <dt class="figure-name">"Orders"</dt>
                    <dd class="figure-value" data-testid="orders">{move || orders.get()}</dd>
                    <dd class="figure-note">"Of every status"</dd>
                </div>
            </dl>
            <ByStatus numbers=numbers/>
            <BarChart title="Orders per day" each="Day" bars=bars summary=summary/>
        </div>
    }
}

/// How many orders each status has, with the way to them.
#[component]
fn ByStatus(
    /// The numbers.
    numbers: Signal<Option<OrderMetrics>>,
) -> impl IntoView {
    let item = move |status: OrderStatus| {
        let filter = OrderFilter { status: Some(status), ..OrderFilter::default() };
        let count = ticking(Signal::derive(move || {
            numbers.with(|numbers| {
                numbers.as_ref().map_or(0, |numbers| number(numbers.orders_of(status)))
            })
        }));
        view! {
            <li>
                <a class="status-link" href=address(&filter)>
                    <Badge tone=tone(status)>{status.as_str()}</Badge>
                    <span class="status-count">{move || count.get()}</span>
                </a>
            </li>
        }
    };
    view! {
        <section class="section" aria-labelledby="by-status">
            <h2 class="section-title" id="by-status">"By status"</h2>
            <ul class="statuses">{OrderStatus::ALL.map(item).collect_any()}</ul>
        </section>
    }
}

/// What it looks like before the numbers are there.
#[component]
fn Loading() -> impl IntoView {
    let figure = |name: &'static str| {
        view! {
            <div class="figure">
                <dt class="figure-name">{name}</dt>
                <dd class="figure-value"><span class="skeleton-bar"></span></dd>
                <dd class="figure-note">"\u{a0}"</dd>
            </div>
        }
    };
    let status = |status: OrderStatus| {
        view! {
            <li>
                <span class="status-link">
                    <Badge tone=tone(status)>{status.as_str()}</Badge>
                </span>
            </li>
        }
    };
    view! {
        <p class="visually-hidden" role="status">"Loading"</p>
        <div class="today" aria-hidden="true">
            <dl class="figures">{["Revenue", "Orders"].map(figure).collect_any()}</dl>
            <section class="section">
                <h2 class="section-title">"By status"</h2>
                <ul class="statuses">{OrderStatus::ALL.map(status).collect_any()}</ul>
            </section>
            <figure class="chart">
                <figcaption class="chart-caption">
                    <h2 class="section-title">"Orders per day"</h2>
                </figcaption>
                <div class="chart-plot"></div>
            </figure>
        </div>
    }
}

fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A bar for each day. The axis names the year only where there are several.
fn bars(days: &[DayCount]) -> Vec<Bar> {
    let year = |day: Option<&DayCount>| day.map(|day| day.day.0.year());
    let one_year = year(days.first()) == year(days.last());
    let bar = |day: &DayCount| {
        let name = short_date(day.day.start());
        let orders = if day.orders == 1 { "order" } else { "orders" };
        let day_and_month = name.rsplit_once(' ').filter(|_| one_year).map(|(short, _)| short);
        Bar {
            short: day_and_month.unwrap_or(&name).to_owned(),
            value: day.orders,
            words: format!("{} {orders}, {}", day.orders, day.revenue),
            name,
        }
    };
    days.iter().map(bar).collect()
}

/// What the chart shows, in a line.
fn summary(days: &[DayCount]) -> String {
    match days {
        [] => String::new(),
        [only] => short_date(only.day.start()),
        [first, .., last] => format!(
            "{} days with orders, {} to {}",
            days.len(),
            short_date(first.day.start()),
            short_date(last.day.start()),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::orders::model::Day;

    fn day(text: &str, orders: u64) -> DayCount {
        let day: Day = text.parse().expect("a day");
        DayCount { day, orders, revenue: Cents(123_400) }
    }

    #[test]
    fn a_bar_is_named_by_its_day_and_says_what_it_came_to() {
        let bars = bars(&[day("1998-05-06", 4), day("1998-05-07", 1)]);
        assert_eq!(bars[0].name, "6 May 1998");
        assert_eq!(bars[0].short, "6 May");
        assert_eq!(bars[0].words, "4 orders, $1,234.00");
        assert_eq!(bars[1].words, "1 order, $1,234.00");
    }

    #[test]
    fn the_axis_names_the_year_where_there_are_several() {
        let bars = bars(&[day("1997-12-31", 4), day("1998-01-02", 1)]);
        assert_eq!(bars[1].short, "2 Jan 1998");
    }

    #[test]
    fn the_summary_names_the_first_and_the_last_day() {
        let days = [day("1998-05-04", 1), day("1998-05-05", 2), day("1998-05-06", 3)];
        assert_eq!(summary(&days), "3 days with orders, 4 May 1998 to 6 May 1998");
    }
}
