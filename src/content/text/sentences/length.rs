//! Length: text without full stops still has to be taken in pieces.
//!
//! Owns how long a sentence may get, and where a longer one is divided.

use std::ops::Range;

/// The longest sentence that is left whole, in bytes. Half a minute of speech.
const LONGEST: usize = 600;

/// Divides a sentence until no piece is longer than can be listened to, at the mark that parts
/// most: semicolons and colons, then commas, then spaces, then anywhere between two characters.
pub fn divide(text: &str, sentence: Range<usize>) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let mut waiting = vec![sentence];
    while let Some(range) = waiting.pop() {
        if range.len() <= LONGEST {
            pieces.push(range);
            continue;
        }
        let at = range.start + cut(&text[range.clone()]);
        waiting.extend(super::trim(text, at..range.end));
        waiting.extend(super::trim(text, range.start..at));
    }
    pieces
}

/// Where to cut a piece in two: never at its ends.
fn cut(piece: &str) -> usize {
    let strong = |c: char| matches!(c, ';' | ':' | '；' | '：' | '؛' | '—' | '\n');
    let weak = |c: char| matches!(c, ',' | '，' | '、' | '،');
    [&strong as &dyn Fn(char) -> bool, &weak, &char::is_whitespace]
        .into_iter()
        .find_map(|mark| nearest(piece, mark))
        .unwrap_or_else(|| piece.ceil_char_boundary(piece.len() / 2))
}

/// The end of the mark that is nearest to the middle, if one is in the middle half.
fn nearest(piece: &str, mark: &dyn Fn(char) -> bool) -> Option<usize> {
    let middle = piece.ceil_char_boundary(piece.len() / 2);
    let (low, high) = (piece.len() / 4, piece.len() * 3 / 4);
    // A mark inside a number or a word, as in `10:30`, parts nothing.
    let parts = |at: usize, c: char| {
        let end = at + c.len_utf8();
        (mark(c)
            && (!c.is_ascii()
                || c.is_whitespace()
                || piece[end..].starts_with(char::is_whitespace)))
        .then_some(end)
    };
    let after = piece[middle..]
        .char_indices()
        .map(|(at, c)| (middle + at, c))
        .take_while(|(at, _)| *at < high)
        .find_map(|(at, c)| parts(at, c));
    let before = piece[..middle]
        .char_indices()
        .rev()
        .take_while(|(at, _)| *at > low)
        .find_map(|(at, c)| parts(at, c));
    match (before, after) {
        (Some(before), Some(after)) if middle - before <= after - middle => Some(before),
        (before, None) => before,
        (_, after) => after,
    }
}
