//! `scs certificate scopes`: lists scopes and their versions.

use clap::Args;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use schemars::JsonSchema;
use scs_certificates::{Scope, Target, Validity};
use scs_standards::Profile;
use serde::Serialize;

use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::options::Common;
use crate::print::format::Format;
use crate::print::listing;
use crate::source::scope as scope_file;
use scs_report::Table;

/// `scs certificate scopes`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  scs certificate scopes
  scs certificate scopes --at 2025-06-30           in effect on that day
  scs certificate scopes scs-open-iaas.yaml        a scope of your own

Exit status: 0 success, 2 a file could not be read.")]
pub(crate) struct Scopes {
    /// Scope names or scope files [default: all built-in scopes]
    #[arg(value_name = "NAME|FILE")]
    scopes: Vec<String>,

    /// Output format
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

/// A version of a scope.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "A version of a scope as `scs certificate scopes` prints it")]
pub(crate) struct ScopeRow {
    scope: String,
    uuid: String,
    version: String,
    /// Its validity on the day; deprecated if the timeline does not list it.
    validity: Validity,
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    stabilized_at: Option<Date>,
    modules: usize,
    /// The number of test cases in target main.
    main: usize,
    /// How many of them this program can answer.
    answered: usize,
}

impl Scopes {
    pub(super) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        let scopes = if self.scopes.is_empty() {
            Scope::embedded().into_iter().cloned().collect()
        } else {
            self.scopes
                .iter()
                .map(|name| scope_file::scope(name, Profile::Text).map(std::borrow::Cow::into_owned))
                .collect::<Result<Vec<Scope>, Failure>>()?
        };
        let today = crate::app::at::now(common.at).to_zoned(TimeZone::UTC).date();
        let registry = scs_registry::Registry::new();
        let rows: Vec<ScopeRow> = scopes
            .iter()
            .flat_map(|scope| {
                let validities = scope.timeline().validities(today);
                let validity =
                    move |name: &str| validities.get(name).copied().unwrap_or(Validity::Deprecated);
                scope.versions().iter().map(move |version| (scope, version, validity(version.name())))
            })
            .map(|(scope, version, validity)| {
                let main = version.target(&Target::Main);
                ScopeRow {
                    scope: scope.name().to_owned(),
                    uuid: scope.uuid().to_owned(),
                    version: version.name().to_owned(),
                    validity,
                    stabilized_at: version.stabilized_at(),
                    modules: version.includes().len(),
                    main: main.len(),
                    answered: main.iter().filter(|id| registry.test_case(id).is_some()).count(),
                }
            })
            .collect();
        let mut table = Table::new(&[
            "scope",
            "version",
            "validity",
            "stable since",
            "modules",
            "test cases",
            "answered",
        ]);
        for row in &rows {
            table.row([
                row.scope.clone(),
                row.version.clone(),
                row.validity.to_string(),
                row.stabilized_at.map_or_else(|| "-".to_owned(), |date| date.to_string()),
                row.modules.to_string(),
                row.main.to_string(),
                row.answered.to_string(),
            ]);
        }
        listing::print(common, self.format, &rows, &table)?;
        Ok(Exit::Success)
    }
}
