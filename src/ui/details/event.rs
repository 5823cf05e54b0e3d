//! One event: its head, title, fields and tolls.

use egui::{Popup, Rect, Response, Sense, Stroke, StrokeKind, Ui, pos2, vec2};

use super::flow::{Piece, crisp, flow_ui, lines_ui, tip};
use super::line::{Line, inside};
use super::{actor_name, actor_names, names_lang};
use crate::model::time::{DateStyle, format_interval};
use crate::model::{
    ActorRole, EventId, Fatalities, GeoPrecision, Interval, Place, PlaceId, Prominence, Toll, When,
};
use crate::state::{Commands, FilterCommand, MapCommand, SelectCommand, ViewCommand};
use crate::store::filter::Dim;
use crate::store::{EventDetail, Store};
use crate::ui::theme::{TextKind, icon_font, icons, size};
use crate::ui::widgets::controls;
use crate::ui::widgets::words::{self, Style, Words};
use crate::ui::{FrameCtx, format, shapes};

/// Where the values of fields begin.
const LABEL: f32 = size::INSET + 44.0 + 4.0;
const STRIP: f32 = 42.0;

/// Type, place in the list, and ways to the neighbours.
pub fn head_ui(ui: &mut Ui, cx: &FrameCtx<'_>, store: &Store, event: EventId, commands: &mut Commands) {
    let theme = cx.theme;
    let (line, _) = Line::allocate(ui, size::PANEL_HEAD, Sense::hover(), cx.rtl());
    ui.painter().rect_filled(line.rect, 0.0, theme.header);
    ui.painter().hline(line.rect.x_range(), line.rect.bottom() - 0.5, theme.hairline());
    let width = line.width();
    let button = |ui: &mut Ui, end: f32, icon: &str, key: &str, enabled: bool| {
        let slot = line.part(width - end - size::TINY, width - end);
        let slot = Rect::from_center_size(slot.center(), vec2(size::TINY, size::TINY));
        let name = cx.t(key);
        inside(ui, slot, |ui| {
            controls::icon_button_with(ui, theme, icon, &name, size::TINY, false, enabled).clicked()
        })
    };
    let order = &cx.derived.by_time;
    let at = cx.derived.place_in_time(event);
    let has_previous = at.map_or(!order.is_empty(), |at| at > 0);
    let has_next = at.map_or(!order.is_empty(), |at| at + 1 < order.len());
    if button(ui, 4.0, icons::X, "details-close", true) {
        commands.push(SelectCommand::None);
    }
    if button(ui, 30.0, icons::CARET_DOWN, "details-next", has_next) {
        commands.push(SelectCommand::Next);
    }
    if button(ui, 54.0, icons::CARET_UP, "details-previous", has_previous) {
        commands.push(SelectCommand::Previous);
    }
    let muted = Style::new(TextKind::List, theme.text_muted);
    let position = match at {
        Some(at) => cx.catalog.f("details-position", &[("at", (at + 1).into()), ("of", order.len().into())]),
        None => cx.t("details-position-none"),
    };
    let position_width = words::measure(ui.painter(), &position, muted).x.ceil();
    let position_end = width - 54.0 - size::TINY - 6.0;
    line.text_end(ui.painter(), position_end - position_width - 1.0, position_end, &position, muted);
    let slot = line.part(position_end - position_width, position_end);
    let response = ui.interact(slot, ui.scope_id().with("position"), Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &position));
    if at.is_none() {
        tip(response, cx, || vec![(cx.t("details-position-none.hint"), false)]);
    }
    let until = position_end - position_width - 8.0;
    let name = format::event_type(cx.catalog, store.event_type(event));
    let strong = Style::strong(TextKind::List, theme.text_strong);
    let end = line.text(ui.painter(), size::INSET, until, &name, strong);
    let sub_type = store.sub_type(event);
    if !sub_type.is_empty() && end + 24.0 < until {
        let caret = if cx.rtl() { "‹" } else { "›" };
        let end = line.text(ui.painter(), end + 8.0, until, caret, muted);
        line.text(ui.painter(), end + 4.0, until, sub_type, muted);
    }
}

