//! The program: arguments, log, window.

fn main() -> std::process::ExitCode {
    quiet_driver();
    waqai::cli::main()
}

/// Keeps Mesa's device selection from asking for a Wayland display where there can be none. It finds
/// nothing there and complains on standard error once per look; which device is used, the program
/// chooses by itself.
#[cfg(target_os = "linux")]
fn quiet_driver() {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if !is_set("XDG_RUNTIME_DIR") && !is_set("NODEVICE_SELECT") {
        #[expect(
            unsafe_code,
            clippy::disallowed_methods,
            reason = "the environment of this process is where Mesa looks"
        )]
        // SAFETY: this is the first thing that main does; no other thread reads the environment.
        unsafe {
            std::env::set_var("NODEVICE_SELECT", "1");
        }
    }
}

#[cfg(not(target_os = "linux"))]
fn quiet_driver() {}
