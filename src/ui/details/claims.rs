//! The list of claims: who says it, when, how many, in which words and where it is written.
//!
//! Head and scales stay in view while rows scroll beneath them.

use egui::{Id, Key, Modifiers, Rect, Response, Sense, Stroke, Ui, pos2, vec2};

use super::event::{count_words, figure_words, interval_words};
use super::flow::tip;
use super::line::Line;
use super::model::{BarKind, ClaimsModel, Row, TollRow};
use super::plot::{self, Stretch};
use super::{actor_name, actor_names};
use crate::model::time::{DateStyle, format_interval};
use crate::model::{ActorId, Claim, EventId};
use crate::state::{Commands, SelectCommand};
use crate::store::{EventDetail, Store};
use crate::ui::FrameCtx;
use crate::ui::theme::{TextKind, icon_bold_font, icon_font, icons, size};
use crate::ui::widgets::controls;
use crate::ui::widgets::words::{self, Style};

/// Room for the dates in points.
pub const DATE_WIDTH: f32 = 88.0;
/// Share of the width that tolls take.
const TOLL_SHARE: f32 = 0.38;
const HEAD: f32 = 26.0;
const SCALES: f32 = 18.0;
/// Middle of the upper and the lower line of a row.
const UPPER: f32 = 10.0;

/// What the list remembers.
#[derive(Default)]
pub struct ListState {
    /// Claimants whose claims are listed one by one.
    pub unfolded: Vec<ActorId>,
    /// The claim that was last brought into view.
    revealed: Option<(EventId, Option<usize>)>,
}

/// Where the columns lie, counted from the reading start.
#[derive(Clone, Copy)]
struct Columns {
    names_end: f32,
    dates: Stretch,
    tolls: Stretch,
}

impl Columns {
    fn new(width: f32, model: &ClaimsModel) -> Self {
        let end = width - size::INSET;
        let toll_start = (end - (width - 2.0 * size::INSET) * TOLL_SHARE).round();
        let dates_end = toll_start - 12.0;
        let dates = Stretch { start: dates_end - DATE_WIDTH, end: dates_end };
        let names_end = if model.dates.is_some() { dates.start } else { dates_end };
        Self { names_end: names_end - 8.0, dates, tolls: Stretch { start: toll_start, end } }
    }
}

/// What a row shows.
struct RowSpec<'a> {
    id: Id,
    at: usize,
    claim: &'a Claim,
    row: &'a Row,
    /// Claimant of a group, attribution of a single claim.
    name: &'a str,
    /// How many claims the claimant makes, and whether they are listed.
    times: Option<(usize, bool)>,
    single: bool,
    selected: bool,
}

/// What was done with a row.
struct RowOut {
    response: Response,
    toggled: bool,
    to_source: bool,
}

