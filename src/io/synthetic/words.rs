//! What the invented world is made of: countries, kinds of events, syllables, words.
//!
//! Countries and their rough centres are real, and event types are ACLED's; towns, people, sources and
//! all that happens are not. Coordinates are in ten-thousandths of a degree throughout.

use crate::model::EventType;

/// How the events of a country are shared among the six types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    /// Fights on the ground.
    Insurgency,
    /// Guns and drones.
    War,
    /// The street.
    Unrest,
}

impl Mood {
    pub const ALL: [Self; 3] = [Self::Insurgency, Self::War, Self::Unrest];

    /// Weights of [`TYPES`].
    pub fn weights(self) -> [u64; 6] {
        match self {
            Self::Insurgency => [30, 14, 27, 13, 5, 11],
            Self::War => [25, 45, 9, 10, 4, 7],
            Self::Unrest => [6, 2, 14, 54, 18, 6],
        }
    }
}

/// A country.
pub struct Country {
    pub name: &'static str,
    pub arabic: &'static str,
    /// The three letters before the number of an event.
    pub letters: &'static str,
    /// ISO 3166-1 numeric.
    pub iso: u16,
    pub region: &'static str,
    /// Its part of all events.
    pub weight: u64,
    pub mood: Mood,
    /// How far towns lie from their centre, one standard deviation, in ten-thousandths of a degree.
    pub spread: i32,
    /// Longitude and latitude of centres.
    pub centers: &'static [(i32, i32)],
}

macro_rules! countries {
    ($($name:literal $arabic:literal $letters:literal $iso:literal $region:literal $weight:literal
       $mood:ident $spread:literal [$($center:expr),+];)+) => {
        pub const COUNTRIES: &[Country] = &[$(Country {
            name: $name, arabic: $arabic, letters: $letters, iso: $iso, region: $region,
            weight: $weight, mood: Mood::$mood, spread: $spread, centers: &[$($center),+],
        }),+];
    };
}

