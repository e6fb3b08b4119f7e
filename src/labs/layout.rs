//! The layout of a concept map: where each node stands in a unit square.
//!
//! Owns the forces. Near nodes repel each other and steps shrink, as Fruchterman and Reingold have
//! it (1991); but a node is drawn to the mean of its neighbours and of a place of its own, which its
//! id gives, so that a map stays as people know it when a node comes or goes. It must not know time
//! or chance, nor compute what two machines may round differently: server and browser draw the same.

mod picture;

pub use picture::{Anchor, Direction, Line, NARROW, Name, Picture, Spot, WIDE};

/// A node to place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed<'a> {
    /// Its id, different from that of every other node.
    pub id: &'a str,
}

/// How often the forces move the nodes.
const ROUNDS: u32 = 60;
/// The distance that repulsion strives for, as a part of that between nodes that fill the square.
const IDEAL: f64 = 0.9;
/// Nodes farther apart than this many such distances do not repel each other.
const REACH: f64 = 2.0;
/// How strongly a node is repelled, and which part of its way to what draws it it goes in a round.
const PUSH: f64 = 0.05;
const DRAW: f64 = 0.4;
/// How strongly a node is drawn to its own place: as by a link of this weight.
const HOME: f64 = 0.5;
/// How far a node moves in the first round at most; in the last it hardly moves.
const STEP: f64 = 0.1;
/// How far from the edges nodes stay.
const MARGIN: f64 = 0.06;
/// The least distance between nodes, as a part of that between nodes that fill the square, and the
/// most that it is.
const APART: (f64, f64) = (0.65, 0.12);
/// How much farther than that two nodes are moved, so that they come to rest.
const SLACK: f64 = 1.02;
/// How often nodes that are too near each other are moved apart.
const PARTINGS: u32 = 60;

#[derive(Clone, Copy)]
struct Point {
    x: f64,
    y: f64,
}

/// Where each node stands, in their order: x and y from 0 to 1.
///
/// A link is two places among the nodes and its weight, up to 1; one that joins no two nodes or
/// weighs nothing is passed over. The time grows with the square of the nodes: two hundred take some
/// milliseconds.
pub fn layout(nodes: &[Placed<'_>], links: &[(usize, usize, f64)]) -> Vec<(f64, f64)> {
    // In the order of their ids, so that no sum depends on the order in which they came.
    let mut order: Vec<usize> = (0..nodes.len()).collect();
    order.sort_by_key(|at| nodes[*at].id);
    let mut rank = vec![0; nodes.len()];
    for (place, at) in order.iter().enumerate() {
        rank[*at] = place;
    }
    let mut springs: Vec<(usize, usize, f64)> = links
        .iter()
        .filter(|(one, other, weight)| one != other && *weight > 0.0 && weight.is_finite())
        .filter_map(|(one, other, weight)| {
            let (one, other) = (*rank.get(*one)?, *rank.get(*other)?);
            Some((one.min(other), one.max(other), weight.min(1.0)))
        })
        .collect();
    springs.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then(a.2.total_cmp(&b.2)));

    let homes: Vec<Point> = order.iter().map(|at| home(nodes[*at].id)).collect();
    let mut points = homes.clone();
    for round in 0..ROUNDS {
        let step = STEP * f64::from(ROUNDS - round) / f64::from(ROUNDS);
        settle(&mut points, &homes, &springs, step);
    }
    part(&mut points);
    rank.into_iter().map(|place| (points[place].x, points[place].y)).collect()
}

/// The place of an id: its hash (FNV-1a, with the last mixing of MurmurHash3) as two numbers.
fn home(id: &str) -> Point {
    let mut hash = id.bytes().fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
    });
    for factor in [0xFF51_AFD7_ED55_8CCD_u64, 0xC4CE_B9FE_1A85_EC53] {
        hash = (hash ^ (hash >> 33)).wrapping_mul(factor);
    }
    hash ^= hash >> 33;
    let part = |bits: u64| (bits & 0xFFFF_FFFF) as f64 / 4_294_967_296.0;
    let inside = |part: f64| MARGIN + (1.0 - 2.0 * MARGIN) * part;
    Point { x: inside(part(hash)), y: inside(part(hash >> 32)) }
}

/// Moves every node where the forces draw it, but no farther than a step.
fn settle(points: &mut [Point], homes: &[Point], springs: &[(usize, usize, f64)], step: f64) {
    let ideal = IDEAL / (points.len() as f64).sqrt();
    let reach = ideal * ideal * REACH * REACH;
    // Nodes on one spot would repel each other without end.
    let nearest = ideal * ideal * 0.01;
    // What draws each node: the sum of weights and places, its own first.
    let mut drawn: Vec<(f64, Point)> =
        homes.iter().map(|home| (HOME, Point { x: HOME * home.x, y: HOME * home.y })).collect();
    for (one, other, weight) in springs {
        for (from, to) in [(*one, *other), (*other, *one)] {
            let (sum, place) = &mut drawn[from];
            *sum += weight;
            place.x += weight * points[to].x;
            place.y += weight * points[to].y;
        }
    }
    let mut forces: Vec<Point> = points
        .iter()
        .zip(&drawn)
        .map(|(at, (sum, place))| Point {
            x: (place.x / sum - at.x) * DRAW,
            y: (place.y / sum - at.y) * DRAW,
        })
        .collect();
    for one in 0..points.len() {
        for other in one + 1..points.len() {
            let (x, y) = (points[other].x - points[one].x, points[other].y - points[one].y);
            let square = x * x + y * y;
            if square < reach {
                // k²/d along the line between them, and nothing where the reach ends.
                let push = PUSH * ideal * ideal * (1.0 / square.max(nearest) - 1.0 / reach);
                forces[one].x -= x * push;
                forces[one].y -= y * push;
                forces[other].x += x * push;
                forces[other].y += y * push;
            }
        }
    }
    for (point, force) in points.iter_mut().zip(&forces) {
        let length = (force.x * force.x + force.y * force.y).sqrt();
        let part = if length > step { step / length } else { 1.0 };
        point.x = inside(point.x + force.x * part);
        point.y = inside(point.y + force.y * part);
    }
}

/// Moves nodes apart that stand on each other.
fn part(points: &mut [Point]) {
    let (even, most) = APART;
    let apart = (even / (points.len() as f64).sqrt()).min(most);
    for _ in 0..PARTINGS {
        let mut still = true;
        for one in 0..points.len() {
            for other in one + 1..points.len() {
                let (x, y) = (points[other].x - points[one].x, points[other].y - points[one].y);
                let distance = (x * x + y * y).sqrt();
                if distance >= apart {
                    continue;
                }
                still = false;
                // Of two on one spot, any direction will do that is always the same.
                let (x, y) = if distance > 0.0 { (x / distance, y / distance) } else { (0.6, 0.8) };
                let half = (apart * SLACK - distance) / 2.0;
                let moved = |at: Point, by: f64| Point {
                    x: inside(at.x + x * by),
                    y: inside(at.y + y * by),
                };
                points[one] = moved(points[one], -half);
                points[other] = moved(points[other], half);
            }
        }
        if still {
            break;
        }
    }
}

fn inside(coordinate: f64) -> f64 {
    coordinate.clamp(MARGIN, 1.0 - MARGIN)
}

#[cfg(test)]
mod tests;
