//! The database of an official monitor is taken over.

use std::path::Path;
use std::process::{Command, Stdio};

use axum::http::StatusCode;
use jiff::Timestamp;
use scs_monitor::{Imported, import};
use serde_json::{Value, json};

use crate::postgres::Server;
use crate::program::uuid;
use crate::support::{Database, KAAS, KAAS_CASES, Monitor, NOW, on_both, report};

on_both!(
    an_import_takes_reports_and_approvals_once,
    an_import_keeps_what_was_changed_since,
    only_the_current_schema_is_imported,
    the_program_says_what_it_has_imported,
);

/// The tables that `sql.py` of the official monitor makes for reports.
const TABLES: &str = "
    CREATE TABLE meta (key text PRIMARY KEY, value text NOT NULL);
    CREATE TABLE report (
        reportid SERIAL PRIMARY KEY,
        reportuuid text UNIQUE,
        checked_at timestamp,
        subject text,
        data jsonb
    );
    CREATE TABLE result2 (
        resultid SERIAL PRIMARY KEY,
        checked_at timestamp NOT NULL,
        subject text NOT NULL,
        scopeuuid text NOT NULL,
        version text NOT NULL,
        testcase text NOT NULL,
        result int,
        approval boolean,
        reportid integer NOT NULL REFERENCES report ON DELETE CASCADE ON UPDATE CASCADE
    );
    INSERT INTO meta (key, value) VALUES ('version', 'v4');";

/// The database of an official monitor.
struct Official {
    server: &'static Server,
    name: String,
}

impl Official {
    /// A database without reports; `None` if PostgreSQL is not installed.
    fn start() -> Option<Self> {
        let server = Server::shared()?;
        let name = server.database();
        assert!(server.query(&name, TABLES));
        Some(Self { server, name })
    }

    fn address(&self) -> String {
        self.server.address(&self.name)
    }

    fn run(&self, statement: &str) {
        assert!(self.server.query(&self.name, statement), "{statement}");
    }

    /// Stores a report as the official monitor does. A result without an approval of its own has that of its value.
    fn add(&self, id: u32, report: &Value, results: &[(&str, Option<i8>, bool)]) {
        let text = |key: &str| report[key].as_str().unwrap();
        let (subject, at) = (text("subject"), text("checked_at"));
        self.run(&format!(
            "INSERT INTO report VALUES ({id}, '{}', '{at}', '{subject}', '{report}')",
            report["run"]["uuid"].as_str().unwrap()
        ));
        for (case, result, approval) in results {
            let result = result.map_or_else(|| "NULL".to_owned(), |result| result.to_string());
            self.run(&format!(
                "INSERT INTO result2 (checked_at, subject, scopeuuid, version, testcase, result, approval, reportid) \
                 VALUES ('{at}', '{subject}', '{KAAS}', '*', '{case}', {result}, {approval}, {id})"
            ));
        }
    }

    /// Adds a report of `cloud-a` with an approved FAIL, one of `cloud-b` that passes, and two that cannot be stored.
    fn fill(&self) {
        self.add(
            1,
            &failed(),
            &[(KAAS_CASES[0], Some(1), true), (KAAS_CASES[1], Some(-1), true), (KAAS_CASES[2], None, false)],
        );
        let passed = report(2, "cloud-b", KAAS, "2026-11-22 08:00:00", &KAAS_CASES.map(|case| (case, 1)));
        self.add(2, &passed, &KAAS_CASES.map(|case| (case, Some(1), true)));
        self.run("INSERT INTO report VALUES (3, 'a', 'infinity', 'cloud-a', '{}')");
        self.run("INSERT INTO report VALUES (4, 'b', '2026-11-22 08:00:00', 'cloud-a', '{}')");
    }
}

fn failed() -> Value {
    let mut report =
        report(1, "cloud-a", KAAS, "2026-11-23 08:00:00", &[(KAAS_CASES[0], 1), (KAAS_CASES[1], -1)]);
    report["run"]["invocations"]["one"]["results"][KAAS_CASES[2]] = Value::Null;
    report
}

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

async fn imported(from: &Official, to: &str) -> Imported {
    import(&from.address(), to, now()).await.unwrap()
}

/// A service on a database that may have data.
async fn on(database: &Database, directory: &Path) -> Monitor {
    let address = database.address(directory);
    Monitor::with_settings(database, json!([]), |settings| settings.database = address).await
}

