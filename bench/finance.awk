# Opens a second alone and beside imports and exports, and the mean ratio with its standard error.

$1 > 0 { rate[$2, $1] = $3; times = $1 }

END {
  print "| time | opens alone | beside two imports and two exports |"
  print "| ---: | ---: | ---: |"
  for (n = 1; n <= times; n++) {
    printf "| %d | %.0f | %.0f |\n", n, rate["opens-alone", n], rate["opens-finance", n]
    r = rate["opens-alone", n] > 0 ? rate["opens-finance", n] / rate["opens-alone", n] : 0
    sum += r
    squares += r * r
  }
  mean = sum / times
  printf "\nbeside two imports and two exports ÷ alone: %.3f", mean
  if (times > 1) printf ", standard error %.3f", sqrt((squares / times - mean * mean) / (times - 1))
  print ""
}
