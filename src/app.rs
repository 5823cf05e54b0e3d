//! The program: the only place where state, jobs and window meet.
//!
//! `logic` takes in what jobs bring, applies commands, lets time pass and refreshes what is derived;
//! `ui` paints and collects commands for the next frame.

use std::borrow::Cow;
use std::sync::{Arc, Mutex};

use egui::{Context, ViewportCommand};

use crate::io;
use crate::jobs::{Examined, ImportEvent, JobEvent, Jobs, Purpose};
use crate::lang::Catalog;
use crate::model::import::{Report, SavedMapping};
use crate::model::{Document, EventId, EventType, Problem, Severity};
use crate::raster;
use crate::state::{
    AppState, BasemapChoice, Command, Commands, Counted, Derived, Effect, ExportFormat, ImportDraft,
    ImportEffect, ImportIncoming, Incoming, OpenTarget, Origin, ReportForm, SelectCommand, Settings,
    ThemeChoice, ViewCommand,
};
use crate::store::Store;
use crate::store::table::Offsets;
use crate::ui::map::archive::TileBytes;
use crate::ui::theme::{self, Theme};
use crate::ui::{self, FrameCtx, UiState, widgets};

/// What the program is started with.
#[derive(Clone, Debug, Default)]
pub struct Start {
    /// Files and folders to open; the built-in case if there is none.
    pub paths: Vec<String>,
    /// The built-in case beside the files.
    pub built_in: bool,
    /// Folders and files with original texts.
    pub documents: Vec<String>,
    pub settings: Settings,
    /// A settings file that was set aside.
    pub settings_problem: Option<Problem>,
    /// Nothing is read from or written to the settings file.
    pub ephemeral: bool,
    /// Opens no case at all.
    pub empty: bool,
    /// Whether crowded maps are drawn as points by the graphics device; otherwise devices that are no
    /// software do it.
    pub gpu_points: Option<bool>,
    /// There is no window system; pictures are taken by whoever drives the program.
    pub offscreen: bool,
}

/// A file that waits for a picture of the window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantsPicture {
    pub format: ExportFormat,
    pub events: Vec<EventId>,
    pub path: String,
}

/// Files to write, and the pictures for them.
type Pictures = Arc<Mutex<Vec<(WantsPicture, Arc<egui::ColorImage>)>>>;

/// The program in a window, or off-screen.
pub struct App {
    pub state: AppState,
    pub derived: Derived,
    pub ui: UiState,
    pub commands: Commands,
    jobs: Jobs,
    theme: Theme,
    catalog: Catalog,
    /// What waits for the path that the user picks in the export dialog.
    asked_export: Option<(ExportFormat, Vec<EventId>)>,
    /// What waits for the path that the user picks for a report.
    asked_report: Option<(Arc<Report>, ReportForm)>,
    /// Texts to attach once the first case is open.
    documents: Vec<String>,
    /// Pictures of the window on their way to files.
    pictures: Pictures,
    /// Off-screen, whoever drives the program takes the picture and writes it here.
    wanted_picture: Option<WantsPicture>,
    offscreen: bool,
    /// What views need is being made on another thread.
    deriving: bool,
    /// The searched text that it is made for.
    deriving_text: String,
    /// The dataset whose notes were given to be indexed, and the job that does it.
    indexed: Option<(Arc<Offsets>, u64)>,
    /// The basemap archive that was last asked for.
    asked_tiles: Option<String>,
    ephemeral: bool,
    settings_saved: Settings,
    settings_changed_at: Option<f64>,
    title: String,
}

