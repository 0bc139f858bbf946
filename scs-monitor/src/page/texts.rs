//! The service's own texts on whole pages, in each language.

use super::certificates::ConditionKind;
use super::filter::{Listing, State};
use super::overview::Difference;
use super::report::ResultClass;
use crate::certificates::CertificateState;
use crate::language::Language;
use crate::official::{Light, NONE, Summary};

/// Declares the texts. A language without a text does not compile.
macro_rules! texts {
    ($($name:ident: $english:literal / $german:literal,)*) => {
        /// The texts of a language. Text between braces is replaced by [`fill`].
        #[derive(Debug)]
        pub(crate) struct Texts {
            $(pub(crate) $name: &'static str,)*
        }

        static ENGLISH: Texts = Texts { $($name: $english,)* };
        static GERMAN: Texts = Texts { $($name: $german,)* };

        /// Names with the texts in all languages.
        #[cfg(test)]
        const ALL: &[(&str, [&str; 2])] = &[$((stringify!($name), [$english, $german]),)*];
    };
}

texts! {
    // The frame of each page.
    service: "SCS compliance monitor" / "SCS-Compliance-Monitor",
    skip: "Skip to content" / "Zum Inhalt springen",
    navigation: "Main" / "Hauptnavigation",
    overview: "Overview" / "Übersicht",
    language: "Language" / "Sprache",
    footer: "About this service" / "Über diesen Dienst",
    about: "Environments are tested against the Sovereign Cloud Stack standards, most of them every night. This page shows the newest results."
        / "Umgebungen werden gegen die Standards des Sovereign Cloud Stack geprüft, die meisten jede Nacht. Diese Seite zeigt die neuesten Ergebnisse.",
    standards: "Standards" / "Standards",
    certificates: "Certificates" / "Zertifikate",
    standards_texts: "Texts of the standards" / "Texte der Standards",
    data: "This data as JSON" / "Diese Daten als JSON",
    interface: "Interface description (OpenAPI)" / "Beschreibung der Schnittstelle (OpenAPI)",
    as_of: "As of {time} UTC" / "Stand: {time} UTC",
    // The overview.
    overview_title: "SCS compliance overview" / "SCS-Compliance-Übersicht",
    with_drafts: "incl. drafts" / "mit Entwürfen",
    overview_lead: "Which cloud environments conform to the Sovereign Cloud Stack standards, by the newest test results."
        / "Welche Cloud-Umgebungen den Standards des Sovereign Cloud Stack entsprechen, nach den neuesten Testergebnissen.",
    selection: "Selection" / "Auswahl",
    search: "Search" / "Suche",
    search_hint: "Name, description or operator" / "Name, Beschreibung oder Betreiber",
    state: "State" / "Zustand",
    all: "All" / "Alle",
    state_passed: "Passed" / "Bestanden",
    state_attention: "Incomplete or expiring" / "Unvollständig oder auslaufend",
    state_failed: "Not passed" / "Nicht bestanden",
    listing: "Listing" / "Eintrag",
    certified: "Certified" / "Zertifiziert",
    in_test: "In test" / "Im Test",
    scope: "Scope" / "Geltungsbereich",
    apply: "Apply" / "Anwenden",
    reset: "Show all" / "Alle zeigen",
    count: "{shown} of {all} environments" / "{shown} von {all} Umgebungen",
    no_matches: "No environment matches this selection." / "Keine Umgebung entspricht dieser Auswahl.",
    no_entries: "No environment is listed yet." / "Noch ist keine Umgebung eingetragen.",
    column_name: "Name" / "Name",
    column_description: "Description" / "Beschreibung",
    column_operator: "Operator" / "Betreiber",
    unnamed_section: "Environments: {scope}" / "Umgebungen: {scope}",
    sort_by: "Sort by {column}" / "Nach {column} sortieren",
    group_of: "worst of {count} environments" / "die schlechteste von {count} Umgebungen",
    group_of_one: "group of one environment" / "Gruppe mit einer Umgebung",
    note_not_by_text: "By the text of the standards, not passed, since every required result must be a PASS:"
        / "Nach dem Text der Standards nicht bestanden, denn jedes verlangte Ergebnis muss PASS sein:",
    detail_not_by_text: "By the text of the standards, this has not passed: every required result must be a PASS."
        / "Nach dem Text der Standards ist das nicht bestanden: Jedes verlangte Ergebnis muss PASS sein.",
    detail_only_by_text: "By the text of the standards, this has passed: results dated in the future do not count yet."
        / "Nach dem Text der Standards ist das bestanden: Ergebnisse mit einem Datum in der Zukunft zählen noch nicht.",
    note_only_by_text: "By the text of the standards, passed, since results dated in the future do not count yet:"
        / "Nach dem Text der Standards bestanden, denn Ergebnisse mit einem Datum in der Zukunft zählen noch nicht:",
    // Symbols.
    legend: "Symbols" / "Symbole",
    legend_passed: "Every required test has passed." / "Jeder verlangte Test ist bestanden.",
    legend_unfinished: "No test has failed, but at least one did not finish." / "Kein Test ist fehlgeschlagen, aber mindestens einer wurde nicht beendet.",
    legend_attention: "Results are missing or have expired, or the version is about to be deprecated."
        / "Ergebnisse fehlen oder sind abgelaufen, oder die Version läuft bald aus.",
    legend_failed: "A required test has failed, the version is deprecated, or there are no results."
        / "Ein verlangter Test ist fehlgeschlagen, die Version ist abgelaufen, oder es gibt keine Ergebnisse.",
    legend_marks: "Marks of versions: * draft, † about to be deprecated, †† deprecated."
        / "Zeichen an Versionen: * Entwurf, † läuft bald aus, †† abgelaufen.",
    word_passed: "passed" / "bestanden",
    word_unfinished: "passed except for unfinished tests" / "bestanden bis auf nicht beendete Tests",
    word_attention: "incomplete or expiring" / "unvollständig oder auslaufend",
    word_failed: "not passed" / "nicht bestanden",
    // The details.
    detail_of_subject: "Details for subject {name}" / "Einzelheiten zu {name}",
    detail_of_group: "Details for group {name}" / "Einzelheiten zur Gruppe {name}",
    marks: "Versions are marked by state: * for draft, † for warn (soon to be deprecated), and †† for deprecated."
        / "Versionen tragen ein Zeichen für ihren Zustand: * Entwurf, † Warnung (läuft bald aus), †† abgelaufen.",
    jump: "On this page" / "Auf dieser Seite",
    spec_overview: "spec overview" / "Überblick über den Geltungsbereich",
    no_results: "No recent test results available." / "Es gibt keine neueren Testergebnisse.",
    no_subjects: "No environment belongs to this group." / "Zu dieser Gruppe gehört keine Umgebung.",
    verdict_passed: "Passed: {versions}" / "Bestanden: {versions}",
    verdict_unfinished: "Passed except for unfinished tests: {versions}" / "Bestanden bis auf nicht beendete Tests: {versions}",
    verdict_attention: "Incomplete or expiring: {versions}" / "Unvollständig oder auslaufend: {versions}",
    verdict_failed: "Not passed" / "Nicht bestanden",
    verdict_only_deprecated: "Only a deprecated version has passed: {versions}" / "Nur eine abgelaufene Version ist bestanden: {versions}",
    last_check: "Last check" / "Letzte Prüfung",
    next_change: "Next change without a new report" / "Nächste Änderung ohne neuen Bericht",
    next_change_text: "{time} UTC: results expire or a version changes its state, unless a newer report comes in."
        / "{time} UTC: Ergebnisse laufen ab oder eine Version ändert ihren Zustand, wenn kein neuerer Bericht eingeht.",
    more_about: "More about it" / "Mehr dazu",
    history: "History" / "Verlauf",
    problems: "What is wrong" / "Was nicht stimmt",
    problems_fail: "Failed tests" / "Fehlgeschlagene Tests",
    problems_fail_hint: "Fix the environment as explained, then run the checks again. The report has the messages."
        / "Die Umgebung wie erklärt ändern, dann erneut prüfen. Die Meldungen stehen im Bericht.",
    problems_dnf: "Unfinished tests" / "Nicht beendete Tests",
    problems_dnf_hint: "The check stopped before it had a result; the report says why. Run the checks again."
        / "Die Prüfung endete ohne Ergebnis; der Grund steht im Bericht. Erneut prüfen.",
    problems_missing: "Missing results" / "Fehlende Ergebnisse",
    problems_missing_hint: "There is no result, or it has expired. Run the checks and post the report."
        / "Es gibt kein Ergebnis, oder es ist abgelaufen. Prüfen und den Bericht einsenden.",
    problems_all_missing: "There is no valid result at all. Run the checks and post the report."
        / "Es gibt kein gültiges Ergebnis. Prüfen und den Bericht einsenden.",
    required_by: "required by {versions}" / "verlangt von {versions}",
    report_of: "report of {day}" / "Bericht vom {day}",
    more_problems: "{count} more" / "{count} weitere",
    results_of: "Results of {subject} for {scope}" / "Ergebnisse von {subject} für {scope}",
    test_case: "testcase id" / "Testfall",
    result: "result" / "Ergebnis",
    description: "description" / "Beschreibung",
    required_in: "required by {version}" / "verlangt von {version}",
    remedy: "Requirement and repair" / "Anforderung und Behebung",
    remedy_violation: "Example of a violation" / "Beispiel eines Verstoßes",
    remedy_example: "Its repair" / "Seine Behebung",
    remedy_more: "Explanation of {id}" / "Erklärung von {id}",
    findings_of: "Findings of the report" / "Befunde des Berichts",
    findings_show: "Show findings with messages and repairs (requires login)"
        / "Befunde mit Meldungen und Behebungen zeigen (mit Anmeldung)",
    // The badge, the feed and the calendar.
    follow: "Badge, feed and calendar" / "Plakette, Feed und Kalender",
    badge_hint: "The badge shows the current state on other pages:" / "Die Plakette zeigt den aktuellen Zustand auf anderen Seiten:",
    feed: "Feed of changes (Atom)" / "Feed der Änderungen (Atom)",
    calendar: "Calendar of expiries (iCalendar)" / "Kalender der Abläufe (iCalendar)",
    show_drafts: "Show drafts" / "Entwürfe zeigen",
    hide_drafts: "Hide drafts" / "Entwürfe ausblenden",
    // The report.
    report_redacted: "Report {uuid} (redacted)" / "Bericht {uuid} (geschwärzt)",
    report_full: "Report {uuid} (full)" / "Bericht {uuid} (vollständig)",
    report_general: "General info" / "Allgemeines",
    report_uuid: "UUID" / "UUID",
    report_subject: "Subject" / "Umgebung",
    report_checked: "Checked at" / "Geprüft am",
    report_assignment: "Variable assignment" / "Belegung der Variablen",
    report_none: "none" / "keine",
    report_invocation: "Invocation {id}" / "Aufruf {id}",
    report_command: "Command" / "Befehl",
    report_exit: "Exit status" / "Exit-Status",
    report_messages: "Messages" / "Meldungen",
    report_findings: "Findings" / "Befunde",
    report_destructive: "destructive" / "zerstörend",
    report_results: "Results" / "Ergebnisse",
    report_stdout: "Captured stdout" / "Standardausgabe",
    report_stderr: "Captured stderr" / "Fehlerausgabe",
    report_redaction: "Lines that may be confidential are left out." / "Zeilen, die vertraulich sein können, fehlen.",
    report_unredacted: "show unredacted (requires login)" / "ungeschwärzt zeigen (mit Anmeldung)",
    report_download: "Report as JSON (requires login)" / "Bericht als JSON (mit Anmeldung)",
    word_pass: "passed" / "bestanden",
    word_fail: "failed" / "fehlgeschlagen",
    word_dnf: "did not finish" / "nicht beendet",
    // The scope.
    scope_lead: "Which modules each version of this scope includes." / "Welche Module jede Version dieses Geltungsbereichs enthält.",
    scope_versions: "Scope versions ->" / "Versionen ->",
    scope_state: "State" / "Zustand",
    scope_stabilized: "Stabilized at" / "Stabil seit",
    scope_modules: "Modules" / "Module",
    scope_included: "included" / "enthalten",
    scope_document: "Scope file" / "Datei des Geltungsbereichs",
    scope_states: "States of versions" / "Zustände der Versionen",
    scope_effective: "Effective: in force; environments can be certified against it."
        / "Effective: in Kraft; Umgebungen können danach zertifiziert werden.",
    scope_warn: "Warn: in force, but soon to be deprecated." / "Warn: in Kraft, läuft aber bald aus.",
    scope_deprecated: "Deprecated: no longer in force." / "Deprecated: nicht mehr in Kraft.",
    scope_draft: "Draft: not yet in force." / "Draft: noch nicht in Kraft.",
    scope_timeline: "Timeline" / "Zeitlicher Ablauf",
    scope_from: "from {day}" / "ab {day}",
    // The history.
    history_of_subject: "History of {name}" / "Verlauf von {name}",
    history_of_group: "History of group {name}" / "Verlauf der Gruppe {name}",
    history_lead: "The verdict at the end of each day (UTC) by the text of the standards, for the last 18 months."
        / "Das Urteil am Ende jedes Tages (UTC) nach dem Text der Standards, für die letzten 18 Monate.",
    history_lead_group: "Of each day, the topmost verdict of the group counts: FAIL before MISS before DNF before PASS."
        / "An jedem Tag zählt das oberste Urteil der Gruppe: FAIL vor MISS vor DNF vor PASS.",
    history_current: "Current results" / "Aktuelle Ergebnisse",
    history_none: "There is no report yet." / "Es gibt noch keinen Bericht.",
    history_shares: "Days with the verdict PASS" / "Tage mit dem Urteil PASS",
    history_share: "last {days} days" / "letzte {days} Tage",
    history_share_of: "{conforming} of {counted} days" / "{conforming} von {counted} Tagen",
    history_gap: "Longest time without PASS" / "Längste Zeit ohne PASS",
    history_gap_days: "{days} days" / "{days} Tage",
    history_gap_day: "1 day" / "1 Tag",
    history_gap_time: "{from} to {to}" / "{from} bis {to}",
    history_gap_none: "PASS on all days" / "PASS an allen Tagen",
    history_since: "Days before the first report ({day}) do not count." / "Tage vor dem ersten Bericht ({day}) zählen nicht.",
    history_chart: "Chart of the verdicts from {from} to {to}; the tables below have the same data."
        / "Diagramm der Urteile vom {from} bis {to}; die Tabellen darunter enthalten dieselben Daten.",
    history_chart_label: "Chart" / "Diagramm",
    history_legend_pass: "high: PASS" / "hoch: PASS",
    history_legend_open: "medium: DNF or MISS" / "mittel: DNF oder MISS",
    history_legend_fail: "low: FAIL" / "niedrig: FAIL",
    history_legend_rows: "Row \"text\": by the text of the standards. Row \"official\": as the official monitor decides."
        / "Zeile „text“: nach dem Text der Standards. Zeile „official“: wie der offizielle Monitor urteilt.",
    history_changes: "Changes of the verdict" / "Änderungen des Urteils",
    history_no_changes: "The verdict has not changed." / "Das Urteil hat sich nicht geändert.",
    history_day: "Day" / "Tag",
    history_before: "Before" / "Vorher",
    history_after: "After" / "Nachher",
    history_cause: "Reports" / "Berichte",
    history_report: "Report" / "Bericht",
    history_changed: "Changes" / "Änderungen",
    history_time_only: "no new report on this day" / "kein neuer Bericht an diesem Tag",
    history_reports: "Reports" / "Berichte",
    history_compare: "Changes since the report before" / "Änderungen seit dem Bericht davor",
    history_first: "first report" / "erster Bericht",
    history_all_reports: "Show all reports of the last 18 months" / "Alle Berichte der letzten 18 Monate zeigen",
    history_months: "Months" / "Monate",
    history_month: "Month" / "Monat",
    history_days: "Days with PASS" / "Tage mit PASS",
    history_part: "Share" / "Anteil",
    history_members: "Members of the group" / "Mitglieder der Gruppe",
    history_data: "This history as JSON" / "Dieser Verlauf als JSON",
    // The certificates.
    certificates_lead: "Certificates of scs-0004: each is issued for a subject, a scope and a version, and is valid for a year."
        / "Zertifikate nach scs-0004: Jedes gilt für eine Umgebung, einen Geltungsbereich und eine Version, ein Jahr lang.",
    certificates_hint: "A failed test does not revoke a certificate, but it has to pass again as soon as possible."
        / "Ein fehlgeschlagener Test widerruft kein Zertifikat, aber er muss so bald wie möglich wieder bestanden werden.",
    certificates_none: "No certificate has been issued." / "Es ist kein Zertifikat ausgestellt.",
    certificates_issued: "Issued certificates" / "Ausgestellte Zertifikate",
    certificates_revoked: "Revoked certificates" / "Widerrufene Zertifikate",
    certificates_none_revoked: "No certificate has been revoked." / "Es ist kein Zertifikat widerrufen.",
    certificate_subject: "Environment" / "Umgebung",
    certificate_scope: "Scope and version" / "Geltungsbereich und Version",
    certificate_issued: "Issued" / "Ausgestellt",
    certificate_until: "Valid until" / "Gültig bis",
    certificate_revoked_on: "Revoked" / "Widerrufen",
    certificate_state: "State" / "Zustand",
    certificate_conditions: "Conditions" / "Bedingungen",
    certificate_valid: "valid" / "gültig",
    certificate_valid_with_notices: "valid, conditions not met" / "gültig, Bedingungen nicht erfüllt",
    certificate_not_yet: "not valid yet" / "noch nicht gültig",
    certificate_expired: "expired" / "abgelaufen",
    certificate_is_revoked: "revoked" / "widerrufen",
    certificate_invalid: "does not count" / "zählt nicht",
    certificate_holds: "All conditions hold." / "Alle Bedingungen sind erfüllt.",
    certificate_failed: "Failed" / "Fehlgeschlagen",
    certificate_unfinished: "Did not finish" / "Nicht beendet",
    certificate_missing: "No valid result" / "Kein gültiges Ergebnis",
    certificate_broken_rule: "Violated rules without a test" / "Verletzte Regeln ohne Test",
    certificate_not_evaluated: "The scope does not have this version" / "Der Geltungsbereich hat diese Version nicht",
    certificate_data: "These certificates as JSON" / "Diese Zertifikate als JSON",
    // The standards.
    standards_lead: "What each standard requires, why, and how to fix a violation, as the command scs explain prints it."
        / "Was jeder Standard verlangt, warum, und wie ein Verstoß behoben wird, wie der Befehl scs explain es ausgibt.",
    standards_caption: "All standards" / "Alle Standards",
    standards_standard: "Standard" / "Standard",
    standards_title: "Title" / "Titel",
    standards_version: "Version in force or newest" / "Gültige oder neueste Version",
    standards_state: "State" / "Zustand",
    standards_rules: "Rules" / "Regeln",
    standards_path: "Part of" / "Teil von",
    standards_language: "Standards and their explanations are in English."
        / "Die Standards und ihre Erklärungen sind auf Englisch.",
    // The changes between two reports.
    changes_title: "Changes between two reports" / "Änderungen zwischen zwei Berichten",
    changes_before: "First report" / "Erster Bericht",
    changes_after: "Second report" / "Zweiter Bericht",
    changes_results: "Changed results" / "Geänderte Ergebnisse",
    changes_none: "No result has changed." / "Kein Ergebnis hat sich geändert.",
    changes_unchanged: "Test cases with the same result: {count}" / "Testfälle mit gleichem Ergebnis: {count}",
    changes_software: "Different versions of the checking software wrote the reports, so that a change may come from the software."
        / "Verschiedene Versionen der Prüfsoftware haben die Berichte geschrieben, sodass eine Änderung von der Software kommen kann.",
    changes_new: "New findings" / "Neue Befunde",
    changes_resolved: "Resolved findings" / "Erledigte Befunde",
    changes_no_findings: "none" / "keine",
    changes_no_result: "no result" / "kein Ergebnis",
    // Errors.
    error_not_found: "Page not found" / "Seite nicht gefunden",
    error_not_found_hint: "There is no such environment, scope, report or standard. The address may be incomplete."
        / "Diese Umgebung, diesen Geltungsbereich, diesen Bericht oder diesen Standard gibt es nicht. Die Adresse kann unvollständig sein.",
    error_invalid: "Unusable request" / "Unbrauchbare Anfrage",
    error_invalid_hint: "A part of the address cannot be used." / "Ein Teil der Adresse ist nicht brauchbar.",
    error_unauthorized: "Login required" / "Anmeldung nötig",
    error_unauthorized_hint: "Only the operator of the environment and accounts that may read everything can see this page."
        / "Nur der Betreiber der Umgebung und Konten, die alles lesen dürfen, können diese Seite sehen.",
    error_limited: "Too many attempts" / "Zu viele Versuche",
    error_unavailable: "Service unavailable" / "Dienst nicht verfügbar",
    error_unavailable_hint: "Try again in a few minutes." / "In einigen Minuten erneut versuchen.",
    error_other: "Error" / "Fehler",
    error_back: "Back to the overview" / "Zurück zur Übersicht",
}

/// The texts of a language.
pub(crate) const fn texts(language: Language) -> &'static Texts {
    match language {
        Language::English => &ENGLISH,
        Language::German => &GERMAN,
    }
}

