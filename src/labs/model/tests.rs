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

#[test]
fn what_is_decided_leaves_the_page_of_what_waits_and_is_counted_where_it_goes() {
    let node = |bits: u64| Node {
        id: NodeId::of_bits(bits),
        project_id: ProjectId::of_bits(1),
        title: format!("Concept {bits}"),
        summary: String::new(),
        confidence: 0.5,
        mentions: 1,
        status: NodeStatus::Proposed,
        source_id: None,
        source_name: None,
        created_at: time::OffsetDateTime::UNIX_EPOCH,
        updated_at: time::OffsetDateTime::UNIX_EPOCH,
        version: 1,
    };
    let mut page = NodePage {
        rows: (1..=3).map(node).collect(),
        status: NodeStatus::Proposed,
        counts: StatusCounts { proposed: 3, accepted: 1, rejected: 0 },
        page: 1,
        pages: 1,
    };
    let ids = |page: &NodePage| page.rows.iter().map(|row| row.id.clone()).collect::<Vec<_>>();
    page.move_to(&[(NodeId::of_bits(1), NodeStatus::Proposed)], Some(NodeStatus::Accepted));
    assert_eq!(ids(&page), [NodeId::of_bits(2), NodeId::of_bits(3)]);
    assert_eq!(page.counts, StatusCounts { proposed: 2, accepted: 2, rejected: 0 });
    page.move_to(&[(NodeId::of_bits(2), NodeStatus::Proposed)], None);
    page.move_to(&[(NodeId::of_bits(9), NodeStatus::Rejected)], Some(NodeStatus::Proposed));
    assert_eq!(ids(&page), [NodeId::of_bits(3)], "what came from elsewhere is asked for");
    assert_eq!(page.counts, StatusCounts { proposed: 2, accepted: 2, rejected: 0 });
}
