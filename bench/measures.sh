# The measures. Each one notes a line: round, measure, answers a second, milliseconds of CPU for each, MiB resident, refused.
main=jar
[ -n "$jar" ] || main=native
first=$((port + 2))
second=$((port + 4))
ticks=$(getconf CLK_TCK)
waiters=2000
settling=500

note() { echo "$round $1 $2 ${3:--} ${4:--} ${5:-0}" | tee -a "$work/results" >&2; }

divide() { awk -v a="$1" -v b="$2" -v digits="$3" 'BEGIN { printf "%.*f", digits, (b > 0 ? a / b : 0) }'; }

# Milliseconds of CPU that a process has used, and MiB of its memory that are resident.
cpu() {
  local stat
  stat=$(<"/proc/$1/stat")
  set -- ${stat##*) }
  echo $(((${12} + ${13}) * 1000 / ticks))
}

resident() { awk '/^VmRSS/ { printf "%d", $2 / 1024 }' "/proc/$1/status"; }

# load <mode> <address> [connections] [seconds] [threads]: answers a second, answers, refused.
load() {
  local mode=$1 address=$2 many=${3:-$connections} long=${4:-$seconds} threads=${5:-2}
  wrk "-t$threads" "-c$many" "-d${long}s" --timeout 40s -s "$bench/load.lua" "$address" -- "$mode" "$work" "$(date +%N)$RANDOM" |
    sed -n 's/^RESULT //p'
}

# serve <measure> <mode> <process id>: what the first gateway does under load.
serve() {
  local before rate good refused
  before=$(cpu "$3")
  read -r rate good refused < <(load "$2" "http://127.0.0.1:$first")
  note "$1" "$rate" "$(divide $(($(cpu "$3") - before)) "$good" 3)" "$(resident "$3")" "$refused"
}

# Opens and reads until the gateway is warm, and keeps the ids of sessions to read.
warm_up() {
  load open "http://127.0.0.1:$first" "$connections" $((warmup / 2 + 1)) >/dev/null
  sql "$1" -c "select session_id from session_schedule where status = 'PENDING' order by session_id limit 100" >"$work/ids"
  [ -s "$work/ids" ] || die "no session could be opened: $(tail -n 5 "$work/gateway-$first.log")"
  load read "http://127.0.0.1:$first" "$connections" $((warmup / 2 + 1)) >/dev/null
}

# pgbench <database> [argument]…: transactions a second.
transactions() {
  "$postgres/pgbench" -n -M prepared -c "$connections" -j 2 "${@:2}" "$(address "$1")" 2>"$work/pgbench.log" |
    sed -n 's/^tps = \([0-9.]*\).*/\1/p'
}

# What HTTP alone and the database alone would do: the same JSON, the same rows.
limits() {
  local rate good id scripts=()
  curl -fs -H "Authorization: Bearer $(<"$work/token")" "http://127.0.0.1:$first/v1/liveness-sessions/$(head -n 1 "$work/ids")" >"$work/session"
  curl -fs -X PUT --data-binary "@$work/session" "$vendor/plain"
  read -r rate good < <(load plain "$vendor")
  note http "$rate"
  while read -r id; do
    echo "select * from liveness_session where id = '$id' and caller = 'bench';" >"$work/read-$id.sql"
    scripts+=(-f "$work/read-$id.sql")
  done <"$work/ids"
  note sql-read "$(transactions "$1" "${scripts[@]}" -T "$seconds")"
  note sql-open "$(transactions "$2" -f "$bench/sql/open.sql" -T "$seconds")"
}

verdict() { curl -fs -X PUT -d "$1" "$vendor/verdict"; }

pending() { sql "$1" -c "select count(*) from session_schedule where status = 'PENDING'"; }

# fill <database> <sessions>: opens until so many are there.
fill() {
  local tries=0
  until [ "$(pending "$1")" -ge "$2" ]; do
    [ $((tries += 1)) -le 100 ] || die "$2 sessions could not be opened: $(tail -n 5 "$work/gateway-$first.log")"
    load open "http://127.0.0.1:$first" "$connections" 5 >/dev/null
  done
}

# A look at the oldest sessions becomes due.
due() {
  echo "update session_schedule set next_look_at = liveness_now() where session_id in (select session_id from session_schedule
        where status = 'PENDING' and next_look_at > liveness_now() and leased_until is null order by session_id limit $1)"
}

none_due() {
  [ "$(sql "$1" -c "select count(*) from session_schedule where status = 'PENDING'
                    and (next_look_at <= liveness_now() or leased_until is not null)")" = 0 ]
}

# Sessions a second, from the first to the last one recorded since a moment; those of the first moment are the start.
recorded() {
  sql "$1" -c "select round((count(*) - count(*) filter (where at = first)) / greatest(extract(epoch from max(at) - min(at)), 0.001), 1)
               from (select at, min(at) over () as first from session_event where type = '$2' and at >= '$3') e"
}

# look <measure> <database> <process id> <sessions>: the vendor's verdict says whether they settle.
look() {
  local before since
  since=$(sql "$2" -c "select replace(clock_timestamp()::text, ' ', 'T')")
  before=$(cpu "$3")
  sql "$2" -c "$(due "$4")"
  await "$1" "$3" "gateway-$first" 600 none_due "$2"
  note "$1" "$(recorded "$2" CHECKED "$since")" "$(divide $(($(cpu "$3") - before)) "$4" 3)" "$(resident "$3")"
}

