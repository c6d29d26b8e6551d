//! What a single line looks like: rule, list item, byline, caption, title, heading.
//!
//! Judged by width in columns (a Han character counts two), by the mark it ends with and by a few words in the
//! languages that articles come in. Wrong guesses cost only looks: no offset depends on them.

/// Captions are not wider.
pub(in crate::article) const CAPTION_WIDTH: usize = 320;
/// Headings are not wider.
pub(super) const HEADING_WIDTH: usize = 90;
/// A line this wide is running text.
pub(super) const LONG_WIDTH: usize = 100;
const TITLE_WIDTH: usize = 160;
const KICKER_WIDTH: usize = 48;
const BYLINE_WIDTH: usize = 120;
/// Where in a line's end a photo credit may stand, in characters.
const CREDIT_REACH: usize = 48;

/// What a byline begins with, in lower case.
const BYLINE_STARTS: &[&str] = &[
    "published",
    "updated",
    "posted",
    "last updated",
    "last modified",
    "written by",
    "reported by",
    "edited by",
    "source:",
    "author:",
    "date:",
    "publié",
    "mis à jour",
    "publicado",
    "actualizado",
    "veröffentlicht",
    "stand:",
    "来源",
    "來源",
    "作者",
    "记者：",
    "記者：",
    "编辑：",
    "發布",
    "发布",
    "发表于",
    "时间：",
    "時間：",
    "更新",
    "公開",
    "掲載",
    "بقلم",
    "نشر",
    "نُشر",
    "تاريخ النشر",
    "آخر تحديث",
    "โดย ",
    "เผยแพร่",
    "ผู้เขียน",
    "วันที่",
    "ရေးသားသူ",
    "သတင်း -",
    "ထုတ်ပြန်",
    "опубликовано",
    "автор:",
];
/// What stands before a name; a capital or a letter without case must follow.
const BY: &[&str] = &["By ", "BY ", "by ", "Von ", "Par ", "Por ", "Di "];
/// What begins a caption or stands before its credit.
const CREDITS: &[&str] = &[
    "Photo:",
    "Photo by",
    "Photos:",
    "Photo courtesy",
    "Photograph:",
    "Picture:",
    "Image:",
    "Image courtesy",
    "Credit:",
    "Foto:",
    "Fotos:",
    "Bild:",
    "Crédit",
    "(Photo",
    "[Photo",
    "Photo/",
    "/Reuters",
    "图：",
    "图:",
    "图/",
    "图为",
    "图片：",
    "图片来源",
    "圖：",
    "圖/",
    "圖片",
    "供图",
    "供圖",
    "摄影：",
    "摄影/",
    "攝影",
    "/摄",
    "写真：",
    "写真=",
    "写真／",
    "写真は",
    "صورة:",
    "الصورة:",
    "تصوير",
    "ภาพ:",
    "ภาพ :",
    "ဓာတ်ပုံ",
    "Фото:",
];
const MONTHS: &[&str] = &[
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
    "يناير",
    "فبراير",
    "مارس",
    "أبريل",
    "مايو",
    "يونيو",
    "يوليو",
    "أغسطس",
    "سبتمبر",
    "أكتوبر",
    "نوفمبر",
    "ديسمبر",
    "พ.ศ.",
    "ခုနှစ်",
    "มกราคม",
    "กุมภาพันธ์",
    "มีนาคม",
    "เมษายน",
    "พฤษภาคม",
    "มิถุนายน",
    "กรกฎาคม",
    "สิงหาคม",
    "กันยายน",
    "ตุลาคม",
    "พฤศจิกายน",
    "ธันวาคม",
];

/// Names of eras, from which years are counted.
const ERAS: &[&str] = &["令和", "平成", "昭和", "民國", "民国"];

/// The marker of a list item.
pub(super) struct Marker {
    /// Its length with the white space after it, in bytes.
    pub len: usize,
    pub number: Option<u32>,
}