/// Title in the language of the interface, and in the other one.
pub fn title_ui(ui: &mut Ui, cx: &FrameCtx<'_>, store: &Store, event: EventId, detail: &EventDetail) {
    let theme = cx.theme;
    const TEXT: f32 = 38.0;
    ui.add_space(9.0);
    let room = (ui.available_width() - TEXT - size::INSET).max(40.0);
    let block = |ui: &mut Ui, text: &str, style: Style, lines: usize| -> (Line, Response) {
        let height = words::measure_in(ui.painter(), text, style, room, Some(lines)).y.ceil();
        let (line, response) = Line::allocate(ui, height, Sense::hover(), cx.rtl());
        let slot = line.part(TEXT, TEXT + room);
        words::paint_in(ui.painter(), slot, text, style, line.start(), Some(lines));
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Heading, true, text));
        (line, response)
    };
    let title = detail.titles.get(cx.lang());
    let (line, _) = block(ui, title, Style::strong(TextKind::Heading, theme.text_strong), 3);
    let event_type = store.event_type(event);
    let center = pos2(line.x(size::INSET + 8.0), line.rect.top() + 10.0);
    shapes::paint(
        ui.painter(),
        event_type,
        center,
        7.0,
        shapes::Fill::Solid,
        theme.event_type(event_type),
        theme.symbol_edge,
    );
    if let Some(other) = detail.titles.beside(cx.lang()).filter(|other| *other != title) {
        block(ui, other, Style::new(TextKind::List, theme.text_muted), 2);
    }
    ui.add_space(2.0);
}

/// When, where and who.
pub fn fields_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    store: &Store,
    event: EventId,
    detail: &EventDetail,
    commands: &mut Commands,
) {
    when_ui(ui, cx, store, event, detail);
    where_ui(ui, cx, store, event, detail, commands);
    who_ui(ui, cx, detail, commands);
}

pub fn field_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    label: &str,
    pieces: &[Piece<'_>],
) -> (Response, Vec<(u32, Response)>) {
    let (response, links) = flow_ui(ui, cx, pieces, LABEL, 8.0);
    let line = Line::new(response.rect, cx.rtl()).rows(0.0, super::flow::LINE);
    let style = Style::new(TextKind::List, cx.theme.text_muted);
    line.text(ui.painter(), size::INSET, LABEL - 4.0, label, style);
    (response, links)
}

/// A date with its marks: "about", "perhaps".
fn when_words(cx: &FrameCtx<'_>, when: &When) -> String {
    let date = format_interval(when.interval, when.precision, cx.lang(), DateStyle::Long);
    let about = when.approx.then(|| cx.t("details-about"));
    let perhaps = when.uncertain.then(|| cx.t("details-perhaps"));
    let parts: Vec<String> = about.into_iter().chain(perhaps).chain([date]).collect();
    parts.join(" ")
}

/// A claimed interval in words, at the precision of days.
pub fn interval_words(cx: &FrameCtx<'_>, interval: Interval, style: DateStyle) -> String {
    format_interval(interval, crate::model::DatePrecision::Days, cx.lang(), style)
}

