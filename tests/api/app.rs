//! [`TestApp`]: a running server with a database of its own.

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use highwater::Cursor;
use studio::{
    account::{
        model::Role,
        service::{self, NewAccount},
    },
    jobs::work::Work,
    orders::import::{self, Report, Source},
    server::{
        configuration::{Configuration, Studio},
        http,
        state::AppState,
    },
};
use time::OffsetDateTime;
use tokio::{net::TcpListener, runtime::Runtime, sync::OnceCell};

use crate::{
    client::Client,
    database::{Template, TestDatabase, newest_row, on_postgres, rows_after},
};

/// The password of every account.
pub const PASSWORD: &str = "a long password";
/// Staff.
pub const OPS: &str = "ops@example.com";
/// Staff as well.
pub const OLE: &str = "ole@example.com";
/// A member.
pub const ANA: &str = "ana@example.com";
/// A coach.
pub const CARLA: &str = "carla@example.com";
/// A member as well.
pub const BEN: &str = "ben@example.com";
/// A coach as well.
pub const COREY: &str = "corey@example.com";
/// An admin.
pub const ADMIN: &str = "admin@example.com";

const ACCOUNTS: [(&str, Role); 7] = [
    (OPS, Role::Staff),
    (OLE, Role::Staff),
    (ANA, Role::Member),
    (CARLA, Role::Coach),
    (ADMIN, Role::Admin),
    (BEN, Role::Member),
    (COREY, Role::Coach),
];

/// Often enough that a test which waits for a ping does not wait for long.
const HEARTBEAT: Duration = Duration::from_millis(50);

/// On PostgreSQL the transactions of other tests decide when a row may be read, and ring no bell here.
const LOG_POLL: Duration = Duration::from_millis(20);

/// The database with all accounts and the Northwind orders, made once for all tests.
static NORTHWIND: OnceCell<Template> = OnceCell::const_new();

/// A running server. It is killed when dropped, and its files are removed with the last server
/// that uses them.
pub struct TestApp {
    /// Its state, as its handlers have it.
    pub state: AppState,
    url: String,
    shape: Shape,
    /// Everything the server runs: its tasks end with it, wherever they are.
    runtime: Option<Runtime>,
}

/// How a server is started; a second one with the same shape has the same database.
#[derive(Clone)]
struct Shape {
    database: Arc<TestDatabase>,
    adjust: Arc<dyn Fn(&mut Studio) + Send + Sync>,
    /// What does jobs besides the slices.
    works: Vec<Arc<dyn Work>>,
    /// How far its clock is ahead of the real one, in milliseconds.
    ahead_ms: Arc<AtomicI64>,
}

impl TestApp {
    /// With accounts for every role and the Northwind orders.
    pub async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// As [`start`](Self::start), with other settings.
    pub async fn start_with(adjust: impl Fn(&mut Studio) + Send + Sync + 'static) -> Self {
        Self::start_with_works(adjust, Vec::new()).await
    }

    /// As [`start_with`](Self::start_with), with a work that does jobs besides the slices'.
    pub async fn start_with_work(
        adjust: impl Fn(&mut Studio) + Send + Sync + 'static,
        work: Arc<dyn Work>,
    ) -> Self {
        Self::start_with_works(adjust, vec![work]).await
    }

    async fn start_with_works(
        adjust: impl Fn(&mut Studio) + Send + Sync + 'static,
        works: Vec<Arc<dyn Work>>,
    ) -> Self {
        let (database, adjust) = (Arc::new(northwind().await), Arc::new(adjust));
        Self::of(Shape { database, adjust, works, ahead_ms: Arc::default() }).await
    }

    /// Kills the server as it is, with all its connections, and starts another on its database.
    pub async fn restart(self) -> Self {
        let shape = self.shape.clone();
        drop(self);
        Self::of(shape).await
    }

    /// Another server on the same database. Like another process, it shares nothing else.
    pub async fn another(&self) -> Self {
        Self::of(self.shape.clone()).await
    }

    async fn of(shape: Shape) -> Self {
        // One thread: a page of the log is routed whole before any stream writes of it.
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let opened = shape.clone();
        let started = runtime.spawn(async move {
            let state = opened.state().await;
            let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
            let url = format!("http://{}", listener.local_addr().unwrap());
            tokio::spawn(http::serve(state.clone(), listener, std::future::pending()));
            (state, url)
        });
        let (state, url) = started.await.unwrap();
        Self { state, url, shape, runtime: Some(runtime) }
    }

    /// What another server on the same database has, which is not served yet.
    pub async fn another_state(&self) -> AppState {
        self.shape.state().await
    }

    /// Where it listens, without a slash at the end.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Where it keeps what it stores.
    pub fn database(&self) -> &TestDatabase {
        &self.shape.database
    }

    /// The directory that it stores in.
    pub fn data_dir(&self) -> &Path {
        self.database().directory()
    }

    /// Puts its clock ahead of the real one, or behind.
    pub fn set_clock_ahead(&self, by: time::Duration) {
        let ms = i64::try_from(by.whole_milliseconds()).unwrap();
        self.shape.ahead_ms.store(ms, Ordering::SeqCst);
    }

