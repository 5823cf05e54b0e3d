//! The only writer of the state: one function per area of commands.

use crate::model::document::TextForm;
use crate::model::{BBox, DocumentId, EventId, Interval, SpanRole, time};
use crate::store::bins::{Unit, unit_window};
use crate::store::filter::{Codes, Dim};

use super::command::*;
use super::playback::{PlayMode, Playback, shifted};
use super::settings::{RecentFile, ThemeChoice};
use super::view::{CameraTarget, Dialog, Notice, NoticeAction, NoticeKind, Selection, SortColumn, ViewState};
use super::{AppState, Derived, OpenCase, Origin, Task};

/// How long a notice that asks for nothing stays, in seconds.
const NOTICE_SECS: f64 = 6.0;
/// How many files are remembered.
const MAX_RECENT: usize = 12;
/// Steps back that selections keep.
const MAX_BACK: usize = 200;

impl AppState {
    /// Does what the user asks for.
    pub fn apply(&mut self, command: Command, derived: &Derived) -> Vec<Effect> {
        match command {
            Command::Open(OpenTarget::Ask) => vec![Effect::AskOpen],
            Command::Open(OpenTarget::BuiltIn) => vec![Effect::OpenBuiltIn],
            Command::Open(OpenTarget::Paths(paths)) => vec![Effect::Open(paths)],
            Command::Attach(None) => vec![Effect::AskAttach],
            Command::Attach(Some(paths)) => vec![Effect::Attach { paths, quiet: false }],
            Command::AddDocuments(documents) => self.add_documents(documents),
            Command::CloseCase => self.close_case(),
            Command::Export { format, scope, path } => self.export(format, scope, path, derived),
            Command::Filter(command) => self.apply_filter(command),
            Command::Select(command) => self.apply_select(command, derived),
            Command::Time(command) => self.apply_time(command, derived),
            Command::Map(command) => self.apply_map(command, derived),
            Command::Text(command) => self.apply_text(command, derived),
            Command::View(command) => self.apply_view(command),
            Command::CancelTask(id) => vec![Effect::Cancel(id)],
            Command::Copy(text) => vec![Effect::Copy(text)],
            Command::ForgetRecent(path) => {
                match path {
                    Some(path) => self.settings.recent.retain(|recent| recent.path != path),
                    None => self.settings.recent.clear(),
                }
                vec![Effect::SaveSettings]
            }
            Command::Quit => vec![Effect::Quit],
        }
    }

    /// Takes in what work on other threads brings back.
    pub fn receive(&mut self, incoming: Incoming) -> Vec<Effect> {
        match incoming {
            Incoming::TaskStarted { id, message, subject } => {
                self.tasks.push(Task { id, message, subject, done: 0, total: None });
            }
            Incoming::TaskProgress { id, done, total } => {
                if let Some(task) = self.tasks.iter_mut().find(|task| task.id == id) {
                    (task.done, task.total) = (done, total);
                }
            }
            Incoming::TaskEnded { id } => self.tasks.retain(|task| task.id != id),
            Incoming::CaseOpened { store, origin, opened_at } => {
                return self.case_opened(*store, origin, opened_at);
            }
            Incoming::Attached { matched, unmatched, problems, quiet } => {
                return self.attached(matched, unmatched, problems, quiet);
            }
            Incoming::Exported { path, rows } => {
                let detail = if rows == 0 { path } else { format!("{rows} · {path}") };
                self.notify(NoticeKind::Success, "exported".to_owned(), detail, None);
            }
            Incoming::Failed { title, detail } => self.notify(NoticeKind::Error, title, detail, None),
            Incoming::CannotOpen(files) => self.view.dialog = Some(Dialog::CannotOpen(files)),
            Incoming::Note { title, detail } => self.notify(NoticeKind::Info, title, detail, None),
            Incoming::PmTilesPicked(path) => {
                self.settings.basemap = super::BasemapChoice::PmTiles(path);
                return vec![Effect::SaveSettings];
            }
        }
        Vec::new()
    }

    /// Lets time pass: playing moves the window, notices go away.
    pub fn tick(&mut self, now_secs: f64, derived: &Derived) {
        let passed = (now_secs - self.now_secs).max(0.0);
        self.now_secs = now_secs;
        self.notices.retain(|notice| notice.until_secs.is_none_or(|until| until > now_secs));
        let playback = &mut self.view.playback;
        if !playback.playing {
            return;
        }
        playback.since_step_secs += passed;
        let step_secs = 1.0 / (Playback::STEPS_PER_SEC * f64::from(playback.speed.max(0.01)));
        // After a pause of the machine one step is enough.
        if playback.since_step_secs >= step_secs {
            playback.since_step_secs = (playback.since_step_secs - step_secs).min(step_secs);
            self.play_step(derived);
        }
    }

