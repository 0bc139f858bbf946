-- Reports and what follows from them. SQLite and PostgreSQL run the same statements, so numbers are BIGINT, times are
-- microseconds since 1970 in UTC, and JSON is TEXT.

-- One row. Every change of data adds one to its revision, so an instance notices what another one has stored; the row is
-- also the lock of writers.
CREATE TABLE state (
    id BIGINT PRIMARY KEY,
    revision BIGINT NOT NULL
);
INSERT INTO state (id, revision) VALUES (1, 0);

CREATE TABLE report (
    uuid TEXT PRIMARY KEY,
    -- The revision that stored it, which is the order of arrival.
    revision BIGINT NOT NULL,
    -- The place within its request.
    place BIGINT NOT NULL,
    subject TEXT NOT NULL,
    -- The UUID of the scope.
    scope TEXT NOT NULL,
    checked_at BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    -- The results: {version: {test case: result}}, where `*` stands for any version.
    results TEXT NOT NULL,
    -- The report as JSON.
    document TEXT NOT NULL
);
CREATE INDEX report_by_revision ON report (revision, place);
CREATE INDEX report_by_subject ON report (subject, revision, place);
CREATE INDEX report_by_history ON report (subject, scope, checked_at);
CREATE INDEX report_by_time ON report (checked_at);

-- The results that may count: of each test case the newest one, and all that lie in the future. The number of rows does not
-- grow with the number of reports.
CREATE TABLE recent_result (
    subject TEXT NOT NULL,
    scope TEXT NOT NULL,
    version TEXT NOT NULL,
    test_case TEXT NOT NULL,
    checked_at BIGINT NOT NULL,
    -- 1 PASS, 0 DNF, -1 FAIL, and none for a MISS, which hides an older result.
    result BIGINT,
    report TEXT NOT NULL,
    PRIMARY KEY (subject, scope, version, test_case, checked_at)
);

-- Approvals that were set by hand. A result without a row is approved if it is a PASS.
CREATE TABLE approval (
    report TEXT NOT NULL,
    scope TEXT NOT NULL,
    version TEXT NOT NULL,
    test_case TEXT NOT NULL,
    approved BIGINT NOT NULL,
    PRIMARY KEY (report, scope, version, test_case)
);

-- Every change of data: when, by whom, from where.
CREATE TABLE audit (
    revision BIGINT NOT NULL,
    place BIGINT NOT NULL,
    at BIGINT NOT NULL,
    account TEXT NOT NULL,
    address TEXT NOT NULL,
    action TEXT NOT NULL,
    object TEXT NOT NULL,
    PRIMARY KEY (revision, place)
);
