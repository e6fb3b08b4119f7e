//! The programs one has let in: making API tokens, and revoking them.

use highwater::{MutationRequest, UseQuery, connection::State, use_mutation, use_query, use_sse};
use leptos::{
    html::Input,
    prelude::*,
    task::spawn_local,
    wasm_bindgen::{JsCast, JsValue},
    web_sys::js_sys,
};

use super::page::OwnList;
use crate::{
    account::{
        api::{create_token, revoke_token},
        live::TokenList,
        model::{ApiToken, IssuedToken, TOKEN_NAME_MAX_CHARS, TokenId},
    },
    error::AppError,
    live::StudioEvent,
    ui::{Asker, ConfirmDialog, Icon, IconName, Question, TimeAgo, typed_early, use_toasts},
};

/// What a row needs to revoke its token, as context.
#[derive(Clone, Copy)]
struct Revoke(Callback<ApiToken>);

/// One's API tokens.
#[component]
pub(super) fn Tokens() -> impl IntoView {
    let tokens = use_query(|| TokenList);
    let mutations = use_mutation::<StudioEvent>();
    let (toasts, confirm) = (use_toasts(), Asker::new());
    let issued = RwSignal::new(None::<IssuedToken>);
    provide_context(Revoke(Callback::new(move |ApiToken { id, name, .. }: ApiToken| {
        let question = Question {
            title: format!("Revoke the token “{name}”?"),
            body: "Programs that use it are refused from now on, and what they have open ends."
                .to_owned(),
            action: format!("Revoke “{name}”"),
        };
        confirm.ask(question, move || {
            let name = name.clone();
            // A token that is no more need not be copied any more.
            issued.update(|issued| *issued = issued.take().filter(|issued| issued.token.id != id));
            mutations.run(revoke(id).done(move |outcome| match outcome {
                Ok(()) => toasts.success(format!("Token “{name}” revoked.")),
                Err(error) => toasts.error(format!("“{name}” was not revoked. {error}")),
            }));
        });
    })));
    view! {
        <section class="account-section" aria-labelledby="tokens">
            <h2 class="section-title" id="tokens">"API tokens"</h2>
            <p class="muted">
                "A token lets a program do what you may do, without your password, until you revoke it. \
                 What programs can ask for stands in the "
                <a href="/reference/" rel="external">"reference"</a>
                "."
            </p>
            <NewToken issued=issued tokens=tokens/>
            {move || issued.get().map(|one| view! { <Issued issued=one/> })}
            <OwnList
                query=tokens
                failed="Your API tokens could not be read"
                empty="No program has a token of yours."
                row=|token| view! { <TokenRow token=token/> }.into_any()
                key=|token: &ApiToken| token.id.to_string()
            />
            <ConfirmDialog confirm=confirm id="revoke-title" keep="Keep the token"/>
        </section>
    }
}

#[component]
fn NewToken(
    /// Where the token goes that was made last.
    issued: RwSignal<Option<IssuedToken>>,
    /// The list that it joins.
    tokens: UseQuery<TokenList>,
) -> impl IntoView {
    let sse = use_sse();
    let field = NodeRef::<Input>::new();
    let (name, busy) = (RwSignal::new(String::new()), RwSignal::new(false));
    let error = RwSignal::new(None::<String>);
    let create = move || {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let outcome = create_token(name.get_untracked()).await;
            // The page may be gone by then.
            busy.try_set(false);
            match outcome {
                Ok(made) => {
                    error.try_set(None);
                    name.try_set(String::new());
                    issued.try_set(Some(made.value));
                    // The event says so as well, to whom it reaches.
                    if untrack(|| sse.status().state) != State::Connected {
                        tokens.refetch();
                    }
                }
                Err(refusal) => {
                    error.try_set(Some(words(&refusal)));
                    let _ = field.try_get_untracked().flatten().map(|field| field.focus());
                }
            }
        });
    };
    let described = move || match error.with(Option::is_some) {
        true => "token-error token-help",
        false => "token-help",
    };
    view! {
        <form class="new-token" novalidate on:submit=move |event| {
            event.prevent_default();
            create();
        }>
            <div class="field">
                <label for="token-name">"Name"</label>
                <div class="new-token-line">
                    <input
                        class="input"
                        id="token-name"
                        node_ref=field
                        autocomplete="off"
                        maxlength=TOKEN_NAME_MAX_CHARS.to_string()
                        use:typed_early=Callback::new(move |text| name.set(text))
                        prop:value=move || name.get()
                        on:input=move |event| {
                            name.set(event_target_value(&event));
                            error.set(None);
                        }
                        aria-invalid=move || error.with(Option::is_some).then_some("true")
                        aria-describedby=described
                    />
                    <button
                        type="submit"
                        class="button"
                        aria-busy=move || busy.get().then_some("true")
                        aria-disabled=move || busy.get().then_some("true")
                    >
                        "Create token"
                    </button>
                </div>
                {move || {
                    error
                        .get()
                        .map(|text| {
                            view! {
                                <p class="field-error" id="token-error" role="alert">
                                    <Icon name=IconName::Alert/>
                                    {text}
                                </p>
                            }
                        })
                }}
                <p class="field-help" id="token-help">
                    "What you will know it by, such as “nightly export”."
                </p>
            </div>
        </form>
    }
}

