//! Where sentences end.

use super::split;

fn sentences(text: &str) -> Vec<&str> {
    split(text).into_iter().map(|range| &text[range]).collect()
}

#[test]
fn abbreviations_and_initials_do_not_end_a_sentence() {
    assert_eq!(
        sentences(
            "Mr. J. Smith, of Acme Inc. and others, met Dr. Jones in the U.S. Senate, e.g. on Jan. 5. See vol. 2, No. 10. It rained."
        ),
        [
            "Mr. J. Smith, of Acme Inc. and others, met Dr. Jones in the U.S. Senate, e.g. on Jan. 5.",
            "See vol. 2, No. 10.",
            "It rained.",
        ]
    );
    assert_eq!(
        sentences("It is in the U.S. The end came at 5 p.m. He left."),
        ["It is in the U.S.", "The end came at 5 p.m.", "He left."]
    );
}

#[test]
fn a_word_that_is_an_abbreviation_before_numbers_ends_a_sentence_elsewhere() {
    assert_eq!(sentences("The answer is no. Nobody came."), ["The answer is no.", "Nobody came."]);
    assert_eq!(sentences("It costs 3.50 a day. 20 came."), ["It costs 3.50 a day.", "20 came."]);
}

#[test]
fn quotations_stay_whole_and_take_their_closing_mark() {
    assert_eq!(
        sentences(
            "“Why?” he asked. She said “Go. Now.” and left... Then nothing! \"Well.\" Done (really. Yes.) now."
        ),
        [
            "“Why?” he asked.",
            "She said “Go. Now.” and left...",
            "Then nothing!",
            "\"Well.\"",
            "Done (really. Yes.) now.",
        ]
    );
}

#[test]
fn other_scripts_have_their_own_full_stops() {
    assert_eq!(sentences("你好。再见！好吗？"), ["你好。", "再见！", "好吗？"]);
    assert_eq!(sentences("هل وصل القطار؟ نعم. شكرا"), ["هل وصل القطار؟", "نعم.", "شكرا"]);
    assert_eq!(sentences("यह एक है। वह दो है।"), ["यह एक है।", "वह दो है।"]);
    assert_eq!(
        sentences("Er kam am 3. Oktober. Dann ging er, z.B. nach Haus."),
        ["Er kam am 3. Oktober.", "Dann ging er, z.B. nach Haus."]
    );
}

#[test]
fn the_number_of_an_item_is_not_part_of_it() {
    assert_eq!(sentences("1. First of all. Then more."), ["First of all.", "Then more."]);
}

#[test]
fn text_without_full_stops_is_taken_in_pieces_at_its_marks() {
    let clause = "so it went on and on without an end in sight for them; ";
    let text = clause.repeat(60);
    let pieces = sentences(&text);
    assert!(pieces.iter().all(|piece| piece.len() <= 600 && piece.ends_with(';')), "{pieces:?}");
    let words = "word ".repeat(50_000);
    assert!(sentences(&words).iter().all(|piece| piece.len() <= 600 && !piece.contains("wordw")));
    let nothing = "x".repeat(1_000_000);
    assert_eq!(sentences(&nothing).concat(), nothing);
    assert!(sentences("").is_empty() && sentences("  \n ").is_empty());
}
