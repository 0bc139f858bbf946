//! Runs credential plug-ins, under a deadline and with their own words.
//!
//! The client runs a plug-in synchronously, without a deadline, and loses its standard error; so it gets only the result.

use std::collections::VecDeque;
use std::process::Stdio;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use scs_collector::{Event, files, one_line};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;
use thiserror::Error;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::config::{ClusterConfig, Interactive, PluginConfig, pem};
use crate::options::Options;

/// The maximum length in bytes of what a plug-in prints.
const LONGEST: u64 = 1 << 20;

/// The number of lines of standard error that a message quotes.
const QUOTED_LINES: usize = 3;

/// The number of lines of standard error that are passed on.
const TOLD_LINES: usize = 1_000;

/// The length in bytes from which a line of standard error is cut off.
const LONGEST_LINE: usize = 4_096;

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
    #[error("{place}: the credential plug-in `{command}` failed ({status}){}", said(stderr))]
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

impl Credentials {
    /// A cluster with these credentials.
    pub(crate) fn given_to(self, cluster: &ClusterConfig) -> ClusterConfig {
        let mut cluster = cluster.clone();
        let info = &mut cluster.config.auth_info;
        if let Some(token) = self.token {
            info.token = Some(token);
        }
        if let Some((certificate, key)) = self.certificate {
            info.client_certificate_data = Some(certificate);
            info.client_key_data = Some(key);
        }
        cluster
    }
}

/// A cluster with new credentials of its plug-in, or from its token file; `None` if there are no newer ones.
pub(crate) async fn renewed(cluster: &ClusterConfig, options: &Options) -> Option<ClusterConfig> {
    let config = match (&cluster.plugin, &cluster.token_file) {
        (Some(plugin), _) => run(plugin, options).await.ok()?.given_to(cluster),
        (None, Some(path)) => {
            let text = String::from_utf8(files::read(path).ok()?).ok()?;
            let token = Some(text.trim()).filter(|token| !token.is_empty())?;
            Credentials { token: Some(SecretString::from(token)), certificate: None }.given_to(cluster)
        }
        (None, None) => return None,
    };
    let shown = |cluster: &ClusterConfig| {
        let info = &cluster.config.auth_info;
        (info.token.as_ref().map(|it| it.expose_secret().to_owned()), info.client_certificate_data.clone())
    };
    (shown(&config) != shown(cluster)).then_some(config)
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
    let mut running = start(plugin, asks)?;
    let (stdout, stderr) = (running.child.stdout.take(), running.child.stderr.take());
    let mut lines = Tail { command: &plugin.command, lines: VecDeque::new() };
    let work = async {
        let errors = async {
            lines.collect(stderr, options).await;
            Ok(())
        };
        let (output, ()) = tokio::try_join!(printed(stdout), errors)?;
        Ok((output, running.child.wait().await))
    };
    // A person may take longer.
    let ended = if asks { Ok(work.await) } else { timeout(options.plugin_timeout, work).await };
    // It stops unless it has ended, before its last lines are read.
    drop(running);
    let stderr = lines.text();
    let (output, status) = match ended {
        Ok(Ok(ended)) => ended,
        Ok(Err(TooMuch)) => {
            let found = format!("more than {} MiB", LONGEST >> 20);
            return Err(PluginError::Unexpected { place, command, found, stderr });
        }
        Err(_) => {
            let timeout = options.plugin_timeout;
            return Err(PluginError::Timeout { place, command, timeout, stderr });
        }
    };
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

/// A plug-in. If it is dropped before its end, it is stopped with the programs that it started.
struct Running {
    child: Child,
    leads_group: bool,
}

impl Drop for Running {
    fn drop(&mut self) {
        #[cfg(unix)]
        if self.leads_group
            // It has none after its end.
            && let Some(group) = self.child.id().and_then(|id| i32::try_from(id).ok())
            && let Some(group) = rustix::process::Pid::from_raw(group)
        {
            // It may have ended meanwhile.
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
    }
}

fn start(plugin: &PluginConfig, asks: bool) -> Result<Running, PluginError> {
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
    let child = command.spawn().map_err(|error| PluginError::NotStarted {
        place: plugin.place.clone(),
        command: plugin.command.clone(),
        reason: error.to_string(),
        install_hint: plugin.install_hint.clone(),
    })?;
    Ok(Running { child, leads_group: !asks })
}

/// A plug-in prints more than any credentials have.
struct TooMuch;

async fn printed(stdout: Option<impl AsyncRead + Unpin>) -> Result<Vec<u8>, TooMuch> {
    let mut output = Vec::new();
    if let Some(stdout) = stdout {
        // What cannot be read is missing from the JSON.
        let _ = stdout.take(LONGEST + 1).read_to_end(&mut output).await;
    }
    if output.len() as u64 > LONGEST { Err(TooMuch) } else { Ok(output) }
}

/// The last lines of standard error.
struct Tail<'p> {
    /// The plug-in.
    command: &'p str,
    lines: VecDeque<String>,
}

impl Tail<'_> {
    /// Reads to the end, so a plug-in that writes much is not blocked.
    async fn collect(&mut self, stderr: Option<impl AsyncRead + Unpin>, options: &Options) {
        let Some(mut stderr) = stderr else { return };
        let mut buffer = [0; 4096];
        let mut line = Vec::new();
        let mut told = 0;
        while let Ok(read @ 1..) = stderr.read(&mut buffer).await {
            for byte in &buffer[..read] {
                if *byte != b'\n' {
                    // The rest of a long line is not quoted.
                    if line.len() < LONGEST_LINE {
                        line.push(*byte);
                    }
                    continue;
                }
                self.add(&std::mem::take(&mut line), options, &mut told);
            }
        }
        self.add(&line, options, &mut told);
    }

    fn add(&mut self, line: &[u8], options: &Options, told: &mut usize) {
        let text = one_line(&without_tokens(&String::from_utf8_lossy(line)), 300);
        if text.is_empty() {
            return;
        }
        if *told < TOLD_LINES {
            *told += 1;
            options.tell(Event::Said(self.command, &text));
        }
        if self.lines.len() == QUOTED_LINES {
            self.lines.pop_front();
        }
        self.lines.push_back(text);
    }

    fn text(&self) -> String {
        self.lines.iter().map(String::as_str).collect::<Vec<_>>().join("; ")
    }
}

