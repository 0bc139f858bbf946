//! GPU cards and their partitions, each with its name part (supplement scs-0100-w1, *GPU table*).
//!
//! Most values in the supplement come from data sheets; it asks providers to verify them. Where
//! its columns disagree, the name part counts (C-023); see [`Card::remark`].

use std::fmt;
use std::sync::LazyLock;

use scs_standards::Profile;

use crate::gpu::{Gpu, GpuAccess, GpuVendor};
use crate::name::FlavorName;
use crate::parser::Parser;
use crate::syntax::Syntax;

/// A row of the tables.
#[derive(Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
struct Row {
    vendor: GpuVendor,
    name: &'static str,
    /// Numerator and denominator.
    fraction: (u8, u8),
    units: u32,
    vram_gib: u32,
    memory: Option<&'static str>,
    piece: &'static str,
    consumer: bool,
    remark: Option<&'static str>,
}

const fn card(
    vendor: GpuVendor,
    name: &'static str,
    fraction: (u8, u8),
    units: u32,
    vram_gib: u32,
    memory: &'static str,
    piece: &'static str,
) -> Row {
    let memory = if memory.is_empty() { None } else { Some(memory) };
    Row { vendor, name, fraction, units, vram_gib, memory, piece, consumer: false, remark: None }
}

impl Row {
    const fn consumer(self) -> Self {
        Self { consumer: true, ..self }
    }

    const fn remark(self, remark: &'static str) -> Self {
        Self { remark: Some(remark), ..self }
    }
}

const UNVALIDATED: &str = "the supplement marks the figures of this partition as not validated";
const HBM: &str = "high-bandwidth memory that the supplement's name part does not mark with `h` (C-008)";
const H200: &str =
    "the supplement repeats the core count of the whole card; the units are for half of it (C-023)";
const PRO6000: &str =
    "the supplement's core count does not match 128 cores per unit; the name part counts (C-023)";
const MI250X: &str =
    "the supplement's column has 229 units, but its name part and core count give 220 (C-023)";
const MI325X: &str = "announced with the supplement's 288 GB of HBM3e, but sold with 256 GB";

