//! `scs inventory`, `scs check --os-cloud` and `scs cleanup` against a minimal cloud.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::common;
use crate::schema::valid;

const PASSWORD: &str = "planted-password-Zq7";
const TOKEN: &str = "planted-token-Kx3";

/// A cloud, and a directory with its configuration.
struct Cloud {
    dir: TempDir,
    requests: Arc<Mutex<Vec<String>>>,
    planted: Arc<Mutex<Option<String>>>,
}

impl Cloud {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let planted = Arc::new(Mutex::new(None));
        let (log, volume) = (Arc::clone(&requests), Arc::clone(&planted));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (log, volume) = (Arc::clone(&log), Arc::clone(&volume));
                thread::spawn(move || serve(stream, &log, &volume));
            }
        });
        let dir = tempfile::tempdir().unwrap();
        let cloud = |user: &str, address: &str| {
            json!({"auth": {
                "auth_url": format!("http://{address}/v3"), "username": user, "password": PASSWORD,
                "user_domain_name": "d", "project_name": "p", "project_domain_name": "d",
            }})
        };
        let address = address.to_string();
        let clouds = json!({"clouds": {
            "one": cloud("member", &address), "two": cloud("member", &address), "boss": cloud("admin", &address),
            // No server listens there.
            "down": cloud("member", "127.0.0.1:1"),
            "refusing": cloud("member", &format!("{address}/refusing")),
        }});
        std::fs::write(dir.path().join("clouds.json"), clouds.to_string()).unwrap();
        Self { dir, requests, planted }
    }

    fn command(&self, arguments: &[&str]) -> assert_cmd::Command {
        let mut command = common::scs(arguments);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("OS_") {
                command.env_remove(name);
            }
        }
        command.env("OS_CLIENT_CONFIG_FILE", self.dir.path().join("clouds.json"));
        command
    }

    /// Exit status and outputs, which must not contain secrets.
    #[track_caller]
    fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        let output = self.command(arguments).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let (stdout, stderr) = (text(output.stdout), text(output.stderr));
        for secret in [PASSWORD, TOKEN] {
            assert!(!stdout.contains(secret) && !stderr.contains(secret), "{stdout}\n{stderr}");
        }
        (output.status.code().unwrap(), stdout, stderr)
    }

    /// Lists a volume with this name, or denies the list with `403`.
    fn plant(&self, volume: &str) {
        *self.planted.lock().unwrap() = Some(volume.to_owned());
    }

    fn path(&self, file: &str) -> String {
        self.dir.path().join(file).display().to_string()
    }

    fn asked(&self, request: &str) -> bool {
        self.requests.lock().unwrap().iter().any(|known| known == request)
    }
}

fn serve(stream: TcpStream, log: &Mutex<Vec<String>>, planted: &Mutex<Option<String>>) {
    let mut writer = stream.try_clone().unwrap();
    let mut reader = BufReader::new(stream);
    loop {
        let mut first = String::new();
        if reader.read_line(&mut first).unwrap_or(0) == 0 {
            return;
        }
        let (mut length, mut host) = (0, String::new());
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).unwrap();
            match line.trim_end().split_once(": ") {
                Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                    length = value.parse().unwrap();
                }
                Some((name, value)) if name.eq_ignore_ascii_case("host") => value.clone_into(&mut host),
                Some(_) => {}
                None => break,
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        let mut words = first.split(' ');
        let (method, target) = (words.next().unwrap(), words.next().unwrap());
        let request = format!("{method} {}", target.split('?').next().unwrap());
        log.lock().unwrap().push(request.clone());
        let planted = planted.lock().unwrap().clone();
        let (status, answer) = match (request.as_str(), planted) {
            ("GET /volume/v3/p1/volumes/detail", Some(refusal)) if refusal == "403" => (403, json!({})),
            ("GET /volume/v3/p1/volumes/detail", Some(name)) => {
                (200, json!({"volumes": [{"id": "v1", "name": name}]}))
            }
            _ => answer(&request, &host, &String::from_utf8(body).unwrap()),
        };
        let answer = answer.to_string();
        let length = answer.len();
        let written = write!(
            writer,
            "HTTP/1.1 {status} Status\r\ncontent-length: {length}\r\nx-subject-token: {TOKEN}\r\n\r\n{answer}"
        );
        if written.is_err() {
            return;
        }
    }
}