countries! {
    "Mali" "مالي" "MLI" 466 "Western Africa" 90 Insurgency 11000
        [(-30000, 168000), (-42000, 145000), (0, 163000), (-80000, 127000), (-14000, 154000)];
    "Burkina Faso" "بوركينا فاسو" "BFO" 854 "Western Africa" 90 Insurgency 8000
        [(-15000, 124000), (-2000, 140000), (4000, 121000), (-43000, 112000), (-24000, 136000)];
    "Niger" "النيجر" "NIR" 562 "Western Africa" 55 Insurgency 10000
        [(21000, 135000), (130000, 134000), (15000, 144000), (80000, 170000)];
    "Nigeria" "نيجيريا" "NIG" 566 "Western Africa" 95 Insurgency 12000
        [(131000, 118000), (74000, 91000), (62000, 122000), (70000, 50000), (85000, 77000)];
    "Chad" "تشاد" "CHA" 148 "Middle Africa" 30 Insurgency 11000
        [(150000, 121000), (145000, 136000), (210000, 130000), (180000, 86000)];
    "Sudan" "السودان" "SUD" 729 "Northern Africa" 80 War 12000
        [(325000, 156000), (253000, 136000), (249000, 120000), (302000, 110000), (335000, 144000)];
    "South Sudan" "جنوب السودان" "SSD" 728 "Eastern Africa" 30 Insurgency 12000
        [(316000, 49000), (316000, 95000), (297000, 77000)];
    "Mauritania" "موريتانيا" "MAU" 478 "Western Africa" 5 Unrest 10000
        [(-159000, 181000), (-73000, 166000)];
    "Senegal" "السنغال" "SEN" 686 "Western Africa" 6 Unrest 6000
        [(-173000, 147000), (-162000, 126000)];
    "Ghana" "غانا" "GHA" 288 "Western Africa" 6 Unrest 7000 [(-2000, 56000), (-9000, 94000)];
    "Cameroon" "الكاميرون" "CAO" 120 "Middle Africa" 30 Insurgency 8000
        [(142000, 110000), (101000, 59000), (93000, 50000)];
    "Central African Republic" "أفريقيا الوسطى" "CEN" 140 "Middle Africa" 18 Insurgency 12000
        [(186000, 44000), (207000, 65000), (228000, 57000)];
    "Ethiopia" "إثيوبيا" "ETH" 231 "Eastern Africa" 30 Insurgency 13000
        [(387000, 90000), (395000, 135000), (374000, 116000), (366000, 89000)];
    "Somalia" "الصومال" "SOM" 706 "Eastern Africa" 60 Insurgency 9000
        [(453000, 20000), (436000, 31000), (425000, -4000), (460000, 50000)];
    "Kenya" "كينيا" "KEN" 404 "Eastern Africa" 15 Unrest 11000
        [(368000, -13000), (401000, 5000), (397000, -40000)];
    "Uganda" "أوغندا" "UGA" 800 "Eastern Africa" 8 Unrest 8000 [(326000, 3000), (346000, 27000)];
    "Burundi" "بوروندي" "BUR" 108 "Eastern Africa" 9 Insurgency 4000 [(294000, -34000), (299000, -34000)];
    "Democratic Republic of Congo" "الكونغو الديمقراطية" "DRC" 180 "Middle Africa" 60 Insurgency 10000
        [(292000, -17000), (302000, 16000), (289000, -25000), (275000, -117000)];
    "Mozambique" "موزمبيق" "MZM" 508 "Eastern Africa" 12 Insurgency 8000
        [(404000, -115000), (348000, -198000)];
    "Libya" "ليبيا" "LBY" 434 "Northern Africa" 16 War 8000
        [(132000, 329000), (201000, 321000), (144000, 270000)];
    "Egypt" "مصر" "EGY" 818 "Northern Africa" 12 Insurgency 8000 [(312000, 300000), (338000, 311000)];
    "Tunisia" "تونس" "TUN" 788 "Northern Africa" 8 Unrest 5000 [(102000, 368000), (88000, 352000)];
    "Algeria" "الجزائر" "ALG" 12 "Northern Africa" 8 Unrest 9000 [(31000, 367000), (41000, 365000)];
    "Iraq" "العراق" "IRQ" 368 "Middle East" 32 War 8000
        [(444000, 333000), (431000, 363000), (444000, 355000)];
    "Syria" "سوريا" "SYR" 760 "Middle East" 60 War 6000
        [(363000, 335000), (366000, 359000), (383000, 365000), (401000, 353000)];
    "Yemen" "اليمن" "YEM" 887 "Middle East" 50 War 7000
        [(442000, 154000), (450000, 128000), (430000, 140000), (453000, 155000)];
    "Palestine" "فلسطين" "PSE" 275 "Middle East" 20 War 1500 [(344500, 314500), (352000, 319000)];
    "Lebanon" "لبنان" "LBN" 422 "Middle East" 10 War 2000 [(355000, 339000), (354000, 332000)];
    "Turkey" "تركيا" "TUR" 792 "Middle East" 8 Unrest 10000 [(410000, 379000), (290000, 410000)];
    "Iran" "إيران" "IRN" 364 "Middle East" 10 Unrest 11000
        [(514000, 357000), (487000, 313000), (609000, 295000)];
    "Afghanistan" "أفغانستان" "AFG" 4 "Caucasus and Central Asia" 35 Insurgency 11000
        [(692000, 345000), (657000, 316000), (689000, 367000)];
    "Pakistan" "باكستان" "PAK" 586 "South Asia" 25 Unrest 10000
        [(670000, 302000), (715000, 340000), (670000, 249000)];
    "India" "الهند" "IND" 356 "South Asia" 30 Unrest 15000
        [(748000, 341000), (816000, 200000), (939000, 248000), (772000, 286000)];
    "Bangladesh" "بنغلاديش" "BGD" 50 "South Asia" 12 Unrest 6000 [(904000, 238000), (918000, 224000)];
    "Myanmar" "ميانمار" "MMR" 104 "Southeast Asia" 35 War 11000
        [(959000, 219000), (972000, 208000), (929000, 201000)];
    "Philippines" "الفلبين" "PHL" 608 "Southeast Asia" 12 Insurgency 9000
        [(1243000, 76000), (1210000, 146000)];
    "Ukraine" "أوكرانيا" "UKR" 804 "Europe" 60 War 7000
        [(378000, 480000), (363000, 500000), (351000, 478000), (330000, 470000)];
    "Mexico" "المكسيك" "MEX" 484 "North America" 25 Insurgency 15000
        [(-991000, 194000), (-1061000, 286000), (-1023000, 192000)];
    "Colombia" "كولومبيا" "COL" 170 "South America" 15 Insurgency 9000
        [(-766000, 24000), (-756000, 62000), (-725000, 79000)];
    "Brazil" "البرازيل" "BRA" 76 "South America" 18 Unrest 12000 [(-432000, -229000), (-385000, -37000)];
    "Haiti" "هايتي" "HTI" 332 "Caribbean" 6 Insurgency 2000 [(-723000, 185000)];
    "France" "فرنسا" "FRA" 250 "Europe" 10 Unrest 15000 [(23000, 488000), (54000, 433000)];
    "United States" "الولايات المتحدة" "USA" 840 "North America" 16 Unrest 25000
        [(-740000, 407000), (-1182000, 340000), (-876000, 419000)];
}

