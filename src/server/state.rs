//! The state that every request shares.
//!
//! Owns the database, the live log, the settings and the clock of one server. There are no
//! globals: a second server in the same process, as tests start them, has a state of its own.

use std::sync::Arc;

use axum::extract::FromRef;
use highwater::server::{AppWire, ChangeLog, DatabaseLog, HubSettings, Retention};
use leptos::config::LeptosOptions;
use sea_orm::DatabaseConnection;
use time::OffsetDateTime;
use tokio::sync::Semaphore;

use super::{
    configuration::{Configuration, Studio},
    database::{self, DatabaseError, WhenMissing},
    metrics::Metrics,
};
use crate::{
    account::{attempts::Attempts, password::Passwords},
    coaching::{presence::Presence, wire::CoachingWire},
    content::{
        files::Files,
        speech::{Limits, Speaker},
        work::{ContentWork, InfographicWork, VoiceoverWork},
    },
    jobs::{service::Jobs, work::Work},
    labs::{
        arrivals::Arrivals,
        wire::LabsWire,
        work::{GenerationWork, IngestionWork, LabsWork},
    },
    live::{StudioEvent, build},
    orders::{wire::OrdersWire, work::OrderWork},
};

/// The engine on this application's log and events.
pub type Live = highwater::server::Live<DatabaseLog, StudioEvent>;

/// An open transaction, as it reads and is written to.
pub type Tx = <DatabaseLog as ChangeLog>::Tx;

/// An open transaction of [`Live::write`](highwater::server::Live::write).
pub type Write = highwater::server::Write<DatabaseLog>;

/// What tells the time.
pub type Clock = Arc<dyn Fn() -> OffsetDateTime + Send + Sync>;

/// How many exports run at a time: they must leave connections to the others.
const EXPORTS: usize = 2;

/// Where files are, in the data directory.
const FILES: &str = "files";

const DAY_MS: u64 = 24 * 3_600_000;

/// The state. Cheap to clone: every part is shared.
#[derive(Clone)]
pub struct AppState {
    /// The database, for reads that need no stamp and for single statements.
    pub db: DatabaseConnection,
    /// Stamped reads, logged writes, and the hub behind the streams.
    pub live: Live,
    /// Hashing of passwords, within bounds.
    pub passwords: Passwords,
    /// Attempts to sign in, counted.
    pub attempts: Arc<Attempts>,
    /// Openings of streams of projects, counted.
    pub arrivals: Arc<Arrivals>,
    /// What is done in the background.
    pub jobs: Jobs,
    /// The files of the data directory.
    pub files: Arc<Files>,
    /// What it counts.
    pub metrics: Arc<Metrics>,
    /// The settings.
    pub configuration: Arc<Configuration>,
    /// The site, as Leptos's integration wants it.
    pub leptos: LeptosOptions,
    /// Who is in which coaching session right now.
    pub presence: Presence,
    /// What tells the time.
    pub clock: Clock,
    /// Permits for exports, each of which holds a snapshot of the database while it is sent.
    pub exports: Arc<Semaphore>,
}

impl AppState {
    /// Opens the database, which is made if it is missing, brings it up to date, and starts
    /// tailing its log.
    ///
    /// # Errors
    /// [`DatabaseError`] when any of it fails.
    pub async fn open(configuration: Configuration) -> Result<Self, DatabaseError> {
        Self::open_with(configuration, Arc::new(OffsetDateTime::now_utc), Vec::new()).await
    }

    /// As [`open`](Self::open), with another clock, and with works besides those of the slices.
    ///
    /// # Errors
    /// As `open`.
    pub async fn open_with(
        configuration: Configuration,
        clock: Clock,
        works: Vec<Arc<dyn Work>>,
    ) -> Result<Self, DatabaseError> {
        let files = Files::open(&configuration.studio.data_dir.join(FILES));
        let files = files.map_err(DatabaseError::Files)?;
        let db = database::connect(&configuration.studio.database_url, WhenMissing::Create).await?;
        database::migrate(&db).await?;
        let log = DatabaseLog::open(db.clone()).await.map_err(DatabaseError::Log)?;
        let live = Live::start(log, hub_settings(&configuration.studio))
            .await
            .map_err(DatabaseError::Log)?;
        let files = Arc::new(files);
        let content = ContentWork {
            db: db.clone(),
            live: live.clone(),
            files: files.clone(),
            speaker: speaker(&configuration.studio),
            clock: clock.clone(),
        };
        let orders = OrderWork { db: db.clone(), live: live.clone(), clock: clock.clone() };
        let labs = LabsWork { db: db.clone(), live: live.clone(), clock: clock.clone() };
        let mut all: Vec<Arc<dyn Work>> = vec![
            Arc::new(IngestionWork(labs.clone())),
            Arc::new(GenerationWork(labs)),
            Arc::new(VoiceoverWork(content.clone())),
            Arc::new(InfographicWork(content.clone())),
            Arc::new(content),
            Arc::new(orders),
        ];
        all.extend(works);
        let jobs = Jobs::new(all);
        let metrics = Arc::new(Metrics::new(clock(), live.hub().metrics(), jobs.metrics()));
        Ok(Self {
            db,
            live,
            jobs,
            passwords: Passwords::default(),
            files,
            metrics,
            attempts: Arc::new(Attempts::new(&configuration.studio.limits)),
            arrivals: Arc::new(Arrivals::new(configuration.studio.limits.project_streams)),
            leptos: configuration.leptos.clone(),
            configuration: Arc::new(configuration),
            clock,
            presence: Presence::default(),
            exports: Arc::new(Semaphore::new(EXPORTS)),
        })
    }

    /// The time, to the millisecond: as it is stored, so that what is answered or recorded is what
    /// a read answers.
    pub fn now(&self) -> OffsetDateTime {
        (self.clock)().truncate_to_millisecond()
    }
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.leptos.clone()
    }
}

fn speaker(studio: &Studio) -> Speaker {
    let limits = Limits { time: studio.speech_time, ..Limits::default() };
    Speaker::new(&studio.speech_program, limits)
}

fn hub_settings(studio: &Studio) -> HubSettings<StudioEvent> {
    HubSettings {
        wires: vec![
            Arc::new(AppWire),
            Arc::new(OrdersWire),
            Arc::new(CoachingWire),
            Arc::new(LabsWire),
        ],
        build: build(),
        poll: studio.log_poll,
        heartbeat: studio.heartbeat,
        ring: studio.ring_events as usize,
        queue: studio.queue_events as usize,
        streams: studio.streams as usize,
        streams_per_owner: studio.streams_per_user as usize,
        retention: Some(Retention {
            max_age_ms: u64::from(studio.log_days) * DAY_MS,
            max_rows: studio.log_rows.into(),
        }),
        ..HubSettings::default()
    }
}
