//! The module tree of a crate, read from its source files: which file defines an item, and which items a file names.
//! Called by `circles` and `types`. Test modules are left out.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, Item, ItemMod, ItemUse, UseTree};

use crate::sources::Source;

/// A path such as `crate::hub::Feed`, one segment an element.
type Path = Vec<String>;

/// The modules of one crate, by their paths from its root. The root has the empty path.
pub(crate) struct Modules(BTreeMap<Path, Module>);

/// One module: a file, or a `mod name { … }` within a file.
struct Module {
    file: String,
    /// The names of the items that this module defines, other than modules.
    defines: BTreeSet<String>,
    imports: Vec<Import>,
    /// The paths of two or more segments in the code, with their lines.
    paths: Vec<(usize, Path)>,
    /// Whether the module only declares modules and imports names.
    is_map: bool,
    /// The structs, enums, unions, traits and aliases that other modules may name, with their lines.
    public_types: Vec<(usize, String)>,
}

/// One name of a `use` item.
struct Import {
    line: usize,
    /// The name that the module gives to the item; `*` stands for all names.
    name: String,
    path: Path,
}

/// An item of another file that a file names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Edge {
    pub(crate) from: String,
    pub(crate) line: usize,
    pub(crate) path: String,
    /// The file that defines the item.
    pub(crate) to: String,
}

impl Modules {
    /// Reads the modules below a root such as `server/src/lib.rs`.
    ///
    /// # Panics
    ///
    /// If a file can't be parsed as Rust, or if a module has no file among `files`.
    pub(crate) fn below(root: &str, files: &[Source]) -> Self {
        let mut modules = Self(BTreeMap::new());
        let folder = root.rsplit_once('/').map_or("", |(folder, _)| folder);
        modules.read_file(root, folder, Vec::new(), files);
        modules
    }

    /// Returns every item of another file that a file of this crate names. Files that only declare modules and import
    /// names appear neither as `from` nor as `to`: a path through them leads to the file that defines the item.
    pub(crate) fn edges(&self) -> Vec<Edge> {
        let mut edges = Vec::new();
        for (at, module) in self.0.iter().filter(|(_, module)| !module.is_map) {
            let imports = module.imports.iter().map(|import| (import.line, &import.path));
            for (line, path) in imports.chain(module.paths.iter().map(|(line, path)| (*line, path))) {
                let to = self.resolve(at, path, &mut Vec::new()).filter(|to| *to != module.file);
                edges.extend(to.map(|to| Edge { from: module.file.clone(), line, path: path.join("::"), to }));
            }
        }
        edges
    }

    /// Returns the types that other modules may name, as file, line and name.
    pub(crate) fn public_types(&self) -> impl Iterator<Item = (&str, usize, &str)> {
        self.0.values().flat_map(|module| {
            module.public_types.iter().map(|(line, name)| (module.file.as_str(), *line, name.as_str()))
        })
    }

    /// Returns the file that defines the item which the module `at` names by `path`. Returns None for an item of
    /// another crate, for a local name, and for a path that ends at a module. `seen` are the imports that were followed.
    fn resolve(&self, at: &[String], path: &[String], seen: &mut Vec<(Path, String)>) -> Option<String> {
        let (first, rest) = path.split_first()?;
        match first.as_str() {
            "crate" => self.resolve_in(&[], rest, seen),
            "self" => self.resolve_in(at, rest, seen),
            "super" => self.resolve_in(at.split_last()?.1, rest, seen),
            _ => self.has(at, first).then(|| self.resolve_in(at, path, seen)).flatten(),
        }
    }

    fn resolve_in(&self, at: &[String], path: &[String], seen: &mut Vec<(Path, String)>) -> Option<String> {
        let module = self.0.get(at)?;
        let (first, rest) = path.split_first()?;
        if first == "super" || first == "self" {
            return self.resolve(at, path, seen);
        }
        let child = [at, std::slice::from_ref(first)].concat();
        if self.0.contains_key(&child) {
            return self.resolve_in(&child, rest, seen);
        }
        if module.defines.contains(first) {
            return Some(module.file.clone());
        }
        let key = (at.to_vec(), first.clone());
        if seen.contains(&key) {
            return None;
        }
        seen.push(key);
        if let Some(import) = module.imports.iter().find(|import| import.name == *first) {
            return self.resolve(at, &[&import.path[..], rest].concat(), seen);
        }
        let globs = module.imports.iter().filter(|import| import.name == "*");
        let found = globs.filter_map(|glob| self.resolve(at, &[&glob.path[..], path].concat(), seen)).next();
        // An item that is found nowhere is defined by a macro of this module.
        found.or_else(|| (!module.is_map).then(|| module.file.clone()))
    }

    /// Whether the module at `at` has a child module or an import of that name.
    fn has(&self, at: &[String], name: &String) -> bool {
        let child = [at, std::slice::from_ref(name)].concat();
        let is_imported = |module: &Module| module.imports.iter().any(|import| import.name == *name);
        self.0.contains_key(&child) || self.0.get(at).is_some_and(is_imported)
    }

    fn read_file(&mut self, path: &str, folder: &str, at: Path, files: &[Source]) {
        let source = files.iter().find(|file| file.path == path).unwrap_or_else(|| panic!("there is no {path}"));
        let file = syn::parse_file(&source.text).unwrap_or_else(|error| panic!("{path} is no Rust: {error}"));
        self.read_module(path, folder, at, &file.items, files);
    }

