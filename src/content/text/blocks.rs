//! Blocks: the headings, paragraphs and items of lists in a cleaned body, told apart by looks.
//!
//! Owns what looks like a heading. It must not change the text: blocks are slices of it.

use super::clean::{BULLET, marker};

/// A piece of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block<'a> {
    /// What it is.
    pub kind: Kind,
    /// Its text, without the bullet of an item.
    pub text: &'a str,
    /// Where `text` starts in the body, in bytes.
    pub offset: usize,
}

/// What a block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A short line above others, with its level from 1.
    Heading(u8),
    /// Sentences.
    Paragraph,
    /// An item of a list.
    Item,
}

/// The longest heading, in bytes and in words.
const HEADING: (usize, usize) = (100, 14);

/// More headings than this, one right after another, are no headings but short lines.
const STACK: usize = 5;

/// The blocks of a body, in order.
pub fn of(body: &str) -> Vec<Block<'_>> {
    let mut blocks: Vec<Block<'_>> = Vec::new();
    let mut offset = 0;
    for chunk in body.split("\n\n") {
        split_chunk(chunk, offset, &mut blocks);
        offset += chunk.len() + 2;
    }
    demote(&mut blocks);
    blocks
}

/// Adds the blocks of what stands between two empty lines.
fn split_chunk<'a>(chunk: &'a str, offset: usize, blocks: &mut Vec<Block<'a>>) {
    let lines = chunk.split('\n').scan(0, |at, line| {
        let start = *at;
        *at += line.len() + 1;
        Some((start, line))
    });
    // Where the block under way starts in the chunk, and what it is.
    let mut open: Option<(usize, Kind)> = None;
    let mut push = |open: Option<(usize, Kind)>, end: usize| {
        let Some((start, kind)) = open else { return };
        let text = chunk.get(start..end).unwrap_or_default();
        let trimmed = text.trim_start();
        if trimmed.trim_end().is_empty() {
            return;
        }
        let offset = offset + start + (text.len() - trimmed.len());
        blocks.push(Block { kind, text: trimmed.trim_end(), offset });
    };
    for (start, line) in lines {
        if marker(line).is_some() {
            push(open, start);
            let bullet = if line.starts_with(BULLET) { BULLET.len() } else { 0 };
            open = Some((start + bullet, Kind::Item));
        } else if open.is_none() {
            let kind = if chunk.trim().contains('\n') { None } else { heading(line.trim()) };
            open = Some((start, kind.map_or(Kind::Paragraph, Kind::Heading)));
        }
    }
    push(open, chunk.len());
}

/// The level of a line as a heading, if it looks like one.
fn heading(line: &str) -> Option<u8> {
    let (bytes, words) = HEADING;
    let first = line.chars().next()?;
    let last = line.chars().next_back()?;
    if line.len() > bytes
        || line.split_whitespace().count() > words
        || first.is_lowercase()
        || matches!(first, '"' | '“' | '„' | '«' | '‘' | '\'' | '|')
        || matches!(
            last,
            '.' | ',' | ';' | ':' | '!' | '…' | '"' | '”' | '。' | '！' | '।' | '۔' | '،'
        )
        || !line.chars().any(char::is_alphabetic)
    {
        return None;
    }
    // `2.1 Results` is a level below `2 Method`.
    let number = line.split(' ').next().filter(|n| n.starts_with(|c: char| c.is_ascii_digit()));
    let dots = number.map_or(0, |n| n.trim_end_matches('.').matches('.').count());
    Some(2 + u8::try_from(dots).unwrap_or(4).min(4))
}

/// Takes back what cannot be a heading: the last lines, and one of many in a row. The first
/// heading of a body is its title.
fn demote(blocks: &mut [Block<'_>]) {
    let mut start = 0;
    while start < blocks.len() {
        let is_heading = |block: &Block<'_>| matches!(block.kind, Kind::Heading(_));
        let run = blocks[start..].iter().take_while(|block| is_heading(block)).count();
        if run > STACK || start + run == blocks.len() {
            for block in &mut blocks[start..start + run] {
                block.kind = Kind::Paragraph;
            }
        } else if start == 0 && run > 0 {
            blocks[0].kind = Kind::Heading(1);
        }
        start += run.max(1);
    }
}