    /// Shows a message.
    pub fn notify(&mut self, kind: NoticeKind, title: String, detail: String, action: Option<NoticeAction>) {
        let id = self.notices.iter().map(|notice| notice.id + 1).max().unwrap_or(1);
        let stays = kind == NoticeKind::Error || action.is_some();
        let until_secs = (!stays).then_some(self.now_secs + NOTICE_SECS);
        self.notices.push(Notice { id, kind, title, detail, action, until_secs });
    }

    fn case_opened(&mut self, mut store: crate::store::Store, origin: Origin, opened_at: i64) -> Vec<Effect> {
        self.last_generation = self.store().map_or(0, |store| store.generation).max(self.last_generation) + 1;
        store.generation = self.last_generation;
        let problems = store.problems.len();
        let events = store.num_events();
        let view = std::mem::take(&mut self.view);
        // What the user arranged stays; what belongs to the other case goes.
        self.view = ViewState {
            show_start: view.show_start,
            show_end: view.show_end,
            show_timeline: view.show_timeline,
            show_legend: view.show_legend,
            lanes: view.lanes,
            collapse_gaps: view.collapse_gaps,
            sort: view.sort,
            folded: view.folded,
            full_screen: view.full_screen,
            document: (!store.documents.is_empty()).then_some(DocumentId(0)),
            camera: view.camera,
            text_target: view.text_target,
            time_target: (view.time_target.0 + 1, None),
            ..ViewState::default()
        };
        if let Some(bbox) = framing(&store) {
            self.move_camera(CameraTarget::Fit(bbox));
        }
        let path = match &origin {
            Origin::BuiltIn => None,
            Origin::File(path) => Some(path.clone()),
        };
        let hashes: Vec<&str> =
            store.documents.iter().filter_map(|d| d.original.as_ref()).map(|o| o.sha256.as_str()).collect();
        let known = self.settings.attached.iter().filter(|(hash, _)| hashes.contains(&hash.as_str()));
        let paths: Vec<String> = known.map(|(_, path)| path.clone()).collect();
        self.case = Some(OpenCase { store: std::sync::Arc::new(store), origin });
        if problems > 0 {
            let detail = problems.to_string();
            self.notify(NoticeKind::Warning, "problems".to_owned(), detail, Some(NoticeAction::ShowProblems));
        }
        let mut effects = Vec::new();
        if let Some(path) = path {
            self.settings.recent.retain(|recent| recent.path != path);
            self.settings.recent.insert(0, RecentFile { path, note: events.to_string(), opened_at });
            self.settings.recent.truncate(MAX_RECENT);
            effects.push(Effect::SaveSettings);
        }
        if !paths.is_empty() {
            effects.push(Effect::Attach { paths, quiet: true });
        }
        effects
    }

    fn close_case(&mut self) -> Vec<Effect> {
        self.last_generation = self.store().map_or(0, |store| store.generation).max(self.last_generation);
        self.case = None;
        let full_screen = self.view.full_screen;
        self.view = ViewState { full_screen, ..ViewState::default() };
        Vec::new()
    }

    fn attached(
        &mut self,
        matched: Vec<(DocumentId, String, String)>,
        unmatched: Vec<crate::model::Document>,
        problems: Vec<crate::model::Problem>,
        quiet: bool,
    ) -> Vec<Effect> {
        let Some(case) = &mut self.case else { return Vec::new() };
        let store = std::sync::Arc::make_mut(&mut case.store);
        let count = matched.len();
        for (document, text, path) in matched {
            let hash = store.document(document).and_then(|d| d.original.as_ref()).map(|o| o.sha256.clone());
            store.attach(document, text);
            if let Some(hash) = hash {
                self.settings.attached.retain(|(known, _)| *known != hash);
                self.settings.attached.push((hash, path));
            }
        }
        store.problems.extend(problems.iter().cloned());
        let total = store.documents.iter().filter(|d| d.original.is_some()).count();
        if !quiet {
            if count > 0 || unmatched.is_empty() {
                let kind = if count > 0 { NoticeKind::Success } else { NoticeKind::Warning };
                self.notify(kind, "attached".to_owned(), format!("{count}/{total}"), None);
            }
            if !unmatched.is_empty() {
                self.view.dialog = Some(Dialog::NewDocuments(unmatched));
            }
        }
        if !problems.is_empty() {
            let detail = problems.len().to_string();
            self.notify(NoticeKind::Warning, "problems".to_owned(), detail, Some(NoticeAction::ShowProblems));
        }
        if count > 0 {
            self.view.form = TextForm::Original;
            self.reveal_text();
            vec![Effect::SaveSettings]
        } else {
            Vec::new()
        }
    }

