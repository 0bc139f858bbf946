#!/bin/sh
# Writes what the standards of the Sovereign Cloud Stack ask of a cluster, as the inventory that `scs check` reads.
# It reads with kubectl and changes nothing. A part that cannot be read says why in its place; what it does is told on
# standard error. It ends with 1 where nothing could be read.
#
# No secret and no config map is read. Pods carry the values of their environment variables: those of kube-system are taken,
# those of all namespaces only with --all-pods. Look through the file before you give it away.

set -eu
LC_ALL=C
export LC_ALL

usage() {
    cat <<'EOF'
usage: collect-cluster.sh [OPTION...] > cluster.json

  --context NAME      the context of the kubeconfig
  --kubeconfig FILE   the kubeconfig
  --output FILE       write there, readable for you only, and not to standard output
  --all-pods          pods of all namespaces, not only those of kube-system
  --without-kubelets  do not ask kubelets how they are configured
  --timeout TIME      how long a request may take, such as 30s (1m)
  --quiet             do not tell on standard error what is read

What it needs to read: nodes, namespaces, pods, daemon sets, network policies, persistent volumes, storage classes, ingress
classes. Kubelets are asked through the API server, which takes the right to `get` `nodes/proxy`. This right reaches
everything that a kubelet offers, running commands in containers among it: grant it for the time of the collection only, or use
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

# The only command that is given to the cluster is `get`.
get() {
    kubectl "--request-timeout=$timeout" ${context:+"--context=$context"} ${kubeconfig:+"--kubeconfig=$kubeconfig"} \
        get "$@" </dev/null
}

# What kubectl said in the file, in one line; what it logs on the way only where it says nothing else.
reason() {
    lines=$(tr -c '\040-\176\n' '?' <"$1" | grep -v '^[[:space:]]*$' || true)
    told=$(printf '%s\n' "$lines" | grep -v '^[EWI][0-9][0-9][0-9][0-9] ' || true)
    printf '%s\n' "${told:-$lines}" | sed -n 'H;${x;s/^\n//;s/\n/; /g;p;}' | cut -c 1-500
}

# The same as a value of the inventory.
unavailable() {
    why=$(reason "${1:-$work/error}")
    printf '{"unavailable": "%s"}' "$(printf '%s' "${why:-kubectl failed and gave no reason}" | sed 's/\\/\\\\/g; s/"/\\"/g')"
}

# Whether a file is one whole JSON object or list, so that nothing in it ends the place that it gets. What the API server answers
# to a path is handed on by kubectl as it is, while kubectl itself writes lists of objects.
is_json() {
    [ "$(wc -c <"$1")" -le 4194304 ] || return 1
    [ "$(tr -d '\011\012\015\040-\176' <"$1" | wc -c)" -eq 0 ] || return 1
    # Strings become ", other scalars 0, and nothing else may be left that is no mark; then pairs become ;, objects and lists @,
    # the innermost first.
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

# Asks for something into the file `answer`; what is not one whole value is no answer.
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

# How many parts came; /version is answered to everybody.
came=0
last=

# What was asked for, or why it is not there.
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

# Whether a name is one that Kubernetes gives to nodes: nothing else becomes a path or a key.
is_node() {
    case $1 in
    '' | *[!-a-z0-9.]* | -* | .* | *- | *. | *..*) return 1 ;;
    esac
    [ ${#1} -le 253 ]
}

# Asks the kubelet of a node, into files of its number.
ask_kubelet() {
    if get --raw "/api/v1/nodes/$2/proxy/configz" >"$work/kubelet.$1" 2>"$work/kubelet-error.$1"; then
        is_json "$work/kubelet.$1" || {
            rm -f "$work/kubelet.$1"
            printf 'the answer is not JSON\n' >"$work/kubelet-error.$1"
        }
    else
        rm -f "$work/kubelet.$1"
        # It is the kubelet that says so, to the API server.
        ! grep -q 'You must be logged in to the server\|Unauthorized' "$work/kubelet-error.$1" ||
            printf 'the kubelet refuses the credentials of the API server\n' >"$work/kubelet-error.$1"
    fi
}

# How many kubelets are asked at once.
at_once=8

# The answers of the kubelets that were asked last.
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

# The configuration of each kubelet, by node.
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
            printf 'its name is not one that Kubernetes gives to nodes\n' >"$work/kubelet-error.$number"
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

# Everybody who has credentials is told the version. Where kubectl does not get it, it gets nothing else either.
say version
if ask --raw /version; then
    version=$(cat "$work/answer")
elif grep -q '(Forbidden)\|^the answer is not JSON$' "$work/error"; then
    version=$(unavailable)
else
    why=$(reason "$work/error")
    printf 'collect-cluster.sh: the API server cannot be asked: %s\n' "${why:-kubectl failed and gave no reason}" >&2
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
    # What the trap takes away has been moved by then.
    mv -f "$work/inventory" "$output"
fi
if [ "$came" -eq 0 ]; then
    printf 'collect-cluster.sh: nothing but the version could be read: %s\n' "${last:-kubectl gave no reason}" >&2
    exit 1
fi
