//! What a project of the labs is, the same in the browser and on the server: its members, the sources
//! that were put into it, the nodes that are proposed from them, and the map of those accepted.
//!
//! Owns the types that travel and everything that can be decided without a database. It must not know
//! how any of it is stored.

mod id;
mod text;
mod project;
mod source;
mod node;
mod map;
#[cfg(test)]
mod tests;

pub use self::{
    id::{NodeId, ProjectId, SourceId},
    map::{ConceptMap, MapLink, MapNode},
    node::{
        BULK_MAX, BulkAction, BulkChange, BulkDone, Node, NodeChange, NodePage, NodeStatus,
        NodesById, StatusCounts, not_too_many,
    },
    project::{
        Member, MemberRole, NewMember, NewProject, Project, ProjectChange, StreamToken,
        TOKEN_LIFETIME,
    },
    source::{
        NewSource, PROJECT_MAX_BYTES, PROJECT_MAX_SOURCES, SOURCE_MAX_BYTES, Source, SourceStatus,
    },
    text::{LINE_MAX_CHARS, SUMMARY_MAX_CHARS},
};
