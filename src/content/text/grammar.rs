//! Grammar: the short phrases with which two hosts introduce, ask and lead on, in a few languages.
//!
//! Owns those phrases alone; each holds at most places for words of the text. In a language that
//! is not here, a host says the words of the text and nothing else.

/// What the hosts say around the text. `{}` is a place for its words.
#[derive(Debug)]
pub struct Grammar {
    code: &'static str,
    /// Names the document: host A's first words.
    pub today: &'static str,
    /// Names several documents.
    pub today_several: &'static str,
    /// Names what it is about.
    pub about: &'static str,
    /// Host B leads to the first topic.
    pub begin: &'static str,
    /// Leads to the next document.
    pub document: &'static str,
    /// Leads to the next topic.
    pub topic: &'static [&'static str],
    /// Asks about something within a topic.
    pub ask: &'static [&'static str],
    /// Asks before a passage that objects.
    pub objection: &'static [&'static str],
    /// Asks before a passage that concludes.
    pub conclusion: &'static [&'static str],
    /// Asks before the last passage of all.
    pub end: &'static str,
    /// The last words.
    pub farewell: &'static str,
    /// Joins the last two of several words.
    pub and: &'static str,
    /// How a quotation opens and closes.
    pub quotes: (&'static str, &'static str),
    /// Words that a passage begins with that objects.
    pub objects: &'static [&'static str],
    /// Words that a passage begins with that concludes.
    pub concludes: &'static [&'static str],
}

const GRAMMARS: &[Grammar] = &[
    Grammar {
        code: "en",
        today: "Today we read {}.",
        today_several: "Today we read several texts: {}.",
        about: "It is about {}.",
        begin: "Let us begin with {}.",
        document: "Now to the next text, {}.",
        topic: &[
            "That brings us to {}.",
            "Let us turn to {}.",
            "The next part is about {}.",
            "What does it say about {}?",
        ],
        ask: &[
            "And what about {}?",
            "How about {}?",
            "Tell me more about {}.",
            "What is said of {}?",
            "And {}?",
            "How does that bear on {}?",
        ],
        objection: &["Is that the whole story of {}?", "But is it so simple, when it comes to {}?"],
        conclusion: &["What follows from that, for {}?", "So what does that mean for {}?"],
        end: "And what is the last word on {}?",
        farewell: "That was {}.",
        and: " and ",
        quotes: ("“", "”"),
        objects: &[
            "But",
            "However",
            "Yet",
            "Nevertheless",
            "Still",
            "Although",
            "Though",
            "It may be",
            "Or",
        ],
        concludes: &[
            "Hence",
            "Therefore",
            "Thus",
            "So",
            "It follows",
            "From this",
            "Consequently",
            "Accordingly",
            "The inference",
        ],
    },
    Grammar {
        code: "de",
        today: "Heute lesen wir {}.",
        today_several: "Heute lesen wir mehrere Texte: {}.",
        about: "Darin kommt vor: {}.",
        begin: "Zuerst geht es um: {}.",
        document: "Nun zum nächsten Text: {}.",
        topic: &["Das nächste Thema: {}.", "Damit sind wir bei: {}.", "Weiter geht es mit: {}."],
        ask: &[
            "Und was steht dort zu: {}?",
            "Ein weiteres Stichwort: {}.",
            "Und wie ist das hier: {}?",
        ],
        objection: &["Ist das schon alles? Stichwort: {}."],
        conclusion: &["Was folgt daraus? Stichwort: {}."],
        end: "Und wie endet es? Stichwort: {}.",
        farewell: "Das war {}.",
        and: " und ",
        quotes: ("„", "“"),
        objects: &["Aber", "Doch", "Jedoch", "Allerdings", "Dennoch"],
        concludes: &["Also", "Daher", "Deshalb", "Folglich", "Somit", "Daraus"],
    },
    Grammar {
        code: "fr",
        today: "Aujourd’hui, nous lisons {}.",
        today_several: "Aujourd’hui, nous lisons plusieurs textes : {}.",
        about: "Il y est question de ceci : {}.",
        begin: "Commençons par ceci : {}.",
        document: "Passons au texte suivant, {}.",
        topic: &["Passons à la suite : {}.", "Autre sujet : {}."],
        ask: &[
            "Et que dit le texte ici : {} ?",
            "Et à propos de ceci : {} ?",
            "Un autre mot revient : {}.",
        ],
        objection: &["Est-ce vraiment tout ? Je pense à ceci : {}."],
        conclusion: &["Que faut-il en conclure ? Je pense à ceci : {}."],
        end: "Et comment cela se termine-t-il : {} ?",
        farewell: "C’était {}.",
        and: " et ",
        quotes: ("« ", " »"),
        objects: &["Mais", "Cependant", "Pourtant", "Toutefois", "Or"],
        concludes: &["Donc", "Ainsi", "Par conséquent", "C’est pourquoi"],
    },
    Grammar {
        code: "es",
        today: "Hoy leemos {}.",
        today_several: "Hoy leemos varios textos: {}.",
        about: "Trata de lo siguiente: {}.",
        begin: "Empecemos por aquí: {}.",
        document: "Pasemos al texto siguiente, {}.",
        topic: &["El tema siguiente: {}.", "Sigamos con esto: {}."],
        ask: &["¿Y qué dice de esto: {}?", "Otra palabra que vuelve: {}.", "¿Y esto otro: {}?"],
        objection: &["¿Eso es todo? Pienso en esto: {}."],
        conclusion: &["¿Qué se sigue de ahí? Pienso en esto: {}."],
        end: "¿Y cómo termina? Pienso en esto: {}.",
        farewell: "Era {}.",
        and: " y ",
        quotes: ("«", "»"),
        objects: &["Pero", "Sin embargo", "No obstante", "Aunque"],
        concludes: &["Por tanto", "Por lo tanto", "Así", "En consecuencia"],
    },
];

/// For every other language.
const NEUTRAL: Grammar = Grammar {
    code: "",
    today: "{}.",
    today_several: "{}.",
    about: "{}.",
    begin: "{}.",
    document: "{}.",
    topic: &["{}."],
    ask: &["{}?"],
    objection: &["{}?"],
    conclusion: &["{}?"],
    end: "{}?",
    farewell: "{}.",
    and: ", ",
    quotes: ("", ""),
    objects: &[],
    concludes: &[],
};

impl Grammar {
    /// The grammar of a language by its ISO 639-1 code.
    pub fn of(code: &str) -> &'static Self {
        GRAMMARS.iter().find(|grammar| grammar.code == code).unwrap_or(&NEUTRAL)
    }

    /// Several words in a row, such as `a, b and c`.
    pub fn list(&self, words: &[&str]) -> String {
        match words {
            [] => String::new(),
            [only] => (*only).to_owned(),
            [first @ .., last] => format!("{}{}{last}", first.join(", "), self.and),
        }
    }

    /// A title in quotation marks.
    pub fn quote(&self, title: &str) -> String {
        let (open, close) = self.quotes;
        format!("{open}{title}{close}")
    }
}

/// Puts words in their place.
pub fn fill(template: &str, words: &str) -> String {
    template.replacen("{}", words, 1)
}
