-- A grant is a row per key and resource, with its actions beside each other: half the rows, and what is stored of a list
-- of keys takes a third of the time. Who may do what to one resource is asked by looking through them all, which is quick.
CREATE TABLE grants_by_row (
    key      TEXT    NOT NULL REFERENCES keys (id) ON DELETE CASCADE,
    kind     TEXT    NOT NULL,
    resource TEXT    NOT NULL,
    position INTEGER NOT NULL, -- the row's place in the server's order
    cells    TEXT    NOT NULL, -- JSON: the cell of each action; one that is not there allows nothing
    PRIMARY KEY (key, kind, resource)
) STRICT, WITHOUT ROWID;

INSERT INTO grants_by_row
    SELECT key, kind, resource, min(position), json_group_object(action, json(cell)) FILTER (WHERE state <> 'none')
    FROM grants GROUP BY key, kind, resource;

DROP TABLE grants;
ALTER TABLE grants_by_row RENAME TO grants;

-- One index of a deployment's keys serves both ways of looking for them.
DROP INDEX keys_by_deployment;
DROP INDEX keys_by_remote_id;
CREATE UNIQUE INDEX keys_by_remote_id ON keys (deployment, remote_id);
