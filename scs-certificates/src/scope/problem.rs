//! What is wrong with a scope file.

use std::fmt;
use std::sync::Arc;

use jiff::civil::Date;
use scs_standards::{Severity, Verdict};

/// A place of a scope file that breaks a rule of scs-0003-v1. The rest of the file counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeProblem {
    /// The rule.
    pub rule: &'static str,
    /// FAIL, or DNF where the place cannot be read at all.
    pub result: Verdict,
    /// How heavy it is.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// What would help.
    pub hint: Option<String>,
    /// The line, counted from 1; 0 where it is not known.
    pub line: u64,
    /// Which versions it touches.
    pub reach: Reach,
}

/// Which versions of a scope a problem of its file touches: those whose verdict could be another without it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// All of them.
    Scope,
    /// Those that include this module.
    Module(Arc<str>),
    /// Those that have one of these test cases.
    TestCases(Arc<[String]>),
    /// This one.
    Version(Arc<str>),
    /// Those that the timeline's entry of this day does not name, as one of them may have been meant.
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
