# The measures. Each one notes a line: round, measure, answers a second, milliseconds of CPU for each, MiB resident, refused.
first=$((port + 2))
second=$((port + 4))
round=0
loads=0
ticks=$(getconf CLK_TCK)

note() { echo "$round $1 $2 ${3:--} ${4:--} ${5:-0}" | tee -a "$work/results" >&2; }

# Milliseconds of CPU that a process has used.
cpu() {
  local stat
  stat=$(<"/proc/$1/stat")
  set -- ${stat##*) }
  echo $(((${12} + ${13}) * 1000 / ticks))
}

# note_cost <measure> <a second> <process id> <its CPU before> <how many> [refused]
note_cost() {
  note "$1" "$2" "$(awk -v ms=$(($(cpu "$3") - $4)) -v n="$5" 'BEGIN { printf "%.3f", (n ? ms / n : 0) }')" \
    "$(awk '/^VmRSS/ { printf "%d", $2 / 1024 }' "/proc/$3/status")" "${6:-0}"
}

# load <mode> <port> [seconds]: leaves $rate, $good and $refused.
load() {
  loads=$((loads + 1))
  wrk -t2 "-c$connections" "-d${3:-$seconds}s" --timeout 40s -s "$bench/load.lua" "http://127.0.0.1:$2" -- "$1" "$work" \
    "$round-$loads" >"$work/wrk.log"
  read -r rate good refused < <(sed -n 's/^RESULT //p' "$work/wrk.log") || die "wrk: $(<"$work/wrk.log")"
  [ "$1" = wait ] || [ "${good%.*}" -gt 0 ] || die "no good answer to $1 at port $2, $refused others"
}

# serve <measure> <mode> <process id>: what the first gateway does under load.
serve() {
  local before
  before=$(cpu "$3")
  load "$2" "$first"
  note_cost "$1" "$rate" "$3" "$before" "$good" "$refused"
}

# warm_up <database> <seconds>: opens, then reads, and keeps the ids of sessions to read.
warm_up() {
  load open "$first" $(($2 * 3 / 4))
  fill "$1" 100
  sql "$1" -c "select session_id from session_schedule where status = 'PENDING' order by session_id limit 100" >"$work/ids"
  load read "$first" $(($2 / 4))
}

# transactions <database> [argument of pgbench]…: how many a second.
transactions() {
  "$postgres/pgbench" -n -M prepared -c "$connections" -j 2 "${@:2}" "$(address "$1")" 2>"$work/pgbench.log" |
    sed -n 's/^tps = \([0-9.]*\).*/\1/p'
}

# What HTTP alone and the database alone would do: the same JSON, the same rows.
limits() {
  local id scripts=()
  curl -fs -H "Authorization: Bearer $(<"$work/token")" "http://127.0.0.1:$first/v1/liveness-sessions/$(head -n 1 "$work/ids")" |
    curl -fs -X PUT --data-binary @- "$vendor/plain"
  load plain "$port"
  note http "$rate"
  while read -r id; do
    echo "select * from liveness_session where id = '$id' and caller = 'bench';" >"$work/read-$id.sql"
    scripts+=(-f "$work/read-$id.sql")
  done <"$work/ids"
  note sql-read "$(transactions service "${scripts[@]}" -T "$seconds")"
  note sql-open "$(transactions limits -f "$bench/sql/open.sql" -T "$seconds")"
}

verdict() { curl -fs -X PUT -d "$1" "$vendor/verdict"; }

pending() { sql "$1" -c "select count(*) from session_schedule where status = 'PENDING'"; }

# fill <database> <sessions>: opens until so many are there.
fill() {
  local tries=0
  until [ "$(pending "$1")" -ge "$2" ]; do
    [ $((tries += 1)) -le 300 ] || die "$2 sessions could not be opened: $(last "gateway-$first")"
    load open "$first" 5
  done
}

# due <sessions>: a statement by which a poll of the oldest sessions becomes due.
due() {
  echo "update session_schedule set next_poll_at = liveness_now() where session_id in (select session_id from session_schedule
        where status = 'PENDING' and next_poll_at > liveness_now() and leased_until is null order by session_id limit $1)"
}

