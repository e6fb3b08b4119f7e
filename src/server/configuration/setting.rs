//! The settings that there are: table and key in the file, variables in the environment, default,
//! and what an error says they take. It must not know what a setting means to the server.

/// The tables of the file.
pub(super) const TABLES: [&str; 2] = ["leptos", "studio"];

/// One setting.
pub(super) struct Setting {
    pub(super) table: &'static str,
    pub(super) key: &'static str,
    /// The first that is set wins.
    pub(super) variables: &'static [&'static str],
    pub(super) default: Option<&'static str>,
    /// What it takes, for an error.
    pub(super) expected: &'static str,
    form: Form,
}

/// How a setting is written in TOML.
enum Form {
    Text,
    Number,
    Switch,
    TextOrSwitch,
    /// Texts; in the environment, with commas between them.
    List,
}

impl Setting {
    /// A TOML value as the environment would have it, or `None` if it has the wrong form.
    pub(super) fn text_of(&self, value: &toml::Value) -> Option<String> {
        match (&self.form, value) {
            (Form::Text | Form::TextOrSwitch, toml::Value::String(text)) => Some(text.clone()),
            (Form::Number, toml::Value::Integer(number)) => Some(number.to_string()),
            (Form::Switch | Form::TextOrSwitch, toml::Value::Boolean(on)) => Some(on.to_string()),
            (Form::List, toml::Value::Array(items)) => {
                let items: Option<Vec<&str>> = items.iter().map(toml::Value::as_str).collect();
                items.map(|items| items.join(","))
            }
            _ => None,
        }
    }
}

/// The name among `known` that `name` is at most two slips away from.
pub(super) fn nearest(
    name: &str,
    known: impl Iterator<Item = &'static str>,
) -> Option<&'static str> {
    known
        .map(|candidate| (distance(name, candidate), candidate))
        .filter(|(slips, _)| *slips <= 2)
        .min()
        .map(|(_, candidate)| candidate)
}

/// How many letters have to be added, removed or replaced to make `a` into `b`.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.chars().enumerate() {
            let replaced = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[row.len() - 1]
}

macro_rules! settings {
    ($($name:ident = [$table:literal] $key:literal, $variables:expr, $form:ident, $default:expr,
        $expected:literal;)*) => {
        $(pub(super) const $name: Setting = Setting {
            table: $table,
            key: $key,
            variables: &$variables,
            default: $default,
            expected: $expected,
            form: Form::$form,
        };)*

        /// Every setting.
        pub(super) const ALL: &[Setting] = &[$($name),*];
    };
}

