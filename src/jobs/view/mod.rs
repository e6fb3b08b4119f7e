//! The page of jobs, and what other pages do with the job of their target.
//!
//! Owns what people see of jobs. It must not decide what is fresh, allowed or patched.

mod list;
mod row;
mod actions;
mod duration;
mod target;

pub use actions::{again, stop};
pub use list::JobsPage;
pub use row::{Error as JobError, Running as JobRunning};
pub use target::{JobAction, JobUnderWay};
