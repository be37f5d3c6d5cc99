//! The drawing of the modules: which may use which, file by file, held against the table in `src/lib.rs`.
//!
//! The modules come from the tree and the drawing from the table, so there is no third copy that could rot. Imports are read by a
//! parser of Rust: `use` lines and paths in code, tests left out. A re-export (`pub use child::Item`) is no dependency; who
//! takes the item through it depends on the file that defines it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use syn::visit::{self, Visit};

/// Crates that are named in these modules alone.
const CRATES: &[(&str, &[&str])] =
    &[("tantivy", &["index", "search"]), ("serenity", &["discord"]), ("candle", &["embedding"])];

/// Longest file without its tests, in lines.
const LINES_MAX: usize = 320;

struct File {
    /// Path below `src`, without `.rs`.
    stem: String,
    text: String,
    /// Paths that begin in this crate, as written.
    paths: Vec<Vec<String>>,
    /// Names that it hands on, with the path that they come from.
    re_exports: BTreeMap<String, Vec<String>>,
}

impl File {
    fn read(stem: String, text: String) -> Self {
        let parsed = syn::parse_file(&text).unwrap_or_else(|error| panic!("{stem}.rs is no Rust: {error}"));
        let mut collector = Collector::default();
        collector.visit_file(&parsed);
        // Whoever hands a name on and uses it too depends on it.
        let used = collector.re_exports.iter().filter(|(name, _)| collector.names.contains(*name));
        let used: Vec<Vec<String>> = used.map(|(_, path)| path.clone()).collect();
        collector.paths.extend(used);
        Self { stem, text, paths: collector.paths, re_exports: collector.re_exports }
    }

    /// The module at the top that it belongs to.
    fn module(&self) -> &str {
        self.stem.split('/').next().unwrap_or_default()
    }

    /// The lines above the file's tests.
    fn own_lines(&self) -> impl Iterator<Item = &str> {
        self.text.lines().take_while(|line| *line != "#[cfg(test)]")
    }

    /// The lines without comments, with their numbers.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().enumerate().map(|(at, line)| (at + 1, line));
        lines.filter(|(_, line)| !line.trim_start().starts_with("//"))
    }
}

/// Collects the paths of a file that begin with `crate`, `super` or `self`, or with the name of a child.
#[derive(Default)]
struct Collector {
    paths: Vec<Vec<String>>,
    re_exports: BTreeMap<String, Vec<String>>,
    children: BTreeSet<String>,
    /// First names of all paths in code.
    names: BTreeSet<String>,
}

impl Collector {
    fn is_ours(&self, path: &[String]) -> bool {
        path.first().is_some_and(|first| {
            ["crate", "super", "self"].contains(&first.as_str()) || (path.len() > 1 && self.children.contains(first))
        })
    }

    fn take_use(&mut self, tree: &syn::UseTree, before: &[String], hands_on: bool) {
        match tree {
            syn::UseTree::Path(path) => {
                let path_so_far = [before, &[path.ident.to_string()]].concat();
                self.take_use(&path.tree, &path_so_far, hands_on);
            }
            syn::UseTree::Group(group) => {
                group.items.iter().for_each(|item| self.take_use(item, before, hands_on));
            }
            syn::UseTree::Name(name) => self.take_name(before, &name.ident.to_string(), None, hands_on),
            syn::UseTree::Rename(name) => {
                self.take_name(before, &name.ident.to_string(), Some(name.rename.to_string()), hands_on);
            }
            syn::UseTree::Glob(_) => self.take_name(before, "self", None, hands_on),
        }
    }

    fn take_name(&mut self, before: &[String], name: &str, renamed: Option<String>, hands_on: bool) {
        let mut path = before.to_vec();
        if name != "self" {
            path.push(name.to_owned());
        }
        if hands_on {
            let name = renamed.or_else(|| path.last().cloned()).unwrap_or_default();
            self.re_exports.insert(name, path);
        } else if self.is_ours(&path) {
            self.paths.push(path);
        }
    }
}

fn is_test(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.parse_args::<syn::Ident>().is_ok_and(|argument| argument == "test")
    })
}

