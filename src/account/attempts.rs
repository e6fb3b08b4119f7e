//! Attempts to sign in: how many one client has left.
//!
//! Owns the counting, in bounded memory. It must not know passwords, or whether an attempt was
//! right: an attempt is counted before it is looked at, so that no number of them at once gets
//! past the limit.

use std::{
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use governor::{
    Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    middleware::NoOpMiddleware,
    state::keyed::DashMapStateStore,
};
use sha2::{Digest, Sha256};

use crate::{error::AppError, server::configuration::Limits};

/// Over how long attempts are counted.
const WINDOW: Duration = Duration::from_secs(300);

/// After how many attempts those that count no more are forgotten.
const SWEEP: u32 = 256;

/// The SHA-256 of an address and an email: what is typed there may be of any length.
type Account = [u8; 32];

type Limiter<K, C> = RateLimiter<K, DashMapStateStore<K>, C, NoOpMiddleware<<C as Clock>::Instant>>;

/// The attempts of all clients. Someone who is kept out of an account by its owner's mistakes, or
/// by an attacker elsewhere, would be kept out for nothing: what counts is client and account.
pub struct Attempts<C: Clock = DefaultClock> {
    clock: C,
    accounts: Limiter<Account, C>,
    clients: Limiter<IpAddr, C>,
    /// How many were counted since the last sweep.
    counted: AtomicU32,
}

impl Attempts {
    /// None so far.
    pub fn new(limits: &Limits) -> Self {
        Self::with_clock(limits, DefaultClock::default())
    }
}

impl<C: Clock + Clone> Attempts<C> {
    fn with_clock(limits: &Limits, clock: C) -> Self {
        let accounts = quota(limits.sign_in_attempts);
        let clients = quota(limits.sign_in_attempts_per_client);
        Self {
            accounts: RateLimiter::new(accounts, DashMapStateStore::default(), clock.clone()),
            clients: RateLimiter::new(clients, DashMapStateStore::default(), clock.clone()),
            clock,
            counted: AtomicU32::new(0),
        }
    }

    /// Counts an attempt.
    ///
    /// # Errors
    /// [`AppError::TooManyRequests`], with when the next attempt is free.
    pub fn count(&self, client: IpAddr, email: &str) -> Result<(), AppError> {
        if self.counted.fetch_add(1, Ordering::Relaxed) >= SWEEP {
            self.counted.store(0, Ordering::Relaxed);
            self.accounts.retain_recent();
            self.clients.retain_recent();
        }
        let client = network(client);
        // The client first: so one client adds no more accounts than it has attempts.
        let refused = self
            .clients
            .check_key(&client)
            .and_then(|()| self.accounts.check_key(&account(client, email)));
        refused.map_err(|until| {
            let wait = until.wait_time_from(self.clock.now());
            let seconds = u32::try_from(wait.as_millis().div_ceil(1000)).unwrap_or(u32::MAX).max(1);
            AppError::TooManyRequests { message: message(seconds), retry_after_s: seconds }
        })
    }

    /// How many clients and accounts are remembered.
    #[cfg(test)]
    fn remembered(&self) -> usize {
        self.accounts.len() + self.clients.len()
    }
}

fn quota(attempts: NonZeroU32) -> Quota {
    let each = (WINDOW / attempts.get()).max(Duration::from_nanos(1));
    Quota::with_period(each).unwrap_or(Quota::per_second(attempts)).allow_burst(attempts)
}

/// What belongs to one client: of IPv6, a whole network, for one home has as many addresses.
fn network(client: IpAddr) -> IpAddr {
    match client {
        IpAddr::V4(_) => client,
        IpAddr::V6(address) => {
            let network = u128::from(address) & !u128::from(u64::MAX);
            IpAddr::V6(Ipv6Addr::from(network))
        }
    }
}

fn account(client: IpAddr, email: &str) -> Account {
    let email = email.trim().to_lowercase();
    Sha256::digest(format!("{client} {email}")).into()
}

fn message(seconds: u32) -> String {
    let wait = match seconds {
        1 => "a second".to_owned(),
        2..120 => format!("{seconds} seconds"),
        _ => format!("{} minutes", seconds.div_ceil(60)),
    };
    format!("There were too many attempts to sign in. Try again in {wait}.")
}

#[cfg(test)]
mod tests {
    use governor::clock::FakeRelativeClock;

    use super::*;
    use crate::server::configuration::Configuration;

    const HERE: &str = "192.0.2.1";
    const ELSEWHERE: &str = "192.0.2.2";

    fn attempts(account: u32, client: u32) -> (Attempts<FakeRelativeClock>, FakeRelativeClock) {
        let mut limits = Configuration::load(None, []).unwrap().studio.limits;
        limits.sign_in_attempts = NonZeroU32::new(account).unwrap();
        limits.sign_in_attempts_per_client = NonZeroU32::new(client).unwrap();
        let clock = FakeRelativeClock::default();
        (Attempts::with_clock(&limits, clock.clone()), clock)
    }

    fn wait(attempts: &Attempts<FakeRelativeClock>, client: &str, email: &str) -> Option<u32> {
        attempts.count(client.parse().unwrap(), email).err().map(|error| {
            assert!(matches!(error, AppError::TooManyRequests { .. }), "{error:?}");
            error.retry_after_s().unwrap()
        })
    }

    #[test]
    fn who_tries_too_often_waits_and_nobody_else_does() {
        let (attempts, clock) = attempts(3, 100);
        for _ in 0..3 {
            assert_eq!(wait(&attempts, HERE, "ana@example.com"), None);
        }
        assert_eq!(wait(&attempts, HERE, " Ana@Example.com"), Some(100));
        assert_eq!(wait(&attempts, HERE, "ole@example.com"), None);
        assert_eq!(wait(&attempts, ELSEWHERE, "ana@example.com"), None);
        clock.advance(Duration::from_secs(100));
        assert_eq!(wait(&attempts, HERE, "ana@example.com"), None);
        assert_eq!(wait(&attempts, HERE, "ana@example.com"), Some(100));
    }

    #[test]
    fn one_client_cannot_try_all_accounts() {
        let (attempts, _) = attempts(10, 3);
        for number in 0..3 {
            assert_eq!(wait(&attempts, HERE, &format!("{number}@example.com")), None);
        }
        assert_eq!(wait(&attempts, HERE, "new@example.com"), Some(100));
        assert_eq!(wait(&attempts, ELSEWHERE, "new@example.com"), None);
    }

    #[test]
    fn an_ipv6_network_is_one_client() {
        let (attempts, _) = attempts(10, 1);
        assert_eq!(wait(&attempts, "2001:db8::1", "a@example.com"), None);
        assert!(wait(&attempts, "2001:db8::2", "b@example.com").is_some());
        assert_eq!(wait(&attempts, "2001:db8:0:1::1", "a@example.com"), None);
    }

    #[test]
    fn what_counts_no_more_is_forgotten() {
        let (attempts, clock) = attempts(2, 2);
        for number in 0..100_u32 {
            for round in 0..20_u8 {
                let address = format!("10.{round}.0.{number}");
                assert_eq!(wait(&attempts, &address, "ana@example.com"), None);
            }
            clock.advance(Duration::from_secs(300));
        }
        assert!(attempts.remembered() < 1200, "{}", attempts.remembered());
    }
}
