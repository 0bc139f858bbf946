//! Results of `fio` on the disk of a flavor, as evidence for scs-0110 (*Decision*, *Conformance Tests*).

use serde::Deserialize;
use thiserror::Error;

/// The measurement of one disk.
///
/// ```
/// use scs_flavor_naming::DiskMeasurement;
///
/// let measured = DiskMeasurement::from_fio(
///     r#"{"jobs": [{"jobname": "seq", "write": {"iops": 1830.5, "lat_ns": {"mean": 512000.0}}, "read": {"iops": 0}}]}"#,
/// )?;
/// assert_eq!((measured.iops, measured.write_latency_ms), (1830.5, Some(0.512)));
/// # Ok::<(), scs_flavor_naming::ReadFioError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct DiskMeasurement {
    /// The operations per second; the minimum of several jobs.
    pub iops: f64,
    /// The mean write latency in ms; the maximum of several jobs, `None` if nothing was written.
    pub write_latency_ms: Option<f64>,
}

/// Error: not a result of `fio`.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReadFioError {
    /// Not JSON.
    #[error("not valid JSON: {0}")]
    Json(String),
    /// It contains no job.
    #[error("no jobs found; expected the output of `fio --output-format=json`")]
    NoJob,
    /// A job performed no operations or ended with an error.
    #[error("job `{0}` measured nothing")]
    Nothing(String),
}

#[derive(Deserialize)]
struct Output {
    #[serde(default)]
    jobs: Vec<Job>,
}

#[derive(Deserialize)]
struct Job {
    #[serde(default)]
    jobname: String,
    #[serde(default)]
    error: i64,
    #[serde(default)]
    read: Direction,
    #[serde(default)]
    write: Direction,
}

#[derive(Default, Deserialize)]
struct Direction {
    #[serde(default)]
    iops: f64,
    #[serde(default)]
    lat_ns: Latency,
}

#[derive(Default, Deserialize)]
struct Latency {
    #[serde(default)]
    mean: f64,
}

impl DiskMeasurement {
    /// Parses the output of `fio --output-format=json`.
    ///
    /// # Errors
    ///
    /// If it is anything else, or a job measured nothing.
    pub fn from_fio(json: &str) -> Result<Self, ReadFioError> {
        const NS_PER_MS: f64 = 1e6;
        let output: Output =
            serde_json::from_str(json).map_err(|error| ReadFioError::Json(error.to_string()))?;
        let mut measured: Option<Self> = None;
        for job in output.jobs {
            let iops = if job.write.iops > 0.0 { job.write.iops } else { job.read.iops };
            if job.error != 0 || !iops.is_finite() || iops <= 0.0 {
                return Err(ReadFioError::Nothing(job.jobname));
            }
            let latency = (job.write.iops > 0.0).then_some(job.write.lat_ns.mean / NS_PER_MS);
            let latency = latency.filter(|ms| ms.is_finite() && *ms > 0.0);
            measured = Some(match measured {
                None => Self { iops, write_latency_ms: latency },
                Some(before) => Self {
                    iops: before.iops.min(iops),
                    write_latency_ms: match (before.write_latency_ms, latency) {
                        (Some(one), Some(other)) => Some(one.max(other)),
                        (one, other) => one.or(other),
                    },
                },
            });
        }
        measured.ok_or(ReadFioError::NoJob)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_job_counts() {
        let measured = DiskMeasurement::from_fio(
            r#"{"fio version": "fio-3.39", "jobs": [
                {"jobname": "a", "error": 0, "read": {"iops": 0.0}, "write": {"iops": 2000.0, "lat_ns": {"mean": 400000.0}}},
                {"jobname": "b", "error": 0, "read": {"iops": 900.0}, "write": {"iops": 0.0, "lat_ns": {"mean": 0.0}}},
                {"jobname": "c", "error": 0, "write": {"iops": 1500.0, "lat_ns": {"mean": 650000.0}}}
            ]}"#,
        );
        assert_eq!(measured, Ok(DiskMeasurement { iops: 900.0, write_latency_ms: Some(0.65) }));
    }

    #[test]
    fn empty_measurements_are_rejected() {
        assert_eq!(DiskMeasurement::from_fio("{}"), Err(ReadFioError::NoJob));
        for job in [r#"{"jobname": "a", "error": 5, "read": {"iops": 9.0}}"#, r#"{"jobname": "a"}"#] {
            let json = format!(r#"{{"jobs": [{job}]}}"#);
            assert_eq!(DiskMeasurement::from_fio(&json), Err(ReadFioError::Nothing("a".to_owned())), "{job}");
        }
        assert!(matches!(DiskMeasurement::from_fio("fio: failed"), Err(ReadFioError::Json(_))));
    }
}
