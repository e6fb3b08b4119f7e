//! `/labs`: one's projects, by name.

use highwater::use_query;
use leptos::{html, prelude::*};
use leptos_meta::Title;

use super::new_project::NewProjectDialog;
use crate::{
    labs::{live::ProjectList, model::Project},
    shown::Shown,
    ui::{
        CollectAny, Each, EmptyState, Freshness, LiveText, PageHeader, TableSkeleton, effect,
        grouped, open_dialog,
    },
};

/// The heads of the columns.
const HEADS: [&str; 5] = ["Project", "#Waiting", "#Accepted", "#Sources", "#Members"];

/// One's projects.
#[component]
pub fn ProjectListPage() -> impl IntoView {
    let projects = use_query(|| ProjectList);
    let dialog = NodeRef::<html::Dialog>::new();
    view! {
        <Title text="Labs"/>
        <PageHeader title="Labs">
            <button type="button" class="button primary" on:click=move |_| open_dialog(dialog)>
                "New project"
            </button>
        </PageHeader>
        <Freshness what="your projects"/>
        <Transition fallback=|| {
            view! { <TableSkeleton rows=4 heads=&HEADS class="as-list project-table"/> }
        }>
            <Shown query=projects what="your projects" show=move |projects| {
                view! { <Rows projects=projects dialog=dialog/> }.into_any()
            }/>
        </Transition>
        <NewProjectDialog dialog=dialog/>
    }
}

#[component]
fn Rows(
    /// The projects.
    projects: Signal<Option<Vec<Project>>>,
    /// Where another one is made.
    dialog: NodeRef<html::Dialog>,
) -> impl IntoView {
    let all = move || projects.get().unwrap_or_default();
    let empty =
        Signal::derive(move || projects.with(|all| all.as_ref().is_some_and(Vec::is_empty)));
    // Rows slide in when they join a list that was there already.
    let settled = StoredValue::new(false);
    effect(move |_| settled.set_value(true));
    view! {
        {move || if empty.get() {
            view! {
                <EmptyState
                    title="No projects yet"
                    body="A project reads the sources that you put into it, and proposes the concepts \
                          they speak of. You and its members decide which belong in its map."
                >
                    <button
                        type="button"
                        class="button primary"
                        on:click=move |_| open_dialog(dialog)
                    >
                        "New project"
                    </button>
                </EmptyState>
            }
            .into_any()
        } else {
            view! {
                <table class="table as-list project-table">
                    <thead><tr>{HEADS.map(head).collect_any()}</tr></thead>
                    <tbody>
                        <Each each=all key=|project| project.id.clone() let:project>
                            <Row first=project projects=projects enters=settled.get_value()/>
                        </Each>
                    </tbody>
                </table>
            }
            .into_any()
        }}
    }
}

fn head(head: &'static str) -> AnyView {
    view! {
        <th scope="col" class=head.starts_with('#').then_some("number")>
            {head.trim_start_matches('#')}
        </th>
    }
    .into_any()
}

#[component]
fn Row(
    /// The project when it came.
    first: Project,
    /// All of them.
    projects: Signal<Option<Vec<Project>>>,
    /// Whether it joins a list that was there already.
    enters: bool,
) -> impl IntoView {
    let href = format!("/labs/{}", first.id);
    let project = Memo::new(move |before: Option<&Project>| {
        let now = projects.with(|all| all.as_ref()?.iter().find(|it| it.id == first.id).cloned());
        now.unwrap_or_else(|| before.unwrap_or(&first).clone())
    });
    let count = move |of: fn(&Project) -> u64, one: &'static str, many: &'static str| {
        view! {
            <td class="cell-count number">
                <LiveText value=Signal::derive(move || grouped(project.with(of)))/>
                <span class="cell-word">
                    " " {move || if project.with(of) == 1 { one } else { many }}
                </span>
            </td>
        }
    };
    view! {
        <tr class:row-enter=enters>
            <th scope="row" class="cell-title">
                <a class="row-link" href=href>
                    <LiveText value=Signal::derive(move || project.with(|it| it.name.clone()))/>
                </a>
                <p class="cell-about">{move || project.with(|it| it.description.clone())}</p>
            </th>
            {count(|project| project.proposed, "waiting", "waiting")}
            {count(|project| project.accepted, "accepted", "accepted")}
            {count(|project| project.sources, "source", "sources")}
            {count(|project| project.members, "member", "members")}
        </tr>
    }
    .into_any()
}
