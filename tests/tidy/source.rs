//! A Rust file as the rules of `tests/tidy.rs` see it: code without comments and texts, comments without code.
//!
//! A small scanner, not a parser: it knows comments, string and character literals, `#[cfg(test)]` items and where a
//! function begins and ends. Blanked parts become spaces, so that every line and column stays where it was.

/// A file with its parts told apart.
pub struct Source {
    /// Its path from the package's root, with `/`.
    pub path: String,
    /// The file as it is.
    pub text: String,
    /// Its code: comments and the insides of literals blanked.
    pub code: String,
    /// Its code without what only tests see; empty in a file of tests.
    pub shipped: String,
    /// Its comments alone.
    pub prose: String,
}

/// A function's name, first line and length in lines.
pub struct Function {
    pub name: String,
    pub line: usize,
    pub lines: usize,
}

impl Source {
    pub fn new(path: &str, text: &str) -> Self {
        let (code, prose) = split(text);
        let shipped = if path.starts_with("src/") { without_tests(&code) } else { String::new() };
        Self { path: path.into(), text: text.into(), code, shipped, prose }
    }

    /// The files that it brings in for tests only: `#[cfg(test)] mod tests;`, with or without a `#[path = "…"]`.
    pub fn files_of_tests(&self) -> Vec<String> {
        let (folder, file) = self.path.rsplit_once('/').unwrap_or(("", &self.path));
        let inside = match file {
            "mod.rs" | "lib.rs" | "main.rs" => folder.to_owned(),
            _ => format!("{folder}/{}", file.trim_end_matches(".rs")),
        };
        let mut files = Vec::new();
        for (at, mark) in self.code.match_indices("#[cfg(test)]") {
            let Some(end) = self.code[at..].find(['{', ';']).map(|end| at + end) else { continue };
            let Some(name) = self.code[at..end].split_whitespace().next_back() else { continue };
            let named =
                self.text[at + mark.len()..end].split_once("#[path = \"").and_then(|(_, path)| path.split_once('"'));
            match named {
                Some((path, _)) => files.push(format!("{folder}/{path}")),
                None => files.extend([format!("{inside}/{name}.rs"), format!("{inside}/{name}/mod.rs")]),
            }
        }
        files
    }

    /// The same file, known to be for tests only.
    pub fn only_for_tests(self) -> Self {
        Self { shipped: String::new(), ..self }
    }

    /// The names of the modules that the file stands in: `src/gui/panel/list.rs` is `["gui", "panel", "list"]`.
    pub fn modules(&self) -> Vec<&str> {
        let Some(inside) = self.path.strip_prefix("src/") else { return Vec::new() };
        let inside = inside.strip_suffix(".rs").unwrap_or(inside);
        let inside = inside.strip_suffix("/mod").unwrap_or(inside);
        if inside == "lib" { Vec::new() } else { inside.split('/').collect() }
    }

    /// The room of the house that the file belongs to, such as `model`; `main` and `lib` for those two.
    pub fn room(&self) -> Option<&str> {
        let first = self.path.strip_prefix("src/")?.split('/').next()?;
        Some(first.strip_suffix(".rs").unwrap_or(first))
    }

    /// Every function with a body.
    pub fn functions(&self) -> Vec<Function> {
        words(&self.code, "fn").filter_map(|at| function_at(&self.code, at)).collect()
    }
}

fn function_at(code: &str, at: usize) -> Option<Function> {
    let name: String = code[at + 2..].trim_start().chars().take_while(|c| is_word(*c)).collect();
    let open = at + code[at..].find(['{', ';'])?;
    if name.is_empty() || code.as_bytes()[open] == b';' && !in_brackets(&code[at..open]) {
        return None;
    }
    let open = open + code[open..].find('{')?;
    let close = matching_brace(code, open)?;
    Some(Function { name, line: line_of(code, at), lines: code[at..close].matches('\n').count() + 1 })
}

/// Whether a bracket is still open, as in the array type `[u8; 4]` of a parameter.
fn in_brackets(code: &str) -> bool {
    code.matches(['[', '(']).count() > code.matches([']', ')']).count()
}

