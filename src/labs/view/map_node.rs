//! The circles and lines of the map. They keep their elements when others come or go, so that they
//! glide to where they stand then.

use leptos::{
    prelude::*,
    svg::G,
    wasm_bindgen::{JsCast, JsValue},
    web_sys::{
        HtmlElement, KeyboardEvent,
        js_sys::{Function, Reflect},
    },
};

use crate::{
    labs::{
        layout::{Anchor, Direction, Line, Name, Picture, Spot},
        model::NodeId,
    },
    ui::effect,
};

/// Which concept is looked at. Cheap to copy.
#[derive(Clone, Copy)]
pub(super) struct Looked {
    /// By the pointer, else the one that has the focus.
    pub at: Memo<Option<NodeId>>,
    pointed: RwSignal<Option<NodeId>>,
    focused: RwSignal<Option<NodeId>>,
    /// The one that the Tab key leads to; the first one at first.
    stop: RwSignal<Option<NodeId>>,
}

impl Looked {
    /// None is, of what is drawn.
    pub fn new(picture: Memo<Picture>) -> Self {
        let (pointed, focused) = (RwSignal::new(None), RwSignal::new(None));
        // A circle that leaves says neither that the pointer has left it nor the focus.
        let at = Memo::new(move |_| {
            let drawn = |id: &NodeId| picture.with(|picture| picture.spot(id).is_some());
            pointed.get().filter(drawn).or_else(|| focused.get().filter(drawn))
        });
        let looked = Self { at, pointed, focused, stop: RwSignal::new(None) };
        looked.hand_on_focus(picture);
        looked
    }

    /// When the circle that has the focus leaves, the nearest to it of those that stay has it.
    fn hand_on_focus(self, picture: Memo<Picture>) {
        effect(move |before: Option<Picture>| {
            let now = picture.get();
            let gone = self.focused.get_untracked().filter(|id| now.spot(id).is_none());
            if let Some((gone, before)) = gone.zip(before) {
                self.focused.set(None);
                before.nearest_that_stays(&gone, &now).into_iter().for_each(focus);
            }
            now
        });
    }
}

/// A line between two concepts.
#[component]
pub(super) fn Link(
    /// The line when it came.
    first: Line,
    /// What is drawn.
    picture: Memo<Picture>,
    /// What is looked at.
    looked: Looked,
) -> impl IntoView {
    let Line { one, other, .. } = first.clone();
    let ends = (one.clone(), other.clone());
    let line = Memo::new(move |before: Option<&Line>| {
        let now = picture.with(|picture| {
            let same = |line: &&Line| line.one == one && line.other == other;
            picture.lines.iter().find(same).cloned()
        });
        now.unwrap_or_else(|| before.unwrap_or(&first).clone())
    });
    let way = move || {
        let [x, y, to_x, to_y] = line.with(|line| line.way).map(|part| part * 1000.0);
        format!("M{x:.1} {y:.1}L{to_x:.1} {to_y:.1}")
    };
    let near = move || {
        let at = looked.at.get();
        at.is_some_and(|at| at == ends.0 || at == ends.1).then_some("true")
    };
    view! {
        <path
            class="map-line"
            d=way
            stroke-width=move || format!("{:.2}", 1.0 + 3.0 * line.with(|line| line.weight))
            data-near=near
        ></path>
    }
    .into_any()
}

