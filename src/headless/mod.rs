//! The window's own code without a window system: pictures, scripted sessions, and the case as a
//! filter shows it.
//!
//! [`Offscreen`] drives the same [`App`] as the window does; it needs a graphics driver (software
//! ones will do), but no display. Time passes by frames of [`FRAME_SECS`], so that a session does
//! not depend on the speed of the machine; only work on other threads is waited for in real time.

pub mod choose;
pub mod load;
pub mod replay;
pub mod shot;
pub mod times;

use std::time::{Duration, Instant};

use eframe::egui_wgpu::{self, RendererOptions, WgpuConfiguration, WgpuSetup, WgpuSetupCreateNew};
use eframe::wgpu;
use egui::{Event, Modifiers, Pos2, Rect, ViewportId};
use egui_kittest::Harness;
use egui_kittest::kittest::NodeT as _;
use egui_kittest::wgpu::{WgpuTestRenderer, default_wgpu_setup};

use crate::app::{App, Start};
use crate::model::Problem;
use crate::state::{Command, FilterCommand, Notice, NoticeKind, TimeCommand};
use crate::store::filter::{Dim, Filter};

/// How much of the session's time one frame takes.
pub const FRAME_SECS: f64 = 1.0 / 60.0;
/// Most real time that work on other threads is waited for.
pub const WORK_LIMIT: Duration = Duration::from_secs(60);
/// Most frames until an animation must have come to rest.
const MAX_SETTLE_FRAMES: usize = 600;

/// A window that exists only in memory.
pub struct Offscreen {
    harness: Harness<'static, App>,
    /// The session's time in seconds.
    now: f64,
    /// How long the frames took, as far as they were asked for by [`Offscreen::frame`].
    times: Vec<Duration>,
}

impl Offscreen {
    /// Opens the program in a window of a size in points. Fails where there is no graphics driver.
    pub fn open(mut start: Start, size: [f32; 2], pixels_per_point: f32) -> Result<Self, String> {
        start.offscreen = true;
        let renderer = WgpuTestRenderer::from_render_state(render_state()?);
        let harness = Harness::builder()
            .with_size(egui::Vec2::from(size))
            .with_pixels_per_point(pixels_per_point)
            .with_step_dt(FRAME_SECS as f32)
            .with_max_steps(64)
            .allow_missing_glyphs()
            .renderer(renderer)
            .build_eframe(|cc| App::new(start, &cc.egui_ctx, cc.wgpu_render_state.as_ref()));
        let now = harness.ctx.input(|input| input.time);
        Ok(Self { harness, now, times: Vec::new() })
    }

    pub fn app(&mut self) -> &mut App {
        self.harness.state_mut()
    }

