//! Topics: where a text turns from one thing to the next.
//!
//! Owns how a text is divided into sections: at its headings if it has some, otherwise where the
//! words before and after a gap have least in common (Hearst's TextTiling).

use std::{collections::HashMap, ops::Range};

use super::{
    blocks::Kind,
    index::{Index, TermId},
    ranking::Vector,
};

/// A part of a text about one topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Its heading, if the text gives it one.
    pub heading: Option<String>,
    /// Its sentences.
    pub sentences: Range<usize>,
}

/// The most sections that a text is divided into.
const MOST: usize = 8;
/// How many words a section should have, where there are no headings.
const WORDS: usize = 550;
/// A section with fewer words is taken to its neighbour.
const FEWEST: usize = 25;
/// How many sentences on each side of a gap are compared.
const SIDE: usize = 8;

/// Divides a text. There is at least one section if there is a sentence.
pub fn sections(index: &Index<'_>, vectors: &[Vector]) -> Vec<Section> {
    if index.sentences.is_empty() {
        return Vec::new();
    }
    let headed = by_headings(index);
    if headed.len() > 1 { headed } else { by_words(index, vectors) }
}

/// Sections under the headings; what stands before the first is one without.
fn by_headings(index: &Index<'_>) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    let mut sentence = 0;
    let mut pending: Option<String> = None;
    for (number, block) in index.blocks.iter().enumerate() {
        let first = sentence;
        while index.sentences.get(sentence).is_some_and(|s| s.block == number) {
            sentence += 1;
        }
        if matches!(block.kind, Kind::Heading(_)) {
            // Of headings right after another, the last stands over the text.
            pending = Some(block.text.to_owned());
        } else if first < sentence {
            match sections.last_mut() {
                Some(section) if pending.is_none() => section.sentences.end = sentence,
                _ => sections.push(Section { heading: pending.take(), sentences: first..sentence }),
            }
        }
    }
    few(index, gather(index, sections))
}

/// Takes sections together, one after another, until each is a good part of the text, so that
/// there are not many.
fn gather(index: &Index<'_>, sections: Vec<Section>) -> Vec<Section> {
    let least = FEWEST.max(index.total_words() / (4 * MOST));
    let mut gathered: Vec<Section> = Vec::new();
    let mut size = least;
    for section in sections {
        let words = words(index, &section);
        match gathered.last_mut() {
            Some(last) if size < least => {
                *last = join(last, &section, size >= words);
                size += words;
            }
            _ => {
                gathered.push(section);
                size = words;
            }
        }
    }
    gathered
}

/// Gives the smallest section to the smaller of its neighbours, until all are large enough and
/// few.
fn few(index: &Index<'_>, mut sections: Vec<Section>) -> Vec<Section> {
    loop {
        let sizes: Vec<usize> = sections.iter().map(|section| words(index, section)).collect();
        let smallest = sizes.iter().copied().enumerate().min_by_key(|(_, size)| *size);
        let Some((smallest, size)) = smallest else { return sections };
        if sections.len() < 2 || (size >= FEWEST && sections.len() <= MOST) {
            return sections;
        }
        let follows = smallest + 1 < sizes.len();
        let left = match smallest.checked_sub(1) {
            Some(before) if !follows || sizes[before] <= sizes[smallest + 1] => before,
            _ => smallest,
        };
        let right = sections.remove(left + 1);
        sections[left] = join(&sections[left], &right, sizes[left] >= sizes[left + 1]);
    }
}

/// Two sections that follow each other as one, named after the one that is larger.
fn join(left: &Section, right: &Section, left_is_larger: bool) -> Section {
    let (first, second) = if left_is_larger { (left, right) } else { (right, left) };
    Section {
        heading: first.heading.clone().or_else(|| second.heading.clone()),
        sentences: left.sentences.start..right.sentences.end,
    }
}

