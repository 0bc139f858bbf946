//! Signs reports and posts them.

use std::fmt;
use std::time::Duration;

use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, StatusCode};
use scs_certificates::report::signature::{body, sign};
use thiserror::Error;

use super::Cause;
use super::config::RunnerConfig;

const TIMEOUT: Duration = Duration::from_mins(1);

/// The maximum number of characters of an answer that a message quotes.
const QUOTED: usize = 300;

/// The monitor that takes the reports.
pub(super) struct Monitor {
    client: Client,
    address: String,
    account: String,
    password: String,
    private_key: String,
}

impl fmt::Debug for Monitor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Monitor").field("account", &self.account).finish_non_exhaustive()
    }
}

/// Error: a report was not stored.
#[derive(Debug, Error)]
pub(super) enum PostError {
    #[error("cannot sign it: {0}")]
    Sign(String),
    #[error("{0}")]
    Send(String),
    #[error("the monitor answered {status}: {text}")]
    Answer { status: StatusCode, text: String },
}

impl PostError {
    /// Whether another attempt would end in the same way.
    pub(super) fn is_final(&self) -> bool {
        match self {
            Self::Sign(_) => true,
            Self::Send(_) => false,
            Self::Answer { status, .. } => {
                !(status.is_server_error()
                    || matches!(*status, StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT))
            }
        }
    }
}

impl Monitor {
    pub(super) fn new(config: &RunnerConfig) -> Result<Self, Cause> {
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            return Err(Cause::Client("no TLS provider is installed".to_owned()));
        }
        let read = |path: &std::path::Path| {
            std::fs::read_to_string(path)
                .map_err(|source| Cause::Io { path: path.display().to_string(), source })
        };
        let private_key = read(&config.key_file)?;
        sign(b"", &private_key).map_err(|error| Cause::Key(error.to_string()))?;
        let client = Client::builder()
            .timeout(TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| Cause::Client(error.to_string()))?;
        Ok(Self {
            client,
            address: format!("{}/reports", config.monitor.trim_end_matches('/')),
            account: config.account.clone(),
            password: read(&config.password_file)?.trim().to_owned(),
            private_key,
        })
    }

    /// Posts a report. One that is already stored, by an attempt whose answer was lost, is as good as stored.
    pub(super) async fn post(&self, report: &str) -> Result<(), PostError> {
        let signature =
            sign(report.as_bytes(), &self.private_key).map_err(|error| PostError::Sign(error.to_string()))?;
        let request = self
            .client
            .post(&self.address)
            .basic_auth(&self.account, Some(&self.password))
            .header(CONTENT_TYPE, "application/x-signed-yaml")
            .body(body(&signature, report));
        let answer = request.send().await.map_err(|error| PostError::Send(reason(&error)))?;
        let status = answer.status();
        if status.is_success() || status == StatusCode::CONFLICT {
            return Ok(());
        }
        let text = answer.text().await.unwrap_or_default();
        Err(PostError::Answer { status, text: text.chars().take(QUOTED).collect() })
    }
}

/// The innermost cause, which says what happened.
fn reason(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    format!("the monitor cannot be reached: {cause}")
}
