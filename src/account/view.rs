//! Signing in, and one's account.
//!
//! Owns the sign-in form and the account page. The form is posted as a whole page, so it works
//! before and without JavaScript.

mod forced_out;
mod page;
mod people;
mod sessions;
mod tokens;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{components::Redirect, hooks::use_query_map};
use serde::{Deserialize, Serialize};

pub use forced_out::ForcedOut;
pub use page::AccountPage;
pub use people::PeoplePage;

use self::forced_out::{ForcedOutNotice, is_untold};
use crate::{
    app::{Viewer, local_path, sign_in_path},
    error::AppError,
    ui::{BrandMark, Icon, IconName},
};

/// A sign-in that failed: what was typed (never the password) and why. The server provides it as
/// context for the page that answers the form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SignInAttempt {
    /// The address that was typed.
    pub email: String,
    /// Why it failed.
    pub error: AppError,
}

/// `/login`: email and password. Whoever is signed in already goes on to where they wanted to go:
/// a page whose session was ended leads here, and another may have begun meanwhile.
#[component]
pub fn SignInPage() -> impl IntoView {
    let attempt = SharedValue::new(use_context::<SignInAttempt>).into_inner();
    let next = use_query_map().with_untracked(|query| query.get("next"));
    let Viewer(viewer) = expect_context();
    if viewer.is_some() && attempt.is_none() {
        let path = local_path(next.as_deref()).to_owned();
        return view! { <Redirect path=path/> }.into_any();
    }
    let forced = use_context::<ForcedOut>().filter(|_| attempt.is_none() && is_untold());
    if let Some(forced) = forced {
        let path = sign_in_path(local_path(next.as_deref()), Some(&forced));
        return view! { <Redirect path=path/> }.into_any();
    }
    let action = match next {
        Some(next) => format!("/login?next={}", leptos_router::location::Url::escape(&next)),
        None => "/login".to_owned(),
    };
    view! {
        <Title text="Sign in"/>
        <main class="sign-in" id="main">
            <a class="brand" href="/">
                <BrandMark/>
                "Highwater"
            </a>
            <h1>"Sign in"</h1>
            <ForcedOutNotice/>
            <SignInForm action=action attempt=attempt/>
        </main>
    }
    .into_any()
}

#[component]
fn SignInForm(
    /// Where it is posted.
    action: String,
    /// The attempt before this one.
    attempt: Option<SignInAttempt>,
) -> impl IntoView {
    let sending = RwSignal::new(false);
    let (email, error) = attempt.map(|attempt| (attempt.email, attempt.error)).unzip();
    let failed = error.is_some();
    view! {
        <form class="sign-in-form" method="post" action=action on:submit=move |_| sending.set(true)>
            {error
                .map(|error| {
                    view! {
                        <p class="notice" data-tone="danger" role="alert" id="sign-in-error">
                            <Icon name=IconName::Alert/>
                            {error.to_string()}
                        </p>
                    }
                })}
            <div class="field">
                <label for="email">"Email"</label>
                <input
                    class="input"
                    id="email"
                    name="email"
                    type="email"
                    autocomplete="username"
                    required
                    autofocus=!failed
                    value=email.unwrap_or_default()
                    aria-invalid=failed.then_some("true")
                    aria-describedby=failed.then_some("sign-in-error")
                />
            </div>
            <div class="field">
                <label for="password">"Password"</label>
                <input
                    class="input"
                    id="password"
                    name="password"
                    type="password"
                    autocomplete="current-password"
                    required
                    autofocus=failed
                    aria-invalid=failed.then_some("true")
                    aria-describedby=failed.then_some("sign-in-error")
                />
            </div>
            <button
                class="button primary"
                type="submit"
                aria-busy=move || sending.get().then_some("true")
                aria-disabled=move || sending.get().then_some("true")
            >
                "Sign in"
            </button>
        </form>
    }
}
