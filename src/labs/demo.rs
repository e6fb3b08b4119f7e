//! The demo's project, which Ana owns and Ben takes part in, with two papers to propose concepts from.
//!
//! Owns their names. They are part of the binary, so that `--demo` works wherever it runs.

use super::{
    model::{NewMember, NewProject, NewSource},
    service,
};
use crate::{account::model::CurrentUser, error::AppError, server::state::AppState};

const SOURCES: [(&str, &str); 2] = [
    ("Federalist No. 10", include_str!("../../demo/documents/federalist-10.txt")),
    ("Federalist No. 51", include_str!("../../demo/documents/federalist-51.txt")),
];

/// Adds the project, unless its owner takes part in any. The sources are ingested once the server
/// runs.
///
/// # Errors
/// When the database or the log fails.
pub async fn add(
    state: &AppState,
    owner: &CurrentUser,
    member: &CurrentUser,
) -> Result<(), AppError> {
    if !service::list_projects(state, owner, None).await?.value?.is_empty() {
        return Ok(());
    }
    let new = NewProject {
        name: "How a republic is kept".to_owned(),
        description: "What Madison says of factions, and of powers that check each other."
            .to_owned(),
    };
    let project = service::create_project(state, owner, new, None).await?.value.id;
    let new = NewMember { email: member.email.clone() };
    service::add_member(state, owner, project.clone(), new, None).await?;
    for (source_name, text) in SOURCES {
        let new = NewSource { source_name: source_name.to_owned(), text: text.to_owned() };
        service::add_source(state, owner, project.clone(), new, None).await?;
    }
    Ok(())
}
