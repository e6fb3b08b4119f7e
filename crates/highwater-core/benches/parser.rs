//! How fast the parser reads a stream of typical events, in the chunks that a network cuts.

#![expect(clippy::unwrap_used, reason = "a benchmark stops at anything unexpected")]

use divan::{Bencher, counter::BytesCount};
use highwater_core::parser::Parser;

fn main() {
    divan::main();
}

/// Bytes of a chunk: a byte at a time, a packet of the Internet, a packet of the loopback.
const CHUNKS: [usize; 3] = [1, 1448, 65536];

/// 1,000 events of about 200 bytes.
fn stream() -> Vec<u8> {
    let event = |number: u32| {
        format!(
            "id: 3f9c2a1b.{number}.0\ndata: {{\"type\":\"order.updated\",\"id\":\"ord_10248\",\
             \"patch\":{{\"status\":\"packed\",\"note\":\"To be collected on Monday.\",\
             \"updatedAt\":\"2026-01-16T10:00:00Z\",\"version\":{number}}},\"ts\":1768557600000}}\n\n"
        )
    };
    (0..1000).flat_map(|number| event(number).into_bytes()).collect()
}

#[divan::bench(args = CHUNKS)]
fn thousand_events(bencher: Bencher, chunk: usize) {
    let stream = stream();
    bencher.counter(BytesCount::of_slice(&stream)).bench_local(|| {
        let mut parser = Parser::new();
        stream.chunks(chunk).map(|chunk| parser.push(chunk).unwrap().len()).sum::<usize>()
    });
}
