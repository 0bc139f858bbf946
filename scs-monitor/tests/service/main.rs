//! The service as its clients see it, on SQLite, and on PostgreSQL where `SCM_TEST_POSTGRES` names a database.

#[cfg(test)]
mod demo;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod hostile_report;
#[cfg(test)]
mod pages;
mod reports;
#[cfg(test)]
mod runner;
#[cfg(test)]
mod support;
