"""A made-up world for two monitors: keys, accounts, scopes, the table, and signed reports.

Everything but RSA and ECDSA keys follows from the seed and the time. Every time of a check occurs once, so that orders by time are
defined, and none is near midnight, where results expire.
"""

import base64
import datetime
import hashlib
import json
import random
import subprocess
import uuid

import yaml

IAAS = "50393e6f-2ae1-4c5c-a62c-3b75f2abef3f"
KAAS = "1fffebe6-fd4b-44d3-a36c-fc58b4bb0180"
EXTRA = "11111111-2222-4333-8444-555555555555"
UNKNOWN = "99999999-2222-4333-8444-555555555555"
NAMES = {IAAS: "scs-compatible-iaas", KAAS: "scs-compatible-kaas"}


def account(subject, roles=(), hash=None, key=None, group=None, delegates=()):
    return {
        "subject": subject, "roles": list(roles), "hash": hash, "key": key, "group": group,
        "delegates": list(delegates),
    }


CI = ["ci"]
# Delegates come first, since the official monitor drops those that it does not know yet.
ACCOUNTS = [
    account("admin", ["read_any", "approve", "admin"], "bcrypt"),
    account("ci", ["append_any"], "argon2", "ed25519"),
    account("reader", ["read_any"], "bcrypt"),
    account("approver", ["approve"], "argon2"),
    account("super", ["read_any", "append_any", "approve", "admin"], "both", "ed25519"),
    # A delegate without the role `append_any`.
    account("relay", [], "argon2", "ed25519"),
    account("no-password", delegates=CI),
    account("cloud-a", [], "argon2", "ed25519"),
    account("cloud-b", [], "bcrypt", "ed25519", delegates=["ci", "relay"]),
    account("rsa-cloud", [], "bcrypt", "rsa"),
    account("ecdsa-cloud", [], "bcrypt", "ecdsa"),
    account("with space", [], "bcrypt", "ed25519", None, CI),
    account("Größe/ü", [], "bcrypt", "ed25519", None, CI),
    # Never gets a report.
    account("empty", delegates=CI),
    *(account(f"plus-{n}", group="plus", delegates=CI) for n in (1, 2, 3, 4)),
    *(account(f"two-{n}", group="two", delegates=CI) for n in (1, 2)),
    *(account(f"pair-{n}", group="pair", delegates=CI) for n in (1, 2)),
    *(account(f"k-one-{n}", group="k-one", delegates=CI) for n in (1, 2)),
    *(account(f"k-two-{n}", group="k-two", delegates=CI) for n in (1, 2)),
    *(account(f"k-three-{n}", group="k-three", delegates=CI) for n in (1, 2)),
    *(account(f"cloud-{letter}", delegates=CI) for letter in "cdefgh"),
]
GROUPS = sorted({it["group"] for it in ACCOUNTS if it["group"]})


def table():
    """The sections of the table: subjects and groups for each scope."""
    subjects = [it["subject"] for it in ACCOUNTS if "/" not in it["subject"] and " " not in it["subject"]]
    sections = []
    for uuid_, title in ((IAAS, "Infrastructure"), (KAAS, "Clusters")):
        entries = [
            {"name": f"Cloud {subject}", "url": f"https://example.com/{subject}",
             "description": f"Cloud for [customers](https://example.com/{place})",
             "operator": f"Operator {place}", "subject": subject}
            for place, subject in enumerate([*subjects, "nobody"])
        ]
        entries += [
            {"name": f"Group {group}", "description": "Several", "operator": "One", "group": group}
            for group in [*GROUPS, "nobody"]
        ]
        for entry in entries[:3]:
            entry["links"] = [{"text": "HM1", "url": "https://example.com/1"}, {"text": "(soon)"}]
        section = {"title": title, "text": "All of them.", "scope": NAMES[uuid_], "entries": entries}
        if uuid_ == IAAS:
            section["links"] = "HealthMon"
        sections.append(section)
    return sections


