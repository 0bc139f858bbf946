//! `-o FILE`: an existing file is replaced when the new one is complete, and only if that is safe.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;

use crate::common::{run, scs};

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

/// Writes the list of standards to a file.
fn write_to(path: &Path) -> (i32, String) {
    let (status, _, stderr) = run(&["standards", "list", "-o", &path.display().to_string()]);
    (status, stderr)
}

#[test]
fn output_follows_symbolic_links() {
    let directory = tempfile::tempdir().unwrap();
    let [target, link, other] = ["target", "link", "other"].map(|name| directory.path().join(name));
    fs::write(&target, "old").unwrap();
    symlink(&target, &link).unwrap();
    fs::hard_link(&target, &other).unwrap();
    assert_eq!(write_to(&link), (0, String::new()));
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    // Both names show the new content.
    let text = fs::read_to_string(&target).unwrap();
    assert!(text.contains("scs-0100"), "{text}");
    assert_eq!(fs::read_to_string(&other).unwrap(), text);
    assert_eq!(fs::metadata(&target).unwrap().nlink(), 2);
    for (to, name) in [("nowhere", "dangling"), ("itself", "itself")] {
        let link = directory.path().join(name);
        symlink(directory.path().join(to), &link).unwrap();
        let (status, stderr) = write_to(&link);
        assert_eq!(status, 2, "{name}");
        assert!(stderr.contains("broken symbolic link"), "{stderr}");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink(), "{name}");
    }
}

#[test]
fn modes_are_kept_and_read_only_files_stay() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("list");
    fs::write(&path, "old").unwrap();
    for (before, after) in [(0o640, 0o640), (0o4755, 0o755), (0o600, 0o600)] {
        fs::set_permissions(&path, fs::Permissions::from_mode(before)).unwrap();
        assert_eq!(write_to(&path), (0, String::new()), "{before:o}");
        assert_eq!(mode(&path), after, "{before:o}");
    }
    fs::write(&path, "old").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
    let (status, stderr) = write_to(&path);
    assert_eq!(status, 2);
    assert!(stderr.contains("it is read-only"), "{stderr}");
    assert_eq!(fs::read_to_string(&path).unwrap(), "old");
    // There are no leftovers.
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
}

#[test]
fn an_interrupted_command_leaves_no_files() {
    let directory = tempfile::tempdir().unwrap();
    let to = directory.path().join("names.json").display().to_string();
    let program = scs(&[]).get_program().to_owned();
    let mut child = std::process::Command::new(program)
        .args(["flavor", "check", "-f", "json", "-o", &to, "-"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    // It waits for names; the file does not exist yet.
    std::thread::sleep(std::time::Duration::from_millis(500));
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    for arguments in [&["--help"][..], &["--version"], &["check", "--help"], &["standards", "list"]] {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let program = scs(&[]).get_program().to_owned();
        let status = std::process::Command::new(program).args(arguments).stdout(full).status().unwrap();
        assert_eq!(status.code(), Some(2), "{arguments:?}");
    }
}