/// Three or more of the same mark, spaces aside.
pub(super) fn is_rule(words: &str) -> bool {
    let mut marks = words.chars().filter(|c| !c.is_whitespace());
    let Some(first) = marks.next() else { return false };
    if words == "⁂" {
        return true;
    }
    matches!(first, '*' | '-' | '_' | '=' | '~' | '•' | '—' | '─' | '＊' | '·' | '#')
        && words.len() <= 400
        && marks.clone().count() >= 2
        && marks.all(|c| c == first)
}

/// 1 for a line of `=`, 2 for a line of `-`.
pub(super) fn underline_level(words: &str) -> Option<u8> {
    let all = |mark: u8| words.len() >= 3 && words.len() <= 200 && words.bytes().all(|b| b == mark);
    if all(b'=') {
        Some(1)
    } else if all(b'-') {
        Some(2)
    } else {
        None
    }
}

/// The list marker that a line begins with.
pub(super) fn list_marker(words: &str) -> Option<Marker> {
    let mut chars = words.chars();
    let first = chars.next()?;
    let after = |len: usize| words[len..].len() - words[len..].trim_start().len();
    if matches!(first, '-' | '*' | '•' | '‣' | '▪' | '●' | '◦') {
        let space = after(first.len_utf8());
        return (space > 0 || first == '•' || first == '●')
            .then_some(Marker { len: first.len_utf8() + space, number: None });
    }
    let digits = words.bytes().take_while(u8::is_ascii_digit).count();
    let number = words.get(..digits).filter(|d| (1..=3).contains(&d.len()))?.parse().ok()?;
    let sign = words[digits..].chars().next()?;
    let len = digits + sign.len_utf8();
    let space = after(len);
    let ends = matches!(sign, '、' | '．') || (matches!(sign, '.' | ')') && space > 0);
    (ends && len + space < words.len()).then_some(Marker { len: len + space, number: Some(number) })
}

/// Whether a line ends as a sentence does, closing marks aside.
pub(super) fn ends_sentence(words: &str) -> bool {
    last_mark(words)
        .is_some_and(|c| matches!(c, '.' | '!' | '?' | '…' | '。' | '！' | '？' | '؟' | '۔' | '။' | '।' | ':' | '：'))
}

fn last_mark(words: &str) -> Option<char> {
    let closing = |c: char| crate::text::quotes::is_closing(c) || crate::text::quotes::is_closing_bracket(c);
    words.trim_end_matches(closing).chars().next_back()
}

/// Whether a line is running text: wide, or a sentence.
pub(super) fn is_prose(words: &str, width: usize) -> bool {
    width >= LONG_WIDTH || ends_sentence(words)
}

/// A section line such as "CHINA / DIPLOMACY".
pub(super) fn is_kicker(words: &str, width: usize) -> bool {
    if width > KICKER_WIDTH || ends_sentence(words) {
        return false;
    }
    if [" / ", " | ", "｜", " » ", " > ", " · "].iter().any(|mark| words.contains(mark)) {
        return true;
    }
    let upper = words.chars().filter(|c| c.is_uppercase()).count();
    let lower = words.chars().filter(|c| c.is_lowercase()).count();
    upper >= 3 && upper > 4 * lower
}

/// Who wrote it or when: a known beginning, "By" and a name, or a date by itself.
pub(in crate::article) fn is_byline(words: &str, width: usize) -> bool {
    if width > BYLINE_WIDTH || (ends_sentence(words) && width > 60) {
        return false;
    }
    let start: String = words.chars().take(24).flat_map(char::to_lowercase).collect();
    if BYLINE_STARTS.iter().any(|known| start.starts_with(known)) {
        return !ends_sentence(words);
    }
    let by = BY.iter().find_map(|by| words.strip_prefix(by));
    if by.is_some_and(|name| name.starts_with(char::is_uppercase) && width <= 80) {
        return !ends_sentence(words);
    }
    is_date(words, width)
}

