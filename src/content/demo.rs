//! The demo's documents: five of the Federalist papers.
//!
//! Owns their titles. They are part of the binary, so that `--demo` works wherever it runs.

use super::{
    model::{Format, Title},
    service::{self, NewDocument},
};
use crate::{account::model::CurrentUser, error::AppError, server::state::AppState};

const PAPERS: [(&str, &str); 5] = [
    (
        "No. 2: Concerning Dangers from Foreign Force and Influence",
        include_str!("../../demo/documents/federalist-02.txt"),
    ),
    (
        "No. 10: The Union as a Safeguard Against Domestic Faction",
        include_str!("../../demo/documents/federalist-10.txt"),
    ),
    (
        "No. 14: Objections to the Constitution From Extent of Territory",
        include_str!("../../demo/documents/federalist-14.txt"),
    ),
    (
        "No. 51: Checks and Balances Between the Departments",
        include_str!("../../demo/documents/federalist-51.txt"),
    ),
    ("No. 78: The Judiciary Department", include_str!("../../demo/documents/federalist-78.txt")),
];

/// Adds the papers for a user who has no document. Their jobs read them once the server runs.
///
/// # Errors
/// When the disk, the database or the log fails.
pub async fn add_papers(state: &AppState, user: &CurrentUser) -> Result<(), AppError> {
    if service::has_documents(&state.db, user.id).await? {
        return Ok(());
    }
    for (title, text) in PAPERS.into_iter().rev() {
        let source = state.files.write(text.as_bytes()).await?;
        let new = NewDocument { title: Title::new(title)?, format: Format::Text, source };
        service::create_document(state, user, new, None).await?;
    }
    Ok(())
}
