-- A key's rights lie with the key, as one list: they are written together, read together and judged together, and what is
-- stored of a list of keys takes half the time. Who may do what to one resource is asked by looking through them all.
ALTER TABLE keys ADD COLUMN rights TEXT NOT NULL DEFAULT '[]'; -- JSON: kind, resource and cells by action, in the server's order

UPDATE keys SET rights = (
    SELECT json_group_array(json(grant_row)) FROM (
        SELECT json_object('kind', kind, 'resource', resource, 'cells', json(cells)) AS grant_row
        FROM grants WHERE key = keys.id ORDER BY position, kind, resource));

DROP TABLE grants;

-- How many keys a deployment has, and how many there are, without looking at one.
DROP INDEX keys_present;
CREATE INDEX keys_present ON keys (deployment, gone_at);
