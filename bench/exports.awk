# The table of bench/export; goes by ratios.awk.

END {
  print "| of " rows " charges | rows a second | ÷ COPY | CPU of the gateway, s | file, MiB |"
  print "| --- | ---: | --- | ---: | ---: |"
  line("COPY", "copy")
  line("CSV", "csv")
  line("XLSX", "xlsx")
  print ""
  print "| summary of the first month | seconds | COPY of all, seconds |"
  print "| --- | ---: | ---: |"
  split("day caller status", groupings, " ")
  for (g = 1; g <= 3; g++) printf "| by %s | %.2f | %.2f |\n", groupings[g], middle_of("by-" groupings[g]), middle_of("copy")
}
