//! Whom the stream of a project lets in: its members, by what they have signed in with or by a token
//! for that one project.

use highwater::Committed;

use super::role_in;
use crate::{
    account::{caller::Caller, model::UserId, secret::Secret, service::author},
    error::AppError,
    labs::{
        model::{ProjectId, StreamToken, TOKEN_LIFETIME},
        store::{self, Opens},
    },
    server::state::AppState,
};

/// What every token begins with.
const PREFIX: &str = "hws_";

/// What the streams of a member's are subscribed as, so that the end of the membership ends them.
pub fn subject_of_member(id: &ProjectId, user: UserId) -> String {
    format!("project_member:{id}:{user}")
}

/// Makes a token that opens the stream of one project for ten minutes, for as long as what the caller
/// has signed in with holds and they take part.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`]; [`AppError::TooManyRequests`] for too many in a
/// minute; or when the database or the log fails.
pub async fn stream_token(
    state: &AppState,
    caller: &Caller,
    id: ProjectId,
) -> Result<Committed<StreamToken>, AppError> {
    let (user, now) = (caller.user.id, state.now());
    state.arrivals.count(user)?;
    let (secret, subject) = (Secret::generate()?, caller.credential.subject());
    let expires_at = now + TOKEN_LIFETIME;
    let hash = secret.hash();
    // Nothing of the secret is in what the transaction stores or records.
    let done = state
        .live
        .write::<(), AppError>(author(user, None), move |write| {
            Box::pin(async move {
                role_in(write.tx(), user, &id).await?;
                store::forget_tokens(write.tx(), now).await?;
                let opens = Opens { project: id, user, subject, expires_at };
                store::insert_token(write.tx(), hash, &opens).await
            })
        })
        .await?;
    let token = format!("{PREFIX}{}", secret.reveal());
    let value = StreamToken { token, expires_at };
    Ok(Committed { value, cursor: done.cursor, as_of: done.as_of })
}

/// Whoever asked for a token that opens the stream of this project now; none opens no project.
///
/// # Errors
/// [`AppError::InvalidToken`] for any other; or when the database fails.
pub async fn open_with(
    state: &AppState,
    token: &str,
    id: Option<&ProjectId>,
) -> Result<Caller, AppError> {
    let secret = token.strip_prefix(PREFIX).and_then(|text| Secret::parse(text.as_bytes()));
    let secret = secret.ok_or(AppError::InvalidToken)?;
    let opens = store::find_token(&state.db, &secret.hash()).await?;
    let opens = opens.filter(|opens| Some(&opens.project) == id && opens.expires_at > state.now());
    let Opens { user, subject, .. } = opens.ok_or(AppError::InvalidToken)?;
    let caller = Caller::of_subject(&state.db, &subject, user, state.now()).await?;
    caller.ok_or(AppError::InvalidToken)
}