fn is_date(words: &str, width: usize) -> bool {
    if width > 60 {
        return false;
    }
    if has_han_date(words) {
        // Han dates need no space around them: names and papers stand in the same line, and only a stop says more.
        return !ends_sentence(words);
    }
    let digits = words.chars().filter(|c| c.is_numeric()).count();
    let rest = words.chars().filter(|c| c.is_alphabetic()).count();
    let lower = words.to_lowercase();
    let has_month = MONTHS.iter().any(|month| lower.contains(month));
    digits >= 5 && (has_month && width <= 48 || rest <= 8)
}

/// A full date as Chinese, Japanese and Korean write it, in digits or in Han numbers: "2026年9月18日", "二〇二六年
/// 十一月三日", "令和八年十一月三日", "2026년 9월 18일". It stands apart from letters before and after it, as a date in a
/// title or a sentence does not.
fn has_han_date(words: &str) -> bool {
    [['年', '月', '日'], ['년', '월', '일']].iter().any(|[year, month, day]| {
        let Some((before, (months, rest))) =
            words.split_once(*year).and_then(|(before, after)| Some((before, after.split_once(*month)?)))
        else {
            return false;
        };
        let Some((days, after)) = rest.split_once(*day) else { return false };
        let named = before.trim_end_matches(is_han_digit);
        let digits = before[named.len()..].chars().count();
        let era = ERAS.iter().find_map(|era| named.strip_suffix(era));
        let is_year = if era.is_some() { (1..=3).contains(&digits) } else { digits == 4 };
        let is_number = |text: &str| {
            let text = text.trim();
            (1..=3).contains(&text.chars().count()) && text.chars().all(is_han_digit)
        };
        let parts = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
        is_year
            && is_number(months)
            && is_number(days)
            && parts(era.unwrap_or(named).chars().next_back())
            && parts(after.chars().next())
    })
}

fn is_han_digit(c: char) -> bool {
    c.is_ascii_digit()
        || matches!(
            c,
            '０'..='９' | '〇' | '零' | '元' | '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十'
        )
}

/// What stands under a picture: it begins or ends with a credit.
pub(in crate::article) fn is_caption(words: &str, width: usize) -> bool {
    if width > CAPTION_WIDTH {
        return false;
    }
    let tail_start = words.char_indices().rev().nth(CREDIT_REACH - 1).map_or(0, |(at, _)| at);
    CREDITS.iter().any(|mark| words.starts_with(mark) || words[tail_start..].contains(mark))
}

/// Short enough for a title; if it ends like a sentence, very short, or a question or call.
pub(super) fn is_title(words: &str, width: usize) -> bool {
    let full_stop =
        last_mark(words).is_some_and(|c| matches!(c, '.' | '。' | '۔' | '။' | '।' | ':' | '：' | ',' | '，'));
    width <= TITLE_WIDTH && (!full_stop || width <= 60) && words.chars().any(char::is_alphabetic)
}

/// Short and without a mark at its end (a question mark may stand), beginning with a letter or a digit.
pub(super) fn is_heading(words: &str, width: usize) -> bool {
    let end = last_mark(words);
    let is_question = end.is_some_and(|c| matches!(c, '?' | '？' | '؟')) && width <= 60;
    let bare = end.is_some_and(|c| c.is_alphanumeric() || is_sign(c)) || is_question;
    let begins = words.chars().next().is_some_and(|c| c.is_numeric() || (c.is_alphabetic() && !c.is_lowercase()));
    width <= HEADING_WIDTH && bare && begins
}

/// Vowel signs and tone marks, with which words end in Thai, Burmese and others.
fn is_sign(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{64B}'..='\u{65F}' | '\u{900}'..='\u{DFF}' | '\u{E31}'..='\u{E4E}' | '\u{102B}'..='\u{103E}')
}
