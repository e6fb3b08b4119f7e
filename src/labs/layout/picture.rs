//! The picture of a concept map: its nodes where the layout puts them, how large, and where each has
//! room for its name.
//!
//! Owns what is drawn, in numbers. It must not know how.

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use super::{Placed, layout};
use crate::labs::model::{ConceptMap, MapNode, NodeId};

/// What is drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Picture {
    /// The nodes, in the order of the map.
    pub spots: Vec<Spot>,
    /// What stands together.
    pub lines: Vec<Line>,
}

/// A node in its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Spot {
    /// The node.
    pub node: MapNode,
    /// From the left, 0 to 1.
    pub x: f64,
    /// From the top, 0 to 1.
    pub y: f64,
    /// Of its circle, in pixels.
    pub radius: f64,
    /// Where its name stands in a picture that is [`WIDE`].
    pub wide: Name,
    /// The same in one that is [`NARROW`].
    pub narrow: Name,
}

/// A link between two places.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// One node.
    pub one: NodeId,
    /// The other.
    pub other: NodeId,
    /// Where it goes: from x and y to x and y, 0 to 1.
    pub way: [f64; 4],
    /// More than 0, at most 1.
    pub weight: f64,
}

/// Where a name stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name {
    /// Below the circle.
    Below,
    /// Above it.
    Above,
    /// There is no room: it shows when the node is looked at.
    Hidden,
}

/// From which side a name is written, so that it stays in the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// It begins at the circle.
    Start,
    /// It stands in the middle.
    Middle,
    /// It ends at the circle.
    End,
}

/// A way from one node to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// To the left.
    Left,
    /// To the right.
    Right,
    /// Upwards.
    Up,
    /// Downwards.
    Down,
}

/// The least that a picture measures beside other things, in pixels: width and height.
pub const WIDE: (f64, f64) = (620.0, 560.0);
/// The least that it measures on a phone.
pub const NARROW: (f64, f64) = (328.0, 460.0);

/// The radius of a circle: of one of no confidence, and how much that of full confidence is larger.
const RADIUS: (f64, f64) = (5.0, 8.0);
/// About how wide a letter of a name is, how high a name is, and how far it is from its circle.
const LETTER: f64 = 6.4;
const HEIGHT: f64 = 15.0;
const GAP: f64 = 3.0;
/// How near the left or right edge a name is no longer in the middle, as a part of the width.
const EDGE: f64 = 0.16;
/// How many letters of a name are written.
const LETTERS: usize = 26;

/// What is cut away at each edge is so many of these, as a part of the layout's square; this much is
/// left at least; and this much of the picture stays free at its edges.
const FRAME: f64 = 0.1;
const FRAME_LEAST: f64 = 0.6;
const FRAME_MARGIN: f64 = 0.05;

/// A rectangle: left, top, right, bottom.
type Area = [f64; 4];

impl Picture {
    /// The picture of a map.
    pub fn of(map: &ConceptMap) -> Self {
        let placed: Vec<Placed<'_>> =
            map.nodes.iter().map(|node| Placed { id: node.id.as_str() }).collect();
        let at: HashMap<&NodeId, usize> =
            map.nodes.iter().enumerate().map(|(at, node)| (&node.id, at)).collect();
        let links: Vec<(usize, usize, f64)> = map
            .links
            .iter()
            .filter_map(|link| Some((*at.get(&link.one)?, *at.get(&link.other)?, link.weight)))
            .collect();
        let points = framed(layout(&placed, &links));
        let mut spots: Vec<Spot> = map
            .nodes
            .iter()
            .zip(&points)
            .map(|(node, (x, y))| Spot {
                node: node.clone(),
                x: *x,
                y: *y,
                radius: RADIUS.0 + RADIUS.1 * node.confidence.clamp(0.0, 1.0),
                wide: Name::Hidden,
                narrow: Name::Hidden,
            })
            .collect();
        let (wide, narrow) = (names(&spots, WIDE), names(&spots, NARROW));
        for (spot, (wide, narrow)) in spots.iter_mut().zip(wide.into_iter().zip(narrow)) {
            (spot.wide, spot.narrow) = (wide, narrow);
        }
        let lines = links.into_iter().map(|(one, other, weight)| Line {
            one: map.nodes[one].id.clone(),
            other: map.nodes[other].id.clone(),
            way: [points[one].0, points[one].1, points[other].0, points[other].1],
            weight,
        });
        Self { lines: lines.collect(), spots }
    }

    /// The same picture, drawn after another one: what that had comes first and in its order, so that
    /// an element is not moved in the page when others come. One that is moved begins anew instead of
    /// gliding.
    #[must_use]
    pub fn drawn_after(mut self, before: &Self) -> Self {
        let spots: HashMap<&NodeId, usize> =
            before.spots.iter().enumerate().map(|(at, spot)| (&spot.node.id, at)).collect();
        let ends = |line: &Line| (line.one.clone(), line.other.clone());
        let lines: HashMap<(NodeId, NodeId), usize> =
            before.lines.iter().enumerate().map(|(at, line)| (ends(line), at)).collect();
        // Sorting keeps the order of what is new.
        self.spots.sort_by_key(|spot| spots.get(&spot.node.id).copied().unwrap_or(usize::MAX));
        self.lines.sort_by_key(|line| lines.get(&ends(line)).copied().unwrap_or(usize::MAX));
        self
    }

    /// A node in its place.
    pub fn spot(&self, id: &NodeId) -> Option<&Spot> {
        self.spots.iter().find(|spot| spot.node.id == *id)
    }