pub fn claims_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    store: &Store,
    (event, detail): (EventId, &EventDetail),
    model: &ClaimsModel,
    list: &mut ListState,
    commands: &mut Commands,
) {
    let ListState { unfolded, revealed } = list;
    let (head, _) = Line::allocate(ui, HEAD + SCALES, Sense::hover(), cx.rtl());
    let columns = Columns::new(head.width(), model);
    let chosen = cx.state.view.selection.claim;
    let wanted = (event, chosen);
    let reveal = *revealed != Some(wanted);
    let mut listed: Vec<(Id, usize)> = Vec::new();
    let mut focused: Option<usize> = None;
    let salt = ui.scope_id().with(("claims", event));
    for group in &model.groups {
        let unfold = group.claims.len() > 1 && unfolded.contains(&group.claimant);
        let of_group = chosen.filter(|at| group.claims.contains(at));
        // A folded group speaks with its selected claim.
        let at = of_group.filter(|_| !unfold).unwrap_or(group.lead);
        let Some(claim) = detail.claims.get(at) else { continue };
        let spec = RowSpec {
            id: salt.with(("group", group.claimant)),
            at,
            claim,
            row: &group.row,
            name: actor_name(cx, group.claimant),
            times: (group.claims.len() > 1).then_some((group.claims.len(), unfold)),
            single: false,
            selected: of_group.is_some() && !unfold,
        };
        let mut rows = vec![spec];
        if unfold {
            rows.extend(group.claims.iter().filter_map(|at| {
                let claim = detail.claims.get(*at)?;
                Some(RowSpec {
                    id: salt.with(("claim", *at)),
                    at: *at,
                    claim,
                    row: model.singles.get(*at)?,
                    name: &claim.attribution,
                    times: None,
                    single: true,
                    selected: chosen == Some(*at),
                })
            }));
        }
        for spec in rows {
            let out = row_ui(ui, cx, store, detail, model, columns, &spec);
            if out.response.has_focus() {
                focused = Some(listed.len());
            }
            listed.push((spec.id, spec.at));
            if out.toggled {
                if unfold {
                    unfolded.retain(|actor| *actor != group.claimant);
                } else {
                    unfolded.push(group.claimant);
                }
            }
            if out.response.clicked() || out.to_source {
                commands.push(SelectCommand::Claim(event, spec.at));
            }
            if out.response.hovered() {
                commands.hover(event);
            }
            if spec.selected && reveal {
                // The head lies over the first rows of what is seen.
                let mut rect = out.response.rect;
                rect.set_top(rect.top() - HEAD - SCALES);
                ui.scroll_to_rect(rect, None);
            }
        }
    }
    *revealed = Some(wanted);
    if detail.claims.is_empty() {
        let (line, _) = Line::allocate(ui, size::CLAIM_ROW, Sense::hover(), cx.rtl());
        let style = Style::new(TextKind::List, cx.theme.text_muted);
        line.text(ui.painter(), size::INSET, line.width() - size::INSET, &cx.t("claims-none"), style);
    }
    if let Some(focused) = focused {
        keys(ui, event, &listed, focused, commands);
    }
    let top = head.rect.top().max(ui.clip_rect().top());
    let pinned = Line { rect: Rect::from_min_size(pos2(head.rect.left(), top), head.rect.size()), ..head };
    head_ui(ui, cx, detail, model, columns, pinned);
}

/// Up and down go from claim to claim.
fn keys(ui: &mut Ui, event: EventId, listed: &[(Id, usize)], focused: usize, commands: &mut Commands) {
    if let Some((id, _)) = listed.get(focused) {
        let filter = egui::EventFilter { vertical_arrows: true, ..egui::EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(*id, filter));
    }
    let (down, up) = ui.input_mut(|input| {
        (input.consume_key(Modifiers::NONE, Key::ArrowDown), input.consume_key(Modifiers::NONE, Key::ArrowUp))
    });
    let next = match (down, up) {
        (true, false) => focused.checked_add(1),
        (false, true) => focused.checked_sub(1),
        _ => None,
    };
    if let Some((id, at)) = next.and_then(|next| listed.get(next)) {
        ui.memory_mut(|memory| memory.request_focus(*id));
        commands.push(SelectCommand::Claim(event, *at));
    }
}

/// Number of claims, the legend, and the scales.
fn head_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    detail: &EventDetail,
    model: &ClaimsModel,
    columns: Columns,
    line: Line,
) {
    let theme = cx.theme;
    // Rows beneath the head are not for clicking.
    ui.interact(line.rect, ui.scope_id().with("claims head"), Sense::click());
    let (head, scales) = (line.rows(0.0, HEAD), line.rows(HEAD, HEAD + SCALES));
    ui.painter().rect_filled(line.rect, 0.0, theme.panel);
    ui.painter().rect_filled(head.rect, 0.0, theme.header);
    ui.painter().hline(head.rect.x_range(), head.rect.top() + 0.5, theme.hairline());
    ui.painter().hline(line.rect.x_range(), line.rect.bottom() - 0.5, theme.hairline());
    let count = cx.catalog.f("claims", &[("n", detail.claims.len().into())]);
    let strong = Style::strong(TextKind::List, theme.text_strong);
    let count_end = head.text(ui.painter(), size::INSET, head.width(), &count, strong);
    let label =
        ui.interact(head.part(size::INSET, count_end), ui.scope_id().with("claims count"), Sense::hover());
    label.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Heading, true, &count));
    legend(ui, cx, model, head, count_end + 12.0);

    let muted = Style::new(TextKind::Caption, theme.text_muted);
    let mut names_end = columns.names_end;
    if let Some(axis) = &model.dates {
        let mut first = columns.dates.end;
        for (moment, text) in &axis.ticks {
            let x = plot::date_x(axis, columns.dates, *moment);
            let half = words::measure(ui.painter(), text, muted).x / 2.0 + 1.0;
            first = first.min(x - half);
            words::paint_in(
                ui.painter(),
                scales.part(x - half, x + half),
                text,
                muted,
                egui::Align::Center,
                Some(1),
            );
        }
        let width = words::measure(ui.painter(), &axis.prefix, muted).x.ceil() + 1.0;
        let end = (first - 7.0).min(columns.dates.start + 8.0);
        scales.text_end(ui.painter(), end - width, end, &axis.prefix, muted);
        names_end = end - width - 4.0;
    }
    if let Some(axis) = &model.tolls {
        for tick in &axis.ticks {
            let text = crate::lang::thousands(i64::from(*tick));
            let x = plot::toll_x(axis, columns.tolls, *tick);
            let half = words::measure(ui.painter(), &text, muted).x / 2.0 + 1.0;
            // The first label stands over the bars' start rather than half before it.
            let x = x.max(columns.tolls.start + half - 1.0);
            words::paint_in(
                ui.painter(),
                scales.part(x - half, x + half),
                &text,
                muted,
                egui::Align::Center,
                Some(1),
            );
        }
    }
    if !detail.claims.is_empty() {
        scales.text(ui.painter(), size::INSET, names_end, &cx.t("claims-head"), muted);
    }
}

