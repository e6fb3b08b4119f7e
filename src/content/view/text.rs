//! The text of a document, in parts, and the outline that leads into it.

use highwater::{QueryError, UseQuery, use_query};
use leptos::{prelude::*, web_sys::Element};
use leptos_router::hooks::{use_location, use_query_map};

use crate::{
    content::{
        live::DocumentTextQuery,
        model::{Direction, Document, DocumentId, DocumentText, Heading},
    },
    error::{AppError, words},
    ui::{CollectAny, EmptyState, ErrorState, Pagination, effect, live},
};

/// One part of the text; the address says which.
#[component]
pub(super) fn Text(
    /// Which document.
    id: DocumentId,
    /// The document.
    document: Signal<Option<Document>>,
) -> impl IntoView {
    let asked = use_query_map();
    let part = Memo::new(move |_| {
        let part = asked.with(|query| query.get("part")?.parse::<u32>().ok());
        part.filter(|part| *part > 0).unwrap_or(1)
    });
    let query = {
        let id = id.clone();
        use_query(move || DocumentTextQuery(id.clone(), part.get()))
    };
    view! {
        <Transition fallback=|| view! { <p class="muted" role="status">"Loading"</p> }>
            <Answer id=id.clone() query=query document=document/>
        </Transition>
    }
}

/// Which face it has.
#[derive(Clone, PartialEq)]
enum Face {
    Nothing,
    Text,
    Missing,
    Error(QueryError<AppError>),
}

#[component]
fn Answer(
    /// Which document.
    id: DocumentId,
    /// The text's query.
    query: UseQuery<DocumentTextQuery>,
    /// The document.
    document: Signal<Option<Document>>,
) -> impl IntoView {
    let face = query.select(|answer| match answer {
        None => Face::Nothing,
        Some(Ok(_)) => Face::Text,
        Some(Err(QueryError::Refused(AppError::NotFound { .. }))) => Face::Missing,
        Some(Err(error)) => Face::Error(error),
    });
    let text = query.select(|answer| answer.and_then(Result::ok));
    live(move || match face.get() {
        Face::Nothing => ().into_any(),
        Face::Text => view! { <Part id=id.clone() text=text document=document/> }.into_any(),
        Face::Missing => {
            let beginning = format!("/documents/{id}");
            view! {
                <EmptyState title="Past the end" body="The document has no such part.">
                    <a class="button" href=beginning>"Go to the beginning"</a>
                </EmptyState>
            }
            .into_any()
        }
        Face::Error(error) => view! {
            <ErrorState
                title="The text could not be read"
                message=words(&error)
                on_retry=move |()| query.refetch()
                busy=Signal::derive(move || query.status().fetching)
            />
        }
        .into_any(),
    })
}

#[component]
fn Part(
    /// Which document.
    id: DocumentId,
    /// The part.
    text: Signal<Option<DocumentText>>,
    /// The document.
    document: Signal<Option<Document>>,
) -> impl IntoView {
    let outline = Memo::new(move |_| {
        document.with(|document| document.as_ref().map(|document| document.outline.clone()))
    });
    let direction = move || {
        let of = |document: &Document| document.direction;
        document.with(|document| document.as_ref().map_or(Direction::default(), of).attribute())
    };
    let pieces = move || {
        text.with(|text| {
            let text = text.as_ref()?;
            Some(outline.with(|outline| pieces(text, outline.as_deref().unwrap_or_default())))
        })
    };
    let hash = use_location().hash;
    effect(move |_| {
        // An outline's link into another part: its heading is there with the part.
        text.track();
        let id = hash.get();
        let place = document_element(id.trim_start_matches('#'));
        place.into_iter().for_each(|place| place.scroll_into_view());
    });
    let number = move |of: fn(&DocumentText) -> u32| {
        Signal::derive(move || text.with(|text| text.as_ref().map_or(0, of)))
    };
    let parts = number(|text| text.parts);
    view! {
        <div class="document-text" dir=direction data-testid="document-text">
            {move || pieces().map(|pieces| pieces.into_iter().map(piece).collect_any())}
        </div>
        <div class="document-parts" hidden=move || { parts.get() < 2 }>
            <Pagination
                page=number(|text| text.part)
                pages=parts
                total=Signal::derive(move || parts.get().into())
                href=move |part| format!("/documents/{id}?part={part}")
                noun="part"
            />
        </div>
    }
}

