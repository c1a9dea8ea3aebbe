# Runs two PostgreSQL of one Patroni cluster and its etcd until standard input ends, which happens whenever the process that holds it
# ends. A Patroni that was killed is started again a little later, as a machine that comes back.
# Arguments: directory of PostgreSQL's programs, ports of etcd for clients and peers, then of each node those of PostgreSQL and of Patroni.
set -eu
programs=$1
etcd=$2
peers=$3
shift 3
cd /
place=$(mktemp -d "${TMPDIR:-/tmp}/liveness-patroni.XXXXXX")
trap 'rm -rf "$place"' EXIT

etcd --data-dir "$place/etcd" --unsafe-no-fsync --log-level error \
    --listen-client-urls "http://127.0.0.1:$etcd" --advertise-client-urls "http://127.0.0.1:$etcd" \
    --listen-peer-urls "http://127.0.0.1:$peers" --initial-advertise-peer-urls "http://127.0.0.1:$peers" \
    --initial-cluster "default=http://127.0.0.1:$peers" &
etcd_process=$!

node() {
    mkdir "$place/node-$1"
    cat > "$place/node-$1.yml" <<CONFIGURATION
scope: liveness
name: node-$1
restapi:
  listen: 127.0.0.1:$2
  connect_address: 127.0.0.1:$2
etcd3:
  host: 127.0.0.1:$etcd
bootstrap:
  dcs:
    # The shortest that Patroni allows, and a primary that died is not waited for.
    ttl: 20
    loop_wait: 1
    retry_timeout: 3
    primary_start_timeout: 0
    # What was committed is at the standby, which takes over.
    synchronous_mode: true
    postgresql:
      use_pg_rewind: true
      parameters:
        max_connections: 200
  initdb: [{encoding: UTF8}, {locale: C}, {auth: trust}, no-sync]
postgresql:
  listen: 127.0.0.1:$1
  connect_address: 127.0.0.1:$1
  data_dir: $place/node-$1/data
  bin_dir: $programs
  pgpass: $place/node-$1.pgpass
  remove_data_directory_on_rewind_failure: true
  remove_data_directory_on_diverged_timelines: true
  authentication:
    superuser: {username: postgres, password: postgres}
    replication: {username: replicator, password: replicator}
  pg_hba:
    - local all all trust
    - host all all 127.0.0.1/32 trust
    - host replication all 127.0.0.1/32 trust
  parameters:
    unix_socket_directories: $place
CONFIGURATION
    while [ ! -e "$place/over" ]; do
        patroni "$place/node-$1.yml" &
        echo $! > "$place/node-$1.pid"
        wait $! || true
        sleep 3
    done
}
while [ $# -gt 0 ]; do
    node "$1" "$2" &
    shift 2
done
trap '' INT TERM HUP
cat > /dev/null
touch "$place/over"
for patroni in "$place"/*.pid; do
    kill -KILL "$(cat "$patroni")" || true
done
for data in "$place"/*/data; do
    "$programs/pg_ctl" -D "$data" -m immediate stop || true
done
kill "$etcd_process" || true
wait || true
