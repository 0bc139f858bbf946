//! The files of the official repository, if they are available, are accepted as facts.

use std::fs;

use scs_facts::Key;

#[test]
fn official_scope_files_are_accepted() {
    let Ok(standards) = std::env::var("SCS_STANDARDS_DIR") else {
        println!("skipped: SCS_STANDARDS_DIR is not set");
        return;
    };
    for key in [Key::ScsCompatibleIaas, Key::ScsCompatibleKaas] {
        let text = fs::read_to_string(format!("{standards}/Tests/{key}.yaml")).unwrap();
        let summary = key.fact().read(&text).unwrap();
        assert_eq!(Some(summary), key.fact().embedded(), "{key}");
    }
}
