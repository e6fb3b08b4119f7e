//! Passwords: hashing and checking them with Argon2id.
//!
//! Owns the algorithm (the argon2 crate's defaults, which follow OWASP's: 19 MiB, two passes) and
//! how many of its runs may go on at once. It must not know users, and nothing here is logged.

use std::{num::NonZero, sync::Arc, thread};

use argon2::{
    Argon2,
    password_hash::{self, PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use tokio::{sync::Semaphore, task};

/// The fewest characters that a new password may have.
pub const MIN_PASSWORD_CHARS: u32 = 10;

/// Hashes and checks passwords, outside the threads that serve requests.
#[derive(Clone, Debug)]
pub struct Passwords {
    /// One permit for each run that the machine has a core for. A flood of sign-ins then waits
    /// here, instead of taking 19 MiB for each of the runtime's hundreds of blocking threads.
    runs: Arc<Semaphore>,
}

/// A password could not be hashed or compared: a fault of the server, not a wrong password.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// Argon2 or the source of randomness failed, or a stored hash is not one.
    #[error("Argon2 failed: {0}")]
    Argon2(password_hash::Error),
    /// The run was cut off: the server is shutting down, or it panicked.
    #[error("hashing a password was cut off")]
    CutOff,
}

impl Default for Passwords {
    fn default() -> Self {
        let cores = thread::available_parallelism().map_or(1, NonZero::get);
        Self { runs: Arc::new(Semaphore::new(cores)) }
    }
}

impl Passwords {
    /// The hash to store, as a PHC string with its salt and cost.
    ///
    /// # Errors
    /// [`PasswordError`] when it cannot be made.
    pub async fn hash(&self, password: String) -> Result<String, PasswordError> {
        self.run(move || hash(&password)).await
    }

    /// Whether `password` is the one that `stored` is the hash of.
    ///
    /// Without a stored hash the answer is `false`, and takes as long to find: a hash is made and
    /// thrown away, so that the time does not tell which email addresses have an account.
    ///
    /// # Errors
    /// [`PasswordError`] when it cannot be found out.
    pub async fn matches(
        &self,
        password: String,
        stored: Option<String>,
    ) -> Result<bool, PasswordError> {
        self.run(move || match stored {
            Some(stored) => matches(&password, &stored),
            None => hash(&password).map(|_| false),
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, password_hash::Error> + Send + 'static,
    ) -> Result<T, PasswordError> {
        let permit =
            Arc::clone(&self.runs).acquire_owned().await.map_err(|_| PasswordError::CutOff)?;
        let run = task::spawn_blocking(move || {
            // Moved in, because the run goes on when the caller is dropped.
            let _permit = permit;
            work()
        });
        run.await.map_err(|_| PasswordError::CutOff)?.map_err(PasswordError::Argon2)
    }
}

fn hash(password: &str) -> Result<String, password_hash::Error> {
    Ok(Argon2::default().hash_password(password.as_bytes())?.to_string())
}

fn matches(password: &str, stored: &str) -> Result<bool, password_hash::Error> {
    let stored = PasswordHash::new(stored)?;
    match Argon2::default().verify_password(password.as_bytes(), &stored) {
        Ok(()) => Ok(true),
        Err(password_hash::Error::PasswordInvalid) => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_hash_matches_its_own_password_only() {
        let passwords = Passwords::default();
        let stored = passwords.hash("correct horse".to_owned()).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        for (password, expected) in [("correct horse", true), ("Correct horse", false), ("", false)]
        {
            let found = passwords.matches(password.to_owned(), Some(stored.clone())).await.unwrap();
            assert_eq!(found, expected, "{password:?}");
        }
    }

    #[tokio::test]
    async fn two_hashes_of_one_password_differ() {
        let passwords = Passwords::default();
        let first = passwords.hash("correct horse".to_owned()).await.unwrap();
        assert_ne!(first, passwords.hash("correct horse".to_owned()).await.unwrap());
    }

    #[tokio::test]
    async fn nothing_matches_an_account_that_does_not_exist() {
        assert!(!Passwords::default().matches("anything".to_owned(), None).await.unwrap());
    }

    #[tokio::test]
    async fn a_stored_hash_that_is_none_is_a_fault_and_not_a_wrong_password() {
        let found = Passwords::default().matches("x".to_owned(), Some("plain".to_owned())).await;
        assert!(matches!(found, Err(PasswordError::Argon2(_))), "{found:?}");
    }
}
