//! What can be done with a podcast: have it written, spoken or both, and delete it. Shown at once,
//! taken back if refused.

use highwater::MutationRequest;
use leptos::{html, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::super::mutations;
use crate::{
    content::{
        api::{delete_podcast, generate_podcast},
        live::{PodcastDetail, PodcastList},
        model::{Generate, Generating, Podcast, PodcastId},
    },
    error::AppError,
    live::StudioEvent,
    ui::{Confirm, open_dialog, use_toasts},
};

/// The buttons. They stay where they are, whatever state the podcast is in, and with them the focus.
#[component]
pub(super) fn Actions(
    /// Which podcast.
    id: PodcastId,
    /// The podcast.
    podcast: Signal<Option<Podcast>>,
) -> impl IntoView {
    let (mutations, toasts) = (mutations(), use_toasts());
    let run = {
        let id = id.clone();
        move |what: Generate| {
            let may = podcast.with_untracked(|podcast| {
                podcast.as_ref().is_some_and(|podcast| podcast.may_generate(what).is_ok())
            });
            if !may {
                return;
            }
            mutations.run(generate(id.clone(), what).done(move |outcome| {
                if let Err(refusal) = outcome {
                    toasts.error(format!("{} {refusal}", not_begun(what)));
                }
            }));
        }
    };
    let part = move |of: fn(&Podcast) -> bool| {
        Memo::new(move |_| podcast.with(|podcast| podcast.as_ref().is_some_and(of)))
    };
    let (has_script, has_audio) =
        (part(|podcast| podcast.script.is_some()), part(|podcast| podcast.audio.is_some()));
    let writes = part(|podcast| podcast.may_generate(Generate::Script).is_ok());
    let speaks = part(|podcast| podcast.may_generate(main_of(podcast.script.is_some())).is_ok());
    let busy = part(|podcast| podcast.row.status.is_busy());
    let rewrite = NodeRef::<html::Dialog>::new();
    let (written, rewritten, spoken) = (run.clone(), run.clone(), run);
    let write = move |_| match (writes.get_untracked(), has_script.get_untracked()) {
        (false, _) => {}
        (true, true) => open_dialog(rewrite),
        (true, false) => written(Generate::Script),
    };
    view! {
        <button
            type="button"
            class="button"
            aria-disabled=move || (!writes.get()).then_some("true")
            on:click=write
        >
            {move || if has_script.get() { "Write script again" } else { "Write script only" }}
        </button>
        <button
            type="button"
            class="button"
            class:primary=move || !has_audio.get()
            aria-busy=move || busy.get().then_some("true")
            aria-disabled=move || (!speaks.get()).then_some("true")
            on:click=move |_| spoken(main_of(has_script.get_untracked()))
        >
            {move || match (has_script.get(), has_audio.get()) {
                (false, _) => "Generate podcast",
                (true, false) => "Generate audio",
                (true, true) => "Generate audio again",
            }}
        </button>
        <Delete id=id podcast=podcast/>
        <Confirm
            node=rewrite
            id="rewrite-script"
            title="Write the script again?"
            body="The script that stands here, with all your edits, and its audio are replaced."
            keep="Keep it"
            confirm="Write again"
            on_confirm=move |()| rewritten(Generate::Script)
        />
    }
}

/// What the main button has made.
fn main_of(has_script: bool) -> Generate {
    if has_script { Generate::Audio } else { Generate::Podcast }
}

fn not_begun(what: Generate) -> &'static str {
    match what {
        Generate::Script => "The script is not written.",
        Generate::Audio => "The audio is not generated.",
        Generate::Podcast => "The podcast is not generated.",
    }
}

/// The button that deletes, after asking.
#[component]
fn Delete(
    /// Which podcast.
    id: PodcastId,
    /// The podcast.
    podcast: Signal<Option<Podcast>>,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let (mutations, toasts, navigate) = (mutations(), use_toasts(), use_navigate());
    let title = Memo::new(move |_| {
        podcast.with(|podcast| {
            podcast.as_ref().map(|podcast| podcast.row.title.clone()).unwrap_or_default()
        })
    });
    let confirmed = move |()| {
        let title = title.get_untracked();
        mutations.run(delete(id.clone()).done(move |outcome| match outcome {
            Ok(()) => toasts.success(format!("“{title}” is deleted.")),
            Err(refusal) => toasts.error(format!("“{title}” is still there. {refusal}")),
        }));
        navigate("/podcasts", NavigateOptions::default());
    };
    view! {
        <button type="button" class="button danger" on:click=move |_| open_dialog(dialog)>
            "Delete"
        </button>
        <Confirm
            node=dialog
            id="delete-podcast"
            title=Signal::derive(move || format!("Delete “{}”?", title.get()))
            body="Its script and its audio are removed for good. Its documents stay."
            keep="Keep it"
            confirm="Delete"
            on_confirm=confirmed
        />
    }
}

fn generate(id: PodcastId, what: Generate) -> MutationRequest<StudioEvent, Generating, AppError> {
    let (detail, sent, listed) = (PodcastDetail(id.clone()), id.clone(), id.clone());
    MutationRequest::new(format!("podcast {id}"), move |sending| {
        generate_podcast(sent.clone(), what, sending.id)
    })
    .overlay(detail.clone(), move |podcast| podcast.begin(what))
    .overlay_all::<PodcastList>(move |page| {
        let row = page.rows.iter_mut().find(|row| row.id == listed);
        row.into_iter().for_each(|row| row.status = what.status());
    })
    .returns(detail, |begun: &Generating| begun.podcast.clone())
}

fn delete(id: PodcastId) -> MutationRequest<StudioEvent, (), AppError> {
    let (sent, listed) = (id.clone(), id.clone());
    MutationRequest::new(format!("podcast {id}"), move |sending| {
        delete_podcast(sent.clone(), sending.id)
    })
    .overlay_all::<PodcastList>(move |page| {
        let before = page.rows.len();
        page.rows.retain(|row| row.id != listed);
        page.total -= u64::from(page.rows.len() < before);
    })
}
