//! The pages of the labs: one's projects, and a project with its proposals, its map, its sources and
//! its members, each at an address of its own.
//!
//! Owns what people see of it. It must not decide what is fresh, allowed or patched.

mod bench;
mod change;
mod list;
mod new_project;
mod project;
mod generation;
mod generation_end;
mod proposals;
mod concepts;
mod concept;
mod concept_tools;
mod decide;
mod map;
mod map_node;
mod sources;
mod add_source;
mod members;

pub use list::ProjectListPage;
pub use map::MapPage;
pub use members::MembersPage;
pub use project::ProjectPage;
pub use proposals::ProposalsPage;
pub use sources::SourcesPage;

use highwater::{Mutations, use_mutation};
use leptos::prelude::use_context;

use crate::{live::StudioEvent, shown::Missing};

/// What the pages of a project say to whoever does not take part in it.
const NOT_A_MEMBER: Missing = Missing {
    title: "You do not take part in this project",
    body: "It is not there, or you do not take part in it any more. A project is seen by its members \
           alone.",
    href: "/labs",
    label: "Go to your projects",
};

/// The mutations of the frame around the page, which outlives it; elsewhere the page's own.
fn mutations() -> Mutations<StudioEvent> {
    use_context().unwrap_or_else(use_mutation)
}

/// As in "1 source".
fn counted(count: u64, one: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") }
}
