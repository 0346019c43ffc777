-- Members and their sessions, rooms, and each room's log.

-- One row: which life of the store this is. 48 bits, so that a browser's numbers hold it exactly.
CREATE TABLE store (
    id    INTEGER PRIMARY KEY CHECK (id = 1),
    epoch INTEGER NOT NULL
) STRICT;

INSERT INTO store (id, epoch) VALUES (1, random() & 0xffffffffffff);

-- held_name is what names are compared by while a session holds one, and NULL once it is released: two live
-- sessions can't hold one name.
CREATE TABLE member (
    id         INTEGER PRIMARY KEY,
    name       TEXT NOT NULL,
    held_name  TEXT UNIQUE,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE session (
    token_hash BLOB NOT NULL PRIMARY KEY CHECK (length(token_hash) = 32),
    member_id  INTEGER NOT NULL REFERENCES member (id),
    started_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX session_by_expiry ON session (expires_at);

-- head is the seq of the room's last event.
CREATE TABLE room (
    id         INTEGER PRIMARY KEY,
    slug       TEXT NOT NULL UNIQUE,
    name       TEXT NOT NULL,
    topic      TEXT NOT NULL,
    created_by INTEGER REFERENCES member (id),
    created_at INTEGER NOT NULL,
    head       INTEGER NOT NULL DEFAULT 0
) STRICT;

INSERT INTO room (slug, name, topic, created_at)
VALUES ('lobby', 'Lobby', 'Where everyone starts: come in and say hello', unixepoch() * 1000);

CREATE TABLE event (
    room_id    INTEGER NOT NULL REFERENCES room (id),
    seq        INTEGER NOT NULL CHECK (seq > 0),
    at         INTEGER NOT NULL,
    member_id  INTEGER NOT NULL REFERENCES member (id),
    message_id BLOB NOT NULL CHECK (length(message_id) = 16),
    body       TEXT NOT NULL,
    PRIMARY KEY (room_id, seq)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX event_by_message ON event (room_id, message_id);
