//! Abbreviations: full stops after which a sentence goes on.
//!
//! Owns the lists. They hold what is common in European languages; a word that is not in them
//! ends its sentence.

/// Never end a sentence: something follows that belongs to them.
const LEADING: &[&str] = &[
    // Titles.
    "mr", "mrs", "ms", "dr", "prof", "st", "rev", "hon", "gen", "col", "capt", "cmdr", "lt", "sgt",
    "maj", "gov", "sen", "rep", "pres", "messrs", "mme", "mlle", "hr", "fr", "frl", "sr", "sra",
    "srta", "dott", "sig", "ing", "mgr", "ste", // In the middle of a sentence.
    "e.g", "i.e", "cf", "vs", "viz", "z.b", "d.h", "u.a", "bzw", "ca", "vgl", "z.t", "s.o", "s.u",
    "p.ex", "c.-à-d", "bspw", "evtl", "ggf", "inkl", "sog", "al", "approx", "resp", "т.е", "напр",
    "mt", "ft",
];

/// Go on where a number follows.
const NUMBERED: &[&str] = &[
    "no", "nos", "nr", "num", "núm", "n", "vol", "vols", "fig", "figs", "p", "pp", "s", "art",
    "arts", "sec", "sect", "ch", "chap", "chs", "ed", "eq", "par", "para", "kap", "abs", "abb",
    "tab", "bd", "c", "v", "vv", "op", "pt", "cap", "pag", "ver", "стр", "г",
];

/// End a sentence as often as not: they go on unless a word follows that sentences begin with.
const EITHER: &[&str] = &[
    "etc", "inc", "ltd", "co", "corp", "bros", "jr", "esq", "usw", "dept", "est", "ave", "blvd",
    "rd", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "okt", "nov",
    "dec", "dez", "mon", "tue", "tues", "wed", "thu", "thurs", "fri", "sat", "sun", "ph.d", "m.d",
    "b.a", "m.a", "p.m", "a.m", "b.c", "a.d", "univ", "assn", "bzgl", "ibid", "др", "пр",
];

/// Words that follow the end of a sentence far more often than an abbreviation.
const STARTERS: &[&str] = &[
    "The", "It", "In", "This", "But", "And", "He", "She", "We", "They", "A", "An", "However", "If",
    "When", "There", "That", "These", "Those", "You", "I", "As", "At", "For", "Its", "His", "Her",
    "Our", "My", "Their", "So", "Then", "What", "Why", "How", "Who", "Where", "After", "Before",
    "Der", "Die", "Das", "Es", "Er", "Sie", "Wir", "Ein", "Eine", "Und", "Aber", "Im", "Le", "La",
    "Les", "Il", "Elle", "Ils", "Un", "Une", "Mais", "El", "Los", "Las", "Una", "Pero", "En", "Y",
];

/// German dates put a full stop behind the day.
const MONTHS: &[&str] = &[
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
];

/// Whether the sentence goes on after `word` and a full stop, before `next`. `first` says that the
/// word begins the sentence.
pub fn goes_on(word: &str, first: bool, next: &str) -> bool {
    let following = next.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let starts = STARTERS.contains(&following);
    let lower = word.to_lowercase();
    let lower = lower.trim_matches(|c: char| !c.is_alphanumeric());
    if lower.is_empty() {
        return false;
    }
    if lower.chars().all(|c| c.is_ascii_digit()) {
        // `1. The first` at the start numbers an item; `3. Oktober` is a date.
        return lower.len() <= 2 && (first || MONTHS.contains(&following));
    }
    if LEADING.contains(&lower) {
        return true;
    }
    if NUMBERED.contains(&lower) {
        return next.starts_with(|c: char| c.is_numeric())
            || (!following.is_empty()
                && following.chars().all(|c| "IVXLC".contains(c))
                && following != "I");
    }
    let mut letters = word.chars().filter(|c| c.is_alphabetic());
    let initial = letters.next().is_some_and(char::is_uppercase) && letters.next().is_none();
    // `J. Smith`, `U.S. Congress`, `Acme Inc. Ltd`.
    let acronym = lower.contains('.') && lower.split('.').all(|part| part.chars().count() <= 2);
    (EITHER.contains(&lower) || (initial && word != "I") || acronym) && !starts
}
