//! Figures: the numbers that a text gives, each with its unit and where it stands.
//!
//! Owns what is a figure worth showing. Where a text gives none, its own length is shown.

use super::labels::Labels;
use crate::content::text::{
    extract,
    index::{Index, Token},
    selection::Worth,
};

/// A number and what it is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// As the text writes it, such as `$3.5 million` or `42%`.
    pub number: String,
    /// What is counted; empty if the number says it.
    pub unit: String,
    /// The words around it.
    pub context: String,
}

/// How many words a person reads in a minute.
const READING: usize = 200;
/// Words of context on each side of a number.
const AROUND: usize = 7;

/// Words that belong to the number before them.
const SCALES: &[&str] = &[
    "hundred",
    "thousand",
    "million",
    "millions",
    "billion",
    "billions",
    "trillion",
    "percent",
    "per",
    "tausend",
    "millionen",
    "milliarden",
    "prozent",
    "millions",
    "milliards",
    "millones",
    "milliarden",
];

/// The most telling figures of a text, in its order; then its length, until there are `most`.
pub fn of(index: &Index<'_>, worth: &Worth<'_, '_>, labels: &Labels, most: usize) -> Vec<Figure> {
    let mut found: Vec<(f32, usize, Figure)> = Vec::new();
    for (at, sentence) in index.sentences.iter().enumerate() {
        let tokens = index.tokens(sentence);
        for (position, token) in tokens.iter().enumerate() {
            if let Some((score, figure)) = figure(index, tokens, position, *token) {
                let known = found.iter().any(|(_, _, known)| {
                    known.number == figure.number && known.unit == figure.unit
                });
                if !known {
                    found.push((score * (0.5 + worth.sentence(at).min(2.0)), found.len(), figure));
                }
            }
        }
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    found.truncate(most);
    found.sort_by_key(|(_, order, _)| *order);
    // As the page of the document counts them.
    let words = extract::words_in(index.body);
    let length = [
        (words, labels.words),
        (words.div_ceil(READING), labels.minutes),
        (index.sentences.len(), labels.sentence_count),
    ];
    let length = length.into_iter().filter(|(number, _)| *number > 0).map(|(number, unit)| {
        Figure { number: labels.number(number), unit: unit.to_owned(), context: String::new() }
    });
    let missing = most - found.len();
    found.into_iter().map(|(_, _, figure)| figure).chain(length.take(missing)).collect()
}

/// The figure that starts at a word, and how telling it is. A year or the number of a chapter is
/// none.
fn figure(
    index: &Index<'_>,
    tokens: &[Token],
    position: usize,
    token: Token,
) -> Option<(f32, Figure)> {
    let digits = index.surface(token);
    if !digits.starts_with(char::is_numeric) || digits.chars().count() > 15 {
        return None;
    }
    let sentence = &index.body[tokens[0].start..];
    let at = token.start - tokens[0].start;
    let before = sentence[..at].chars().next_back();
    let after = &sentence[at + digits.len()..];
    let mut number = String::new();
    let mut score = 0.0;
    if let Some(sign) = before.filter(|c| matches!(c, '$' | '€' | '£' | '¥' | '₹')) {
        number.push(sign);
        score += 2.0;
    }
    number.push_str(digits);
    // `42%`, `42 %`, `20 €`.
    let mark = after.trim_start_matches([' ', '\u{A0}', '\u{202F}']).chars().next();
    if let Some(mark) = mark.filter(|c| matches!(c, '%' | '‰' | '€' | '٪' | '°')) {
        number.push(mark);
        score += 2.0;
    }
    // A letter right behind is part of a name, as in `3D`; a full stop before, of a version.
    if before.is_some_and(|c| matches!(c, '.' | '/' | '-' | ':' | '#'))
        || after.starts_with(['/', ':', '-'])
    {
        return None;
    }
    let mut next = position + 1;
    let mut end = token.end;
    if let Some(scale) = follower(index, tokens, next, end) {
        let word = index.surface(*scale).to_lowercase();
        if SCALES.contains(&word.as_str()) && word != "per" {
            number.push(' ');
            number.push_str(index.surface(*scale));
            (end, next) = (scale.end, next + 1);
            score += 1.5;
        }
    }
    let unit = follower(index, tokens, next, end)
        .filter(|unit| mark.is_none_or(|m| m.is_alphabetic()) && !index.is_stop(**unit))
        .map(|unit| index.surface(*unit))
        .filter(|unit| {
            unit.starts_with(char::is_lowercase) || !unit.chars().any(|c| c.is_uppercase())
        });
    let numbered = position.checked_sub(1).is_some_and(|p| {
        let word = index.surface(tokens[p]).to_lowercase();
        matches!(
            word.as_str(),
            "no" | "nr"
                | "vol"
                | "chapter"
                | "section"
                | "page"
                | "figure"
                | "article"
                | "number"
                | "kapitel"
                | "seite"
        )
    });
    let value: f64 =
        digits.chars().filter(char::is_ascii_digit).collect::<String>().parse().unwrap_or(0.0);
    let year = digits.len() == 4 && (1_000.0..2_100.0).contains(&value);
    if unit.is_some() && !year {
        score += 1.0;
    }
    if score == 0.0 || numbered {
        return None;
    }
    Some((
        score,
        Figure {
            number,
            unit: unit.unwrap_or_default().to_owned(),
            context: context(index, tokens, position),
        },
    ))
}

/// The word at a position, if nothing but a space is before it.
fn follower<'t>(
    index: &Index<'_>,
    tokens: &'t [Token],
    position: usize,
    end: usize,
) -> Option<&'t Token> {
    tokens.get(position).filter(|token| {
        let between = index.body.get(end..token.start);
        between.is_some_and(|b| !b.is_empty() && b.chars().all(|c| c.is_whitespace() || c == '%'))
    })
}

/// Some words before and after a number, with ellipses where the sentence goes on.
fn context(index: &Index<'_>, tokens: &[Token], position: usize) -> String {
    let from = position.saturating_sub(AROUND);
    let to = (position + AROUND).min(tokens.len() - 1);
    // With the sign before a first number, and the mark behind a last one.
    let start = if from == 0 { tokens[0].start } else { tokens[from].start };
    let sign = index.body[..start]
        .chars()
        .next_back()
        .filter(|c| matches!(c, '$' | '€' | '£' | '¥' | '₹'));
    let start = start - sign.map_or(0, char::len_utf8);
    let mark = index.body[tokens[to].end..]
        .chars()
        .next()
        .filter(|c| matches!(c, '%' | '‰' | '€' | '°' | ')'));
    let end = tokens[to].end + mark.map_or(0, char::len_utf8);
    let words = index.body[start..end].split_whitespace().collect::<Vec<_>>().join(" ");
    format!(
        "{}{words}{}",
        if from > 0 { "… " } else { "" },
        if to + 1 < tokens.len() { " …" } else { "" }
    )
}
