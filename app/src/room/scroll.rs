//! Where the reader is in the timeline. New messages keep a reader at the end at the end, and one who reads the past
//! where they are, to the pixel, whatever is added above or below. Called by `timeline` and `live`; the browser's own
//! scroll anchoring is switched off, because not all browsers have it and it gives up at the very top.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Element, HtmlElement, ResizeObserver};

use crate::ui::by_id;

/// The id of the element that scrolls.
pub(super) const SCROLLER_ID: &str = "timeline";
/// This close to the end counts as at the end: a finger's slip is no wish to read the past. In CSS pixels.
const END_SLACK_PX: i32 = 80;
/// This close to the top, the page before is asked for, so that it is there before the reader is. In CSS pixels.
const TOP_REACH_PX: i32 = 600;

/// The scroller's state.
#[derive(Clone, Copy)]
pub(crate) struct Scroll {
    at_end: RwSignal<bool>,
}

/// What has to be at the same place after a change.
enum Anchor {
    End,
    Element { element: Element, top: f64 },
}

impl Scroll {
    pub(super) fn new() -> Self {
        Self { at_end: RwSignal::new(true) }
    }

    /// Takes over from the browser: goes to the end, and stays there when the scroller's size changes.
    pub(super) fn start(self) {
        let Some(scroller) = scroller() else { return };
        // The property is a valid one, and a browser that doesn't know it ignores it.
        let _ = HtmlElement::style(&scroller).set_property("overflow-anchor", "none");
        let stay = Closure::<dyn FnMut()>::new(move || {
            if self.is_at_end() {
                self.to_end();
            }
        });
        if let Ok(observer) = ResizeObserver::new(stay.as_ref().unchecked_ref()) {
            observer.observe(&scroller);
        }
        // The scroller lives as long as the page, and so does what watches it.
        stay.forget();
        self.to_end();
    }

    /// The reader scrolled.
    pub(super) fn moved(self) {
        if let Some(scroller) = scroller() {
            self.at_end.set(distance_to_end(&scroller) < END_SLACK_PX);
        }
    }

    /// Whether older messages are in reach, or would be if there were any.
    pub(super) fn is_near_top(self) -> bool {
        scroller().is_some_and(|scroller| scroller.scroll_top() < TOP_REACH_PX)
    }

    /// Whether the reader sees what arrives.
    pub(crate) fn is_at_end(self) -> bool {
        self.at_end.get_untracked()
    }

    /// Makes a change to the rows: what the reader looks at stays where it is, and who is at the end stays there.
    pub(super) fn keep_over(self, change: impl FnOnce()) {
        let anchor = scroller().and_then(|scroller| self.anchor(&scroller));
        change();
        let Some(anchor) = anchor else { return };
        // Tasks run in the order that they were woken in, and the one that draws the rows was woken by the change: this
        // runs after it and before anything is seen.
        spawn_local(async move {
            match anchor {
                Anchor::Element { element, top } if !self.is_at_end() => {
                    let moved_px = element.get_bounding_client_rect().top() - top;
                    scroll_by(moved_px);
                }
                Anchor::Element { .. } | Anchor::End => self.to_end(),
            }
        });
    }

    /// Goes to the end, and stays there.
    pub(crate) fn to_end(self) {
        self.at_end.set(true);
        if let Some(scroller) = scroller() {
            scroller.set_scroll_top(scroller.scroll_height());
        }
    }

    /// The first message that is seen, or the end when the reader is there.
    fn anchor(self, scroller: &HtmlElement) -> Option<Anchor> {
        if self.is_at_end() {
            return Some(Anchor::End);
        }
        let top_edge = scroller.get_bounding_client_rect().top();
        let articles = scroller.query_selector_all("article").ok()?;
        // Articles stand in order, so the first that ends below the edge is found by halving.
        let (mut low, mut high) = (0, articles.length());
        while low < high {
            let middle = low + (high - low) / 2;
            let bottom = element(&articles, middle)?.get_bounding_client_rect().bottom();
            if bottom > top_edge { high = middle } else { low = middle + 1 }
        }
        let element = element(&articles, low)?;
        let top = element.get_bounding_client_rect().top();
        Some(Anchor::Element { element, top })
    }
}

fn scroller() -> Option<HtmlElement> {
    by_id(SCROLLER_ID)
}

fn element(list: &web_sys::NodeList, index: u32) -> Option<Element> {
    list.item(index)?.dyn_into().ok()
}

fn distance_to_end(scroller: &HtmlElement) -> i32 {
    scroller.scroll_height() - scroller.scroll_top() - scroller.client_height()
}

fn scroll_by(px: f64) {
    if let Some(scroller) = scroller() {
        scroller.set_scroll_top(scroller.scroll_top() + rounded(px));
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a page is shorter than 2^31 pixels, and `as` saturates")]
fn rounded(px: f64) -> i32 {
    px.round() as i32
}
