//! Pages that the browser puts aside and brings back.

use super::*;

#[test]
fn a_page_put_aside_has_no_stream_and_wants_none() {
    let (mut connection, stream) = connected();
    let commands = connection.handle(1, Input::Suspended);
    assert_eq!(commands, [Command::Abort(stream), Command::Changed]);
    assert_eq!(connection.state(), &State::Disconnected);
    for input in [
        Input::Suspended,
        Input::Time,
        Input::Online,
        Input::Offline,
        Input::Visible,
        Input::Reconnect,
        Input::Open { after: None },
    ] {
        assert_eq!(connection.handle(99_999, input), []);
    }
}

#[test]
fn it_resumes_exactly_where_it_was() {
    let (mut connection, stream) = connected();
    connection.handle(1, Input::Delivered(stream, cursor("a", 9)));
    connection.handle(2, Input::Suspended);
    assert_eq!(connection.handle(3, Input::Delivered(stream, cursor("a", 10))), [], "too late");
    let (_, after) = asked(&connection.handle(600_000, Input::Resumed)).unwrap();
    assert_eq!(after, Some(cursor("a", 9)));
    assert_eq!(connection.handle(600_001, Input::Resumed), [], "it is back already");
}

#[test]
fn it_begins_a_new_count_whatever_state_it_was_put_aside_in() {
    let (mut connection, stream) = connected();
    lose(&mut connection, 0, stream);
    connection.handle(1, Input::Suspended);
    assert_eq!(connection.status().retry_at_ms, None);
    assert!(asked(&connection.handle(2, Input::Resumed)).is_some());
    assert_eq!(connection.status().reconnect_attempts, 0);
}

#[test]
fn a_page_that_is_closed_while_it_is_aside_does_not_come_back() {
    let (mut connection, _) = connected();
    connection.handle(1, Input::Suspended);
    connection.handle(2, Input::Close);
    assert_eq!(connection.handle(3, Input::Resumed), []);
    assert!(asked(&connection.handle(4, Input::Open { after: None })).is_some());
}

/// A machine that slept: its timers ring late, and the first thing it hears may be any of these.
#[test]
fn a_stream_that_was_slept_through_is_replaced_at_once() {
    for input in [Input::Time, Input::Online, Input::Visible] {
        let (mut connection, stream) = connected();
        let commands = connection.handle(3_600_000, input.clone());
        assert_eq!(commands[0], Command::Abort(stream));
        if input == Input::Time {
            let at = connection.status().retry_at_ms.unwrap();
            assert!(asked(&connection.handle(at, Input::Time)).is_some());
        } else {
            assert!(asked(&commands).is_some());
        }
    }
}
