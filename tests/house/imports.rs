//! Which file imports from which: the paths of `use` and of the code, followed through what a module hands on.

use std::collections::{BTreeMap, BTreeSet};

use super::{Source, sources};

type Path = Vec<String>;

/// The files, and what each module calls what is not its own.
struct House {
    /// The file of a module, by its path in the crate.
    files: BTreeMap<Path, String>,
    /// By module and name: what the name stands for; none for what another crate defines.
    names: BTreeMap<(Path, String), Option<Path>>,
}

/// One `use`, taken apart: the name it gives, and the path as written.
pub(super) struct Import {
    name: String,
    pub(super) path: Path,
    handed_on: bool,
}

fn words(path: &str) -> Path {
    path.split("::").map(|word| word.trim().trim_start_matches("r#").to_owned()).collect()
}

/// The module a file is.
fn module(name: &str) -> Option<Path> {
    let path = name.strip_prefix("shims/").unwrap_or(name);
    let path = path.strip_prefix("src/")?.strip_suffix(".rs")?;
    let path = path.strip_suffix("/mod").unwrap_or(path);
    Some(if path == "lib" { Path::new() } else { path.split('/').map(str::to_owned).collect() })
}

fn code(source: &Source) -> String {
    let lines = source.code().map(|line| line.split(" // ").next().unwrap_or_default());
    lines.collect::<Vec<_>>().join("\n")
}

/// Every `use` of a file.
pub(super) fn imports(code: &str) -> Vec<Import> {
    let mut found = Vec::new();
    for statement in code.split(';') {
        let Some(at) = statement.rfind("use ") else { continue };
        let before = statement[..at].trim_end();
        let line = before.rsplit('\n').next().unwrap_or_default().trim();
        if !(line.is_empty() || line.ends_with("pub") || line.ends_with(')') || line.ends_with(']'))
        {
            continue;
        }
        // A word of a text, and no import.
        let tree = &statement[at + 4..];
        if !tree.chars().all(|c| c.is_alphanumeric() || c.is_whitespace() || "_:{},*#".contains(c))
        {
            continue;
        }
        let handed_on = line.ends_with("pub") || line.contains("pub(");
        expand(tree, &Path::new(), &mut |name, path| {
            found.push(Import { name, path, handed_on });
        });
    }
    found
}

/// `a::{b, c::d as e}` one by one.
fn expand(tree: &str, prefix: &Path, give: &mut dyn FnMut(String, Path)) {
    let tree = tree.trim();
    if let Some(open) = tree.find('{') {
        let mut prefix = prefix.clone();
        prefix.extend(words(&tree[..open]).into_iter().filter(|word| !word.is_empty()));
        let inner = &tree[open + 1..tree.rfind('}').unwrap_or(tree.len())];
        let (mut depth, mut start) = (0_usize, 0);
        for (at, character) in inner.char_indices() {
            match character {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 0 => {
                    expand(&inner[start..at], &prefix, give);
                    start = at + 1;
                }
                _ => {}
            }
        }
        expand(&inner[start..], &prefix, give);
        return;
    }
    if tree.is_empty() {
        return;
    }
    let (path, alias) =
        tree.split_once(" as ").map_or((tree, None), |(path, alias)| (path, Some(alias)));
    let mut all = prefix.clone();
    all.extend(words(path));
    if all.last().is_some_and(|word| word == "self") {
        all.pop();
    }
    let name = alias.map(str::trim).or(all.last().map(String::as_str)).unwrap_or_default();
    give(name.to_owned(), all.clone());
}

/// The paths in the code that begin with `crate`, `super` or one of these modules.
fn paths(code: &str, below: &[&str]) -> Vec<Path> {
    let mut found = Vec::new();
    for start in ["crate", "super"].iter().chain(below) {
        for (at, _) in code.match_indices(&format!("{start}::")) {
            let before = code[..at].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | ':')) {
                continue;
            }
            let rest = &code[at..];
            let end = rest.find(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | ':'));
            let path = &rest[..end.unwrap_or(rest.len())];
            // What stands in braces was taken apart with its `use`.
            if !path.ends_with("::") {
                found.push(words(path));
            }
        }
    }
    found
}

/// Whether a statement only hands a name on.
fn is_handed_on(statement: &str) -> bool {
    let mut lines = statement.lines().map(str::trim);
    let first = lines.find(|line| !line.is_empty() && !line.starts_with('#')).unwrap_or_default();
    first.starts_with("pub use ") || first.starts_with("pub(") && first.contains(") use ")
}

impl House {
    fn of(sources: &[Source]) -> Self {
        let mut house = Self { files: BTreeMap::new(), names: BTreeMap::new() };
        for source in sources {
            if let Some(module) = module(&source.name) {
                house.files.insert(module, source.name.clone());
            }
        }
        for source in sources {
            let Some(here) = module(&source.name) else { continue };
            for import in imports(&code(source)) {
                let path = house.absolute(&here, &import.path);
                let known = house.names.entry((here.clone(), import.name)).or_default();
                // A system's own file stands for that of all: one of them is followed.
                *known = path.or(known.take());
            }
        }
        house
    }

