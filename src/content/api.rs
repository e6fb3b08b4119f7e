//! The content's server functions: authorise, call the service, map the error.
//!
//! Owns the addresses `/api/fn/…` of the functions here, each named like its function.

#![expect(
    missing_docs,
    reason = "the fields in question are the arguments, of structs that a macro writes"
)]

mod voiceover;
mod infographic;

use highwater::{AsOf, Committed, MutationId, Stamped};
use leptos::prelude::*;

use super::model::{
    ActivityPage, Document, DocumentChange, DocumentId, DocumentPage, DocumentText, Generate,
    Generating, NewPodcast, Podcast, PodcastId, PodcastPage, ScriptEdit,
};
use crate::{calls::Calls, error::AppError};

pub use infographic::{
    create_infographic, delete_infographic, generate_infographic, get_document_infographic,
    get_infographic, list_infographic_sources, list_infographics,
};
pub use voiceover::{
    change_voiceover, create_voiceover, delete_voiceover, generate_voiceover, get_voiceover,
    list_voiceovers,
};

/// A page of one's documents, including at least `min`.
#[server(prefix = "/api/fn", endpoint = "list_documents", protocol = Calls)]
pub async fn list_documents(
    page: u32,
    min: Option<AsOf>,
) -> Result<Stamped<Result<DocumentPage, AppError>>, AppError> {
    use crate::{content::service, server::request};
    let (state, user) = request::signed_in()?;
    request::stamped(service::list_documents(&state, &user, page, min.as_ref()).await)
}

/// One document without its text, including at least `min`.
#[server(prefix = "/api/fn", endpoint = "get_document", protocol = Calls)]
pub async fn get_document(
    id: DocumentId,
    min: Option<AsOf>,
) -> Result<Stamped<Result<Document, AppError>>, AppError> {
    use crate::{content::service, server::request};
    let (state, user) = request::signed_in()?;
    request::stamped(service::get_document(&state, &user, id, min.as_ref()).await)
}

/// A part of a document's text, from 1, including at least `min`.
#[server(name = ReadText, prefix = "/api/fn", endpoint = "get_document_text", protocol = Calls)]
pub async fn get_document_text(
    id: DocumentId,
    part: u32,
    min: Option<AsOf>,
) -> Result<Stamped<Result<DocumentText, AppError>>, AppError> {
    use crate::{content::service, server::request};
    let (state, user) = request::signed_in()?;
    request::stamped(service::document_text(&state, &user, id, part, min.as_ref()).await)
}

/// Gives a document another title; a repeat of the mutation is answered with the first outcome.
#[server(prefix = "/api/fn", endpoint = "rename_document", protocol = Calls)]
pub async fn rename_document(
    id: DocumentId,
    change: DocumentChange,
    mutation: MutationId,
) -> Result<Committed<Document>, AppError> {
    use crate::{content::service, server::request};
    let (state, user) = request::signed_in()?;
    request::answered(service::rename_document(&state, &user, id, change, Some(mutation)).await)
}

/// Deletes a document; a repeat of the mutation is answered with the first outcome.
#[server(prefix = "/api/fn", endpoint = "delete_document", protocol = Calls)]
pub async fn delete_document(
    id: DocumentId,
    mutation: MutationId,
) -> Result<Committed<()>, AppError> {
    use crate::{content::service, server::request};
    let (state, user) = request::signed_in()?;
    request::answered(service::delete_document(&state, &user, id, Some(mutation)).await)
}

/// A page of what happened to the user's content, including at least `min`.
#[server(prefix = "/api/fn", endpoint = "list_activity", protocol = Calls)]
pub async fn list_activity(
    page: u32,
    min: Option<AsOf>,
) -> Result<Stamped<Result<ActivityPage, AppError>>, AppError> {
    use crate::{content::service, server::request};
    let (state, user) = request::signed_in()?;
    request::stamped(service::list_activity(&state, &user, page, min.as_ref()).await)
}

/// A page of one's podcasts, including at least `min`.
#[server(prefix = "/api/fn", endpoint = "list_podcasts", protocol = Calls)]
pub async fn list_podcasts(
    page: u32,
    min: Option<AsOf>,
) -> Result<Stamped<Result<PodcastPage, AppError>>, AppError> {
    use crate::{content::service, server::request};
    let (state, user) = request::signed_in()?;
    request::stamped(service::list_podcasts(&state, &user, page, min.as_ref()).await)
}

/// One podcast, including at least `min`.
#[server(prefix = "/api/fn", endpoint = "get_podcast", protocol = Calls)]
pub async fn get_podcast(
    id: PodcastId,
    min: Option<AsOf>,
) -> Result<Stamped<Result<Podcast, AppError>>, AppError> {
    use crate::{content::service, server::request};
    let (state, user) = request::signed_in()?;
    request::stamped(service::get_podcast(&state, &user, id, min.as_ref()).await)
}

/// Makes a podcast; a repeat of the mutation is answered with the first outcome.
#[server(prefix = "/api/fn", endpoint = "create_podcast", protocol = Calls)]
pub async fn create_podcast(
    podcast: NewPodcast,
    mutation: MutationId,
) -> Result<Committed<Podcast>, AppError> {
    use crate::{content::service, server::request};
    let (state, user) = request::signed_in()?;
    request::answered(service::create_podcast(&state, &user, podcast, Some(mutation)).await)
}

/// Begins to write or speak a podcast; a repeat of the mutation is answered with the first outcome.
#[server(prefix = "/api/fn", endpoint = "generate_podcast", protocol = Calls)]
pub async fn generate_podcast(
    id: PodcastId,
    what: Generate,
    mutation: MutationId,
) -> Result<Committed<Generating>, AppError> {
    use crate::{content::service, server::request};
    let (state, user) = request::signed_in()?;
    request::answered(service::generate_podcast(&state, &user, id, what, Some(mutation)).await)
}

/// Puts a script in place of another; a repeat of the mutation is answered with the first outcome.
#[server(name = SaveScript, prefix = "/api/fn", endpoint = "edit_script", protocol = Calls)]
pub async fn edit_script(
    id: PodcastId,
    edit: ScriptEdit,
    mutation: MutationId,
) -> Result<Committed<Podcast>, AppError> {
    use crate::{content::service, server::request};
    let (state, user) = request::signed_in()?;
    request::answered(service::edit_script(&state, &user, id, edit, Some(mutation)).await)
}

/// Deletes a podcast; a repeat of the mutation is answered with the first outcome.
#[server(prefix = "/api/fn", endpoint = "delete_podcast", protocol = Calls)]
pub async fn delete_podcast(
    id: PodcastId,
    mutation: MutationId,
) -> Result<Committed<()>, AppError> {
    use crate::{content::service, server::request};
    let (state, user) = request::signed_in()?;
    request::answered(service::delete_podcast(&state, &user, id, Some(mutation)).await)
}