impl State {
    pub(crate) const fn text(self, texts: &Texts) -> &'static str {
        match self {
            Self::Passed => texts.state_passed,
            Self::Attention => texts.state_attention,
            Self::Failed => texts.state_failed,
        }
    }
}

impl Listing {
    pub(crate) const fn text(self, texts: &Texts) -> &'static str {
        match self {
            Self::Certified => texts.certified,
            Self::InTest => texts.in_test,
        }
    }
}

impl Difference {
    /// The beginning of a list of environments.
    pub(crate) const fn text(self, texts: &Texts) -> &'static str {
        match self {
            Self::NotByText => texts.note_not_by_text,
            Self::OnlyByText => texts.note_only_by_text,
        }
    }

    /// The same about a single subject.
    pub(crate) const fn sentence(self, texts: &Texts) -> &'static str {
        match self {
            Self::NotByText => texts.detail_not_by_text,
            Self::OnlyByText => texts.detail_only_by_text,
        }
    }
}

impl Light {
    /// The symbol in a word.
    pub(crate) const fn text(self, texts: &Texts) -> &'static str {
        match self {
            Self::Green => texts.word_passed,
            Self::GreenWithStar => texts.word_unfinished,
            Self::Orange => texts.word_attention,
            Self::Red => texts.word_failed,
        }
    }
}

