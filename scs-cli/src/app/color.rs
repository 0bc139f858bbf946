//! When to use colors.

use std::io::{IsTerminal, stderr, stdout};

use anstream::AutoStream;
pub(crate) use scs_report::Palette;

/// `--color`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum When {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always, even into a file or a pipe.
    Always,
    /// Never.
    Never,
}

impl When {
    /// Whether to color what goes to standard output.
    pub(crate) fn on_stdout(self) -> bool {
        self.decide(|| {
            stdout().is_terminal() && AutoStream::choice(&stdout()) != anstream::ColorChoice::Never
        })
    }

    /// Whether to color what goes to standard error.
    pub(crate) fn on_stderr(self) -> bool {
        self.decide(|| {
            stderr().is_terminal() && AutoStream::choice(&stderr()) != anstream::ColorChoice::Never
        })
    }

    fn decide(self, auto: impl FnOnce() -> bool) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => auto(),
        }
    }
}
