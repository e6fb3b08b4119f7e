//! Which rows of a list are selected. A selection stays while rows change, while pages are turned
//! and while the list is filtered; what it holds beyond the page is always said.

use std::collections::{BTreeMap, BTreeSet};

use leptos::prelude::*;

/// What a selected row was last seen as, by its id, and where a range begins.
#[derive(Debug)]
struct Held<K, S> {
    rows: BTreeMap<K, S>,
    last: Option<K>,
}

/// The selected rows: `K` tells them apart, `S` is what counts for what can be done with them.
/// Cheap to copy.
#[derive(Debug)]
pub struct Selection<K: 'static, S: 'static>(RwSignal<Held<K, S>>);

/// How many rows of a page are selected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    selected: usize,
    of: usize,
}

impl<K, S> Clone for Selection<K, S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K, S> Copy for Selection<K, S> {}

impl<K, S> Selection<K, S>
where
    K: Ord + Clone + Send + Sync + 'static,
    S: Copy + PartialEq + Send + Sync + 'static,
{
    /// Nothing is selected.
    #[must_use]
    pub fn new() -> Self {
        Self(RwSignal::new(Held { rows: BTreeMap::new(), last: None }))
    }

    /// Selects every row of a page, or none of it.
    pub fn turn_all(self, page: Vec<(K, S)>, on: bool) {
        self.0.update(|held| page.into_iter().for_each(|row| held.turn(row, on)));
    }

    /// Selects a row of a page, or no longer; with `all_between`, each row from the one that was
    /// turned last to this one.
    pub fn turn(self, page: &[(K, S)], id: &K, on: bool, all_between: bool) {
        self.0.update(|held| {
            let at = |id: &K| page.iter().position(|(other, _)| other == id);
            let Some(to) = at(id) else { return };
            let from = held.last.as_ref().filter(|_| all_between).and_then(at).unwrap_or(to);
            for row in &page[from.min(to)..=from.max(to)] {
                held.turn(row.clone(), on);
            }
            held.last = Some(id.clone());
        });
    }

    /// Whether a row is selected. The view follows it.
    pub fn has(self, id: &K) -> bool {
        self.0.with(|held| held.rows.contains_key(id))
    }

    /// How many are selected. The view follows it.
    pub fn count(self) -> usize {
        self.0.with(|held| held.rows.len())
    }

    /// How many of these rows are selected. The view follows it.
    pub fn share_of<'r>(self, ids: impl Iterator<Item = &'r K>) -> Share {
        self.0.with(|held| {
            let mut share = Share::default();
            for id in ids {
                share.of += 1;
                share.selected += usize::from(held.rows.contains_key(id));
            }
            share
        })
    }

    /// Which are selected. The view follows it.
    pub fn ids(self) -> BTreeSet<K> {
        self.0.with(|held| held.rows.keys().cloned().collect())
    }

    /// The selected rows, as they were last seen.
    pub fn rows(self) -> Vec<(K, S)> {
        self.0.with_untracked(|held| held.rows.iter().map(|(id, is)| (id.clone(), *is)).collect())
    }

    /// Whether any selected row was last seen as such a one. The view follows it.
    pub fn any(self, is_such: impl Fn(S) -> bool) -> bool {
        self.0.with(|held| held.rows.values().any(|is| is_such(*is)))
    }

    /// Notes what has become of selected rows.
    pub fn saw(self, rows: &[(K, S)]) {
        let news = |held: &Held<K, S>| {
            rows.iter().any(|(id, is)| held.rows.get(id).is_some_and(|was| was != is))
        };
        // The page may be gone by then.
        if self.0.try_with_untracked(news) == Some(true) {
            self.0.update(|held| {
                for (id, is) in rows {
                    held.rows.entry(id.clone()).and_modify(|was| *was = *is);
                }
            });
        }
    }

    /// Keeps only these selected.
    pub fn keep_only(self, ids: &[K]) {
        // The page may be gone by then.
        self.0.try_update(|held| held.rows.retain(|id, _| ids.contains(id)));
    }

    /// Lets go of a row that is no more.
    pub fn drop_row(self, id: &K) {
        if self.0.try_with_untracked(|held| held.rows.contains_key(id)) == Some(true) {
            self.0.update(|held| _ = held.rows.remove(id));
        }
    }
}

impl<K, S> Default for Selection<K, S>
where
    K: Ord + Clone + Send + Sync + 'static,
    S: Copy + PartialEq + Send + Sync + 'static,
{
    fn default() -> Self {
        Self::new()
    }
}

impl<K: Ord, S> Held<K, S> {
    fn turn(&mut self, (id, is): (K, S), on: bool) {
        if on {
            self.rows.insert(id, is);
        } else {
            self.rows.remove(&id);
        }
    }
}

impl Share {
    /// All of them, and there are any.
    #[must_use]
    pub fn is_all(self) -> bool {
        self.of > 0 && self.selected == self.of
    }

    /// Some, and not all.
    #[must_use]
    pub fn is_some(self) -> bool {
        self.selected > 0 && self.selected < self.of
    }

    /// "3 selected, 1 not on this page", of a selection of that many.
    #[must_use]
    pub fn in_words(self, count: usize) -> String {
        match count - self.selected.min(count) {
            0 => format!("{count} selected"),
            elsewhere => format!("{count} selected, {elsewhere} not on this page"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page() -> Vec<(u8, char)> {
        (1..=5).map(|id| (id, 'a')).collect()
    }

    fn ids(selected: Selection<u8, char>) -> Vec<u8> {
        selected.rows().into_iter().map(|(id, _)| id).collect()
    }

    #[test]
    fn a_range_goes_from_the_row_that_was_turned_last_and_turns_all_of_it_alike() {
        Owner::new().with(|| {
            let selected = Selection::new();
            selected.turn(&page(), &4, true, true);
            assert_eq!(ids(selected), [4], "nothing was turned before");
            selected.turn(&page(), &2, true, true);
            assert_eq!(ids(selected), [2, 3, 4]);
            selected.turn(&page(), &3, false, true);
            assert_eq!(ids(selected), [4]);
            selected.turn(&page()[..2], &1, true, true);
            assert_eq!(ids(selected), [1, 4], "the last one is on another page");
        });
    }

    #[test]
    fn what_has_become_of_rows_is_noted_and_what_is_gone_drops_out() {
        Owner::new().with(|| {
            let selected = Selection::new();
            selected.turn_all(page(), true);
            selected.saw(&[(2, 'b'), (9, 'b')]);
            assert!(selected.any(|is| is == 'b') && !selected.has(&9));
            selected.drop_row(&2);
            assert!(!selected.any(|is| is == 'b'));
            selected.keep_only(&[1, 2]);
            assert_eq!(ids(selected), [1]);
        });
    }

    #[test]
    fn what_is_selected_on_other_pages_is_said() {
        let words = |selected, count| Share { selected, of: 5 }.in_words(count);
        assert_eq!(words(3, 3), "3 selected");
        assert_eq!(words(1, 3), "3 selected, 2 not on this page");
    }
}
