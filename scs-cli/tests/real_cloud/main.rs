//! The program against a real OpenStack, as `test-cloud/up` and `test-cloud/seed` make one.
//!
//! Runs where `SCS_TEST_CLOUD` names the state directory of a cloud that is up and seeded; `test-cloud/run` does all of it:
//!
//! ```text
//! SCS_TEST_CLOUD=/tmp/scs-test-cloud cargo test -p scs-cli --test real_cloud -- --nocapture
//! ```
//!
//! Which tests have something to do depends on how the cloud is: its [`Phase`](cloud::Phase). The others say that they are
//! skipped.

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
