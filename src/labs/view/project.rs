//! `/labs/{id}` and what is below it: the frame of a project, in which each section stands at its own
//! address.

use leptos::{html, prelude::*};
use leptos_meta::Title;
use leptos_router::{
    NavigateOptions,
    components::Outlet,
    hooks::{use_location, use_navigate, use_params_map},
};

use super::{
    NOT_A_MEMBER,
    bench::Bench,
    change::{delete_project, reword_project, text_of_project},
    generation::{GenerationLine, GenerationNow, ProposeButton},
};
use crate::{
    app::{answer_with, draft_name},
    labs::model::{LINE_MAX_CHARS, Project, ProjectId, SUMMARY_MAX_CHARS},
    shown::Shown,
    ui::{
        Author, BackLink, ConfirmDialog, Freshness, Guard, Guarded, GuardedForm, Icon, IconName,
        LiveText, LiveTitle, NotFound, PageHeader, Question, effect, grouped, keep_focus, live,
    },
};

/// Where the focus goes when what had it is gone, with its whole list.
const FOCUS_RESTS: &[&str] = &[
    ".state-actions .button",
    ".section-actions .button",
    ".add-member .input",
    ".section-link[aria-current]",
];

/// One project. Another id is another page.
#[component]
pub fn ProjectPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id")?.parse::<ProjectId>().ok()));
    live(move || match id.get() {
        Some(id) => view! { <OneProject id=id/> }.into_any(),
        None => {
            answer_with(404);
            view! { <Title text="Page not found"/><NotFound/> }.into_any()
        }
    })
}

#[component]
fn OneProject(
    /// Which.
    id: ProjectId,
) -> impl IntoView {
    let bench = Bench::new(id.clone());
    provide_context(bench);
    let generation = GenerationNow::follow(bench);
    let page = NodeRef::<html::Div>::new();
    keep_focus(page, FOCUS_RESTS);
    view! {
        <BackLink href="/labs" label="Labs"/>
        <div node_ref=page>
            <Transition fallback=|| {
                view! {
                    <Title text="Project"/>
                    <PageHeader title="Project"/>
                    <p class="muted" role="status">"Loading"</p>
                }
            }>
                <Shown
                    query=bench.project
                    what="the project"
                    missing=NOT_A_MEMBER
                    show=move |project| {
                        view! { <Head bench=bench project=project generation=generation/> }.into_any()
                    }
                />
            </Transition>
            // What a section asks for is refused where the project is, and then shows nothing.
            <Outlet/>
        </div>
    }
}

/// What stands above every section.
#[component]
fn Head(
    /// The page.
    bench: Bench,
    /// The project.
    project: Signal<Option<Project>>,
    /// What is being proposed.
    generation: GenerationNow,
) -> impl IntoView {
    let Some(first) = project.get_untracked() else { return ().into_any() };
    let project = Memo::new(move |before: Option<&Project>| {
        project.get().unwrap_or_else(|| before.unwrap_or(&first).clone())
    });
    let title = Signal::derive(move || project.with(|project| project.name.clone()));
    let about = Memo::new(move |_| project.with(|project| project.description.clone()));
    let editing = RwSignal::new(false);
    let opener = NodeRef::<html::Button>::new();
    let owner = bench.is_owner();
    let beside = move || {
        view! {
            <button
                type="button"
                class="button quiet icon-only"
                node_ref=opener
                aria-label="Edit name and description"
                title="Edit name and description"
                on:click=move |_| editing.set(true)
            >
                <Icon name=IconName::Pencil/>
            </button>
        }
    };
    view! {
        <LiveTitle title=title/>
        <PageHeader title=title beside=beside>
            {move || owner.get().then(|| view! { <Delete bench=bench title=title/> })}
            <ProposeButton generation=generation/>
        </PageHeader>
        <Freshness what="the project"/>
        <Wording bench=bench project=project editing=editing opener=opener/>
        {move || (!editing.get() && !about.with(String::is_empty)).then(|| view! {
            <p class="project-about"><LiveText value=about/></p>
        })}
        <GenerationLine generation=generation/>
        <Sections bench=bench/>
        <ConfirmDialog confirm=bench.asker id="project-question" keep="Keep it"/>
    }
    .into_any()
}