/// What the marks mean; only those that occur, as many as there is room for.
fn legend(ui: &Ui, cx: &FrameCtx<'_>, model: &ClaimsModel, line: Line, from: f32) {
    enum Mark {
        Box(egui::Color32),
        Arrow,
        Hatch,
        Tick,
    }
    let theme = cx.theme;
    let muted = Style::new(TextKind::Caption, theme.text_muted);
    let mut entries: Vec<(Mark, String)> = Vec::new();
    if model.tolls.is_some() {
        let [a, b] = model.sides;
        let solid = model.groups.iter().flat_map(|group| &group.row.toll.bars);
        if solid.into_iter().any(|bar| bar.kind != BarKind::Mixed) {
            entries.extend(a.map(|a| (Mark::Box(theme.toll_a), actor_name(cx, a).to_owned())));
            entries.extend(b.map(|b| (Mark::Box(theme.toll_b), actor_name(cx, b).to_owned())));
        }
    }
    if model.any_open {
        entries.push((Mark::Arrow, cx.t("claims-more")));
    }
    if model.any_mixed {
        entries.push((Mark::Hatch, cx.t("claims-mixed")));
    }
    if model.any_up_to && entries.len() < 4 {
        entries.push((Mark::Tick, cx.t("claims-up-to")));
    }
    const MARK: f32 = 16.0;
    const ARROW: f32 = 20.0;
    let widths: Vec<f32> = entries
        .iter()
        .map(|(mark, text)| {
            let room = if matches!(mark, Mark::Arrow) { ARROW } else { MARK };
            words::measure(ui.painter(), text, muted).x.ceil() + room
        })
        .collect();
    let end = line.width() - size::INSET;
    let total: f32 = widths.iter().sum();
    let gaps = widths.len().saturating_sub(1) as f32;
    let gap = ((end - from - total) / gaps.max(1.0)).clamp(5.0, 12.0);
    let mut x = (end - total - gap * gaps).max(from);
    let y = line.rect.center().y;
    for ((mark, text), width) in entries.iter().zip(widths) {
        if x + width > end + 1.0 {
            break;
        }
        let room = match mark {
            Mark::Arrow => ARROW,
            _ => MARK,
        };
        let square = Rect::from_center_size(line.part(x, x + 10.0).center(), vec2(10.0, 10.0));
        let square = Rect::from_min_size(pos2(square.left().round(), (y - 5.0).round()), square.size());
        match mark {
            Mark::Box(color) => {
                ui.painter().rect_filled(square, 2.0, *color);
            }
            Mark::Arrow => plot::arrow(ui.painter(), line, x, x + 15.0, y, theme.toll_b),
            Mark::Hatch => plot::paint_hatched(ui.painter(), theme, square),
            Mark::Tick => {
                let x = line.x(x + 9.0);
                let tick = Rect::from_min_max(pos2(x - 1.0, y - 5.0), pos2(x + 1.0, y + 5.0));
                ui.painter().rect_filled(tick, 0.0, theme.toll_a);
            }
        }
        line.text(ui.painter(), x + room, x + width + 1.0, text, muted);
        x += width + gap;
    }
}

