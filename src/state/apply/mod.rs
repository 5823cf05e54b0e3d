//! The only writer of the state: one function per area of commands.

mod grown;
mod history;
mod import;
mod time;
mod view;

use crate::model::document::TextForm;
use crate::model::{BBox, DocumentId, EventId, SpanRole};
use crate::store::cross::Rows;
use crate::store::filter::Codes;

use super::command::*;
use super::playback::Playback;
use super::selection::Selection;
use super::view::{CameraTarget, Dialog, Notice, NoticeAction, NoticeKind, ViewState};
use super::{AppState, Derived, OpenCase, Origin, Task, TaskRows};

/// How long a notice that asks for nothing stays, in seconds.
const NOTICE_SECS: f64 = 6.0;
/// The same for one that leads somewhere.
const LONG_NOTICE_SECS: f64 = 20.0;
/// How many files are remembered.
const MAX_RECENT: usize = 12;
/// Steps back that selections keep.
const MAX_BACK: usize = 200;
/// Events that remembered selections hold together.
const MAX_BACK_EVENTS: usize = 8_000_000;

impl AppState {
    /// Does what the user asks for.
    pub fn apply(&mut self, command: Command, derived: &Derived) -> Vec<Effect> {
        let leaves = self.leaves_import(&command);
        let mut effects = self.apply_one(command, derived);
        if leaves && self.view.dialog.is_none() {
            effects.extend(self.leave_draft());
        }
        effects.extend(self.show_waiting());
        effects
    }

    fn apply_one(&mut self, command: Command, derived: &Derived) -> Vec<Effect> {
        match command {
            Command::Open(OpenTarget::Ask) => vec![Effect::AskOpen { instead: false }],
            Command::Open(OpenTarget::AskInstead) => vec![Effect::AskOpen { instead: true }],
            Command::Open(OpenTarget::BuiltIn) => vec![Effect::OpenBuiltIn],
            Command::Open(OpenTarget::Paths(paths)) => {
                self.open_instead = false;
                vec![Effect::Open(paths)]
            }
            Command::Open(OpenTarget::Instead(paths)) => {
                self.open_instead = true;
                vec![Effect::Open(paths)]
            }
            Command::Dataset(command) => self.apply_dataset(command),
            Command::Attach(None) => vec![Effect::AskAttach],
            Command::Attach(Some(paths)) => vec![Effect::Attach { paths, quiet: false }],
            Command::AddDocuments(documents) => self.add_documents(documents),
            Command::CloseCase => {
                self.history.clear();
                self.close_case()
            }
            Command::Export { format, scope, path } => self.export(format, scope, path, derived),
            Command::Filter(command) => self.apply_filter(command),
            Command::Select(command) => self.apply_select(command, derived),
            Command::Time(command) => self.apply_time(command, derived),
            Command::Map(command) => self.apply_map(command, derived),
            Command::Text(command) => self.apply_text(command, derived),
            Command::View(command) => self.apply_view(command),
            Command::Import(command) => self.apply_import(command),
            Command::CancelTask(id) => vec![Effect::Cancel(id)],
            Command::Copy(text) => vec![Effect::Copy(text)],
            Command::ForgetRecent(path) => {
                match path {
                    Some(path) => self.settings.recent.retain(|recent| recent.path != path),
                    None => self.settings.recent.clear(),
                }
                vec![Effect::SaveSettings]
            }
            Command::Undo => self.step_history(false),
            Command::Redo => self.step_history(true),
            Command::Quit => vec![Effect::Quit],
        }
    }

    /// Takes in what work on other threads brings back.
    pub fn receive(&mut self, incoming: Incoming) -> Vec<Effect> {
        let mut effects = self.receive_one(incoming);
        effects.extend(self.show_waiting());
        effects
    }

