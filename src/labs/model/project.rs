//! Projects, and who takes part in them.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{
    NodeId, NodeStatus, ProjectId, StatusCounts,
    text::{line, summary},
};
use crate::{account::model::UserId, error::AppError};

/// How long a token for a project's stream opens it.
pub const TOKEN_LIFETIME: Duration = Duration::from_secs(600);

/// A project as one of its members sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Project {
    /// Identity.
    pub id: ProjectId,
    /// What it is called.
    pub name: String,
    /// What it is about; may be empty.
    pub description: String,
    /// What the reader may do in it.
    pub role: MemberRole,
    /// How many people take part.
    pub members: u64,
    /// How many sources it has.
    pub sources: u64,
    /// How many nodes wait for a decision.
    pub proposed: u64,
    /// How many nodes were accepted.
    pub accepted: u64,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When its name or description last changed.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
    /// 1, and one more for each change of its name or description.
    pub version: u64,
}

/// What somebody may do in a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub enum MemberRole {
    /// Everything, also say who takes part, and delete the project.
    Owner,
    /// Everything else.
    Member,
}

/// Somebody who takes part in a project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ssr", schema(as = ProjectMember))]
pub struct Member {
    /// Whose account.
    pub user_id: UserId,
    /// Name to show.
    pub name: String,
    /// What they may do.
    pub role: MemberRole,
    /// Since when.
    #[serde(with = "time::serde::rfc3339")]
    pub added_at: OffsetDateTime,
}

/// A project to be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct NewProject {
    /// What it is called: one line.
    pub name: String,
    /// What it is about.
    #[serde(default)]
    pub description: String,
}

/// What is to be changed of a project.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct ProjectChange {
    /// What it is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The version that this was decided on; another one refuses it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
}

/// Somebody who is to take part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ssr", schema(as = NewProjectMember))]
pub struct NewMember {
    /// The email address of their account.
    pub email: String,
}

/// What opens the stream of one project, for a client that can send neither a cookie nor a header.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct StreamToken {
    /// For the parameter `token` of the stream's address.
    pub token: String,
    /// Until when it opens the stream; one that is open then stays open.
    #[serde(with = "time::serde::rfc3339")]
    pub expires_at: OffsetDateTime,
}

impl MemberRole {
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::Owner, Self::Member];

    /// Its name in the database and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Member => "member",
        }
    }
}

impl Project {
    /// Takes it that nodes, each with its status until now, have another one, or are gone.
    pub fn count_moved(&mut self, nodes: &[(NodeId, NodeStatus)], to: Option<NodeStatus>) {
        let (proposed, accepted) = (self.proposed, self.accepted);
        let mut counts = StatusCounts { proposed, accepted, rejected: 0 };
        nodes.iter().for_each(|(_, was)| counts.move_one(*was, to));
        (self.proposed, self.accepted) = (counts.proposed, counts.accepted);
    }
}

impl NewProject {
    /// As it is stored.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for what may not be written.
    pub fn checked(self) -> Result<Self, AppError> {
        Ok(Self {
            name: line("name", &self.name)?,
            description: summary("description", &self.description)?,
        })
    }
}

impl ProjectChange {
    /// As it is stored.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for what may not be written.
    pub fn checked(self) -> Result<Self, AppError> {
        Ok(Self {
            name: self.name.map(|name| line("name", &name)).transpose()?,
            description: self.description.map(|text| summary("description", &text)).transpose()?,
            version: self.version,
        })
    }
}
