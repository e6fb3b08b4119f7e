//! What a process and its children have used, read from `/proc`.
//!
//! Owns the units. It must not know what the process serves.

use std::{fs, io};

/// The clock ticks of `/proc/PID/stat`; 100 a second on every Linux there is a Rust for
/// (`USER_HZ`, see proc(5)).
const TICKS_PER_SECOND: u64 = 100;

/// What a process and all its children have used so far.
#[derive(Clone, Copy, Debug, Default)]
pub struct Usage {
    /// Processor time in user and kernel, in microseconds.
    pub cpu_us: u64,
    /// Memory that is resident, in kB.
    pub rss_kb: u64,
}

/// Reads the usage of a process and of its children, grandchildren and so on.
pub fn usage(pid: u32) -> io::Result<Usage> {
    let mut usage = Usage { cpu_us: cpu_us(pid)?, rss_kb: rss_kb(pid)? };
    for child in children(pid)? {
        let of_child = self::usage(child)?;
        usage.cpu_us += of_child.cpu_us;
        usage.rss_kb += of_child.rss_kb;
    }
    Ok(usage)
}

/// `utime + stime`.
fn cpu_us(pid: u32) -> io::Result<u64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The second field is the command in parentheses, which may hold anything.
    let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields);
    let ticks: u64 = fields.split_whitespace().skip(11).take(2).filter_map(number).sum();
    Ok(ticks * 1_000_000 / TICKS_PER_SECOND)
}

/// `VmRSS`.
fn rss_kb(pid: u32) -> io::Result<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    Ok(line.split_whitespace().find_map(number).unwrap_or_default())
}

fn children(pid: u32) -> io::Result<Vec<u32>> {
    let mut children = Vec::new();
    for task in fs::read_dir(format!("/proc/{pid}/task"))? {
        let listed = fs::read_to_string(task?.path().join("children"))?;
        children.extend(listed.split_whitespace().filter_map(|word| word.parse::<u32>().ok()));
    }
    Ok(children)
}

fn number(word: &str) -> Option<u64> {
    word.parse().ok()
}
