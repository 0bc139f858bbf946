//! Policy files of oslo.policy: names with the expressions that allow what they name.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use nom::branch::alt;
use nom::bytes::complete::{tag_no_case, take_while1};
use nom::character::complete::{char, multispace0, multispace1};
use nom::combinator::{peek, value};
use nom::{IResult, Parser};
use thiserror::Error;

/// A policy file: each name with what it says.
///
/// ```
/// use scs_iaas_policy::config::Policy;
///
/// let policy: Policy = "creator: 'role:member'\n'secrets:get': 'rule:creator or role:reader'\n".parse()?;
/// assert_eq!(policy.expression("creator").unwrap()?.to_string(), "role:member");
/// assert_eq!(policy.roles_of("secrets:get"), ["member".to_owned(), "reader".to_owned()].into());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    rules: BTreeMap<String, Result<PolicyExpression, PolicyProblem>>,
}

/// A text that is no policy file.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ParsePolicyError {
    /// It is neither YAML nor JSON.
    #[error("not valid YAML: {0}")]
    Yaml(String),
    /// It is something else than a mapping.
    #[error("expected a mapping of names to expressions")]
    Shape,
}

/// An expression that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{expression}` cannot be read from byte {at} on (counted from 0): {message}")]
pub struct PolicyProblem {
    /// What was given.
    pub expression: String,
    /// The byte at which reading ended.
    pub at: usize,
    /// What is wrong.
    pub message: String,
}

/// What a policy allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PolicyExpression {
    /// Everybody: `@` or nothing.
    Always,
    /// Nobody: `!`.
    Never,
    /// What something must be.
    Check(PolicyCheck),
    /// Not this.
    Not(Box<PolicyExpression>),
    /// All of these.
    And(Vec<PolicyExpression>),
    /// One of these.
    Or(Vec<PolicyExpression>),
}

/// `kind:match`, such as `role:member`, `rule:creator` or `'member':%(target.role.name)s`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PolicyCheck {
    /// What is looked at.
    pub kind: String,
    /// What it must be.
    pub value: String,
}

impl fmt::Display for PolicyCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind, self.value)
    }
}

impl fmt::Display for PolicyExpression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let several = |f: &mut fmt::Formatter<'_>, parts: &[Self], word: &str| {
            for (index, part) in parts.iter().enumerate() {
                if index > 0 {
                    write!(f, " {word} ")?;
                }
                match part {
                    Self::And(_) | Self::Or(_) => write!(f, "({part})")?,
                    part => write!(f, "{part}")?,
                }
            }
            Ok(())
        };
        match self {
            Self::Always => f.write_str("@"),
            Self::Never => f.write_str("!"),
            Self::Check(check) => write!(f, "{check}"),
            Self::Not(inner) => match inner.as_ref() {
                Self::And(_) | Self::Or(_) => write!(f, "not ({inner})"),
                inner => write!(f, "not {inner}"),
            },
            Self::And(parts) => several(f, parts, "and"),
            Self::Or(parts) => several(f, parts, "or"),
        }
    }
}

impl FromStr for PolicyExpression {
    type Err = PolicyProblem;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let problem = |rest: &str, message: &str| PolicyProblem {
            expression: text.to_owned(),
            at: text.len() - rest.len(),
            message: message.to_owned(),
        };
        if depth(text) > DEEPEST {
            return Err(problem(text, "it is nested too deeply"));
        }
        if text.trim().is_empty() {
            return Ok(Self::Always);
        }
        match expression(text) {
            Ok((rest, read)) if rest.trim().is_empty() => Ok(read),
            Ok((rest, _)) => Err(problem(rest, "`and` or `or` is expected")),
            Err(nom::Err::Error(error) | nom::Err::Failure(error)) => {
                Err(problem(error.input, "a check such as `role:member` is expected"))
            }
            Err(nom::Err::Incomplete(_)) => Err(problem("", "it breaks off")),
        }
    }
}

/// More brackets within each other than any policy has.
const DEEPEST: usize = 64;
/// Through more rules than this no policy refers to another.
pub(crate) const DEEPEST_REFERENCE: usize = 64;

