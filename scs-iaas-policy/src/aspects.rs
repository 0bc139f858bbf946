//! Parsing, checking, printing and repairing the list of aspects at the start of a volume type's description (scs-0114,
//! *Systematic Description of Volume Types*).

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use nom::bytes::complete::{tag, take_while};
use nom::character::complete::char;
use nom::multi::separated_list1;
use nom::sequence::delimited;
use nom::{IResult, Parser};
use thiserror::Error;

/// An aspect defined by the standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Aspect {
    /// Volumes are encrypted.
    Encrypted,
    /// Volumes are stored several times, so no data is lost if a piece of hardware fails.
    Replicated,
}

impl Aspect {
    /// All aspects, in list order.
    pub const ALL: [Self; 2] = [Self::Encrypted, Self::Replicated];

    /// The name used in the list.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Encrypted => "encrypted",
            Self::Replicated => "replicated",
        }
    }
}

impl fmt::Display for Aspect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A valid list: known aspects, each once, in alphabetic order.
///
/// ```
/// use scs_iaas_policy::{Aspect, AspectList};
///
/// let list: AspectList = "[scs:encrypted, replicated]".parse()?;
/// assert!(list.has(Aspect::Replicated));
/// assert_eq!(list.to_string(), "[scs:encrypted, replicated]");
/// assert!("[scs:replicated, encrypted]".parse::<AspectList>().is_err());
/// assert!(AspectList::new([]).is_none(), "an empty list is not valid");
/// # Ok::<(), scs_iaas_policy::AspectProblem>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AspectList(BTreeSet<Aspect>);

impl AspectList {
    /// A list of the given aspects; `None` if there are none.
    #[must_use]
    pub fn new(aspects: impl IntoIterator<Item = Aspect>) -> Option<Self> {
        let aspects: BTreeSet<Aspect> = aspects.into_iter().collect();
        (!aspects.is_empty()).then_some(Self(aspects))
    }

    /// Whether the list has an aspect.
    #[must_use]
    pub fn has(&self, aspect: Aspect) -> bool {
        self.0.contains(&aspect)
    }

    /// The aspects, in order.
    pub fn aspects(&self) -> impl Iterator<Item = Aspect> {
        self.0.iter().copied()
    }
}

impl fmt::Display for AspectList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.0.iter().map(|aspect| aspect.name()).collect();
        write!(f, "[scs:{}]", names.join(", "))
    }
}

impl FromStr for AspectList {
    type Err = AspectProblem;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let given = match Described::read(text) {
            Described::List(given) if given.rest.is_empty() => given,
            Described::List(given) => return Err(AspectProblem::Rest(given.rest.to_owned())),
            Described::Malformed(problem) => return Err(problem),
            Described::Nothing => return Err(AspectProblem::NoList),
        };
        match given.problems().into_iter().next() {
            Some(problem) => Err(problem),
            None => given.list().ok_or(AspectProblem::Empty),
        }
    }
}

/// A problem with a list of aspects.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum AspectProblem {
    /// The description does not start with a list.
    #[error("the description does not start with `[scs:`")]
    NoList,
    /// The list has no closing bracket.
    #[error("the list of aspects has no closing `]`")]
    Unclosed,
    /// A bracket within the list.
    #[error("the list of aspects contains a bracket")]
    Nested,
    /// Text follows the list where only a list is expected.
    #[error("`{0}` follows the list")]
    Rest(String),
    /// The list is empty.
    #[error("the list of aspects is empty")]
    Empty,
    /// A comma with nothing before or after it.
    #[error("an aspect is missing between two commas")]
    EmptyPart,
    /// A part that is not a word.
    #[error("`{0}` is not an aspect; aspects are words of a to z, separated by `, `")]
    NoWord(String),
    /// Aspects out of order.
    #[error("the aspects are not in alphabetic order")]
    Unsorted,
    /// An aspect that is listed twice.
    #[error("`{0}` is listed more than once")]
    Duplicate(String),
    /// An aspect that is not in the standard.
    #[error("`{0}` is not an aspect in the standard")]
    Unknown(String),
    /// Spaces other than one after each comma.
    #[error("separate aspects with `, ` and use no other spaces")]
    Blanks,
}

/// The start of a description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Described<'a> {
    /// No list.
    Nothing,
    /// Something that starts like a list but is not one.
    Malformed(AspectProblem),
    /// A list, in any order.
    List(GivenAspects<'a>),
}

