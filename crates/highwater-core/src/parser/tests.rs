//! The parser against examples of the rules, and against a plain reading of a whole stream.

use super::*;
use proptest::prelude::*;

fn message(event: &str, data: &str, id: Option<&str>) -> Item {
    Item::Message(Message { event: event.into(), data: data.into(), id: id.map(Into::into) })
}

fn parse(stream: impl AsRef<[u8]>) -> Vec<Item> {
    Parser::new().push(stream.as_ref()).unwrap()
}

fn parse_cut(chunks: &[&[u8]]) -> Vec<Item> {
    let mut parser = Parser::new();
    chunks.iter().flat_map(|chunk| parser.push(chunk).unwrap()).collect()
}

#[test]
fn a_block_of_fields_is_one_message() {
    assert_eq!(
        parse("event: order.updated\nid: a.7.0\ndata: {\"x\":1}\n\n"),
        [message("order.updated", "{\"x\":1}", Some("a.7.0"))]
    );
}

#[test]
fn data_lines_are_joined_and_the_last_line_feed_is_dropped() {
    assert_eq!(
        parse("data: YHOO\ndata: +2\ndata: 10\n\n"),
        [message("message", "YHOO\n+2\n10", None)]
    );
    assert_eq!(
        parse("data\n\ndata\ndata\n\n"),
        [message("message", "", None), message("message", "\n", None)]
    );
}

#[test]
fn exactly_one_leading_space_is_stripped() {
    assert_eq!(
        parse("data:test\n\ndata: test\n\ndata:  test \n\ndata:\ttest\n\n"),
        ["test", "test", " test ", "\ttest"].map(|data| message("message", data, None))
    );
}

#[test]
fn lines_end_with_cr_lf_or_crlf_also_across_chunks() {
    for end in ["\r", "\n", "\r\n"] {
        let stream = format!("data: a{end}data: b{end}{end}data: c{end}{end}");
        let expected = [message("message", "a\nb", None), message("message", "c", None)];
        assert_eq!(parse(&stream), expected, "{end:?}");
        let bytes: Vec<&[u8]> = stream.as_bytes().chunks(1).collect();
        assert_eq!(parse_cut(&bytes), expected, "{end:?} byte by byte");
    }
    assert_eq!(
        parse_cut(&[b"data: a\r", b"", b"\ndata: b\r", b"\n\r", b"\n"]),
        [message("message", "a\nb", None)]
    );
    assert_eq!(parse("data: a\n\r\ndata: b\r\r"), ["a", "b"].map(|d| message("message", d, None)));
}

#[test]
fn a_message_that_ends_with_cr_does_not_wait_for_the_next_byte() {
    let mut parser = Parser::new();
    assert_eq!(parser.push(b"data: a\r\r").unwrap(), [message("message", "a", None)]);
    assert_eq!(parser.push(b"\ndata: b\n\n").unwrap(), [message("message", "b", None)]);
}

#[test]
fn one_byte_order_mark_is_dropped_at_the_start_only() {
    let expected = [message("message", "a", None)];
    assert_eq!(parse("\u{feff}data: a\n\n"), expected);
    assert_eq!(parse_cut(&[b"\xEF", b"\xBB", b"\xBFdata: a\n\n"]), expected);
    assert_eq!(parse("\u{feff}\u{feff}data: a\n\n"), []);
    assert_eq!(parse("\n\u{feff}data: a\n\n"), []);
    assert_eq!(parse("data: \u{feff}a\n\n"), [message("message", "\u{feff}a", None)]);
    assert_eq!(parse("\u{feff}: comment\ndata: a\n\n"), expected);
}

#[test]
fn invalid_utf8_is_replaced_and_sequences_may_be_split_over_chunks() {
    assert_eq!(
        parse(b"data: a\xFFb\xF0\x9F\n\n"),
        [message("message", "a\u{fffd}b\u{fffd}", None)]
    );
    assert_eq!(
        parse_cut(&[b"data: \xF0", b"\x9F\x98", b"\x80\n\n"]),
        [message("message", "\u{1f600}", None)]
    );
    assert_eq!(
        parse(b"event: \xFF\nid: \xFE\ndata\n\n"),
        [message("\u{fffd}", "", Some("\u{fffd}"))]
    );
}

#[test]
fn comments_and_unknown_fields_are_ignored() {
    assert_eq!(
        parse(": hello\n:\n data: no\nData: no\nnothing\ndata: a\n: data: no\nfoo: bar\n\n"),
        [message("message", "a", None)]
    );
}

