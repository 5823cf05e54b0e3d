//! Files as memory: read-only maps that a shrinking file cannot bring down.
//!
//! A page of a map behind the file's present end cannot be read: the system answers with the signal
//! SIGBUS, which ends a program. Here the page is replaced by one of zeroes and the map is marked as
//! [`damaged`](Mapped::damaged), which readers ask for when they are done; so a file that somebody
//! cuts short is an error message. Where no file can be mapped, it is read into memory.
//!
//! What another program writes into the file shows in the map. Readers must therefore not believe
//! that bytes read twice are equal: a wrong value may come of it, but never a panic.
//!
//! The only module with `unsafe` code.

#![allow(unsafe_code)]

use std::fs::File;
use std::ops::Range;
use std::path::Path;

use super::files::{MAX_FILE_BYTES, ReadError, io_error, read_file};

/// The bytes of a file.
#[derive(Debug)]
pub struct Mapped {
    bytes: Bytes,
}

#[derive(Debug)]
enum Bytes {
    Map {
        /// The first to be dropped: the range is no more ours once the map is taken down.
        #[cfg(unix)]
        watched: watch::Watched,
        map: memmap2::Mmap,
        file: File,
    },
    Read(Vec<u8>),
}

impl Mapped {
    /// Maps a file, or reads it where it cannot be mapped. Folders and devices are refused.
    pub fn open(path: &Path) -> Result<Self, ReadError> {
        let metadata = std::fs::metadata(path).map_err(|err| io_error(&err))?;
        if !metadata.is_file() {
            return Err(ReadError::NotAFile);
        }
        // The system's own files say that they are empty, and empty files cannot be mapped.
        if metadata.len() > 0
            && let Some(bytes) = Self::map(path)?
        {
            return Ok(Self { bytes });
        }
        read_file(path, MAX_FILE_BYTES).map(Self::from_bytes)
    }

    /// Bytes that are in memory already.
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        Self { bytes: Bytes::Read(bytes) }
    }

    fn map(path: &Path) -> Result<Option<Bytes>, ReadError> {
        let file = File::open(path).map_err(|err| io_error(&err))?;
        // SAFETY: the map is read only and private to this value. Its bytes are handed out as a slice
        // although another program may change them, which the language does not define; all readers
        // here look at plain bytes through checked access, so that a changed byte is a changed value
        // and nothing else (module page). A file that becomes shorter is caught below.
        let Ok(map) = (unsafe { memmap2::Mmap::map(&file) }) else { return Ok(None) };
        #[cfg(unix)]
        {
            let watched = watch::Watched::new(map.as_ptr() as usize, map.len());
            Ok(watched.map(|watched| Bytes::Map { map, file, watched }))
        }
        // Elsewhere the system refuses to shorten a file that is mapped.
        #[cfg(not(unix))]
        Ok(Some(Bytes::Map { map, file }))
    }

    /// The bytes; zeroes where the file has become shorter since.
    pub fn bytes(&self) -> &[u8] {
        match &self.bytes {
            Bytes::Map { map, .. } => map,
            Bytes::Read(bytes) => bytes,
        }
    }

    /// Whether bytes were read that the file has no more.
    pub fn damaged(&self) -> bool {
        match &self.bytes {
            #[cfg(unix)]
            Bytes::Map { watched, .. } => watched.damaged(),
            _ => false,
        }
    }

    /// How many of the bytes the file still has, by asking the system.
    pub fn present_len(&self) -> usize {
        match &self.bytes {
            Bytes::Map { map, file, .. } => {
                let now = file.metadata().map_or(u64::MAX, |metadata| metadata.len());
                usize::try_from(now).unwrap_or(usize::MAX).min(map.len())
            }
            Bytes::Read(bytes) => bytes.len(),
        }
    }

    /// Says that a range is about to be read whole, so that its pages are set up at once.
    pub fn will_read(&self, range: Range<usize>) {
        #[cfg(target_os = "linux")]
        if let Bytes::Map { map, .. } = &self.bytes {
            // Advice that older systems do not know; then pages come one by one as they are read.
            let _ = map.advise_range(memmap2::Advice::PopulateRead, range.start, range.len());
        }
        #[cfg(not(target_os = "linux"))]
        let _ = range;
    }

    /// Says that a range will hardly be read again; it stays readable.
    pub fn was_read(&self, range: Range<usize>) {
        #[cfg(target_os = "linux")]
        if let Bytes::Map { map, .. } = &self.bytes {
            // SAFETY: what this advice throws away in a read-only map of a file is read from the file
            // again when it is needed: no byte changes that the file itself does not change. Pages of
            // zeroes in the place of lost ones stay zeroes.
            let _ = unsafe {
                map.unchecked_advise_range(memmap2::UncheckedAdvice::DontNeed, range.start, range.len())
            };
        }
        #[cfg(not(target_os = "linux"))]
        let _ = range;
    }
}

