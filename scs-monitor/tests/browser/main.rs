//! The pages in a browser: Debian's `chromium` with `chromium-driver`. Without them, the tests are skipped with a message.
//!
//! ```text
//! cargo test -p scs-monitor --test browser -- --nocapture
//! ```
//!
//! `SCS_SCREENSHOTS` names a directory for pictures of all pages.

#[cfg(test)]
mod accessibility;
#[cfg(test)]
mod browser;
#[cfg(test)]
mod hostile;
#[cfg(test)]
#[path = "../service/hostile_report.rs"]
mod hostile_report;
#[cfg(test)]
mod keyboard;
#[cfg(test)]
mod overview;
#[cfg(test)]
#[expect(dead_code, reason = "other tests use all of it")]
#[path = "../service/postgres.rs"]
mod postgres;
#[cfg(test)]
mod screenshots;
#[cfg(test)]
mod server;
#[cfg(test)]
#[expect(dead_code, unused_imports, unused_macros, reason = "other tests use all of it")]
#[path = "../service/support.rs"]
mod support;