    /// What stands together with a node, the nearest first.
    pub fn neighbours(&self, id: &NodeId) -> Vec<&MapNode> {
        let mut lines: Vec<(f64, &NodeId)> =
            self.lines.iter().filter_map(|line| Some((line.weight, line.other_end(id)?))).collect();
        lines.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
        lines.into_iter().filter_map(|(_, id)| Some(&self.spot(id)?.node)).collect()
    }

    /// Of the nodes that are in `later` as well, the one nearest to this.
    pub fn nearest_that_stays(&self, from: &NodeId, later: &Self) -> Option<&NodeId> {
        let from = self.spot(from)?;
        let far = |spot: &Spot| (spot.x - from.x).hypot(spot.y - from.y);
        let stays =
            |spot: &&Spot| spot.node.id != from.node.id && later.spot(&spot.node.id).is_some();
        let nearest = self.spots.iter().filter(stays).min_by(|a, b| far(a).total_cmp(&far(b)));
        nearest.map(|spot| &spot.node.id)
    }

    /// The node to which an arrow key leads: the nearest in that direction.
    pub fn toward(&self, from: &NodeId, direction: Direction) -> Option<&NodeId> {
        let from = self.spot(from)?;
        let ahead = |spot: &&Spot| {
            let (x, y) = (spot.x - from.x, spot.y - from.y);
            let (on, aside) = match direction {
                Direction::Left => (-x, y),
                Direction::Right => (x, y),
                Direction::Up => (-y, x),
                Direction::Down => (y, x),
            };
            // Within a quarter of the circle around it; what is aside counts twice.
            (on > 0.0 && aside.abs() <= on).then_some(on * on + 4.0 * aside * aside)
        };
        let found = self.spots.iter().filter_map(|spot| Some((ahead(&spot)?, &spot.node.id)));
        let found = found.min_by(|a, b| a.0.total_cmp(&b.0));
        found.map(|(_, id)| id)
    }
}

impl Spot {
    /// Its name, as far as it is written.
    pub fn name(&self) -> String {
        let title = &self.node.title;
        if title.chars().count() <= LETTERS {
            return title.clone();
        }
        let shown: String = title.chars().take(LETTERS - 1).collect();
        format!("{}…", shown.trim_end())
    }

    /// From which side that is written.
    pub fn anchor(&self) -> Anchor {
        match self.x {
            x if x < EDGE => Anchor::Start,
            x if x > 1.0 - EDGE => Anchor::End,
            _ => Anchor::Middle,
        }
    }

    /// What its name takes of a picture of that size.
    fn area(&self, name: Name, (width, height): (f64, f64)) -> Area {
        let (x, y) = (self.x * width, self.y * height);
        let long = self.name().chars().count() as f64 * LETTER;
        let left = match self.anchor() {
            Anchor::Start => x - self.radius,
            Anchor::Middle => x - long / 2.0,
            Anchor::End => x + self.radius - long,
        };
        let top = match name {
            Name::Above => y - self.radius - GAP - HEIGHT,
            Name::Below | Name::Hidden => y + self.radius + GAP,
        };
        [left, top, left + long, top + HEIGHT]
    }

    fn circle(&self, (width, height): (f64, f64)) -> Area {
        let (x, y) = (self.x * width, self.y * height);
        [x - self.radius, y - self.radius, x + self.radius, y + self.radius]
    }
}

impl Line {
    /// The other of its nodes, if it begins or ends at this one.
    fn other_end(&self, id: &NodeId) -> Option<&NodeId> {
        match () {
            () if self.one == *id => Some(&self.other),
            () if self.other == *id => Some(&self.one),
            () => None,
        }
    }
}

/// Moves and stretches points so that they fill the picture. What is cut away at the edges is counted
/// in whole steps, so that hardly any node that comes or goes moves the others.
fn framed(points: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    let along = |part: fn(&(f64, f64)) -> f64| {
        let least = points.iter().map(part).fold(1.0, f64::min);
        let most = points.iter().map(part).fold(0.0, f64::max);
        let (from, to) = ((least / FRAME).floor() * FRAME, (most / FRAME).ceil() * FRAME);
        // A few that stand near each other are not torn apart.
        let aside = ((FRAME_LEAST - (to - from)) / 2.0).max(0.0);
        let (from, to) = (from - aside, to + aside);
        move |at: f64| FRAME_MARGIN + (1.0 - 2.0 * FRAME_MARGIN) * (at - from) / (to - from)
    };
    let (x, y) = (along(|point| point.0), along(|point| point.1));
    points.iter().map(|point| (x(point.0), y(point.1))).collect()
}

/// Where the names have room: the most confident choose first, and none covers a circle or another
/// name.
fn names(spots: &[Spot], size: (f64, f64)) -> Vec<Name> {
    let mut order: Vec<usize> = (0..spots.len()).collect();
    order.sort_by(|a, b| {
        let (a, b) = (&spots[*a].node, &spots[*b].node);
        b.confidence.total_cmp(&a.confidence).then(a.id.cmp(&b.id))
    });
    let mut taken: Vec<Area> = spots.iter().map(|spot| spot.circle(size)).collect();
    let mut names = vec![Name::Hidden; spots.len()];
    for at in order {
        let fits = |name: &Name| {
            let area = spots[at].area(*name, size);
            let inside = area[0] >= 0.0 && area[1] >= 0.0 && area[2] <= size.0 && area[3] <= size.1;
            inside && !taken.iter().any(|other| overlap(&area, other))
        };
        if let Some(name) = [Name::Below, Name::Above].into_iter().find(fits) {
            taken.push(spots[at].area(name, size));
            names[at] = name;
        }
    }
    names
}

fn overlap(one: &Area, other: &Area) -> bool {
    one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3]
}
