//! Policy files of oslo.policy: rule names with the expressions that allow them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use nom::branch::alt;
use nom::bytes::complete::{tag_no_case, take_while1};
use nom::character::complete::{char, multispace0, multispace1};
use nom::combinator::{peek, value};
use nom::{IResult, Parser};
use scs_standards::yaml;
use thiserror::Error;

/// A policy file: expressions by rule name.
///
/// ```
/// use scs_iaas_policy::config::{Chance, Policy};
///
/// let policy: Policy = "creator: 'role:member'\n'secrets:get': 'rule:creator or role:reader'\n".parse()?;
/// assert_eq!(policy.expression("creator").unwrap()?.to_string(), "role:member");
/// assert_eq!(policy.expression("secrets:get").unwrap()?.allows_role("reader", &policy)?, Chance::Yes);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    rules: BTreeMap<String, Result<PolicyExpression, ParsePolicyExpressionError>>,
}

/// Error: not a policy file.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ParsePolicyError {
    /// It is neither YAML nor JSON.
    #[error("not valid YAML: {0}")]
    Yaml(String),
    /// It is not a mapping.
    #[error("expected a mapping of rule names to expressions")]
    Shape,
}

/// Error: an expression that cannot be parsed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("cannot parse `{expression}` at byte {at} (counted from 0): {message}")]
#[non_exhaustive]
pub struct ParsePolicyExpressionError {
    /// The expression.
    pub expression: String,
    /// The byte offset at which parsing failed.
    pub at: usize,
    /// The problem.
    pub message: String,
}

/// Whether something is possible, as far as known; ordered by likelihood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Chance {
    /// Impossible.
    No,
    /// Unknown.
    Unknown,
    /// Possible.
    Yes,
}

/// Whether an expression can be true, and whether it can be false, for a partially known user.
///
/// ```
/// use scs_iaas_policy::config::{Chance, Holding, Policy};
///
/// let policy: Policy = "share: 'not rule:ours and role:member'\nours: 'role:admin'".parse()?;
/// let share = policy.expression("share").unwrap()?;
/// // Somebody who is not an administrator, and may have any other role.
/// let holding = policy.holding(share, &|check| match check.value.as_str() {
///     "admin" => Holding::NEVER,
///     _ => Holding::EITHER,
/// })?;
/// assert_eq!((holding.holds, holding.fails), (Chance::Yes, Chance::Yes));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Holding {
    /// Whether it can hold.
    pub holds: Chance,
    /// Whether it can fail.
    pub fails: Chance,
}

impl Holding {
    /// It always holds.
    pub const ALWAYS: Self = Self { holds: Chance::Yes, fails: Chance::No };
    /// It never holds.
    pub const NEVER: Self = Self { holds: Chance::No, fails: Chance::Yes };
    /// It depends on facts that are not given.
    pub const EITHER: Self = Self { holds: Chance::Yes, fails: Chance::Yes };
    /// Unknown.
    pub const UNKNOWN: Self = Self { holds: Chance::Unknown, fails: Chance::Unknown };

    /// `ALWAYS` or `NEVER`.
    #[must_use]
    pub const fn of(holds: bool) -> Self {
        if holds { Self::ALWAYS } else { Self::NEVER }
    }

    const fn opposite(self) -> Self {
        Self { holds: self.fails, fails: self.holds }
    }

    fn and(self, other: Self) -> Self {
        Self { holds: self.holds.min(other.holds), fails: self.fails.max(other.fails) }
    }
}

/// Error: references between rules are nested deeper than in any real policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("references to other rules are nested more than {MAX_CHAIN} levels deep")]
pub struct PolicyDepthError;

/// A parsed policy expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PolicyExpression {
    /// Everybody: `@` or an empty expression.
    Always,
    /// Nobody: `!`.
    Never,
    /// A condition.
    Check(PolicyCheck),
    /// Negation.
    Not(Box<PolicyExpression>),
    /// Conjunction.
    And(Vec<PolicyExpression>),
    /// Disjunction.
    Or(Vec<PolicyExpression>),
}

