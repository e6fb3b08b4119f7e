//! What it costs to write a script: from a megabyte of text to segments and turns, on one core.

use divan::{Bencher, counter::BytesCount};
use studio::content::text::{Extractive, Format, ScriptWriter, Source, extract};

fn main() {
    divan::main();
}

/// The five papers, again and again, as one document.
fn text(bytes: usize) -> String {
    let papers = [
        include_str!("../demo/documents/federalist-02.txt"),
        include_str!("../demo/documents/federalist-10.txt"),
        include_str!("../demo/documents/federalist-14.txt"),
        include_str!("../demo/documents/federalist-51.txt"),
        include_str!("../demo/documents/federalist-78.txt"),
    ];
    let mut text = String::new();
    for paper in papers.iter().cycle() {
        text.push_str(paper);
        text.push_str("\n\n");
        if text.len() >= bytes {
            break;
        }
    }
    text.truncate(bytes);
    text
}

#[divan::bench(args = [20_000, 1_000_000, 5_000_000])]
fn write(bencher: Bencher, bytes: usize) {
    let text = text(bytes);
    let body =
        extract(text.as_bytes(), Format::Text).map(|extracted| extracted.body).unwrap_or_default();
    bencher
        .counter(BytesCount::of_str(&body))
        .bench(|| Extractive.write(&[Source { title: "Papers", body: divan::black_box(&body) }]));
}

#[divan::bench(args = [1_000_000])]
fn read(bencher: Bencher, bytes: usize) {
    let text = text(bytes);
    bencher
        .counter(BytesCount::of_str(&text))
        .bench(|| extract(divan::black_box(text.as_bytes()), Format::Text));
}
