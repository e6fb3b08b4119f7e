//! Slow polling, from giving up until a stream is connected.

use super::*;

/// How long one poll comes after another without jitter.
const POLL_MS: u64 = 30_000;

const STANDS: Input = Input::SessionChecked(Session::Stands);
const ANSWERED: Input = Input::Polled { answered: true };

/// Opened, connected, and given up after ten attempts; and when that was.
fn given_up() -> (Connection, u64) {
    let (mut connection, mut stream) = connected();
    let mut now = 0;
    for _ in 0..10 {
        lose(&mut connection, now, stream);
        (now, stream) = wait(&mut connection);
    }
    connection.handle(now, Input::Ended(stream, "no route".into()));
    assert_eq!(connection.state(), &State::Error);
    (connection, now)
}

/// Lets a poll begin at this time.
fn begins(connection: &mut Connection, now_ms: u64) -> bool {
    connection.handle(now_ms, Input::Time).contains(&Command::CheckSession)
}

#[test]
fn giving_up_polls_at_once_and_then_every_half_minute() {
    let (mut connection, now) = given_up();
    assert!(connection.status().is_polling());
    for poll in 0..5 {
        let due = now + poll * POLL_MS;
        assert!(poll == 0 || !begins(&mut connection, due - 1), "too early");
        assert!(begins(&mut connection, due));
        // Nobody answers.
        assert_eq!(connection.handle(due, Input::SessionChecked(Session::Unknown)), []);
        assert_eq!(connection.state(), &State::Error);
    }
}

#[test]
fn polls_have_jitter_by_default() {
    let due: Vec<u64> = (0..20)
        .map(|seed| {
            let settings = Settings { max_attempts: 0, ..Settings::default() };
            let mut connection = Connection::new(settings, seed);
            let (stream, _) = asked(&connection.handle(0, Input::Open { after: None })).unwrap();
            connection.handle(0, Input::Ended(stream, "lost".into()));
            let first = connection.status().poll_at_ms.unwrap();
            assert!(first <= 5_000, "{first}");
            assert!(begins(&mut connection, first));
            connection.status().poll_at_ms.unwrap() - first
        })
        .collect();
    assert!(due.iter().all(|due| (POLL_MS..=POLL_MS + 5_000).contains(due)), "{due:?}");
    assert!(due.iter().any(|wait| *wait != due[0]), "{due:?}");
}

#[test]
fn a_poll_asks_for_the_session_then_for_what_is_shown_and_then_for_one_stream() {
    let (mut connection, now) = given_up();
    assert!(begins(&mut connection, now));
    assert_eq!(connection.handle(now, STANDS), [Command::Poll]);
    assert_eq!(connection.handle(now, STANDS), [], "asked once, answered once");
    let (stream, after) = asked(&connection.handle(now, ANSWERED)).unwrap();
    assert_eq!(after, Some(cursor("a", 5)), "where it left off");
    assert_eq!(asked(&connection.handle(now, ANSWERED)), None, "one stream is enough");

    // One attempt, not ten: it fails, and the next answered poll makes another.
    connection.handle(now, Input::Ended(stream, "refused".into()));
    assert_eq!(connection.state(), &State::Error);
    assert_eq!(connection.status().reconnect_attempts, 10);
    let now = connection.status().poll_at_ms.unwrap();
    assert!(begins(&mut connection, now));
    connection.handle(now, STANDS);
    let (stream, _) = asked(&connection.handle(now, ANSWERED)).unwrap();
    connection.handle(now, Input::Connected(stream, cursor("a", 5)));
    assert_eq!(connection.state(), &State::Connected);
    assert!(!connection.status().is_polling());
    assert!(!begins(&mut connection, now + POLL_MS));
}

#[test]
fn a_poll_that_was_not_answered_connects_nothing() {
    let (mut connection, now) = given_up();
    assert!(begins(&mut connection, now));
    connection.handle(now, STANDS);
    assert_eq!(connection.handle(now, Input::Polled { answered: false }), []);
    assert_eq!(connection.state(), &State::Error);
}

