//! A scope file, and what is wrong with it on standard error.

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

/// How many problems are printed.
const MOST: usize = 50;

/// A scope of the program or of a file, with what is wrong with the file on standard error. The official suite takes no file with
/// an error; by the text the versions that it touches are passed by nobody.
pub(crate) fn scope(name: &str, profile: Profile) -> Result<Cow<'static, Scope>, Failure> {
    let scope = file(name)?;
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

/// A scope of the program or of a file.
pub(crate) fn file(name: &str) -> Result<Cow<'static, Scope>, Failure> {
    if let Some(scope) = Scope::named(name) {
        return Ok(Cow::Borrowed(scope));
    }
    let source = Source::from(Path::new(name));
    let opened = source.open().map_err(|failure| {
        let known: Vec<String> = Scope::embedded().iter().map(|scope| scope.slug()).collect();
        failure.hint(format!("scopes of the program are {}; anything else is a file", known.join(" and ")))
    })?;
    let text = files::text(opened, files::WRITTEN)?;
    Scope::read(&text)
        .map(Cow::Owned)
        .map_err(|error| Failure::new(format!("{name}: {error}")).hint("scs-0003-v1 describes scope files"))
}
