//! Values that take precedence over the kubeconfig.

use std::path::PathBuf;

use scs_collector::Secret;

/// What the options of `kubectl` override, by their names there.
///
/// ```
/// use scs_kubernetes::Overrides;
///
/// let mut overrides = Overrides::default();
/// overrides.server = Some("https://127.0.0.1:6443".to_owned());
/// assert!(overrides.token.is_none());
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Overrides {
    /// `--kubeconfig`: this file instead of `KUBECONFIG` and the default file.
    pub kubeconfig: Option<PathBuf>,
    /// `--cluster`: the cluster instead of that of the context.
    pub cluster: Option<String>,
    /// `--user`: the user instead of that of the context.
    pub user: Option<String>,
    /// `--server`: the URL of the API server.
    pub server: Option<String>,
    /// `--tls-server-name`: the name in the server's certificate.
    pub tls_server_name: Option<String>,
    /// `--certificate-authority`: a file with certificate authorities for the server's certificate.
    pub certificate_authority: Option<PathBuf>,
    /// `--insecure-skip-tls-verify`: do not verify the server's certificate.
    pub insecure_skip_tls_verify: bool,
    /// `--token`: a bearer token instead of the credentials of the user. `kubectl` also sends a client certificate of the kubeconfig,
    /// which API servers prefer.
    pub token: Option<Secret>,
    /// `--client-certificate`: a file with a client certificate, instead of the other credentials of the user.
    pub client_certificate: Option<PathBuf>,
    /// `--client-key`: a file with the key of the client certificate.
    pub client_key: Option<PathBuf>,
    /// `--as`: the user to impersonate.
    pub impersonate: Option<String>,
    /// `--as-uid`: the uid to impersonate.
    pub impersonate_uid: Option<String>,
    /// `--as-group`: the groups to impersonate.
    pub impersonate_groups: Vec<String>,
    /// Whether credential plug-ins of the kubeconfig may not be run.
    pub no_plugins: bool,
}

impl Overrides {
    /// Whether there is a token or a certificate, instead of the credentials of a user in the kubeconfig.
    pub(super) fn gives_credentials(&self) -> bool {
        self.token.is_some() || self.gives_certificate()
    }

    pub(super) fn gives_certificate(&self) -> bool {
        self.client_certificate.is_some() || self.client_key.is_some()
    }
}