/// ACLED's types in the order in which this module counts them, with how often, of a million, somebody
/// is killed.
pub const TYPES: [(EventType, u64); 6] = [
    (EventType::Battles, 550_000),
    (EventType::Explosions, 300_000),
    (EventType::ViolenceAgainstCivilians, 620_000),
    (EventType::Protests, 5_000),
    (EventType::Riots, 60_000),
    (EventType::StrategicDevelopments, 0),
];

/// A sub-type: its place in [`TYPES`], its name, its part of the type in thousandths, its disorder type.
pub struct SubType {
    pub event_type: usize,
    pub name: &'static str,
    pub weight: u64,
    pub disorder: &'static str,
}

const POLITICAL: &str = "Political violence";
const DEMONSTRATIONS: &str = "Demonstrations";
const BOTH: &str = "Political violence; Demonstrations";
const STRATEGIC: &str = "Strategic developments";

const fn sub(event_type: usize, name: &'static str, weight: u64, disorder: &'static str) -> SubType {
    SubType { event_type, name, weight, disorder }
}

pub const SUB_TYPES: [SubType; 25] = [
    sub(0, "Armed clash", 900, POLITICAL),
    sub(0, "Government regains territory", 60, POLITICAL),
    sub(0, "Non-state actor overtakes territory", 40, POLITICAL),
    sub(1, "Shelling/artillery/missile attack", 420, POLITICAL),
    sub(1, "Air/drone strike", 340, POLITICAL),
    sub(1, "Remote explosive/landmine/IED", 190, POLITICAL),
    sub(1, "Grenade", 30, POLITICAL),
    sub(1, "Suicide bomb", 12, POLITICAL),
    sub(1, "Chemical weapon", 8, POLITICAL),
    sub(2, "Attack", 780, POLITICAL),
    sub(2, "Abduction/forced disappearance", 190, POLITICAL),
    sub(2, "Sexual violence", 30, POLITICAL),
    sub(3, "Peaceful protest", 910, DEMONSTRATIONS),
    sub(3, "Protest with intervention", 80, DEMONSTRATIONS),
    sub(3, EXCESSIVE_FORCE, 10, BOTH),
    sub(4, "Mob violence", 620, POLITICAL),
    sub(4, "Violent demonstration", 380, DEMONSTRATIONS),
    sub(5, "Looting/property destruction", 360, STRATEGIC),
    sub(5, "Arrests", 180, STRATEGIC),
    sub(5, "Disrupted weapons use", 160, STRATEGIC),
    sub(5, "Change to group/activity", 110, STRATEGIC),
    sub(5, "Other", 90, STRATEGIC),
    sub(5, "Non-violent transfer of territory", 50, STRATEGIC),
    sub(5, "Agreement", 30, STRATEGIC),
    sub(5, "Headquarters or base established", 20, STRATEGIC),
];

/// The one kind of protest that is counted as aimed at civilians.
pub const EXCESSIVE_FORCE: &str = "Excessive force against protesters";

/// What an actor is, as ACLED names it, in the order in which two are joined.
pub const KINDS: [&str; 8] = [
    "State forces",
    "Rebel group",
    "Political militia",
    "Identity militia",
    "Rioters",
    "Protesters",
    "Civilians",
    "External/Other forces",
];

pub const SCALES: [&str; 6] =
    ["National", "Subnational", "International", "Other", "New media", "Subnational-National"];

