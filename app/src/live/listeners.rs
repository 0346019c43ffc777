//! What the browser tells on its own: network, visibility, the way back from its page cache, the Back button.
//! Called once, by `driver`.

use std::rc::Rc;

use hubbub_client::Network;
use leptos::ev;
use leptos::prelude::*;

use super::driver::Driver;
use super::navigation;

/// Listens for as long as the page lives.
pub(super) fn listen(driver: &Rc<Driver>) {
    for (network, name) in [(Network::Online, "online"), (Network::Offline, "offline")] {
        let driver = Rc::clone(driver);
        drop(window_event_listener_untyped(name, move |_| {
            driver.step(|engine, moment| engine.set_network(network, moment))
        }));
    }
    if !window().navigator().on_line() {
        driver.step(|engine, moment| engine.set_network(Network::Offline, moment));
    }
    // Timers sleep while a window is hidden or a computer is: what was due is done on waking.
    for name in ["focus", "pageshow"] {
        let driver = Rc::clone(driver);
        drop(window_event_listener_untyped(name, move |_| driver.wake()));
    }
    on_visibility_change(driver);
    let screen = driver.screen;
    drop(window_event_listener(ev::popstate, move |_| navigation::follow_address(screen)));
}

fn on_visibility_change(driver: &Rc<Driver>) {
    use wasm_bindgen::JsCast;
    use wasm_bindgen::prelude::Closure;

    let driver = Rc::clone(driver);
    let listener = Closure::<dyn FnMut()>::new(move || driver.wake());
    // The document takes any listener.
    let _ = document().add_event_listener_with_callback("visibilitychange", listener.as_ref().unchecked_ref());
    listener.forget();
}
