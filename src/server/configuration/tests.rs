//! What a configuration is made of, and how faults in it are named.

use std::collections::BTreeSet;

use leptos::config::Env;

use super::*;

const MANIFEST_DIR: &str = env!("CARGO_MANIFEST_DIR");

fn environment_of(variables: &[(&str, &str)]) -> BTreeMap<String, String> {
    variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn from_file(text: &str) -> Result<Configuration, ConfigurationError> {
    Configuration::combine(Some(("Leptos.toml", text)), &BTreeMap::new())
}

fn from_environment(variables: &[(&str, &str)]) -> Result<Configuration, ConfigurationError> {
    Configuration::combine(None, &environment_of(variables))
}

fn fault(outcome: Result<Configuration, ConfigurationError>) -> String {
    outcome.unwrap_err().to_string()
}

fn shipped(file: &str) -> toml::Table {
    fs::read_to_string(Path::new(MANIFEST_DIR).join(file)).unwrap().parse().unwrap()
}

#[test]
fn defaults_serve_this_machine_only() {
    let Configuration { leptos, studio } = from_environment(&[]).unwrap();

    assert_eq!(leptos.site_addr.to_string(), "127.0.0.1:3000");
    assert_eq!(&*leptos.output_name, "studio");
    assert_eq!(&*leptos.site_root, "target/site");
    assert_eq!(leptos.env, Env::PROD);
    assert_eq!(leptos.reload_external_port, None);
    assert_eq!(
        studio,
        Studio {
            data_dir: PathBuf::from("data"),
            speech_program: PathBuf::from("espeak-ng"),
            speech_time: Duration::from_secs(120),
            database_url: "sqlite://data/studio.db".to_owned(),
            session_lifetime: Duration::from_secs(14 * 24 * 3600),
            secure_cookies: false,
            log: "info".to_owned(),
            heartbeat: Duration::from_secs(15),
            log_poll: Duration::from_millis(500),
            ring_events: 4096,
            queue_events: 256,
            streams: 10_000,
            streams_per_user: 16,
            import_bytes: 16 * 1024 * 1024,
            jobs: 2,
            job_lease: Duration::from_secs(30),
            log_days: 30,
            log_rows: 1_000_000,
            limits: Limits {
                body_bytes: 262_144,
                address_bytes: 8192,
                head_bytes: 32_768,
                request: Duration::from_secs(30),
                sign_in_attempts: NonZeroU32::new(10).unwrap(),
                sign_in_attempts_per_client: NonZeroU32::new(100).unwrap(),
                project_streams: NonZeroU32::new(60).unwrap(),
            },
            drain: Duration::from_secs(8),
            cors_origins: Vec::new(),
            log_format: LogFormat::Text,
            trusted_proxy: false,
        }
    );
}

#[test]
fn settings_are_told_apart_and_each_has_a_variable_of_its_own() {
    let keys: BTreeSet<_> = setting::ALL.iter().map(|s| s.key).collect();
    assert_eq!(keys.len(), setting::ALL.len());
    let variables: Vec<_> = setting::ALL.iter().flat_map(|s| s.variables).collect();
    let distinct: BTreeSet<_> = variables.iter().collect();
    assert_eq!(distinct.len(), variables.len());

    for setting in setting::ALL.iter().filter(|setting| setting.table == "studio") {
        let own = format!("STUDIO_{}", setting.key.to_uppercase().replace('-', "_"));
        assert!(setting.variables.contains(&own.as_str()), "{own} is missing");
    }
}

#[test]
fn shipped_file_equals_the_defaults() {
    let file = Path::new(MANIFEST_DIR).join(DEFAULT_FILE);
    let shipped_file = Configuration::load(Some(&file), []).unwrap();
    assert_eq!(format!("{shipped_file:?}"), format!("{:?}", from_environment(&[]).unwrap()));

    let tables = shipped(DEFAULT_FILE);
    for setting in setting::ALL.iter().filter(|setting| setting.default.is_some()) {
        let value = tables[setting.table].get(setting.key);
        assert!(value.is_some(), "[{}] {} is not in the file", setting.table, setting.key);
    }
}

#[test]
fn shipped_file_agrees_with_what_the_site_is_built_with() {
    let file = shipped(DEFAULT_FILE);
    let manifest = shipped("Cargo.toml");
    let built = manifest["package"]["metadata"]["leptos"].as_table().unwrap();

    let mut shared = Vec::new();
    for (key, value) in file["leptos"].as_table().unwrap() {
        if let Some(other) = built.get(key) {
            assert_eq!(value, other, "{key} differs");
            shared.push(key.as_str());
        }
    }
    shared.sort_unstable();
    assert_eq!(
        shared,
        ["hash-files", "output-name", "reload-port", "site-addr", "site-pkg-dir", "site-root"]
    );
}

#[test]
fn environment_wins_over_the_file() {
    let text = r#"
        [leptos]
        site-addr = "127.0.0.1:4000"
        site-root = "site"
        [studio]
        data-dir = "/var/lib/studio"
        session-lifetime = "3d"
        heartbeat-seconds = 5
    "#;
    let env = environment_of(&[
        ("LEPTOS_SITE_ADDR", "[::1]:5000"),
        ("STUDIO_SESSION_LIFETIME", "90m"),
        ("PATH", "/usr/bin"),
    ]);
    let Configuration { leptos, studio } =
        Configuration::combine(Some(("Leptos.toml", text)), &env).unwrap();

    assert_eq!(leptos.site_addr.to_string(), "[::1]:5000");
    assert_eq!(&*leptos.site_root, "site");
    assert_eq!(studio.session_lifetime, Duration::from_secs(90 * 60));
    assert_eq!(studio.heartbeat, Duration::from_secs(5));
    assert_eq!(studio.database_url, "sqlite:///var/lib/studio/studio.db");
}

#[test]
fn variables_of_cargo_leptos_are_no_fault() {
    let configuration = from_environment(&[
        ("LEPTOS_WATCH", "true"),
        ("LEPTOS_LIB_DIR", "."),
        ("LEPTOS_HASH_FILES", "true"),
        ("LEPTOS_HASH_FILE_NAME", "hashes.txt"),
        ("LEPTOS_RELOAD_PORT", "4001"),
    ])
    .unwrap();
    assert!(configuration.leptos.hash_files);
    assert_eq!(&*configuration.leptos.hash_file, "hashes.txt");
    assert_eq!(configuration.leptos.reload_port, 4001);
}

#[test]
fn database_url_is_found_in_either_variable() {
    let own = ("STUDIO_DATABASE_URL", "sqlite://own.db");
    let usual = ("DATABASE_URL", "sqlite://usual.db");
    let url = |env: &[_]| from_environment(env).unwrap().studio.database_url;
    assert_eq!(url(&[own]), "sqlite://own.db");
    assert_eq!(url(&[own, usual]), "sqlite://usual.db");
    for postgres in ["postgres://studio@db/studio", "postgresql:///studio?host=/run/postgresql"] {
        assert_eq!(url(&[("DATABASE_URL", postgres)]), postgres);
    }
}

#[test]
fn data_directory_is_escaped_in_the_url() {
    let configuration = from_environment(&[("STUDIO_DATA_DIR", "/my data?/50%")]).unwrap();
    assert_eq!(configuration.studio.database_url, "sqlite:///my%20data%3F/50%25/studio.db");
}

#[test]
fn cookies_are_secure_unless_the_site_is_on_loopback() {
    let secure = |env: &[_]| from_environment(env).unwrap().studio.secure_cookies;
    assert!(!secure(&[("LEPTOS_SITE_ADDR", "[::ffff:127.0.0.1]:3000")]));
    assert!(secure(&[("LEPTOS_SITE_ADDR", "0.0.0.0:3000")]));
    assert!(secure(&[("STUDIO_SECURE_COOKIES", "true")]));
    assert!(!secure(&[("LEPTOS_SITE_ADDR", "0.0.0.0:3000"), ("STUDIO_SECURE_COOKIES", "false")]));
    assert!(from_file("[studio]\nsecure-cookies = true").unwrap().studio.secure_cookies);
}

#[test]
fn a_session_lasts_days_hours_minutes_or_seconds() {
    let lifetime = |text: &str| {
        let loaded = from_environment(&[("STUDIO_SESSION_LIFETIME", text)]);
        loaded.ok().map(|loaded| loaded.studio.session_lifetime.as_secs())
    };
    for (text, seconds) in
        [("1s", 1), ("30m", 1800), ("8h", 28_800), ("14d", 1_209_600), ("3650d", 315_360_000)]
    {
        assert_eq!(lifetime(text), Some(seconds), "{text}");
    }
    for text in
        ["", "d", "14", "0s", "-1d", "1.5h", "3651d", "999999999999s", "1w", "1 d", "1\u{b5}"]
    {
        assert_eq!(lifetime(text), None, "{text}");
    }
}

#[test]
fn unknown_names_are_refused_with_a_hint() {
    assert_eq!(
        fault(from_file("[studio]\nsesion-lifetime = 3")),
        "Leptos.toml: [studio] sesion-lifetime is not a setting; did you mean session-lifetime?"
    );
    assert_eq!(
        fault(from_file("[leptos]\nsession-lifetime = 3")).split(';').next(),
        Some("Leptos.toml: [leptos] session-lifetime is not a setting")
    );
    assert_eq!(
        fault(from_file("[server]\nport = 3")),
        "Leptos.toml: [server] is not a setting; there are: leptos, studio"
    );
    assert_eq!(
        fault(from_environment(&[("STUDIO_LGO", "debug")])),
        "STUDIO_LGO is not a setting; did you mean STUDIO_LOG?"
    );
    let listed = fault(from_environment(&[("STUDIO_COLOUR", "red")]));
    for setting in setting::ALL.iter().filter(|setting| setting.table == "studio") {
        let own = setting.variables.last().unwrap();
        assert!(listed.contains(own), "{own} is not in {listed:?}");
    }
    assert!(listed.contains(FILE_VARIABLE));
}

#[test]
fn bad_values_are_refused_where_they_are() {
    for (text, message) in [
        (
            "[studio]\nlog-days = 0",
            "Leptos.toml: [studio] log-days = 0: expected a whole number of days, 1 to 3650",
        ),
        (
            "[studio]\nlog-days = \"14\"",
            "Leptos.toml: [studio] log-days = \"14\": expected a whole number of days, 1 to 3650",
        ),
        (
            "[studio]\nsession-lifetime = \"0h\"",
            "Leptos.toml: [studio] session-lifetime = 0h: \
             expected a time such as 14d, 8h, 30m or 90s, up to 3650d",
        ),
        (
            "[studio]\ndata-dir = \"\"",
            "Leptos.toml: [studio] data-dir = \"\": expected a directory",
        ),
        ("studio = 1", "Leptos.toml: [studio] = 1: expected a table"),
        ("[leptos]\nenv = \"test\"", "Leptos.toml: [leptos] env = test: expected PROD or DEV"),
    ] {
        assert_eq!(fault(from_file(text)), message);
    }
    for (name, value, message) in [
        (
            "LEPTOS_SITE_ADDR",
            "localhost",
            "LEPTOS_SITE_ADDR = localhost: expected an address and a port, such as 127.0.0.1:3000",
        ),
        (
            "STUDIO_SECURE_COOKIES",
            "yes",
            "STUDIO_SECURE_COOKIES = yes: expected auto, true or false",
        ),
        (
            "STUDIO_LOG",
            "studio=loud",
            "STUDIO_LOG = studio=loud: \
             expected a tracing filter such as info or warn,studio=debug",
        ),
    ] {
        assert_eq!(fault(from_environment(&[(name, value)])), message);
    }
}

#[test]
fn origins_are_written_as_browsers_write_them() {
    let read = |text: &str| from_environment(&[("STUDIO_CORS_ORIGINS", text)]);
    let two = "https://a.example, http://localhost:8080";
    assert_eq!(
        read(two).unwrap().studio.cors_origins,
        ["https://a.example", "http://localhost:8080"]
    );
    let in_file = from_file("[studio]\ncors-origins = [\"https://a.example\"]").unwrap();
    assert_eq!(in_file.studio.cors_origins, ["https://a.example"]);
    for text in ["*", "null", "a.example", "https://a.example/", "https://A.example", "https://"] {
        assert!(read(text).is_err(), "{text}");
    }
}

#[test]
fn a_refused_url_does_not_show_its_password() {
    assert_eq!(
        fault(from_environment(&[("DATABASE_URL", "mysql://ops:hunter2@db/studio")])),
        "DATABASE_URL = mysql://…: expected a URL such as \
         sqlite://data/studio.db or postgres://studio@localhost/studio"
    );
}

#[test]
fn only_the_default_file_may_be_missing() {
    let missing = Path::new("/nonexistent/Leptos.toml");
    let named = fault(Configuration::load(Some(missing), []));
    assert!(named.starts_with("cannot read /nonexistent/Leptos.toml: "), "{named}");

    let env = environment_of(&[(FILE_VARIABLE, "/nonexistent/other.toml")]);
    let by_variable = fault(Configuration::load(None, env));
    assert!(by_variable.starts_with("cannot read /nonexistent/other.toml: "), "{by_variable}");
}

#[test]
fn a_file_that_is_not_toml_is_refused_with_its_line() {
    let message = fault(from_file("[studio]\nlog = info"));
    assert!(message.starts_with("Leptos.toml is not valid TOML: "), "{message}");
    assert!(message.contains("line 2"), "{message}");
}
