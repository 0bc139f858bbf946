"""Starts what comparisons with the official monitor need: PostgreSQL, the official monitor, and ours."""

import base64
import collections
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
PACKAGES = "argon2", "bcrypt", "cryptography", "fastapi", "jinja2", "markdown", "psycopg2", "ruamel.yaml", "uvicorn", "yaml"


def skip(reason):
    print(f"the comparison with the official monitor is skipped: {reason}")
    sys.exit(0)


def prerequisites():
    """The checkout, the program and the directory of PostgreSQL, under a Python that has the packages."""
    if "SCM_OFFICIAL_DIR" not in os.environ:
        skip("SCM_OFFICIAL_DIR is not set")
    official = pathlib.Path(os.environ["SCM_OFFICIAL_DIR"])
    if not (official / "compliance-monitor/monitor.py").is_file():
        skip(f"{official} has no compliance-monitor/monitor.py")
    python = os.environ.get("SCM_OFFICIAL_PYTHON")
    if python and not os.environ.get("SCM_DIFFERENTIAL_INNER"):
        os.environ["SCM_DIFFERENTIAL_INNER"] = "1"
        os.execv(python, [python, *sys.argv])
    for package in PACKAGES:
        try:
            __import__(package)
        except ImportError:
            skip(f"{sys.executable} has no package {package}")
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", HERE.parent.parent / "target"))
    programs = [pathlib.Path(it) for it in (os.environ.get("SCM_PROGRAM"), target / "release/scs-monitor", target / "debug/scs-monitor") if it]
    program = next((it for it in programs if it.is_file()), None)
    if program is None:
        skip("there is no scs-monitor; run `cargo build -p scs-monitor`")
    postgres = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not postgres:
        skip("PostgreSQL is not installed")
    if shutil.which("ssh-keygen") is None:
        skip("there is no ssh-keygen")
    return official, program, postgres[-1].parent


def free_port():
    with socket.socket() as it:
        it.bind(("127.0.0.1", 0))
        return it.getsockname()[1]


# A service that was started: its address, its process, and when it was started.
Monitor = collections.namedtuple("Monitor", "url process begin")


class Processes:
    """What was started; all of it ends with this program."""

    def __init__(self, directory):
        self.directory, self.running = directory, []

    def start(self, name, command, port, **options):
        """Starts a program and waits until it listens."""
        log, begin = (self.directory / f"{name}.log").open("w"), time.perf_counter()
        process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, **options)
        self.running.append(process)
        for _ in range(12_000):
            with socket.socket() as it:
                if it.connect_ex(("127.0.0.1", port)) == 0:
                    return Monitor(f"http://127.0.0.1:{port}", process, begin)
            if process.poll() is not None:
                break
            time.sleep(0.005)
        sys.exit(f"{name} does not start: {(self.directory / f'{name}.log').read_text()[-2000:]}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in reversed(self.running.copy()):
            self.stop(process)

    def stop(self, process):
        self.running.remove(process)
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def start_postgres(processes, binaries, **settings):
    """Starts a private PostgreSQL, with the data of an earlier one if there are any; returns its port."""
    data, port = processes.directory / "postgres", free_port()
    is_new = not data.exists()
    user = {"user": "postgres", "group": "postgres"} if os.getuid() == 0 else {}
    if is_new:
        data.mkdir()
        if user:
            shutil.chown(data, "postgres", "postgres")
        options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        subprocess.run([binaries / "initdb", "-D", data, *options], check=True, stdout=subprocess.DEVNULL, cwd="/", **user)
    settings = {
        "port": port, "listen_addresses": "127.0.0.1", "unix_socket_directories": "", "fsync": "off", "timezone": "UTC",
        # Without it, reports have no order: the official monitor gives them as they are stored, in space that was cleaned up.
        "autovacuum": "off",
    } | settings
    flags = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
    processes.start("postgres", [binaries / "postgres", "-D", data, *flags], port, cwd="/", **user)
    url = f"postgres://postgres@127.0.0.1:{port}/postgres"
    for _ in range(100):
        if subprocess.run([binaries / "psql", "-q", url, "-c", ""], stderr=subprocess.DEVNULL).returncode == 0:
            break
        time.sleep(0.1)
    if is_new:
        for statement in ("CREATE DATABASE official", "CREATE DATABASE ours", "CREATE ROLE official SUPERUSER LOGIN"):
            subprocess.run([binaries / "psql", "-q", url, "-c", statement], check=True)
    return port


def start_official(processes, official, world, database):
    """Starts the official monitor, whose port is fixed in its code, with a copy that has another one."""
    directory, port = processes.directory / "official", free_port()
    code, tests = directory / "code", directory / "Tests"
    if directory.exists():
        shutil.rmtree(directory)
    shutil.copytree(official / "compliance-monitor", code)
    shutil.copytree(world.directory / "scopes", tests)
    shutil.copy(official / "Tests/scs_cert_lib.py", tests)
    for path in (world.directory / "templates").iterdir():
        shutil.copy(path, code / "templates")
    shutil.copy(world.directory / "bootstrap.yaml", code)
    text = (code / "monitor.py").read_text()
    text, changed = re.subn(r"(uvicorn\.run\(.*)\b8080\b", rf"\g<1>{port}", text)
    if not changed:
        sys.exit("the port of the official monitor cannot be changed")
    (code / "monitor.py").write_text(text)
    environment = os.environ | {
        "SCM_DB_HOST": "127.0.0.1", "SCM_DB_PORT": str(database), "SCM_DB_USER": "official", "SCM_DB_PASSWORD": "trust", "TZ": "UTC",
    }
    return processes.start("official", [sys.executable, "monitor.py"], port, cwd=code, env=environment)


def start_ours(processes, program, world, name, database):
    """Starts our monitor with the files of a world."""
    port = free_port()
    options = ["--listen", f"127.0.0.1:{port}", "--database", database, "--bootstrap", world.directory / "bootstrap.yaml"]
    options += ["--scopes", world.directory / "scopes"]
    return processes.start(name, [program, "serve", *options], port, env=os.environ | {"RUST_LOG": "warn"})


def basic(account, password):
    return {"Authorization": "Basic " + base64.b64encode(f"{account}:{password}".encode()).decode()}
