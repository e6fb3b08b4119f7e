//! Coaching: two people, what they write, who hears of it, and who does not.

pub mod pair;
mod items;
mod sessions;
mod relationships;
mod notifications;
mod stream;
mod presence;
mod patches;
