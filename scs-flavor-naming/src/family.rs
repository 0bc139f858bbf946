//! Families of names: all combinations of vCPUs, amounts of memory and disks.

use std::borrow::Borrow;
use std::collections::HashSet;
use std::fmt;
use std::hash::Hash;
use std::iter::FusedIterator;
use std::ops::Range;

use scs_standards::{Profile, Span};
use thiserror::Error;

use crate::cpu::{Cpu, CpuType};
use crate::disk::Disk;
use crate::name::FlavorName;
use crate::parser::Parser;
use crate::ram::{Ram, RamSize};
use crate::syntax::Syntax;

/// The maximum number of items in a list; a family of four such lists exceeds any cloud.
pub const MAX_FAMILY_ITEMS: usize = 1000;

/// The ratios of vCPUs to GiB of memory recommended by scs-0103-v1 (*Recommended, part 2*): 1:2, 1:4, 1:8.
pub const RECOMMENDED_RATIOS: [u32; 3] = [2, 4, 8];

/// All combinations of vCPUs, amounts of memory and disks.
///
/// The names are generated lazily, in the order of the lists, with disks changing fastest. Duplicate list items
/// count once.
///
/// ```
/// use scs_flavor_naming::{Family, RECOMMENDED_RATIOS};
///
/// let family = Family::from_lists("1,2,4", "V", "2,4,8", "0,20s,3x10s")?;
/// assert_eq!(family.count_names(), Some(3 * 3 * 3));
/// assert_eq!(family.iter().nth(1).unwrap().to_string(), "SCS-1V-2-20s");
///
/// let family = Family::from_lists("1,2L", "V", "2,4,16", "")?.with_ratios(RECOMMENDED_RATIOS);
/// let names: Vec<String> = family.iter().map(|name| name.to_string()).collect();
/// assert_eq!(names, ["SCS-1V-2", "SCS-1V-4", "SCS-2L-4", "SCS-2L-16"]);
/// # Ok::<(), scs_flavor_naming::FamilyError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Family {
    cpus: Vec<Cpu>,
    ram: Vec<RamSize>,
    disks: Vec<Option<Disk>>,
    /// The GiB per vCPU; empty allows all.
    ratios: Vec<u32>,
}

impl Family {
    /// All combinations of vCPUs and amounts of memory, without disks.
    #[must_use]
    pub fn new(cpus: impl IntoIterator<Item = Cpu>, ram: impl IntoIterator<Item = RamSize>) -> Self {
        Self { cpus: distinct(cpus), ram: distinct(ram), disks: vec![None], ratios: Vec::new() }
    }

    /// Creates a family from comma-separated lists.
    ///
    /// - `cpus`: numbers, `1,2,4`, combined with all `types`; or with their own type, `2L,4Ti`.
    /// - `types`: letters or keys, `V,dedicated-core`; may be empty if every item of `cpus` has a letter.
    /// - `ram`: GiB, `2,3.5,8`.
    /// - `disks`: as in names, `20,20s,3x10s,n`, and `0` for none; an empty list means only none.
    ///
    /// # Errors
    ///
    /// For the first invalid item, and for a list that is empty or has more than
    /// [`MAX_FAMILY_ITEMS`] items.
    ///
    /// ```
    /// use scs_flavor_naming::{Family, FamilyList};
    ///
    /// let error = Family::from_lists("1, two", "V", "4", "").unwrap_err();
    /// assert_eq!((error.list(), error.span().range()), (FamilyList::Cpus, 3..6));
    /// assert_eq!(
    ///     error.to_string(),
    ///     "item 2 of the vCPUs, `two`: expected a positive number, with or without a type: `4`, `4V`"
    /// );
    /// ```
    pub fn from_lists(cpus: &str, types: &str, ram: &str, disks: &str) -> Result<Self, FamilyError> {
        let types = match types.trim() {
            "" => Vec::new(),
            _ => distinct(FamilyList::Types.read(types, cpu_type)?),
        };
        let cpus: Vec<Vec<Cpu>> = FamilyList::Cpus.read(cpus, |item| cpus_of(item, &types))?;
        let ram = FamilyList::Ram.read(ram, ram_size)?;
        let family = Self::new(cpus.into_iter().flatten(), ram);
        if disks.trim().is_empty() {
            return Ok(family);
        }
        Ok(family.with_disks(FamilyList::Disks.read(disks, disk)?))
    }

    /// Sets the disks; `None` is a flavor without a disk.
    #[must_use]
    pub fn with_disks(self, disks: impl IntoIterator<Item = Option<Disk>>) -> Self {
        Self { disks: distinct(disks), ..self }
    }

