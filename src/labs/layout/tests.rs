//! What every layout holds, whatever the graph.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

type Links = Vec<(usize, usize, f64)>;

fn place(ids: &[String], links: &[(usize, usize, f64)]) -> Vec<(f64, f64)> {
    let nodes: Vec<Placed<'_>> = ids.iter().map(|id| Placed { id }).collect();
    layout(&nodes, links)
}

fn distance(one: (f64, f64), other: (f64, f64)) -> f64 {
    ((one.0 - other.0).powi(2) + (one.1 - other.1).powi(2)).sqrt()
}

fn mean(numbers: &[f64]) -> f64 {
    numbers.iter().sum::<f64>() / numbers.len() as f64
}

/// Ids that differ, in an order of their own.
fn ids(most: usize) -> impl Strategy<Value = Vec<String>> {
    prop::collection::btree_set("[a-z0-9_]{1,16}", 1..most)
        .prop_map(|ids: BTreeSet<String>| ids.into_iter().collect::<Vec<_>>())
        .prop_shuffle()
}

/// Nodes with a link or two each, most of them within groups of six.
fn map(sizes: std::ops::Range<usize>) -> impl Strategy<Value = (Vec<String>, Links)> {
    prop::collection::vec((any::<u64>(), 0..6_usize, any::<prop::sample::Index>()), sizes).prop_map(
        |nodes| {
            let size = nodes.len();
            let near = |at: usize, mate: usize| (at / 6 * 6 + mate).min(size - 1);
            let ids = nodes.iter().enumerate().map(|(at, node)| format!("{at}_{:016x}", node.0));
            let links = nodes.iter().enumerate().flat_map(|(at, (_, mate, far))| {
                let far = (at % 3 == 0).then(|| (at, far.index(size), 0.2));
                [Some((at, near(at, *mate), 0.4)), far].into_iter().flatten()
            });
            (ids.collect(), links.filter(|(one, other, _)| one != other).collect())
        },
    )
}

#[test]
fn nothing_is_placed_nowhere_and_one_node_in_the_square() {
    assert!(layout(&[], &[(0, 1, 1.0)]).is_empty());
    let alone = layout(&[Placed { id: "one" }], &[(0, 0, 1.0), (0, 7, 1.0)]);
    assert!((0.0..=1.0).contains(&alone[0].0) && (0.0..=1.0).contains(&alone[0].1));
}

#[test]
fn two_hundred_nodes_all_linked_with_one_stand_apart() {
    let ids: Vec<String> = (0..200).map(|at| format!("node_{at}")).collect();
    let star: Links = (1..200).map(|at| (0, at, 1.0)).collect();
    let placed = place(&ids, &star);
    for (at, one) in placed.iter().enumerate() {
        for other in &placed[at + 1..] {
            assert!(distance(*one, *other) > 0.4 / 200_f64.sqrt(), "{one:?} {other:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn all_are_inside_and_apart_whatever_the_links(
        ids in ids(40),
        links in prop::collection::vec((0..45_usize, 0..45_usize, any::<f64>()), 0..80),
    ) {
        let placed = place(&ids, &links);
        prop_assert_eq!(placed.len(), ids.len());
        let apart = (0.3 / (ids.len() as f64).sqrt()).min(0.1);
        for (at, one) in placed.iter().enumerate() {
            prop_assert!((0.0..=1.0).contains(&one.0) && (0.0..=1.0).contains(&one.1), "{one:?}");
            for other in &placed[at + 1..] {
                prop_assert!(distance(*one, *other) > apart, "{one:?} {other:?}");
            }
        }
        prop_assert_eq!(placed, place(&ids, &links));
    }

    #[test]
    fn the_order_of_nodes_and_links_makes_no_difference(
        ((ids, mut links), order) in map(2..30).prop_flat_map(|(ids, links)| {
            let order = Just((0..ids.len()).collect::<Vec<_>>()).prop_shuffle();
            (Just((ids, links)), order)
        }),
    ) {
        let placed = place(&ids, &links);
        let shuffled: Vec<String> = order.iter().map(|at| ids[*at].clone()).collect();
        let now = |at: usize| order.iter().position(|was| *was == at).unwrap();
        links.reverse();
        for (one, other, _) in &mut links {
            (*one, *other) = (now(*other), now(*one));
        }
        let expected: Vec<(f64, f64)> = order.iter().map(|at| placed[*at]).collect();
        prop_assert_eq!(place(&shuffled, &links), expected);
    }

    #[test]
    fn what_is_linked_is_nearer_than_what_is_not((ids, links) in map(16..40)) {
        let placed = place(&ids, &links);
        let (mut linked, mut others) = (Vec::new(), Vec::new());
        for one in 0..ids.len() {
            for other in one + 1..ids.len() {
                let is = |link: &(usize, usize, f64)| {
                    (link.0, link.1) == (one, other) || (link.1, link.0) == (one, other)
                };
                let list = if links.iter().any(is) { &mut linked } else { &mut others };
                list.push(distance(placed[one], placed[other]));
            }
        }
        prop_assert!(mean(&linked) < 0.9 * mean(&others), "{} {}", mean(&linked), mean(&others));
    }

    #[test]
    fn a_node_more_moves_the_others_little(
        (mut ids, mut links) in map(20..40),
        new in "[a-z]{8}",
        one in any::<prop::sample::Index>(),
        other in any::<prop::sample::Index>(),
    ) {
        let before = place(&ids, &links);
        links.extend([one, other].map(|to| (ids.len(), to.index(ids.len()), 0.3)));
        ids.push(new);
        let after = place(&ids, &links);
        let moved: Vec<f64> =
            before.iter().zip(&after).map(|(was, is)| distance(*was, *is)).collect();
        // Places that have nothing to do with each other are half a side apart.
        prop_assert!(mean(&moved) < 0.15, "{moved:?}");
    }
}
