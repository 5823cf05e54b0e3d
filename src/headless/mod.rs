//! The window's own code without a window system: pictures, scripted sessions, and the case as a
//! filter shows it.
//!
//! [`Offscreen`] drives the same [`App`] as the window does; it needs a graphics driver (software
//! ones will do), but no display. Time passes by frames of [`FRAME_SECS`], so that a session does
//! not depend on the speed of the machine; only work on other threads is waited for in real time.

pub mod choose;
pub mod load;
pub mod replay;
pub mod rows;
mod screen;
pub mod shot;
pub mod times;

use std::time::{Duration, Instant};

use egui::{Event, Modifiers, Pos2, Rect, ViewportId};
use egui_kittest::Harness;
use egui_kittest::kittest::NodeT as _;
use screen::{Screen, SharedScreen};

use crate::app::{App, Start};
use crate::model::Problem;
use crate::state::{Command, FilterCommand, Notice, NoticeKind, TimeCommand};
use crate::store::filter::{Dim, Filter};

/// How much of the session's time one frame takes.
pub const FRAME_SECS: f64 = 1.0 / 60.0;
/// Most real time that work on other threads is waited for.
pub const WORK_LIMIT: Duration = Duration::from_secs(600);
/// So long is work waited for with frames as often as can be, with this pause between two.
const CLOSE_WAIT: Duration = Duration::from_millis(100);
const CLOSE_PAUSE: Duration = Duration::from_millis(1);
/// Most frames until an animation must have come to rest.
const MAX_SETTLE_FRAMES: usize = 600;

/// A window that exists only in memory.
pub struct Offscreen {
    harness: Harness<'static, App>,
    /// The session's time in seconds.
    now: f64,
    screen: SharedScreen,
    /// How long the frames took, as far as they were asked for by [`Offscreen::frame`].
    times: Vec<FrameTime>,
    /// The window's own part of frames in which it only waited, as far as they were measured.
    waits: Vec<Duration>,
    /// Whether frames are drawn by the graphics device too, and their whole time is kept.
    draws: bool,
    /// Whether what the window shows now has been drawn.
    drawn: bool,
}

/// How long one frame took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FrameTime {
    /// The window's own part: taking in what jobs and commands bring, laying out and painting, and
    /// turning shapes into triangles.
    pub ui: Duration,
    /// All of it: also textures and buffers on their way to the graphics device, and drawing, until
    /// the device is idle. `None` where the device was left out.
    pub whole: Option<Duration>,
}

