# Runs a separate PostgreSQL until standard input ends, which happens whenever the process that holds it ends.
# Arguments: directory of the programs, port, port of the primary whose standby it is or 0, settings of the server.
set -eu
programs=$1
port=$2
primary=$3
shift 3
cd /
place=$(mktemp -d "${TMPDIR:-/tmp}/liveness-postgres.XXXXXX")
trap 'rm -rf "$place"' EXIT
if [ "$primary" = 0 ]; then
    "$programs/initdb" -D "$place/data" -U postgres -A trust -E UTF8 --locale=C --no-sync > /dev/null
else
    "$programs/pg_basebackup" -D "$place/data" -h localhost -p "$primary" -U postgres -R -c fast --no-sync
fi
"$programs/postgres" -D "$place/data" -p "$port" -k "$place" -c listen_addresses=localhost "$@" &
server=$!
trap '' INT TERM HUP
cat > /dev/null
# Connections are not waited for.
kill -INT "$server" || true
wait "$server" || true
