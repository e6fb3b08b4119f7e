//! The labs in the database.
//!
//! Owns the entities and every query on them, in SQL that SQLite and PostgreSQL share. It takes a
//! connection and never opens one, and decides nothing. What it writes, triggers record.

mod entity;
mod project;
mod source;
mod node;
mod token;

pub(super) use self::{
    node::{
        NewNode, delete_nodes, find_node, find_nodes, insert_links, insert_nodes, map, nodes,
        set_status, statuses_of, titles, update_node,
    },
    project::{
        add_member, delete_project, exists, find_project, insert_project, members, owners,
        projects, projects_of, remove_member, role_of, update_project,
    },
    source::{
        Text, delete_source, find_source, insert_source, set_readable, sources, text, texts,
        update_source,
    },
    token::{Opens, find_token, forget_tokens, insert_token},
};
use crate::server::database::column::{
    count, from_count, from_millis, named, to_millis, unreadable,
};
