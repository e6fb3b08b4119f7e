//! The client's mutations: on their way, under way at the server, and answered.

use highwater_core::{MutationId, cache::Input, mutation::Outcome};

use super::{Back, World, erased, mark};
use crate::{
    domain::{READS, Read},
    transaction::Committed,
};

pub(super) struct Mutation {
    id: MutationId,
    cell: u8,
    opaque: bool,
}

impl World {
    pub fn mutate(&mut self, cell: u8, opaque: bool) {
        self.mutations_made += 1;
        let id = MutationId::new(self.mutations_made);
        self.mutations.insert(id, Mutation { id, cell, opaque });
        let overlaid = self.ids.iter().filter(|(which, _)| {
            matches!(READS[**which], Read::One(c) | Read::Counted(c) if c == cell)
                || READS[**which] == Read::All
        });
        let overlays = overlaid.map(|(_, entry)| (*entry, mark(id))).collect();
        self.input(Input::Began(id, format!("cell {cell}"), overlays));
    }

    pub fn serve_mutation(&mut self, which: usize, refuse: bool, lose: bool) {
        let Some(index) = self.arrived(which) else {
            return;
        };
        let id = self.sends.remove(index);
        let Mutation { id, cell, opaque } = self.mutations[&id];
        let change = self.set(cell, opaque);
        match self.server.mutate(id, change, refuse) {
            _ if lose => self.back.push(Back::Mutation(id, Outcome::Unknown)),
            None => self.back.push(Back::Mutation(id, Outcome::Refused)),
            Some(committed) => self.answer(id, committed),
        }
    }

    /// A mutation's transaction stays open; whether its client still waits is `lose`.
    pub(super) fn hold_mutation(&mut self, which: usize, lose: bool) {
        let Some(index) = self.arrived(which) else {
            return;
        };
        let Mutation { id, cell, opaque } = self.mutations[&self.sends[index]];
        let change = self.set(cell, opaque);
        if self.server.hold(Some(id), change) {
            self.sends.remove(index);
            self.awaited.insert(id);
            if lose {
                self.lost(Some(id));
            }
        }
    }

    pub fn commit(&mut self, which: usize) {
        if let Some(which) = which.checked_rem(self.server.held()) {
            let (by, committed) = self.server.commit_held(which);
            if let Some(by) = by.filter(|by| self.awaited.remove(by)) {
                self.answer(by, committed);
            }
        }
    }

    /// No answer will come to who waits for one.
    pub(super) fn lost(&mut self, by: Option<MutationId>) {
        if let Some(by) = by.filter(|by| self.awaited.remove(by)) {
            self.back.push(Back::Mutation(by, Outcome::Unknown));
        }
    }

    fn answer(&mut self, id: MutationId, committed: Committed) {
        let Committed { cursor, as_of, seen } = committed;
        let cell = self.mutations[&id].cell;
        let values = self.ids.iter().filter(|(which, _)| READS[**which] == Read::One(cell));
        let values = values.map(|(which, id)| (*id, erased(seen.read(READS[*which])))).collect();
        self.back.push(Back::Mutation(id, Outcome::Committed { cursor, as_of, values }));
    }

    /// Of the mutations on their way that wait for nobody at the server, one.
    pub(super) fn arrived(&self, which: usize) -> Option<usize> {
        let waits = |id: &MutationId| self.server.is_waiting(*id, self.mutations[id].cell);
        let mut ready = (0..self.sends.len()).filter(|index| !waits(&self.sends[*index]));
        let count = ready.clone().count();
        ready.nth(which.checked_rem(count)?)
    }
}
