//! Short messages about what has just been done. Good news leaves by itself; an error stays until
//! it is dismissed, because whoever looked away must still be able to read it. Nothing that has to
//! be acted on belongs here.

use std::time::Duration;

use leptos::prelude::*;

use super::icon::{Icon, IconName};

/// How long good news stays.
const SHOWN_FOR: Duration = Duration::from_secs(6);

/// The way to show a toast, from [`use_toasts`].
#[derive(Clone, Copy, Debug)]
pub struct Toasts {
    /// What is on screen, oldest first.
    shown: RwSignal<Vec<Toast>>,
    /// The id of the next toast.
    next: StoredValue<u64>,
    /// Whether the pointer or the focus is on a toast; none leaves meanwhile.
    held: RwSignal<bool>,
}

impl Toasts {
    fn new() -> Self {
        Self {
            shown: RwSignal::new(Vec::new()),
            next: StoredValue::new(0),
            held: RwSignal::new(false),
        }
    }

    /// Says that something was done, for six seconds.
    pub fn success(self, text: impl Into<String>) {
        let id = self.push(ToastKind::Success, text.into());
        self.expire_later(id);
    }

    /// Says that something failed, until it is dismissed.
    pub fn error(self, text: impl Into<String>) {
        self.push(ToastKind::Error, text.into());
    }

    fn push(self, kind: ToastKind, text: String) -> u64 {
        let id = self.next.get_value();
        self.next.set_value(id + 1);
        self.shown.update(|shown| shown.push(Toast { id, kind, text }));
        id
    }

    /// The signals may be gone by the time a timer fires, hence `try_`.
    fn dismiss(self, id: u64) {
        self.shown.try_update(|shown| shown.retain(|toast| toast.id != id));
        // The element under the pointer is gone without a leave event.
        self.held.try_set(false);
    }

    fn expire_later(self, id: u64) {
        if !is_browser() {
            return;
        }
        set_timeout(
            move || match self.held.try_get_untracked() {
                None => {}
                Some(true) => self.expire_later(id),
                Some(false) => self.dismiss(id),
            },
            SHOWN_FOR,
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
            <For each=move || toasts.shown.get() key=|toast| toast.id let:toast>
                <ToastView toast=toast toasts=toasts/>
            </For>
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
    let Toast { id, kind, text } = toast;
    let (name, icon) = match kind {
        ToastKind::Success => ("success", IconName::Check),
        ToastKind::Error => ("error", IconName::Alert),
    };
    view! {
        <div class="toast" data-kind=name>
            <Icon name=icon/>
            <p class="toast-text">{text}</p>
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
#[derive(Clone, Debug, PartialEq, Eq)]
struct Toast {
    /// Counts up from 0 within a page.
    id: u64,
    /// What it is about.
    kind: ToastKind,
    /// The words.
    text: String,
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
            toasts.push(ToastKind::Success, "Saved".to_owned());
            toasts.push(ToastKind::Error, "Refused".to_owned());
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
