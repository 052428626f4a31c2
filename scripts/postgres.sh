#!/bin/sh
# A private PostgreSQL for the tests: `start DIR` prints the DATABASE_URL of a fresh cluster on a random loopback port,
# `stop DIR` ends it and removes the folder. Nothing of the machine's own PostgreSQL is touched.
# initdb refuses root: there the cluster belongs to the `postgres` user.
set -eu

say() { echo "postgres.sh : $*" >&2; }

usage() {
    say "usage : scripts/postgres.sh start DOSSIER | stop DOSSIER | url DOSSIER"
    exit 2
}

[ $# -eq 2 ] || usage
action=$1
dir=$2
case $dir in
    /*) ;;
    *) dir=$(pwd)/$dir ;;
esac

# The newest server that is installed.
bin=
for candidate in $(ls -d /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql@*/bin 2>/dev/null | sort -V); do
    [ -x "$candidate/initdb" ] && bin=$candidate
done
if [ -z "$bin" ] && command -v initdb >/dev/null 2>&1; then
    bin=$(dirname "$(command -v initdb)")
fi
if [ -z "$bin" ]; then
    say "PostgreSQL est absent : installez le paquet « postgresql » (Debian : apt-get install postgresql)."
    exit 3
fi

# Runs a command as the cluster's owner.
as_owner() {
    if [ "$(id -u)" -eq 0 ]; then
        (cd / && setpriv --reuid=postgres --regid=postgres --init-groups -- "$@")
    else
        "$@"
    fi
}

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

make_cluster() {
    as_owner "$bin/initdb" -D "$data" -U essor --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync "$@" \
        >"$dir/initdb.log" 2>&1
}

start() {
    mkdir -p "$dir"
    if [ -f "$dir/data" ] && as_owner "$bin/pg_ctl" -D "$(cat "$dir/data")" status >/dev/null 2>&1; then
        cat "$dir/url"
        return
    fi
    # Beside the folder rather than in it: the cluster's owner may not be allowed to enter it.
    data=$(mktemp -d "${TMPDIR:-/tmp}/essor-postgres-XXXXXX")
    echo "$data" >"$dir/data"
    if [ "$(id -u)" -eq 0 ]; then chown postgres "$data"; fi
    # Trust is for the loopback of a throwaway cluster of tests. French collation, as on a real server: it orders unlike SQLite,
    # and tests must see it; a PostgreSQL without ICU falls back on C.
    make_cluster --locale-provider=icu --icu-locale=fr || make_cluster || {
        say "initdb a échoué, voir $dir/initdb.log"
        exit 5
    }
    attempt=0
    while :; do
        port=$(free_port)
        if as_owner "$bin/pg_ctl" -D "$data" -l "$data/server.log" -w -t 30 \
            -o "-c listen_addresses=127.0.0.1 -p $port -c unix_socket_directories= -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=60" \
            start >/dev/null 2>&1; then
            break
        fi
        attempt=$((attempt + 1)) # another process may have taken the port in between
        if [ "$attempt" -ge 3 ]; then
            say "le serveur n'a pas démarré, voir $data/server.log"
            exit 6
        fi
    done
    as_owner "$bin/createdb" -h 127.0.0.1 -p "$port" -U essor essor
    echo "postgresql://essor@127.0.0.1:$port/essor" >"$dir/url"
    cat "$dir/url"
}

stop() {
    [ -f "$dir/data" ] || return 0
    data=$(cat "$dir/data")
    as_owner "$bin/pg_ctl" -D "$data" -m immediate stop >/dev/null 2>&1 || true
    # Only what `start` made.
    case $data in
        */essor-postgres-??????) rm -rf "$data" ;;
    esac
    rm -f "$dir/data" "$dir/url" "$dir/initdb.log"
    rmdir "$dir" 2>/dev/null || true
}

case $action in
    start) start ;;
    stop) stop ;;
    url) cat "$dir/url" ;;
    *) usage ;;
esac
