//! API tokens: how programs are let in, recognised, and shut out again.
//!
//! Owns the text of a token (`hw_` and 64 hexadecimal digits) and who may manage them. It must not
//! know routes. A token does what its owner may do, except managing tokens and sessions, until it
//! is revoked; that ends its open streams in the same transaction, in log order.

use highwater::{AsOf, Committed, MutationId, Stamped, server::By};

use super::{
    caller::{Caller, Credential},
    live::AccountEvent,
    model::{
        ApiToken, CurrentUser, IssuedToken, MAX_TOKENS, TOKEN_NAME_MAX_CHARS, TOKEN_PREFIX,
        TokenId, UserId,
    },
    secret::Secret,
    service::{self, author},
    store::{self, token::NewToken},
};
use crate::{
    error::AppError,
    live::StudioEvent,
    server::state::{AppState, Live, Write},
};

/// How many of the secret's digits are shown in lists.
const SHOWN_DIGITS: usize = 6;

/// Whose token a secret proves, if there is such a token. The use is noted, about once a
/// minute.
///
/// # Errors
/// When the database fails.
pub async fn find(state: &AppState, secret: &Secret) -> Result<Option<Caller>, AppError> {
    let Some((token, user)) = store::token::find(&state.db, &secret.hash()).await? else {
        return Ok(None);
    };
    let credential = Credential::Token(token.id);
    credential.note_use(state, user.id, token.last_used_at);
    Ok(Some(Caller { credential, user, expires_at: None }))
}

/// A user's tokens, the newest first. The answer includes at least `min`.
///
/// # Errors
/// When the database or the log fails.
pub async fn list(
    live: &Live,
    user: UserId,
    min: Option<&AsOf>,
) -> Result<Stamped<Result<Vec<ApiToken>, AppError>>, AppError> {
    live.read(min, move |tx| {
        Box::pin(async move { Ok(Ok(store::token::of_user(tx, user).await?)) })
    })
    .await
}

/// Every token and whose it is, or those of one user, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn all(
    state: &AppState,
    user: Option<UserId>,
) -> Result<Vec<(ApiToken, CurrentUser)>, AppError> {
    store::token::all(&state.db, user).await
}

/// Makes a token for the caller, who must have signed in.
///
/// # Errors
/// [`AppError::Forbidden`] for an API token, and as [`issue`].
pub async fn create(
    state: &AppState,
    caller: &Caller,
    name: &str,
) -> Result<Committed<IssuedToken>, AppError> {
    caller.session()?;
    issue(state, caller.user.id, name).await
}

/// Makes a token for a user. Its secret is in the answer and nowhere else.
///
/// # Errors
/// [`AppError::Invalid`] for a name that cannot be, [`AppError::Conflict`] for one token too many.
pub async fn issue(
    state: &AppState,
    user: UserId,
    name: &str,
) -> Result<Committed<IssuedToken>, AppError> {
    let name = valid_name(name)?;
    let secret = Secret::generate()?;
    let text = format!("{TOKEN_PREFIX}{}", secret.reveal());
    let new = NewToken {
        name,
        token_hash: secret.hash(),
        prefix: text.chars().take(TOKEN_PREFIX.len() + SHOWN_DIGITS).collect(),
        created_at: state.now(),
    };
    // Nothing of the secret is in what the transaction stores or records.
    let done = state
        .live
        .write::<ApiToken, AppError>(By::actor(user.to_string()), move |write| {
            Box::pin(async move {
                if store::token::count(write.tx(), user).await? >= MAX_TOKENS {
                    let message =
                        format!("There are {MAX_TOKENS} tokens already. Revoke one first.");
                    return Err(AppError::Conflict { message });
                }
                let token = store::token::insert(write.tx(), user, new).await?;
                let event =
                    StudioEvent::Account(AccountEvent::TokenCreated { token: token.clone() });
                write.record(&[service::audience_of(user)], &event).await?;
                Ok(token)
            })
        })
        .await?;
    let Committed { value: token, cursor, as_of } = done;
    Ok(Committed { value: IssuedToken { token, secret: text }, cursor, as_of })
}

/// Revokes one of the caller's tokens: it opens nothing from now on, and its streams end.
///
/// # Errors
/// [`AppError::Forbidden`] for an API token, [`AppError::NotFound`] for a token that the caller
/// does not have.
pub async fn revoke(
    live: &Live,
    caller: &Caller,
    id: TokenId,
    by: Option<MutationId>,
) -> Result<Committed<()>, AppError> {
    caller.session()?;
    let owner = caller.user.id;
    let by = author(owner, by);
    live.write(by, move |write| {
        Box::pin(async move { delete(write, Some(owner), id).await.map(|_| ()) })
    })
    .await
}

/// Revokes anybody's token; answers which it was and whose.
///
/// # Errors
/// [`AppError::NotFound`] if there is none.
pub async fn revoke_any(live: &Live, id: TokenId) -> Result<(ApiToken, CurrentUser), AppError> {
    let done = live
        .write::<(ApiToken, CurrentUser), AppError>(By::nobody(), move |write| {
            Box::pin(async move { delete(write, None, id).await })
        })
        .await?;
    Ok(done.value)
}

async fn delete(
    write: &Write,
    owner: Option<UserId>,
    id: TokenId,
) -> Result<(ApiToken, CurrentUser), AppError> {
    let deleted = store::token::delete(write.tx(), owner, id).await?;
    let (token, user) =
        deleted.ok_or_else(|| AppError::NotFound { what: "API token".to_owned() })?;
    write.revoke(&Credential::Token(id).subject()).await?;
    let event = StudioEvent::Account(AccountEvent::TokenRevoked { id });
    write.record(&[service::audience_of(user.id)], &event).await?;
    Ok((token, user))
}

fn valid_name(name: &str) -> Result<String, AppError> {
    let name = name.trim();
    let length = name.chars().count();
    if length == 0 {
        return Err(AppError::invalid("name", "Give the token a name."));
    }
    if length > TOKEN_NAME_MAX_CHARS {
        let message =
            format!("A name has at most {TOKEN_NAME_MAX_CHARS} characters; this one has {length}.");
        return Err(AppError::invalid("name", message));
    }
    if name.contains(char::is_control) {
        return Err(AppError::invalid("name", "A name is one line of text."));
    }
    Ok(name.to_owned())
}
