#!/bin/sh
# Collects an inventory of a Kubernetes cluster for `scs check` (Sovereign Cloud Stack standards).
# It only reads, with kubectl. Parts that cannot be read are recorded with the reason. Progress is printed on standard error. The
# exit status is 1 if nothing could be read.
#
# Secrets and config maps are not read. Pods contain the values of their environment variables; only the pods of kube-system are
# collected, or those of all namespaces with --all-pods. Review the file before you share it.

set -eu
LC_ALL=C
export LC_ALL

usage() {
    cat <<'EOF'
usage: collect-cluster.sh [OPTION...] > cluster.json

  --context NAME      the context of the kubeconfig
  --kubeconfig FILE   the kubeconfig
  --output FILE       write to a file that only you can read, instead of standard output
  --all-pods          pods of all namespaces, not only those of kube-system
  --without-kubelets  do not collect the configuration of kubelets
  --timeout TIME      timeout of a request, such as 30s (default: 1m)
  --quiet             do not print progress

Required read access: nodes, namespaces, pods, daemon sets, network policies, persistent volumes, storage classes, ingress
classes. The configuration of kubelets is read through the API server, which requires `get` on `nodes/proxy`. This permission
covers everything that a kubelet offers, including running commands in containers: grant it only while collecting, or use
--without-kubelets.
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
output=
quiet=
kubelets=yes
while [ $# -gt 0 ]; do
    case $1 in
    --context | --kubeconfig | --timeout | --output)
        [ $# -ge 2 ] || wrong "$1 needs a value"
        case $1 in
        --context) context=$2 ;;
        --kubeconfig) kubeconfig=$2 ;;
        --timeout) timeout=$2 ;;
        --output) output=$2 ;;
        esac
        shift
        ;;
    --context=*) context=${1#*=} ;;
    --kubeconfig=*) kubeconfig=${1#*=} ;;
    --timeout=*) timeout=${1#*=} ;;
    --output=*) output=${1#*=} ;;
    --without-kubelets) kubelets= ;;
    --quiet) quiet=yes ;;
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

say() {
    [ -n "$quiet" ] || printf 'collect-cluster.sh: %s\n' "$1" >&2
}

# Runs `kubectl get`, the only command used on the cluster.
get() {
    kubectl "--request-timeout=$timeout" ${context:+"--context=$context"} ${kubeconfig:+"--kubeconfig=$kubeconfig"} \
        get "$@" </dev/null
}

# The error message of kubectl in a file, as one line; log messages only if there is nothing else.
reason() {
    lines=$(tr -c '\040-\176\n' '?' <"$1" | grep -v '^[[:space:]]*$' || true)
message=$(printf '%s\n' "$lines" | grep -v '^[EWI][0-9][0-9][0-9][0-9] ' || true)
    printf '%s\n' "${message:-$lines}" | sed -n 'H;${x;s/^\n//;s/\n/; /g;p;}' | cut -c 1-500
}

# The error message as a value of the inventory.
unavailable() {
    why=$(reason "${1:-$work/error}")
    printf '{"unavailable": "%s"}' "$(printf '%s' "${why:-kubectl failed and gave no reason}" | sed 's/\\/\\\\/g; s/"/\\"/g')"
}

# Whether a file is one complete JSON object or list, so that it cannot break the inventory. For --raw, kubectl prints the response of
# the API server unchanged; for objects, it writes JSON itself.
is_json() {
    [ "$(wc -c <"$1")" -le 4194304 ] || return 1
    [ "$(tr -d '\011\012\015\040-\176' <"$1" | wc -c)" -eq 0 ] || return 1
    # Replaces strings by ", other scalars by 0, then, from the inside out, pairs by ; and objects and lists by @. Anything left over
    # is not JSON.
    awk '
        { text = text "\n" $0 }
        END {
            gsub(/"([^"\\\001-\037]|\\["\\\/bfnrt]|\\u[0-9a-fA-F][0-9a-fA-F][0-9a-fA-F][0-9a-fA-F])*"/, "\"", text)
            gsub(/-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][-+]?[0-9]+)?/, "0", text)
            gsub(/true|false|null/, "0", text)
            gsub(/[ \t\r\n]/, "", text)
            if (text ~ /[^]"0:,{}[]/) exit 1
            for (depth = 0; depth < 500 && text != "@"; depth++) {
                folded = gsub(/":["0@]/, ";", text)
                folded += gsub(/[{](;(,;)*)?[}]/, "@", text)
                folded += gsub(/[[](["0@](,["0@])*)?[]]/, "@", text)
                if (!folded) exit 1
            }
            exit text != "@"
        }' "$1"
}

