-- What a round of sending asks must not take longer the more messages wait: what was counted by going through them is
-- kept as a number, and what few of them have is found by an index.

ALTER TABLE outbox_mark ADD COLUMN open INTEGER NOT NULL DEFAULT 0; -- messages that are wanted, not sealed and not stopped

UPDATE outbox_mark SET open =
    (SELECT count(*) FROM outbox WHERE sealed = 0 AND cancelled_at IS NULL AND stopped IS NULL);

CREATE TRIGGER outbox_open_one_more
AFTER INSERT ON outbox
WHEN NEW.sealed = 0 AND NEW.cancelled_at IS NULL AND NEW.stopped IS NULL
BEGIN
    UPDATE outbox_mark SET open = open + 1;
END;

CREATE TRIGGER outbox_open_is_counted
AFTER UPDATE OF sealed, cancelled_at, stopped ON outbox
BEGIN
    UPDATE outbox_mark SET open = open
        + (NEW.sealed = 0 AND NEW.cancelled_at IS NULL AND NEW.stopped IS NULL)
        - (OLD.sealed = 0 AND OLD.cancelled_at IS NULL AND OLD.stopped IS NULL);
END;

CREATE INDEX outbox_undo    ON outbox (undo_until)
    WHERE undo_until IS NOT NULL AND sealed = 0 AND cancelled_at IS NULL AND stopped IS NULL;
CREATE INDEX outbox_quoting ON outbox (parent) WHERE parent IS NOT NULL AND sealed = 1;
