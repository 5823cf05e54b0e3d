//! The window on a display.

use std::path::{Path, PathBuf};
use std::time::Instant;

use eframe::egui_wgpu::{SurfaceConfig, WgpuSetup, WgpuSetupCreateNew};
use eframe::wgpu;

use super::args::Files;
use super::{Failure, icon, tell, trace};
use crate::app::{App, Start};
use crate::headless::load::{self, CasePath, Named};
use crate::io;
use crate::state::{BasemapChoice, Settings};

/// Smallest inner size of the window in points.
const MIN_SIZE: [f32; 2] = [900.0, 600.0];

/// Opens the window and returns when it is closed.
pub fn open(files: &Files) -> Result<(), Failure> {
    let begun = Instant::now();
    let named = load::sort(&files.files).map_err(Failure::Usage)?;
    let missing = named.refused.iter().find(|(path, _)| !Path::new(path).exists());
    if let Some((_, reason)) = missing {
        return Err(Failure::Work(reason.clone()));
    }
    if !has_display() {
        return Err(Failure::Work(
            "there is no display to open a window on (neither DISPLAY nor WAYLAND_DISPLAY is set); \
             `waqai shot` draws the window into a picture without one"
                .to_owned(),
        ));
    }
    let (settings, settings_problem) = io::settings::config_dir()
        .map_or_else(|| (Settings::default(), None), |folder| io::settings::load(&folder));
    if let Some(problem) = &settings_problem {
        tell(&problem.to_string());
    }
    let mut start = Start { settings, settings_problem, ..Start::default() };
    // What cannot be opened is told in the window too.
    let refused: Vec<String> = named.refused.iter().map(|(path, _)| path.clone()).collect();
    take_files(&mut start, named);
    start.paths.extend(refused);
    start.documents.extend(files.documents.iter().map(|path| absolute(Path::new(path))));

    // OpenGL is tried only if there is nothing better: looking for it takes time and memory.
    let attempts = wgpu::Backends::from_env()
        .map_or(vec![wgpu::Backends::PRIMARY, wgpu::Backends::GL], |backends| vec![backends]);
    let mut failed = None;
    for backends in attempts {
        let start = start.clone();
        let opened = eframe::run_native(
            "Waqai",
            options(&start.settings, backends),
            Box::new(move |cc| {
                let app = App::new(start, &cc.egui_ctx, cc.wgpu_render_state.as_ref());
                Ok(match trace::wish() {
                    Some(wish) => Box::new(trace::Traced::new(app, wish, begun)),
                    None => Box::new(app),
                })
            }),
        );
        match opened {
            Ok(()) => return Ok(()),
            Err(err @ eframe::Error::Wgpu(_)) => failed = Some(err),
            Err(err) => {
                failed = Some(err);
                break;
            }
        }
    }
    let reason = failed.map_or_else(String::new, |err| reason(&err));
    Err(Failure::Work(format!("{reason}; `waqai shot` draws the window into a picture without a display")))
}

/// Why there is no window, in one line.
fn reason(err: &eframe::Error) -> String {
    log::debug!("no window: {err}");
    match err {
        eframe::Error::Winit(_) | eframe::Error::WinitEventLoop(_) => {
            let display = ["WAYLAND_DISPLAY", "DISPLAY"].into_iter().find_map(|name| {
                let value = std::env::var(name).ok().filter(|value| !value.is_empty())?;
                Some(format!(" ({name} is “{value}”)"))
            });
            format!("the display cannot be reached{}", display.unwrap_or_default())
        }
        eframe::Error::Wgpu(err) => {
            format!("no graphics driver can draw the window ({})", one_line(&err.to_string()))
        }
        err => format!("no window could be opened ({})", one_line(&err.to_string())),
    }
}

/// What the program opens: the case and datasets, texts for it, and a map to draw it on.
pub fn take_files(start: &mut Start, named: Named) {
    let Named { case, more, texts, maps, refused: _ } = named;
    // An empty list of paths opens the built-in case.
    let several = !more.is_empty();
    for path in case.into_iter().chain(more) {
        match path {
            CasePath::Folder { root, .. } => start.paths.push(absolute(&root)),
            CasePath::Table(path) => start.paths.push(absolute(Path::new(&path))),
            CasePath::BuiltIn => start.built_in = several,
        }
    }
    start.documents = texts.iter().map(|text| absolute(Path::new(text))).collect();
    if let Some(map) = maps.last() {
        start.settings.basemap = BasemapChoice::PmTiles(absolute(Path::new(map)));
    }
}

/// A path that still means the same when the program is started in another folder, because recent
/// files and attached texts are remembered.
fn absolute(path: &Path) -> String {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    let absolute: PathBuf = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    absolute.components().collect::<PathBuf>().display().to_string()
}

/// Whether there is a window system to ask for a window.
fn has_display() -> bool {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    cfg!(not(all(unix, not(target_os = "macos"))))
        || ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"].into_iter().any(is_set)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn options(settings: &Settings, backends: wgpu::Backends) -> eframe::NativeOptions {
    let [width, height] = settings.window_size;
    let mut viewport = egui::ViewportBuilder::default()
        .with_title("Waqai")
        .with_app_id("waqai")
        .with_icon(icon::icon())
        .with_min_inner_size(MIN_SIZE)
        .with_inner_size([width.max(MIN_SIZE[0]), height.max(MIN_SIZE[1])])
        .with_maximized(settings.maximized);
    if let Some(position) = settings.window_pos {
        viewport = viewport.with_position(position);
    }
    let mut options = eframe::NativeOptions {
        viewport,
        // The bundled fonts and the text layer have all that is shown.
        system_font_fallback: false,
        ..eframe::NativeOptions::default()
    };
    // One frame in flight: a window that only changes when something happens needs no queue, and
    // each frame less is a picture of the window less in memory.
    options.wgpu_options.surface = SurfaceConfig::LOW_LATENCY;
    if let WgpuSetup::CreateNew(setup) = &mut options.wgpu_options.wgpu_setup {
        lean(setup, backends);
    }
    options
}

/// A map of some thousand shapes is easy work for any graphics driver: the frugal one is asked for,
/// and memory in small blocks.
fn lean(setup: &mut WgpuSetupCreateNew, backends: wgpu::Backends) {
    setup.instance_descriptor.backends = backends;
    setup.power_preference = wgpu::PowerPreference::from_env().unwrap_or(wgpu::PowerPreference::LowPower);
    let describe = setup.device_descriptor.clone();
    setup.device_descriptor = std::sync::Arc::new(move |adapter| wgpu::DeviceDescriptor {
        label: Some("waqai"),
        memory_hints: wgpu::MemoryHints::MemoryUsage,
        ..describe(adapter)
    });
}