/// How deep a text nests: brackets, and `not`s, each of which is a level of its own.
fn depth(text: &str) -> usize {
    let mut open = 0_usize;
    let mut deepest = 0;
    for byte in text.bytes() {
        match byte {
            b'(' => open += 1,
            b')' => open = open.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(open);
    }
    let nots = text.split(|letter: char| letter.is_whitespace() || letter == '(');
    deepest + nots.filter(|word| word.eq_ignore_ascii_case("not")).count()
}

/// `or` binds less than `and`.
fn expression(input: &str) -> IResult<&str, PolicyExpression> {
    joined(input, "or", conjunction, PolicyExpression::Or)
}

fn conjunction(input: &str) -> IResult<&str, PolicyExpression> {
    joined(input, "and", term, PolicyExpression::And)
}

fn joined<'a>(
    input: &'a str,
    word: &'static str,
    part: fn(&'a str) -> IResult<&'a str, PolicyExpression>,
    join: fn(Vec<PolicyExpression>) -> PolicyExpression,
) -> IResult<&'a str, PolicyExpression> {
    let (mut rest, first) = part(input)?;
    let mut parts = vec![first];
    while let Ok((after, ())) = operator(word).parse(rest) {
        let (after, next) = part(after)?;
        parts.push(next);
        rest = after;
    }
    let read = if parts.len() > 1 { join(parts) } else { parts.remove(0) };
    Ok((rest, read))
}

/// An operator stands between blanks or brackets.
fn operator<'a>(word: &'static str) -> impl Parser<&'a str, Output = (), Error = nom::error::Error<&'a str>> {
    let end = alt((value((), multispace1), value((), char('('))));
    value((), (multispace0, tag_no_case(word), peek(end)))
}

fn term(input: &str) -> IResult<&str, PolicyExpression> {
    let (input, _) = multispace0(input)?;
    let mut negated =
        value((), (tag_no_case("not"), peek(alt((value((), multispace1), value((), char('(')))))));
    let negated: IResult<&str, ()> = negated.parse(input);
    if let Ok((rest, ())) = negated {
        let (rest, inner) = term(rest)?;
        return Ok((rest, PolicyExpression::Not(Box::new(inner))));
    }
    let bracket: IResult<&str, char> = char('(')(input);
    if let Ok((rest, _)) = bracket {
        let (rest, inner) = expression(rest)?;
        let (rest, _) = (multispace0, char(')')).parse(rest)?;
        return Ok((rest, inner));
    }
    check(input)
}

/// A word up to a blank or a bracket; `%(…)s` has brackets of its own.
fn check(input: &str) -> IResult<&str, PolicyExpression> {
    let mut length = 0;
    let mut rest = input;
    loop {
        if let Some(after) = rest.strip_prefix("%(") {
            let Some(end) = after.find(')') else { break };
            length += 2 + end + 1;
            rest = &after[end + 1..];
            continue;
        }
        let plain: IResult<&str, &str> =
            take_while1(|letter: char| !letter.is_whitespace() && !matches!(letter, '(' | ')' | '%'))(rest);
        match plain {
            Ok((after, word)) => {
                length += word.len();
                rest = after;
            }
            Err(_) => match rest.strip_prefix('%') {
                Some(after) => {
                    length += 1;
                    rest = after;
                }
                None => break,
            },
        }
    }
    let word = &input[..length];
    let error = || nom::Err::Error(nom::error::Error::new(input, nom::error::ErrorKind::Tag));
    let read = match word {
        "@" => PolicyExpression::Always,
        "!" => PolicyExpression::Never,
        word => {
            let (kind, value) = word.split_once(':').ok_or_else(error)?;
            if kind.is_empty() || value.is_empty() {
                return Err(error());
            }
            PolicyExpression::Check(PolicyCheck { kind: kind.to_owned(), value: value.to_owned() })
        }
    };
    Ok((rest, read))
}

