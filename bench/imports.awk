# The table of bench/import; goes by ratios.awk.

END {
  print "| of " rows " lines | lines a second | ÷ COPY | CPU of the gateway, s | file, MiB |"
  print "| --- | ---: | --- | ---: | ---: |"
  line("COPY of the lines", "copy")
  line("CSV, received and read", "csv-read")
  line("CSV, matched", "csv-match")
  line("XLSX, received and read", "xlsx-read")
  line("XLSX, matched", "xlsx-match")
}
