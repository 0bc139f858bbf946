//! `scs flavor list`: lists mandatory and recommended flavors.

use std::collections::BTreeMap;
use std::io::Write;

use clap::{Args, ValueEnum};
use schemars::JsonSchema;
use scs_flavor_naming::generate::{FlavorSpec, markdown_table};
use scs_flavor_naming::{DiskType, IaasScope, StandardDisk, StandardFlavor, UntypedDisk};
use serde::Serialize;

use super::StandardChoice;
use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::files;
use crate::app::machine::in_given_order;
use crate::app::options::Common;
use crate::app::output::Output;

/// `scs flavor list`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  scs flavor list                                  all flavors of scs-0103
  scs flavor list --standard mandatory
  scs flavor list --scope-version v5.1 -f json     those of SCS-compatible IaaS
                                                   v5.1

Standard flavors are identified by size and properties; their names are only recommended.

Exit status: 0 success.")]
pub(crate) struct List {
    /// Which standard flavors to list
    #[arg(long, value_name = "WHICH", default_value = "all")]
    standard: StandardChoice,

    /// Only those of a version of SCS-compatible IaaS: v3, v4, v5.1, next
    #[arg(long, value_name = "VERSION")]
    scope_version: Option<IaasScope>,

    /// Output format
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Table for people
    Text,
    /// List of objects
    Json,
    /// One object per line
    Jsonl,
    /// Same data as json, in YAML
    Yaml,
    /// Markdown table
    Markdown,
}

/// A standard flavor of scs-0103.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "A standard flavor as `scs flavor list` prints it")]
pub(crate) struct Row {
    name: &'static str,
    #[schemars(extend("enum" = ["mandatory", "recommended"]))]
    status: &'static str,
    /// The official test case that requires it.
    test_case: &'static str,
    /// The dated revision of the text that added it.
    revision: &'static str,
    vcpus: u32,
    cpu_type: &'static str,
    ram_mib: u64,
    disk_gb: u32,
    /// `null` without a disk, `any` if the cloud can choose it.
    disk_type: Option<&'static str>,
    #[serde(serialize_with = "in_given_order")]
    #[schemars(with = "BTreeMap<String, String>")]
    extra_specs: Vec<(&'static str, String)>,
}

impl Row {
    fn of(flavor: StandardFlavor) -> Self {
        Self {
            name: flavor.recommended_name(),
            status: flavor.status().key(),
            test_case: flavor.test_case_id(),
            revision: flavor.revision().name(),
            vcpus: flavor.vcpus(),
            cpu_type: flavor.cpu_type().key(),
            ram_mib: flavor.ram_mib(),
            disk_gb: flavor.disk_gb(),
            disk_type: match flavor.disk_type() {
                StandardDisk::None => None,
                StandardDisk::Any => Some("any"),
                StandardDisk::Of(kind) => Some(DiskType::key(kind)),
            },
            extra_specs: flavor.expected_extra_specs(),
        }
    }
}

impl List {
    pub(crate) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        let flavors: Vec<_> = self.standard.flavors(self.scope_version).collect();
        let mut output = Output::open(common.output.as_deref())?;
        match self.format {
            Format::Text => {
                writeln!(
                    output,
                    "{:<15} {:<11} {:>5} {:<13} {:>8} {:>7} disk type",
                    "name", "status", "vCPUs", "vCPU type", "RAM GiB", "disk GB"
                )?;
                for flavor in &flavors {
                    let row = Row::of(*flavor);
                    let disk = if row.disk_gb == 0 { String::new() } else { row.disk_gb.to_string() };
                    let line = format!(
                        "{:<15} {:<11} {:>5} {:<13} {:>8} {disk:>7} {}",
                        row.name,
                        row.status,
                        row.vcpus,
                        row.cpu_type,
                        flavor.name().ram().size.to_string(),
                        row.disk_type.unwrap_or_default()
                    );
                    writeln!(output, "{}", line.trim_end())?;
                }
            }
            Format::Json | Format::Yaml => {
                let rows: Vec<_> = flavors.iter().copied().map(Row::of).collect();
                files::write_document(&mut output, &rows, self.format == Format::Yaml)?;
            }
            Format::Jsonl => {
                for flavor in flavors {
                    serde_json::to_writer(&mut output, &Row::of(flavor))?;
                    output.write_all(b"\n")?;
                }
            }
            Format::Markdown => {
                let of = |flavor| FlavorSpec::standard(flavor, UntypedDisk::LeaveOut);
                let specs: Vec<_> = flavors.into_iter().map(of).collect();
                output.write_all(markdown_table(&specs).as_bytes())?;
            }
        }
        output.finish()?;
        Ok(Exit::Success)
    }
}
