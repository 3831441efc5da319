CREATE TABLE profile (
    -- The network and the account this file belongs to, for ever. Exactly one row.
    id       INTEGER NOT NULL PRIMARY KEY,
    network  TEXT    NOT NULL,
    chain_id INTEGER NOT NULL,             -- EIP-155
    kind     TEXT    NOT NULL,
    name     TEXT    NOT NULL,             -- what the person calls this device; never sent
    address  BLOB    NOT NULL,
    genesis  BLOB,                         -- NULL until an endpoint has named block 0; then it never changes
    CONSTRAINT profile_is_one_row        CHECK (id = 1),
    CONSTRAINT profile_chain_is_real     CHECK (chain_id > 0),
    CONSTRAINT profile_kind_is_known     CHECK (kind IN ('exercise', 'test', 'main')),
    CONSTRAINT profile_address_is_whole  CHECK (length(address) = 20),
    CONSTRAINT profile_genesis_is_a_hash CHECK (genesis IS NULL OR length(genesis) = 32)
) STRICT;

CREATE TABLE endpoint (
    -- Where the network is reached, in the order the person gave.
    turn INTEGER NOT NULL PRIMARY KEY,
    url  TEXT    NOT NULL UNIQUE
) STRICT;

CREATE TABLE setting (
    -- What the person chose, one row per choice.
    key   TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

CREATE TRIGGER profile_keeps_its_network
BEFORE UPDATE OF network, chain_id, kind, address ON profile
BEGIN
    SELECT RAISE(ABORT, 'a data folder belongs to one network and one account for ever');
END;

CREATE TRIGGER profile_keeps_its_genesis
BEFORE UPDATE OF genesis ON profile
WHEN OLD.genesis IS NOT NULL AND NEW.genesis IS NOT OLD.genesis
BEGIN
    SELECT RAISE(ABORT, 'the genesis block is pinned once');
END;