fn words(index: &Index<'_>, section: &Section) -> usize {
    index.sentences[section.sentences.clone()].iter().map(|sentence| sentence.words).sum()
}

/// Sections without headings, as many as the length asks for, cut at the deepest valleys.
fn by_words(index: &Index<'_>, vectors: &[Vector]) -> Vec<Section> {
    let total = index.total_words();
    let wanted = (total / WORDS).clamp(1, MOST);
    let gaps = gaps(index);
    let depths = depths(vectors, &gaps);
    let mut order: Vec<usize> = (0..gaps.len()).collect();
    order.sort_by(|a, b| depths[*b].total_cmp(&depths[*a]));
    // Words before each sentence, to keep the cuts apart.
    let mut before = vec![0];
    before.extend(index.sentences.iter().scan(0, |sum, s| {
        *sum += s.words;
        Some(*sum)
    }));
    let apart = total / (wanted * 2);
    let mut cuts = vec![0, index.sentences.len()];
    for gap in order {
        if cuts.len() > wanted {
            break;
        }
        let cut = gaps[gap];
        if cuts.iter().all(|other| before[*other].abs_diff(before[cut]) >= apart) {
            cuts.push(cut);
        }
    }
    cuts.sort_unstable();
    cuts.windows(2).map(|pair| Section { heading: None, sentences: pair[0]..pair[1] }).collect()
}

/// Where a text may be cut: before a paragraph, or anywhere if it has too few of them.
fn gaps(index: &Index<'_>) -> Vec<usize> {
    let starts = |at: usize| index.sentences[at].block != index.sentences[at - 1].block;
    let paragraphs: Vec<usize> = (1..index.sentences.len()).filter(|at| starts(*at)).collect();
    if paragraphs.len() * WORDS / 2 >= index.total_words() {
        paragraphs
    } else {
        (1..index.sentences.len()).collect()
    }
}

/// How much deeper the likeness of the two sides is at each gap than around it.
fn depths(vectors: &[Vector], gaps: &[usize]) -> Vec<f32> {
    let sum = |range: Range<usize>| {
        let mut terms: HashMap<TermId, f32> = HashMap::new();
        for (term, weight) in vectors[range].iter().flat_map(Vector::terms) {
            *terms.entry(term).or_default() += weight;
        }
        let mut terms: Vec<_> = terms.into_iter().collect();
        terms.sort_unstable_by_key(|(term, _)| *term);
        terms
    };
    let alike: Vec<f32> = gaps
        .iter()
        .map(|gap| {
            let left = sum(gap.saturating_sub(SIDE)..*gap);
            let right = sum(*gap..(gap + SIDE).min(vectors.len()));
            cosine(&left, &right)
        })
        .collect();
    let peak = |likeness: &mut dyn Iterator<Item = f32>, from: f32| {
        let mut highest = from;
        // A valley is no wider than this many gaps.
        for value in likeness.take(40) {
            if value < highest {
                break;
            }
            highest = value;
        }
        highest
    };
    (0..alike.len())
        .map(|at| {
            let left = peak(&mut alike[..at].iter().rev().copied(), alike[at]);
            let right = peak(&mut alike[at + 1..].iter().copied(), alike[at]);
            left + right - 2.0 * alike[at]
        })
        .collect()
}

/// The cosine of two lists of terms in the order of their numbers.
fn cosine(left: &[(TermId, f32)], right: &[(TermId, f32)]) -> f32 {
    let length = |terms: &[(TermId, f32)]| terms.iter().map(|(_, w)| w * w).sum::<f32>().sqrt();
    let (mut i, mut j, mut product) = (0, 0, 0.0);
    while let (Some(a), Some(b)) = (left.get(i), right.get(j)) {
        match a.0.cmp(&b.0) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                product += a.1 * b.1;
                i += 1;
                j += 1;
            }
        }
    }
    product / (length(left) * length(right)).max(f32::EPSILON)
}
