//! The clouds of the demo. None of them exists.

/// A made-up cloud or cluster.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cloud {
    pub(super) subject: &'static str,
    pub(super) name: &'static str,
    pub(super) description: &'static str,
    pub(super) operator: &'static str,
    pub(super) kind: Kind,
    pub(super) certified: bool,
    /// The group; the members of one share an entry of the table.
    pub(super) group: Option<&'static str>,
    pub(super) story: Story,
}

/// What is tested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Iaas,
    Kaas,
}

impl Kind {
    /// The name of its scope.
    pub(super) const fn scope(self) -> &'static str {
        match self {
            Self::Iaas => "scs-compatible-iaas",
            Self::Kaas => "scs-compatible-kaas",
        }
    }
}

/// What has happened to a cloud. All have had a bad night now and then.
#[derive(Clone, Copy, Debug)]
pub(super) enum Story {
    /// Nothing else.
    Steady,
    /// It passed only the version before until this many days ago.
    Upgraded(u16),
    /// A test case fails for this many days.
    Failing(&'static str, u16),
    /// A test case failed until this many days ago, for a month.
    Repaired(&'static str, u16),
    /// The check of a test case does not finish for this many days.
    Stuck(&'static str, u16),
    /// A test case is never reported.
    Omitting(&'static str),
    /// The last report is this many days old.
    Silent(u16),
    /// The first report is this many days old.
    New(u16),
    /// There are no reports.
    Listed,
}

const fn cloud(
    kind: Kind,
    certified: bool,
    subject: &'static str,
    (name, description, operator): (&'static str, &'static str, &'static str),
    story: Story,
) -> Cloud {
    Cloud { subject, name, description, operator, kind, certified, group: None, story }
}

const fn member(group: &'static str, cloud: Cloud) -> Cloud {
    Cloud { group: Some(group), ..cloud }
}

use Kind::{Iaas, Kaas};
use Story::{Failing, Listed, New, Omitting, Repaired, Silent, Steady, Stuck, Upgraded};

const HANSE: (&str, &str, &str) =
    ("Hanse Cloud", "Public cloud for customers (3 SCS regions)", "Hanse Rechenzentren eG");
const MAINFELD: (&str, &str, &str) =
    ("Mainfeld Compute", "Public cloud for customers (2 SCS regions)", "Mainfeld IT GmbH");
const LINDEN: (&str, &str, &str) =
    ("Linden Kubernetes", "Managed clusters (3 SCS configurations)", "Linden Systeme GmbH & Co. KG");

/// The clouds in the order of the table.
pub(super) static CLOUDS: [Cloud; 31] = [
    cloud(
        Iaas,
        true,
        "aurora-ffm",
        ("Aurora Open Cloud", "Public cloud for customers (1 SCS region)", "Aurora Cloud AG"),
        Steady,
    ),
    cloud(
        Iaas,
        true,
        "bergblick-1",
        ("Bergblick IaaS", "Public cloud for customers (1 SCS region)", "Bergblick Datacenter GmbH"),
        Upgraded(290),
    ),
    cloud(
        Iaas,
        true,
        "elbkante-a",
        ("Elbkante", "Public cloud of a municipal utility", "Stadtnetze Elbkante GmbH"),
        Repaired("scs-0103-flavor-2v-8", 40),
    ),
    member("hanse", cloud(Iaas, true, "hanse-hl", HANSE, Steady)),
    member("hanse", cloud(Iaas, true, "hanse-hro", HANSE, Steady)),
    member("hanse", cloud(Iaas, true, "hanse-hb", HANSE, Repaired("scs-0102-image-recency", 12))),
    cloud(
        Iaas,
        true,
        "kornblume",
        ("Kornblume Cloud", "Public cloud for health care", "Kornblume Health IT eG"),
        Stuck("scs-0101-fips-test", 2),
    ),
    member("mainfeld", cloud(Iaas, true, "mainfeld-east", MAINFELD, Steady)),
    member("mainfeld", cloud(Iaas, true, "mainfeld-west", MAINFELD, Failing("scs-0102-image-recency", 5))),
    cloud(
        Iaas,
        true,
        "ostwind",
        ("Ostwind", "Public cloud for customers (1 SCS region)", "Ostwind Hosting GmbH"),
        Silent(17),
    ),
    cloud(
        Iaas,
        true,
        "seeufer",
        ("Seeufer Sovereign Cloud", "Cloud for public authorities of three states", "Seeufer IT-Verbund AöR"),
        Upgraded(480),
    ),
    cloud(
        Iaas,
        true,
        "taunus-2",
        ("Taunus Cloud", "Public cloud for customers (1 SCS region)", "Taunus Net SE"),
        Steady,
    ),
    cloud(
        Kaas,
        true,
        "aurora-k8s",
        (
            "Aurora Managed Kubernetes",
            "Public KaaS cloud based on Gardener (1 SCS configuration)",
            "Aurora Cloud AG",
        ),
        Steady,
    ),
    member("linden", cloud(Kaas, true, "linden-131", LINDEN, Steady)),
    member("linden", cloud(Kaas, true, "linden-132", LINDEN, Steady)),
    member("linden", cloud(Kaas, true, "linden-133", LINDEN, Repaired("version-policy-check", 60))),
    cloud(
        Kaas,
        true,
        "seeufer-k8s",
        ("Seeufer Cluster", "KaaS for public authorities based on Cluster API", "Seeufer IT-Verbund AöR"),
        Failing("version-policy-check", 9),
    ),
    cloud(
        Kaas,
        true,
        "taunus-k8s",
        ("Taunus Kubernetes", "KaaS offering based on Cluster Stacks (1 SCS configuration)", "Taunus Net SE"),
        Steady,
    ),
    cloud(
        Iaas,
        false,
        "ahornweg-lab",
        ("Ahornweg Lab", "Test environment of a university", "Hochschule Ahornweg"),
        Failing("scs-0100-syntax-check", 200),
    ),
    cloud(
        Iaas,
        false,
        "birkenhain",
        ("Birkenhain", "Private cloud, tested voluntarily", "Birkenhain Maschinenbau GmbH"),
        Steady,
    ),
    cloud(Iaas, false, "deich-poc", ("Deichgraf PoC", "Proof of concept", "Deichgraf Digital GmbH"), New(35)),
    cloud(
        Iaas,
        false,
        "eifel-research",
        (
            "Eifel Research Cloud",
            "Cloud for research, see [its page](https://cloud.example/eifel)",
            "Forschungsverbund Eifel e. V.",
        ),
        Omitting("scs-0117-test-backup"),
    ),
    cloud(
        Iaas,
        false,
        "gischt",
        ("Gischt", "Public cloud in preparation", "Gischt Cloud UG (haftungsbeschränkt)"),
        Listed,
    ),
    cloud(
        Iaas,
        false,
        "moorland",
        ("Moorland Edge", "Edge locations of a grid operator", "Moorland Netze AG"),
        Stuck("scs-0101-entropy-avail", 30),
    ),
    cloud(
        Iaas,
        false,
        "pappel-next",
        ("Pappel Next", "Next release of a public cloud", "Pappel Online GmbH"),
        Upgraded(120),
    ),
    cloud(
        Iaas,
        false,
        "quelle-dev",
        ("Quelle Dev", "Development environment of the SCS community", "Community"),
        Failing("scs-0115-default-rules", 3),
    ),
    cloud(
        Kaas,
        false,
        "birken-k8s",
        ("Birkenhain Cluster", "Private clusters based on k3s", "Birkenhain Maschinenbau GmbH"),
        Silent(45),
    ),
    cloud(
        Kaas,
        false,
        "deich-k8s",
        ("Deichgraf Kubernetes", "Proof of concept", "Deichgraf Digital GmbH"),
        New(20),
    ),
    cloud(
        Kaas,
        false,
        "moor-k8s",
        ("Moorland Cluster", "Edge clusters", "Moorland Netze AG"),
        Omitting("kaas-networking-check"),
    ),
    cloud(
        Kaas,
        false,
        "quelle-k8s",
        ("Quelle Cluster Stacks", "Reference implementation of the SCS community", "Community"),
        Steady,
    ),
    cloud(
        Kaas,
        false,
        "weiher-k8s",
        ("Weiher Kubernetes", "Managed clusters in preparation", "Weiher Hosting GmbH"),
        Listed,
    ),
];
