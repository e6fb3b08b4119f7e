//! The world: one server, one link, one client, and what is on its way between them.

use std::{
    collections::{BTreeSet, HashMap, VecDeque},
    sync::Arc,
};

use highwater_core::{
    Answer, AsOf, Cursor, FetchFailed, Frame, MutationId, Stamped,
    cache::{Cache, Command, EntryId, Input, Ticket},
    entry::{BUFFER, Definition, Erased},
    mutation::Outcome,
    overlay::Overlay,
};

use crate::{
    domain::{Event, READS, Read, Reading},
    numbering::Kind,
    schedule::Step,
    server::{Server, collapse},
    transaction::Change,
};

mod mutations;

use mutations::Mutation;

/// An answer on its way to the client.
enum Back {
    Fetch(EntryId, Ticket, Result<Stamped<Erased>, FetchFailed>),
    Mutation(MutationId, Outcome),
}

pub struct World {
    pub server: Server,
    pub cache: Cache<Event>,
    pub now: u64,
    pub ids: HashMap<usize, EntryId>,
    pub mounted: Vec<usize>,
    /// Fetches and mutations that left the client.
    fetches: Vec<(EntryId, Ticket, Option<AsOf>)>,
    sends: Vec<MutationId>,
    /// Mutations whose transactions stay open at the server, and whose answers are waited for.
    awaited: BTreeSet<MutationId>,
    back: Vec<Back>,
    mutations: HashMap<MutationId, Mutation>,
    /// What the server sent and the client has not received; `None` while cut.
    link: Option<VecDeque<Frame<Event>>>,
    /// How far the link has been filled from the log.
    filled: Option<Cursor>,
    wakes: Vec<u64>,
    /// What each mounted query showed last, without overlays, to be compared with what comes next.
    shown: HashMap<usize, Reading>,
    /// Fetches by query.
    pub fetched: HashMap<usize, u32>,
    /// How each poll ended: how many were asked for, and answered.
    pub polled: Vec<(u32, u32)>,
    mutations_made: u128,
    values: u64,
    /// The stamp in the page: the head before its first query.
    page: Cursor,
}

impl World {
    /// A page rendered while `writes` happen before its stamp, between that and its queries, and
    /// again before its stream opens; it shows the first `hydrated` queries.
    pub fn rendered(kind: Kind, writes: &[Step], hydrated: usize) -> Self {
        let server = Server::new(kind);
        let mut world = Self {
            page: server.head(),
            server,
            cache: Cache::default(),
            now: 0,
            ids: HashMap::new(),
            mounted: Vec::new(),
            fetches: Vec::new(),
            sends: Vec::new(),
            awaited: BTreeSet::new(),
            back: Vec::new(),
            mutations: HashMap::new(),
            link: None,
            filled: None,
            wakes: Vec::new(),
            shown: HashMap::new(),
            fetched: HashMap::new(),
            polled: Vec::new(),
            mutations_made: 0,
            values: 0,
        };
        writes.iter().for_each(|step| world.step(step));
        world.page = world.server.head();
        writes.iter().for_each(|step| world.step(step));
        let answers: Vec<_> =
            READS[..hydrated].iter().map(|read| erased(world.server.read(*read))).collect();
        writes.iter().for_each(|step| world.step(step));
        for (which, answer) in answers.into_iter().enumerate() {
            let id = world.open(which);
            world.input(Input::Hydrated(id, Ok(answer)));
            world.mount(which);
        }
        world.reconnect();
        world
    }

