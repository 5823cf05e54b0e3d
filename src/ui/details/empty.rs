//! Nothing is selected: what to do, and what the case holds.

use egui::{ScrollArea, Sense, Ui};

use super::flow::tip;
use super::line::Line;
use super::{DetailsUi, StoreKey};
use crate::model::DocumentId;
use crate::model::Interval;
use crate::model::time::{DateStyle, format_interval};
use crate::model::{DatePrecision, document::Document};
use crate::state::{Commands, OpenCase, SelectCommand, TextCommand};
use crate::store::Store;
use crate::ui::FrameCtx;
use crate::ui::theme::{TextKind, size};
use crate::ui::widgets::controls;
use crate::ui::widgets::words::{Style, Words};

const ROW: f32 = size::LIST_ROW;

/// What is said of a case as a whole.
pub struct About {
    /// Claims per document.
    claims: Vec<usize>,
    extent: Option<Interval>,
}

impl About {
    fn new(store: &Store) -> Self {
        let mut claims = vec![0; store.documents.len()];
        for claim in store.details.iter().flat_map(|detail| &detail.claims) {
            if let Some(count) = claims.get_mut(claim.document.index()) {
                *count += 1;
            }
        }
        Self { claims, extent: store.time_extent() }
    }
}

pub fn empty_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    case: &OpenCase,
    state: &mut DetailsUi,
    commands: &mut Commands,
) {
    let theme = cx.theme;
    let store = &*case.store;
    let key = StoreKey::of(case);
    if state.case.as_ref().is_none_or(|(known, _)| *known != key) {
        state.case = Some((key, About::new(store)));
    }
    let Some((_, about)) = &state.case else { return };

    let (line, _) = Line::allocate(ui, size::PANEL_HEAD, Sense::hover(), cx.rtl());
    ui.painter().rect_filled(line.rect, 0.0, theme.header);
    ui.painter().hline(line.rect.x_range(), line.rect.bottom() - 0.5, theme.hairline());
    let strong = Style::strong(TextKind::List, theme.text_strong);
    let muted = Style::new(TextKind::List, theme.text_muted);
    let end = line.width() - size::INSET;
    let name_end = line.text(ui.painter(), size::INSET, end, &cx.t("details-case"), strong);
    line.text(ui.painter(), name_end + 8.0, end, store.titles.get(cx.lang()), muted);

    let shown = !cx.derived.by_time.is_empty();
    let padded = |ui: &mut Ui, add: &mut dyn FnMut(&mut Ui)| {
        egui::Frame::new().inner_margin(egui::Margin::symmetric(size::INSET as i8, 0)).show(ui, add);
    };
    ui.add_space(14.0);
    padded(ui, &mut |ui| {
        let text = if shown {
            cx.t("details-empty")
        } else if store.num_events() == 0 {
            cx.t("list-empty-case")
        } else {
            let total = cx.catalog.f("events", &[("n", store.num_events().into())]);
            cx.catalog.f("details-empty-none", &[("total", total.into())])
        };
        ui.add(Words::new(&text, Style::new(TextKind::Body, theme.text)).wrap());
        ui.add_space(10.0);
        let action = cx.t(if shown { "details-empty-action" } else { "action-reset-filters" });
        if store.num_events() > 0 && controls::button(ui, theme, &action, false, true).clicked() {
            if shown {
                commands.push(SelectCommand::Next);
            } else {
                commands.push(crate::state::FilterCommand::Reset);
            }
        }
        ui.add_space(16.0);
        let count = |key: &str, n: usize| cx.catalog.f(key, &[("n", n.into())]);
        let span = [
            ("events", count("events", store.num_events()).into()),
            ("claims", count("claims", store.num_claims()).into()),
            ("documents", count("documents", store.documents.len()).into()),
        ];
        ui.add(Words::new(&cx.catalog.f("details-case-span", &span), strong).wrap());
        if let Some(extent) = about.extent {
            let text = format_interval(extent, DatePrecision::Days, cx.lang(), DateStyle::Long);
            ui.add(Words::new(&text, muted).wrap());
        }
        ui.add_space(10.0);
    });
    let (head, _) = Line::allocate(ui, size::SECTION_HEAD, Sense::hover(), cx.rtl());
    ui.painter().rect_filled(head.rect, 0.0, theme.header);
    ui.painter().hline(head.rect.x_range(), head.rect.top() + 0.5, theme.hairline());
    head.text(ui.painter(), size::INSET, end, &cx.t("details-documents"), strong);
    ScrollArea::vertical().id_salt("case documents").min_scrolled_height(0.0).auto_shrink(false).show_rows(
        ui,
        ROW,
        store.documents.len(),
        |ui, rows| {
            ui.spacing_mut().item_spacing = egui::Vec2::ZERO;
            for row in rows {
                let Some(document) = store.documents.get(row) else { continue };
                let count = about.claims.get(row).copied().unwrap_or(0);
                document_ui(ui, cx, DocumentId::from_index(row), document, count, commands);
            }
        },
    );
}

