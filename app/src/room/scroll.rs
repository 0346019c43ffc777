//! Where the reader is in the timeline. New messages keep a reader at the end at the end, and one who reads the past
//! where they are, to the pixel, whatever is added above or below. Called by `timeline` and `live`; the browser's own
//! scroll anchoring is switched off, because not all browsers have it and it gives up at the very top.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Element, HtmlElement, ResizeObserver};

/// This close to the end counts as at the end: a finger's slip is no wish to read the past. In CSS pixels.
const END_SLACK_PX: i32 = 80;
/// This close to the top, the page before is asked for, so that it is there before the reader is. In CSS pixels.
const TOP_REACH_PX: i32 = 600;

/// The scroller's state.
#[derive(Clone, Copy)]
pub(crate) struct Scroll {
    /// The element that scrolls.
    pub(crate) scroller: NodeRef<html::Div>,
    /// Something arrived below what the reader sees.
    pub(crate) has_news: RwSignal<bool>,
    at_end: StoredValue<bool>,
    restoring: StoredValue<bool>,
}

/// What has to be at the same place after a change.
enum Anchor {
    End,
    Element { element: Element, top: f64 },
}

impl Scroll {
    pub(crate) fn new() -> Self {
        Self {
            scroller: NodeRef::new(),
            has_news: RwSignal::new(false),
            at_end: StoredValue::new(true),
            restoring: StoredValue::new(false),
        }
    }

    /// Takes over from the browser: goes to the end, and stays there when the scroller's size changes.
    pub(crate) fn start(self) {
        let Some(scroller) = self.scroller.get_untracked() else { return };
        // The property is a valid one, and a browser that doesn't know it ignores it.
        let _ = HtmlElement::style(&scroller).set_property("overflow-anchor", "none");
        let stay = Closure::<dyn FnMut()>::new(move || {
            if self.at_end.get_value() {
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

    /// The reader scrolled. Says whether older messages are in reach.
    pub(crate) fn moved(self) -> bool {
        let Some(scroller) = self.scroller.get_untracked() else { return false };
        let at_end = distance_to_end(&scroller) < END_SLACK_PX;
        self.at_end.set_value(at_end);
        if at_end {
            self.has_news.set(false);
        }
        scroller.scroll_top() < TOP_REACH_PX
    }

    /// Call right before the rows change: what the reader looks at stays where it is.
    pub(crate) fn keep(self) {
        if self.restoring.get_value() {
            return;
        }
        let Some(scroller) = self.scroller.get_untracked() else { return };
        let Some(anchor) = self.anchor(&scroller) else { return };
        self.restoring.set_value(true);
        // The rows are drawn before the next frame; this runs after that and before the frame is seen.
        request_animation_frame(move || {
            self.restoring.set_value(false);
            match anchor {
                Anchor::Element { element, top } if !self.at_end.get_value() => {
                    let moved_px = element.get_bounding_client_rect().top() - top;
                    scroller.set_scroll_top(scroller.scroll_top() + rounded(moved_px));
                }
                _ => self.to_end(),
            }
        });
    }

    /// Something arrived: said to a reader who doesn't see the end.
    pub(crate) fn arrived(self) {
        if !self.at_end.get_value() {
            self.has_news.set(true);
        }
    }

    /// Goes to the end, and stays there.
    pub(crate) fn to_end(self) {
        self.at_end.set_value(true);
        self.has_news.set(false);
        if let Some(scroller) = self.scroller.get_untracked() {
            scroller.set_scroll_top(scroller.scroll_height());
        }
    }

    /// The first message that is seen, or the end when the reader is there.
    fn anchor(self, scroller: &HtmlElement) -> Option<Anchor> {
        if self.at_end.get_value() {
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

fn element(list: &web_sys::NodeList, index: u32) -> Option<Element> {
    list.item(index)?.dyn_into().ok()
}

fn distance_to_end(scroller: &HtmlElement) -> i32 {
    scroller.scroll_height() - scroller.scroll_top() - scroller.client_height()
}

#[expect(clippy::cast_possible_truncation, reason = "a page is shorter than 2^31 pixels, and `as` saturates")]
fn rounded(px: f64) -> i32 {
    px.round() as i32
}
