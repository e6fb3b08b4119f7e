//! Light, dark or the system's choice. The choice lives in one place, the `data-theme` attribute of
//! `<html>`: the stylesheet reads it there, the button below writes it there, and the script in the
//! head copies it to and from local storage. The button has no state of its own, so that the
//! server, which cannot know the choice, renders what every browser can hydrate.

use leptos::{nonce::use_nonce, prelude::*};

use super::icon::{Icon, IconName};

/// Belongs in `<head>` before the stylesheet: applies the stored theme before the first paint,
/// stores what the button chooses, and follows the reader's other tabs. Storage that is switched
/// off costs the memory of the choice and nothing else.
pub const THEME_SCRIPT: &str = r#"(() => {
  const root = document.documentElement;
  const apply = (theme) => {
    if (theme === "light" || theme === "dark") root.setAttribute("data-theme", theme);
    else root.removeAttribute("data-theme");
  };
  try { apply(localStorage.getItem("theme")); } catch { return; }
  addEventListener("storage", (event) => { if (event.key === "theme") apply(event.newValue); });
  new MutationObserver(() => {
    const theme = root.getAttribute("data-theme");
    try {
      if (theme) localStorage.setItem("theme", theme);
      else localStorage.removeItem("theme");
    } catch {}
  }).observe(root, { attributeFilter: ["data-theme"] });
})();"#;

/// [`THEME_SCRIPT`] in its element.
#[component]
pub fn ThemeScript() -> impl IntoView {
    view! { <script nonce=use_nonce() inner_html=THEME_SCRIPT></script> }
}

/// Turns the theme from the system's to light to dark. All three faces are in the page and the
/// stylesheet shows the one in force.
#[component]
pub fn ThemeToggle() -> impl IntoView {
    view! {
        <button type="button" class="sidebar-button theme-toggle" on:click=move |_| turn()>
            <span class="visually-hidden">"Theme: "</span>
            <Face shows="system" icon=IconName::Screen label="System"/>
            <Face shows="light" icon=IconName::Sun label="Light"/>
            <Face shows="dark" icon=IconName::Moon label="Dark"/>
        </button>
    }
}

/// What the button looks like while one theme is in force.
#[component]
fn Face(
    /// The theme this face stands for.
    shows: &'static str,
    /// Its picture.
    icon: IconName,
    /// Its name.
    label: &'static str,
) -> impl IntoView {
    view! {
        <span data-shows=shows>
            <Icon name=icon/>
            <span>{label}</span>
        </span>
    }
}

/// Goes to the next theme. Refused attribute writes leave the theme as it is.
fn turn() {
    let Some(root) = document().document_element() else {
        return;
    };
    _ = match root.get_attribute("data-theme").as_deref() {
        None => root.set_attribute("data-theme", "light"),
        Some("light") => root.set_attribute("data-theme", "dark"),
        Some(_) => root.remove_attribute("data-theme"),
    };
}
