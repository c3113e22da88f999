//! The same work on several things at once, as far as threads are to be had.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

/// What `work` makes of each, in their order; `at_once` at a time. Where no thread is to be had, this one does it all.
pub(crate) fn together<I: Send, T: Send>(
    things: impl IntoIterator<Item = I, IntoIter: ExactSizeIterator + Send>,
    at_once: usize,
    work: impl Fn(I) -> T + Sync,
) -> Vec<T> {
    let things = things.into_iter();
    let beside = 1..things.len().min(at_once);
    let queue = Mutex::new(things.enumerate());
    let done = Mutex::new(Vec::new());
    let work = || {
        // Not in the loop's condition, where the lock would be held while working.
        let next = || lock(&queue).next();
        while let Some((index, thing)) = next() {
            let result = work(thing);
            lock(&done).push((index, result));
        }
    };
    thread::scope(|scope| {
        let spawn = |_| thread::Builder::new().spawn_scoped(scope, work).is_ok();
        beside.map(spawn).take_while(|spawned| *spawned).for_each(drop);
        work();
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::together;

    #[test]
    fn results_come_in_the_order_of_what_was_worked_on() {
        for at_once in [0, 1, 3, 100] {
            let squares = together(0..50_u32, at_once, |number| number * number);
            assert_eq!(squares, (0..50).map(|number| number * number).collect::<Vec<_>>());
        }
        assert!(together(Vec::<u32>::new(), 4, |number| number).is_empty());
    }
}