    pub fn harness(&mut self) -> &mut Harness<'static, App> {
        &mut self.harness
    }

    /// Asks for something; done in the next frame.
    pub fn push(&mut self, command: impl Into<Command>) {
        self.app().commands.push(command);
    }

    /// Gives the next frame something that a user does.
    pub fn event(&mut self, event: Event) {
        self.harness.input_mut().events.push(event);
    }

    /// One frame, whose time is kept: taking in what jobs and commands bring, painting, and turning
    /// shapes into triangles. What the graphics driver does is left out.
    pub fn frame(&mut self) {
        let begun = Instant::now();
        self.step(FRAME_SECS);
        let mut took = begun.elapsed();
        let shapes = self.harness.output().shapes.clone();
        let begun = Instant::now();
        let triangles = self.harness.ctx.tessellate(shapes, self.harness.ctx.pixels_per_point());
        took += begun.elapsed();
        drop(triangles);
        self.times.push(took);
    }

    /// The times kept since the last call.
    pub fn take_times(&mut self) -> Vec<Duration> {
        std::mem::take(&mut self.times)
    }

    fn step(&mut self, secs: f64) {
        self.now += secs;
        let now = self.now;
        self.harness.input_mut().time = Some(now);
        self.harness.step();
    }

    /// Lets frames pass until nothing is pending: no job, no command, no animation but the player's.
    /// Whether that was reached within [`WORK_LIMIT`].
    pub fn settle(&mut self) -> bool {
        let begun = Instant::now();
        let mut calm = 0;
        let mut frames = 0;
        while calm < 3 {
            self.step(FRAME_SECS);
            self.write_wanted_picture();
            let app = self.harness.state();
            let works = app.is_busy() || !app.commands.is_empty();
            let playing = app.state.view.playback.playing;
            let moves = !playing && self.repaint_delay() < Duration::from_millis(20);
            if works {
                if begun.elapsed() > WORK_LIMIT {
                    return false;
                }
                calm = 0;
                std::thread::sleep(Duration::from_millis(1));
            } else if moves && frames < MAX_SETTLE_FRAMES {
                calm = 0;
                frames += 1;
            } else {
                calm += 1;
            }
        }
        true
    }

    /// Settles, and lets messages that go away by themselves go away.
    pub fn settle_without_notices(&mut self) -> bool {
        let settled = self.settle();
        let gone = |notice: &Notice| notice.until_secs;
        let last = self.harness.state().state.notices.iter().filter_map(gone).reduce(f64::max);
        if let Some(last) = last {
            let rest = last - self.now;
            self.step(rest.max(0.0) + FRAME_SECS);
            return settled && self.settle();
        }
        settled
    }

    fn repaint_delay(&self) -> Duration {
        let viewport = self.harness.output().viewport_output.get(&ViewportId::ROOT);
        viewport.map_or(Duration::MAX, |viewport| viewport.repaint_delay)
    }

    /// The picture of the window.
    pub fn picture(&mut self) -> Result<image::RgbaImage, String> {
        self.harness.render()
    }

    /// A picture that the user exports is taken by whoever draws the window.
    fn write_wanted_picture(&mut self) {
        let Some(path) = self.app().take_wanted_picture() else { return };
        match self.picture() {
            Ok(image) => {
                let (width, height) = image.dimensions();
                self.app().write_png(path, width, height, image.into_raw());
            }
            Err(err) => log::error!("no picture for {path}: {err}"),
        }
    }

    /// What could not be read of the open case.
    pub fn problems(&self) -> Vec<Problem> {
        self.harness.state().state.store().map_or_else(Vec::new, |store| store.problems.clone())
    }

    /// The detail of the first error that the window shows.
    pub fn error(&self) -> Option<String> {
        let app = self.harness.state();
        if let Some(crate::state::Dialog::CannotOpen(files)) = &app.state.view.dialog {
            let reasons: Vec<&str> = files.iter().map(|(_, reason)| reason.as_str()).collect();
            return Some(reasons.join(" "));
        }
        let errors = app.state.notices.iter().filter(|notice| notice.kind == NoticeKind::Error);
        errors
            .map(|notice| {
                format!("{}: {}", app.catalog().t(&format!("notice-{}", notice.title)), notice.detail)
            })
            .next()
    }

    /// The place of the widget with an accessible name: of the first that has exactly this one, or
    /// else of the only one that contains it.
    pub fn find(&self, label: &str) -> Result<Rect, String> {
        let mut exact = None;
        let mut holding: Vec<(String, Rect)> = Vec::new();
        let mut others = 0;
        for node in self.harness.root().children_recursive() {
            let accessible = node.accesskit_node();
            if accessible.is_hidden() || accessible.bounding_box().is_none() {
                continue;
            }
            let Some(name) = accessible.label().or_else(|| accessible.value()) else { continue };
            if name == label {
                exact = exact.or(Some(node.rect()));
            } else if name.contains(label) {
                holding.push((name, node.rect()));
            } else {
                others += 1;
            }
        }
        match (exact, holding.as_slice()) {
            (Some(rect), _) => Ok(rect),
            (None, [(_, rect)]) => Ok(*rect),
            (None, []) => Err(format!("no widget is named “{label}” ({others} others are)")),
            (None, several) => {
                let names: Vec<String> =
                    several.iter().take(6).map(|(name, _)| format!("“{name}”")).collect();
                Err(format!("{} widgets have “{label}” in their names: {}", several.len(), names.join(", ")))
            }
        }
    }

    /// Whether some widget has a text in its accessible name or value.
    pub fn says(&self, text: &str) -> bool {
        let holds = |said: Option<String>| said.is_some_and(|said| said.contains(text));
        self.harness.root().children_recursive().any(|node| {
            let accessible = node.accesskit_node();
            holds(accessible.label()) || holds(accessible.value())
        })
    }

    /// Presses and lets go of the button at a place, in three frames.
    pub fn click(&mut self, pos: Pos2) {
        self.event(Event::PointerMoved(pos));
        self.frame();
        for pressed in [true, false] {
            self.button(pos, pressed);
            self.frame();
        }
    }

    fn button(&mut self, pos: Pos2, pressed: bool) {
        self.event(Event::PointerButton {
            pos,
            button: egui::PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        });
    }

    /// Presses the button at a place and holds it.
    pub fn press(&mut self, pos: Pos2) {
        self.event(Event::PointerMoved(pos));
        self.frame();
        self.button(pos, true);
        self.frame();
    }

    /// Moves the pointer with the button held down.
    pub fn drag(&mut self, from: Pos2, to: Pos2, frames: u32) {
        self.press(from);
        for n in 1..=frames {
            let pos = from.lerp(to, n as f32 / frames as f32);
            self.event(Event::PointerMoved(pos));
            self.frame();
        }
        self.button(to, false);
        self.frame();
    }

    /// Turns the wheel at a place, by points in each frame.
    pub fn scroll(&mut self, at: Pos2, by: egui::Vec2, frames: u32) {
        self.event(Event::PointerMoved(at));
        self.frame();
        for _ in 0..frames {
            self.event(Event::MouseWheel {
                unit: egui::MouseWheelUnit::Point,
                delta: by,
                phase: egui::TouchPhase::Move,
                source: egui::MouseWheelSource::Unknown,
                modifiers: Modifiers::NONE,
            });
            self.frame();
        }
    }

    /// Presses and lets go of a key, in two frames.
    pub fn key(&mut self, key: egui::Key, modifiers: Modifiers) {
        for pressed in [true, false] {
            if pressed {
                self.event(Event::ModifiersChanged(modifiers));
            }
            self.event(Event::Key { key, physical_key: None, pressed, repeat: false, modifiers });
            if !pressed {
                self.event(Event::ModifiersChanged(Modifiers::NONE));
            }
            self.frame();
        }
    }

    /// Types a text into what has the focus, one character per frame.
    pub fn type_text(&mut self, text: &str) {
        for c in text.chars() {
            self.event(Event::Text(c.to_string()));
            self.frame();
        }
    }
}