fn when_ui(ui: &mut Ui, cx: &FrameCtx<'_>, store: &Store, event: EventId, detail: &EventDetail) {
    let theme = cx.theme;
    let strong = Style::strong(TextKind::List, theme.text_strong);
    let muted = Style::new(TextKind::List, theme.text_muted);
    let tag = Style::new(TextKind::Caption, theme.text);
    let own = store.interval(event);
    let mut pieces = Vec::new();
    match &detail.when {
        Some(when) => {
            pieces.push(Piece::new(when_words(cx, when), strong));
            pieces.push(Piece::tag(format::date_precision(cx.catalog, store.date_precision(event)), tag));
        }
        None => pieces.push(Piece::new(cx.t("details-undated"), muted)),
    }
    if detail.ongoing {
        pieces.push(Piece::new(cx.t("details-ongoing"), muted).gap(8.0));
    }
    let mut dated: Vec<(crate::model::ActorId, Interval)> = Vec::new();
    let ranges = detail.claimed_ranges.iter().map(|range| (range.claimant, range.interval));
    let claims = detail.claims.iter().filter_map(|c| Some((c.claimant, c.date.as_ref()?.interval)));
    for entry in ranges.chain(claims) {
        if !dated.contains(&entry) {
            dated.push(entry);
        }
    }
    let mut differing: Vec<crate::model::ActorId> =
        dated.iter().filter(|(_, interval)| *interval != own).map(|(claimant, _)| *claimant).collect();
    differing.sort_unstable();
    differing.dedup();
    if !differing.is_empty() {
        let text = cx.catalog.f("details-dated-differently", &[("n", differing.len().into())]);
        pieces.push(Piece::new(text, muted).gap(8.0));
    }
    let (response, _) = field_ui(ui, cx, &cx.t("details-when"), &pieces);
    tip(response, cx, || {
        let mut lines = Vec::new();
        let date_line = |(claimant, interval): &(crate::model::ActorId, Interval)| {
            let date = interval_words(cx, *interval, DateStyle::Long);
            (format!("{}: {date}", actor_name(cx, *claimant)), false)
        };
        if !dated.is_empty() {
            lines.push((cx.t("details-ranges-head"), true));
            lines.extend(dated.iter().map(date_line));
            lines.push((String::new(), false));
        }
        if let Some(worded) = &detail.text_date {
            let date = when_words(cx, worded);
            lines.push((cx.catalog.f("details-date-as-worded", &[("date", date.into())]), false));
        }
        if let Some(basis) = detail.when.as_ref().and_then(|when| when.basis.as_ref()) {
            lines.push((cx.t("details-date-basis"), true));
            lines.push((basis.clone(), false));
        }
        if detail.when.is_none() {
            lines.push((cx.t("details-undated.hint"), false));
        }
        lines
    });
    if let Some(known) = &detail.known {
        let pieces = [
            Piece::new(when_words(cx, known), Style::new(TextKind::List, theme.text)),
            Piece::tag(cx.t("details-general-knowledge"), Style::new(TextKind::Caption, theme.warning)),
        ];
        let (response, _) = field_ui(ui, cx, &cx.t("details-known"), &pieces);
        tip(response, cx, || {
            let mut lines = vec![(cx.t("details-general-knowledge.hint"), false)];
            lines.extend(known.basis.iter().map(|basis| (basis.clone(), false)));
            lines
        });
    }
}