/// `kind:match`, such as `role:member`, `rule:creator` or `'member':%(target.role.name)s`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PolicyCheck {
    /// The kind, before the colon.
    pub kind: String,
    /// The match, after the colon.
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
    type Err = ParsePolicyExpressionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let problem = |rest: &str, message: &str| ParsePolicyExpressionError {
            expression: text.to_owned(),
            at: text.len() - rest.len(),
            message: message.to_owned(),
        };
        if depth(text) > MAX_DEPTH {
            return Err(problem(text, "nested too deeply"));
        }
        if text.trim().is_empty() {
            return Ok(Self::Always);
        }
        match expression(text) {
            Ok((rest, read)) if rest.trim().is_empty() => Ok(read),
            Ok((rest, _)) => Err(problem(rest, "expected `and` or `or`")),
            Err(nom::Err::Error(error) | nom::Err::Failure(error)) => {
                Err(problem(error.input, "expected a check such as `role:member`"))
            }
            Err(nom::Err::Incomplete(_)) => Err(problem("", "unexpected end")),
        }
    }
}

/// Limit of nested brackets, more than in any real policy.
const MAX_DEPTH: usize = 64;

/// Limit of levels of brackets and references together, more than in any real policy.
const MAX_CHAIN: usize = 200;

/// The nesting depth of a text: brackets, and `not`s, which count as a level each.
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

/// `and` binds tighter than `or`.
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

/// Operators are delimited by spaces or brackets.
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

/// A word up to a space or a bracket; `%(…)s` has its own brackets.
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

impl PolicyCheck {
    /// Whether the value is filled in from the request's target, as in `%(target.role.name)s`.
    #[must_use]
    pub fn is_template(&self) -> bool {
        self.value.contains("%(")
    }

    /// Whether another program evaluates it (`http:` and `https:`), so the file does not show its result.
    #[must_use]
    pub fn is_remote(&self) -> bool {
        matches!(self.kind.as_str(), "http" | "https")
    }
}

impl PolicyExpression {
    /// All checks in the expression.
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
    /// Whether two expressions are equivalent up to order and brackets.
    #[must_use]
    pub fn is_same_as(&self, other: &Self) -> bool {
        self.plain() == other.plain()
    }

    /// Normal form: the parts of `and` and `or` sorted, without redundant brackets and repetitions.
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

    /// Whether having a role is enough by itself: `role:member`, or a disjunction with it.
    ///
    /// # Errors
    ///
    /// If references between rules are nested too deeply.
    pub fn allows_role(&self, role: &str, policy: &Policy) -> Result<Chance, PolicyDepthError> {
        let holding = policy.holding(self, &|check| match check.kind.as_str() {
            "role" if check.value.eq_ignore_ascii_case(role) => Holding::ALWAYS,
            _ if check.is_remote() => Holding::UNKNOWN,
            _ => Holding::EITHER,
        })?;
        Ok(match holding.fails {
            Chance::No => Chance::Yes,
            Chance::Unknown => Chance::Unknown,
            Chance::Yes => Chance::No,
        })
    }
}

/// An evaluation, with the results of referenced rules. Each is evaluated once; a rule that refers to itself is unknown.
struct Evaluation<'p, 'f> {
    policy: &'p Policy,
    check: &'f dyn Fn(&PolicyCheck) -> Holding,
    known: BTreeMap<&'p str, Holding>,
}

impl<'p> Evaluation<'p, '_> {
    fn of(&mut self, expression: &'p PolicyExpression, level: usize) -> Result<Holding, PolicyDepthError> {
        let level = level + 1;
        if level > MAX_CHAIN {
            return Err(PolicyDepthError);
        }
        Ok(match expression {
            PolicyExpression::Always => Holding::ALWAYS,
            PolicyExpression::Never => Holding::NEVER,
            PolicyExpression::Not(inner) => self.of(inner, level)?.opposite(),
            PolicyExpression::And(parts) => {
                let mut all = Holding::ALWAYS;
                for part in parts {
                    all = all.and(self.of(part, level)?);
                }
                all
            }
            PolicyExpression::Or(parts) => {
                let mut none = Holding::ALWAYS;
                for part in parts {
                    none = none.and(self.of(part, level)?.opposite());
                }
                none.opposite()
            }
            PolicyExpression::Check(check) if check.kind == "rule" => self.referred(check, level)?,
            PolicyExpression::Check(check) => (self.check)(check),
        })
    }

    fn referred(&mut self, check: &'p PolicyCheck, level: usize) -> Result<Holding, PolicyDepthError> {
        let name = check.value.as_str();
        if let Some(known) = self.known.get(name) {
            return Ok(*known);
        }
        self.known.insert(name, Holding::UNKNOWN);
        let found = match self.policy.rules.get(name) {
            Some(Ok(expression)) => self.of(expression, level)?,
            Some(Err(_)) => Holding::UNKNOWN,
            None => (self.check)(check),
        };
        self.known.insert(name, found);
        Ok(found)
    }
}

