//! The service as its clients see it, on SQLite, and on PostgreSQL where `SCM_TEST_POSTGRES` names a database.

mod badges;
mod certificates;
mod checks;
mod metrics;
mod notifications;
mod reports;
mod runner;
mod support;
