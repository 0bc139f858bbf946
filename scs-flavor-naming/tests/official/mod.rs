//! The official repository of the standards, if a checkout or extract is available.

use std::path::PathBuf;

/// Reads a file of the official repository, or prints that the comparison is skipped.
///
/// `SCS_STANDARDS_DIR` names a folder with `Tests/iaas/…`.
#[expect(clippy::print_stderr, reason = "a comparison that is skipped says so")]
pub(crate) fn read(path: &str) -> Option<String> {
    let Some(folder) = std::env::var_os("SCS_STANDARDS_DIR").map(PathBuf::from) else {
        eprintln!(
            "skipped: set SCS_STANDARDS_DIR to a checkout of SovereignCloudStack/standards to compare {path}"
        );
        return None;
    };
    match std::fs::read_to_string(folder.join(path)) {
        Ok(text) => Some(text),
        Err(error) => {
            eprintln!("skipped: SCS_STANDARDS_DIR has no {path}: {error}");
            None
        }
    }
}