/// Syllables of invented names, in Latin and in Arabic letters.
pub const SYLLABLES: [(&str, &str); 40] = [
    ("ba", "با"),
    ("bou", "بو"),
    ("da", "دا"),
    ("dou", "دو"),
    ("di", "دي"),
    ("fa", "فا"),
    ("fi", "في"),
    ("ga", "غا"),
    ("go", "غو"),
    ("gou", "غو"),
    ("ka", "كا"),
    ("ko", "كو"),
    ("kou", "كو"),
    ("la", "لا"),
    ("lo", "لو"),
    ("ma", "ما"),
    ("me", "مي"),
    ("mo", "مو"),
    ("na", "نا"),
    ("ni", "ني"),
    ("no", "نو"),
    ("ra", "را"),
    ("ri", "ري"),
    ("ro", "رو"),
    ("sa", "سا"),
    ("so", "سو"),
    ("cha", "شا"),
    ("ta", "تا"),
    ("ti", "تي"),
    ("to", "تو"),
    ("wa", "وا"),
    ("ya", "يا"),
    ("yo", "يو"),
    ("za", "زا"),
    ("zi", "زي"),
    ("ha", "حا"),
    ("ké", "كي"),
    ("dé", "دي"),
    ("sé", "سي"),
    ("sou", "سو"),
];

/// Words of English sentences, parted by spaces.
pub const ENGLISH: &str = "armed men attacked village market road patrol convoy checkpoint soldiers militants \
    civilians residents homes burned cattle looted abducted released local sources reported unknown number \
    wounded casualties weapons ammunition camp displaced school clinic well bridge airport ceasefire \
    agreement leader chief delegation committee farmers herders dispute land withdrew seized advanced \
    reinforcements curfew arrested investigation statement responsibility claimed drone airstrike shelling \
    mortar explosive device detonated ambush clash protest demonstrators peaceful rally teachers salaries \
    fuel prices electricity police dispersed tear gas barricades stones night morning evening nearby \
    outskirts northern southern eastern western district province river forest base";

/// Words of French sentences, parted by spaces.
pub const FRENCH: &str = "des hommes armés ont attaqué le village marché près du poste de contrôle éleveurs \
    déplacés blessés enlevés libérés une école brûlée l'accord cessez-le-feu manifestants dispersés grève \
    des enseignants salaires carburant forêt rivière région préfecture gendarmerie véhicule détruit \
    aujourd'hui hélicoptère à l'aube civils tués bétail volé élus délégation mairie";

/// Arabic nouns without an article: particles can be attached to them.
pub const ARABIC_NOUNS: &str = "قوات جماعة قرية مدينة طريق منطقة محافظة ولاية قاعدة حاجز مدرسة مستوصف بئر مياه \
    جسر مطار مركبة دورية كمين هجوم اشتباكات قصف انفجار عبوة طائرة مظاهرة احتجاج منازل ماشية جرحى قتلى أسلحة \
    ذخائر نازحين مخيم لاجئين اتفاق زعيم شيخ وفد لجنة أهالي مزارعين رعاة خلاف أرض انسحاب سيطرة تعزيزات حظر \
    اعتقال تحقيق بيان مسؤولية إمدادات آليات مئذنة هيئة شؤون مسؤولين قرى مدنيين مقاتلين عناصر جيش شرطة متظاهرين \
    حرق نهب اختطاف مصادر معارك ضباط رهائن وساطة هدنة مساعدات قذائف ألغام إصابات مبنى مقهى ملجأ";

/// Arabic words that stand alone.
pub const ARABIC_OTHERS: &str = "إلى على عند من بعد قبل خلال حيث كما أن ليلاً صباحاً مساءً أمس اليوم شرق غرب شمال جنوب \
    مجهولة محلية مسلحة سلمية كبيرة عسكرية ناسفة مسيرة قبلية متفرقة عنيفة أفادت أعلنت أكدت نفت شهدت طالبت استهدفت \
    سيطرت انسحبت أصيب قتل وصل غير معروف لاحقاً";

/// Quotations and remarks that the rest of a note may hold.
pub const ENGLISH_QUOTES: [&str; 4] = [
    " A witness said: \"we saw them, then they left\".",
    " The \"joint committee\" denied it.",
    " Leaflets read \"go home\"; \"\" was all that was left of another line.",
    " He was known as \"the tailor\", or \"al-Khayyat\".",
];

