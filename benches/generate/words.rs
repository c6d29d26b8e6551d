//! The words that generated articles are made of. A change here changes every generated text: say so in the commit.

pub const GIVEN: &[&str] = &[
    "Ada", "Ben", "Chen", "Daw", "Elif", "Farid", "Grace", "Hana", "Ivan", "Jun", "Kofi", "Leila", "Min", "Nadia",
    "Omar", "Petra", "Quentin", "Rosa", "Sami", "Thiri", "Uma", "Viktor", "Wen", "Ximena", "Yusuf", "Zoé",
];
pub const SYLLABLES: &[&str] = &[
    "an", "bar", "cor", "dal", "er", "fen", "gar", "hol", "in", "jor", "kel", "lan", "mar", "nor", "ost", "per",
    "quin", "ros", "sten", "tor", "ul", "ver", "win", "yar", "zem",
];
pub const BODIES: &[&str] = &[
    "Ministry of Home Affairs",
    "Port Authority",
    "Central Bank",
    "River Commission",
    "Teachers' Union",
    "Council for Trade",
    "Weather Office",
    "Foreign Ministry",
    "Court of Appeal",
    "Institute of Public Health",
];
pub const DO: &[&str] = &[
    "reviewed",
    "delayed",
    "approved",
    "questioned",
    "extended",
    "criticised",
    "signed",
    "withdrew",
    "published",
    "defended",
    "amended",
    "suspended",
];
pub const THINGS: &[&str] = &[
    "a plan to widen the northern crossing",
    "an agreement on fishing quotas",
    "the budget for school meals",
    "a survey of flooded villages",
    "new rules for ride-hailing firms",
    "the second phase of the railway",
    "a loan for the harbour",
    "a draft law on water rights",
    "its forecast for rice exports",
    "the inquiry into last year's fire",
];
pub const SAY: &[&str] = &["said", "told reporters", "added", "argued", "warned", "wrote in a statement", "insisted"];
pub const CLAIMS: &[&str] = &[
    "more than half of the repairs had been finished before the rains",
    "prices would fall by a third within two years",
    "nobody had been asked to leave the area",
    "the figures for spring were lower than those of any year since records began",
    "the two sides had agreed on every point but one",
    "the bridge would carry twice as many lorries as it does today",
];
pub const WHEN: &[&str] =
    &["on Monday", "late on Tuesday", "last week", "in early March", "over the weekend", "after a two-hour meeting"];
/// Sentences in other scripts; the name and the number make each unique.
pub const SCRIPTS: &[&str] = &[
    "قال NAME إن الاجتماع استمر NUMBER دقيقة، وإن البيان سيصدر غدًا.",
    "NAME表示，双方就NUMBER项议题交换了意见，并同意继续保持沟通。",
    "NAME က အစည်းအဝေးတွင် အချက် NUMBER ချက်ကို ဆွေးနွေးခဲ့ကြောင်း ပြောကြားသည်။",
    "NAME กล่าวว่าที่ประชุมเห็นชอบแผนงาน NUMBER ข้อเมื่อวานนี้",
    "NAME氏は、参加者がNUMBER人に達したと明らかにした。",
    "NAME wrote “👩🏽‍🚀 × NUMBER” and signed as Zoe\u{301}.",
];
