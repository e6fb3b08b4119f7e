//! Measures: how wide text is without a font at hand, and where its lines break.
//!
//! Owns a table of widths. It is that of Helvetica, which Arial and Liberation Sans share, and
//! errs on the wide side elsewhere.

use unicode_segmentation::UnicodeSegmentation;

use super::canvas::Style;
use crate::content::text::clean::is_unspaced;

/// The widths of the printable ASCII characters from space to tilde, in thousandths of the size.
/// Source: Adobe's font metrics of Helvetica.
const ASCII: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

/// How much wider bold letters are, and how much other fonts may differ.
const BOLD: f32 = 1.08;
const MARGIN: f32 = 1.03;

/// How wide a text is on one line.
pub fn width(text: &str, style: Style) -> f32 {
    let thousandths: u32 = text.chars().map(|c| u32::from(character(c))).sum();
    thousandths as f32 / 1_000.0 * style.size * MARGIN * if style.bold { BOLD } else { 1.0 }
}

/// The width of a character, in thousandths of the size.
fn character(character: char) -> u16 {
    match character {
        ' '..='~' => ASCII[character as usize - ' ' as usize],
        // Marks above and below, and joiners, take no room of their own.
        '\u{300}'..='\u{36F}'
        | '\u{591}'..='\u{5BD}'
        | '\u{610}'..='\u{61A}'
        | '\u{64B}'..='\u{65F}'
        | '\u{200B}'..='\u{200F}'
        | '\u{FE00}'..='\u{FE0F}' => 0,
        '‘' | '’' | '‚' | 'í' | 'ì' | 'î' | 'ï' | 'ı' => 278,
        '“' | '”' | '„' => 370,
        '–' => 556,
        '—' | '…' => 1_000,
        '\u{590}'..='\u{8FF}' | '\u{FB50}'..='\u{FEFF}' => 560,
        'À'..='Þ' => 720,
        'ß'..='\u{24F}' => 556,
        '\u{370}'..='\u{58F}' => 640,
        _ if is_unspaced(character) || character as u32 > 0x1_0000 => 1_000,
        '\u{1100}'..='\u{11FF}' | '\u{AC00}'..='\u{D7AF}' => 1_000,
        _ => 700,
    }
}

/// A style small enough for a text to fit on one line.
pub fn fitting(text: &str, style: Style, width: f32) -> Style {
    let wide = self::width(text, style);
    let scale = if wide > width { width / wide } else { 1.0 };
    Style { size: (style.size * scale).floor().max(1.0), ..style }
}

/// The lines of a text, none wider than `width`, at most `most`; the last ends in an ellipsis if
/// something is left out.
pub fn wrap(text: &str, style: Style, width: f32, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for piece in pieces(text, style, width) {
        let longer = format!("{line}{piece}");
        if line.is_empty() || self::width(longer.trim_end(), style) <= width {
            line = longer;
            continue;
        }
        lines.push(line.trim_end().to_owned());
        line = piece.trim_start().to_owned();
        if lines.len() == most {
            break;
        }
    }
    if !line.trim().is_empty() {
        lines.push(line.trim_end().to_owned());
    }
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            shorten(last, style, width);
        }
    }
    lines
}

/// Takes words off a line until an ellipsis fits behind it.
fn shorten(line: &mut String, style: Style, width: f32) {
    while self::width(line, style) + self::width("…", style) > width {
        let Some((at, _)) = line.grapheme_indices(true).next_back() else { break };
        let word = line.trim_end().rfind(' ').filter(|word| *word > 0);
        line.truncate(word.unwrap_or(at));
    }
    let kept = line.trim_end_matches([' ', ',', ';', ':', '.', '،']).len();
    line.truncate(kept);
    line.push('…');
}

/// What a line may end behind: words with their space, characters of scripts that write none, and
/// parts of words that are wider than a line.
fn pieces(text: &str, style: Style, width: f32) -> Vec<String> {
    let mut pieces = Vec::new();
    for word in text.split_inclusive(char::is_whitespace) {
        let unspaced = word.chars().any(is_unspaced);
        if !unspaced && self::width(word.trim_end(), style) <= width {
            pieces.push(word.to_owned());
            continue;
        }
        let mut part = String::new();
        for grapheme in word.graphemes(true) {
            let closes =
                grapheme.starts_with(['。', '，', '、', '！', '？', '）', '」', '：', '；']);
            let full = self::width(&part, style) + self::width(grapheme, style) > width;
            if !part.is_empty() && (full || (unspaced && !closes)) {
                pieces.push(std::mem::take(&mut part));
            }
            part.push_str(grapheme);
        }
        pieces.push(part);
    }
    pieces
}
