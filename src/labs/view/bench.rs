//! What the pages of a project share: whose they are, what its frame has asked for already, and the
//! ways to write, to ask and to tell.

use highwater::{Mutations, UseQuery, use_query};
use leptos::prelude::*;

use super::mutations;
use crate::{
    labs::{
        live::{ProjectDetail, SourceList},
        model::{MemberRole, Project, ProjectId, SourceStatus},
    },
    live::StudioEvent,
    ui::{Asker, Toasts, use_toasts},
};

/// What the pages of a project work with. Cheap to copy.
#[derive(Clone, Copy)]
pub(super) struct Bench {
    id: StoredValue<ProjectId>,
    pub project: UseQuery<ProjectDetail>,
    pub sources: UseQuery<SourceList>,
    pub mutations: Mutations<StudioEvent>,
    pub toasts: Toasts,
    /// Asks before something is deleted; its dialog stands once on the page.
    pub asker: Asker,
}

impl Bench {
    /// For the pages of a project.
    pub fn new(id: ProjectId) -> Self {
        let (detail, sources) = (ProjectDetail(id.clone()), SourceList(id.clone()));
        Self {
            id: StoredValue::new(id),
            project: use_query(move || detail.clone()),
            sources: use_query(move || sources.clone()),
            mutations: mutations(),
            toasts: use_toasts(),
            asker: Asker::new(),
        }
    }

    /// That of the page's frame.
    pub fn here() -> Self {
        expect_context()
    }

    /// Which project.
    pub fn id(self) -> ProjectId {
        self.id.get_value()
    }

    /// A part of the project, as far as it is there.
    pub fn part<T>(self, of: fn(&Project) -> T) -> Signal<T>
    where
        T: Default + PartialEq + Clone + Send + Sync + 'static,
    {
        self.project.select(move |answer| match answer {
            Some(Ok(project)) => of(&project),
            _ => T::default(),
        })
    }

    /// Whether the reader owns the project.
    pub fn is_owner(self) -> Signal<bool> {
        self.part(|project| project.role == MemberRole::Owner)
    }

    /// Whether there is a source to read.
    pub fn has_readable(self) -> Signal<bool> {
        self.sources.select(|answer| {
            let sources = answer.and_then(Result::ok).unwrap_or_default();
            sources.iter().any(|source| source.status == SourceStatus::Completed)
        })
    }

    /// The address of a section of the project; of its proposals without a name.
    pub fn address(self, section: &str) -> String {
        let id = self.id();
        if section.is_empty() { format!("/labs/{id}") } else { format!("/labs/{id}/{section}") }
    }
}
