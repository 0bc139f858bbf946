-- Reports in the format scs/check/2: results that are older than their report, and the answers of rules.

-- The time of each result that is older than its report: {test case: microseconds}.
ALTER TABLE report ADD COLUMN evidence TEXT NOT NULL DEFAULT '{}';
-- The answers of rules that no test case of the report covers: [{document, rule, checked_at, result}].
ALTER TABLE report ADD COLUMN rules TEXT NOT NULL DEFAULT '[]';

-- The answers of rules that may count, kept as the recent results are.
CREATE TABLE recent_rule (
    subject TEXT NOT NULL,
    scope TEXT NOT NULL,
    document TEXT NOT NULL,
    rule TEXT NOT NULL,
    checked_at BIGINT NOT NULL,
    -- 1 PASS, 0 DNF, -1 FAIL.
    result BIGINT NOT NULL,
    report TEXT NOT NULL,
    PRIMARY KEY (subject, scope, document, rule, checked_at)
);