impl PolicyExpression {
    /// All checks of it.
    #[must_use]
    pub fn checks(&self) -> Vec<&PolicyCheck> {
        match self {
            Self::Always | Self::Never => Vec::new(),
            Self::Check(check) => vec![check],
            Self::Not(inner) => inner.checks(),
            Self::And(parts) | Self::Or(parts) => parts.iter().flat_map(Self::checks).collect(),
        }
    }
}

impl PolicyExpression {
    /// Whether two expressions say the same in another order, or with other brackets.
    #[must_use]
    pub fn is_same_as(&self, other: &Self) -> bool {
        self.plain() == other.plain()
    }

    /// With the parts of `and` and `or` in one order, without brackets that change nothing and without repetitions.
    fn plain(&self) -> String {
        let join = |parts: &[Self], word: &str| {
            let mut flat: Vec<String> = Vec::new();
            for part in parts {
                match (part, word) {
                    (Self::And(inner), "and") | (Self::Or(inner), "or") => {
                        flat.extend(inner.iter().map(Self::plain));
                    }
                    (part, _) => flat.push(part.plain()),
                }
            }
            flat.sort_unstable();
            flat.dedup();
            format!("({})", flat.join(&format!(" {word} ")))
        };
        match self {
            Self::And(parts) => join(parts, "and"),
            Self::Or(parts) => join(parts, "or"),
            Self::Not(inner) => format!("not {}", inner.plain()),
            plain => plain.to_string(),
        }
    }

    /// Whether having a role alone is enough, whatever else is asked: `role:member`, or one of several that is.
    #[must_use]
    pub fn allows_role(&self, role: &str, policy: &Policy) -> bool {
        self.allows(role, policy, &mut BTreeSet::new())
    }

    fn allows<'p>(&'p self, role: &str, policy: &'p Policy, followed: &mut BTreeSet<&'p str>) -> bool {
        // Each name is followed once, and so what is followed is as deep as this at the most.
        if followed.len() > DEEPEST_REFERENCE {
            return false;
        }
        match self {
            Self::Always => true,
            Self::Check(check) if check.kind == "role" => check.value.eq_ignore_ascii_case(role),
            Self::Check(check) if check.kind == "rule" => {
                followed.insert(&check.value)
                    && matches!(policy.expression(&check.value), Some(Ok(inner)) if inner.allows(role, policy, followed))
            }
            Self::Never | Self::Not(_) | Self::Check(_) => false,
            Self::And(parts) => parts.iter().all(|part| part.allows(role, policy, followed)),
            Self::Or(parts) => parts.iter().any(|part| part.allows(role, policy, followed)),
        }
    }
}

/// What is known of a policy before it is asked: true, false, or it depends.
type Known = Option<bool>;

impl PolicyExpression {
    /// Whether a manager of a domain is let in when the role that is granted or taken is this one (`%(target.role.name)s`): a manager
    /// is no administrator. `None` where that depends on something else.
    ///
    /// ```
    /// use scs_iaas_policy::config::Policy;
    ///
    /// let policy: Policy = "managed: \"not 'member':%(target.role.name)s\"".parse()?;
    /// let managed = policy.expression("managed").unwrap()?;
    /// assert_eq!(managed.lets_managers_grant("admin", &policy), Some(true));
    /// assert_eq!(managed.lets_managers_grant("member", &policy), Some(false));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn lets_managers_grant(&self, role: &str, policy: &Policy) -> Option<bool> {
        self.granting(role, policy, &mut BTreeMap::new(), 0)
    }

    /// Each rule that is referred to is looked at once; one that refers to itself is unknown.
    fn granting<'p>(
        &'p self,
        role: &str,
        policy: &'p Policy,
        seen: &mut BTreeMap<&'p str, Known>,
        depth: usize,
    ) -> Known {
        match self {
            Self::Always => Some(true),
            Self::Never => Some(false),
            Self::Not(inner) => inner.granting(role, policy, seen, depth).map(|known| !known),
            Self::And(parts) => {
                let each: Vec<Known> =
                    parts.iter().map(|part| part.granting(role, policy, seen, depth)).collect();
                if each.contains(&Some(false)) {
                    Some(false)
                } else {
                    each.iter().all(Option::is_some).then_some(true)
                }
            }
            Self::Or(parts) => {
                let each: Vec<Known> =
                    parts.iter().map(|part| part.granting(role, policy, seen, depth)).collect();
                if each.contains(&Some(true)) {
                    Some(true)
                } else {
                    each.iter().all(Option::is_some).then_some(false)
                }
            }
            Self::Check(check) => match (check.kind.as_str(), check.quoted_role()) {
                // To Keystone `Admin` and `admin` are one role.
                (_, Some(quoted)) => Some(quoted.eq_ignore_ascii_case(role)),
                ("role", _) if check.value.eq_ignore_ascii_case("manager") => Some(true),
                ("role", _) if check.value.eq_ignore_ascii_case("admin") => Some(false),
                ("rule", _) if depth < DEEPEST_REFERENCE => {
                    if let Some(known) = seen.get(check.value.as_str()) {
                        return *known;
                    }
                    seen.insert(&check.value, None);
                    let known = match policy.expression(&check.value) {
                        Some(Ok(inner)) => inner.granting(role, policy, seen, depth + 1),
                        _ => None,
                    };
                    seen.insert(&check.value, known);
                    known
                }
                _ => None,
            },
        }
    }
}

