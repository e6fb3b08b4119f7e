//! Short messages about what has just been done. Good news leaves by itself; an error stays until
//! it is dismissed, because whoever looked away must still be able to read it. Nothing that has to
//! be acted on belongs here; what was done can be undone from here, for a while.

use std::{fmt, sync::Arc, time::Duration};

use leptos::prelude::*;

use super::erased::Each;
use super::icon::{Icon, IconName};

/// How long good news stays.
const SHOWN_FOR: Duration = Duration::from_secs(6);

/// How long it stays while it can be undone.
const UNDO_FOR: Duration = Duration::from_secs(12);

/// The way to show a toast, from [`use_toasts`].
#[derive(Clone, Copy, Debug)]
pub struct Toasts {
    /// What is on screen, oldest first.
    shown: RwSignal<Vec<Toast>>,
    /// The id of the next toast.
    next: StoredValue<u64>,
    /// Whether the pointer or the focus is on a toast; none leaves meanwhile.
    held: RwSignal<bool>,
    /// How often something was undone.
    undone: RwSignal<u64>,
}

impl Toasts {
    fn new() -> Self {
        Self {
            shown: RwSignal::new(Vec::new()),
            next: StoredValue::new(0),
            held: RwSignal::new(false),
            undone: RwSignal::new(0),
        }
    }

    /// How often something was undone from here. The view follows it.
    pub fn undone(self) -> u64 {
        self.undone.get()
    }

    /// Says that something was done, for six seconds.
    pub fn success(self, text: impl Into<String>) {
        let id = self.push(ToastKind::Success, text.into(), None);
        self.expire_later(id, SHOWN_FOR);
    }

    /// Says that something was done, and offers to undo it for twelve seconds.
    pub fn undoable(self, text: impl Into<String>, undo: impl Fn() + Send + Sync + 'static) {
        // Not a callback: that would go with the page that showed the toast.
        let id = self.push(ToastKind::Success, text.into(), Some(Undo(Arc::new(undo))));
        self.expire_later(id, UNDO_FOR);
    }

    /// Says that something failed, until it is dismissed.
    pub fn error(self, text: impl Into<String>) {
        self.push(ToastKind::Error, text.into(), None);
    }

    fn push(self, kind: ToastKind, text: String, undo: Option<Undo>) -> u64 {
        let id = self.next.get_value();
        self.next.set_value(id + 1);
        self.shown.update(|shown| shown.push(Toast { id, kind, text, undo }));
        id
    }

    /// The signals may be gone by the time a timer fires, hence `try_`.
    fn dismiss(self, id: u64) {
        self.shown.try_update(|shown| shown.retain(|toast| toast.id != id));
        // The element under the pointer is gone without a leave event.
        self.held.try_set(false);
    }

    fn expire_later(self, id: u64, shown_for: Duration) {
        if !is_browser() {
            return;
        }
        set_timeout(
            move || match self.held.try_get_untracked() {
                None => {}
                Some(true) => self.expire_later(id, shown_for),
                Some(false) => self.dismiss(id),
            },
            shown_for,
        );
    }
}

/// The toasts of the page. Outside a [`ToastProvider`] they go nowhere.
#[must_use]
pub fn use_toasts() -> Toasts {
    use_context::<Toasts>().unwrap_or_else(Toasts::new)
}

/// Shows toasts above everything below it. Sits once, at the root.
#[component]
pub fn ToastProvider(
    /// The application.
    children: Children,
) -> impl IntoView {
    let toasts = Toasts::new();
    provide_context(toasts);
    view! {
        {children()}
        <div
            class="toasts"
            role="status"
            aria-live="polite"
            aria-atomic="false"
            on:pointerenter=move |_| toasts.held.set(true)
            on:pointerleave=move |_| toasts.held.set(false)
            on:focusin=move |_| toasts.held.set(true)
            on:focusout=move |_| toasts.held.set(false)
        >
            <Each each=move || toasts.shown.get() key=|toast| toast.id let:toast>
                <ToastView toast=toast toasts=toasts/>
            </Each>
        </div>
    }
}

/// One message and the button that dismisses it.
#[component]
fn ToastView(
    /// The message.
    toast: Toast,
    /// Where it is dismissed from.
    toasts: Toasts,
) -> impl IntoView {
    let Toast { id, kind, text, undo } = toast;
    let (name, icon) = match kind {
        ToastKind::Success => ("success", IconName::Check),
        ToastKind::Error => ("error", IconName::Alert),
    };
    view! {
        <div class="toast" data-kind=name>
            <Icon name=icon/>
            <p class="toast-text">{text}</p>
            {undo.map(|undo| {
                let pressed = move |_| {
                    toasts.dismiss(id);
                    (undo.0)();
                    toasts.undone.update(|undone| *undone += 1);
                };
                view! {
                    <button type="button" class="toast-undo" on:click=pressed>
                        "Undo"
                    </button>
                }
            })}
            <button
                type="button"
                class="toast-dismiss"
                aria-label="Dismiss"
                on:click=move |_| toasts.dismiss(id)
            >
                <Icon name=IconName::Close/>
            </button>
        </div>
    }
}

/// What a toast is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ToastKind {
    /// Something was done.
    Success,
    /// Something was refused or failed.
    Error,
}

/// One message.
#[derive(Clone, Debug)]
struct Toast {
    /// Counts up from 0 within a page.
    id: u64,
    /// What it is about.
    kind: ToastKind,
    /// The words.
    text: String,
    /// What takes it back.
    undo: Option<Undo>,
}

/// Takes back what a toast tells of.
#[derive(Clone)]
struct Undo(Arc<dyn Fn() + Send + Sync>);

impl fmt::Debug for Undo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Undo")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dismissed_toast_leaves_the_others() {
        let owner = Owner::new();
        owner.with(|| {
            let toasts = Toasts::new();
            // `success` also sets a timer, which only a browser has.
            toasts.push(ToastKind::Success, "Saved".to_owned(), None);
            toasts.push(ToastKind::Error, "Refused".to_owned(), None);
            let first = toasts.shown.get_untracked()[0].id;
            toasts.dismiss(first);
            let left: Vec<_> = toasts
                .shown
                .get_untracked()
                .into_iter()
                .map(|toast| (toast.kind, toast.text))
                .collect();
            assert_eq!(left, [(ToastKind::Error, "Refused".to_owned())]);
        });
    }
}
