//! The configuration of a program: the files that oslo.config reads for it, in order.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use scs_standards::truth::truth;

use super::found::Found;
use super::ini::{Ini, normalized};
use super::launch::{Launch, Named};
use super::place::Place;

/// Deprecated names of options, which oslo.config still accepts.
const DEPRECATED_NAMES: &[(Name, &[Name])] = &[
    (
        ("database", "connection"),
        &[("DEFAULT", "sql_connection"), ("database", "sql_connection"), ("sql", "connection")],
    ),
    (
        ("oslo_messaging_rabbit", "ssl"),
        &[("oslo_messaging_rabbit", "rabbit_use_ssl"), ("DEFAULT", "rabbit_use_ssl")],
    ),
    (("oslo_messaging_notifications", "transport_url"), &[("DEFAULT", "notification_transport_url")]),
    (("cinder", "cross_az_attach"), &[("DEFAULT", "cinder_cross_az_attach")]),
];

/// A section and an option.
type Name = (&'static str, &'static str);

/// A value and the file that sets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Setting<'c> {
    /// The path of the file.
    pub path: &'c str,
    /// The section.
    pub section: &'c str,
    /// The option as spelled in the file.
    pub option: &'c str,
    /// The value.
    pub value: &'c str,
}

impl<'c> Setting<'c> {
    /// The value as a boolean, as oslo.config parses it; `None` if it is not a boolean.
    #[must_use]
    pub fn flag(&self) -> Option<bool> {
        truth(self.value.trim())
    }

    /// The parts of a comma-separated list.
    #[must_use]
    pub fn list(&self) -> Vec<&'c str> {
        self.value.split(',').map(str::trim).filter(|part| !part.is_empty()).collect()
    }
}

/// The files that a program of a service reads on one machine.
///
/// ```
/// use scs_iaas_policy::config::ConfigFiles;
///
/// let files = ConfigFiles::read(
///     r#"{"/etc/nova/nova.conf": "[cinder]\ncross_az_attach = False",
///         "/etc/nova/nova.conf.d/50.conf": "[cinder]\ncross_az_attach = True"}"#,
/// )?;
/// let found = files.configurations("nova");
/// let setting = found.usable[0].setting("cinder", "cross_az_attach").unwrap();
/// assert_eq!((setting.path, setting.flag()), ("/etc/nova/nova.conf.d/50.conf", Some(true)));
/// # Ok::<(), scs_standards::ReadPartError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Configuration<'a> {
    pub(super) service: &'static str,
    program: Option<String>,
    pub(super) origin: String,
    /// Later files take precedence.
    layers: Vec<(&'a str, Rc<Ini>)>,
    /// Directories with more files, and those of the files, in lookup order.
    pub(super) directories: Vec<String>,
    /// Files on the program's command line that the inventory does not have.
    missing: Vec<String>,
}

impl<'a> Configuration<'a> {
    /// The program, if it has its own files.
    #[must_use]
    pub fn program(&self) -> Option<&str> {
        self.program.as_deref()
    }

