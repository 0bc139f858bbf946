-- Who is told what. Contacts are in the bootstrap file and never in the database.

-- Each event once; its id follows from what it is about.
CREATE TABLE notification (
    id TEXT PRIMARY KEY,
    subject TEXT NOT NULL,
    -- failed, expires or verdict.
    kind TEXT NOT NULL,
    -- The UUID of the scope, and for `failed` the test case.
    object TEXT NOT NULL,
    -- When it happened, and when it was noticed.
    happened_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    -- What receivers get, as JSON.
    body TEXT NOT NULL,
    -- 0 if nobody has acknowledged it.
    acknowledged_at BIGINT NOT NULL DEFAULT 0,
    acknowledged_by TEXT NOT NULL DEFAULT ''
);
CREATE INDEX notification_by_subject ON notification (subject, created_at);
CREATE INDEX notification_by_object ON notification (subject, kind, object, happened_at);

-- What is to be sent. A row that an instance works on is claimed for a while.
CREATE TABLE delivery (
    notification TEXT NOT NULL,
    -- email or webhook.
    channel TEXT NOT NULL,
    -- pending, sent or failed.
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    claimed_until BIGINT NOT NULL,
    problem TEXT NOT NULL,
    PRIMARY KEY (notification, channel)
);
CREATE INDEX delivery_by_time ON delivery (state, channel, next_at);

-- The verdict that was last seen, to notice changes by time alone.
CREATE TABLE followed (
    subject TEXT NOT NULL,
    scope TEXT NOT NULL,
    verdict TEXT NOT NULL,
    PRIMARY KEY (subject, scope)
);

-- Which instance looks for events, until when, and which revision it has looked at.
CREATE TABLE lease (
    name TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    held_until BIGINT NOT NULL,
    revision BIGINT NOT NULL
);
INSERT INTO lease (name, holder, held_until, revision) VALUES ('notify', '', 0, 0);
