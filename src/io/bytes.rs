//! Files that are read a stretch at a time.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;
use std::sync::Mutex;

/// An open file of known size. Reading takes `&self`, so that it can be shared.
#[derive(Debug)]
pub struct ByteFile {
    file: Mutex<File>,
    size_bytes: u64,
}

impl ByteFile {
    /// Opens a file for reading.
    pub fn open(path: &Path) -> Result<Self, String> {
        let named = |err: std::io::Error| format!("{err} ({})", path.display());
        let file = File::open(path).map_err(named)?;
        let meta = file.metadata().map_err(named)?;
        if !meta.is_file() {
            return Err(format!("not a file ({})", path.display()));
        }
        Ok(Self { file: Mutex::new(file), size_bytes: meta.len() })
    }

    pub fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    /// The bytes from an offset on; fewer than asked for at the end of the file.
    pub fn read_at(&self, offset_bytes: u64, length_bytes: usize) -> Result<Vec<u8>, String> {
        let left = self.size_bytes.saturating_sub(offset_bytes);
        let length = u64::try_from(length_bytes).unwrap_or(u64::MAX).min(left);
        let mut file = self.file.lock().map_err(|_| "the file is in use".to_owned())?;
        file.seek(SeekFrom::Start(offset_bytes)).map_err(|err| err.to_string())?;
        let mut bytes = Vec::new();
        std::io::Read::by_ref(&mut *file)
            .take(length)
            .read_to_end(&mut bytes)
            .map_err(|err| err.to_string())?;
        Ok(bytes)
    }
}