fn document_element(id: &str) -> Option<Element> {
    if id.is_empty() {
        return None;
    }
    document().get_element_by_id(id)
}

/// A piece of the text: a heading with its number in the outline, or what stands between two.
#[derive(Clone, Debug, PartialEq)]
enum Piece {
    Heading(usize, u8, String),
    Passage(String),
}

fn piece(piece: Piece) -> AnyView {
    match piece {
        Piece::Passage(text) => view! { <p class="document-passage">{text}</p> }.into_any(),
        Piece::Heading(number, level, text) => {
            let id = format!("h-{number}");
            match level {
                0..=2 => view! { <h2 class="document-heading" id=id>{text}</h2> }.into_any(),
                _ => view! { <h3 class="document-heading" id=id>{text}</h3> }.into_any(),
            }
        }
    }
}

/// Cuts a part at the headings that stand in it, each of which is one line, and at empty lines.
fn pieces(part: &DocumentText, outline: &[Heading]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut done = 0;
    let passages = |pieces: &mut Vec<Piece>, text: &str| {
        let passages = text.split("\n\n").map(|passage| passage.trim_matches('\n'));
        let filled = passages.filter(|passage| !passage.trim().is_empty());
        pieces.extend(filled.map(|passage| Piece::Passage(passage.to_owned())));
    };
    for (number, heading) in outline.iter().enumerate() {
        let at = u64::from(heading.offset).checked_sub(part.start).map(|at| at as usize);
        let Some(at) = at.filter(|at| *at >= done && part.text.is_char_boundary(*at)) else {
            continue;
        };
        let Some(rest) = part.text.get(at..).filter(|rest| !rest.is_empty()) else { continue };
        let line = rest.find('\n').unwrap_or(rest.len());
        passages(&mut pieces, &part.text[done..at]);
        pieces.push(Piece::Heading(number, heading.level, rest[..line].trim().to_owned()));
        done = at + line;
    }
    passages(&mut pieces, &part.text[done..]);
    pieces
}

/// The headings of the document, each leading to its place.
#[component]
pub(super) fn Outline(
    /// The document.
    document: Signal<Option<Document>>,
) -> impl IntoView {
    let entries = Memo::new(move |_| {
        document.with(|document| {
            let document = document.as_ref()?;
            Some((document.row.id.clone(), document.outline.clone()))
        })
    });
    live(move || {
        let (id, outline) = entries.get().filter(|(_, outline)| outline.len() > 1)?;
        let top = outline.iter().map(|heading| heading.level).min().unwrap_or(1);
        let entry = |(number, heading): (usize, &Heading)| {
            let part = heading.offset as usize / DocumentText::PART_BYTES + 1;
            let query = if part == 1 { String::new() } else { format!("?part={part}") };
            let depth = (heading.level - top).min(3).to_string();
            view! {
                <li data-depth=depth>
                    <a href=format!("/documents/{id}{query}#h-{number}")>{heading.title.clone()}</a>
                </li>
            }
        };
        Some(view! {
            <nav class="section outline" aria-labelledby="outline">
                <h2 class="section-title" id="outline">"Outline"</h2>
                <ol>{outline.iter().enumerate().map(entry).collect_any()}</ol>
            </nav>
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_cut_at_its_headings_and_empty_lines() {
        let text = "Title\n\nOne line\nand more.\n\n\nNext\nAfter it.\n";
        let part = DocumentText { part: 1, parts: 1, start: 100, text: text.to_owned() };
        let heading =
            |level, title: &str, offset| Heading { level, title: title.to_owned(), offset };
        let outline = [
            heading(1, "Before", 20),
            heading(1, "Title", 100),
            heading(2, "Next", 100 + 28),
            heading(2, "Later", 9_000),
        ];
        let expected = [
            Piece::Heading(1, 1, "Title".to_owned()),
            Piece::Passage("One line\nand more.".to_owned()),
            Piece::Heading(2, 2, "Next".to_owned()),
            Piece::Passage("After it.".to_owned()),
        ];
        assert_eq!(pieces(&part, &outline), expected);
        assert_eq!(pieces(&part, &[]).len(), 3);
    }
}