/// The tables, in the order of the supplement: vendor, card, fraction, units (SMs, CUs, EUs), VRAM in GiB, memory
/// type, name part. A card is listed once for each fraction.
#[rustfmt::skip]
const TABLE: &[Row] = {
    use GpuVendor::{Amd as A, Intel as I, Nvidia as N};
    &[
        // Ampere.
        card(N, "A10",                   (1, 1),  72,  24, "GDDR6", "GNa-72-24"),
        card(N, "A40",                   (1, 1),  84,  48, "GDDR6", "GNa-84-48"),
        card(N, "A30",                   (1, 1),  56,  24, "HBM2",  "GNa-56-24").remark(HBM),
        card(N, "A30",                   (1, 2),  28,  12, "HBM2",  "GNa-28-12").remark(HBM),
        card(N, "A30",                   (1, 4),  14,   6, "HBM2",  "GNa-14-6").remark(HBM),
        card(N, "A30X",                  (1, 1),  56,  24, "HBM2e", "GNa-56h-24h"),
        card(N, "A100",                  (1, 1), 108,  80, "HBM2e", "GNa-108h-80h"),
        card(N, "A100",                  (1, 2),  54,  40, "HBM2e", "GNa-54h-40h"),
        card(N, "A100",                  (1, 4),  27,  20, "HBM2e", "GNa-27h-20h"),
        card(N, "A100",                  (1, 7),  15,  10, "HBM2e", "GNa-15h-10h").remark(UNVALIDATED),
        card(N, "A100X",                 (1, 1), 108,  80, "HBM2e", "GNa-108-80h"),
        // Ada Lovelace.
        card(N, "L4",                    (1, 1),  58,  24, "GDDR6", "GNl-58-24"),
        card(N, "L40",                   (1, 1), 142,  48, "GDDR6", "GNl-142-48"),
        card(N, "L40G",                  (1, 1), 142,  48, "GDDR6", "GNl-142h-48"),
        card(N, "L40S",                  (1, 1), 142,  48, "GDDR6", "GNl-142hh-48"),
        card(N, "RTX2000 Ada",           (1, 1),  22,  16, "GDDR6", "GNl-22-16"),
        card(N, "RTX4000 Ada",           (1, 1),  48,  20, "GDDR6", "GNl-48-20"),
        card(N, "RTX4500 Ada",           (1, 1),  60,  24, "GDDR6", "GNl-60-24"),
        card(N, "RTX5000 Ada",           (1, 1), 100,  32, "GDDR6", "GNl-100-32"),
        card(N, "RTX5880 Ada",           (1, 1), 110,  48, "GDDR6", "GNl-110-48"),
        card(N, "RTX6000 Ada",           (1, 1), 142,  48, "GDDR6", "GNl-142-48"),
        // Grace Hopper.
        card(N, "H100",                  (1, 1), 132,  80, "HBM3",  "GNg-132-80h"),
        card(N, "H100",                  (1, 2),  66,  40, "HBM3",  "GNg-66-40h"),
        card(N, "H100",                  (1, 4),  33,  20, "HBM3",  "GNg-33-20h"),
        card(N, "H100",                  (1, 7),  18,  10, "HBM3",  "GNg-18-10h").remark(UNVALIDATED),
        card(N, "H200",                  (1, 1), 132, 141, "HBM3e", "GNg-132-141h"),
        card(N, "H200",                  (1, 2),  66,  70, "HBM3e", "GNg-66-70h").remark(H200),
        // Blackwell and Blackwell Ultra.
        card(N, "GB200",                 (1, 1), 160, 192, "HBM3e", "GNb-160-192h"),
        card(N, "GB200",                 (1, 2),  80,  96, "HBM3e", "GNb-80-96h"),
        card(N, "GB200",                 (2, 7),  44,  45, "HBM3e", "GNb-44-45h").remark(UNVALIDATED),
        card(N, "GB200",                 (1, 7),  22,  23, "HBM3e", "GNb-22-23h").remark(UNVALIDATED),
        card(N, "GB300",                 (1, 1), 160, 288, "HBM3e", "GNu-160-288h"),
        card(N, "GB300",                 (1, 2),  80, 144, "HBM3e", "GNu-80-144h"),
        card(N, "RTX Pro2000 Blackwell", (1, 1),  34,  16, "GDDR7", "GNb-34-16"),
        card(N, "RTX Pro4000 Blackwell", (1, 1),  70,  24, "GDDR7", "GNb-70-24"),
        card(N, "RTX Pro4500 Blackwell", (1, 1),  82,  32, "GDDR7", "GNb-82-32"),
        card(N, "RTX Pro5000 Blackwell", (1, 1), 110,  72, "GDDR7", "GNb-110-72"),
        card(N, "RTX Pro5000 Blackwell", (1, 2),  55,  36, "GDDR7", "GNb-55-36"),
        card(N, "RTX Pro6000 Blackwell", (1, 1), 188,  96, "GDDR7", "GNb-188-96").remark(PRO6000),
        card(N, "RTX Pro6000 Blackwell", (1, 2),  94,  48, "GDDR7", "GNb-94-48").remark(PRO6000),
        card(N, "RTX Pro6000 Blackwell", (1, 4),  47,  24, "GDDR7", "GNb-47-24").remark(PRO6000),
        // CDNA 2.
        card(A, "Instinct MI210",        (1, 1), 104,  64, "HBM2e", "GA2-104-64h"),
        card(A, "Instinct MI250",        (1, 1), 208, 128, "HBM2e", "GA2-208-128h"),
        card(A, "Instinct MI250X",       (1, 1), 220, 128, "HBM2e", "GA2-220-128h").remark(MI250X),
        // CDNA 3.
        card(A, "Instinct MI300X",       (1, 1), 304, 192, "HBM3",  "GA3-304-192h"),
        card(A, "Instinct MI325X",       (1, 1), 304, 288, "HBM3",  "GA3-304-288h").remark(MI325X),
        // CDNA 4.
        card(A, "Instinct MI350X",       (1, 1), 256, 288, "HBM3e", "GA4-256-288h"),
        card(A, "Instinct MI355X",       (1, 1), 256, 288, "HBM3e", "GA4-256h-288h"),
        // Workstation RDNA 3 and 4.
        card(A, "Radeon Pro W7900",      (1, 1),  96,  48, "GDDR6", "GA3.1-96-48"),
        card(A, "Radeon AI Pro R9700",   (1, 1),  64,  32, "GDDR6", "GA4.1-64-32"),
        // Xe-HPC (Ponte Vecchio).
        card(I, "Max 1100",              (1, 1),  56,  48, "HBM2e", "GI3-56-48h"),
        card(I, "Max 1550",              (1, 1), 128, 128, "HBM2e", "GI3-128-128h"),
        // Workstation cards Arc B.
        card(I, "Arc Pro B50",           (1, 1), 128,  16, "GDDR6", "GI4-128-16"),
        card(I, "Arc Pro B60",           (1, 1), 160,  24, "GDDR6", "GI4-160-24"),
        card(I, "Arc Pro B65",           (1, 1), 160,  32, "GDDR6", "GI4-160-32"),
        card(I, "Arc Pro B70",           (1, 1), 256,  32, "GDDR6", "GI4-256-32"),
        // Consumer cards, for which the supplement does not give the memory type.
        card(N, "RTX4080S",              (1, 1),  80,  16, "",      "GNl-80-16").consumer(),
        card(N, "RTX4090",               (1, 1), 128,  24, "",      "GNl-128-24").consumer(),
        card(N, "RTX5080S",              (1, 1),  84,  24, "",      "GNb-84-24").consumer(),
        card(N, "RTX5090",               (1, 1), 170,  32, "",      "GNb-170-32").consumer(),
        card(A, "RX7900XTX",             (1, 1),  96,  24, "",      "GA3.1-96-24").consumer(),
    ]
};

