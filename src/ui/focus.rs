//! Where the focus goes when what has it leaves the page. Left alone it falls to the page's body, and
//! whoever works by the keyboard begins anew at the top.
//!
//! Owns who had it, and in which row of a table that was. It must not know what the rows are.

use std::{cell::RefCell, rc::Rc};

use leptos::{
    ev, html,
    prelude::*,
    wasm_bindgen::{JsCast, JsValue, closure::Closure},
    web_sys::{
        Element, HtmlElement,
        js_sys::{Array, Function, Object, Reflect},
    },
};

use super::erased::effect;

/// Keeps the focus within an element. When what has it leaves the page, it goes to the first control of
/// its row, else to that of the row which stands in its place now, else to the first there is of `rest`,
/// which are selectors. Whoever lets go of the focus by themselves is left alone.
pub fn keep_focus(within: NodeRef<html::Div>, rest: &'static [&'static str]) {
    effect(move |_| {
        let Some(within) = within.get() else { return };
        let within: Element = within.unchecked_into();
        let had = Rc::new(RefCell::new(Had::default()));
        let (noted, scope) = (had.clone(), within.clone());
        let came = window_event_listener(ev::focusin, move |event| {
            let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            target.into_iter().for_each(|target| noted.borrow_mut().note(target, &scope));
        });
        let scope = within.clone();
        let settle = move || {
            let (had, within) = (had.clone(), scope.clone());
            // What comes in its place is there with the next frame. Taking the focus is noted in turn,
            // so nothing may be borrowed then.
            request_animation_frame(move || {
                let heir = had.borrow_mut().heir(&within, rest);
                heir.iter().for_each(focus);
            });
        };
        // Some browsers do not say that the focus was lost with its element.
        let watch = StoredValue::new_local(Watch::begin(&within, settle.clone()));
        let left = window_event_listener(ev::focusout, move |_| settle());
        on_cleanup(move || {
            came.remove();
            left.remove();
            watch.dispose();
        });
    });
}

/// Gives an element the focus.
fn focus(element: &Element) {
    // What is in the page takes it, or has no use for it.
    let _ = element.unchecked_ref::<HtmlElement>().focus();
}

/// Who had the focus last.
#[derive(Default)]
struct Had {
    element: Option<Element>,
    /// The row that had it last, also before it was elsewhere.
    row: Option<Row>,
}

/// A row of a table.
struct Row {
    element: Element,
    list: Element,
    /// Those before it: as many of them as are still there stand before what is in its place now.
    before: Vec<Element>,
}

impl Row {
    fn of(element: Element) -> Option<Self> {
        let before = std::iter::successors(element.previous_element_sibling(), |row| {
            row.previous_element_sibling()
        });
        Some(Self { list: element.parent_element()?, before: before.collect(), element })
    }

    /// It, or what stands in its place now: the last one, if it was that.
    fn here(self) -> Option<Element> {
        if self.element.is_connected() {
            return Some(self.element);
        }
        let rows = self.list.is_connected().then(|| self.list.children())?;
        let before = self.before.iter().filter(|row| row.is_connected()).count();
        let last = rows.length().checked_sub(1)?;
        rows.item(last.min(u32::try_from(before).unwrap_or(u32::MAX)))
    }
}

impl Had {
    /// Notes who has it.
    fn note(&mut self, element: Element, within: &Element) {
        // A dialog gives it back to who had it before.
        if matches!(element.closest("dialog"), Ok(Some(_))) {
            return;
        }
        if !within.contains(Some(&element)) {
            *self = Self::default();
            return;
        }
        if let Some(row) = element.closest("tbody tr").ok().flatten().and_then(Row::of) {
            self.row = Some(row);
        }
        self.element = Some(element);
    }

    /// Who has it instead of an element that is gone.
    fn heir(&mut self, within: &Element, rest: &[&str]) -> Option<Element> {
        let active = document().active_element();
        if active.is_some_and(|active| active.tag_name() != "BODY") {
            return None;
        }
        // Who is still there has let go of it.
        self.element.take().filter(|element| !element.is_connected())?;
        let first = |row: Element| row.query_selector(".check, button, a[href]").ok().flatten();
        let in_row = self.row.take().and_then(Row::here).and_then(first);
        let mut rest = rest.iter().filter_map(|place| within.query_selector(place).ok().flatten());
        in_row.or_else(|| rest.next())
    }
}

/// Hears of all that comes and goes within an element, until it is dropped.
struct Watch {
    observer: Option<Object>,
    /// The browser calls it.
    _hears: Closure<dyn FnMut()>,
}

impl Watch {
    fn begin(within: &Element, hears: impl Fn() + 'static) -> Self {
        let hears = Closure::<dyn FnMut()>::new(hears);
        let begun = || -> Result<Object, JsValue> {
            let kind: Function = Reflect::get(&window(), &"MutationObserver".into())?.dyn_into()?;
            let observer = Reflect::construct(&kind, &Array::of1(hears.as_ref()))?;
            let options = Object::new();
            for option in ["childList", "subtree"] {
                Reflect::set(&options, &option.into(), &JsValue::TRUE)?;
            }
            let observe: Function = Reflect::get(&observer, &"observe".into())?.dyn_into()?;
            observe.call2(&observer, within, &options)?;
            Ok(observer.unchecked_into())
        };
        Self { observer: begun().ok(), _hears: hears }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let Some(observer) = &self.observer else { return };
        let end = || -> Result<JsValue, JsValue> {
            let end: Function = Reflect::get(observer, &"disconnect".into())?.dyn_into()?;
            end.call0(observer)
        };
        // It is one, so that it can be ended.
        let _ = end();
    }
}
