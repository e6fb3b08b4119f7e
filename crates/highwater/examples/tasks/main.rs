//! The README's live list, so that it is compiled. It runs nothing by itself: wiring it into axum is
//! in the README as well.

#![expect(missing_docs, reason = "the README explains it")]

mod own;
// As it stands in the README, where lines are shorter than rustfmt would have them.
#[rustfmt::skip]
pub mod list;

fn main() {}

#[test]
fn the_readme_shows_this_very_list() {
    assert!(include_str!("../../README.md").contains(include_str!("list.rs")));
}
