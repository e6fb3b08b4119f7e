//! The server functions of infographics.

use highwater::{AsOf, Committed, MutationId, Stamped};
use leptos::prelude::*;

use crate::{
    calls::Calls,
    content::model::{
        Begun, DocumentId, Infographic, InfographicId, InfographicSource, NewInfographic, Page,
    },
    error::AppError,
};

/// A page of one's infographics, including at least `min`.
#[server(prefix = "/api/fn", endpoint = "list_infographics", protocol = Calls)]
pub async fn list_infographics(
    page: u32,
    min: Option<AsOf>,
) -> Result<Stamped<Result<Page<Infographic>, AppError>>, AppError> {
    use crate::{content::service, server::request};
    let (state, user) = request::signed_in()?;
    request::stamped(service::list_infographics(&state, &user, page, min.as_ref()).await)
}

/// One infographic, including at least `min`.
#[server(prefix = "/api/fn", endpoint = "get_infographic", protocol = Calls)]
pub async fn get_infographic(
    id: InfographicId,
    min: Option<AsOf>,
) -> Result<Stamped<Result<Infographic, AppError>>, AppError> {
    use crate::{content::service, server::request};
    let (state, user) = request::signed_in()?;
    request::stamped(service::get_infographic(&state, &user, id, min.as_ref()).await)
}

/// The infographic of a document, including at least `min`.
#[server(prefix = "/api/fn", endpoint = "get_document_infographic", protocol = Calls)]
pub async fn get_document_infographic(
    id: DocumentId,
    min: Option<AsOf>,
) -> Result<Stamped<Result<Option<Infographic>, AppError>>, AppError> {
    use crate::{content::service, server::request};
    let (state, user) = request::signed_in()?;
    request::stamped(service::infographic_of_document(&state, &user, id, min.as_ref()).await)
}

/// The documents that can have an infographic and have none, including at least `min`.
#[server(prefix = "/api/fn", endpoint = "list_infographic_sources", protocol = Calls)]
pub async fn list_infographic_sources(
    min: Option<AsOf>,
) -> Result<Stamped<Result<Vec<InfographicSource>, AppError>>, AppError> {
    use crate::{content::service, server::request};
    let (state, user) = request::signed_in()?;
    request::stamped(service::infographic_sources(&state, &user, min.as_ref()).await)
}

/// Makes the infographic of a document; a repeat of the mutation is answered with the first outcome.
#[server(prefix = "/api/fn", endpoint = "create_infographic", protocol = Calls)]
pub async fn create_infographic(
    infographic: NewInfographic,
    mutation: MutationId,
) -> Result<Committed<Begun<Infographic>>, AppError> {
    use crate::{content::service, server::request};
    let (state, user) = request::signed_in()?;
    request::answered(service::create_infographic(&state, &user, infographic, Some(mutation)).await)
}

/// Begins to make an infographic again; a repeat of the mutation is answered with the first outcome.
#[server(prefix = "/api/fn", endpoint = "generate_infographic", protocol = Calls)]
pub async fn generate_infographic(
    id: InfographicId,
    mutation: MutationId,
) -> Result<Committed<Begun<Infographic>>, AppError> {
    use crate::{content::service, server::request};
    let (state, user) = request::signed_in()?;
    request::answered(service::generate_infographic(&state, &user, id, Some(mutation)).await)
}

/// Deletes an infographic; a repeat of the mutation is answered with the first outcome.
#[server(prefix = "/api/fn", endpoint = "delete_infographic", protocol = Calls)]
pub async fn delete_infographic(
    id: InfographicId,
    mutation: MutationId,
) -> Result<Committed<()>, AppError> {
    use crate::{content::service, server::request};
    let (state, user) = request::signed_in()?;
    request::answered(service::delete_infographic(&state, &user, id, Some(mutation)).await)
}
