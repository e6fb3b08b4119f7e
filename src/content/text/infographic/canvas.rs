//! The canvas: shapes and lines of text, from top to bottom, as SVG.
//!
//! Owns the elements, the colours and the escaping. In a text from right to left everything is
//! mirrored, so that the layout need not know.

use std::fmt::Write;

use super::{WIDTH, measure};

/// How text looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Style {
    /// Height of the letters.
    pub size: f32,
    /// From one line to the next.
    pub leading: f32,
    /// Whether it is bold.
    pub bold: bool,
    /// Its colour.
    pub ink: Ink,
}

/// The colour of text. Each has a contrast of at least 4.5 on white and on a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// What is read.
    Text,
    /// What explains.
    Muted,
    /// What stands out.
    Accent,
}

impl Ink {
    fn colour(self) -> &'static str {
        match self {
            Self::Text => "#1b2026",
            Self::Muted => "#5a6470",
            Self::Accent => "#0b65a3",
        }
    }
}

const PAPER: &str = "#ffffff";
const CARD: &str = "#f3f6f9";
const LINE: &str = "#d9dee4";
const BAR: &str = "#7fb0d6";
const FIRST_BAR: &str = "#0b65a3";
/// Fonts that systems have; the last name is every system's own choice.
const FONTS: &str =
    "Inter, 'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', 'Noto Sans', sans-serif";

/// A picture under way.
pub struct Canvas {
    elements: String,
    y: f32,
    right_to_left: bool,
}

impl Canvas {
    /// An empty one.
    pub fn new(right_to_left: bool) -> Self {
        Self { elements: String::new(), y: 0.0, right_to_left }
    }

    /// How far down the next element goes.
    pub fn y(&self) -> f32 {
        self.y
    }

    /// Goes on at a height.
    pub fn move_to(&mut self, y: f32) {
        self.y = y;
    }

    /// Leaves room.
    pub fn gap(&mut self, height: f32) {
        self.y += height;
    }

    /// Writes text in as many lines as it needs, at most `most`, and goes below them.
    pub fn text(&mut self, text: &str, style: Style, x: f32, width: f32, most: usize) {
        let lines = measure::wrap(text, style, width, most);
        let x = if self.right_to_left { WIDTH - x } else { x };
        let weight = if style.bold { " font-weight=\"700\"" } else { "" };
        for line in lines {
            // Letters stand on a line three quarters down.
            let baseline = self.y + (style.leading - style.size) / 2.0 + style.size * 0.8;
            self.element(format_args!(
                "<text x=\"{x:.0}\" y=\"{baseline:.1}\" font-size=\"{}\"{weight} fill=\"{}\">{}</text>",
                style.size,
                style.ink.colour(),
                escape(&line),
            ));
            self.y += style.leading;
        }
    }

    /// A surface with round corners, from here down.
    pub fn card(&mut self, x: f32, width: f32, height: f32) {
        let y = self.y;
        self.rect(x, y, width, height, 14.0, CARD);
    }

    /// A bar of a chart.
    pub fn bar(&mut self, x: f32, y: f32, length: f32, height: f32, first: bool) {
        self.rect(x, y, length.max(4.0), height, 4.0, if first { FIRST_BAR } else { BAR });
    }

    /// A line from side to side.
    pub fn rule(&mut self, x: f32, width: f32) {
        let y = self.y;
        self.rect(x, y, width, 1.5, 0.0, LINE);
    }

    fn rect(&mut self, x: f32, y: f32, width: f32, height: f32, radius: f32, fill: &str) {
        let x = if self.right_to_left { WIDTH - x - width } else { x };
        self.element(format_args!(
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" rx=\"{radius}\" fill=\"{fill}\"/>",
        ));
    }

    fn element(&mut self, element: std::fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.elements, "{element}");
    }

    /// The whole picture, with what a reader that does not see it is told.
    pub fn finish(self, title: &str, description: &str, language: &str) -> String {
        let height = self.y.ceil();
        let direction = if self.right_to_left { "rtl" } else { "ltr" };
        let language =
            if language.is_empty() { String::new() } else { format!(" xml:lang=\"{language}\"") };
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" \
             height=\"{height}\" role=\"img\" aria-labelledby=\"infographic-title\" aria-describedby=\"infographic-description\"{language} \
             direction=\"{direction}\" font-family=\"{FONTS}\">\n<title id=\"infographic-title\">{}</title>\n\
             <desc id=\"infographic-description\">{}</desc>\n\
             <rect width=\"{WIDTH}\" height=\"{height}\" fill=\"{PAPER}\"/>\n{}</svg>\n",
            escape(title),
            escape(description),
            self.elements,
        )
    }
}

/// Text that is nothing but text in XML, without characters that XML forbids.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\u{FFFE}' | '\u{FFFF}' => {}
            _ if character.is_control() => {}
            _ => escaped.push(character),
        }
    }
    escaped
}
