//! `scs certificate`: scopes, requirements, and evaluation of results.

mod evaluate;
mod levels;
mod questionnaire;
mod scopes;
mod show;
mod timeline;

use clap::Subcommand;

pub(crate) use evaluate::EvaluationDocument;
pub(crate) use levels::LevelsDocument;
pub(crate) use scopes::ScopeRow;
pub(crate) use show::ShownVersion;
pub(crate) use timeline::TimelineRow;

use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::options::Common;

#[derive(Debug, Subcommand)]
pub(crate) enum CertificateCommand {
    /// List the certificate scopes and their versions
    Scopes(scopes::Scopes),
    /// Show the requirements of a version: modules, test cases, lifetimes; check a scope file
    Show(show::Show),
    /// Show when each version is in effect
    Timeline(timeline::TimelineOf),
    /// Evaluate results as of a date
    Evaluate(evaluate::Evaluate),
    /// Show what each certification level is said to require, and the health of software
    Levels(levels::Levels),
    /// Print a questionnaire with the declarations that are still missing
    Questionnaire(questionnaire::Questionnaire),
}

impl CertificateCommand {
    pub(crate) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        match self {
            Self::Scopes(scopes) => scopes.run(common),
            Self::Show(show) => show.run(common),
            Self::Timeline(timeline) => timeline.run(common),
            Self::Evaluate(evaluate) => evaluate.run(common),
            Self::Levels(levels) => levels.run(common),
            Self::Questionnaire(questionnaire) => questionnaire.run(common),
        }
    }
}
