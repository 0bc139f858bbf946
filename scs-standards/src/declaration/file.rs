//! Reads a declarations file.

use std::str::FromStr;

use serde_json::Value;
use thiserror::Error;

use super::Declarations;
use crate::yaml::reason;

/// Error: not declarations.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReadDeclarationsError {
    /// Neither YAML nor JSON.
    #[error("not declarations: {0}")]
    Yaml(String),
    /// Something other than a list of entries.
    #[error("not declarations: expected a list, or a mapping with a list under `declarations`")]
    Shape,
}

impl FromStr for Declarations {
    type Err = ReadDeclarationsError;

    /// Reads a declarations file in YAML or JSON: a list, or a mapping with a list under `declarations`.
    ///
    /// # Errors
    ///
    /// If it is something else. Invalid entries are kept with their reason ([`Declarations::unusable`]), since they make the
    /// rules that they name DNF.
    ///
    /// ```
    /// use scs_standards::Declarations;
    ///
    /// let declarations: Declarations = "
    /// - {rule: scs-0100-ecc, value: ecc, date: 2026-10-01, valid_until: 2027-01-01}
    /// - {rule: scs-0100-microcode-age, value: 12, date: 2026-10-01}
    /// ".parse()?;
    /// assert_eq!(declarations.iter().next().unwrap().rule, "scs-0100-ecc");
    /// assert_eq!(declarations.unusable().next().unwrap().number, 2);
    /// # Ok::<(), scs_standards::declaration::ReadDeclarationsError>(())
    /// ```
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let value: Value =
            serde_saphyr::from_str(text).map_err(|error| ReadDeclarationsError::Yaml(reason(&error)))?;
        let entries = match value {
            Value::Object(mut mapping) => mapping.remove("declarations").unwrap_or_default(),
            list => list,
        };
        serde_json::from_value(entries).map_err(|_| ReadDeclarationsError::Shape)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;
    use crate::declaration::{Declaration, DeclaredValue};

    fn declaration() -> impl Strategy<Value = Declaration> {
        let value = prop_oneof![
            any::<bool>().prop_map(DeclaredValue::Flag),
            (-1e6..1e6_f64).prop_map(DeclaredValue::Number),
            "[a-z0-9.:# -]{1,12}".prop_map(DeclaredValue::Text),
            prop::collection::vec("[a-z0-9-]{1,8}", 0..3).prop_map(DeclaredValue::List),
        ];
        let texts = (prop::option::of("[a-z]{1,9}"), prop::collection::vec("[A-Za-z0-9-]{1,9}", 0..3));
        ("[a-z0-9-]{1,20}", value, texts, 1i8..=28).prop_map(|(rule, value, (responsible, subjects), day)| {
            Declaration {
                rule,
                value,
                subjects,
                statement: None,
                document: None,
                date: date(2026, 1, day),
                valid_until: date(2026, 2, day),
                responsible,
            }
        })
    }

    proptest! {
        #[test]
        fn declarations_are_read_as_they_are_written(list in prop::collection::vec(declaration(), 0..4)) {
            let declarations = Declarations::new(list);
            let yaml = serde_saphyr::to_string(&declarations).unwrap();
            prop_assert_eq!(yaml.parse::<Declarations>(), Ok(declarations.clone()), "{}", yaml);
            let json = serde_json::json!({ "declarations": declarations }).to_string();
            prop_assert_eq!(json.parse::<Declarations>(), Ok(declarations), "{}", json);
        }
    }

    #[test]
    fn other_files_are_errors() {
        let read = |text: &str| text.parse::<Declarations>();
        assert!(matches!(read("[a"), Err(ReadDeclarationsError::Yaml(_))));
        for text in ["7", "{rules: []}", "{declarations: 7}", ""] {
            assert_eq!(read(text), Err(ReadDeclarationsError::Shape), "{text}");
        }
    }
}
