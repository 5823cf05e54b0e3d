//! CAMEO: the codes of GDELT's events.
//!
//! A code is a root of two digits, a base of three, or one of four digits below a base. Only events of
//! violence, protest and force are types of the program; what is said or signed is none.

use std::borrow::Cow;

use super::{Code, Typed, whole_number};
use crate::model::EventType;
use EventType::{
    Battles, Explosions, Other, Protests, Riots, StrategicDevelopments as Strategic,
    ViolenceAgainstCivilians as Vac,
};

const fn code(code: &'static str, text: &'static str, event_type: EventType) -> Code {
    Code { code, text, event_type }
}

/// All roots and bases, and those below them that say more about violence; in order of their codes.
#[rustfmt::skip]
pub const CODES: [Code; 172] = [
    code("01", "Make public statement", Other),
    code("010", "Make statement, not specified below", Other),
    code("011", "Decline comment", Other),
    code("012", "Make pessimistic comment", Other),
    code("013", "Make optimistic comment", Other),
    code("014", "Consider policy option", Other),
    code("015", "Acknowledge or claim responsibility", Other),
    code("016", "Deny responsibility", Other),
    code("017", "Engage in symbolic act", Other),
    code("018", "Make empathetic comment", Other),
    code("019", "Express accord", Other),
    code("02", "Appeal", Other),
    code("020", "Appeal, not specified below", Other),
    code("021", "Appeal for material cooperation", Other),
    code("022", "Appeal for diplomatic cooperation", Other),
    code("023", "Appeal for aid", Other),
    code("024", "Appeal for political reform", Other),
    code("025", "Appeal to yield", Other),
    code("026", "Appeal to others to meet or negotiate", Other),
    code("027", "Appeal to others to settle dispute", Other),
    code("028", "Appeal to others to engage in or accept mediation", Other),
    code("03", "Express intent to cooperate", Other),
    code("030", "Express intent to cooperate, not specified below", Other),
    code("031", "Express intent to engage in material cooperation", Other),
    code("032", "Express intent to provide diplomatic cooperation", Other),
    code("033", "Express intent to provide material aid", Other),
    code("034", "Express intent to institute political reform", Other),
    code("035", "Express intent to yield", Other),
    code("036", "Express intent to meet or negotiate", Other),
    code("037", "Express intent to settle dispute", Other),
    code("038", "Express intent to accept mediation", Other),
    code("039", "Express intent to mediate", Other),
    code("04", "Consult", Other),
    code("040", "Consult, not specified below", Other),
    code("041", "Discuss by telephone", Other),
    code("042", "Make a visit", Other),
    code("043", "Host a visit", Other),
    code("044", "Meet at a third location", Other),
    code("045", "Mediate", Other),
    code("046", "Engage in negotiation", Other),
    code("05", "Engage in diplomatic cooperation", Other),
    code("050", "Engage in diplomatic cooperation, not specified below", Other),
    code("051", "Praise or endorse", Other),
    code("052", "Defend verbally", Other),
    code("053", "Rally support on behalf of", Other),
    code("054", "Grant diplomatic recognition", Other),
    code("055", "Apologize", Other),
    code("056", "Forgive", Other),
    code("057", "Sign formal agreement", Strategic),
    code("06", "Engage in material cooperation", Other),
    code("060", "Engage in material cooperation, not specified below", Other),
    code("061", "Cooperate economically", Other),
    code("062", "Cooperate militarily", Other),
    code("063", "Engage in judicial cooperation", Other),
    code("064", "Share intelligence or information", Other),
    code("07", "Provide aid", Other),
    code("070", "Provide aid, not specified below", Other),
    code("071", "Provide economic aid", Other),
    code("072", "Provide military aid", Other),
    code("073", "Provide humanitarian aid", Other),
    code("074", "Provide military protection or peacekeeping", Other),
    code("075", "Grant asylum", Other),
    code("08", "Yield", Other),
    code("080", "Yield, not specified below", Other),
    code("081", "Ease administrative sanctions", Other),
    code("082", "Ease political dissent", Other),
    code("083", "Accede to requests or demands for political reform", Other),
    code("084", "Return, release", Strategic),
    code("085", "Ease economic sanctions, boycott, embargo", Other),
    code("086", "Allow international involvement", Other),
    code("087", "De-escalate military engagement", Strategic),
    code("09", "Investigate", Other),
    code("090", "Investigate, not specified below", Other),
    code("091", "Investigate crime, corruption", Other),
    code("092", "Investigate human rights abuses", Other),
    code("093", "Investigate military action", Other),
    code("094", "Investigate war crimes", Other),
    code("10", "Demand", Other),
    code("100", "Demand, not specified below", Other),
    code("101", "Demand material cooperation", Other),
    code("102", "Demand diplomatic cooperation", Other),
    code("103", "Demand material aid", Other),
    code("104", "Demand political reform", Other),
    code("105", "Demand that target yields", Other),
    code("106", "Demand meeting, negotiation", Other),
    code("107", "Demand settling of dispute", Other),
    code("108", "Demand mediation", Other),
    code("11", "Disapprove", Other),
    code("110", "Disapprove, not specified below", Other),
    code("111", "Criticize or denounce", Other),
    code("112", "Accuse", Other),
    code("113", "Rally opposition against", Other),
    code("114", "Complain officially", Other),
    code("115", "Bring lawsuit against", Other),
    code("116", "Find guilty or liable", Other),
    code("12", "Reject", Other),
    code("120", "Reject, not specified below", Other),
    code("121", "Reject material cooperation", Other),
    code("122", "Reject request or demand for material aid", Other),
    code("123", "Reject request or demand for political reform", Other),
    code("124", "Refuse to yield", Other),
    code("125", "Reject proposal to meet, discuss, or negotiate", Other),
    code("126", "Reject mediation", Other),
    code("127", "Reject plan, agreement to settle dispute", Other),
    code("128", "Defy norms, law", Other),
    code("129", "Veto", Other),
    code("13", "Threaten", Other),
    code("130", "Threaten, not specified below", Other),
    code("131", "Threaten non-force", Other),
    code("132", "Threaten with administrative sanctions", Other),
    code("133", "Threaten with political dissent, protest", Other),
    code("134", "Threaten to halt negotiations", Other),
    code("135", "Threaten to halt mediation", Other),
    code("136", "Threaten to halt international involvement", Other),
    code("137", "Threaten with repression", Other),
    code("138", "Threaten with military force", Other),
    code("139", "Give ultimatum", Other),
    code("14", "Protest", Protests),
    code("140", "Engage in political dissent, not specified below", Protests),
    code("141", "Demonstrate or rally", Protests),
    code("142", "Conduct hunger strike", Protests),
    code("143", "Conduct strike or boycott", Protests),
    code("144", "Obstruct passage, block", Protests),
    code("145", "Protest violently, riot", Riots),
    code("15", "Exhibit force posture", Strategic),
    code("150", "Demonstrate military or police power, not specified below", Strategic),
    code("151", "Increase police alert status", Strategic),
    code("152", "Increase military alert status", Strategic),
    code("153", "Mobilize or increase police power", Strategic),
    code("154", "Mobilize or increase armed forces", Strategic),
    code("16", "Reduce relations", Other),
    code("160", "Reduce relations, not specified below", Other),
    code("161", "Reduce or break diplomatic relations", Other),
    code("162", "Reduce or stop aid", Other),
    code("163", "Impose embargo, boycott, or sanctions", Other),
    code("164", "Halt negotiations", Other),
    code("165", "Halt mediation", Other),
    code("166", "Expel or withdraw", Other),
    code("17", "Coerce", Other),
    code("170", "Coerce, not specified below", Other),
    code("171", "Seize or damage property", Strategic),
    code("172", "Impose administrative sanctions", Other),
    code("173", "Arrest, detain, or charge with legal action", Strategic),
    code("174", "Expel or deport individuals", Strategic),
    code("175", "Use tactics of violent repression", Vac),
    code("176", "Attack cybernetically", Other),
    code("18", "Assault", Vac),
    code("180", "Use unconventional violence, not specified below", Vac),
    code("181", "Abduct, hijack, or take hostage", Vac),
    code("182", "Physically assault", Vac),
    code("1821", "Sexually assault", Vac),
    code("1822", "Torture", Vac),
    code("1823", "Kill by physical assault", Vac),
    code("183", "Conduct suicide, car, or other non-military bombing", Explosions),
    code("1831", "Carry out suicide bombing", Explosions),
    code("184", "Use as human shield", Vac),
    code("185", "Attempt to assassinate", Vac),
    code("186", "Assassinate", Vac),
    code("19", "Fight", Battles),
    code("190", "Use conventional military force, not specified below", Battles),
    code("191", "Impose blockade, restrict movement", Strategic),
    code("192", "Occupy territory", Battles),
    code("193", "Fight with small arms and light weapons", Battles),
    code("194", "Fight with artillery and tanks", Explosions),
    code("195", "Employ aerial weapons", Explosions),
    code("196", "Violate ceasefire", Battles),
    code("20", "Use unconventional mass violence", Vac),
    code("200", "Use unconventional mass violence, not specified below", Vac),
    code("201", "Engage in mass expulsion", Vac),
    code("202", "Engage in mass killings", Vac),
    code("203", "Engage in ethnic cleansing", Vac),
    code("204", "Use weapons of mass destruction", Explosions),
];

