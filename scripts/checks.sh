#!/usr/bin/env bash
# Every check of the project, in the order in which they fail fastest. `checks.sh lint` stops before the tests.
set -euo pipefail
cd "$(dirname "$0")/.."
start=$SECONDS
run=(.boot/bin/uv run --frozen --no-sync)
scratch=$(mktemp -d)
trap 'scripts/postgres.sh stop "$scratch/pg" >/dev/null 2>&1 || true; rm -rf "$scratch"' EXIT

step() {
  local name=$1 begin=$SECONDS
  shift
  printf '→ %s\n' "$name"
  "$@" || { printf '✗ %s a échoué.\n' "$name" >&2; exit 1; }
  printf '  %s : %d s\n' "$name" $((SECONDS - begin))
}
types() {
  "${run[@]}" mypy src/essor/law src/essor/formats $(find src/essor -name 'rules*.py' -not -path '*/law/*')
}
migrations() {
  ESSOR_DATA_DIR="$scratch/data" "${run[@]}" python -m django makemigrations --check --dry-run --settings essor.config.settings
}

step "ruff (règles)" "${run[@]}" ruff check --quiet .
step "ruff (format)" "${run[@]}" ruff format --check --quiet .
step "mypy" types
step "import-linter" "${run[@]}" lint-imports
step "migrations" migrations
step "djlint (règles)" "${run[@]}" djlint src/essor --lint --quiet
step "djlint (mise en forme)" "${run[@]}" djlint src/essor --check --quiet
if [ "${1:-}" = lint ]; then exit 0; fi

# Two lanes, one a core: all that the databases and the browser need on SQLite; the rules and formats, which need
# neither, then what both databases must do, on PostgreSQL.
printf '→ tests (SQLite et navigateur ; règles, formats, PostgreSQL)\n'
pure=(tests/law tests/formats tests/registry/pipeline)
postgres_url=$(scripts/postgres.sh start "$scratch/pg" 2>"$scratch/pg.err") || postgres_url=""
"${run[@]}" pytest -q -p no:cacheprovider -n 2 --dist worksteal -m "not alone" "${pure[@]/#/--ignore=}" \
  >"$scratch/sqlite.txt" 2>&1 &
sqlite_pid=$!
status=0
"${run[@]}" pytest -q -p no:cacheprovider "${pure[@]}" >"$scratch/pure.txt" 2>&1 || status=1
if [ -n "$postgres_url" ]; then
  DATABASE_URL="$postgres_url" "${run[@]}" pytest -q -p no:cacheprovider -n 2 --dist worksteal \
    -m "(not e2e or smoke) and not alone and not without_database" "${pure[@]/#/--ignore=}" >"$scratch/postgres.txt" 2>&1 || status=1
fi
wait "$sqlite_pid" || status=1
# What measures a wait has the machine for itself.
"${run[@]}" pytest -q -p no:cacheprovider -m alone tests/registry >>"$scratch/sqlite.txt" 2>&1 || status=1
if [ -n "$postgres_url" ]; then
  DATABASE_URL="$postgres_url" "${run[@]}" pytest -q -p no:cacheprovider -m alone tests/registry \
    >>"$scratch/postgres.txt" 2>&1 || status=1
fi
echo "── Règles et formats"
cat "$scratch/pure.txt"
echo "── SQLite"
cat "$scratch/sqlite.txt"
echo "── PostgreSQL"
if [ -n "$postgres_url" ]; then
  cat "$scratch/postgres.txt"
else
  cat "$scratch/pg.err"
  echo "PostgreSQL absent : ses tests ne sont pas passés."
  if [ "${CI:-}" = true ]; then status=1; fi
fi
if [ "$status" = 0 ]; then
  printf '✓ tout est vert, en %d s.\n' $((SECONDS - start))
else
  printf '✗ des tests ont échoué, en %d s.\n' $((SECONDS - start))
fi
exit "$status"