none_opening() { [ "$(sql service -c "select count(*) from session_schedule where status = 'OPENING'")" = 0 ]; }

none_due() {
  [ "$(sql service -c "select count(*) from session_schedule where status = 'PENDING'
                       and (next_poll_at <= liveness_now() or leased_until is not null)")" = 0 ]
}

# What one measure leaves is not to burden the next: sessions that are due, and rows of the books that are not compared.
await_settled() { await "settling and comparing" "$1" "gateway-$first" 300 all_done; }

all_done() {
  none_due && [ "$(sql service -c "select not exists (select from ledger_entry where id > entry_to) and not exists (select
                     from session_event where type in ('OPENED', 'SETTLED') and seq > event_to) from books_comparison")" = t ]
}

# The id that an event would have now.
moment() { sql "$1" -c "select bench_uuid7()"; }

# recorded <database> <moment>: sessions polled a second since then, from the first to the last; the first ones are the start. A poll
# without a verdict is in the schedule, one with a verdict is an event.
recorded() {
  sql "$1" -c "select round((count(*) - count(*) filter (where at = first)) / greatest(extract(epoch from max(at) - min(at)), 0.001), 1)
               from (select at, min(at) over () as first
                     from (select at from session_event where type = 'CHECKED' and id > '$2'
                           union all
                           select last_poll_at from session_schedule
                           where last_poll_at > to_timestamp(('x' || translate(left('$2', 13), '-', ''))::bit(48)::bigint / 1000.0)) poll) e"
}

# poll <measure> <process id>: the vendor's verdict says whether the sessions settle.
poll() {
  local before since
  since=$(moment service)
  before=$(cpu "$2")
  sql service -c "$(due "$sessions")"
  await "$1" "$2" "gateway-$first" 600 none_due
  note_cost "$1" "$(recorded service "$since")" "$2" "$before" "$sessions"
}

# by_scheduler <measure> [address of the vendor]: db-scheduler settles the sessions that pgbench has opened.
by_scheduler() {
  local since
  sql limits -c "truncate scheduled_tasks" -c "insert into scheduled_tasks (task_name, task_instance, execution_time, picked, version)
    select 'settle', id, now(), false, 1 from liveness_session where status = 'PENDING' limit $sessions" -c "analyze scheduled_tasks"
  since=$(moment limits)
  start scheduler "$java" "-Xmx${heap}m" -cp "$programs" SettleByDbScheduler \
    "jdbc:postgresql://127.0.0.1:$database_port/limits?user=bench" "${2:-}" "$sessions"
  wait "$pid" || die "db-scheduler failed: $(last scheduler)"
  note "$1" "$(recorded limits "$since")"
}

# What an open, a poll and a settle write, by the log. The first change of a page after a checkpoint writes the page.
writes() {
  local many=500 since before what
  verdict 201
  fill service $many
  await "opening" "$1" "gateway-$first" 120 none_opening
  before=$(pending service)
  since=$(sql service -c checkpoint -c "select pg_current_wal_flush_lsn()")
  load open "$first" 2
  await "opening" "$1" "gateway-$first" 120 none_opening
  written open "$since" $(($(pending service) - before))
  for what in poll settle; do
    [ "$what" = poll ] || verdict 200
    since=$(sql service -c checkpoint -c "$(due $many)" -c "select pg_current_wal_flush_lsn()")
    await "$what" "$1" "gateway-$first" 120 none_due
    written "$what" "$since" $many
  done
}

written() { sql service -v what="$1" -v since="$2" -v n="$3" -f "$bench/sql/writes.sql" >>"$work/writes"; }