impl Offscreen {
    /// Opens the program in a window of a size in points. Fails where there is no graphics driver.
    pub fn open(mut start: Start, size: [f32; 2], pixels_per_point: f32) -> Result<Self, String> {
        start.offscreen = true;
        let screen = SharedScreen::new(Screen::open()?);
        let harness = Harness::builder()
            .with_size(egui::Vec2::from(size))
            .with_pixels_per_point(pixels_per_point)
            .with_step_dt(FRAME_SECS as f32)
            .with_max_steps(64)
            .allow_missing_glyphs()
            .renderer(screen.clone())
            .build_eframe(|cc| App::new(start, &cc.egui_ctx, cc.wgpu_render_state.as_ref()));
        let now = harness.ctx.input(|input| input.time);
        Ok(Self { harness, now, screen, times: Vec::new(), waits: Vec::new(), draws: false, drawn: false })
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

    /// From now on, frames are also drawn by the graphics device, as in a real window, and their
    /// whole time is kept, as is the window's own part of frames of waiting. A window of a software driver takes several times as long to draw as to
    /// lay out, so that this is not for those who only want to see what happens.
    pub fn draw_frames(&mut self) {
        self.draws = true;
    }

    /// One frame, whose time is kept. The device's part is counted only after
    /// [`Offscreen::draw_frames`], and only if it can draw.
    pub fn frame(&mut self) {
        if self.draws && !self.drawn {
            // The frames of waiting were not drawn. What they brought to the device would otherwise
            // be charged to this one.
            self.draw();
        }
        let (triangles, ui, uploading) = self.own_part();
        let whole = if self.draws { self.draw_triangles(&triangles) } else { None };
        self.times.push(FrameTime { ui, whole: whole.map(|drawing| ui + uploading + drawing) });
    }

    /// A frame up to its triangles. With these comes how long that took, and how long the textures
    /// that it changed took on their way to the device.
    fn own_part(&mut self) -> (Vec<egui::ClippedPrimitive>, Duration, Duration) {
        self.screen.borrow().take_upload_time();
        let begun = Instant::now();
        self.step(FRAME_SECS);
        let uploading = self.screen.borrow().take_upload_time();
        let stepping = begun.elapsed().saturating_sub(uploading);
        let (triangles, tessellating) = self.triangles();
        (triangles, stepping + tessellating, uploading)
    }

    /// The triangles of the present picture, and how long it took to find them.
    fn triangles(&self) -> (Vec<egui::ClippedPrimitive>, Duration) {
        let shapes = self.harness.output().shapes.clone();
        let begun = Instant::now();
        let triangles = self.harness.ctx.tessellate(shapes, self.harness.ctx.pixels_per_point());
        (triangles, begun.elapsed())
    }

    fn draw(&mut self) {
        let (triangles, _) = self.triangles();
        self.draw_triangles(&triangles);
    }

    /// Has the device draw the window; how long that took, or `None` if it cannot.
    fn draw_triangles(&mut self, triangles: &[egui::ClippedPrimitive]) -> Option<Duration> {
        let pixels_per_point = self.harness.ctx.pixels_per_point();
        let size = self.harness.ctx.content_rect().size() * pixels_per_point;
        let pixels = [size.x, size.y].map(|side| side.round().max(1.0) as u32);
        let begun = Instant::now();
        let drawn = self.screen.borrow().draw(triangles, pixels, pixels_per_point);
        let took = begun.elapsed();
        self.drawn = true;
        drawn.inspect_err(|err| log::error!("a frame could not be drawn: {err}")).ok().map(|()| took)
    }

    /// The times kept since the last call.
    pub fn take_times(&mut self) -> Vec<FrameTime> {
        std::mem::take(&mut self.times)
    }

    /// The window's own part of the frames in which it waited for work or came to rest, kept since
    /// the last call. Empty before [`Offscreen::draw_frames`].
    pub fn take_waits(&mut self) -> Vec<Duration> {
        std::mem::take(&mut self.waits)
    }

    fn step(&mut self, secs: f64) {
        self.now += secs;
        let now = self.now;
        self.harness.input_mut().time = Some(now);
        self.harness.step();
        self.drawn = false;
    }

    /// Lets frames pass until nothing is pending: no job, no command, no animation but the player's.
    /// Whether that was reached within [`WORK_LIMIT`].
    pub fn settle(&mut self) -> bool {
        let begun = Instant::now();
        let mut calm = 0;
        let mut frames = 0;
        while calm < 3 {
            let frame_begun = Instant::now();
            if self.draws {
                let (_, ui, _) = self.own_part();
                self.waits.push(ui);
            } else {
                self.step(FRAME_SECS);
            }
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
                // Short work is waited for closely; long work needs the cores more than frames do, of
                // which a display shows sixty in a second.
                let rest = Duration::from_secs_f64(FRAME_SECS).saturating_sub(frame_begun.elapsed());
                let short = begun.elapsed() < CLOSE_WAIT;
                std::thread::sleep(if short { CLOSE_PAUSE } else { rest.max(CLOSE_PAUSE) });
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
        let Some(wanted) = self.app().take_wanted_picture() else { return };
        let picture = self.picture();
        if let Err(err) = &picture {
            log::error!("no picture for {}: {err}", wanted.path);
        }
        self.app().picture_taken(wanted, picture.ok());
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
