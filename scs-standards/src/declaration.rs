//! Provider declarations: facts that no API shows (scs-0004, regulation on manual checks).
//!
//! A rule judges the declared *value* — a ratio, an age, a state — and never a plain "compliant".

use std::fmt;

use jiff::civil::Date;

#[cfg(feature = "schemars")]
use statement::DAY;
pub use statement::Declaration;
pub use value::DeclaredValue;

/// An exception that a provider claims for a test case. It is shown with the result and never turns it into a PASS.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Exception {
    /// The official test case, or the rule.
    pub exception: String,
    /// Why the requirement is not met.
    pub reason: String,
    /// The person or body that granted it, if known.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub granted_by: Option<String>,
    /// The day on which it was granted.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    #[cfg_attr(
        feature = "schemars",
        schemars(with = "Option<String>", extend("format" = "date", "pattern" = DAY))
    )]
    pub date: Option<Date>,
    /// The last day on which it is valid.
    #[cfg_attr(feature = "schemars", schemars(with = "String", extend("format" = "date", "pattern" = DAY)))]
    pub valid_until: Date,
}

impl fmt::Display for Exception {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "exception claimed, valid through {}: {}", self.valid_until, self.reason)?;
        match &self.granted_by {
            Some(body) => write!(f, " (granted by {body})"),
            None => f.write_str(" (granted by: not stated)"),
        }
    }
}

/// An entry that is not a valid declaration.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnusableEntry {
    /// The position in the list, counted from 1.
    pub number: usize,
    /// The rule or topic that it names, if any.
    pub rule: Option<String>,
    /// The reason why it is invalid.
    pub problem: String,
}

impl fmt::Display for UnusableEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ignored declaration {}", self.number)?;
        if let Some(rule) = &self.rule {
            write!(f, " ({rule})")?;
        }
        write!(f, ": {}", self.problem)
    }
}

/// All declarations of a provider: valid declarations, claimed exceptions and invalid entries.
///
/// With `serde`, any list can be deserialized: invalid entries are kept with their reason. With the feature `declarations`, a
/// file is read with `FromStr`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Declarations {
    statements: Vec<Declaration>,
    exceptions: Vec<Exception>,
    unusable: Vec<UnusableEntry>,
    index: index::Index,
}

/// The declarations for a rule and a subject on a date.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Declared<'a> {
    /// None: the rule is MISS.
    Nothing,
    /// Only declarations that have expired or are not valid yet: the rule is DNF.
    NotInForce(&'a Declaration),
    /// Only an unusable entry, with the reason: the rule is DNF.
    Unusable(&'a str),
    /// Two declarations of the same day and the same subjects with different values: the rule is DNF.
    Contradictory(&'a Declaration, &'a Declaration),
    /// A valid declaration.
    InForce(&'a Declaration),
}

impl Declarations {
    /// Creates declarations from a list, in this order.
    #[must_use]
    pub fn new(statements: Vec<Declaration>) -> Self {
        Self { statements, ..Self::default() }
    }

    /// The valid declarations.
    pub fn iter(&self) -> impl Iterator<Item = &Declaration> {
        self.statements.iter()
    }

    /// The claimed exceptions.
    pub fn exceptions(&self) -> impl Iterator<Item = &Exception> {
        self.exceptions.iter()
    }

    /// The invalid entries.
    pub fn unusable(&self) -> impl Iterator<Item = &UnusableEntry> {
        self.unusable.iter()
    }

    /// Whether there are no entries at all.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.statements.is_empty() && self.exceptions.is_empty() && self.unusable.is_empty()
    }

    /// Concatenates two sets of declarations.
    #[must_use]
    pub fn and(&self, others: &Self) -> Self {
        let mut both = self.clone();
        both.statements.extend_from_slice(&others.statements);
        both.exceptions.extend_from_slice(&others.exceptions);
        both.unusable.extend_from_slice(&others.unusable);
        both
    }

    /// Whether any entry, valid or not, is about a rule.
    #[must_use]
    pub fn has_entry_for(&self, rule: &str) -> bool {
        self.statements.iter().any(|declaration| declaration.rule == rule)
            || self.unusable.iter().any(|entry| entry.rule.as_deref() == Some(rule))
    }

    /// Returns the declaration for `rule` and `subject` on `date`. A declaration that names the subject takes precedence over one
    /// for all subjects, a later one over an earlier one; two that differ are contradictory.
    #[must_use]
    pub fn about(&self, rule: &str, subject: &str, date: Date) -> Declared<'_> {
        let rank = |declaration: &Declaration| (!declaration.subjects.is_empty(), declaration.date);
        let places = self.index.places(&self.statements, rule, subject);
        let of = |in_force: bool| {
            places.iter().filter_map(|place| self.statements.get(*place)).filter(move |declaration| {
                (declaration.date <= date && date <= declaration.valid_until) == in_force
            })
        };
        let newest = |in_force: bool| of(in_force).max_by_key(|declaration| rank(declaration));
        let unusable = || self.unusable.iter().find(|entry| entry.rule.as_deref() == Some(rule));
        match (newest(true), newest(false)) {
            (Some(declaration), _) => {
                let differs = |other: &&Declaration| {
                    rank(other) == rank(declaration) && other.value != declaration.value
                };
                match of(true).find(differs) {
                    Some(other) => Declared::Contradictory(other, declaration),
                    None => Declared::InForce(declaration),
                }
            }
            (None, Some(declaration)) => Declared::NotInForce(declaration),
            (None, None) => unusable().map_or(Declared::Nothing, |entry| Declared::Unusable(&entry.problem)),
        }
    }
}