    /// A client that is not signed in.
    pub fn client(&self) -> Client {
        Client::new(&self.url)
    }

    /// A client that is signed in as one of the accounts. Its streams begin after the event that
    /// says so.
    pub async fn sign_in(&self, email: &str) -> Client {
        let client = self.client();
        client.sign_in(email).await.expect_status(200);
        self.settled().await;
        client
    }

    /// Waits until everything in the log has been routed to the streams.
    pub async fn settled(&self) {
        let head = self.head().await;
        while !self.state.live.hub().routed().reaches(&head) {
            tokio::task::yield_now().await;
        }
    }

    /// A program with an API token.
    pub fn with_token(&self, secret: &str) -> Client {
        Client::with_token(&self.url, secret)
    }

    /// The newest row of its log.
    pub async fn head(&self) -> Cursor {
        newest_row(&self.state.db, self.state.live.log()).await
    }

    /// Whether a place is the head: after every row, and not beyond what is known.
    pub async fn is_head(&self, place: &Cursor) -> bool {
        let head = self.state.live.head().await.unwrap();
        head.reaches(place) && self.rows_after(place).await.is_empty()
    }

    /// The rows that the log got since a place.
    pub async fn rows_after(&self, place: &Cursor) -> Vec<Cursor> {
        assert_eq!(self.state.live.head().await.unwrap().epoch, place.epoch);
        rows_after(&self.state.db, place).await
    }

    /// How many those are.
    pub async fn rows_since(&self, place: &Cursor) -> u64 {
        self.rows_after(place).await.len() as u64
    }

    /// Imports new orders with these numbers, in one transaction.
    pub async fn import_orders(&self, numbers: std::ops::Range<u32>) -> Report {
        let directory = tempfile::tempdir().unwrap();
        write_orders(directory.path(), numbers);
        let source = Source::directory(directory.path());
        import::import(&self.state.live, &source, self.state.now(), &mut |_, _| {}).await.unwrap()
    }
}

impl Shape {
    async fn state(&self) -> AppState {
        let mut configuration = configuration(&self.database);
        configuration.studio.heartbeat = HEARTBEAT;
        if on_postgres() {
            configuration.studio.log_poll = LOG_POLL;
        }
        (self.adjust)(&mut configuration.studio);
        let ahead_ms = self.ahead_ms.clone();
        let clock = Arc::new(move || {
            let ahead = time::Duration::milliseconds(ahead_ms.load(Ordering::SeqCst));
            OffsetDateTime::now_utc() + ahead
        });
        AppState::open_with(configuration, clock, self.works.clone()).await.unwrap()
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// The files of new orders with these numbers, each with one line, by one customer.
pub fn write_orders(directory: &Path, numbers: std::ops::Range<u32>) {
    let mut orders = String::from(
        "orderID,customerID,orderDate,shippedDate,shipName,shipAddress,shipCity,shipRegion,\
         shipPostalCode,shipCountry\n",
    );
    let mut lines = String::from("orderID,productID,unitPrice,quantity,discount\n");
    for number in numbers {
        orders += &format!("{number},NEWCO,1999-01-01,NULL,New,1 New St.,Newtown,NULL,NULL,UK\n");
        lines += &format!("{number},1,2.50,2,0\n");
    }
    for (file, content) in [
        ("customers.csv", "customerID,companyName\nNEWCO,New & Co. 100% <new>_\n"),
        ("products.csv", "productID,productName,unitPrice\n1,Chai,18.00\n"),
        ("orders.csv", &orders),
        ("order_details.csv", &lines),
    ] {
        fs::write(directory.join(file), content).unwrap();
    }
}

/// The demo's files.
pub fn northwind_directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("demo/northwind")
}

/// A database with all accounts and the Northwind orders.
pub async fn northwind() -> TestDatabase {
    TestDatabase::copy_of(NORTHWIND.get_or_init(make_northwind).await).await
}

fn configuration(database: &TestDatabase) -> Configuration {
    let site = database.directory().join("site").display().to_string();
    let site = [("LEPTOS_SITE_ROOT", site), ("LEPTOS_SITE_ADDR", "127.0.0.1:0".to_owned())];
    let site = site.map(|(name, value)| (name.to_owned(), value));
    Configuration::load(None, database.settings().into_iter().chain(site)).unwrap()
}

async fn make_northwind() -> Template {
    let database = TestDatabase::empty().await;
    let state = AppState::open(configuration(&database)).await.unwrap();
    for (email, role) in ACCOUNTS {
        let (email, name) = (email.to_owned(), format!("Some {role}"));
        let new = NewAccount { email, name, role, password: PASSWORD.to_owned() };
        service::add_account(&state, new).await.unwrap();
    }
    let source = Source::directory(northwind_directory());
    let report = import::import(&state.live, &source, state.now(), &mut |_, _| {}).await.unwrap();
    assert_eq!((report.orders, report.bad_rows.as_slice()), (830, [].as_slice()));
    drop(state);
    database.into_template().await
}
