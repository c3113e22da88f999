//! Where a command is killed: the calls of a trace, and the points among them.

use std::collections::BTreeMap;
use std::fmt;

/// The calls that change what is on the disk, or end the process; of `openat` and `write`, those that do.
pub(super) const CALLS: [&str; 23] = [
    "openat",
    "write",
    "rename",
    "renameat",
    "renameat2",
    "unlink",
    "unlinkat",
    "rmdir",
    "mkdir",
    "mkdirat",
    "symlink",
    "symlinkat",
    "link",
    "linkat",
    "fsync",
    "fdatasync",
    "flock",
    "chmod",
    "fchmod",
    "fchmodat",
    "ftruncate",
    "utimensat",
    "exit_group",
];

/// One call of one thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Call {
    thread: u32,
    name: String,
    /// One that changes nothing is only counted.
    changes: bool,
}

/// The so-manieth call of a kind, in whichever thread comes to it first: so `strace` counts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Point {
    pub(super) call: String,
    pub(super) nth: usize,
}

impl fmt::Display for Point {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.call, self.nth)
    }
}

/// The calls that `strace -f` wrote down: `4711 rename("a", "b") = 0`.
pub(super) fn calls(trace: &str) -> Vec<Call> {
    let call = |line: &str| {
        let (thread, rest) = line.split_once(' ')?;
        let (name, arguments) = rest.trim_start().split_once('(')?;
        let name = CALLS.contains(&name).then(|| name.to_owned())?;
        let changes = match name.as_str() {
            "openat" => arguments.contains("O_CREAT"),
            // What is said.
            "write" => !arguments.starts_with("1,") && !arguments.starts_with("2,"),
            _ => true,
        };
        Some(Call { thread: thread.parse().ok()?, name, changes })
    };
    trace.lines().filter_map(call).collect()
}

/// The first, the second and the last of each run of equal calls in a thread; the threads one after the other.
pub(super) fn of(calls: &[Call]) -> Vec<Point> {
    let mut threads: Vec<u32> = calls.iter().map(|call| call.thread).collect();
    let mut seen = std::collections::BTreeSet::new();
    threads.retain(|thread| seen.insert(*thread));
    let mut points: Vec<Point> = Vec::new();
    for thread in threads {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        let mut own: Vec<Point> = Vec::new();
        for call in calls.iter().filter(|call| call.thread == thread) {
            let count = counts.entry(&call.name).or_default();
            *count += 1;
            if call.changes {
                own.push(Point { call: call.name.clone(), nth: *count });
            }
        }
        for run in own.chunk_by(|one, next| one.call == next.call) {
            for at in [0, 1.min(run.len() - 1), run.len() - 1] {
                if !points.contains(&run[at]) {
                    points.push(run[at].clone());
                }
            }
        }
    }
    points
}
