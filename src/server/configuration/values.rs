//! What the file and the environment gave for each setting, and reading it as what it means.
//! Every refusal is made here, and names the place that the value came from.

use std::{
    collections::BTreeMap,
    fmt,
    net::SocketAddr,
    num::NonZeroU32,
    path::{Path, PathBuf},
    str::FromStr,
    time::Duration,
};

use axum::http::HeaderValue;
use leptos::config::{Env, LeptosOptions, ReloadWSProtocol};

use super::{
    ConfigurationError, FILE_VARIABLE, Limits, LogFormat, Studio,
    setting::{self, Setting},
};

/// What was given for each setting, by its key, and where. The later source replaces the earlier.
#[derive(Default)]
pub(super) struct Values {
    given: BTreeMap<&'static str, (Place, String)>,
}

impl Values {
    pub(super) fn add_file(&mut self, file: &str, text: &str) -> Result<(), ConfigurationError> {
        let tables: toml::Table = text
            .parse()
            .map_err(|cause| ConfigurationError::Malformed { file: file.to_owned(), cause })?;
        for (table, keys) in &tables {
            let place = Place::File { file: file.to_owned(), table: table.clone(), key: None };
            if !setting::TABLES.contains(&table.as_str()) {
                return Err(place.unknown(table, setting::TABLES.iter().copied()));
            }
            let Some(keys) = keys.as_table() else {
                return Err(place.refused(&keys.to_string(), "a table"));
            };
            for (key, value) in keys {
                let place = Place::File {
                    file: file.to_owned(),
                    table: table.clone(),
                    key: Some(key.clone()),
                };
                let known = || setting::ALL.iter().filter(|setting| setting.table == table);
                let Some(setting) = known().find(|setting| setting.key == key) else {
                    return Err(place.unknown(key, known().map(|setting| setting.key)));
                };
                match setting.text_of(value) {
                    Some(text) => self.given.insert(setting.key, (place, text)),
                    None => return Err(place.refused(&value.to_string(), setting.expected)),
                };
            }
        }
        Ok(())
    }

    pub(super) fn add_environment(
        &mut self,
        env: &BTreeMap<String, String>,
    ) -> Result<(), ConfigurationError> {
        let studio = || {
            let variables = setting::ALL.iter().flat_map(|setting| setting.variables);
            variables.copied().filter(|name| name.starts_with("STUDIO_")).chain([FILE_VARIABLE])
        };
        for name in env.keys().filter(|name| name.starts_with("STUDIO_")) {
            if !studio().any(|known| known == name) {
                return Err(Place::Variable(name.clone()).unknown(name, studio()));
            }
        }
        for setting in setting::ALL {
            let set = setting.variables.iter().find_map(|name| env.get_key_value(*name));
            if let Some((name, value)) = set {
                let place = Place::Variable(name.clone());
                self.given.insert(setting.key, (place, value.clone()));
            }
        }
        Ok(())
    }