fn where_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    store: &Store,
    event: EventId,
    detail: &EventDetail,
    commands: &mut Commands,
) {
    let theme = cx.theme;
    let muted = Style::new(TextKind::List, theme.text_muted);
    let lang = names_lang(cx);
    let mut pieces = Vec::new();
    for (at, role) in detail.places.iter().enumerate() {
        let Some(place) = store.place(role.place) else { continue };
        if at > 0 {
            pieces.push(Piece::dot(muted));
        }
        let style = if at == 0 {
            Style::strong(TextKind::List, theme.accent)
        } else {
            Style::new(TextKind::List, theme.accent)
        };
        pieces.push(Piece::link(place.names.get(lang), style, role.place.0).gap(5.0));
        if at == 0 {
            let precision = precision_words(cx, store.geo_precision(event), place);
            if !precision.is_empty() {
                pieces.push(Piece::new(precision, muted));
            }
            // Of the towns of a whole continent one does not know the country.
            let around = store.table_of(event).map(|_| [&place.admin1, &place.country]);
            let around: Vec<&str> = around.into_iter().flatten().filter_map(|name| name.as_deref()).collect();
            if !around.is_empty() {
                pieces.push(Piece::dot(muted));
                let around = around.join(&cx.t("join-comma"));
                pieces.push(Piece::new(around, Style::new(TextKind::List, theme.text)).gap(5.0));
            }
        }
    }
    let position = store.position(event).filter(|_| pieces.is_empty());
    if let Some(position) = position {
        // A point may have no name.
        let text = crate::ui::format::coordinates(position);
        pieces.push(Piece::new(text, Style::new(TextKind::List, theme.text)));
    }
    if pieces.is_empty() {
        pieces.push(Piece::new(cx.t("details-unplaced"), muted));
    }
    let (response, links) = field_ui(ui, cx, &cx.t("details-where"), &pieces);
    if links.is_empty() && position.is_none() {
        tip(response, cx, || vec![(cx.t("details-unplaced.hint"), false)]);
    }
    for (id, link) in links {
        let id = PlaceId(id);
        let Some(place) = store.place(id) else { continue };
        if link.clicked() {
            if ui.input(|input| input.modifiers.alt) {
                commands.push(FilterCommand::Toggle(Dim::Place, id.0));
            } else if let Some(center) = place.position {
                commands.push(MapCommand::FlyTo { center, zoom: zoom_for(place) });
            }
        }
        let role = detail.places.iter().find(|role| role.place == id).and_then(|role| role.role.clone());
        tip(link, cx, || {
            let mut lines = vec![(place.names.get(cx.lang()).to_owned(), true)];
            lines.extend(place.names.beside(cx.lang()).map(|other| (other.to_owned(), false)));
            let kind = [Some(place.kind.clone()), place.admin1.clone()];
            let mut about: Vec<String> = kind.into_iter().flatten().filter(|s| !s.is_empty()).collect();
            if place.radius_m > 0.0 {
                about.push(format::radius(place.radius_m, cx.lang()));
            }
            lines.push((about.join(" · "), false));
            lines.extend(role.map(|role| (role, false)));
            lines.push((String::new(), false));
            lines.push((cx.t("details-place-hint"), false));
            lines
        });
    }
}

/// `near ±3 km`; empty for an exact place.
fn precision_words(cx: &FrameCtx<'_>, precision: GeoPrecision, place: &Place) -> String {
    let radius = if place.radius_m > 0.0 { format::radius(place.radius_m, cx.lang()) } else { String::new() };
    let args = [("radius", radius.as_str().into())];
    match precision {
        GeoPrecision::Exact | GeoPrecision::Unknown => String::new(),
        GeoPrecision::Near | GeoPrecision::Region if radius.is_empty() => {
            format::geo_precision(cx.catalog, precision)
        }
        GeoPrecision::Near => cx.catalog.f("details-near", &args),
        GeoPrecision::Region => cx.catalog.f("details-region", &args),
        GeoPrecision::Country => format::geo_precision(cx.catalog, precision),
    }
}

/// The zoom at which a place's radius takes about a hundred points.
fn zoom_for(place: &Place) -> f64 {
    /// Metres per point at zoom 0 on the equator.
    const METRES: f64 = 156_543.0;
    let lat = place.position.map_or(0.0, |position| position.lat);
    let zoom = (METRES * lat.to_radians().cos() * 100.0 / place.radius_m.max(500.0)).log2();
    zoom.clamp(3.0, 11.0)
}

