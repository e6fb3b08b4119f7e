//! The infographic: one picture of what is in a document, as SVG that stands by itself.
//!
//! Owns the layout. Every word in it is escaped; it has no scripts, no styles from elsewhere and
//! no fonts of its own.

mod canvas;
mod figures;
mod labels;
mod measure;

use self::{
    canvas::{Canvas, Ink, Style},
    figures::Figure,
    labels::Labels,
};
use super::{
    extract,
    index::Index,
    phrases::{self, Phrase},
    ranking::Vector,
    selection::Worth,
};
use crate::content::model::Direction;

/// How wide the picture is, in its own units.
pub const WIDTH: f32 = 1_200.0;
const MARGIN: f32 = 80.0;
const INNER: f32 = WIDTH - 2.0 * MARGIN;
/// How many figures, bars and sentences there are at most.
const FIGURES: usize = 3;
const BARS: usize = 8;
const SENTENCES: usize = 3;

const KICKER: Style = Style { size: 20.0, leading: 28.0, bold: true, ink: Ink::Accent };
const TITLE: Style = Style { size: 52.0, leading: 62.0, bold: true, ink: Ink::Text };
const HEADING: Style = Style { size: 26.0, leading: 34.0, bold: true, ink: Ink::Text };
const NUMBER: Style = Style { size: 60.0, leading: 66.0, bold: true, ink: Ink::Accent };
const UNIT: Style = Style { size: 24.0, leading: 32.0, bold: true, ink: Ink::Text };
const SMALL: Style = Style { size: 20.0, leading: 28.0, bold: false, ink: Ink::Muted };
const LABEL: Style = Style { size: 22.0, leading: 30.0, bold: false, ink: Ink::Text };
const QUOTE: Style = Style { size: 26.0, leading: 40.0, bold: false, ink: Ink::Text };

/// Draws what is in a text. A text without a word gives its title alone.
pub fn draw(title: &str, body: &str) -> String {
    let index = Index::new(body);
    let vectors: Vec<Vector> = index.sentences.iter().map(|s| Vector::of(&index, s)).collect();
    let worth = Worth::of(&index, &vectors);
    let labels = Labels::of(index.language.code());
    let right_to_left = extract::direction(body) == Direction::RightToLeft;
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut canvas = Canvas::new(right_to_left);

    canvas.gap(MARGIN);
    canvas.text(labels.overview, KICKER, MARGIN, INNER, 1);
    canvas.gap(8.0);
    canvas.text(&title, TITLE, MARGIN, INNER, 3);
    canvas.gap(40.0);
    let figures = figures::of(&index, &worth, labels, FIGURES);
    draw_figures(&mut canvas, &figures);
    let phrases = phrases::of(&index, &index.sentences);
    draw_terms(&mut canvas, labels, &phrases);
    let sentences: Vec<String> =
        worth.telling(SENTENCES).into_iter().map(|at| line(&index, at)).collect();
    draw_sentences(&mut canvas, labels, &sentences);
    canvas.gap(MARGIN - 24.0);
    let description = sentences.first().map_or(title.as_str(), String::as_str);
    canvas.finish(&title, description, index.language.code())
}

/// A sentence on one line.
fn line(index: &Index<'_>, at: usize) -> String {
    index.text(&index.sentences[at]).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Cards next to each other, as high as the highest.
fn draw_figures(canvas: &mut Canvas, figures: &[Figure]) {
    if figures.is_empty() {
        return;
    }
    const GAP: f32 = 24.0;
    const PADDING: f32 = 32.0;
    let count = figures.len() as f32;
    let width = (INNER - GAP * (count - 1.0)) / count;
    let text = width - 2.0 * PADDING;
    let top = canvas.y();
    let height = |figure: &Figure| {
        2.0 * PADDING
            + measure::fitting(&figure.number, NUMBER, text).leading
            + measure::wrap(&figure.unit, UNIT, text, 2).len() as f32 * UNIT.leading
            + measure::wrap(&figure.context, SMALL, text, 5).len() as f32 * SMALL.leading
            + 8.0
    };
    let tallest = figures.iter().map(height).fold(0.0, f32::max);
    for (at, figure) in figures.iter().enumerate() {
        let x = MARGIN + at as f32 * (width + GAP);
        canvas.move_to(top);
        canvas.card(x, width, tallest);
        canvas.gap(PADDING);
        canvas.text(
            &figure.number,
            measure::fitting(&figure.number, NUMBER, text),
            x + PADDING,
            text,
            1,
        );
        canvas.text(&figure.unit, UNIT, x + PADDING, text, 2);
        canvas.gap(8.0);
        canvas.text(&figure.context, SMALL, x + PADDING, text, 5);
    }
    canvas.move_to(top + tallest);
    canvas.gap(56.0);
}

/// Bars as long as their terms are frequent, most frequent first.
fn draw_terms(canvas: &mut Canvas, labels: &Labels, phrases: &[Phrase]) {
    let mut terms: Vec<&Phrase> = phrases::distinct(phrases, BARS);
    terms.retain(|term| term.count > 1);
    terms.sort_by(|a, b| b.count.cmp(&a.count).then(b.score.total_cmp(&a.score)));
    let most = terms.first().map_or(0, |term| term.count);
    if terms.len() < 3 {
        return;
    }
    const ROW: f32 = 48.0;
    const VALUE: f32 = 72.0;
    canvas.text(labels.terms, HEADING, MARGIN, INNER, 1);
    canvas.text(labels.terms_note, SMALL, MARGIN, INNER, 1);
    canvas.gap(20.0);
    let widest = terms.iter().map(|term| measure::width(&term.bare, LABEL)).fold(0.0, f32::max);
    let label = widest.clamp(120.0, 360.0) + 24.0;
    let room = INNER - label - VALUE;
    let top = canvas.y();
    for (row, term) in terms.iter().enumerate() {
        let y = top + row as f32 * ROW;
        let length = room * term.count as f32 / most as f32;
        canvas.move_to(y + (ROW - LABEL.leading) / 2.0);
        canvas.text(&term.bare, LABEL, MARGIN, label - 24.0, 1);
        canvas.bar(MARGIN + label, y + 9.0, length, ROW - 18.0, row == 0);
        canvas.move_to(y + (ROW - LABEL.leading) / 2.0);
        canvas.text(
            &term.count.to_string(),
            Style { bold: true, ..LABEL },
            MARGIN + label + length + 14.0,
            VALUE,
            1,
        );
    }
    canvas.move_to(top + terms.len() as f32 * ROW);
    canvas.gap(56.0);
}

/// Sentences with their numbers, apart by lines.
fn draw_sentences(canvas: &mut Canvas, labels: &Labels, sentences: &[String]) {
    if sentences.is_empty() {
        return;
    }
    const NUMBERS: f32 = 64.0;
    canvas.text(labels.sentences, HEADING, MARGIN, INNER, 1);
    canvas.gap(16.0);
    for (at, sentence) in sentences.iter().enumerate() {
        if at > 0 {
            canvas.gap(24.0);
        }
        canvas.rule(MARGIN, INNER);
        canvas.gap(24.0);
        let top = canvas.y();
        canvas.text(
            &(at + 1).to_string(),
            Style { bold: true, ink: Ink::Accent, ..QUOTE },
            MARGIN,
            NUMBERS,
            1,
        );
        canvas.move_to(top);
        canvas.text(sentence, QUOTE, MARGIN + NUMBERS, INNER - NUMBERS, 8);
    }
}

#[cfg(test)]
mod tests;