async fn an_import_takes_reports_and_approvals_once(database: Database) {
    let Some(official) = Official::start() else { return };
    official.fill();
    let directory = tempfile::tempdir().unwrap();
    let to = database.address(directory.path());
    let first = imported(&official, &to).await;
    assert_eq!((first.reports, first.known, first.approvals), (2, 0, 1));
    assert_eq!(first.skipped, ["report 3: it has no usable time", "report 4: it has no scope"]);
    let monitor = on(&database, directory.path()).await;
    let shown = async |monitor: &Monitor| {
        let mut shown = vec![monitor.get("/status").await.text];
        for path in ["/results?limit=100", "/reports?subject=&limit=100"] {
            shown.push(monitor.get_as("reader", path).await.text);
        }
        shown
    };
    let status = monitor.get("/status").await.json();
    assert_eq!(status["cloud-a"][KAAS]["result"], json!(-1));
    let of_a = &status["cloud-a"][KAAS]["results"];
    assert_eq!(
        of_a[KAAS_CASES[1]],
        json!({"result": -1, "checked_at": "2026-11-23T08:00:00", "report": uuid(1)})
    );
    assert_eq!(of_a[KAAS_CASES[2]]["result"], json!(null));
    assert_eq!(
        (&status["cloud-b"][KAAS]["result"], &status["cloud-b"][KAAS]["passed_str"]),
        (&json!(1), &json!("v1"))
    );
    let document = monitor.get_as("cloud-a", &format!("/reports/{}", uuid(1))).await;
    assert_eq!((document.status, document.json()), (StatusCode::OK, failed()));
    let approved = monitor.get_as("reader", "/results?approved=true&limit=100").await.json();
    let approved = approved.as_array().unwrap();
    assert_eq!(approved.len(), 5);
    assert!(approved.contains(&json!({
        "reportuuid": uuid(1), "subject": "cloud-a", "checked_at": "2026-11-23T08:00:00", "scopeuuid": KAAS,
        "version": "*", "check": KAAS_CASES[1], "result": -1, "approval": true,
    })));
    let others = monitor.get_as("reader", "/results?approved=false&limit=100").await.json();
    assert_eq!((others.as_array().unwrap().len(), &others[0]["check"]), (1, &json!(KAAS_CASES[2])));
    let before = shown(&monitor).await;
    let second = imported(&official, &to).await;
    assert_eq!((second.reports, second.known, second.approvals), (0, 2, 0));
    assert_eq!(second.skipped, first.skipped);
    monitor.service.reload().unwrap();
    assert_eq!(shown(&monitor).await, before);
}

async fn an_import_keeps_what_was_changed_since(database: Database) {
    let Some(official) = Official::start() else { return };
    official.fill();
    let directory = tempfile::tempdir().unwrap();
    let to = database.address(directory.path());
    imported(&official, &to).await;
    let monitor = on(&database, directory.path()).await;
    let withdrawn = json!({
        "reportuuid": uuid(1), "scopeuuid": KAAS, "version": "*", "check": KAAS_CASES[1], "approval": false,
    });
    let answer = monitor.post_as("approver", "/results", "application/json", withdrawn.to_string()).await;
    assert_eq!(answer.status, StatusCode::OK);
    let own = report(9, "cloud-a", KAAS, "2026-11-24 08:00:00", &[(KAAS_CASES[1], 1)]);
    assert_eq!(monitor.report_as("cloud-a", &own).await.status, StatusCode::OK);
    // A new one has come in.
    let new = report(5, "cloud-b", KAAS, "2026-11-24 09:00:00", &[(KAAS_CASES[1], -1)]);
    official.add(5, &new, &[(KAAS_CASES[1], Some(-1), false)]);
    let second = imported(&official, &to).await;
    assert_eq!((second.reports, second.known, second.approvals), (1, 2, 0));
    monitor.service.reload().unwrap();
    let status = monitor.get("/status").await.json();
    let of = |subject: &str| status[subject][KAAS]["results"][KAAS_CASES[1]]["report"].clone();
    assert_eq!((of("cloud-a"), of("cloud-b")), (json!(uuid(9)), json!(uuid(5))));
    let others = monitor.get_as("reader", "/results?approved=false&limit=100").await.json();
    let failed: Vec<&Value> =
        others.as_array().unwrap().iter().filter(|it| it["result"] == json!(-1)).collect();
    assert_eq!(failed.len(), 2, "the approval is still withdrawn: {others}");
}

async fn only_the_current_schema_is_imported(database: Database) {
    let Some(official) = Official::start() else { return };
    official.fill();
    let directory = tempfile::tempdir().unwrap();
    let to = database.address(directory.path());
    let error = async |from: &Official| import(&from.address(), &to, now()).await.unwrap_err().to_string();
    official.run("UPDATE meta SET value = 'v3'");
    assert_eq!(error(&official).await, "the database has the schema v3; only v4 can be imported");
    official.run("DELETE FROM meta");
    assert_eq!(error(&official).await, "the database has the schema of no version; only v4 can be imported");
    official.run("DROP TABLE meta");
    assert!(error(&official).await.starts_with("cannot read the database of the official monitor: "));
    let missing = Official { server: official.server, name: "missing".to_owned() };
    assert!(error(&missing).await.starts_with("cannot open the database of the official monitor: "));
    assert_eq!(on(&database, directory.path()).await.get("/status").await.json(), json!({}));
}

async fn the_program_says_what_it_has_imported(database: Database) {
    let Some(official) = Official::start() else { return };
    official.fill();
    // A number that has no meaning counts as DNF.
    let odd = report(6, "cloud-b", KAAS, "2026-11-24 09:00:00", &[(KAAS_CASES[1], 7)]);
    official.add(6, &odd, &[(KAAS_CASES[1], Some(7), false)]);
    let directory = tempfile::tempdir().unwrap();
    let run = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_scs-monitor"));
        command.args(["import", "--from", &official.address()]);
        command.args(["--database", &database.address(directory.path())]);
        let output = command.stdin(Stdio::null()).output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    for counts in [
        "3 reports and 1 approvals imported; 0 reports were already there, 2 skipped",
        "0 reports and 0 approvals imported; 3 reports were already there, 2 skipped",
    ] {
        let (status, said) = run();
        assert_eq!(status, Some(0), "{said}");
        assert!(said.contains(counts), "{said}");
        assert!(said.contains("skipped: report 3: it has no usable time"), "{said}");
    }
    let monitor = on(&database, directory.path()).await;
    let status = monitor.get("/status").await.json();
    assert_eq!(status["cloud-b"][KAAS]["results"][KAAS_CASES[1]]["result"], json!(0));
    official.run("UPDATE meta SET value = 'v5'");
    let (status, said) = run();
    assert_eq!(status, Some(2));
    assert!(said.contains("the database has the schema v5; only v4 can be imported"), "{said}");
}
