//! Any text is a stamp that survives its text form, or refused; and the laws of `covers`,
//! `includes`, `join` and `raise` hold between whatever stamps are read. One stamp a line.

#![no_main]

use highwater_core::{AsOf, Cursor};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let stamps: Vec<AsOf> = text.lines().filter_map(|line| line.parse().ok()).take(3).collect();
    let rows = sample(text);
    for stamp in &stamps {
        survives(stamp);
        assert!(stamp.includes(stamp));
        assert!(stamp.covers(&stamp.bound()));
        for row in &rows {
            let mut raised = stamp.clone();
            raised.raise(row);
            assert!(raised.covers(row));
            assert!(raised.includes(&AsOf::upto(row)));
        }
    }
    for (a, b) in stamps.iter().flat_map(|a| stamps.iter().map(move |b| (a, b))) {
        laws(a, b, &rows);
    }
    if let [a, b, c] = &stamps[..] {
        let (left, right) = (join(&join(a, b), c), join(a, &join(b, c)));
        if a.epoch() == b.epoch() && b.epoch() == c.epoch() {
            assert!(rows.iter().all(|row| left.covers(row) == right.covers(row)));
        }
    }
});

fn survives(stamp: &AsOf) {
    assert_eq!(stamp.to_string().parse().as_ref(), Ok(stamp));
}

fn laws(a: &AsOf, b: &AsOf, rows: &[Cursor]) {
    let joined = join(a, b);
    survives(&joined);
    if a.epoch() != b.epoch() {
        assert_eq!(&joined, b, "the newer log replaces the other");
        assert!(!a.includes(b) && !a.covers(&b.bound()));
        return;
    }
    assert!(joined.includes(a) && joined.includes(b), "{a} ∪ {b} = {joined}");
    let other_way_round = join(b, a);
    for row in rows {
        let union = a.covers(row) || b.covers(row);
        assert_eq!(joined.covers(row), union, "{a} ∪ {b} = {joined} at {row}");
        assert_eq!(other_way_round.covers(row), union, "{b} ∪ {a} at {row}");
        assert!(!a.includes(b) || !b.covers(row) || a.covers(row), "{a} ⊉ {b} at {row}");
    }
}

fn join(a: &AsOf, b: &AsOf) -> AsOf {
    let mut joined = a.clone();
    joined.join(b);
    joined
}

/// Rows at and beside every number of the text, where sets can differ, in every log it names.
fn sample(text: &str) -> Vec<Cursor> {
    let mut epochs: Vec<_> = text
        .lines()
        .filter_map(|line| line.parse().ok())
        .map(|stamp: AsOf| stamp.bound().epoch)
        .collect();
    epochs.sort();
    epochs.dedup();
    let numbers = text.split(|c: char| !c.is_ascii_digit()).filter_map(|word| word.parse().ok());
    let mut numbers: Vec<u64> =
        numbers.flat_map(|n: u64| [n.saturating_sub(1), n, n.saturating_add(1)]).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers.truncate(48);
    let minors = [0, 1, u64::MAX];
    let rows = epochs.iter().take(2).flat_map(|epoch| {
        numbers
            .iter()
            .flat_map(move |major| minors.map(|minor| Cursor::new(epoch.clone(), *major, minor)))
    });
    rows.collect()
}
