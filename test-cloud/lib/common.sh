# shellcheck shell=bash
# Shared by up, seed and down: paths, ports, process bookkeeping.
# Only 127.0.0.1 is accessed.

umask 022
export PATH=/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL=C.UTF-8
# A caller's python settings (pyenv, virtualenv, proxies) must not leak into Debian's python programs.
unset PYTHONHOME PYTHONPATH PYTHONDONTWRITEBYTECODE VIRTUAL_ENV PYENV_VERSION
unset http_proxy https_proxy HTTP_PROXY HTTPS_PROXY all_proxy ALL_PROXY
export no_proxy=127.0.0.1,localhost NO_PROXY=127.0.0.1,localhost
# Neither must OS_* variables (openrc files).
for _v in $(compgen -e | grep '^OS_' || true); do unset "$_v"; done

OFFSET=${SCS_OS_PORT_OFFSET:-10000}
port() { # port NAME -> number
  case $1 in
    keystone)  echo $((5000 + OFFSET)) ;;
    glance)    echo $((9292 + OFFSET)) ;;
    nova)      echo $((8774 + OFFSET)) ;;
    placement) echo $((8778 + OFFSET)) ;;
    neutron)   echo $((9696 + OFFSET)) ;;
    cinder)    echo $((8776 + OFFSET)) ;;
    barbican)  echo $((9311 + OFFSET)) ;;
    octavia)   echo $((9876 + OFFSET)) ;;
    swift)     echo $((8080 + OFFSET)) ;;
    swift-account)   echo $((6202 + OFFSET)) ;;
    swift-container) echo $((6201 + OFFSET)) ;;
    swift-object)    echo $((6200 + OFFSET)) ;;
    mariadb)   echo $((3306 + OFFSET)) ;;
    rabbitmq)  echo $((5671 + OFFSET)) ;;
    rabbitdist) echo $((5673 + OFFSET)) ;;
    epmd)      echo $((4369 + OFFSET)) ;;
    memcached) echo $((11211 + OFFSET)) ;;
    *) echo "no port for $1" >&2; return 1 ;;
  esac
}

set_state() { # absolute path, no blanks, short enough for unix sockets
  S=${1:-/tmp/scs-test-cloud}
  case $S in /*) ;; *) S=$PWD/$S ;; esac
  S=${S%/}
  if [[ $S =~ [[:space:]] || ${#S} -gt 70 || $S == / || $S == /tmp || $S == /root || $S == /home ]]; then
    echo "bad state directory '$S' (no blanks, at most 70 characters, a directory of its own)" >&2
    exit 2
  fi
}

tcp_open() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

now() { date +%s.%N; }
since() { # seconds since $1, one decimal
  awk -v a="$1" -v b="$(now)" 'BEGIN { printf "%.1f", b - a }'
}

# start time of a pid in clock ticks: distinguishes a recycled pid from the recorded one
pid_ticks() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | awk '{print $20}'; }

alive() { # alive NAME: the recorded process still runs
  local f=$S/run/$1.pid pid ticks
  [[ -s $f ]] || return 1
  read -r pid ticks <"$f" || return 1
  [[ -n $pid && -n $ticks && $(pid_ticks "$pid") == "$ticks" ]]
}

spawn() { # spawn NAME command...: own session, own log, own pid file
  local name=$1 p; shift
  alive "$name" && return 0
  p=$(port "$name" 2>/dev/null || true)
  if [[ -n $p ]] && tcp_open "$p"; then
    echo "port 127.0.0.1:$p, needed for $name, is in use by another process (see SCS_OS_PORT_OFFSET)" >&2
    return 1
  fi
  rm -f "$S/run/$name.pid"
  local log=$S/log/$name.log
  echo "--- $(date -u +%FT%TZ) start: $*" >>"$log"
  # the shell that setsid runs writes its own pid, then becomes the service
  setsid --fork bash -c 'f=$1; shift; t=$(sed "s/.*) //" /proc/$$/stat | awk "{print \$20}"); echo "$$ $t" >"$f.new" && mv "$f.new" "$f"; exec "$@"' \
    spawn "$S/run/$name.pid" "$@" </dev/null >>"$log" 2>&1 9>&-
  for _ in {1..50}; do [[ -s $S/run/$name.pid ]] && alive "$name" && return 0; sleep 0.05; done
  alive "$name"
}