def overview_template(sections):
    """The table as a template of the official monitor."""
    lines = []
    for section in sections:
        scope, links = section["scope"], section.get("links")
        heading = "SCS-compatible IaaS" if "iaas" in scope else "SCS-compatible KaaS"
        lines += [f"### {section['title']}", "", section["text"], ""]
        lines.append(f"| Name | Description | Operator | {heading} |" + (f" {links} |" if links else ""))
        lines.append("|---|---|---|---|" + (":---:|" if links else ""))
        for entry in section["entries"]:
            subject = entry.get("subject") or f"group-{entry['group']}"
            name = f"[{entry['name']}]({entry['url']})" if "url" in entry else entry["name"]
            cell = f"[{{{{ results | pick('{scope}', '{subject}') | summary }}}}]({{{{ detail_url('{subject}', '{scope}') }}}})"
            line = f"| {name} | {entry['description']} | {entry['operator']} | {cell} |"
            if links:
                shown = [f"[{it['text']}]({it['url']})" if "url" in it else it["text"] for it in entry.get("links", [])]
                line += " " + " ".join(shown) + " |"
            lines.append(line)
        lines.append("")
    return "\n".join(lines)


def synthetic_scopes():
    """Scopes with every validity and every lifetime."""
    lifetimes = {
        "t-day": "day", "t-week": "week", "t-month": "month", "t-quarter": "quarter", "t-year": "year",
        "t-default": None, "t-rec": "year", "t-preview": "year", "t-old": "year", "t-draft": "year",
    }

    def case(id_):
        it = {"id": id_, "description": f"Checks `{id_}`, without trouble.", "url": f"https://example.com/{id_}"}
        return it | ({"lifetime": lifetimes[id_]} if lifetimes[id_] else {})

    def module(id_, **targets):
        return {"id": id_, "name": f"Module {id_}", "url": f"https://example.com/m/{id_}", "targets": targets}

    def version(name, include, stabilized_at=None):
        it = {"version": name, "include": include}
        return it | ({"stabilized_at": stabilized_at} if stabilized_at else {})

    def scope(name, uuid_, versions, timeline):
        cases = list(lifetimes)
        return {
            "name": name, "uuid": uuid_, "url": f"https://example.com/{uuid_}", "variables": ["os_cloud"],
            "scripts": [
                {"executable": "./x.py", "args": "{os_cloud}", "testcases": [case(it) for it in cases[:5]]},
                {"executable": "./y.py", "testcases": [case(it) for it in cases[5:]]},
            ],
            "modules": [
                module("m-short", main=["t-day", "t-week"]),
                module("m-long", main=["t-month", "t-quarter", "t-year"]),
                module("m-default", main=["t-default"]),
                module("m-more", recommended=["t-rec"], preview=["t-preview"])
                | {"parameters": {"image_spec": "an address", "mode": "a word"}},
                module("m-old", main=["t-old"]), module("scs-0999-v1", main=["t-draft"]),
                {"id": "m-none", "name": "No test cases", "url": "https://example.com/none"},
            ],
            "timeline": timeline, "versions": versions,
        }

    day = datetime.date
    parameters = {"image_spec": "https://example.com/spec.yaml", "mode": "fast"}
    long = ["m-long", {"ref": "m-more", "parameters": parameters}]
    return {
        "scs-compatible-iaas.yaml": scope("SCS-compatible IaaS", IAAS, [
            version("v6", [*long, "scs-0999-v1", "m-none"]),
            version("v5.1", [*long, "m-default"], day(2024, 12, 19)),
            version("v4", long, day(2024, 2, 28)),
            version("v3", [{"ref": "m-old", "parameters": {}}], day(2023, 6, 15)),
            version("v2", ["m-short"], day(2022, 6, 15)),
        ], [
            {"date": day(2099, 1, 1), "versions": {"v5.1": "warn"}},
            {"date": day(2024, 12, 19),
             "versions": {"v6": "draft", "v5.1": "effective", "v4": "warn", "v3": "deprecated"}},
            {"date": day(2023, 6, 15), "versions": {"v3": "effective", "v2": "deprecated"}},
        ]),
        "scs-compatible-kaas.yaml": scope("SCS-compatible KaaS", KAAS, [
            version("v2", ["scs-0999-v1"]), version("v1", ["m-long"], day(2024, 1, 1)),
            version("v0", ["m-old"], day(2022, 1, 1)),
        ], [{"date": day(2024, 1, 1), "versions": {"v2": "draft", "v1": "warn", "v0": "deprecated"}}]),
        "scs-extra.yaml": scope("SCS extra scope", EXTRA, [
            version("v1", ["m-short", "m-default"], day(2024, 1, 1)),
        ], [{"date": day(2024, 1, 1), "versions": {"v1": "effective"}}]),
    }


