//! A list of rows of one height that may be millions long.
//!
//! Where the list is scrolled to is kept in rows, not in points: a million rows are more points than
//! a single-precision number can count, and the last rows could not be told apart. Only rows in view
//! are laid out.

use std::ops::Range;

use egui::{Rect, Sense, Ui, UiBuilder, WidgetInfo, lerp, pos2};

/// Least length of the scroll bar's handle, in points.
const HANDLE_MIN: f32 = 24.0;

/// Where a list is scrolled to.
#[derive(Clone, Debug, Default)]
pub struct LongList {
    /// The place at the top of the view, in rows from the top of the list.
    top: f64,
    /// Rows that fit into the view.
    fitting: f64,
    /// Distance of the pointer from the top of the handle that it drags.
    grabbed: Option<f32>,
}

/// How a list is laid out.
#[derive(Clone, Copy, Debug)]
pub struct LongListLayout {
    pub rect: Rect,
    pub row_height: f32,
    pub num_rows: usize,
    /// A row that has to be in view.
    pub reveal: Option<usize>,
}

impl LongList {
    /// Rows in view at the last frame, also those partly so.
    pub fn in_view(&self, num_rows: usize) -> Range<usize> {
        let end = ((self.top + self.fitting).ceil() as usize).min(num_rows);
        (self.top as usize).min(end)..end
    }

    /// Whether the list is not scrolled at all.
    pub fn is_at_top(&self) -> bool {
        self.top <= 0.0
    }

    /// How far below the top of the view a row is, in rows.
    pub fn offset_of(&self, row: usize) -> f64 {
        row as f64 - self.top
    }

    /// Scrolls so that a row is so far below the top of the view.
    pub fn put(&mut self, row: usize, offset: f64) {
        self.top = row as f64 - offset;
    }

    fn clamp(&mut self, num_rows: usize) {
        let most = (num_rows as f64 - self.fitting).max(0.0);
        self.top = self.top.clamp(0.0, most);
    }

    fn reveal(&mut self, row: usize) {
        let row = row as f64;
        self.top = self.top.min(row).max(row + 1.0 - self.fitting);
    }

