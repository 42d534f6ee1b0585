-- All generations of one logical key. A key without a row here is the first of its own lineage.
CREATE TABLE lineages (
    key         TEXT    NOT NULL PRIMARY KEY, -- local id; stays when the key is gone
    deployment  TEXT    NOT NULL REFERENCES deployments (id) ON DELETE CASCADE,
    lineage     TEXT    NOT NULL,             -- local id of the first generation
    generation  INTEGER NOT NULL,
    label       TEXT    NOT NULL,
    fingerprint TEXT,
    since       INTEGER NOT NULL,             -- known as this generation since
    replaced_by TEXT,                         -- local id
    dead_at     INTEGER                       -- its death was proved
) STRICT;

CREATE INDEX lineages_by_lineage ON lineages (lineage, generation);

-- The record of a finished operation, bound to its row in the audit log. No secret in it.
CREATE TABLE certificates (
    operation  TEXT    NOT NULL PRIMARY KEY,
    deployment TEXT    NOT NULL,
    body       TEXT    NOT NULL, -- JSON, as it was hashed
    hash       TEXT    NOT NULL, -- SHA-256 of body
    audit_seq  INTEGER NOT NULL, -- the audit row that carries the hash
    made_at    INTEGER NOT NULL
) STRICT;

CREATE TRIGGER certificates_are_never_changed BEFORE UPDATE ON certificates
BEGIN SELECT RAISE(ABORT, 'a certificate is never changed'); END;