fn document_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    id: DocumentId,
    document: &Document,
    claims: usize,
    commands: &mut Commands,
) {
    let theme = cx.theme;
    let (line, response) = Line::allocate(ui, ROW, Sense::click(), cx.rtl());
    let open = cx.state.view.document == Some(id);
    if open || response.hovered() {
        let fill = if open { theme.active } else { theme.hover };
        ui.painter().rect_filled(line.rect, 0.0, fill);
    }
    let (upper, lower) = (line.rows(3.0, 20.0), line.rows(19.0, 36.0));
    let end = line.width() - size::INSET;
    const KEY_END: f32 = 56.0;
    let caption = Style::new(TextKind::Caption, theme.text_muted);
    let key = Style::strong(TextKind::List, theme.text_strong);
    upper.text(ui.painter(), size::INSET, KEY_END - 6.0, &document.key, key);
    let count = cx.catalog.f("claims", &[("n", claims.into())]);
    let count_width = crate::ui::widgets::words::measure(ui.painter(), &count, caption).x.ceil() + 1.0;
    lower.text_end(ui.painter(), end - count_width, end, &count, caption);
    let title = document.titles.get(cx.lang());
    upper.text(ui.painter(), KEY_END, end, title, Style::new(TextKind::List, theme.text));
    let about = outlet_words(cx, document, DateStyle::Long);
    lower.text(ui.painter(), KEY_END, end - count_width - 8.0, &about, caption);
    controls::focus_ring(ui, &response, theme);
    response.widget_info(|| {
        let name = format!("{} {title}", document.key);
        egui::WidgetInfo::selected(egui::Role::Button, true, open, name)
    });
    if response.clicked() {
        commands.push(TextCommand::Show(id));
    }
    tip(response, cx, || {
        let mut lines = vec![(title.to_owned(), true)];
        lines.extend(document.titles.beside(cx.lang()).map(|other| (other.to_owned(), false)));
        lines.extend([(about, false), (cx.t("details-document-hint"), false)]);
        lines
    });
}

/// Between the outlet and the date.
pub const SEPARATOR: &str = " · ";

/// Outlet and date of a document; its title where no outlet is known.
pub fn outlet_words(cx: &FrameCtx<'_>, document: &Document, style: DateStyle) -> String {
    let outlet = document.outlet.as_ref().map(|outlet| outlet.names.get(cx.lang()));
    let date = document
        .published
        .as_ref()
        .map(|when| format_interval(when.interval, when.precision, cx.lang(), style))
        .filter(|date| !date.is_empty());
    let name = outlet.filter(|name| !name.is_empty()).map(str::to_owned);
    let parts: Vec<String> = name.into_iter().chain(date).collect();
    if parts.is_empty() { document.titles.get(cx.lang()).to_owned() } else { parts.join(SEPARATOR) }
}
