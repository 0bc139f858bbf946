//! Options and environment variables. The variables are those of the official monitor.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

/// Settings of the service.
#[derive(Clone, Args)]
#[non_exhaustive]
pub struct Settings {
    /// Address to listen at
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080", env = "SCM_LISTEN")]
    pub listen: SocketAddr,
    /// Database: `sqlite:PATH` or `postgres://USER:PASSWORD@HOST/NAME`
    #[arg(
        long,
        value_name = "URL",
        default_value = "sqlite:scs-monitor.db",
        env = "SCM_DATABASE",
        hide_env_values = true
    )]
    pub database: String,
    /// Accounts, and the entries of the table
    #[arg(long, value_name = "FILE", env = "SCM_BOOTSTRAP")]
    pub bootstrap: Option<PathBuf>,
    /// Directory with scope files (scs-*.yaml) [default: the built-in ones]
    #[arg(long, value_name = "DIR", env = "SCM_SCOPES")]
    pub scopes: Option<PathBuf>,
    /// Address of the service in links, which ends with a slash
    #[arg(long, value_name = "URL", default_value = "/", env = "SCM_BASE_URL")]
    pub base_url: String,
    /// User of /healthz who gets to see the reason of a failure
    #[arg(long, value_name = "NAME", env = "SCM_HC_USER", requires = "health_password")]
    pub health_user: Option<String>,
    /// Password of that user
    #[arg(
        long = "health-password",
        value_name = "PASSWORD",
        env = "SCM_HC_PASSWORD",
        hide_env_values = true
    )]
    pub health_password: Option<String>,
    /// Take the address of clients from the last entry of X-Forwarded-For, as set by a reverse proxy
    #[arg(long, env = "SCM_BEHIND_PROXY")]
    pub behind_proxy: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            database: "sqlite:scs-monitor.db".to_owned(),
            bootstrap: None,
            scopes: None,
            base_url: "/".to_owned(),
            health_user: None,
            health_password: None,
            behind_proxy: false,
        }
    }
}

/// Without passwords.
impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("listen", &self.listen)
            .field("bootstrap", &self.bootstrap)
            .field("scopes", &self.scopes)
            .field("base_url", &self.base_url)
            .finish_non_exhaustive()
    }
}
