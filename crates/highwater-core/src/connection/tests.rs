//! The connection's rules, one example each. Jitter is off, so that waits are exact.

mod away;
mod polling;
mod positions;
mod properties;
mod refusals;

use super::*;
use crate::cursor::Epoch;

fn cursor(epoch: &str, major: u64) -> Cursor {
    Cursor::new(Epoch::new(epoch).unwrap(), major, 0)
}

fn settings() -> Settings {
    let backoff = Backoff { jitter_ms: 0, ..Backoff::default() };
    Settings { backoff, poll_jitter_ms: 0, ..Settings::default() }
}

/// The newest stream and where it resumes, if these commands ask for one.
fn asked(commands: &[Command]) -> Option<(StreamId, Option<Cursor>)> {
    commands.iter().rev().find_map(|command| match command {
        Command::Connect { stream, after } => Some((*stream, after.clone())),
        _ => None,
    })
}

fn wake(commands: &[Command]) -> Option<u64> {
    commands.iter().find_map(|command| match command {
        Command::Wake { in_ms } => Some(*in_ms),
        _ => None,
    })
}

/// Opened at 0 ms; the stream was asked for and nothing came yet.
fn connecting() -> (Connection, StreamId) {
    let mut connection = Connection::new(settings(), 1);
    let commands = connection.handle(0, Input::Open { after: Some(cursor("a", 5)) });
    let (stream, _) = asked(&commands).unwrap();
    (connection, stream)
}

/// Opened and connected at 0 ms.
fn connected() -> (Connection, StreamId) {
    let (mut connection, stream) = connecting();
    connection.handle(0, Input::Connected(stream, cursor("a", 5)));
    (connection, stream)
}

/// What the last failure said.
fn last_words(connection: &Connection) -> Option<&str> {
    connection.status().last_error.as_ref().map(|failure| failure.message.as_str())
}

/// Ends the stream and returns when the next attempt is due.
fn lose(connection: &mut Connection, now_ms: u64, stream: StreamId) -> u64 {
    connection.handle(now_ms, Input::Ended(stream, "connection reset".into()));
    connection.status().retry_at_ms.unwrap()
}

/// Lets the wait pass and returns the new stream.
fn wait(connection: &mut Connection) -> (u64, StreamId) {
    let at = connection.status().retry_at_ms.unwrap();
    assert_eq!(asked(&connection.handle(at - 1, Input::Time)), None, "too early");
    let (stream, _) = asked(&connection.handle(at, Input::Time)).unwrap();
    (at, stream)
}

#[test]
fn opening_connects_from_the_position_of_the_page() {
    let mut connection = Connection::new(settings(), 1);
    assert_eq!(connection.state(), &State::Disconnected);
    let after = Some(cursor("a", 5));
    assert_eq!(
        connection.handle(0, Input::Open { after: after.clone() }),
        [
            Command::Connect { stream: StreamId(1), after },
            Command::Changed,
            Command::Wake { in_ms: 37_500 }
        ]
    );
    assert_eq!(connection.state(), &State::Connecting);
    assert_eq!(connection.handle(1, Input::Open { after: None }), [], "it is open already");
}

#[test]
fn closing_aborts_the_stream_and_nothing_follows() {
    let (mut connection, stream) = connected();
    assert_eq!(connection.handle(1, Input::Close), [Command::Abort(stream), Command::Changed]);
    assert_eq!(connection.state(), &State::Disconnected);
    for input in [Input::Close, Input::Time, Input::Online, Input::Visible, Input::Reconnect] {
        assert_eq!(connection.handle(2, input), []);
    }
    let commands = connection.handle(3, Input::Open { after: None });
    assert_eq!(asked(&commands), Some((StreamId(2), None)), "a new session begins anew");
    assert_eq!(wake(&commands), Some(37_500), "the old timer may be gone");
}

#[test]
fn only_the_connected_event_makes_it_connected() {
    let (mut connection, stream) = connecting();
    assert_eq!(connection.handle(1, Input::Opened(stream)), []);
    assert_eq!(connection.state(), &State::Connecting);
    let commands = connection.handle(2, Input::Connected(stream, cursor("a", 5)));
    assert_eq!(commands, [Command::Changed]);
    assert_eq!(connection.state(), &State::Connected);
    assert_eq!(connection.status().last_connected_ms, Some(2));
}

#[test]
fn a_first_failure_that_never_connected_is_reconnecting_one() {
    let (mut connection, stream) = connecting();
    assert_eq!(
        connection.handle(10, Input::Ended(stream, "refused".into())),
        [Command::Changed, Command::Wake { in_ms: 1_000 }]
    );
    assert_eq!(connection.state(), &State::Reconnecting { attempt: 1 });
    assert_eq!(last_words(&connection), Some("refused"));
    assert_eq!(connection.status().retry_at_ms, Some(1_010));
}

