//! Whole little articles, shown as "kind: text" lines.

use crate::article::from_bytes;
use std::path::Path;

fn outline(text: &str) -> String {
    let article = from_bytes(Path::new("a.txt"), text.as_bytes().to_vec(), None).expect("read");
    let line = |i: usize| format!("{:?}: {}\n", article.blocks()[i].kind, article.display(i).text);
    (0..article.blocks().len()).map(line).collect()
}

const LONG: &str = "Ambassador Chen Hai met with the minister on Thursday and the two sides talked about cooperation against \
                    fraud, according to the embassy.";

#[test]
fn news_article_shows_its_head() {
    let text = format!(
        "CHINA / DIPLOMACY\r\nTwo sides eye greater cooperation in fight against cross-border internet fraud\r\n\
         Published: Mar 24, 2023 01:50 AM\r\nRuili port links the country. Photo: VCG\r\n\r\n\
         Ruili port links the country. Photo: VCG\r\n\r\n\r\n{LONG}\r\n\r\n{LONG}\r\n\r\nGlobal Times"
    );
    assert_eq!(
        outline(&text),
        format!(
            "Kicker: CHINA / DIPLOMACY\nTitle: Two sides eye greater cooperation in fight against cross-border internet fraud\n\
             Byline: Published: Mar 24, 2023 01:50 AM\nCaption: Ruili port links the country. Photo: VCG\n\
             Caption: Ruili port links the country. Photo: VCG\nParagraph: {LONG}\nParagraph: {LONG}\nParagraph: Global Times\n"
        )
    );
}

#[test]
fn chinese_article_shows_its_head_and_headings() {
    let body = "中国驻缅甸大使陈海周四在内比都会见了缅甸内政部长，双方就加强合作打击跨境犯罪交换了意见，并讨论了电信诈骗问题。";
    let text = format!("中缅加强合作打击跨境犯罪\n来源：新华社\n2023年3月24日\n　　{body}\n背景\n　　{body}\n");
    assert_eq!(
        outline(&text),
        format!(
            "Title: 中缅加强合作打击跨境犯罪\nByline: 来源：新华社\nByline: 2023年3月24日\nParagraph: {body}\nHeading(2): 背景\nParagraph: {body}\n"
        )
    );
}

#[test]
fn east_asian_datelines_are_bylines() {
    let body = "鳴瀬岬灯台の鍵は、真鍮で、手のひらより長い。十月三十一日の朝六時、久世宗一郎さんはその鍵を封筒に入れ、切手を貼らずに窓口へ置いた。一九六七年から五十九年間、一度もなくさなかった。";
    let check = |line: &str, kind: &str| {
        let text = format!("最後の灯台守\n{line}\n\n{body}\n");
        assert_eq!(outline(&text), format!("Title: 最後の灯台守\n{kind}: {line}\nParagraph: {body}\n"));
    };
    for line in [
        "二〇二六年十一月三日　潮路新聞　文・葉山 千景",
        "令和八年十一月三日",
        "潮路新聞 2026年11月3日（火）",
        "罗砚秋　2026年9月18日",
        "민국일보 2026년 9월 18일",
    ] {
        check(line, "Byline");
    }
    check("二〇二六年十一月三日は灯台の記念日だ", "Heading(2)");
    assert!(outline(&format!("2026年9月18日清浦夜市搬到河对岸\n\n{body}\n")).starts_with("Title: "));
}

#[test]
fn arabic_thai_and_burmese_titles_are_found() {
    for (title, body) in [
        ("السفير يلتقي وزير الداخلية", "قال السفير يوم الخميس إن الجانبين اتفقا على التعاون."),
        ("ไทยและเมียนมาร่วมมือกัน", "เจ้าหน้าที่กล่าวเมื่อวันพฤหัสบดีว่าทั้งสองฝ่ายจะร่วมมือกัน"),
        ("မြန်မာနှင့် တရုတ် ပူးပေါင်း", "သံအမတ်ကြီးက ကြာသပတေးနေ့တွင် ပြောကြားခဲ့သည်။"),
    ] {
        assert_eq!(outline(&format!("{title}\n\n{body}\n")), format!("Title: {title}\nParagraph: {body}\n"));
    }
}

#[test]
fn hard_wrapped_lines_are_joined() {
    let text = "A Story of the Sea\n\nIt was a bright cold day in the month of April, and the old clocks\n\
                were striking thirteen. The captain, his chin nuzzled into his coat\nin an effort to escape the wind, \
                slipped through the doors.\n\nThe end was near, and so was the long and windy beginning of the sea,\nbut nobody cared.\n";
    assert_eq!(
        outline(text),
        "Title: A Story of the Sea\nParagraph: It was a bright cold day in the month of April, and the old clocks were \
         striking thirteen. The captain, his chin nuzzled into his coat in an effort to escape the wind, slipped through \
         the doors.\nParagraph: The end was near, and so was the long and windy beginning of the sea, but nobody cared.\n"
    );
}

#[test]
fn wrapped_chinese_is_joined_without_spaces() {
    let line = "中国驻缅甸大使陈海周四在内比都会见了缅甸内政部长双方就加强合作打击跨境犯";
    let text = format!("标题\n\n{line}\r\n{line}\r\n罪。\n");
    assert_eq!(outline(&text), format!("Title: 标题\nParagraph: {line}{line}罪。\n"));
}

#[test]
fn paragraphs_on_lines_of_their_own_stay_apart() {
    let text = format!("Title of it\n{LONG}\n{LONG}\nShort one.\n“Quoted,” he said.\n");
    assert_eq!(
        outline(&text),
        format!(
            "Title: Title of it\nParagraph: {LONG}\nParagraph: {LONG}\nParagraph: Short one.\nParagraph: “Quoted,” he said.\n"
        )
    );
}

#[test]
fn headings_lists_and_rules_are_found() {
    let text = format!(
        "Title of it\n===========\n\n{LONG}\n\nWhat comes next\n\n{LONG}\n\nUnderlined\n----------\n{LONG}\n\n* * *\n\n- one\n- two\n\n1. first\n2. second\n\n12. March was cold.\n"
    );
    assert_eq!(
        outline(&text),
        format!(
            "Title: Title of it\nParagraph: {LONG}\nHeading(2): What comes next\nParagraph: {LONG}\nHeading(2): Underlined\n\
             Paragraph: {LONG}\nRule: \nListItem {{ depth: 0, number: None }}: one\nListItem {{ depth: 0, number: None }}: two\n\
             ListItem {{ depth: 0, number: Some(1) }}: first\nListItem {{ depth: 0, number: Some(2) }}: second\n\
             Paragraph: 12. March was cold.\n"
        )
    );
}

#[test]
fn one_paragraph_alone_is_no_title() {
    assert_eq!(outline("Just a line"), "Paragraph: Just a line\n");
    assert_eq!(outline(&format!("{LONG}\n{LONG}")), format!("Paragraph: {LONG}\nParagraph: {LONG}\n"));
    assert_eq!(outline(" \n\t\r\n"), "");
}
