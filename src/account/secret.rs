//! Secrets that prove who somebody is: what a session's cookie and an API token carry.
//!
//! Owns how they are made, written and hashed. It must not know what they open. Only the hash is
//! ever stored, and nothing here is logged.

use std::fmt;

use sha2::{Digest, Sha256};

/// 256 random bits, known only to the one they were given to.
///
/// Because they are random, a fast hash without salt keeps them secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret([u8; 32]);

impl Secret {
    /// A new one.
    ///
    /// # Errors
    /// When the system's source of randomness fails.
    pub fn generate() -> Result<Self, getrandom::Error> {
        let mut random = [0; 32];
        getrandom::fill(&mut random)?;
        Ok(Self(random))
    }

    /// Reads 64 hexadecimal digits; `None` for what was never a secret.
    pub fn parse(text: &[u8]) -> Option<Self> {
        let mut random = [0; 32];
        hex::decode_to_slice(text, &mut random).ok()?;
        Some(Self(random))
    }

    /// As 64 hexadecimal digits: for its owner, and for nobody else.
    pub fn reveal(&self) -> String {
        hex::encode(self.0)
    }

    /// Its SHA-256 in hexadecimal digits: what is stored, and looked for.
    pub fn hash(&self) -> String {
        hex::encode(Sha256::digest(self.0))
    }
}

impl fmt::Debug for Secret {
    /// Keeps it out of logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_survives_its_text_and_its_hash_tells_nothing_of_it() {
        let secret = Secret::generate().unwrap();
        let text = secret.reveal();
        assert_eq!(Secret::parse(text.as_bytes()), Some(secret.clone()));
        assert_eq!(secret.hash().len(), 64);
        assert_ne!(secret.hash(), text);
        assert_eq!(format!("{secret:?}"), "Secret(…)");
    }

    #[test]
    fn what_is_no_secret_is_not_looked_up() {
        for text in ["", "12", &"0".repeat(63), &"g".repeat(64), &"0".repeat(66)] {
            assert_eq!(Secret::parse(text.as_bytes()), None, "{text:?}");
        }
    }

    #[test]
    fn two_secrets_differ() {
        assert_ne!(Secret::generate().unwrap(), Secret::generate().unwrap());
    }
}
