//! A linter for folders of standard documents: names, front matter, relations, sections (scs-0001).
//!
//! ```
//! use scs_standards::lint::{DocumentFolder, lint};
//! use scs_standards::{Context, Declarations, Profile, Verdict};
//!
//! let folder = DocumentFolder::new([("scs-0999-v1-example.md".to_owned(), "---\ntype: Standrad\n---\n".to_owned())]);
//! let declarations = Declarations::default();
//! let context = Context { at: "2026-11-24T00:00:00Z".parse()?, profile: Profile::Text, declarations: &declarations };
//! let answers = lint(&folder, &context);
//! let kind = answers.iter().find(|answer| answer.rule == "scs-0001-type").unwrap();
//! assert_eq!(kind.verdict, Verdict::Fail);
//! # Ok::<(), jiff::Error>(())
//! ```

mod folder;
mod rules;

pub use folder::{DocumentFolder, front_matter};
pub use rules::{document_rules, lint};
