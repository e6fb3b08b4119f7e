//! Since when what is shown may have missed something, by the reader's own clock.
//!
//! Owns the certificate that `ping` brings. It must not read a clock.

/// Until when a page has heard everything, in Unix milliseconds of the browser's calendar.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Freshness {
    /// Everything up to here was heard.
    pub(crate) as_of_ms: f64,
    /// By how much the browser's calendar is ahead of the server's, with what a message takes on its
    /// way: the least that this stream has shown.
    ahead_ms: Option<f64>,
}

impl Freshness {
    /// What a page carries is no older than when it was asked for.
    pub(crate) fn since(asked_ms: f64) -> Self {
        Self { as_of_ms: asked_ms, ahead_ms: None }
    }

    /// A stream is connected; another server may have another clock.
    pub(crate) fn connected(&mut self, now_ms: f64) {
        (self.as_of_ms, self.ahead_ms) = (now_ms, None);
    }

    /// Something else came, which had just been read.
    pub(crate) fn heard(&mut self, now_ms: f64) {
        self.as_of_ms = now_ms;
    }

    /// All was delivered that there was when the server last looked, at this time of its own clock.
    /// A server that cannot read its log goes on saying when it last could.
    pub(crate) fn complete(&mut self, now_ms: f64, checked_ms: f64) {
        let ahead = now_ms - checked_ms;
        let least = self.ahead_ms.map_or(ahead, |least| least.min(ahead));
        self.ahead_ms = Some(least);
        self.as_of_ms = checked_ms + least;
    }

    /// By how much the browser's calendar is ahead of the server's, once a ping came.
    pub(crate) fn ahead_ms(self) -> Option<f64> {
        self.ahead_ms
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ping_certifies_when_the_server_looked_in_the_readers_own_time() {
        let mut freshness = Freshness::since(1_000.0);
        freshness.connected(1_100.0);
        // The server's clock is ten seconds behind, and it looks 200 ms before it says so.
        freshness.complete(20_000.0, 9_800.0);
        assert_eq!(freshness.as_of_ms, 20_000.0);
        freshness.complete(35_000.0, 24_990.0);
        assert_eq!(freshness.as_of_ms, 35_000.0, "a message that took less time says more");
        freshness.complete(50_000.0, 39_000.0);
        assert_eq!(freshness.as_of_ms, 49_010.0);
    }

    #[test]
    fn a_server_that_cannot_look_does_not_make_things_fresher() {
        let mut freshness = Freshness::since(0.0);
        freshness.complete(20_000.0, 20_000.0);
        freshness.complete(35_000.0, 20_000.0);
        assert_eq!(freshness.as_of_ms, 20_000.0);
    }
}
