//! What goes wrong around the service does not harm its data, and it says what is wrong.

use std::io::Write;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use jiff::Timestamp;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde_json::json;
use sqlx::AssertSqlSafe;
use sqlx::migrate::Migrator;

use crate::postgres::Server;
use crate::program::{POST, Program, signed, uuid};
use crate::support::{Database, KAAS, Monitor, on_both, report};

on_both!(
    a_killed_program_stores_a_report_wholly_or_not_at_all,
    an_interrupted_migration_is_completed,
    a_database_of_an_older_version_is_completed,
    broken_files_leave_the_old_ones_in_place,
    slow_clients_leave_room_for_others,
    expiry_follows_the_clock,
);

async fn a_killed_program_stores_a_report_wholly_or_not_at_all(database: Database) {
    let directory = tempfile::tempdir().unwrap();
    let mut outcomes = Vec::new();
    for number in 0..12 {
        let program = Program::start(directory.path(), &database);
        // The password takes no time from now on.
        assert_eq!(program.get("cloud-a", "/reports?limit=0").0, 200);
        let (address, body) = (program.address, signed(number));
        let client = std::thread::spawn(move || crate::program::send(address, POST, &body));
        std::thread::sleep(Duration::from_millis(10 * u64::from(number)));
        program.kill();
        let answer = client.join().unwrap();
        let program = Program::start(directory.path(), &database);
        let is_there = program.get("cloud-a", &format!("/reports/{}", uuid(number))).0 == 200;
        let retry = program.post(number).unwrap();
        assert_eq!(retry, if is_there { 409 } else { 200 }, "{number}: {answer:?}");
        // What was promised is there.
        assert!(is_there || answer.is_none_or(|answer| answer.0 != 200), "{number}");
        let reports: Vec<serde_json::Value> =
            serde_json::from_str(&program.get("cloud-a", "/reports?limit=100").1).unwrap();
        assert_eq!(reports.len(), usize::try_from(number).unwrap() + 1);
        let newest = program.get("reader", "/status?subject=cloud-a").1;
        assert!(newest.contains("version-policy-check"));
        outcomes.push(is_there);
    }
    println!("stored before the program was killed: {outcomes:?}");
}

async fn an_interrupted_migration_is_completed(database: Database) {
    let directory = tempfile::tempdir().unwrap();
    for round in 0..8 {
        let mut process = Program::spawn(directory.path(), &database, "exec \"$@\"");
        std::thread::sleep(Duration::from_millis(5 + 6 * round));
        process.kill().unwrap();
        process.wait().unwrap();
    }
    let program = Program::start(directory.path(), &database);
    assert_eq!(program.post(1), Some(200));
}

async fn a_database_of_an_older_version_is_completed(database: Database) {
    static MIGRATIONS: Migrator = sqlx::migrate!();
    let directory = tempfile::tempdir().unwrap();
    let address = database.address(directory.path());
    sqlx::any::install_default_drivers();
    let pool = sqlx::AnyPool::connect(&match &database {
        Database::Sqlite => format!("{address}?mode=rwc"),
        Database::Postgres { .. } => address.clone(),
    })
    .await
    .unwrap();
    // The first step was done, with a report, and no other.
    let first = MIGRATIONS.iter().take(1).cloned().collect::<Vec<_>>();
    assert!(MIGRATIONS.iter().count() > 1);
    Migrator { migrations: first.into(), ..Migrator::DEFAULT }.run(&pool).await.unwrap();
    let checked_at = Timestamp::now().as_microsecond() - 3_600_000_000;
    for statement in [
        format!(
            "INSERT INTO report (uuid, revision, place, subject, scope, checked_at, received_at, results, document) \
             VALUES ('old', 1, 0, 'cloud-a', '{KAAS}', {checked_at}, {checked_at}, \
             '{{\"*\":{{\"version-policy-check\":1}}}}', '{{\"is\":\"old\"}}')"
        ),
        format!(
            "INSERT INTO recent_result (subject, scope, version, test_case, checked_at, result, report) \
             VALUES ('cloud-a', '{KAAS}', '*', 'version-policy-check', {checked_at}, 1, 'old')"
        ),
        "UPDATE state SET revision = 1".to_owned(),
    ] {
        sqlx::query(AssertSqlSafe(statement)).execute(&pool).await.unwrap();
    }
    assert!(sqlx::query("SELECT * FROM notification").fetch_all(&pool).await.is_err());
    let program = Program::start(directory.path(), &database);
    for table in ["state", "report", "recent_result", "approval", "audit", "recent_rule", "notification"]
        .into_iter()
        .chain(["delivery", "followed", "lease"])
    {
        let count = format!("SELECT COUNT(*) FROM {table}");
        sqlx::query(AssertSqlSafe(count)).fetch_one(&pool).await.unwrap();
    }
    let (status, document) = program.get("cloud-a", "/reports/old");
    let document: serde_json::Value = serde_json::from_str(&document).unwrap();
    assert_eq!((status, document), (200, json!({"is": "old"})));
    assert!(program.get("cloud-a", "/status").1.contains("\"old\""));
    assert_eq!(program.post(1), Some(200));
    assert_eq!(program.get("cloud-a", "/page/detail/cloud-a/scs-compatible-kaas").0, 200);
    pool.close().await;
}