    /// Restricts the GiB of memory per vCPU: 2 for 1:2. No ratio at all allows every combination.
    #[must_use]
    pub fn with_ratios(self, gib_per_vcpu: impl IntoIterator<Item = u32>) -> Self {
        Self { ratios: distinct(gib_per_vcpu), ..self }
    }

    /// Restricts the ratios to a list such as `1:2,1:4`.
    ///
    /// # Errors
    ///
    /// Like [`Family::from_lists`].
    pub fn with_ratio_list(self, ratios: &str) -> Result<Self, FamilyError> {
        let ratios = FamilyList::Ratios.read(ratios, |item| {
            let gib = item.strip_prefix("1:")?;
            (gib.bytes().all(|byte| byte.is_ascii_digit()) && !gib.starts_with('0'))
                .then(|| gib.parse().ok())?
        })?;
        Ok(self.with_ratios(ratios))
    }

    /// The names.
    #[must_use]
    pub fn iter(&self) -> FamilyNames<&Self> {
        FamilyNames::new(self)
    }

    /// The number of names; `None` if it exceeds a machine word.
    #[must_use]
    pub fn count_names(&self) -> Option<usize> {
        let pairs = if self.ratios.is_empty() {
            self.cpus.len().checked_mul(self.ram.len())?
        } else {
            // The lists have no duplicates, and different ratios require different amounts.
            let ram: HashSet<RamSize> = self.ram.iter().copied().collect();
            let partners = |cpu: &Cpu| {
                self.ratios
                    .iter()
                    .filter_map(|ratio| wanted(*cpu, *ratio))
                    .filter(|size| ram.contains(size))
                    .count()
            };
            self.cpus.iter().try_fold(0_usize, |sum, cpu| sum.checked_add(partners(cpu)))?
        };
        pairs.checked_mul(self.disks.len())
    }

    fn allows(&self, cpu: Cpu, size: RamSize) -> bool {
        self.ratios.is_empty() || self.ratios.iter().any(|ratio| wanted(cpu, *ratio) == Some(size))
    }
}

/// The memory for a number of vCPUs at a ratio, if it can be expressed in a name.
fn wanted(cpu: Cpu, gib_per_vcpu: u32) -> Option<RamSize> {
    RamSize::new(cpu.count.get().checked_mul(gib_per_vcpu)?, false)
}

/// Removes duplicates, keeping the first.
fn distinct<T: Copy + Eq + Hash>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut seen = HashSet::new();
    items.into_iter().filter(|item| seen.insert(*item)).collect()
}

/// Iterator over the names of a [`Family`].
#[derive(Clone, Debug)]
pub struct FamilyNames<F> {
    family: F,
    /// The indices of the next combination.
    next: [usize; 3],
    /// `None` if too many to count.
    left: Option<usize>,
}

impl<F: Borrow<Family>> FamilyNames<F> {
    fn new(family: F) -> Self {
        let left = family.borrow().count_names();
        Self { family, next: [0; 3], left }
    }
}

impl<F: Borrow<Family>> Iterator for FamilyNames<F> {
    type Item = FlavorName;

    fn next(&mut self) -> Option<FlavorName> {
        let family = self.family.borrow();
        loop {
            let [cpu, ram, disk] = self.next;
            let kind = *family.cpus.get(cpu)?;
            let Some(size) = family.ram.get(ram).copied() else {
                self.next = [cpu + 1, 0, 0];
                continue;
            };
            match family.disks.get(disk) {
                Some(disk) if family.allows(kind, size) => {
                    self.next[2] += 1;
                    self.left = self.left.map(|left| left.saturating_sub(1));
                    let ram = Ram { size, no_ecc: false, oversubscribed: false };
                    return Some(FlavorName::plain(kind, ram, *disk));
                }
                _ => self.next = [cpu, ram + 1, 0],
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left.unwrap_or(usize::MAX), self.left)
    }
}

impl<F: Borrow<Family>> FusedIterator for FamilyNames<F> {}

impl IntoIterator for Family {
    type Item = FlavorName;
    type IntoIter = FamilyNames<Self>;

    fn into_iter(self) -> FamilyNames<Self> {
        FamilyNames::new(self)
    }
}

impl<'a> IntoIterator for &'a Family {
    type Item = FlavorName;
    type IntoIter = FamilyNames<&'a Family>;

    fn into_iter(self) -> FamilyNames<&'a Family> {
        self.iter()
    }
}

/// The lists that define a family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FamilyList {
    /// Numbers of vCPUs.
    Cpus,
    /// Types of vCPUs.
    Types,
    /// Amounts of memory.
    Ram,
    /// Disks.
    Disks,
    /// Ratios of vCPUs to GiB of memory.
    Ratios,
}

