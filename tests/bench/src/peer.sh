#!/bin/sh
# What anyone could put together: logs in, reads the key list and stores it in the same tables and columns, in one
# transaction, synced as fully. Spared are the fingerprint and the digest, for which these tools know no SHA-256, and
# ids of its own. That it makes the tables first is within its time. Beside it lie ca.pem and tables.sql.
#   sh peer.sh URL KEY
set -eu

token=$(curl --silent --fail --cacert ca.pem --header 'Content-Type: application/json' \
    --data "{\"api_key\":\"$2\"}" "$1/api/auth/token" | jq --raw-output .token)

curl --silent --fail --cacert ca.pem --header "Authorization: Bearer $token" "$1/api/auth/keys" | jq --raw-output '
    def cell($on; $only; $except):
        if $on | not then { state: "none" }
        elif $only == null and $except == null then { state: "all" }
        else { state: "fields", rule: { only: $only, except: $except } } end;
    .[]
    | [ (.collection_permissions | to_entries[] | .key as $name | .value
            | { kind: "collection", resource: $name, cells: { read: cell(.read; .select_fields; .exclude_fields),
                write: cell(.write; .writable_fields; null) } }),
        (.kv_permissions // [] | .[]
            | { kind: "KV prefix", resource: .prefix, cells: { read: cell(.read; null; null),
                write: cell(.write; null; null) } }) ]
        as $rows
    | ([$rows[].cells | select(.read.state != "none")] | length) as $read
    | ([$rows[].cells | select(.write.state != "none")] | length) as $write
    | ([$rows[].cells | select(.read.state == "fields" or .write.state == "fields")] | length) as $ruled
    | [$rows[] | [.kind, .resource, (.cells | with_entries(select(.value.state != "none"))
            | map_values(if .state == "all" then "all" else . end))]] as $rights
    | (.label | ascii_downcase) as $order
    | .key[0:13] as $prefix
    | [ .id, $prefix, .label, .description // "",
        (if .is_admin then "admin" else "scoped" end),
        ((.created_at[0:19] + "Z" | fromdate) * 1000 + (.created_at[20:23] | tonumber)),
        ([[$read, $write], $ruled] | tojson),
        (if .is_admin then 4294967295 else $read + $write end),
        $order, ($rights | tojson) ]
    | @tsv' | sqlite3 peer.db \
    '.output /dev/null' 'PRAGMA journal_mode = WAL' '.output' 'PRAGMA synchronous = FULL' 'PRAGMA foreign_keys = ON' \
    'PRAGMA temp_store = MEMORY' '.read tables.sql' \
    "INSERT INTO deployments (id, name, environment, provider, created_at) VALUES ('d', 'shop', 'staging', 'ekodb', 0)" \
    'CREATE TEMP TABLE list (id, prefix, label, description, kind, created, counts, weight, label_order, rights)' \
    '.mode tabs' 'BEGIN IMMEDIATE' '.import --schema temp /dev/stdin list' \
    "INSERT INTO grid_columns VALUES
            (1, '[{\"action\":\"read\",\"title\":\"Read\"},{\"action\":\"write\",\"title\":\"Write\"}]')" \
    "INSERT INTO keys (id, deployment, remote_id, fingerprint, prefix, label, label_order, description, kind, created_at,
            grid, counts, weight, digest, first_seen, rights)
        SELECT id, 'd', id, NULL, prefix, label, label_order, description, kind, created, 1, counts, weight, x'', 0, rights
            FROM list" \
    "UPDATE deployments SET synced_at = 0" 'COMMIT'