    fn add_documents(&mut self, documents: Vec<crate::model::Document>) -> Vec<Effect> {
        self.view.dialog = None;
        if let Some(case) = &mut self.case {
            for document in documents {
                let store = std::sync::Arc::make_mut(&mut case.store);
                self.view.document = Some(store.push_document(document));
            }
            self.view.form = TextForm::Original;
        }
        Vec::new()
    }

    fn export(
        &mut self,
        format: ExportFormat,
        scope: ExportScope,
        path: Option<String>,
        derived: &Derived,
    ) -> Vec<Effect> {
        let Some(store) = self.store() else { return Vec::new() };
        let events = match scope {
            ExportScope::Visible => derived.list.clone(),
            ExportScope::Selected => self.view.selection.events.clone(),
            ExportScope::All => store.events().collect(),
        };
        match path {
            Some(path) => vec![Effect::Export { format, events, path }],
            None => vec![Effect::AskExport { format, events }],
        }
    }

    fn apply_filter(&mut self, command: FilterCommand) -> Vec<Effect> {
        let filter = &mut self.view.filter;
        match command {
            FilterCommand::Toggle(dim, code) => {
                if let Some(codes) = filter.codes_mut(dim)
                    && !codes.remove(&code)
                {
                    codes.insert(code);
                }
            }
            FilterCommand::Only(dim, code) => {
                if let Some(codes) = filter.codes_mut(dim) {
                    *codes = Codes::from([code]);
                }
            }
            FilterCommand::Set(dim, list) => {
                if let Some(codes) = filter.codes_mut(dim) {
                    *codes = list.into_iter().collect();
                }
            }
            FilterCommand::Clear(dim) => filter.clear(dim),
            FilterCommand::Reset => {
                *filter = Default::default();
                self.view.playback.playing = false;
            }
            FilterCommand::Text(text) => filter.text = text,
            FilterCommand::Fatalities { min, max } => {
                (filter.min_fatalities, filter.max_fatalities) = (min, max);
            }
            FilterCommand::Area(area) => filter.area = area,
            FilterCommand::Place(place) => filter.places = Codes::from([place.0]),
            FilterCommand::Actor(actor) => filter.actors = Codes::from([actor.0]),
        }
        Vec::new()
    }

    fn apply_select(&mut self, command: SelectCommand, derived: &Derived) -> Vec<Effect> {
        let view = &mut self.view;
        match command {
            SelectCommand::Event(event) => self.select(Selection { events: vec![event], claim: None }),
            SelectCommand::Claim(event, claim) => {
                let document =
                    self.case.as_ref().and_then(|case| case.store.detail(event)?.claims.get(claim));
                self.view.document = document.map(|claim| claim.document).or(self.view.document);
                self.select(Selection { events: vec![event], claim: Some(claim) });
            }
            SelectCommand::Toggle(event) => {
                let mut events = view.selection.events.clone();
                if let Some(at) = events.iter().position(|e| *e == event) {
                    events.remove(at);
                } else {
                    events.push(event);
                }
                self.select(Selection { events, claim: None });
            }
            SelectCommand::Many(events) => self.select(Selection { events, claim: None }),
            SelectCommand::RangeTo(event) => {
                let at = |e: EventId| derived.list.iter().position(|listed| *listed == e);
                let to = at(event);
                let from = view.selection.primary().and_then(at).or(to);
                if let Some((from, to)) = from.zip(to) {
                    let range = derived.list.get(from.min(to)..=from.max(to)).unwrap_or_default();
                    let mut events: Vec<EventId> = range.iter().copied().filter(|e| *e != event).collect();
                    events.push(event);
                    self.select(Selection { events, claim: None });
                }
            }
            SelectCommand::All => self.select(Selection { events: derived.list.clone(), claim: None }),
            SelectCommand::None => self.select(Selection::default()),
            SelectCommand::Next => self.select_neighbour(derived, 1),
            SelectCommand::Previous => self.select_neighbour(derived, -1),
            SelectCommand::Back => {
                if let Some(selection) = view.back.pop() {
                    let present = std::mem::replace(&mut view.selection, selection);
                    view.forward.push(present);
                    self.reveal_selection();
                }
            }
            SelectCommand::Forward => {
                if let Some(selection) = view.forward.pop() {
                    let present = std::mem::replace(&mut view.selection, selection);
                    view.back.push(present);
                    self.reveal_selection();
                }
            }
            SelectCommand::Hover(event) => view.hover = event,
        }
        Vec::new()
    }

