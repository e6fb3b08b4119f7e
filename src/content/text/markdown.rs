//! Markdown: its words without its marks, and its headings.
//!
//! Owns how each element reads as plain text. Code stays, as lines; HTML, links' addresses and
//! front matter go.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::{clean::BULLET, extract::count};
use crate::content::model::Heading;

/// The body and the outline of a Markdown text.
pub fn read(text: &str) -> (String, Vec<Heading>) {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
        | Options::ENABLE_PLUSES_DELIMITED_METADATA_BLOCKS;
    let mut reader = Reader::default();
    for event in Parser::new_ext(text, options) {
        reader.read(event);
    }
    reader.finish()
}

/// What has been read so far.
#[derive(Default)]
struct Reader {
    body: String,
    outline: Vec<Heading>,
    /// The block that is being read.
    block: String,
    /// The next number of each list around, innermost last; none for one with bullets.
    lists: Vec<Option<u64>>,
    /// What an item puts before its first block.
    marker: Option<String>,
    /// Whether the block before was an item of the same list, which gets no empty line after it.
    in_list: bool,
    /// How many elements around are left out.
    skipped: usize,
}

impl Reader {
    fn read(&mut self, event: Event<'_>) {
        match event {
            Event::Start(Tag::MetadataBlock(_)) => self.skipped += 1,
            Event::End(TagEnd::MetadataBlock(_)) => self.skipped = self.skipped.saturating_sub(1),
            _ if self.skipped > 0 => {}
            Event::Start(tag) => self.start(&tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text)
            | Event::Code(text)
            | Event::InlineMath(text)
            | Event::DisplayMath(text) => {
                self.block.push_str(&text);
            }
            Event::SoftBreak => self.block.push(' '),
            Event::HardBreak => self.block.push('\n'),
            Event::Rule | Event::Html(_) | Event::InlineHtml(_) => {}
            Event::FootnoteReference(_) | Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        match tag {
            Tag::Heading { .. }
            | Tag::Paragraph
            | Tag::CodeBlock(_)
            | Tag::TableHead
            | Tag::TableRow => {
                self.close();
            }
            Tag::List(first) => {
                self.close();
                self.lists.push(*first);
            }
            Tag::Item => {
                self.close();
                self.marker = Some(match self.lists.last_mut() {
                    Some(Some(number)) => {
                        let marker = format!("{number}. ");
                        *number += 1;
                        marker
                    }
                    _ => BULLET.into(),
                });
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(level) => self.heading(level),
            TagEnd::TableCell => self.block.push_str(", "),
            TagEnd::TableHead | TagEnd::TableRow => {
                let row = self.block.trim_end().trim_end_matches(',').len();
                self.block.truncate(row);
                self.close();
            }
            TagEnd::Paragraph | TagEnd::CodeBlock | TagEnd::Item => {
                self.close();
            }
            TagEnd::List(_) => {
                self.close();
                self.lists.pop();
                self.in_list = !self.lists.is_empty();
            }
            _ => {}
        }
    }

    fn heading(&mut self, level: HeadingLevel) {
        self.block = self.block.replace('\n', " ");
        if let Some(offset) = self.close() {
            let title = self.body[offset..].to_owned();
            self.outline.push(Heading { level: level as u8, title, offset: count(offset) });
        }
    }

    /// Ends the block that is being read. Where it starts in the body, if there is anything in it.
    fn close(&mut self) -> Option<usize> {
        let block = std::mem::take(&mut self.block);
        // Empty lines would end the block, in code as elsewhere.
        let lines = block.lines().map(str::trim_end).filter(|line| !line.trim().is_empty());
        let block = lines.collect::<Vec<_>>().join("\n");
        let block = block.trim();
        if block.is_empty() {
            return None;
        }
        let item = !self.lists.is_empty();
        if !self.body.is_empty() {
            self.body.push_str(if item && self.in_list { "\n" } else { "\n\n" });
        }
        self.in_list = item;
        if let Some(marker) = self.marker.take() {
            self.body.push_str(&marker);
        }
        let offset = self.body.len();
        self.body.push_str(block);
        Some(offset)
    }

    fn finish(mut self) -> (String, Vec<Heading>) {
        self.close();
        (self.body, self.outline)
    }
}
