//! The extractive writer: a script in the text's own sentences.
//!
//! Owns who says what. Host A says passages of the text, word for word and in its order; host B
//! leads from one to the next with phrases that the text repeats. Nothing is random.

use std::collections::HashSet;

use super::{
    NothingToSay, ScriptWriter, Source,
    grammar::{Grammar, fill},
    index::{Index, TermId},
    phrases::{self, Phrase},
    ranking::Vector,
    selection::{Passage, Worth, first_long_block, is_question},
    topics::{self, Section},
};
use crate::{
    content::model::{Host, Script, Segment, Turn},
    line::capitalised,
};

/// Writes scripts by choosing sentences.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extractive;

/// Up to so many words a text is said whole.
const WHOLE: usize = 120;
/// The most words that are said of one text, about ten minutes, and of all together.
const MOST: (usize, usize) = (1_400, 2_400);
/// The longest title, in characters.
const TITLE: usize = 120;

impl ScriptWriter for Extractive {
    fn write(&self, sources: &[Source<'_>]) -> Result<Script, NothingToSay> {
        let indices: Vec<(&str, Index<'_>)> = sources
            .iter()
            .map(|source| (source.title.trim(), Index::new(source.body)))
            .filter(|(_, index)| !index.sentences.is_empty())
            .collect();
        let wanted: usize = indices.iter().map(|(_, index)| budget(index)).sum();
        let Some((_, first)) = indices.first() else { return Err(NothingToSay) };
        let grammar = Grammar::of(first.language.code());
        let mut writing = Writing {
            grammar,
            segments: Vec::new(),
            used: HashSet::new(),
            asked: 0,
            several: indices.len() > 1,
        };
        let names: Vec<String> = indices.iter().map(|(title, index)| name(title, index)).collect();
        for (number, (_, index)) in indices.iter().enumerate() {
            let words = budget(index) * MOST.1.min(wanted) / wanted.max(1);
            writing.document(number, &names, index, words.max(1));
        }
        writing.farewell(&names);
        Ok(Script { title: title(grammar, &names), segments: writing.segments })
    }
}

/// How many words of a text are said.
fn budget(index: &Index<'_>) -> usize {
    let total = index.total_words();
    if total <= WHOLE { total } else { (total * 22 / 100 + WHOLE * 3 / 4).clamp(WHOLE, MOST.0) }
}

/// What a document is called: its title, or what it is about.
fn name(title: &str, index: &Index<'_>) -> String {
    if !title.is_empty() {
        return title.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    let phrases = phrases::of(index, &index.sentences);
    match phrases.first() {
        Some(phrase) => capitalised(&phrase.bare),
        None => beginning(index.text(&index.sentences[0])),
    }
}

/// The first few words of a text.
fn beginning(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().take(6).collect();
    let words = words.join(" ");
    cut(words.trim_end_matches(['.', ',', ';', ':', '!', '?', '。']), 60)
}

/// The title of a script about several documents.
fn title(grammar: &Grammar, names: &[String]) -> String {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    cut(&grammar.list(&names), TITLE)
}

/// At most so many characters, with an ellipsis where something is missing.
fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most - 1).collect();
    format!("{}…", kept.trim_end())
}

/// A script under way.
struct Writing {
    grammar: &'static Grammar,
    segments: Vec<Segment>,
    /// Phrases that a host has asked about, by what is written.
    used: HashSet<String>,
    /// How many questions have been asked, to take turns with their wording.
    asked: usize,
    several: bool,
}

/// What is chosen of a section, and what it is called.
struct Part {
    passages: Vec<Passage>,
    phrases: Vec<Phrase>,
    title: String,
    /// What host B calls it.
    spoken: String,
    /// The same in as few words as possible.
    lead: String,
}

impl Writing {
    fn document(&mut self, number: usize, names: &[String], index: &Index<'_>, words: usize) {
        let vectors: Vec<Vector> = index.sentences.iter().map(|s| Vector::of(index, s)).collect();
        let worth = Worth::of(index, &vectors);
        let sections = topics::sections(index, &vectors);
        let sizes: Vec<usize> = sections
            .iter()
            .map(|section| index.sentences[section.sentences.clone()].iter().map(|s| s.words).sum())
            .collect();
        let total: usize = sizes.iter().sum();
        let mut titles = HashSet::new();
        let parts: Vec<Part> = sections
            .into_iter()
            .zip(sizes)
            .map(|(section, size)| {
                let share = (words * size / total.max(1)).max(1);
                let passages = worth.passages(section.sentences.clone(), share);
                self.part(index, section, passages, &mut titles)
            })
            .filter(|part| !part.passages.is_empty())
            .collect();
        let last = parts.len().saturating_sub(1);
        let leads: Vec<String> = parts.iter().map(|part| part.lead.clone()).collect();
        let first = parts.first().map(|part| part.spoken.clone()).unwrap_or_default();
        for (at, part) in parts.into_iter().enumerate() {
            let mut turns = Vec::new();
            if at == 0 {
                self.open(number, names, &leads, &first, &mut turns);
            } else {
                let topic = self.grammar.topic[(at - 1) % self.grammar.topic.len()];
                say(&mut turns, Host::B, fill(topic, &part.spoken));
            }
            self.used.insert(part.spoken.clone());
            self.speak(index, &part, at == last, &mut turns);
            self.segments.push(Segment { title: part.title, turns });
        }
    }

