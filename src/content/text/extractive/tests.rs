//! What scripts hold whatever the text, and what those of real papers look like.

use proptest::prelude::*;

use super::*;
use crate::content::text::{Format, extract, infographic};

const PAPERS: [(&str, &str); 5] = [
    ("Federalist No. 2", include_str!("../../../../demo/documents/federalist-02.txt")),
    ("Federalist No. 10", include_str!("../../../../demo/documents/federalist-10.txt")),
    ("Federalist No. 14", include_str!("../../../../demo/documents/federalist-14.txt")),
    ("Federalist No. 51", include_str!("../../../../demo/documents/federalist-51.txt")),
    ("Federalist No. 78", include_str!("../../../../demo/documents/federalist-78.txt")),
];

fn body(text: &str) -> String {
    extract(text.as_bytes(), Format::Text).unwrap().body
}

fn script(title: &str, body: &str) -> Script {
    Extractive.write(&[Source { title, body }]).unwrap()
}

/// What is said of the text itself: all of host A's turns but the opening one.
fn passages(script: &Script) -> Vec<&str> {
    let turns = script.turns().skip(1).filter(|turn| turn.host == Host::A);
    turns.flat_map(|turn| turn.text.split("\n\n")).collect()
}

/// Whether each passage is in the text, word for word, after the one before.
fn in_order(passages: &[&str], body: &str) -> bool {
    let text = body.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut from = 0;
    passages.iter().all(|passage| {
        let found = text[from..].find(passage);
        from += found.map_or(0, |at| at + passage.len());
        found.is_some()
    })
}

#[test]
fn a_paper_becomes_a_conversation_in_its_own_words() {
    for (title, paper) in PAPERS {
        let body = body(paper);
        let script = script(title, &body);
        assert!(in_order(&passages(&script), &body), "{title}");
        let words = body.split_whitespace().count();
        assert!(
            (words / 6..words / 2).contains(&script.words()),
            "{title}: {} of {words}",
            script.words()
        );
        assert!(script.segments.len() >= 3, "{title}");
        // The title page is not part of the argument.
        assert!(
            passages(&script)
                .iter()
                .all(|p| !p.contains("To the People") && !p.contains("PUBLIUS"))
        );
        let hosts: Vec<Host> = script.turns().map(|turn| turn.host).collect();
        assert!(hosts.windows(2).all(|pair| pair[0] != pair[1]), "{title}: {hosts:?}");
        // Every segment is named with words of the text, and no two alike.
        let lower = body.to_lowercase();
        let mut titles: Vec<&str> =
            script.segments.iter().map(|segment| segment.title.as_str()).collect();
        for part in titles.iter().flat_map(|title| title.split(" and ")) {
            assert!(lower.contains(&part.to_lowercase()), "{title}: {part}");
        }
        titles.sort_unstable();
        titles.dedup();
        assert_eq!(titles.len(), script.segments.len());
    }
}

#[test]
fn no_wording_of_a_question_comes_twice_about_the_same_thing() {
    let script = script(PAPERS[1].0, &body(PAPERS[1].1));
    let mut asked: Vec<&str> =
        script.turns().filter(|turn| turn.host == Host::B).map(|turn| turn.text.as_str()).collect();
    let all = asked.len();
    asked.sort_unstable();
    asked.dedup();
    assert_eq!(asked.len(), all);
}

#[test]
fn several_documents_are_one_script_in_their_order() {
    let bodies: Vec<String> = PAPERS.iter().map(|(_, paper)| body(paper)).collect();
    let sources: Vec<Source<'_>> =
        PAPERS.iter().zip(&bodies).map(|((title, _), body)| Source { title, body }).collect();
    let script = Extractive.write(&sources).unwrap();
    assert!(in_order(&passages(&script), &bodies.join(" ")));
    assert!(script.words() < 4_000);
    for (title, _) in PAPERS {
        assert!(script.turns().any(|turn| turn.text.contains(title)), "{title}");
    }
    assert_eq!(script, Extractive.write(&sources).unwrap());
}