#[test]
fn ten_failures_lead_to_error_and_manual_reconnect_recovers() {
    let (mut connection, mut stream) = connected();
    let (mut now, mut waits) = (0, Vec::new());
    for attempt in 1..=10 {
        waits.push(lose(&mut connection, now, stream) - now);
        assert_eq!(connection.state(), &State::Reconnecting { attempt });
        (now, stream) = wait(&mut connection);
        assert_eq!(connection.state(), &State::Connecting);
        assert_eq!(connection.status().reconnect_attempts, attempt);
    }
    assert_eq!(waits, [1, 2, 4, 8, 16, 30, 30, 30, 30, 30].map(|s| s * 1_000));

    connection.handle(now, Input::Ended(stream, "no route".into()));
    assert_eq!(connection.state(), &State::Error);
    let failure = Failure { message: "no route".into(), at_ms: now, attempt: 10 };
    assert_eq!(connection.status().last_error, Some(failure));
    for input in [Input::Time, Input::Online, Input::Visible] {
        let commands = connection.handle(now + 999_999, input);
        assert_eq!(asked(&commands), None, "only the user or a poll leads on");
    }

    now += 1_000_000;
    let commands = connection.handle(now, Input::Reconnect);
    let (stream, after) = asked(&commands).unwrap();
    assert_eq!(after, Some(cursor("a", 5)), "where it left off");
    assert_eq!(
        (connection.state(), connection.status().reconnect_attempts),
        (&State::Connecting, 0)
    );
    connection.handle(now, Input::Connected(stream, cursor("a", 5)));
    assert_eq!(connection.state(), &State::Connected);
    assert_eq!(connection.status().last_error, None);
}

#[test]
fn connected_resets_the_attempts_and_headers_do_not() {
    let (mut connection, stream) = connected();
    lose(&mut connection, 0, stream);
    let (now, stream) = wait(&mut connection);
    connection.handle(now, Input::Opened(stream));
    assert_eq!(lose(&mut connection, now, stream) - now, 2_000);
    let (now, stream) = wait(&mut connection);
    connection.handle(now, Input::Connected(stream, cursor("a", 5)));
    assert_eq!(connection.status().reconnect_attempts, 0);
    assert_eq!(lose(&mut connection, now, stream) - now, 1_000);
}

#[test]
fn waits_have_jitter_by_default() {
    let waits: Vec<u64> = (0..20)
        .map(|seed| {
            let mut connection = Connection::new(Settings::default(), seed);
            let (stream, _) = asked(&connection.handle(0, Input::Open { after: None })).unwrap();
            lose(&mut connection, 0, stream)
        })
        .collect();
    assert!(waits.iter().all(|wait| (1_000..=2_000).contains(wait)), "{waits:?}");
    assert!(waits.iter().any(|wait| *wait != waits[0]), "{waits:?}");
}

#[test]
fn the_servers_retry_replaces_the_base_of_the_backoff() {
    let (mut connection, stream) = connected();
    assert_eq!(connection.handle(0, Input::RetryHint(stream, 7_000)), []);
    assert_eq!(lose(&mut connection, 0, stream), 7_000);
    let (now, stream) = wait(&mut connection);
    assert_eq!(lose(&mut connection, now, stream) - now, 14_000, "it still doubles");
    let (now, stream) = wait(&mut connection);
    connection.handle(now, Input::Connected(stream, cursor("a", 5)));
    assert_eq!(lose(&mut connection, now, stream) - now, 1_000, "another stream is connected");
    let (now, stream) = wait(&mut connection);
    connection.handle(now, Input::RetryHint(stream, u64::MAX));
    connection.handle(now, Input::Connected(stream, cursor("a", 5)));
    assert_eq!(lose(&mut connection, now, stream) - now, 30_000, "within the maximum");
    connection.handle(now, Input::Close);
    let (stream, _) = asked(&connection.handle(now, Input::Open { after: None })).unwrap();
    assert_eq!(lose(&mut connection, now, stream) - now, 1_000, "a new session forgets it");
}

#[test]
fn servers_that_stop_in_good_order_never_lead_to_giving_up() {
    let (mut connection, mut stream) = connected();
    let mut now = 0;
    for restart in 1..=100 {
        connection.handle(now, Input::RetryHint(stream, restart * 80));
        assert_eq!(lose(&mut connection, now, stream) - now, restart * 80);
        assert_eq!(connection.state(), &State::Reconnecting { attempt: 1 });
        (now, stream) = wait(&mut connection);
        connection.handle(now, Input::Connected(stream, cursor("a", 5)));
        assert_eq!(connection.state(), &State::Connected);
    }
}

