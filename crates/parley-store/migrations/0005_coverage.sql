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

CREATE UNIQUE INDEX coverage_by_last ON coverage (last);

-- Older versions received without a gap from one block on, and did not keep what was recomputed of a block in which
-- nothing was found: the least is claimed.
INSERT INTO coverage (first, last, level, parent, tip)
SELECT lowest.number, highest.number, 'signer', lowest.parent, highest.hash
FROM header AS lowest, header AS highest
WHERE lowest.number = (SELECT min(number) FROM header) AND highest.number = (SELECT max(number) FROM header);

ALTER TABLE header ADD COLUMN unreadable INTEGER NOT NULL DEFAULT 0;

CREATE TABLE witness (
    -- A fact: a second endpoint named this hash at this height. Insert-only.
    number   INTEGER NOT NULL,
    hash     BLOB    NOT NULL,
    endpoint TEXT    NOT NULL,
    at       INTEGER NOT NULL,
    PRIMARY KEY (number, hash, endpoint),
    CONSTRAINT witness_hash_is_whole CHECK (length(hash) = 32)
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

CREATE INDEX own_use_by_block ON own_use (block_hash);

CREATE TABLE followed (
    -- Whose messages are looked for where not every block is received.
    address   BLOB    NOT NULL PRIMARY KEY,
    since     INTEGER NOT NULL,                             -- seconds since 1970
    looked_to INTEGER,                                      -- height up to which it was looked at
    count     INTEGER,                                      -- of its transactions up to there
    CONSTRAINT followed_address_is_whole CHECK (length(address) = 20)
) STRICT, WITHOUT ROWID;

CREATE TABLE branch (
    -- How often held blocks were left, or came back with what had been found in them: then a follower reads all.
    id    INTEGER NOT NULL PRIMARY KEY,
    times INTEGER NOT NULL,
    CONSTRAINT branch_is_one_row CHECK (id = 1)
) STRICT;

INSERT INTO branch (id, times) VALUES (1, 0);

-- From now on a header below the newest final block is kept only for what was found in its block, or at the end of a
-- stretch.
DELETE FROM header
WHERE number < (SELECT finalized FROM finality)
    AND NOT EXISTS (SELECT 1 FROM sighting WHERE block_hash = header.hash)
    AND number NOT IN (SELECT last FROM coverage);