fn answer(request: &str, host: &str, body: &str) -> (u16, Value) {
    let volume = json!({"id": "v1", "name": "x", "status": "creating"});
    match request {
        "POST /v3/auth/tokens" if !body.contains(PASSWORD) => (401, json!({})),
        "POST /v3/auth/tokens" => {
            let role = if body.contains("\"admin\"") { "admin" } else { "member" };
            let service = |kind: &str, path: &str| {
                let url = format!("http://{host}/{path}");
                json!({"type": kind, "endpoints": [
                    {"interface": "public", "region": "R", "url": url}, {"interface": "public", "region": "R2", "url": url},
                ]})
            };
            let catalog = [
                service("compute", "compute/v2.1"),
                service("image", "image"),
                service("network", "network"),
                service("volumev3", "volume/v3/p1"),
            ];
            (201, json!({"token": {"roles": [{"name": role}], "project": {"id": "p1"}, "catalog": catalog}}))
        }
        "GET /compute/v2.1/flavors/detail" => (
            200,
            json!({"flavors": [{"id": "f1", "name": "SCS-2V-8", "vcpus": 2, "ram": 8192, "disk": 0, "extra_specs": {}}]}),
        ),
        "GET /compute/v2.1/flavors/f1/os-extra_specs" => (200, json!({"extra_specs": {}})),
        "POST /compute/v2.1/flavors/f1/os-extra_specs" => (200, json!({})),
        "GET /image/v2/images" => (200, json!({"images": []})),
        "GET /volume/v3/p1/types" => (200, json!({"volume_types": []})),
        "POST /volume/v3/p1/volumes" => (202, json!({"volume": volume})),
        "GET /volume/v3/p1/volumes/v1" => (200, json!({"volume": volume})),
        "GET /volume/v3/p1/volumes/detail" => (200, json!({"volumes": []})),
        "GET /volume/v3/p1/backups" => (200, json!({"backups": []})),
        "GET /compute/v2.1/servers/detail" => (200, json!({"servers": []})),
        "GET /network/v2.0/networks" => (200, json!({"networks": []})),
        "GET /network/v2.0/routers" => (200, json!({"routers": []})),
        "GET /network/v2.0/security-groups" => (200, json!({"security_groups": []})),
        _ => (403, json!({"error": {"message": "no"}})),
    }
}

