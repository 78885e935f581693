//! The data of the package: unpacked once to nothing, to know that it is what the
//! directory says.
//!
//! A bomb can lie in every header. Here each entry is inflated in buffers of 64 KiB
//! and stopped at the first byte too many, whatever was announced; its size and its
//! CRC-32 must then be exact. Entries are read in the order in which they lie in the
//! file, so the reading is sequential, and memory is the same for any package.

use super::limits::{Limits, mebibytes};
use super::{FileEntry, Method};
use crate::problem::{Code, Problem, Refusal};
use flate2::{Crc, Decompress, FlushDecompress, Status};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::ops::ControlFlow;

/// Read ahead of the inflater; small files that lie together come in one read.
const INPUT: usize = 256 * 1024;
/// Inflated at a time.
const OUTPUT: usize = 64 * 1024;
/// Unpacked bytes between two calls of the progress function.
const STEP: u64 = 1024 * 1024;

/// Unpacks every entry to check its size and CRC-32, and that the whole stays within
/// [`Limits::total_size`] for real.
///
/// `progress` is told how many unpacked bytes are done of how many; breaking stops.
///
/// # Errors
/// [`Refusal::Package`] for content that is cut, damaged or not of the size announced;
/// [`Refusal::Unreadable`] when the reader fails; [`Refusal::Stopped`] on request.
pub fn verify_content<R: Read + Seek>(
    reader: R,
    files: &[FileEntry],
    limits: &Limits,
    progress: &mut dyn FnMut(u64, u64) -> ControlFlow<()>,
) -> Result<(), Refusal> {
    let mut order: Vec<&FileEntry> = files.iter().collect();
    order.sort_by_key(|entry| entry.offset);
    let total = files
        .iter()
        .fold(0_u64, |sum, entry| sum.saturating_add(entry.size));
    if total > limits.total_size {
        return Err(Problem::new(Code::ZipTooLarge)
            .with("limit", mebibytes(limits.total_size))
            .into());
    }
    let mut reader = BufReader::with_capacity(INPUT, reader);
    let mut position = reader.seek(SeekFrom::Start(0))?;
    let mut pass = Pass {
        inflater: Decompress::new(false),
        output: vec![0; OUTPUT],
        done: 0,
        told: 0,
        total,
        progress,
    };
    pass.tell()?;
    for entry in order {
        // Relative, so that what was already read ahead is used.
        let distance = i64::try_from(i128::from(entry.offset) - i128::from(position))
            .map_err(|_| damaged(entry))?;
        reader.seek_relative(distance)?;
        match entry.method {
            Method::Stored => pass.copy(&mut reader, entry)?,
            Method::Deflate => pass.inflate(&mut reader, entry)?,
        }
        position = entry.offset.saturating_add(entry.compressed);
    }
    pass.tell()
}

fn damaged(entry: &FileEntry) -> Refusal {
    Problem::new(Code::ZipContentDamaged)
        .with("path", &entry.path)
        .into()
}

fn mismatch(entry: &FileEntry) -> Refusal {
    Problem::new(Code::ZipSizeMismatch)
        .with("path", &entry.path)
        .into()
}

struct Pass<'p> {
    inflater: Decompress,
    output: Vec<u8>,
    done: u64,
    told: u64,
    total: u64,
    progress: &'p mut dyn FnMut(u64, u64) -> ControlFlow<()>,
}

impl Pass<'_> {
    fn tell(&mut self) -> Result<(), Refusal> {
        self.told = self.done;
        match (self.progress)(self.done, self.total) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(Refusal::Stopped),
        }
    }

    fn advance(&mut self, bytes: usize) -> Result<(), Refusal> {
        self.done += bytes as u64;
        if self.done - self.told >= STEP {
            self.tell()?;
        }
        Ok(())
    }

    fn copy(&mut self, reader: &mut impl BufRead, entry: &FileEntry) -> Result<(), Refusal> {
        let mut crc = Crc::new();
        let mut left = entry.compressed;
        while left > 0 {
            let chunk = filled(reader)?;
            let take = chunk.len().min(usize::try_from(left).unwrap_or(usize::MAX));
            crc.update(&chunk[..take]);
            reader.consume(take);
            left -= take as u64;
            self.advance(take)?;
        }
        if entry.compressed != entry.size {
            return Err(mismatch(entry));
        }
        if crc.sum() == entry.crc32 {
            Ok(())
        } else {
            Err(damaged(entry))
        }
    }

    fn inflate(&mut self, reader: &mut impl BufRead, entry: &FileEntry) -> Result<(), Refusal> {
        self.inflater.reset(false);
        let mut crc = Crc::new();
        let mut left = entry.compressed;
        let mut size = 0_u64;
        loop {
            let chunk = if left > 0 { filled(reader)? } else { &[] };
            let take = chunk.len().min(usize::try_from(left).unwrap_or(usize::MAX));
            let (input, output) = (self.inflater.total_in(), self.inflater.total_out());
            let status = self
                .inflater
                .decompress(&chunk[..take], &mut self.output, FlushDecompress::None)
                .map_err(|_| damaged(entry))?;
            let consumed = (self.inflater.total_in() - input) as usize;
            let produced = (self.inflater.total_out() - output) as usize;
            reader.consume(consumed);
            left -= consumed as u64;
            size += produced as u64;
            if size > entry.size {
                return Err(mismatch(entry));
            }
            crc.update(&self.output[..produced]);
            self.advance(produced)?;
            match status {
                Status::StreamEnd => break,
                Status::Ok | Status::BufError if consumed + produced == 0 => {
                    return Err(damaged(entry));
                }
                Status::Ok | Status::BufError => {}
            }
        }
        if size != entry.size {
            return Err(mismatch(entry));
        }
        // Bytes behind the end of the stream would be read by one reader and not by
        // another.
        if left == 0 && crc.sum() == entry.crc32 {
            Ok(())
        } else {
            Err(damaged(entry))
        }
    }
}

/// What is read ahead, at least one byte.
fn filled(reader: &mut impl BufRead) -> Result<&[u8], Refusal> {
    let chunk = reader.fill_buf()?;
    if chunk.is_empty() {
        return Err(Problem::new(Code::ZipTruncated).into());
    }
    Ok(chunk)
}
