//! What may be written, and what is refused in which words.

use super::*;
use crate::error::AppError;

fn field_of<T: std::fmt::Debug>(refused: Result<T, AppError>) -> String {
    match refused {
        Err(AppError::Invalid { field, .. }) => field.unwrap_or_default(),
        other => panic!("a refusal of a field, not {other:?}"),
    }
}

#[test]
fn a_project_has_a_name_on_one_line_and_perhaps_a_description() {
    let new = |name: &str, description: &str| NewProject {
        name: name.to_owned(),
        description: description.to_owned(),
    };
    let kept = new("  The Union \n", " One.\r\nTwo. ").checked().unwrap();
    assert_eq!(kept, new("The Union", "One.\nTwo."));
    assert_eq!(new("A", "").checked().unwrap().description, "");
    let long = "é".repeat(LINE_MAX_CHARS);
    for name in ["", " \t", "two\nlines", &format!("{long}x")] {
        assert_eq!(field_of(new(name, "").checked()), "name", "{name:?}");
    }
    let long = "é".repeat(SUMMARY_MAX_CHARS + 1);
    for description in ["bell\u{7}", &long] {
        assert_eq!(field_of(new("A", description).checked()), "description");
    }
}

#[test]
fn a_source_is_text_of_at_most_two_megabytes() {
    let new = |text: &str| NewSource { source_name: "No. 10".to_owned(), text: text.to_owned() };
    let most = "a".repeat(SOURCE_MAX_BYTES);
    assert_eq!(new(&most).checked().unwrap().text.len(), SOURCE_MAX_BYTES);
    let refused = new(&format!("{most}a")).checked();
    assert!(matches!(refused, Err(AppError::TooLarge { .. })));
    for text in ["", " \n", "PK\0"] {
        assert_eq!(field_of(new(text).checked()), "text", "{text:?}");
    }
}

#[test]
fn at_once_are_decided_a_few_hundred_each_once() {
    let change = |ids: std::ops::Range<u64>| BulkChange {
        ids: ids.map(NodeId::of_bits).collect(),
        action: BulkAction::Accept,
    };
    let mut twice = change(0..3);
    twice.ids.extend(change(1..5).ids);
    assert_eq!(twice.checked().unwrap().0.len(), 5);
    assert_eq!(change(0..BULK_MAX as u64).checked().unwrap().0.len(), BULK_MAX);
    assert_eq!(field_of(change(0..0).checked()), "ids");
    assert_eq!(field_of(change(0..BULK_MAX as u64 + 1).checked()), "ids");
}

#[test]
fn what_a_change_may_write_is_what_is_checked() {
    let change = NodeChange { title: Some(" Faction ".to_owned()), ..NodeChange::default() };
    assert_eq!(change.checked().unwrap().title.as_deref(), Some("Faction"));
    let change = NodeChange { title: Some(String::new()), ..NodeChange::default() };
    assert_eq!(field_of(change.checked()), "title");
    assert_eq!(field_of("gone".parse::<NodeStatus>()), "status");
}
