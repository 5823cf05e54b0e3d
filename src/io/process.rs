//! What the system knows about this process: memory and age. Linux only; elsewhere nothing is known.

use std::time::Duration;

/// Clock ticks per second in `/proc`; fixed by the kernel's interface (`USER_HZ`) on all common machines.
const TICKS_PER_SEC: u64 = 100;

/// The greatest number that `nice` takes.
#[cfg(target_os = "linux")]
const LOWEST_PRIORITY: libc::c_int = 19;

/// Memory of this process in kibibytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memory {
    /// Resident now (`VmRSS`).
    pub resident_kib: u64,
    /// Most that was ever resident (`VmHWM`).
    pub peak_kib: u64,
    /// Resident now and backed by no file (`RssAnon`): this process's own.
    pub private_kib: u64,
}

/// Memory of this process.
pub fn memory() -> Option<Memory> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let field = |name: &str| -> Option<u64> {
        let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
        line.split_whitespace().next()?.parse().ok()
    };
    Some(Memory { resident_kib: field("VmRSS")?, peak_kib: field("VmHWM")?, private_kib: field("RssAnon")? })
}

/// Gives memory that was freed back to the system, where the allocator keeps it for later: after work
/// that needed much for a while.
pub fn give_back_memory() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    #[allow(unsafe_code)]
    // SAFETY: malloc_trim takes no pointers, and may be called at any time from any thread.
    unsafe {
        libc::malloc_trim(0);
    }
}

/// Lets this thread's work wait for that of others, the window's first of all: for work that nobody is
/// waiting for. On idle cores it costs nothing.
pub fn step_back() {
    #[cfg(target_os = "linux")]
    #[allow(unsafe_code)]
    // SAFETY: setpriority takes no pointers. On Linux, 0 means the calling thread alone; lowering its own
    // priority is always allowed.
    unsafe {
        libc::setpriority(libc::PRIO_PROCESS, 0, LOWEST_PRIORITY);
    }
}

/// Time since this process was started, to a hundredth of a second.
pub fn age() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The name in parentheses may hold spaces; fields are counted after it. The start time is field 22.
    let ticks: u64 = stat.rsplit_once(')')?.1.split_whitespace().nth(19)?.parse().ok()?;
    let uptime = std::fs::read_to_string("/proc/uptime").ok()?;
    let uptime: f64 = uptime.split_whitespace().next()?.parse().ok()?;
    let age = uptime - ticks as f64 / TICKS_PER_SEC as f64;
    Duration::try_from_secs_f64(age.max(0.0)).ok()
}

#[cfg(test)]
mod tests {
    #[cfg(target_os = "linux")]
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn this_process_has_memory_and_is_not_old() {
        let memory = memory().expect("memory");
        assert!(memory.resident_kib > 0 && memory.peak_kib >= memory.resident_kib);
        assert!(age().expect("age") < Duration::from_secs(24 * 3600));
    }
}
