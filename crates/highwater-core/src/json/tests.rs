//! What is written is read, and what has another shape is refused.

use std::collections::BTreeMap;

use proptest::{collection::vec, option, prelude::*};
use serde::{Deserialize, Serialize};

use super::*;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Id(String);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Plain,
    OneOf(u8),
    Pair(i64, String),
    Named { at: Option<Id> },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Whole {
    large_one: u64,
    signed: i32,
    real: f64,
    truth: bool,
    kinds: Vec<Kind>,
    result: Result<(), Id>,
    by_name: BTreeMap<String, Option<char>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    absent: Option<(u8, Id)>,
    #[serde(flatten)]
    more: More,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct More {
    text: String,
    unit: (),
}

fn kind() -> impl Strategy<Value = Kind> {
    prop_oneof![
        Just(Kind::Plain),
        any::<u8>().prop_map(Kind::OneOf),
        any::<(i64, String)>().prop_map(|(number, text)| Kind::Pair(number, text)),
        option::of(".*").prop_map(|at| Kind::Named { at: at.map(Id) }),
    ]
}

proptest! {
    #[test]
    fn what_serde_json_writes_is_read(
        (large_one, signed, real, truth) in (any::<u64>(), any::<i32>(), -1e9..1e9, any::<bool>()),
        kinds in vec(kind(), 0..4),
        (refusal, text) in (option::of(".*"), ".*"),
        by_name in prop::collection::btree_map(".*", option::of(any::<char>()), 0..4),
        absent in option::of((any::<u8>(), ".*")),
    ) {
        let whole = Whole {
            large_one, signed, real, truth, kinds, by_name,
            result: refusal.map_or(Ok(()), |refusal| Err(Id(refusal))),
            absent: absent.map(|(number, id)| (number, Id(id))),
            more: More { text, unit: () },
        };
        let json = serde_json::to_string(&whole).unwrap();
        prop_assert_eq!(read::<Whole>(&json), serde_json::from_str(&json).map_err(|_| expected("it")));
    }
}

#[test]
fn fields_that_are_not_known_are_passed_over() {
    let json = r#"{"x":[{"y":1}],"text":"t","unit":null,"z":{"a":[]}}"#;
    assert_eq!(read(json), Ok(More { text: "t".to_owned(), unit: () }));
}

#[test]
fn what_has_another_shape_is_refused() {
    for json in
        ["", "{", "null", "[]", "1", r#""x""#, r#"["t",null]"#, "{}", r#"{"text":1,"unit":null}"#]
    {
        assert!(read::<More>(json).is_err(), "{json}");
    }
    for json in [r#""other""#, r#"{"one_of":256}"#, "{}", "7"] {
        assert!(read::<Kind>(json).is_err(), "{json}");
    }
    let missing = read::<More>(r#"{"unit":null}"#).unwrap_err();
    assert_eq!(missing.to_string(), "missing field `text`");
}