    fn receive_one(&mut self, incoming: Incoming) -> Vec<Effect> {
        match incoming {
            Incoming::TaskStarted { id, message, subject } => {
                self.tasks.push(Task {
                    id,
                    message,
                    subject,
                    done: 0,
                    total: None,
                    rows: None,
                    begun_secs: self.now_secs,
                });
            }
            Incoming::TaskProgress { id, done, total } => {
                if let Some(task) = self.tasks.iter_mut().find(|task| task.id == id) {
                    (task.done, task.total) = (done, total);
                }
            }
            Incoming::TaskRows { id, rows, problems } => {
                if let Some(task) = self.tasks.iter_mut().find(|task| task.id == id) {
                    task.rows = Some(TaskRows { done: rows, problems });
                }
            }
            Incoming::TaskEnded { id } => self.tasks.retain(|task| task.id != id),
            Incoming::CaseOpened { store, origin, opened_at } => {
                return self.opened(*store, origin, opened_at);
            }
            Incoming::CaseGrows { id } => self.case_grows(id),
            Incoming::WordsIndexed { table, words } => {
                if let Some(case) = &mut self.case {
                    let all = std::sync::Arc::make_mut(&mut case.words);
                    all.set(&table, words);
                    all.keep(&case.store);
                }
            }
            Incoming::DatasetRead { dataset, store } => return self.dataset_read(dataset, *store),
            Incoming::Changed { generation, store } => return self.change_done(generation, *store),
            Incoming::TwinsFound(candidates) => {
                let of_this = |case: &&mut OpenCase| case.store.generation == candidates.generation;
                if let Some(case) = self.case.as_mut().filter(of_this) {
                    case.candidates = Some(std::sync::Arc::new(candidates));
                }
            }
            Incoming::CaseGrown { id, store, complete } => return self.case_grown(id, *store, complete),
            Incoming::Derived { generation } => return self.case_comes(generation),
            Incoming::Attached { matched, unmatched, problems, quiet } => {
                return self.attached(matched, unmatched, problems, quiet);
            }
            Incoming::Exported { path, events, losses } => {
                let mut detail = if events == 0 { path } else { format!("{events} · {path}") };
                for loss in &losses {
                    detail.push('\n');
                    detail.push_str(loss);
                }
                // What is missing in the file must not go away unseen.
                let kind = if losses.is_empty() { NoticeKind::Success } else { NoticeKind::Warning };
                self.notify(kind, "exported".to_owned(), detail, None);
                if let Some(notice) = self.notices.last_mut().filter(|_| !losses.is_empty()) {
                    notice.until_secs = None;
                }
            }
            Incoming::Failed { title, detail } => self.notify(NoticeKind::Error, title, detail, None),
            Incoming::CannotOpen(files) => {
                self.open_instead = false;
                // What is told of one file must not hide what is told of another one.
                if let Some(Dialog::CannotOpen(told)) = &mut self.view.dialog {
                    told.extend(files);
                } else {
                    self.view.dialog = Some(Dialog::CannotOpen(files));
                }
            }
            Incoming::Note { title, detail } => self.notify(NoticeKind::Info, title, detail, None),
            Incoming::Import(incoming) => return self.receive_import(incoming),
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
        self.forget_told();
        self.tell_of_lost_rows();
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
        // How a file was read without trouble can be looked up elsewhere, too.
        let looked_up = kind == NoticeKind::Info && matches!(action, Some(NoticeAction::Dataset(_)));
        let until_secs = match (stays, looked_up) {
            (_, true) => Some(self.now_secs + LONG_NOTICE_SECS),
            (true, false) => None,
            (false, false) => Some(self.now_secs + NOTICE_SECS),
        };
        self.notices.push(Notice { id, kind, title, detail, action, until_secs });
    }

    fn case_opened(&mut self, mut store: crate::store::Store, origin: Origin, opened_at: i64) -> Vec<Effect> {
        self.last_generation = self.store().map_or(0, |store| store.generation).max(self.last_generation) + 1;
        store.generation = self.last_generation;
        store.index = store.index();
        let mut effects: Vec<Effect> = self.stop_growing();
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
        let hashes: Vec<&str> =
            store.documents.iter().filter_map(|d| d.original.as_ref()).map(|o| o.sha256.as_str()).collect();
        let known = self.settings.attached.iter().filter(|(hash, _)| hashes.contains(&hash.as_str()));
        let paths: Vec<String> = known.map(|(_, path)| path.clone()).collect();
        let is_file = matches!(origin, Origin::File(_));
        self.remember(&origin, events, opened_at);
        // Several datasets were put together before: they keep their numbers.
        let store = match store.datasets().count() {
            0 | 1 => {
                let dataset = self.new_dataset();
                store.numbered(dataset)
            }
            _ => store,
        };
        let greatest = store.datasets().map(|(id, _)| id.0.saturating_add(1)).max();
        self.next_dataset = self.next_dataset.max(greatest.unwrap_or(0));
        let table = store.tables.first().map(|table| (table.id, table.report.rows > 0));
        if self.case.is_some() {
            self.history.clear();
        }
        if let Some(table) = store.tables.first().filter(|_| store.datasets().count() == 1) {
            self.remember_opened(table.id, &table.path);
        }
        self.case = Some(OpenCase::whole(store, origin));
        // While rows are still being read there is nothing to tell yet.
        if let Some((table, true)) = table {
            self.tell_how_read(table);
        }
        if problems > 0 {
            let detail = problems.to_string();
            self.notify(NoticeKind::Warning, "problems".to_owned(), detail, Some(NoticeAction::ShowProblems));
        }
        self.tell_how_all_read();
        if is_file {
            effects.push(Effect::SaveSettings);
        }
        if !paths.is_empty() {
            effects.push(Effect::Attach { paths, quiet: true });
        }
        effects
    }

    fn close_case(&mut self) -> Vec<Effect> {
        self.last_generation = self.store().map_or(0, |store| store.generation).max(self.last_generation);
        let effects = self.stop_growing();
        self.case = None;
        self.forget_replaced();
        let full_screen = self.view.full_screen;
        self.view = ViewState { full_screen, ..ViewState::default() };
        effects
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
            ExportScope::Visible => derived.list.to_vec(),
            ExportScope::Selected => self.view.selection.events.to_vec(),
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
                if let Some(case) = &mut self.case {
                    case.twins.once = false;
                }
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
            SelectCommand::Event(event) => self.select(Selection::new(vec![event])),
            SelectCommand::Claim(event, claim) => {
                let document = self
                    .case
                    .as_ref()
                    .and_then(|case| Some(case.store.detail(event)?.claims.get(claim)?.document));
                self.view.document = document.or(self.view.document);
                self.select(Selection { claim: Some(claim), ..Selection::new(vec![event]) });
            }
            SelectCommand::Toggle(event) => {
                let selected = &view.selection.events;
                let mut events = Vec::with_capacity(selected.len() + 1);
                events.extend(selected.iter().copied().filter(|other| *other != event));
                if events.len() == selected.len() {
                    events.push(event);
                }
                self.select(Selection::new(events));
            }
            SelectCommand::Many(events) => self.select(Selection::new(events)),
            SelectCommand::RangeTo(event) => {
                let at = |e: EventId| derived.place_in_list(e);
                let to = at(event);
                let from = view.selection.primary().and_then(at).or(to);
                if let Some((from, to)) = from.zip(to) {
                    let range = derived.list.slice(from.min(to)..from.max(to) + 1);
                    self.select(Selection::new(ending_with(&range, event)));
                }
            }
            SelectCommand::All => self.select_all(derived),
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
        let at = self.primary().and_then(|event| derived.place_in_time(event));
        let next = match at {
            Some(at) => at.checked_add_signed(by).and_then(|next| order.get(next)),
            None if by > 0 => order.first(),
            None => order.last(),
        };
        if let Some(event) = next {
            self.select(Selection::new(vec![event]));
        }
    }

    /// Selects all that is shown. The primary event stays so, and the views stay where they are: what
    /// is everywhere needs no way to it.
    fn select_all(&mut self, derived: &Derived) {
        let events = match self.primary().filter(|primary| derived.passes(*primary)) {
            Some(primary) => ending_with(&derived.list, primary),
            None => derived.list.to_vec(),
        };
        self.replace_selection(Selection::new(events));
    }

    fn select(&mut self, selection: Selection) {
        self.replace_selection(selection);
        self.reveal_selection();
    }

    fn replace_selection(&mut self, selection: Selection) {
        let view = &mut self.view;
        if view.selection != selection {
            let present = std::mem::replace(&mut view.selection, selection);
            view.back.push(present.kept());
            let mut held = 0;
            let fits = |kept: &&Selection| {
                held += kept.events.len();
                held <= MAX_BACK_EVENTS
            };
            let keep = view.back.iter().rev().take(MAX_BACK).take_while(fits).count();
            view.back.drain(..view.back.len() - keep);
            view.forward.clear();
        }
        if matches!(view.dialog, Some(Dialog::Chooser(_))) {
            view.dialog = None;
        }
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
        let detail = store.detail(event)?;
        let claims = &detail.claims;
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
}

/// The events of a list, `last` at the end of them.
fn ending_with(list: &Rows, last: EventId) -> Vec<EventId> {
    let mut events = Vec::with_capacity(list.len() + 1);
    events.extend(list.iter().filter(|event| *event != last));
    events.push(last);
    events
}

/// What the map shows first: the box of the events that are placed better than a country, so that
/// one far background event does not shrink all others to a dot; all events if there is none.
fn framing(store: &crate::store::Store) -> Option<BBox> {
    use crate::model::{GeoPrecision, Prominence};
    let columns = &store.columns;
    let is_close = |kind: &crate::store::Kind| {
        kind.geo_precision < GeoPrecision::Country && kind.prominence == Prominence::Main
    };
    // Kinds are few, rows are many.
    let close: Vec<bool> = columns.kinds.all().iter().map(is_close).collect();
    let bbox = |wanted: &dyn Fn(u16) -> bool| {
        // Not a number is neither less nor greater.
        let none = [f32::INFINITY, f32::INFINITY, f32::NEG_INFINITY, f32::NEG_INFINITY];
        let rows = columns.kind.iter().zip(columns.lat.iter().zip(&columns.lon));
        let limits = rows.filter(|(kind, _)| wanted(**kind)).fold(none, |limits, (_, (lat, lon))| {
            let [south, west, north, east] = limits;
            [south.min(*lat), west.min(*lon), north.max(*lat), east.max(*lon)]
        });
        let [min_lat, min_lon, max_lat, max_lon] = limits.map(f64::from);
        (min_lat <= max_lat).then_some(BBox { min_lon, min_lat, max_lon, max_lat })
    };
    let is_wanted = |kind: u16| close.get(usize::from(kind)).copied().unwrap_or(false);
    bbox(&is_wanted).or_else(|| bbox(&|_| true))
}