fn row_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    store: &Store,
    detail: &EventDetail,
    model: &ClaimsModel,
    columns: Columns,
    spec: &RowSpec<'_>,
) -> RowOut {
    let theme = cx.theme;
    let (line, _) = Line::allocate(ui, size::CLAIM_ROW, Sense::hover(), cx.rtl());
    let response = ui.interact(line.rect, spec.id, Sense::click());
    let statement = spec.claim.statement.get(cx.lang());
    response.widget_info(|| {
        let args = [("who", spec.name.into()), ("statement", statement.into())];
        let name = cx.catalog.f("claims-row", &args);
        egui::WidgetInfo::selected(egui::Role::Button, true, spec.selected, name)
    });
    if !ui.is_rect_visible(line.rect) {
        return RowOut { response, toggled: false, to_source: false };
    }
    let inset = size::INSET + if spec.single { 10.0 } else { 0.0 };
    let (upper, lower) = (line.rows(1.0, 19.0), line.rows(18.0, 34.0));
    let fill = if spec.selected { Some(theme.selection) } else { response.hovered().then_some(theme.hover) };
    if let Some(fill) = fill {
        ui.painter().rect_filled(line.rect, 0.0, fill);
    }
    if spec.selected {
        ui.painter().rect_filled(line.part(0.0, 3.0), 0.0, theme.accent);
    } else if spec.single {
        ui.painter().rect_filled(line.part(0.0, 3.0), 0.0, theme.active);
    }
    let y = line.rect.bottom() - 0.5;
    ui.painter().hline(line.rect.x_range(), y, theme.hairline());

    // Ticks of both scales.
    let tick = |x: f32| {
        let x = line.x(x).round() + 0.5;
        let color = if spec.selected { theme.accent_line.gamma_multiply(0.35) } else { theme.line_subtle };
        ui.painter().vline(x, line.rect.top()..=line.rect.top() + 19.0, Stroke::new(1.0, color));
    };
    let y = line.rect.top() + UPPER;
    if let Some(axis) = &model.dates {
        axis.ticks.iter().for_each(|(moment, _)| tick(plot::date_x(axis, columns.dates, *moment)));
        plot::paint_dates(ui.painter(), theme, line, columns.dates, axis, &spec.row.dates, y);
    }
    let mut label_from = columns.tolls.start + 3.0;
    if let Some(axis) = &model.tolls {
        axis.ticks.iter().for_each(|figure| tick(plot::toll_x(axis, columns.tolls, *figure)));
        label_from = plot::paint_toll(ui.painter(), theme, line, columns.tolls, axis, &spec.row.toll, y);
    }
    let (figure, rest) = toll_words(cx, detail, &spec.row.toll);
    let strong = Style::new(TextKind::List, theme.text_strong);
    let muted = Style::new(TextKind::List, theme.text_muted);
    let room = columns.tolls.end - label_from;
    let wanted = words::measure(ui.painter(), &figure, strong).x.ceil() + 1.0;
    let on_bar = label_from - columns.tolls.start - 34.0;
    if wanted > room && on_bar > room {
        // Behind a long bar there is no room left: the words lie on the bar.
        let start = columns.tolls.start + 14.0;
        // The end of the bar stays in sight, and its arrow.
        let arrow = if spec.row.toll.is_open() { plot::ARROW } else { 0.0 };
        let wanted = wanted.min(on_bar - arrow);
        let plate = upper.part(start - 3.0, start + wanted + 3.0);
        let plate = Rect::from_center_size(pos2(plate.center().x, y), vec2(plate.width(), 15.0));
        ui.painter().rect_filled(plate, 2.0, fill.unwrap_or(theme.panel));
        upper.text(ui.painter(), start, start + wanted, &figure, strong);
    } else {
        let end = upper.text(ui.painter(), label_from, columns.tolls.end, &figure, strong);
        let end = if figure.is_empty() { label_from } else { end };
        if end + 14.0 < columns.tolls.end {
            upper.text(ui.painter(), end, columns.tolls.end, &rest, muted);
        }
    }

    let mut toggled = false;
    let times = spec.times.map(|(n, open)| (cx.catalog.f("claims-times", &[("n", n.into())]), n, open));
    let caption = Style::new(TextKind::Caption, theme.text_muted);
    let times_width =
        times.as_ref().map_or(0.0, |(text, ..)| words::measure(ui.painter(), text, caption).x.ceil() + 18.0);
    let trap_width = if spec.claim.date_trap.is_some() { 16.0 } else { 0.0 };
    let name_style = if spec.single { caption } else { Style::strong(TextKind::List, theme.text_strong) };
    let names_end = columns.names_end - times_width - trap_width;
    let name_end = upper.text(ui.painter(), inset, names_end, spec.name, name_style);
    if let Some((text, n, open)) = times {
        let slot = upper.part(name_end + 2.0, name_end + times_width);
        let args = [("n", n.into()), ("who", spec.name.into())];
        let key = if open { "claims-fold" } else { "claims-expand" };
        let response = ui.interact(slot, spec.id.with("times"), Sense::click());
        response.widget_info(|| {
            let name = cx.catalog.f(key, &args);
            egui::WidgetInfo::selected(egui::Role::DisclosureTriangle, true, open, name)
        });
        if response.hovered() {
            ui.painter().rect_filled(slot.shrink2(vec2(0.0, 1.0)), 3.0, theme.active);
        }
        let color = if response.hovered() { theme.text_strong } else { theme.text_muted };
        upper.text(ui.painter(), name_end + 5.0, name_end + times_width, &text, Style { color, ..caption });
        let caret = if open { icons::CARET_UP } else { icons::CARET_DOWN };
        let at = pos2(upper.x(name_end + times_width - 7.0), slot.center().y);
        ui.painter().text(at, egui::Align2::CENTER_CENTER, caret, icon_bold_font(8.0), color);
        controls::focus_ring(ui, &response, theme);
        toggled = response.clicked();
        tip(response, cx, || vec![(cx.catalog.f(key, &args), false)]);
    }
    if spec.claim.date_trap.is_some() {
        let at = pos2(upper.x(name_end + times_width + 8.0), upper.rect.center().y);
        ui.painter().text(at, egui::Align2::CENTER_CENTER, icons::WARNING, icon_font(12.0), theme.warning);
    }

    // The statement, and where it is written.
    let key = store.document(spec.claim.document).map_or("", |document| document.key.as_str());
    let key_style = if spec.selected { Style::strong(TextKind::Caption, theme.accent) } else { caption };
    let end = line.width() - size::INSET;
    let key_width = words::measure(ui.painter(), key, key_style).x.ceil().min(90.0);
    let slot = lower.part(end - key_width - 22.0, end + 4.0);
    let open = ui.interact(slot, spec.id.with("source"), Sense::click());
    let named = cx.catalog.f("claims-open-source", &[("document", key.into())]);
    open.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &named));
    if open.hovered() {
        ui.painter().rect_filled(slot, 3.0, theme.active);
    }
    let quote = pos2(lower.x(end - 6.0), lower.rect.center().y);
    let color = if open.hovered() { theme.text_strong } else { key_style.color };
    ui.painter().text(quote, egui::Align2::CENTER_CENTER, icons::QUOTES, icon_font(12.0), color);
    lower.text_end(ui.painter(), end - key_width - 18.0, end - 16.0, key, Style { color, ..key_style });
    controls::focus_ring(ui, &open, theme);
    let statement_style =
        Style { color: if spec.selected { theme.text } else { theme.text_muted }, ..caption };
    lower.text(ui.painter(), inset, end - key_width - 28.0, statement, statement_style);

    if response.has_focus() {
        let ring = line.rect.shrink(1.0);
        ui.painter().rect_stroke(ring, 2.0, Stroke::new(2.0, theme.focus), egui::StrokeKind::Inside);
    }
    let to_source = open.clicked();
    tip(open, cx, || vec![(named, false)]);
    let response = tip(response, cx, || claim_lines(cx, spec.claim));
    RowOut { response, toggled, to_source }
}

