//! The service as its clients see it, on SQLite, and on PostgreSQL where `SCM_TEST_POSTGRES` names a database.

mod reports;
mod runner;
mod support;
