//! Problems of scope files.

use std::fmt;
use std::sync::Arc;

use jiff::civil::Date;
use scs_standards::{Severity, Verdict};

/// A violation of scs-0003-v1 in a scope file. The rest of the file is used.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ScopeProblem {
    /// The violated rule.
    pub rule: &'static str,
    /// FAIL, or DNF if the value is unreadable.
    pub result: Verdict,
    /// The severity.
    pub severity: Severity,
    /// The message.
    pub message: String,
    /// A hint for a fix.
    pub hint: Option<String>,
    /// The line number, counted from 1; 0 if unknown.
    pub line: u64,
    /// The key of the value, such as `modules[scs-0100-v3.1].targets`; empty if unknown. Unlike the line, it stays the same when lines
    /// are added before it.
    pub place: String,
    /// The versions that it affects.
    pub reach: Reach,
}

/// The versions whose verdict may be affected by a problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// All versions.
    Scope,
    /// Versions that include this module.
    Module(Arc<str>),
    /// Versions that have one of these test cases.
    TestCases(Arc<[String]>),
    /// This version.
    Version(Arc<str>),
    /// Versions that the timeline entry of this day does not name, since one of them may have been meant.
    UnnamedOn(Date),
}

impl fmt::Display for ScopeProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(f, "line {}: ", self.line)?;
        }
        f.write_str(&self.message)?;
        self.hint.as_ref().map_or(Ok(()), |hint| write!(f, " ({hint})"))
    }
}