async fn broken_files_leave_the_old_ones_in_place(database: Database) {
    let directory = tempfile::tempdir().unwrap();
    let program = Program::start(directory.path(), &database);
    let file = directory.path().join("bootstrap.yaml");
    let good = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, "accounts: [{subject: cloud-a, roles: [everything]}]").unwrap();
    program.signal("-HUP");
    program.wait_for_log("everything stays as it was");
    program.wait_for_log("unknown role `everything`");
    assert_eq!(program.post(1), Some(200));
    std::fs::write(&file, good.replace("cloud-a", "cloud-z")).unwrap();
    program.signal("-HUP");
    program.wait_for_log("the files were read again");
    assert_eq!(program.post(2), Some(401));
    // A program that starts with a broken file says so and ends.
    std::fs::write(&file, "accounts: [").unwrap();
    let said = Program::start_by(directory.path(), &database, "exec \"$@\"").err().unwrap();
    assert!(said.contains("bootstrap.yaml"), "{said}");
}

async fn slow_clients_leave_room_for_others(database: Database) {
    let directory = tempfile::tempdir().unwrap();
    let program = Program::start(directory.path(), &database);
    let count = slow_clients();
    let slow: Vec<TcpStream> = (0..count)
        .map(|_| {
            let mut stream = TcpStream::connect(program.address).unwrap();
            stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: ").unwrap();
            stream
        })
        .collect();
    let begin = Instant::now();
    assert_eq!(program.get("cloud-a", "/healthz").0, 200);
    assert_eq!(program.get("cloud-a", "/page/table").0, 200);
    assert!(begin.elapsed() < Duration::from_secs(2), "{:?}", begin.elapsed());
    // They do not stay for ever.
    let mut first = slow.into_iter().next().unwrap();
    first.set_read_timeout(Some(Duration::from_secs(40))).unwrap();
    let mut answer = Vec::new();
    let ended = std::io::Read::read_to_end(&mut first, &mut answer);
    assert!(ended.is_ok() || ended.is_err_and(|error| error.kind() != std::io::ErrorKind::WouldBlock));
}

/// The number of slow clients: 10,000, or as many as this process may have open files.
fn slow_clients() -> usize {
    let limit = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum }).unwrap();
    let files = limit.maximum.and_then(|files| usize::try_from(files).ok()).unwrap_or(usize::MAX);
    let count = files.saturating_sub(500).min(10_000);
    if count < 10_000 {
        println!("with {count} instead of 10,000 slow clients: the limit of open files is {files}");
    }
    count
}

async fn expiry_follows_the_clock(database: Database) {
    let monitor = Monitor::on(&database).await;
    let result = [("version-policy-check", 1)];
    monitor.report_as("cloud-a", &report(1, "cloud-a", KAAS, "2026-11-23 08:00:00", &result)).await;
    for (now, is_valid) in [
        ("2026-11-24T12:00:00Z", true),
        ("2036-01-01T00:00:00Z", false),
        ("2016-01-01T00:00:00Z", true),
        ("2026-12-06T23:59:59Z", true),
        ("2026-12-07T00:00:00Z", false),
        ("2026-12-06T23:59:59Z", true),
    ] {
        monitor.set_now(now);
        assert_eq!(monitor.get("/status").await.json() != json!({}), is_valid, "{now}");
    }
}

#[tokio::test]
async fn a_full_disk_stores_nothing_and_is_reported() {
    let directory = tempfile::tempdir().unwrap();
    let database = Database::Sqlite;
    // No file may grow beyond 512 KiB; the signal is ignored, so that writing fails instead.
    let command = "trap '' XFSZ; ulimit -f 1024; exec \"$@\"";
    let program = Program::start_by(directory.path(), &database, command).unwrap();
    let mut stored = 0;
    let refused = (1..2_000).find(|number| {
        let status = program.post(*number).unwrap();
        stored += u32::from(status == 200);
        status != 200
    });
    let refused = refused.expect("the disk is never full");
    assert_eq!(program.post(refused), Some(503));
    assert_eq!(program.get("cloud-a", "/page/table").0, 200);
    program.kill();
    let program = Program::start(directory.path(), &database);
    let reports: Vec<serde_json::Value> =
        serde_json::from_str(&program.get("cloud-a", "/reports?limit=10000").1).unwrap();
    assert_eq!(reports.len(), usize::try_from(stored).unwrap());
    assert_eq!(program.post(refused), Some(200));
}