    /// The next or previous shown event in time.
    fn select_neighbour(&mut self, derived: &Derived, by: isize) {
        let order = &derived.by_time;
        let at = self.primary().and_then(|event| order.iter().position(|e| *e == event));
        let next = match at {
            Some(at) => at.checked_add_signed(by).and_then(|next| order.get(next)),
            None if by > 0 => order.first(),
            None => order.last(),
        };
        if let Some(event) = next.copied() {
            self.select(Selection { events: vec![event], claim: None });
        }
    }

    fn select(&mut self, selection: Selection) {
        let view = &mut self.view;
        if view.selection != selection {
            let present = std::mem::replace(&mut view.selection, selection);
            view.back.push(present);
            if view.back.len() > MAX_BACK {
                view.back.remove(0);
            }
            view.forward.clear();
        }
        if matches!(view.dialog, Some(Dialog::Chooser(_))) {
            view.dialog = None;
        }
        self.reveal_selection();
    }

    /// Brings the primary event into view: on the map if it is out of view, and its spans in the text.
    fn reveal_selection(&mut self) {
        let Some(event) = self.primary() else { return };
        let Some(store) = self.store() else { return };
        let position = store.position(event);
        let documents: Vec<DocumentId> = store.documents_of(event).collect();
        let keep = self.view.document.is_some_and(|document| documents.contains(&document));
        if !keep && let Some(first) = documents.first() {
            self.view.document = Some(*first);
        }
        if let Some(position) = position {
            self.move_camera(CameraTarget::Reveal(position));
        }
        self.reveal_text();
    }

    /// Scrolls the text to the spans of the selected claim, or of the first claim of the selected
    /// event in the shown document.
    fn reveal_text(&mut self) {
        let Some(offset) = self.first_span_offset() else { return };
        self.view.text_target.serial += 1;
        self.view.text_target.offset = offset;
    }

    fn first_span_offset(&self) -> Option<u32> {
        let store = self.store()?;
        let (event, document) = (self.primary()?, self.view.document?);
        let form = self.shown_form(document)?;
        let claims = &store.detail(event)?.claims;
        let chosen =
            self.view.selection.claim.and_then(|at| claims.get(at)).filter(|c| c.document == document);
        let claim = chosen.or_else(|| claims.iter().find(|c| c.document == document))?;
        let spans = claim.spans.of(form);
        let sentence = spans.iter().filter(|s| s.role == SpanRole::Sentence).map(|s| s.start);
        // The longest sentence is the telling one; headlines repeat it in short.
        let longest = spans.iter().filter(|s| s.role == SpanRole::Sentence).max_by_key(|s| s.end - s.start);
        longest.map(|s| s.start).or_else(|| sentence.min()).or_else(|| spans.iter().map(|s| s.start).min())
    }

    /// Which text of a document is shown: the preferred one if the document has it.
    pub fn shown_form(&self, document: DocumentId) -> Option<TextForm> {
        let document = self.store()?.document(document)?;
        [self.view.form, TextForm::Original, TextForm::Brief]
            .into_iter()
            .find(|form| document.text(*form).is_some())
    }

    fn apply_time(&mut self, command: TimeCommand, derived: &Derived) -> Vec<Effect> {
        match command {
            TimeCommand::Window(window) => self.set_window(window.filter(|w| !w.is_unknown())),
            TimeCommand::Typed(text) => match time::parse_edtf(&text) {
                Ok(when) => self.set_window(Some(when.interval)),
                Err(err) => self.notify(NoticeKind::Warning, "bad-date".to_owned(), err.to_string(), None),
            },
            TimeCommand::Mode(mode) => self.view.filter.window_mode = mode,
            TimeCommand::PresetYear => self.preset(Unit::Year),
            TimeCommand::PresetMonth => self.preset(Unit::Month),
            TimeCommand::PresetSelection => {
                let store = self.store();
                let chosen = self.view.selection.events.iter();
                let dated = chosen.filter_map(|e| Some(store?.interval(*e))).filter(|i| !i.is_unknown());
                let window = dated.reduce(Interval::union);
                if window.is_some() {
                    self.set_window(window);
                }
            }
            TimeCommand::TogglePlay => self.play(!self.view.playback.playing, derived),
            TimeCommand::Play(playing) => self.play(playing, derived),
            TimeCommand::Step(direction) => match self.view.playback.step.unit() {
                Some(unit) => self.move_window(unit, direction),
                None => {
                    self.step_to_event(direction, derived);
                }
            },
            TimeCommand::BigStep(direction) => {
                let unit = self.view.playback.step.bigger();
                self.move_window(unit, direction);
            }
            TimeCommand::ToFirst => self.jump(Direction::Backward),
            TimeCommand::ToLast => self.jump(Direction::Forward),
            TimeCommand::SetStep(step) => self.view.playback.step = step,
            TimeCommand::SetMode(mode) => self.view.playback.mode = mode,
            TimeCommand::SetSpeed(speed) => self.view.playback.speed = speed.clamp(0.1, 32.0),
            TimeCommand::ToggleRepeat => self.view.playback.repeat ^= true,
            TimeCommand::Lanes(lanes) => self.view.lanes = lanes,
            TimeCommand::ToggleGaps => self.view.collapse_gaps ^= true,
            TimeCommand::Show(interval) => {
                self.view.time_target.0 += 1;
                self.view.time_target.1 = interval;
            }
            TimeCommand::Zoom(factor) => {
                self.view.time_zoom.0 += 1;
                self.view.time_zoom.1 = factor;
            }
        }
        Vec::new()
    }

