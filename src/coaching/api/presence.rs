//! The server functions of who is in a session.

use leptos::prelude::*;

use crate::{
    calls::Calls,
    coaching::model::{CoachingSessionId, Place, Present, TabId},
    error::AppError,
};

/// Says that one's page is in a session, for the next seconds, and where one types there. Answers
/// who is.
#[server(prefix = "/api/fn", endpoint = "be_present", protocol = Calls)]
pub async fn be_present(
    session: CoachingSessionId,
    tab: TabId,
    typing: Option<Place>,
) -> Result<Vec<Present>, AppError> {
    use crate::{coaching::presence, server::request};
    let (state, caller) = request::identified()?;
    request::answered(presence::renew(&state, &caller, session, tab, typing).await)
}

/// Says that one's page is no longer in a session.
#[server(prefix = "/api/fn", endpoint = "leave_session", protocol = Calls)]
pub async fn leave_session(session: CoachingSessionId, tab: TabId) -> Result<(), AppError> {
    use crate::{coaching::presence, server::request};
    let (state, caller) = request::identified()?;
    presence::leave(&state, &caller, &session, &tab);
    Ok(())
}
