//! Results of the Kubernetes end-to-end tests (scs-0201, *Regulations*; scs-0219-w1, *Automated tests*).

mod archive;
mod error;
mod facts;
mod read;
mod results;
mod run;
mod sonobuoy;

pub use archive::ArchiveLimits;
pub use error::{ReadArchiveError, ReadConformanceError};
pub use facts::{ConformanceFacts, Exception, ReadConformanceFactsError, Reason};
pub use results::ConformanceResults;
pub use run::{ConformanceRun, E2eSelection};
