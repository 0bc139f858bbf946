//! The options for live clusters, by the names of `kubectl`.

use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::time::Duration;

use clap::{Arg, Args, ValueEnum};
use scs_kubernetes::{
    ClusterConfig, ConfigError, Environment, Extent, Kubeconfigs, Options, Overrides, Secret,
};
use scs_standards::written::shell;

use crate::app::failure::Failure;
use crate::app::timeout::timeout;
use crate::source::origin::Origin;

/// The options that select a cluster and a user.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct ClusterAccess {
    /// Kubeconfig to use [default: `KUBECONFIG`, or ~/.kube/config]
    #[arg(long, value_name = "FILE", help_heading = "Clusters")]
    kubeconfig: Option<PathBuf>,

    /// Query the cluster of this context; can be repeated [default: the current context]
    #[arg(long, value_name = "NAME", help_heading = "Clusters")]
    context: Vec<String>,

    /// Cluster of the kubeconfig to use instead of that of the context
    #[arg(long, value_name = "NAME", help_heading = "Clusters", hide_short_help = true)]
    cluster: Option<String>,

    /// User of the kubeconfig to use instead of that of the context
    #[arg(long, value_name = "NAME", help_heading = "Clusters", hide_short_help = true)]
    user: Option<String>,

    /// URL of the API server
    #[arg(short = 's', long, value_name = "URL", help_heading = "Clusters", hide_short_help = true)]
    server: Option<String>,

    /// Bearer token, instead of the credentials in the kubeconfig
    #[arg(long, value_name = "TOKEN", help_heading = "Clusters", hide_short_help = true)]
    token: Option<String>,

    /// User to impersonate
    #[arg(long = "as", value_name = "USER", help_heading = "Clusters", hide_short_help = true)]
    impersonate: Option<String>,

    /// Group to impersonate; can be repeated
    #[arg(long = "as-group", value_name = "GROUP", help_heading = "Clusters", hide_short_help = true)]
    impersonate_groups: Vec<String>,

    /// UID to impersonate
    #[arg(long = "as-uid", value_name = "UID", help_heading = "Clusters", hide_short_help = true)]
    impersonate_uid: Option<String>,

    /// Certificate authorities for the API server's certificate
    #[arg(long, value_name = "FILE", help_heading = "Clusters", hide_short_help = true)]
    certificate_authority: Option<PathBuf>,

    /// Client certificate, instead of the other credentials in the kubeconfig
    #[arg(long, value_name = "FILE", help_heading = "Clusters", hide_short_help = true)]
    client_certificate: Option<PathBuf>,

    /// Key of the client certificate
    #[arg(long, value_name = "FILE", help_heading = "Clusters", hide_short_help = true)]
    client_key: Option<PathBuf>,

    /// Name in the API server's certificate
    #[arg(long, value_name = "NAME", help_heading = "Clusters", hide_short_help = true)]
    tls_server_name: Option<String>,

    /// Do not verify the API server's certificate; the report says so
    #[arg(long, help_heading = "Clusters", hide_short_help = true, conflicts_with = "certificate_authority")]
    insecure_skip_tls_verify: bool,

    /// Timeout of a request to the API server, such as `30s` [default: 30s]
    #[arg(long, value_name = "DURATION", help_heading = "Clusters", hide_short_help = true, value_parser = timeout)]
    request_timeout: Option<Duration>,

    /// Do not run credential plug-ins of the kubeconfig
    #[arg(long, help_heading = "Clusters", hide_short_help = true)]
    no_plugins: bool,
}

/// The help of `--context` for a command about one cluster, which rejects several.
pub(crate) fn one_context(context: Arg) -> Arg {
    context.help("Query the cluster of this context [default: the current context]")
}

/// The options that say what is collected from a cluster.
#[derive(Clone, Copy, Debug, Default, Args)]
pub(crate) struct ClusterExtent {
    /// Ask each kubelet for its configuration. Needs `get` on `nodes/proxy`, a right that also allows running commands in containers
    #[arg(long, help_heading = "Clusters")]
    kubelets: bool,

    /// Collect the pods of all namespaces, not only those of the control plane
    #[arg(long, help_heading = "Clusters")]
    all_pods: bool,

    /// Fields of objects to keep
    #[arg(
        long,
        value_name = "FIELDS",
        value_enum,
        default_value_t,
        help_heading = "Clusters",
        hide_short_help = true
    )]
    keep: Keep,
}

/// The fields of objects to keep.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Keep {
    /// Fields that rules use
    #[default]
    Read,
    /// All fields except secrets
    All,
}

impl ClusterExtent {
    pub(crate) const fn is_made(self) -> bool {
        self.kubelets || self.all_pods || matches!(self.keep, Keep::All)
    }

    pub(crate) fn extent(self) -> Extent {
        let mut extent = Extent::default();
        extent.kubelets = self.kubelets;
        extent.all_pods = self.all_pods;
        extent.keep_all = self.keep == Keep::All;
        extent
    }
}

