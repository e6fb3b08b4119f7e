//! Concepts: what the sources of a project are about, what they say of it, and what belongs together.
//!
//! Owns the choice, its confidence and the links. Pure functions of text: it must not know the
//! database or jobs. Nothing is random, and the same sources give the same concepts.

mod candidates;
mod general;
mod network;
mod confidence;
mod summary;

use std::{cmp::Reverse, collections::HashSet, fmt, ops::ControlFlow};

use self::{
    candidates::{Candidate, Place, Pool, Source},
    confidence::Evidence,
    network::Shared,
};

/// A text to read.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'a> {
    /// What it is called.
    pub title: &'a str,
    /// The text, as [`extract`](crate::content::text::extract()) leaves it.
    pub body: &'a str,
}

/// Something that the readings are about.
#[derive(Clone, Debug, PartialEq)]
pub struct Concept {
    /// Its name, as the readings write it most often.
    pub title: String,
    /// The sentence of a reading that defines it, or else says most of it, on one line.
    pub summary: String,
    /// How much speaks for it, from 0 to 1; see [`confidence`](Concepts#confidence).
    pub confidence: f64,
    /// How often it occurs, in whatever form.
    pub mentions: u32,
    /// The reading that the summary is taken from.
    pub source: usize,
}

/// Two concepts that the readings speak of together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Link {
    /// The concept that comes first, by its place among all.
    pub one: usize,
    /// The other.
    pub other: usize,
    /// How much they belong together, above 0 and up to 1: the sentences that both are in, divided
    /// by the geometric mean of the sentences that each is in (Salton's cosine, the usual measure
    /// of maps of co-occurring words).
    pub weight: f64,
}

/// What was found, most certain first.
///
/// # Confidence
/// Phrases are ranked by TextRank (Mihalcea and Tarau, 2004) over the graph of those that share
/// sentences, as TopicRank does (Bougouin, Boudin and Daille, 2013). The walk starts anew at a phrase
/// in proportion to how telling the text and the titles make it, as in PositionRank (Florescu and
/// Caragea, 2017). A rank is then multiplied by the part of its mentions where the phrase stands as a
/// noun, and by 2.5 for a name of several words. With this rank `r` relative to the highest, the
/// mentions `m`, the sentences `s` that they are in, and `d` of `n` readings,
///
/// ```text
/// confidence = r^0.4 · (m / (m + 2))^0.2 · (s / (s + 2))^0.2 · ((d + 1) / (n + 1))^0.2
/// ```
///
/// a weighted geometric mean of numbers between 0 and 1: more of any of them never makes it less. The
/// factors, the weights and the halfway points are ours, and measured against nothing but judgement.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Concepts {
    /// The concepts.
    pub concepts: Vec<Concept>,
    /// Links between them, strongest first. Each concept names the three nearest to it.
    pub links: Vec<Link>,
}

/// What the work is at, and after which stages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Taking readings apart, one by one.
    Reading,
    /// Weighing phrases and sentences, reading by reading.
    Ranking,
    /// Describing concepts and joining them, one by one.
    Linking,
}

impl Stage {
    /// Every stage, in order.
    pub const ALL: [Self; 3] = [Self::Reading, Self::Ranking, Self::Linking];

    /// About how much of the work it is, in per cent of it all: half of 40 papers of 10 kB and half of
    /// one text of 2 MB, as measured. Many texts are longer read, a long one is longer weighed.
    pub const fn percent(self) -> u64 {
        match self {
            Self::Reading => 50,
            Self::Ranking => 38,
            Self::Linking => 12,
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Reading => "Reading the sources",
            Self::Ranking => "Weighing what they say",
            Self::Linking => "Linking the concepts",
        })
    }
}

/// Hears how far the work is: the stage, and how many of its steps are done of how many.
type Tell<'t> = &'t mut dyn FnMut(Stage, u64, u64) -> ControlFlow<()>;