    /// Lays out the rows in view; each gets a ui of its own that is as large as its row.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        salt: &str,
        layout: LongListLayout,
        mut add_row: impl FnMut(&mut Ui, usize),
    ) {
        let LongListLayout { rect, row_height, num_rows, reveal } = layout;
        let id = ui.scope_id().with(("long-list", salt));
        ui.advance_cursor_after_rect(rect);
        self.fitting = f64::from((rect.height() / row_height).max(0.1));
        if let Some(row) = reveal {
            self.reveal(row.min(num_rows.saturating_sub(1)));
        }
        let behind = ui.interact(rect, id.with("behind"), Sense::drag());
        if ui.is_enabled() && ui.rect_contains_pointer(rect) && num_rows as f64 > self.fitting {
            let turned = ui.input(|input| input.smooth_scroll_delta.y);
            if turned != 0.0 {
                self.top -= f64::from(turned / row_height);
                ui.input_mut(|input| input.smooth_scroll_delta.y = 0.0);
            }
        }
        if behind.dragged() && ui.input(|input| input.any_touches()) {
            self.top -= f64::from(behind.drag_delta().y / row_height);
        }
        self.clamp(num_rows);
        let first = self.top.floor();
        let scale = ui.ctx().pixels_per_point();
        let above = (((self.top - first) as f32 * row_height) * scale).round() / scale;
        let mut rows = ui.new_child(UiBuilder::new().max_rect(rect).id_salt(id));
        rows.set_clip_rect(rect.intersect(ui.clip_rect()));
        let mut y = rect.top() - above;
        for row in first as usize..num_rows {
            if y >= rect.bottom() {
                break;
            }
            let place = Rect::from_min_max(pos2(rect.left(), y), pos2(rect.right(), y + row_height));
            let mut row_ui = rows.new_child(UiBuilder::new().max_rect(place).id_salt(row));
            add_row(&mut row_ui, row);
            y += row_height;
        }
        if let Some(bar) = self.bar(ui, rect, num_rows) {
            // Over the rows.
            let response = ui.interact(bar, id.with("bar"), Sense::click_and_drag());
            response.widget_info(|| WidgetInfo::new(egui::Role::ScrollBar));
            if self.drag_bar(bar, num_rows, &response) {
                ui.ctx().request_repaint();
            }
            self.paint_bar(ui, bar, num_rows, &response);
        }
    }

    /// Where the scroll bar is, if not everything fits.
    fn bar(&self, ui: &Ui, rect: Rect, num_rows: usize) -> Option<Rect> {
        let scroll = &ui.spacing().scroll;
        let right = rect.right() - scroll.bar_outer_margin;
        (num_rows as f64 > self.fitting + 1e-6)
            .then(|| Rect::from_x_y_ranges(right - scroll.bar_width..=right, rect.y_range()))
    }

    /// Top and bottom of the handle.
    fn handle(&self, bar: Rect, num_rows: usize) -> (f32, f32) {
        let share = (self.fitting / num_rows.max(1) as f64).min(1.0) as f32;
        let length = (bar.height() * share).max(HANDLE_MIN).min(bar.height());
        let most = (num_rows as f64 - self.fitting).max(f64::MIN_POSITIVE);
        let at = (self.top / most).clamp(0.0, 1.0) as f32;
        let top = lerp(bar.top()..=bar.bottom() - length, at);
        (top, top + length)
    }

    /// Returns whether the list moved.
    fn drag_bar(&mut self, bar: Rect, num_rows: usize, response: &egui::Response) -> bool {
        let Some(pointer) = response.interact_pointer_pos().filter(|_| response.is_pointer_button_down_on())
        else {
            self.grabbed = None;
            return false;
        };
        let (top, bottom) = self.handle(bar, num_rows);
        let length = bottom - top;
        // A press beside the handle brings its middle there.
        let is_on = (top..=bottom).contains(&pointer.y);
        let grabbed = *self.grabbed.get_or_insert(if is_on { pointer.y - top } else { length / 2.0 });
        let travel = bar.height() - length;
        let before = self.top;
        if travel > 0.0 {
            let at = f64::from((pointer.y - grabbed - bar.top()) / travel).clamp(0.0, 1.0);
            self.top = at * (num_rows as f64 - self.fitting).max(0.0);
        }
        self.top != before
    }

    fn paint_bar(&self, ui: &Ui, bar: Rect, num_rows: usize, response: &egui::Response) {
        let scroll = &ui.spacing().scroll;
        let lit = response.hovered() || response.dragged();
        let wide = ui.ctx().animate_bool_responsive(response.id.with("wide"), lit);
        let width = lerp(scroll.floating_width..=scroll.bar_width, wide);
        let (top, bottom) = self.handle(bar, num_rows);
        let handle = Rect::from_min_max(pos2(bar.right() - width, top), pos2(bar.right(), bottom));
        let widgets = &ui.visuals().widgets;
        let on_handle =
            lit && ui.input(|input| input.pointer.latest_pos().is_some_and(|pos| handle.contains(pos)));
        let visuals = match (response.is_pointer_button_down_on(), on_handle) {
            (true, _) => &widgets.active,
            (false, true) => &widgets.hovered,
            (false, false) => &widgets.inactive,
        };
        let opacity = if lit { scroll.interact_handle_opacity } else { scroll.dormant_handle_opacity };
        let color = visuals.bg_fill.gamma_multiply(opacity);
        ui.painter().rect_filled(handle, visuals.corner_radius, color);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::vec2;

    fn list(top: f64, fitting: f64) -> LongList {
        LongList { top, fitting, grabbed: None }
    }

    #[test]
    fn the_last_of_many_rows_can_be_reached() {
        const ROWS: usize = 3_000_000;
        let mut list = list(0.0, 10.5);
        list.reveal(ROWS - 1);
        list.clamp(ROWS);
        assert_eq!(list.in_view(ROWS), ROWS - 11..ROWS);
        assert_eq!(list.offset_of(ROWS - 1), 9.5);
        // One row up and down again is where it was.
        list.reveal(ROWS - 12);
        assert_eq!(list.offset_of(ROWS - 12), 0.0);
        list.reveal(ROWS - 1);
        assert_eq!(list.top, ROWS as f64 - 10.5);
    }

    #[test]
    fn the_handle_stays_in_its_bar() {
        let bar = Rect::from_min_size(pos2(0.0, 100.0), vec2(8.0, 300.0));
        for num_rows in [11, 100, 3_000_000] {
            for share in [0.0, 0.3, 1.0] {
                let list = list(share * (num_rows as f64 - 10.0), 10.0);
                let (top, bottom) = list.handle(bar, num_rows);
                assert!(top >= 100.0 && bottom <= 400.0 && bottom - top >= HANDLE_MIN);
            }
        }
        assert_eq!(list(2_999_990.0, 10.0).handle(bar, 3_000_000).1, 400.0);
    }

    #[test]
    fn a_list_that_becomes_short_is_at_its_top() {
        let mut list = list(5000.0, 10.0);
        list.clamp(4);
        assert!(list.is_at_top());
        assert_eq!(list.in_view(4), 0..4);
        assert_eq!(list.in_view(0), 0..0);
    }

    #[test]
    fn a_row_is_put_where_it_was_in_the_view() {
        let mut list = list(0.0, 10.0);
        list.put(700, 3.25);
        list.clamp(1000);
        assert_eq!(list.offset_of(700), 3.25);
        list.put(1, 3.25);
        list.clamp(1000);
        assert!(list.is_at_top());
    }
}
