//! Labels: the few words of the picture that do not come from the text.
//!
//! Owns their translations. A language that is not here gets the English ones.

/// The words of one language.
#[derive(Debug)]
pub struct Labels {
    code: &'static str,
    /// Above the title.
    pub overview: &'static str,
    /// Above the chart.
    pub terms: &'static str,
    /// What its bars count.
    pub terms_note: &'static str,
    /// Above the sentences.
    pub sentences: &'static str,
    /// Behind a number of words.
    pub words: &'static str,
    /// Behind a number of sentences.
    pub sentence_count: &'static str,
    /// Behind a number of minutes.
    pub minutes: &'static str,
    /// Between three digits and the next.
    pub thousands: &'static str,
}

const fn labels(code: &'static str, words: [&'static str; 8]) -> Labels {
    let [overview, terms, terms_note, sentences, words, sentence_count, minutes, thousands] = words;
    Labels {
        code,
        overview,
        terms,
        terms_note,
        sentences,
        words,
        sentence_count,
        minutes,
        thousands,
    }
}

const LABELS: &[Labels] = &[
    labels(
        "en",
        [
            "At a glance",
            "Most telling terms",
            "How often each occurs",
            "Key sentences",
            "words",
            "sentences",
            "minutes to read",
            ",",
        ],
    ),
    labels(
        "de",
        [
            "Auf einen Blick",
            "Die wichtigsten Begriffe",
            "Wie oft sie vorkommen",
            "Die wichtigsten Sätze",
            "Wörter",
            "Sätze",
            "Minuten Lesezeit",
            ".",
        ],
    ),
    labels(
        "fr",
        [
            "En un coup d’œil",
            "Les termes clés",
            "Nombre d’occurrences",
            "Les phrases clés",
            "mots",
            "phrases",
            "minutes de lecture",
            "\u{202F}",
        ],
    ),
    labels(
        "es",
        [
            "De un vistazo",
            "Los términos clave",
            "Cuántas veces aparecen",
            "Las frases clave",
            "palabras",
            "frases",
            "minutos de lectura",
            ".",
        ],
    ),
    labels(
        "it",
        [
            "In breve",
            "I termini chiave",
            "Quante volte ricorrono",
            "Le frasi chiave",
            "parole",
            "frasi",
            "minuti di lettura",
            ".",
        ],
    ),
    labels(
        "pt",
        [
            "Em resumo",
            "Os termos-chave",
            "Quantas vezes aparecem",
            "As frases-chave",
            "palavras",
            "frases",
            "minutos de leitura",
            ".",
        ],
    ),
    labels(
        "nl",
        [
            "In één oogopslag",
            "De belangrijkste termen",
            "Hoe vaak ze voorkomen",
            "De belangrijkste zinnen",
            "woorden",
            "zinnen",
            "minuten leestijd",
            ".",
        ],
    ),
    labels(
        "ru",
        [
            "Кратко",
            "Ключевые слова",
            "Сколько раз встречаются",
            "Главные предложения",
            "слов",
            "предложений",
            "минут чтения",
            "\u{A0}",
        ],
    ),
    labels(
        "ar",
        [
            "نظرة سريعة",
            "أبرز المصطلحات",
            "عدد مرات الورود",
            "الجمل الرئيسية",
            "كلمة",
            "جملة",
            "دقيقة للقراءة",
            ",",
        ],
    ),
    labels(
        "he",
        [
            "במבט מהיר",
            "המונחים הבולטים",
            "מספר ההופעות",
            "משפטי המפתח",
            "מילים",
            "משפטים",
            "דקות קריאה",
            ",",
        ],
    ),
];

impl Labels {
    /// The labels for a language by its ISO 639-1 code.
    pub fn of(code: &str) -> &'static Self {
        LABELS.iter().find(|labels| labels.code == code).unwrap_or(&LABELS[0])
    }

    /// A number with its thousands apart.
    pub fn number(&self, number: usize) -> String {
        let digits = number.to_string();
        let mut grouped = String::new();
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                grouped.push_str(self.thousands);
            }
            grouped.push(digit);
        }
        grouped
    }
}
