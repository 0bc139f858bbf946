//! `scs flavor find`: finds the smallest flavors that meet requirements.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::io::Write as _;

use clap::Args;
use schemars::JsonSchema;
use scs_flavor_naming::{CpuType, Disk, Family, FlavorName, Gpu, Hypervisor, Need, Parser, StandardFlavor};
use scs_report::Table;
use scs_standards::subject::Flavor;
use serde::Serialize;

use super::choices::DiskTypeChoice;
use crate::app::diagnostic::brief;
use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::input::Source;
use crate::app::options::Common;
use crate::print::format::Format;
use crate::print::listing;
use crate::source::flavors;

/// `scs flavor find`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  scs flavor find --cpus 2 --ram 8                 smallest standard flavors
  openstack flavor list --long -f json |
    scs flavor find --cpus 4 --ram 16 --disk 50 --file -
  scs flavor find --file flavors.yaml --gpu GNa-14 --ram 32 -f json

Without a file, the standard flavors of scs-0103 are searched. Flavors marked as insecure (i), without ECC \
memory (u) or with oversubscribed memory (o) are left out unless `--tolerate` lists the letter.

Flavors of a file are judged by their figures where these differ from the name; disabled flavors are left out. \
Private flavors are marked: only projects with access can use them.

Exit status: 0 a flavor was found, 1 none was found, 2 an input could not be read.")]
pub(crate) struct Find {
    /// Minimum number of vCPUs
    #[arg(long, value_name = "N", value_parser = whole, allow_negative_numbers = true)]
    cpus: Option<u32>,

    /// Minimum class of vCPUs: L, V, T, C
    #[arg(long = "type", value_name = "CLASS", value_parser = cpu_type)]
    kind: Option<CpuType>,

    /// Minimum memory in GiB
    #[arg(long, value_name = "GIB")]
    ram: Option<String>,

    /// Minimum size of the root disk in GB
    #[arg(long, value_name = "GB", value_parser = whole, allow_negative_numbers = true)]
    disk: Option<u32>,

    /// Minimum type of the root disk
    #[arg(long, value_name = "TYPE")]
    disk_type: Option<DiskTypeChoice>,

    /// Architecture of the image, or `any`
    #[arg(long, value_name = "ARCHITECTURE", default_value = "x86_64")]
    arch: String,

    /// Hypervisor: kvm, chy, xen, vmw, hyv, bms
    #[arg(long, value_name = "NAME", value_parser = hypervisor)]
    hypervisor: Option<Hypervisor>,

    /// Minimum GPU as a part of a name, such as GNa-14-6
    #[arg(long, value_name = "PART", value_parser = gpu)]
    gpu: Option<Gpu>,

    /// Require hardware virtualization inside the instance
    #[arg(long)]
    hwv: bool,

    /// Require InfiniBand
    #[arg(long)]
    infiniband: bool,

    /// Accept flavors marked i, u or o
    #[arg(long, value_name = "LETTERS", default_value = "")]
    tolerate: String,

    /// Flavors to search: JSON of Nova or the OpenStack client, or YAML of flavor-manager; `-` is standard input
    #[arg(long, value_name = "FILE")]
    file: Option<Source>,

