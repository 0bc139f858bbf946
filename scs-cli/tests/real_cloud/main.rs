//! Tests with a real OpenStack, created by `test-cloud/up` and `test-cloud/seed`.
//!
//! `SCS_TEST_CLOUD` is the state directory of a running and seeded cloud; `test-cloud/run` runs everything:
//!
//! ```text
//! SCS_TEST_CLOUD=/tmp/scs-test-cloud cargo test -p scs-cli --test real_cloud -- --nocapture
//! ```
//!
//! Which tests run depends on the [`Phase`](cloud::Phase) of the cloud. The others are skipped with a message.

#[cfg(test)]
mod cloud;
#[cfg(test)]
mod collecting;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod http;
#[cfg(test)]
mod probes;
#[cfg(test)]
mod proxy;
#[cfg(test)]
mod repairing;
#[cfg(test)]
mod signing_in;
#[cfg(test)]
mod verdicts;
