//! The colors of text.

use anstyle::{AnsiColor, Style};
use scs_standards::{Severity, Verdict};

/// The colors of the output; no colors by default.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Palette {
    /// PASS, and fix commands.
    pub good: Style,
    /// FAIL and errors.
    pub bad: Style,
    /// MISS, DNF and warnings.
    pub warning: Style,
    /// Hints and notes.
    pub hint: Style,
    /// Names and headings.
    pub strong: Style,
    /// Citations.
    pub faint: Style,
}

impl Palette {
    /// The palette with or without colors.
    #[must_use]
    pub const fn new(colored: bool) -> Self {
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

    /// The color of a result.
    #[must_use]
    pub const fn of_verdict(&self, verdict: Verdict) -> Style {
        match verdict {
            Verdict::Pass => self.good,
            Verdict::Fail => self.bad,
            Verdict::Miss | Verdict::Dnf => self.warning,
        }
    }

    /// The color of a severity.
    #[must_use]
    pub const fn of_severity(&self, severity: Severity) -> Style {
        match severity {
            Severity::Error => self.bad,
            Severity::Warning => self.warning,
            Severity::Info => self.hint,
        }
    }
}