impl PolicyCheck {
    /// The role that something must be about: `member` of `'member':%(target.role.name)s`.
    fn quoted_role(&self) -> Option<&str> {
        let quoted = self.kind.strip_prefix(['\'', '"'])?.strip_suffix(['\'', '"'])?;
        self.value.contains("role").then_some(quoted)
    }
}

impl FromStr for Policy {
    type Err = ParsePolicyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let value: serde_json::Value = serde_saphyr::from_str(text).map_err(|error| {
            let text = error.to_string();
            ParsePolicyError::Yaml(text.lines().next().unwrap_or_default().to_owned())
        })?;
        let mapping = match value {
            serde_json::Value::Object(mapping) => mapping,
            // A file with nothing but comments changes nothing.
            serde_json::Value::Null => serde_json::Map::new(),
            _ => return Err(ParsePolicyError::Shape),
        };
        let rules = mapping.into_iter().map(|(name, value)| {
            let expression = match value {
                serde_json::Value::String(text) => text.parse(),
                serde_json::Value::Null | serde_json::Value::Bool(true) => Ok(PolicyExpression::Always),
                other => Err(PolicyProblem {
                    expression: other.to_string(),
                    at: 0,
                    message: "it is no text".to_owned(),
                }),
            };
            (name, expression)
        });
        Ok(Self { rules: rules.collect() })
    }
}

impl Policy {
    /// The names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.rules.keys().map(String::as_str)
    }

    /// What a name says; an error where it cannot be read.
    #[must_use]
    pub fn expression(&self, name: &str) -> Option<Result<&PolicyExpression, PolicyProblem>> {
        self.rules.get(name).map(|read| read.as_ref().map_err(Clone::clone))
    }

    /// The names that a rule refers to, directly and through others. A name is followed once.
    #[must_use]
    pub fn references_of(&self, name: &str) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut open = vec![name.to_owned()];
        while let Some(name) = open.pop() {
            for check in self.checks_of(&name) {
                if check.kind == "rule" && found.insert(check.value.clone()) {
                    open.push(check.value.clone());
                }
            }
        }
        found
    }

    /// The roles that a rule names, directly and through others: those that a user may have (`role:member`), and those
    /// that something may be about (`'member':%(target.role.name)s`).
    #[must_use]
    pub fn roles_of(&self, name: &str) -> BTreeSet<String> {
        let names = self.references_of(name).into_iter().chain([name.to_owned()]);
        names
            .flat_map(|name| self.checks_of(&name).into_iter().cloned().collect::<Vec<_>>())
            .filter_map(|check| match check.kind.as_str() {
                "role" => Some(check.value.to_lowercase()),
                _ => check.quoted_role().map(str::to_lowercase),
            })
            .collect()
    }

    fn checks_of(&self, name: &str) -> Vec<&PolicyCheck> {
        match self.rules.get(name) {
            Some(Ok(expression)) => expression.checks(),
            _ => Vec::new(),
        }
    }
}
