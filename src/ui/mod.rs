//! The components every part of the application shares. They know HTML, keyboard and theme, and
//! nothing of any slice: no model, no server function, no query is imported here. Their looks are
//! in `style/`; each stylesheet's head lists the classes it answers to.

mod shell;
mod theme;

mod badge;
mod icon;
mod amount;

mod erased;

mod freshness;
mod update_notice;
mod live_value;
mod pagination;
mod skeleton;
mod sort_header;
mod states;
mod title;
mod time_ago;
mod local_time;

mod chart;
mod progress;
mod ticking;

mod dialog;
mod field;
mod draft;
mod tab_memory;
mod early;
mod focus;
mod confirm;
mod check;
mod bulk;
mod selection;
mod shortcuts;
mod toast;
mod upload;
mod guarded;

pub use amount::{grouped, size_in_words};
pub use badge::{Badge, Tone};
pub use bulk::BulkBar;
pub use chart::{Bar, BarChart, Line, LineChart};
pub use check::Check;
pub use confirm::{Asker, ConfirmDialog, Question};
pub use dialog::{Confirm, Dialog, close_dialog, open_dialog};
pub use draft::{keep, keep_typed, kept};
pub use early::typed_early;
pub use erased::{CollectAny, Each, effect, live};
pub use field::{Field, FormError, TextField, as_typed, described_by, focus_first_invalid};
pub use focus::keep_focus;
pub use freshness::Freshness;
pub use guarded::{Author, Draft, Guard, Guarded, GuardedForm, Sending};
pub use icon::{BrandMark, Icon, IconName};
pub use live_value::{LiveText, LiveValue};
pub use local_time::{LocalTime, local_value, moment_of};
pub use pagination::{Pagination, asked_page};
pub use progress::{Pace, Progress};
pub use selection::{Selection, Share};
pub use shell::{BackLink, NavGroup, NavItem, PageHeader, Shell};
pub use shortcuts::{Shortcut, Shortcuts, is_typing};
pub use skeleton::TableSkeleton;
pub use sort_header::{Direction, SortHeader};
pub use states::{EmptyState, ErrorState, NeedsJavaScript, NotFound};
pub use tab_memory::{remember, remembered};
pub use theme::{THEME_SCRIPT, ThemeScript, ThemeToggle};
pub use ticking::ticking;
pub use time_ago::{Day, TimeAgo, TimeOfDay, browser_now, provide_clock, short_date};
pub use title::LiveTitle;
pub use toast::{ToastProvider, Toasts, use_toasts};
pub use update_notice::UpdateNotice;
pub use upload::{Part, chosen_bytes, chosen_files, keep_chosen, send_json, upload};
