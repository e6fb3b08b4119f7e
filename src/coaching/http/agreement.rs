//! Agreements as other programs use them.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{OfRelationship, OfVersion, id_of, made};
use crate::{
    account::http::SignedIn,
    coaching::{
        model::{Agreement, AgreementChange, AgreementId, NewAgreement},
        service,
    },
    error::AppError,
    server::{
        input::{JsonBody, Params, Segment, mutation_id},
        openapi::{ChangeRefusals, ReadRefusals, Repeatable},
        output::{answer, stamped},
        state::AppState,
    },
};

/// The endpoints below `/api/v1/agreements`.
pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_agreements, post_agreement)).routes(routes!(
        get_agreement,
        patch_agreement,
        delete_agreement
    ))
}

/// The agreements of a relationship in which the caller takes part, the oldest first.
#[utoipa::path(
    get,
    path = "/api/v1/agreements",
    tag = "coaching",
    params(OfRelationship),
    responses((status = 200, body = Vec<Agreement>), ReadRefusals),
)]
async fn list_agreements(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Params(query): Params<OfRelationship>,
) -> Result<Response, AppError> {
    let of = query.coaching_relationship_id;
    Ok(answer(service::list_agreements(&state, &user, of, None).await?))
}

/// Adds an agreement, and answers it and where it is (`Location`).
#[utoipa::path(
    post,
    path = "/api/v1/agreements",
    tag = "coaching",
    params(Repeatable),
    request_body = NewAgreement,
    responses((status = 201, body = Agreement), ChangeRefusals),
)]
async fn post_agreement(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    headers: HeaderMap,
    JsonBody(new): JsonBody<NewAgreement>,
) -> Result<Response, AppError> {
    let done = service::create_agreement(&state, &user, new, mutation_id(&headers)?).await?;
    let address = format!("/api/v1/agreements/{}", done.value.id);
    Ok(made(done, address))
}

/// One agreement.
#[utoipa::path(
    get,
    path = "/api/v1/agreements/{id}",
    tag = "coaching",
    params(("id" = AgreementId, Path)),
    responses((status = 200, body = Agreement), ReadRefusals),
)]
async fn get_agreement(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segment(id): Segment,
) -> Result<Response, AppError> {
    Ok(answer(service::get_agreement(&state, &user, id_of(&id, "agreement")?).await?))
}

/// Changes an agreement, and answers it as it is then.
///
/// With `version`, only if that is still its version.
#[utoipa::path(
    patch,
    path = "/api/v1/agreements/{id}",
    tag = "coaching",
    params(("id" = AgreementId, Path), Repeatable),
    request_body = AgreementChange,
    responses((status = 200, body = Agreement), ChangeRefusals),
)]
async fn patch_agreement(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segment(id): Segment,
    headers: HeaderMap,
    JsonBody(change): JsonBody<AgreementChange>,
) -> Result<Response, AppError> {
    let (id, by) = (id_of(&id, "agreement")?, mutation_id(&headers)?);
    let done = service::change_agreement(&state, &user, id, change, by).await?;
    Ok(stamped(&done.as_of, Json(done.value)))
}

/// Deletes an agreement.
#[utoipa::path(
    delete,
    path = "/api/v1/agreements/{id}",
    tag = "coaching",
    params(("id" = AgreementId, Path), OfVersion, Repeatable),
    responses((status = 204), ChangeRefusals),
)]
async fn delete_agreement(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Segment(id): Segment,
    Params(of): Params<OfVersion>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let (id, by) = (id_of(&id, "agreement")?, mutation_id(&headers)?);
    let done = service::delete_agreement(&state, &user, id, of.version, by).await?;
    Ok(stamped(&done.as_of, StatusCode::NO_CONTENT))
}
