//! Camera, text and the arrangement of the window.

use crate::model::{BBox, DocumentId};

use super::super::command::*;
use super::super::selection::Selection;
use super::super::settings::{MapLayers, ThemeChoice};
use super::super::view::{CameraTarget, SortColumn};
use super::super::{AppState, Derived};

impl AppState {
    pub(super) fn apply_map(&mut self, command: MapCommand, derived: &Derived) -> Vec<Effect> {
        match command {
            MapCommand::FitAll => {
                let bbox = self.store().and_then(|store| {
                    store.bbox_of(&derived.by_time).or_else(|| store.bbox_of(store.events()))
                });
                if let Some(bbox) = bbox {
                    self.move_camera(CameraTarget::Fit(bbox));
                }
            }
            MapCommand::FitSelection => {
                let events = self.view.selection.events.clone();
                let bbox = self.store().and_then(|store| {
                    let own = events.iter().filter_map(|event| store.position(*event));
                    let places = events.iter().flat_map(|event| store.columns.places.of(event.index()));
                    let others = places.filter_map(|id| store.place(crate::model::PlaceId(*id))?.position);
                    // Rows of a flat dataset have a position each, not that of their place's name.
                    let flat = events.iter().any(|event| store.table_of(*event).is_some());
                    if flat { BBox::of_points(own) } else { BBox::of_points(others) }
                });
                if let Some(bbox) = bbox {
                    self.move_camera(CameraTarget::Fit(bbox));
                }
            }
            MapCommand::FitBox(bbox) => self.move_camera(CameraTarget::Fit(bbox)),
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

    pub(super) fn move_camera(&mut self, target: CameraTarget) {
        self.view.camera.serial += 1;
        self.view.camera.target = Some(target);
    }

    pub(super) fn apply_text(&mut self, command: TextCommand, derived: &Derived) -> Vec<Effect> {
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
        if hits.is_empty() && !store.tables.is_empty() {
            // Rows of flat datasets have no document: only those found are shown, one after the other.
            self.select_neighbour(derived, if direction == Direction::Forward { 1 } else { -1 });
            return;
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

    pub(super) fn apply_view(&mut self, command: ViewCommand) -> Vec<Effect> {
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
            ViewCommand::StartTab(tab) => {
                view.start_tab = tab;
                view.show_start = true;
                return Vec::new();
            }
            ViewCommand::Layers(layers) => {
                let cell = layers.cell.clamp(*MapLayers::CELLS.start(), *MapLayers::CELLS.end());
                let percents = MapLayers::OPACITIES;
                let opacity = layers.opacity.clamp(*percents.start(), *percents.end());
                settings.layers = MapLayers { cell, opacity, ..layers };
            }
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
            ViewCommand::ToggleTaMarbuta => settings.fold_ta_marbuta ^= true,
            ViewCommand::ToggleReducedMotion => settings.reduced_motion ^= true,
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
