//! Cloud endpoints and credentials, read from the same sources as OpenStack's clients.

mod cloud;
mod environment;
mod error;
mod files;
mod settings;
mod texts;

use std::fmt;
use std::path::PathBuf;

use serde_json::{Map, Value};

pub use cloud::{AuthMethod, CloudConfig, Credentials, Scope, Verify};
pub use environment::Environment;
pub use error::ConfigError;
pub use scs_standards::interface::Interface;

use files::{Read, kind_of};
use settings::{ENVIRONMENT, Settings, deep_merged};

/// All configured clouds: `clouds.yaml` merged with `secure.yaml`, and the environment.
///
/// The rules are those of openstacksdk: the first existing `clouds.yaml` is used (`OS_CLIENT_CONFIG_FILE`, the current
/// directory, the user's configuration, `/etc/openstack`), and likewise the first `secure.yaml`; a `profile` comes from
/// `clouds-public.yaml`; `OS_*` variables are a separate cloud, named `envvars`. As for the OpenStack client,
/// `OS_REGION_NAME` is the default region of any cloud, and `OS_CACERT`, `OS_CERT`, `OS_KEY` and `OS_INTERFACE` override the
/// settings of clouds in files.
///
/// Unquoted values are kept as written, so a password `08123456` and a region `no` are strings. Flags such as `verify`
/// accept YAML 1.1 booleans.
///
/// ```
/// use scs_openstack::{Clouds, ConfigError, Environment};
///
/// # let dir = tempfile::tempdir()?;
/// std::fs::write(dir.path().join("clouds.yaml"), "
/// clouds:
///   here:
///     region_name: north
///     auth: {auth_url: 'https://here.example/v3', username: me, password: swordfish, project_name: p, domain_name: d}
/// ")?;
/// let clouds = Clouds::read(&Environment::new(dir.path(), [("HOME", "/nowhere")]))?;
/// let cloud = clouds.cloud(Some("here"), None)?;
/// assert_eq!(cloud.region(), Some("north"));
/// assert!(!format!("{cloud:?}").contains("swordfish"));
/// let error = clouds.cloud(Some("there"), None).unwrap_err();
/// assert!(matches!(error, ConfigError::UnknownCloud { ref clouds, .. } if *clouds == ["here"]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Clouds {
    environment: Environment,
    /// The path of the file with the clouds, if there is one.
    path: Option<PathBuf>,
    by_name: Map<String, Value>,
    /// An error matters only to clouds that use a profile.
    profiles: Result<Map<String, Value>, ConfigError>,
    /// The name of the cloud in the environment, if there is one.
    of_environment: Option<String>,
}

/// The variable for the path of the file with the clouds.
const CONFIG_FILE: &str = "OS_CLIENT_CONFIG_FILE";

impl fmt::Debug for Clouds {
    /// Only the names: the rest has passwords.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Clouds")
            .field("path", &self.path)
            .field("clouds", &self.named())
            .finish_non_exhaustive()
    }
}

impl Clouds {
    /// Reads the files and the environment.
    ///
    /// # Errors
    ///
    /// If a used file is unreadable or invalid.
    pub fn read(environment: &Environment) -> Result<Self, ConfigError> {
        let file = files::first(environment, "clouds", CONFIG_FILE)?;
        let secure = files::first(environment, "secure", "OS_CLIENT_SECURE_FILE")?;
        let public = files::first(environment, "clouds-public", "OS_CLIENT_VENDOR_FILE");
        let of_file = file.as_ref().map(|file| mapping(file, "clouds")).transpose()?.unwrap_or_default();
        let of_secure = secure.as_ref().map(|file| mapping(file, "clouds")).transpose()?.unwrap_or_default();
        let mut by_name = deep_merged(of_file, of_secure);
        let profiles = public.and_then(|file| match file {
            Some(file) => mapping(&file, "public-clouds"),
            None => Ok(Map::new()),
        });
        let path = file.or(secure).map(|file| file.path);
        let name = environment.variable("OS_CLOUD_NAME").unwrap_or("envvars").to_owned();
        let variables = environment.cloud().map(|variables| {
            variables.map(|(key, value)| (key, Value::from(value))).collect::<Map<String, Value>>()
        });
        if let (true, Some(path)) = (by_name.contains_key(&name), &path) {
            return Err(ConfigError::Ambiguous { name, path: path.clone() });
        }
        let of_environment = variables.map(|variables| {
            by_name.insert(name.clone(), Value::Object(variables));
            name
        });
        Ok(Self { environment: environment.clone(), path, by_name, profiles, of_environment })
    }

