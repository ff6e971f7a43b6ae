# sh clump.sh ROOT ASSOC CHROMOSOME
#
# Prints the clumps of a chromosome: from the most significant variant on, each that is below 1e-4 takes the variants
# around it (250,000 bases) that it is correlated with (r² of at least 0.5), unless another one has taken them before.
# CHR, SNP, BP and P are of that variant, TOTAL is how many it took, SP2 names those of them that are below 0.01.
set -e
root=$1 assoc=$2 chromosome=$3
people=$(wc -l < "$root.fam")

od -A n -v -t u1 "$root.bed" | awk -v chromosome="$chromosome" -v people="$people" -v assoc="$assoc" -v bim="$root.bim" '
  BEGIN {
    while ((getline < assoc) > 0) p[$2] = $9
    while ((getline < bim) > 0) { row++; if ($1 == chromosome) { number[row] = ++variants; id[variants] = $2; bp[variants] = $4 } }
    copies[0] = 2; copies[2] = 1; copies[3] = 0
    perRow = int((people + 3) / 4)
  }
  # The bytes after the first three: one row after the other.
  { for (i = 1; i <= NF; i++) if (++bytes > 3) read(bytes - 4, $i) }
  function read(offset, byte,  variant, first, k) {
    variant = number[int(offset / perRow) + 1]
    if (!variant) return
    first = offset % perRow * 4
    for (k = 0; k < 4 && first + k < people; k++) { genotype[variant, first + k] = copies[byte % 4]; byte = int(byte / 4) }
  }
  function correlation(v, w,  i, x, y, sx, sy, sxx, syy, sxy) {
    for (i = 0; i < people; i++) {
      x = genotype[v, i]; y = genotype[w, i]
      sx += x; sy += y; sxx += x * x; syy += y * y; sxy += x * y
    }
    return (people * sxy - sx * sy) ^ 2 / ((people * sxx - sx * sx) * (people * syy - sy * sy))
  }
  function strongest(  v, best) {
    for (v = 1; v <= variants; v++) if (!taken[v] && p[id[v]] < 1e-4 && (!best || p[id[v]] < p[id[best]])) best = v
    return best
  }
  END {
    print "CHR", "SNP", "BP", "P", "TOTAL", "SP2"
    while (lead = strongest()) {
      taken[lead] = 1
      total = 0; others = ""
      for (v = 1; v <= variants; v++) {
        if (taken[v] || bp[v] - bp[lead] > 250000 || bp[lead] - bp[v] > 250000 || correlation(lead, v) < 0.5) continue
        taken[v] = 1
        total++
        if (p[id[v]] < 0.01) others = others (others == "" ? "" : ",") id[v]
      }
      print chromosome, id[lead], bp[lead], p[id[lead]], total, others == "" ? "NONE" : others
    }
  }
'
