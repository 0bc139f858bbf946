//! Fixes for findings: data first, a command second.
//!
//! A [`Fix`] is classified by how far it can be trusted: *safe* to apply automatically, a *choice* for the operator, or *advice*
//! in words. Each command comes with the [`Edit`]s that it makes to the inventory, so that they can be applied there and checked again.

mod edit;

pub use edit::{Change, Data, Edit, Object};

/// How far a fix can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "lowercase"))]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub enum Applicability {
    /// It can be applied without asking.
    Safe,
    /// The operator decides whether to apply it, and in which way.
    Choose,
    /// There is no command, only a sentence that explains what to do.
    Advice,
}

/// A fix for a finding.
///
/// ```
/// use scs_standards::{Applicability, Data, Edit, Fix, Object, Way};
///
/// let edit = Edit::set("flavors", Object::named("SCS-2V-8"), ["extra_specs", "scs:cpu-type"], "shared-core");
/// let fix = Fix::safe("openstack flavor set --property scs:cpu-type=shared-core SCS-2V-8", [edit]);
/// assert_eq!(fix.applicability(), Applicability::Safe);
/// assert!(fix.active().is_some());
///
/// let fix = Fix::choose(
///     "Is the disk a local SSD?",
///     [
///         Way::new("openstack flavor set --property scs:disk0-type=ssd f", []).when("it is"),
///         Way::new("openstack flavor delete f", [Edit::delete("flavors", Object::named("f"))]).destructive(),
///     ],
/// );
/// assert!(fix.active().is_none());
/// assert!(fix.is_destructive());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fix {
    /// A single way that removes the finding, adds no other, and makes no unknown claims.
    Safe(Way),
    /// The operator answers the question and picks the matching way.
    Choose {
        /// The question.
        question: String,
        /// The possible ways; just one if the question is whether to apply it at all.
        ways: Vec<Way>,
    },
    /// A sentence that explains what to do.
    Advice(String),
}

/// One way to fix a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Way {
    /// The answer to the question for which this way applies.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub when: Option<String>,
    /// The command, for a POSIX shell.
    pub command: String,
    /// Whether it deletes, restarts or denies something that may be in use.
    pub destructive: bool,
    /// The edits that the command makes to the inventory.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub edits: Vec<Edit>,
}

impl Way {
    /// Creates a non-destructive way.
    #[must_use]
    pub fn new(command: impl Into<String>, edits: impl IntoIterator<Item = Edit>) -> Self {
        Self { when: None, command: command.into(), destructive: false, edits: edits.into_iter().collect() }
    }

    /// Sets the answer for which this way applies.
    #[must_use]
    pub fn when(self, answer: impl Into<String>) -> Self {
        Self { when: Some(answer.into()), ..self }
    }

    /// Marks the way as destructive: it deletes or interrupts something that may be in use.
    #[must_use]
    pub fn destructive(self) -> Self {
        Self { destructive: true, ..self }
    }
}

impl Fix {
    /// Creates a fix with a single way that needs no question.
    #[must_use]
    pub fn safe(command: impl Into<String>, edits: impl IntoIterator<Item = Edit>) -> Self {
        Self::Safe(Way::new(command, edits))
    }

    /// Creates a fix with several ways from which the operator chooses.
    #[must_use]
    pub fn choose(question: impl Into<String>, ways: impl IntoIterator<Item = Way>) -> Self {
        Self::Choose { question: question.into(), ways: ways.into_iter().collect() }
    }

    /// Creates advice in a sentence.
    #[must_use]
    pub fn advice(sentence: impl Into<String>) -> Self {
        Self::Advice(sentence.into())
    }

    /// How far the fix can be trusted.
    #[must_use]
    pub const fn applicability(&self) -> Applicability {
        match self {
            Self::Safe(_) => Applicability::Safe,
            Self::Choose { .. } => Applicability::Choose,
            Self::Advice(_) => Applicability::Advice,
        }
    }

