//! `scs flavor list`: lists mandatory and recommended flavors.

use std::collections::BTreeMap;
use std::io::Write;

use clap::Args;
use schemars::JsonSchema;
use scs_flavor_naming::generate::{FlavorSpec, markdown_table};
use scs_flavor_naming::{DiskType, IaasScope, StandardDisk, StandardFlavor, UntypedDisk};
use scs_report::Table;
use serde::Serialize;

use super::choices::StandardChoice;
use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::files;
use crate::app::machine::in_given_order;
use crate::app::options::Common;
use crate::app::output::Output;
use crate::app::terminal;
use crate::print::format::RowFormat;

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
    format: RowFormat,
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
            RowFormat::Text => output.write_text(&as_table(&flavors).to_text(terminal::width(&output)))?,
            RowFormat::Json | RowFormat::Yaml => {
                let rows: Vec<_> = flavors.iter().copied().map(Row::of).collect();
                files::write_document(&mut output, &rows, self.format == RowFormat::Yaml)?;
            }
            RowFormat::Jsonl => {
                for flavor in flavors {
                    serde_json::to_writer(&mut output, &Row::of(flavor))?;
                    output.write_all(b"\n")?;
                }
            }
            RowFormat::Markdown => {
                let of = |flavor| FlavorSpec::standard(flavor, UntypedDisk::LeaveOut);
                let specs: Vec<_> = flavors.into_iter().map(of).collect();
                output.write_all(markdown_table(&specs).as_bytes())?;
            }
        }
        output.finish()?;
        Ok(Exit::Success)
    }
}

fn as_table(flavors: &[StandardFlavor]) -> Table {
    let head = ["name", "status", "vCPUs", "vCPU type", "RAM GiB", "disk GB", "disk type"];
    let mut table = Table::new(&head).with_numbers([2, 4, 5]);
    for flavor in flavors {
        let row = Row::of(*flavor);
        table.row([
            row.name.to_owned(),
            row.status.to_owned(),
            row.vcpus.to_string(),
            row.cpu_type.to_owned(),
            flavor.name().ram().size.to_string(),
            if row.disk_gb == 0 { String::new() } else { row.disk_gb.to_string() },
            row.disk_type.unwrap_or_default().to_owned(),
        ]);
    }
    table
}
