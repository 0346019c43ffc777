-- A room's log grows by its next seq and by no other, whoever writes: the room's row says which that is, and moves on
-- with the event or not at all.
CREATE TRIGGER event_is_next AFTER INSERT ON event
BEGIN
    UPDATE room SET head = NEW.seq WHERE id = NEW.room_id AND head = NEW.seq - 1;
    SELECT RAISE(ABORT, 'this seq is not the next one of its room') WHERE changes() = 0;
END;