/// A line without JSON Web Tokens, which plug-ins print when they are asked for more detail.
fn without_tokens(line: &str) -> String {
    let ends_token = |c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c));
    let mut shown = String::new();
    let mut rest = line;
    while let Some(start) = rest.find("eyJ") {
        let end = rest[start..].find(ends_token).map_or(rest.len(), |length| start + length);
        shown.push_str(&rest[..start]);
        shown.push_str(if end - start < 20 { &rest[start..end] } else { "…" });
        rest = &rest[end..];
    }
    shown + rest
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
    let certificate = status.client_certificate_data.zip(status.client_key_data);
    if let Some((certificate, key)) = &certificate
        && (!pem::has_certificates(certificate.as_bytes()) || !pem::has_key(key.as_bytes()))
    {
        return Err("an `ExecCredential` whose certificate or key is not PEM".to_owned());
    }
    let certificate = certificate
        .map(|(certificate, key)| (STANDARD.encode(certificate), SecretString::from(STANDARD.encode(key))));
    if token.as_ref().is_some_and(|token| !token.expose_secret().bytes().all(|byte| byte.is_ascii_graphic()))
    {
        return Err("an `ExecCredential` with a token that has spaces or other characters that no token has"
            .to_owned());
    }
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
    fn tokens_are_left_out_of_lines() {
        let token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJtZSJ9.c2ln-_x";
        assert_eq!(without_tokens(&format!("got \"{token}\", ok")), "got \"…\", ok");
        assert_eq!(without_tokens(&format!("{token}{token}")), "…");
        assert_eq!(without_tokens("see eyJ and eyJx äöü"), "see eyJ and eyJx äöü");
    }

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
