//! What each answer other than 200 leads to.

use super::*;

fn refuse(connection: &mut Connection, stream: StreamId, status: u16) -> Vec<Command> {
    connection.handle(0, Input::Refused { stream, status, retry_after_ms: None })
}

#[test]
fn an_unauthorised_stream_is_not_retried_and_a_dead_session_leads_to_sign_in() {
    for status in [401, 403] {
        let (mut connection, stream) = connecting();
        assert_eq!(
            refuse(&mut connection, stream, status),
            [Command::Abort(stream), Command::CheckSession, Command::Changed]
        );
        assert_eq!(connection.state(), &State::Error);
        for input in [Input::Time, Input::Online, Input::Visible] {
            assert_eq!(connection.handle(99_999, input), []);
        }
        let answer = Input::SessionChecked(Session::Over);
        assert_eq!(connection.handle(1, answer), [Command::SignIn, Command::Changed]);
        assert_eq!(connection.state(), &State::Disconnected);
        assert_eq!(connection.handle(2, Input::Reconnect), [], "the session is over");
        assert!(asked(&connection.handle(3, Input::Open { after: None })).is_some());
    }
}

#[test]
fn a_stream_that_is_forbidden_to_a_live_session_is_an_error_in_words() {
    let (mut connection, stream) = connecting();
    refuse(&mut connection, stream, 403);
    let answer = Input::SessionChecked(Session::Stands);
    assert_eq!(connection.handle(1, answer.clone())[0], Command::Changed);
    assert_eq!(connection.state(), &State::Error);
    assert_eq!(last_words(&connection), Some("you are signed in, but the server answered 403"));
    assert_eq!(connection.handle(2, answer), [], "asked once, answered once");
}

#[test]
fn an_answer_about_the_session_counts_only_while_it_is_asked_for() {
    let (mut connection, _) = connected();
    let answer = Input::SessionChecked(Session::Over);
    assert_eq!(connection.handle(1, answer.clone()), []);
    assert_eq!(connection.state(), &State::Connected);
    let (mut connection, stream) = connecting();
    refuse(&mut connection, stream, 401);
    connection.handle(1, Input::Reconnect);
    assert_eq!(connection.handle(2, answer), []);
    assert_eq!(connection.state(), &State::Connecting);
}

#[test]
fn no_content_stops_until_the_user_asks() {
    let (mut connection, stream) = connecting();
    let commands = refuse(&mut connection, stream, 204);
    assert_eq!(commands, [Command::Abort(stream), Command::Changed]);
    assert_eq!(connection.state(), &State::Disconnected);
    for input in [Input::Time, Input::Online, Input::Visible] {
        assert_eq!(connection.handle(99_999, input), []);
    }
    assert!(asked(&connection.handle(99_999, Input::Reconnect)).is_some());
}

#[test]
fn a_session_that_was_ended_leads_to_sign_in_at_once_and_nowhere_else() {
    let (mut connection, stream) = connecting();
    assert_eq!(
        connection.handle(5, Input::SessionEnded(stream)),
        [Command::Abort(stream), Command::SignIn, Command::Changed]
    );
    assert_eq!(connection.state(), &State::Disconnected);
    for input in [Input::Time, Input::Online, Input::Visible, Input::Reconnect] {
        assert_eq!(connection.handle(99_999, input), []);
    }
}

#[test]
fn other_refusals_count_as_failures() {
    for status in [404, 429, 500, 502, 503] {
        let (mut connection, stream) = connecting();
        assert_eq!(
            refuse(&mut connection, stream, status),
            [Command::Abort(stream), Command::Changed, Command::Wake { in_ms: 1_000 }]
        );
        assert_eq!(connection.state(), &State::Reconnecting { attempt: 1 });
        let words = format!("the server answered {status}");
        assert_eq!(last_words(&connection), Some(words.as_str()));
    }
}

#[test]
fn retry_after_lengthens_the_wait_and_never_shortens_it() {
    for (status, hint, wait) in [(429, 7_000, 7_000), (503, 120_000, 120_000), (503, 10, 1_000)] {
        let (mut connection, stream) = connecting();
        let retry_after_ms = Some(hint);
        connection.handle(0, Input::Refused { stream, status, retry_after_ms });
        assert_eq!(connection.status().retry_at_ms, Some(wait));
    }
}

#[test]
fn only_the_user_cuts_retry_after_short() {
    let (mut connection, stream) = connecting();
    connection.handle(0, Input::Refused { stream, status: 503, retry_after_ms: Some(500) });
    assert_eq!(
        connection.handle(100, Input::Visible),
        [Command::Changed, Command::Wake { in_ms: 400 }],
        "our own wait ends, the server's does not"
    );
    assert_eq!(connection.handle(200, Input::Online), []);
    assert_eq!(connection.state(), &State::Reconnecting { attempt: 1 });
    let mut patient = connection.clone();
    assert!(asked(&patient.handle(500, Input::Time)).is_some());
    assert!(asked(&connection.handle(201, Input::Reconnect)).is_some());
}
