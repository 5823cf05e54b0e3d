//! The program: arguments, log, window.

fn main() -> std::process::ExitCode {
    waqai::cli::main()
}