/// A GPU card, or a partition of one: a row of the supplement's tables.
///
/// ```
/// use scs_flavor_naming::Card;
///
/// let quarter = Card::find("A30 1/4").remove(0);
/// assert_eq!(quarter.piece(), "GNa-14-6");
/// assert_eq!((quarter.units(), quarter.vram_gib(), quarter.memory()), (14, 6, Some("HBM2")));
/// assert_eq!(quarter.to_string(), "A30 1/4");
/// ```
#[derive(Clone, Copy)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(transparent))]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Card(&'static Row);

impl Card {
    /// All cards, in the order of the supplement.
    pub fn all() -> impl Iterator<Item = Self> + Clone {
        TABLE.iter().map(Self)
    }

    /// The cards that match a name part, most exact matches first.
    ///
    /// Anything that the name part leaves open matches. A missing `h` understates the card;
    /// an `h` for memory that is missing in the table matches HBM (C-008). How the GPU
    /// is attached to the instance does not matter.
    ///
    /// ```
    /// use scs_flavor_naming::{Card, Gpu};
    ///
    /// let names = |piece: &str| -> Vec<String> {
    ///     Card::candidates(&Gpu::from_piece(piece).unwrap()).iter().map(Card::to_string).collect()
    /// };
    /// assert_eq!(names("GNa-14-6h"), ["A30 1/4"]);
    /// assert_eq!(names("GNl-142-48"), ["L40", "RTX6000 Ada", "L40G", "L40S"]);
    /// assert_eq!(names("GNl-142hh"), ["L40S"]);
    /// assert_eq!(names("GI3"), ["Max 1100", "Max 1550"]);
    /// assert!(names("GNa-1000").is_empty());
    /// ```
    #[must_use]
    pub fn candidates(gpu: &Gpu) -> Vec<Self> {
        let mut cards: Vec<(bool, Self)> = Self::all()
            .filter_map(|card| {
                let own = card.gpu();
                let exact = (own.frequency(), own.bandwidth()) == (gpu.frequency(), gpu.bandwidth());
                card.fits(gpu).then_some((!exact, card))
            })
            .collect();
        cards.sort_by_key(|(inexact, _)| *inexact);
        cards.into_iter().map(|(_, card)| card).collect()
    }

    /// Like [`Card::candidates`], but only whether there is any match.
    pub(crate) fn knows(gpu: &Gpu) -> bool {
        // Called for each GPU of a list of names.
        static KNOWN: LazyLock<Known> = LazyLock::new(Known::new);
        KNOWN.knows(gpu)
    }

    fn fits(self, gpu: &Gpu) -> bool {
        self.fits_as(&self.gpu(), gpu)
    }

