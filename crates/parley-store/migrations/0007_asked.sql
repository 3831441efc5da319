-- A person asked to offer more for a message. Done by the next variant of it.
ALTER TABLE outbox ADD COLUMN more_asked INTEGER NOT NULL DEFAULT 0
    CONSTRAINT outbox_more_asked_is_a_flag CHECK (more_asked IN (0, 1));

CREATE TRIGGER outbox_more_is_counted
AFTER UPDATE OF more_asked ON outbox
BEGIN
    UPDATE outbox_mark SET value = value + 1;
    UPDATE outbox SET changed = (SELECT value FROM outbox_mark) WHERE id = NEW.id;
END;

-- Up to where a followed account was looked at: its count of transactions up to that height.
ALTER TABLE followed ADD COLUMN looked_to INTEGER;
ALTER TABLE followed ADD COLUMN count INTEGER;
