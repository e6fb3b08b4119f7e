//! The browser's half: one stream for the page, queries that stay fresh, optimistic mutations.
//!
//! [`SseProvider`] stands once at the root; below it [`use_query`] reads, [`use_mutation`] writes,
//! [`use_event`] hears events as they come, and [`use_sse`] tells how the connection is doing. The
//! rules are in `highwater-core`; this module gives them time, the network and signals. On the server
//! only the first answer of each query is read; everything else waits for the browser.

use web_sys::js_sys;

mod provider;
mod line;
mod heard;
mod freshness;
mod session;
mod indicator;
mod mutation;
mod first;
mod query;
mod store;
mod transport;
mod clock;
mod devtools;

pub use devtools::Devtools;
pub use heard::use_event;
pub use indicator::{ConnectionIndicator, ConnectionMark};
pub use mutation::{MutationRequest, Mutations, Sending, use_mutation};
pub use provider::{PageHead, Sse, SseProvider, use_sse};
pub use query::{QueryError, UseQuery, use_known, use_query};

/// Whether this is a server that renders a page. A bundle for browsers is compiled without what
/// only happens then; Leptos's `is_server` decides while it runs, which keeps both ways in.
#[must_use]
pub fn on_server() -> bool {
    !cfg!(target_family = "wasm") && leptos::prelude::is_server()
}

/// 128 bits from the browser's own source of randomness, or the lesser one of browsers without it.
fn random() -> u128 {
    let mut bytes = [0; 16];
    if let Some(crypto) = web_sys::window().and_then(|window| window.crypto().ok()) {
        // It fails only for arrays longer than 64 KiB.
        let _ = crypto.get_random_values_with_u8_array(&mut bytes);
    }
    if bytes == [0; 16] {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below 256")]
        bytes.fill_with(|| (js_sys::Math::random() * 256.0) as u8);
    }
    u128::from_le_bytes(bytes)
}