    /// A window that the user chose: playing stops, and a stretch played before is forgotten.
    fn set_window(&mut self, window: Option<Interval>) {
        self.view.filter.window = window;
        self.view.playback.playing = false;
        self.view.playback.range = Interval::UNKNOWN;
    }

    fn extent(&self) -> Option<Interval> {
        self.store().and_then(|store| store.time_extent())
    }

    /// The window if both its limits are known.
    fn bounded_window(&self) -> Option<Interval> {
        self.view.filter.window.filter(|w| !w.open_start() && !w.open_end())
    }

    /// One calendar unit about the selected event, the middle of the window, or the last event.
    fn preset(&mut self, unit: Unit) {
        let selected =
            self.primary().and_then(|e| self.store().map(|s| s.interval(e))).filter(|i| !i.is_unknown());
        let day = match (selected, self.view.filter.window) {
            (Some(event), _) => event.first_day().or_else(|| event.last_day()),
            (None, Some(window)) => match self.bounded_window() {
                Some(window) => time::date_of(window.start + window.duration_secs() / 2),
                None => window.first_day().or_else(|| window.last_day()),
            },
            (None, None) => self.extent().and_then(|extent| extent.last_day()),
        };
        if let Some(day) = day {
            self.set_window(Some(unit_window(unit, day)));
        }
    }

    fn play(&mut self, playing: bool, derived: &Derived) {
        let Some(extent) = self.extent() else { return };
        self.view.playback.playing = playing;
        self.view.playback.since_step_secs = 0.0;
        if !playing {
            return;
        }
        let bounded = self.bounded_window();
        let range = self.view.playback.range;
        match self.view.playback.mode {
            PlayMode::Cumulative => {
                let resumes = bounded.is_some_and(|w| w.start == range.start && w.end < range.end);
                if !resumes {
                    self.view.playback.range = bounded.unwrap_or(extent);
                    self.rewind(None, derived);
                }
            }
            PlayMode::Moving => {
                self.view.playback.range = extent;
                // A window over most of time has nowhere to move to.
                let short = bounded.filter(|w| w.duration_secs() < extent.duration_secs() / 2);
                if short.is_none_or(|w| w.end >= extent.end) {
                    self.rewind(short, derived);
                }
            }
        }
    }

    /// The first window of the played stretch; moving, of the length of `like` if there is one.
    fn rewind(&mut self, like: Option<Interval>, derived: &Derived) {
        let playback = &self.view.playback;
        let (range, mode) = (playback.range, playback.mode);
        let Some(unit) = playback.step.unit() else {
            // By event: as if the step to the first event were taken from just before it.
            self.view.filter.window = match mode {
                PlayMode::Moving => None,
                PlayMode::Cumulative => Some(Interval { start: range.start, end: range.start }),
            };
            if !self.step_to_event(Direction::Forward, derived) {
                self.view.filter.window = Some(range);
                self.view.playback.playing = false;
            }
            return;
        };
        let window = match (mode, like) {
            (PlayMode::Cumulative, _) => {
                Interval { start: range.start, end: unit.add(range.start, 1).min(range.end) }
            }
            (PlayMode::Moving, Some(like)) if !is_whole(like, unit) => {
                Interval { start: range.start, end: range.start + like.duration_secs() }
            }
            (PlayMode::Moving, _) => {
                let start = unit.floor(range.start);
                Interval { start, end: unit.add(start, 1) }
            }
        };
        self.view.filter.window = Some(window);
    }

    /// One step of the player; stops or starts again at the end of its range.
    fn play_step(&mut self, derived: &Derived) {
        let range = self.view.playback.range;
        let Some(window) = self.bounded_window() else {
            self.view.playback.playing = false;
            return;
        };
        let moved = match self.view.playback.step.unit() {
            Some(_) if window.end >= range.end => false,
            Some(unit) => {
                let next = self.advanced(window, unit, 1, Some(range));
                self.view.filter.window = Some(self.over_empty(next, unit, derived));
                true
            }
            None => self.step_to_event(Direction::Forward, derived),
        };
        if moved {
            return;
        }
        if self.view.playback.repeat {
            self.rewind(Some(window), derived);
        } else {
            self.view.playback.playing = false;
        }
    }

