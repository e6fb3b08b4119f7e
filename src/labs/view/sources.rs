//! `/labs/{id}/sources`: the texts that concepts are proposed from.

use leptos::{html, prelude::*};

use super::{
    add_source::AddSource,
    bench::Bench,
    change::{delete_source, reingest},
};
use crate::{
    labs::model::{Source, SourceStatus},
    shown::Shown,
    ui::{
        Badge, CollectAny, Each, EmptyState, LiveText, LiveValue, Question, TableSkeleton, TimeAgo,
        Tone, effect, grouped, live, open_dialog, size_in_words,
    },
};

/// The heads of the columns.
const HEADS: [&str; 6] = ["Source", "Status", "#Words", "#Size", "Added", ""];

/// The sources of a project.
#[component]
pub fn SourcesPage() -> impl IntoView {
    let bench = Bench::here();
    view! {
        <Transition fallback=|| {
            view! { <TableSkeleton rows=4 heads=&HEADS class="as-list source-table"/> }
        }>
            <Shown query=bench.sources what="the sources" show=move |sources| {
                view! { <Whole bench=bench sources=sources/> }.into_any()
            }/>
        </Transition>
    }
}

#[component]
fn Whole(
    /// The page.
    bench: Bench,
    /// The sources.
    sources: Signal<Option<Vec<Source>>>,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let empty = Memo::new(move |_| sources.with(|all| all.as_ref().is_some_and(Vec::is_empty)));
    let add = move |class: &'static str| {
        view! {
            <button type="button" class=class on:click=move |_| open_dialog(dialog)>
                "Add source"
            </button>
        }
    };
    view! {
        {live(move || if empty.get() {
            view! {
                <EmptyState
                    title="No sources yet"
                    body="Paste a text, or choose files of plain text or Markdown. Each is read, and \
                          concepts are proposed from all of them."
                >
                    {add("button primary")}
                </EmptyState>
            }
            .into_any()
        } else {
            view! {
                <div class="section-actions">{add("button")}</div>
                <Rows bench=bench sources=sources/>
            }
            .into_any()
        })}
        <AddSource bench=bench dialog=dialog/>
    }
}

#[component]
fn Rows(
    /// The page.
    bench: Bench,
    /// The sources.
    sources: Signal<Option<Vec<Source>>>,
) -> impl IntoView {
    let all = move || sources.get().unwrap_or_default();
    // Rows slide in when they join a list that was there already.
    let settled = StoredValue::new(false);
    effect(move |_| settled.set_value(true));
    let head = |head: &'static str| {
        let class = head.starts_with('#').then_some("number");
        let words = match head.trim_start_matches('#') {
            "" => view! { <span class="visually-hidden">"What to do"</span> }.into_any(),
            words => words.into_any(),
        };
        view! { <th scope="col" class=class>{words}</th> }
    };
    view! {
        <table class="table as-list source-table">
            <thead><tr>{HEADS.map(head).collect_any()}</tr></thead>
            <tbody>
                <Each each=all key=|source| source.id.clone() let:source>
                    <Row bench=bench first=source sources=sources enters=settled.get_value()/>
                </Each>
            </tbody>
        </table>
    }
}

/// What the colour of a status means, and its word.
fn status_in_words(status: SourceStatus) -> (Tone, &'static str) {
    match status {
        SourceStatus::Pending => (Tone::Neutral, "waiting"),
        SourceStatus::Processing => (Tone::Accent, "reading"),
        SourceStatus::Completed => (Tone::Success, "ready"),
        SourceStatus::Failed => (Tone::Danger, "failed"),
    }
}

#[component]
fn Row(
    /// The page.
    bench: Bench,
    /// The source when it came.
    first: Source,
    /// All of them.
    sources: Signal<Option<Vec<Source>>>,
    /// Whether it joins a list that was there already.
    enters: bool,
) -> impl IntoView {
    let (size, added) = (size_in_words(first.bytes), first.created_at);
    let source = Memo::new(move |before: Option<&Source>| {
        let now = sources.with(|all| all.as_ref()?.iter().find(|it| it.id == first.id).cloned());
        now.unwrap_or_else(|| before.unwrap_or(&first).clone())
    });
    let status = Memo::new(move |_| source.with(|source| source.status));
    let words =
        Signal::derive(move || source.with(|source| source.words.map(grouped).unwrap_or_default()));
    view! {
        <tr class:row-enter=enters>
            <th scope="row" class="cell-title">
                <LiveText value=Signal::derive(move || source.with(|it| it.source_name.clone()))/>
                {move || source.with(|source| source.error.clone()).map(|why| view! {
                    <p class="source-error">{why}</p>
                })}
            </th>
            <td class="cell-status">
                <LiveValue value=move || status.get()>
                    <Badge tone=Signal::derive(move || status_in_words(status.get()).0)>
                        {move || status_in_words(status.get()).1}
                    </Badge>
                </LiveValue>
            </td>
            <td class="cell-words number">
                <LiveText value=words/>
                {move || (!words.with(String::is_empty)).then(|| view! {
                    <span class="cell-word">" words"</span>
                })}
            </td>
            <td class="cell-size number">{size}</td>
            <td class="cell-added"><TimeAgo at=added/></td>
            <td class="cell-tools"><Tools bench=bench source=source status=status/></td>
        </tr>
    }
    .into_any()
}

#[component]
fn Tools(
    /// The page.
    bench: Bench,
    /// The source.
    source: Memo<Source>,
    /// How far it has come.
    status: Memo<SourceStatus>,
) -> impl IntoView {
    let label = move |verb: &'static str| {
        move || source.with(|source| format!("{verb} “{}”", source.source_name))
    };
    let busy = RwSignal::new(false);
    let waits = move || (busy.get() || status.get().is_under_way()).then_some("true");
    let again = move |_| {
        if waits().is_some() {
            return;
        }
        busy.set(true);
        let Source { project_id, id, source_name, .. } = source.get_untracked();
        bench.mutations.run(reingest(project_id, id).done(move |outcome| {
            // The row may be gone by then.
            busy.try_set(false);
            if let Err(refusal) = outcome {
                bench.toasts.error(format!("“{source_name}” is not read again. {refusal}"));
            }
        }));
    };
    let delete = move |_| {
        let Source { project_id, id, source_name, .. } = source.get_untracked();
        let question = Question {
            title: format!("Delete “{source_name}”?"),
            body: "The text is removed for good. What was proposed from it stays.".to_owned(),
            action: "Delete".to_owned(),
        };
        bench.asker.ask(question, move || {
            let name = source_name.clone();
            let request = delete_source(project_id.clone(), id.clone()).done(move |outcome| {
                if let Err(refusal) = outcome {
                    bench.toasts.error(format!("“{name}” is still there. {refusal}"));
                }
            });
            bench.mutations.run(request);
        });
    };
    view! {
        <div class="source-tools">
            <button
                type="button"
                class="button quiet"
                aria-label=label("Read again")
                aria-disabled=waits
                on:click=again
            >
                "Read again"
            </button>
            <button
                type="button"
                class="button quiet danger"
                aria-label=label("Delete")
                on:click=delete
            >
                "Delete"
            </button>
        </div>
    }
}
