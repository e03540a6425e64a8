//! The bytes of a file, fetched by several threads.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};
use std::path::Path;

/// The least bytes for which a thread pays.
const LEAST: usize = 4 << 20;

/// Reads a file.
pub(super) fn read(path: &Path, threads: usize) -> io::Result<Vec<u8>> {
    let length = usize::try_from(std::fs::metadata(path)?.len()).unwrap_or(usize::MAX);
    match threads.min(length / LEAST) {
        0 | 1 => std::fs::read(path),
        threads => match parts(path, length, threads) {
            // A file that changes its length meanwhile is read as it is in the end.
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => std::fs::read(path),
            read => read,
        },
    }
}

fn parts(path: &Path, length: usize, threads: usize) -> io::Result<Vec<u8>> {
    // Zeros come without being touched, so that each thread takes hold of its own memory; whether there is room is asked first.
    Vec::<u8>::new().try_reserve_exact(length)?;
    let mut bytes = vec![0; length];
    let part = length.div_ceil(threads).max(1);
    std::thread::scope(|scope| {
        let threads: Vec<_> = bytes
            .chunks_mut(part)
            .enumerate()
            .map(|(place, chunk)| scope.spawn(move || fill(path, place.saturating_mul(part), chunk)))
            .collect();
        threads.into_iter().try_for_each(|thread| {
            let stopped = |_| Err(io::Error::other("a thread has stopped"));
            thread.join().unwrap_or_else(stopped)
        })
    })?;
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(u64::try_from(length).unwrap_or(u64::MAX)))?;
    match file.read(&mut [0])? {
        0 => Ok(bytes),
        _ => Err(ErrorKind::UnexpectedEof.into()),
    }
}

fn fill(path: &Path, from: usize, chunk: &mut [u8]) -> io::Result<()> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(u64::try_from(from).unwrap_or(u64::MAX)))?;
    file.read_exact(chunk)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_the_same_bytes_with_any_number_of_threads() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bytes");
        let written: Vec<u8> = (0..LEAST * 2 + 5)
            .map(|place| u8::try_from(place % 251).unwrap())
            .collect();
        std::fs::write(&path, &written).unwrap();
        for threads in [1, 2, 3] {
            assert!(read(&path, threads).unwrap() == written, "{threads}");
            assert!(
                parts(&path, written.len(), threads).unwrap() == written,
                "{threads}"
            );
        }
        let shorter = parts(&path, written.len() - 1, 2).unwrap_err();
        assert_eq!(shorter.kind(), ErrorKind::UnexpectedEof);
        let longer = parts(&path, written.len() + 1, 2).unwrap_err();
        assert_eq!(longer.kind(), ErrorKind::UnexpectedEof);
    }
}
