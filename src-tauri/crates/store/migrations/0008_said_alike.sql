-- What most keys of a list say alike is stored once, or not at all: a key takes three quarters of the room it took, and of
-- the values a statement takes to the file.

-- The columns of rights grids. An adapter has a few sets of them, so none is ever in the way.
CREATE TABLE grid_columns (
    id      INTEGER NOT NULL PRIMARY KEY,
    columns TEXT    NOT NULL UNIQUE -- JSON
) STRICT;

INSERT INTO grid_columns (columns) SELECT DISTINCT columns FROM keys;

-- Drafts hang on the keys: under another name both stay until what is new is whole.
ALTER TABLE keys RENAME TO keys_before;
DROP INDEX keys_by_label;
DROP INDEX keys_by_remote_id;
DROP INDEX keys_present;

CREATE TABLE keys (
    id            TEXT    NOT NULL PRIMARY KEY,
    deployment    TEXT    NOT NULL REFERENCES deployments (id) ON DELETE CASCADE,
    remote_id     TEXT,
    fingerprint   TEXT,
    prefix        TEXT,
    label         TEXT    NOT NULL,
    label_order   TEXT    NOT NULL, -- lower case label
    description   TEXT    NOT NULL,
    kind          TEXT    NOT NULL CHECK (kind IN ('admin', 'scoped')),
    created_at    INTEGER,
    expires       TEXT,             -- JSON; null where the server's keys have no end
    expires_order INTEGER,          -- what the list sorts by: the end, null when there is none
    grid          INTEGER NOT NULL REFERENCES grid_columns (id),
    counts        TEXT    NOT NULL, -- JSON: how many resources each column allows, and how many are under a field rule
    weight        INTEGER NOT NULL, -- what the list sorts by
    extras        TEXT,             -- JSON: members the adapter does not understand; null where there is none
    notices       TEXT,             -- JSON; null where there is none
    digest        BLOB    NOT NULL, -- of what the list said, to skip what did not change
    first_seen    INTEGER NOT NULL,
    gone_at       INTEGER,          -- first complete list that no longer had it
    rights        TEXT    NOT NULL  -- JSON: kind, resource and cells by action, in the server's order
) STRICT;

-- The digests are left empty: the next list is compared as a whole once.
INSERT INTO keys
    SELECT k.id, k.deployment, k.remote_id, k.fingerprint, k.prefix, k.label, k.label_order, k.description, k.kind,
        k.created_at, iif(k.expires ->> 'kind' = 'unsupported', NULL, k.expires), k.expires_order, g.id,
        json_array(
            (SELECT json_group_array(coalesce(
                (SELECT c.value ->> 'count' FROM json_each(k.summary, '$.counts') c
                    WHERE c.value ->> 'action' = of.value ->> 'title'), 0))
                FROM json_each(k.columns) of),
            k.summary -> 'restricted'),
        k.weight, nullif(k.extras, '{}'), nullif(k.notices, '[]'), x'', k.first_seen, k.gone_at, k.rights
    FROM keys_before k JOIN grid_columns g ON g.columns = k.columns
    ORDER BY k.rowid;

CREATE TABLE drafts_of_keys (
    key      TEXT    NOT NULL PRIMARY KEY REFERENCES keys (id) ON DELETE CASCADE,
    base     TEXT    NOT NULL, -- JSON: the grid when the draft was begun
    desired  TEXT    NOT NULL, -- JSON: the grid that is wanted
    saved_at INTEGER NOT NULL
) STRICT;

INSERT INTO drafts_of_keys SELECT key, base, desired, saved_at FROM drafts;
DROP TABLE drafts;
ALTER TABLE drafts_of_keys RENAME TO drafts;
DROP TABLE keys_before;

CREATE INDEX keys_by_label ON keys (label_order);
CREATE UNIQUE INDEX keys_by_remote_id ON keys (remote_id, deployment);
CREATE INDEX keys_present ON keys (deployment, gone_at);
