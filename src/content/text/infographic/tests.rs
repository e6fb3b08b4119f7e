//! What a drawing holds whatever the text.

use super::*;

/// The texts of all elements of a name.
fn texts(svg: &str, name: &str) -> Vec<String> {
    let mut texts = Vec::new();
    for part in svg.split(&format!("<{name}")).skip(1) {
        let (_, rest) = part.split_once('>').unwrap();
        texts.push(rest.split_once('<').unwrap().0.to_owned());
    }
    texts
}

#[test]
fn it_shows_figures_terms_and_sentences_of_the_text() {
    let body = "The bridge cost $3.5 million and opened in 1937. About 42% of the workers came from the islands. \
        The bridge carries 39,000 cars a day between the islands and the mainland. Before the bridge, the islands \
        depended on ferries. The ferries still carry tourists, and the islands welcome the tourists.";
    let svg = draw("A bridge", body);
    let shown = texts(&svg, "text");
    for expected in
        ["A bridge", "$3.5 million", "42%", "39,000", "cars", "bridge", "islands", "Key sentences"]
    {
        assert!(shown.iter().any(|text| text == expected), "{expected}: {shown:?}");
    }
    assert!(!shown.iter().any(|text| text == "1937"));
    assert_eq!(texts(&svg, "title"), ["A bridge"]);
    assert!(
        svg.starts_with("<svg xmlns")
            && svg.contains("role=\"img\"")
            && svg.contains("viewBox=\"0 0 1200 ")
    );
}

#[test]
fn a_text_without_figures_shows_its_length() {
    let shown =
        texts(&draw("x", include_str!("../../../../demo/documents/federalist-10.txt")), "text");
    assert!(shown.iter().any(|text| text == "minutes to read"), "{shown:?}");
    // As many words as the document's page says.
    let body = include_str!("../../../../demo/documents/federalist-10.txt");
    let words = extract(body.as_bytes(), extract::Format::Text).unwrap().words;
    let shown = texts(&draw("x", body), "text");
    let words = format!("{},{:03}", words / 1_000, words % 1_000);
    assert!(shown.contains(&words), "{words}: {shown:?}");
}

#[test]
fn nothing_of_the_text_becomes_markup() {
    let evil = "<script>alert('1 & 2')</script> \"quoted\" ]]> &amp; \u{0}\u{1}\u{FFFF} &lt;";
    let svg = draw(evil, &format!("{evil} is here for 5 <b>cats</b>. "));
    assert_eq!(svg.matches("<script").count(), 0);
    assert!(svg.contains("&lt;script&gt;alert(&#39;1 &amp; 2&#39;)"));
    assert!(!svg.chars().any(|c| (c.is_control() && c != '\n') || c == '\u{FFFF}'));
    let elements: Vec<&str> =
        svg.split('<').skip(1).map(|e| e.split([' ', '>']).next().unwrap()).collect();
    let known = ["svg", "title", "/title", "desc", "/desc", "rect", "text", "/text", "/svg"];
    assert!(elements.iter().all(|element| known.contains(element)), "{elements:?}");
}

#[test]
fn text_from_right_to_left_is_mirrored() {
    let svg = draw("عن القطار", "وصل القطار إلى المدينة مساء اليوم بعد تأخير طويل بسبب الأمطار.");
    assert!(svg.contains("direction=\"rtl\"") && svg.contains("<text x=\"1120\""));
    assert!(texts(&svg, "text").iter().any(|text| text == "الجمل الرئيسية"));
}

#[test]
fn no_line_is_wider_than_its_place() {
    let style = Style { size: 20.0, leading: 30.0, bold: false, ink: Ink::Text };
    let long = format!("{} and {} 你好世界你好世界你好世界", "word ".repeat(30), "x".repeat(200));
    let lines = measure::wrap(&long, style, 200.0, 100);
    assert!(
        lines.len() > 10 && lines.iter().all(|line| measure::width(line, style) <= 200.0),
        "{lines:?}"
    );
    let whole: String = lines.concat().split_whitespace().collect();
    assert_eq!(whole, long.split_whitespace().collect::<String>());
    let short = measure::wrap(&long, style, 200.0, 2);
    assert!(short.len() == 2 && short[1].ends_with('…'), "{short:?}");
    assert!(measure::wrap("", style, 200.0, 2).is_empty());
}

#[test]
fn an_empty_text_gives_its_title() {
    assert!(texts(&draw("Nothing", ""), "text").contains(&"Nothing".to_owned()));
}
