# The table of all rounds: medians, and the lowest and highest ratio. A ratio is of two figures of the same round. What a round
# measures twice counts by its mean.

{
  times = ++measured[$2, $1]
  rate[$2, $1] += ($3 - rate[$2, $1]) / times
  if ($4 == "-") cpu[$2, $1] = $4
  else cpu[$2, $1] += ($4 - cpu[$2, $1]) / times
  memory[$2, $1] = $5
  refused[$2] += $6
  rounds = $1
}

function composed(a, b) { return a > 0 && b > 0 ? 1 / (1 / a + 1 / b) : 0 }

function known(measure) { return (measure, 1) in rate }

# Of list[1..rounds]; leaves it sorted.
function median(list,    i, j, value) {
  for (i = 2; i <= rounds; i++) {
    value = list[i]
    for (j = i - 1; j >= 1 && list[j] + 0 > value + 0; j--) list[j + 1] = list[j]
    list[j + 1] = value
  }
  return rounds % 2 ? list[(rounds + 1) / 2] : (list[rounds / 2] + list[rounds / 2 + 1]) / 2
}

function of(values, measure,    r, list) {
  for (r = 1; r <= rounds; r++) list[r] = values[measure, r]
  return list[1] == "-" ? "" : median(list)
}

# A measure, and the one or two (composed) that it is divided by.
function line(label, measure, limit, second,    r, against, ratio, middle, spread) {
  if (!known(measure)) return
  for (r = 1; limit != "" && r <= rounds; r++) {
    against[r] = second == "" ? rate[limit, r] : composed(rate[limit, r], rate[second, r])
    ratio[r] = against[r] > 0 ? rate[measure, r] / against[r] : 0
  }
  if (limit != "" && known(limit)) {
    middle = sprintf("%.2f", median(ratio))
    spread = sprintf("%.2f–%.2f", ratio[1], ratio[rounds])
  }
  printf "| %s | %.0f | %s | %s | %s | %s | %s | %s |\n", label, of(rate, measure), middle == "" ? "" : sprintf("%.0f", median(against)),
    middle, spread, of(cpu, measure), of(memory, measure), refused[measure] ? refused[measure] : ""
}

END {
  print "\n| measure | a second | against | ratio | lowest–highest | CPU ms each | MiB resident | refused |"
  print "| --- | ---: | ---: | ---: | --- | ---: | ---: | ---: |"
  line("plain HTTP", "http")
  line("SQL of a read", "sql-read")
  line("SQL of an open", "sql-open")
  line("read ÷ limit", "read", "http", "sql-read")
  line("open ÷ limit", "open", "http", "sql-open")
  line("poll (lease, vendor, reschedule)", "poll")
  line("settle ÷ db-scheduler, vendor asked by both", "settle", "scheduler")
  line("settle ÷ db-scheduler with the writes alone", "settle", "scheduler-writes")
  line("opens of two replicas, one budget ÷ none", "opens-budget", "opens-no-budget")
  line(beside " for other sessions ÷ none", "opens-others-wait", "opens-settling")
  line(beside " for those sessions ÷ none", "opens-waiters", "opens-settling")
  line("the settles beside the last", "opens-waiters-settles", "opens-settling-settles")
  line("the answers to those that wait for them", "opens-waiters-answered")
  line("read ÷ Spring Boot", "read", "spring-read")
  line("open ÷ Spring Boot", "open", "spring-open")
  line("reads of Spring Boot", "spring-read")
  line("opens of Spring Boot", "spring-open")
  line("native ÷ JVM, reads", "native-read", "read")
  line("native ÷ JVM, opens", "native-open", "open")
}
