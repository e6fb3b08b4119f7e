//! What is written as gzip is the plain text, and there as soon as it is written.

use std::io::Write;

use axum::http::{HeaderMap, HeaderValue, header};
use flate2::write::GzDecoder;
use proptest::{collection::vec, prelude::*};

use super::*;

#[derive(Clone, Debug)]
enum Step {
    Shared(String),
    Own(String),
    /// The bytes leave for the client.
    Take,
}

/// From nothing to what needs several stored blocks; text that shrinks and text that does not.
fn texts() -> impl Strategy<Value = String> {
    let random = vec(prop::char::range('\u{0}', '\u{10ffff}'), 0..300)
        .prop_map(|chars| chars.into_iter().collect());
    prop_oneof![
        4 => "[a-f]{0,40}(\\{\"id\":\"ord_[0-9]{5}\"\\}){0,20}",
        4 => random,
        1 => (0..40_000_usize, any::<u64>()).prop_map(|(length, seed)| noise(length, seed)),
    ]
}

/// Text that no compressor makes much shorter.
fn noise(length: usize, seed: u64) -> String {
    let mut jitter = highwater_core::backoff::Jitter::new(seed);
    let chars =
        (0..length).filter_map(|_| char::from_u32((jitter.draw() >> 11) as u32 & 0x1f_ffff));
    chars.collect()
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step =
        prop_oneof![texts().prop_map(Step::Shared), texts().prop_map(Step::Own), Just(Step::Take),];
    vec(step, 0..12)
}

fn write(output: &mut Output, step: &Step) {
    match step {
        Step::Shared(text) => output.shared(&Text::from(text.clone())),
        Step::Own(text) => output.own(text.as_bytes()),
        Step::Take => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_sequence_of_texts_is_read_as_it_was_written_at_each_write(steps in steps()) {
        let (mut plain, mut gzip) = (Output::new(Encoding::Identity), Output::new(Encoding::Gzip));
        let (mut decoder, mut read) = (GzDecoder::new(Vec::new()), Vec::new());
        for step in &steps {
            write(&mut plain, step);
            write(&mut gzip, step);
            if let Step::Take = step {
                read.extend_from_slice(&plain.take());
                decoder.write_all(&gzip.take()).unwrap();
                decoder.flush().unwrap();
                prop_assert!(*decoder.get_ref() == read, "not all of it has arrived");
            }
        }
        plain.end();
        gzip.end();
        read.extend_from_slice(&plain.take());
        decoder.write_all(&gzip.take()).unwrap();
        // It checks sum and length.
        prop_assert!(decoder.finish().unwrap() == read);
    }
}

#[test]
fn a_shared_text_is_encoded_once_and_sent_without_a_copy() {
    let text = Text::from(r#"data: {"id":"ord_1"}, {"id":"ord_2"}, {"id":"ord_3"}"#.to_owned());
    for encoding in [Encoding::Identity, Encoding::Gzip] {
        let sent: Vec<Bytes> = (0..2)
            .map(|_| {
                let mut output = Output::new(encoding);
                output.take();
                output.shared(&text);
                output.take()
            })
            .collect();
        assert_eq!(sent[0].as_ptr(), sent[1].as_ptr(), "{encoding:?}");
    }
    assert!(text.blocks().len() < text.plain.len());
}

#[test]
fn text_that_does_not_shrink_costs_five_bytes_a_block() {
    let mut jitter = highwater_core::backoff::Jitter::new(7);
    let noise: Vec<u8> = (0..25_000).flat_map(|_| jitter.draw().to_le_bytes()).collect();
    assert_eq!(gzip::blocks(&noise).len(), noise.len() + 4 * 5);
    let short = "data: x\n\n";
    assert_eq!(gzip::blocks(short.as_bytes()).len(), short.len() + 5);
}

#[test]
fn gzip_is_sent_to_those_who_accept_it() {
    let asked = |values: &[&'static str]| {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(header::ACCEPT_ENCODING, HeaderValue::from_static(value));
        }
        Encoding::accepted(&headers)
    };
    for values in [
        &["gzip"][..],
        &["gzip, deflate, br, zstd"],
        &["br;q=1.0, GZIP;q=0.8, *;q=0.1"],
        &["deflate", "x-gzip"],
        &["*"],
        &["identity;q=0.5, gzip ; q=0.5"],
        &["identity;q=0, *;Q=0.001"],
    ] {
        assert_eq!(asked(values), Encoding::Gzip, "{values:?}");
    }
    for values in [
        &[][..],
        &[""],
        &["br, deflate"],
        &["gzip;q=0"],
        &["gzip;q=0.0, *"],
        &["*;q=0"],
        &["gzip;q=0.5, identity"],
        &["gzip;q=high"],
        &["gzip;q=NaN"],
        &["gzipped"],
    ] {
        assert_eq!(asked(values), Encoding::Identity, "{values:?}");
    }
}