    /// Where gaps are collapsed, playing does not dwell on them: if the window has reached a stretch
    /// of many steps in which nothing begins and that no event spans, it goes on to the step in which
    /// the next event begins.
    fn over_empty(&self, window: Interval, unit: Unit, derived: &Derived) -> Interval {
        /// More empty steps than this are left out.
        const MOST_EMPTY: f64 = 8.0;
        let Some(store) = self.store().filter(|_| self.view.collapse_gaps) else { return window };
        // Cumulative, only what is new counts; moving, all that is in the window.
        let from = match self.view.playback.mode {
            PlayMode::Moving => window.start,
            PlayMode::Cumulative => unit.add(window.end, -1),
        };
        let mut next: Option<i64> = None;
        for event in store.events().filter(|event| derived.failures.passes_except(*event, Dim::Window)) {
            let interval = store.interval(event);
            let spans = interval.start < window.end && interval.end > from;
            if interval.is_unknown() || interval.end <= from {
                continue;
            }
            if spans && (self.view.playback.mode == PlayMode::Moving || interval.start >= from) {
                return window;
            }
            if interval.start >= window.end {
                next = Some(next.map_or(interval.start, |next| next.min(interval.start)));
            }
        }
        let Some(next) = next else { return window };
        let steps = (next - window.end) as f64 / unit.mean_secs();
        if steps <= MOST_EMPTY {
            return window;
        }
        // The first step whose end lies after the beginning of the event.
        let mut n = steps.floor() as i64 + 1;
        while n > 0 && unit.add(window.end, n - 1) > next {
            n -= 1;
        }
        self.advanced(window, unit, n, Some(self.view.playback.range))
    }

    fn advanced(&self, window: Interval, unit: Unit, n: i64, limit: Option<Interval>) -> Interval {
        match self.view.playback.mode {
            PlayMode::Moving => shifted(window, unit, n),
            PlayMode::Cumulative => {
                let end = unit.add(window.end, n).max(unit.add(window.start, 1));
                Interval { end: limit.map_or(end, |limit| end.min(limit.end)), ..window }
            }
        }
    }

    fn move_window(&mut self, unit: Unit, direction: Direction) {
        let n = if direction == Direction::Forward { 1 } else { -1 };
        let Some(extent) = self.extent() else { return };
        let window = match self.bounded_window() {
            Some(window) => self.advanced(window, unit, n, None),
            None => {
                let start = match direction {
                    Direction::Forward => unit.floor(extent.start),
                    Direction::Backward => unit.floor(extent.end - 1),
                };
                Interval { start, end: unit.add(start, 1) }
            }
        };
        // Dates end with the years 1 and 9999.
        if window.first_day().is_some() && window.last_day().is_some() {
            self.view.filter.window = Some(window);
        }
    }

    /// Moves the window to the next event in time that passes all other filters: moving, it becomes
    /// the event's interval, so that every date is visited; cumulative, it ends with the day on which
    /// the event begins. Returns whether there is such an event.
    fn step_to_event(&mut self, direction: Direction, derived: &Derived) -> bool {
        let Some(store) = self.store() else { return false };
        let window = self.bounded_window();
        let mode = self.view.playback.mode;
        let intervals = store
            .events()
            .filter(|event| derived.failures.passes_except(*event, Dim::Window))
            .map(|event| store.interval(event))
            .filter(|i| !i.is_unknown() && !i.open_start() && !i.open_end());
        let key = |i: &Interval| (i.start, i.end);
        let first_day = |i: &Interval| i.start + time::SECONDS_PER_DAY;
        let next = match (direction, mode, window) {
            (Direction::Forward, PlayMode::Moving, Some(w)) => {
                intervals.filter(|i| key(i) > key(&w)).min_by_key(key)
            }
            (Direction::Backward, PlayMode::Moving, Some(w)) => {
                intervals.filter(|i| key(i) < key(&w)).max_by_key(key)
            }
            (Direction::Forward, PlayMode::Cumulative, Some(w)) => {
                intervals.filter(|i| i.start >= w.end).min_by_key(key)
            }
            (Direction::Backward, PlayMode::Cumulative, Some(w)) => {
                intervals.filter(|i| i.start >= w.start && first_day(i) < w.end).max_by_key(key)
            }
            (Direction::Forward, _, None) => intervals.min_by_key(key),
            (Direction::Backward, _, None) => intervals.max_by_key(key),
        };
        // What is played ends where its stretch ends.
        let range = self.view.playback.range;
        let limit = self.view.playback.playing && mode == PlayMode::Cumulative;
        let Some(next) = next.filter(|next| !limit || next.start < range.end) else { return false };
        self.view.filter.window = Some(match (mode, window) {
            (PlayMode::Cumulative, Some(window)) => Interval { start: window.start, end: first_day(&next) },
            _ => next,
        });
        true
    }