/// The type of an event by its root and its code. Of a code that is not in the table the base counts,
/// or else the root.
pub fn event_type<'a>(root: &'a str, code: &'a str) -> Typed<'a> {
    let (root, code) = (whole_number(root), whole_number(code));
    if root.is_empty() && code.is_empty() {
        return Typed { event_type: Other, is_known: true, label_type: "".into(), label_sub: "".into() };
    }
    let (full_root, full_code) = with_zeros(root, code);
    let found_root = find(&full_root);
    let found = (2..=full_code.len()).rev().find_map(|len| find(full_code.get(..len)?)).or(found_root);
    let label_sub = match found {
        Some(found) if !code.is_empty() => Cow::Owned(format!("{full_code} {}", found.text)),
        _ => Cow::Borrowed(code),
    };
    Typed {
        event_type: found.map_or(Other, |found| found.event_type),
        is_known: found.is_some(),
        label_type: found_root.map_or(Cow::Borrowed(root), |root| Cow::Borrowed(root.text)),
        label_sub,
    }
}

/// Root and code with the zeros at their begin that spreadsheets take away. A code alone has its root
/// in it.
fn with_zeros(root: &str, code: &str) -> (String, String) {
    if !root.bytes().chain(code.bytes()).all(|byte| byte.is_ascii_digit()) {
        return (root.to_owned(), code.to_owned());
    }
    let full_root = if root.len() == 1 { format!("0{root}") } else { root.to_owned() };
    // With its root a code tells whether it lacks a zero; alone only one of two digits does.
    let lacks_zero = match full_root.as_str() {
        "" => code.len() == 2,
        full_root => !code.starts_with(full_root) || code.len() == 2,
    };
    let padded = format!("0{code}");
    let fits = full_root.is_empty() || padded.starts_with(&full_root);
    let full_code = if !code.is_empty() && lacks_zero && fits { padded } else { code.to_owned() };
    let full_root =
        if full_root.is_empty() { full_code.get(..2).unwrap_or_default().to_owned() } else { full_root };
    (full_root, full_code)
}

fn find(code: &str) -> Option<&'static Code> {
    CODES.binary_search_by_key(&code, |known| known.code).ok().and_then(|at| CODES.get(at))
}