settings! {
    OUTPUT_NAME = ["leptos"] "output-name", ["LEPTOS_OUTPUT_NAME"], Text, Some("studio"),
        "the name of the built wasm, JavaScript and CSS files";
    SITE_ROOT = ["leptos"] "site-root", ["LEPTOS_SITE_ROOT"], Text, Some("target/site"),
        "the directory of the built site";
    SITE_PKG_DIR = ["leptos"] "site-pkg-dir", ["LEPTOS_SITE_PKG_DIR"], Text, Some("pkg"),
        "the directory of the built files in the site";
    SITE_ADDR = ["leptos"] "site-addr", ["LEPTOS_SITE_ADDR"], Text, Some("127.0.0.1:3000"),
        "an address and a port, such as 127.0.0.1:3000";
    ENV = ["leptos"] "env", ["LEPTOS_ENV"], Text, Some("PROD"), "PROD or DEV";
    RELOAD_PORT = ["leptos"] "reload-port", ["LEPTOS_RELOAD_PORT"], Number, Some("3001"),
        "a port, 1 to 65535";
    RELOAD_EXTERNAL_PORT = ["leptos"] "reload-external-port", ["LEPTOS_RELOAD_EXTERNAL_PORT"],
        Number, None, "a port, 1 to 65535";
    RELOAD_WS_PROTOCOL = ["leptos"] "reload-ws-protocol", ["LEPTOS_RELOAD_WS_PROTOCOL"], Text,
        Some("ws"), "ws or wss";
    NOT_FOUND_PATH = ["leptos"] "not-found-path", ["LEPTOS_NOT_FOUND_PATH"], Text, Some("/404"),
        "the path of a page";
    HASH_FILE = ["leptos"] "hash-file", ["LEPTOS_HASH_FILE_NAME"], Text, Some("hash.txt"),
        "the name of the file that lists the hashes";
    HASH_FILES = ["leptos"] "hash-files", ["LEPTOS_HASH_FILES"], Switch, Some("false"),
        "true or false";

    DATA_DIR = ["studio"] "data-dir", ["STUDIO_DATA_DIR"], Text, Some("data"), "a directory";
    SPEECH_PROGRAM = ["studio"] "speech-program", ["STUDIO_SPEECH_PROGRAM"], Text,
        Some("espeak-ng"), "the name or the path of a program";
    SPEECH_SECONDS = ["studio"] "speech-seconds", ["STUDIO_SPEECH_SECONDS"], Number, Some("120"),
        "a whole number of seconds, 1 to 600";
    DATABASE_URL = ["studio"] "database-url", ["DATABASE_URL", "STUDIO_DATABASE_URL"], Text, None,
        "a URL such as sqlite://data/studio.db or postgres://studio@localhost/studio";
    SESSION_LIFETIME = ["studio"] "session-lifetime", ["STUDIO_SESSION_LIFETIME"], Text,
        Some("14d"), "a time such as 14d, 8h, 30m or 90s, up to 3650d";
    SECURE_COOKIES = ["studio"] "secure-cookies", ["STUDIO_SECURE_COOKIES"], TextOrSwitch,
        Some("auto"), "auto, true or false";
    LOG = ["studio"] "log", ["STUDIO_LOG"], Text, Some("info"),
        "a tracing filter such as info or warn,studio=debug";
    HEARTBEAT_SECONDS = ["studio"] "heartbeat-seconds", ["STUDIO_HEARTBEAT_SECONDS"], Number,
        Some("15"), "a whole number of seconds, 1 to 15";
    LOG_POLL_MS = ["studio"] "log-poll-ms", ["STUDIO_LOG_POLL_MS"], Number, Some("500"),
        "a whole number of milliseconds, 10 to 60000";
    RING_EVENTS = ["studio"] "ring-events", ["STUDIO_RING_EVENTS"], Number, Some("4096"),
        "a whole number of events, 1 to 1000000";
    IMPORT_KIB = ["studio"] "import-kib", ["STUDIO_IMPORT_KIB"], Number, Some("16384"),
        "a whole number of KiB, 1 to 1048576";
    JOBS = ["studio"] "jobs", ["STUDIO_JOBS"], Number, Some("2"),
        "a whole number of jobs, 1 to 1000";
    JOB_LEASE_SECONDS = ["studio"] "job-lease-seconds", ["STUDIO_JOB_LEASE_SECONDS"], Number,
        Some("30"), "a whole number of seconds, 5 to 600";
    QUEUE_EVENTS = ["studio"] "queue-events", ["STUDIO_QUEUE_EVENTS"], Number, Some("256"),
        "a whole number of events, 1 to 65536";
    STREAMS = ["studio"] "streams", ["STUDIO_STREAMS"], Number, Some("10000"),
        "a whole number of streams, 1 to 1000000";
    STREAMS_PER_USER = ["studio"] "streams-per-user", ["STUDIO_STREAMS_PER_USER"], Number,
        Some("16"), "a whole number of streams, 1 to 1000000";
    LOG_DAYS = ["studio"] "log-days", ["STUDIO_LOG_DAYS"], Number, Some("30"),
        "a whole number of days, 1 to 3650";
    LOG_ROWS = ["studio"] "log-rows", ["STUDIO_LOG_ROWS"], Number, Some("1000000"),
        "a whole number of rows, 1000 to 1000000000";
    BODY_KIB = ["studio"] "body-kib", ["STUDIO_BODY_KIB"], Number, Some("256"),
        "a whole number of KiB, 1 to 65536";
    ADDRESS_KIB = ["studio"] "address-kib", ["STUDIO_ADDRESS_KIB"], Number, Some("8"),
        "a whole number of KiB, 1 to 32";
    HEAD_KIB = ["studio"] "head-kib", ["STUDIO_HEAD_KIB"], Number, Some("32"),
        "a whole number of KiB, 1 to 256";
    REQUEST_SECONDS = ["studio"] "request-seconds", ["STUDIO_REQUEST_SECONDS"], Number,
        Some("30"), "a whole number of seconds, 1 to 600";
    SIGN_IN_ATTEMPTS = ["studio"] "sign-in-attempts", ["STUDIO_SIGN_IN_ATTEMPTS"], Number,
        Some("10"), "a whole number of attempts, 1 to 1000000";
    SIGN_IN_ATTEMPTS_PER_CLIENT = ["studio"] "sign-in-attempts-per-client",
        ["STUDIO_SIGN_IN_ATTEMPTS_PER_CLIENT"], Number, Some("100"),
        "a whole number of attempts, 1 to 1000000";
    PROJECT_STREAMS_PER_MINUTE = ["studio"] "project-streams-per-minute",
        ["STUDIO_PROJECT_STREAMS_PER_MINUTE"], Number, Some("60"),
        "a whole number of streams, 1 to 1000000";
    DRAIN_SECONDS = ["studio"] "drain-seconds", ["STUDIO_DRAIN_SECONDS"], Number, Some("8"),
        "a whole number of seconds, 1 to 60";
    CORS_ORIGINS = ["studio"] "cors-origins", ["STUDIO_CORS_ORIGINS"], List, Some(""),
        "origins such as https://app.example.com";
    LOG_FORMAT = ["studio"] "log-format", ["STUDIO_LOG_FORMAT"], Text, Some("text"),
        "text or json";
    TRUSTED_PROXY = ["studio"] "trusted-proxy", ["STUDIO_TRUSTED_PROXY"], Switch, Some("false"),
        "true or false";
}