    /// Moves the window to one end of the case's time; cumulative, its end only.
    fn jump(&mut self, direction: Direction) {
        let Some(extent) = self.extent() else { return };
        let unit = self.view.playback.step.unit().unwrap_or(Unit::Month);
        let at = match direction {
            Direction::Backward => unit.floor(extent.start),
            Direction::Forward => unit.floor(extent.end - 1),
        };
        let Some(window) = self.bounded_window() else {
            self.view.filter.window = Some(Interval { start: at, end: unit.add(at, 1) });
            return;
        };
        let length = window.duration_secs();
        let window = match (self.view.playback.mode, direction) {
            (PlayMode::Cumulative, Direction::Backward) => {
                Interval { start: window.start, end: unit.add(window.start, 1) }
            }
            (PlayMode::Cumulative, Direction::Forward) => {
                Interval { start: window.start.min(extent.end - 1), end: extent.end }
            }
            (PlayMode::Moving, _) if is_whole(window, unit) => Interval { start: at, end: unit.add(at, 1) },
            (PlayMode::Moving, Direction::Backward) => {
                Interval { start: extent.start, end: extent.start + length }
            }
            (PlayMode::Moving, Direction::Forward) => {
                Interval { start: extent.end - length, end: extent.end }
            }
        };
        self.view.filter.window = Some(window);
    }

    fn apply_map(&mut self, command: MapCommand, derived: &Derived) -> Vec<Effect> {
        match command {
            MapCommand::FitAll => {
                let bbox = self.store().and_then(|store| {
                    store
                        .bbox_of(derived.trays.shown.iter().copied())
                        .or_else(|| store.bbox_of(store.events()))
                });
                if let Some(bbox) = bbox {
                    self.move_camera(CameraTarget::Fit(bbox));
                }
            }
            MapCommand::FitSelection => {
                let events = self.view.selection.events.clone();
                let bbox = self.store().and_then(|store| {
                    let places = events.iter().filter_map(|e| store.detail(*e)).flat_map(|d| &d.places);
                    BBox::of_points(places.filter_map(|p| store.place(p.place)?.position))
                });
                if let Some(bbox) = bbox {
                    self.move_camera(CameraTarget::Fit(bbox));
                }
            }
            MapCommand::FlyTo { center, zoom } => self.move_camera(CameraTarget::At { center, zoom }),
            MapCommand::ZoomBy(levels) => self.move_camera(CameraTarget::ZoomBy(levels)),
            MapCommand::Fan(event) => self.view.fan = event,
            MapCommand::Basemap(choice) => {
                self.settings.basemap = choice;
                return vec![Effect::SaveSettings];
            }
            MapCommand::OpenPmTiles => return vec![Effect::AskPmTiles],
        }
        Vec::new()
    }

    fn move_camera(&mut self, target: CameraTarget) {
        self.view.camera.serial += 1;
        self.view.camera.target = Some(target);
    }

    fn apply_text(&mut self, command: TextCommand, derived: &Derived) -> Vec<Effect> {
        let zoom = self.settings.text_zoom;
        let mut set_zoom = |zoom: f32| {
            self.settings.text_zoom = zoom.clamp(0.6, 3.0);
            vec![Effect::SaveSettings]
        };
        match command {
            TextCommand::Show(document) => {
                self.view.document = Some(document);
                self.reveal_text();
            }
            TextCommand::Form(form) => {
                self.view.form = form;
                self.reveal_text();
            }
            TextCommand::Zoom(value) => return set_zoom(value),
            TextCommand::ZoomIn => return set_zoom(zoom * 1.1),
            TextCommand::ZoomOut => return set_zoom(zoom / 1.1),
            TextCommand::ZoomReset => return set_zoom(1.0),
            TextCommand::NextHit => self.reveal_hit(derived, Direction::Forward),
            TextCommand::PreviousHit => self.reveal_hit(derived, Direction::Backward),
            TextCommand::Reveal(document, offset) => {
                self.view.document = Some(document);
                self.view.text_target.serial += 1;
                self.view.text_target.offset = offset;
            }
        }
        Vec::new()
    }