/// The form that renames the project and says what it is about; whoever takes part may.
#[component]
fn Wording(
    /// The page.
    bench: Bench,
    /// The project.
    project: Memo<Project>,
    /// Whether it is open.
    editing: RwSignal<bool>,
    /// The button that opens it, which has the focus again afterwards.
    opener: NodeRef<html::Button>,
) -> impl IntoView {
    let guard = Guard {
        what: "project",
        text: Memo::new(move |_| project.with(text_of_project)),
        name: draft_name(&format!("project:{}", bench.id())),
        most: LINE_MAX_CHARS + 1 + SUMMARY_MAX_CHARS,
    };
    let guarded = Guarded::new(guard, move |sending| {
        let request = reword_project(bench.id(), sending.draft.clone());
        bench.mutations.run(request.done(move |outcome| match outcome {
            Ok(_) => sending.saved(),
            Err(refusal) => {
                bench.toasts.error(format!("The project was not changed. {refusal}"));
                sending.failed();
            }
        }));
    });
    effect(move |_| {
        // What the browser kept of an earlier visit, or the server refused, is gone on with.
        if guarded.is_edited() && !editing.get_untracked() {
            editing.set(true);
        }
    });
    effect(move |_| {
        if editing.get() {
            // The field is there once the view has followed.
            request_animation_frame(move || guarded.focus());
        }
    });
    let leave = move |()| {
        // The button is in the page as long as the project is.
        let _ = opener.get_untracked().map(|opener| opener.focus());
        editing.set(false);
    };
    live(move || {
        editing.get().then(|| {
            view! {
                <div class="project-wording">
                    <GuardedForm
                        guarded=guarded
                        id="project-text"
                        label="What it is about"
                        head=("Name", LINE_MAX_CHARS)
                        rows=3
                        save="Save"
                        idle="Everybody who takes part sees it. Esc leaves."
                        author=Signal::derive(|| None::<Author>)
                        on_leave=leave
                    />
                </div>
            }
        })
    })
}

/// The button that deletes the project, after asking.
#[component]
fn Delete(
    /// The page.
    bench: Bench,
    /// What the project is called.
    title: Signal<String>,
) -> impl IntoView {
    let navigate = use_navigate();
    let ask = move |_| {
        let name = title.get_untracked();
        let question = Question {
            title: format!("Delete “{name}”?"),
            body:
                "Its sources, proposals and map are deleted for everybody who takes part, for good."
                    .to_owned(),
            action: "Delete the project".to_owned(),
        };
        let navigate = navigate.clone();
        bench.asker.ask(question, move || {
            let name = name.clone();
            let request = delete_project(bench.id()).done(move |outcome| match outcome {
                Ok(()) => bench.toasts.success(format!("“{name}” is deleted.")),
                Err(refusal) => {
                    bench.toasts.error(format!("“{name}” is still there. {refusal}"));
                }
            });
            bench.mutations.run(request);
            navigate("/labs", NavigateOptions::default());
        });
    };
    view! { <button type="button" class="button quiet danger" on:click=ask>"Delete"</button> }
}

/// The way from one section to the others.
#[component]
fn Sections(
    /// The page.
    bench: Bench,
) -> impl IntoView {
    let path = use_location().pathname;
    let link = move |section: &'static str, words: &'static str, count: fn(&Project) -> u64| {
        let href = bench.address(section);
        let here = href.clone();
        let count = bench.part(count);
        view! {
            <a
                class="section-link"
                href=href
                aria-current=move || (path.get() == here).then_some("page")
                data-noscroll=""
            >
                {words}
                <span class="tab-count">{move || grouped(count.get())}</span>
            </a>
        }
    };
    view! {
        <nav class="section-nav" aria-label="Sections of the project">
            {link("", "Proposals", |project| project.proposed)}
            {link("map", "Map", |project| project.accepted)}
            {link("sources", "Sources", |project| project.sources)}
            {link("members", "Members", |project| project.members)}
        </nav>
    }
}
