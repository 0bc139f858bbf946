//! When to use colors, and which.

use std::io::{IsTerminal, stderr, stdout};

use anstream::AutoStream;
use anstyle::{AnsiColor, Style};

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

/// The colors of what is printed, all of them plain where there are to be none.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Palette {
    pub(crate) good: Style,
    pub(crate) bad: Style,
    pub(crate) warning: Style,
    pub(crate) hint: Style,
    pub(crate) strong: Style,
    pub(crate) faint: Style,
}

impl Palette {
    /// With colors or without.
    pub(crate) const fn new(colored: bool) -> Self {
        const PLAIN: Style = Style::new();
        if !colored {
            return Self {
                good: PLAIN,
                bad: PLAIN,
                warning: PLAIN,
                hint: PLAIN,
                strong: PLAIN,
                faint: PLAIN,
            };
        }
        Self {
            good: AnsiColor::Green.on_default(),
            bad: AnsiColor::Red.on_default().bold(),
            warning: AnsiColor::Yellow.on_default().bold(),
            hint: AnsiColor::Cyan.on_default().bold(),
            strong: PLAIN.bold(),
            faint: PLAIN.dimmed(),
        }
    }
}