impl App {
    /// Starts loading at once, so that reading overlaps with the making of the window.
    pub fn new(start: Start, ctx: &Context, render_state: Option<&eframe::egui_wgpu::RenderState>) -> Self {
        let wake = {
            let ctx = ctx.clone();
            Arc::new(move || ctx.request_repaint())
        };
        let Start {
            paths,
            built_in,
            documents,
            settings,
            settings_problem,
            ephemeral,
            empty,
            gpu_points,
            offscreen,
        } = start;
        let mut jobs = Jobs::new(wake);
        if !empty {
            if paths.is_empty() || built_in {
                jobs.open_built_in();
            }
            if !paths.is_empty() {
                jobs.open(paths, Vec::new());
            }
        }
        // Flow tests draw nothing and have no graphics.
        // What draws beside the window's own triangles draws by this.
        let foreign = render_state.map(|state| raster::install(ctx, state));
        if foreign.is_some() {
            walkers::install_renderer(foreign.as_ref());
        }
        ctx.set_fonts(theme::fonts());
        if !offscreen {
            // Pictures use the bundled fonts alone, so that they are the same everywhere.
            widgets::allow_system_fonts(ctx);
        }
        ctx.options_mut(|options| {
            // Ctrl and plus zoom the source text, not the whole window.
            options.zoom_with_keyboard = false;
            options.max_passes = std::num::NonZeroUsize::MIN.saturating_add(1);
        });
        let mut app = Self {
            theme: Theme::dark(),
            catalog: Catalog::new(settings.lang),
            state: AppState { settings: settings.clone(), ..AppState::default() },
            derived: Derived::default(),
            ui: UiState::default(),
            commands: Commands::default(),
            jobs,
            asked_export: None,
            asked_report: None,
            documents,
            pictures: Arc::default(),
            wanted_picture: None,
            offscreen,
            deriving: false,
            deriving_text: String::new(),
            indexed: None,
            asked_tiles: None,
            ephemeral,
            settings_saved: settings,
            settings_changed_at: None,
            title: String::new(),
        };
        if let Some(state) = &foreign {
            app.ui.map.points_mut().install(state, gpu_points.or_else(io::settings::gpu_points));
        }
        app.load_mappings();
        app.set_theme(ctx, app.wants_dark(ctx));
        widgets::set_ui_rtl(ctx, app.catalog.lang().is_rtl());
        if let Some(problem) = settings_problem {
            let title = match problem.severity {
                Severity::Warning => "setting-ignored",
                Severity::Error => "settings-broken",
            };
            app.receive(Incoming::Note { title: title.to_owned(), detail: problem.to_string() });
        }
        app
    }

    pub fn theme(&self) -> &Theme {
        &self.theme
    }

    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// Whether work runs on other threads, waits to be taken in, or goes on in the next frames.
    pub fn is_busy(&self) -> bool {
        let counts = self.state.view.show_timeline && self.state.case.is_some();
        self.jobs.is_busy()
            || self.deriving
            || !self.state.tasks.is_empty()
            || (counts && self.ui.timeline.is_counting())
    }

    /// Everything but painting; also what an off-screen run does between pictures.
    pub fn update(&mut self, ctx: &Context, now_secs: f64) {
        // Looked at before polling: what has ended by now, even by a panic, has reported all it will.
        self.deriving &= self.jobs.is_deriving();
        for event in self.jobs.poll() {
            self.take(ctx, event);
        }
        self.derived.refresh(&self.state);
        for command in self.commands.drain() {
            let effects = self.state.apply(command, &self.derived);
            self.derived.refresh_between(&self.state);
            for effect in effects {
                self.run(effect, Some(ctx));
            }
        }
        self.state.tick(now_secs, &self.derived);
        self.derived.refresh(&self.state);
        self.derive();
        self.index_words();
        if self.catalog.lang() != self.state.settings.lang {
            self.catalog = Catalog::new(self.state.settings.lang);
            widgets::set_ui_rtl(ctx, self.catalog.lang().is_rtl());
        }
        let dark = self.wants_dark(ctx);
        if dark != self.theme.dark {
            self.set_theme(ctx, dark);
        }
        if self.state.view.playback.playing {
            ctx.request_repaint();
        } else if let Some(until) = self.state.notices.iter().filter_map(|n| n.until_secs).reduce(f64::min) {
            ctx.request_repaint_after_secs((until - now_secs).max(0.0) as f32 + 0.05);
        }
        if let BasemapChoice::PmTiles(path) = &self.state.settings.basemap
            && self.asked_tiles.as_ref() != Some(path)
        {
            self.asked_tiles = Some(path.clone());
            self.jobs.open_tiles(path.clone());
        }
        self.save_settings_later(ctx, now_secs);
    }

