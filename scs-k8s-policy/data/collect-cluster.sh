#!/bin/sh
# Collects an inventory of a Kubernetes cluster for `scs check` (Sovereign Cloud Stack standards).
# It only reads, with kubectl. Configurations of kubelets (--kubelets) are requested with curl through one `kubectl proxy`, which listens
# on a socket that only you can use; without curl, each is a kubectl of its own. Parts that cannot be read are recorded with the reason. Progress is printed on standard error. The
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
  --kubelets          also collect the configuration of each kubelet
  --timeout TIME      timeout of a request, such as 30s (default: 1m)
  --quiet             do not print progress

Required read access: nodes, namespaces, pods, daemon sets, network policies, persistent volumes, storage classes, ingress
classes. --kubelets reads through the API server, which requires `get` on `nodes/proxy`. This permission covers everything that a
kubelet offers, including running commands in containers: grant it only while collecting.
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
kubelets=
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
    --kubelets) kubelets=yes ;;
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
proxy=
trap '[ -z "$proxy" ] || kill "$proxy" 2>/dev/null || true; rm -rf "$work"' EXIT
trap 'exit 130' HUP INT TERM

say() {
    [ -n "$quiet" ] || printf 'collect-cluster.sh: %s\n' "$1" >&2
}

# Runs `kubectl get`. The only other command is `kubectl proxy`, for the same requests.
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
    printf '{"unavailable": "%s"}' "$(printf '%s' "${why:-${2:-kubectl failed and gave no reason}}" | sed 's/\\/\\\\/g; s/"/\\"/g')"
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

# The number of parallel requests to kubelets, and the number of kubelets between two progress messages.
at_once=16
batch=208

# Requests the configuration of the kubelet of a node with kubectl, into numbered files.
ask_kubelet() {
    if ! get --raw "/api/v1/nodes/$2/proxy/configz" >"$work/kubelet.$1" 2>"$work/kubelet-error.$1"; then
        rm -f "$work/kubelet.$1"
        # The kubelet said this to the API server.
        ! grep -q 'You must be logged in to the server\|Unauthorized' "$work/kubelet-error.$1" ||
            printf 'the kubelet rejected the credentials of the API server\n' >"$work/kubelet-error.$1"
    fi
}

# Starts one `kubectl proxy` for all kubelets, which passes on only the requests of this script. It fails without a suitable curl.
start_proxy() {
    # The limit of some systems for the path of a socket.
    [ "${#work}" -le 90 ] || return 1
    curl -q --parallel --parallel-max "$at_once" --unix-socket "$work/kubelets" --version >/dev/null 2>&1 || return 1
    : >"$work/proxy"
    kubectl ${context:+"--context=$context"} ${kubeconfig:+"--kubeconfig=$kubeconfig"} \
        proxy "--unix-socket=$work/kubelets" '--accept-paths=^/api/v1/nodes/[-a-z0-9.]+/proxy/configz$' \
        '--reject-methods=^([^G]|G[^E]|GE[^T])' </dev/null >"$work/proxy" 2>&1 &
    proxy=$!
    tries=0
    until grep -q '^Starting to serve' "$work/proxy"; do
        tries=$((tries + 1))
        if [ "$tries" -gt 100 ] || ! kill -0 "$proxy" 2>/dev/null; then
            stop_proxy
            return 1
        fi
        sleep 0.1 2>/dev/null || sleep 1
    done
}

stop_proxy() {
    kill "$proxy" 2>/dev/null || true
    wait "$proxy" 2>/dev/null || true
    proxy=
}

# The timeout in seconds: 30, 30s, 2m or 1h; anything else is a minute.
seconds() {
    case ${timeout%[smh]} in
    '' | *[!0-9]* | ????????*) echo 60 ;;
    0) echo 0 ;;
    0*) echo 60 ;;
    *)
        case $timeout in
        *h) echo $((${timeout%h} * 3600)) ;;
        *m) echo $((${timeout%m} * 60)) ;;
        *) echo "${timeout%s}" ;;
        esac
        ;;
    esac
}

# Requests the configurations of the kubelets in the file `urls` with curl, into numbered files.
ask_kubelets() {
    (
        cd "$work"
        curl -q --silent --noproxy '*' --unix-socket kubelets --parallel --parallel-max "$at_once" --max-time "$(seconds)" \
            --retry 1 --retry-max-time "$(seconds)" --write-out '%{filename_effective} %{http_code} %{errormsg}\n' --config urls </dev/null >answers 2>/dev/null
    ) || true
    while read -r file code message; do
        number_of=${file#kubelet.}
        case $code in
        200) continue ;;
        000) message=${message:-no response} ;;
        *)
            # A `Status` of the API server, or the text of the kubelet.
            message=$(tr '\n' ' ' <"$work/$file" 2>/dev/null | cut -c 1-4000 |
                sed 's/^.*"message":[[:space:]]*"\(\([^"\\]\|\\.\)*\)".*$/\1/; s/\\"/"/g; s/\\\\/\\/g')
            case $code$message in
            401Unauthorized*) message='the kubelet rejected the credentials of the API server' ;;
            esac
            message=${message:-HTTP status $code}
            ;;
        esac
        rm -f "$work/$file"
        printf '%s\n' "$message" >"$work/kubelet-error.$number_of"
    done <"$work/answers"
}

# Prints the responses of the last kubelets.
answered() {
    wait_for_kubelets
    while [ "$shown" -lt "$number" ]; do
        shown=$((shown + 1))
        read -r node <&4
        if is_node "$node"; then
            printf '%s\n"%s": ' "$separator" "$node"
        else
            printf '%s\n"(node %s)": ' "$separator" "$shown"
        fi
        if [ -s "$work/kubelet.$shown" ] && is_json "$work/kubelet.$shown"; then
            cat "$work/kubelet.$shown"
        else
            [ ! -f "$work/kubelet.$shown" ] || printf 'the answer is not JSON\n' >"$work/kubelet-error.$shown"
            unavailable "$work/kubelet-error.$shown" 'no answer'
        fi
        rm -f "$work/kubelet.$shown" "$work/kubelet-error.$shown"
        separator=,
    done
}

wait_for_kubelets() {
    if [ -z "$proxy" ]; then
        wait
    elif [ -s "$work/urls" ]; then
        ask_kubelets
        : >"$work/urls"
    fi
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
    : >"$work/urls"
    size=$batch
    start_proxy || size=$at_once
    printf '{'
    separator=
    number=0
    shown=0
    exec 4<"$work/nodes"
    while IFS= read -r node <&3; do
        number=$((number + 1))
        # The reason if there is no answer.
        : >"$work/kubelet-error.$number"
        if ! is_node "$node"; then
            printf 'not a valid node name\n' >"$work/kubelet-error.$number"
        elif [ -n "$proxy" ]; then
            printf 'url = "http://localhost/api/v1/nodes/%s/proxy/configz"\noutput = "kubelet.%s"\n' "$node" "$number" >>"$work/urls"
        else
            ask_kubelet "$number" "$node" &
        fi
        if [ $((number % size)) -eq 0 ]; then
            answered
            [ $((number % batch)) -ne 0 ] || say "kubelets: $number of $((all))"
        fi
    done 3<"$work/nodes"
    answered
    [ -z "$proxy" ] || stop_proxy
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