impl<'ast> Visit<'ast> for Collector {
    fn visit_file(&mut self, file: &'ast syn::File) {
        for item in &file.items {
            if let syn::Item::Mod(module) = item {
                self.children.insert(module.ident.to_string());
            }
        }
        visit::visit_file(self, file);
    }

    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        if !is_test(&module.attrs) {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        if !is_test(&item.attrs) {
            let hands_on = !matches!(item.vis, syn::Visibility::Inherited);
            self.take_use(&item.tree, &[], hands_on);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.names.extend(segments.first().cloned());
        if self.is_ours(&segments) && segments.len() > 1 {
            self.paths.push(segments);
        }
        visit::visit_path(self, path);
    }
}

/// All files of the library. `main` and what is below it uses the library from outside.
struct Source(BTreeMap<String, File>);

impl Source {
    fn read() -> Self {
        let mut files = Vec::new();
        collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), "", &mut files);
        assert!(files.len() > 50, "the source was not found");
        Self(files.into_iter().map(|file| (file.stem.clone(), file)).collect())
    }

    fn library(&self) -> impl Iterator<Item = &File> {
        self.0.values().filter(|file| !["main", "lib"].contains(&file.module()))
    }

    /// The modules at the top, as the tree has them.
    fn modules(&self) -> BTreeSet<&str> {
        self.library().map(File::module).collect()
    }

    /// The file in which what `path` names is defined, if it is named in `file`.
    fn defined_in(&self, file: &str, path: &[String]) -> Option<String> {
        self.resolve(file, path, 0)
    }

    fn resolve(&self, file: &str, path: &[String], depth: usize) -> Option<String> {
        assert!(depth < 16, "{file}: {path:?} leads in a circle of re-exports");
        let mut at: Vec<String> = match path.first()?.as_str() {
            "crate" => Vec::new(),
            "super" => parent(file),
            _ => file.split('/').map(str::to_owned).collect(),
        };
        let named = ["crate", "super", "self"].contains(&path[0].as_str());
        for (number, segment) in path.iter().enumerate().skip(usize::from(named)) {
            if segment == "super" {
                at.pop();
                continue;
            }
            let child = [at.as_slice(), std::slice::from_ref(segment)].concat();
            if self.0.contains_key(&child.join("/")) {
                at = child;
                continue;
            }
            let here = at.join("/");
            return match self.0.get(&here).and_then(|module| module.re_exports.get(segment)) {
                Some(from) => {
                    let from = [from.as_slice(), &path[number + 1..]].concat();
                    self.resolve(&here, &from, depth + 1).or(Some(here))
                }
                None => Some(here),
            };
        }
        Some(at.join("/"))
    }

    /// For each file, the files that it depends on.
    fn dependencies(&self) -> BTreeMap<&str, BTreeSet<String>> {
        let of = |file: &File| {
            let used = file.paths.iter().filter_map(|path| self.defined_in(&file.stem, path));
            used.filter(|used| *used != file.stem && !used.is_empty()).collect()
        };
        self.library().map(|file| (file.stem.as_str(), of(file))).collect()
    }
}

fn parent(file: &str) -> Vec<String> {
    let mut path: Vec<String> = file.split('/').map(str::to_owned).collect();
    path.pop();
    path
}

fn collect(folder: &Path, below: &str, files: &mut Vec<File>) {
    for entry in fs::read_dir(folder).expect("the source is there") {
        let entry = entry.expect("a folder can be listed");
        let name = format!("{below}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{name}/"), files);
        } else if let Some(stem) = name.strip_suffix(".rs").filter(|stem| !stem.ends_with("/build")) {
            files.push(File::read(stem.to_owned(), fs::read_to_string(entry.path()).expect("source is text")));
        }
    }
}

/// The table in `src/lib.rs`: each module with the modules that it may use.
fn drawing() -> BTreeMap<String, BTreeSet<String>> {
    let lib = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/lib.rs")).expect("the library has a root");
    let rows = lib.lines().filter_map(|line| line.strip_prefix("//! | [`"));
    rows.map(|row| {
        let (module, rest) = row.split_once("`]").expect("a row begins with the module");
        let uses = rest.trim_end().trim_end_matches('|').rsplit('|').next().expect("a row ends with what it uses");
        let uses = uses.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
        (module.to_owned(), uses.collect())
    })
    .collect()
}

