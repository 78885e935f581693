//! One entry read straight from the package, without unpacking the others.

use super::{FileEntry, Method};
use flate2::{Crc, read::DeflateDecoder};
use std::io::{self, Read, Seek, SeekFrom, Take};

/// Read ahead of the inflater.
const INPUT: usize = 32 * 1024;

/// Reads the content of one [`FileEntry`] from the package it belongs to.
///
/// It yields at most [`FileEntry::size`] bytes. When it was read from the beginning,
/// the end is an error (`InvalidData`) if size or CRC-32 are not those of the entry.
#[derive(Debug)]
pub struct EntryReader<R> {
    source: Source<R>,
    left: u64,
    crc: Option<Crc>,
    expected: u32,
}

#[derive(Debug)]
enum Source<R> {
    Stored(Take<R>),
    Deflate(Box<DeflateDecoder<Take<R>>>),
}

impl<R: Read + Seek> EntryReader<R> {
    /// Opens the entry at its first byte.
    ///
    /// # Errors
    /// Those of the reader, when it cannot seek to the entry.
    pub fn new(reader: R, entry: &FileEntry) -> io::Result<Self> {
        Self::open(reader, entry, 0)
    }

    /// Opens the entry at byte `from` of its content, for a range request. A stored
    /// entry is reached at once, a compressed one is inflated up to there. The
    /// checksum is not checked.
    ///
    /// # Errors
    /// Those of the reader; beyond the end the entry reads as empty.
    pub fn starting_at(reader: R, entry: &FileEntry, from: u64) -> io::Result<Self> {
        let from = from.min(entry.size);
        let mut opened = match entry.method {
            Method::Stored => Self::open(reader, entry, from)?,
            Method::Deflate => {
                let mut whole = Self::open(reader, entry, 0)?;
                whole.crc = None;
                io::copy(&mut whole.by_ref().take(from), &mut io::sink())?;
                whole
            }
        };
        opened.crc = None;
        Ok(opened)
    }

    fn open(mut reader: R, entry: &FileEntry, skipped: u64) -> io::Result<Self> {
        reader.seek(SeekFrom::Start(entry.offset.saturating_add(skipped)))?;
        let data = reader.take(entry.compressed.saturating_sub(skipped));
        let source = match entry.method {
            Method::Stored => Source::Stored(data),
            Method::Deflate => {
                Source::Deflate(Box::new(DeflateDecoder::new_with_buf(data, vec![0; INPUT])))
            }
        };
        Ok(Self {
            source,
            left: entry.size - skipped,
            crc: Some(Crc::new()),
            expected: entry.crc32,
        })
    }

    /// Bytes still to come.
    pub fn remaining(&self) -> u64 {
        self.left
    }
}

impl<R: Read> Read for EntryReader<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let most = buf
            .len()
            .min(usize::try_from(self.left).unwrap_or(usize::MAX));
        if most == 0 {
            return match self.crc.take() {
                // Asked with an empty buffer before the end: nothing to judge yet.
                Some(crc) if self.left > 0 => {
                    self.crc = Some(crc);
                    Ok(0)
                }
                Some(crc) if crc.sum() != self.expected => Err(damaged()),
                _ => Ok(0),
            };
        }
        let read = match &mut self.source {
            Source::Stored(data) => data.read(&mut buf[..most])?,
            Source::Deflate(data) => data.read(&mut buf[..most])?,
        };
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if let Some(crc) = &mut self.crc {
            crc.update(&buf[..read]);
        }
        self.left -= read as u64;
        Ok(read)
    }
}

fn damaged() -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        "the checksum of the entry does not match",
    )
}
