//! Leases: which pages are in which session, until when, and what is to be told when that changes.
//!
//! Owns the rules, and bounds all of it. It must not know a clock, a database or a stream: times
//! come in, events go out.

use std::collections::HashMap;

use highwater::server::AccessChange;
use time::{Duration, OffsetDateTime};

use crate::{
    account::{caller::Credential, model::UserId, service::subject_of},
    coaching::{
        live::CoachingEvent,
        model::{CoachingSessionId, PRESENCE_LEASE_S, Person, Place, Present, TabId},
        service::audience_of_session,
    },
};

/// How many pages may be in sessions at a time, on this server.
pub(super) const MAX_PAGES: usize = 20_000;

/// How many of them may be one person's.
pub(super) const MAX_PAGES_OF_ONE: usize = 64;

/// Everybody who is in a session.
#[derive(Debug, Default)]
pub(super) struct Leases {
    /// The pages in each session, the one renewed last at the end. No session has none.
    sessions: HashMap<CoachingSessionId, Vec<Lease>>,
    /// How many pages each person has in sessions.
    pages: HashMap<UserId, usize>,
    /// How many those are.
    total: usize,
}

/// A page that is in a session.
#[derive(Clone, Debug)]
pub(super) struct Page {
    /// Which page, among those of its person.
    pub(super) tab: TabId,
    /// Whose.
    pub(super) person: Person,
    /// What proved that.
    pub(super) credential: Credential,
    /// Where that person types, if they do.
    pub(super) typing: Option<Place>,
}

#[derive(Clone, Debug)]
struct Lease {
    page: Page,
    renewed_at: OffsetDateTime,
}

/// What is to be told to a session.
pub(super) type Told = (CoachingSessionId, CoachingEvent);

/// There is no place for another page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Full;

impl Leases {
    /// A page is in a session, at least for the time of a lease from now on.
    pub(super) fn renew(
        &mut self,
        now: OffsetDateTime,
        session: &CoachingSessionId,
        page: Page,
    ) -> Result<Vec<Told>, Full> {
        let user = page.person.id;
        let is_there = self.leases(session).iter().any(|lease| lease.is_of(user, &page.tab));
        let of_one = self.pages.get(&user).copied().unwrap_or(0);
        if !is_there && (self.total >= MAX_PAGES || of_one >= MAX_PAGES_OF_ONE) {
            return Err(Full);
        }
        Ok(self.change(session, |leases| {
            leases.retain(|lease| !lease.is_of(user, &page.tab));
            leases.push(Lease { page, renewed_at: now });
        }))
    }

    /// A page left a session.
    pub(super) fn leave(
        &mut self,
        session: &CoachingSessionId,
        user: UserId,
        tab: &TabId,
    ) -> Vec<Told> {
        self.change(session, |leases| leases.retain(|lease| !lease.is_of(user, tab)))
    }

    /// What was not renewed in time is over.
    pub(super) fn expire(&mut self, now: OffsetDateTime) -> Vec<Told> {
        let lasts = Duration::seconds(PRESENCE_LEASE_S.into());
        // A clock that was put back must not make a lease last longer.
        let stands = |lease: &Lease| (now - lease.renewed_at).abs() < lasts;
        self.keep(|_, lease| stands(lease))
    }

    /// Somebody may no longer hear of a session, or what they proved themselves with was ended.
    pub(super) fn apply(&mut self, change: &AccessChange) -> Vec<Told> {
        self.keep(|session, lease| {
            let ended = change.end && lease.page.credential.subject() == change.subject;
            let left = subject_of(lease.page.person.id) == change.subject
                && change.leave.contains(&audience_of_session(session));
            !ended && !left
        })
    }

    /// Who is in a session, and where they type: in the page they renewed last of those they type in.
    pub(super) fn people(&self, session: &CoachingSessionId) -> Vec<Present> {
        let mut people: Vec<Present> = Vec::new();
        for Lease { page, .. } in self.leases(session) {
            match people.iter_mut().find(|present| present.person.id == page.person.id) {
                None => {
                    people
                        .push(Present { person: page.person.clone(), typing: page.typing.clone() });
                }
                Some(present) => {
                    present.person.clone_from(&page.person);
                    present.typing = page.typing.clone().or(present.typing.take());
                }
            }
        }
        people.sort_by_key(|present| present.person.id);
        people
    }

    /// Whether nobody is anywhere.
    pub(super) fn is_empty(&self) -> bool {
        self.sessions.is_empty()
    }

    fn leases(&self, session: &CoachingSessionId) -> &[Lease] {
        self.sessions.get(session).map(Vec::as_slice).unwrap_or_default()
    }

    /// Ends every lease that is not to be kept.
    fn keep(&mut self, kept: impl Fn(&CoachingSessionId, &Lease) -> bool) -> Vec<Told> {
        let all = |session: &CoachingSessionId, leases: &[Lease]| {
            leases.iter().all(|lease| kept(session, lease))
        };
        let concerned = self.sessions.iter().filter(|(session, leases)| !all(session, leases));
        let concerned: Vec<_> = concerned.map(|(session, _)| session.clone()).collect();
        let told = concerned.into_iter().flat_map(|session| {
            self.change(&session, |leases| leases.retain(|lease| kept(&session, lease)))
        });
        told.collect()
    }

    /// Changes who is in a session, and says what that comes to.
    fn change(
        &mut self,
        session: &CoachingSessionId,
        change: impl FnOnce(&mut Vec<Lease>),
    ) -> Vec<Told> {
        let before = self.people(session);
        let mut leases = self.sessions.remove(session).unwrap_or_default();
        self.count(&leases, |pages| pages.saturating_sub(1));
        change(&mut leases);
        self.count(&leases, |pages| pages + 1);
        if !leases.is_empty() {
            self.sessions.insert(session.clone(), leases);
        }
        let people = self.people(session);
        let of = |coaching_session_id: &CoachingSessionId| coaching_session_id.clone();
        let left = only_in(&before, &people)
            .map(|user| CoachingEvent::UserLeftSession { coaching_session_id: of(session), user });
        let joined = only_in(&people, &before).map(|user| CoachingEvent::UserJoinedSession {
            coaching_session_id: of(session),
            user,
        });
        let mut events: Vec<CoachingEvent> = left.chain(joined).collect();
        if before != people {
            events.push(CoachingEvent::Presence { coaching_session_id: of(session), people });
        }
        events.into_iter().map(|event| (of(session), event)).collect()
    }

    fn count(&mut self, leases: &[Lease], step: impl Fn(usize) -> usize) {
        for Lease { page, .. } in leases {
            self.total = step(self.total);
            let pages = self.pages.entry(page.person.id).or_default();
            *pages = step(*pages);
            if *pages == 0 {
                self.pages.remove(&page.person.id);
            }
        }
    }
}

impl Lease {
    fn is_of(&self, user: UserId, tab: &TabId) -> bool {
        self.page.person.id == user && self.page.tab == *tab
    }
}

/// Whoever is among some people and not among others.
fn only_in(some: &[Present], others: &[Present]) -> impl Iterator<Item = Person> {
    let is_among = |person: &Person| others.iter().any(|other| other.person.id == person.id);
    let only = some.iter().map(|present| &present.person).filter(move |person| !is_among(person));
    only.cloned()
}
