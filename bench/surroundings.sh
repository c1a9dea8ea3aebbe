# What the measures need around them: PostgreSQL, the vendor, gateways. All of it ends with the bench, also when the bench is killed.
connections=32
main=jar
[ -n "$jar" ] || main=native
vendor="http://127.0.0.1:$port"
database_port=$((port + 1))
work=""

tell() { echo "$(date +%T) $*" >&2; }

die() {
  echo "bench: $*" >&2
  exit 1
}

# The end of what something logged.
last() { tail -n 5 "$work/$1.log" | cut -c 1-300; }

check_tools() {
  local tool
  for tool in wrk curl openssl setpriv mvn "$java" "$postgres/pgbench"; do
    command -v "$tool" >/dev/null || die "$tool is missing. On Debian: apt-get install wrk curl openssl util-linux maven postgresql-17"
  done
  [ -z "$jar" ] || [ -f "$jar" ] || die "there is no $jar: mvn package, or --jar FILE"
  [ -n "$jar$native" ] || die "there is neither a jar nor an executable"
  ulimit -n 8192
}

# Ends what was started, the database first, and forgets its data.
finish() {
  trap '' INT TERM
  [ -z "${database_pid:-}" ] || kill -QUIT "$database_pid" 2>/dev/null || true
  local running
  running=$(jobs -rp | grep -vx "${database_pid:-none}" || true)
  [ -z "$running" ] || kill -KILL $running 2>/dev/null || true
  wait 2>/dev/null
  [ -z "$work" ] || rm -rf "$work"
}

# start <log> <option of setpriv>… <command>…: its process id is in $pid.
start() {
  local log="$work/$1.log"
  setpriv --pdeathsig KILL "${@:2}" >>"$log" 2>&1 </dev/null &
  pid=$!
}

# await <what> <process id> <log> <seconds> <command>…: until the command succeeds.
await() {
  local end=$((SECONDS + $4))
  until "${@:5}" >/dev/null 2>&1; do
    kill -0 "$2" 2>/dev/null || die "$1 ended: $(last "$3")"
    [ "$SECONDS" -lt "$end" ] || die "$1 took more than $4 s: $(last "$3")"
    sleep 0.2
  done
}

# sql <database> [argument of psql]…
sql() {
  "$postgres/psql" -qXtA -F ' ' -v ON_ERROR_STOP=1 "$(address "$1")" "${@:2}"
}

address() { echo "postgresql://bench@127.0.0.1:$database_port/$1"; }

# PostgreSQL refuses to run as root; its packages make a user. The data is on a disk, so that a flush costs what it does.
start_database() {
  local who=()
  if [ "$(id -u)" -eq 0 ]; then
    who=(--reuid=postgres --regid=postgres --init-groups)
    chown postgres "$work/data"
  fi
  setpriv ${who[@]+"${who[@]}"} "$postgres/initdb" -D "$work/data" -U bench --auth=trust --encoding=UTF8 >"$work/initdb.log" 2>&1 ||
    die "initdb: $(cat "$work/initdb.log")"
  start database ${who[@]+"${who[@]}"} "$postgres/postgres" -D "$work/data" -p "$database_port" -c listen_addresses=127.0.0.1 \
    -c unix_socket_directories=
  database_pid=$pid
  await PostgreSQL "$pid" database 120 "$postgres/pg_isready" -q -h 127.0.0.1 -p "$database_port"
}

base64url() { base64 -w0 | tr '+/' '-_' | tr -d '='; }

# make_token [role]: access tokens of two callers as an issuer signs them (RS256), and the key that verifies them.
make_token() {
  local now text caller
  now=$(date +%s)
  openssl genrsa -out "$work/key" 2048 2>/dev/null
  public_key=$(openssl pkey -in "$work/key" -pubout -outform DER | base64 -w0)
  openssl pkey -in "$work/key" -pubout -out "$work/key.pub"
  for caller in bench bench-2; do
    text=$(printf '{"alg":"RS256","typ":"JWT"}' | base64url).$(printf '%s' '{"iss":"https://bench.liveness.local","sub":"'$caller'","azp":"'$caller'",' \
      '"aud":"liveness-gateway","groups":["'"${1:-liveness}"'"],"iat":'"$now"',"exp":'$((now + 86400))'}' | base64url)
    echo "$text.$(printf %s "$text" | openssl dgst -sha256 -sign "$work/key" -binary | base64url)" >"$work/token${caller#bench}"
  done
}

