//! [`Tab`]: a page's worth of the engine's own client without a browser: its connection and its
//! cache, over real HTTP.
//!
//! Owns what `highwater::client` does with fetch, timers and signals, and checks at each step what
//! must always hold: no row is missed or told twice, and nothing older is shown than before.

mod reports;

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::Duration,
};

use futures::{
    FutureExt, StreamExt,
    future::BoxFuture,
    stream::{BoxStream, FuturesUnordered},
};
use highwater::{Answer as Answered, Cursor, FetchFailed, Query, Stamped, frame::Frame};
use highwater_core::{
    Pos,
    backoff::Backoff,
    cache::{self, Cache, EntryId, Ticket},
    connection::{self, Connection, Settings, StreamId},
    entry::{Definition, Erased},
};
use reqwest::Method;
use serde_json::{Value, json};
use studio::{
    live::StudioEvent,
    orders::{
        live::{OrderDetail, OrderList},
        model::{Order, OrderFilter, OrderId, OrderPage},
    },
};
use tokio::time::Instant;

use self::reports::{Report, reports};
use crate::client::Client;

/// What is waited for comes long before this.
const DEADLINE: Duration = Duration::from_secs(60);

/// Quick retries, and it never gives up: the user would press "Reconnect".
const BACKOFF: Backoff = Backoff { base_ms: 20, max_ms: 200, jitter_ms: 50 };

/// A page that shows some orders and the first page of the list.
pub struct Tab {
    client: Client,
    started: Instant,
    connection: Connection,
    cache: Cache<StudioEvent>,
    stream: Option<(StreamId, BoxStream<'static, Report>)>,
    fetches: FuturesUnordered<BoxFuture<'static, Fetched>>,
    connection_wake: Option<Instant>,
    cache_wake: Option<Instant>,
    details: BTreeMap<OrderId, EntryId>,
    list: EntryId,
    /// The version of each order that each entry showed last.
    shown: HashMap<(EntryId, OrderId), u64>,
    /// Every row up to here was told.
    last: Option<Cursor>,
    /// The log was said to have no row between these places.
    gaps: Vec<(Pos, Pos)>,
    /// How often the stream was opened, and how often it could not be continued.
    pub connects: u32,
    pub resets: u32,
}

type Fetched = (EntryId, Ticket, Result<Stamped<Erased>, FetchFailed>);

impl Tab {
    /// A tab that shows these orders; it does nothing before [`run`](Self::run).
    pub fn new(client: Client, orders: &[OrderId], seed: u64) -> Self {
        let settings = Settings { backoff: BACKOFF, max_attempts: u32::MAX, ..Settings::default() };
        let mut cache = Cache::new(BACKOFF);
        let list = cache.open(0, Definition::of(&OrderList(OrderFilter::default())));
        let opened = orders.iter().map(|id| {
            let entry = cache.open(0, Definition::of(&OrderDetail(id.clone())));
            (id.clone(), entry)
        });
        let details: BTreeMap<_, _> = opened.collect();
        let mut tab = Self {
            client,
            started: Instant::now(),
            connection: Connection::new(settings, seed),
            cache,
            stream: None,
            fetches: FuturesUnordered::new(),
            connection_wake: None,
            cache_wake: None,
            list,
            shown: HashMap::new(),
            last: None,
            gaps: Vec::new(),
            connects: 0,
            resets: 0,
            details: details.clone(),
        };
        tab.connect(connection::Input::Open { after: None });
        for entry in details.into_values().chain([list]) {
            tab.handle(cache::Input::Mount(entry));
        }
        tab
    }

    /// Runs until everything up to a place, once it is known, is shown.
    pub async fn run(&mut self, end: impl Future<Output = Cursor>) {
        let mut end = std::pin::pin!(end.fuse());
        let (mut target, mut deadline) = (None, None);
        while !target.as_ref().is_some_and(|head| self.shows_all(head)) {
            let day = Instant::now() + Duration::from_secs(24 * 3600);
            let wakes = [self.connection_wake, self.cache_wake, deadline];
            let wake = wakes.into_iter().flatten().min().unwrap_or(day);
            tokio::select! {
                head = &mut end, if target.is_none() => {
                    target = Some(head);
                    deadline = Some(Instant::now() + DEADLINE);
                }
                report = next(&mut self.stream) => self.report(report),
                Some((entry, ticket, result)) = self.fetches.next() => {
                    self.handle(cache::Input::Fetched(entry, ticket, result));
                }
                () = tokio::time::sleep_until(wake) => self.time(),
            }
            let late = deadline.is_some_and(|deadline| deadline <= Instant::now());
            assert!(!late, "{:?} of {target:?}: {:?}", self.last, self.connection.status());
        }
    }