# settle_by_scheduler <measure> <database> <address of the vendor>
settle_by_scheduler() {
  local since
  sql "$2" -c "truncate scheduled_tasks" -c "insert into scheduled_tasks (task_name, task_instance, execution_time, picked, version)
    select 'settle', id, now(), false, 1 from liveness_session where status = 'PENDING' limit $sessions" -c "analyze scheduled_tasks"
  since=$(sql "$2" -c "select replace(clock_timestamp()::text, ' ', 'T')")
  start scheduler "$java" "-Xmx${heap}m" -cp "$programs" SettleByDbScheduler "jdbc:$(address "$2" | sed 's/bench@//')?user=bench" "$3" "$sessions"
  wait "$pid" || die "db-scheduler failed: $(tail -n 20 "$work/scheduler.log")"
  note "$1" "$(recorded "$2" CHECKED "$since")"
}

by_scheduler() {
  transactions "$1" -f "$bench/sql/open.sql" -t $((2 * sessions / connections + 1)) >/dev/null
  settle_by_scheduler scheduler "$1" "$vendor"
  settle_by_scheduler scheduler-writes "$1" ""
}

# What an open, a look and a settle write, by the log.
writes() {
  local many=500 before since
  verdict 201
  since=$(sql "$1" -c checkpoint -c "select pg_current_wal_flush_lsn()")
  before=$(pending "$1")
  load open "http://127.0.0.1:$first" "$connections" 2 >/dev/null
  written open "$1" "$since" $(($(pending "$1") - before))
  for what in look settle; do
    [ "$what" = look ] || verdict 200
    since=$(sql "$1" -c checkpoint -c "select pg_current_wal_flush_lsn()")
    sql "$1" -c "$(due $many)"
    since=$(sql "$1" -c "select pg_current_wal_flush_lsn()")
    await "$what" "$2" "gateway-$first" 60 none_due "$1"
    written "$what" "$1" "$since" $many
  done
  verdict 201
}

written() { sql "$2" -v what="$1" -v since="$3" -v n="$4" -f "$bench/sql/writes.sql" >>"$work/writes"; }

# Opens while sessions settle, without and with waiters for those sessions.
waiting() {
  local database=$1 process=$2
  fill "$database" $((2 * settling * (seconds + 2) + waiters))
  verdict 200
  feed "$database"
  serve opens-settling open "$process"
  wait "$feeding"
  sql "$database" -c "select session_id from session_schedule where status = 'PENDING' order by session_id" >"$work/ids"
  load wait "http://127.0.0.1:$first" $waiters $((seconds + 30)) 1 >"$work/waited" 2>&1 &
  local waits=$!
  await "to wait" "$process" "gateway-$first" 30 all_wait
  feed "$database"
  serve opens-waiters open "$process"
  wait "$feeding"
  kill "$waits" 2>/dev/null || true
  wait "$waits" || true
  verdict 201
  await "settling" "$process" "gateway-$first" 300 none_due "$database"
}

all_wait() {
  curl -fs -m 2 "http://127.0.0.1:$((first + 1))/q/metrics" | awk -v many=$waiters '/^liveness_waiters / { n = $2 } END { exit n < many * 0.95 }'
}

# Makes so many sessions due each second, for as long as the load takes.
feed() {
  echo "$(due $((settling / 5))) \\watch i=0.2 c=$((seconds * 5))" | sql "$1" >/dev/null &
  feeding=$!
}

# Two replicas over one database, by one budget and without.
replicas() {
  start_gateway $main "$1" "$second"
  local other=$pid
  both warm-up $((warmup / 2 + 1)) >/dev/null
  note opens-budget "$(both opens "$seconds")"
  sql "$1" -f "$bench/sql/without-budget.sql"
  note opens-no-budget "$(both opens "$seconds")"
  stop "$other"
}

both() {
  load open "http://127.0.0.1:$first" $((connections / 2)) "$2" 1 >"$work/first" &
  local one=$!
  load open "http://127.0.0.1:$second" $((connections / 2)) "$2" 1 >"$work/second"
  wait "$one"
  awk '{ sum += $1 } END { print sum }' "$work/first" "$work/second"
}

compare_native() {
  start_gateway native "$1" "$first"
  local process=$pid
  warm_up "$1"
  serve native-read read "$process"
  serve native-open open "$process"
  stop "$process"
}

new_databases() {
  local name
  for name in "$@"; do sql postgres -c "create database $name template template_schema"; done
}

measure_round() {
  new_databases service limits other
  verdict 201
  start_gateway $main service "$first"
  local process=$pid
  warm_up service
  limits service limits
  serve read read "$process"
  serve open open "$process"
  fill service "$sessions"
  look look service "$process" "$sessions"
  verdict 200
  look settle service "$process" "$sessions"
  [ "$round" -gt 1 ] || writes service "$process"
  waiting service "$process"
  replicas service
  stop "$process"
  by_scheduler limits
  [ -z "$native" ] || [ $main = native ] || compare_native other
  local name
  for name in service limits other; do sql postgres -c "drop database $name with (force)"; done
}

table() {
  echo "$(git -C "$root" describe --always --dirty 2>/dev/null || true), $(date -I), $(nproc) × $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)"
  echo "$("$java" -version 2>&1 | sed -n 's/^.*build \([^,)]*\).*/JDK \1/p' | head -n 1), heap $heap MiB, $("$postgres/postgres" -V)," \
    "$connections connections, $rounds rounds of $seconds s, $history settled before"
  awk -f "$bench/table.awk" "$work/results"
  echo
  echo "| written for each | inserts | updates | HOT updates | deletes | row locks | index entries | commits | WAL bytes | page images, bytes |"
  echo "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
  sed 's/ / | /g; s/^/| /; s/$/ |/' "$work/writes"
}
