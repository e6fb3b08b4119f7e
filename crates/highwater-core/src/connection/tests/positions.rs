//! Where the next stream resumes, and what the status tells of the positions and times seen.

use super::*;

/// Where the connection would resume if its stream were replaced now.
fn resume(connection: &Connection) -> Option<Cursor> {
    let commands = connection.clone().handle(0, Input::Reconnect);
    asked(&commands).unwrap().1
}

#[test]
fn the_resume_position_follows_what_was_delivered_and_only_forward() {
    let (mut connection, stream) = connected();
    connection.handle(1, Input::Delivered(stream, cursor("a", 8)));
    assert_eq!(resume(&connection), Some(cursor("a", 8)));
    connection.handle(2, Input::Delivered(stream, cursor("a", 7)));
    assert_eq!(resume(&connection), Some(cursor("a", 8)));
    connection.handle(3, Input::Complete(stream, cursor("a", 11), 1));
    assert_eq!(resume(&connection), Some(cursor("a", 11)));
    connection.handle(4, Input::Complete(stream, cursor("a", 10), 2));
    connection.handle(5, Input::Delivered(stream, cursor("b", 99)));
    connection.handle(6, Input::Complete(stream, cursor("b", 99), 3));
    assert_eq!(resume(&connection), Some(cursor("a", 11)));
}

#[test]
fn a_page_without_position_resumes_from_where_the_server_began() {
    let mut connection = Connection::new(settings(), 1);
    let (stream, after) = asked(&connection.handle(0, Input::Open { after: None })).unwrap();
    assert_eq!(after, None);
    connection.handle(1, Input::Connected(stream, cursor("a", 3)));
    assert_eq!(resume(&connection), Some(cursor("a", 3)));
}

#[test]
fn connected_of_another_epoch_replaces_the_resume_position() {
    let (mut connection, stream) = connected();
    connection.handle(1, Input::Complete(stream, cursor("a", 9), 1));
    connection.handle(2, Input::Connected(stream, cursor("b", 2)));
    assert_eq!(resume(&connection), Some(cursor("b", 2)));
    assert_eq!(connection.status().complete_through, None, "it spoke of the other log");
    connection.handle(3, Input::Delivered(stream, cursor("b", 3)));
    assert_eq!(resume(&connection), Some(cursor("b", 3)));
}

#[test]
fn a_log_that_is_behind_the_resume_position_is_followed_from_where_it_begins() {
    let (mut connection, stream) = connected();
    connection.handle(1, Input::Complete(stream, cursor("a", 100), 1));
    lose(&mut connection, 2, stream);
    let (now, stream) = wait(&mut connection);
    connection.handle(now, Input::Connected(stream, cursor("a", 50)));
    assert_eq!(connection.status().complete_through, None);
    connection.handle(now, Input::Delivered(stream, cursor("a", 51)));
    assert_eq!(resume(&connection), Some(cursor("a", 51)), "52 to 100 are not skipped");
}

#[test]
fn a_lost_stream_resumes_after_the_last_delivery() {
    let (mut connection, stream) = connected();
    connection.handle(1, Input::Delivered(stream, cursor("a", 8)));
    let at = lose(&mut connection, 2, stream);
    let commands = connection.handle(at, Input::Time);
    assert_eq!(asked(&commands).unwrap().1, Some(cursor("a", 8)));
}

#[test]
fn complete_through_moves_forward_and_survives_a_lost_stream() {
    let (mut connection, stream) = connected();
    assert_eq!(connection.status().complete_through, None);
    let ping = Input::Complete(stream, cursor("a", 6), 1_700_000);
    assert_eq!(connection.handle(1, ping), [Command::Changed]);
    connection.handle(2, Input::Complete(stream, cursor("a", 5), 1_700_001));
    assert_eq!(connection.status().complete_through, Some(cursor("a", 6)));
    assert_eq!(connection.status().checked_ms, Some(1_700_001));
    lose(&mut connection, 3, stream);
    let (now, stream) = wait(&mut connection);
    connection.handle(now, Input::Connected(stream, cursor("a", 6)));
    assert_eq!(connection.status().complete_through, Some(cursor("a", 6)));
}

#[test]
fn a_complete_of_another_epoch_is_not_believed() {
    let (mut connection, stream) = connected();
    connection.handle(1, Input::Complete(stream, cursor("b", 6), 1));
    assert_eq!(connection.status().complete_through, None);
}

#[test]
fn an_event_without_a_position_is_heard_and_moves_none() {
    let (mut connection, stream) = connected();
    connection.handle(1, Input::Delivered(stream, cursor("a", 8)));
    assert_eq!(connection.handle(2_000, Input::Heard(stream)), [Command::Changed]);
    assert_eq!(connection.status().last_event_ms, Some(2_000));
    assert_eq!(resume(&connection), Some(cursor("a", 8)));
    assert_eq!(connection.status().complete_through, None);
}

#[test]
fn changed_is_not_emitted_for_bytes_and_at_most_once_a_second_for_events() {
    let (mut connection, stream) = connected();
    let told: Vec<u64> = (0..=30)
        .map(|tenth| tenth * 100)
        .filter(|&now| {
            assert_eq!(connection.handle(now, Input::Received(stream)), []);
            let commands = connection.handle(now, Input::Delivered(stream, cursor("a", 6 + now)));
            assert_eq!(connection.status().last_event_ms, Some(now));
            commands == [Command::Changed]
        })
        .collect();
    assert_eq!(told, [0, 1_000, 2_000, 3_000]);
}

#[test]
fn a_wake_longer_than_a_day_is_asked_for_in_parts() {
    let day = 24 * 60 * 60 * 1_000;
    let retry_after_ms = Some(2 * day);
    let (mut connection, stream) = connecting();
    connection.handle(0, Input::Refused { stream, status: 503, retry_after_ms });
    // The watchdog's wake, still outstanding, is the first to find the long wait.
    assert_eq!(connection.handle(37_500, Input::Time), [Command::Wake { in_ms: day }]);
    let rest = day - 37_500;
    assert_eq!(connection.handle(37_500 + day, Input::Time), [Command::Wake { in_ms: rest }]);
    assert!(asked(&connection.handle(2 * day, Input::Time)).is_some());
}