    /// Names a section after its heading, or after what it repeats and no section before it did.
    fn part(
        &self,
        index: &Index<'_>,
        section: Section,
        passages: Vec<Passage>,
        titles: &mut HashSet<TermId>,
    ) -> Part {
        // What stands before the body, such as an address, names nothing.
        let body = first_long_block(index);
        let sentences = &index.sentences[section.sentences.clone()];
        let front = sentences.iter().take_while(|sentence| sentence.block < body).count();
        let phrases = phrases::of(index, &sentences[front..]);
        let fresh: Vec<Phrase> = phrases
            .iter()
            .filter(|phrase| phrase.terms.iter().all(|term| !titles.contains(term)))
            .cloned()
            .collect();
        let mut chosen = phrases::distinct(&fresh, 2);
        if chosen.is_empty() {
            chosen = phrases::distinct(&phrases, 2);
        }
        titles.extend(chosen.iter().flat_map(|phrase| &phrase.terms));
        let bare: Vec<&str> = chosen.iter().map(|phrase| phrase.bare.as_str()).collect();
        let spoken: Vec<&str> = chosen.iter().map(|phrase| phrase.text.as_str()).collect();
        let (title, spoken, lead) = match &section.heading {
            Some(heading) => {
                let heading = heading.split_whitespace().collect::<Vec<_>>().join(" ");
                let quoted = self.grammar.quote(&heading);
                (cut(&heading, TITLE), quoted.clone(), quoted)
            }
            None if bare.is_empty() => {
                let text = beginning(index.text(&index.sentences[section.sentences.start]));
                let quoted = self.grammar.quote(&text);
                (text, quoted.clone(), quoted)
            }
            None => (
                cut(&capitalised(&self.grammar.list(&bare)), TITLE),
                self.grammar.list(&spoken),
                spoken.first().map(|first| (*first).to_owned()).unwrap_or_default(),
            ),
        };
        Part { passages, phrases, title, spoken, lead }
    }

    /// The first words about a document.
    fn open(
        &self,
        number: usize,
        names: &[String],
        leads: &[String],
        first: &str,
        turns: &mut Vec<Turn>,
    ) {
        let grammar = self.grammar;
        let quoted: Vec<String> = names.iter().map(|name| grammar.quote(name)).collect();
        let Some(name) = quoted.get(number) else { return };
        if number > 0 {
            say(turns, Host::B, fill(grammar.document, name));
            return;
        }
        let all: Vec<&str> = quoted.iter().map(String::as_str).collect();
        let mut opening = if self.several {
            fill(grammar.today_several, &grammar.list(&all))
        } else {
            fill(grammar.today, name)
        };
        if leads.len() > 1 && !self.several {
            let leads: Vec<&str> = leads.iter().map(String::as_str).collect();
            opening.push(' ');
            opening.push_str(&fill(grammar.about, &grammar.list(&leads)));
        }
        say(turns, Host::A, opening);
        say(turns, Host::B, fill(grammar.begin, first));
    }

