//! The ring holds no more than it may, and knows what it holds.

use std::sync::Arc;

use super::*;
use crate::server::backlog::tests::{delivery, row};

#[test]
fn a_ring_keeps_the_newest_and_knows_its_floor() {
    for capacity in [0, 1, 3, 50] {
        let mut ring = Ring::new(row(0), capacity);
        for number in 1..=20_u64 {
            ring.push(Arc::new(delivery(number, 0)));
            let floor = number.saturating_sub(capacity as u64);
            assert!(ring.covers(&row(floor)) && (floor == 0 || !ring.covers(&row(floor - 1))));
            let held: Vec<_> = ring.after(&row(floor)).map(|found| found.at.clone()).collect();
            assert_eq!(held, (floor + 1..=number).map(row).collect::<Vec<_>>());
        }
    }
}