impl ClusterAccess {
    /// Whether a cluster is selected by an option.
    pub(crate) fn is_made_by_option(&self) -> bool {
        let texts = [&self.cluster, &self.user, &self.server, &self.token, &self.impersonate];
        self.kubeconfig.is_some() || !self.context.is_empty() || texts.into_iter().any(Option::is_some)
    }

    /// Whether there is a cluster to query although nothing selects one.
    pub(crate) fn has_default() -> bool {
        Environment::from_process().has_default_cluster()
    }

    /// Whether a cluster is selected, by an option or by `KUBECONFIG`.
    pub(crate) fn is_made(&self) -> bool {
        self.is_made_by_option() || Environment::from_process().names_a_cluster()
    }

    pub(crate) fn options(&self) -> Options {
        let mut options = Options::default();
        if let Some(timeout) = self.request_timeout {
            options.request_timeout = timeout;
            options.kubelet_timeout = options.kubelet_timeout.min(timeout);
        }
        // A plug-in may open a browser and wait for the user.
        options.interactive = io::stdin().is_terminal() && io::stderr().is_terminal();
        options
    }

    fn overrides(&self) -> Overrides {
        let mut overrides = Overrides::default();
        overrides.kubeconfig.clone_from(&self.kubeconfig);
        overrides.cluster.clone_from(&self.cluster);
        overrides.user.clone_from(&self.user);
        overrides.server.clone_from(&self.server);
        overrides.token = self.token.as_deref().map(Secret::from);
        overrides.impersonate.clone_from(&self.impersonate);
        overrides.impersonate_groups.clone_from(&self.impersonate_groups);
        overrides.impersonate_uid.clone_from(&self.impersonate_uid);
        overrides.certificate_authority.clone_from(&self.certificate_authority);
        overrides.client_certificate.clone_from(&self.client_certificate);
        overrides.client_key.clone_from(&self.client_key);
        overrides.tls_server_name.clone_from(&self.tls_server_name);
        overrides.insecure_skip_tls_verify = self.insecure_skip_tls_verify;
        overrides.no_plugins = self.no_plugins;
        overrides
    }

    /// The clusters of the contexts, and notices about files.
    pub(crate) fn clusters(&self) -> Result<(Vec<ClusterConfig>, Vec<String>), Failure> {
        let failed = |error: ConfigError| failure(&error);
        let read = Kubeconfigs::read(&Environment::from_process(), &self.overrides()).map_err(failed)?;
        let missing = read.missing().iter();
        let notices =
            missing.map(|path| format!("`KUBECONFIG` names {}, which does not exist", path.display()));
        let clusters = if self.context.is_empty() {
            vec![read.cluster(None).map_err(failed)?]
        } else {
            self.context
                .iter()
                .map(|name| read.cluster(Some(name)).map_err(failed))
                .collect::<Result<_, _>>()?
        };
        Ok((clusters, notices.collect()))
    }

    /// One cluster, for a command that changes or describes one. Its help is that of [`one_context`].
    pub(crate) fn one(&self) -> Result<ClusterConfig, Failure> {
        if self.context.len() > 1 {
            return Err(Failure::new("this command is about one cluster, but several contexts are given"));
        }
        let (mut clusters, _) = self.clusters()?;
        clusters.pop().ok_or_else(|| Failure::new("no cluster is configured"))
    }

    /// The origin of a cluster's inventory, with the options that select it.
    pub(super) fn origin(&self, cluster: &ClusterConfig) -> Origin {
        Origin::cluster(cluster, self.arguments(cluster.context()))
    }

    /// The options that select a context, as arguments of another command, without secrets.
    pub(crate) fn arguments(&self, context: Option<&str>) -> String {
        let file = self.kubeconfig.as_ref().map(|file| file.display().to_string());
        let named = [
            ("--kubeconfig", file.as_deref()),
            ("--context", context),
            ("--cluster", self.cluster.as_deref()),
            ("--user", self.user.as_deref()),
            ("--server", self.server.as_deref()),
            ("--as", self.impersonate.as_deref()),
        ];
        let given = named.iter().filter_map(|(name, value)| Some(shell::option(name, (*value)?)));
        let groups = self.impersonate_groups.iter().map(|group| shell::option("--as-group", group));
        given.chain(groups).collect::<Vec<_>>().join(" ")
    }
}

/// The error for a configuration, with a hint.
fn failure(error: &ConfigError) -> Failure {
    let failure = Failure::new(error.to_string());
    match error {
        ConfigError::NothingConfigured { .. } => failure.hint(
            "give a kubeconfig with `--kubeconfig` or `KUBECONFIG`, or an inventory as a file (`scs k8s collect-script`)",
        ),
        ConfigError::NoContext { .. } => failure.hint("select one with `--context`"),
        ConfigError::PluginForbidden { .. } => failure.hint("leave out `--no-plugins`, or give `--token`"),
        _ => failure,
    }
}