impl ResultClass {
    pub(crate) const fn text(self, texts: &Texts) -> &'static str {
        match self {
            Self::Passed => texts.word_pass,
            Self::Failed => texts.word_fail,
            Self::Unfinished => texts.word_dnf,
        }
    }
}

impl CertificateState {
    pub(crate) const fn text(self, texts: &Texts) -> &'static str {
        match self {
            Self::Valid => texts.certificate_valid,
            Self::ValidWithNotices => texts.certificate_valid_with_notices,
            Self::NotYetValid => texts.certificate_not_yet,
            Self::Expired => texts.certificate_expired,
            Self::Revoked => texts.certificate_is_revoked,
            Self::Invalid => texts.certificate_invalid,
        }
    }
}

impl ConditionKind {
    pub(crate) const fn text(self, texts: &Texts) -> &'static str {
        match self {
            Self::Failed => texts.certificate_failed,
            Self::Unfinished => texts.certificate_unfinished,
            Self::Missing => texts.certificate_missing,
            Self::BrokenRule => texts.certificate_broken_rule,
            Self::NotEvaluated => texts.certificate_not_evaluated,
        }
    }
}

impl Texts {
    /// The headline of a verdict.
    pub(crate) fn verdict(&self, summary: &Summary) -> String {
        let text = match summary.light {
            _ if summary.versions == NONE => self.verdict_failed,
            Light::Green => self.verdict_passed,
            Light::GreenWithStar => self.verdict_unfinished,
            Light::Orange => self.verdict_attention,
            Light::Red => self.verdict_only_deprecated,
        };
        fill(text, "versions", &summary.versions)
    }
}

/// Replaces `{key}` in a text by a value.
pub(crate) fn fill(text: &str, key: &str, value: impl std::fmt::Display) -> String {
    text.replace(&format!("{{{key}}}"), &value.to_string())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn keys(text: &str) -> BTreeSet<&str> {
        text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect()
    }

    #[test]
    fn each_text_says_the_same_in_all_languages() {
        for (name, [english, german]) in ALL {
            assert!(!english.trim().is_empty() && !german.trim().is_empty(), "{name} is empty");
            assert_eq!(keys(english), keys(german), "{name}");
            assert_eq!(english.ends_with('.'), german.ends_with('.'), "{name}");
        }
    }
}