/// Somewhere on the way streams get stuck, and everything else gets through.
#[test]
fn polls_go_on_while_a_stream_that_was_asked_for_says_nothing() {
    let (mut connection, now) = given_up();
    assert!(begins(&mut connection, now));
    connection.handle(now, STANDS);
    connection.handle(now, ANSWERED);
    assert_eq!(connection.state(), &State::Connecting);
    assert!(begins(&mut connection, now + POLL_MS));
    assert_eq!(connection.handle(now + POLL_MS, STANDS), [Command::Poll]);
    assert_eq!(connection.handle(now + POLL_MS, ANSWERED), [], "it is being asked for");
}

#[test]
fn polls_go_on_while_the_user_has_it_try_again() {
    let (mut connection, now) = given_up();
    let (stream, _) = asked(&connection.handle(now, Input::Reconnect)).unwrap();
    lose(&mut connection, now, stream);
    assert_eq!(connection.state(), &State::Reconnecting { attempt: 1 });
    assert!(begins(&mut connection, now), "it was due");
    connection.handle(now, STANDS);
    assert!(asked(&connection.handle(now, ANSWERED)).is_some(), "sooner than it would have tried");
    assert_eq!(connection.status().reconnect_attempts, 1);
}

#[test]
fn a_session_that_ended_meanwhile_leads_to_sign_in() {
    let (mut connection, now) = given_up();
    assert!(begins(&mut connection, now));
    let commands = connection.handle(now, Input::SessionChecked(Session::Over));
    assert_eq!(commands, [Command::SignIn, Command::Changed]);
    assert_eq!(connection.state(), &State::Disconnected);
    assert!(!connection.status().is_polling());
}

#[test]
fn hidden_pages_do_not_poll_and_do_at_once_when_they_are_seen_again() {
    let (mut connection, now) = given_up();
    assert_eq!(connection.handle(now, Input::Hidden), []);
    for poll in 0..5 {
        assert_eq!(connection.handle(now + poll * POLL_MS, Input::Time), []);
    }
    let later = now + 5 * POLL_MS;
    assert!(connection.handle(later, Input::Visible).contains(&Command::CheckSession));
    connection.handle(later, Input::Hidden);
    assert_eq!(connection.handle(later, STANDS), [], "it is hidden again");
    // Looked at again and again, it polls no more often.
    for _ in 0..5 {
        let commands = connection.handle(later + 1_000, Input::Visible);
        assert!(!commands.contains(&Command::CheckSession));
        connection.handle(later + 1_000, Input::Hidden);
    }
}

#[test]
fn a_network_that_is_back_is_a_reason_to_poll() {
    let (mut connection, now) = given_up();
    assert!(begins(&mut connection, now));
    let commands = connection.handle(now + 1_000, Input::Online);
    assert!(commands.contains(&Command::CheckSession));
}

#[test]
fn a_poll_comes_no_sooner_than_retry_after() {
    let (mut connection, mut stream) = connected();
    let mut now = 0;
    for _ in 0..10 {
        lose(&mut connection, now, stream);
        (now, stream) = wait(&mut connection);
    }
    connection.handle(now, Input::Refused { stream, status: 503, retry_after_ms: Some(99_000) });
    assert_eq!(connection.state(), &State::Error);
    assert!(!begins(&mut connection, now + 98_999));
    assert!(!connection.handle(now + 98_999, Input::Online).contains(&Command::CheckSession));
    assert!(begins(&mut connection, now + 99_000));
}

#[test]
fn a_live_session_that_is_refused_a_stream_polls_and_asks_for_no_other() {
    let (mut connection, stream) = connecting();
    connection.handle(0, Input::Refused { stream, status: 403, retry_after_ms: None });
    assert!(!connection.status().is_polling(), "the session decides");
    connection.handle(1, STANDS);
    assert!(begins(&mut connection, 1));
    assert_eq!(connection.handle(1, STANDS), [Command::Poll]);
    assert_eq!(connection.handle(1, ANSWERED), []);
    assert_eq!(connection.state(), &State::Error);
    assert!(asked(&connection.handle(2, Input::Reconnect)).is_some(), "the user may insist");
}

#[test]
fn do_not_come_back_ends_the_polls() {
    let (mut connection, now) = given_up();
    let (stream, _) = asked(&connection.handle(now, Input::Reconnect)).unwrap();
    connection.handle(now, Input::Refused { stream, status: 204, retry_after_ms: None });
    assert_eq!(connection.state(), &State::Disconnected);
    assert!(!connection.status().is_polling());
}
