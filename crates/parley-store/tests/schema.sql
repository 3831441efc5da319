CREATE INDEX attempt_by_message ON attempt (message, id);

CREATE UNIQUE INDEX coverage_by_last ON coverage (last);

CREATE INDEX outbox_by_change  ON outbox (changed);

CREATE INDEX outbox_by_parent  ON outbox (parent)     WHERE parent IS NOT NULL;

CREATE INDEX outbox_by_repair  ON outbox (repairs)    WHERE repairs IS NOT NULL;

CREATE INDEX outbox_on_the_way ON outbox (id)         WHERE sealed = 1 AND settled IS NULL;

CREATE INDEX outbox_open       ON outbox (urgent, id) WHERE sealed = 0 AND cancelled_at IS NULL AND stopped IS NULL;

CREATE INDEX outbox_quoting ON outbox (parent) WHERE parent IS NOT NULL AND sealed = 1;

CREATE INDEX outbox_stopped    ON outbox (id)         WHERE stopped IS NOT NULL;

CREATE INDEX outbox_undo    ON outbox (undo_until)
    WHERE undo_until IS NOT NULL AND sealed = 0 AND cancelled_at IS NULL AND stopped IS NULL;

CREATE INDEX own_use_by_block ON own_use (block_hash);

CREATE INDEX sighting_by_block ON sighting (block_hash);

CREATE INDEX variant_by_nonce ON variant (nonce);

CREATE INDEX variant_further ON variant (message) WHERE turn > 0;

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

CREATE TABLE branch (
    -- How often held blocks were left, or came back with what had been found in them: then a follower reads all.
    id    INTEGER NOT NULL PRIMARY KEY,
    times INTEGER NOT NULL,
    CONSTRAINT branch_is_one_row CHECK (id = 1)
) STRICT;

CREATE TABLE coverage (
    -- The blocks that were received, in stretches without a gap, each block on the one before. Stretches that touch
    -- are of different levels.
    first      INTEGER NOT NULL PRIMARY KEY,
    last       INTEGER NOT NULL,
    level      TEXT    NOT NULL,                            -- what was recomputed of each of its blocks
    parent     BLOB    NOT NULL,                            -- hash of the block before the first
    tip        BLOB    NOT NULL,                            -- hash of the last
    unreadable INTEGER NOT NULL DEFAULT 0,                  -- transactions of an unknown form in it
    CONSTRAINT coverage_has_an_order     CHECK (first >= 0 AND first <= last),
    CONSTRAINT coverage_level_is_known   CHECK (level IN ('signer', 'block')),
    CONSTRAINT coverage_hashes_are_whole CHECK (length(parent) = 32 AND length(tip) = 32)
) STRICT;

CREATE TABLE "endpoint" (
    -- Where the network is reached, in the order the person gave.
    url         TEXT    NOT NULL PRIMARY KEY,
    turn        INTEGER NOT NULL,
    demoted     TEXT,                                       -- a word for what it lied about; NULL while it is asked
    demoted_at  INTEGER,
    sent        INTEGER NOT NULL DEFAULT 0,                 -- octets, as counted by this device
    received    INTEGER NOT NULL DEFAULT 0,                 -- octets
    answered_at INTEGER,                                    -- the newest answer that was usable
    CONSTRAINT endpoint_demoted_says_when CHECK ((demoted IS NULL) = (demoted_at IS NULL)),
    CONSTRAINT endpoint_demoted_says_why  CHECK (demoted <> '')
) STRICT;

CREATE TABLE finality (
    -- How far the held headers are safe and final. NULL until known.
    id        INTEGER NOT NULL PRIMARY KEY,
    safe      INTEGER,
    finalized INTEGER,
    CONSTRAINT finality_is_one_row CHECK (id = 1)
) STRICT;

CREATE TABLE followed (
    -- Whose messages are looked for where not every block is received.
    address   BLOB    NOT NULL PRIMARY KEY,
    since     INTEGER NOT NULL,                             -- seconds since 1970
    looked_to INTEGER,                                      -- height up to which it was looked at
    count     INTEGER,                                      -- of its transactions up to there
    CONSTRAINT followed_address_is_whole CHECK (length(address) = 20)
) STRICT, WITHOUT ROWID;