    /// All ways, the most likely first.
    #[must_use]
    pub fn ways(&self) -> &[Way] {
        match self {
            Self::Safe(way) => std::slice::from_ref(way),
            Self::Choose { ways, .. } => ways,
            Self::Advice(_) => &[],
        }
    }

    /// The way that a script may apply without asking: safe and not destructive.
    #[must_use]
    pub fn active(&self) -> Option<&Way> {
        match self {
            Self::Safe(way) if !way.destructive => Some(way),
            _ => None,
        }
    }

    /// The command of the first way.
    #[must_use]
    pub fn command(&self) -> Option<&str> {
        self.ways().first().map(|way| way.command.as_str())
    }

    /// Whether any of the ways is destructive.
    #[must_use]
    pub fn is_destructive(&self) -> bool {
        self.ways().iter().any(|way| way.destructive)
    }

    /// The question of a choice, or the sentence of advice.
    #[must_use]
    pub fn words(&self) -> Option<&str> {
        match self {
            Self::Safe(_) => None,
            Self::Choose { question: words, .. } | Self::Advice(words) => Some(words),
        }
    }
}

#[cfg(feature = "serde")]
mod document {
    //! The JSON form of a fix: the first way's command for programs that know no choices, everything for the others.

    use std::borrow::Cow;

    use serde::de::Error;

    use super::{Applicability, Edit, Fix, Way};

    #[derive(serde::Serialize, serde::Deserialize)]
    #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
    #[cfg_attr(feature = "schemars", schemars(rename = "Fix"))]
    pub(super) struct Document<'a> {
        /// The command of the first way; null for advice.
        #[serde(default)]
        command: Option<Cow<'a, str>>,
        /// Whether a way deletes, restarts or denies something that may be in use.
        destructive: bool,
        /// `safe`: run it; `choose`: answer the question first; `advice`: there is no command.
        applicability: Applicability,
        /// The question of a choice.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        question: Option<Cow<'a, str>>,
        /// The ways of a choice.
        #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
        ways: Cow<'a, [Way]>,
        /// The sentence of an advice.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        advice: Option<Cow<'a, str>>,
        /// The changes that the command makes in the inventory, where it is safe.
        #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
        edits: Cow<'a, [Edit]>,
    }

    impl<'a> From<&'a Fix> for Document<'a> {
        fn from(fix: &'a Fix) -> Self {
            let (question, ways, advice, edits) = match fix {
                Fix::Safe(way) => (None, &[][..], None, way.edits.as_slice()),
                Fix::Choose { question, ways } => (Some(question.as_str()), ways.as_slice(), None, &[][..]),
                Fix::Advice(sentence) => (None, &[][..], Some(sentence.as_str()), &[][..]),
            };
            Self {
                command: fix.command().map(Cow::Borrowed),
                destructive: fix.is_destructive(),
                applicability: fix.applicability(),
                question: question.map(Cow::Borrowed),
                ways: Cow::Borrowed(ways),
                advice: advice.map(Cow::Borrowed),
                edits: Cow::Borrowed(edits),
            }
        }
    }

    impl serde::Serialize for Fix {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            Document::from(self).serialize(serializer)
        }
    }

    impl<'de> serde::Deserialize<'de> for Fix {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let Document { command, destructive, applicability, question, ways, advice, edits } =
                Document::deserialize(deserializer)?;
            match applicability {
                Applicability::Safe => {
                    let command = command.ok_or_else(|| D::Error::missing_field("command"))?.into_owned();
                    Ok(Self::Safe(Way { when: None, command, destructive, edits: edits.into_owned() }))
                }
                Applicability::Choose => {
                    let question = question.ok_or_else(|| D::Error::missing_field("question"))?.into_owned();
                    Ok(Self::Choose { question, ways: ways.into_owned() })
                }
                Applicability::Advice => advice
                    .map(|sentence| Self::Advice(sentence.into_owned()))
                    .ok_or_else(|| D::Error::missing_field("advice")),
            }
        }
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Fix {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Fix".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        document::Document::json_schema(generator)
    }
}