impl FromIterator<Declaration> for Declarations {
    fn from_iter<I: IntoIterator<Item = Declaration>>(declarations: I) -> Self {
        Self::new(declarations.into_iter().collect())
    }
}

#[cfg(feature = "serde")]
mod entries;
#[cfg(feature = "declarations")]
mod file;
mod index;
mod statement;
mod value;

#[cfg(feature = "declarations")]
pub use file::ReadDeclarationsError;

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn declaration(value: f64, subjects: &[&str], made: Date) -> Declaration {
        Declaration {
            rule: "scs-0100-microcode-age".into(),
            value: DeclaredValue::Number(value),
            subjects: subjects.iter().map(|&name| name.into()).collect(),
            statement: None,
            document: None,
            date: made,
            valid_until: date(2026, 12, 31),
            responsible: None,
        }
    }

    #[test]
    fn specific_and_newer_declarations_win() {
        let declarations = Declarations::new(vec![
            declaration(1.0, &["SCS-1V-2"], date(2026, 1, 1)),
            declaration(2.0, &[], date(2026, 10, 1)),
            declaration(3.0, &[], date(2026, 11, 1)),
        ]);
        let value = |subject, on| match declarations.about("scs-0100-microcode-age", subject, on) {
            Declared::InForce(declaration) => declaration.value.number(),
            _ => None,
        };
        assert_eq!(value("SCS-1V-2", date(2026, 11, 23)), Some(1.0));
        assert_eq!(value("SCS-2V-4", date(2026, 11, 23)), Some(3.0));
        assert_eq!(value("SCS-2V-4", date(2026, 10, 23)), Some(2.0));
    }

    #[test]
    fn declarations_of_one_day_that_differ_are_contradictory() {
        let day = date(2026, 10, 1);
        let about = |statements: Vec<Declaration>| {
            let declarations = Declarations::new(statements);
            match declarations.about("scs-0100-microcode-age", "SCS-1V-2", date(2026, 11, 1)) {
                Declared::Contradictory(one, other) => vec![one.value.clone(), other.value.clone()],
                Declared::InForce(declaration) => vec![declaration.value.clone()],
                _ => Vec::new(),
            }
        };
        let values = |values: &[f64]| values.iter().map(|it| DeclaredValue::Number(*it)).collect::<Vec<_>>();
        for (one, other) in [(1.0, 2.0), (2.0, 1.0)] {
            let both = about(vec![declaration(one, &[], day), declaration(other, &[], day)]);
            assert_eq!(both, values(&[one, other]));
        }
        // A duplicate, one that names the subject, and a later one.
        assert_eq!(about(vec![declaration(1.0, &[], day), declaration(1.0, &[], day)]), values(&[1.0]));
        assert_eq!(
            about(vec![declaration(1.0, &["SCS-1V-2"], day), declaration(2.0, &[], day)]),
            values(&[1.0])
        );
        assert_eq!(
            about(vec![declaration(1.0, &[], day), declaration(2.0, &[], date(2026, 10, 2))]),
            values(&[2.0])
        );
    }

    #[test]
    fn a_declaration_is_valid_through_its_last_day() {
        let declarations = Declarations::new(vec![declaration(1.0, &[], date(2026, 10, 1))]);
        let about = |on| declarations.about("scs-0100-microcode-age", "", on);
        assert!(matches!(about(date(2026, 12, 31)), Declared::InForce(_)));
        assert!(matches!(about(date(2027, 1, 1)), Declared::NotInForce(_)));
        assert!(matches!(about(date(2026, 9, 30)), Declared::NotInForce(_)));
        assert_eq!(declarations.about("scs-0100-ecc", "", date(2026, 12, 31)), Declared::Nothing);
    }
}