# No poll is due by itself: the measures say when.
settings() {
  printf '%s\n' JUMDATA_APP_ID=bench JUMDATA_APP_SECRET=bench JUMDATA_CALLS_PER_SECOND=100000 \
    "QUARKUS_REST_CLIENT_JUMDATA_URL=$vendor" LIVENESS_POLL_TIMETABLE=1h "LIVENESS_BILLING_PRICES=2020-01-01=0.80 CNY" \
    "LIVENESS_ENCRYPTION_KEYS=bench:$(printf 'for the bench: these are 32 byte' | base64)" "QUARKUS_OIDC_PUBLIC_KEY=$public_key" \
    QUARKUS_OIDC_TOKEN_ISSUER=https://bench.liveness.local QUARKUS_OIDC_TOKEN_AUDIENCE=liveness-gateway \
    QUARKUS_DATASOURCE_USERNAME=bench QUARKUS_DATASOURCE_PASSWORD=bench
}

# gateway <jar | native> <database> <port> [setting]…: its process id is in $pid.
gateway() {
  local command=("$java" "-Xmx${heap}m" -jar "$jar") setting=()
  [ "$1" = jar ] || command=("$native" "-Xmx${heap}m")
  mapfile -t setting < <(settings)
  start "gateway-$3" env -i "${setting[@]}" "QUARKUS_DATASOURCE_REACTIVE_URL=postgresql://127.0.0.1:$database_port/$2" \
    "QUARKUS_DATASOURCE_JDBC_URL=jdbc:postgresql://127.0.0.1:$database_port/$2" "QUARKUS_HTTP_HOST=127.0.0.1" "QUARKUS_HTTP_PORT=$3" \
    "QUARKUS_MANAGEMENT_PORT=$(($3 + 1))" "${@:4}" "${command[@]}"
}

# start_gateway <jar | native> <database> <port>: starts a gateway and waits until it is ready.
start_gateway() {
  gateway "$1" "$2" "$3"
  await "the gateway" "$pid" "gateway-$3" 300 curl -fs -m 2 "http://127.0.0.1:$(($3 + 1))/q/health/ready"
}

stop() {
  kill -KILL "$1"
  wait "$1" 2>/dev/null || true
}

# compile <directory of a project>: leaves its class path in $compiled.
compile() {
  mvn -B -ntp -q -f "$1/pom.xml" compile org.apache.maven.plugins:maven-dependency-plugin:3.9.0:build-classpath \
    -Dmdep.outputFile="$1/target/classpath" >&2
  compiled="$1/target/classes:$(<"$1/target/classpath")"
}

# What all rounds share: the programs, PostgreSQL with templates of their databases, and the vendor.
prepare() {
  tell "preparing"
  compile "$bench"
  programs=$compiled
  compile "$bench/spring"
  spring=$compiled
  work=$(mktemp -d "${TMPDIR:-/var/tmp}/liveness-bench.XXXXXX")
  chmod 711 "$work"
  mkdir "$work/data"
  start_database
  make_token
  : >"$work/ids"
  start vendor "$java" -Xmx256m -cp "$programs" VendorStub "$port"
  await "the vendor's stub" "$pid" vendor 120 curl -fs -m 2 "$vendor/plain"
  sql postgres -c "create database template_empty"
  gateway $main template_empty $((port + 2)) QUARKUS_INIT_AND_EXIT=true
  wait "$pid" || die "the migration failed: $(last "gateway-$((port + 2))")"
  sql template_empty -f "$bench/sql/prepare.sql"
  sql postgres -c "create database template_service template template_empty"
  if [ "$history" -gt 0 ]; then
    tell "making $history settled sessions"
    "$postgres/pgbench" -n -M prepared -t 1 -f "$bench/sql/open.sql" "$(address template_service)" >"$work/pgbench.log" 2>&1
    sql template_service -v n="$history" -f "$bench/sql/history.sql"
  fi
}
