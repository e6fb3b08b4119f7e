//! How the goals of a relationship came along, as a picture.

use highwater::use_query;
use leptos::prelude::*;

use crate::{
    coaching::{
        live::{GoalHistory, GoalList},
        model::{GoalPoint, OverarchingGoal, RelationshipId},
    },
    shown::Shown,
    ui::{Line, LineChart, browser_now, effect},
};

/// The goals over time.
#[component]
pub(super) fn GoalsOverTime(
    /// Whose.
    relationship: RelationshipId,
) -> impl IntoView {
    let (list, past) = (GoalList(relationship.clone()), GoalHistory(relationship));
    let goals = use_query(move || list.clone());
    let history = use_query(move || past.clone());
    view! {
        <Transition fallback=|| ()>
            <Shown query=history what="the history of the goals" show=move |history| {
                let goals = goals.select(|answer| answer.and_then(Result::ok).unwrap_or_default());
                view! { <Picture goals=goals history=history/> }.into_any()
            }/>
        </Transition>
    }
}

#[component]
fn Picture(
    /// The goals.
    goals: Signal<Vec<OverarchingGoal>>,
    /// How they came along.
    history: Signal<Option<Vec<GoalPoint>>>,
) -> impl IntoView {
    let lines = Memo::new(move |_| {
        history
            .with(|points| goals.with(|goals| lines(goals, points.as_deref().unwrap_or_default())))
    });
    // The server has no clock in common with the browser: until the page is mounted, the lines end
    // with what happened last.
    let now = RwSignal::new(None);
    effect(move |_| now.set(browser_now()));
    let until = Signal::derive(move || {
        let last = history.with(|points| points.iter().flatten().map(|point| point.at).max());
        let last = last.unwrap_or(time::OffsetDateTime::UNIX_EPOCH);
        now.get().map_or(last, |now| now.max(last))
    });
    view! {
        <Show when=move || lines.with(|lines| !lines.is_empty())>
            <LineChart
                title="Goals over time"
                each="Goal"
                lines=Signal::derive(move || lines.get())
                until=until
            />
        </Show>
    }
}

/// A line for each goal, in the order of the goals.
fn lines(goals: &[OverarchingGoal], points: &[GoalPoint]) -> Vec<Line> {
    let line = |goal: &OverarchingGoal| {
        let own = points.iter().filter(|point| point.goal_id == goal.id);
        let points: Vec<_> = own.map(|point| (point.at, point.progress)).collect();
        (!points.is_empty()).then(|| Line { name: goal.title.clone(), points })
    };
    goals.iter().filter_map(line).collect()
}