/// Commands that bring the window's filter to a given one.
pub fn filter_commands(filter: &Filter) -> Vec<Command> {
    let mut commands: Vec<Command> = vec![
        FilterCommand::Reset.into(),
        TimeCommand::Window(filter.window).into(),
        TimeCommand::Mode(filter.window_mode).into(),
        FilterCommand::Text(filter.text.clone()).into(),
        FilterCommand::Fatalities { min: filter.min_fatalities, max: filter.max_fatalities }.into(),
        FilterCommand::Area(filter.area).into(),
    ];
    for dim in Dim::FACETS {
        if let Some(codes) = filter.codes(dim).filter(|codes| !codes.is_empty()) {
            commands.push(FilterCommand::Set(dim, codes.iter().copied().collect()).into());
        }
    }
    commands
}

/// A graphics device without a window: a software one if there is one, so that pictures are the
/// same everywhere. Vulkan, Metal or DirectX first; OpenGL only if these have nothing, because
/// looking for it asks the window system and takes long where there is none.
fn render_state() -> Result<egui_wgpu::RenderState, String> {
    let WgpuSetup::CreateNew(first) = default_wgpu_setup() else {
        return Err("the graphics setup cannot be changed".to_owned());
    };
    let chosen_by_user = wgpu::Backends::from_env();
    let attempts =
        chosen_by_user.map_or(vec![wgpu::Backends::PRIMARY, wgpu::Backends::GL], |backends| vec![backends]);
    let mut reason = String::new();
    for backends in attempts {
        let mut setup = first.clone();
        setup.instance_descriptor.backends = backends;
        match create(setup) {
            Ok(state) => return Ok(state),
            Err(err) => reason = err,
        }
    }
    Err(format!(
        "there is no graphics driver to draw with, not even a software one such as Mesa's lavapipe ({reason})"
    ))
}

fn create(setup: WgpuSetupCreateNew) -> Result<egui_wgpu::RenderState, String> {
    let setup = WgpuSetup::CreateNew(setup);
    let instance = pollster::block_on(setup.new_instance());
    let config = WgpuConfiguration { wgpu_setup: setup, ..WgpuConfiguration::default() };
    let state = egui_wgpu::RenderState::create(&config, &instance, None, RendererOptions::PREDICTABLE);
    pollster::block_on(state).map_err(|err| err.to_string())
}
