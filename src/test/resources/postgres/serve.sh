# Runs a PostgreSQL of its own until standard input ends, which it does however the process that holds it ends.
# Arguments: directory of the programs, port, settings of the server.
set -eu
programs=$1
port=$2
shift 2
cd /
place=$(mktemp -d "${TMPDIR:-/tmp}/liveness-postgres.XXXXXX")
trap 'rm -rf "$place"' EXIT
"$programs/initdb" -D "$place/data" -U postgres -A trust -E UTF8 --locale=C --no-sync > /dev/null
"$programs/postgres" -D "$place/data" -p "$port" -k "$place" -c listen_addresses=localhost "$@" &
server=$!
trap '' INT TERM HUP
cat > /dev/null
# Connections are not waited for.
kill -INT "$server" || true
wait "$server" || true
