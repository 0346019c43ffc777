-- Ids of messages and operations grow with time. An index that begins with the id is written at its end, whichever room a
-- message is in; an index that begins with the room is written at one place for each room, and each place is a page.

DROP INDEX message_by_id;
CREATE UNIQUE INDEX message_by_id ON message (message_id, room_id);

CREATE TABLE new_operation (
    stream    INTEGER NOT NULL REFERENCES stream (id),
    op        BLOB NOT NULL CHECK (length(op) = 16),
    member_id INTEGER NOT NULL REFERENCES member (id),
    kind      TEXT NOT NULL,
    target    BLOB,
    seq       INTEGER NOT NULL,
    at        INTEGER NOT NULL,
    digest    BLOB NOT NULL,
    PRIMARY KEY (op, stream)
) STRICT, WITHOUT ROWID;

INSERT INTO new_operation SELECT stream, op, member_id, kind, target, seq, at, digest FROM operation;
DROP TABLE operation;
ALTER TABLE new_operation RENAME TO operation;

CREATE INDEX operation_by_time ON operation (at);