/// A list as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenAspects<'a> {
    parts: Vec<&'a str>,
    rest: &'a str,
}

const OPEN: &str = "[scs:";

fn list(input: &str) -> IResult<&str, Vec<&str>> {
    let part = take_while(|letter: char| !matches!(letter, ',' | '[' | ']'));
    delimited(tag(OPEN), separated_list1(char(','), part), char(']')).parse(input)
}

impl<'a> Described<'a> {
    /// Parses the start of a description.
    ///
    /// ```
    /// use scs_iaas_policy::{AspectProblem, Described};
    ///
    /// let Described::List(given) = Described::read("[scs:replicated,encrypted] LUKS on Ceph") else { panic!() };
    /// assert_eq!(given.aspects().collect::<Vec<_>>(), ["replicated", "encrypted"]);
    /// assert_eq!(given.problems(), [AspectProblem::Unsorted, AspectProblem::Blanks]);
    /// assert_eq!(given.repaired().as_deref(), Some("[scs:encrypted, replicated] LUKS on Ceph"));
    /// assert_eq!(Described::read("[scs:encrypted LUKS"), Described::Malformed(AspectProblem::Unclosed));
    /// assert_eq!(Described::read("LUKS [scs:encrypted]"), Described::Nothing);
    /// ```
    #[must_use]
    pub fn read(description: &'a str) -> Self {
        match list(description) {
            Ok((rest, parts)) => Self::List(GivenAspects { parts, rest }),
            Err(_) => match description.strip_prefix(OPEN) {
                None => Self::Nothing,
                Some(begun) => {
                    let nested = begun.find('[').is_some_and(|open| begun[..open].find(']').is_none());
                    Self::Malformed(if nested { AspectProblem::Nested } else { AspectProblem::Unclosed })
                }
            },
        }
    }
}

/// A list of aspects in a description, but not at its start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misplaced<'a> {
    /// The list and the text after it.
    pub list: GivenAspects<'a>,
    before: &'a str,
}

impl<'a> Misplaced<'a> {
    /// Finds the first such list.
    ///
    /// ```
    /// use scs_iaas_policy::Misplaced;
    ///
    /// let misplaced = Misplaced::find("LUKS encrypted [scs:encrypted, replicated]").unwrap();
    /// assert_eq!(misplaced.moved().as_deref(), Some("[scs:encrypted, replicated] LUKS encrypted"));
    /// assert!(Misplaced::find("[scs:encrypted] LUKS").is_none());
    /// ```
    #[must_use]
    pub fn find(description: &'a str) -> Option<Self> {
        if description.starts_with(OPEN) {
            return None;
        }
        let (before, from) = description.split_at(description.find(OPEN)?);
        let (rest, parts) = list(from).ok()?;
        Some(Self { list: GivenAspects { parts, rest }, before })
    }

    /// The description with the list moved to its start; `None` if the list has no known aspect.
    #[must_use]
    pub fn moved(&self) -> Option<String> {
        let front = GivenAspects { parts: self.list.parts.clone(), rest: "" }.repaired()?;
        let words = [self.before.trim(), self.list.rest.trim()];
        let others = words.into_iter().filter(|words| !words.is_empty());
        Some(std::iter::once(front.as_str()).chain(others).collect::<Vec<_>>().join(" "))
    }
}