impl<'t> FromIterator<(String, &'t str)> for Policy {
    fn from_iter<I: IntoIterator<Item = (String, &'t str)>>(rules: I) -> Self {
        Self { rules: rules.into_iter().map(|(name, text)| (name, text.parse())).collect() }
    }
}

impl FromStr for Policy {
    type Err = ParsePolicyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let value: serde_json::Value =
            serde_saphyr::from_str(text).map_err(|error| ParsePolicyError::Yaml(yaml::reason(&error)))?;
        let mapping = match value {
            serde_json::Value::Object(mapping) => mapping,
            // A file with only comments changes nothing.
            serde_json::Value::Null => serde_json::Map::new(),
            _ => return Err(ParsePolicyError::Shape),
        };
        let rules = mapping.into_iter().map(|(name, value)| {
            let expression = match value {
                serde_json::Value::String(text) => text.parse(),
                serde_json::Value::Null | serde_json::Value::Bool(true) => Ok(PolicyExpression::Always),
                other => Err(ParsePolicyExpressionError {
                    expression: other.to_string(),
                    at: 0,
                    message: "not a string".to_owned(),
                }),
            };
            (name, expression)
        });
        Ok(Self { rules: rules.collect() })
    }
}

impl Policy {
    /// Adds the rules of a file that is read later.
    pub fn overlay(&mut self, later: Self) {
        self.rules.extend(later.rules);
    }

    /// These rules, completed with the defaults of a service.
    #[must_use]
    pub fn over(&self, own: &Self) -> Self {
        let mut all = own.clone();
        all.overlay(self.clone());
        all
    }

    /// The rule names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.rules.keys().map(String::as_str)
    }

    /// The expression of a rule; an error if it cannot be parsed.
    #[must_use]
    pub fn expression(&self, name: &str) -> Option<Result<&PolicyExpression, ParsePolicyExpressionError>> {
        self.rules.get(name).map(|read| read.as_ref().map_err(Clone::clone))
    }

    /// The names that a rule refers to, directly and indirectly. Each name is followed once.
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

    /// Whether an expression can hold and can fail, given the answer of `check` for each check. `check` is also called for a
    /// `rule:` that is not in the file.
    ///
    /// # Errors
    ///
    /// If references between rules are nested too deeply.
    pub fn holding(
        &self,
        expression: &PolicyExpression,
        check: &dyn Fn(&PolicyCheck) -> Holding,
    ) -> Result<Holding, PolicyDepthError> {
        Evaluation { policy: self, check, known: BTreeMap::new() }.of(expression, 0)
    }

    fn checks_of(&self, name: &str) -> Vec<&PolicyCheck> {
        match self.rules.get(name) {
            Some(Ok(expression)) => expression.checks(),
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rule_chains_are_followed_up_to_a_limit() {
        use std::fmt::Write;

        let mut text = "share: rule:r0\n".to_owned();
        for number in 0..20_000 {
            writeln!(text, "r{number}: rule:r{}", number + 1).unwrap();
        }
        let policy: Policy = text.parse().unwrap();
        let share = policy.expression("share").unwrap().unwrap();
        assert_eq!(share.allows_role("member", &policy), Err(PolicyDepthError));
        let last = policy.expression("r19990").unwrap().unwrap();
        assert_eq!(last.allows_role("member", &policy), Ok(Chance::No));
    }

    #[test]
    fn unknown_checks_stay_unknown() {
        use Chance::{No, Unknown, Yes};

        let policy: Policy = "a: 'rule:b'\nb: 'rule:a'\nc: '(('".parse().unwrap();
        let holds = |text: &str| {
            let expression: PolicyExpression = text.parse().unwrap();
            let holding = policy.holding(&expression, &|check| match check.value.as_str() {
                "yes" => Holding::ALWAYS,
                "no" => Holding::NEVER,
                "either" => Holding::EITHER,
                _ => Holding::UNKNOWN,
            });
            holding.map(|holding| (holding.holds, holding.fails))
        };
        for (text, expected) in [
            ("rule:a", (Unknown, Unknown)),
            ("rule:c", (Unknown, Unknown)),
            ("not x:no", (Yes, No)),
            ("x:either and rule:a", (Unknown, Yes)),
            ("x:either or rule:a", (Yes, Unknown)),
            ("not (x:either or rule:a)", (Unknown, Yes)),
            ("x:yes and x:yes and not x:either", (Yes, Yes)),
            ("x:no or rule:a", (Unknown, Unknown)),
            ("x:no and rule:a", (No, Yes)),
        ] {
            assert_eq!(holds(text), Ok(expected), "{text}");
        }
    }
}