    /// Says the passages of a part, with a question before each but the first.
    fn speak(&mut self, index: &Index<'_>, part: &Part, last: bool, turns: &mut Vec<Turn>) {
        for (at, passage) in part.passages.iter().enumerate() {
            let sentences = passage.sentences.clone();
            let text = said(index, passage);
            // A question in the text is the other host's to ask.
            let first = &index.sentences[sentences.start];
            let asked = text.split_at_checked(question(index.text(first)).unwrap_or(0));
            if let Some((question, answer)) =
                asked.filter(|(q, a)| !q.is_empty() && !a.trim().is_empty())
            {
                say(turns, Host::B, question.trim().to_owned());
                say(turns, Host::A, answer.trim().to_owned());
                continue;
            }
            if at > 0 {
                let ending = last && at + 1 == part.passages.len();
                if let Some(question) = self.ask(index, part, passage, &text, ending) {
                    say(turns, Host::B, question);
                }
            }
            say(turns, Host::A, text);
        }
    }

    /// What host B asks before a passage: about the most telling phrase in it that nobody has
    /// asked about.
    fn ask(
        &mut self,
        index: &Index<'_>,
        part: &Part,
        passage: &Passage,
        text: &str,
        ending: bool,
    ) -> Option<String> {
        let inside: HashSet<TermId> = index.sentences[passage.sentences.clone()]
            .iter()
            .flat_map(|sentence| index.tokens(sentence))
            .map(|token| index.term(*token))
            .collect();
        let own = phrases::of(index, &index.sentences[passage.sentences.clone()]);
        let phrase = part.phrases.iter().chain(&own).find(|phrase| {
            phrase.terms.iter().all(|term| inside.contains(term))
                && text.contains(&phrase.bare)
                && !self.used.iter().any(|used| used.contains(&phrase.bare))
        })?;
        self.used.insert(phrase.text.clone());
        let grammar = self.grammar;
        let begins = |words: &[&str]| {
            words.iter().any(|word| {
                text.strip_prefix(word).is_some_and(|rest| rest.starts_with([' ', ',']))
            })
        };
        let turns = if ending {
            std::slice::from_ref(&grammar.end)
        } else if begins(grammar.objects) {
            grammar.objection
        } else if begins(grammar.concludes) {
            grammar.conclusion
        } else {
            grammar.ask
        };
        let template = turns.get(self.asked % turns.len().max(1))?;
        self.asked += 1;
        Some(capitalised(&fill(template, &phrase.text)))
    }

    fn farewell(&mut self, names: &[String]) {
        let grammar = self.grammar;
        let names: Vec<String> = names.iter().map(|name| grammar.quote(name)).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        if let Some(segment) = self.segments.last_mut() {
            say(&mut segment.turns, Host::B, fill(grammar.farewell, &grammar.list(&names)));
        }
    }
}

/// Lets a host speak. One who is speaking already goes on: host A after a pause.
fn say(turns: &mut Vec<Turn>, host: Host, text: String) {
    match turns.last_mut() {
        Some(last) if last.host == host => {
            last.text.push_str(match host {
                Host::A => "\n\n",
                Host::B => " ",
            });
            last.text.push_str(&text);
        }
        _ => turns.push(Turn { host, text }),
    }
}

/// A passage as it is said: on one line, each item of a list closed like a sentence.
fn said(index: &Index<'_>, passage: &Passage) -> String {
    let mut said = String::new();
    let mut block = None;
    for sentence in &index.sentences[passage.sentences.clone()] {
        if block.is_some_and(|block| block != sentence.block)
            && said.ends_with(char::is_alphanumeric)
        {
            said.push('.');
        }
        block = Some(sentence.block);
        for word in index.text(sentence).split_whitespace() {
            if !said.is_empty() {
                said.push(' ');
            }
            said.push_str(word);
        }
    }
    said
}

/// How long a sentence is as it is said, if it is a question.
fn question(sentence: &str) -> Option<usize> {
    is_question(sentence).then(|| {
        let words: Vec<&str> = sentence.split_whitespace().collect();
        words.iter().map(|word| word.len()).sum::<usize>() + words.len().saturating_sub(1)
    })
}

#[cfg(test)]
mod tests;