impl FamilyList {
    const fn expected(self) -> &'static str {
        match self {
            Self::Cpus => "a positive number, with or without a type: `4`, `4V`",
            Self::Types => "a type of vCPUs: `L`, `V`, `T`, `C` or `shared-core`",
            Self::Ram => "a positive number of half GiB: `4`, `3.5`",
            Self::Disks => "`0`, or a disk as names write it: `20`, `20s`, `3x10s`, `n`",
            Self::Ratios => "vCPUs to GiB of memory: `1:4`",
        }
    }

    fn read<T>(self, text: &str, read: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, FamilyError> {
        let mut items = Vec::new();
        let mut start = 0;
        for (index, piece) in text.split(',').enumerate() {
            let item = piece.trim();
            let offset = start + (piece.len() - piece.trim_start().len());
            let error = |kind| FamilyError::new(self, kind, index, item, offset..offset + item.len());
            if index == MAX_FAMILY_ITEMS {
                return Err(error(FamilyErrorKind::TooMany));
            }
            items.push(read(item).ok_or_else(|| error(FamilyErrorKind::Item))?);
            start += piece.len() + 1;
        }
        Ok(items)
    }
}

impl fmt::Display for FamilyList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Cpus => "vCPUs",
            Self::Types => "types of vCPUs",
            Self::Ram => "memory",
            Self::Disks => "disks",
            Self::Ratios => "ratios",
        })
    }
}

/// Error: an invalid list.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{}", self.sentence())]
pub struct FamilyError {
    list: FamilyList,
    kind: FamilyErrorKind,
    index: usize,
    item: String,
    span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum FamilyErrorKind {
    Item,
    TooMany,
}

impl FamilyError {
    fn new(list: FamilyList, kind: FamilyErrorKind, index: usize, item: &str, span: Range<usize>) -> Self {
        let item = item.chars().take(40).collect();
        Self { list, kind, index, item, span: Span::new(span.start, span.end) }
    }

    /// The list with the error.
    #[must_use]
    pub const fn list(&self) -> FamilyList {
        self.list
    }

    /// The position in the text of the list, in bytes; empty for a missing item.
    #[must_use]
    pub const fn span(&self) -> Span {
        self.span
    }

    /// The accepted format.
    #[must_use]
    pub const fn expected(&self) -> &'static str {
        self.list.expected()
    }

    fn sentence(&self) -> String {
        let Self { list, item, .. } = self;
        match self.kind {
            FamilyErrorKind::TooMany => format!("more than {MAX_FAMILY_ITEMS} items in the {list}"),
            FamilyErrorKind::Item if item.is_empty() => {
                format!("item {} of the {list} is missing: expected {}", self.index + 1, self.expected())
            }
            FamilyErrorKind::Item => {
                format!("item {} of the {list}, `{item}`: expected {}", self.index + 1, self.expected())
            }
        }
    }
}

/// Parses a name built around an item, so that the grammar of names decides. Separators would split
/// an item.
fn name_around(item: &str, name: &str) -> Option<FlavorName> {
    const V3: Parser = Parser::of(Syntax::V3, Profile::Text);
    let one_part = !item.is_empty() && item.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.');
    if one_part { Some(V3.accept(name.as_bytes())?.name) } else { None }
}

fn cpu_type(item: &str) -> Option<CpuType> {
    match item.as_bytes() {
        [letter] => CpuType::from_letter(letter.to_ascii_uppercase()),
        _ => CpuType::from_key(item),
    }
}

fn cpus_of(item: &str, types: &[CpuType]) -> Option<Vec<Cpu>> {
    if let Some(name) = name_around(item, &format!("SCS-{item}-1")) {
        return Some(vec![name.cpu()]);
    }
    let of_type = |kind: &CpuType| Some(name_around(item, &format!("SCS-{item}{}-1", kind.letter()))?.cpu());
    // A number alone is incomplete without a type.
    if types.is_empty() { None } else { types.iter().map(of_type).collect() }
}

fn ram_size(item: &str) -> Option<RamSize> {
    let ram = name_around(item, &format!("SCS-1V-{item}"))?.ram();
    (!ram.no_ecc && !ram.oversubscribed).then_some(ram.size)
}

#[expect(clippy::option_option, reason = "no disk is an item of the list like any other")]
fn disk(item: &str) -> Option<Option<Disk>> {
    match item {
        "0" => Some(None),
        _ => Some(Some(name_around(item, &format!("SCS-1V-1-{item}"))?.disk()?)),
    }
}
