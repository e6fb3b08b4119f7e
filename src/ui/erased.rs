//! What follows signals, its types erased: rows, views and effects.
//!
//! Leptos compiles all of its machinery once more for each closure it is given, 2 to 7 kB of
//! WebAssembly a time; here all closures share it. Owns nothing else, and must not know what is
//! shown. Closures within `view!` need none of this: with `erase_components` it does the same.

use std::sync::Arc;

use leptos::prelude::*;

/// A view that is made anew whenever what it reads changes.
pub fn live<V: IntoView + 'static>(mut view: impl FnMut() -> V + Send + 'static) -> AnyView {
    let view: Box<dyn FnMut() -> AnyView + Send> = Box::new(move || view().into_any());
    view.into_any()
}

/// What [`collect_view`](CollectView::collect_view) makes of an iterator's views, their types erased.
pub trait CollectAny {
    /// The views in their order.
    fn collect_any(self) -> Vec<AnyView>;
}

impl<I: IntoIterator<Item: IntoView + 'static>> CollectAny for I {
    fn collect_any(self) -> Vec<AnyView> {
        self.into_iter().map(IntoAny::into_any).collect()
    }
}

/// Runs in the browser, now and again whenever what it reads changes. It is given what it returned
/// the last time.
pub fn effect<T: 'static>(mut run: impl FnMut(Option<T>) -> T + 'static) {
    let mut last = None;
    let run: Box<dyn FnMut()> = Box::new(move || last = Some(run(last.take())));
    Effect::new(run);
}

/// A row, before it is made.
struct Row {
    key: String,
    make: Box<dyn FnOnce() -> AnyView + Send>,
}

/// Rows for items, as Leptos's `For`: a row stays what it is for as long as its key is there.
#[component]
pub fn Each<T, K, V>(
    /// The items.
    each: impl Fn() -> Vec<T> + Send + 'static,
    /// What tells them apart, as text.
    key: impl Fn(&T) -> K + Send + 'static,
    /// The row of an item.
    children: impl Fn(T) -> V + Send + Sync + 'static,
) -> impl IntoView
where
    T: Send + 'static,
    K: ToString,
    V: IntoView + 'static,
{
    let children = Arc::new(children);
    let row = move |item: T| {
        let children = children.clone();
        Row { key: key(&item).to_string(), make: Box::new(move || children(item).into_any()) }
    };
    rows(Box::new(move || each().into_iter().map(&row).collect()))
}

fn rows(rows: Box<dyn Fn() -> Vec<Row> + Send>) -> AnyView {
    let make = |row: Row| (row.make)();
    view! { <For each=rows key=|row| row.key.clone() children=make/> }.into_any()
}
