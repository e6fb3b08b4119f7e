//! Cleaning: characters that nobody sees, and lines that were broken to fit a page.
//!
//! Owns what is dropped and joined. It must not drop a word.

/// Makes line ends alike, and drops control characters, soft hyphens and marks that turn the
/// direction of what follows. Joiners inside words stay: Persian and Hindi need them.
pub fn characters(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\r' => {
                if characters.peek() != Some(&'\n') {
                    clean.push('\n');
                }
            }
            '\u{2028}' | '\u{85}' => clean.push('\n'),
            '\u{2029}' | '\u{C}' | '\u{B}' => clean.push_str("\n\n"),
            '\n' => clean.push('\n'),
            '\t' | '\u{A0}' | '\u{202F}' | '\u{2007}' => clean.push(' '),
            '\u{AD}' | '\u{FEFF}' | '\u{200B}' | '\u{200E}' | '\u{200F}' => {}
            '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FFFC}' | '\u{FFFE}' => {}
            _ if character.is_control() => {}
            _ => clean.push(character),
        }
    }
    clean
}

/// Joins the lines of each paragraph that were broken to fit a width, and puts one empty line
/// between paragraphs. Items of lists and short lines, such as verse, keep their lines.
pub fn unwrap_lines(text: &str) -> String {
    let width = width(text);
    let double = is_double_spaced(text);
    let mut body = String::with_capacity(text.len());
    let mut previous: Option<&str> = None;
    let mut empty = 0;
    for line in text.lines() {
        let line = line.trim();
        if line.is_empty() || is_rule(line) {
            empty += 1;
            if !double || empty > 1 {
                previous = None;
            }
            continue;
        }
        empty = 0;
        match previous {
            None if body.is_empty() => {}
            None => body.push_str("\n\n"),
            Some(above) if marker(line).is_none() && continues(above, line, width) => {
                join(&mut body, line);
            }
            Some(_) => body.push_str(if double { "\n\n" } else { "\n" }),
        }
        match marker(line) {
            Some((Marker::Bullet, item)) => {
                body.push_str(BULLET);
                squeeze(&mut body, item);
            }
            _ => squeeze(&mut body, line),
        }
        previous = Some(line);
    }
    body
}

/// What each item of a list without numbers begins with in a body.
pub const BULLET: &str = "• ";

/// How an item of a list begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marker {
    /// A dash, an asterisk or a bullet.
    Bullet,
    /// A number or a letter with a full stop or a bracket.
    Number,
}

/// The marker that a line begins with, if it is an item of a list, and what follows it.
pub fn marker(line: &str) -> Option<(Marker, &str)> {
    for bullet in ["• ", "- ", "* ", "+ ", "– ", "— ", "‣ ", "◦ ", "· "] {
        if let Some(item) = line.strip_prefix(bullet) {
            return Some((Marker::Bullet, item.trim_start()));
        }
    }
    let open = line.strip_prefix('(').unwrap_or(line);
    let digits = open.len() - open.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let label = match digits {
        0 if open.starts_with(|c: char| c.is_ascii_lowercase()) => 1,
        1..=3 => digits,
        _ => return None,
    };
    let after = &open[label..];
    let rest = after.strip_prefix(") ").or_else(|| {
        // `a. ` is an initial as often as an item; only numbers count.
        (digits > 0 && open.len() == line.len()).then(|| after.strip_prefix(". ")).flatten()
    })?;
    Some((Marker::Number, rest.trim_start()))
}

/// The width that the text was broken to, in characters: that of its longer lines. None if its
/// lines are too long to have been broken.
fn width(text: &str) -> Option<usize> {
    let mut lengths: Vec<usize> = text
        .lines()
        .map(|line| line.trim().chars().count())
        .filter(|length| *length > 30)
        .take(5_000)
        .collect();
    lengths.sort_unstable();
    lengths.get(lengths.len() * 9 / 10).copied().filter(|width| *width <= 120)
}

/// Whether there is an empty line behind every line, so that one does not end a paragraph: many
/// lines behind one go on with a small letter.
fn is_double_spaced(text: &str) -> bool {
    let (mut lines, mut going_on, mut empty) = (0_usize, 0_usize, 0_usize);
    for line in text.lines().map(str::trim) {
        if line.is_empty() {
            empty += 1;
            continue;
        }
        lines += 1;
        going_on += usize::from(empty == 1 && line.starts_with(char::is_lowercase));
        empty = 0;
    }
    lines >= 5 && going_on * 3 > lines
}

/// Whether a line is the rest of the one above: it begins with a small letter, or its first word
/// would not have fitted there.
fn continues(above: &str, line: &str, width: Option<usize>) -> bool {
    if line.starts_with(char::is_lowercase) {
        return true;
    }
    let Some(width) = width else { return false };
    let first = line.split(' ').next().map_or(0, |word| word.chars().count());
    above.chars().count() + 1 + first.min(width / 2) + 3 > width
}

/// Appends a line to the one before: after a space, except where the script writes none.
fn join(body: &mut String, line: &str) {
    let unspaced = |c: Option<char>| c.is_some_and(is_unspaced);
    let last = body.chars().next_back();
    if !(unspaced(last) && unspaced(line.chars().next())) && last != Some('-') {
        body.push(' ');
    }
}

/// Whether a character belongs to a script that writes no spaces between words.
pub fn is_unspaced(character: char) -> bool {
    matches!(character, '\u{3000}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{FF00}'..='\u{FFEF}' | '\u{20000}'..='\u{3FFFF}' | '\u{E00}'..='\u{EFF}')
}

/// Appends a line with single spaces.
fn squeeze(body: &mut String, line: &str) {
    let mut space = false;
    for character in line.chars() {
        if character == ' ' {
            space = true;
        } else {
            if space {
                body.push(' ');
                space = false;
            }
            body.push(character);
        }
    }
}

/// Whether a line only separates, such as `* * *` or `-----`.
fn is_rule(line: &str) -> bool {
    line.len() >= 3 && line.chars().all(|c| matches!(c, '-' | '=' | '*' | '_' | '~' | '#' | ' '))
}