    /// Has made elsewhere what takes long. Only ever one thing at a time, so that what is made next is
    /// what is wanted then, and nothing that nobody waits for any more.
    fn derive(&mut self) {
        if self.deriving {
            let typed = self.state.view.filter.text.as_str();
            if self.deriving_text != typed {
                // A search over notes that are not indexed yet takes long.
                self.jobs.stop_deriving();
            }
            return;
        }
        if let Some(request) = self.derived.request(&self.state) {
            self.deriving_text = request.wanted.filter.text.clone();
            self.jobs.derive(request);
            self.deriving = true;
        }
    }

    /// Has the notes of the flat datasets indexed for the search, one after the other, once all of them
    /// are open.
    fn index_words(&mut self) {
        let case = self.state.case.as_ref();
        let is_open = |(offsets, _): &(Arc<Offsets>, u64)| {
            let mut tables = case.iter().flat_map(|case| &case.store.tables);
            tables.any(|table| Arc::ptr_eq(offsets, table.offsets()))
        };
        if let Some((_, job)) = self.indexed.take_if(|indexed| !is_open(indexed)) {
            self.jobs.cancel(job);
        }
        let Some(case) = case.filter(|case| !case.is_changing()) else { return };
        let Some(table) = case.words.first_without(&case.store) else { return };
        let busy = self.indexed.as_ref().is_some_and(|(offsets, job)| {
            // One that the user has stopped is not begun again.
            let runs = self.jobs.runs(*job);
            runs || Arc::ptr_eq(offsets, table.offsets())
        });
        if !busy {
            let job = self.jobs.index_words(Arc::new(table.clone()));
            self.indexed = Some((table.offsets().clone(), job));
        }
    }

    fn wants_dark(&self, ctx: &Context) -> bool {
        match self.state.settings.theme {
            ThemeChoice::Dark => true,
            ThemeChoice::Light => false,
            ThemeChoice::System => ctx.system_theme() != Some(egui::Theme::Light),
        }
    }

    fn set_theme(&mut self, ctx: &Context, dark: bool) {
        self.theme = if dark { Theme::dark() } else { Theme::light() };
        let style = self.theme.style();
        ctx.set_theme(if dark { egui::Theme::Dark } else { egui::Theme::Light });
        ctx.set_style_of(egui::Theme::Dark, style.clone());
        ctx.set_style_of(egui::Theme::Light, style);
    }

    fn take(&mut self, ctx: &Context, event: JobEvent) {
        match event {
            JobEvent::Started { id, message, subject } => {
                self.receive(Incoming::TaskStarted { id, message, subject })
            }
            JobEvent::Progress { id, done, total } => {
                self.receive(Incoming::TaskProgress { id, done, total })
            }
            JobEvent::Ended { id } => self.receive(Incoming::TaskEnded { id }),
            JobEvent::CaseOpened { store, path, growing } => {
                let origin = path.map_or(Origin::BuiltIn, Origin::File);
                self.receive(Incoming::CaseOpened { store, origin, opened_at: unix_now() });
                if let Some(id) = growing {
                    self.receive(Incoming::CaseGrows { id });
                }
                let documents = std::mem::take(&mut self.documents);
                if !documents.is_empty() {
                    self.run(Effect::Attach { paths: documents, quiet: false }, None);
                }
            }
            JobEvent::DatasetRead { dataset, store } => {
                self.receive(Incoming::DatasetRead { dataset, store });
            }
            JobEvent::Import(event) => self.take_import(event),
            JobEvent::CaseGrown { id, store, complete } => {
                self.receive(Incoming::CaseGrown { id, store, complete });
            }
            JobEvent::WordsIndexed { table, words } => self.receive(Incoming::WordsIndexed { table, words }),
            JobEvent::Changed { generation, store } => self.receive(Incoming::Changed { generation, store }),
            JobEvent::TwinsFound(found) => self.receive(Incoming::TwinsFound(found)),
            JobEvent::Attached { matched, unmatched, problems, quiet } => {
                self.receive(Incoming::Attached { matched, unmatched, problems, quiet });
            }
            JobEvent::Derived(answer) => {
                self.deriving = false;
                if let Some(answer) = answer {
                    self.receive(Incoming::Derived { generation: answer.made.wanted.generation });
                    self.derived.accept(&self.state, *answer);
                }
            }
            JobEvent::Exported { path, written: io::Written { events, losses, .. } } => {
                self.receive(Incoming::Exported { path, events, losses });
            }
            JobEvent::TilesOpened { path, file } => self.show_tiles(ctx, path, file),
            JobEvent::Failed { title, detail } => self.receive(Incoming::Failed { title, detail }),
            JobEvent::DialogFailed => {
                let detail = self.catalog.t("notice-dialog-failed-detail");
                self.receive(Incoming::Failed { title: "dialog-failed".to_owned(), detail });
            }
            JobEvent::CannotOpen(files) => self.receive(Incoming::CannotOpen(files)),
            JobEvent::Picked { purpose, paths } => match purpose {
                Purpose::Open => self.commands.push(Command::Open(OpenTarget::Paths(paths))),
                Purpose::OpenInstead => self.commands.push(Command::Open(OpenTarget::Instead(paths))),
                Purpose::Attach => self.commands.push(Command::Attach(Some(paths))),
                Purpose::PmTiles => {
                    if let Some(path) = paths.into_iter().next() {
                        self.receive(Incoming::PmTilesPicked(path));
                    }
                }
                Purpose::Report => {
                    if let Some((path, (report, form))) =
                        paths.into_iter().next().zip(self.asked_report.take())
                    {
                        self.run_import(ImportEffect::WriteReport { report, form, path });
                    }
                }
                Purpose::Export => {
                    if let Some((path, (format, events))) =
                        paths.into_iter().next().zip(self.asked_export.take())
                    {
                        self.run(Effect::Export { format, events, path }, Some(ctx));
                    }
                }
            },
        }
    }