    pub fn step(&mut self, step: &Step) {
        match step {
            Step::Write { cell, opaque } => {
                let change = self.set(*cell, *opaque);
                self.server.write(change);
            }
            Step::Bulk => self.server.write(Change::Bulk),
            Step::Hold { cell, opaque } => {
                let change = self.set(*cell, *opaque);
                self.server.hold(None, change);
            }
            Step::HoldMutation { which, lose } => self.hold_mutation(*which, *lose),
            Step::GoOn { which, set } => {
                let set = set.map(|(cell, opaque)| self.set(cell, opaque));
                if let Some(which) = which.checked_rem(self.server.held()) {
                    self.server.go_on(which, set.unwrap_or(Change::Bulk));
                }
            }
            Step::Commit { which } => self.commit(*which),
            Step::RollBack { which } => {
                if let Some(which) = which.checked_rem(self.server.held()) {
                    let by = self.server.roll_back_held(which);
                    self.lost(by);
                }
            }
            Step::Mutate { cell, opaque } => self.mutate(*cell, *opaque),
            Step::ServeMutation { which, refuse, lose } => {
                self.serve_mutation(*which, *refuse, *lose);
            }
            Step::ServeFetch { which, fail, lag } => self.serve_fetch(*which, *fail, *lag),
            Step::Deliver { which } => self.deliver(*which),
            Step::Receive { count, twice } => self.receive(*count, *twice),
            Step::Collapse => {
                self.fill();
                self.link = self.link.take().map(|link| collapse(link.into()).into());
            }
            Step::Ping => {
                self.fill();
                let ping = self.server.ping();
                self.link.iter_mut().for_each(|link| link.push_back(ping.clone()));
            }
            Step::Cut => self.link = None,
            Step::Reconnect => self.reconnect(),
            Step::Trim => {
                self.fill();
                self.server.trim();
            }
            Step::Restore => {
                self.link = None;
                self.server.restore();
                self.awaited.clone().into_iter().for_each(|id| self.lost(Some(id)));
            }
            Step::Mount { which } => self.mount(*which),
            Step::Unmount { which } => {
                if let Some(at) = self.mounted.iter().position(|mounted| mounted == which) {
                    self.mounted.remove(at);
                    self.shown.remove(which);
                    self.input(Input::Unmount(self.ids[which]));
                }
            }
            Step::Poll => self.input(Input::Poll),
            Step::Hide => self.input(Input::Visible(false)),
            Step::Show => self.input(Input::Visible(true)),
            Step::Wait { ms } => self.wait(*ms),
        }
    }

    /// Everything heals, and transactions that stayed open end. Nobody may have waited for them but
    /// who wants to write what they wrote.
    pub fn settle(&mut self) {
        self.settle_beside_transactions();
        self.commit_all();
        self.heal();
    }

    pub fn commit_all(&mut self) {
        (0..self.server.held()).for_each(|_| self.commit(0));
    }

    pub fn settle_beside_transactions(&mut self) {
        self.heal();
        for which in &self.mounted {
            let status = self.cache.status(self.ids[which]);
            assert!(!status.stale, "L7: {which} is not complete");
            assert!(!status.optimistic || self.cache.is_mutating(), "L6: {which}");
        }
    }

    /// The link is up, everything on its way arrives, every wait ends.
    fn heal(&mut self) {
        self.input(Input::Visible(true));
        for _ in 0..1000 {
            if self.link.is_none() {
                self.reconnect();
            }
            self.receive(usize::MAX, false);
            self.serve_mutation(0, false, false);
            self.serve_fetch(0, false, 2);
            self.deliver(0);
            let none_arrives = self.fetches.is_empty() && self.arrived(0).is_none();
            let quiet = none_arrives && self.back.is_empty();
            if quiet && self.wakes.is_empty() {
                self.step(&Step::Ping);
                self.receive(usize::MAX, false);
                if self.fetches.is_empty() {
                    return;
                }
            } else if quiet {
                self.wait(31_000);
            }
        }
        panic!("it never settles");
    }

    pub fn mount(&mut self, which: usize) {
        let id = self.open(which);
        self.mounted.push(which);
        self.input(Input::Mount(id));
    }

    fn open(&mut self, which: usize) -> EntryId {
        let (cache, now) = (&mut self.cache, self.now);
        *self.ids.entry(which).or_insert_with(|| cache.open(now, Definition::of(&READS[which])))
    }

    pub fn overlaid(&self, which: usize) -> Vec<MutationId> {
        let view = self.ids.get(&which).and_then(|id| self.cache.view(*id));
        view.map(|view| reading(&view).overlaid).unwrap_or_default()
    }

    pub fn committed(&self, which: usize) -> Option<Reading> {
        self.cache.committed(self.ids[&which]).map(|value| reading(&value))
    }

    fn input(&mut self, input: Input<Event>) {
        let commands = self.cache.handle(self.now, input);
        for command in commands {
            match command {
                Command::Fetch { entry, ticket, min } => {
                    let (which, _) = self.ids.iter().find(|(_, id)| **id == entry).unwrap();
                    *self.fetched.entry(*which).or_default() += 1;
                    self.fetches.push((entry, ticket, min));
                }
                Command::Send(id) => self.sends.push(id),
                Command::Wake { in_ms } => self.wakes.push(self.now + in_ms),
                Command::Dropped(entry) => self.ids.retain(|_, id| *id != entry),
                Command::Polled { asked, answered } => self.polled.push((asked, answered)),
                Command::Notify(_) => {}
            }
        }
        self.check();
    }