    /// Whether the card, as described by its name part, matches a GPU.
    fn fits_as(self, own: &Gpu, gpu: &Gpu) -> bool {
        own.vendor() == gpu.vendor()
            && gpu.generation().is_none_or(|generation| own.generation() == Some(generation))
            && gpu.units().is_none_or(|units| own.units() == Some(units))
            && gpu.vram_gib().is_none_or(|vram| own.vram_gib() == Some(vram))
            && gpu.frequency() <= own.frequency()
            && (gpu.bandwidth() == 0 || self.has_high_bandwidth())
    }

    /// Finds cards by name, in any case and spacing, with or without vendor and fraction, or by the
    /// name part in a flavor name. Exact matches take precedence over partial ones.
    ///
    /// ```
    /// use scs_flavor_naming::Card;
    ///
    /// let names = |text| -> Vec<String> { Card::find(text).iter().map(Card::to_string).collect() };
    /// assert_eq!(names("a100"), ["A100", "A100 1/2", "A100 1/4", "A100 1/7"]);
    /// assert_eq!(names("nvidia A100 1/2"), ["A100 1/2"]);
    /// assert_eq!(names("rtx 6000"), ["RTX6000 Ada"]);
    /// assert_eq!(names("mi300x"), ["Instinct MI300X"]);
    /// assert_eq!(names("GNb-94-48"), ["RTX Pro6000 Blackwell 1/2"]);
    /// assert!(names("voodoo 2").is_empty());
    /// ```
    #[must_use]
    pub fn find(text: &str) -> Vec<Self> {
        if let Some(gpu) = Gpu::from_piece(text.trim()) {
            return Self::candidates(&gpu);
        }
        let (mut vendor, mut fraction, mut words) = (None, None, Vec::new());
        for word in text.split_whitespace() {
            if let Some(named) =
                GpuVendor::ALL.into_iter().find(|vendor| vendor.key().eq_ignore_ascii_case(word))
            {
                vendor = Some(named);
            } else if let Some(named) = read_fraction(word) {
                fraction = Some(named);
            } else {
                words.push(letters_and_digits(word));
            }
        }
        if vendor.is_none() && fraction.is_none() && words.iter().all(String::is_empty) {
            return Vec::new();
        }
        let fitting = |test: &dyn Fn(&str) -> bool| -> Vec<Self> {
            Self::all()
                .filter(|card| vendor.is_none_or(|vendor| card.vendor() == vendor))
                .filter(|card| fraction.is_none_or(|fraction| card.fraction() == fraction))
                .filter(|card| test(&letters_and_digits(card.name())))
                .collect()
        };
        let whole = words.concat();
        let tests: [&dyn Fn(&str) -> bool; 3] =
            [&|name| name == whole, &|name| name.contains(&whole), &|name| {
                words.iter().all(|word| name.contains(word.as_str()))
            }];
        tests.into_iter().map(fitting).find(|cards| !cards.is_empty()).unwrap_or_default()
    }

    /// The vendor of the GPU.
    #[must_use]
    pub const fn vendor(self) -> GpuVendor {
        self.0.vendor
    }

