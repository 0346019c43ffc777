-- Streams, and messages in their current state, instead of a log of events. Each event was a post, and becomes a message
-- with the same seq.

-- A stream is a counter: head is the seq of its last change. The stream of a room has the room's id.
CREATE TABLE stream (
    id   INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('room')),
    head INTEGER NOT NULL DEFAULT 0
) STRICT;

INSERT INTO stream (id, kind, head) SELECT id, 'room', head FROM room;

-- rev is the seq of the last change of name, topic or pins.
CREATE TABLE new_room (
    id         INTEGER PRIMARY KEY REFERENCES stream (id),
    slug       TEXT NOT NULL UNIQUE,
    name       TEXT NOT NULL,
    topic      TEXT NOT NULL,
    rev        INTEGER NOT NULL DEFAULT 0,
    created_by INTEGER REFERENCES member (id),
    created_at INTEGER NOT NULL
) STRICT;

INSERT INTO new_room (id, slug, name, topic, created_by, created_at)
SELECT id, slug, name, topic, created_by, created_at FROM room;

-- A message in its current state. seq is the number of the change that posted it, rev of the last change to it.
-- kind is NULL for a text that a member wrote, else the JSON of what the message is. pinned_seq is the number of the
-- change that pinned it. reactions is the JSON of its emoji with their counts. salt is that of the digests of its edits
-- in `operation`, and goes with the text.
CREATE TABLE message (
    id         INTEGER PRIMARY KEY,
    room_id    INTEGER NOT NULL REFERENCES new_room (id),
    message_id BLOB NOT NULL CHECK (length(message_id) = 16),
    kind       TEXT,
    seq        INTEGER NOT NULL CHECK (seq > 0),
    rev        INTEGER NOT NULL CHECK (rev >= seq),
    member_id  INTEGER NOT NULL REFERENCES member (id),
    at         INTEGER NOT NULL,
    body       TEXT NOT NULL,
    reply_to   BLOB,
    replies    INTEGER NOT NULL DEFAULT 0,
    edited_at  INTEGER,
    deleted_at INTEGER,
    pinned_seq INTEGER,
    reactions  TEXT NOT NULL DEFAULT '[]',
    salt       BLOB
) STRICT;

-- Clients refuse ids that are no UUIDv7. A version of this program stored ids of any version: these get the digits of
-- version 7 and of its variant.
INSERT INTO message (room_id, message_id, seq, rev, member_id, at, body)
SELECT room_id,
       CASE WHEN hex(message_id) GLOB '????????????7???[89AB]*' THEN message_id
            ELSE unhex(substr(hex(message_id), 1, 12) || '7' || substr(hex(message_id), 14, 3) || '8'
                       || substr(hex(message_id), 18)) END,
       seq, seq, member_id, at, body
FROM event ORDER BY room_id, seq;

DROP TABLE event;
DROP TABLE room;
ALTER TABLE new_room RENAME TO room;

CREATE UNIQUE INDEX message_by_seq ON message (room_id, seq);
CREATE UNIQUE INDEX message_by_id ON message (room_id, message_id);
-- Only messages that changed after they were posted: the others are found by seq, and a post writes no entry here.
CREATE INDEX message_by_rev ON message (room_id, rev) WHERE rev <> seq;
CREATE INDEX message_by_reply ON message (room_id, reply_to, seq) WHERE reply_to IS NOT NULL;
CREATE INDEX message_by_pin ON message (room_id, pinned_seq) WHERE pinned_seq IS NOT NULL;

-- An earlier text of a message: when it was written, and the seq of the edit that replaced it.
CREATE TABLE revision (
    message INTEGER NOT NULL REFERENCES message (id),
    seq     INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    body    TEXT NOT NULL,
    PRIMARY KEY (message, seq)
) STRICT, WITHOUT ROWID;

-- A member's reaction to a message, and the seq of the change that added it.
CREATE TABLE reaction (
    message   INTEGER NOT NULL REFERENCES message (id),
    member_id INTEGER NOT NULL REFERENCES member (id),
    emoji     TEXT NOT NULL,
    seq       INTEGER NOT NULL,
    PRIMARY KEY (message, member_id, emoji)
) STRICT, WITHOUT ROWID;

-- The accepted operations but posts, whose ids are those of their messages. seq and at are those of the ack.
CREATE TABLE operation (
    stream    INTEGER NOT NULL REFERENCES stream (id),
    op        BLOB NOT NULL CHECK (length(op) = 16),
    member_id INTEGER NOT NULL REFERENCES member (id),
    kind      TEXT NOT NULL,
    target    BLOB,
    seq       INTEGER NOT NULL,
    at        INTEGER NOT NULL,
    digest    BLOB NOT NULL,
    PRIMARY KEY (stream, op)
) STRICT, WITHOUT ROWID;

CREATE INDEX operation_by_time ON operation (at);
