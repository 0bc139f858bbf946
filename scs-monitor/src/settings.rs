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
    /// Show made-up clouds, kept in memory until the program ends
    #[arg(long, conflicts_with_all = ["database", "bootstrap", "scopes"])]
    pub demo: bool,
    /// Take the address of clients from the last entry of X-Forwarded-For, as set by a reverse proxy
    #[arg(long, env = "SCM_BEHIND_PROXY")]
    pub behind_proxy: bool,
    /// Mail server for notifications: `smtps://USER:PASSWORD@HOST`, or `smtp://…?tls=required` for STARTTLS
    #[arg(long, value_name = "URL", env = "SCM_SMTP", hide_env_values = true, requires = "mail_from")]
    pub smtp: Option<String>,
    /// Sender of notifications
    #[arg(long, value_name = "ADDRESS", env = "SCM_MAIL_FROM")]
    pub mail_from: Option<String>,
    /// Also post notifications to addresses that are not public
    #[arg(long, env = "SCM_WEBHOOKS_TO_PRIVATE")]
    pub webhooks_to_private: bool,
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
            demo: false,
            behind_proxy: false,
            smtp: None,
            mail_from: None,
            webhooks_to_private: false,
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
