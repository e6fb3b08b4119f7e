//! The demo's documents, five of the Federalist papers, a podcast to be made of two of them, and a
//! voiceover of a passage.
//!
//! Owns their titles. They are part of the binary, so that `--demo` works wherever it runs.

use super::{
    model::{Format, NewPodcast, NewVoiceover, Rate, Title, Voice},
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

/// The podcast, and the papers that it is made of, by their places above.
const PODCAST: (&str, [usize; 2]) = ("Factions, and How to Check Them", [1, 3]);

/// A passage of the fifty-first paper, and what the voiceover of it is called.
const PASSAGE: (&str, &str) = (
    "What Is Government Itself",
    "It may be a reflection on human nature, that such devices should be necessary to control the \
     abuses of government. But what is government itself, but the greatest of all reflections on \
     human nature?\n\nIf men were angels, no government would be necessary.",
);

/// Adds the papers for a user who has no document, a podcast of which nothing is made yet, and a
/// voiceover. Their jobs read and speak them once the server runs.
///
/// # Errors
/// When the disk, the database or the log fails.
pub async fn add_papers(state: &AppState, user: &CurrentUser) -> Result<(), AppError> {
    if service::has_documents(&state.db, user.id).await? {
        return Ok(());
    }
    let mut ids = Vec::new();
    for (title, text) in PAPERS.into_iter().rev() {
        let source = state.files.write(text.as_bytes()).await?;
        let new = NewDocument { title: Title::new(title)?, format: Format::Text, source };
        ids.insert(0, service::create_document(state, user, new, None).await?.value.row.id);
    }
    let (title, places) = PODCAST;
    let document_ids = places.map(|place| ids[place].clone()).to_vec();
    let new = NewPodcast { title: title.to_owned(), document_ids };
    service::create_podcast(state, user, new, None).await?;
    let (title, text) = (PASSAGE.0.to_owned(), PASSAGE.1.to_owned());
    let new = NewVoiceover { title, text, voice: Voice::default(), rate: Rate::default() };
    service::create_voiceover(state, user, new, None).await?;
    Ok(())
}
