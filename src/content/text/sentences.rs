//! Sentences: where each one of a block ends.
//!
//! Owns the rules for abbreviations, initials, quotes and numbers. It must not change the text:
//! sentences are ranges of it.

use std::ops::Range;

use super::clean::{is_unspaced, marker};

mod abbreviations;
mod length;

/// The sentences of a block, as ranges of bytes in it, in order and without white space around.
/// One that nobody could listen to is divided further.
pub fn split(text: &str) -> Vec<Range<usize>> {
    let mut sentences = Vec::new();
    let first = skip_number(text);
    let mut start = first;
    let mut characters = text[first..].char_indices().map(|(at, c)| (first + at, c)).peekable();
    while let Some((at, character)) = characters.next() {
        if !is_terminator(character) {
            continue;
        }
        // The end takes in what repeats or closes: `?!`, `...`, `.”`, `.)`.
        let mut end = at + character.len_utf8();
        let mut run = 1;
        while let Some((next, follower)) = characters.peek().copied() {
            if is_terminator(follower) {
                run += 1;
            } else if !is_closer(follower, text.get(end..).unwrap_or_default()) {
                break;
            }
            end = next + follower.len_utf8();
            characters.next();
        }
        let rest = &text[end..];
        let spaced = rest.is_empty() || rest.starts_with(char::is_whitespace);
        if (spaced || is_unspaced(character)) && ends(&text[start..at], character, run, rest) {
            sentences.push(start..end);
            start = end;
        }
    }
    sentences.push(start..text.len());
    let trimmed = sentences.into_iter().filter_map(|range| trim(text, range));
    let mut whole: Vec<Range<usize>> = Vec::new();
    for sentence in trimmed {
        match whole.last_mut() {
            Some(last) if belongs(&text[last.clone()], &text[sentence.clone()]) => {
                last.end = sentence.end;
            }
            _ => whole.push(sentence),
        }
    }
    whole.into_iter().flat_map(|sentence| length::divide(text, sentence)).collect()
}

fn is_terminator(character: char) -> bool {
    matches!(
        character,
        '.' | '!'
            | '?'
            | '…'
            | '。'
            | '！'
            | '？'
            | '．'
            | '｡'
            | '؟'
            | '۔'
            | '।'
            | '॥'
            | '։'
            | '။'
    )
}

/// Whether a character closes what the sentence opened. A straight quote closes only where white
/// space follows it, or the end.
fn is_closer(character: char, rest: &str) -> bool {
    match character {
        '”' | '’' | '»' | '›' | ')' | ']' | '』' | '」' | '）' => true,
        '"' | '\'' | '*' | '_' => rest
            .chars()
            .nth(1)
            .is_none_or(|next| next.is_whitespace() || is_terminator(next) || next == ')'),
        // A German quotation ends with the mark that an English one begins with.
        '“' => rest.chars().nth(1).is_none_or(char::is_whitespace),
        _ => false,
    }
}

/// Where the text starts behind the number of an item, such as `1. `.
fn skip_number(text: &str) -> usize {
    marker(text).map_or(0, |(_, rest)| text.len() - rest.len())
}

/// Whether a terminator ends the sentence `before` it, given the `rest` of the text.
fn ends(before: &str, terminator: char, run: usize, rest: &str) -> bool {
    let next = rest.trim_start();
    let opened =
        next.trim_start_matches(['"', '“', '„', '«', '‘', '\'', '(', '[', '¿', '¡', '—', '–', ' ']);
    let Some(first) = opened.chars().next() else { return true };
    if first.is_lowercase() {
        // `“Why?” he asked` and `etc. and so on` go on.
        return is_unspaced(terminator);
    }
    if matches!(first, ',' | ';') {
        return false;
    }
    if terminator != '.' || run > 1 {
        return true;
    }
    let word = before
        .rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | '[' | '“' | '"' | '—'))
        .next()
        .unwrap_or_default();
    !abbreviations::goes_on(word, before.len() == word.len(), opened)
}

/// Whether a sentence only goes on in the next: a quotation or a bracket is still open, and
/// closes there.
fn belongs(sentence: &str, next: &str) -> bool {
    const LONGEST: usize = 400;
    if sentence.len() + next.len() > LONGEST {
        return false;
    }
    let depth = |text: &str, open: char, close: char| {
        text.chars().fold(0_i32, |depth, c| depth + i32::from(c == open) - i32::from(c == close))
    };
    let odd = |text: &str| text.chars().filter(|c| *c == '"').count() % 2 == 1;
    [('“', '”'), ('«', '»'), ('(', ')'), ('「', '」')]
        .iter()
        .any(|(open, close)| depth(sentence, *open, *close) > 0 && depth(next, *open, *close) < 0)
        || (odd(sentence) && odd(next))
}

/// A range without the white space at its ends; none if nothing else is in it.
fn trim(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let piece = &text[range.clone()];
    let start = range.start + (piece.len() - piece.trim_start().len());
    let end = start + piece.trim().len();
    (start < end).then_some(start..end)
}

#[cfg(test)]
mod tests;