# Requests something into the file `answer`. Incomplete values are errors.
ask() {
    get "$@" >"$work/answer" 2>"$work/error" || return 1
    [ -s "$work/answer" ] || {
        printf 'kubectl printed nothing\n' >"$work/error"
        return 1
    }
    case $1 in
    --raw)
        is_json "$work/answer" || {
            printf 'the answer is not JSON\n' >"$work/error"
            return 1
        }
        ;;
    esac
}

# The number of collected parts, without the version, which everybody can read.
came=0
last=

# Prints the requested value, or the reason why it is missing.
value() {
    if ask "$@"; then
        cat "$work/answer"
        came=$((came + 1))
    else
        unavailable
        last=$(reason "$work/error")
    fi
}

part() {
    name=$1
    shift
    say "$name"
    printf ',\n"%s": ' "$name"
    value "$@"
}

# The versions of an API group in the file `groups`.
versions() {
    tr ',{}[]' '[\n*]' <"$work/groups" |
        sed -n "s|^[[:space:]]*\"groupVersion\"[[:space:]]*:[[:space:]]*\"\\($1/[a-z0-9]*\\)\"[[:space:]]*\$|\\1|p" | sort -u
}

# The API groups, and the resources of those in the standards.
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

# Whether a name is a valid node name. Only valid names are used as paths and keys.
is_node() {
    case $1 in
    '' | *[!-a-z0-9.]* | -* | .* | *- | *. | *..*) return 1 ;;
    esac
    [ ${#1} -le 253 ]
}

# Requests the configuration of the kubelet of a node, into numbered files.
ask_kubelet() {
    if get --raw "/api/v1/nodes/$2/proxy/configz" >"$work/kubelet.$1" 2>"$work/kubelet-error.$1"; then
        is_json "$work/kubelet.$1" || {
            rm -f "$work/kubelet.$1"
            printf 'the answer is not JSON\n' >"$work/kubelet-error.$1"
        }
    else
        rm -f "$work/kubelet.$1"
        # The kubelet said this to the API server.
        ! grep -q 'You must be logged in to the server\|Unauthorized' "$work/kubelet-error.$1" ||
            printf 'the kubelet rejected the credentials of the API server\n' >"$work/kubelet-error.$1"
    fi
}

# The number of parallel requests to kubelets.
at_once=8

# Prints the responses of the last kubelets.
answered() {
    wait
    while [ "$shown" -lt "$number" ]; do
        shown=$((shown + 1))
        read -r node <&4
        if is_node "$node"; then
            printf '%s\n"%s": ' "$separator" "$node"
        else
            printf '%s\n"(node %s)": ' "$separator" "$shown"
        fi
        if [ -s "$work/kubelet.$shown" ]; then
            cat "$work/kubelet.$shown"
        else
            unavailable "$work/kubelet-error.$shown"
        fi
        rm -f "$work/kubelet.$shown" "$work/kubelet-error.$shown"
        separator=,
    done
}

# The configuration of each kubelet by node.
kubelet_configs() {
    if ! ask nodes -o name; then
        # A cluster without nodes prints no name.
        unavailable
        return
    fi
    sed 's|^node/||' "$work/answer" >"$work/nodes"
    all=$(wc -l <"$work/nodes")
    printf '{'
    separator=
    number=0
    shown=0
    exec 4<"$work/nodes"
    while IFS= read -r node <&3; do
        number=$((number + 1))
        if is_node "$node"; then
            ask_kubelet "$number" "$node" &
        else
            printf 'not a valid node name\n' >"$work/kubelet-error.$number"
        fi
        if [ $((number % at_once)) -eq 0 ]; then
            answered
            [ $((number % 200)) -ne 0 ] || say "kubelets: $number of $((all))"
        fi
    done 3<"$work/nodes"
    answered
    printf '}'
}

if [ -n "$output" ]; then
    exec >"$work/inventory"
fi

# Everybody with credentials can read the version. If that fails, everything else fails, too.
say version
if ask --raw /version; then
    version=$(cat "$work/answer")
elif grep -q '(Forbidden)\|^the answer is not JSON$' "$work/error"; then
    version=$(unavailable)
else
    why=$(reason "$work/error")
    printf 'collect-cluster.sh: cannot reach the API server: %s\n' "${why:-kubectl failed and gave no reason}" >&2
    exit 1
fi

printf '{"kind": "cluster",\n"collected_at": "%s",\n"version": %s' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$version"
say 'API groups'
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
part ingress_classes ingressclasses.networking.k8s.io -o json
part network_policies networkpolicies.networking.k8s.io --all-namespaces -o json
if [ -n "$kubelets" ]; then
    say kubelets
    printf ',\n"kubelet_configs": '
    kubelet_configs
fi
printf '\n}\n'
if [ -n "$output" ]; then
    # Moved before the trap deletes the directory.
    mv -f "$work/inventory" "$output"
fi
if [ "$came" -eq 0 ]; then
    printf 'collect-cluster.sh: only the version could be read: %s\n' "${last:-kubectl gave no reason}" >&2
    exit 1
fi