fn who_ui(ui: &mut Ui, cx: &FrameCtx<'_>, detail: &EventDetail, commands: &mut Commands) {
    let theme = cx.theme;
    let muted = Style::new(TextKind::List, theme.text_muted);
    let link = Style::new(TextKind::List, theme.accent);
    let mut pieces: Vec<Piece<'_>> = Vec::new();
    let comma = if names_lang(cx) == crate::model::Lang::Ar { "،" } else { "," };
    let list = |pieces: &mut Vec<Piece<'_>>, actors: &[&ActorRole]| {
        for (at, role) in actors.iter().enumerate() {
            if at > 0 {
                pieces.push(Piece::mark(comma, muted));
            }
            pieces.push(Piece::link(actor_name(cx, role.actor).to_owned(), link, role.actor.0));
        }
    };
    let of_role =
        |name: &str| -> Vec<&ActorRole> { detail.actors.iter().filter(|role| role.role == name).collect() };
    let (attackers, targets) = (of_role("attacker"), of_role("target"));
    let sentence = !attackers.is_empty() && !targets.is_empty();
    if sentence {
        list(&mut pieces, &attackers);
        pieces.push(Piece::new(cx.t("details-attack"), muted));
        list(&mut pieces, &targets);
    }
    // Other roles in the order of the case, each named once.
    let mut named: Vec<&str> = Vec::new();
    for role in &detail.actors {
        let told = sentence && (role.role == "attacker" || role.role == "target");
        if told || named.contains(&role.role.as_str()) {
            continue;
        }
        named.push(&role.role);
        if !pieces.is_empty() {
            pieces.push(Piece::dot(muted));
        }
        let word = role_words(cx, &role.role);
        let gap = if pieces.is_empty() { 0.0 } else { 5.0 };
        pieces.push(
            Piece::new(cx.catalog.f("details-role", &[("role", word.into())]), muted).gap(gap).holding(),
        );
        list(&mut pieces, &of_role(&role.role));
    }
    if pieces.is_empty() {
        pieces.push(Piece::new(cx.t("details-nobody"), muted));
    }
    let (_, links) = field_ui(ui, cx, &cx.t("details-who"), &pieces);
    for (id, link) in links {
        if link.clicked() {
            commands.push(FilterCommand::Toggle(Dim::Actor, id));
        }
        tip(link, cx, || {
            let actor = cx.store().and_then(|store| store.actor(crate::model::ActorId(id)));
            let Some(actor) = actor else { return Vec::new() };
            let mut lines = vec![(actor.names.get(cx.lang()).to_owned(), true)];
            lines.extend(actor.names.beside(cx.lang()).map(|other| (other.to_owned(), false)));
            lines.extend(actor.note.clone().map(|note| (note, false)));
            lines.push((String::new(), false));
            lines.push((cx.t("details-actor-hint"), false));
            lines
        });
    }
}

/// A part in words of the catalogue, or else as the coder has it.
fn role_words(cx: &FrameCtx<'_>, role: &str) -> String {
    let key: String = role.chars().filter(char::is_ascii_alphanumeric).collect();
    cx.catalog.get(&format!("actor-role-{key}")).unwrap_or_else(|| role.to_owned())
}

/// One cell of the strip: a number, what it is, and who says it.
struct Cell {
    number: String,
    name: String,
    who: String,
}

fn cells(cx: &FrameCtx<'_>, fatalities: Fatalities, tolls: &[Toll]) -> Option<[Cell; 3]> {
    let Fatalities { low, best, high, best_open, high_open, claimants } = fatalities;
    let (low, best, high) = (low?, best?, high?);
    let has_whole = tolls.iter().any(|toll| toll.total.is_some() && !toll.partial);
    let used = || tolls.iter().filter(move |toll| toll.total.is_some() && !(has_whole && toll.partial));
    let number = |n: u32, open: bool| {
        let n = crate::lang::thousands(i64::from(n));
        if open { format!("≥ {n}") } else { n }
    };
    // The one who says it, or how many do.
    let who = |says: &dyn Fn(u32, Option<u32>) -> bool| -> (String, Option<&Toll>) {
        let saying: Vec<&Toll> =
            used().filter(|toll| toll.total.is_some_and(|(low, high)| says(low, high))).collect();
        match saying.as_slice() {
            [one] => (actor_name(cx, one.claimant).to_owned(), Some(one)),
            many => (cx.catalog.f("details-claimants", &[("n", many.len().into())]), None),
        }
    };
    let (low_who, _) = who(&|least, _| least == low);
    let (mut high_who, highest) = who(&|least, most| most.unwrap_or(least) == high);
    let parts: Vec<String> = highest
        .iter()
        .flat_map(|toll| toll.parts.iter().filter(|part| part.counted))
        .filter_map(|part| part.max.or(part.min))
        .map(|n| crate::lang::thousands(i64::from(n)))
        .collect();
    if parts.len() > 1 {
        let comma = if cx.rtl() { "، " } else { ", " };
        high_who = format!("{high_who}{comma}{}", parts.join(" + "));
    }
    Some([
        Cell { number: number(low, false), name: cx.t("details-low"), who: low_who },
        Cell {
            number: number(best, best_open),
            name: cx.t("details-best"),
            who: cx.catalog.f("details-claimants", &[("n", claimants.into())]),
        },
        Cell { number: number(high, high_open), name: cx.t("details-high"), who: high_who },
    ])
}

