-- A change to a server is an operation. The journal is its only truth; `state` is what folding the journal
-- gives, written in the same transaction.

CREATE TABLE operations (
    id         TEXT    NOT NULL PRIMARY KEY,
    kind       TEXT    NOT NULL,
    deployment TEXT    NOT NULL REFERENCES deployments (id) ON DELETE CASCADE,
    key        TEXT    NOT NULL, -- local id; one that is being made is not among the keys yet
    successor  TEXT,             -- local id of the key that takes its place
    plan       TEXT    NOT NULL, -- JSON, fixed when the operation begins
    state      TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    closed_at  INTEGER           -- null while something is still to be done or to be found out
) STRICT;

CREATE INDEX operations_open ON operations (deployment) WHERE closed_at IS NULL;

CREATE TABLE journal (
    seq   INTEGER NOT NULL PRIMARY KEY,
    op    TEXT    NOT NULL REFERENCES operations (id) ON DELETE CASCADE,
    event TEXT    NOT NULL, -- JSON
    at    INTEGER NOT NULL
) STRICT;

CREATE INDEX journal_by_op ON journal (op, seq);

CREATE TRIGGER journal_is_never_changed BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

CREATE TABLE drafts (
    key      TEXT    NOT NULL PRIMARY KEY REFERENCES keys (id) ON DELETE CASCADE,
    base     TEXT    NOT NULL, -- JSON: the grid when the draft was begun
    desired  TEXT    NOT NULL, -- JSON: the grid that is wanted
    saved_at INTEGER NOT NULL
) STRICT;