    /// The name of the card without vendor and fraction, such as `A100`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.0.name
    }

    /// The fraction of the card, as numerator and denominator: `(1, 1)` for the whole card.
    #[must_use]
    pub const fn fraction(self) -> (u8, u8) {
        self.0.fraction
    }

    /// The number of processing units: SMs (nVidia), CUs (AMD) or EUs (Intel).
    #[must_use]
    pub const fn units(self) -> u32 {
        self.0.units
    }

    /// Video memory in GiB, rounded down.
    #[must_use]
    pub const fn vram_gib(self) -> u32 {
        self.0.vram_gib
    }

    /// The memory type, such as `HBM2e`; `None` for consumer cards, for which the supplement does not give it.
    #[must_use]
    pub const fn memory(self) -> Option<&'static str> {
        self.0.memory
    }

    /// Whether it has high-bandwidth memory, regardless of an `h` in the name part.
    #[must_use]
    pub fn has_high_bandwidth(self) -> bool {
        self.memory().is_some_and(|memory| memory.starts_with("HBM")) || self.gpu().bandwidth() > 0
    }

    /// Whether it is a consumer card, which the supplement lists but does not recommend.
    #[must_use]
    pub const fn is_consumer(self) -> bool {
        self.0.consumer
    }

    /// A remark about uncertain or wrong values in the supplement.
    #[must_use]
    pub const fn remark(self) -> Option<&'static str> {
        self.0.remark
    }

    /// The name part for pass-through, such as `GNa-108h-80h`.
    #[must_use]
    pub const fn piece(self) -> &'static str {
        self.0.piece
    }

    /// The GPU described by [`Card::piece`].
    ///
    /// ```
    /// use scs_flavor_naming::{Card, CpuType, FlavorName};
    ///
    /// let h100 = Card::find("H100 1/1")[0];
    /// let name = FlavorName::builder().cpus(16, CpuType::DedicatedThread).ram_gib(128).gpu(h100.gpu()).build()?;
    /// assert_eq!(name.to_string(), "SCS-16T-128_GNg-132-80h");
    /// # Ok::<(), scs_flavor_naming::BuildNameError>(())
    /// ```
    #[must_use]
    pub fn gpu(self) -> Gpu {
        // A test verifies that every name part parses; the vendor is a fallback.
        Gpu::from_piece(self.piece())
            .unwrap_or_else(|| Gpu::vendor_only(GpuAccess::PassThrough, self.vendor()))
    }
}

/// An index of the cards by number of units.
struct Known {
    /// Ordered by units.
    cards: Vec<(Gpu, Card)>,
    /// For each number of units, the index of its first card, with one more entry for the end.
    begins: Vec<usize>,
}

impl Known {
    fn new() -> Self {
        let mut cards: Vec<_> = Card::all().map(|card| (card.gpu(), card)).collect();
        cards.sort_by_key(|(_, card)| card.units());
        let most = cards.last().map_or(0, |(_, card)| card.units());
        let begins =
            (0..=most + 1).map(|units| cards.partition_point(|(_, card)| card.units() < units)).collect();
        Self { cards, begins }
    }

    fn knows(&self, gpu: &Gpu) -> bool {
        let cards = match gpu.units().map(|units| units.get() as usize) {
            None => &self.cards[..],
            Some(units) => match (self.begins.get(units), self.begins.get(units + 1)) {
                (Some(&begin), Some(&end)) => &self.cards[begin..end],
                _ => &[],
            },
        };
        cards.iter().any(|(own, card)| card.fits_as(own, gpu))
    }
}

impl From<Card> for Gpu {
    fn from(card: Card) -> Self {
        card.gpu()
    }
}

impl Gpu {
    /// Parses a GPU name part in the syntax of v3, such as `GNa-14-6`, with or without the leading `_`.
    ///
    /// ```
    /// use scs_flavor_naming::Gpu;
    ///
    /// assert_eq!(Gpu::from_piece("_GNa-14-6h").unwrap().piece(), "GNa-14-6h");
    /// assert!(Gpu::from_piece("GNa_ib").is_none());
    /// ```
    #[must_use]
    pub fn from_piece(piece: &str) -> Option<Self> {
        const V3: Parser = Parser::of(Syntax::V3, Profile::Text);
        let text = format!("SCS-1V-1_{}", piece.strip_prefix('_').unwrap_or(piece));
        let name = V3.accept(text.as_bytes())?.name;
        let plain = FlavorName::plain(name.cpu, name.ram, None);
        // With other extensions, it is more than a GPU.
        (name == FlavorName { gpu: name.gpu, ..plain }).then_some(name.gpu).flatten()
    }
}

impl PartialEq for Card {
    fn eq(&self, other: &Self) -> bool {
        (self.0.name, self.0.fraction) == (other.0.name, other.0.fraction)
    }
}

impl Eq for Card {}

impl fmt::Debug for Card {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Card({self})")
    }
}

/// Formats as the name of the card, with the fraction for a partition.
impl fmt::Display for Card {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.fraction {
            (1, 1) => f.pad(self.0.name),
            (numerator, denominator) => f.pad(&format!("{} {numerator}/{denominator}", self.0.name)),
        }
    }
}

/// `1/4`
fn read_fraction(word: &str) -> Option<(u8, u8)> {
    let (numerator, denominator) = word.split_once('/')?;
    Some((numerator.parse().ok()?, denominator.parse().ok()?))
}

fn letters_and_digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}