#[test]
fn a_field_without_colon_has_an_empty_value() {
    assert_eq!(parse("event: x\nevent\nid\ndata\n\n"), [message("message", "", Some(""))]);
}

#[test]
fn the_event_type_lasts_for_one_block() {
    assert_eq!(
        parse("event: a\n\ndata: 1\n\nevent: b\nevent: c\ndata: 2\n\n"),
        [message("message", "1", None), message("c", "2", None)]
    );
}

#[test]
fn retry_takes_ascii_digits_only_and_at_once() {
    assert_eq!(parse("retry: 2500\n"), [Item::Retry(2_500)]);
    assert_eq!(
        parse("retry:007\ndata: a\nretry: 8\n\n"),
        [Item::Retry(7), Item::Retry(8), message("message", "a", None)]
    );
    for value in ["", " ", "-1", "+1", "1.5", "1 ", "  1", "1s", "\u{0661}"] {
        assert_eq!(parse(format!("retry: {value}\n\n")), [], "{value:?}");
    }
    assert_eq!(parse("retry: 99999999999999999999999\n"), [Item::Retry(u64::MAX)]);
}

#[test]
fn an_id_with_nul_is_ignored() {
    assert_eq!(parse("id: 1\nid: a\0b\ndata\n\n"), [message("message", "", Some("1"))]);
    let mut parser = Parser::new();
    parser.push(b"id: 1\n\nid: \0\n\n").unwrap();
    assert_eq!(parser.last_event_id(), "1");
}

#[test]
fn the_last_event_id_lasts_until_another_block_ends_with_one() {
    let mut parser = Parser::new();
    assert_eq!(parser.last_event_id(), "");
    assert_eq!(
        parser.push(b"id: 1\ndata: a\n\ndata: b\n\n").unwrap(),
        [message("message", "a", Some("1")), message("message", "b", None)]
    );
    assert_eq!(parser.last_event_id(), "1");
    assert_eq!(parser.push(b"id: 2\ndata: c\n").unwrap(), []);
    assert_eq!(parser.last_event_id(), "1", "the block has not ended");
    parser.push(b"\nid\ndata: d\n\n").unwrap();
    assert_eq!(parser.last_event_id(), "", "an empty id resets it");
}

#[test]
fn a_block_without_data_is_no_message_but_sets_the_id() {
    let mut parser = Parser::new();
    assert_eq!(parser.push(b"event: x\nid: 5\n\n").unwrap(), []);
    assert_eq!(parser.last_event_id(), "5");
    assert_eq!(parser.push(b"data: a\n\n").unwrap(), [message("message", "a", None)]);
}

#[test]
fn an_incomplete_last_event_is_discarded() {
    assert_eq!(parse("data: a\n\ndata: b"), [message("message", "a", None)]);
    assert_eq!(parse("data: a\n\ndata: b\n"), [message("message", "a", None)]);
}

#[test]
fn an_event_within_the_limit_passes_and_one_byte_more_is_too_large() {
    let mut parser = Parser::with_limit(10);
    for _ in 0..100 {
        // The four bytes held for the first line leave room for six more.
        assert_eq!(parser.push(b"data:abc\ndata:d\n\n").unwrap().len(), 1);
        assert_eq!(parser.push(b": comment\n\n").unwrap(), []);
    }
    assert_eq!(parser.push(b"data:abc\ndata:de\n\n"), Err(TooLarge { limit: 10 }));
}

#[test]
fn a_line_that_never_ends_is_too_large_and_holds_nothing_more() {
    let mut parser = Parser::with_limit(1_000);
    let fit = (0..).take_while(|_| parser.push(&[b'x'; 64]).is_ok()).take(100).count();
    assert_eq!(fit, 15);
    assert_eq!(parser.push(b"\n\ndata: a\n\n"), Err(TooLarge { limit: 1_000 }), "it stays refused");
    assert_eq!(parser.line.capacity() + parser.block.len(), 0);
}

#[test]
fn an_endless_event_of_short_lines_is_too_large() {
    let mut parser = Parser::with_limit(1_000);
    let fit = (0..).take_while(|_| parser.push(b"data: 1\n").is_ok()).take(1_000).count();
    assert!((490..=500).contains(&fit), "{fit}");
}

