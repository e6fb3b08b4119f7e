//! Marks what has changed: a short fade behind that value alone. The first value is never marked,
//! whether it came from the server or not, and the marked content is neither re-created nor moved;
//! only an attribute beside it turns, which restarts the animation (see `style/motion.css`).

use leptos::prelude::*;

use super::erased::effect;

/// Marks `children` whenever `value` differs from what it was.
///
/// `value` is a closure over whatever the children show: `value=move || order.get().status`.
#[component]
pub fn LiveValue<T, F>(
    /// What to watch. Nothing is shown of it.
    value: F,
    /// What to mark; it reacts to the same value by itself.
    children: Children,
) -> impl IntoView
where
    T: PartialEq + 'static,
    F: Fn() -> T + Send + Sync + 'static,
{
    let mark = watch_changes(value);
    view! {
        <span class="live-mark" data-mark=move || mark.get()>
            {children()}
        </span>
    }
}

/// A text that marks itself when it changes.
#[component]
pub fn LiveText(
    /// The text.
    #[prop(into)]
    value: Signal<String>,
) -> impl IntoView {
    view! { <LiveValue value=move || value.get()>{move || value.get()}</LiveValue> }
}

/// `None` until the first change, then `odd` and `even` in turn.
fn watch_changes<T, F>(value: F) -> Signal<Option<&'static str>>
where
    T: PartialEq + 'static,
    F: Fn() -> T + Send + Sync + 'static,
{
    let mark = RwSignal::new(None);
    effect(move |previous: Option<T>| {
        let current = value();
        if previous.is_some_and(|previous| previous != current) {
            mark.update(|mark| {
                *mark = Some(if *mark == Some("odd") { "even" } else { "odd" });
            });
        }
        current
    });
    mark.into()
}
