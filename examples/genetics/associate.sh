# sh associate.sh GENOTYPES PHENOTYPES ROOT
#
# Tests each variant for association with the illness: chi-squared with one degree of freedom on the counts of alleles.
# Makes PLINK's files ROOT.bed, ROOT.bim, ROOT.fam, and ROOT.assoc with the columns of `plink --assoc`.
set -e
genotypes=$1 phenotypes=$2 root=$3

awk -F '\t' '
  NR == FNR { phenotype[$1] = $2; next }
  { for (i = 6; i <= NF; i++) print $i, $i, 0, 0, 1, phenotype[$i]; exit }
' "$phenotypes" "$genotypes" > "$root.fam"

awk -F '\t' 'NR > 1 { print $1 "\t" $3 "\t0\t" $2 "\t" $4 "\t" $5 }' "$genotypes" > "$root.bim"

# A byte has four people, the first one lowest; 2 copies of the first allele are 0, 1 copy is 2, none are 3:
# https://www.cog-genomics.org/plink/1.9/formats#bed
printf "$(awk -F '\t' '
  BEGIN { code[2] = 0; code[1] = 2; code[0] = 3; printf "\\154\\033\\001" }
  NR > 1 {
    for (first = 6; first <= NF; first += 4) {
      byte = 0
      for (k = 3; k >= 0; k--) byte = byte * 4 + (first + k <= NF ? code[$(first + k)] : 0)
      printf "\\%03o", byte
    }
  }
' "$genotypes")" > "$root.bed"

awk -F '\t' '
  # The complementary error function, to 1.2e-7 of itself: Numerical Recipes, chapter 6.2.
  BEGIN {
    terms = split("-1.26551223 1.00002368 0.37409196 0.09678418 -0.18628806 " \
      "0.27886807 -1.13520398 1.48851587 -0.82215223 0.17087277", c, " ")
  }
  function erfc(x,  t, i, sum) {
    t = 1 / (1 + x / 2)
    for (i = terms; i > 0; i--) sum = c[i] + t * sum
    return t * exp(sum - x * x)
  }
  NR == FNR { phenotype[$1] = $2; next }
  FNR == 1 {
    for (i = 6; i <= NF; i++) isIll[i] = phenotype[$i] == 2
    print "CHR", "SNP", "BP", "A1", "F_A", "F_U", "A2", "CHISQ", "P", "OR"
    next
  }
  {
    illA = illG = wellA = wellG = 0
    for (i = 6; i <= NF; i++)
      if (isIll[i]) { illA += $i; illG += 2 - $i } else { wellA += $i; wellG += 2 - $i }
    ill = illA + illG; well = wellA + wellG
    chisq = (ill + well) * (illA * wellG - illG * wellA) ^ 2 / (ill * well * (illA + wellA) * (illG + wellG))
    print $1, $3, $2, $4, illA / ill, wellA / well, $5, chisq, erfc(sqrt(chisq / 2)), illA * wellG / (illG * wellA)
  }
' "$phenotypes" "$genotypes" > "$root.assoc"
