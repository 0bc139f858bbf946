//! The documents that a rule considers, by profile.

use super::super::folder::{DocumentFile, DocumentFolder};
use crate::profile::Profile;
use crate::rule::{Recorder, Split};
use crate::verdict::Verdict;

pub(super) type Rec<'a> = Recorder<'a, DocumentFolder>;

/// A violation that the official checker accepts.
pub(super) fn lenient(difference: &'static str) -> Split {
    Split { text: Verdict::Fail, official: Verdict::Pass, difference }
}

/// The documents that the profile considers.
pub(super) fn documents<'f>(
    folder: &'f DocumentFolder,
    rec: &Rec<'_>,
) -> impl Iterator<Item = &'f DocumentFile> + use<'f> {
    let is_text = rec.context().profile == Profile::Text;
    folder.files().iter().filter(move |file| is_text || file.is_checked_officially())
}

/// The documents with readable front matter; for the others, the reason is recorded.
pub(super) fn readable<'f>(folder: &'f DocumentFolder, rec: &mut Rec<'_>) -> Vec<&'f DocumentFile> {
    let (readable, others): (Vec<_>, Vec<_>) = documents(folder, rec).partition(|file| file.front.is_ok());
    for file in others {
        if let Err(reason) = &file.front {
            rec.dnf(&file.place, reason.clone());
        }
    }
    readable
}
