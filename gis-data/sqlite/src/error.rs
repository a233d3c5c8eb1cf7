//! What went wrong in SQLite, told to people.

use gis_data::{Error, Kind, Result};
use rusqlite::ErrorCode;

/// Tells what was being done when SQLite failed, and what to do next.
pub(crate) trait Doing<T> {
    /// `zh` and `en` say what was being done, as a noun phrase.
    fn doing(self, zh: &str, en: &str) -> Result<T>;
}

impl<T> Doing<T> for rusqlite::Result<T> {
    fn doing(self, zh: &str, en: &str) -> Result<T> {
        self.map_err(|cause| told(cause, zh, en))
    }
}

fn told(cause: rusqlite::Error, zh: &str, en: &str) -> Error {
    let (kind, zh_why, en_why) = match cause.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => (
            Kind::Storage,
            "磁盘已满；请腾出空间后重试，已确认的提交都还在",
            "the disk is full; free some space and try again, every acknowledged commit is kept",
        ),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => (
            Kind::Unavailable,
            "另一个进程正在写入；请待其完成后重试",
            "another process is writing; try again when it is done",
        ),
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => (
            Kind::Storage,
            "数据库文件已损坏或不是数据库；请停止写入并从备份恢复",
            "the database file is damaged or is no database; stop writing and restore it from a backup",
        ),
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => (
            Kind::Storage,
            "文件无法打开或不可写；请检查文件夹的属主和权限",
            "the file cannot be opened or written; check the folder's owner and permissions",
        ),
        Some(ErrorCode::TooBig) => (
            Kind::TooLarge,
            "一个值超过了数据库的上限；请先切分",
            "a value is larger than the database allows; cut it first",
        ),
        Some(ErrorCode::SystemIoFailure) => (
            Kind::Storage,
            "磁盘读写失败；请检查磁盘，必要时从备份恢复",
            "the disk failed to read or write; check the disk, and restore from a backup if need be",
        ),
        _ => (
            Kind::Storage,
            "数据库拒绝了操作；请用 verify 检查，必要时从备份恢复",
            "the database refused; check it with verify, and restore from a backup if need be",
        ),
    };
    Error::new(kind, format!("{zh}失败：{zh_why}"), format!("{en} failed: {en_why}")).because(cause)
}

/// The error for a row that cannot be what a writer wrote.
pub(crate) fn damaged(zh: &str, en: &str) -> Error {
    Error::new(
        Kind::Storage,
        format!("数据库中的{zh}已损坏；请用 verify 检查并从备份恢复"),
        format!("{en} in the database is damaged; check it with verify and restore from a backup"),
    )
}

/// The error when a thread of the store is gone.
pub(crate) fn closed() -> Error {
    Error::new(Kind::Unavailable, "数据库已关闭；请重新打开后再试", "the store is closed; open it again and retry")
}