/// Low, best and high, with the rule behind them.
pub fn strip_ui(ui: &mut Ui, cx: &FrameCtx<'_>, store: &Store, event: EventId, detail: &EventDetail) {
    let theme = cx.theme;
    let fatalities = store.fatalities(event);
    let (line, _) = Line::allocate(ui, STRIP, Sense::hover(), cx.rtl());
    let frame = crisp(line.part(size::INSET, line.width() - size::INSET));
    let strip = Line::new(frame, cx.rtl());
    let response = ui.interact(frame, ui.scope_id().with("strip"), Sense::click());
    let fill = if response.hovered() { theme.hover } else { theme.raised };
    ui.painter().rect(frame, 4.0, fill, Stroke::new(1.0, theme.line), StrokeKind::Inside);
    let strong = Style::new(TextKind::List, theme.text_strong);
    let muted = Style::new(TextKind::Caption, theme.text_muted);
    let (upper, lower) = (strip.rows(4.0, 21.0), strip.rows(21.0, 38.0));
    let spoken = match cells(cx, fatalities, &store.tolls(event)) {
        Some(cells) => {
            let width = frame.width() / 3.0;
            for (at, cell) in cells.iter().enumerate() {
                let (start, end) = (width * at as f32, width * (at + 1) as f32);
                if at > 0 {
                    ui.painter().vline(strip.x(start), frame.y_range(), Stroke::new(1.0, theme.line));
                }
                let style = Style::strong(TextKind::KeyNumber, theme.text_strong);
                let end_of_number = strip.text(ui.painter(), start + 12.0, end, &cell.number, style) + 8.0;
                upper.text(ui.painter(), end_of_number, end - 4.0, &cell.name, strong);
                lower.text(ui.painter(), end_of_number, end - 4.0, &cell.who, muted);
            }
            let said: Vec<String> =
                cells.iter().map(|cell| format!("{}: {}, {}", cell.name, cell.number, cell.who)).collect();
            said.join("; ")
        }
        None => {
            let none = cx.t("details-no-toll");
            let losses =
                detail.claims.iter().flat_map(|claim| &claim.counts).find(|count| {
                    count.kind == crate::model::CountKind::Losses && !count.in_words.is_empty()
                });
            let why = match losses {
                Some(count) => {
                    let words = count.in_words.get(cx.lang());
                    let words = cx.catalog.f("claims-quote", &[("words", words.into())]);
                    cx.catalog.f("details-no-toll-losses", &[("words", words.into())])
                }
                None => cx.catalog.f("details-no-toll-claims", &[("n", detail.claims.len().into())]),
            };
            upper.text(ui.painter(), 12.0, frame.width() - 24.0, &none, strong);
            lower.text(ui.painter(), 12.0, frame.width() - 24.0, &why, muted);
            format!("{none}. {why}")
        }
    };
    let mark = pos2(strip.x(frame.width() - 11.0), frame.top() + 11.0);
    let color = if response.hovered() { theme.text_strong } else { theme.disabled };
    ui.painter().text(mark, egui::Align2::CENTER_CENTER, icons::QUESTION, icon_font(13.0), color);
    controls::focus_ring(ui, &response, theme);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &spoken));
    let rule = || {
        let mut lines: Vec<(String, bool)> = Vec::new();
        if fatalities.claimants > 0 {
            lines.extend(spoken.split("; ").map(|cell| (cell.to_owned(), true)));
            lines.push((String::new(), false));
        }
        lines.push((cx.t("details-rule"), true));
        lines.extend((1..=5).map(|n| (format!("{n}. {}", cx.t(&format!("details-rule-{n}"))), false)));
        if fatalities.claimants > 0 {
            let here = cx.catalog.f("details-rule-here", &[("n", fatalities.claimants.into())]);
            lines.extend([(String::new(), false), (here, false)]);
        }
        lines
    };
    let popup = Popup::menu(&response).show(|ui| lines_ui(ui, cx, &rule()));
    if popup.is_none() {
        tip(response, cx, rule);
    }
}