    /// What a setting was given, read by `parse`; `None` if it was not given and has no default.
    fn optional<T>(
        &self,
        setting: &Setting,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, ConfigurationError> {
        match self.given.get(setting.key) {
            Some((place, text)) => match parse(text) {
                Some(value) => Ok(Some(value)),
                None => Err(place.refused(text, setting.expected)),
            },
            None => Ok(setting.default.and_then(parse)),
        }
    }

    /// As [`optional`](Self::optional), for a setting that has a default.
    fn get<T>(
        &self,
        setting: &Setting,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<T, ConfigurationError> {
        self.optional(setting, parse)?.ok_or_else(|| {
            Place::Default(setting.key).refused(setting.default.unwrap_or(""), setting.expected)
        })
    }

    /// The `[leptos]` table.
    pub(super) fn leptos(&self) -> Result<LeptosOptions, ConfigurationError> {
        Ok(LeptosOptions::builder()
            .output_name(self.get(&setting::OUTPUT_NAME, text)?)
            .site_root(self.get(&setting::SITE_ROOT, text)?)
            .site_pkg_dir(self.get(&setting::SITE_PKG_DIR, text)?)
            .site_addr(self.get(&setting::SITE_ADDR, parsed::<SocketAddr>)?)
            .env(self.get(&setting::ENV, environment)?)
            .reload_port(self.get(&setting::RELOAD_PORT, port)?)
            .reload_external_port(self.optional(&setting::RELOAD_EXTERNAL_PORT, port)?)
            .reload_ws_protocol(self.get(&setting::RELOAD_WS_PROTOCOL, reload_protocol)?)
            .not_found_path(self.get(&setting::NOT_FOUND_PATH, text)?.into())
            .hash_file(self.get(&setting::HASH_FILE, text)?.into())
            .hash_files(self.get(&setting::HASH_FILES, parsed::<bool>)?)
            .build())
    }

    /// The `[studio]` table; the site's address decides what "auto" means for cookies.
    pub(super) fn studio(&self, site_addr: SocketAddr) -> Result<Studio, ConfigurationError> {
        let data_dir = PathBuf::from(self.get(&setting::DATA_DIR, text)?);
        let database_url = self
            .optional(&setting::DATABASE_URL, database_url)?
            .unwrap_or_else(|| database_in(&data_dir));
        let loopback = site_addr.ip().to_canonical().is_loopback();
        Ok(Studio {
            database_url,
            session_lifetime: self.get(&setting::SESSION_LIFETIME, lifetime)?,
            secure_cookies: self.get(&setting::SECURE_COOKIES, |text| match text {
                "auto" => Some(!loopback),
                text => parsed(text),
            })?,
            log: self.get(&setting::LOG, log_filter)?,
            heartbeat: Duration::from_secs(
                self.get(&setting::HEARTBEAT_SECONDS, within(1, 15))?.into(),
            ),
            log_poll: Duration::from_millis(
                self.get(&setting::LOG_POLL_MS, within(10, 60_000))?.into(),
            ),
            ring_events: self.get(&setting::RING_EVENTS, within(1, 1_000_000))?,
            queue_events: self.get(&setting::QUEUE_EVENTS, within(1, 65_536))?,
            streams: self.get(&setting::STREAMS, within(1, 1_000_000))?,
            import_bytes: self.get(&setting::IMPORT_KIB, within(1, 1024 * 1024))? as usize * 1024,
            jobs: self.get(&setting::JOBS, within(1, 1000))?,
            job_lease: Duration::from_secs(
                self.get(&setting::JOB_LEASE_SECONDS, within(5, 600))?.into(),
            ),
            streams_per_user: self.get(&setting::STREAMS_PER_USER, within(1, 1_000_000))?,
            log_days: self.get(&setting::LOG_DAYS, within(1, 3650))?,
            log_rows: self.get(&setting::LOG_ROWS, within(1000, 1_000_000_000))?,
            limits: self.limits()?,
            drain: Duration::from_secs(self.get(&setting::DRAIN_SECONDS, within(1, 60))?.into()),
            cors_origins: self.get(&setting::CORS_ORIGINS, origins)?,
            log_format: self.get(&setting::LOG_FORMAT, log_format)?,
            trusted_proxy: self.get(&setting::TRUSTED_PROXY, parsed)?,
            data_dir,
            speech_program: self.get(&setting::SPEECH_PROGRAM, text)?.into(),
            speech_time: Duration::from_secs(
                self.get(&setting::SPEECH_SECONDS, within(1, 600))?.into(),
            ),
        })
    }

    fn limits(&self) -> Result<Limits, ConfigurationError> {
        let kib = |setting, most| Ok(self.get(setting, within(1, most))? as usize * 1024);
        Ok(Limits {
            body_bytes: kib(&setting::BODY_KIB, 65_536)?,
            address_bytes: kib(&setting::ADDRESS_KIB, 32)?,
            head_bytes: kib(&setting::HEAD_KIB, 256)?,
            request: Duration::from_secs(
                self.get(&setting::REQUEST_SECONDS, within(1, 600))?.into(),
            ),
            sign_in_attempts: self.get(&setting::SIGN_IN_ATTEMPTS, attempts)?,
            sign_in_attempts_per_client: self
                .get(&setting::SIGN_IN_ATTEMPTS_PER_CLIENT, attempts)?,
            project_streams: self.get(&setting::PROJECT_STREAMS_PER_MINUTE, attempts)?,
        })
    }
}

/// Where a value came from, as an error names it.
enum Place {
    Default(&'static str),
    File { file: String, table: String, key: Option<String> },
    Variable(String),
}

impl Place {
    fn unknown(
        &self,
        name: &str,
        known: impl Iterator<Item = &'static str> + Clone,
    ) -> ConfigurationError {
        let hint = match setting::nearest(name, known.clone()) {
            Some(nearest) => format!("did you mean {nearest}?"),
            None => format!("there are: {}", known.collect::<Vec<_>>().join(", ")),
        };
        ConfigurationError::Unknown { place: self.to_string(), hint }
    }

    fn refused(&self, value: &str, expected: &'static str) -> ConfigurationError {
        let value = match value.split_once("://") {
            Some((scheme, _)) => format!("{scheme}://…"),
            None if value.is_empty() => "\"\"".to_owned(),
            None => value.to_owned(),
        };
        ConfigurationError::Value { place: self.to_string(), value, expected }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default(key) => write!(f, "the default of {key}"),
            Self::File { file, table, key: None } => write!(f, "{file}: [{table}]"),
            Self::File { file, table, key: Some(key) } => write!(f, "{file}: [{table}] {key}"),
            Self::Variable(name) => f.write_str(name),
        }
    }
}

fn text(text: &str) -> Option<String> {
    (!text.trim().is_empty()).then(|| text.to_owned())
}

fn parsed<T: FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}

fn within(least: u32, most: u32) -> impl Fn(&str) -> Option<u32> {
    move |text| parsed(text).filter(|number| (least..=most).contains(number))
}

/// A whole number of days, hours, minutes or seconds, from one second to ten years.
fn lifetime(text: &str) -> Option<Duration> {
    const DAY: u32 = 24 * 3600;
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let unit = match unit {
        "d" => DAY,
        "h" => 3600,
        "m" => 60,
        "s" => 1,
        _ => return None,
    };
    let number = within(1, 3650 * DAY / unit)(number)?;
    Some(Duration::from_secs((number * unit).into()))
}

fn attempts(text: &str) -> Option<NonZeroU32> {
    within(1, 1_000_000)(text).and_then(NonZeroU32::new)
}

fn port(text: &str) -> Option<u32> {
    within(1, u16::MAX.into())(text)
}

fn environment(text: &str) -> Option<Env> {
    Env::try_from(text.to_owned()).ok()
}

fn reload_protocol(text: &str) -> Option<ReloadWSProtocol> {
    ReloadWSProtocol::try_from(text.to_owned()).ok()
}

fn log_filter(text: &str) -> Option<String> {
    tracing_subscriber::EnvFilter::builder().parse(text).ok().map(|_| text.to_owned())
}

fn log_format(text: &str) -> Option<LogFormat> {
    match text {
        "text" => Some(LogFormat::Text),
        "json" => Some(LogFormat::Json),
        _ => None,
    }
}

/// Origins as browsers write them: scheme, host and, unless it is the scheme's own, port.
fn origins(text: &str) -> Option<Vec<HeaderValue>> {
    let each = text.split(',').map(str::trim).filter(|origin| !origin.is_empty());
    each.map(|origin| {
        let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"))?;
        let strange = |c: char| !(c.is_ascii_graphic()) || "/?#@*\\".contains(c);
        let plain = !host.is_empty() && !host.contains(strange) && origin == origin.to_lowercase();
        plain.then(|| HeaderValue::from_str(origin).ok()).flatten()
    })
    .collect()
}

fn database_url(text: &str) -> Option<String> {
    let of = |scheme| text.strip_prefix(scheme).is_some_and(|rest: &str| !rest.is_empty());
    let known = ["sqlite://", "postgres://", "postgresql://"].into_iter().any(of);
    (known || text == "sqlite::memory:").then(|| text.to_owned())
}

/// The URL of `studio.db` in a directory whose name may hold what means something in a URL.
fn database_in(data_dir: &Path) -> String {
    let mut url = String::from("sqlite://");
    for byte in data_dir.join("studio.db").as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' | b'~' => {
                url.push(char::from(*byte));
            }
            byte => url.push_str(&format!("%{byte:02X}")),
        }
    }
    url
}