    /// The file in which to set an option that is not set yet.
    #[must_use]
    pub fn main(&self) -> &'a str {
        let own = |path: &&str| path.rsplit('/').next() == Some(&format!("{}.conf", self.service));
        let mut paths = self.layers.iter().map(|(path, _)| *path);
        let first = paths.clone().next().unwrap_or_default();
        paths.find(own).unwrap_or(first)
    }

    /// Whether its files include one that all programs of the service read.
    #[must_use]
    pub fn has_file_of_service(&self) -> bool {
        let service = self.service;
        self.file_named(|name| name.strip_suffix(".conf").is_some_and(|stem| stem.starts_with(service)))
            .is_some()
    }

    /// The last file with one of these names.
    #[must_use]
    pub fn file_named(&self, is_it: impl Fn(&str) -> bool) -> Option<&'a str> {
        let paths = self.layers.iter().map(|(path, _)| *path);
        paths.rev().find(|path| is_it(path.rsplit('/').next().unwrap_or_default()))
    }

    /// Files on the program's command line that the inventory does not have.
    #[must_use]
    pub fn missing(&self) -> &[String] {
        &self.missing
    }

    /// Whether a file has a section.
    #[must_use]
    pub fn has_section(&self, section: &str) -> bool {
        self.layers.iter().any(|(_, file)| file.sections().any(|known| known == section))
    }

    /// The effective value of an option.
    #[must_use]
    pub fn setting(&self, section: &str, option: &str) -> Option<Setting<'_>> {
        self.settings_of(section, option).pop()
    }

    /// The value of an option in one file.
    #[must_use]
    pub fn value(&self, section: &str, option: &str) -> Option<&str> {
        self.setting(section, option).map(|setting| setting.value)
    }

    /// All values of an option that can be set several times, from all files.
    #[must_use]
    pub fn settings_of(&self, section: &str, option: &str) -> Vec<Setting<'_>> {
        let section = normalized(section);
        let former = DEPRECATED_NAMES.iter().find(|((of, name), _)| *of == section && *name == option);
        let former = former.map_or(&[][..], |(_, names)| *names);
        let mut found = Vec::new();
        for (path, file) in &self.layers {
            let of = |section: &str, option: &str| {
                let same = |(of, name, _): &(&str, &str, &str)| *of == section && *name == option;
                let own = file.assignments().filter(same);
                own.map(|(section, option, value)| Setting { path, section, option, value })
                    .collect::<Vec<_>>()
            };
            // Within a file, the current name takes precedence over deprecated ones.
            let mut values = of(&section, option);
            for (section, option) in former {
                if values.is_empty() {
                    values = of(section, option);
                }
            }
            found.extend(values);
        }
        found
    }

    /// All effective values, each option once.
    #[must_use]
    pub fn settings(&self) -> Vec<Setting<'_>> {
        let mut all: BTreeMap<(&str, &str), Setting<'_>> = BTreeMap::new();
        for (path, file) in &self.layers {
            let mut own: BTreeMap<(&str, &str), (bool, Setting<'_>)> = BTreeMap::new();
            for (section, option, value) in file.assignments() {
                let former = DEPRECATED_NAMES.iter().find(|(_, former)| former.contains(&(section, option)));
                let name = former.map_or((section, option), |(present, _)| *present);
                let is_hidden = former.is_some() && own.get(&name).is_some_and(|(is_present, _)| *is_present);
                if !is_hidden {
                    own.insert(name, (former.is_none(), Setting { path, section, option, value }));
                }
            }
            all.extend(own.into_iter().map(|(name, (_, setting))| (name, setting)));
        }
        all.into_values().collect()
    }
}

/// The configurations of a service.
#[derive(Clone, Debug, Default)]
pub struct Configurations<'a> {
    /// The readable ones, by machine and program.
    pub usable: Vec<Configuration<'a>>,
    /// Unreadable files, each with the reason.
    pub unusable: Vec<(&'a str, String)>,
}

impl<'a> Configurations<'a> {
    /// Whether the inventory has no file of the service.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.usable.is_empty() && self.unusable.is_empty()
    }

    /// The configuration of a program on each machine, or that of all programs if it has no files of its own.
    #[must_use]
    pub fn of_program(&self, program: &str) -> Vec<&Configuration<'a>> {
        let is_own = |known: &&Configuration<'_>| known.program() == Some(program);
        let with_own: BTreeSet<&str> =
            self.usable.iter().filter(is_own).map(|known| known.origin.as_str()).collect();
        let shared =
            |known: &&Configuration<'_>| known.program.is_none() && !with_own.contains(known.origin.as_str());
        self.usable.iter().filter(|known| is_own(known) || shared(known)).collect()
    }
}

/// All files of one service on one machine.
#[derive(Default)]
pub(super) struct Machine<'a> {
    files: Vec<(Place<'a>, &'a str, Rc<Ini>)>,
    launches: Vec<&'a Launch>,
}

impl<'a> Machine<'a> {
    pub(super) fn add(&mut self, place: Place<'a>, path: &'a str, file: Ini) {
        self.files.push((place, path, Rc::new(file)));
    }

    pub(super) fn start(&mut self, launch: &'a Launch) {
        self.launches.push(launch);
    }

    /// If a file is in both `/etc/nova` and `/etc`, only the first is read.
    fn first_found(&mut self, service: &str) {
        // The directory of the file, or the parent of `nova.conf.d`.
        let within = |place: &Place<'_>, path: &'a str| {
            path.rsplit('/').nth(if place.layer.is_directory() { 2 } else { 1 }).unwrap_or_default()
        };
        let kind = |place: &Place<'a>| (place.layer, place.program);
        let own = self.files.iter().filter(|(place, path, _)| within(place, path) == service);
        let own: BTreeSet<_> = own.map(|(place, ..)| kind(place)).collect();
        self.files.retain(|(place, path, _)| within(place, path) != "etc" || !own.contains(&kind(place)));
    }