    fn read_module(&mut self, file: &str, folder: &str, at: Path, items: &[Item], files: &[Source]) {
        let mut module = Module {
            file: file.to_owned(),
            defines: BTreeSet::new(),
            imports: Vec::new(),
            paths: Vec::new(),
            is_map: true,
            public_types: Vec::new(),
        };
        for item in items.iter().filter(|item| !is_for_tests(attributes(item))) {
            match item {
                Item::Mod(child) => {
                    let name = child.ident.to_string();
                    self.read_child(file, folder, [&at[..], std::slice::from_ref(&name)].concat(), child, files);
                }
                Item::Use(import) => module.imports.extend(imports(import)),
                _ => module.add(item),
            }
        }
        self.0.insert(at, module);
    }

    fn read_child(&mut self, file: &str, folder: &str, at: Path, child: &ItemMod, files: &[Source]) {
        let name = &child.ident;
        let below = format!("{folder}/{name}");
        if let Some((_, items)) = &child.content {
            return self.read_module(file, &below, at, items, files);
        }
        let paths = [format!("{folder}/{name}.rs"), format!("{folder}/{name}/mod.rs")];
        let path = paths.iter().find(|path| files.iter().any(|file| file.path == **path));
        let path = path.unwrap_or_else(|| panic!("{file} declares {name}, and there is none of {paths:?}"));
        self.read_file(path, &below, at, files);
    }
}

impl Module {
    /// Adds an item that is neither a module nor an import.
    fn add(&mut self, item: &Item) {
        self.is_map = false;
        let ty = match item {
            Item::Struct(item) => Some((&item.vis, &item.ident)),
            Item::Enum(item) => Some((&item.vis, &item.ident)),
            Item::Union(item) => Some((&item.vis, &item.ident)),
            Item::Trait(item) => Some((&item.vis, &item.ident)),
            Item::Type(item) => Some((&item.vis, &item.ident)),
            _ => None,
        };
        if let Some((_, name)) = ty.filter(|(visibility, _)| !matches!(visibility, syn::Visibility::Inherited)) {
            self.public_types.push((name.span().start().line, name.to_string()));
        }
        let name = match item {
            Item::Const(item) => Some(&item.ident),
            Item::Static(item) => Some(&item.ident),
            Item::Fn(item) => Some(&item.sig.ident),
            Item::Macro(item) => item.ident.as_ref(),
            _ => ty.map(|(_, name)| name),
        };
        self.defines.extend(name.map(ToString::to_string));
        self.add_paths(item.to_token_stream());
    }

    /// Adds the paths in code, including the arguments of macros.
    fn add_paths(&mut self, code: TokenStream) {
        let tokens: Vec<TokenTree> = code.into_iter().collect();
        let mut i = 0;
        while i < tokens.len() {
            match &tokens[i] {
                TokenTree::Group(group) => self.add_paths(group.stream()),
                TokenTree::Ident(word) if word == "use" => {
                    let end =
                        tokens[i..].iter().position(|token| is_sign(token, ';')).map_or(tokens.len(), |n| i + n + 1);
                    // `use<'a>` in a type is no import.
                    if let Ok(import) = syn::parse2(tokens[i..end].iter().cloned().collect()) {
                        self.imports.extend(imports(&import));
                        i = end;
                        continue;
                    }
                }
                TokenTree::Ident(first) if !follows_colons(&tokens[..i]) => {
                    let path = path_at(&tokens[i..]);
                    i += 3 * (path.len() - 1);
                    if path.len() > 1 {
                        self.paths.push((first.span().start().line, path));
                    }
                }
                _ => {}
            }
            i += 1;
        }
    }
}

/// Returns the segments of the path at the beginning of `tokens`.
fn path_at(tokens: &[TokenTree]) -> Path {
    let mut path = Vec::new();
    let mut rest = tokens;
    while let [TokenTree::Ident(segment), behind @ ..] = rest {
        path.push(segment.to_string());
        match behind {
            [first, second, next @ ..] if is_sign(first, ':') && is_sign(second, ':') => rest = next,
            _ => break,
        }
    }
    path
}

fn follows_colons(before: &[TokenTree]) -> bool {
    matches!(before, [.., first, second] if is_sign(first, ':') && is_sign(second, ':'))
}

fn is_sign(token: &TokenTree, sign: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == sign)
}

/// Returns the names that a `use` item imports, one for each name in a group.
fn imports(item: &ItemUse) -> Vec<Import> {
    let mut found = Vec::new();
    expand(&item.tree, &[], &mut found);
    found
}

fn expand(tree: &UseTree, before: &[String], found: &mut Vec<Import>) {
    let with = |segment: &syn::Ident| [before, &[segment.to_string()]].concat();
    let mut add = |segment: &syn::Ident, name: String, path: Path| {
        found.push(Import { line: segment.span().start().line, name, path });
    };
    match tree {
        UseTree::Path(path) => expand(&path.tree, &with(&path.ident), found),
        UseTree::Group(group) => group.items.iter().for_each(|tree| expand(tree, before, found)),
        UseTree::Name(name) if name.ident == "self" => {
            add(&name.ident, before.last().cloned().unwrap_or_default(), before.to_vec());
        }
        UseTree::Name(name) => add(&name.ident, name.ident.to_string(), with(&name.ident)),
        UseTree::Rename(rename) => add(&rename.ident, rename.rename.to_string(), with(&rename.ident)),
        UseTree::Glob(glob) => found.push(Import {
            line: glob.star_token.spans[0].start().line,
            name: "*".to_owned(),
            path: before.to_vec(),
        }),
    }
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

/// Whether an item is compiled for tests only.
fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let text = attribute.to_token_stream().to_string();
        attribute.path().is_ident("test") || text.replace(' ', "").contains("cfg(test)")
    })
}
