//! The service as its clients see it, on SQLite, and on PostgreSQL where `SCM_TEST_POSTGRES` names a database.

<<<<<<< HEAD
#[cfg(test)]
mod demo;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod hostile_report;
#[cfg(test)]
mod pages;
=======
mod badges;
mod certificates;
mod checks;
mod metrics;
mod notifications;
>>>>>>> more
mod reports;
#[cfg(test)]
mod runner;
#[cfg(test)]
mod support;
