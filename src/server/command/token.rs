//! `studio token …`: API tokens of any account, by whoever runs the binary on the server.

use std::io::{self, Write};

use clap::Subcommand;
use time::{OffsetDateTime, macros::format_description};

use super::Failure;
use crate::{
    account::{
        model::{ApiToken, CurrentUser, TokenId},
        service, token,
    },
    server::{configuration::Configuration, state::AppState},
};

#[derive(Subcommand)]
pub(super) enum Command {
    /// Make a token. It alone goes to standard output, this one time
    Create {
        /// Sign-in name of the account that it acts for
        #[arg(long, value_name = "EMAIL")]
        user: String,
        /// What to call it
        #[arg(long, default_value = "Command line")]
        name: String,
    },
    /// List tokens, without what makes them one
    List {
        /// Of this account alone
        #[arg(long, value_name = "EMAIL")]
        user: Option<String>,
    },
    /// Revoke a token: it opens nothing from then on, and its open streams end
    Revoke {
        /// Its number in the list
        id: i64,
    },
}

pub(super) async fn run(configuration: Configuration, command: Command) -> Result<(), Failure> {
    let state = AppState::open(configuration).await?;
    match command {
        Command::Create { user, name } => {
            let user = service::find(&state, &user).await?;
            let issued = token::issue(&state, user.id, &name).await?.value;
            let ApiToken { id, name, .. } = issued.token;
            eprintln!("Made token {id} “{name}” for {}. It is shown this once:", user.email);
            println!("{}", issued.secret);
        }
        Command::List { user } => {
            let user = match user {
                Some(email) => Some(service::find(&state, &email).await?.id),
                None => None,
            };
            write_list(io::stdout().lock(), &token::all(&state, user).await?)?;
        }
        Command::Revoke { id } => {
            let (token, user) = token::revoke_any(&state.live, TokenId(id)).await?;
            println!("Revoked token {id} “{}” of {}.", token.name, user.email);
        }
    }
    Ok(())
}

/// A line for each token, in columns as wide as they need to be.
fn write_list(mut out: impl Write, tokens: &[(ApiToken, CurrentUser)]) -> io::Result<()> {
    if tokens.is_empty() {
        return writeln!(out, "There are no API tokens.");
    }
    let heads = ["ID", "TOKEN", "CREATED", "LAST USED", "ACCOUNT", "NAME"].map(str::to_owned);
    let rows = tokens.iter().map(|(token, user)| {
        let used = token.last_used_at.map_or_else(|| "never".to_owned(), minute);
        let token = token.clone();
        let (id, shown) = (token.id.to_string(), format!("{}…", token.prefix));
        [id, shown, minute(token.created_at), used, user.email.clone(), token.name]
    });
    let rows: Vec<_> = [heads].into_iter().chain(rows).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
    let widths: Vec<usize> = (0..5).map(|column| width(column).unwrap_or(0)).collect();
    for row in &rows {
        for (cell, width) in row.iter().zip(&widths) {
            write!(out, "{cell:<width$}  ")?;
        }
        writeln!(out, "{}", row[5])?;
    }
    Ok(())
}

/// As in "2026-07-04 14:05 UTC".
fn minute(at: OffsetDateTime) -> String {
    let form = format_description!("[year]-[month]-[day] [hour]:[minute] UTC");
    at.to_offset(time::UtcOffset::UTC).format(form).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;
    use crate::account::model::{Role, UserId};

    #[test]
    fn a_list_has_columns_and_no_secret() {
        let token = |id, name: &str, used| ApiToken {
            id: TokenId(id),
            name: name.to_owned(),
            prefix: "hw_0a1b2c".to_owned(),
            created_at: datetime!(2026-07-04 14:05 UTC),
            last_used_at: used,
        };
        let user = CurrentUser {
            id: UserId(1),
            email: "ops@example.com".to_owned(),
            name: "Ops".to_owned(),
            role: Role::Staff,
        };
        let tokens = [
            (token(1, "backup job", None), user.clone()),
            (token(12, "x", Some(datetime!(2026-07-05 09:00 UTC))), user),
        ];
        let mut out = Vec::new();
        write_list(&mut out, &tokens).unwrap();
        let lines: Vec<_> = std::str::from_utf8(&out).unwrap().lines().collect();
        assert_eq!(
            lines,
            [
                "ID  TOKEN       CREATED               LAST USED             ACCOUNT          NAME",
                "1   hw_0a1b2c…  2026-07-04 14:05 UTC  never                 ops@example.com  backup job",
                "12  hw_0a1b2c…  2026-07-04 14:05 UTC  2026-07-05 09:00 UTC  ops@example.com  x",
            ]
        );
    }
}
