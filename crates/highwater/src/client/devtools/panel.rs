//! The panel: a frame that stands, and three tables whose rows are written anew when something
//! happened.
//!
//! Plain elements, because what few people open should cost everybody little to load.
//!
//! ```text
//! section.devtools
//!   header.devtools-head    h2, p.devtools-now, .devtools-actions > button[data-do]
//!   .devtools-body          three section: h3, table
//! ```

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use gloo_timers::callback::Timeout;
use highwater_core::LiveEvent;
use leptos::{
    prelude::{Callable, Callback, document},
    wasm_bindgen::{JsCast, closure::Closure},
};
use web_sys::{Element, Event};

use super::{super::line::Line, record::Watcher, text};

/// How long changes are gathered before the rows are written, in milliseconds.
const GATHER_MS: u32 = 100;

const FRAME: &str = "\
<header class=devtools-head><h2>Developer tools</h2><p class=devtools-now></p>\
<div class=devtools-actions>\
<button type=button class=button data-do=drop>Drop the stream</button>\
<button type=button class=button data-do=stale>Go stale</button>\
<button type=button class=button data-do=refetch>Refetch</button>\
<button type=button class=button data-do=close>Close</button></div></header>\
<div class=devtools-body tabindex=0 role=group aria-label='What was recorded'>\
<section><h3>Events</h3><table aria-label=Events><thead><tr><th>Time<th>Type<th>Size<th>Delay<th>What it did<tbody></table></section>\
<section><h3>Connection</h3><table aria-label=Connection><thead><tr><th>Time<th>State<th>Why<tbody></table></section>\
<section><h3>Cache</h3><table aria-label=Cache><thead><tr><th>Query<th>Tags<th>As of<th>Overlays<th>State<tbody></table></section>\
</div>";

/// A panel in the page; it leaves with this.
pub(super) struct Panel {
    section: Element,
    /// Ends the recording.
    stop: Box<dyn Fn()>,
    /// Heard for as long as the panel is there.
    _clicks: Closure<dyn FnMut(Event)>,
}

impl Drop for Panel {
    fn drop(&mut self) {
        (self.stop)();
        self.section.remove();
    }
}

impl Panel {
    /// Puts a panel into the page and begins to record.
    pub(super) fn open<E: LiveEvent>(line: Line<E>, on_close: Callback<()>) -> Option<Self> {
        let document = document();
        let section = document.create_element("section").ok()?;
        section.set_class_name("devtools");
        section.set_attribute("aria-label", "Developer tools").ok()?;
        section.set_inner_html(FRAME);
        document.body()?.append_child(&section).ok()?;

        let doing = line.clone();
        let clicks = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
            let button = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            match button.and_then(|button| button.get_attribute("data-do")).as_deref() {
                Some("drop") => doing.drop_stream(),
                Some("stale") => doing.store().refetch_all(),
                Some("refetch") => doing.poll(),
                Some("close") => on_close.run(()),
                _ => {}
            }
        });
        section.add_event_listener_with_callback("click", clicks.as_ref().unchecked_ref()).ok()?;

        line.watch(Some(gathered(line.clone(), section.clone())));
        write(&line, &section);
        let stop = Box::new(move || line.watch(None));
        Some(Self { section, stop, _clicks: clicks })
    }
}

/// Writes the panel a moment after it was called first, however often it is.
fn gathered<E: LiveEvent>(line: Line<E>, section: Element) -> Watcher {
    let section = send_wrapper::SendWrapper::new(section);
    let is_waiting = Arc::new(AtomicBool::new(false));
    Arc::new(move || {
        if is_waiting.swap(true, Ordering::Relaxed) {
            return;
        }
        let (line, section, waiting) = (line.clone(), section.clone(), is_waiting.clone());
        Timeout::new(GATHER_MS, move || {
            waiting.store(false, Ordering::Relaxed);
            write(&line, &section);
        })
        .forget();
    })
}

fn write<E: LiveEvent>(line: &Line<E>, section: &Element) {
    let Some((events, states)) =
        line.recorder().read(|records| (text::events(records), text::states(records)))
    else {
        return;
    };
    let rows = [events, states, text::entries(&line.store().report())];
    let Ok(tables) = section.query_selector_all("tbody") else { return };
    for (index, rows) in (0..).zip(rows) {
        let table = tables.get(index).and_then(|table| table.dyn_into::<Element>().ok());
        // What stays as it is keeps its selection.
        if let Some(table) = table.filter(|table| table.inner_html() != rows) {
            table.set_inner_html(&rows);
        }
    }
    if let Ok(Some(now)) = section.query_selector(".devtools-now") {
        now.set_text_content(Some(&line.words()));
    }
}
