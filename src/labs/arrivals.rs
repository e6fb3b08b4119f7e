//! Arrivals: how often one user may open streams of projects, and ask for tokens to do so.
//!
//! Owns the counting, in bounded memory. How many may be open at a time, the hub says.

use std::{num::NonZeroU32, time::Duration};

use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
};

use crate::{account::model::UserId, error::AppError};

/// Past how many users those that count no more are forgotten.
const SWEEP: usize = 1024;

/// The arrivals of all users.
pub struct Arrivals {
    clock: DefaultClock,
    users: DefaultKeyedRateLimiter<UserId>,
}

impl Arrivals {
    /// None so far, and so many of one user in a minute at most.
    pub fn new(per_minute: NonZeroU32) -> Self {
        let each = Duration::from_secs(60) / per_minute.get();
        let quota = Quota::with_period(each).unwrap_or(Quota::per_minute(per_minute));
        Self {
            clock: DefaultClock::default(),
            users: RateLimiter::keyed(quota.allow_burst(per_minute)),
        }
    }

    /// Counts one.
    ///
    /// # Errors
    /// [`AppError::TooManyRequests`], with when the next one is free.
    pub fn count(&self, user: UserId) -> Result<(), AppError> {
        if self.users.len() > SWEEP {
            self.users.retain_recent();
        }
        self.users.check_key(&user).map_err(|until| {
            let wait = until.wait_time_from(self.clock.now());
            let retry_after_s = u32::try_from(wait.as_millis().div_ceil(1000)).unwrap_or(60).max(1);
            let message = "You open streams of projects too often. Leave one open.".to_owned();
            AppError::TooManyRequests { message, retry_after_s }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_who_comes_too_often_waits_and_nobody_else_does() {
        let arrivals = Arrivals::new(NonZeroU32::new(3).unwrap());
        for _ in 0..3 {
            assert_eq!(arrivals.count(UserId(1)), Ok(()));
        }
        let refused = arrivals.count(UserId(1)).unwrap_err();
        assert!((1..=20).contains(&refused.retry_after_s().unwrap()), "{refused:?}");
        assert_eq!(arrivals.count(UserId(2)), Ok(()));
    }
}