#[test]
fn the_modules_use_what_the_drawing_says_and_nothing_else() {
    let source = Source::read();
    let drawn = drawing();
    let mut used: BTreeMap<&str, BTreeMap<String, &str>> = BTreeMap::new();
    for (file, others) in &source.dependencies() {
        let module = file.split('/').next().unwrap_or_default();
        let used = used.entry(module).or_default();
        for other in others.iter().map(|other| other.split('/').next().unwrap_or_default()) {
            if other != module {
                used.entry(other.to_owned()).or_insert(file);
            }
        }
    }
    let mut wrong = Vec::new();
    for module in source.modules() {
        let Some(allowed) = drawn.get(module) else {
            wrong.push(format!("the module {module} is not in the table of src/lib.rs"));
            continue;
        };
        let used = &used[module];
        let forbidden = used.iter().filter(|(other, _)| !allowed.contains(*other));
        wrong.extend(forbidden.map(|(other, file)| format!("{file}.rs: {module} may not use {other}")));
        let idle = allowed.iter().filter(|other| !used.contains_key(*other));
        wrong.extend(idle.map(|other| format!("src/lib.rs: {module} does not use {other}")));
    }
    let gone = drawn.keys().filter(|module| !source.modules().contains(module.as_str()));
    wrong.extend(gone.map(|module| format!("src/lib.rs: there is no module {module}")));
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_files_use_each_other_in_a_circle() {
    let source = Source::read();
    let dependencies = source.dependencies();
    let mut left: BTreeSet<&str> = dependencies.keys().copied().collect();
    loop {
        let uses = |file: &str| dependencies[file].iter().any(|used| left.contains(used.as_str()));
        let is_used = |file: &str| left.iter().any(|other| dependencies[other].contains(file));
        let free: Vec<&str> = left.iter().copied().filter(|file| !uses(file) || !is_used(file)).collect();
        if free.is_empty() {
            break;
        }
        left.retain(|file| !free.contains(file));
    }
    let among: Vec<(&str, Vec<&String>)> = left
        .iter()
        .map(|file| (*file, dependencies[file].iter().filter(|used| left.contains(used.as_str())).collect()))
        .collect();
    assert!(among.is_empty(), "these files use each other in a circle, or stand between those that do: {among:#?}");
}

#[test]
fn no_arrow_of_the_drawing_leads_back() {
    let drawn = drawing();
    let mut left: BTreeSet<&String> = drawn.keys().collect();
    loop {
        let free: Vec<&String> =
            left.iter().copied().filter(|module| drawn[*module].iter().all(|used| !left.contains(used))).collect();
        if free.is_empty() {
            break;
        }
        left.retain(|module| !free.contains(module));
    }
    assert!(left.is_empty(), "these modules use each other in a circle: {left:?}");
}

#[test]
fn tantivy_and_serenity_stay_in_their_modules() {
    let mut wrong = Vec::new();
    for file in Source::read().0.values() {
        for (name, modules) in CRATES.iter().filter(|(_, modules)| !modules.contains(&file.module())) {
            let path = format!("{name}::");
            let named = file.code().filter(|(_, line)| line.contains(&path) || line.contains(&format!("use {name}")));
            wrong
                .extend(named.map(|(line, _)| format!("{}.rs:{line}: {name} is named only in {modules:?}", file.stem)));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn only_the_configuration_reads_the_environment() {
    for file in Source::read().0.values().filter(|file| file.module() != "config") {
        let read = file.code().find(|(_, line)| line.contains("std::env") || line.contains("env::var"));
        assert_eq!(read, None, "{}", file.stem);
    }
}

#[test]
fn every_file_begins_with_what_it_is_for() {
    let source = Source::read();
    let silent: Vec<&String> =
        source.0.values().filter(|file| !file.text.starts_with("//! ")).map(|file| &file.stem).collect();
    assert_eq!(silent, Vec::<&String>::new());
}

#[test]
fn every_file_can_be_read_in_one_sitting() {
    let source = Source::read();
    let long = source.0.values().map(|file| (file.own_lines().count(), &file.stem));
    let long: Vec<(usize, &String)> = long.filter(|(lines, _)| *lines > LINES_MAX).collect();
    assert_eq!(long, [], "longer than {LINES_MAX} lines without tests");
}

#[test]
fn lines_keep_to_the_width_of_the_house() {
    const WIDTH: usize = 120;
    let source = Source::read();
    // A text that can't be broken, such as a long sentence in a string, may stand out; a comment may not.
    let wide = source.0.values().flat_map(|file| {
        let lines = file.text.lines().enumerate().filter(|(_, line)| line.chars().count() > WIDTH);
        let comments = lines.filter(|(_, line)| line.trim_start().starts_with("//"));
        comments.map(|(at, _)| format!("{}.rs:{}", file.stem, at + 1))
    });
    assert_eq!(wide.collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn nobody_reaches_around_the_modules() {
    for file in Source::read().0.values() {
        let around = file.code().find(|(_, line)| line.contains("super::super"));
        assert_eq!(around, None, "{}", file.stem);
    }
}