/// Catches reads behind the end of mapped files.
#[cfg(unix)]
mod watch {
    use std::ptr::null_mut;
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicUsize, Ordering};

    /// Most maps at a time; further files are read into memory.
    const MAX_MAPS: usize = 64;

    /// Where a map lies.
    #[derive(Debug)]
    struct Region {
        start: usize,
        end: usize,
        damaged: AtomicBool,
    }

    /// The regions of all maps. The handler may run at any moment on any thread, so it only loads
    /// pointers; what they point to is never freed (a few bytes for every file that was ever opened)
    /// and never changed but for its flag.
    static REGIONS: [AtomicPtr<Region>; MAX_MAPS] = [const { AtomicPtr::new(null_mut()) }; MAX_MAPS];
    static PAGE_BYTES: AtomicUsize = AtomicUsize::new(0);
    /// Who handled the signal before; `None` where the handler could not be set.
    static PREVIOUS: OnceLock<Option<libc::sigaction>> = OnceLock::new();

    /// A map that is looked after. To be dropped before the map is taken down, because its range may
    /// belong to somebody else right after.
    #[derive(Debug)]
    pub struct Watched {
        slot: &'static AtomicPtr<Region>,
        region: &'static Region,
    }

    impl Watched {
        /// `None` if there is no room or no handler.
        pub fn new(start: usize, len: usize) -> Option<Self> {
            PREVIOUS.get_or_init(install).as_ref()?;
            let free = REGIONS.iter().find(|slot| slot.load(Ordering::Relaxed).is_null())?;
            let region: &'static Region =
                Box::leak(Box::new(Region { start, end: start + len, damaged: AtomicBool::new(false) }));
            let pointer = std::ptr::from_ref(region).cast_mut();
            free.compare_exchange(null_mut(), pointer, Ordering::AcqRel, Ordering::Relaxed).ok()?;
            Some(Self { slot: free, region })
        }

        pub fn damaged(&self) -> bool {
            self.region.damaged.load(Ordering::Acquire)
        }
    }

    impl Drop for Watched {
        fn drop(&mut self) {
            self.slot.store(null_mut(), Ordering::Release);
        }
    }

    /// Sets the handler; gives the one before, or `None` if there cannot be one.
    fn install() -> Option<libc::sigaction> {
        // SAFETY: plain calls of the system's interface with valid pointers to values of this frame.
        // A zeroed `sigaction` is a valid one (the default handling, no flags, an empty mask).
        unsafe {
            let page = libc::sysconf(libc::_SC_PAGESIZE);
            PAGE_BYTES
                .store(usize::try_from(page).ok().filter(|page| page.is_power_of_two())?, Ordering::Release);
            let mut previous: libc::sigaction = std::mem::zeroed();
            let mut ours: libc::sigaction = std::mem::zeroed();
            ours.sa_sigaction = on_bus_error as extern "C" fn(_, _, _) as usize;
            // The signal may come on a thread whose stack is spent; the runtime gives each another one.
            ours.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK;
            libc::sigemptyset(&mut ours.sa_mask);
            (libc::sigaction(libc::SIGBUS, &ours, &mut previous) == 0).then_some(previous)
        }
    }

    /// Puts a page of zeroes where a page of a watched map has gone, after which the read is repeated
    /// and succeeds. All else is passed on.
    ///
    /// Only does what may be done in a handler: loads and stores of atomics, and one system call
    /// that keeps `errno` when it succeeds.
    extern "C" fn on_bus_error(signal: libc::c_int, info: *mut libc::siginfo_t, context: *mut libc::c_void) {
        // SAFETY: the system calls with a valid `info`, as `SA_SIGINFO` asks.
        let address = unsafe { (*info).si_addr() } as usize;
        for slot in &REGIONS {
            // SAFETY: pointers in the table are null or lead to a leaked value (see `REGIONS`).
            let Some(region) = (unsafe { slot.load(Ordering::Acquire).as_ref() }) else { continue };
            if !(region.start..region.end).contains(&address) {
                continue;
            }
            // Before the zeroes appear, so that whoever reads them can also see the flag.
            region.damaged.store(true, Ordering::Release);
            let page_bytes = PAGE_BYTES.load(Ordering::Acquire);
            let page = address & !page_bytes.wrapping_sub(1);
            // SAFETY: the page lies in a map that is still there: the faulting read goes through a
            // slice of it, and maps are taken out of the table before they are taken down. Nobody
            // else keeps anything in that page, and a fresh page of zeroes may be read as the old one.
            let mapped = unsafe {
                libc::mmap(
                    page as *mut libc::c_void,
                    page_bytes,
                    libc::PROT_READ,
                    libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_FIXED,
                    -1,
                    0,
                )
            };
            if mapped != libc::MAP_FAILED {
                return;
            }
        }
        // SAFETY: the fields come from the system, which tells by the flags how the handler is called.
        unsafe {
            match PREVIOUS.get().and_then(Option::as_ref) {
                Some(previous) if ![libc::SIG_DFL, libc::SIG_IGN].contains(&previous.sa_sigaction) => {
                    if previous.sa_flags & libc::SA_SIGINFO != 0 {
                        type Handler = extern "C" fn(libc::c_int, *mut libc::siginfo_t, *mut libc::c_void);
                        let handler: Handler = std::mem::transmute(previous.sa_sigaction);
                        handler(signal, info, context);
                    } else {
                        let handler: extern "C" fn(libc::c_int) = std::mem::transmute(previous.sa_sigaction);
                        handler(signal);
                    }
                }
                // The read is repeated, and the system does what it always did.
                _ => {
                    let default: libc::sigaction = std::mem::zeroed();
                    libc::sigaction(signal, &default, null_mut());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    fn temp(name: &str, bytes: &[u8]) -> std::path::PathBuf {
        let path = std::env::temp_dir().join(format!("waqai-mapped-{}-{name}", std::process::id()));
        File::create(&path).and_then(|mut file| file.write_all(bytes)).expect("file");
        path
    }

    #[test]
    fn a_file_that_shrinks_reads_as_zeroes_and_says_so() {
        let path = temp("shrinks", &vec![7u8; 1 << 20]);
        let other = temp("stays", &[9u8; 10_000]);
        let (mapped, stays) = (Mapped::open(&path).expect("map"), Mapped::open(&other).expect("map"));
        assert!(mapped.bytes().iter().all(|byte| *byte == 7));
        File::options().write(true).open(&path).and_then(|file| file.set_len(5000)).expect("cut");
        assert_eq!(mapped.present_len(), 5000);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let sum: u64 = mapped.bytes().iter().map(|byte| u64::from(*byte)).sum();
                    assert_eq!(sum, 7 * 5000);
                });
            }
        });
        assert!(mapped.damaged());
        // A page that was given back is lost again.
        mapped.was_read(0..1 << 20);
        mapped.will_read(0..1 << 20);
        assert_eq!(mapped.bytes().get(4999..5001), Some(&[7u8, 0][..]));
        assert_eq!(mapped.bytes().last(), Some(&0));
        assert!(!stays.damaged() && stays.bytes().iter().all(|byte| *byte == 9));
        drop((mapped, stays));
        let again = Mapped::open(&path).expect("map");
        assert!(again.bytes().len() == 5000 && !again.damaged());
        let _ = (std::fs::remove_file(path), std::fs::remove_file(other));
    }

    #[test]
    fn what_cannot_be_mapped_is_read_or_refused() {
        let empty = temp("empty", b"");
        assert_eq!(Mapped::open(&empty).expect("empty").bytes(), b"");
        assert_eq!(Mapped::open(&std::env::temp_dir()).expect_err("folder"), ReadError::NotAFile);
        assert_eq!(Mapped::open(Path::new("/no/such")).expect_err("missing"), ReadError::Missing);
        let _ = std::fs::remove_file(empty);
        let many = temp("many", b"abc");
        let all: Vec<Mapped> = (0..80).map(|_| Mapped::open(&many).expect("map or copy")).collect();
        assert!(all.iter().all(|mapped| mapped.bytes() == b"abc" && mapped.present_len() == 3));
        let _ = std::fs::remove_file(many);
    }
}
