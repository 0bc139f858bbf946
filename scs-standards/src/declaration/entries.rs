//! Reads a list of declarations in which each entry may be invalid on its own.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::de::{Deserialize, Deserializer, Error, IgnoredAny};
use serde::ser::{Serialize, Serializer};

use super::{Declaration, Declarations, DeclaredValue, Exception, UnusableEntry};

/// The keys of a declaration and of an exception.
const KEYS: [&str; 11] = [
    "rule",
    "topic",
    "value",
    "subjects",
    "statement",
    "document",
    "date",
    "valid_until",
    "responsible",
    "exception",
    "reason",
];

#[derive(serde::Deserialize)]
#[serde(untagged)]
enum Raw {
    Map(BTreeMap<String, Field>),
    Other(IgnoredAny),
}

#[derive(serde::Deserialize)]
#[serde(untagged)]
enum Field {
    Null(()),
    Value(DeclaredValue),
    Other(IgnoredAny),
}

/// A declaration, an exception, or an entry that still has to be filled in.
enum Entry {
    Statement(Declaration),
    Exception(Exception),
    Empty,
}

impl<'de> Deserialize<'de> for Declarations {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut declarations = Self::default();
        for (number, raw) in (1..).zip(Vec::<Raw>::deserialize(deserializer)?) {
            let Raw::Map(fields) = raw else {
                declarations.unusable.push(UnusableEntry {
                    number,
                    rule: None,
                    problem: "expected a mapping with `rule`, `value`, `date` and `valid_until`".to_owned(),
                });
                continue;
            };
            let fields = Fields(fields);
            match fields.entry() {
                Ok(Entry::Statement(statement)) => declarations.statements.push(statement),
                Ok(Entry::Exception(exception)) => declarations.exceptions.push(exception),
                Ok(Entry::Empty) => {}
                Err(problem) => {
                    let rule = fields.text("rule").or_else(|_| fields.text("topic")).ok().flatten();
                    declarations.unusable.push(UnusableEntry { number, rule, problem });
                }
            }
        }
        Ok(declarations)
    }
}

impl<'de> Deserialize<'de> for Declaration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let fields = Fields(BTreeMap::deserialize(deserializer)?);
        match fields.entry().map_err(D::Error::custom)? {
            Entry::Statement(statement) => Ok(statement),
            Entry::Exception(_) => Err(D::Error::custom("this is an exception, not a declaration")),
            Entry::Empty => Err(D::Error::custom("`value` is empty")),
        }
    }
}

impl Serialize for Declarations {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(serde::Serialize)]
        #[serde(untagged)]
        enum Either<'a> {
            Statement(&'a Declaration),
            Exception(&'a Exception),
        }
        let statements = self.statements.iter().map(Either::Statement);
        serializer.collect_seq(statements.chain(self.exceptions.iter().map(Either::Exception)))
    }
}

struct Fields(BTreeMap<String, Field>);

impl Fields {
    fn entry(&self) -> Result<Entry, String> {
        if let Some(unknown) = self.0.keys().find(|key| !KEYS.contains(&key.as_str()) && is_misspelled(key)) {
            return Err(format!("unknown key `{unknown}`"));
        }
        if let Some(exception) = self.text("exception")? {
            return Ok(Entry::Exception(Exception {
                exception,
                reason: self.text("reason")?.ok_or("`reason` is missing; an exception needs one")?,
                granted_by: self.text("granted_by")?,
                date: self.date("date")?,
                valid_until: self
                    .date("valid_until")?
                    .ok_or("`valid_until`, the last day of the exception, is missing")?,
            }));
        }
        let rule = match (self.text("rule")?, self.text("topic")?) {
            (Some(rule), None) | (None, Some(rule)) => rule,
            (None, None) => return Err("`rule` (or `topic`) is missing".to_owned()),
            (Some(_), Some(_)) => return Err("both `rule` and `topic` are set".to_owned()),
        };
        let value = match self.0.get("value") {
            Some(Field::Value(value)) => value.clone(),
            // The questionnaire prints entries with an empty `value`.
            Some(Field::Null(())) => return Ok(Entry::Empty),
            None => return Err("`value` is missing".to_owned()),
            Some(Field::Other(_)) => {
                return Err("`value` is not a number, string, boolean, list of strings, or mapping of these"
                    .to_owned());
            }
        };
        let subjects = match self.0.get("subjects") {
            None | Some(Field::Null(())) => Vec::new(),
            Some(Field::Value(value)) if value.list().is_some() => value.list().unwrap_or_default().to_vec(),
            Some(_) => return Err("`subjects` is not a list of names".to_owned()),
        };
        let date = self.date("date")?.ok_or("`date`, the day of the declaration, is missing")?;
        let valid_until =
            self.date("valid_until")?.ok_or("`valid_until`, the last day of the declaration, is missing")?;
        if valid_until < date {
            return Err(format!("`valid_until` ({valid_until}) is before `date` ({date})"));
        }
        Ok(Entry::Statement(Declaration {
            rule,
            value,
            subjects,
            statement: self.text("statement")?,
            document: self.text("document")?,
            date,
            valid_until,
            responsible: self.text("responsible")?,
        }))
    }

    fn text(&self, key: &str) -> Result<Option<String>, String> {
        match self.0.get(key) {
            None | Some(Field::Null(())) => Ok(None),
            Some(Field::Value(DeclaredValue::Text(text))) if text.trim().is_empty() => Ok(None),
            Some(Field::Value(DeclaredValue::Text(text))) => Ok(Some(text.clone())),
            Some(Field::Value(_) | Field::Other(_)) => Err(format!("`{key}` is not text")),
        }
    }

    fn date(&self, key: &str) -> Result<Option<Date>, String> {
        let Some(text) = self.text(key)? else { return Ok(None) };
        text.parse().map(Some).map_err(|_| format!("`{key}` is `{text}`, not a date such as 2026-10-01"))
    }
}

/// Whether an unknown key may be a typo of a known one.
fn is_misspelled(key: &str) -> bool {
    let plain = |key: &str| key.to_lowercase().replace(['-', '_', ' '], "");
    KEYS.iter().any(|known| *known != key && plain(known) == plain(key))
}
