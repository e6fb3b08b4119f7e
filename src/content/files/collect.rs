//! Collection: removing the files that nothing refers to.
//!
//! A file that nobody refers to is left for an hour, because a job may be about to: what it made is
//! kept before the transaction in which its target gets it. Files are removed once it is committed
//! that no row has them: a transaction that came to nothing would have rows of files that are gone.

use std::{
    collections::HashSet,
    fs, io,
    path::Path,
    time::{Duration, SystemTime},
};

use highwater::server::By;
use time::OffsetDateTime;
use tokio::task::spawn_blocking;

use super::{FileHash, Files, INCOMING, failed};
use crate::{
    content::store,
    error::AppError,
    server::state::{AppState, Live},
};

/// How long a file is kept that nothing refers to.
const GRACE: Duration = Duration::from_secs(3600);

/// How often to look for such files when nobody says that there are any.
const PAUSE: Duration = Duration::from_secs(600);

/// Collects for as long as the server runs.
pub async fn collect_forever(state: AppState) {
    loop {
        if let Err(error) = collect(&state.files, &state.live, state.now()).await {
            tracing::warn!(%error, "files could not be collected");
        }
        // A timeout is the other reason to look.
        let _ = tokio::time::timeout(PAUSE, state.files.unreferenced.notified()).await;
    }
}

/// Removes the files that nothing refers to; says how many those were.
///
/// # Errors
/// When the disk or the database refuses.
pub async fn collect(files: &Files, live: &Live, now: OffsetDateTime) -> Result<u64, AppError> {
    let root = files.root.clone();
    let found = spawn_blocking(move || {
        forget_incoming(&root.join(INCOMING))?;
        names_in(&root)
    });
    let found = found.await.map_err(|error| failed(io::Error::other(error)))?.map_err(failed)?;
    let paths: Vec<_> = found.into_iter().map(|hash| (files.path(&hash), hash)).collect();
    let forgotten = live.write::<(), AppError>(By::nobody(), move |write| {
        Box::pin(async move { Ok(store::forget_files(write.tx(), now - GRACE).await?) })
    });
    forgotten.await?;
    let collected = live.write::<u64, AppError>(By::nobody(), move |write| {
        Box::pin(async move {
            store::hold_files(write.tx()).await?;
            let known: HashSet<FileHash> = store::files(write.tx()).await?.into_iter().collect();
            let mut collected = 0;
            for (path, _) in paths.iter().filter(|(_, hash)| !known.contains(hash)) {
                match fs::remove_file(path) {
                    Ok(()) => collected += 1,
                    // Another server on the same directory was faster.
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                    Err(error) => return Err(failed(error)),
                }
            }
            Ok(collected)
        })
    });
    Ok(collected.await?.value)
}

/// The names of all files that have one.
fn names_in(root: &Path) -> io::Result<Vec<FileHash>> {
    let mut names = Vec::new();
    for directory in fs::read_dir(root)? {
        let directory = directory?;
        if directory.file_name() == INCOMING || !directory.file_type()?.is_dir() {
            continue;
        }
        for file in fs::read_dir(directory.path())? {
            names.extend(file?.file_name().into_string().map(FileHash::new));
        }
    }
    Ok(names)
}

/// Removes what was being written when a server was killed.
fn forget_incoming(incoming: &Path) -> io::Result<()> {
    for file in fs::read_dir(incoming)? {
        let file = file?;
        let Ok(metadata) = file.metadata() else { continue };
        let age = SystemTime::now().duration_since(metadata.modified()?).unwrap_or_default();
        if age > GRACE {
            fs::remove_file(file.path())?;
        }
    }
    Ok(())
}
