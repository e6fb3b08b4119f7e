//! What concepts hold whatever the text, and which ones real papers have.

use std::ops::ControlFlow;

use proptest::prelude::*;

use super::{confidence::Evidence, *};
use crate::content::text;

const PAPERS: [(&str, &str); 5] = [
    ("Federalist No. 2", include_str!("../../../demo/documents/federalist-02.txt")),
    ("Federalist No. 10", include_str!("../../../demo/documents/federalist-10.txt")),
    ("Federalist No. 14", include_str!("../../../demo/documents/federalist-14.txt")),
    ("Federalist No. 51", include_str!("../../../demo/documents/federalist-51.txt")),
    ("Federalist No. 78", include_str!("../../../demo/documents/federalist-78.txt")),
];

fn bodies(papers: &[(&str, &str)]) -> Vec<String> {
    let body = |text: &str| text::extract(text.as_bytes(), text::Format::Text).unwrap().body;
    papers.iter().map(|(_, paper)| body(paper)).collect()
}

fn found(bodies: &[impl AsRef<str>], limit: usize) -> Concepts {
    let readings: Vec<Reading<'_>> =
        bodies.iter().map(|body| Reading { title: "", body: body.as_ref() }).collect();
    extract(&readings, limit, &mut |_, _, _| ControlFlow::Continue(())).unwrap()
}

