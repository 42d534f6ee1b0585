-- Times are milliseconds since 1970-01-01 UTC. Ids are local (UUID v7, text) unless they say "remote".

CREATE TABLE meta (
    name  TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL
) STRICT;

CREATE TABLE settings (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL -- JSON
) STRICT;

CREATE TABLE secrets (
    id         TEXT    NOT NULL PRIMARY KEY,
    kind       TEXT    NOT NULL,
    owner      TEXT    NOT NULL,
    version    INTEGER NOT NULL,
    nonce      BLOB    NOT NULL,
    ciphertext BLOB    NOT NULL
) STRICT;

CREATE TABLE deployments (
    id          TEXT    NOT NULL PRIMARY KEY,
    name        TEXT    NOT NULL,
    environment TEXT    NOT NULL CHECK (environment IN ('production', 'staging', 'development', 'test')),
    provider    TEXT    NOT NULL,
    created_at  INTEGER NOT NULL,
    facts       TEXT    NOT NULL DEFAULT '{}', -- JSON of the last probe that went well
    synced_at   INTEGER,                       -- last complete list
    failure     TEXT,                          -- JSON, why the last try failed
    not_before  INTEGER                        -- the server asked to wait until then
) STRICT;

CREATE TABLE links (
    deployment TEXT NOT NULL PRIMARY KEY REFERENCES deployments (id) ON DELETE CASCADE,
    spec       TEXT NOT NULL, -- JSON: URL, trust, TLS minimum
    credential TEXT NOT NULL REFERENCES secrets (id)
) STRICT;

CREATE TABLE keys (
    id            TEXT    NOT NULL PRIMARY KEY,
    deployment    TEXT    NOT NULL REFERENCES deployments (id) ON DELETE CASCADE,
    remote_id     TEXT,
    fingerprint   TEXT,
    prefix        TEXT,
    label         TEXT    NOT NULL,
    description   TEXT    NOT NULL,
    kind          TEXT    NOT NULL CHECK (kind IN ('admin', 'scoped')),
    created_at    INTEGER,
    expires       TEXT    NOT NULL, -- JSON
    expires_order INTEGER,          -- what the list sorts by: the end, null when there is none
    columns       TEXT    NOT NULL, -- JSON: the columns of its rights grid
    summary       TEXT    NOT NULL, -- JSON: its rights in one line
    weight        INTEGER NOT NULL, -- what the list sorts by
    extras        TEXT    NOT NULL, -- JSON: members the adapter does not understand
    notices       TEXT    NOT NULL, -- JSON
    search        TEXT    NOT NULL, -- lower case: label, description, id, prefix
    label_order   TEXT    NOT NULL, -- lower case label
    digest        TEXT    NOT NULL, -- of what the list said, to skip what did not change
    first_seen    INTEGER NOT NULL,
    gone_at       INTEGER           -- first complete list that no longer had it
) STRICT;

CREATE INDEX keys_by_deployment ON keys (deployment);
CREATE UNIQUE INDEX keys_by_remote_id ON keys (deployment, remote_id) WHERE remote_id IS NOT NULL;

CREATE TABLE grants (
    key      TEXT    NOT NULL REFERENCES keys (id) ON DELETE CASCADE,
    kind     TEXT    NOT NULL,
    resource TEXT    NOT NULL,
    action   TEXT    NOT NULL,
    position INTEGER NOT NULL, -- the row's place in the server's order
    state    TEXT    NOT NULL, -- none, all, fields, inherited, locked
    cell     TEXT    NOT NULL, -- JSON of the whole cell
    PRIMARY KEY (key, kind, resource, action)
) STRICT, WITHOUT ROWID;

CREATE INDEX grants_by_resource ON grants (resource, action, state);

CREATE TABLE resources (
    deployment TEXT NOT NULL REFERENCES deployments (id) ON DELETE CASCADE,
    kind       TEXT NOT NULL,
    name       TEXT NOT NULL,
    fields     TEXT,    -- JSON, null while nobody asked
    fields_at  INTEGER,
    PRIMARY KEY (deployment, kind, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
    seq        INTEGER NOT NULL PRIMARY KEY,
    previous   TEXT    NOT NULL,
    hash       TEXT    NOT NULL,
    at         INTEGER NOT NULL,
    actor      TEXT    NOT NULL,
    act        TEXT    NOT NULL,
    subject    TEXT    NOT NULL,
    facts      TEXT    NOT NULL -- JSON
) STRICT;

-- Append-only, also for this program.
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
CREATE TRIGGER audit_is_never_deleted BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
