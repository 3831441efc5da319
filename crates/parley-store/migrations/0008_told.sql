CREATE TABLE told (
    -- One endpoint's word, where no blocks are received: the transaction is in the block of this height. It is taken
    -- back where an endpoint says otherwise later, and counts for nothing once the block itself was received.
    hash     BLOB    NOT NULL PRIMARY KEY REFERENCES variant (hash),
    number   INTEGER NOT NULL,
    endpoint TEXT    NOT NULL,
    at       INTEGER NOT NULL                               -- seconds since 1970
) STRICT, WITHOUT ROWID;
