//! Puts what several threads found back into the order of the input, without a queue that could grow: a thread that has
//! something to print waits until everything before it is printed, one that has nothing goes on.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::scan::Totals;

/// What came before a block.
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
    /// What came before each block, as far as all earlier ones are counted. Two numbers per block are kept to the end.
    before: Vec<Before>,
    /// Totals of blocks that were counted before an earlier one.
    counted: BTreeMap<u64, Totals>,
    /// The block that may print.
    turn: u64,
    /// Blocks that were done before an earlier one.
    done: BTreeSet<u64>,
    /// Set when a thread failed: nobody waits for it any more.
    stopped: bool,
}

impl Order {
    /// The order of an input that follows on others.
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

    /// A block is counted.
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

    /// What came before a block, once that is known; `None` when another thread has failed.
    pub(super) fn before(&self, block: u64) -> Option<Before> {
        let index = usize::try_from(block).ok()?;
        self.wait_for(|state| state.before.get(index).copied())
    }

    /// Waits until a block may print; `false` when another thread has failed.
    pub(super) fn turn_of(&self, block: u64) -> bool {
        self.wait_for(|state| (state.turn == block).then_some(())).is_some()
    }

    /// A block has printed all it has.
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

    /// Nothing more is to be waited for.
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
    /// How many lines are before each block, for lines that were remembered by block.
    pub(super) fn into_lines_before(self) -> Vec<u64> {
        let state = self.state.into_inner().unwrap_or_else(PoisonError::into_inner);
        state.before.into_iter().map(|before| before.lines).collect()
    }
}
