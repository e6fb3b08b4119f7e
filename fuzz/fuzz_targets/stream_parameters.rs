//! Whatever a query string and a `Last-Event-ID` say, a stream is asked for in a way that can be
//! written down and read again, or refused; a position alone is never refused.

#![no_main]

use http::{HeaderMap, HeaderValue, Uri};
use libfuzzer_sys::fuzz_target;
use studio::{live::EVENT_TYPES, server::streams::Asked};

/// The first line is the header, the rest the query string.
fuzz_target!(|request: &str| {
    let (last_event_id, query) = request.split_once('\n').unwrap_or(("", request));
    let mut headers = HeaderMap::new();
    if let Ok(value) = HeaderValue::from_bytes(last_event_id.as_bytes()) {
        headers.insert("last-event-id", value);
    }
    let position = |address: &str| {
        let address = Uri::try_from(address).expect("an address");
        Asked::read(&address, &headers).expect("a position is never refused").after
    };
    let header = position("/api/events");
    assert_eq!(header.is_some(), headers.get("last-event-id").is_some_and(|id| !id.is_empty()));

    let after = serde_urlencoded::to_string([("after", query)]).expect("text can be encoded");
    let beside = position(&format!("/api/events?{after}"));
    match &header {
        Some(_) => assert_eq!(beside, header, "the header wins"),
        None => assert_eq!(beside.is_some(), !query.is_empty()),
    }

    let Ok(address) = Uri::try_from(format!("/api/events?{query}")) else { return };
    match Asked::read(&address, &headers) {
        Ok(asked) => again(&asked, &headers),
        Err(error) => assert!([400, 422].contains(&error.status()), "{error}"),
    }
});

/// What was understood can be said in one way, and is then understood as the same.
fn again(asked: &Asked, headers: &HeaderMap) {
    let mut parameters = Vec::new();
    if let Some(types) = &asked.types {
        assert!(!types.is_empty() && types.iter().all(|name| EVENT_TYPES.contains(&&**name)));
        let types: Vec<&str> = types.iter().map(String::as_str).collect();
        parameters.push(("types", types.join(",")));
    }
    match &asked.after {
        Some(Ok(cursor)) => parameters.push(("after", cursor.to_string())),
        Some(Err(_)) => parameters.push(("after", "nonsense".to_owned())),
        None => {}
    }
    if asked.collapse {
        parameters.push(("collapse", "1".to_owned()));
    }
    let query = serde_urlencoded::to_string(parameters).expect("text can be encoded");
    let address = Uri::try_from(format!("/api/events?{query}")).expect("an address");
    let again = Asked::read(&address, headers).expect("what was understood is understood");
    assert_eq!((&again.types, again.collapse), (&asked.types, asked.collapse));
    // Why a position means nothing is no matter.
    let known = |asked: &Asked| asked.after.clone().map(Result::ok);
    assert_eq!(known(&again), known(asked));
}
