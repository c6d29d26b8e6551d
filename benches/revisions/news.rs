//! News-like articles with marks: names, bodies, places, cues, quotes (some split by their cue) and claims.
//!
//! Sentences are made of few parts on purpose: the same opinion, claim and name stand in an article several times, as
//! they do in the news, and copies are what re-anchoring gets wrong.

use super::{Random, Source};

const FIRST: &[&str] = &[
    "Maria", "James", "Aisha", "Tomasz", "Ingrid", "Paulo", "Chloé", "Søren", "Nadia", "Peter", "Olu", "Hannah",
    "Dmitri", "Leila", "Hugo", "Fatima", "Grace", "Andrzej", "Rosa", "Kenji",
];
const LAST: &[&str] = &[
    "Keller",
    "O'Brien",
    "Nguyen",
    "Kowalski",
    "Haddad",
    "Silva",
    "Lindström",
    "Okafor",
    "Petrov",
    "Marsh",
    "Delgado",
    "Brandt",
    "Osei",
    "Fournier",
    "Tanaka",
    "Whitfield",
    "Rahman",
    "Novák",
    "Castillo",
    "Byrne",
];
const BODIES: &[&str] = &[
    "the Harbour Commission",
    "Northfield Council",
    "Meridian Energy",
    "the Ministry of Transport",
    "St Brigid’s Hospital",
    "Kestrel Analytics",
    "the National Audit Office",
    "Union of Rail Workers",
    "Alderway Bank",
    "the Coastal Trust",
    "the Fisheries Board",
    "Halden University",
];
const PLACES: &[&str] = &[
    "Port Ellis",
    "Northfield",
    "Grimsby",
    "Valparaíso",
    "Kraków",
    "Lagos",
    "Ardmore",
    "Tórshavn",
    "East Harrow",
    "Limerick",
    "Saint-Malo",
    "Göteborg",
];
const TITLES: &[&str] = &[
    "mayor",
    "chief executive",
    "spokesperson",
    "union leader",
    "economist",
    "harbour master",
    "opposition MP",
    "chief engineer",
    "head of policy",
    "resident",
];
const SUBJECTS: &[&str] = &[
    "the new ferry terminal",
    "the flood barrier",
    "the rail timetable",
    "the hospital wing",
    "the budget",
    "the fishing quota",
    "the housing plan",
    "the bus contract",
    "the tax cut",
    "the energy tariff",
    "the school closures",
    "the bridge repair",
    "the port expansion",
    "the rent cap",
];
const VERBS: &[&str] = &[
    "will cost",
    "has already cost",
    "could save",
    "is expected to bring in",
    "would delay",
    "was supposed to create",
    "has wiped out",
    "may attract",
];
const AMOUNTS: &[&str] = &[
    "£4.2 million",
    "1,300 jobs",
    "€18 million",
    "12 per cent",
    "three years",
    "more than 40,000 passengers",
    "$2.75 billion",
    "nearly half of all households",
    "a third of the fleet",
    "9,400 tonnes",
    "six months",
    "one in five patients",
];
const CUES: &[&str] = &[
    "said",
    "told reporters",
    "insisted",
    "claimed",
    "argued",
    "warned",
    "admitted",
    "wrote in a statement",
    "conceded",
    "added",
];
const OPINIONS: &[&str] = &[
    "nobody asked us before the decision was made",
    "we have been waiting for this for a decade",
    "the figures simply do not add up",
    "people here deserve a straight answer",
    "this is the most serious failure I have seen in public office",
    "we are not going to be bullied into a bad deal",
    "the evidence points the other way",
    "there is no plan B and everybody knows it",
    "it was a mistake and we own it",
    "the consultation was a sham from beginning to end",
    "every week of delay makes the repair more expensive",
    "our members will not accept another freeze",
];
const REMARKS: &[&str] = &[
    "The announcement came after weeks of negotiations.",
    "Officials declined to comment further on Tuesday.",
    "A public hearing is scheduled for next month.",
    "Documents seen by this newspaper show a different picture.",
    "The dispute has divided the town since spring.",
    "Weather delayed the inspection twice.",
    "A final vote is due before the summer recess.",
    "Residents gathered outside the building late into the evening.",
    "The report runs to 214 pages and names no individuals.",
    "Two earlier attempts were abandoned for lack of money.",
    "Campaigners handed in a petition with 6,118 signatures.",
    "The company’s shares fell slightly in early trading.",
    "Engineers found cracks in two of the nine supports.",
    "Similar schemes elsewhere have had mixed results.",
];
const OPENINGS: &[&str] = &[
    "In a separate development, ",
    "Meanwhile, ",
    "Earlier this year, ",
    "Asked about the delay, ",
    "According to figures published on Friday, ",
    "Under the terms of the agreement, ",
];

