//! The proxy configurations in docs/operations.md, and changes to them.

const DOCUMENT: &str = include_str!("../../../../docs/operations.md");

/// The text of a configuration.
pub(crate) struct Configuration(pub(crate) String);

impl Configuration {
    /// Returns the first configuration in the document's section on a proxy.
    pub(crate) fn of(proxy: &str) -> Self {
        let (_, section) =
            DOCUMENT.split_once(&format!("\n### {proxy}\n")).expect("the document has a section on the proxy");
        let (_, block) = section.split_once("\n```").expect("the section has a configuration");
        let (text, _) = block.split_once("\n```\n").expect("the configuration has an end");
        let (_, text) = text.split_once('\n').expect("the first line names the language");
        Self(format!("{text}\n"))
    }

    /// Replaces every occurrence of a text. Panics if there is none, so that a test can't change nothing.
    pub(crate) fn with(self, new: &str, old: &str) -> Self {
        assert!(self.0.contains(old), "{old:?} in {}", self.0);
        Self(self.0.replace(old, new))
    }

    /// Removes every occurrence of a text. Panics if there is none.
    pub(crate) fn without(self, text: &str) -> Self {
        self.with("", text)
    }
}