# Opens while sessions settle: without waiters, with waiters for other sessions, and with waiters for those. Each twice, the second
# time in the opposite order: what grows and what gets faster meanwhile is then the same for all. Waiters are warmed up before.
waiting() {
  fill service $((7 * settles * (seconds + 2) + waiters))
  verdict 200
  beside_waiters waiters-warm-up "$1" asc
  beside_none opens-settling "$1"
  beside_waiters opens-others-wait "$1" desc
  beside_waiters opens-waiters "$1" asc
  beside_waiters opens-waiters "$1" asc
  beside_waiters opens-others-wait "$1" desc
  beside_none opens-settling "$1"
  await_settled "$1"
  verdict 201
}

# At one gateway, opens beside settles: alone, with waiters for other sessions, with waiters for these sessions, and with as many plain
# reads as sessions settle. The order is another one each time.
waiters_alone() {
  local gateway kinds=(none others these reads) place kind
  sql postgres -c "create database service template template_service strategy file_copy" -c checkpoint
  verdict 201
  start_gateway $main service "$first"
  gateway=$pid
  warm_up service "$warmup"
  fill service $(((4 * repeat + 3) * settles * (seconds + 2) + waiters))
  verdict 200
  beside_readers readers-warm-up "$gateway"
  beside_waiters waiters-warm-up "$gateway" asc
  for round in $(seq "$repeat"); do
    for place in 0 1 2 3; do
      [ $((round % 2)) = 1 ] || place=$((3 - place))
      kind=${kinds[$(((round / 2 + place) % 4))]}
      case $kind in
        none) beside_none opens-settling "$gateway" ;;
        others) beside_waiters opens-others-wait "$gateway" desc ;;
        these) beside_waiters opens-waiters "$gateway" asc ;;
        reads) beside_readers opens-readers "$gateway" ;;
      esac
    done
  done
  heading "$repeat times $seconds s each, $waiters wait, $settles settle a second"
  awk -f "$bench/waiters.awk" "$work/results"
}

# beside_none <measure> <process id>
beside_none() {
  await_settled "$2"
  opens_beside_settles "$@"
}

# beside_readers <measure> <process id>: as many connections as waiters, which read together as often as sessions settle.
beside_readers() {
  await_settled "$2"
  sql service -c "select session_id from session_schedule where status = 'PENDING' order by session_id desc limit $waiters" >"$work/ids"
  POLL_SECONDS=$((waiters / settles)) start readers wrk -t1 -c$waiters -d10m --timeout 40s -s "$bench/load.lua" "http://127.0.0.1:$first" -- poll "$work"
  beside "$1" "$2" "$pid"
}

# beside <measure> <process id> <process id of the readers>: opens beside settles and readers, which then end. Their processor's time is
# that of the load, not of the gateway.
beside() {
  local before used
  before=$(sessions_read)
  used=$(cpu "$3")
  opens_beside_settles "$1" "$2"
  note "$1-answered" "$((($(sessions_read) - before) / seconds))"
  note "$1-load" "$((($(cpu "$3") - used) / seconds))"
  stop "$3"
}

# beside_waiters <measure> <process id> <asc | desc>: what is due settles in order of ids.
beside_waiters() {
  await_settled "$2"
  sql service -c "select session_id from session_schedule where status = 'PENDING' order by session_id $3" >"$work/ids"
  start waiters wrk -t1 -c$waiters -d10m --timeout 40s -s "$bench/load.lua" "http://127.0.0.1:$first" -- wait "$work"
  local waiting=$pid
  await "waiting" "$2" "gateway-$first" 120 all_wait
  beside "$1" "$2" "$waiting"
}

# Answers to reads of a session: of the waiters, while nothing else reads.
sessions_read() {
  curl -fs -m 2 "http://127.0.0.1:$((first + 1))/q/metrics" |
    awk '/^http_server_requests_seconds_count.*method="GET".*uri="\/v1\/liveness-sessions\/{id}"/ { n += $NF } END { printf "%d", n }'
}

