//! What the server counts, for Prometheus.
//!
//! Owns the registry of one server and the names of what is no slice's and not the engine's. A
//! label is a route, never an address, so that their number is bounded. It must not know who reads.

use std::{fmt, time::Duration};

use axum::http::{Method, StatusCode};
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{
        counter::Counter,
        family::{Family, MetricConstructor},
        gauge::{ConstGauge, Gauge},
        histogram::{Histogram, exponential_buckets},
        info::Info,
    },
    registry::{Registry, Unit},
};
use sea_orm::{DatabaseConnection, DbBackend};
use time::OffsetDateTime;

use crate::{jobs::metrics::JobMetrics, live::build};

/// The metrics of one server.
pub struct Metrics {
    registry: Registry,
    requests: Family<Answered, Counter>,
    durations: Family<Asked, Histogram, Buckets>,
    sign_ins_refused: Family<Refused, Counter>,
    unpublished: Counter,
    connections: Gauge,
    idle: Gauge,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    route: String,
    /// Such as `2xx`.
    status: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Asked {
    method: &'static str,
    route: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Refused {
    reason: &'static str,
}

/// From 1 ms, doubling, to 16 s.
#[derive(Clone, Copy, Debug)]
struct Buckets;

impl MetricConstructor<Histogram> for Buckets {
    fn new_metric(&self) -> Histogram {
        Histogram::new(exponential_buckets(0.001, 2.0, 15))
    }
}

impl Metrics {
    /// Of a server that starts now, with those of its engine and its jobs.
    pub fn new(
        started: OffsetDateTime,
        engine: &highwater::server::Metrics,
        jobs: &JobMetrics,
    ) -> Self {
        let mut registry = Registry::default();
        engine.register(&mut registry);
        jobs.register(&mut registry);
        let requests = Family::default();
        let durations = Family::new_with_constructor(Buckets);
        let sign_ins_refused = Family::default();
        let unpublished = Counter::default();
        let (connections, idle) = (Gauge::default(), Gauge::default());
        registry.register("http_requests", "Requests that were answered", requests.clone());
        registry.register_with_unit(
            "http_request_duration",
            "Time until an answer began",
            Unit::Seconds,
            durations.clone(),
        );
        registry.register(
            "sign_ins_refused",
            "Attempts to sign in that failed, by reason",
            sign_ins_refused.clone(),
        );
        registry.register(
            "events_unpublished",
            "Events that were to be told by themselves and could not be logged",
            unpublished.clone(),
        );
        registry.register(
            "database_connections",
            "Connections to the database",
            connections.clone(),
        );
        registry.register("database_connections_idle", "Those that nobody uses", idle.clone());
        registry.register_with_unit(
            "process_start_time",
            "When the server started, since the Unix epoch",
            Unit::Seconds,
            ConstGauge::new(started.unix_timestamp()),
        );
        let info = [("version", env!("CARGO_PKG_VERSION").to_owned()), ("wire", build())];
        registry.register("studio_build", "What is running", Info::new(info.to_vec()));
        Self { registry, requests, durations, sign_ins_refused, unpublished, connections, idle }
    }

    /// Counts a request that was answered; of no route, all count as one.
    pub fn request(
        &self,
        method: &Method,
        route: Option<&str>,
        status: StatusCode,
        took: Duration,
    ) {
        let (method, route) = (name_of(method), route.unwrap_or("none").to_owned());
        if method == "POST" && matches!(route.as_str(), "/login" | "/api/v1/session") {
            let reason = match status {
                StatusCode::UNAUTHORIZED => Some("credentials"),
                StatusCode::TOO_MANY_REQUESTS => Some("attempts"),
                _ => None,
            };
            if let Some(reason) = reason {
                self.sign_ins_refused.get_or_create(&Refused { reason }).inc();
            }
        }
        let asked = Asked { method, route: route.clone() };
        self.durations.get_or_create(&asked).observe(took.as_secs_f64());
        self.requests.get_or_create(&Answered { method, route, status: class_of(status) }).inc();
    }

    /// Counts an event that could not be published.
    pub fn publish_failed(&self) {
        self.unpublished.inc();
    }

    /// All of them, as OpenMetrics text.
    ///
    /// # Errors
    /// None that happens: it is written to memory.
    pub fn text(&self, db: &DatabaseConnection) -> Result<String, fmt::Error> {
        let (connections, idle) = connections_of(db);
        self.connections.set(connections.into());
        self.idle.set(i64::try_from(idle).unwrap_or(i64::MAX));
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

/// How many connections there are, and how many of them nobody uses.
fn connections_of(db: &DatabaseConnection) -> (u32, usize) {
    match db.get_database_backend() {
        DbBackend::Postgres => {
            let pool = db.get_postgres_connection_pool();
            (pool.size(), pool.num_idle())
        }
        _ => {
            let pool = db.get_sqlite_connection_pool();
            (pool.size(), pool.num_idle())
        }
    }
}

/// Anybody can invent methods; those that no route knows are one.
fn name_of(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

fn class_of(status: StatusCode) -> &'static str {
    match status.as_u16() / 100 {
        1 => "1xx",
        2 => "2xx",
        3 => "3xx",
        4 => "4xx",
        _ => "5xx",
    }
}
