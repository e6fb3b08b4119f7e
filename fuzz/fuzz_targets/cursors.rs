//! Any text is a cursor, an epoch or a mutation id in its one canonical form, or refused.

#![no_main]

use std::{fmt::Display, str::FromStr};

use highwater_core::{Cursor, Epoch, MutationId};
use libfuzzer_sys::fuzz_target;
use serde::{Serialize, de::DeserializeOwned};

fuzz_target!(|text: &str| {
    if let Some(cursor) = canonical::<Cursor>(text) {
        assert!(cursor.reaches(&cursor));
        assert!(text.len() <= Epoch::MAX_LEN + 42, "two numbers of 20 digits and two dots");
    }
    canonical::<MutationId>(text);
    if let Ok(epoch) = Epoch::new(text) {
        assert_eq!(epoch.as_str(), text);
        let end = Cursor::new(epoch.clone(), u64::MAX, u64::MAX);
        assert_eq!(end.to_string().parse(), Ok(end.clone()));
        assert!(end.reaches(&Cursor::new(epoch, 0, 0)));
    }
});

/// What `text` reads as, if anything. Written again it is the same text, also as JSON.
fn canonical<T>(text: &str) -> Option<T>
where
    T: FromStr + Display + Serialize + DeserializeOwned + PartialEq + std::fmt::Debug,
{
    let value: Option<T> = text.parse().ok();
    let json = serde_json::to_string(text).expect("a text has a JSON");
    assert_eq!(serde_json::from_str::<T>(&json).ok(), value);
    if let Some(value) = &value {
        assert_eq!(value.to_string(), text);
        assert_eq!(serde_json::to_string(value).expect("it has a JSON"), json);
    }
    value
}
