//! Database accounts, from an SQL dump.

use std::collections::{BTreeMap, BTreeSet};

use scs_standards::Fix;

use super::super::Rec;
use super::files::has_extension;
use super::{database, services};
use crate::config::{Found, service_within};
use crate::subject::{Cloud, source};

/// The requirements of an account, from least to most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Required {
    Nothing,
    Tls,
    Certificate,
}

/// An SQL token: a word, quoted or not, or a symbol.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Word(String),
    Quoted(String),
    Sign(char),
}

/// The tokens of the statements.
fn statements(text: &str) -> Vec<Vec<Token>> {
    let mut statements = Vec::new();
    let mut current = Vec::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            quote @ ('\'' | '"' | '`') => {
                let mut word = String::new();
                while let Some(inner) = letters.next() {
                    match inner {
                        '\\' if quote != '`' => word.extend(letters.next()),
                        inner if inner == quote => {
                            // A doubled quote is an escaped quote.
                            if letters.next_if_eq(&quote).is_none() {
                                break;
                            }
                            word.push(quote);
                        }
                        inner => word.push(inner),
                    }
                }
                current.push(Token::Quoted(word));
            }
            '#' => while letters.next_if(|it| *it != '\n').is_some() {},
            '-' if letters.peek() == Some(&'-') => while letters.next_if(|it| *it != '\n').is_some() {},
            ';' => statements.push(std::mem::take(&mut current)),
            letter if letter.is_alphanumeric() || matches!(letter, '_' | '%' | '.') => {
                let mut word = String::from(letter);
                while let Some(next) =
                    letters.next_if(|it| it.is_alphanumeric() || matches!(it, '_' | '%' | '.'))
                {
                    word.push(next);
                }
                current.push(Token::Word(word));
            }
            letter if letter.is_whitespace() => {}
            sign => current.push(Token::Sign(sign)),
        }
    }
    statements.push(current);
    statements
}

fn is_word(token: &Token, word: &str) -> bool {
    matches!(token, Token::Word(known) if known.eq_ignore_ascii_case(word))
}

fn text(token: &Token) -> Option<&str> {
    match token {
        Token::Word(text) | Token::Quoted(text) => Some(text),
        Token::Sign(_) => None,
    }
}

/// The accounts in a statement, by `name@host`: `CREATE USER …`, `ALTER USER …`, `GRANT … TO …`.
fn accounts_of(statement: &[Token]) -> Vec<String> {
    let begins = |words: &[&str]| {
        statement.len() > words.len() && statement.iter().zip(words).all(|(token, word)| is_word(token, word))
    };
    let list = if begins(&["CREATE", "USER"]) || begins(&["ALTER", "USER"]) {
        statement.get(2..)
    } else if begins(&["GRANT"]) {
        let to = statement.iter().rposition(|token| is_word(token, "TO"));
        to.and_then(|to| statement.get(to + 1..))
    } else {
        None
    };
    let end = |token: &Token| {
        ["IDENTIFIED", "REQUIRE", "WITH", "DEFAULT", "PASSWORD", "ACCOUNT"]
            .iter()
            .any(|it| is_word(token, it))
    };
    let list: Vec<&Token> = list.unwrap_or_default().iter().take_while(|token| !end(token)).collect();
    let accounts = list.split(|token| **token == Token::Sign(','));
    let account = |tokens: &[&Token]| {
        let at = tokens.iter().position(|token| **token == Token::Sign('@'));
        // `IF EXISTS` and similar clauses precede the name.
        let name = match at {
            Some(at) => tokens.get(at.checked_sub(1)?)?,
            None => tokens.last()?,
        };
        let host = at.and_then(|at| tokens.get(at + 1)).and_then(|token| text(token)).unwrap_or("%");
        Some(format!("{}@{host}", text(name)?))
    };
    accounts.filter_map(account).collect()
}

/// The requirement in a statement; `None` if it has none.
fn required_by(statement: &[Token]) -> Option<Required> {
    let at = statement.iter().position(|token| is_word(token, "REQUIRE"))?;
    let words = statement.get(at + 1..).unwrap_or_default();
    let first = words.first()?;
    if is_word(first, "NONE") {
        return Some(Required::Nothing);
    }
    let certificate = ["X509", "SUBJECT", "ISSUER"];
    let certificate = words.iter().any(|token| certificate.iter().any(|word| is_word(token, word)));
    Some(if certificate { Required::Certificate } else { Required::Tls })
}

