//! The server functions of voiceovers.

use highwater::{AsOf, Committed, MutationId, Stamped};
use leptos::prelude::*;

use crate::{
    calls::Calls,
    content::model::{
        Begun, NewVoiceover, Page, Voiceover, VoiceoverChange, VoiceoverId, VoiceoverRow,
    },
    error::AppError,
};

/// A page of one's voiceovers, including at least `min`.
#[server(prefix = "/api/fn", endpoint = "list_voiceovers", protocol = Calls)]
pub async fn list_voiceovers(
    page: u32,
    min: Option<AsOf>,
) -> Result<Stamped<Result<Page<VoiceoverRow>, AppError>>, AppError> {
    use crate::{content::service, server::request};
    let (state, user) = request::signed_in()?;
    request::stamped(service::list_voiceovers(&state, &user, page, min.as_ref()).await)
}

/// One voiceover, including at least `min`.
#[server(prefix = "/api/fn", endpoint = "get_voiceover", protocol = Calls)]
pub async fn get_voiceover(
    id: VoiceoverId,
    min: Option<AsOf>,
) -> Result<Stamped<Result<Voiceover, AppError>>, AppError> {
    use crate::{content::service, server::request};
    let (state, user) = request::signed_in()?;
    request::stamped(service::get_voiceover(&state, &user, id, min.as_ref()).await)
}

/// Makes a voiceover; a repeat of the mutation is answered with the first outcome.
#[server(prefix = "/api/fn", endpoint = "create_voiceover", protocol = Calls)]
pub async fn create_voiceover(
    voiceover: NewVoiceover,
    mutation: MutationId,
) -> Result<Committed<Begun<Voiceover>>, AppError> {
    use crate::{content::service, server::request};
    let (state, user) = request::signed_in()?;
    request::answered(service::create_voiceover(&state, &user, voiceover, Some(mutation)).await)
}

/// Changes a voiceover; a repeat of the mutation is answered with the first outcome.
#[server(prefix = "/api/fn", endpoint = "change_voiceover", protocol = Calls)]
pub async fn change_voiceover(
    id: VoiceoverId,
    change: VoiceoverChange,
    mutation: MutationId,
) -> Result<Committed<Voiceover>, AppError> {
    use crate::{content::service, server::request};
    let (state, user) = request::signed_in()?;
    request::answered(service::change_voiceover(&state, &user, id, change, Some(mutation)).await)
}

/// Begins to speak a voiceover again; a repeat of the mutation is answered with the first outcome.
#[server(prefix = "/api/fn", endpoint = "generate_voiceover", protocol = Calls)]
pub async fn generate_voiceover(
    id: VoiceoverId,
    mutation: MutationId,
) -> Result<Committed<Begun<Voiceover>>, AppError> {
    use crate::{content::service, server::request};
    let (state, user) = request::signed_in()?;
    request::answered(service::generate_voiceover(&state, &user, id, Some(mutation)).await)
}

/// Deletes a voiceover; a repeat of the mutation is answered with the first outcome.
#[server(prefix = "/api/fn", endpoint = "delete_voiceover", protocol = Calls)]
pub async fn delete_voiceover(
    id: VoiceoverId,
    mutation: MutationId,
) -> Result<Committed<()>, AppError> {
    use crate::{content::service, server::request};
    let (state, user) = request::signed_in()?;
    request::answered(service::delete_voiceover(&state, &user, id, Some(mutation)).await)
}
