//! `scs flavor generate`: files and commands that create standard flavors, families of flavors, or named flavors.

use std::io::Write;
use std::num::NonZeroU32;

use clap::{Args, ValueEnum};
use scs_flavor_naming::generate::{
    FlavorSpec, flavor_manager_yaml, markdown_table, openstack_commands, terraform,
};
use scs_flavor_naming::{
    DiskType, Family, FlavorName, FlavorStatus, IaasScope, Parser, StandardFlavor, UntypedDisk,
};
use scs_standards::Profile;

use super::choices::{DiskTypeChoice, StandardChoice};
use super::reading::NameError;
use super::text;
use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::files;
use crate::app::options::Common;
use crate::app::output::Output;

/// `scs flavor generate`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  scs flavor generate --standard mandatory -f flavor-manager > flavors.yaml
  scs flavor generate --standard all --scope-version v5.1 --format terraform
  scs flavor generate --format openstack SCS-8T-32-100s SCS-16V-64_GNa-14-6h
  scs flavor generate --cpus 1,2,4 --type V --ram 2,4,8 --disk 0,20s \\
    --ratio 1:2,1:4                                a family of names
  scs flavor generate --cpus 4 --type T --ram 16 --disk 2x100p \\
    --format openstack

Recommended flavors can have any disk type, but the property `scs:disk0-type` has to state it. Set it with \
`--disk-type`; the default is `network`, as in the official file.

Exit status: 0 success, 2 a name or number is invalid.")]
pub(crate) struct Generate {
    /// Flavor names
    #[arg(value_name = "NAME", conflicts_with_all = ["standard", "cpus"])]
    names: Vec<String>,

    /// Standard flavors of scs-0103
    #[arg(long, value_name = "WHICH", conflicts_with = "cpus")]
    standard: Option<StandardChoice>,

    /// Only standard flavors of a version of SCS-compatible IaaS: v3, v4, v5.1, next
    #[arg(long, value_name = "VERSION", requires = "standard")]
    scope_version: Option<IaasScope>,

    /// vCPUs of a family, with or without type: 1,2,4T
    #[arg(long, value_name = "LIST", requires = "ram")]
    cpus: Option<String>,

    /// Types of vCPUs for numbers without a type: L, V, T, C
    #[arg(long = "type", value_name = "LIST", default_value = "V", requires = "cpus")]
    types: String,

    /// Memory of a family in GiB: 2,3.5,8
    #[arg(long, value_name = "LIST", requires = "cpus")]
    ram: Option<String>,

    /// Disks of a family in GB: 0 for none, 20s, 3x10, n
    #[arg(long, value_name = "LIST", default_value = "0", requires = "cpus")]
    disk: String,

    /// Only combinations with these ratios of vCPUs to GiB: 1:2,1:4,1:8
    #[arg(long, value_name = "LIST", requires = "cpus")]
    ratio: Option<String>,

    /// Disk type to assume where the name does not say
    #[arg(long, value_name = "TYPE")]
    disk_type: Option<DiskTypeChoice>,

    /// Size in GB of root disks without a size in the name
    #[arg(long, value_name = "GB", value_parser = size, allow_negative_numbers = true)]
    disk_size: Option<NonZeroU32>,

    /// Output format
    #[arg(short, long, value_name = "FORMAT")]
    format: Option<Format>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One name per line
    Names,
    /// YAML for openstack-flavor-manager
    FlavorManager,
    /// OpenStack client commands
    Openstack,
    /// HCL for Terraform and OpenTofu
    Terraform,
    /// JSON as returned by Nova's API
    Json,
    /// Same data as json, in YAML
    Yaml,
    /// Markdown table
    Markdown,
}

/// Parses the size of a disk.
fn size(text: &str) -> Result<NonZeroU32, String> {
    text.parse().map_err(|_| format!("expected a number of GB from 1 to {}", u32::MAX))
}

