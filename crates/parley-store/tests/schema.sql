CREATE INDEX attempt_by_message ON attempt (message, id);

CREATE INDEX outbox_by_parent ON outbox (parent) WHERE parent IS NOT NULL;

CREATE INDEX sighting_by_block ON sighting (block_hash);

CREATE INDEX variant_by_nonce ON variant (nonce);

CREATE TABLE acceptance (
    -- A fact: this endpoint said that it holds the transaction. Insert-only.
    hash     BLOB    NOT NULL REFERENCES variant (hash),
    endpoint TEXT    NOT NULL,
    at       INTEGER NOT NULL,
    PRIMARY KEY (hash, endpoint)
) STRICT;

CREATE TABLE attempt (
    -- The newest tries to hand a message over, for the person to read. Bounded per message.
    id       INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    message  INTEGER NOT NULL REFERENCES outbox (id),
    hash     BLOB    NOT NULL REFERENCES variant (hash),
    endpoint TEXT    NOT NULL,
    at       INTEGER NOT NULL,
    outcome  TEXT    NOT NULL,
    class    TEXT    NOT NULL DEFAULT '',                   -- why it was refused
    CONSTRAINT attempt_outcome_is_known CHECK (outcome IN ('accepted', 'known', 'offline', 'refused')),
    CONSTRAINT attempt_refused_says_why CHECK ((outcome = 'refused') = (class <> ''))
) STRICT;

CREATE TABLE endpoint (
    -- Where the network is reached, in the order the person gave.
    turn INTEGER NOT NULL PRIMARY KEY,
    url  TEXT    NOT NULL UNIQUE
) STRICT;

CREATE TABLE finality (
    -- How far the held headers are safe and final. NULL until known.
    id        INTEGER NOT NULL PRIMARY KEY,
    safe      INTEGER,
    finalized INTEGER,
    CONSTRAINT finality_is_one_row CHECK (id = 1)
) STRICT;

CREATE TABLE header (
    -- The chain as this device has verified it. The only rows a reorganisation edits.
    number INTEGER NOT NULL PRIMARY KEY,
    hash   BLOB    NOT NULL UNIQUE,
    parent BLOB    NOT NULL,
    time   INTEGER NOT NULL,
    CONSTRAINT header_hashes_are_whole CHECK (length(hash) = 32 AND length(parent) = 32)
) STRICT;

CREATE TABLE nonce (
    -- The account's next unused nonce. Moves forward only as a message is sealed or the chain is ahead.
    id    INTEGER NOT NULL PRIMARY KEY,
    next  INTEGER NOT NULL,
    floor INTEGER NOT NULL,                                 -- used up according to the chain: never given back
    CONSTRAINT nonce_is_one_row     CHECK (id = 1),
    CONSTRAINT nonce_respects_floor CHECK (next >= floor AND floor >= 0)
) STRICT;

CREATE TABLE outbox (
    -- One row per message this device wants on the chain. Rows are never deleted.
    id           INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    wire         BLOB    NOT NULL,                          -- Whiteflag bytes; a parent's hash is zeros in them until sealed
    parent       INTEGER REFERENCES outbox (id),            -- the own message it refers to, NULL if none
    revision     INTEGER NOT NULL DEFAULT 0,                -- counts the edits: what is sealed must be the newest
    queued_at    INTEGER NOT NULL,                          -- seconds since 1970, as all times here
    cancelled_at INTEGER,                                   -- NULL while wanted
    stopped      TEXT,                                      -- NULL unless a person must decide
    CONSTRAINT outbox_parent_is_earlier CHECK (parent IS NULL OR parent < id),
    CONSTRAINT outbox_stopped_says_why
        CHECK (stopped IS NULL OR stopped IN ('displaced'))
) STRICT;

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

CREATE TABLE received (
    -- A fact: this transaction, signed by this originator, carries these bytes. Insert-only; own ones included.
    hash       BLOB NOT NULL PRIMARY KEY,
    originator BLOB NOT NULL,
    input      BLOB NOT NULL,                               -- as received: hostile, perhaps undecodable
    CONSTRAINT received_hash_is_whole       CHECK (length(hash) = 32),
    CONSTRAINT received_originator_is_whole CHECK (length(originator) = 20)
) STRICT;

