//! Runs credential plug-ins, under a deadline and with their own words.
//!
//! The client runs a plug-in synchronously, without a deadline, and loses its standard error; so it gets only the result.

use std::process::Stdio;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use scs_collector::{Event, one_line};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::json;
use thiserror::Error;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::config::{Interactive, PluginConfig};
use crate::options::Options;

/// The maximum length in bytes of what a plug-in prints.
const LONGEST: u64 = 1 << 20;

/// The number of lines of standard error that a message quotes.
const QUOTED_LINES: usize = 3;

/// Error: a credential plug-in gave no credentials.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PluginError {
    /// The program could not be started.
    #[error("{place}: cannot run the credential plug-in `{command}`: {reason}{}", hint(install_hint.as_deref()))]
    NotStarted {
        /// The file and the user.
        place: String,
        /// The program.
        command: String,
        /// The system's message.
        reason: String,
        /// How to install it, by the kubeconfig.
        install_hint: Option<String>,
    },
    /// It needs a terminal.
    #[error(
        "{place}: the credential plug-in `{command}` has to ask (`interactiveMode: Always`), but standard input is not a terminal"
    )]
    NeedsTerminal {
        /// The file and the user.
        place: String,
        /// The program.
        command: String,
    },
    /// It did not end in time.
    #[error("{place}: the credential plug-in `{command}` did not end within {} s{}", timeout.as_secs_f64(), said(stderr))]
    Timeout {
        /// The file and the user.
        place: String,
        /// The program.
        command: String,
        /// The timeout.
        timeout: Duration,
        /// The last lines of its standard error.
        stderr: String,
    },
    /// It failed.
    #[error("{place}: the credential plug-in `{command}` failed with {status}{}", said(stderr))]
    Failed {
        /// The file and the user.
        place: String,
        /// The program.
        command: String,
        /// Its exit status.
        status: String,
        /// The last lines of its standard error.
        stderr: String,
    },
    /// It printed something else than credentials.
    #[error(
        "{place}: the credential plug-in `{command}` printed {found}; expected an `ExecCredential`{}",
        said(stderr)
    )]
    Unexpected {
        /// The file and the user.
        place: String,
        /// The program.
        command: String,
        /// What it printed, without its content: it may be a secret.
        found: String,
        /// The last lines of its standard error.
        stderr: String,
    },
}

fn hint(hint: Option<&str>) -> String {
    hint.map(|hint| format!("; {}", one_line(hint, 400))).unwrap_or_default()
}

fn said(stderr: &str) -> String {
    if stderr.is_empty() { String::new() } else { format!(": {stderr}") }
}