/// A concept: its circle and its name.
#[component]
pub(super) fn Circle(
    /// The concept in its place when it came.
    first: Spot,
    /// What is drawn.
    picture: Memo<Picture>,
    /// What is looked at.
    looked: Looked,
) -> impl IntoView {
    let id = first.node.id.clone();
    let (x, y) = (first.x, first.y);
    let spot = {
        let id = id.clone();
        Memo::new(move |before: Option<&Spot>| {
            let now = picture.with(|picture| picture.spot(&id).cloned());
            now.unwrap_or_else(|| before.unwrap_or(&first).clone())
        })
    };
    let near = {
        let id = id.clone();
        Memo::new(move |_| {
            let at = looked.at.get()?;
            let is_near = at == id
                || picture
                    .with(|picture| picture.neighbours(&at).into_iter().any(|node| node.id == id));
            is_near.then_some("true")
        })
    };
    let tab = {
        let id = id.clone();
        move || {
            let stop = looked.stop.get();
            let stop = stop.filter(|stop| picture.with(|picture| picture.spot(stop).is_some()));
            let here = match stop {
                Some(stop) => stop == id,
                None => {
                    picture.with(|picture| picture.spots.first().is_some_and(|it| it.node.id == id))
                }
            };
            if here { "0" } else { "-1" }
        }
    };
    let label = move || {
        spot.with(|spot| {
            format!("{}, {:.0} % confidence", spot.node.title, spot.node.confidence * 100.0)
        })
    };
    let group = NodeRef::<G>::new();
    effect(move |_| glide(group, spot.with(|spot| (spot.x - x, spot.y - y))));
    let (element, entered, focused) = (element_of(&id), id.clone(), id.clone());
    let (blurred, keyed) = (id.clone(), id);
    view! {
        // A box of its own where the concept stood first: a place in per cent fits any size.
        <svg
            class="map-place"
            x=format!("{:.2}%", x * 100.0)
            y=format!("{:.2}%", y * 100.0)
            overflow="visible"
        >
            <g
                class="map-node"
                node_ref=group
                id=element
                role="img"
                tabindex=tab
                aria-label=label
                data-near=move || near.get()
                data-wide=move || word(spot.with(|spot| spot.wide))
                data-narrow=move || word(spot.with(|spot| spot.narrow))
                on:pointerenter=move |_| looked.pointed.set(Some(entered.clone()))
                on:pointerleave=move |_| looked.pointed.set(None)
                on:focus=move |_| {
                    looked.focused.set(Some(focused.clone()));
                    looked.stop.set(Some(focused.clone()));
                }
                on:blur=move |_| {
                    // A circle that leaves is let go of where its neighbour takes the focus.
                    let left = blurred.clone();
                    request_animation_frame(move || {
                        if looked.focused.try_get_untracked() == Some(Some(left)) {
                            looked.focused.set(None);
                        }
                    });
                }
                on:keydown=move |event| on_key(&event, &keyed, picture)
            >
                <circle r=move || format!("{:.1}", spot.with(|spot| spot.radius))></circle>
                <Names spot=spot/>
            </g>
        </svg>
    }
    .into_any()
}

/// Moves a concept by parts of the picture from where it stood first. Only a transform glides, and it
/// is set here because a page's policy keeps styles out of what the server renders.
fn glide(group: NodeRef<G>, (x, y): (f64, f64)) {
    let Some(group) = group.get() else { return };
    // Elements of a drawing have a style as all others do.
    let style = group.unchecked_ref::<HtmlElement>().style();
    let moved = format!("translate({:.2}%, {:.2}%)", x * 100.0, y * 100.0);
    // A transform that is well-formed is not refused.
    let _ = style.set_property("transform", &moved);
}

/// The name below and above the circle; the stylesheet shows the one that has room.
#[component]
fn Names(
    /// The concept.
    spot: Memo<Spot>,
) -> impl IntoView {
    let anchor = move || match spot.with(Spot::anchor) {
        Anchor::Start => "start",
        Anchor::Middle => "middle",
        Anchor::End => "end",
    };
    let x = move || {
        let radius = spot.with(|spot| spot.radius);
        let x = match spot.with(Spot::anchor) {
            Anchor::Start => -radius,
            Anchor::Middle => 0.0,
            Anchor::End => radius,
        };
        format!("{x:.1}")
    };
    let name = move || spot.with(Spot::name);
    view! {
        <text
            class="map-name below"
            x=x
            y=move || format!("{:.1}", spot.with(|spot| spot.radius) + 14.0)
            text-anchor=anchor
        >
            {name}
        </text>
        <text
            class="map-name above"
            x=x
            y=move || format!("{:.1}", -spot.with(|spot| spot.radius) - 6.0)
            text-anchor=anchor
        >
            {name}
        </text>
    }
}

fn word(name: Name) -> &'static str {
    match name {
        Name::Below => "below",
        Name::Above => "above",
        Name::Hidden => "hidden",
    }
}

fn element_of(id: &NodeId) -> String {
    format!("map-{id}")
}

/// The arrows lead to the nearest concept in their direction.
fn on_key(event: &KeyboardEvent, from: &NodeId, picture: Memo<Picture>) {
    let direction = match event.key().as_str() {
        "ArrowLeft" => Direction::Left,
        "ArrowRight" => Direction::Right,
        "ArrowUp" => Direction::Up,
        "ArrowDown" => Direction::Down,
        _ => return,
    };
    event.prevent_default();
    let to = picture.with_untracked(|picture| picture.toward(from, direction).cloned());
    to.iter().for_each(focus);
}

/// Gives a circle the focus.
fn focus(id: &NodeId) {
    if let Some(element) = document().get_element_by_id(&element_of(id)) {
        // An element of a drawing takes the focus as any other; it is there, so it cannot refuse.
        let focus = || -> Result<JsValue, JsValue> {
            let focus: Function = Reflect::get(&element, &"focus".into())?.dyn_into()?;
            focus.call0(&element)
        };
        let _ = focus();
    }
}
