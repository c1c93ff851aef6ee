-- Password verifiers by account id; whose account it is stands in the ledger's sealed records.
CREATE TABLE verifier (
    account BYTEA NOT NULL PRIMARY KEY CHECK (octet_length(account) = 16),
    phc TEXT NOT NULL
);

-- Small bookkeeping of facts that can be found again.
CREATE TABLE note (
    note_key TEXT NOT NULL PRIMARY KEY,
    note_value TEXT NOT NULL
);

-- The catalog's own marks.
-- rebuilding: 1 until everything that reels and ledger say is listed. A catalog begins with 1: one
-- that was just made in the place of a lost one knows of nothing, and whoever trusted it could
-- destroy or forget what it does not list.
-- counted_before_us, gaps_before_us: what is older was forgotten and is not counted again.
CREATE TABLE mark (
    mark_key TEXT NOT NULL PRIMARY KEY,
    mark_value BIGINT NOT NULL
);
INSERT INTO mark (mark_key, mark_value)
VALUES ('rebuilding', 1), ('counted_before_us', 0), ('gaps_before_us', 0);
