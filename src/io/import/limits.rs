//! How much a file may make the program do.

/// Unpacked bytes of an archive or workbook beyond which the user is asked.
pub const ASK_UNPACKED_BYTES: u64 = 128 << 20;
/// So many times its packed size is suspicious, if the result is not small.
pub const ASK_RATIO: u64 = 100;
pub const SMALL_UNPACKED_BYTES: u64 = 32 << 20;
/// Never more than this, whatever the user says: memory has an end.
pub const MAX_UNPACKED_BYTES: u64 = 4 << 30;
/// Text of a [`super::Grid`], which is held in memory.
pub const MAX_GRID_BYTES: usize = 768 << 20;
/// Nesting of JSON and XML.
pub const MAX_DEPTH: usize = 128;
/// Columns of a grid; what is in further ones is told and left out.
pub const MAX_COLUMNS: usize = 4096;

/// What the user has agreed to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Allowance {
    /// Files that unpack to more than [`ASK_UNPACKED_BYTES`].
    pub large: bool,
}

/// Why a file was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportError {
    /// One sentence that names the file.
    Cannot(String),
    /// It can be read if the user agrees; one sentence that says what it takes.
    Large(String),
    /// The user stopped it before anything was read.
    Stopped,
}

impl ImportError {
    /// The sentence for the user, if there is something to say.
    pub fn sentence(&self) -> Option<&str> {
        match self {
            ImportError::Cannot(sentence) | ImportError::Large(sentence) => Some(sentence),
            ImportError::Stopped => None,
        }
    }
}

impl Allowance {
    /// Whether something of `packed` bytes may be unpacked to `unpacked` bytes.
    pub fn may_unpack(self, name: &str, packed: u64, unpacked: u64) -> Result<(), ImportError> {
        let mib = |bytes: u64| bytes.div_ceil(1 << 20);
        if unpacked > MAX_UNPACKED_BYTES {
            return Err(ImportError::Cannot(format!(
                "“{name}” unpacks to {} MiB; more than {} MiB are not read.",
                mib(unpacked),
                mib(MAX_UNPACKED_BYTES)
            )));
        }
        let is_suspicious = unpacked > SMALL_UNPACKED_BYTES && unpacked / packed.max(1) >= ASK_RATIO;
        if !self.large && (unpacked > ASK_UNPACKED_BYTES || is_suspicious) {
            return Err(ImportError::Large(format!(
                "“{name}” unpacks to {} MiB, {} times its size.",
                mib(unpacked),
                unpacked / packed.max(1)
            )));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_files_are_asked_for_and_huge_ones_refused() {
        let (no, yes) = (Allowance::default(), Allowance { large: true });
        assert_eq!(no.may_unpack("a.xlsx", 1 << 20, 20 << 20), Ok(()));
        let asked = no.may_unpack("a.xlsx", 1 << 20, 200 << 20);
        assert_eq!(
            asked,
            Err(ImportError::Large("“a.xlsx” unpacks to 200 MiB, 200 times its size.".to_owned()))
        );
        assert!(matches!(no.may_unpack("a", 300 << 10, 40 << 20), Err(ImportError::Large(_))));
        assert_eq!(yes.may_unpack("a.xlsx", 1 << 20, 200 << 20), Ok(()));
        assert!(matches!(yes.may_unpack("a", 1, 5 << 30), Err(ImportError::Cannot(_))));
    }
}
