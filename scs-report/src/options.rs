//! The appearance of the output.

use scs_standards::{Hint, Severity};

use crate::palette::Palette;

/// The appearance and the level of detail of the output.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Options {
    /// The minimum severity of listed findings; those that block the certificate and broken MUSTs are always listed. `None` lists
    /// only these.
    pub min_severity: Option<Severity>,
    /// The colors of text.
    pub palette: Palette,
    /// The width of text in columns.
    pub width: usize,
    /// A hint on how to list all findings, such as "`--all` lists them".
    pub more: Option<String>,
    /// The wording of hints with the options of the program; `None` for a hint that the message covers.
    pub hint: fn(&Hint) -> Option<String>,
    /// Whether one report is a list in JSON, because other subjects could not be checked.
    pub always_list: bool,
    /// Whether `JUnit` includes all versions, not only the deciding one.
    pub all_versions: bool,
    /// The name and version of the program.
    pub creator: (&'static str, &'static str),
}

impl Default for Options {
    fn default() -> Self {
        Self {
            min_severity: None,
            palette: Palette::default(),
            width: 100,
            more: None,
            hint: worded,
            always_list: false,
            all_versions: false,
            creator: (env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION")),
        }
    }
}

/// The wording of hints without a program: the message names a missing part already.
fn worded(hint: &Hint) -> Option<String> {
    matches!(hint, Hint::Facts(_)).then(|| hint.to_string())
}