    /// Goes to the next hit of the search after the last place gone to, on into the next document.
    fn reveal_hit(&mut self, derived: &Derived, direction: Direction) {
        let Some(store) = self.store() else { return };
        let mut hits: Vec<(DocumentId, u32)> = Vec::new();
        for row in 0..store.documents.len() {
            let document = DocumentId::from_index(row);
            if let Some(form) = self.shown_form(document) {
                hits.extend(derived.found.hits(document, form).iter().map(|(start, _)| (document, *start)));
            }
        }
        let here = (self.view.document.unwrap_or(DocumentId(0)), self.view.text_target.offset);
        let next = match direction {
            Direction::Forward => hits.iter().find(|hit| **hit > here).or(hits.first()),
            Direction::Backward => hits.iter().rev().find(|hit| **hit < here).or(hits.last()),
        };
        if let Some((document, offset)) = next.copied() {
            self.view.document = Some(document);
            self.view.text_target.serial += 1;
            self.view.text_target.offset = offset;
        }
    }

    fn apply_view(&mut self, command: ViewCommand) -> Vec<Effect> {
        let view = &mut self.view;
        let settings = &mut self.settings;
        match command {
            ViewCommand::Theme(theme) => settings.theme = theme,
            ViewCommand::ToggleTheme => {
                settings.theme = match settings.theme {
                    ThemeChoice::Light => ThemeChoice::Dark,
                    ThemeChoice::Dark | ThemeChoice::System => ThemeChoice::Light,
                };
            }
            ViewCommand::Lang(lang) => settings.lang = lang,
            ViewCommand::LabelLang(lang) => settings.label_lang = lang,
            ViewCommand::Dialog(dialog) => {
                view.dialog = dialog;
                return Vec::new();
            }
            ViewCommand::ToggleStart => view.show_start ^= true,
            ViewCommand::ToggleEnd => view.show_end ^= true,
            ViewCommand::ToggleTimeline => view.show_timeline ^= true,
            ViewCommand::ToggleLegend => view.show_legend ^= true,
            ViewCommand::FullScreen => {
                view.full_screen ^= true;
                return vec![Effect::FullScreen(view.full_screen)];
            }
            ViewCommand::FocusSearch => {
                view.focus_search += 1;
                return Vec::new();
            }
            ViewCommand::Sort(column) => {
                let (present, descending) = view.sort;
                let first_descending =
                    matches!(column, SortColumn::Date | SortColumn::Killed | SortColumn::Claims);
                view.sort = (column, if present == column { !descending } else { first_descending });
                return Vec::new();
            }
            ViewCommand::Fold(section, folded) => {
                view.folded.insert(section, folded);
                return Vec::new();
            }
            ViewCommand::StartWidth(width) => settings.start_width = Some(width),
            ViewCommand::EndWidth(width) => settings.end_width = Some(width),
            ViewCommand::TimelineHeight(height) => settings.timeline_height = Some(height),
            ViewCommand::SourceShare(share) => settings.source_share = Some(share),
            ViewCommand::Window { size, pos, maximized } => {
                // The size of a maximised window is not the size to come back to.
                if !maximized {
                    settings.window_size = size;
                    settings.window_pos = pos;
                }
                settings.maximized = maximized;
            }
            ViewCommand::DismissNotice(id) => {
                self.notices.retain(|notice| notice.id != id);
                return Vec::new();
            }
            ViewCommand::FoldTaMarbuta(fold) => settings.fold_ta_marbuta = fold,
            ViewCommand::ToggleTaMarbuta => settings.fold_ta_marbuta ^= true,
            ViewCommand::ToggleReducedMotion => settings.reduced_motion ^= true,
            ViewCommand::ReducedMotion(reduced) => settings.reduced_motion = reduced,
            ViewCommand::Escape => {
                let closed = view.dialog.take().is_some() || view.fan.take().is_some();
                if closed {
                    return Vec::new();
                }
                if view.playback.playing {
                    view.playback.playing = false;
                } else if !view.filter.text.is_empty() {
                    view.filter.text.clear();
                } else if !view.selection.events.is_empty() {
                    self.select(Selection::default());
                }
                return Vec::new();
            }
        }
        vec![Effect::SaveSettings]
    }
}

/// Whether a window is exactly one unit of the calendar.
fn is_whole(window: Interval, unit: Unit) -> bool {
    unit.floor(window.start) == window.start && unit.add(window.start, 1) == window.end
}

/// What the map shows first: the box of the events that are placed better than a country, so that
/// one far background event does not shrink all others to a dot; all events if there is none.
fn framing(store: &crate::store::Store) -> Option<BBox> {
    use crate::model::{GeoPrecision, Prominence};
    let close = store.events().filter(|event| {
        store.geo_precision(*event) < GeoPrecision::Country && store.prominence(*event) == Prominence::Main
    });
    store.bbox_of(close).or_else(|| store.bbox_of(store.events()))
}
