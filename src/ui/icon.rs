//! Line icons, drawn on a 16 px grid with one path each, in the colour of the text beside them.
//! An icon never carries meaning alone: it is hidden from assistive technology, and whatever it
//! decorates has words.

use leptos::prelude::*;

/// Which icon to draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IconName {
    /// The first page.
    Home,
    /// A parcel: orders.
    Orders,
    /// A clock: what takes a while.
    Clock,
    /// A sheet with lines: documents.
    Documents,
    /// A pulse: what happened.
    Activity,
    /// Two people.
    People,
    /// Headphones: podcasts.
    Podcasts,
    /// A microphone: voiceovers.
    Voiceovers,
    /// Bars: infographics.
    Infographics,
    /// Three lines: all pages.
    Menu,
    /// Two sheets, one behind the other.
    Copy,
    /// A door and an arrow out of it.
    SignOut,
    /// The light theme.
    Sun,
    /// The dark theme.
    Moon,
    /// The system's theme.
    Screen,
    /// A magnifying glass.
    Search,
    /// On to the next.
    ChevronRight,
    /// Back to the previous.
    ChevronLeft,
    /// More below.
    ChevronDown,
    /// Done, accepted.
    Check,
    /// Something needs attention.
    Alert,
    /// One step up.
    ArrowLeft,
    /// Sorted from small to large.
    SortUp,
    /// Sorted from large to small.
    SortDown,
    /// Dismiss.
    Close,
    /// Change what is written.
    Pencil,
    /// Two who talk: coaching.
    Coaching,
    /// A flask: the labs.
    Labs,
    /// A bell: what there is to know.
    Bell,
    /// One more.
    Plus,
    /// From here to the reader's machine.
    Download,
    /// From the reader's machine to here.
    Upload,
}