    /// A path counted from the crate; none for what is another crate's.
    fn absolute(&self, here: &Path, path: &Path) -> Option<Path> {
        let mut module = here.clone();
        let mut rest = path.as_slice();
        match path.first()?.as_str() {
            "crate" => (module, rest) = (Path::new(), &path[1..]),
            "self" => rest = &path[1..],
            "super" => {
                while rest.first().is_some_and(|word| word == "super") {
                    module.pop();
                    rest = &rest[1..];
                }
            }
            child => {
                let mut below = here.clone();
                below.push(child.to_owned());
                self.files.get(&below)?;
            }
        }
        module.extend(rest.iter().cloned());
        Some(module)
    }

    /// The file where what a path names is defined.
    fn file(&self, path: &Path) -> Option<&str> {
        let mut path = path.clone();
        // Names are handed on a few times at most.
        for _ in 0..8 {
            let mut module = path.clone();
            let mut rest = Path::new();
            while !self.files.contains_key(&module) {
                rest.insert(0, module.pop()?);
            }
            let Some(first) = rest.first() else {
                return self.files.get(&module).map(String::as_str);
            };
            let Some(target) = self.names.get(&(module.clone(), first.clone())) else {
                return self.files.get(&module).map(String::as_str);
            };
            path = target.as_ref()?.iter().chain(&rest[1..]).cloned().collect();
        }
        None
    }

    /// What each file imports from.
    fn arrows(&self, sources: &[Source]) -> BTreeMap<String, BTreeSet<String>> {
        let mut arrows = BTreeMap::new();
        for source in sources {
            let Some(here) = module(&source.name) else { continue };
            let code = code(source);
            let below: Vec<&str> = self
                .files
                .keys()
                .filter(|module| module.len() == here.len() + 1 && module.starts_with(&here))
                .filter_map(|module| module.last().map(String::as_str))
                .collect();
            let imported = imports(&code).into_iter().filter(|import| !import.handed_on);
            let written = code
                .split(';')
                .filter(|statement| !is_handed_on(statement))
                .flat_map(|statement| paths(statement, &below));
            let all = imported.map(|import| import.path).chain(written);
            let to: BTreeSet<String> = all
                .filter_map(|path| self.absolute(&here, &path))
                .filter_map(|path| self.file(&path).map(str::to_owned))
                .filter(|file| *file != source.name)
                .collect();
            arrows.insert(source.name.clone(), to);
        }
        arrows
    }
}

/// Everything that a file leads to.
fn reached<'a>(arrows: &'a BTreeMap<String, BTreeSet<String>>, from: &'a str) -> BTreeSet<&'a str> {
    let mut seen = BTreeSet::new();
    let mut pending = vec![from];
    while let Some(file) = pending.pop() {
        for next in arrows.get(file).into_iter().flatten() {
            if seen.insert(next.as_str()) {
                pending.push(next);
            }
        }
    }
    seen
}

/// The files of each circle.
fn circles(arrows: &BTreeMap<String, BTreeSet<String>>) -> BTreeSet<BTreeSet<&str>> {
    let all: BTreeMap<&str, BTreeSet<&str>> =
        arrows.keys().map(|file| (file.as_str(), reached(arrows, file))).collect();
    all.iter()
        .filter(|(file, reached)| reached.contains(*file))
        .map(|(file, reached)| {
            reached.iter().copied().filter(|other| all[other].contains(file)).collect()
        })
        .collect()
}

#[test]
fn files_import_in_no_circle() {
    for the_crate in ["shims/src/", "src/"] {
        imports_in_no_circle(the_crate);
    }
}

#[track_caller]
fn imports_in_no_circle(the_crate: &str) {
    let sources: Vec<Source> =
        sources().into_iter().filter(|source| source.name.starts_with(the_crate)).collect();
    let house = House::of(&sources);
    let arrows = house.arrows(&sources);
    let found = circles(&arrows);
    let mut said = Vec::new();
    for circle in &found {
        said.push(format!("{} files:", circle.len()));
        for file in circle {
            let to: Vec<&String> =
                arrows[*file].iter().filter(|to| circle.contains(to.as_str())).collect();
            said.push(format!("  {file} -> {to:?}"));
        }
    }
    assert!(said.is_empty(), "files that import from each other: {said:#?}");
}

#[test]
fn imports_are_followed_to_where_things_are() {
    let source = |name: &str, text: &str| Source { name: name.to_owned(), text: text.to_owned() };
    let sources = [
        source("src/lib.rs", "mod a;\nmod b;\n"),
        source("src/a/mod.rs", "mod deep;\nmod shared;\npub use deep::{Deep, other as Another};\n"),
        source("src/a/deep.rs", "use super::shared::Shared;\npub struct Deep;\n"),
        source("src/a/shared.rs", "use crate::b;\n"),
        source("src/b.rs", "use crate::a::{self, Another};\nfn f() -> crate::a::Deep { a::g() }\n"),
    ];
    let arrows = House::of(&sources).arrows(&sources);
    let of = |file: &str| arrows[file].iter().map(String::as_str).collect::<Vec<_>>();
    assert_eq!(of("src/b.rs"), ["src/a/deep.rs", "src/a/mod.rs"]);
    assert_eq!(of("src/a/mod.rs"), [""; 0]);
    assert_eq!(of("src/a/deep.rs"), ["src/a/shared.rs"]);
    let found = circles(&arrows);
    let expected: BTreeSet<&str> = ["src/a/deep.rs", "src/a/shared.rs", "src/b.rs"].into();
    assert_eq!(found, [expected].into());
}