def file_name(subject):
    return "".join(letter if letter.isascii() and letter.isalnum() or letter == "-" else "_" for letter in subject)


def password(subject):
    return f"pw-{file_name(subject)}"


def bcrypt_hash(text, salt):
    import bcrypt

    standard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    its_own = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    encoded = base64.b64encode(salt[:15] + b"\0").decode()[:22].translate(str.maketrans(standard, its_own))
    return bcrypt.hashpw(text.encode(), b"$2b$04$" + encoded.encode()).decode()


def write_key(path, kind, seed):
    """Makes a key; returns its type and its public part."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ed25519

    if kind == "ed25519":
        secret = hashlib.sha256(f"{seed}/{path.name}".encode()).digest()
        key = ed25519.Ed25519PrivateKey.from_private_bytes(secret)
        openssh = serialization.PrivateFormat.OpenSSH
        path.write_bytes(key.private_bytes(serialization.Encoding.PEM, openssh, serialization.NoEncryption()))
        public = serialization.PublicFormat.OpenSSH
        path.with_suffix(".pub").write_bytes(key.public_key().public_bytes(serialization.Encoding.OpenSSH, public))
    else:
        bits = ["-b", "2048"] if kind == "rsa" else []
        subprocess.run(["ssh-keygen", "-q", "-t", kind, *bits, "-N", "", "-f", path], check=True)
    path.chmod(0o600)
    return path.with_suffix(".pub").read_text().split()[:2]


class World:
    """The files and requests of a world below a directory."""

    def __init__(self, directory, seed, count, official_scopes=None):
        self.directory, self.seed = directory, seed
        self.random = random.Random(seed)
        today = datetime.datetime.now(datetime.timezone.utc).date()
        self.now = datetime.datetime.combine(today, datetime.time(12))
        self.used, self.reports, self.requests = set(), [], []
        for name in ("keys", "scopes", "templates"):
            (directory / name).mkdir(parents=True)
        self.write_scopes(official_scopes)
        self.write_accounts()
        self.refused()
        self.baseline()
        for _ in range(count):
            self.submission()
        self.approvals()
        self.unusable()

    # Files

    def write_scopes(self, official):
        if official is None:
            for name, scope in synthetic_scopes().items():
                (self.directory / "scopes" / name).write_text(yaml.safe_dump(scope, sort_keys=False))
        else:
            for path in official.glob("scs-*.yaml"):
                (self.directory / "scopes" / path.name).write_text(path.read_text())
        self.scopes = {}
        for path in sorted((self.directory / "scopes").glob("*.yaml")):
            scope = yaml.safe_load(path.read_text())
            modules = {it["id"]: it for it in scope["modules"]}
            versions = {}
            for version in scope["versions"]:
                ids = (it if isinstance(it, str) else it["ref"] for it in version["include"])
                targets = (modules[id_].get("targets", {}).values() for id_ in ids)
                versions[version["version"]] = sorted({case for it in targets for cases in it for case in cases})
            cases = [case["id"] for script in scope["scripts"] for case in script.get("testcases", ())]
            self.scopes[scope["uuid"]] = {"name": scope["name"], "cases": cases, "versions": versions}

    def write_accounts(self):
        import argon2.low_level

        accounts = []
        for it in ACCOUNTS:
            subject = it["subject"]
            entry = {"subject": subject}
            salt = hashlib.sha256(f"{self.seed}/{subject}".encode()).digest()[:16]
            hashes = []
            if it["hash"] in ("argon2", "both"):
                kind = argon2.low_level.Type.ID
                hashes.append(
                    argon2.low_level.hash_secret(password(subject).encode(), salt, 1, 8192, 1, 32, kind).decode()
                )
            if it["hash"] in ("bcrypt", "both"):
                second = "-2" if it["hash"] == "both" else ""
                hashes.append(bcrypt_hash(password(subject) + second, salt))
            if hashes:
                entry["api_keys"] = hashes
            names = [file_name(subject)] + (["super-second"] if subject == "super" else [])
            if it["key"]:
                keys = [write_key(self.directory / "keys" / name, it["key"], self.seed) for name in names]
                entry["keys"] = [
                    {"public_key": key, "public_key_type": kind, "public_key_name": name}
                    for name, (kind, key) in zip(names, keys)
                ]
            for key in ("roles", "delegates"):
                if it[key]:
                    entry[key] = it[key]
            if it["group"] is not None:
                entry["group"] = it["group"]
            accounts.append(entry)
        sections = table()
        bootstrap = {"accounts": accounts, "table": sections}
        text = yaml.safe_dump(bootstrap, sort_keys=False, allow_unicode=True, width=200)
        (self.directory / "bootstrap.yaml").write_text(text)
        (self.directory / "templates" / "overview.md.j2").write_text(overview_template(sections))

    # Reports

    def time(self, kind):
        days = {
            "fresh": (0.1, 3), "valid": (3, 6), "weeks": (10, 40), "months": (41, 200), "expired": (460, 1500),
            "future": (-90, -1),
        }[kind]
        time = self.now - datetime.timedelta(days=self.random.uniform(*days))
        if time.hour in (23, 0):
            time = time.replace(hour=12)
        while time in self.used:
            time += datetime.timedelta(microseconds=1)
        self.used.add(time)
        return time

    def results(self, cases, bias):
        chosen = [case for case in cases if bias != "mixed" or self.random.random() < 0.8]
        weights = (70, 15, 10, 5) if bias == "mixed" else (1, 0, 0, 0)
        results = {case: self.random.choices((1, -1, 0, None), weights)[0] for case in chosen}
        if bias in ("one fails", "one is DNF"):
            results[self.random.choice(cases)] = -1 if bias == "one fails" else 0
        if self.random.random() < 0.3:
            results["unknown-test-case"] = self.random.choice((1, -1))
        return results

    def report(self, subject, scope, form="new", kind="fresh", bias="mixed", keep=True):
        known = self.scopes.get(scope, {"name": "Unknown scope", "cases": ["x"], "versions": {"v1": ["x"]}})
        results, run = self.results(known["cases"], bias), str(uuid.UUID(int=self.random.getrandbits(128), version=4))
        time, cases = self.time(kind), list(results)
        cut = self.random.randrange(len(cases) + 1)
        parts = [cases[:cut], cases[cut:]] if self.random.random() < 0.5 else [cases]
        words = {1: "PASS", -1: "FAIL", 0: "ABORT", None: "MISS"}
        invocations = {}
        for place, part in enumerate(parts):
            errors = []
            if self.random.random() < 0.6:
                errors = ["DEBUG: secret", "WARNING: be careful", "ERROR: <tag> & broken", "ERR: no", "INFO: fine"]
            invocations[f"inv-{place}"] = {
                "cmd": f"./x.py {place} -c cloud", "rc": sum(results[case] == -1 for case in part),
                "results": {case: results[case] for case in part},
                "stdout": ["starting", *(f"{case}: {words[results[case]]}" for case in part)], "stderr": errors,
                "critical": 0, "error": sum(it.startswith("ERROR") for it in errors),
                "warning": sum(it.startswith("WARN") for it in errors),
            }
        document = {
            "spec": {"uuid": scope, "name": known["name"], "url": "https://example.com"}, "checked_at": time,
            "reference_date": time.date(), "subject": subject,
            "run": {
                "uuid": run, "argv": ["-s", subject], "assignment": {"os_cloud": subject, "größe": "Straße"},
                "sections": None, "forced_version": None, "forced_tests": None, "invocations": invocations,
            },
        }
        if form == "old":
            document["versions"] = {
                version: {case: {"result": results[case], "invocation": "inv-0"} for case in cases if case in results}
                for version, cases in known["versions"].items()
            }
        if keep:
            versions = list(document.get("versions", {"*": 0}))
            self.reports.append(
                {"uuid": run, "subject": subject, "scope": scope, "results": results, "versions": versions}
            )
        return document

    def as_yaml(self, documents):
        text = ""
        for document in documents:
            document = dict(document)
            time = document["checked_at"]
            document["checked_at"] = "@time@"
            it = yaml.safe_dump(document, sort_keys=False, explicit_start=True, allow_unicode=self.random.random() < 0.5)
            spellings = (
                str(time), time.isoformat(), time.isoformat() + "Z", f"'{time.isoformat()}'",
                str(time + datetime.timedelta(hours=2)) + "+02:00",
            )
            text += it.replace("'@time@'", self.random.choice(spellings))
        return text

    def as_json(self, document):
        document = dict(document)
        time = document["checked_at"]
        document["checked_at"] = self.random.choice((str(time), time.isoformat(), time.isoformat() + "Z"))
        document["reference_date"] = str(document["reference_date"])
        return json.dumps(document, indent=self.random.choice((None, 2)), ensure_ascii=self.random.random() < 0.5)

    # Requests

    def add(self, path, account, kind, body, note, given=None):
        self.requests.append({
            "path": path, "account": account, "password": given or password(account), "type": kind, "body": body,
            "note": note,
        })

    def signed(self, account, kind, text, note, key=None, change=b"", given=None):
        key = self.directory / "keys" / (key or file_name(account))
        command = ["ssh-keygen", "-q", "-Y", "sign", "-n", "report", "-f", key]
        signature = subprocess.run(command, input=text.encode(), capture_output=True, check=True).stdout
        body = signature + b"&" + text.encode() + change
        self.add("/reports", account, f"application/x-signed-{kind}", body, note, given)

    def submission(self):
        own = [it["subject"] for it in ACCOUNTS if it["key"] and it["subject"] not in ("ci", "relay", "super")]
        own.remove("Größe/ü")
        represented = [it["subject"] for it in ACCOUNTS if "ci" in it["delegates"] and it["subject"] != "empty"]
        account = self.random.choice(own) if self.random.random() < 0.3 else "ci"

        def one():
            subject = account if account != "ci" else self.random.choice(represented)
            scopes = (KAAS,) if subject.startswith("k-") else (IAAS, KAAS, EXTRA, UNKNOWN)
            scope = self.random.choices(scopes, (80, 10, 7, 3)[:len(scopes)])[0]
            kinds = ("fresh", "valid", "weeks", "months", "expired", "future")
            kind = self.random.choices(kinds, (50, 20, 10, 5, 10, 5))[0]
            biases = ("all pass", "one fails", "one is DNF", "mixed")
            bias = self.random.choices(biases, (50, 15, 10, 25))[0]
            return self.report(subject, scope, self.random.choices(("new", "old"), (70, 30))[0], kind, bias)

        if self.random.random() < 0.65:
            documents = [one() for _ in range(self.random.choices((1, 2, 3), (85, 10, 5))[0])]
            self.signed(account, "yaml", self.as_yaml(documents), "accepted")
        else:
            self.signed(account, "json", self.as_json(one()), "accepted")

    def baseline(self):
        """Three of four subjects get a report that passes, so that groups can pass."""
        for it in ACCOUNTS:
            if "ci" in it["delegates"] and it["subject"] != "empty" and self.random.random() < 0.75:
                scope = KAAS if it["subject"].startswith("k-") else IAAS
                document = self.report(it["subject"], scope, kind="valid", bias="all pass")
                self.signed("ci", "yaml", self.as_yaml([document]), "accepted")

    def refused(self):
        """Requests that must be refused, with the same status and body."""
        document = self.report("cloud-a", IAAS)
        text = self.as_yaml([document])
        self.signed("cloud-a", "yaml", text, "refused", change=b"\n# changed\n")
        self.signed("cloud-a", "yaml", text, "refused", key="cloud-b")
        self.signed("cloud-b", "yaml", text, "refused")
        self.signed("ci", "yaml", text, "refused")
        of_b = self.as_yaml([self.report("cloud-b", IAAS, keep=False)])
        self.signed("relay", "yaml", of_b, "refused")
        self.add("/reports", "cloud-a", "application/x-signed-yaml", text.encode(), "refused")
        self.add("/reports", "cloud-a", "application/x-signed-yaml", b"", "refused")
        self.signed("cloud-a", "text", text, "refused")
        self.signed("cloud-a", "yaml; charset=utf-8", text, "refused")
        self.signed("cloud-a", "yaml", text, "refused", given="wrong")
        self.signed("cloud-a", "yaml", "", "accepted")
        self.signed("cloud-a", "yaml", "# nothing\n", "accepted")
        self.signed("cloud-a", "yaml", text, "accepted")
        self.signed("cloud-a", "yaml", text, "refused")
        other = self.as_yaml([self.report("cloud-a", IAAS, keep=False)])
        self.signed("cloud-a", "yaml", other + text, "refused")
        self.signed("cloud-a", "yaml", other + other, "refused")
        second = self.as_yaml([self.report("super", IAAS, bias="all pass")])
        self.signed("super", "yaml", second, "accepted", key="super-second")
        document = self.report("super", IAAS, "old", "valid", "all pass")
        self.signed("super", "json", self.as_json(document), "accepted", given=password("super") + "-2")

    def approvals(self):
        records = []
        for report in self.reports:
            for case, result in report["results"].items():
                if result != -1 or self.random.random() < 0.5:
                    continue
                of_scope = self.scopes.get(report["scope"], {"versions": {}})["versions"]
                for version in report["versions"]:
                    if version == "*" or case in of_scope.get(version, ()):
                        records.append({
                            "reportuuid": report["uuid"], "scopeuuid": report["scope"], "version": version,
                            "check": case, "approval": self.random.random() < 0.8,
                        })
        kind = "application/json"
        for start in range(0, len(records), 10):
            body = json.dumps(records[start:start + 10]).encode()
            self.add("/results", self.random.choice(("admin", "approver", "super")), kind, body, "accepted")
        self.add("/results", "admin", kind, json.dumps(records[0]).encode(), "accepted")
        self.add("/results", "admin", kind, b"[]", "accepted")
        self.add("/results", "reader", kind, b"[]", "refused")
        self.add("/results", "cloud-a", "text/plain", b"[]", "refused")

    def unusable(self):
        """Requests at which the official monitor crashes; another one must say what is wrong."""
        document = self.report("cloud-a", IAAS, keep=False)
        document["checked_at"] = str(document["checked_at"])
        document["reference_date"] = str(document["reference_date"])
        for key in ("spec", "checked_at", "subject", "run"):
            part = {it: value for it, value in document.items() if it != key}
            self.signed("cloud-a", "json", json.dumps(part), "unusable")
        for value in ("yes", True, [], {}, 3_000_000_000):
            results = {"run": document["run"] | {"invocations": {"a": {"results": {"t-year": value}}}}}
            self.signed("cloud-a", "json", json.dumps(document | results), "unusable")
        for time in (None, 5, "hello", "2026-02-30", "20.11.2026"):
            self.signed("cloud-a", "json", json.dumps(document | {"checked_at": time}), "unusable")
        for text in ("[unclosed", "- list", "text", "---\n---\n", "a: 1\na: 2", "a: !!binary aGk=", "a: *b"):
            self.signed("cloud-a", "yaml", text, "unusable")
        for text in ("{", "[]", "null", "1", "{} {}", "\ufeff{}", json.dumps(document | {"x": "\0"})):
            self.signed("cloud-a", "json", text, "unusable")
        for body in (b"{", b"", b"null", b"1", b"[1]", b"[{}]", b'{"reportuuid": "x"}'):
            self.add("/results", "admin", "application/json", body, "unusable")
        unknown = {"reportuuid": "x", "scopeuuid": IAAS, "version": "*", "check": "t-year", "approval": True}
        self.add("/results", "admin", "application/json", json.dumps(unknown).encode(), "unusable")
        self.add("/results", "admin", "text/plain", b"[]", "unusable")