    fn take_import(&mut self, event: ImportEvent) {
        let incoming = match event {
            ImportEvent::Examined(examined) => ImportIncoming::Examined(Box::new(draft_of(*examined))),
            ImportEvent::Tried { file, wish, detected, preview } => {
                ImportIncoming::Tried { file, wish, detected: *detected, preview: Arc::new(preview) }
            }
            ImportEvent::Counting { file, wish, rows, total } => {
                ImportIncoming::Counting { file, wish, rows, total }
            }
            ImportEvent::Counted { file, wish, report, sketch, seconds, records } => {
                ImportIncoming::Counted { file, counted: Counted { wish, report, sketch, seconds, records } }
            }
            ImportEvent::Failed { file, wish, reason } => ImportIncoming::Failed { file, wish, reason },
            ImportEvent::Large { path, sentence } => ImportIncoming::Large { path, sentence },
            ImportEvent::ReportWritten { path } => {
                self.receive(Incoming::Note { title: "report-saved".to_owned(), detail: path });
                return;
            }
        };
        self.receive(Incoming::Import(incoming));
    }

    fn run_import(&mut self, effect: ImportEffect) {
        match effect {
            ImportEffect::Count { file, wish, settings, anew } => {
                self.jobs.count(file, wish, *settings, anew);
            }
            ImportEffect::Read { file, settings, replaces } => {
                self.jobs.read_waiting(file, *settings, replaces);
            }
            ImportEffect::Forget { file } => self.jobs.forget(file),
            ImportEffect::OpenLarge(path) => self.jobs.open_large(path),
            ImportEffect::Edit { dataset, path, settings } => self.jobs.edit(dataset, path, *settings),
            ImportEffect::ReadAgain { dataset, path, settings } => {
                self.jobs.read_again(Some(dataset), path, *settings);
            }
            ImportEffect::ReadNew { path, settings } => self.jobs.read_again(None, path, *settings),
            ImportEffect::SaveMappings(mappings) => self.save_mappings(mappings),
            ImportEffect::Codes(dialect) => {
                let codes = Arc::new(io::import::code_groups(dialect));
                self.receive(Incoming::Import(ImportIncoming::Codes(dialect, codes)));
            }
            ImportEffect::AskReport { report, form } => {
                self.asked_report = Some((report, form));
                self.jobs.ask(Purpose::Report, self.catalog.t("report-save-title"), form.extension());
            }
            ImportEffect::WriteReport { report, form, path } => {
                self.jobs.write_report(path, move |path| {
                    let written = match form {
                        ReportForm::Csv => io::import::write_report_csv(&report, path),
                        ReportForm::Json => io::import::write_report_json(&report, path),
                    };
                    written.map_err(|err| err.to_string())
                });
            }
        }
    }

