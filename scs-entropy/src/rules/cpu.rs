//! CPU instructions for entropy, and their availability in VMs.

use scs_standards::{CLOUD, DeclaredValue, Given, Judgment, judge};

use super::inputs::{CONSOLE, HOSTS, Rec, VM};
use crate::cpu::{Cpu, CpuKind};
use crate::evidence::{EntropyEvidence, HostFacts};

/// How to provide the flags of the VM's CPU.
const HOW_TO_PROVIDE: &str = "the entropy probe and the entropy user data print them as `cpu-flags`";

pub(super) fn instructions(evidence: &EntropyEvidence, rec: &mut Rec<'_>) {
    let hosts = evidence.host_facts.data();
    let mut answered = false;
    for host in hosts.iter().flat_map(|hosts| &hosts.hosts) {
        let Some(cpu) = &host.cpu else { continue };
        answered = true;
        if cpu.entropy_flags().next().is_none() {
            let message = format!(
                "the CPU has no {}; do not run VMs on this node, or enable the instructions in its firmware",
                cpu.kind.instructions()
            );
            rec.fail(&host.name, message).compared(expected(cpu), "none of them");
        }
    }
    match evidence.console.data().map(|console| &console.cpu) {
        Some(Given::Data(cpu)) if cpu.entropy_flags().next().is_none() => {
            let message = format!(
                "the CPU has no {}; use a CPU model that has it, for example with Nova's `cpu_mode = host-passthrough`",
                cpu.kind.instructions()
            );
            rec.fail(VM, message).compared(expected(cpu), "none of them");
        }
        Some(Given::Data(_)) => {}
        Some(Given::Unusable(reason)) => {
            rec.dnf(VM, format!("the CPU flags are unknown: {reason}"));
        }
        // The hosts were checked, so they answer for the CPUs.
        _ if answered => {}
        Some(Given::Missing) => {
            rec.miss(VM, format!("the console output does not contain the CPU flags; {HOW_TO_PROVIDE}"));
        }
        None => {
            rec.needs(&evidence.console, CONSOLE);
        }
    }
    unreadable(evidence, rec);
}

fn expected(cpu: &Cpu) -> String {
    cpu.kind.entropy_flags().join(" or ")
}

/// Unusable facts about hosts are DNF.
fn unreadable(evidence: &EntropyEvidence, rec: &mut Rec<'_>) {
    if let Given::Unusable(reason) = &evidence.host_facts {
        rec.dnf(HOSTS.name, HOSTS.unusable(reason)).hinting(HOSTS.hint());
    }
    for problem in evidence.host_facts.data().iter().flat_map(|hosts| &hosts.problems) {
        rec.dnf(HOSTS.name, problem.clone());
    }
}

pub(super) fn unfiltered(evidence: &EntropyEvidence, rec: &mut Rec<'_>) {
    if evidence.host_facts.is_missing() {
        let guest = evidence.console.data().and_then(|console| console.cpu.data());
        if let Some(guest) =
            guest.filter(|guest| guest.entropy_flags().eq(guest.kind.entropy_flags().iter().copied()))
        {
            let all = guest.kind.entropy_flags().join(" and ");
            rec.note(VM, format!("it has {all}, which are all entropy instructions"));
            return;
        }
        // It is unknown which of the other instructions the hosts have.
        judge(rec, [CLOUD], |_, value| declared(value, guest));
        return;
    }
    unreadable(evidence, rec);
    let Some(hosts) = evidence.host_facts.data() else { return };
    let Some(console) = rec.needs(&evidence.console, CONSOLE) else { return };
    let guest = match &console.cpu {
        Given::Data(guest) => guest,
        Given::Missing => {
            rec.miss(VM, format!("the console output does not contain the CPU flags; {HOW_TO_PROVIDE}"));
            return;
        }
        Given::Unusable(reason) => {
            rec.dnf(VM, format!("the CPU flags are unknown: {reason}"));
            return;
        }
    };
    compare(guest, hosts, rec);
}

/// The CPU modes that expose all features of the host CPU to the guest.
const MODES: [&str; 2] = ["host-passthrough", "host-model"];

/// Judges declared CPU facts, compared with the sample VM if known.
fn declared(value: &DeclaredValue, seen: Option<&Cpu>) -> Judgment {
    if let Some(mode) = value.text() {
        if !MODES.contains(&mode.trim().to_lowercase().as_str()) {
            return Judgment::Unusable;
        }
        return match seen {
            Some(guest) if guest.entropy_flags().next().is_none() => Judgment::Contradicts(format!(
                "the sample VM has no {}, whatever its hosts have",
                guest.kind.instructions()
            )),
            _ => Judgment::Satisfies,
        };
    }
    let flags = |name: &str| -> Option<Vec<String>> {
        let list = value.fact(name)?.list()?;
        let words: Vec<String> =
            list.iter().flat_map(|words| words.split_whitespace()).map(str::to_lowercase).collect();
        (!words.is_empty()).then_some(words)
    };
    let (Some(host), Some(guest)) = (flags("host"), flags("guest")) else { return Judgment::Unusable };
    let kind = if host.iter().any(|flag| matches!(flag.as_str(), "asimd" | "fp")) {
        CpuKind::Arm
    } else {
        CpuKind::X86
    };
    let (host, guest) = (Cpu::new(kind, host), Cpu::new(kind, guest));
    let missing: Vec<&str> = host.entropy_flags().filter(|flag| !guest.has(flag)).collect();
    if !missing.is_empty() {
        return Judgment::Breaks(format!("the hypervisor hides {} from VMs", missing.join(" and ")));
    }
    if host.entropy_flags().next().is_none() {
        return Judgment::Breaks(format!("the hosts have no {}", kind.instructions()));
    }
    match seen.and_then(|seen| guest.entropy_flags().find(|flag| !seen.has(flag))) {
        Some(flag) => Judgment::Contradicts(format!("the sample VM does not have `{flag}`")),
        None => Judgment::Satisfies,
    }
}

/// Compares the VM with the hosts, one of which runs it; which one is unknown.
fn compare(guest: &Cpu, hosts: &HostFacts, rec: &mut Rec<'_>) {
    let of_kind: Vec<&Cpu> = hosts
        .hosts
        .iter()
        .filter_map(|host| host.cpu.as_ref())
        .filter(|cpu| cpu.kind == guest.kind)
        .collect();
    if of_kind.is_empty() {
        rec.dnf(VM, "no known host has a CPU of the same kind");
        return;
    }
    for flag in guest.kind.entropy_flags().iter().filter(|flag| !guest.has(flag)) {
        let having = of_kind.iter().filter(|cpu| cpu.has(flag)).count();
        if having == of_kind.len() {
            let message = format!(
                "the hosts have `{flag}`, but the hypervisor hides it from the VM; use another CPU model, for example with Nova's `cpu_mode = host-passthrough`"
            );
            rec.fail(VM, message).compared(format!("`{flag}`, as on the host"), "missing");
        } else if having > 0 {
            let message = format!(
                "{having} of {} hosts have `{flag}` and the VM does not; it is unknown which of them runs it: provide the facts of only its host",
                of_kind.len()
            );
            rec.dnf(VM, message);
        }
    }
}
