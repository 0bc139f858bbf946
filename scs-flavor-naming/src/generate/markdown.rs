//! Markdown tables.

use std::fmt::{self, Write};

use super::spec::FlavorSpec;
use crate::disk::DiskType;
use crate::ram::RamSize;

const HEADINGS: [&str; 6] = ["Name", "vCPUs", "vCPU type", "RAM [GiB]", "Root disk [GB]", "Disk type"];

/// A table in the style of scs-0103-v1, with aligned columns.
///
/// The disk type is that of `scs:disk0-type`; for a disk without that property, it is `(any)`.
///
/// ```
/// use scs_flavor_naming::StandardFlavor;
/// use scs_flavor_naming::generate::{FlavorSpec, UntypedDisk, markdown_table};
///
/// let specs: Vec<_> = ["SCS-1L-1", "SCS-2V-4-20s", "SCS-1V-4-10"]
///     .iter()
///     .filter_map(|name| StandardFlavor::named(name))
///     .map(|flavor| FlavorSpec::standard(flavor, UntypedDisk::LeaveOut))
///     .collect();
/// assert_eq!(
///     markdown_table(&specs),
///     "\
/// | Name         | vCPUs | vCPU type    | RAM [GiB] | Root disk [GB] | Disk type |
/// | ------------ | ----: | ------------ | --------: | -------------: | --------- |
/// | SCS-1L-1     |     1 | crowded-core |         1 |                |           |
/// | SCS-2V-4-20s |     2 | shared-core  |         4 |             20 | ssd       |
/// | SCS-1V-4-10  |     1 | shared-core  |         4 |             10 | (any)     |
/// "
/// );
/// ```
#[must_use]
pub fn markdown_table(specs: &[FlavorSpec]) -> String {
    let rows: Vec<[String; HEADINGS.len()]> = specs.iter().map(cells).collect();
    let mut widths = HEADINGS.map(str::len);
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write_table(&mut out, &rows, widths);
    out
}

/// Numeric columns are right-aligned.
const fn is_number(column: usize) -> bool {
    matches!(column, 1 | 3 | 4)
}

fn write_table(
    out: &mut String,
    rows: &[[String; HEADINGS.len()]],
    widths: [usize; HEADINGS.len()],
) -> fmt::Result {
    for (heading, width) in HEADINGS.iter().zip(widths) {
        write!(out, "| {heading:width$} ")?;
    }
    out.write_str("|\n")?;
    for (column, width) in widths.into_iter().enumerate() {
        if is_number(column) {
            write!(out, "| {}: ", "-".repeat(width - 1))?;
        } else {
            write!(out, "| {} ", "-".repeat(width))?;
        }
    }
    out.write_str("|\n")?;
    for row in rows {
        for (column, (cell, width)) in row.iter().zip(widths).enumerate() {
            if is_number(column) {
                write!(out, "| {cell:>width$} ")?;
            } else {
                write!(out, "| {cell:width$} ")?;
            }
        }
        out.write_str("|\n")?;
    }
    Ok(())
}

fn cells(spec: &FlavorSpec) -> [String; HEADINGS.len()] {
    let cpu_type = spec.extra_spec("scs:cpu-type").unwrap_or(spec.name.cpu().kind.key());
    let disk_type = spec
        .extra_spec("scs:disk0-type")
        .or(spec.name.disk().map(|disk| disk.kind().map_or("(any)", DiskType::key)));
    [
        spec.name.to_string(),
        spec.vcpus.to_string(),
        cell(cpu_type),
        ram_gib(spec.ram_mib),
        if spec.disk_gb == 0 { String::new() } else { spec.disk_gb.to_string() },
        cell(disk_type.unwrap_or_default()),
    ]
}

/// In GiB, or in MiB if it is not a multiple of half a GiB.
fn ram_gib(mib: u64) -> String {
    RamSize::from_mib(mib).map_or_else(|| format!("{mib} MiB"), |size| size.to_string())
}

/// A text that cannot break out of its cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace(['\n', '\r'], " ")
}