impl Generate {
    pub(crate) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        let profile = common.profile();
        // The default for a family is names; otherwise commands.
        let format =
            self.format.unwrap_or(if self.cpus.is_some() { Format::Names } else { Format::Openstack });
        let mut output = Output::open(common.output.as_deref())?;
        if format == Format::Names {
            // Streamed: a family may not fit into memory.
            self.for_each_name(profile, |name| Ok(writeln!(output, "{name}")?))?;
        } else {
            let specs = self.specs(profile)?;
            write(&mut output, &specs, format)?;
        }
        output.finish()?;
        Ok(Exit::Success)
    }

    fn for_each_name(
        &self,
        profile: Profile,
        mut each: impl FnMut(FlavorName) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        if let Some(standard) = self.standard {
            return standard.flavors(self.scope_version).try_for_each(|flavor| each(flavor.name()));
        }
        if let Some(family) = self.family()? {
            return family.iter().try_for_each(each);
        }
        if self.names.is_empty() {
            return Err(Failure::new("nothing to generate")
                .hint("give names, `--standard mandatory`, or `--cpus` and `--ram` for a family of names"));
        }
        let parser = Parser::new(profile);
        for text in &self.names {
            let parsed = parser
                .parse(text)
                .map_err(|error| Failure::new(text::error_line(text, &NameError::from(&error))))?;
            each(parsed.name)?;
        }
        Ok(())
    }

    fn family(&self) -> Result<Option<Family>, Failure> {
        let (Some(cpus), Some(ram)) = (&self.cpus, &self.ram) else {
            return Ok(None);
        };
        let wrong = |error: scs_flavor_naming::FamilyError| Failure::new(error.to_string());
        let family = Family::from_lists(cpus, &self.types, ram, &self.disk).map_err(wrong)?;
        Ok(Some(match &self.ratio {
            Some(ratios) => family.with_ratio_list(ratios).map_err(wrong)?,
            None => family,
        }))
    }

    fn specs(&self, profile: Profile) -> Result<Vec<FlavorSpec>, Failure> {
        if let Some(standard) = self.standard {
            // The property is required, and the official file sets it to `network`.
            let kind = self.disk_type.map_or(DiskType::Network, DiskType::from);
            let of = |flavor| FlavorSpec::standard(flavor, UntypedDisk::As(kind));
            return Ok(standard.flavors(self.scope_version).map(of).collect());
        }
        let untyped = match self.disk_type {
            Some(choice) => UntypedDisk::As(choice.into()),
            None => UntypedDisk::of(profile),
        };
        let mut specs = Vec::new();
        self.for_each_name(profile, |name| {
            let spec = match self.disk_size {
                Some(size_gb) => Ok(FlavorSpec::from_name_with_disk(name, size_gb, untyped, profile)),
                None => FlavorSpec::from_name(name, untyped, profile),
            };
            specs.push(spec.map_err(|error| Failure::new(error.to_string()).hint("use `--disk-size GB`"))?);
            Ok(())
        })?;
        Ok(specs)
    }
}

fn write(output: &mut Output, specs: &[FlavorSpec], format: Format) -> Result<(), Failure> {
    match format {
        Format::Names => {}
        Format::FlavorManager => {
            if let Some(spec) = specs.iter().find(|spec| spec.ephemeral_gb > 0) {
                let gb = spec.ephemeral_gb;
                let reason = format!(
                    "openstack-flavor-manager cannot create ephemeral disks, but {} needs one of {gb} GB",
                    spec.name
                );
                return Err(Failure::new(reason).hint("use `-f openstack` or `-f terraform`"));
            }
            // Other flavors are listed as mandatory, so that the tool creates them.
            let (recommended, mandatory): (Vec<_>, Vec<_>) =
                specs.iter().cloned().partition(|spec| spec.status == Some(FlavorStatus::Recommended));
            output.write_all(flavor_manager_yaml(&mandatory, &recommended).as_bytes())?;
        }
        Format::Openstack => output.write_all(openstack_commands(specs, &[]).as_bytes())?,
        Format::Terraform => output.write_all(terraform(specs).as_bytes())?,
        Format::Json | Format::Yaml => files::write_document(output, &specs, format == Format::Yaml)?,
        Format::Markdown => output.write_all(markdown_table(specs).as_bytes())?,
    }
    Ok(())
}

impl StandardChoice {
    /// The flavors, in the order of the text.
    pub(super) fn flavors(self, scope: Option<IaasScope>) -> impl Iterator<Item = StandardFlavor> {
        StandardFlavor::all()
            .filter(move |flavor| match self {
                Self::Mandatory => flavor.status() == FlavorStatus::Mandatory,
                Self::Recommended => flavor.status() == FlavorStatus::Recommended,
                Self::All => true,
            })
            .filter(move |flavor| scope.is_none_or(|scope| scope.includes(*flavor)))
    }
}