#[test]
fn an_inventory_is_collected_and_checked() {
    let cloud = Cloud::start();
    let file = cloud.path("cloud.json");
    let (status, stdout, stderr) =
        cloud.run(&["inventory", "--os-cloud", "one", "--at", "2026-11-24", "-o", &file]);
    assert_eq!((status, stdout.as_str()), (0, ""));
    assert!(stderr.contains("note: unavailable: ") && stderr.contains("subnets"), "{stderr}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let inventory: Value = common::json(&std::fs::read_to_string(&file).unwrap());
    assert_eq!(inventory["subject"], "one");
    assert_eq!(inventory["collected_at"], "2026-11-24T00:00:00Z");
    assert_eq!(inventory["flavors"][0]["name"], "SCS-2V-8");
    assert!(inventory["subnets"]["unavailable"].as_str().unwrap().contains("403"));
    valid("inventory", [inventory]);
    // The file and the cloud give the same verdicts.
    let check = ["check", "--at", "2026-11-24", "-f", "json"];
    let of_file = cloud.run(&[&check[..], &[file.as_str()]].concat());
    let of_cloud = cloud.run(&[&check[..], &["--os-cloud", "one"]].concat());
    assert_eq!(of_file.0, 1);
    assert_eq!(common::json(&of_file.1)["results"], common::json(&of_cloud.1)["results"]);
}

#[test]
fn several_clouds_are_one_table_and_are_kept() {
    let cloud = Cloud::start();
    let place = cloud.path("kept");
    let (status, stdout, stderr) =
        cloud.run(&["check", "--os-cloud", "one", "--os-cloud", "two", "--save-inventory", &place]);
    assert_eq!((status, stderr.as_str()), (1, ""));
    let table: Vec<&str> = stdout.lines().filter(|line| line.contains("FAIL")).collect();
    assert!(
        table.iter().any(|line| line.contains("one")) && table.iter().any(|line| line.contains("two")),
        "{stdout}"
    );
    for name in ["one.json", "two.json"] {
        assert!(Path::new(&place).join(name).is_file(), "{name}");
    }
}

#[test]
fn regions_of_a_cloud_are_saved_separately() {
    let cloud = Cloud::start();
    let place = cloud.path("regions");
    let check = ["check", "--os-cloud", "one", "--os-region-name", "R", "--os-region-name", "R2"];
    let (status, stdout, stderr) = cloud.run(&[&check[..], &["--save-inventory", &place]].concat());
    assert_eq!((status, stderr.as_str()), (1, ""));
    for (file, title) in [("one--R.json", "one (R)"), ("one--R2.json", "one (R2)")] {
        let kept = std::fs::read_to_string(Path::new(&place).join(file)).unwrap();
        assert_eq!(common::json(&kept)["subject"], title);
        assert!(stdout.contains(title), "{stdout}");
    }
    // Nothing is overwritten, and no request is wasted.
    cloud.requests.lock().unwrap().clear();
    let twice = ["check", "--os-cloud", "two", "--os-cloud", "one", "--os-cloud", "two"];
    let (status, _, stderr) = cloud.run(&[&twice[..], &["--save-inventory", &place]].concat());
    assert_eq!(status, 2);
    assert!(stderr.contains("`two` and `two` would both be saved as two.json"), "{stderr}");
    assert!(cloud.requests.lock().unwrap().is_empty());
}

#[test]
fn an_unreachable_cloud_does_not_affect_others() {
    const REFUSING: &str = "error: `refusing` at 127.0.0.1:";
    let cloud = Cloud::start();
    let place = cloud.path("kept");
    let (status, stdout, stderr) =
        cloud.run(&["check", "--save-inventory", &place, "--os-cloud", "down", "--os-cloud", "one"]);
    assert_eq!(status, 2);
    let down = "error: `down` at 127.0.0.1:1: cannot reach identity: ";
    assert!(stderr.starts_with(down) && stderr.lines().count() == 1, "{stderr}");
    assert!(stdout.contains("one") && stdout.contains("FAIL"), "{stdout}");
    assert!(Path::new(&place).join("one.json").is_file() && !Path::new(&place).join("down.json").exists());
    // The result for several clouds is a list, even if only one responded.
    let clouds = ["--os-cloud", "refusing", "--os-cloud", "one"];
    let (status, stdout, _) = cloud.run(&[&["check", "-f", "json"], &clouds[..]].concat());
    assert_eq!((status, common::json(&stdout)[0]["subject"].as_str()), (2, Some("one")));
    let (status, stdout, stderr) = cloud.run(&[&["cleanup"], &clouds[..]].concat());
    assert_eq!((status, stdout.as_str()), (2, "one: nothing left to delete\n"));
    assert!(stderr.starts_with(REFUSING), "{stderr}");
    // Each failure is reported.
    let (status, stdout, stderr) = cloud.run(&["check", "--os-cloud", "refusing", "--os-cloud", "boss"]);
    assert_eq!((status, stdout.as_str()), (2, ""));
    assert!(stderr.starts_with(REFUSING) && stderr.contains("\nerror: `boss` at 127.0.0.1:"), "{stderr}");
    assert!(stderr.contains("\nhint: use `--as-admin`"), "{stderr}");
    let (status, stdout, stderr) = cloud.run(&["inventory", "--os-cloud", "refusing"]);
    assert_eq!((status, stdout.as_str()), (2, ""));
    assert!(stderr.starts_with(REFUSING), "{stderr}");
}

#[test]
fn errors_name_why_a_cloud_cannot_be_queried() {
    let cloud = Cloud::start();
    for (arguments, message) in [
        (&["check"][..], "nothing to check"),
        (&["check", "--os-cloud", "three"], "no cloud `three`"),
        (&["inventory", "--os-cloud", "boss"], "has the role `admin`"),
        (&["inventory"], "no cloud was selected"),
        (&["inventory", "--os-cloud", "one", "--os-cloud", "two"], "several are given"),
        (
            &["inventory", "--os-cloud", "one", "--os-region-name", "R", "--os-region-name", "S"],
            "several are given",
        ),
        (&["inventory", "--os-cloud", "one", "--probe", "s4"], "`s4`"),
        (&["check", "--os-cloud", "one", "cloud.yaml"], "cannot be used with"),
        (&["check", "cloud.yaml", "--probe", "vm"], "cannot be used with"),
        (&["check", "cloud.yaml", "--as-admin"], "cannot be used with"),
        (&["check", "cloud.yaml", "--os-region-name", "R"], "cannot be used with"),
        (&["check", "--as-admin"], "no cloud was selected"),
        (&["cleanup", "--os-cloud", "boss"], "has the role `admin`"),
    ] {
        let (status, stdout, stderr) = cloud.run(arguments);
        assert_eq!((status, stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(stderr.contains(message), "{arguments:?}: {stderr}");
    }
    assert_eq!(cloud.run(&["inventory", "--os-cloud", "boss", "--as-admin"]).0, 0);
}

#[test]
fn the_cloud_of_the_environment_is_used() {
    let cloud = Cloud::start();
    let output = cloud.command(&["check", "-f", "json"]).env("OS_CLOUD", "two").output().unwrap();
    assert_eq!(common::json(&String::from_utf8(output.stdout).unwrap())["subject"], "two");
}

#[test]
fn the_cloud_that_variables_describe_is_taken() {
    let cloud = Cloud::start();
    let clouds = common::json(&std::fs::read_to_string(cloud.path("clouds.json")).unwrap());
    let mut command = cloud.command(&["check", "-f", "json"]);
    for (key, value) in clouds["clouds"]["one"]["auth"].as_object().unwrap() {
        command.env(format!("OS_{}", key.to_uppercase()), value.as_str().unwrap());
    }
    let output = command.output().unwrap();
    assert_eq!(common::json(&String::from_utf8(output.stdout).unwrap())["subject"], "envvars");
}

#[test]
fn a_cleanup_without_leftovers_says_so() {
    let cloud = Cloud::start();
    let (status, stdout, _) = cloud.run(&["cleanup", "--os-cloud", "one", "--older-than", "90m"]);
    assert_eq!((status, stdout.as_str()), (0, "one: nothing left to delete\n"));
}

#[test]
fn a_cleanup_lists_kept_resources() {
    let cloud = Cloud::start();
    cloud.plant("_scs-99990101t000000z-abcd-x");
    let (status, stdout, _) = cloud.run(&["cleanup", "--os-cloud", "one"]);
    let kept = "one: kept volume `_scs-99990101t000000z-abcd-x` (v1), which is newer than 1h; `--older-than 0s` deletes it, too\n";
    assert_eq!((status, stdout.as_str()), (1, kept));
}

#[test]
fn a_cleanup_reports_denied_requests() {
    let cloud = Cloud::start();
    cloud.plant("403");
    let (status, stdout, _) = cloud.run(&["cleanup", "--os-cloud", "one"]);
    assert_eq!(status, 1);
    assert!(stdout.starts_with("one: cannot list volumes, so some may be left: "), "{stdout}");
}

#[test]
fn a_repair_needs_apply_and_confirmation() {
    const POST: &str = "POST /compute/v2.1/flavors/f1/os-extra_specs";
    let cloud = Cloud::start();
    let repair = ["flavor", "repair", "--os-cloud", "boss", "--as-admin"];
    let (status, stdout, stderr) = cloud.run(&repair);
    assert_eq!((status, stderr.as_str()), (0, ""));
    assert!(
        stdout.contains("openstack flavor set") && stdout.contains("scs:cpu-type=shared-core"),
        "{stdout}"
    );
    let (status, _, stderr) = cloud.run(&[&repair[..], &["--apply"]].concat());
    assert_eq!(status, 2);
    assert!(
        stderr.contains("  + scs:cpu-type=shared-core") && stderr.contains("cannot ask for confirmation"),
        "{stderr}"
    );
    assert!(!cloud.asked(POST));
    let (status, _, stderr) = cloud.run(&[&repair[..], &["--apply", "--yes"]].concat());
    assert_eq!(status, 0);
    assert!(stderr.contains("SCS-2V-8: made "), "{stderr}");
    assert!(cloud.asked(POST));
    // Images are unknown, so nothing is changed.
    let (status, stdout, stderr) =
        cloud.run(&["image", "repair", "--os-cloud", "boss", "--as-admin", "--apply", "--yes"]);
    assert_eq!(
        (status, stderr.as_str()),
        (0, "no properties to change; run the printed commands yourself\n")
    );
    assert!(stdout.contains("boss"), "{stdout}");
}

#[test]
#[cfg(unix)]
fn an_interrupted_probe_cleans_up() {
    // With the signal ignored, as under `nohup`, the program survives its terminal.
    let ignored = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = ignored.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.map_or(0, |mask| u64::from_str_radix(mask.trim(), 16).unwrap());
    for signal in ["-INT", "-TERM", "-HUP"] {
        if signal != "-HUP" || ignored & 1 == 0 {
            stopped_by(signal);
        }
    }
}

#[cfg(unix)]
fn stopped_by(signal: &str) {
    let cloud = Cloud::start();
    let mut child: Child = std::process::Command::new(assert_cmd::cargo::cargo_bin!("scs"))
        .args(["inventory", "--os-cloud", "one", "--probe", "backup"])
        .env("OS_CLIENT_CONFIG_FILE", cloud.dir.path().join("clouds.json"))
        .env_remove("OS_CLOUD")
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    while !cloud.asked("GET /volume/v3/p1/volumes/v1") {
        thread::yield_now();
    }
    let sent = std::process::Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
    let mut stderr = String::new();
    child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(2), "{signal}: {stderr}");
    // It announces its actions, and searches for its resources afterwards.
    assert!(stderr.starts_with("one: backup creates an empty volume of 1 GiB"), "{signal}: {stderr}");
    assert!(stderr.contains("error: interrupted"), "{signal}: {stderr}");
    assert!(stderr.contains("`scs cleanup --os-cloud NAME --older-than 0s`"), "{signal}: {stderr}");
    assert!(cloud.asked("GET /volume/v3/p1/volumes/detail"), "{signal}");
}