/// The line of a byte, from 1.
pub fn line_of(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

pub fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Where `needle` stands in the code with no word character on a side where it ends in one itself.
pub fn words<'a>(code: &'a str, needle: &'a str) -> impl Iterator<Item = usize> + 'a {
    code.match_indices(needle).map(|(at, _)| at).filter(move |&at| {
        let starts = needle.starts_with(is_word) && code[..at].ends_with(is_word);
        let ends = needle.ends_with(is_word) && code[at + needle.len()..].starts_with(is_word);
        !starts && !ends
    })
}

/// The end of the block that opens at `open`: the byte of its `}`.
pub fn matching_brace(code: &str, open: usize) -> Option<usize> {
    let mut depth = 0usize;
    for (at, byte) in code.bytes().enumerate().skip(open) {
        match byte {
            b'{' => depth += 1,
            b'}' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

/// Blanks each item behind `#[cfg(test)]`.
fn without_tests(code: &str) -> String {
    let mut kept = code.to_owned();
    for (at, mark) in code.match_indices("#[cfg(test)]") {
        let after = at + mark.len();
        let Some(end) = code[after..].find(['{', ';']).map(|end| after + end) else { continue };
        let end = if code.as_bytes()[end] == b'{' { matching_brace(code, end).unwrap_or(end) } else { end };
        kept.replace_range(at..=end, &blank(&code[at..=end]));
    }
    kept
}

fn blank(text: &str) -> String {
    text.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect()
}

/// The code and the comments of a file, each with the other and the insides of literals blanked, byte for byte.
fn split(text: &str) -> (String, String) {
    let (mut code, mut prose) = (String::with_capacity(text.len()), String::with_capacity(text.len()));
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let before = text[..at].chars().next_back();
        if let Some(length) = comment(rest) {
            prose.push_str(&rest[..length]);
            code.push_str(&blank(&rest[..length]));
            at += length;
        } else if let Some(length) = literal(rest, before) {
            prose.push_str(&blank(&rest[..length]));
            code.push('"');
            code.push_str(&blank(&rest[1..length - 1]));
            code.push('"');
            at += length;
        } else {
            let c = rest.chars().next().unwrap_or_default();
            let length = c.len_utf8();
            code.push_str(&rest[..length]);
            prose.push_str(&blank(&rest[..length]));
            at += length;
        }
    }
    (code, prose)
}

/// The length of the comment that starts here.
fn comment(rest: &str) -> Option<usize> {
    if rest.starts_with("//") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    if !rest.starts_with("/*") {
        return None;
    }
    let (mut depth, mut at) = (0, 0);
    while at < rest.len() {
        let pair = rest.as_bytes().get(at..at + 2);
        match pair {
            Some(b"/*") => (depth, at) = (depth + 1, at + 2),
            Some(b"*/") => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return Some(at);
        }
    }
    Some(rest.len())
}

/// The length of the string or character literal that starts here, prefix and quotes included.
fn literal(rest: &str, before: Option<char>) -> Option<usize> {
    if rest.starts_with('\'') {
        return character(rest);
    }
    if before.is_some_and(is_word) && !rest.starts_with('"') {
        return None;
    }
    let quoted = rest.trim_start_matches(['b', 'c', 'r']);
    let prefix = rest.len() - quoted.len();
    if prefix > 2 {
        return None;
    }
    let hashes = quoted.len() - quoted.trim_start_matches('#').len();
    let raw = rest[..prefix].contains('r');
    let open = prefix + if raw { hashes } else { 0 };
    if !rest[open..].starts_with('"') {
        return None;
    }
    if raw {
        let close = format!("\"{}", "#".repeat(hashes));
        return Some(rest[open + 1..].find(&close).map_or(rest.len(), |at| open + 1 + at + close.len()));
    }
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip_while(|&(at, _)| at <= open) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some(at + 1),
            _ => {}
        }
    }
    Some(rest.len())
}

/// The length of a character literal; none for a lifetime or label.
fn character(rest: &str) -> Option<usize> {
    let mut chars = rest.char_indices().skip(1);
    let (_, first) = chars.next()?;
    if first == '\\' {
        let after = chars.nth(1)?.0;
        return rest[after..].find('\'').map(|end| after + end + 1);
    }
    chars.next().filter(|&(_, c)| c == '\'').map(|(at, _)| at + 1)
}
