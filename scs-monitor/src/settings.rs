//! Options and environment variables. The variables are those of the official monitor.

use std::net::{Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::{fmt, io};

use clap::Args;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

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
    /// The address of PostgreSQL in parts
    #[command(flatten)]
    pub postgres: Postgres,
    /// Accounts, and the entries of the table
    #[arg(long, value_name = "FILE", env = "SCM_BOOTSTRAP")]
    pub bootstrap: Option<PathBuf>,
    /// Directory with scope files (scs-*.yaml) [default: the built-in ones]
    #[arg(long, value_name = "DIR", env = "SCM_SCOPES")]
    pub scopes: Option<PathBuf>,
    /// Public address of the service, for links
    #[arg(long, value_name = "URL", default_value = "/", env = "SCM_BASE_URL", value_parser = with_slash)]
    pub base_url: String,
    /// User who may see why /healthz fails
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
    /// Allow webhooks at private and loopback addresses
    #[arg(long, env = "SCM_WEBHOOKS_TO_PRIVATE")]
    pub webhooks_to_private: bool,
    /// Delete reports older than this, at least 980 days, unless they have a result that may still count [default: keep all]
    ///
    /// Histories go back 18 months, and a result counts for up to 14 months.
    #[arg(
        long,
        value_name = "DAYS",
        env = "SCM_KEEP_DAYS",
        conflicts_with = "demo",
        value_parser = clap::value_parser!(u32).range(980..=36_500)
    )]
    pub keep_days: Option<u32>,
}

/// The address of PostgreSQL in the variables of the official monitor. Any of them selects PostgreSQL.
#[derive(Clone, Default, Args)]
#[non_exhaustive]
pub struct Postgres {
    /// Host of PostgreSQL, or the directory of its socket, instead of --database [default: localhost]
    #[arg(long = "db-host", value_name = "HOST", env = "SCM_DB_HOST", conflicts_with = "database")]
    pub host: Option<String>,
    /// Its port [default: 5432]
    #[arg(long = "db-port", value_name = "PORT", env = "SCM_DB_PORT", conflicts_with = "database")]
    pub port: Option<u16>,
    /// Its user, which is also the name of the database [default: postgres]
    #[arg(long = "db-user", value_name = "NAME", env = "SCM_DB_USER", conflicts_with = "database")]
    pub user: Option<String>,
    /// File with the password of that user
    #[arg(
        long = "db-password-file",
        value_name = "FILE",
        env = "SCM_DB_PASSWORD_FILE",
        conflicts_with = "database"
    )]
    pub password_file: Option<PathBuf>,
    /// Password of that user, unless there is a file
    #[arg(
        long = "db-password",
        value_name = "PASSWORD",
        env = "SCM_DB_PASSWORD",
        hide_env_values = true,
        conflicts_with = "database"
    )]
    pub password: Option<String>,
}

/// Without the password.
impl fmt::Debug for Postgres {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Postgres")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}

impl Postgres {
    /// The address; `None` if no part of it is given.
    fn address(&self) -> io::Result<Option<String>> {
        let Self { host, port, user, password_file, password } = self;
        let is_given = [host.is_some(), port.is_some(), user.is_some(), password.is_some()].contains(&true);
        if !is_given && password_file.is_none() {
            return Ok(None);
        }
        let password = match password_file {
            Some(path) => Some(std::fs::read_to_string(path)?.trim().to_owned()),
            None => password.clone(),
        };
        let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let user = encoded(user.as_deref().unwrap_or("postgres"));
        let password = password.map(|password| format!(":{}", encoded(&password))).unwrap_or_default();
        let host = match host.as_deref().unwrap_or("localhost") {
            address if address.parse::<Ipv6Addr>().is_ok() => format!("[{address}]"),
            directory if directory.starts_with('/') => encoded(directory),
            name => name.to_owned(),
        };
        let port = port.unwrap_or(5432);
        Ok(Some(format!("postgres://{user}{password}@{host}:{port}/{user}")))
    }
}

/// An address with a slash at its end, since paths are appended. Without an address, links are relative.
#[expect(clippy::unnecessary_wraps, reason = "it is a parser of values")]
fn with_slash(address: &str) -> Result<String, std::convert::Infallible> {
    let is_complete = address.is_empty() || address.ends_with('/');
    Ok(if is_complete { address.to_owned() } else { format!("{address}/") })
}

impl Settings {
    /// The address of the database.
    ///
    /// # Errors
    ///
    /// If the file with its password cannot be read.
    pub(crate) fn database(&self) -> io::Result<String> {
        Ok(self.postgres.address()?.unwrap_or_else(|| self.database.clone()))
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            database: "sqlite:scs-monitor.db".to_owned(),
            postgres: Postgres::default(),
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
            keep_days: None,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variables_of_the_official_monitor_name_a_database() {
        assert_eq!(Settings::default().database().unwrap(), "sqlite:scs-monitor.db");
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("password");
        std::fs::write(&file, "p@ss/word\n").unwrap();
        let with = |host: &str, port: Option<u16>, user: Option<&str>, password_file: Option<PathBuf>| {
            let postgres = Postgres {
                host: Some(host.to_owned()),
                port,
                user: user.map(str::to_owned),
                password_file,
                password: None,
            };
            Settings { postgres, ..Settings::default() }.database()
        };
        assert_eq!(with("db", None, None, None).unwrap(), "postgres://postgres@db:5432/postgres");
        assert_eq!(
            with("::1", Some(5433), Some("s-c m"), Some(file)).unwrap(),
            "postgres://s%2Dc%20m:p%40ss%2Fword@[::1]:5433/s%2Dc%20m"
        );
        assert_eq!(
            with("/run/postgresql", None, None, None).unwrap(),
            "postgres://postgres@%2Frun%2Fpostgresql:5432/postgres"
        );
        assert!(with("db", None, None, Some(directory.path().join("missing"))).is_err());
        let only_a_password = Postgres { password: Some("x".to_owned()), ..Postgres::default() };
        assert_eq!(
            only_a_password.address().unwrap().unwrap(),
            "postgres://postgres:x@localhost:5432/postgres"
        );
    }
}
