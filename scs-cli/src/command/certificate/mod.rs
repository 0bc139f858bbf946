//! `scs certificate`: what a certificate asks for, and whether results suffice.

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
    /// Print what a version asks for: modules, test cases, lifetimes; and what is wrong with a scope file
    Show(show::Show),
    /// Print when which version counts
    Timeline(timeline::TimelineOf),
    /// Evaluate results at a date
    Evaluate(evaluate::Evaluate),
    /// Print what the levels are presented to ask for, and the health of software, by declarations
    Levels(levels::Levels),
    /// Print the declarations that an inventory still needs, to be filled in
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
