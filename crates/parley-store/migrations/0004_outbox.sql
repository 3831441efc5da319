-- Run with foreign keys off: the table of messages is made anew under its name, because SQLite cannot change a CHECK.

CREATE TABLE outbox_mark (
    -- Counts what a reader of the outbox would see change, so that a follower asks only for that.
    id    INTEGER NOT NULL PRIMARY KEY,
    value INTEGER NOT NULL,
    CONSTRAINT outbox_mark_is_one_row CHECK (id = 1)
) STRICT;

INSERT INTO outbox_mark (id, value) VALUES (1, 1);

CREATE TABLE outbox_anew (
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

ALTER TABLE variant ADD COLUMN kind TEXT NOT NULL DEFAULT 'message' -- blank: it gives the message up
    CONSTRAINT variant_kind_is_known CHECK (kind IN ('message', 'blank'));
ALTER TABLE variant ADD COLUMN displaced_at INTEGER                 -- another transaction used its nonce and is final
    CONSTRAINT variant_displaced_was_exposed CHECK (displaced_at IS NULL OR exposed_at IS NOT NULL);

-- What was sealed and never exposed never left: it is taken back with its nonce, and sealed anew when its turn comes.
-- Below an exposed nonce its own is needed: there it counts as exposed.
UPDATE variant SET exposed_at = sealed_at
WHERE exposed_at IS NULL AND nonce < (SELECT max(nonce) FROM variant WHERE exposed_at IS NOT NULL);
DELETE FROM variant WHERE exposed_at IS NULL;
UPDATE nonce SET next = max(floor, coalesce((SELECT max(nonce) + 1 FROM variant), floor));

-- A message that another device displaced is sealed afresh from now on, and no longer waits for a person.
UPDATE variant SET displaced_at = exposed_at
WHERE message IN (SELECT id FROM outbox WHERE stopped = 'displaced')
    AND message NOT IN (SELECT message FROM variant JOIN position USING (hash));
UPDATE nonce SET floor = max(floor, coalesce((SELECT max(nonce) + 1 FROM variant WHERE displaced_at IS NOT NULL), 0));

INSERT INTO outbox_anew (id, wire, parent, revision, queued_at, cancelled_at, refers, sealed, settled, changed)
SELECT id, wire, parent, revision, queued_at, cancelled_at,
    -- It may have been any of the parent's: the newest, which is what was sealed into it.
    (SELECT hash FROM variant AS parents
     WHERE parents.message = outbox.parent
         AND EXISTS (SELECT 1 FROM variant WHERE message = outbox.id)
     ORDER BY turn DESC LIMIT 1),
    EXISTS (SELECT 1 FROM variant WHERE message = outbox.id AND displaced_at IS NULL),
    (SELECT min(block_number) FROM variant JOIN position ON position.hash = variant.hash
     WHERE variant.message = outbox.id AND block_number <= (SELECT finalized FROM finality)),
    1
FROM outbox;

-- Its triggers go with it.
DROP TABLE outbox;
ALTER TABLE outbox_anew RENAME TO outbox;

CREATE INDEX outbox_by_parent  ON outbox (parent)     WHERE parent IS NOT NULL;
CREATE INDEX outbox_by_repair  ON outbox (repairs)    WHERE repairs IS NOT NULL;
CREATE INDEX outbox_by_change  ON outbox (changed);
CREATE INDEX outbox_open       ON outbox (urgent, id) WHERE sealed = 0 AND cancelled_at IS NULL AND stopped IS NULL;
CREATE INDEX outbox_on_the_way ON outbox (id)         WHERE sealed = 1 AND settled IS NULL;
CREATE INDEX outbox_stopped    ON outbox (id)         WHERE stopped IS NOT NULL;

CREATE INDEX variant_further ON variant (message) WHERE turn > 0;

CREATE TRIGGER outbox_never_forgets
BEFORE DELETE ON outbox
BEGIN
    SELECT RAISE(ABORT, 'a message is cancelled, never deleted');
END;

-- INSERT OR REPLACE deletes without asking the trigger above.
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

CREATE TRIGGER outbox_exposed_bytes_stay
BEFORE UPDATE OF wire, parent, refers ON outbox
WHEN (NEW.wire IS NOT OLD.wire OR NEW.parent IS NOT OLD.parent OR NEW.refers IS NOT OLD.refers)
    AND EXISTS (
        SELECT 1 FROM variant WHERE message = OLD.id AND exposed_at IS NOT NULL AND displaced_at IS NULL
    )
BEGIN
    SELECT RAISE(ABORT, 'an exposed message keeps its bytes');
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

-- What a reader sees change is counted here, so that no statement can forget to. Only an insertion says its own mark:
-- it is the same for all of a commit.
CREATE TRIGGER outbox_change_is_counted
AFTER UPDATE OF wire, parent, revision, cancelled_at, stopped, urgent, undo_until, insists, giving_up_at, more_asked, sealed, settled
ON outbox
BEGIN
    UPDATE outbox_mark SET value = value + 1;
    UPDATE outbox SET changed = (SELECT value FROM outbox_mark) WHERE id = NEW.id;
END;

CREATE TRIGGER variant_change_is_counted
AFTER UPDATE OF exposed_at ON variant
BEGIN
    UPDATE outbox_mark SET value = value + 1;
    UPDATE outbox SET changed = (SELECT value FROM outbox_mark) WHERE id = NEW.message;
END;

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

CREATE TRIGGER sighting_is_counted
AFTER INSERT ON sighting
WHEN EXISTS (SELECT 1 FROM variant WHERE hash = NEW.hash)
BEGIN
    UPDATE outbox_mark SET value = value + 1;
    UPDATE outbox SET changed = (SELECT value FROM outbox_mark)
    WHERE id = (SELECT message FROM variant WHERE hash = NEW.hash);
END;

CREATE TRIGGER variant_seals
AFTER INSERT ON variant
BEGIN
    UPDATE outbox
    SET sealed = EXISTS (SELECT 1 FROM variant WHERE message = NEW.message AND displaced_at IS NULL)
    WHERE id = NEW.message;
END;

CREATE TRIGGER variant_displaced_unseals
AFTER UPDATE OF displaced_at ON variant
BEGIN
    UPDATE outbox
    SET sealed = EXISTS (SELECT 1 FROM variant WHERE message = NEW.message AND displaced_at IS NULL)
    WHERE id = NEW.message;
END;

CREATE TRIGGER variant_gone_unseals
AFTER DELETE ON variant
BEGIN
    UPDATE outbox
    SET sealed = EXISTS (SELECT 1 FROM variant WHERE message = OLD.message AND displaced_at IS NULL)
    WHERE id = OLD.message;
END;

DROP TRIGGER variant_message_has_one_nonce;
DROP TRIGGER variant_signed_bytes_stay;

CREATE TRIGGER variant_message_has_one_nonce
BEFORE INSERT ON variant
WHEN EXISTS (
    SELECT 1 FROM variant WHERE message = NEW.message AND nonce <> NEW.nonce AND displaced_at IS NULL
)
BEGIN
    SELECT RAISE(ABORT, 'all variants of a message share its nonce');
END;

CREATE TRIGGER variant_displaced_nonce_is_used_up
BEFORE INSERT ON variant
WHEN NEW.displaced_at IS NULL
    AND EXISTS (SELECT 1 FROM variant WHERE nonce = NEW.nonce AND displaced_at IS NOT NULL)
BEGIN
    SELECT RAISE(ABORT, 'a displaced nonce is never used again');
END;

CREATE TRIGGER variant_signed_bytes_stay
BEFORE UPDATE OF hash, message, turn, nonce, raw, max_fee, priority_fee, gas_limit, sealed_at, kind ON variant
BEGIN
    SELECT RAISE(ABORT, 'a signed transaction is never changed');
END;

CREATE TRIGGER variant_displaced_is_for_ever
BEFORE UPDATE OF displaced_at ON variant
WHEN OLD.displaced_at IS NOT NULL AND NEW.displaced_at IS NOT OLD.displaced_at
BEGIN
    SELECT RAISE(ABORT, 'what was displaced stays displaced');
END;

CREATE TRIGGER variant_settled_is_not_displaced
BEFORE UPDATE OF displaced_at ON variant
WHEN NEW.displaced_at IS NOT NULL
    AND EXISTS (SELECT 1 FROM outbox WHERE id = OLD.message AND settled IS NOT NULL)
BEGIN
    SELECT RAISE(ABORT, 'what is settled was not displaced');
END;
