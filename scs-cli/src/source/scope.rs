//! Reading scopes; problems of a scope file go to standard error.

use std::borrow::Cow;
use std::io::Write;
use std::path::Path;

use scs_certificates::{Scope, ScopeProblem};
use scs_standards::{Profile, Severity};

use crate::app::diagnostic::visible;
use crate::app::failure::Failure;
use crate::app::files;
use crate::app::input::Source;
use scs_report::counted;

/// The maximum number of printed problems.
const MOST: usize = 50;

/// Reads a built-in scope or a scope file, and prints problems of the file to standard error. The official suite rejects files
/// with errors; by the text, the affected versions cannot be passed.
pub(crate) fn scope(name: &str, profile: Profile) -> Result<Cow<'static, Scope>, Failure> {
    let scope = file(name)?;
    if let Cow::Owned(scope) = &scope {
        print_problems(name, scope.problems());
        let errors = scope.errors().count();
        if errors > 0 && profile == Profile::Official {
            return Err(Failure::new(format!("{name} has {}", counted(errors, "error"))).hint(
                "the official suite rejects files with errors; `scs certificate show FILE` explains them",
            ));
        }
    }
    Ok(scope)
}

fn print_problems(name: &str, problems: &[ScopeProblem]) {
    let mut errors = std::io::stderr().lock();
    let mut listed: Vec<&ScopeProblem> =
        problems.iter().filter(|problem| problem.severity != Severity::Info).collect();
    listed.sort_by_key(|problem| problem.severity);
    let line = |text: String, out: &mut dyn Write| {
        // If standard error is closed, the result is printed anyway.
        let _ = writeln!(out, "{text}");
    };
    for problem in listed.iter().take(MOST) {
        let text = format!("{}: {}: {}", problem.severity, visible(name), visible(&problem.to_string()));
        line(text, &mut errors);
    }
    if let more @ 1.. = listed.len().saturating_sub(MOST) {
        line(format!("warning: {}: {} more", visible(name), counted(more, "problem")), &mut errors);
    }
}

/// Reads a built-in scope or a scope file.
pub(crate) fn file(name: &str) -> Result<Cow<'static, Scope>, Failure> {
    if let Some(scope) = Scope::named(name) {
        return Ok(Cow::Borrowed(scope));
    }
    let source = Source::from(Path::new(name));
    let opened = source.open().map_err(|failure| {
        let known: Vec<String> = Scope::embedded().iter().map(|scope| scope.slug()).collect();
        failure.hint(format!("the built-in scopes are {}; anything else is a file name", known.join(" and ")))
    })?;
    let text = files::text(opened, files::WRITTEN)?;
    text.parse::<Scope>()
        .map(Cow::Owned)
        .map_err(|error| Failure::new(format!("{name}: {error}")).hint("scs-0003-v1 describes scope files"))
}
