//! SHA-256 of a file while somebody else reads it, in one pass over the disk.

use std::io::{self, Read, Seek, SeekFrom};

use sha2::{Digest, Sha256};

/// Read at a time for what the reader jumped over.
const GAP: usize = 64 * 1024;

/// Hashes what is read, in the order of the file. What is jumped over is read for
/// the hash alone; what is read twice is hashed once.
pub(super) struct Hashing<R> {
    inner: R,
    at: u64,
    hashed: u64,
    hasher: Sha256,
}

impl<R: Read + Seek> Hashing<R> {
    /// From the beginning of `inner`.
    pub(super) fn new(mut inner: R) -> io::Result<Self> {
        inner.seek(SeekFrom::Start(0))?;
        Ok(Self {
            inner,
            at: 0,
            hashed: 0,
            hasher: Sha256::new(),
        })
    }

    /// Reads what is left; gives the hash in hexadecimal and the size in bytes.
    pub(super) fn finish(mut self) -> io::Result<(String, u64)> {
        self.inner.seek(SeekFrom::Start(self.hashed))?;
        self.at = self.hashed;
        let mut buffer = vec![0; GAP];
        while self.read(&mut buffer)? > 0 {}
        Ok((hexadecimal(&self.hasher.finalize()), self.hashed))
    }

    fn catch_up(&mut self) -> io::Result<()> {
        let to = self.at;
        self.inner.seek(SeekFrom::Start(self.hashed))?;
        let mut buffer = vec![0; GAP];
        while self.hashed < to {
            let most = usize::try_from(to - self.hashed).unwrap_or(GAP).min(GAP);
            let read = self.inner.read(&mut buffer[..most])?;
            if read == 0 {
                break;
            }
            self.hasher.update(&buffer[..read]);
            self.hashed += read as u64;
        }
        self.inner.seek(SeekFrom::Start(to))?;
        Ok(())
    }
}

impl<R: Read + Seek> Read for Hashing<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.at > self.hashed {
            self.catch_up()?;
        }
        let read = self.inner.read(buf)?;
        let known = usize::try_from(self.hashed.saturating_sub(self.at)).unwrap_or(usize::MAX);
        self.at += read as u64;
        if known < read && self.at > self.hashed {
            self.hasher.update(&buf[known..read]);
            self.hashed = self.at;
        }
        Ok(read)
    }
}

impl<R: Read + Seek> Seek for Hashing<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.at = self.inner.seek(to)?;
        Ok(self.at)
    }
}

pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
            let _ = write!(out, "{byte:02x}");
            out
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    #[test]
    fn the_hash_is_that_of_the_file_however_it_is_read() {
        let bytes: Vec<u8> = (0..300_000_u32).map(|n| (n % 251) as u8).collect();
        let expected = hexadecimal(&Sha256::digest(&bytes));
        let jumps: [&[(u64, usize)]; 4] = [
            &[],
            &[(0, 300_000)],
            &[(1_000, 10), (200_000, 500)],
            &[(0, 5_000), (100, 10_000), (299_999, 1)],
        ];
        for plan in jumps {
            let mut reader = Hashing::new(Cursor::new(bytes.clone())).expect("opens");
            for (at, length) in plan {
                reader.seek(SeekFrom::Start(*at)).expect("seeks");
                let mut buffer = vec![0; *length];
                reader.read_exact(&mut buffer).expect("reads");
                assert_eq!(buffer, bytes[*at as usize..*at as usize + length]);
            }
            assert_eq!(
                reader.finish().expect("ends"),
                (expected.clone(), 300_000),
                "{plan:?}"
            );
        }
    }
}