#[tokio::test]
async fn a_full_postgresql_stores_nothing_and_is_reported() {
    // No file may grow beyond 2 MiB; a segment of its log has one.
    let command = "ulimit -f 4096; exec \"$@\"";
    let Some(server) = Server::start_by(command, &["--wal-segsize=1"], &[("min_wal_size", "2MB")]) else {
        return;
    };
    let server: &'static Server = Box::leak(Box::new(server));
    let database = Database::Postgres { server, name: server.database() };
    let directory = tempfile::tempdir().unwrap();
    let program = Program::start(directory.path(), &database);
    let mut stored = 0;
    let refused = (1..1_000).find(|number| {
        let status = program.post_large(*number).unwrap();
        stored += u32::from(status == 200);
        status != 200
    });
    let refused = refused.expect("the disk is never full");
    assert!(stored > 0);
    assert_eq!(program.post_large(refused), Some(503));
    program.wait_for_log("File too large");
    assert_eq!(program.get("cloud-a", "/page/table").0, 200);
    assert_eq!(program.get("cloud-a", &format!("/reports/{}", uuid(refused))).0, 404);
    let reports: Vec<serde_json::Value> =
        serde_json::from_str(&program.get("cloud-a", "/reports?limit=10000").1).unwrap();
    assert_eq!(reports.len(), usize::try_from(stored).unwrap());
    // With room again, it goes on by itself.
    server.stop();
    server.resume();
    assert_eq!(program.post_large(refused), Some(200));
    server.stop();
}

#[tokio::test]
async fn a_sqlite_that_is_read_only_is_shown() {
    let directory = tempfile::tempdir().unwrap();
    let address = Database::Sqlite.address(directory.path());
    let of = |number| report(number, "cloud-a", KAAS, "2026-11-23 08:00:00", &[("version-policy-check", 1)]);
    let on = async |address: String| {
        Monitor::with_settings(&Database::Sqlite, json!([]), |settings| settings.database = address).await
    };
    let monitor = on(address.clone()).await;
    assert_eq!(monitor.report_as("cloud-a", &of(1)).await.status, StatusCode::OK);
    let status = monitor.get("/status").await.text;
    monitor.service.stop().await;
    let monitor = on(format!("{address}?mode=ro")).await;
    assert_eq!(monitor.get("/status").await.text, status);
    for path in ["/page/table", "/healthz", "/page/history/cloud-a/scs-compatible-kaas"] {
        assert_eq!(monitor.get(path).await.status, StatusCode::OK, "{path}");
    }
    let path = format!("/reports/{}", uuid(1));
    assert_eq!(monitor.get_as("cloud-a", &path).await.status, StatusCode::OK);
    let answer = monitor.report_as("cloud-a", &of(2)).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{}", answer.text);
    let approval = json!({
        "reportuuid": uuid(1), "scopeuuid": KAAS, "version": "*", "check": "version-policy-check", "approval": false,
    });
    let answer = monitor.post_as("approver", "/results", "application/json", approval.to_string()).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{}", answer.text);
    assert_eq!(monitor.get("/status").await.text, status);
}

#[tokio::test]
async fn a_large_head_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let program = Program::start(directory.path(), &Database::Sqlite);
    let head = |length: usize| format!("GET /healthz HTTP/1.1\r\nX-Large: {}", "x".repeat(length));
    assert_eq!(program.send(&head(20 << 10), "").unwrap().0, 200);
    assert_eq!(program.send(&head(80 << 10), "").unwrap().0, 431);
    assert_eq!(program.get("cloud-a", "/healthz").0, 200);
}

#[tokio::test]
async fn a_locked_sqlite_delays_only_writers() {
    let directory = tempfile::tempdir().unwrap();
    let program = Program::start(directory.path(), &Database::Sqlite);
    assert_eq!(program.post(1), Some(200));
    sqlx::any::install_default_drivers();
    let address = Database::Sqlite.address(directory.path());
    let mut other = <sqlx::AnyConnection as sqlx::Connection>::connect(&address).await.unwrap();
    sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    let (client, body) = (program.address, signed(2));
    let writer = std::thread::spawn(move || crate::program::send(client, POST, &body));
    std::thread::sleep(Duration::from_millis(500));
    let begin = Instant::now();
    assert_eq!(program.get("cloud-a", "/status").0, 200);
    assert!(begin.elapsed() < Duration::from_millis(500));
    assert!(!writer.is_finished());
    sqlx::query("ROLLBACK").execute(&mut other).await.unwrap();
    assert_eq!(writer.join().unwrap().unwrap().0, 200);
}