/// A token that was just made. It cannot be had again.
#[component]
fn Issued(
    /// The token.
    issued: IssuedToken,
) -> impl IntoView {
    let field = NodeRef::<Input>::new();
    let copied = RwSignal::new(false);
    let title = format!("“{}” is ready", issued.token.name);
    let secret = issued.secret.clone();
    let copy = move |_| {
        // Where the clipboard is out of reach, what is selected can be copied by hand.
        let _ = field.get_untracked().map(|field| field.select());
        copied.set(copy_text(&secret));
    };
    view! {
        <div class="issued" role="group" aria-labelledby="issued">
            <p class="issued-title" id="issued" role="status">{title}</p>
            <div class="new-token-line">
                <input class="input mono" readonly node_ref=field value=issued.secret aria-label="The token"/>
                <button type="button" class="button" on:click=copy>
                    <Icon name=IconName::Copy/>
                    {move || if copied.get() { "Copied" } else { "Copy" }}
                </button>
            </div>
            <p class="field-help">
                "Copy it now: it is shown this once. A program sends it as "
                <code>"Authorization: Bearer …"</code> "."
            </p>
        </div>
    }
}

#[component]
fn TokenRow(
    /// The token; while it is shown nothing of it changes.
    token: ApiToken,
) -> impl IntoView {
    let Revoke(revoke) = expect_context();
    let ApiToken { name, prefix, created_at, last_used_at, .. } = token.clone();
    let label = format!("Revoke “{name}”");
    view! {
        <li class="entry">
            <div class="entry-what">
                <p class="entry-name">
                    {name} " " <code class="mono">{format!("{prefix}…")}</code>
                </p>
                <p class="entry-facts">
                    "Created " <TimeAgo at=created_at/> " · "
                    {match last_used_at {
                        Some(at) => view! { "last used " <TimeAgo at=at/> }.into_any(),
                        None => "never used".into_any(),
                    }}
                </p>
            </div>
            <button
                type="button"
                class="button danger"
                aria-label=label
                on:click=move |_| revoke.run(token.clone())
            >
                "Revoke"
            </button>
        </li>
    }
}

fn revoke(id: TokenId) -> MutationRequest<StudioEvent, (), AppError> {
    MutationRequest::new(format!("api token {id}"), move |sending| revoke_token(id, sending.id))
        .overlay(TokenList, move |tokens| tokens.retain(|token| token.id != id))
}

fn words(refusal: &AppError) -> String {
    match refusal {
        // Whether it was made is unknown; the list tells.
        AppError::Unreachable => {
            "The server did not answer. If the token is in the list now, revoke it and try again."
                .to_owned()
        }
        refusal => refusal.to_string(),
    }
}

/// Puts a text on the clipboard; says whether the browser lets us.
fn copy_text(text: &str) -> bool {
    let get = |of: &JsValue, name: &str| js_sys::Reflect::get(of, &JsValue::from_str(name)).ok();
    let navigator = get(&window().into(), "navigator").filter(JsValue::is_object);
    let clipboard = navigator.and_then(|navigator| get(&navigator, "clipboard"));
    let Some(clipboard) = clipboard.filter(JsValue::is_object) else {
        return false;
    };
    let write = get(&clipboard, "writeText").and_then(|write| write.dyn_into().ok());
    write.is_some_and(|write: js_sys::Function| {
        write.call1(&clipboard, &JsValue::from_str(text)).is_ok()
    })
}
