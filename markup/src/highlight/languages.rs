//! The languages that code is highlighted for. Called by `tokens`.

/// The longest keyword.
const MAX_KEYWORD: usize = 12;

/// The comments, quotes and keywords of a language, or of several that are alike.
pub(crate) struct Language {
    /// The names after a fence, separated by spaces.
    names: &'static str,
    pub(crate) line_comments: &'static [&'static str],
    /// The start and the end.
    pub(crate) block_comment: Option<[&'static str; 2]>,
    /// Quotes of strings that may have several lines.
    pub(crate) long_quotes: &'static [&'static str],
    /// Quotes of strings on one line.
    pub(crate) quotes: &'static str,
    /// Separated by spaces.
    keywords: &'static str,
    /// Whether `'a` is a lifetime and `'a'` a character.
    pub(crate) has_lifetimes: bool,
    /// Whether `<a>` is a tag.
    pub(crate) has_tags: bool,
    /// The character after the key of a mapping.
    pub(crate) key_end: Option<char>,
}

/// A language with the comments and strings of C.
const LIKE_C: Language = Language {
    names: "",
    line_comments: &["//"],
    block_comment: Some(["/*", "*/"]),
    long_quotes: &[],
    quotes: "\"'",
    keywords: "",
    has_lifetimes: false,
    has_tags: false,
    key_end: None,
};
/// A language with the comments of a shell.
const LIKE_SHELL: Language = Language { line_comments: &["#"], block_comment: None, ..LIKE_C };

static LANGUAGES: [Language; 16] = [
    Language {
        names: "rust rs",
        quotes: "\"",
        has_lifetimes: true,
        keywords: "as async await break const continue crate dyn else enum extern false fn for if impl in let loop match mod \
                   move mut pub ref return self Self static struct super trait true type unsafe use where while",
        ..LIKE_C
    },
    Language {
        names: "javascript js jsx mjs typescript ts tsx",
        long_quotes: &["`"],
        keywords: "abstract any as async await boolean break case catch class const continue declare default delete do else \
                   enum export extends false finally for from function if implements import in instanceof interface keyof \
                   let new null number of private protected public readonly return static string super switch this throw \
                   true try type typeof undefined unknown var void while yield",
        ..LIKE_C
    },
    Language {
        names: "python py",
        long_quotes: &["\"\"\"", "'''"],
        keywords: "and as assert async await break case class continue def del elif else except False finally for from global \
                   if import in is lambda match None nonlocal not or pass raise return self True try while with yield",
        ..LIKE_SHELL
    },
    Language {
        names: "go golang",
        long_quotes: &["`"],
        keywords: "break case chan const continue default defer else error fallthrough false for func go goto if import \
                   interface map nil package range return select string struct switch true type var",
        ..LIKE_C
    },
    Language {
        names: "c h cpp c++ cc hpp",
        keywords: "auto bool break case catch char class const constexpr continue default define delete do double else enum \
                   extern false float for if include inline int long namespace new nullptr operator private protected \
                   public return short signed sizeof static struct switch template this throw true try typedef typename \
                   union unsigned using virtual void volatile while",
        ..LIKE_C
    },
    Language {
        names: "java kotlin kt",
        long_quotes: &["\"\"\""],
        keywords: "abstract boolean break byte case catch char class continue data default do double else enum extends false \
                   final finally float for fun if implements import in instanceof int interface is long new null object \
                   override package private protected public record return short static super switch this throw throws \
                   true try val var void when while",
        ..LIKE_C
    },
    Language {
        names: "csharp cs c#",
        keywords: "abstract as async await base bool break byte case catch char class const continue decimal default do \
                   double else enum event false finally float for foreach get if in int interface internal is long \
                   namespace new null object out override private protected public readonly record ref return sealed set \
                   static string struct switch this throw true try typeof using var virtual void where while yield",
        ..LIKE_C
    },
    Language {
        names: "ruby rb",
        keywords: "and begin break case class def do else elsif end ensure false for if in include module next nil not or \
                   require rescue return self super then true unless until when while yield",
        ..LIKE_SHELL
    },
    Language {
        names: "php",
        line_comments: &["//", "#"],
        keywords: "abstract array as break case catch class const continue default do echo else elseif extends false final \
                   finally fn for foreach function if implements interface match namespace new null private protected \
                   public return static string switch this throw trait true try use var void while",
        ..LIKE_C
    },
    Language {
        names: "sh bash shell zsh console",
        keywords: "case cd do done echo elif else esac exit export fi for function if in local return set source sudo then \
                   unset until while",
        ..LIKE_SHELL
    },
    Language {
        names: "sql",
        line_comments: &["--"],
        keywords: "add all alter and as asc begin between by case check column commit constraint create cross default delete \
                   desc distinct drop else end exists foreign from full group having if in index inner insert integer into \
                   is join key left like limit not null offset on or order outer primary references returning right \
                   rollback select set table text then transaction trigger union unique update using values view when \
                   where with",
        ..LIKE_C
    },
    Language { names: "json jsonc", quotes: "\"", keywords: "false null true", key_end: Some(':'), ..LIKE_C },
    Language { names: "yaml yml", keywords: "false no null true yes", key_end: Some(':'), ..LIKE_SHELL },
    Language {
        names: "toml ini",
        long_quotes: &["\"\"\"", "'''"],
        keywords: "false true",
        key_end: Some('='),
        ..LIKE_SHELL
    },
    Language {
        names: "html xml svg",
        line_comments: &[],
        block_comment: Some(["<!--", "-->"]),
        quotes: "\"",
        has_tags: true,
        ..LIKE_C
    },
    Language {
        names: "css scss",
        line_comments: &[],
        keywords: "and container import keyframes layer media not supports",
        key_end: Some(':'),
        ..LIKE_C
    },
];

/// Returns the language of a name, in capitals or not.
pub(crate) fn language(name: &str) -> Option<&'static Language> {
    LANGUAGES.iter().find(|language| language.names.split(' ').any(|known| known.eq_ignore_ascii_case(name)))
}

impl Language {
    /// Whether a word is a keyword. The keywords of SQL may be in capitals.
    pub(crate) fn is_keyword(&self, word: &str) -> bool {
        let is_sql = self.names == "sql";
        let is_word = |keyword: &str| keyword == word || is_sql && keyword.eq_ignore_ascii_case(word);
        word.len() <= MAX_KEYWORD && self.keywords.split(' ').any(is_word)
    }
}
