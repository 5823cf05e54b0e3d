//! A folder for the files of one test.

use std::path::PathBuf;

/// An empty folder that goes away.
pub struct Folder(pub PathBuf);

impl Folder {
    /// `name` tells it from those of tests that run at the same time.
    pub fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("waqai-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("temporary folder");
        Self(path)
    }

    /// A path in it, as it is named on a command line.
    pub fn file(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}