/// The service accounts with their requirements, by dump and account; `None` if a finding was recorded instead.
fn accounts(cloud: &Cloud, rec: &mut Rec<'_>) -> Option<BTreeMap<(String, String), Required>> {
    let files = rec.needs(&cloud.config_files, source::CONFIG_FILES)?;
    let mut accounts = BTreeMap::new();
    let (mut dumps, mut unusable) = (0, false);
    for found in files.texts_matching(|path| has_extension(path, "sql")) {
        match found {
            Found::Unusable(path, reason) => {
                unusable = true;
                rec.dnf(path, format!("cannot parse it: {reason}"));
            }
            Found::File(path, text) => {
                dumps += 1;
                for statement in statements(&text) {
                    for account in accounts_of(&statement) {
                        let known = accounts.entry((path.to_owned(), account)).or_insert(Required::Nothing);
                        *known = required_by(&statement).unwrap_or(*known);
                    }
                }
            }
        }
    }
    // Accounts that services connect with, whatever their name, and those named after a service.
    let users = database::users(cloud);
    accounts.retain(|(_, account), _| {
        let (name, _) = account.split_once('@').unwrap_or((account, ""));
        users.contains(name) || is_of_service(name)
    });
    if dumps == 0 && !unusable {
        let message = "the dump of the database accounts is missing; add it with a name ending in `.sql` (`mariadb-dump --system=users`, or `SHOW CREATE USER` for each account)";
        rec.miss(source::CONFIG_FILES.name, message);
        return None;
    }
    if accounts.is_empty() && !unusable {
        rec.dnf(source::CONFIG_FILES.name, "the dump has no service account, such as `nova` or `keystone`");
    }
    Some(accounts)
}

/// Whether an account is named after a service, or after OpenStack as a whole.
fn is_of_service(name: &str) -> bool {
    let words = name.split(|letter: char| !letter.is_ascii_alphanumeric());
    service_within(name).is_some() || words.into_iter().any(|word| word.eq_ignore_ascii_case("openstack"))
}

pub(super) fn require(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(accounts) = accounts(cloud, rec) else { return };
    if accounts.is_empty() {
        return;
    }
    of_all_services(cloud, rec, &accounts);
    for ((file, account), required) in accounts {
        if required == Required::Nothing {
            let (name, host) = account.split_once('@').unwrap_or((&account, "%"));
            let statement = format!("ALTER USER '{name}'@'{host}' REQUIRE SSL");
            let message = format!("the account `{account}` can connect without TLS; run `{statement}`");
            rec.fail(file, message).compared("REQUIRE SSL", "not required").repaired_by(Fix::advice(format!(
                "once every service that uses it connects with TLS, run `{statement}` on the database server; before that, connections would be refused"
            )));
        }
    }
}

/// Every account that a service connects with has to be in a dump, and every service in the catalog has to have one.
fn of_all_services(cloud: &Cloud, rec: &mut Rec<'_>, accounts: &BTreeMap<(String, String), Required>) {
    let known: BTreeSet<&str> =
        accounts.keys().filter_map(|(_, account)| Some(account.split_once('@')?.0)).collect();
    let users = database::users(cloud);
    let mut missing: Vec<String> =
        users.iter().filter(|user| !known.contains(user.as_str())).cloned().collect();
    let connected = database::connected(cloud);
    if let Some(projects) = services::of_catalog(cloud, rec) {
        let has_account = |project: &str| known.iter().any(|name| service_within(name) == Some(project));
        let of_database = |project: &&str| !services::WITHOUT_DATABASE.contains(project);
        let without = projects.keys().copied().filter(of_database);
        // A connection has the account; for a service without one, only its name is known.
        let without = without.filter(|project| !connected.contains(project) && !has_account(project));
        missing.extend(without.map(str::to_owned));
    }
    missing.sort_unstable();
    missing.dedup();
    if !missing.is_empty() {
        let message =
            format!("the dump has no account for {}; add the accounts of all services", missing.join(", "));
        rec.miss(source::CONFIG_FILES.name, message);
    }
}

pub(super) fn x509(cloud: &Cloud, rec: &mut Rec<'_>) {
    if let Some(accounts) = accounts(cloud, rec) {
        let with = accounts.values().filter(|required| **required == Required::Certificate).count();
        rec.note("accounts", format!("{with} of {} require a client certificate", accounts.len()));
    }
    if let Some((with, all)) = database::certificates(cloud) {
        rec.note("connections", format!("{with} of {all} use a client certificate"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn required(sql: &str) -> Vec<(String, Option<Required>)> {
        let of = |statement: &Vec<Token>| {
            let accounts = accounts_of(statement);
            accounts.into_iter().map(|account| (account, required_by(statement))).collect::<Vec<_>>()
        };
        statements(sql).iter().flat_map(of).collect()
    }

    #[test]
    fn account_statements_are_parsed() {
        let cases = [
            (
                "CREATE USER 'nova'@'%' IDENTIFIED BY PASSWORD '*A;B' REQUIRE SSL;",
                "nova@%",
                Some(Required::Tls),
            ),
            (
                "create user if not exists `nova`@`10.0.0.1` require none",
                "nova@10.0.0.1",
                Some(Required::Nothing),
            ),
            (
                "ALTER USER nova REQUIRE SUBJECT '/CN=nova' AND ISSUER '/CN=ca'",
                "nova@%",
                Some(Required::Certificate),
            ),
            ("GRANT ALL ON `TO`.* TO 'nova'@'%' REQUIRE X509", "nova@%", Some(Required::Certificate)),
            ("GRANT USAGE ON *.* TO `it''s`@`%`", "it''s@%", None),
        ];
        for (sql, account, expected) in cases {
            assert_eq!(required(sql), [(account.to_owned(), expected)], "{sql}");
        }
        assert_eq!(required("-- CREATE USER 'nova'@'%';\nINSERT INTO x VALUES ('CREATE USER nova');"), []);
        assert_eq!(required("CREATE USER 'a'@'%', 'b' REQUIRE SSL").len(), 2);
    }
}