/// The credentials of a plug-in.
#[derive(Debug, Default)]
pub(crate) struct Credentials {
    pub(crate) token: Option<SecretString>,
    /// The certificate and its key, each in base64.
    pub(crate) certificate: Option<(String, SecretString)>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ExecCredential {
    kind: Option<String>,
    api_version: Option<String>,
    status: Option<Status>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    token: Option<String>,
    client_certificate_data: Option<String>,
    client_key_data: Option<String>,
}

/// Runs a plug-in. Its standard error is passed on line by line.
pub(crate) async fn run(plugin: &PluginConfig, options: &Options) -> Result<Credentials, PluginError> {
    let (place, command) = (plugin.place.clone(), plugin.command.clone());
    let asks = match plugin.interactive {
        Interactive::Never => false,
        Interactive::IfAvailable => options.interactive,
        Interactive::Always if options.interactive => true,
        Interactive::Always => return Err(PluginError::NeedsTerminal { place, command }),
    };
    let mut child = start(plugin, asks)?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let mut lines = Tail::default();
    let work = async {
        let output = printed(stdout);
        let errors = lines.collect(&plugin.command, stderr, options);
        let (output, ()) = tokio::join!(output, errors);
        (output, child.wait().await)
    };
    // A person may take longer.
    let ended = if asks { Ok(work.await) } else { timeout(options.plugin_timeout, work).await };
    let Ok((output, status)) = ended else {
        stop(&mut child);
        let timeout = options.plugin_timeout;
        return Err(PluginError::Timeout { place, command, timeout, stderr: lines.text() });
    };
    let stderr = lines.text();
    match status {
        Ok(status) if status.success() => {}
        Ok(status) => {
            return Err(PluginError::Failed { place, command, status: status.to_string(), stderr });
        }
        Err(error) => return Err(PluginError::Failed { place, command, status: error.to_string(), stderr }),
    }
    read(&output, &plugin.api_version).map_err(|found| PluginError::Unexpected {
        place,
        command,
        found,
        stderr,
    })
}

fn start(plugin: &PluginConfig, asks: bool) -> Result<Child, PluginError> {
    let spec = match &plugin.cluster {
        Some(cluster) => json!({"interactive": asks, "cluster": cluster}),
        None => json!({"interactive": asks}),
    };
    let info = json!({"apiVersion": plugin.api_version, "kind": "ExecCredential", "spec": spec});
    let mut command = Command::new(&plugin.command);
    command
        .args(&plugin.args)
        .envs(plugin.env.iter().map(|(name, value)| (name, value)))
        .env("KUBERNETES_EXEC_INFO", info.to_string())
        .stdin(if asks { Stdio::inherit() } else { Stdio::null() })
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    // A plug-in that starts others is stopped with them. One that asks has to stay in the group of the terminal.
    #[cfg(unix)]
    if !asks {
        command.process_group(0);
    }
    command.spawn().map_err(|error| PluginError::NotStarted {
        place: plugin.place.clone(),
        command: plugin.command.clone(),
        reason: error.to_string(),
        install_hint: plugin.install_hint.clone(),
    })
}

fn stop(child: &mut Child) {
    #[cfg(unix)]
    if let Some(group) =
        child.id().and_then(|id| i32::try_from(id).ok()).and_then(rustix::process::Pid::from_raw)
    {
        // It may have ended meanwhile.
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    let _ = child.start_kill();
}

async fn printed(stdout: Option<impl AsyncRead + Unpin>) -> Vec<u8> {
    let mut output = Vec::new();
    if let Some(stdout) = stdout {
        // What cannot be read is missing from the JSON.
        let _ = stdout.take(LONGEST).read_to_end(&mut output).await;
    }
    output
}

/// The last lines of standard error.
#[derive(Default)]
struct Tail(std::collections::VecDeque<String>);

impl Tail {
    async fn collect(&mut self, command: &str, stderr: Option<impl AsyncRead + Unpin>, options: &Options) {
        let Some(stderr) = stderr else { return };
        let mut reader = BufReader::new(stderr.take(LONGEST));
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line).await.is_ok_and(|read| read > 0) {
            let text = one_line(&String::from_utf8_lossy(&line), 300);
            if !text.is_empty() {
                options.tell(Event::Said(command, &text));
                if self.0.len() == QUOTED_LINES {
                    self.0.pop_front();
                }
                self.0.push_back(text);
            }
            line.clear();
        }
    }

    fn text(&self) -> String {
        self.0.iter().map(String::as_str).collect::<Vec<_>>().join("; ")
    }
}

/// The credentials in the output, or what the output is instead.
fn read(output: &[u8], expected: &str) -> Result<Credentials, String> {
    let start = output.iter().position(|byte| !byte.is_ascii_whitespace());
    let Some(start) = start else { return Err("nothing".to_owned()) };
    match output[start] {
        b'{' => {}
        b'<' => return Err("HTML".to_owned()),
        _ => return Err("text that is not JSON".to_owned()),
    }
    let credential: ExecCredential =
        serde_json::from_slice(output).map_err(|error| format!("broken JSON (line {})", error.line()))?;
    if credential.kind.as_deref() != Some("ExecCredential") {
        return Err("a JSON object of another kind".to_owned());
    }
    if credential.api_version.as_deref() != Some(expected) {
        let found = one_line(credential.api_version.as_deref().unwrap_or("none"), 80);
        return Err(format!("an `ExecCredential` of the version `{found}` instead of `{expected}`"));
    }
    let Some(status) = credential.status else {
        return Err("an `ExecCredential` without `status`".to_owned());
    };
    let token = status.token.filter(|token| !token.is_empty()).map(SecretString::from);
    let certificate = status
        .client_certificate_data
        .zip(status.client_key_data)
        .map(|(certificate, key)| (STANDARD.encode(certificate), SecretString::from(STANDARD.encode(key))));
    if token.is_none() && certificate.is_none() {
        return Err("an `ExecCredential` with neither a token nor a certificate and its key".to_owned());
    }
    Ok(Credentials { token, certificate })
}

#[cfg(test)]
mod tests {
    use super::*;

    const V1: &str = "client.authentication.k8s.io/v1";

    #[test]
    fn unexpected_output_is_described_without_its_content() {
        for (output, expected) in [
            ("", "nothing"),
            ("  <html>secret</html>", "HTML"),
            ("secret", "text that is not JSON"),
            ("{\"kind\": \"secret", "broken JSON (line 1)"),
            ("{}", "a JSON object of another kind"),
            (
                r#"{"kind": "ExecCredential", "apiVersion": "client.authentication.k8s.io/v1alpha1"}"#,
                "an `ExecCredential` of the version `client.authentication.k8s.io/v1alpha1` instead of `client.authentication.k8s.io/v1`",
            ),
            (
                r#"{"kind": "ExecCredential", "apiVersion": "client.authentication.k8s.io/v1"}"#,
                "an `ExecCredential` without `status`",
            ),
            (
                r#"{"kind": "ExecCredential", "apiVersion": "client.authentication.k8s.io/v1", "status": {"token": ""}}"#,
                "an `ExecCredential` with neither a token nor a certificate and its key",
            ),
        ] {
            assert_eq!(read(output.as_bytes(), V1).unwrap_err(), expected, "{output}");
        }
    }
}