    fn load_mappings(&mut self) {
        let folder = io::settings::config_dir().filter(|_| !self.ephemeral);
        match folder.map(|folder| io::import::saved::load(&folder)) {
            Some(Ok(saved)) => self.receive(Incoming::Import(ImportIncoming::Saved(saved))),
            Some(Err(detail)) => {
                self.receive(Incoming::Note { title: "setting-ignored".to_owned(), detail });
            }
            None => {}
        }
    }

    fn save_mappings(&mut self, mappings: Vec<SavedMapping>) {
        if self.ephemeral {
            return;
        }
        self.jobs.quietly("mappings", move || {
            let Some(folder) = io::settings::config_dir() else { return Ok(()) };
            io::import::saved::save(&folder, &mappings)
                .map_err(|err| ("settings-not-saved".to_owned(), err.to_string()))
        });
    }

    /// Hands an archive to the map; without one the offline basemap stays.
    fn show_tiles(&mut self, ctx: &Context, path: String, file: Result<Arc<io::ByteFile>, String>) {
        let shown = file.and_then(|file| {
            let shown = self.ui.map.set_archive(ctx, &path, Arc::new(Archive(file)));
            shown.map_err(|err| format!("{err} ({path})"))
        });
        if let Err(detail) = shown {
            self.state.settings.basemap = BasemapChoice::Offline;
            self.receive(Incoming::Failed { title: "basemap-failed".to_owned(), detail });
        }
    }

    /// Shows a case that was read elsewhere.
    pub fn show(&mut self, store: Box<Store>, origin: Origin) {
        self.receive(Incoming::CaseOpened { store, origin, opened_at: unix_now() });
    }

    fn receive(&mut self, incoming: Incoming) {
        for effect in self.state.receive(incoming) {
            self.run(effect, None);
        }
    }

    fn documents(&self) -> Vec<Document> {
        self.state.store().map(|store| store.documents.clone()).unwrap_or_default()
    }

    fn run(&mut self, effect: Effect, ctx: Option<&Context>) {
        match effect {
            Effect::AskOpen { instead: false } => {
                self.jobs.ask(Purpose::Open, self.catalog.t("action-open"), "")
            }
            Effect::AskOpen { instead: true } => {
                self.jobs.ask(Purpose::OpenInstead, self.catalog.t("action-open-instead"), "")
            }
            Effect::Change => {
                let case = self.state.case.as_ref();
                if let Some((store, change)) =
                    case.and_then(|case| Some((case.store.clone(), case.changes.making.clone()?)))
                {
                    self.jobs.change(store, change);
                }
            }
            Effect::FindTwins(query) => {
                if let Some(case) = &self.state.case {
                    self.jobs.find_twins(case.store.clone(), query);
                }
            }
            Effect::AskAttach => self.jobs.ask(Purpose::Attach, self.catalog.t("action-attach"), ""),
            Effect::AskPmTiles => {
                self.jobs.ask(Purpose::PmTiles, self.catalog.t("action-basemap-pmtiles"), "")
            }
            Effect::AskExport { format, events } => {
                self.asked_export = Some((format, events));
                self.jobs.ask(Purpose::Export, self.catalog.t("export-title"), format.extension());
            }
            Effect::Open(paths) => {
                let documents = self.documents();
                self.jobs.open(paths, documents);
            }
            Effect::OpenBuiltIn => self.jobs.open_built_in(),
            Effect::Attach { paths, quiet } => {
                let documents = self.documents();
                self.jobs.attach(documents, paths, quiet);
            }
            Effect::Export { format, events, path } if format.has_picture() => {
                let wanted = WantsPicture { format, events, path };
                let (Some(ctx), false) = (ctx, self.offscreen) else {
                    self.wanted_picture = Some(wanted);
                    return;
                };
                let pictures = self.pictures.clone();
                ctx.request_screenshot(move |image| {
                    if let Ok(mut pictures) = pictures.lock() {
                        pictures.push((wanted, image));
                    }
                });
            }
            Effect::Export { format, events, path } => self.export(format, events, path, None),
            Effect::Import(effect) => self.run_import(effect),
            Effect::SaveSettings => self.settings_changed_at = Some(self.state.now_secs),
            Effect::Cancel(id) => self.jobs.cancel(id),
            Effect::Copy(text) => {
                if let Some(ctx) = ctx {
                    ctx.copy_text(text);
                }
            }
            Effect::FullScreen(full) => {
                if let Some(ctx) = ctx {
                    ctx.send_viewport_cmd(ViewportCommand::Fullscreen(full));
                }
            }
            Effect::Quit => {
                if let Some(ctx) = ctx {
                    ctx.send_viewport_cmd(ViewportCommand::Close);
                }
            }
        }
    }

