//! Translates SQLite's result codes to [`StoreError`]. Called wherever a statement can fail; contains no statement.

use std::sync::Once;

use crate::store::StoreError;

// https://www.sqlite.org/rescode.html; the low byte of an extended code is its primary code.
pub(super) const SQLITE_ERROR: i32 = 1;
const SQLITE_BUSY: i32 = 5;
const SQLITE_IOERR: i32 = 10;
pub(super) const SQLITE_CORRUPT: i32 = 11;
const SQLITE_FULL: i32 = 13;
pub(super) const SQLITE_NOTADB: i32 = 26;
const SQLITE_IOERR_FSYNC: i32 = SQLITE_IOERR | 4 << 8;
const SQLITE_IOERR_DIR_FSYNC: i32 = SQLITE_IOERR | 5 << 8;
const SQLITE_IOERR_NOMEM: i32 = SQLITE_IOERR | 12 << 8;

/// Returns the error for a statement that failed before its commit.
pub(super) fn failed(error: sqlx::Error) -> StoreError {
    match code(&error) {
        Some(code) if primary(code) == SQLITE_FULL => StoreError::Full,
        Some(code) if primary(code) == SQLITE_BUSY => StoreError::Busy,
        Some(code) if primary(code) == SQLITE_CORRUPT => {
            explain_damage(&error);
            StoreError::Failed(Box::new(error))
        }
        // Linux reports a failed write once and then forgets it: a second fsync would succeed (fsyncgate, 2018).
        Some(SQLITE_IOERR_FSYNC | SQLITE_IOERR_DIR_FSYNC) => StoreError::Broken(error.to_string()),
        _ => StoreError::Failed(Box::new(error)),
    }
}

/// Returns the error for a commit that failed. After an I/O error it is unknown whether the commit is on the disk.
pub(super) fn commit_failed(error: sqlx::Error) -> StoreError {
    match code(&error) {
        Some(code) if primary(code) == SQLITE_IOERR && code != SQLITE_IOERR_NOMEM => {
            StoreError::Broken(error.to_string())
        }
        _ => failed(error),
    }
}

/// Logs once per process what a damaged database means. The caller logs each failed statement.
fn explain_damage(error: &sqlx::Error) {
    static EXPLAINED: Once = Once::new();
    EXPLAINED.call_once(|| {
        tracing::error!(
            %error,
            "the database is damaged: some of it can't be read any more, and every request for that part fails. \
             Stop the server, check the disk, and restore a backup: hubbub restore BACKUP"
        );
    });
}

/// Returns the extended result code.
pub(super) fn code(error: &sqlx::Error) -> Option<i32> {
    error.as_database_error()?.code()?.parse().ok()
}

pub(super) const fn primary(code: i32) -> i32 {
    code & 0xff
}

#[cfg(test)]
pub(super) mod tests {
    use std::borrow::Cow;

    use sqlx::error::{DatabaseError, ErrorKind};

    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("SQLite error {0}")]
    struct FakeSqliteError(i32);

    impl DatabaseError for FakeSqliteError {
        fn message(&self) -> &str {
            "a fake error"
        }
        fn code(&self) -> Option<Cow<'_, str>> {
            Some(self.0.to_string().into())
        }
        fn as_error(&self) -> &(dyn std::error::Error + Send + Sync + 'static) {
            self
        }
        fn as_error_mut(&mut self) -> &mut (dyn std::error::Error + Send + Sync + 'static) {
            self
        }
        fn into_error(self: Box<Self>) -> Box<dyn std::error::Error + Send + Sync + 'static> {
            self
        }
        fn kind(&self) -> ErrorKind {
            ErrorKind::Other
        }
    }

    /// Returns an error of SQLite's driver with this extended code.
    pub(in super::super) fn sqlite_error(code: i32) -> sqlx::Error {
        sqlx::Error::Database(Box::new(FakeSqliteError(code)))
    }

    #[test]
    fn a_failed_fsync_is_broken_so_that_no_write_is_retried() {
        for code in [1034, 1290] {
            assert!(matches!(failed(sqlite_error(code)), StoreError::Broken(_)), "{code}");
            assert!(matches!(commit_failed(sqlite_error(code)), StoreError::Broken(_)), "{code}");
        }
    }

    #[test]
    fn an_io_error_is_broken_during_a_commit_and_failed_before_it() {
        for code in [10, 778, 1546, 4874] {
            assert!(matches!(commit_failed(sqlite_error(code)), StoreError::Broken(_)), "{code}");
            assert!(matches!(failed(sqlite_error(code)), StoreError::Failed(_)), "{code}");
        }
        assert!(
            matches!(commit_failed(sqlite_error(3082)), StoreError::Failed(_)),
            "SQLITE_IOERR_NOMEM is no failure of the disk"
        );
    }

    #[test]
    fn a_lock_of_another_process_is_busy() {
        for code in [5, 261, 517] {
            assert!(matches!(failed(sqlite_error(code)), StoreError::Busy), "{code}");
            assert!(matches!(commit_failed(sqlite_error(code)), StoreError::Busy), "{code}");
        }
    }

    #[test]
    fn a_full_disk_and_other_failures_have_results_of_their_own() {
        assert!(matches!(failed(sqlite_error(13)), StoreError::Full));
        assert!(matches!(commit_failed(sqlite_error(13)), StoreError::Full));
        assert!(matches!(failed(sqlite_error(1)), StoreError::Failed(_)));
    }
}