/// The rules read plainly over a whole stream: decode, drop the mark, split, interpret.
fn reference(stream: &[u8]) -> (Vec<Item>, String) {
    let text = String::from_utf8_lossy(stream);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut lines: Vec<&str> = text.split('\n').collect();
    lines.pop();
    let (mut items, mut last_event_id) = (Vec::new(), String::new());
    let (mut event, mut data, mut id) = (String::new(), Vec::<String>::new(), None::<String>);
    for line in lines {
        if line.is_empty() {
            if let Some(id) = &id {
                last_event_id = id.clone();
            }
            if !data.is_empty() {
                let event = if event.is_empty() { "message" } else { &event };
                items.push(message(event, &data.join("\n"), id.as_deref()));
            }
            (event, data, id) = Default::default();
            continue;
        }
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value).to_owned();
        match name {
            "event" => event = value,
            "data" => data.push(value),
            "id" if !value.contains('\0') => id = Some(value),
            "retry" if !value.is_empty() && value.chars().all(|c| c.is_ascii_digit()) => {
                items.push(Item::Retry(value.parse().unwrap_or(u64::MAX)));
            }
            _ => {}
        }
    }
    (items, last_event_id)
}

/// Streams made of what the rules care about, and of anything else.
fn stream() -> impl Strategy<Value = Vec<u8>> {
    let known = prop::sample::select(vec![
        &b"data"[..],
        b"data: ",
        b"event:",
        b"id: ",
        b"id",
        b"retry: ",
        b"12",
        b":",
        b" ",
        b"\0",
        b"x",
        b"\xEF\xBB\xBF",
        b"\xEF",
        b"\xBB\xBF",
        b"\xF0\x9F",
        b"\x98\x80",
        b"\xED\xA0\x80",
    ]);
    let end = prop::sample::select(vec![&b"\n"[..], b"\r", b"\r\n", b"\n\n", b"\r\r", b"\r\n\r\n"]);
    let piece = prop_oneof![
        6 => known.prop_map(<[u8]>::to_vec),
        4 => end.prop_map(<[u8]>::to_vec),
        1 => prop::collection::vec(any::<u8>(), 0..4),
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

/// The same items, error and last event id, fed in chunks of the given sizes, over and over.
fn parse_in_chunks(
    stream: &[u8],
    sizes: &[usize],
    limit: usize,
) -> (Result<Vec<Item>, TooLarge>, String) {
    let mut parser = Parser::with_limit(limit);
    let (mut items, mut rest) = (Vec::new(), stream);
    for size in sizes.iter().cycle() {
        let (chunk, after) = rest.split_at((*size).min(rest.len()));
        match parser.push(chunk) {
            Ok(more) => items.extend(more),
            Err(error) => return (Err(error), String::new()),
        }
        rest = after;
        if rest.is_empty() {
            break;
        }
    }
    (Ok(items), parser.last_event_id().to_owned())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_chunking_gives_what_the_plain_reading_of_the_whole_gives(
        stream in stream(), sizes in prop::collection::vec(1_usize..9, 1..20)
    ) {
        let (items, last_event_id) = reference(&stream);
        let expected = (Ok(items), last_event_id);
        prop_assert_eq!(&parse_in_chunks(&stream, &[stream.len()], Parser::DEFAULT_LIMIT), &expected);
        prop_assert_eq!(&parse_in_chunks(&stream, &sizes, Parser::DEFAULT_LIMIT), &expected);
    }

    #[test]
    fn any_bytes_in_any_chunking_give_the_same(
        stream in prop::collection::vec(any::<u8>(), 0..300), sizes in prop::collection::vec(1_usize..40, 1..20)
    ) {
        let (items, last_event_id) = reference(&stream);
        prop_assert_eq!(parse_in_chunks(&stream, &sizes, Parser::DEFAULT_LIMIT), (Ok(items), last_event_id));
    }

    #[test]
    fn any_chunking_agrees_on_what_is_too_large(
        stream in stream(), sizes in prop::collection::vec(1_usize..9, 1..20), limit in 0_usize..60
    ) {
        let whole = parse_in_chunks(&stream, &[stream.len()], limit);
        if let (Ok(_), _) = &whole {
            prop_assert_eq!(&parse_in_chunks(&stream, &sizes, Parser::DEFAULT_LIMIT), &whole);
        }
        prop_assert_eq!(parse_in_chunks(&stream, &sizes, limit), whole);
    }
}
