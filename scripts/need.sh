#!/usr/bin/env bash
# Installs the system tools that a step lacks, where it may (root on Debian); elsewhere says what to install.
set -euo pipefail

# $1: command that proves the tool is there; the rest: Debian packages.
need() {
  local proof=$1
  shift
  if eval "$proof" >/dev/null 2>&1; then return 0; fi
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "→ paquets Debian : $*"
    [ -n "${APT_UPDATED:-}" ] || apt-get update -qq
    APT_UPDATED=1
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
  else
    echo "Il manque : $* (sous Debian : sudo apt-get install $*)." >&2
    return 1
  fi
}

case "$1" in
  python) need 'python3 -c "import ensurepip, venv, sys; assert sys.version_info >= (3, 11)"' python3 python3-venv ;;
  node) need 'node -e "process.exit(process.versions.node.split(\".\")[0] >= 20 ? 0 : 1)" && command -v npm' nodejs npm ;;
  tests)
    # Their absence only skips the tests that need them, unless CI=true.
    need 'ls /usr/lib/postgresql/*/bin/initdb' postgresql || true
    need 'command -v chromium-headless-shell || command -v chromium' chromium-headless-shell || need 'command -v chromium' chromium || true
    need 'command -v pdffonts' poppler-utils || true
    need 'java -version 2>&1 | grep -qE "version \"(1[7-9]|[2-9][0-9])"' default-jre-headless || true
    ;;
  *)
    echo "usage : need.sh python|node|tests" >&2
    exit 2
    ;;
esac
