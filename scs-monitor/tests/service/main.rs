//! The service as its clients see it, on SQLite, and on PostgreSQL where it is installed.

#[cfg(test)]
mod badges;
#[cfg(test)]
mod certificates;
#[cfg(test)]
mod checks;
#[cfg(test)]
mod demo;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod hostile_report;
#[cfg(test)]
<<<<<<< HEAD
mod matrix;
#[cfg(test)]
=======
>>>>>>> pages
mod metrics;
#[cfg(test)]
mod notifications;
#[cfg(test)]
mod pages;
#[cfg(test)]
<<<<<<< HEAD
mod postgres;
#[cfg(test)]
mod program;
#[cfg(test)]
=======
>>>>>>> pages
mod reports;
#[cfg(test)]
mod requests;
#[cfg(test)]
mod runner;
#[cfg(test)]
mod support;
