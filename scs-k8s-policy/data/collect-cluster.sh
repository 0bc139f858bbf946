#!/bin/sh
# Writes what the standards of the Sovereign Cloud Stack ask of a cluster, as the inventory that `scs check` reads.
# It reads with kubectl and changes nothing. A part that cannot be read says why in its place.
#
# No secret and no config map is read. Pods carry the values of their environment variables: those of kube-system are taken,
# those of all namespaces with --all-pods alone. Look through the file before you give it away.

set -eu
LC_ALL=C
export LC_ALL

usage() {
    cat <<'EOF'
usage: collect-cluster.sh [--context NAME] [--kubeconfig FILE] [--all-pods] [--timeout TIME] > cluster.json

  --context NAME      the context of the kubeconfig
  --kubeconfig FILE   the kubeconfig
  --all-pods          pods of all namespaces, not of kube-system alone
  --timeout TIME      how long a request may take, such as 30s (1m)

What it needs to read: nodes and nodes/proxy (for the configuration of the kubelets), namespaces, pods, daemon sets, services,
network policies, persistent volumes, storage classes, ingress classes.
EOF
}

wrong() {
    printf 'collect-cluster.sh: %s\n' "$1" >&2
    usage >&2
    exit 2
}

context=
kubeconfig=
timeout=1m
all_pods=
while [ $# -gt 0 ]; do
    case $1 in
    --context | --kubeconfig | --timeout)
        [ $# -ge 2 ] || wrong "$1 needs a value"
        case $1 in
        --context) context=$2 ;;
        --kubeconfig) kubeconfig=$2 ;;
        --timeout) timeout=$2 ;;
        esac
        shift
        ;;
    --context=*) context=${1#*=} ;;
    --kubeconfig=*) kubeconfig=${1#*=} ;;
    --timeout=*) timeout=${1#*=} ;;
    --all-pods) all_pods=yes ;;
    -h | --help)
        usage
        exit 0
        ;;
    *) wrong "unknown argument $1" ;;
    esac
    shift
done

command -v kubectl >/dev/null 2>&1 || wrong 'kubectl is not installed'

umask 077
work=$(mktemp -d "${TMPDIR:-/tmp}/collect-cluster.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' HUP INT TERM

# The only command that is given to the cluster is `get`.
get() {
    kubectl "--request-timeout=$timeout" ${context:+"--context=$context"} ${kubeconfig:+"--kubeconfig=$kubeconfig"} \
        get "$@" </dev/null
}

# The last line of the error as the reason, safe within JSON.
unavailable() {
    reason=$(grep -v '^[[:space:]]*$' "$work/error" | tail -n 1 | tr -c '\040-\176\n' '?' | cut -c 1-500 |
        sed 's/\\/\\\\/g; s/"/\\"/g')
    printf '{"unavailable": "%s"}' "${reason:-kubectl failed and gave no reason}"
}

# Asks for something into the file `answer`; nothing at all is no answer.
ask() {
    get "$@" >"$work/answer" 2>"$work/error" || return 1
    [ -s "$work/answer" ] || {
        printf 'kubectl printed nothing\n' >"$work/error"
        return 1
    }
}

# What was asked for, or why it is not there.
value() {
    if ask "$@"; then
        cat "$work/answer"
    else
        unavailable
    fi
}

part() {
    name=$1
    shift
    printf ',\n"%s": ' "$name"
    value "$@"
}

# The versions of an API group that the list of groups in the file `groups` has.
versions() {
    tr ',{}[]' '[\n*]' <"$work/groups" |
        sed -n "s|^[[:space:]]*\"groupVersion\"[[:space:]]*:[[:space:]]*\"\\($1/[a-z0-9]*\\)\"[[:space:]]*\$|\\1|p" | sort -u
}

# The groups, and the resources of those that the standards are about.
api_resources() {
    if ! ask --raw /apis; then
        unavailable
        return
    fi
    cp "$work/answer" "$work/groups"
    cp "$work/answer" "$work/resources"
    for version in $(versions 'networking\.k8s\.io') $(versions 'policy\.networking\.k8s\.io'); do
        if ! ask --raw "/apis/$version"; then
            unavailable
            return
        fi
        printf ',\n' >>"$work/resources"
        cat "$work/answer" >>"$work/resources"
    done
    printf '['
    cat "$work/resources"
    printf ']'
}

# The configuration of each kubelet, by node.
kubelet_configs() {
    if ! ask nodes -o name; then
        # A cluster without nodes prints no name.
        unavailable
        return
    fi
    cp "$work/answer" "$work/nodes"
    printf '{'
    separator=
    while IFS= read -r node; do
        node=${node#node/}
        printf '%s\n"%s": ' "$separator" "$node"
        value --raw "/api/v1/nodes/$node/proxy/configz"
        separator=,
    done <"$work/nodes"
    printf '}'
}

printf '{"kind": "cluster",\n"collected_at": "%s"' "$(date -u +%Y-%m-%dT%H:%M:%SZ)"
part version --raw /version
printf ',\n"api_resources": '
api_resources
part nodes nodes -o json
part storage_classes storageclasses.storage.k8s.io -o json
part persistent_volumes persistentvolumes -o json
part namespaces namespaces -o json
if [ -n "$all_pods" ]; then
    part pods pods --all-namespaces -o json
else
    part pods pods --namespace kube-system -o json
fi
part daemon_sets daemonsets.apps --all-namespaces -o json
part services services --all-namespaces -o json
part ingress_classes ingressclasses.networking.k8s.io -o json
part network_policies networkpolicies.networking.k8s.io --all-namespaces -o json
printf ',\n"kubelet_configs": '
kubelet_configs
printf '\n}\n'