    /// Output format
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

/// A flavor that meets the requirements.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "A result of `scs flavor find`")]
pub(crate) struct Found {
    /// The name as in the list.
    name: String,
    /// The description of the name, with the figures of the flavor.
    description: String,
    /// Whether only projects with access can use it; omitted if the list does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    private: Option<bool>,
}

/// Parses a number.
fn whole(text: &str) -> Result<u32, String> {
    text.parse().map_err(|_| format!("expected a whole number from 0 to {}", u32::MAX))
}

fn cpu_type(text: &str) -> Result<CpuType, String> {
    let letter = |text: &str| CpuType::from_letter(*text.as_bytes().first()?).filter(|_| text.len() == 1);
    letter(text).or_else(|| text.parse().ok()).ok_or_else(|| {
        "expected L, V, T or C, or crowded-core, shared-core, dedicated-thread or dedicated-core".to_owned()
    })
}

fn hypervisor(text: &str) -> Result<Hypervisor, String> {
    let token = text.as_bytes().try_into().ok();
    token.and_then(Hypervisor::from_token).ok_or_else(|| "expected kvm, chy, xen, vmw, hyv or bms".to_owned())
}

fn gpu(text: &str) -> Result<Gpu, String> {
    Gpu::from_piece(text).ok_or_else(|| {
        "expected a GPU as in a flavor name, such as GNa-14-6; `scs flavor gpu` lists them".to_owned()
    })
}

impl Find {
    pub(crate) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        let need = self.need()?;
        let Offers { offers, notices } = self.offers(common)?;
        let fitting = smallest(&need, &offers);
        let found = |offer: &&Offered| Found {
            name: offer.name.clone(),
            description: offer.meaning.description(),
            private: offer.private,
        };
        let list: Vec<_> = fitting.iter().map(found).collect();
        let mut table = Table::new(&["name", "description"]);
        for found in &list {
            let mark = if found.private == Some(true) { " (private)" } else { "" };
            table.row([brief(&found.name).into_owned(), format!("{}{mark}", found.description)]);
        }
        let text = |width| if list.is_empty() { closest(&need, &offers) } else { table.to_text(width) };
        for notice in notices {
            // Nothing is lost if nobody reads it.
            let _ = writeln!(std::io::stderr(), "note: {notice}");
        }
        listing::print_with(common, self.format, &list, text, || table.to_markdown())?;
        Ok(Exit::success_if(!fitting.is_empty()))
    }

    fn need(&self) -> Result<Need, Failure> {
        let mut need = Need::new();
        need = self.cpus.map_or(need, |cpus| need.vcpus(cpus));
        need = self.kind.map_or(need, |kind| need.cpu_type(kind));
        if let Some(ram) = &self.ram {
            // Amounts of memory are parsed as a family with one amount.
            let family = Family::from_lists("1", "V", ram, "0").ok();
            let sizes: Vec<_> = family.iter().flat_map(Family::iter).map(|name| name.ram().size).collect();
            let [size] = sizes[..] else {
                return Err(Failure::new(format!("`--ram {ram}` is not an amount of memory"))
                    .hint("give a number of GiB or half GiB, such as 4 or 3.5"));
            };
            need = need.ram(size);
        }
        need = self.disk.map_or(need, |disk| need.disk_gb(disk));
        need = self.disk_type.map_or(need, |kind| need.disk_type(kind.into()));
        if self.arch != "any" {
            need = need.architecture(&self.arch).ok_or_else(|| {
                Failure::new(format!("flavor names cannot express the architecture {}", self.arch))
                    .hint("use x86_64, aarch64, riscv64 or any")
            })?;
        }
        need = self.hypervisor.map_or(need, |hypervisor| need.hypervisor(hypervisor));
        need = self.gpu.map_or(need, |gpu| need.gpu(gpu));
        need = if self.hwv { need.hardware_virtualization() } else { need };
        need = if self.infiniband { need.infiniband() } else { need };
        for letter in self.tolerate.chars() {
            need = match letter {
                'i' => need.tolerate_insecure(),
                'u' => need.tolerate_no_ecc(),
                'o' => need.tolerate_oversubscribed_ram(),
                other => {
                    return Err(
                        Failure::new(format!("`--tolerate` does not accept `{other}`")).hint("use i, u or o")
                    );
                }
            };
        }
        Ok(need)
    }

    fn offers(&self, common: &Common) -> Result<Offers, Failure> {
        let Some(file) = &self.file else {
            let names = StandardFlavor::all().map(StandardFlavor::name);
            let offered = |meaning: FlavorName| Offered { name: meaning.to_string(), meaning, private: None };
            return Ok(Offers { offers: names.map(offered).collect(), notices: Vec::new() });
        };
        let list = flavors::flavors(file.open()?)?;
        Ok(Offers::new(list.flavors, &Parser::new(common.profile())))
    }
}