impl<'a> GivenAspects<'a> {
    /// The aspects without surrounding spaces, in the order given.
    pub fn aspects(&self) -> impl Iterator<Item = &'a str> {
        self.parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty())
    }

    /// The known aspects among its words, however they are separated: `encrypted; replicated` has two.
    pub fn said(&self) -> impl Iterator<Item = Aspect> {
        Aspect::ALL
            .into_iter()
            .filter(|aspect| self.words().any(|word| word.eq_ignore_ascii_case(aspect.name())))
    }

    /// The words that are not aspects, in the order given.
    pub fn unknown(&self) -> impl Iterator<Item = &'a str> {
        self.words().filter(|word| !Aspect::ALL.iter().any(|aspect| aspect.name().eq_ignore_ascii_case(word)))
    }

    fn words(&self) -> impl Iterator<Item = &'a str> {
        let is_part = |letter: char| letter.is_alphanumeric() || letter == '-' || letter == '_';
        self.parts
            .iter()
            .flat_map(move |part| part.split(move |letter| !is_part(letter)))
            .filter(|word| !word.is_empty())
    }

    /// Whether the list has a known aspect.
    #[must_use]
    pub fn names(&self, aspect: Aspect) -> bool {
        self.aspects().any(|name| name == aspect.name())
    }

    /// The text after the list.
    #[must_use]
    pub const fn rest(&self) -> &'a str {
        self.rest
    }

    /// The known aspects as a valid list; `None` if there are none.
    #[must_use]
    pub fn list(&self) -> Option<AspectList> {
        AspectList::new(Aspect::ALL.into_iter().filter(|aspect| self.names(*aspect)))
    }

    /// All deviations from the standard's format, worst first.
    #[must_use]
    pub fn problems(&self) -> Vec<AspectProblem> {
        let names: Vec<&str> = self.parts.iter().map(|part| part.trim()).collect();
        if names == [""] {
            return vec![AspectProblem::Empty];
        }
        let mut problems = Vec::new();
        if names.contains(&"") {
            problems.push(AspectProblem::EmptyPart);
        }
        let is_word = |name: &&str| {
            name.is_empty()
                || name
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte))
        };
        problems.extend(
            names.iter().filter(|name| !is_word(name)).map(|name| AspectProblem::NoWord((*name).to_owned())),
        );
        if !names.is_sorted() {
            problems.push(AspectProblem::Unsorted);
        }
        let mut seen = BTreeSet::new();
        let mut twice = BTreeSet::new();
        for name in names.iter().filter(|name| !name.is_empty()) {
            if !seen.insert(*name) && twice.insert(*name) {
                problems.push(AspectProblem::Duplicate((*name).to_owned()));
            }
        }
        let known = |name: &&str| Aspect::ALL.iter().any(|aspect| aspect.name() == *name);
        let unknown = seen.iter().filter(|name| !known(name) && is_word(name));
        problems.extend(unknown.map(|name| AspectProblem::Unknown((*name).to_owned())));
        let blank = |(index, part): (usize, &&str)| {
            let expected = if index == 0 { part.trim().to_owned() } else { format!(" {}", part.trim()) };
            *part != expected
        };
        if self.parts.iter().enumerate().any(blank) {
            problems.push(AspectProblem::Blanks);
        }
        problems
    }

    /// Whether all its words are aspects in the standard's spelling.
    #[must_use]
    pub fn is_clear(&self) -> bool {
        self.unknown().next().is_none() && self.said().all(|aspect| self.names(aspect))
    }

    /// The description with its known aspects and one more in the list, followed by the other words.
    pub(crate) fn spelled(&self, more: Option<Aspect>) -> Option<(AspectList, String)> {
        let list = AspectList::new(self.said().chain(more))?;
        let others: Vec<&str> = self.unknown().collect();
        let others = if others.is_empty() { String::new() } else { format!(" ({})", others.join(", ")) };
        let description = format!("{list}{others}{}", self.rest);
        Some((list, description))
    }

    /// The description with an aspect added to the list.
    pub(crate) fn with(&self, aspect: Aspect) -> String {
        self.listing(self.list().iter().flat_map(AspectList::aspects).chain([aspect]))
    }

    /// The description with an aspect removed from the list.
    pub(crate) fn without(&self, aspect: Aspect) -> String {
        let known = self.list();
        self.listing(known.iter().flat_map(AspectList::aspects).filter(|known| *known != aspect))
    }

    /// The description with these aspects in the list, followed by the words that are not aspects.
    fn listing(&self, aspects: impl Iterator<Item = Aspect>) -> String {
        let known = |name: &&str| Aspect::ALL.iter().any(|aspect| aspect.name() == *name);
        let others: BTreeSet<&str> = self.aspects().filter(|name| !known(name)).collect();
        let list = AspectList::new(aspects).map(|list| list.to_string()).unwrap_or_default();
        let others: Vec<&str> = others.into_iter().collect();
        let others = if others.is_empty() { String::new() } else { format!(" ({})", others.join(", ")) };
        format!("{list}{others}{}", self.rest).trim_start().to_owned()
    }

    /// The description with a valid list, followed by the words that are not aspects; `None` if the list has no known
    /// aspect.
    #[must_use]
    pub fn repaired(&self) -> Option<String> {
        let list = self.list()?;
        Some(self.listing(list.aspects()))
    }
}