CREATE TABLE header (
    -- The chain as this device has verified it. The only rows a reorganisation edits.
    number INTEGER NOT NULL PRIMARY KEY,
    hash   BLOB    NOT NULL UNIQUE,
    parent BLOB    NOT NULL,
    time   INTEGER NOT NULL, unreadable INTEGER NOT NULL DEFAULT 0,
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

CREATE TABLE "outbox" (
    -- One row per message this device wants on the chain. Rows are never deleted.
    id           INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    wire         BLOB    NOT NULL,                          -- Whiteflag bytes; a parent's hash is zeros in them until sealed
    parent       INTEGER REFERENCES outbox (id),            -- the own message it refers to, NULL if none
    revision     INTEGER NOT NULL DEFAULT 0,                -- counts the edits: what is sealed must be the newest
    queued_at    INTEGER NOT NULL,                          -- seconds since 1970, as all times here
    cancelled_at INTEGER,                                   -- NULL while wanted
    stopped      TEXT,                                      -- NULL unless a person must decide
    urgent       INTEGER NOT NULL DEFAULT 0,                -- goes before everything that is not sealed
    undo_until   INTEGER,                                   -- not sealed before
    insists      INTEGER NOT NULL DEFAULT 1,                -- is sent although its validity ended
    giving_up_at INTEGER,                                   -- a person asked for a blank transaction in its place
    more_asked   INTEGER NOT NULL DEFAULT 0,                -- a person asked for a higher fee; done by the next variant
    repairs      INTEGER REFERENCES outbox (id),            -- sent in place of this one, whose reference points at nothing
    refers       BLOB,                                      -- the parent's hash in the bytes that were sealed
    sealed       INTEGER NOT NULL DEFAULT 0,                -- has a variant that is not displaced; kept by triggers
    settled      INTEGER,                                   -- height of the final block that holds a variant; for ever
    changed      INTEGER NOT NULL DEFAULT 0,                -- outbox_mark at its newest change
    CONSTRAINT outbox_parent_is_earlier  CHECK (parent IS NULL OR parent < id),
    CONSTRAINT outbox_repairs_an_earlier CHECK (repairs IS NULL OR repairs < id),
    CONSTRAINT outbox_refers_is_whole    CHECK (refers IS NULL OR length(refers) = 32),
    CONSTRAINT outbox_flags_are_flags    CHECK (urgent IN (0, 1) AND insists IN (0, 1) AND more_asked IN (0, 1) AND sealed IN (0, 1)),
    CONSTRAINT outbox_stopped_says_why
        CHECK (stopped IS NULL OR stopped IN ('displaced', 'over', 'recovered'))
) STRICT;

CREATE TABLE outbox_mark (
    -- Counts what a reader of the outbox would see change, so that a follower asks only for that.
    id    INTEGER NOT NULL PRIMARY KEY,
    value INTEGER NOT NULL, open INTEGER NOT NULL DEFAULT 0,
    CONSTRAINT outbox_mark_is_one_row CHECK (id = 1)
) STRICT;

CREATE TABLE own_use (
    -- A fact: this transaction of the own account, ours or of another device, was in that block. Insert-only.
    nonce      INTEGER NOT NULL,
    hash       BLOB    NOT NULL,
    block_hash BLOB    NOT NULL,
    turn       INTEGER NOT NULL,                            -- the transaction's index in the block
    PRIMARY KEY (nonce, hash, block_hash),
    CONSTRAINT own_use_hashes_are_whole CHECK (length(hash) = 32 AND length(block_hash) = 32)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE told (
    -- One endpoint's word, where no blocks are received: the transaction is in the block of this height. It is taken
    -- back where an endpoint says otherwise later, and counts for nothing once the block itself was received.
    hash     BLOB    NOT NULL PRIMARY KEY REFERENCES variant (hash),
    number   INTEGER NOT NULL,
    endpoint TEXT    NOT NULL,
    at       INTEGER NOT NULL                               -- seconds since 1970
) STRICT, WITHOUT ROWID;

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
    exposed_at   INTEGER, kind TEXT NOT NULL DEFAULT 'message' -- blank: it gives the message up
    CONSTRAINT variant_kind_is_known CHECK (kind IN ('message', 'blank')), displaced_at INTEGER                 -- another transaction used its nonce and is final
    CONSTRAINT variant_displaced_was_exposed CHECK (displaced_at IS NULL OR exposed_at IS NOT NULL),                                   -- NULL until it may have left the device
    CONSTRAINT variant_hash_is_whole CHECK (length(hash) = 32),
    CONSTRAINT variant_turn_is_one   UNIQUE (message, turn)
) STRICT;

CREATE TABLE witness (
    -- A fact: a second endpoint named this hash at this height. Insert-only.
    number   INTEGER NOT NULL,
    hash     BLOB    NOT NULL,
    endpoint TEXT    NOT NULL,
    at       INTEGER NOT NULL,
    PRIMARY KEY (number, hash, endpoint),
    CONSTRAINT witness_hash_is_whole CHECK (length(hash) = 32)
) STRICT;

CREATE TRIGGER attempt_is_counted
AFTER INSERT ON attempt
BEGIN
    UPDATE outbox_mark SET value = value + 1;
    UPDATE outbox SET changed = (SELECT value FROM outbox_mark) WHERE id = NEW.message;
END;

CREATE TRIGGER header_come_is_counted
AFTER INSERT ON header
WHEN EXISTS (SELECT 1 FROM sighting CROSS JOIN variant USING (hash) WHERE sighting.block_hash = NEW.hash)
BEGIN
    UPDATE outbox_mark SET value = value + 1;
    UPDATE outbox SET changed = (SELECT value FROM outbox_mark)
    WHERE id IN (SELECT message FROM sighting CROSS JOIN variant USING (hash) WHERE sighting.block_hash = NEW.hash);
END;

CREATE TRIGGER header_gone_is_counted
AFTER DELETE ON header
WHEN EXISTS (SELECT 1 FROM sighting CROSS JOIN variant USING (hash) WHERE sighting.block_hash = OLD.hash)
BEGIN
    UPDATE outbox_mark SET value = value + 1;
    UPDATE outbox SET changed = (SELECT value FROM outbox_mark)
    WHERE id IN (SELECT message FROM sighting CROSS JOIN variant USING (hash) WHERE sighting.block_hash = OLD.hash);
END;

CREATE TRIGGER outbox_change_is_counted
AFTER UPDATE OF wire, parent, revision, cancelled_at, stopped, urgent, undo_until, insists, giving_up_at, more_asked, sealed, settled
ON outbox
BEGIN
    UPDATE outbox_mark SET value = value + 1;
    UPDATE outbox SET changed = (SELECT value FROM outbox_mark) WHERE id = NEW.id;
END;

CREATE TRIGGER outbox_exposed_bytes_stay
BEFORE UPDATE OF wire, parent, refers ON outbox
WHEN (NEW.wire IS NOT OLD.wire OR NEW.parent IS NOT OLD.parent OR NEW.refers IS NOT OLD.refers)
    AND EXISTS (
        SELECT 1 FROM variant WHERE message = OLD.id AND exposed_at IS NOT NULL AND displaced_at IS NULL
    )
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

CREATE TRIGGER outbox_open_is_counted
AFTER UPDATE OF sealed, cancelled_at, stopped ON outbox
BEGIN
    UPDATE outbox_mark SET open = open
        + (NEW.sealed = 0 AND NEW.cancelled_at IS NULL AND NEW.stopped IS NULL)
        - (OLD.sealed = 0 AND OLD.cancelled_at IS NULL AND OLD.stopped IS NULL);
END;

CREATE TRIGGER outbox_open_one_more
AFTER INSERT ON outbox
WHEN NEW.sealed = 0 AND NEW.cancelled_at IS NULL AND NEW.stopped IS NULL
BEGIN
    UPDATE outbox_mark SET open = open + 1;
END;

CREATE TRIGGER outbox_sealed_is_not_cancelled
BEFORE UPDATE OF cancelled_at ON outbox
WHEN NEW.cancelled_at IS NOT NULL
    AND EXISTS (SELECT 1 FROM variant WHERE message = OLD.id AND displaced_at IS NULL)
BEGIN
    SELECT RAISE(ABORT, 'a sealed message cannot be cancelled here');
END;

CREATE TRIGGER outbox_settled_is_for_ever
BEFORE UPDATE OF settled ON outbox
WHEN OLD.settled IS NOT NULL AND NEW.settled IS NOT OLD.settled
BEGIN
    SELECT RAISE(ABORT, 'what is settled stays settled');
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

CREATE TRIGGER sighting_is_counted
AFTER INSERT ON sighting
WHEN EXISTS (SELECT 1 FROM variant WHERE hash = NEW.hash)
BEGIN
    UPDATE outbox_mark SET value = value + 1;
    UPDATE outbox SET changed = (SELECT value FROM outbox_mark)
    WHERE id = (SELECT message FROM variant WHERE hash = NEW.hash);
END;

CREATE TRIGGER variant_change_is_counted
AFTER UPDATE OF exposed_at ON variant
BEGIN
    UPDATE outbox_mark SET value = value + 1;
    UPDATE outbox SET changed = (SELECT value FROM outbox_mark) WHERE id = NEW.message;
END;

CREATE TRIGGER variant_displaced_is_for_ever
BEFORE UPDATE OF displaced_at ON variant
WHEN OLD.displaced_at IS NOT NULL AND NEW.displaced_at IS NOT OLD.displaced_at
BEGIN
    SELECT RAISE(ABORT, 'what was displaced stays displaced');
END;

CREATE TRIGGER variant_displaced_nonce_is_used_up
BEFORE INSERT ON variant
WHEN NEW.displaced_at IS NULL
    AND EXISTS (SELECT 1 FROM variant WHERE nonce = NEW.nonce AND displaced_at IS NOT NULL)
BEGIN
    SELECT RAISE(ABORT, 'a displaced nonce is never used again');
END;

CREATE TRIGGER variant_displaced_unseals
AFTER UPDATE OF displaced_at ON variant
BEGIN
    UPDATE outbox
    SET sealed = EXISTS (SELECT 1 FROM variant WHERE message = NEW.message AND displaced_at IS NULL)
    WHERE id = NEW.message;
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

CREATE TRIGGER variant_gone_unseals
AFTER DELETE ON variant
BEGIN
    UPDATE outbox
    SET sealed = EXISTS (SELECT 1 FROM variant WHERE message = OLD.message AND displaced_at IS NULL)
    WHERE id = OLD.message;
END;

CREATE TRIGGER variant_message_has_one_nonce
BEFORE INSERT ON variant
WHEN EXISTS (
    SELECT 1 FROM variant WHERE message = NEW.message AND nonce <> NEW.nonce AND displaced_at IS NULL
)
BEGIN
    SELECT RAISE(ABORT, 'all variants of a message share its nonce');
END;

CREATE TRIGGER variant_nonce_has_one_message
BEFORE INSERT ON variant
WHEN EXISTS (SELECT 1 FROM variant WHERE nonce = NEW.nonce AND message <> NEW.message)
BEGIN
    SELECT RAISE(ABORT, 'a nonce belongs to one message');
END;

CREATE TRIGGER variant_seals
AFTER INSERT ON variant
BEGIN
    UPDATE outbox
    SET sealed = EXISTS (SELECT 1 FROM variant WHERE message = NEW.message AND displaced_at IS NULL)
    WHERE id = NEW.message;
END;

CREATE TRIGGER variant_settled_is_not_displaced
BEFORE UPDATE OF displaced_at ON variant
WHEN NEW.displaced_at IS NOT NULL
    AND EXISTS (SELECT 1 FROM outbox WHERE id = OLD.message AND settled IS NOT NULL)
BEGIN
    SELECT RAISE(ABORT, 'what is settled was not displaced');
END;

CREATE TRIGGER variant_signed_bytes_stay
BEFORE UPDATE OF hash, message, turn, nonce, raw, max_fee, priority_fee, gas_limit, sealed_at, kind ON variant
BEGIN
    SELECT RAISE(ABORT, 'a signed transaction is never changed');
END;

CREATE VIEW position AS
SELECT sighting.hash, sighting.block_number, sighting.block_hash, sighting.block_time, sighting.turn, sighting.level
FROM sighting
JOIN header ON header.hash = sighting.block_hash;