/// A fold of the panel: caret, name and what it holds in one line. Returns whether it is open.
pub fn fold_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    section: &str,
    open_by_default: bool,
    preview: &str,
    commands: &mut Commands,
) -> bool {
    let theme = cx.theme;
    let folded = cx.state.view.folded.get(section).copied().unwrap_or(!open_by_default);
    let (line, response) = Line::allocate(ui, 24.0, Sense::click(), cx.rtl());
    if response.hovered() {
        ui.painter().rect_filled(line.rect, 0.0, theme.hover);
    }
    let caret = match (folded, cx.rtl()) {
        (false, _) => icons::CARET_DOWN,
        (true, false) => icons::CARET_RIGHT,
        (true, true) => icons::CARET_LEFT,
    };
    let at = pos2(line.x(size::INSET + 6.0), line.rect.center().y);
    ui.painter().text(at, egui::Align2::CENTER_CENTER, caret, icon_font(12.0), theme.text_muted);
    let name = cx.t(section);
    let style = Style::new(TextKind::List, theme.text_muted);
    let end = line.text(ui.painter(), size::INSET + 16.0, line.width() - size::INSET, &name, style);
    if folded {
        let style = Style::new(TextKind::List, theme.text);
        line.text(ui.painter(), end + 10.0, line.width() - size::INSET, preview, style);
    }
    controls::focus_ring(ui, &response, theme);
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::DisclosureTriangle, true, !folded, &name));
    if response.clicked() {
        commands.push(ViewCommand::Fold(section.to_owned(), !folded));
    }
    !folded
}

/// What happened, and how the coder judges it. Open by itself where claims leave room for it.
pub fn summary_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    store: &Store,
    event: EventId,
    detail: &EventDetail,
    has_room: bool,
    commands: &mut Commands,
) {
    let theme = cx.theme;
    let description = detail.descriptions.get(cx.lang());
    if !fold_ui(ui, cx, "details-summary", has_room, description, commands) {
        return;
    }
    let text = Style::new(TextKind::List, theme.text);
    let other = detail.descriptions.beside(cx.lang()).filter(|other| *other != description);
    for description in [Some(description), other].into_iter().flatten() {
        if !description.is_empty() {
            paragraph_ui(ui, cx, description, text);
            ui.add_space(4.0);
        }
    }
    let caption = Style::new(TextKind::Caption, theme.text);
    let prominence = store.prominence(event);
    let certainty = store.certainty(event);
    let level = cx.t(&format!("details-certainty-{}", certainty.code()));
    let mut tags = vec![
        Piece::tag(cx.t(&format!("prominence-{}", prominence.code())), caption),
        Piece::tag(cx.catalog.f("details-certainty", &[("level", level.into())]), caption),
    ];
    if detail.optional {
        tags.push(Piece::tag(cx.t("details-optional"), caption));
    }
    let (response, _) = flow_ui(ui, cx, &tags, size::INSET, size::INSET);
    tip(response, cx, || {
        let key = match prominence {
            Prominence::Main => "details-prominence-main-hint",
            Prominence::Background => "details-prominence-background-hint",
        };
        let mut lines = vec![(cx.t(key), false)];
        if detail.optional {
            lines.push((cx.t("details-optional.hint"), false));
        }
        lines
    });
    ui.add_space(6.0);
}