    /// The machine goes to sleep: its connection is gone, and nobody is told.
    pub fn sleep(&mut self) {
        if let Some((stream, _)) = self.stream.take() {
            self.connect(connection::Input::Ended(stream, "asleep".into()));
        }
    }

    /// What it shows of an order.
    pub fn order(&self, id: &OrderId) -> Order {
        self.view::<OrderDetail>(self.details[id]).unwrap()
    }

    /// What it shows of the list.
    pub fn page(&self) -> OrderPage {
        self.view::<OrderList>(self.list).unwrap()
    }

    /// Every row is for this tab. None of them may lie between two that were told one after the other.
    pub fn missed_none_of(&self, rows: &[Cursor]) {
        for (from, to) in &self.gaps {
            let missed = rows.iter().find(|row| (from..to).contains(&&row.at) && row.at != *from);
            assert_eq!(missed, None, "between {from:?} and {to:?}");
        }
    }

    fn view<Q: Query>(&self, entry: EntryId) -> Option<Q::Value>
    where
        Q::Refusal: std::fmt::Debug,
    {
        let value = self.cache.view(entry)?;
        Some(value.downcast_ref::<Answered<Q>>().unwrap().clone().unwrap())
    }

    fn shows_all(&self, head: &Cursor) -> bool {
        let current = |entry: &EntryId| {
            let status = self.cache.status(*entry);
            self.cache.view(*entry).is_some() && !status.fetching && !status.stale
        };
        self.cache.through().is_some_and(|through| through.reaches(head))
            && self.details.values().chain([&self.list]).all(current)
    }

    fn now_ms(&self) -> u64 {
        self.started.elapsed().as_millis().try_into().unwrap()
    }

    fn time(&mut self) {
        let now = Instant::now();
        if self.connection_wake.take_if(|wake| *wake <= now).is_some() {
            self.connect(connection::Input::Time);
        }
        if self.cache_wake.take_if(|wake| *wake <= now).is_some() {
            self.handle(cache::Input::Time);
        }
    }

    /// Gives the connection an input and carries out what follows.
    fn connect(&mut self, input: connection::Input) {
        use connection::Command;
        for command in self.connection.handle(self.now_ms(), input) {
            match command {
                Command::Connect { stream, after } => {
                    let path = "/api/events?collapse=1";
                    let request = self.client.request(Method::GET, path);
                    let after = after.map(|after| after.to_string());
                    let request = match after {
                        Some(after) => request.header("Last-Event-ID", after),
                        None => request,
                    };
                    self.stream = Some((stream, reports(request)));
                }
                Command::Abort(stream) => {
                    drop(self.stream.take_if(|(open, _)| *open == stream));
                }
                Command::CheckSession | Command::SignIn => panic!("the session is over"),
                Command::Poll => panic!("it gave up"),
                Command::Wake { in_ms } => {
                    self.connection_wake = Some(Instant::now() + Duration::from_millis(in_ms));
                }
                Command::Changed => {}
            }
        }
    }

    /// Gives the cache an input and carries out what follows.
    fn handle(&mut self, input: cache::Input<StudioEvent>) {
        use cache::Command;
        for command in self.cache.handle(self.now_ms(), input) {
            match command {
                Command::Fetch { entry, ticket, min } => {
                    let detail = self.details.iter().find(|(_, shown)| **shown == entry);
                    let client = self.client.clone();
                    let fetch = match detail.map(|(id, _)| id.clone()) {
                        Some(id) => {
                            let arguments = json!({ "id": id, "min": min });
                            fetch::<OrderDetail>(client, "/api/fn/get_order", arguments).boxed()
                        }
                        None => {
                            let filter = OrderFilter::default();
                            let arguments = json!({ "filter": filter, "min": min });
                            fetch::<OrderList>(client, "/api/fn/list_orders", arguments).boxed()
                        }
                    };
                    self.fetches.push(fetch.map(move |result| (entry, ticket, result)).boxed());
                }
                Command::Notify(entries) => entries.into_iter().for_each(|entry| self.see(entry)),
                Command::Wake { in_ms } => {
                    self.cache_wake = Some(Instant::now() + Duration::from_millis(in_ms));
                }
                Command::Send(_) | Command::Dropped(_) | Command::Polled { .. } => {
                    panic!("{command:?}")
                }
            }
        }
    }