/// Appends an article.
pub(super) fn write(source: &mut Source, random: &mut Random) {
    let people = (0..3 + random.below(3))
        .map(|_| (format!("{} {}", random.one(FIRST), random.one(LAST)), random.one(TITLES), random.one(BODIES)))
        .collect();
    let mut subjects: Vec<&str> = SUBJECTS.to_vec();
    while subjects.len() > 4 {
        subjects.remove(random.below(subjects.len()));
    }
    let mut writer = Writer { source, people, seen: Vec::new(), subjects };
    writer.mark("PLACE", random.one(PLACES));
    writer.plain(&format!(" split over {} as costs climb\n\n", writer.subjects[0]));
    for _ in 0..7 + random.below(15) {
        for sentence in 0..=random.below(3) {
            if sentence > 0 {
                writer.plain(" ");
            }
            writer.sentence(random);
        }
        writer.plain("\n\n");
    }
    writer.source.chars.pop();
}

struct Writer<'a> {
    source: &'a mut Source,
    people: Vec<(String, &'a str, &'a str)>,
    seen: Vec<usize>,
    subjects: Vec<&'a str>,
}

impl Writer<'_> {
    fn plain(&mut self, text: &str) {
        self.source.chars.extend(text.chars());
    }

    fn mark(&mut self, kind: &'static str, text: &str) {
        let start = self.source.chars.len();
        self.plain(text);
        self.source.marks.push((kind, start, self.source.chars.len()));
    }

    fn sentence(&mut self, random: &mut Random) {
        match random.below(100) {
            0..30 => self.quote(random),
            30..55 => {
                self.person(random);
                self.plain(" ");
                self.mark("CUE", random.one(CUES));
                self.plain(" that ");
                let claim = self.claim(random);
                self.mark("CLAIM", &claim);
                self.plain(".");
            }
            55..70 => {
                self.plain(random.one(OPENINGS));
                self.mark("ORG", random.one(BODIES));
                let verb = random.one(VERBS).replace("will", "would");
                self.plain(&format!(" {verb} {} in ", random.one(AMOUNTS)));
                self.mark("PLACE", random.one(PLACES));
                self.plain(".");
            }
            70..75 => {
                let claim = capital(&self.claim(random));
                self.mark("CLAIM", &claim);
                self.plain(".");
            }
            _ => self.plain(random.one(REMARKS)),
        }
    }

    fn claim(&self, random: &mut Random) -> String {
        format!("{} {} {}", random.one(&self.subjects), random.one(VERBS), random.one(AMOUNTS))
    }

    fn quote(&mut self, random: &mut Random) {
        let (first, second) = (capital(random.one(OPINIONS)), random.one(OPINIONS));
        let split = random.percent(40);
        let more = if !split && random.percent(50) { format!(", and {second}") } else { String::new() };
        self.mark("QUOTE", &format!("“{first}{more},”"));
        self.plain(" ");
        self.person(random);
        self.plain(" ");
        self.mark("CUE", random.one(CUES));
        self.plain(".");
        if split {
            self.plain(" ");
            self.mark("QUOTE", &format!("“{}.”", capital(second)));
        }
    }

    /// A person in full the first time, by surname later.
    fn person(&mut self, random: &mut Random) {
        let number = random.below(self.people.len());
        let (name, title, body) = self.people[number].clone();
        if self.seen.contains(&number) {
            let surname = name.rsplit(' ').next().unwrap_or(&name).to_owned();
            self.mark("PERSON", &surname);
            return;
        }
        self.seen.push(number);
        self.mark("PERSON", &name);
        self.plain(&format!(", {title} of "));
        self.mark("ORG", body);
        self.plain(",");
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
