//! The commands and CI jobs in README and guides, run as their readers run them.

#![cfg(unix)]

#[cfg(test)]
mod ci_jobs;
#[cfg(test)]
mod commands;
#[cfg(test)]
mod console;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod sandbox;
