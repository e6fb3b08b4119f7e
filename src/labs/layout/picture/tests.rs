//! The picture of a map: frame, names, order and the way through it.

use super::*;
use crate::labs::model::MapLink;

fn map(nodes: u64) -> ConceptMap {
    let node = |bits: u64| MapNode {
        id: NodeId::of_bits(bits),
        title: format!("Concept number {bits}"),
        summary: String::new(),
        confidence: bits as f64 / nodes as f64,
    };
    let link = |bits: u64| MapLink {
        one: NodeId::of_bits(bits),
        other: NodeId::of_bits(bits + 1),
        weight: 1.0 / bits as f64,
    };
    ConceptMap {
        nodes: (1..=nodes).map(node).collect(),
        links: (1..nodes).map(link).collect(),
        accepted: nodes,
    }
}

#[test]
fn no_name_covers_a_circle_or_another_name_or_leaves_the_picture() {
    for nodes in [1, 12, 40, 200] {
        let picture = Picture::of(&map(nodes));
        for (size, of) in
            [(WIDE, (|spot| spot.wide) as fn(&Spot) -> Name), (NARROW, |spot| spot.narrow)]
        {
            let shown: Vec<(usize, Area)> = picture
                .spots
                .iter()
                .enumerate()
                .filter(|(_, spot)| of(spot) != Name::Hidden)
                .map(|(at, spot)| (at, spot.area(of(spot), size)))
                .collect();
            assert!(!shown.is_empty(), "{nodes} nodes at {size:?}");
            for (at, area) in &shown {
                assert!(area[0] >= 0.0 && area[2] <= size.0, "{area:?} of {size:?}");
                assert!(shown.iter().all(|(other, it)| other == at || !overlap(area, it)));
                let circles = picture.spots.iter().map(|spot| spot.circle(size));
                assert!(!circles.into_iter().any(|circle| overlap(area, &circle)));
            }
        }
    }
}

#[test]
fn the_picture_is_filled_and_stays_in_its_frame_when_one_joins_within() {
    let before = framed(vec![(0.34, 0.42), (0.71, 0.88), (0.5, 0.6)]);
    let after = framed(vec![(0.34, 0.42), (0.71, 0.88), (0.5, 0.6), (0.31, 0.87)]);
    assert_eq!(before[..], after[..3]);
    let all = before.iter().flat_map(|(x, y)| [*x, *y]);
    assert!(all.clone().all(|part| (FRAME_MARGIN..=1.0 - FRAME_MARGIN).contains(&part)));
    let (left, right) = (before[0].0, before[1].0);
    assert!(right - left > 0.37, "as far apart as in the layout, and farther");
    let (x, y) = framed(vec![(0.55, 0.55)])[0];
    assert!((x - 0.5).abs() < 1e-9 && (y - 0.5).abs() < 1e-9, "one alone stands in the middle");
}

#[test]
fn what_was_drawn_keeps_its_order_before_what_is_new() {
    let bits = |picture: &Picture| -> Vec<NodeId> {
        picture.spots.iter().map(|spot| spot.node.id.clone()).collect()
    };
    let mut few = map(4);
    few.nodes.remove(1);
    few.links.retain(|link| ![&link.one, &link.other].contains(&&NodeId::of_bits(2)));
    let before = Picture::of(&few);
    let after = Picture::of(&map(4)).drawn_after(&before);
    assert_eq!(bits(&after), [1, 3, 4, 2].map(NodeId::of_bits));
    assert_eq!(
        (&after.lines[0].one, &after.lines[0].other),
        (&before.lines[0].one, &before.lines[0].other)
    );
    assert_eq!(bits(&before.drawn_after(&after)), [1, 3, 4].map(NodeId::of_bits));
}

#[test]
fn neighbours_are_named_by_how_near_they_are() {
    let picture = Picture::of(&map(4));
    let bits = |nodes: Vec<&MapNode>| -> Vec<NodeId> {
        nodes.into_iter().map(|node| node.id.clone()).collect()
    };
    let two = picture.neighbours(&NodeId::of_bits(2));
    assert_eq!(bits(two), [NodeId::of_bits(1), NodeId::of_bits(3)]);
    assert!(picture.neighbours(&NodeId::of_bits(9)).is_empty());
}

#[test]
fn an_arrow_leads_to_what_is_nearest_in_its_direction() {
    let mut picture = Picture::of(&map(4));
    for (spot, (x, y)) in
        picture.spots.iter_mut().zip([(0.5, 0.5), (0.6, 0.55), (0.9, 0.5), (0.45, 0.1)])
    {
        (spot.x, spot.y) = (x, y);
    }
    let from = NodeId::of_bits(1);
    assert_eq!(picture.toward(&from, Direction::Right), Some(&NodeId::of_bits(2)));
    assert_eq!(picture.toward(&from, Direction::Up), Some(&NodeId::of_bits(4)));
    assert_eq!(picture.toward(&from, Direction::Left), None);
}

#[test]
fn what_is_nearest_to_a_node_that_leaves_is_among_those_that_stay() {
    let mut picture = Picture::of(&map(4));
    for (spot, (x, y)) in
        picture.spots.iter_mut().zip([(0.5, 0.5), (0.6, 0.5), (0.8, 0.5), (0.1, 0.5)])
    {
        (spot.x, spot.y) = (x, y);
    }
    let [from, near, next] = [1, 2, 3].map(NodeId::of_bits);
    let mut later = picture.clone();
    later.spots.retain(|spot| spot.node.id != from);
    assert_eq!(picture.nearest_that_stays(&from, &later), Some(&near));
    later.spots.retain(|spot| spot.node.id != near);
    assert_eq!(picture.nearest_that_stays(&from, &later), Some(&next));
    assert_eq!(picture.nearest_that_stays(&from, &Picture::default()), None);
}

#[test]
fn a_long_name_is_cut() {
    let mut picture = Picture::of(&map(1));
    picture.spots[0].node.title = "a".repeat(LETTERS + 1);
    assert_eq!(picture.spots[0].name().chars().count(), LETTERS);
}
