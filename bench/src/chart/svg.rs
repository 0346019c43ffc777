//! The drawing of a chart, as SVG text. Sizes are in the picture's own pixels.

use std::fmt::Write;

use super::scale::Scale;
use super::{Chart, Mark, Panel};

const PANELS_A_LINE: usize = 2;
const PANEL_WIDTH: f64 = 470.0;
/// The width of the rows' names. The rest of a panel, right of the axis, is for the figure beside the last dot.
const NAMES_WIDTH: f64 = 140.0;
const AXIS_WIDTH: f64 = 250.0;
const MARK_HEIGHT: f64 = 15.0;
const ROW_GAP: f64 = 9.0;
/// The title above a panel's rows, and the axis's figures below them.
const PANEL_HEAD: f64 = 34.0;
const PANEL_FOOT: f64 = 40.0;
/// The chart's title and the meaning of the colours.
const HEAD: f64 = 64.0;
const SERIES_WIDTH: f64 = 190.0;

/// The colour of marks without a series.
const OF_NO_SERIES: usize = 3;

/// The colours differ in brightness as well as in hue. Each has a contrast of at least 3:1 to the ground.
const STYLE: &str = "
  text { font: 12px system-ui, sans-serif; fill: #1f2328; }
  .title { font-size: 16px; font-weight: 600; }
  .panel { font-size: 13px; font-weight: 600; }
  .tick, .value { font-size: 11px; fill: #59636e; }
  .ground { fill: #ffffff; }
  .grid { stroke: #d1d9e0; }
  .c0 { fill: #7a8794; stroke: #7a8794; }
  .c1 { fill: #0969da; stroke: #0969da; }
  .c2 { fill: #bc4c00; stroke: #bc4c00; }
  .c3 { fill: #8250df; stroke: #8250df; }
  line.mark { stroke-width: 2; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc; }
    .tick, .value { fill: #9198a1; }
    .ground { fill: #0d1117; }
    .grid { stroke: #3d444d; }
    .c0 { fill: #8b949e; stroke: #8b949e; }
    .c1 { fill: #58a6ff; stroke: #58a6ff; }
    .c2 { fill: #f0883e; stroke: #f0883e; }
    .c3 { fill: #bc8cff; stroke: #bc8cff; }
  }
";

impl Chart {
    /// Draws the picture. Returns the text of an SVG file.
    pub(crate) fn draw(&self) -> String {
        let heights: Vec<f64> =
            self.panels.chunks(PANELS_A_LINE).map(|line| line.iter().map(height).fold(0.0, f64::max)).collect();
        let (width, height) = (2.0 * PANEL_WIDTH, HEAD + heights.iter().sum::<f64>());
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\">\n\
             <title>{}</title>\n<style>{STYLE}</style>\n\
             <rect class=\"ground\" width=\"{width}\" height=\"{height}\"/>\n",
            escaped(&self.title)
        );
        text(&mut svg, "title", 16.0, 26.0, "start", &self.title);
        for (i, name) in self.series.iter().enumerate() {
            let x = 22.0 + i as f64 * SERIES_WIDTH;
            dot(&mut svg, i, x, 46.0);
            text(&mut svg, "name", x + 10.0, 50.0, "start", name);
        }
        let mut top = HEAD;
        for (line, height) in self.panels.chunks(PANELS_A_LINE).zip(heights) {
            for (i, one) in line.iter().enumerate() {
                panel(&mut svg, one, i as f64 * PANEL_WIDTH, top);
            }
            top += height;
        }
        svg.push_str("</svg>\n");
        svg
    }
}

fn height(panel: &Panel) -> f64 {
    let rows = panel.rows.iter().map(|row| row.marks.len() as f64 * MARK_HEIGHT + ROW_GAP);
    PANEL_HEAD + rows.sum::<f64>() + PANEL_FOOT
}

fn panel(svg: &mut String, panel: &Panel, left: f64, top: f64) {
    let marks = panel.rows.iter().flat_map(|row| &row.marks);
    let values: Vec<f64> = marks.flat_map(|mark| [Some(mark.value), mark.until]).flatten().collect();
    let scale = Scale::around(&values, AXIS_WIDTH);
    let (axis, bottom) = (left + NAMES_WIDTH, top + height(panel) - PANEL_FOOT);
    text(svg, "panel", left + 16.0, top + 16.0, "start", &panel.title);
    for tick in scale.ticks() {
        let x = axis + scale.place(tick);
        let from = top + PANEL_HEAD - 8.0;
        add(svg, &format!("<line class=\"grid\" x1=\"{x:.1}\" y1=\"{from:.1}\" x2=\"{x:.1}\" y2=\"{bottom:.1}\"/>"));
        text(svg, "tick", x, bottom + 14.0, "middle", &figure(tick));
    }
    let mut y = top + PANEL_HEAD;
    for row in &panel.rows {
        let tall = row.marks.len() as f64 * MARK_HEIGHT;
        text(svg, "name", axis - 10.0, y + tall / 2.0 + 4.0, "end", &row.name);
        for (i, mark) in row.marks.iter().enumerate() {
            draw_mark(svg, mark, &scale, axis, y + (i as f64 + 0.5) * MARK_HEIGHT);
        }
        y += tall + ROW_GAP;
    }
}

fn draw_mark(svg: &mut String, mark: &Mark, scale: &Scale, axis: f64, y: f64) {
    let colour = mark.series.unwrap_or(OF_NO_SERIES);
    let x = axis + scale.place(mark.value);
    let (mut end, mut value) = (x, figure(mark.value));
    if let Some(until) = mark.until {
        end = axis + scale.place(until);
        value = format!("{value} – {}", figure(until));
        let line =
            format!("<line class=\"mark c{colour}\" x1=\"{x:.1}\" y1=\"{y:.1}\" x2=\"{end:.1}\" y2=\"{y:.1}\"/>");
        add(svg, &line);
        dot(svg, colour, end, y);
    }
    dot(svg, colour, x, y);
    text(svg, "value", end + 8.0, y + 4.0, "start", &value);
}

fn dot(svg: &mut String, colour: usize, x: f64, y: f64) {
    add(svg, &format!("<circle class=\"c{colour}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3.5\"/>"));
}

fn text(svg: &mut String, class: &str, x: f64, y: f64, anchor: &str, words: &str) {
    let words = escaped(words);
    add(svg, &format!("<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{words}</text>"));
}

fn add(svg: &mut String, element: &str) {
    writeln!(svg, "{element}").expect("a String takes all that is written");
}

/// Formats a figure briefly: 0.42, 7.5, 190, 12k, 1.3M.
fn figure(value: f64) -> String {
    let short = |value: f64| if value < 9.95 { format!("{value:.1}") } else { format!("{value:.0}") };
    match value {
        _ if value >= 999_500.0 => short(value / 1e6).trim_end_matches(".0").to_owned() + "M",
        _ if value >= 9_995.0 => short(value / 1e3).trim_end_matches(".0").to_owned() + "k",
        _ if value >= 0.995 => short(value).trim_end_matches(".0").to_owned(),
        _ => format!("{value:.2}"),
    }
}

fn escaped(words: &str) -> String {
    words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::super::Row;
    use super::*;

    #[test]
    fn figures_are_short() {
        let figures = [0.0, 0.424, 1.0, 7.53, 190.4, 4_321.0, 12_345.0, 1_250_000.0].map(figure);
        assert_eq!(figures, ["0.00", "0.42", "1", "7.5", "190", "4321", "12k", "1.2M"]);
    }

    #[test]
    fn names_are_shown_and_escaped() {
        let marks = vec![Mark { series: Some(0), value: 3.0, until: Some(40.0) }];
        let rows = vec![Row { name: "a < b & c".to_owned(), marks }];
        let panels = vec![Panel { title: "CPU: µs".to_owned(), rows }];
        let svg = Chart { title: "Chart".to_owned(), series: vec!["one a second".to_owned()], panels }.draw();
        for shown in ["a &lt; b &amp; c", "CPU: µs", "one a second", "3 – 40", "prefers-color-scheme: dark"] {
            assert!(svg.contains(shown), "{shown} is not in {svg}");
        }
        assert_eq!(svg.matches("<text").count(), svg.matches("</text>").count());
    }
}
