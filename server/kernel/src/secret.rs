//! Files that hold a secret.

use std::path::Path;

/// Writes a new file, readable by its owner only and durable; never over another one.
///
/// # Errors
///
/// There is such a file, or it cannot be written.
#[cfg(unix)]
pub fn write(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// Writes a new file, readable by its owner only and durable; never over another one.
///
/// # Errors
///
/// There is such a file, or it cannot be written.
#[cfg(not(unix))]
pub fn write(path: &Path, text: &str) -> std::io::Result<()> {
    std::fs::write(path, text)
}