#[test]
fn online_and_visible_retry_at_once_and_use_one_attempt() {
    for input in [Input::Online, Input::Visible] {
        let (mut connection, stream) = connected();
        lose(&mut connection, 0, stream);
        let (stream, _) = asked(&connection.handle(5, input)).unwrap();
        assert_eq!(
            (connection.state(), connection.status().reconnect_attempts),
            (&State::Connecting, 1)
        );
        for late in [Input::Online, Input::Visible, Input::Time] {
            assert_eq!(asked(&connection.handle(1_000, late)), None, "one stream is enough");
        }
        assert_eq!(lose(&mut connection, 1_000, stream), 3_000);
        assert_eq!(connection.state(), &State::Reconnecting { attempt: 2 });
    }
}

#[test]
fn going_offline_ends_the_stream_at_once() {
    let (mut connection, stream) = connected();
    assert_eq!(
        connection.handle(5, Input::Offline),
        [Command::Abort(stream), Command::Changed, Command::Wake { in_ms: 1_000 }]
    );
    assert_eq!(connection.state(), &State::Reconnecting { attempt: 1 });
    assert_eq!(last_words(&connection), Some("the browser is offline"));
    assert_eq!(connection.handle(6, Input::Offline), [], "it counts once");
    assert!(asked(&connection.handle(7, Input::Online)).is_some());
}

#[test]
fn reconnect_replaces_a_stream_that_is_open() {
    let (mut connection, stream) = connected();
    let commands = connection.handle(1, Input::Reconnect);
    assert_eq!(commands[0], Command::Abort(stream));
    assert_eq!(asked(&commands), Some((StreamId(2), Some(cursor("a", 5)))));
    assert_eq!(connection.state(), &State::Connecting);
}

#[test]
fn a_stream_that_is_silent_for_two_and_a_half_heartbeats_is_ended() {
    for (mut connection, stream) in [connecting(), connected()] {
        connection.handle(10_000, Input::Received(stream));
        // The wake asked for at first comes at 37.5 s and finds that bytes came meanwhile.
        let commands = connection.handle(37_500, Input::Time);
        assert_eq!(commands, [Command::Wake { in_ms: 10_000 }]);
        assert_eq!(
            connection.handle(47_500, Input::Time),
            [Command::Abort(stream), Command::Changed, Command::Wake { in_ms: 1_000 }]
        );
        assert_eq!(connection.state(), &State::Reconnecting { attempt: 1 });
        assert_eq!(last_words(&connection), Some("the stream fell silent"));
    }
}

#[test]
fn every_input_of_the_stream_feeds_the_watchdog() {
    let (mut connection, stream) = connected();
    let inputs = [
        Input::Opened(stream),
        Input::Received(stream),
        Input::Connected(stream, cursor("a", 5)),
        Input::Delivered(stream, cursor("a", 6)),
        Input::Complete(stream, cursor("a", 6), 1),
        Input::RetryHint(stream, 1),
    ];
    let mut now = 0;
    for input in inputs {
        now += 37_499;
        connection.handle(now, input);
        connection.handle(now + 1, Input::Time);
        assert_eq!(connection.state(), &State::Connected);
    }
}

#[test]
fn becoming_visible_ends_a_stream_that_died_in_the_background_and_retries_at_once() {
    let (mut connection, stream) = connected();
    assert_eq!(connection.handle(37_499, Input::Visible), []);
    let commands = connection.handle(37_500, Input::Visible);
    assert_eq!(commands[0], Command::Abort(stream));
    assert_eq!(asked(&commands), Some((StreamId(2), Some(cursor("a", 5)))));
    assert_eq!(
        (connection.state(), connection.status().reconnect_attempts),
        (&State::Connecting, 1)
    );
}

#[test]
fn late_inputs_of_an_older_stream_change_nothing() {
    let (mut connection, old) = connected();
    lose(&mut connection, 0, old);
    wait(&mut connection);
    let before = connection.status().clone();
    for input in [
        Input::Connected(old, cursor("b", 9)),
        Input::Delivered(old, cursor("a", 9)),
        Input::Complete(old, cursor("a", 9), 9),
        Input::RetryHint(old, 9),
        Input::Ended(old, "late".into()),
        Input::Refused { stream: old, status: 401, retry_after_ms: None },
    ] {
        assert_eq!(connection.handle(1_001, input), []);
    }
    assert_eq!(connection.status(), &before);
}
