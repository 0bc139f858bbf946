//! Runs the program like its users.
//!
//! Modules whose helpers may panic are marked as tests.

#[cfg(test)]
mod bad_flavors;
mod bad_input;
#[cfg(test)]
mod baselines;
#[cfg(test)]
mod calendar;
#[cfg(test)]
mod certificates;
mod check;
#[cfg(test)]
mod checking_clusters;
#[cfg(test)]
mod clouds;
#[cfg(test)]
mod clusters;
mod commands;
#[cfg(test)]
mod common;
#[cfg(test)]
mod diff;
#[cfg(test)]
mod entropy;
#[cfg(test)]
mod explain;
#[cfg(test)]
mod facts;
#[cfg(test)]
mod flavors;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod images;
#[cfg(test)]
mod inventories;
mod live_cluster;
#[cfg(test)]
mod outputs;
mod parse;
mod program;
#[cfg(test)]
mod report_formats;
mod reports;
#[cfg(test)]
mod schema;
mod scripts;
#[cfg(test)]
mod site;
#[cfg(test)]
mod standards;