all_wait() {
  curl -fs -m 2 "http://127.0.0.1:$((first + 1))/q/metrics" | awk -v all=$waiters '/^liveness_waiters / { n = $2 } END { exit n < all * 0.95 }'
}

opens_beside_settles() {
  local since feeding
  since=$(moment service)
  echo "$(due $((settles / 5))) \\watch i=0.2 c=$((seconds * 5))" | sql service >/dev/null &
  feeding=$!
  serve "$1" open "$2"
  wait "$feeding"
  note "$1-settles" "$(recorded service "$since")"
}

# At one gateway, opens alone, and beside two imports and two files that are repeated all the time. In turns, so that what grows and what gets
# faster meanwhile is the same for both.
beside_finance() {
  local gateway place
  sql postgres -c "create database service template template_service strategy file_copy" -c checkpoint
  tell "making $rows charges, and their bill"
  sql service -v n="$rows" -v days=729 -f "$bench/sql/charges.sql"
  sql service -f "$bench/sql/bill.sql" >"$work/bill.csv"
  make_token 'liveness","finance'
  verdict 201
  gateway $main service "$first" LIVENESS_STATEMENT_ANSWER_WITHIN=50s
  gateway=$pid
  await "the gateway" "$pid" "gateway-$first" 300 curl -fs -m 2 "http://127.0.0.1:$((first + 1))/q/health/ready"
  warm_up service "$warmup"
  opens_beside_finance finance-warm-up "$gateway"
  for round in $(seq "$finance"); do
    for place in 0 1; do
      if [ $(((round + place) % 2)) = 0 ]; then serve opens-alone open "$gateway"; else opens_beside_finance opens-finance "$gateway"; fi
    done
  done
  heading "$finance times $seconds s each, bills and files of $rows lines"
  awk -f "$bench/finance.awk" "$work/results"
}

# opens_beside_finance <measure> <process id>
opens_beside_finance() {
  local what jobs=() auth caller
  for caller in '' -2; do
    auth="-fsS -m 600 -o /dev/null -H 'Authorization: Bearer $(<"$work/token$caller")'"
    for what in "-H 'Content-Type: text/csv' -T '$work/bill.csv' -X POST 'http://127.0.0.1:$first/v1/statements?dryRun=true'" \
      "-H 'Accept: text/csv' 'http://127.0.0.1:$first/v1/charges'"; do
      start finance bash -c "while :; do curl $auth $what || sleep 0.2; done"
      jobs+=("$pid")
    done
  done
  await "finance" "$2" "gateway-$first" 60 lane_holds 4
  serve "$1" open "$2"
  for pid in "${jobs[@]}"; do stop "$pid"; done
  await "the end of finance" "$2" "gateway-$first" 300 lane_holds 0
}

# lane_holds <n>: whether so many connections of the batch lane are in use, or more; of 0, none.
lane_holds() {
  curl -fs -m 2 "http://127.0.0.1:$((first + 1))/q/metrics" |
    awk -v n="$1" '/^liveness_batch_connections /{ used = $2 } END { exit n == 0 ? used > 0 : used < n }'
}

# Two replicas over one database, by one budget and without.
replicas() {
  start_gateway $main service "$second"
  export SECOND_PORT=$second
  load open "$first" $((warmup / 2))
  load open "$first"
  note opens-budget "$rate" - - "$refused"
  sql service -f "$bench/sql/without-budget.sql"
  load open "$first"
  note opens-no-budget "$rate" - - "$refused"
  unset SECOND_PORT
  stop "$pid"
}