    /// What must hold after every input: L2 and L5.
    fn check(&mut self) {
        assert!(self.cache.longest_backlog() <= BUFFER, "L5: the backlog grew past its bound");
        for which in &self.mounted {
            let Some(now) = self.cache.committed(self.ids[which]).map(|value| reading(&value))
            else {
                continue;
            };
            if let Some(before) = self.shown.get(which) {
                assert!(
                    now.is_no_older_than(before),
                    "L2: {which} went from {before:?} to {now:?} ({:?})",
                    self.server.kind()
                );
            }
            self.shown.insert(*which, now);
        }
    }

    fn set(&mut self, cell: u8, opaque: bool) -> Change {
        self.values += 1;
        Change::Set { cell, value: self.values, opaque }
    }

    pub fn serve_fetch(&mut self, which: usize, fail: bool, lag: usize) {
        let Some(index) = which.checked_rem(self.fetches.len()) else {
            return;
        };
        let (entry, ticket, min) = self.fetches.remove(index);
        let read = self.ids.iter().find(|(_, id)| **id == entry).map(|(which, _)| READS[*which]);
        let answer = match read {
            Some(read) if !fail => Ok(erased(self.server.read_behind(read, lag, min.as_ref()))),
            _ => Err(FetchFailed { message: "lost".into() }),
        };
        self.back.push(Back::Fetch(entry, ticket, answer));
    }

    pub fn deliver(&mut self, which: usize) {
        let Some(index) = which.checked_rem(self.back.len()) else {
            return;
        };
        match self.back.remove(index) {
            Back::Fetch(entry, ticket, answer) => self.input(Input::Fetched(entry, ticket, answer)),
            Back::Mutation(id, outcome) => {
                let refused = matches!(outcome, Outcome::Refused);
                let before: Vec<_> = (0..READS.len()).map(|which| self.overlaid(which)).collect();
                self.input(Input::Ended(id, outcome));
                if refused {
                    for (which, mut expected) in before.into_iter().enumerate() {
                        if !self.ids.contains_key(&which) {
                            continue; // Unused for long, it was dropped at the same moment.
                        }
                        expected.retain(|by| *by != id);
                        assert_eq!(self.overlaid(which), expected, "L6: one mutation was refused");
                    }
                }
            }
        }
    }

    pub fn receive(&mut self, count: usize, twice: bool) {
        self.fill();
        for _ in 0..count {
            let Some(frame) = self.link.as_mut().and_then(VecDeque::pop_front) else {
                return;
            };
            if twice {
                self.input(Input::Frame(frame.clone()));
            }
            self.input(Input::Frame(frame));
        }
    }

    pub fn wait(&mut self, ms: u64) {
        self.now += ms;
        let now = self.now;
        // A browser's timer may ring a millisecond early by its own clock.
        if self.wakes.iter().any(|at| *at <= now + 1) {
            self.wakes.retain(|at| *at > now + 1);
            self.input(Input::Time);
        }
    }

    fn reconnect(&mut self) {
        let after = self.cache.through().unwrap_or(&self.page);
        self.link = Some(self.server.resume(after).into());
        self.filled = Some(self.server.head());
    }

    /// Puts what was recorded meanwhile on the link.
    fn fill(&mut self) {
        if let (Some(link), Some(filled)) = (&mut self.link, &mut self.filled) {
            link.extend(self.server.after(filled));
            *filled = self.server.head();
        }
    }
}

fn erased(answer: Stamped<Reading>) -> Stamped<Erased> {
    let value: Answer<Read> = Ok(answer.value);
    Stamped { value: Arc::new(value), as_of: answer.as_of }
}

pub fn reading(value: &Erased) -> Reading {
    value.downcast_ref::<Answer<Read>>().unwrap().clone().unwrap()
}

/// An overlay that shows which mutation it belongs to.
pub fn mark(id: MutationId) -> Overlay {
    Overlay::new(move |value| {
        let mut reading = reading(value);
        reading.overlaid.push(id);
        let value: Answer<Read> = Ok(reading);
        Some(Arc::new(value))
    })
}