CREATE TABLE setting (
    -- What the person chose, one row per choice.
    key   TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE sighting (
    -- A fact: this transaction was in that block. Stays true when the block is orphaned. Only a row whose block
    -- was recomputed takes the place of one that was only claimed.
    hash         BLOB    NOT NULL REFERENCES received (hash),
    block_hash   BLOB    NOT NULL,
    block_number INTEGER NOT NULL,
    block_time   INTEGER NOT NULL,
    turn         INTEGER NOT NULL,                          -- the transaction's index in the block
    level        TEXT    NOT NULL,                          -- what was recomputed on this device
    PRIMARY KEY (hash, block_hash),
    CONSTRAINT sighting_block_is_whole CHECK (length(block_hash) = 32),
    CONSTRAINT sighting_level_is_known CHECK (level IN ('signer', 'block'))
) STRICT;

CREATE TABLE sqlite_sequence(name,seq);

CREATE TABLE variant (
    -- A signed transaction of a message, committed before the first byte is sent and offered again byte for byte.
    -- Another fee is another row at the same nonce.
    hash         BLOB    NOT NULL PRIMARY KEY,
    message      INTEGER NOT NULL REFERENCES outbox (id),
    turn         INTEGER NOT NULL,                          -- 0 for the first
    nonce        INTEGER NOT NULL,
    raw          BLOB    NOT NULL,                          -- EIP-2718 envelope
    max_fee      INTEGER NOT NULL,                          -- wei per gas
    priority_fee INTEGER NOT NULL,                          -- wei per gas
    gas_limit    INTEGER NOT NULL,
    sealed_at    INTEGER NOT NULL,
    exposed_at   INTEGER,                                   -- NULL until it may have left the device
    CONSTRAINT variant_hash_is_whole CHECK (length(hash) = 32),
    CONSTRAINT variant_turn_is_one   UNIQUE (message, turn)
) STRICT;

CREATE TRIGGER outbox_exposed_bytes_stay
BEFORE UPDATE OF wire, parent ON outbox
WHEN (NEW.wire IS NOT OLD.wire OR NEW.parent IS NOT OLD.parent)
    AND EXISTS (SELECT 1 FROM variant WHERE message = OLD.id AND exposed_at IS NOT NULL)
BEGIN
    SELECT RAISE(ABORT, 'an exposed message keeps its bytes');
END;

CREATE TRIGGER outbox_is_not_replaced
BEFORE INSERT ON outbox
WHEN EXISTS (SELECT 1 FROM outbox WHERE id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'a message keeps its number');
END;

CREATE TRIGGER outbox_keeps_its_number
BEFORE UPDATE OF id ON outbox
BEGIN
    SELECT RAISE(ABORT, 'a message keeps its number');
END;

CREATE TRIGGER outbox_never_forgets
BEFORE DELETE ON outbox
BEGIN
    SELECT RAISE(ABORT, 'a message is cancelled, never deleted');
END;

CREATE TRIGGER outbox_sealed_is_not_cancelled
BEFORE UPDATE OF cancelled_at ON outbox
WHEN NEW.cancelled_at IS NOT NULL AND EXISTS (SELECT 1 FROM variant WHERE message = OLD.id)
BEGIN
    SELECT RAISE(ABORT, 'a sealed message cannot be cancelled here');
END;

CREATE TRIGGER profile_keeps_its_genesis
BEFORE UPDATE OF genesis ON profile
WHEN OLD.genesis IS NOT NULL AND NEW.genesis IS NOT OLD.genesis
BEGIN
    SELECT RAISE(ABORT, 'the genesis block is pinned once');
END;

CREATE TRIGGER profile_keeps_its_network
BEFORE UPDATE OF network, chain_id, kind, address ON profile
BEGIN
    SELECT RAISE(ABORT, 'a data folder belongs to one network and one account for ever');
END;

CREATE TRIGGER variant_exposed_is_for_ever
BEFORE UPDATE OF exposed_at ON variant
WHEN OLD.exposed_at IS NOT NULL AND NEW.exposed_at IS NOT OLD.exposed_at
BEGIN
    SELECT RAISE(ABORT, 'what was exposed stays exposed');
END;

CREATE TRIGGER variant_exposed_is_kept
BEFORE DELETE ON variant
WHEN OLD.exposed_at IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'an exposed transaction is never forgotten');
END;

CREATE TRIGGER variant_exposed_is_not_replaced
BEFORE INSERT ON variant
WHEN EXISTS (
    SELECT 1 FROM variant
    WHERE exposed_at IS NOT NULL AND (hash = NEW.hash OR (message = NEW.message AND turn = NEW.turn))
)
BEGIN
    SELECT RAISE(ABORT, 'an exposed transaction is never replaced');
END;

CREATE TRIGGER variant_message_has_one_nonce
BEFORE INSERT ON variant
WHEN EXISTS (SELECT 1 FROM variant WHERE message = NEW.message AND nonce <> NEW.nonce)
BEGIN
    SELECT RAISE(ABORT, 'all variants of a message share its nonce');
END;

CREATE TRIGGER variant_nonce_has_one_message
BEFORE INSERT ON variant
WHEN EXISTS (SELECT 1 FROM variant WHERE nonce = NEW.nonce AND message <> NEW.message)
BEGIN
    SELECT RAISE(ABORT, 'a nonce belongs to one message');
END;

CREATE TRIGGER variant_signed_bytes_stay
BEFORE UPDATE OF hash, message, turn, nonce, raw, max_fee, priority_fee, gas_limit, sealed_at ON variant
BEGIN
    SELECT RAISE(ABORT, 'a signed transaction is never changed');
END;

CREATE VIEW position AS
SELECT sighting.hash, sighting.block_number, sighting.block_hash, sighting.block_time, sighting.turn, sighting.level
FROM sighting
JOIN header ON header.hash = sighting.block_hash;
