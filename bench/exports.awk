# The table of bench/export; goes by ratios.awk.

END {
  print "| of " rows " charges | rows a second | ÷ COPY | CPU of the gateway, s | file, MiB |"
  print "| --- | ---: | --- | ---: | ---: |"
  line("COPY", "copy")
  line("CSV", "csv")
  line("XLSX", "xlsx")
}
