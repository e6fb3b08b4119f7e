//! A word in a tinted box, for a state that is worth finding with a glance down a column. The tone
//! repeats what the word says; it never says it alone.

use leptos::prelude::*;

/// What a badge's colour means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Nothing to notice.
    #[default]
    Neutral,
    /// Under way.
    Accent,
    /// Ended well.
    Success,
    /// Waits for somebody.
    Warning,
    /// Went wrong.
    Danger,
}

impl Tone {
    /// The value of `data-tone` in the stylesheets.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Accent => "accent",
            Self::Success => "success",
            Self::Warning => "warning",
            Self::Danger => "danger",
        }
    }
}

/// A tinted word.
#[component]
pub fn Badge(
    /// What the colour means; may change while the badge is shown.
    #[prop(into)]
    tone: Signal<Tone>,
    /// The word.
    children: Children,
) -> impl IntoView {
    view! {
        <span class="badge" data-tone=move || tone.get().as_str()>
            {children()}
        </span>
    }
}