    /// The file that a picture of the off-screen window is wanted for, once.
    pub fn take_wanted_picture(&mut self) -> Option<WantsPicture> {
        self.wanted_picture.take()
    }

    /// Writes, on another thread, the file that waited for a picture of the window (8-bit red, green, blue
    /// and alpha). A report is written without one if there is none.
    pub fn picture_taken(&mut self, wanted: WantsPicture, picture: Option<image::RgbaImage>) {
        let WantsPicture { format, events, path } = wanted;
        match (format, picture) {
            (ExportFormat::Png, Some(image)) => self.jobs.export(path, move |path, _| {
                let (width, height) = image.dimensions();
                io::write_png(path, width, height, image.as_raw()).map(|()| io::Written::default())
            }),
            (ExportFormat::Png, None) => {}
            (format, picture) => {
                let map = picture.and_then(|image| self.map_of(&image));
                self.export(format, events, path, map);
            }
        }
    }

    /// The map in a picture of the window.
    pub fn map_of(&self, window: &image::RgbaImage) -> Option<image::RgbaImage> {
        let [left, top, width, height] = self.ui.map.share_of_window()?;
        let (whole_width, whole_height) = window.dimensions();
        let pixels = |share: f32, whole: u32| (share * whole as f32).round().max(0.0) as u32;
        let view = image::imageops::crop_imm(
            window,
            pixels(left, whole_width),
            pixels(top, whole_height),
            pixels(width, whole_width),
            pixels(height, whole_height),
        );
        Some(view.to_image()).filter(|map| map.width() > 0 && map.height() > 0)
    }

    fn export(
        &mut self,
        format: ExportFormat,
        events: Vec<EventId>,
        path: String,
        map: Option<image::RgbaImage>,
    ) {
        let Some(case) = &self.state.case else { return };
        let store = case.store.clone();
        let mut look = look(&FrameCtx {
            state: &self.state,
            derived: &self.derived,
            theme: &self.theme,
            catalog: &self.catalog,
        });
        self.jobs.export(path, move |path, watch| {
            look.picture = map.and_then(|map| io::png(map.width(), map.height(), map.as_raw()).ok());
            io::write_file(&store, &events, format, &look, path, watch)
        });
    }

    fn save_settings_later(&mut self, ctx: &Context, now_secs: f64) {
        const DELAY_SECS: f64 = 1.0;
        match self.settings_changed_at {
            Some(at) if now_secs >= at + DELAY_SECS => {
                self.settings_changed_at = None;
                self.save_settings();
            }
            Some(at) => ctx.request_repaint_after_secs((at + DELAY_SECS - now_secs) as f32 + 0.01),
            None => {}
        }
    }

    fn save_settings(&mut self) {
        if self.ephemeral || self.settings_saved == self.state.settings {
            return;
        }
        self.settings_saved = self.state.settings.clone();
        let settings = self.state.settings.clone();
        self.jobs.quietly("settings", move || {
            let Some(folder) = io::settings::config_dir() else { return Ok(()) };
            io::settings::save(&folder, &settings)
                .map_err(|err| ("settings-not-saved".to_owned(), err.to_string()))
        });
    }

