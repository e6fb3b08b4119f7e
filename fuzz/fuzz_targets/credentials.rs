//! Whatever stands in `Authorization` and `Cookie`, a request presents a token, a session or
//! nothing: only a secret that stands there, a token before any cookie, and no secret in a log.

#![no_main]

use http::{
    HeaderMap, HeaderValue,
    header::{AUTHORIZATION, COOKIE},
};
use libfuzzer_sys::fuzz_target;
use studio::account::{credentials::Presented, secret::Secret};

/// Each line is a header: `a` and the value of `Authorization`, or `c` and that of `Cookie`.
fuzz_target!(|request: &[u8]| {
    let mut map = HeaderMap::new();
    for line in request.split(|byte| *byte == b'\n') {
        let (name, value) = match line.split_first() {
            Some((b'a', value)) => (AUTHORIZATION, value),
            Some((b'c', value)) => (COOKIE, value),
            _ => continue,
        };
        if let Ok(value) = HeaderValue::from_bytes(value) {
            map.append(name, value);
        }
    }
    let presented = Presented::by(&map);
    let cookies = || map.get_all(COOKIE).iter();
    match &presented {
        Presented::Token(Some(secret)) => {
            assert!(map.get_all(AUTHORIZATION).iter().any(|value| holds(value, secret)));
            let again = alone(AUTHORIZATION, &format!("Bearer hw_{}", secret.reveal()));
            assert_eq!(again, presented);
            kept_to_itself(&presented, secret);
        }
        Presented::Session(secret) => {
            assert!(cookies().any(|value| holds(value, secret)));
            let again = alone(COOKIE, &format!("studio_session={}", secret.reveal()));
            assert_eq!(again, presented);
            kept_to_itself(&presented, secret);
        }
        Presented::Token(None) => assert!(map.contains_key(AUTHORIZATION)),
        Presented::Nothing => {}
    }
    // The cookies are those of somebody who presents no token, and mean nothing beside one.
    map.remove(AUTHORIZATION);
    assert!(!matches!(Presented::by(&map), Presented::Token(_)));
    map.append(AUTHORIZATION, HeaderValue::from_static("Bearer x"));
    assert_eq!(Presented::by(&map), Presented::Token(None));
});

/// What a request with one header presents.
fn alone(name: http::HeaderName, value: &str) -> Presented {
    let value = HeaderValue::from_str(value).expect("digits and letters");
    Presented::by(&HeaderMap::from_iter([(name, value)]))
}

/// Whether a secret's digits stand in a header, in any case. In a cookie they may be
/// percent-encoded, and then stand there in another form.
fn holds(value: &HeaderValue, secret: &Secret) -> bool {
    let text = value.as_bytes().to_ascii_lowercase();
    text.contains(&b'%')
        || text.windows(64).any(|digits| digits == secret.reveal().as_bytes())
}

fn kept_to_itself(presented: &Presented, secret: &Secret) {
    let told = format!("{presented:?} {}", secret.hash());
    assert!(!told.contains(&secret.reveal()));
    assert_eq!(Secret::parse(secret.reveal().as_bytes()).as_ref(), Some(secret));
}
