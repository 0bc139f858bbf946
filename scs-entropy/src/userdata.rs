//! Cloud-init user data that make a sample VM print entropy facts on its console.
//!
//! Both variants disable the login prompt on the serial console, which would write into the result lines.

use scs_standards::shell;
use scs_standards::written::yaml;

use crate::console::MARKER;
use crate::probe::{CPU_FILE, ENTROPY_AVAILABLE_FILE, HWRNG_AVAILABLE_FILE, HWRNG_CURRENT_FILE};

/// The location of the program `scs` for the VM.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program<'a> {
    /// In the image, at this path.
    Path(&'a str),
    /// Downloaded from this URL.
    Url(&'a str),
}

/// The path of a downloaded program. Not below `/run`, which some distributions mount as not executable.
const FETCHED: &str = "/usr/local/bin/scs";

/// User data that run the program's entropy probe. With a program in the image, nothing is downloaded.
///
/// ```
/// use scs_entropy::userdata::{Program, with_program};
///
/// let data = with_program(Program::Path("/usr/local/bin/scs"));
/// assert!(data.starts_with("#cloud-config\n") && !data.contains("http"));
/// ```
#[must_use]
pub fn with_program(program: Program<'_>) -> String {
    let (fetch, path) = match program {
        Program::Path(path) => (None, shell::quote(path)),
        Program::Url(url) => {
            let url = shell::quote(url);
            let fetch = format!(
                "curl -fsSL -o {FETCHED} {url} && chmod 755 {FETCHED} || printf '%s%s: %s\\n' {MARKER} problem 'the program could not be fetched' > /dev/console"
            );
            (Some(fetch), FETCHED.to_owned())
        }
    };
    let probe = format!("{path} entropy probe --markers > /dev/console");
    document("", fetch.as_deref().into_iter().chain([probe.as_str()]))
}

/// User data that install `rngtest` from a package and use shell commands, for a VM that can install packages.
///
/// ```
/// let data = scs_entropy::userdata::with_package("rng-tools5");
/// assert!(data.contains("rngtest -c 1000"));
/// ```
#[must_use]
pub fn with_package(package: &str) -> String {
    let marked = |section: &str, command: &str| {
        format!("{{ {command} ; }} 2>&1 | sed 's/^/{MARKER}{section}: /' > /dev/console")
    };
    let commands = [
        marked("entropy-avail", &format!("cat {ENTROPY_AVAILABLE_FILE}")),
        marked("fips-test", "rngtest -c 1000 < /dev/random"),
        marked("rngd", "systemctl --no-pager --lines=0 status rngd"),
        marked("hwrng-available", &format!("cat {HWRNG_AVAILABLE_FILE}")),
        marked("hwrng-current", &format!("cat {HWRNG_CURRENT_FILE}")),
        marked("cpu-flags", &format!("grep -m 1 -E '^(flags|Features)' {CPU_FILE}")),
        marked("kernel", "uname -r"),
        // In two pieces, so that a line that echoes the command does not look like the end marker.
        format!("printf '%s%s\\n' {MARKER} end > /dev/console"),
    ];
    let packages = format!("packages:\n  - {}\n", yaml::scalar(package));
    document(&packages, commands.iter().map(String::as_str))
}

fn document<'a>(head: &str, commands: impl Iterator<Item = &'a str>) -> String {
    let mut text = format!(
        "#cloud-config\n{head}bootcmd:\n  - systemctl mask --now serial-getty@ttyS0.service serial-getty@ttyAMA0.service\nruncmd:\n"
    );
    for command in commands {
        text.extend(["  - ", &yaml::scalar(command), "\n"]);
    }
    text
}
