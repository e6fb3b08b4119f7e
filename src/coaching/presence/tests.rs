//! Who is in a session, by the rules alone: times are handed in.

use highwater::server::AccessChange;
use time::{Duration, OffsetDateTime};

use super::leases::{Full, Leases, MAX_PAGES_OF_ONE, Page, Told};
use crate::{
    account::{
        caller::Credential,
        model::{SessionId, UserId},
    },
    coaching::{
        live::CoachingEvent,
        model::{CoachingSessionId, PRESENCE_LEASE_S, PRESENCE_RENEWAL_S, Person, Place, TabId},
        service::audience_of_session,
    },
};

const ANA: i64 = 1;
const CARLA: i64 = 2;

fn at(seconds: u32) -> OffsetDateTime {
    OffsetDateTime::UNIX_EPOCH + Duration::seconds(seconds.into())
}

fn session(number: u64) -> CoachingSessionId {
    CoachingSessionId::of_bits(number)
}

fn credential(number: u64) -> Credential {
    Credential::Session(SessionId(format!("{number:x}")))
}

/// A page, which proves by the session of its number whose it is.
fn page(user: i64, tab: u64, typing: Option<Place>) -> Page {
    let person = Person { id: UserId(user), name: format!("User {user}") };
    Page { tab: TabId::of_bits(tab), person, credential: credential(tab), typing }
}

/// In short: who came, who went, and who is there typing where.
fn said(told: Vec<Told>) -> Vec<String> {
    let say = |(of, event)| {
        assert_eq!(of, session(1));
        match event {
            CoachingEvent::UserJoinedSession { user, .. } => format!("{} came", user.id),
            CoachingEvent::UserLeftSession { user, .. } => format!("{} left", user.id),
            CoachingEvent::Presence { people, .. } => {
                let one = |present: &crate::coaching::model::Present| match &present.typing {
                    None => present.person.id.to_string(),
                    Some(place) => format!("{} in {place:?}", present.person.id),
                };
                people.iter().map(one).collect::<Vec<_>>().join(", ")
            }
            other => panic!("{other:?}"),
        }
    };
    told.into_iter().map(say).collect()
}

#[test]
fn a_person_comes_and_goes_once_with_the_first_and_the_last_of_their_pages() {
    let mut leases = Leases::default();
    let mut renew = |page: Page| said(leases.renew(at(0), &session(1), page).unwrap());
    assert_eq!(renew(page(ANA, 1, None)), ["1 came", "1"]);
    assert_eq!(renew(page(ANA, 2, None)), [""; 0]);
    assert_eq!(renew(page(CARLA, 1, None)), ["2 came", "1, 2"]);
    assert_eq!(renew(page(CARLA, 1, None)), [""; 0], "nothing is told of a renewal");
    let mut leave = |user, tab| said(leases.leave(&session(1), UserId(user), &TabId::of_bits(tab)));
    assert_eq!(leave(ANA, 1), [""; 0]);
    assert_eq!(leave(ANA, 2), ["1 left", "2"]);
    assert_eq!(leave(ANA, 2), [""; 0]);
    assert_eq!(leave(CARLA, 1), ["2 left", ""]);
    assert!(leases.is_empty());
}

#[test]
fn where_somebody_types_is_told_as_it_changes_and_is_that_of_the_page_renewed_last() {
    let mut leases = Leases::default();
    let mut renew = |page: Page| said(leases.renew(at(0), &session(1), page).unwrap());
    renew(page(ANA, 1, None));
    assert_eq!(renew(page(ANA, 1, Some(Place::NewNote))), ["1 in NewNote"]);
    assert_eq!(renew(page(ANA, 2, None)), [""; 0], "they still type in the other");
    assert_eq!(renew(page(ANA, 2, Some(Place::NewGoal))), ["1 in NewGoal"]);
    assert_eq!(renew(page(ANA, 2, None)), ["1 in NewNote"]);
    assert_eq!(renew(page(ANA, 1, None)), ["1"]);
}

#[test]
fn a_page_that_says_nothing_is_gone_within_twenty_seconds_and_not_while_it_renews() {
    let mut leases = Leases::default();
    leases.renew(at(0), &session(1), page(ANA, 1, None)).unwrap();
    leases.renew(at(0), &session(1), page(CARLA, 1, None)).unwrap();
    // A renewal that is lost now and then does no harm.
    const { assert!(PRESENCE_LEASE_S >= 2 * PRESENCE_RENEWAL_S && PRESENCE_LEASE_S + 1 < 20) };
    for now in 1..PRESENCE_LEASE_S {
        assert_eq!(said(leases.expire(at(now))), [""; 0]);
        if now % PRESENCE_RENEWAL_S == 0 {
            leases.renew(at(now), &session(1), page(CARLA, 1, None)).unwrap();
        }
    }
    assert_eq!(said(leases.expire(at(PRESENCE_LEASE_S))), ["1 left", "2"]);
    assert_eq!(said(leases.expire(at(60))), ["2 left", ""]);
}

#[test]
fn a_clock_that_is_put_back_keeps_nobody_there() {
    let mut leases = Leases::default();
    leases.renew(at(4000), &session(1), page(ANA, 1, None)).unwrap();
    assert_eq!(said(leases.expire(at(400))), ["1 left", ""]);
}

#[test]
fn whoever_leaves_the_audience_or_is_signed_out_is_gone_at_once() {
    let mut leases = Leases::default();
    let everybody = |leases: &mut Leases| {
        for new in [page(ANA, 1, None), page(ANA, 2, None), page(CARLA, 3, None)] {
            leases.renew(at(0), &session(1), new).unwrap();
        }
    };
    everybody(&mut leases);
    let end = |tab| AccessChange {
        subject: credential(tab).subject(),
        end: true,
        ..AccessChange::default()
    };
    assert_eq!(said(leases.apply(&end(1))), [""; 0], "another page of theirs is there");
    assert_eq!(said(leases.apply(&end(2))), ["1 left", "2"]);
    everybody(&mut leases);
    let leave = |user: i64, number| AccessChange {
        subject: format!("user:{user}"),
        leave: vec![audience_of_session(&session(number))],
        ..AccessChange::default()
    };
    assert_eq!(said(leases.apply(&leave(CARLA, 2))), [""; 0], "that was another session");
    assert_eq!(said(leases.apply(&leave(CARLA, 1))), ["2 left", "1"]);
}

#[test]
fn one_person_has_so_many_pages_and_no_more() {
    let mut leases = Leases::default();
    for number in 0..MAX_PAGES_OF_ONE as u64 {
        leases.renew(at(0), &session(number), page(ANA, 1, None)).unwrap();
    }
    let more = leases.renew(at(0), &session(9_999), page(ANA, 1, None));
    assert_eq!(more, Err(Full));
    leases.renew(at(0), &session(0), page(ANA, 1, None)).unwrap();
    leases.renew(at(0), &session(9_999), page(CARLA, 1, None)).unwrap();
    leases.leave(&session(0), UserId(ANA), &TabId::of_bits(1));
    leases.renew(at(0), &session(9_999), page(ANA, 1, None)).unwrap();
    leases.expire(at(60));
    assert!(leases.is_empty());
}
