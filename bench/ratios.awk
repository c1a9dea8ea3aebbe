# Lines of a table of all rounds but the first, which warms up (0): medians, and the lowest and highest ratio to COPY of the same round.

$1 > 0 {
  seconds[$2, $1] = $3
  cpu[$2, $1] = $4
  mib[$2] = $5
  rounds = $1
}

# Of list[1..rounds]; leaves it sorted.
function median(list,    i, j, value) {
  for (i = 2; i <= rounds; i++) {
    value = list[i]
    for (j = i - 1; j >= 1 && list[j] + 0 > value + 0; j--) list[j + 1] = list[j]
    list[j + 1] = value
  }
  return rounds % 2 ? list[(rounds + 1) / 2] : (list[rounds / 2] + list[rounds / 2 + 1]) / 2
}

function line(label, measure,    r, rate, ratio, used, middle) {
  for (r = 1; r <= rounds; r++) {
    rate[r] = rows / seconds[measure, r]
    ratio[r] = seconds["copy", r] / seconds[measure, r]
    used[r] = cpu[measure, r] / 1000
  }
  middle = median(ratio)
  if (measure == "copy") printf "| %s | %d | | | |\n", label, median(rate)
  else printf "| %s | %d | %.2f (%.2f–%.2f) | %.1f | %s |\n", label, median(rate), middle, ratio[1], ratio[rounds], median(used), mib[measure] == "-" ? "" : mib[measure]
}

function middle_of(measure,    r, took) {
  for (r = 1; r <= rounds; r++) took[r] = seconds[measure, r]
  return median(took)
}
