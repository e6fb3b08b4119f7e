//! A network between a program and its database, which may lose a connection without telling anybody.
//!
//! Owns what is between the two ends of its connections. It must not know what they say.

use std::sync::Arc;

use sea_orm::sqlx::postgres::PgConnectOptions;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
};

pub struct Network {
    /// The server's URL through it.
    pub url: String,
    /// How often it has lost every connection that there was.
    lost: Arc<watch::Sender<u32>>,
}

impl Network {
    /// Before a server of PostgreSQL on this machine.
    pub async fn before(url: &str) -> Self {
        let server: PgConnectOptions = url.parse().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let lost = Arc::new(watch::Sender::new(0));
        let (there, losses) = (server.get_port(), lost.clone());
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let far = TcpStream::connect(("127.0.0.1", there)).await.unwrap();
                let ((near_in, near_out), (far_in, far_out)) =
                    (near.into_split(), far.into_split());
                tokio::spawn(carry(near_in, far_out, losses.subscribe()));
                tokio::spawn(carry(far_in, near_out, losses.subscribe()));
            }
        });
        Self { url: url.replace(&format!(":{there}/"), &format!(":{port}/")), lost }
    }

    /// From now on nothing arrives that is sent on the connections there are. They are not closed.
    pub fn swallow(&self) {
        self.lost.send_modify(|lost| *lost += 1);
    }
}

async fn carry(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut lost: watch::Receiver<u32>) {
    let mut bytes = [0; 4096];
    loop {
        let read = tokio::select! {
            read = from.read(&mut bytes) => read.unwrap_or(0),
            _ = lost.changed() => break,
        };
        if read == 0 || to.write_all(&bytes[..read]).await.is_err() {
            return;
        }
    }
    // Both ends stay open, and hear nothing of each other.
    while from.read(&mut bytes).await.is_ok_and(|read| read > 0) {}
    std::future::pending().await
}
