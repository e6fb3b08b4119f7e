//! How many files this process may have open: each connection is one.
//!
//! Owns raising the system's limit, which is often 1,024 until a process asks for more. It must not
//! decide how many streams there are; the configuration does.

use std::io;

/// What is open beside the streams: the database's files, and connections of other requests.
const BESIDE_STREAMS: u64 = 1024;

/// Makes room for so many streams, as far as the system lets this process. What is missing is told
/// in the log, because connections beyond the limit are not taken, and nobody is told why.
///
/// # Errors
/// When the system does not tell its limit, or refuses one that it allows.
pub fn make_room(streams: u32) -> io::Result<()> {
    let wanted = u64::from(streams) + BESIDE_STREAMS;
    let allowed = rlimit::increase_nofile_limit(wanted)?;
    if allowed < wanted {
        tracing::warn!(allowed, wanted, "the limit of open files is too low for all streams");
    }
    Ok(())
}