/// The figure of a toll, and what is added in muted words.
fn toll_words(cx: &FrameCtx<'_>, detail: &EventDetail, toll: &TollRow) -> (String, String) {
    let count_at = |(claim, count): (usize, usize)| detail.claims.get(claim)?.counts.get(count);
    let own_words = |at: Option<(usize, usize)>| {
        at.and_then(count_at).map(|count| count.in_words.get(cx.lang())).filter(|words| !words.is_empty())
    };
    let mut figure = String::new();
    if toll.has_figure() {
        // Words that hold no figure of their own say more than the coder's reading of them.
        let vague = own_words(toll.words).filter(|words| !words.chars().any(char::is_numeric));
        figure = match vague {
            Some(words) => words.to_owned(),
            None => figure_words(cx, toll.least, toll.most, toll.approx),
        };
    }
    let losses =
        toll.losses.map(|at| own_words(Some(at)).map_or_else(|| cx.t("claims-losses"), str::to_owned));
    let rest = match (losses, figure.is_empty()) {
        (None, _) => {
            let aside: Vec<String> = toll
                .aside
                .iter()
                .filter_map(|at| count_at(*at))
                .map(|count| {
                    let figure = figure_words(cx, count.min, count.max, count.approx);
                    if count.kind == crate::model::CountKind::Wounded {
                        cx.catalog.f("claims-aside-wounded", &[("figure", figure.into())])
                    } else {
                        let who = actor_names(cx, &count.victims);
                        cx.catalog.f("claims-aside", &[("figure", figure.into()), ("who", who.into())])
                    }
                })
                .collect();
            let gap = if figure.is_empty() || aside.is_empty() { "" } else { " " };
            format!("{gap}{}", aside.join(" "))
        }
        (Some(words), true) => cx.catalog.f("claims-quote", &[("words", words.into())]),
        (Some(words), false) => {
            let key = if toll.together { "claims-figure-and" } else { "claims-figure-also" };
            cx.catalog.f(key, &[("figure", "".into()), ("words", words.into())])
        }
    };
    (figure, rest)
}

