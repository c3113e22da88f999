//! Where a command is killed: the calls of a trace, and the points among them.

use std::collections::BTreeMap;
use std::fmt;

/// The calls that change what is on the disk, or end the process.
pub(super) const CALLS: [&str; 21] = [
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
        let (name, _) = rest.trim_start().split_once('(')?;
        let name = CALLS.contains(&name).then(|| name.to_owned())?;
        Some(Call { thread: thread.parse().ok()?, name })
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
        let own: Vec<&str> =
            calls.iter().filter(|call| call.thread == thread).map(|call| &*call.name).collect();
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for run in own.chunk_by(|one, next| one == next) {
            let count = counts.entry(run[0]).or_default();
            for nth in [*count + 1, *count + run.len().min(2), *count + run.len()] {
                let point = Point { call: run[0].to_owned(), nth };
                if !points.contains(&point) {
                    points.push(point);
                }
            }
            *count += run.len();
        }
    }
    points
}
