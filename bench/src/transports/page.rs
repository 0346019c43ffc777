//! Replaces the table and the picture of docs/transports.md. The page's text is written by hand and not changed.

use std::fs;

use anyhow::{Context, Result};

use super::figures::TransportReport;
use super::settings::TransportSettings;
use super::{plot, table};

const PAGE: &str = "transports.md";
const PICTURE: &str = "transports.svg";
/// The lines of the page before and after the figures.
const BEGIN: &str = "<!-- figures: drawn by make bench-transports -->\n";
const END: &str = "<!-- end of the figures -->";

/// Replaces both, if the settings name the folder.
///
/// # Errors
/// When the page can't be read or doesn't have the lines around the figures.
pub(crate) fn draw(figures: &TransportReport, settings: &TransportSettings) -> Result<()> {
    let Some(folder) = &settings.page else { return Ok(()) };
    let path = folder.join(PAGE);
    let page = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let mut tables = Vec::new();
    table::tables(figures, &mut tables)?;
    let page = with_figures(&page, &String::from_utf8(tables)?)?;
    fs::write(folder.join(PICTURE), plot::draw(figures))?;
    Ok(fs::write(&path, page)?)
}

fn with_figures(page: &str, figures: &str) -> Result<String> {
    let (before, rest) = page.split_once(BEGIN).context("the page does not say where the figures begin")?;
    let (_, after) = rest.split_once(END).context("the page does not say where the figures end")?;
    Ok(format!("{before}{BEGIN}{figures}{END}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_text_between_the_marks_is_replaced() {
        let page = format!("# Page\n{BEGIN}old\n{END}\nText.\n");
        let drawn = with_figures(&page, "new\n").expect("it has marks");
        assert_eq!(drawn, format!("# Page\n{BEGIN}new\n{END}\nText.\n"));
        assert!(with_figures("# Page\n", "new\n").is_err());
    }
}
