# The table of bench/export; goes by ratios.awk.

END {
  print "| of " rows " charges | rows a second | ÷ COPY | CPU of the gateway, s | file, MiB |"
  print "| --- | ---: | --- | ---: | ---: |"
  line("COPY", "copy")
  line("CSV", "csv")
  line("XLSX", "xlsx")
  print ""
  print "| first month | seconds | COPY of all, seconds |"
  print "| --- | ---: | ---: |"
  of_month("charges", "by-", "day caller status")
  of_month("checks", "checks-by-", "day week month caller costCentre actionStyle")
}

function of_month(what, measure, keys,    g, groupings, n) {
  n = split(keys, groupings, " ")
  for (g = 1; g <= n; g++) printf "| %s by %s | %.2f | %.2f |\n", what, groupings[g], middle_of(measure groupings[g]), middle_of("copy")
}