fn titles(concepts: &Concepts) -> Vec<&str> {
    concepts.concepts.iter().map(|concept| concept.title.as_str()).collect()
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What holds for every text.
fn check(concepts: &Concepts, bodies: &[impl AsRef<str>], limit: usize) {
    let list = &concepts.concepts;
    assert!(list.len() <= limit);
    assert!(list.windows(2).all(|pair| pair[0].confidence >= pair[1].confidence));
    let mut seen = HashSet::new();
    for concept in list {
        assert!(concept.confidence > 0.0 && concept.confidence <= 1.0, "{concept:?}");
        assert!(concept.mentions > 1, "{concept:?}");
        assert!(concept.title.chars().any(char::is_alphabetic), "{concept:?}");
        assert!(seen.insert(concept.title.to_lowercase()), "{concept:?}");
        assert!(!concept.summary.is_empty());
        let source = words(bodies[concept.source].as_ref());
        assert!(source.contains(&concept.summary), "{concept:?}");
    }
    assert!(concepts.links.windows(2).all(|pair| pair[0].weight >= pair[1].weight));
    let mut pairs = HashSet::new();
    for link in &concepts.links {
        assert!(link.one < link.other && link.other < list.len(), "{link:?}");
        assert!(link.weight > 0.0 && link.weight <= 1.0, "{link:?}");
        assert!(pairs.insert((link.one, link.other)));
    }
    assert!(concepts.links.len() <= 3 * list.len());
}

#[test]
fn a_paper_gives_what_it_is_known_for() {
    let ten = bodies(&PAPERS[1..2]);
    let concepts = found(&ten, 20);
    let titles = titles(&concepts);
    for known in ["faction", "majority", "parties", "property", "popular government"] {
        assert!(titles.contains(&known), "{known} in {titles:?}");
    }
    let faction = concepts.concepts.iter().find(|concept| concept.title == "faction").unwrap();
    assert!(faction.summary.starts_with("By a faction, I understand a number of citizens"));
    // However it is spelled, and nowhere else.
    let mentions = ten[0].to_lowercase().matches("faction").count();
    assert!(faction.mentions as usize <= mentions && faction.mentions > 10);

    let judges = found(&bodies(&PAPERS[4..]), 20);
    for known in ["Constitution", "courts", "judges", "judiciary", "courts of justice"] {
        assert!(self::titles(&judges).contains(&known), "{known} in {:?}", self::titles(&judges));
    }
}

#[test]
fn papers_together_give_the_concepts_of_each_with_a_sentence_that_one_of_them_has() {
    let bodies = bodies(&PAPERS);
    let concepts = found(&bodies, 40);
    check(&concepts, &bodies, 40);
    let titles = titles(&concepts);
    assert_eq!(titles.len(), 40);
    for known in ["government", "Union", "faction", "republic", "judges", "United States"] {
        assert!(titles.contains(&known), "{known} in {titles:?}");
    }
    for empty in ["number", "the", "time", "other", "1787", "Tuesday", "State of New York"] {
        assert!(!titles.contains(&empty), "{empty}");
    }
    let cited: HashSet<usize> = concepts.concepts.iter().map(|concept| concept.source).collect();
    assert_eq!(cited.len(), PAPERS.len());
    assert_eq!(concepts, found(&bodies, 40));
    // Fewer are the first of more.
    assert_eq!(self::titles(&found(&bodies, 10)), titles[..10]);
}

#[test]
fn links_join_what_shares_sentences() {
    let bodies = bodies(&PAPERS);
    let concepts = found(&bodies, 30);
    assert!(concepts.links.len() >= 30);
    let sentences: Vec<String> = bodies
        .iter()
        .flat_map(|body| body.split_inclusive(['.', '?', ';']))
        .map(|sentence| words(&sentence.to_lowercase()))
        .collect();
    let stem = |title: &str| title.to_lowercase().trim_end_matches(['s', 'y']).to_owned();
    for link in concepts.links.iter().take(20) {
        let title = |at: usize| stem(&concepts.concepts[at].title);
        let (one, other) = (title(link.one), title(link.other));
        let both = |s: &&String| s.contains(&one) && s.contains(&other);
        assert!(sentences.iter().any(|s| both(&s)), "{one} and {other}");
    }
    let linked = |one: &str, other: &str| {
        concepts.links.iter().any(|link| {
            let ends = [link.one, link.other].map(|at| concepts.concepts[at].title.as_str());
            ends == [one, other] || ends == [other, one]
        })
    };
    assert!(linked("Constitution", "judges"));
    assert!(linked("majority", "interest"));
}

#[test]
fn a_concept_is_written_as_the_sources_do_and_comes_once() {
    let notes = [
        "The Supply Chain begins at a mine. Every Supply Chain has suppliers. The supplier pays the mine.",
        "A Supply Chain is a network of suppliers. The network fails where one supplier fails.",
        "We audit the Supply Chain each year. The audit names the suppliers. The auditors left.",
    ];
    let concepts = found(&notes, 10);
    check(&concepts, &notes, 10);
    let titles = titles(&concepts);
    assert_eq!(titles.iter().filter(|title| title.contains("Chain")).count(), 1, "{titles:?}");
    assert_eq!(titles[0], "Supply Chain");
    assert_eq!(titles.iter().filter(|title| title.contains("supplier")).count(), 1);
    let chain = &concepts.concepts[0];
    assert_eq!((chain.mentions, chain.source), (4, 1));
    assert_eq!(chain.summary, "A Supply Chain is a network of suppliers.");
}

#[test]
fn other_languages_have_concepts_and_no_function_words() {
    let german = "Das Gesetz schützt die Freiheit der Bürger. Jeder Bürger hat ein Gewissen. Die Gesetze gelten für \
        jeden Bürger. Die Freiheit ist ein Wert. Vor dem Gesetz und vor der Freiheit steht nichts.";
    let arabic = "يولد جميع الناس أحرارا في الكرامة والحقوق. لكل إنسان حق في الحرية. الحرية حق لكل إنسان. لا كرامة بلا حرية.";
    let chinese = "人人生而自由。人人有权享有自由。自由是权利。人人有权利。";
    for text in [german, arabic, chinese] {
        let concepts = found(&[text], 10);
        check(&concepts, &[text], 10);
        assert!(!concepts.concepts.is_empty(), "{text}");
    }
    let concepts = found(&[german], 10);
    let titles = titles(&concepts);
    assert!(["Freiheit", "Gesetz", "Bürger"].iter().all(|t| titles.contains(t)), "{titles:?}");
    assert!(!titles.iter().any(|title| ["die", "das", "und", "ist"].contains(title)));
    let freedom = concepts.concepts.iter().find(|concept| concept.title == "Freiheit").unwrap();
    assert_eq!(freedom.summary, "Die Freiheit ist ein Wert.");
}

#[test]
fn next_to_nothing_gives_nothing() {
    for text in
        ["", " … ", "1787. 1788. 1787.", "The the the. Of the of.", "Words.", "It was. It is."]
    {
        assert_eq!(found(&[text], 10), Concepts::default(), "{text}");
    }
    assert_eq!(found(&[] as &[&str], 10), Concepts::default());
    assert_eq!(found(&bodies(&PAPERS[..1]), 0), Concepts::default());
}

#[test]
fn progress_goes_forward_and_each_stage_ends_at_its_total() {
    let bodies = bodies(&PAPERS[1..3]);
    let readings: Vec<Reading<'_>> =
        bodies.iter().map(|body| Reading { title: "", body }).collect();
    let mut heard = Vec::new();
    let concepts = extract(&readings, 12, &mut |stage, current, total| {
        heard.push((stage, current, total));
        ControlFlow::Continue(())
    });
    assert_eq!(concepts.unwrap().concepts.len(), 12);
    assert!(heard.windows(2).all(|pair| (pair[0].0, pair[0].1) < (pair[1].0, pair[1].1)));
    for (stage, steps) in [(Stage::Reading, 2), (Stage::Ranking, 2), (Stage::Linking, 12)] {
        let of: Vec<_> = heard.iter().filter(|told| told.0 == stage).collect();
        assert!(of.iter().all(|told| told.2 == steps));
        assert_eq!((of[0].1, of[of.len() - 1].1), (0, steps));
    }
    // Whenever it is told to stop, it does so and says no more.
    for stop in 0..heard.len() {
        let mut told = 0;
        let stopped = extract(&readings[..], 12, &mut |_, _, _| {
            told += 1;
            if told > stop { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        assert_eq!((stopped, told), (None, stop + 1));
    }
}

#[test]
fn a_megabyte_is_read() {
    let papers = bodies(&PAPERS).join("\n\n");
    let long = papers.repeat(1_000_000 / papers.len());
    let concepts = found(&[&long], 30);
    check(&concepts, &[&long], 30);
    assert_eq!(concepts.concepts.len(), 30);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_texts_give_concepts_within_bounds(
        bodies in prop::collection::vec("(\\PC{0,120}[.。\n ]){0,4}", 0..4),
        limit in 0..12_usize,
    ) {
        let concepts = found(&bodies, limit);
        check(&concepts, &bodies, limit);
        prop_assert_eq!(concepts, found(&bodies, limit));
    }

    #[test]
    fn texts_of_few_words_give_concepts_within_bounds(
        texts in prop::collection::vec(
            prop::collection::vec(prop::sample::select(&WORDS[..]), 0..160), 0..4),
        limit in 0..12_usize,
    ) {
        let bodies: Vec<String> = texts.iter().map(|words| words.join(" ")).collect();
        let concepts = found(&bodies, limit);
        check(&concepts, &bodies, limit);
        prop_assert_eq!(concepts, found(&bodies, limit));
    }

    #[test]
    fn more_evidence_is_never_less_confidence(
        rank in 0.0..1.0_f64, mentions in 0..1_000_u32, sentences in 0..1_000_usize,
        read in 0..9_usize, more in (0.0..0.5_f64, 0..9_u32, 0..9_usize, 0..9_usize),
    ) {
        let less = Evidence { rank, mentions, sentences, read, sources: 9 };
        let greater = Evidence {
            rank: (rank + more.0).min(1.0),
            mentions: mentions + more.1,
            sentences: sentences + more.2,
            read: (read + more.3).min(9),
            sources: 9,
        };
        prop_assert!((0.0..=1.0).contains(&less.confidence()));
        prop_assert!(less.confidence() <= greater.confidence());
    }
}

/// Words that sentences of every kind come of.
const WORDS: [&str; 16] = [
    "The",
    "the",
    "of",
    "and",
    "power",
    "powers",
    "Power",
    "judge",
    "judges",
    "public good",
    "good.",
    "court.",
    "Courts",
    "right?",
    "is a",
    "1787",
];