#[test]
fn headings_of_markdown_are_the_segments() {
    let (faction, judges) = (&body(PAPERS[1].1)[500..4_500], &body(PAPERS[4].1)[500..4_500]);
    let markdown =
        format!("# Papers\n\n## On *faction*\n\n{faction}\n\n## On judges\n\n{judges}\n");
    let extracted = extract(markdown.as_bytes(), Format::Markdown).unwrap();
    let script = script("Papers", &extracted.body);
    let titles: Vec<&str> = script.segments.iter().map(|segment| segment.title.as_str()).collect();
    assert_eq!(titles, ["On faction", "On judges"]);
}

#[test]
fn one_sentence_is_said_whole() {
    let script = script("", "Nothing is so small that it says nothing.");
    assert_eq!(passages(&script), ["Nothing is so small that it says nothing."]);
    assert!(!script.title.is_empty());
}

#[test]
fn a_document_without_words_has_nothing_to_say() {
    let source = |body| Source { title: "T", body };
    assert_eq!(Extractive.write(&[source(" … ")]), Err(NothingToSay));
    assert_eq!(Extractive.write(&[]), Err(NothingToSay));
    assert!(Extractive.write(&[source(""), source("Words.")]).is_ok());
}

#[test]
fn other_languages_are_spoken_to_in_themselves_or_in_their_own_words() {
    let german = "Die Würde des Menschen ist unantastbar. Sie zu achten und zu schützen ist Verpflichtung aller staatlichen Gewalt. ";
    let script_of = |text: &str| script("T", text);
    assert!(script_of(german).segments[0].turns[0].text.starts_with("Heute lesen wir „T“."));
    let arabic = "يولد جميع الناس أحرارا متساوين في الكرامة والحقوق. وقد وهبوا عقلا وضميرا وعليهم أن يعامل بعضهم بعضا بروح الإخاء.";
    let script = script_of(arabic);
    assert!(in_order(&passages(&script), arabic));
    assert!(script.turns().skip(1).all(|turn| !turn.text.contains("Let us")));
}

#[test]
fn a_list_is_said_item_by_item() {
    let script = script(
        "Shopping",
        &body(
            "We need a few things for the party tonight:\n\n- apples from the market\n- bread from the baker\n- cheese and wine",
        ),
    );
    let said = passages(&script).join(" ");
    assert!(
        said.contains("apples from the market. bread from the baker. cheese and wine"),
        "{said}"
    );
}

#[test]
fn one_line_of_two_megabytes_and_text_without_marks_are_written() {
    let paper = body(PAPERS[4].1).replace('\n', " ");
    let line = paper.repeat(2_000_000 / paper.len());
    let long = script("Long", &line);
    assert!((500..2_500).contains(&long.words()));
    let unmarked: String = paper.chars().filter(|c| c.is_alphanumeric() || *c == ' ').collect();
    assert!(in_order(&passages(&script("Unmarked", &unmarked)), &unmarked));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_is_written_and_drawn_or_refused(text in "\\PC{0,400}", title in "\\PC{0,40}") {
        let _ = Extractive.write(&[Source { title: &title, body: &text }]);
        let _ = infographic::draw(&title, &text);
        for format in [Format::Text, Format::Markdown] {
            if let Ok(extracted) = extract(text.as_bytes(), format) {
                let source = Source { title: &title, body: &extracted.body };
                prop_assert!(Extractive.write(&[source]).is_ok());
            }
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        for format in [Format::Text, Format::Markdown] {
            if let Ok(extracted) = extract(&bytes, format) {
                for heading in &extracted.outline {
                    prop_assert!(extracted.body[heading.offset as usize..].starts_with(&heading.title));
                }
            }
        }
    }

    #[test]
    fn every_sentence_that_is_said_is_in_the_text_and_in_its_order(
        words in prop::collection::vec(prop::collection::vec("[a-z]{2,9}", 3..14), 1..60),
        paragraph in 1..9_usize,
    ) {
        let sentences: Vec<String> = words.iter().map(|words| capitalised(&format!("{}.", words.join(" ")))).collect();
        let paragraphs: Vec<String> = sentences.chunks(paragraph).map(|chunk| chunk.join(" ")).collect();
        let body = paragraphs.join("\n\n");
        let script = script("Title", &body);
        let passages = passages(&script);
        prop_assert!(!passages.is_empty());
        prop_assert!(in_order(&passages, &body), "{passages:#?}");
    }
}
