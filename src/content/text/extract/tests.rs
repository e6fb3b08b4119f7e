//! What becomes of files of every kind, and of those that are no text.

use super::*;

fn text(bytes: &[u8]) -> Extracted {
    extract(bytes, Format::Text).unwrap()
}

fn outline(extracted: &Extracted) -> Vec<(u8, &str)> {
    for heading in &extracted.outline {
        assert!(extracted.body[heading.offset as usize..].starts_with(&heading.title));
    }
    extracted.outline.iter().map(|heading| (heading.level, heading.title.as_str())).collect()
}

#[test]
fn lines_broken_to_fit_a_page_are_joined() {
    let paper = text(include_bytes!("../../../../demo/documents/federalist-10.txt"));
    assert_eq!(
        outline(&paper),
        [
            (1, "The Federalist, No. 10"),
            (2, "The Same Subject Continued"),
            (2, "(The Union as a Safeguard Against Domestic Faction and Insurrection)"),
            (2, "MADISON"),
        ]
    );
    assert!(paper.body.contains(
        "AMONG the numerous advantages promised by a wellconstructed Union, none deserves to be more accurately developed"
    ));
    assert_eq!(paper.words, 3_036);
    assert_eq!(paper.direction, Direction::LeftToRight);
}

#[test]
fn an_empty_line_behind_every_line_ends_no_paragraph() {
    let paper = text(include_bytes!("../../../../demo/documents/federalist-51.txt"));
    assert!(paper.body.contains(
        "for maintaining in practice the necessary partition of power among the several departments, as laid down"
    ));
    assert!(paper.body.contains("\n\nHAMILTON OR MADISON\n\nTo the People"));
}

#[test]
fn lists_and_verse_keep_their_lines() {
    let list = text(b"Shopping\n\n- milk\n* bread and\n  butter\n1. first\n\nRoses are red,\nViolets are blue,\nSugar");
    assert_eq!(
        list.body,
        "Shopping\n\n\u{2022} milk\n\u{2022} bread and butter\n1. first\n\nRoses are red,\nViolets are blue,\nSugar"
    );
}

#[test]
fn markdown_loses_its_marks_and_keeps_its_words() {
    let source = "---\nauthor: x\n---\n# The *title*\n\nSome **bold** [link](http://x.y) and `code`.\nA second line.\n\n\
        ## Parts\n\n1. one\n2. two\n   - inner\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n<b>html</b>\n\n```\nlet x;\n\nlet y;\n```\nend";
    let extracted = extract(source.as_bytes(), Format::Markdown).unwrap();
    assert_eq!(
        extracted.body,
        "The title\n\nSome bold link and code. A second line.\n\nParts\n\n1. one\n2. two\n\u{2022} inner\n\n\
         a, b\n\n1, 2\n\nhtml\n\nlet x;\nlet y;\n\nend"
    );
    assert_eq!(outline(&extracted), [(1, "The title"), (2, "Parts")]);
}

#[test]
fn what_holds_no_text_is_refused_with_a_reason() {
    let refused = |bytes: &[u8]| extract(bytes, Format::Text).unwrap_err();
    assert_eq!(refused(b""), Unreadable::Empty);
    assert_eq!(refused(b"\xEF\xBB\xBF \r\n\t \n--- \n"), Unreadable::Empty);
    assert_eq!(extract(b"---\na: b\n---\n", Format::Markdown), Err(Unreadable::Empty));
    assert_eq!(refused(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), Unreadable::Binary);
    assert_eq!(refused(b"%PDF-1.7 obj"), Unreadable::Binary);
    assert_eq!(refused(b"caf\xe9 au lait"), Unreadable::NotUtf8 { offset: 3 });
}

#[test]
fn characters_that_nobody_sees_are_dropped() {
    let clean = text(
        "\u{FEFF}One\r\nti\u{AD}ny\u{200B} word\u{202E}s\u{A0}here.\r\rNext\u{2029}Last".as_bytes(),
    );
    assert_eq!(clean.body, "One tiny words here.\n\nNext\n\nLast");
    assert_eq!(clean.words, 6);
    assert_eq!(clean.characters, 32);
}

#[test]
fn one_line_of_two_megabytes_is_one_paragraph() {
    let line = "A sentence of the line. ".repeat(87_500);
    let extracted = text(line.as_bytes());
    assert_eq!(extracted.words, 87_500 * 5);
    assert_eq!(extracted.body, line.trim());
    assert!(extracted.outline.is_empty());
}

#[test]
fn text_from_right_to_left_is_told_by_its_letters() {
    assert_eq!(text("سافر العلماء إلى 3 مدن.".as_bytes()).direction, Direction::RightToLeft);
    assert_eq!(text("שלום, Rust.".as_bytes()).direction, Direction::LeftToRight);
    assert_eq!(text("שלום עולם, Rust.".as_bytes()).direction, Direction::RightToLeft);
}
