//! The service as its clients see it, on SQLite, and on PostgreSQL where it is installed.

#[cfg(test)]
mod faults;
#[cfg(test)]
mod matrix;
#[cfg(test)]
mod postgres;
#[cfg(test)]
mod program;
#[cfg(test)]
mod reports;
#[cfg(test)]
mod requests;
#[cfg(test)]
mod runner;
#[cfg(test)]
mod support;