/// Finds at most `limit` concepts. What occurs in one sentence only is none, so that a line or two
/// give nothing.
///
/// `tell` hears of each step, and of none done at the start of a stage; when it answers
/// [`ControlFlow::Break`], the work stops with `None`. It computes for up to some seconds per
/// megabyte, so call it where that blocks nobody.
pub fn extract(readings: &[Reading<'_>], limit: usize, tell: Tell<'_>) -> Option<Concepts> {
    work(readings, limit, tell).continue_value()
}

fn work(readings: &[Reading<'_>], limit: usize, tell: Tell<'_>) -> ControlFlow<(), Concepts> {
    let mut pool = Pool::default();
    let mut sources: Vec<Source<'_>> = Vec::new();
    tell(Stage::Reading, 0, count(readings.len()))?;
    for reading in readings {
        sources.push(pool.read(reading));
        tell(Stage::Reading, count(sources.len()), count(readings.len()))?;
    }

    let mut candidates = pool.candidates(readings, &sources);
    let mut shared = Shared::new(candidates.all.len());
    tell(Stage::Ranking, 0, count(sources.len()))?;
    for (number, source) in sources.iter_mut().enumerate() {
        candidates.find(number, source, &mut shared);
        source.weigh();
        tell(Stage::Ranking, count(number + 1), count(readings.len()))?;
    }
    let chosen = choose(&candidates.all, &shared, sources.len(), limit);

    let mut concepts: Vec<Concept> = Vec::new();
    let mut named: Vec<usize> = Vec::new();
    tell(Stage::Linking, 0, count(chosen.len()))?;
    // Definitions first, so that no other concept takes one.
    let definitions: Vec<Option<Place>> =
        chosen.iter().map(|(at, _)| summary::definition(&candidates.all[*at], &sources)).collect();
    let mut cited: HashSet<Place> = definitions.iter().flatten().copied().collect();
    for (number, ((at, confidence), definition)) in chosen.iter().zip(definitions).enumerate() {
        let candidate = &candidates.all[*at];
        if let Some(place) = definition.or_else(|| summary::telling(candidate, &sources, &cited)) {
            cited.insert(place);
            named.push(*at);
            concepts.push(Concept {
                title: candidate.title.clone(),
                summary: summary::line(&sources, place),
                confidence: *confidence,
                mentions: candidate.mentions,
                source: place.source,
            });
        }
        tell(Stage::Linking, count(number + 1), count(chosen.len()))?;
    }
    let links = shared.links(&named, &candidates.all);
    ControlFlow::Continue(Concepts { concepts, links })
}

/// The candidates that become concepts, with the confidence in each, most certain first.
fn choose(
    candidates: &[Candidate],
    shared: &Shared,
    sources: usize,
    limit: usize,
) -> Vec<(usize, f64)> {
    let ranks: Vec<f64> = shared
        .ranks(candidates)
        .into_iter()
        .zip(candidates)
        .map(|(rank, candidate)| rank * candidate.nameliness())
        .collect();
    let highest = ranks.iter().copied().fold(0.0, f64::max);
    let mut chosen: Vec<(usize, f64)> = candidates
        .iter()
        .enumerate()
        .filter(|(_, candidate)| candidate.places.len() > 1)
        .filter(|(_, candidate)| !stands_within(candidate, candidates))
        .map(|(at, candidate)| {
            let evidence = Evidence {
                rank: ranks[at] / highest,
                mentions: candidate.mentions,
                sentences: candidate.places.len(),
                read: candidate.sources(),
                sources,
            };
            (at, evidence.confidence())
        })
        .collect();
    chosen.sort_by(|a, b| {
        let ties = || {
            let key = |at: usize| (Reverse(candidates[at].mentions), &candidates[at].title);
            key(a.0).cmp(&key(b.0))
        };
        b.1.total_cmp(&a.1).then_with(ties)
    });
    // Words of two languages may be written alike.
    let mut titles = HashSet::new();
    chosen.retain(|(at, _)| titles.insert(candidates[*at].title.to_lowercase()));
    chosen.truncate(limit);
    chosen
}

/// Whether a phrase has next to no mentions of its own, but stands in a longer one (Frantzi,
/// Ananiadou and Mima's nested terms, 2000).
fn stands_within(candidate: &Candidate, candidates: &[Candidate]) -> bool {
    candidates.iter().any(|longer| {
        longer.contains(candidate)
            && longer.places.len() > 1
            && candidate.mentions < longer.mentions + 2
    })
}

/// A number of steps.
fn count(steps: usize) -> u64 {
    u64::try_from(steps).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