#[tokio::test]
async fn a_locked_sqlite_stores_nothing() {
    let directory = tempfile::tempdir().unwrap();
    assert_eq!(Program::start(directory.path(), &Database::Sqlite).post(1), Some(200));
    let program = Program::start(directory.path(), &Database::Sqlite);
    sqlx::any::install_default_drivers();
    let address = Database::Sqlite.address(directory.path());
    let mut other = <sqlx::AnyConnection as sqlx::Connection>::connect(&address).await.unwrap();
    // Longer than a writer waits.
    sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    assert_eq!(program.post(2), Some(503));
    assert_eq!(program.get("cloud-a", "/status").0, 200);
    sqlx::query("ROLLBACK").execute(&mut other).await.unwrap();
    assert_eq!(program.post(2), Some(200));
}

#[tokio::test]
async fn a_postgresql_may_stop_and_come_back() {
    let Some(server) = Server::start(&[]) else { return };
    let server: &'static Server = Box::leak(Box::new(server));
    let database = Database::Postgres { server, name: server.database() };
    let monitor = Monitor::on(&database).await;
    let result = [("version-policy-check", 1)];
    let of = |number| report(number, "cloud-a", KAAS, "2026-11-23 08:00:00", &result);
    assert_eq!(monitor.report_as("cloud-a", &of(1)).await.status, StatusCode::OK);
    server.stop();
    // Pages show what is known; nothing is stored.
    assert_eq!(monitor.get("/page/table").await.status, StatusCode::OK);
    assert_eq!(monitor.get("/healthz").await.status, StatusCode::INTERNAL_SERVER_ERROR);
    let answer = monitor.report_as("cloud-a", &of(2)).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.json()["detail"], json!("the database does not answer; try again later"));
    server.resume();
    assert_eq!(monitor.get("/healthz").await.status, StatusCode::OK);
    assert_eq!(monitor.report_as("cloud-a", &of(2)).await.status, StatusCode::OK);
    assert_eq!(monitor.report_as("cloud-a", &of(1)).await.status, StatusCode::CONFLICT);
    // Read-only, as a standby is.
    let Database::Postgres { name, .. } = &database else { return };
    let read_only = |setting: &str| {
        assert!(server.query(
            "postgres",
            &format!("ALTER DATABASE {name} SET default_transaction_read_only = {setting}")
        ));
        let others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = ";
        assert!(server.query("postgres", &format!("{others}'{name}'")));
    };
    read_only("on");
    assert_eq!(monitor.get("/page/table").await.status, StatusCode::OK);
    assert_eq!(monitor.report_as("cloud-a", &of(3)).await.status, StatusCode::SERVICE_UNAVAILABLE);
    read_only("off");
    assert_eq!(monitor.report_as("cloud-a", &of(3)).await.status, StatusCode::OK);
    // Slow: another one holds the table.
    let mut holder =
        server.begin(name, "BEGIN; LOCK TABLE report IN EXCLUSIVE MODE; SELECT pg_sleep(2); COMMIT");
    std::thread::sleep(Duration::from_millis(500));
    let begin = Instant::now();
    assert_eq!(monitor.get("/status").await.status, StatusCode::OK);
    assert!(begin.elapsed() < Duration::from_millis(500));
    assert_eq!(monitor.report_as("cloud-a", &of(4)).await.status, StatusCode::OK);
    assert!(begin.elapsed() > Duration::from_secs(1), "it has waited");
    holder.wait().unwrap();
    server.stop();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_instances_show_each_others_reports_within_a_second() {
    let Some(database) = Database::postgres() else { return };
    let monitors = [Monitor::on(&database).await, Monitor::on(&database).await];
    let followers = monitors.each_ref().map(|monitor| {
        let service = monitor.service.clone();
        tokio::spawn(async move { service.follow().await })
    });
    for number in 0..6 {
        let (here, there) = (&monitors[number % 2], &monitors[1 - number % 2]);
        let number = u32::try_from(number).unwrap();
        let time = format!("2026-11-23 08:00:{number:02}");
        let report = report(number, "cloud-a", KAAS, &time, &[("version-policy-check", 1)]);
        assert_eq!(here.report_as("cloud-a", &report).await.status, StatusCode::OK);
        let begin = Instant::now();
        for monitor in [here, there] {
            while !monitor.get("/status").await.text.contains(&uuid(number)) {
                assert!(begin.elapsed() < Duration::from_secs(1), "{number}");
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
    }
    for follower in followers {
        follower.abort();
    }
}
