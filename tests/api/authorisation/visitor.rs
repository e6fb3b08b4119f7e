//! Who knocks: [`Visitor`], from strangers to admins and their programs, and how each is let in.

use reqwest::Method;
use serde_json::json;

use super::{key, table::For};
use crate::{
    app::{ADMIN, ANA, CARLA, OLE, OPS, TestApp},
    client::Client,
};

/// Who knocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visitor {
    Nobody,
    EndedSession,
    RevokedToken,
    Coach,
    Member,
    Staff,
    Admin,
    StaffToken,
    MemberToken,
}

impl Visitor {
    pub const ALL: [Self; 9] = [
        Self::Nobody,
        Self::EndedSession,
        Self::RevokedToken,
        Self::Coach,
        Self::Member,
        Self::Staff,
        Self::Admin,
        Self::StaffToken,
        Self::MemberToken,
    ];

    pub fn is_known(self) -> bool {
        !matches!(self, Self::Nobody | Self::EndedSession | Self::RevokedToken)
    }

    pub fn may(self, line: For) -> bool {
        match line {
            For::All => true,
            For::AllButPrograms => !matches!(self, Self::StaffToken | Self::MemberToken),
            For::Users => self.is_known(),
            For::Sessions => {
                matches!(self, Self::Coach | Self::Member | Self::Staff | Self::Admin)
            }
            For::Staff => matches!(self, Self::Staff | Self::Admin | Self::StaffToken),
            For::Admins => self == Self::Admin,
        }
    }
}

/// A client that knocks as a visitor.
pub async fn client_of(app: &TestApp, visitor: Visitor) -> Client {
    let token_of = async |email: &str| {
        let session = app.sign_in(email).await;
        let made = session.post("/api/v1/tokens", json!({ "name": "program" })).await.json();
        let client = app.with_token(made["secret"].as_str().unwrap());
        (session, made["token"]["id"].clone(), client)
    };
    match visitor {
        Visitor::Nobody => app.client(),
        Visitor::EndedSession => {
            // Ended by another one, so that the client keeps its cookie.
            let (ended, other) = (app.sign_in(OLE).await, app.sign_in(OLE).await);
            let path = "/api/fn/end_other_sessions";
            other.post(path, json!({ "mutation": key() })).await.expect_status(200);
            ended
        }
        Visitor::RevokedToken => {
            let (session, id, client) = token_of(OLE).await;
            let path = format!("/api/v1/tokens/{id}");
            session.send(Method::DELETE, &path, |request| request).await.expect_status(204);
            client
        }
        Visitor::Coach => app.sign_in(CARLA).await,
        Visitor::Member => app.sign_in(ANA).await,
        Visitor::Staff => app.sign_in(OPS).await,
        Visitor::Admin => app.sign_in(ADMIN).await,
        Visitor::StaffToken => token_of(OPS).await.2,
        Visitor::MemberToken => token_of(ANA).await.2,
    }
}
