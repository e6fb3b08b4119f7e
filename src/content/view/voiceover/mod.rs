//! The pages of voiceovers.
//!
//! Owns what people see of voiceovers. It must not decide what is fresh, allowed or patched.

mod list;
mod new;
mod fields;
mod detail;
mod edit;
mod actions;

pub use detail::VoiceoverPage;
pub use list::VoiceoverListPage;