    /// The configuration of each program, and the unreadable files. `find` finds a file by its path on a command line,
    /// `below` the files in a directory.
    pub(super) fn configurations(
        mut self,
        service: &'static str,
        origin: &str,
        find: &dyn Fn(&str) -> Vec<Found<'a, Ini>>,
        below: &dyn Fn(&str) -> Vec<Found<'a, Ini>>,
    ) -> (Vec<Configuration<'a>>, Vec<(&'a str, String)>) {
        self.files.sort_by(|(one, path, _), (other, later, _)| (one.layer, path).cmp(&(other.layer, later)));
        self.first_found(service);
        let started = |program: Option<&str>| {
            self.launches.iter().any(|launch| Some(launch.program.as_str()) == program)
        };
        let programs: BTreeSet<Option<&str>> = self.files.iter().map(|(place, ..)| place.program).collect();
        let by_default = programs.into_iter().filter(|program| !started(*program));
        let by_command = self.launches.iter().map(|launch| (Some(launch.program.as_str()), Some(*launch)));
        let all: Vec<_> = by_default.map(|program| (program, None)).chain(by_command).collect();
        let mut found = Vec::new();
        let mut unusable = Vec::new();
        for (program, launch) in all {
            let mut reading = Reading::default();
            let named = launch.map_or(&[][..], |launch| launch.named.as_slice());
            // Files on the command line replace the usual files and are read after the usual directories.
            if !named.iter().any(|it| matches!(it, Named::File(_))) {
                reading.files = self.with_defaults(program, false);
            }
            if !named.iter().any(|it| matches!(it, Named::Directory(_))) {
                reading.directories = self.with_defaults(program, true);
            }
            reading.layers = [reading.files.clone(), reading.directories.clone()].concat();
            for it in named {
                match it {
                    Named::File(path) => reading.file(path, find(path), &mut unusable),
                    Named::Directory(path) => reading.directory(below(path), &mut unusable),
                }
            }
            if reading.layers.is_empty() && reading.missing.is_empty() {
                continue;
            }
            let directories = reading.searched(origin, service);
            found.push(Configuration {
                service,
                program: program.map(str::to_owned),
                origin: origin.to_owned(),
                layers: reading.layers,
                directories,
                missing: reading.missing,
            });
        }
        (found, unusable)
    }

    /// The default files of a program, or those of the default directories.
    fn with_defaults(&self, program: Option<&str>, is_directory: bool) -> Vec<Read<'a>> {
        let own = |place: &Place<'_>| place.program.is_none() || place.program == program;
        let files =
            self.files.iter().filter(|(place, ..)| own(place) && place.layer.is_directory() == is_directory);
        files.map(|(_, path, file)| (*path, Rc::clone(file))).collect()
    }
}

/// A file to read.
type Read<'a> = (&'a str, Rc<Ini>);

/// The files of one program.
#[derive(Default)]
struct Reading<'a> {
    files: Vec<Read<'a>>,
    directories: Vec<Read<'a>>,
    /// All files in the order in which they are read.
    layers: Vec<Read<'a>>,
    missing: Vec<String>,
}

impl<'a> Reading<'a> {
    fn file(&mut self, path: &str, found: Vec<Found<'a, Ini>>, unusable: &mut Vec<(&'a str, String)>) {
        if found.is_empty() {
            self.missing.push(path.to_owned());
        }
        let read = usable(found, unusable);
        self.layers.extend(read.iter().cloned());
        self.files.extend(read);
    }

    fn directory(&mut self, found: Vec<Found<'a, Ini>>, unusable: &mut Vec<(&'a str, String)>) {
        let read = usable(found, unusable);
        self.layers.extend(read.iter().cloned());
        self.directories.extend(read);
    }

    /// The lookup path for more files: the directories with parts, those of the files from last to first, and the default
    /// directories.
    fn searched(&self, origin: &str, service: &str) -> Vec<String> {
        let parent = |path: &str| path.rsplit_once('/').map_or("", |(parent, _)| parent).to_owned();
        let mut searched: Vec<String> = self.directories.iter().map(|(path, _)| parent(path)).collect();
        searched.extend(self.files.iter().rev().map(|(path, _)| parent(path)));
        searched.extend([format!("{origin}/etc/{service}"), format!("{origin}/etc")]);
        searched.dedup();
        searched
    }
}

/// The readable files; the others are recorded with the reason.
fn usable<'a>(found: Vec<Found<'a, Ini>>, unusable: &mut Vec<(&'a str, String)>) -> Vec<Read<'a>> {
    let read = found.into_iter().filter_map(|found| match found {
        Found::File(path, file) => Some((path, Rc::new(file))),
        Found::Unusable(path, reason) => {
            unusable.push((path, reason));
            None
        }
    });
    read.collect()
}
