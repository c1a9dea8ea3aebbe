# Opens a second beside settles of each time, and the mean ratios with their standard errors.

$1 > 0 { rate[$2, $1] = $3; times = $1 }

function ratio(measure, against,    n, r, sum, squares, mean) {
  for (n = 1; n <= times; n++) {
    r = rate[against, n] > 0 ? rate[measure, n] / rate[against, n] : 0
    sum += r
    squares += r * r
  }
  mean = sum / times
  printf "%.3f", mean
  if (times > 1) printf ", standard error %.3f", sqrt((squares / times - mean * mean) / (times - 1))
  print ""
}

END {
  print "| time | opens alone | with waiters for others | with waiters for these | with plain reads | answered waiters a second | plain reads a second | CPU of the waiting load, ms a second | of the reading load |"
  print "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
  for (n = 1; n <= times; n++)
    printf "| %d | %.0f | %.0f | %.0f | %.0f | %d | %d | %d | %d |\n", n, rate["opens-settling", n], rate["opens-others-wait", n], rate["opens-waiters", n],
      rate["opens-readers", n], rate["opens-waiters-answered", n], rate["opens-readers-answered", n], rate["opens-waiters-load", n], rate["opens-readers-load", n]
  printf "\nwith waiters for others ÷ alone: "
  ratio("opens-others-wait", "opens-settling")
  printf "with waiters for these ÷ alone: "
  ratio("opens-waiters", "opens-settling")
  printf "with plain reads ÷ alone: "
  ratio("opens-readers", "opens-settling")
  printf "with waiters for these ÷ with plain reads: "
  ratio("opens-waiters", "opens-readers")
}