# A conventional service of the same two operations, warmed up as the gateway was.
compare_spring() {
  start spring "$java" "-Xmx${heap}m" -cp "$spring" plain.PlainService "--server.port=$first" --server.address=127.0.0.1 "--vendor=$vendor" \
    "--spring.datasource.url=jdbc:postgresql://127.0.0.1:$database_port/other?user=bench" --spring.datasource.hikari.maximum-pool-size=20 \
    "--spring.security.oauth2.resourceserver.jwt.public-key-location=file:$work/key.pub" \
    --spring.security.oauth2.resourceserver.jwt.audiences=liveness-gateway --spring.threads.virtual.enabled=true \
    --spring.jpa.open-in-view=false --spring.main.banner-mode=off
  local service=$pid
  await "Spring" "$service" spring 120 answers_unauthorized
  load open "$first" $((warmup * 3 / 4))
  sql other -c "select session_id from session_schedule where status = 'PENDING' order by session_id limit 100" >"$work/ids"
  load read "$first" $((warmup / 4))
  serve spring-read read "$service"
  serve spring-open open "$service"
  stop "$service"
}

answers_unauthorized() { [ "$(curl -s -m 2 -o /dev/null -w '%{http_code}' "http://127.0.0.1:$first/v1/liveness-sessions/x")" = 401 ]; }

compare_native() {
  start_gateway native other "$first"
  warm_up other $((warmup / 4))
  serve native-read read "$pid"
  serve native-open open "$pid"
  stop "$pid"
}

measure_round() {
  local gateway
  sql postgres -c "create database limits template template_empty" -c "create database other template template_empty" \
    -c "create database service template template_service strategy file_copy" -c checkpoint
  verdict 201
  start_gateway $main service "$first"
  gateway=$pid
  warm_up service "$warmup"
  limits
  serve read read "$gateway"
  serve open open "$gateway"
  fill service "$sessions"
  poll poll "$gateway"
  verdict 200
  poll settle "$gateway"
  [ "$round" -gt 1 ] || writes "$gateway"
  waiting "$gateway"
  replicas
  stop "$gateway"
  transactions limits -f "$bench/sql/open.sql" -t $((2 * sessions / connections + 1)) >/dev/null
  by_scheduler scheduler "$vendor"
  by_scheduler scheduler-writes
  compare_spring
  [ -z "$native" ] || [ $main = native ] || compare_native
  sql postgres -c "drop database service with (force)" -c "drop database limits with (force)" -c "drop database other with (force)"
}

# heading <what is measured>
heading() {
  echo "$(git -C "$root" describe --always --dirty 2>/dev/null || true), $(date -I), $(nproc) × $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)"
  echo "$main, $("$java" -version 2>&1 | sed -n 's/^.*build \([^,)]*\).*/JDK \1/p' | head -n 1), heap $heap MiB, $("$postgres/postgres" -V)," \
    "$connections connections, $1, $history settled before"
}

table() {
  heading "$rounds rounds of $seconds s"
  awk -v beside="opens beside $settles settles a second, $waiters wait" -f "$bench/table.awk" "$work/results"
  echo
  echo "| written for each | inserts | updates | HOT updates | deletes | row locks | index entries | commits | WAL bytes | page images, bytes |"
  echo "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
  sed 's/ / | /g; s/^/| /; s/$/ |/' "$work/writes"
}

seconds_since() { awk -v from="$1" -v to="$(date +%s.%N)" 'BEGIN { printf "%.3f", to - from }'; }

# The largest heap after a collection, the largest before one, and the most resident memory, in MiB.
memory() {
  awk 'match($0, /[0-9]+M->[0-9]+M\(/) {
      split(substr($0, RSTART, RLENGTH), size, /M->|M\(/)
      if (size[1] + 0 > before) before = size[1] + 0
      if (size[2] + 0 > after) after = size[2] + 0
    }
    END { printf "highest heap before a collection %d MiB, after one %d MiB", before, after }' "$work/gc.log"
  awk '/^VmHWM/ { printf "; highest resident memory %d MiB\n", $2 / 1024 }' "/proc/$gateway_pid/status"
}