/// The flavors to choose from, and notices about them.
#[derive(Debug)]
struct Offers {
    offers: Vec<Offered>,
    notices: Vec<String>,
}

impl Offers {
    /// The enabled flavors with SCS names. Where name and figures differ, the figures tell what a server gets.
    fn new(flavors: Vec<Flavor>, parser: &Parser) -> Self {
        let (mut offers, mut corrected, mut disabled, mut unusable) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for flavor in flavors {
            let Ok(parsed) = parser.parse(&flavor.name) else { continue };
            if flavor.disabled == Some(true) {
                disabled.push(flavor.name);
                continue;
            }
            let Some(meaning) = parsed.name.by_figures(&flavor) else {
                unusable.push(flavor.name);
                continue;
            };
            if !claims_hold(&parsed.name, &meaning) {
                corrected.push(flavor.name.clone());
            }
            let private = flavor.is_public.map(|is_public| !is_public);
            offers.push(Offered { name: flavor.name, meaning, private });
        }
        let notice = |names: &[String], words: &dyn Fn(&str) -> String| {
            let flavors = if names.len() == 1 { "flavor" } else { "flavors" };
            (!names.is_empty())
                .then(|| format!("{}: {}", words(&format!("{} {flavors}", names.len())), listed(names)))
        };
        let notices = [
            notice(&disabled, &|flavors| format!("left out {flavors} marked as disabled")),
            notice(&unusable, &|flavors| format!("left out {flavors} with unusable figures")),
            notice(&corrected, &|flavors| format!("judged {flavors} by figures, which differ from the name")),
        ];
        Self { offers, notices: notices.into_iter().flatten().collect() }
    }
}

/// Whether the figures are those of the name. A name may leave the size of the disk open.
fn claims_hold(name: &FlavorName, figures: &FlavorName) -> bool {
    let size = |name: &FlavorName| name.disk().and_then(Disk::size_gb);
    name.cpu() == figures.cpu()
        && name.ram() == figures.ram()
        && name.disk().is_some() == figures.disk().is_some()
        && (size(name).is_none() || size(name) == size(figures))
}

/// The first names of a list.
fn listed(names: &[String]) -> String {
    /// The maximum number of names.
    const MOST: usize = 5;
    let shown: Vec<_> = names.iter().take(MOST).map(|name| brief(name)).collect();
    let more = if names.len() > MOST { ", …" } else { "" };
    format!("{}{more}", shown.join(", "))
}

/// A flavor to choose from.
#[derive(Debug)]
struct Offered {
    /// The name as in the list: the only one that the cloud knows.
    name: String,
    /// The name, with the figures of the flavor.
    meaning: FlavorName,
    private: Option<bool>,
}

/// The smallest flavors that meet a need, each name once.
fn smallest<'o>(need: &Need, offers: &'o [Offered]) -> Vec<&'o Offered> {
    let mut fitting = need.smallest(offers.iter().map(|offer| &offer.meaning));
    fitting.dedup();
    let mut known = HashSet::new();
    fitting
        .into_iter()
        .flat_map(|meaning| offers.iter().filter(move |offer| offer.meaning == *meaning))
        .filter(|offer| known.insert(offer.name.as_str()))
        .collect()
}

/// The closest flavor and what it lacks.
fn closest(need: &Need, offers: &[Offered]) -> String {
    let mut text = format!("none of {} flavors with an SCS name meets the requirements\n", offers.len());
    let closest = offers
        .iter()
        .filter_map(|offer| Some((offer, need.satisfied_by(&offer.meaning).err()?)))
        // The largest of several.
        .min_by_key(|(offer, lacks)| (lacks.len(), std::cmp::Reverse(offer.meaning)));
    if let Some((offer, lacks)) = closest {
        // Writing to a string does not fail.
        let _ = writeln!(text, "the closest is {}:", brief(&offer.name));
        for lack in lacks {
            let _ = writeln!(text, "  {lack}");
        }
    }
    text
}
