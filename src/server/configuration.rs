//! A deployed server's configuration: built-in defaults, `Leptos.toml` over them, and the
//! environment over both.
//!
//! It owns the list of settings (in `setting`), and where each may come from and how it is read
//! (in `values`). It must not act on any of them: it opens no database, binds no address and
//! reads no environment but the one that it is given, except in `Configuration::from_process`.

mod setting;
#[cfg(test)]
mod tests;
mod values;

use std::{
    collections::BTreeMap,
    fs, io,
    num::NonZeroU32,
    path::{Path, PathBuf},
    time::Duration,
};

use axum::http::HeaderValue;
use leptos::config::LeptosOptions;

use self::values::Values;

/// Where the configuration is looked for when nobody says.
pub const DEFAULT_FILE: &str = "Leptos.toml";

/// The variable that names another file.
pub const FILE_VARIABLE: &str = "STUDIO_CONFIG";

/// Everything that a server is told before it starts.
#[derive(Clone, Debug)]
pub struct Configuration {
    /// The site: its address, and where its files are.
    pub leptos: LeptosOptions,
    /// The application.
    pub studio: Studio,
}

/// The `[studio]` table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Studio {
    /// The directory that holds what the server stores.
    pub data_dir: PathBuf,
    /// The program that speaks, eSpeak NG: its path, or its name if it is in `PATH`.
    pub speech_program: PathBuf,
    /// How long that may take for one text.
    pub speech_time: Duration,
    /// A `sqlite:` or `postgres:` URL; by default `studio.db` in `data_dir`. It says nothing of
    /// creating the file or the directory: whoever opens it does.
    pub database_url: String,
    /// How long a sign-in lasts; whole seconds.
    pub session_lifetime: Duration,
    /// Whether cookies are marked `Secure`; "auto" has been decided by the site's address.
    pub secure_cookies: bool,
    /// A tracing filter that is known to parse.
    pub log: String,
    /// How often an idle stream says that it is alive; whole seconds.
    pub heartbeat: Duration,
    /// How often the head of the change log is read when no doorbell rings.
    pub log_poll: Duration,
    /// How many recent events are kept in memory.
    pub ring_events: u32,
    /// How many events may wait for one subscriber.
    pub queue_events: u32,
    /// How many streams may be open.
    pub streams: u32,
    /// How many of them may belong to one user.
    pub streams_per_user: u32,
    /// The largest upload of an import, in bytes.
    pub import_bytes: usize,
    /// How many jobs run at a time.
    pub jobs: u32,
    /// How long a job stays with a server that gives no sign of life.
    pub job_lease: Duration,
    /// How many days the change log keeps a row, and what was answered to a change.
    pub log_days: u32,
    /// How many rows the change log keeps.
    pub log_rows: u32,
    /// What one client may ask for.
    pub limits: Limits,
    /// How long the server waits for what is open when it is told to stop.
    pub drain: Duration,
    /// The other origins whose pages may use REST and streams.
    pub cors_origins: Vec<HeaderValue>,
    /// How the log is written.
    pub log_format: LogFormat,
    /// Whether requests come through a proxy that adds the client's address to `X-Forwarded-For`.
    pub trusted_proxy: bool,
}

/// How the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// A line of text for each event.
    Text,
    /// A line of JSON for each event.
    Json,
}

/// What one client may ask for before it is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The largest body, in bytes, of an endpoint that sets no limit of its own.
    pub body_bytes: usize,
    /// The longest address of a request (path and query), in bytes.
    pub address_bytes: usize,
    /// The largest head of a request (address and headers), in bytes.
    pub head_bytes: usize,
    /// How long a request may take until its answer begins.
    pub request: Duration,
    /// How often in five minutes one client may try to sign in to one account.
    pub sign_in_attempts: NonZeroU32,
    /// How often in five minutes one client may try to sign in at all.
    pub sign_in_attempts_per_client: NonZeroU32,
    /// How often in a minute one user may open streams of projects.
    pub project_streams: NonZeroU32,
}

/// Why a configuration was refused. Each names where the fault is and what would be right.
#[derive(Debug, thiserror::Error)]
pub enum ConfigurationError {
    /// A file that was asked for, or the default one, exists but cannot be read.
    #[error("cannot read {}: {cause}", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// The file is not TOML.
    #[error("{file} is not valid TOML: {cause}")]
    Malformed {
        /// The file.
        file: String,
        /// Where and why.
        cause: toml::de::Error,
    },
    /// A key, table or variable that means nothing.
    #[error("{place} is not a setting; {hint}")]
    Unknown {
        /// The file and key, or the variable.
        place: String,
        /// The setting that may have been meant, or all that exist.
        hint: String,
    },
    /// A value that its setting cannot have.
    #[error("{place} = {value}: expected {expected}")]
    Value {
        /// The file and key, or the variable.
        place: String,
        /// The value as given; of a URL only its scheme, because the rest may hold a password.
        value: String,
        /// What the setting takes.
        expected: &'static str,
    },
}

impl Configuration {
    /// Reads the file and lays the environment over it.
    ///
    /// The file is `path`, or what `STUDIO_CONFIG` names, or `./Leptos.toml`; only the last may
    /// be missing. `STUDIO_` variables that name no setting are an error, `LEPTOS_` ones are not,
    /// because cargo-leptos sets some for itself.
    ///
    /// # Errors
    ///
    /// The first fault found: in the file, then in the environment, then in the values.
    pub fn load(
        path: Option<&Path>,
        env: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigurationError> {
        let env: BTreeMap<String, String> = env.into_iter().collect();
        let asked = path.map(Path::to_owned).or_else(|| env.get(FILE_VARIABLE).map(PathBuf::from));
        let file = asked.clone().unwrap_or_else(|| PathBuf::from(DEFAULT_FILE));
        let text = match fs::read_to_string(&file) {
            Ok(text) => Some(text),
            Err(cause) if asked.is_none() && cause.kind() == io::ErrorKind::NotFound => None,
            Err(cause) => return Err(ConfigurationError::Unreadable { file, cause }),
        };
        let name = file.display().to_string();
        Self::combine(text.as_deref().map(|text| (name.as_str(), text)), &env)
    }

    /// [`load`](Self::load) with this process's environment. What is not UTF-8 in it is replaced,
    /// so that it is refused where it matters and ignored where it does not.
    ///
    /// # Errors
    ///
    /// As `load`.
    pub fn from_process(path: Option<&Path>) -> Result<Self, ConfigurationError> {
        Self::load(
            path,
            std::env::vars_os().map(|(name, value)| {
                (name.to_string_lossy().into_owned(), value.to_string_lossy().into_owned())
            }),
        )
    }

    /// The pure part of `load`: a file's name and text, and the environment.
    fn combine(
        file: Option<(&str, &str)>,
        env: &BTreeMap<String, String>,
    ) -> Result<Self, ConfigurationError> {
        let mut values = Values::default();
        if let Some((name, text)) = file {
            values.add_file(name, text)?;
        }
        values.add_environment(env)?;

        let leptos = values.leptos()?;
        let studio = values.studio(leptos.site_addr)?;
        Ok(Self { leptos, studio })
    }
}