pub const ARABIC_QUOTES: [&str; 3] = [
    " وقال شاهد: \"رأيناهم، ثم رحلوا\".",
    " ونفت «اللجنة المشتركة» ذلك.",
    " ورُفعت لافتة كُتب عليها \"لا للغلاء\".",
];

/// Arabic inside a Latin note.
pub const MIXED: [&str; 3] = [
    " The banner read «لا للغلاء» in Arabic.",
    " (in Arabic: \"بيان رقم 3\")",
    " The group signs as \u{200F}كتيبة الفجر\u{200F}.",
];

/// What a note of several lines goes on with.
pub const NEW_LINES: [&str; 4] = [
    "\nUpdate: figures revised.",
    "\n\nSecond report: \"two more\", unconfirmed.",
    "\r\nUpdate: sources differ.",
    "\nتحديث: تغيرت الأرقام.",
];

/// A phrase that is hidden in some notes, in several spellings.
pub struct Needle {
    pub key: &'static str,
    /// What a reader would search for; it is to find all spellings.
    pub query: &'static str,
    pub spellings: &'static [&'static str],
    /// What stands before and after it.
    pub around: (&'static str, &'static str),
    pub arabic: bool,
    /// How many rows of a million have it.
    pub per_million: u64,
}

pub const NEEDLES: [Needle; 8] = [
    Needle {
        key: "latin_water_tower",
        query: "the old water tower",
        spellings: &["the old water tower"],
        around: (" It happened at ", "."),
        arabic: false,
        per_million: 1000,
    },
    Needle {
        key: "latin_rare",
        query: "Zarqune cooperative",
        spellings: &["Zarqune cooperative"],
        around: (" It happened at the ", "."),
        arabic: false,
        per_million: 20,
    },
    Needle {
        key: "latin_accents",
        query: "Café Célébène",
        spellings: &[
            "Café Célébène",
            "Cafe Celebene",
            "CAFÉ CÉLÉBÈNE",
            "Cafe\u{301} Ce\u{301}le\u{301}be\u{300}ne",
        ],
        around: (" It happened near the ", "."),
        arabic: false,
        per_million: 500,
    },
    Needle {
        key: "arabic_amal_hospital",
        query: "مستشفى الأمل",
        spellings: &["مستشفى الأمل", "مستشفي الامل", "مُسْتَشْفَى الأَمَل", "مستشفـــى الأمل"],
        around: (" قرب ", "."),
        arabic: true,
        per_million: 1000,
    },
    Needle {
        key: "arabic_rare",
        query: "جمعية الإحسان",
        spellings: &["جمعية الإحسان", "جمعيه الاحسان"],
        around: (" قرب ", "."),
        arabic: true,
        per_million: 20,
    },
    // A word with particles attached, to which no search for whole words leads.
    Needle {
        key: "arabic_attached",
        query: "مطحنة",
        spellings: &[
            "مطحنة",
            "المطحنة",
            "والمطحنة",
            "بالمطحنة",
            "للمطحنة",
            "وبالمطحنة",
            "ولمطحنة",
            "مطحنه",
            "المَطْحَنَة",
            "للمطحنـــة",
        ],
        around: (" وحدث ذلك ", " ليلاً."),
        arabic: true,
        per_million: 1000,
    },
    Needle {
        key: "arabic_attached_phrase",
        query: "سوق المرجان",
        spellings: &[
            "سوق المرجان",
            "بسوق المرجان",
            "وسوق المرجان",
            "لسوق المرجان",
            "سُوق المَرجان",
            "وبسوق المرجـان",
        ],
        around: (" وحدث ذلك ", " مساءً."),
        arabic: true,
        per_million: 500,
    },
    // The article loses its alef after ل: the letters of the query are not in all spellings.
    Needle {
        key: "arabic_article",
        query: "الصومعة",
        spellings: &["الصومعة", "بالصومعة", "والصومعه", "للصومعة", "وللصومعة", "فالصَّومعة"],
        around: (" وحدث ذلك ", " صباحاً."),
        arabic: true,
        per_million: 500,
    },
];
