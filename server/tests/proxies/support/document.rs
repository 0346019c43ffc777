//! A configuration as docs/operations.md has it. Whatever a test changes in it must be there.

const DOCUMENT: &str = include_str!("../../../../docs/operations.md");

/// The text of a configuration, on its way to a file.
pub(crate) struct Configuration(pub(crate) String);

impl Configuration {
    /// The first configuration of a proxy's chapter.
    pub(crate) fn of(proxy: &str) -> Self {
        let (_, chapter) = DOCUMENT.split_once(&format!("\n### {proxy}\n")).expect("a chapter of its own");
        let (_, block) = chapter.split_once("\n```").expect("a configuration");
        let (text, _) = block.split_once("\n```\n").expect("its end");
        let (_, text) = text.split_once('\n').expect("the language comes first");
        Self(format!("{text}\n"))
    }

    /// With one text in place of another, wherever that is.
    pub(crate) fn with(self, new: &str, in_place_of: &str) -> Self {
        assert!(self.0.contains(in_place_of), "{in_place_of:?} in {}", self.0);
        Self(self.0.replace(in_place_of, new))
    }

    pub(crate) fn without(self, text: &str) -> Self {
        self.with("", text)
    }
}