    fn report(&mut self, (stream, report): (StreamId, Report)) {
        use connection::Input;
        if matches!(report, Report::Refused { .. } | Report::Ended(_)) {
            self.stream = None;
        }
        match report {
            Report::Opened => self.connect(Input::Opened(stream)),
            Report::Received => self.connect(Input::Received(stream)),
            Report::Retry(ms) => self.connect(Input::RetryHint(stream, ms)),
            Report::Refused { status, retry_after_ms } => {
                self.connect(Input::Refused { stream, status, retry_after_ms });
            }
            Report::Ended(why) => self.connect(Input::Ended(stream, why)),
            Report::Message(message) => {
                let frame = Frame::<StudioEvent>::decode(&message);
                self.hear(&frame);
                let position = match &frame {
                    Frame::Connected { at, .. } | Frame::Reset { at } => {
                        Input::Connected(stream, at.clone())
                    }
                    Frame::Event { at, .. } | Frame::Stale { upto: at, .. } => {
                        Input::Delivered(stream, at.clone())
                    }
                    Frame::Ping { upto, checked_ms } => {
                        Input::Complete(stream, upto.clone(), *checked_ms)
                    }
                    Frame::Ephemeral { .. } => Input::Heard(stream),
                    Frame::Access { .. } | Frame::End { .. } | Frame::Unknown { .. } => {
                        panic!("{frame:?}")
                    }
                };
                self.handle(cache::Input::Frame(frame));
                self.connect(position);
            }
        }
    }

    /// Every row is for this tab, so that each must come once, and in order. What lies between them is
    /// for [`missed_none_of`](Self::missed_none_of).
    fn hear(&mut self, frame: &Frame<StudioEvent>) {
        let told = self.last.as_ref().map(|last| last.at);
        match frame {
            Frame::Connected { at, .. } => {
                assert!(told.is_none_or(|told| told == at.at), "{frame:?} after {told:?}");
                self.connects += 1;
                self.last = Some(at.clone());
            }
            Frame::Event { at, .. } => {
                assert!(told.is_some_and(|told| told < at.at), "told twice: {frame:?}");
                self.gaps.extend(told.map(|told| (told, at.at)));
                self.last = Some(at.clone());
            }
            Frame::Stale { upto, .. } => {
                assert!(told.is_some_and(|told| told < upto.at), "{frame:?} after {told:?}");
                self.last = Some(upto.clone());
            }
            Frame::Ping { upto, .. } => {
                assert!(told.is_some_and(|told| told <= upto.at), "{frame:?} after {told:?}");
                // A row at that place was missed as well.
                let after = Pos { minor: upto.at.minor + 1, ..upto.at };
                self.gaps.extend(told.map(|told| (told, after)));
                self.last = Some(upto.clone());
            }
            Frame::Reset { at } => {
                self.resets += 1;
                self.last = Some(at.clone());
            }
            Frame::Ephemeral { .. } => {}
            Frame::Access { .. } | Frame::End { .. } | Frame::Unknown { .. } => {
                panic!("{frame:?}")
            }
        }
    }

    /// What an entry shows now is nowhere older than what it showed before.
    fn see(&mut self, entry: EntryId) {
        let versions: Vec<(OrderId, u64)> = if entry == self.list {
            let page = self.view::<OrderList>(entry);
            let rows = page.into_iter().flat_map(|page| page.rows);
            rows.map(|row| (row.id, row.version)).collect()
        } else {
            let order = self.view::<OrderDetail>(entry);
            order.into_iter().map(|order| (order.id, order.version)).collect()
        };
        for (id, version) in versions {
            let before = self.shown.insert((entry, id.clone()), version);
            assert!(before <= Some(version), "{id} went from {before:?} back to {version}");
        }
    }
}

/// The next report of the open stream; never, while there is none.
async fn next(stream: &mut Option<(StreamId, BoxStream<'static, Report>)>) -> (StreamId, Report) {
    let Some((id, reports)) = stream else {
        return std::future::pending().await;
    };
    (*id, reports.next().await.unwrap())
}

/// Asks a server function.
async fn fetch<Q: Query>(
    client: Client,
    path: &'static str,
    arguments: Value,
) -> Result<Stamped<Erased>, FetchFailed> {
    let failed = |message: String| FetchFailed { message };
    let asked = client.attempt(Method::POST, path, |request| request.json(&arguments)).await;
    let answer = asked.map_err(|error| failed(error.to_string()))?;
    if answer.status != 200 {
        return Err(failed(answer.text));
    }
    let Stamped { value, as_of }: Stamped<Answered<Q>> =
        serde_json::from_str(&answer.text).unwrap();
    let value: Erased = Arc::new(value);
    Ok(Stamped { value, as_of })
}