    /// The names of the clouds.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.by_name.keys().map(String::as_str)
    }

    /// The file with the clouds, if there is one.
    #[must_use]
    pub fn path(&self) -> Option<&std::path::Path> {
        self.path.as_deref()
    }

    /// The regions in a cloud's configuration; empty if it has none.
    ///
    /// # Errors
    ///
    /// If the cloud does not exist, or its regions are invalid.
    pub fn regions(&self, name: Option<&str>) -> Result<Vec<String>, ConfigError> {
        let name = self.chosen(name)?;
        Ok(self.settings(&name)?.regions()?.into_iter().map(|(region, _)| region).collect())
    }

    /// A cloud in a region. The name defaults to `OS_CLOUD`, the cloud in the environment, or the only cloud; the region
    /// defaults to `OS_REGION_NAME`, or the first one of the cloud.
    ///
    /// # Errors
    ///
    /// If the cloud or region does not exist, or a required setting is missing or invalid.
    pub fn cloud(&self, name: Option<&str>, region: Option<&str>) -> Result<CloudConfig, ConfigError> {
        let name = self.chosen(name)?;
        let settings = self.settings(&name)?;
        let regions = settings.regions()?;
        // The cloud in the environment already has it, possibly as one of several.
        let of_variable =
            self.environment.variable("OS_REGION_NAME").filter(|_| !self.is_of_environment(&name));
        let by_variable = region.is_none() && of_variable.is_some();
        let only_region = regions.len() == 1;
        let region = match (region.or(of_variable), regions.is_empty()) {
            (None, _) => regions.into_iter().next(),
            (Some(region), true) => Some((region.to_owned(), Map::new())),
            (Some(region), false) => match regions.iter().find(|(known, _)| known == region) {
                Some(found) => Some(found.clone()),
                None => {
                    return Err(ConfigError::UnknownRegion {
                        cloud: name,
                        region: region.to_owned(),
                        by_variable,
                        regions: regions.into_iter().map(|(region, _)| region).collect(),
                    });
                }
            },
        };
        let (region, values) = region.unzip();
        let settings = settings.with(values.unwrap_or_default());
        let settings = if self.is_of_environment(&name) {
            settings
        } else {
            settings.with_variables(self.environment.over_all())
        };
        let region = region.filter(|region| !region.is_empty());
        CloudConfig::of(&settings, name, region, only_region, &self.environment)
    }

    fn chosen(&self, name: Option<&str>) -> Result<String, ConfigError> {
        let only = || (self.by_name.len() == 1).then(|| self.by_name.keys().next()).flatten();
        let name = name
            .or_else(|| self.environment.variable("OS_CLOUD"))
            .or(self.of_environment.as_deref())
            .or_else(|| only().map(String::as_str))
            .ok_or_else(|| ConfigError::NoCloud {
                clouds: self.named(),
                paths: self.places(),
                absent: self.absent(),
            })?;
        if self.by_name.contains_key(name) {
            return Ok(name.to_owned());
        }
        Err(ConfigError::UnknownCloud {
            name: name.to_owned(),
            clouds: self.named(),
            paths: self.places(),
            absent: self.absent(),
        })
    }

    fn is_of_environment(&self, name: &str) -> bool {
        self.of_environment.as_deref() == Some(name)
    }

    fn named(&self) -> Vec<String> {
        self.by_name.keys().cloned().collect()
    }

    fn places(&self) -> Vec<PathBuf> {
        match &self.path {
            Some(path) => vec![path.clone()],
            None => self.environment.directories(),
        }
    }

    /// The file set in the variable, if another one was read, or none.
    fn absent(&self) -> Option<PathBuf> {
        files::named(&self.environment, CONFIG_FILE).filter(|path| self.path.as_ref() != Some(path))
    }

    fn settings(&self, name: &str) -> Result<Settings, ConfigError> {
        let of_environment = self.is_of_environment(name);
        let source = match &self.path {
            Some(path) if !of_environment => path.clone(),
            _ => PathBuf::from(ENVIRONMENT),
        };
        let own = match self.by_name.get(name) {
            Some(Value::Object(own)) => own.clone(),
            None | Some(Value::Null) => Map::new(),
            Some(other) => {
                return Err(ConfigError::Shape {
                    path: source,
                    key: format!("clouds.{name}"),
                    expected: "a mapping with `auth`",
                    found: kind_of(other),
                });
            }
        };
        Settings::new(source, name, of_environment, own, &self.profiles)
    }
}

/// The mapping in the only relevant key.
fn mapping(file: &Read, key: &str) -> Result<Map<String, Value>, ConfigError> {
    match file.content.get(key) {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(content)) => Ok(content.clone()),
        Some(other) => Err(ConfigError::Shape {
            path: file.path.clone(),
            key: key.to_owned(),
            expected: "a mapping of names to clouds",
            found: kind_of(other),
        }),
    }
}