/// Notes, why the date is what it is, what places are to the event, and keys.
pub fn more_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    store: &Store,
    detail: &EventDetail,
    has_room: bool,
    commands: &mut Commands,
) {
    if !fold_ui(ui, cx, "details-more", has_room, &detail.key, commands) {
        return;
    }
    if let Some(note) = &detail.note {
        fact_ui(ui, cx, &cx.t("details-note"), note);
    }
    if let Some(basis) = detail.when.as_ref().and_then(|when| when.basis.as_ref()) {
        fact_ui(ui, cx, &cx.t("details-basis"), basis);
    }
    let roles: Vec<String> = detail
        .places
        .iter()
        .filter_map(|role| {
            let name = store.place(role.place)?.names.get(names_lang(cx));
            Some(format!("{name}: {}", role.role.as_ref()?))
        })
        .collect();
    if !roles.is_empty() {
        fact_ui(ui, cx, &cx.t("details-places"), &roles.join("\n"));
    }
    let slug = detail.slug.as_deref().map_or(String::new(), |slug| format!(" · {slug}"));
    fact_ui(ui, cx, &cx.t("details-id"), &format!("{}{slug}", detail.key));
}

/// A text over the whole width; one that reads the other way is set at its own start.
fn paragraph_ui(ui: &mut Ui, cx: &FrameCtx<'_>, text: &str, style: Style) {
    let width = (ui.available_width() - 2.0 * size::INSET).max(40.0);
    let style = style.prose(text);
    let height = words::measure_in(ui.painter(), text, style, width, None).y.ceil();
    let (line, response) = Line::allocate(ui, height, Sense::hover(), cx.rtl());
    let align = if crate::text::is_mostly_rtl(text) { egui::Align::Max } else { egui::Align::Min };
    let slot = line.part(size::INSET, size::INSET + width);
    words::paint_in(ui.painter(), slot, text, style, align, None);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Paragraph, true, text));
}

fn fact_ui(ui: &mut Ui, cx: &FrameCtx<'_>, head: &str, text: &str) {
    let muted = Style::new(TextKind::Caption, cx.theme.text_muted);
    inside_inset(ui, |ui| {
        ui.add(Words::new(head, muted));
    });
    paragraph_ui(ui, cx, text, Style::new(TextKind::List, cx.theme.text));
    ui.add_space(4.0);
}

fn inside_inset(ui: &mut Ui, add: impl FnOnce(&mut Ui)) {
    egui::Frame::new().inner_margin(egui::Margin::symmetric(size::INSET as i8, 0)).show(ui, add);
}

/// What a claim counts, in words, for tooltips.
pub fn count_words(cx: &FrameCtx<'_>, count: &crate::model::Count) -> String {
    use crate::model::CountKind;
    let figure = figure_words(cx, count.min, count.max, count.approx);
    let words = count.in_words.get(cx.lang());
    let figure = if figure.is_empty() { words.to_owned() } else { figure };
    let who = actor_names(cx, &count.victims);
    let args = [("figure", figure.clone().into()), ("who", who.clone().into())];
    match count.kind {
        CountKind::Killed => cx.catalog.f("claims-count-killed", &args),
        CountKind::Wounded => cx.catalog.f("claims-count-wounded", &args),
        CountKind::KilledOrWounded => cx.catalog.f("claims-count-mixed", &args),
        kind => {
            let parts = [figure, kind.code().replace('_', " "), who];
            let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            parts.join(" · ")
        }
    }
}

/// `60`, `20 or more`, `up to 50`, `10–60`; empty without a figure.
pub fn figure_words(cx: &FrameCtx<'_>, least: Option<u32>, most: Option<u32>, approx: bool) -> String {
    let number = |n: u32| crate::lang::thousands(i64::from(n));
    let figure = match (least, most) {
        (None, None) => return String::new(),
        (Some(least), None) => cx.catalog.f("claims-or-more", &[("n", number(least).into())]),
        (None, Some(most)) => cx.catalog.f("claims-upto", &[("n", number(most).into())]),
        (Some(least), Some(most)) if least == most => number(least),
        (Some(least), Some(most)) => {
            cx.catalog.f("claims-range", &[("low", number(least).into()), ("high", number(most).into())])
        }
    };
    if approx && least.is_some() && least == most {
        return cx.catalog.f("claims-about", &[("n", figure.into())]);
    }
    figure
}