    /// Takes in pictures, dropped files and the window's own size.
    fn window_events(&mut self, ctx: &Context) {
        let (dropped, viewport) =
            ctx.input(|input| (input.raw.dropped_files.clone(), input.viewport().clone()));
        let paths: Vec<String> = dropped.iter().map(|file| file.path().display().to_string()).collect();
        if !paths.is_empty() {
            self.commands.push(Command::Open(OpenTarget::Paths(paths)));
        }
        let pictures = self.pictures.lock().map(|mut p| std::mem::take(&mut *p)).unwrap_or_default();
        for (wanted, image) in pictures {
            let [width, height] = image.size;
            let rgba = image.pixels.iter().flat_map(egui::Color32::to_srgba_unmultiplied).collect();
            self.picture_taken(wanted, image::RgbaImage::from_raw(width as u32, height as u32, rgba));
        }
        if !self.ephemeral
            && let Some(inner) = viewport.inner_rect
        {
            let size = [inner.width().round(), inner.height().round()];
            let pos = viewport.outer_rect.map(|rect| [rect.left().round(), rect.top().round()]);
            let maximized = viewport.maximized.unwrap_or(false);
            let settings = &self.state.settings;
            let moved =
                !maximized && (settings.window_size != size || (pos.is_some() && settings.window_pos != pos));
            if (moved || settings.maximized != maximized) && size[0] > 100.0 && size[1] > 100.0 {
                self.commands.push(ViewCommand::Window { size, pos, maximized });
            }
        }
        let name = self.state.store().map(|store| store.titles.get(self.state.settings.lang).to_owned());
        let title = name.map_or_else(
            || self.catalog.t("app-name"),
            |name| format!("{name} – {}", self.catalog.t("app-name")),
        );
        if title != self.title {
            ctx.send_viewport_cmd(ViewportCommand::Title(title.clone()));
            self.title = title;
        }
    }

    /// Paints the window and collects commands.
    pub fn paint(&mut self, ui: &mut egui::Ui) {
        let cx = FrameCtx {
            state: &self.state,
            derived: &self.derived,
            theme: &self.theme,
            catalog: &self.catalog,
        };
        self.commands.hover = None;
        ui::window_ui(ui, &cx, &mut self.ui, &mut self.commands);
        if let Some(content) = self.ui.callback_content() {
            raster::vouch(ui.ctx(), content);
        }
        if self.commands.hover != self.state.view.hover {
            let hover = self.commands.hover;
            self.commands.push(SelectCommand::Hover(hover));
        }
        if !self.commands.is_empty() {
            ui.ctx().request_repaint();
        }
    }
}

impl eframe::App for App {
    fn logic(&mut self, ctx: &Context, _frame: &mut eframe::Frame) {
        let now = ctx.input(|input| input.time);
        self.window_events(ctx);
        self.update(ctx, now);
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        self.paint(ui);
    }

    fn on_exit(&mut self) {
        self.save_settings();
        // The thread that writes the settings is short; leaving before it ends would lose them.
        for _ in 0..100 {
            if !self.jobs.is_busy() {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
    }
}

/// What exported files say about the view: the case's title, the filter in words, the colours of event
/// types. On paper and on other programs' maps the light theme's are the ones that can be seen.
pub fn look(cx: &FrameCtx<'_>) -> io::Look {
    let theme = Theme::light();
    let title = cx.store().map(|store| store.titles.get(cx.lang()).to_owned());
    io::Look {
        title: title.filter(|title| !title.is_empty()).unwrap_or_else(|| cx.t("app-name")),
        filter: ui::filters::in_words(cx),
        colors: EventType::ALL
            .iter()
            .map(|event_type| {
                let color = theme.event_type(*event_type);
                [color.r(), color.g(), color.b()]
            })
            .collect(),
        picture: None,
    }
}

/// A file that waits, as it was found.
fn draft_of(examined: Examined) -> ImportDraft {
    let Examined { file, path, name, bytes, detected, preview, replaces } = examined;
    ImportDraft {
        file,
        path,
        name,
        bytes,
        first: detected.settings.clone(),
        settings: detected.settings.clone(),
        detected,
        preview: Arc::new(preview),
        wish: 0,
        counted: None,
        progress: None,
        failure: None,
        replaces,
        saved: None,
    }
}

/// A file of the user's as the map reads it.
struct Archive(Arc<io::ByteFile>);

impl TileBytes for Archive {
    fn size_bytes(&self) -> u64 {
        self.0.size_bytes()
    }

    fn read_at(&self, offset_bytes: u64, length_bytes: usize) -> Result<Cow<'_, [u8]>, String> {
        self.0.read_at(offset_bytes, length_bytes).map(Cow::Owned)
    }
}

/// Seconds since 1970 by the system's clock.
fn unix_now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |duration| duration.as_secs() as i64)
}
