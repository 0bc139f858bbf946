//! Restores the order of the input for the output of several threads, without an unbounded queue: a thread with output waits
//! until everything before it is printed, a thread without output continues.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::scan::Totals;

/// The totals before a block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Before {
    /// Lines.
    pub(super) lines: u64,
    /// Invalid names.
    pub(super) invalid: u64,
}

impl Before {
    fn and(self, totals: &Totals) -> Self {
        Self { lines: self.lines + totals.lines, invalid: self.invalid + totals.invalid }
    }
}

/// The order of the blocks.
#[derive(Debug)]
pub(super) struct Order {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug)]
struct State {
    /// The totals before each block, as far as all earlier blocks are counted. Two numbers per block are kept until the end.
    before: Vec<Before>,
    /// Totals of blocks that were counted out of order.
    counted: BTreeMap<u64, Totals>,
    /// The block that may print now.
    turn: u64,
    /// Blocks that finished out of order.
    done: BTreeSet<u64>,
    /// Set when a thread has failed, so that the others stop waiting.
    stopped: bool,
}

impl Order {
    /// The order of an input after other inputs.
    pub(super) fn after(invalid: u64) -> Self {
        let before = vec![Before { lines: 0, invalid }];
        let state =
            State { before, counted: BTreeMap::new(), turn: 0, done: BTreeSet::new(), stopped: false };
        Self { state: Mutex::new(state), changed: Condvar::new() }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait_for<T>(&self, mut ready: impl FnMut(&State) -> Option<T>) -> Option<T> {
        let mut state = self.lock();
        loop {
            if state.stopped {
                return None;
            }
            if let Some(value) = ready(&state) {
                return Some(value);
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Adds the totals of a block.
    pub(super) fn counted(&self, block: u64, totals: Totals) {
        let mut state = self.lock();
        state.counted.insert(block, totals);
        loop {
            let next = state.before.len() as u64 - 1;
            let Some(totals) = state.counted.remove(&next) else { break };
            let before = state.before.last().copied().unwrap_or_default().and(&totals);
            state.before.push(before);
        }
        drop(state);
        self.changed.notify_all();
    }

    /// Waits for the totals before a block; `None` if another thread has failed.
    pub(super) fn before(&self, block: u64) -> Option<Before> {
        let index = usize::try_from(block).ok()?;
        self.wait_for(|state| state.before.get(index).copied())
    }

    /// Waits until a block may print; `false` if another thread has failed.
    pub(super) fn turn_of(&self, block: u64) -> bool {
        self.wait_for(|state| (state.turn == block).then_some(())).is_some()
    }

    /// Marks a block as printed.
    pub(super) fn done(&self, block: u64) {
        let mut state = self.lock();
        state.done.insert(block);
        loop {
            let turn = state.turn;
            if !state.done.remove(&turn) {
                break;
            }
            state.turn += 1;
        }
        drop(state);
        self.changed.notify_all();
    }

    /// Wakes all waiting threads after a failure.
    pub(super) fn stop(&self) {
        self.lock().stopped = true;
        self.changed.notify_all();
    }

    /// Whether a thread has failed.
    pub(super) fn is_stopped(&self) -> bool {
        self.lock().stopped
    }
}

impl Order {
    /// The number of lines before each block.
    pub(super) fn into_lines_before(self) -> Vec<u64> {
        let state = self.state.into_inner().unwrap_or_else(PoisonError::into_inner);
        state.before.into_iter().map(|before| before.lines).collect()
    }
}
