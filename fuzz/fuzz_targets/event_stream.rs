//! Any bytes in any chunks are read without a panic, as the same messages however they were cut,
//! and in memory bounded by the limit of one event.

#![no_main]

use std::alloc::System;

use highwater_core::parser::{Item, Parser};
use libfuzzer_sys::fuzz_target;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Small, so that the fuzzer passes it.
const LIMIT: usize = 64;

/// What a parser may hold for each byte of its limit: an invalid byte becomes three of a
/// replacement character, a string that grows reserves twice its length, and line, fields and the
/// id in force each hold up to the limit.
const HELD_PER_BYTE: usize = 24;

fuzz_target!(|stream: &[u8]| {
    let unlimited = read(Parser::new(), [stream]);
    assert!(!unlimited.refused, "nothing that fits in here is too large");

    let whole = read(Parser::with_limit(LIMIT), [stream]);
    let bytes = read(Parser::with_limit(LIMIT), stream.chunks(1));
    let pieces = read(Parser::with_limit(LIMIT), cut_by_itself(stream));
    holds_little(cut_by_itself(stream));
    for cut in [bytes, pieces] {
        assert_eq!(cut.refused, whole.refused);
        assert_eq!(cut.last_event_id.is_some(), whole.last_event_id.is_some());
        assert!(unlimited.items.starts_with(&cut.items));
        if !whole.refused {
            assert_eq!(cut.items, unlimited.items);
            assert_eq!(cut.last_event_id, unlimited.last_event_id);
        }
    }
});

struct Reading {
    items: Vec<Item>,
    /// An event was too large.
    refused: bool,
    /// The id in force at the end, of a stream that was read to its end.
    last_event_id: Option<String>,
}

fn read<'a>(mut parser: Parser, chunks: impl IntoIterator<Item = &'a [u8]>) -> Reading {
    let mut items = Vec::new();
    for chunk in chunks {
        let Ok(found) = parser.push(chunk) else {
            assert!(parser.push(b"data: a\n\n").is_err(), "a refused stream stays refused");
            return Reading { items, refused: true, last_event_id: None };
        };
        items.extend(found);
    }
    let last_event_id = Some(parser.last_event_id().to_owned());
    Reading { items, refused: false, last_event_id }
}

fn holds_little<'a>(chunks: impl IntoIterator<Item = &'a [u8]>) {
    let region = Region::new(ALLOCATOR);
    let mut parser = Parser::with_limit(LIMIT);
    for chunk in chunks {
        // Messages belong to the caller, who drops them.
        let _ = parser.push(chunk);
        let change = region.change();
        let held = change.bytes_allocated.saturating_sub(change.bytes_deallocated);
        assert!(held <= LIMIT * HELD_PER_BYTE, "a parser of {LIMIT} bytes holds {held}");
    }
}

/// Chunks of 0 to 7 bytes, whose lengths are taken from the stream's own bytes.
fn cut_by_itself(stream: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = stream;
    let mut may_be_empty = true;
    std::iter::from_fn(move || {
        let first = *rest.first()?;
        let length = usize::from(first % 8).max(usize::from(!may_be_empty)).min(rest.len());
        may_be_empty = length > 0;
        let (chunk, after) = rest.split_at(length);
        rest = after;
        Some(chunk)
    })
}
