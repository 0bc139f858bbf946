//! Certification by the Sovereign Cloud Stack standards: scopes, results, reports, certificates.

pub mod report;