/// All that a claim says, for its tooltip.
fn claim_lines(cx: &FrameCtx<'_>, claim: &Claim) -> Vec<(String, bool)> {
    let mut lines: Vec<(String, bool)> = Vec::new();
    let statement = claim.statement.get(cx.lang());
    lines.push((statement.to_owned(), true));
    lines
        .extend(claim.statement.beside(cx.lang()).filter(|o| *o != statement).map(|o| (o.to_owned(), false)));
    lines.push((String::new(), false));
    let mut add = |key: &str, text: &str| {
        if !text.is_empty() {
            lines.push((cx.catalog.f(key, &[("text", text.into())]), false));
        }
    };
    add("claims-attribution", &claim.attribution);
    let arrow = if cx.rtl() { " ← " } else { " → " };
    let chain: Vec<&str> = claim.chain.iter().map(|actor| actor_name(cx, *actor)).collect();
    add("claims-chain", &chain.join(arrow));
    let word = |prefix: &str, code: &Option<String>| {
        code.as_ref().map_or_else(String::new, |code| {
            cx.catalog.get(&format!("{prefix}-{code}")).unwrap_or_else(|| code.clone())
        })
    };
    add("claims-stance", &word("stance", &claim.stance));
    add("claims-role", &word("claim-role", &claim.role));
    if claim.region.as_deref() != Some("body") {
        add("claims-region", &word("region", &claim.region));
    }
    for count in &claim.counts {
        lines.push((count_words(cx, count), false));
        lines.extend(count.note.clone().map(|note| (note, false)));
    }
    if let Some(when) = &claim.date {
        let date = interval_words(cx, when.interval, DateStyle::Long);
        lines.push((cx.catalog.f("claims-dated", &[("date", date.into())]), false));
    }
    if let Some(when) = &claim.stated {
        let date = format_interval(when.interval, when.precision, cx.lang(), DateStyle::Long);
        lines.push((cx.catalog.f("claims-stated", &[("date", date.into())]), false));
    }
    if let Some(trap) = &claim.date_trap {
        lines.push((cx.catalog.f("claims-trap", &[("text", trap.as_str().into())]), false));
    }
    if let Some(note) = &claim.note {
        lines.push((cx.catalog.f("claims-note", &[("text", note.as_str().into())]), false));
    }
    lines
}
