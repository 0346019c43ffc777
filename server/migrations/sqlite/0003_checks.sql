-- A counter that /readyz raises: only a statement that changes a row shows whether the database can be written.
ALTER TABLE store ADD COLUMN n_checks INTEGER NOT NULL DEFAULT 0;