impl IconName {
    /// The `d` attribute of the icon's path.
    const fn path(self) -> &'static str {
        match self {
            Self::Home => "M2.5 7 8 2.5 13.5 7v6.5h-4v-4h-3v4h-4z",
            Self::Orders => {
                "M8 1.75 13.75 4.9v6.2L8 14.25 2.25 11.1V4.9zM2.4 5 8 8.1 13.6 5M8 8.1v6M5 3.5l5.75 3.1"
            }
            Self::Clock => "M8 1.75a6.25 6.25 0 1 1 0 12.5 6.25 6.25 0 0 1 0-12.5M8 4.5V8l2.5 1.75",
            Self::Documents => {
                "M4 1.75h5l3.25 3.25v9.25H4zM8.75 2v3.25H12M6.25 8.25h3.75M6.25 11h3.75"
            }
            Self::People => {
                "M6 7.75a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5M1.5 13.25c.4-2.4 2.1-3.75 4.5-3.75s4.1 1.35 4.5 3.75M10.75 2.95a2.5 2.5 0 0 1 0 4.6M12.25 9.85c1.3.6 2.05 1.7 2.25 3.4"
            }
            Self::Activity => "M1.75 8.25h2.75l2-5.5 3 10.5 2-5h2.75",
            Self::Podcasts => {
                "M2.5 10.5V8a5.5 5.5 0 0 1 11 0v2.5M2.5 9.5h2.25v4H3.5a1 1 0 0 1-1-1zM13.5 9.5h-2.25v4h1.25a1 1 0 0 0 1-1z"
            }
            Self::Voiceovers => {
                "M8 1.75a2 2 0 0 1 2 2V7.5a2 2 0 0 1-4 0V3.75a2 2 0 0 1 2-2M3.5 7.25a4.5 4.5 0 0 0 9 0M8 11.75v2.5M5.75 14.25h4.5"
            }
            Self::Infographics => "M2.5 2.25v11.5h11.25M5.5 11V8M8.5 11V4.5M11.5 11V6.5",
            Self::Menu => "M2.5 4h11M2.5 8h11M2.5 12h11",
            Self::Copy => {
                "M6.5 5.5h6a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1h-6a1 1 0 0 1-1-1v-6a1 1 0 0 1 1-1zM3.5 10.5a1 1 0 0 1-1-1v-6a1 1 0 0 1 1-1h6a1 1 0 0 1 1 1"
            }
            Self::SignOut => {
                "M6.25 13.5H3.5a1 1 0 0 1-1-1v-9a1 1 0 0 1 1-1h2.75M10.5 11l3-3-3-3M13.5 8H6.25"
            }
            Self::Sun => {
                "M8 5.25a2.75 2.75 0 1 1 0 5.5 2.75 2.75 0 0 1 0-5.5M8 1.5v1M8 13.5v1M1.5 8h1M13.5 8h1M3.4 3.4l.7.7M11.9 11.9l.7.7M3.4 12.6l.7-.7M11.9 4.1l.7-.7"
            }
            Self::Moon => "M13.5 9.6A5.75 5.75 0 1 1 6.4 2.5a4.5 4.5 0 0 0 7.1 7.1z",
            Self::Screen => {
                "M2.5 2.75h11a1 1 0 0 1 1 1v6.5a1 1 0 0 1-1 1h-11a1 1 0 0 1-1-1v-6.5a1 1 0 0 1 1-1zM5.5 14h5M8 11.25V14"
            }
            Self::Search => {
                "M7 2.25a4.75 4.75 0 1 1 0 9.5 4.75 4.75 0 0 1 0-9.5M10.5 10.5l3.25 3.25"
            }
            Self::ChevronRight => "M6 3.5 10.5 8 6 12.5",
            Self::ChevronLeft => "M10 3.5 5.5 8l4.5 4.5",
            Self::ChevronDown => "M3.5 6 8 10.5 12.5 6",
            Self::Check => "M3 8.5 6.5 12 13 4.5",
            Self::Alert => {
                "M8 1.75a6.25 6.25 0 1 1 0 12.5 6.25 6.25 0 0 1 0-12.5M8 4.75V8.5M8 11.1v.05"
            }
            Self::ArrowLeft => "M7 3.5 2.5 8 7 12.5M2.75 8h10.75",
            Self::SortUp => "M8 13V3.5M4 7.25 8 3.25l4 4",
            Self::SortDown => "M8 3v9.5M4 8.75l4 4 4-4",
            Self::Close => "M4 4l8 8M12 4l-8 8",
            Self::Pencil => "M10.75 2.5l2.75 2.75-8 8H2.75v-2.75zM9 4.25 11.75 7",
            Self::Coaching => {
                "M1.75 2.75h8.5v5.5h-4.5l-2.25 2v-2h-1.75zM12.25 5.75h2v5h-1.5v2l-2.25-2h-4"
            }
            Self::Labs => {
                "M5.75 1.75h4.5M6.75 1.75v4.5L2.9 12.6a1.1 1.1 0 0 0 .95 1.65h8.3a1.1 1.1 0 0 0 .95-1.65L9.25 6.25v-4.5M4.75 9.75h6.5"
            }
            Self::Bell => {
                "M8 1.75a4 4 0 0 1 4 4c0 3.5 1.5 4.75 1.5 5.75h-11c0-1 1.5-2.25 1.5-5.75a4 4 0 0 1 4-4M6.5 13.75a1.6 1.6 0 0 0 3 0"
            }
            Self::Plus => "M8 3v10M3 8h10",
            Self::Download => "M8 2.5v7.75M4.75 7.25 8 10.5l3.25-3.25M2.75 13.25h10.5",
            Self::Upload => "M8 10.5V2.75M4.75 5.75 8 2.5l3.25 3.25M2.75 13.25h10.5",
        }
    }
}

/// One icon, 16 px square.
#[component]
pub fn Icon(
    /// Which icon to draw.
    name: IconName,
) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
            <path d=name.path()></path>
        </svg>
    }
}

/// The product's mark: water standing at a line. `public/favicon.svg` draws the same.
#[component]
pub fn BrandMark() -> impl IntoView {
    view! {
        <svg class="brand-mark" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
            <rect class="brand-tile" width="20" height="20" rx="5"></rect>
            <path class="brand-line" d="M4.5 6h11"></path>
            <path
                class="brand-line"
                d="M4.5 10.4c1.85-1.5 3.65-1.5 5.5 0s3.65 1.5 5.5 0M4.5 14.4c1.85-1.5 3.65-1.5 5.5 0s3.65 1.5 5.5 0"
            ></path>
        </svg>
    }
}
