//! A scope file, and what is wrong with it on standard error.

use std::borrow::Cow;
use std::io::Write;

use scs_certificates::{Scope, ScopeProblem};
use scs_standards::{Profile, Severity};

use crate::diagnostic::visible;
use crate::failure::Failure;
use scs_report::counted;

/// How many problems are printed.
const MOST: usize = 50;

/// A scope of the program or of a file, with what is wrong with the file on standard error. The official suite takes no file with
/// an error; by the text the versions that it touches are passed by nobody.
pub(crate) fn scope(name: &str, profile: Profile) -> Result<Cow<'static, Scope>, Failure> {
    let scope = crate::check::scope(name)?;
    if let Cow::Owned(scope) = &scope {
        print_problems(name, scope.problems());
        let errors = scope.errors().count();
        if errors > 0 && profile == Profile::Official {
            return Err(Failure::new(format!("{name} has {}", counted(errors, "error"))).hint(
                "the official suite takes only files without; `scs certificate show FILE` explains them",
            ));
        }
    }
    Ok(scope)
}

fn print_problems(name: &str, problems: &[ScopeProblem]) {
    let mut errors = std::io::stderr().lock();
    let mut told: Vec<&ScopeProblem> =
        problems.iter().filter(|problem| problem.severity != Severity::Info).collect();
    told.sort_by_key(|problem| problem.severity);
    let line = |text: String, out: &mut dyn Write| {
        // Without a place for complaints the answer is given all the same.
        let _ = writeln!(out, "{text}");
    };
    for problem in told.iter().take(MOST) {
        let text = format!("{}: {}: {}", problem.severity, visible(name), visible(&problem.to_string()));
        line(text, &mut errors);
    }
    if let more @ 1.. = told.len().saturating_sub(MOST) {
        line(format!("warning: {}: {} more", visible(name), counted(more, "problem")), &mut errors);
    }
}
