//! Files by their content: kept once, under the hash of what is in them.
//!
//! Owns the directory of the files and the agreement that keeps it whole. A file is first written
//! beside the others and then given its name, so that a name always stands for all of it. It gets it
//! in the transaction that writes its row of the table `files`, and loses it while nobody can be at
//! that and no row has it: an upload and the collection of the same content take turns. It must not
//! know who may read a file; whatever refers to it decides that.

mod collect;
#[cfg(test)]
mod tests;

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tempfile::TempPath;
use time::OffsetDateTime;
use tokio::{fs::File, io::AsyncWriteExt, sync::Notify};

use super::store;
use crate::error::AppError;

pub use collect::{collect, collect_forever};

/// Where files are written before they have a name.
const INCOMING: &str = "incoming";

/// The files of one data directory. Servers on the same directory share them.
pub struct Files {
    root: PathBuf,
    /// Rings when something may have become unreferenced.
    unreferenced: Notify,
}

/// The SHA-256 of a file's content, in hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FileHash(String);

/// A file that is being written.
pub struct Writing {
    file: File,
    path: TempPath,
    hash: Sha256,
    bytes: u64,
}

/// A file that is written and has no name yet. Gone when dropped: the name that it may have got
/// stays, and a transaction that is run again finds it still there.
#[derive(Clone)]
pub struct Written {
    path: Arc<TempPath>,
    hash: FileHash,
    bytes: u64,
}

impl Files {
    /// Opens the directory, which is made if it is missing.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn open(root: &Path) -> io::Result<Self> {
        fs::create_dir_all(root.join(INCOMING))?;
        Ok(Self { root: root.to_owned(), unreferenced: Notify::new() })
    }

    /// Begins a file.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn begin(&self) -> Result<Writing, AppError> {
        let file = tempfile::NamedTempFile::new_in(self.root.join(INCOMING)).map_err(failed)?;
        let (file, path) = file.into_parts();
        Ok(Writing { file: File::from_std(file), path, hash: Sha256::new(), bytes: 0 })
    }

    /// Writes a file whole.
    ///
    /// # Errors
    /// When the disk refuses.
    pub async fn write(&self, content: &[u8]) -> Result<Written, AppError> {
        let mut writing = self.begin()?;
        writing.add(content).await?;
        writing.finish().await
    }

    /// Gives a file its name. `conn` must be the transaction of a writer, in which something is made
    /// to refer to it, or soon after: it is kept for an hour in any case.
    ///
    /// # Errors
    /// When the disk or the database refuses.
    pub async fn keep(
        &self,
        conn: &impl ConnectionTrait,
        written: Written,
        now: OffsetDateTime,
    ) -> Result<FileHash, AppError> {
        let Written { path, hash, bytes } = written;
        store::keep_file(conn, &hash, bytes, now).await?;
        let place = self.path(&hash);
        if let Some(directory) = place.parent() {
            fs::create_dir_all(directory).map_err(failed)?;
        }
        // One name stands for one content: what is there already stays, and with it its ETag.
        if !place.exists() {
            fs::hard_link(&*path, place).map_err(failed)?;
        }
        Ok(hash)
    }

    /// The content of a file.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn read(&self, hash: &FileHash) -> Result<Vec<u8>, AppError> {
        tokio::fs::read(self.path(hash)).await.map_err(failed)
    }

    /// Where a file is. Directories stay small: they are named by the first digits.
    pub fn path(&self, hash: &FileHash) -> PathBuf {
        self.root.join(hash.0.get(..2).unwrap_or_default()).join(&hash.0)
    }

    /// Says that something no longer refers to a file. Call it after the commit.
    pub fn released(&self) {
        self.unreferenced.notify_one();
    }
}

impl Writing {
    /// Adds to the file.
    ///
    /// # Errors
    /// When the disk refuses.
    pub async fn add(&mut self, content: &[u8]) -> Result<(), AppError> {
        self.hash.update(content);
        self.bytes += content.len() as u64;
        self.file.write_all(content).await.map_err(failed)
    }

    /// How much was added, in bytes.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Ends the file, which is on the disk then.
    ///
    /// # Errors
    /// When the disk refuses.
    pub async fn finish(mut self) -> Result<Written, AppError> {
        self.file.flush().await.map_err(failed)?;
        self.file.sync_all().await.map_err(failed)?;
        let hash = FileHash(hex::encode(self.hash.finalize()));
        Ok(Written { path: Arc::new(self.path), hash, bytes: self.bytes })
    }
}

impl Written {
    /// How large it is, in bytes.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }
}

impl FileHash {
    /// Takes a hash from the database, or the name of a file.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Its digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn failed(error: io::Error) -> AppError {
    tracing::error!(%error, "a file could not be written or read");
    AppError::Internal
}
