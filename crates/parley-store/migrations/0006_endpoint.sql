CREATE TABLE endpoint_anew (
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

INSERT INTO endpoint_anew (url, turn) SELECT url, turn FROM endpoint;

DROP TABLE endpoint;
ALTER TABLE endpoint_anew RENAME TO endpoint;
