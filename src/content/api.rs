//! The content's server functions: authorise, call the service, map the error.
//!
//! Owns the addresses `/api/fn/…` of the functions here, each named like its function.

#![expect(
    missing_docs,
    reason = "the fields in question are the arguments, of structs that a macro writes"
)]

use highwater::{AsOf, Committed, MutationId, Stamped};
use leptos::prelude::*;

use super::model::{
    ActivityPage, Document, DocumentChange, DocumentId, DocumentPage, DocumentText,
};
use crate::{answers::Answers, arguments::Arguments, error::AppError};

/// A page of one's documents, including at least `min`.
#[server(prefix = "/api/fn", endpoint = "list_documents", input = Arguments, output = Answers)]
pub async fn list_documents(
    page: u32,
    min: Option<AsOf>,
) -> Result<Stamped<Result<DocumentPage, AppError>>, AppError> {
    use crate::{content::service, server::request};
    let (state, user) = request::signed_in()?;
    request::stamped(service::list_documents(&state, &user, page, min.as_ref()).await)
}

/// One document without its text, including at least `min`.
#[server(prefix = "/api/fn", endpoint = "get_document", input = Arguments, output = Answers)]
pub async fn get_document(
    id: DocumentId,
    min: Option<AsOf>,
) -> Result<Stamped<Result<Document, AppError>>, AppError> {
    use crate::{content::service, server::request};
    let (state, user) = request::signed_in()?;
    request::stamped(service::get_document(&state, &user, id, min.as_ref()).await)
}

/// A part of a document's text, from 1, including at least `min`.
#[server(name = ReadText, prefix = "/api/fn", endpoint = "get_document_text", input = Arguments, output = Answers)]
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
#[server(prefix = "/api/fn", endpoint = "rename_document", input = Arguments, output = Answers)]
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
#[server(prefix = "/api/fn", endpoint = "delete_document", input = Arguments, output = Answers)]
pub async fn delete_document(
    id: DocumentId,
    mutation: MutationId,
) -> Result<Committed<()>, AppError> {
    use crate::{content::service, server::request};
    let (state, user) = request::signed_in()?;
    request::answered(service::delete_document(&state, &user, id, Some(mutation)).await)
}

/// A page of what happened to the user's content, including at least `min`.
#[server(prefix = "/api/fn", endpoint = "list_activity", input = Arguments, output = Answers)]
pub async fn list_activity(
    page: u32,
    min: Option<AsOf>,
) -> Result<Stamped<Result<ActivityPage, AppError>>, AppError> {
    use crate::{content::service, server::request};
    let (state, user) = request::signed_in()?;
    request::stamped(service::list_activity(&state, &user, page, min.as_ref()).await)
}
