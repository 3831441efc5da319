CREATE TABLE header (
    -- The chain as this device has verified it. The only rows a reorganisation edits.
    number INTEGER NOT NULL PRIMARY KEY,
    hash   BLOB    NOT NULL UNIQUE,
    parent BLOB    NOT NULL,
    time   INTEGER NOT NULL,
    CONSTRAINT header_hashes_are_whole CHECK (length(hash) = 32 AND length(parent) = 32)
) STRICT;

CREATE TABLE finality (
    -- How far the held headers are safe and final. NULL until known.
    id        INTEGER NOT NULL PRIMARY KEY,
    safe      INTEGER,
    finalized INTEGER,
    CONSTRAINT finality_is_one_row CHECK (id = 1)
) STRICT;

INSERT INTO finality (id, safe, finalized) VALUES (1, NULL, NULL);

CREATE TABLE received (
    -- A fact: this transaction, signed by this originator, carries these bytes. Insert-only; own ones included.
    hash       BLOB NOT NULL PRIMARY KEY,
    originator BLOB NOT NULL,
    input      BLOB NOT NULL,                               -- as received: hostile, perhaps undecodable
    CONSTRAINT received_hash_is_whole       CHECK (length(hash) = 32),
    CONSTRAINT received_originator_is_whole CHECK (length(originator) = 20)
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

CREATE INDEX sighting_by_block ON sighting (block_hash);

-- "In a block" is asked of this view, never stored: a message whose block is orphaned leaves it by itself.
CREATE VIEW position AS
SELECT sighting.hash, sighting.block_number, sighting.block_hash, sighting.block_time, sighting.turn, sighting.level
FROM sighting
JOIN header ON header.hash = sighting.block_hash;
