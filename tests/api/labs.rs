//! Labs: what the two members of a project, strangers, and writers that know nothing of the
//! application do to it.

pub mod lab;

mod projects;
mod sources;
mod generation;
mod proposals;
mod stream;
mod anybody;
mod bulk;
